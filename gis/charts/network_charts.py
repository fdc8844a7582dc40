"""The backbone in charts: routes, round trips, and what cuts take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from steppe.charts.ranked_places import name_places
from steppe.charts.sheet import (
    BAD,
    DOUBTFUL,
    GOOD,
    HUES,
    INK,
    LINE,
    SOFT,
    WASH,
    Sheet,
    lay_sheet,
    measure_mm,
    tidy,
    wrap,
)
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Words, hear, pair, say, tell
from steppe.ranking.number_format import NOTHING, spell, spell_range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN_NODES = ("core", "metro")
_MOST_NODES = 14
_PITCH_MM = 5.0


def list_first_target_rows(tables: PlanTables) -> list[dict[str, Any]]:
    """Return routes and round trip of core and metro nodes to the first target, joined by node."""
    nodes = tables.layer("nodes")
    shown = set(nodes.loc[nodes["kind"].isin(SHOWN_NODES), "node_id"])
    trips = tables.latency.set_index(["from_id", "to_id"]).to_dict("index")
    rows = []
    for row in tables.redundancy.to_dict("records"):
        if row["to_id"] not in tables.info.targets[:1] or row["from_id"] not in shown:
            continue
        trip = trips.get((row["from_id"], row["to_id"]))
        if trip is not None and trip["status"] != "unknown":
            rows.append({"node": str(row["from_id"]), "routes": row, "trip": trip})
    return rows


def draw_routes(tables: PlanTables, *, language: str, width_mm: float = 92.0) -> Figure | None:
    """Draw how many cables and how many routes lead from each node to the first target.

    Hollow: cables that join the two themselves, `nominal`.  Full: routes that share no corridor,
    `effective`; a range where no source names one.  Contract `REDUNDANCY`.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm
        Width of the figure.

    Returns
    -------
    Figure or None
        None where no core or metro node has a way to a target.
    """
    rows = [
        row
        for row in list_first_target_rows(tables)
        if pd.notna(row["routes"]["effective_low"]) and pd.notna(row["routes"]["nominal_low"])
    ][:_MOST_NODES]
    if not rows:
        return None
    names = name_places(tables, layers=("nodes",))
    most = max(2, *(int(row["routes"][f"{n}_high"]) for row in rows for n in ("nominal", "effective")))  # fmt: skip
    sheet, at, top = _lay_rows(rows, names, language, width_mm, (0.0, float(most)), key_mm=5.0)
    for count in range(most + 1) if most <= 12 else range(0, most + 1, -(-most // 6)):  # noqa: PLR2004
        _rule(sheet, at(count), top, str(count))
    x = 0.0
    for is_full, words in ((False, tell("chart.nominal")), (True, tell("chart.effective"))):
        text = say(words, language)
        _draw_count(sheet, (x + 1.4, x + 1.4), 2.0, is_full=is_full)
        sheet.write(x + 3.8, 2.0, text, colour=SOFT)
        x += 3.8 + measure_mm(text) + 4.0
    for place, row in enumerate(rows):
        y = top + _PITCH_MM * (place + 0.5)
        routes = row["routes"]
        for is_full, name in ((False, "nominal"), (True, "effective")):
            ends = at(float(routes[f"{name}_low"])), at(float(routes[f"{name}_high"]))
            _draw_count(sheet, ends, y + (1.0 if is_full else -1.0), is_full=is_full)
    return sheet.figure


def _draw_count(sheet: Sheet, ends: tuple[float, float], y: float, *, is_full: bool) -> None:
    low, high = ends
    colour = GOOD if is_full else SOFT
    sheet.block(
        low - 0.9, y - 0.75, high - low + 1.8, 1.5, colour=colour if is_full else "#ffffff", edge=colour
    )  # fmt: skip


def draw_round_trips(tables: PlanTables, *, language: str, width_mm: float = 92.0) -> Figure | None:
    """Draw the round trip of each node to the first target, its band and its physical floor.

    The dashed lines are the limits of the plan's latency classes.  Contract `LATENCY`.

    Parameters
    ----------
    tables, language, width_mm
        See `draw_routes`.

    Returns
    -------
    Figure or None
        None where no round trip is known.
    """
    rows = list_first_target_rows(tables)[:_MOST_NODES]
    if not rows:
        return None
    names = name_places(tables, layers=("nodes",))
    most = max(float(row["trip"][end]) for row in rows for end in ("rtt_ms", "rtt_high_ms"))
    span = 1.08 * most or 1.0
    sheet, at, top = _lay_rows(
        rows, names, language, width_mm, (0.0, span), key_mm=5.0, tail_mm=9.0
    )
    bottom = top + _PITCH_MM * len(rows)
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if span / each <= 7)  # noqa: PLR2004  # fmt: skip
    for tick in range(0, int(span) + 1, step):
        _rule(sheet, at(tick), top, f"{tick}")
    for each in tables.info.classes:
        if each.limit_rtt_ms <= span:
            x = at(each.limit_rtt_ms)
            sheet.stroke([(x, top - 0.5), (x, bottom)], colour=HUES[1], width_pt=1.0, dashes=(3, 2))
    x = 0.0
    keys = [("trip", tell("chart.round_trip")), ("floor", tell("chart.floor"))]
    if any(each.limit_rtt_ms <= span for each in tables.info.classes):
        keys.append(("limit", tell("chart.class_limit")))
    for name, words in keys:
        text = say(words, language)
        if name == "trip":
            _draw_trip(sheet, x, x + 4.0, x + 2.0, 2.0)
        elif name == "floor":
            sheet.stroke([(x + 2.0, 0.6), (x + 2.0, 3.4)], colour=INK, width_pt=1.4)
        else:
            sheet.stroke(
                [(x + 2.0, 0.4), (x + 2.0, 3.6)], colour=HUES[1], width_pt=1.0, dashes=(3, 2)
            )
        sheet.write(x + 5.2, 2.0, text, colour=SOFT)
        x += 5.2 + measure_mm(text) + 3.0
    for place, row in enumerate(rows):
        y, trip = top + _PITCH_MM * (place + 0.5), row["trip"]
        _draw_trip(sheet, at(trip["rtt_low_ms"]), at(trip["rtt_high_ms"]), at(trip["rtt_ms"]), y)
        floor = at(trip["floor_rtt_ms"])
        sheet.stroke([(floor, y - 1.4), (floor, y + 1.4)], colour=INK, width_pt=1.4)
        sheet.write(width_mm, y, spell(trip["rtt_ms"], unit="ms"), align="right")
    return sheet.figure


def _draw_trip(sheet: Sheet, low: float, high: float, middle: float, y: float) -> None:
    sheet.block(low, y - 0.7, max(high - low, 0.3), 1.4, colour=HUES[6])
    sheet.disc(middle, y, 1.1, colour=HUES[0])


def _lay_rows(  # noqa: PLR0913 (where a chart of rows stands takes as many)
    rows: list[dict[str, Any]],
    names: dict[str, Any],
    language: str,
    width_mm: float,
    ends: tuple[float, float],
    *,
    key_mm: float,
    tail_mm: float = 3.0,
) -> tuple[Sheet, Any, float]:
    """Return a sheet with a row for each node, its names written, and the scale of its numbers."""
    room = 0.36 * width_mm
    top = key_mm + 4.5
    sheet = lay_sheet(width_mm, top + _PITCH_MM * len(rows) + 0.5, language=language)
    left, right = room + 2.0, width_mm - tail_mm

    def at(number: float) -> float:
        return left + (right - left) * (float(number) - ends[0]) / (ends[1] - ends[0])

    for place, row in enumerate(rows):
        y = top + _PITCH_MM * (place + 0.5)
        if place % 2 == 0:
            sheet.block(0, y - _PITCH_MM / 2, width_mm, _PITCH_MM, colour=WASH)
        sheet.write(0.5, y, names[row["node"]], room_mm=room)
    return sheet, at, top


def _rule(sheet: Sheet, x: float, top: float, told: str) -> None:
    height = sheet.axes.get_ylim()[0]
    sheet.stroke([(x, top - 0.5), (x, height)], colour=LINE, width_pt=0.5)
    sheet.write(x, top - 2.2, told, colour=SOFT, align="center")


def pick_cuts(tables: PlanTables, n_units: int, *, most: int) -> list[dict[Any, Any]]:
    """Return the worst cuts to the first target, those of one or of two things, in order."""
    cuts = tables.cuts
    worst = cuts[
        cuts["to_id"].isin(tables.info.targets[:1])
        & (cuts["n_units"] == n_units)
        & cuts["rank"].notna()
    ]
    return worst.sort_values("rank").head(most).to_dict("records")


def draw_cuts(
    tables: PlanTables, *, language: str, width_mm: float = 190.0, most: int = 5
) -> Figure | None:
    """Draw how many parks the worst cuts cut off, and how many may be.

    Left, what falls alone; right, two things at once.  Contract `CUTS`.

    Parameters
    ----------
    tables, language, width_mm
        See `draw_routes`.
    most
        So many cuts of each kind.

    Returns
    -------
    Figure or None
        None where no cut is ranked.
    """
    found = [(n, rows) for n in (1, 2) if (rows := pick_cuts(tables, n, most=most))]
    if not found:
        return None
    pitch, top = 11.6, 9.0
    n_rows = max(len(rows) for _, rows in found)
    sheet = lay_sheet(width_mm, top + pitch * n_rows, language=language)
    most_parks = max(1, *(int(row["n_isolated"] + row["n_doubtful"]) for _, rows in found for row in rows))  # fmt: skip
    x = 0.0
    for colour, words in ((BAD, tell("chart.cut_off")), (DOUBTFUL, tell("chart.perhaps_off"))):
        text = say(words, language)
        sheet.block(x, 0.8, 2.4, 2.4, colour=colour)
        sheet.write(x + 3.4, 2.0, text, colour=SOFT)
        x += 3.4 + measure_mm(text) + 4.0
    column = (width_mm - 6.0) / len(found)
    for (n_units, rows), left in zip(found, _starts(len(found), column), strict=True):
        sheet.write(left, 6.6, tell(f"chart.cuts_{n_units}"), bold=True)
        scale = (column - 14.0) / most_parks
        for place, row in enumerate(rows):
            y = top + pitch * place
            title = f"{row['rank']}  {say(hear('name', row), language)}"
            lines = wrap(tidy(title), column)
            for number, line in enumerate(lines):
                sheet.write(left, y + 1.4 + 3.4 * number, line)
            y += 3.4 * (len(lines) - 2)
            off, perhaps = int(row["n_isolated"]), int(row["n_doubtful"])
            sheet.block(left, y + 7.0, scale * off, 2.4, colour=BAD)
            sheet.block(left + scale * off, y + 7.0, scale * perhaps, 2.4, colour=DOUBTFUL)
            told = spell_range(off, off + perhaps) if off + perhaps else NOTHING
            sheet.write(left + scale * (off + perhaps) + 1.2, y + 8.2, told)
    return sheet.figure


def _starts(n: int, column: float) -> Iterator[float]:
    return (k * (column + 6.0) for k in range(n))


def name_target(tables: PlanTables) -> Words | None:
    """Return what the first target is called; None where the plan has none."""
    return name_places(tables, layers=("nodes",)).get(next(iter(tables.info.targets), ""))


def name_class(tables: PlanTables, class_id: object) -> Words | None:
    """Return what a latency class is called, without the limit that stands in brackets."""
    for each in tables.info.classes:
        if each.class_id == class_id:
            return pair(each.title_zh, each.title_en.split(" (")[0])
    return None
