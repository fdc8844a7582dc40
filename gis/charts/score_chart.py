"""How the ranked parks score, criterion by criterion, and how sure their ranks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from steppe.charts.ranked_places import list_ranked, name_places, order_totals
from steppe.charts.sheet import HUES, INK, LINE, SOFT, WASH, Sheet, lay_sheet, measure_mm
from steppe.layers.tables import PlanTables
from steppe.layers.wording import pair, say, tell
from steppe.ranking.number_format import spell_digits, spell_share

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_PARKS = 12  # what a chart holds; tables have all
_PITCH_MM = 7.8
_KEY_MM = 4.2
_BAR_MM = 2.6


def draw_scores(
    tables: PlanTables, *, language: str, width_mm: float = 76.0, most: int = MOST_PARKS
) -> Figure | None:
    """Draw the total of each ranked park as the sum of its criteria, with the total's band.

    A bar is the weighted sum, contract `SCORES`: of each criterion the weight times the value.
    The thin line is the band of the total, `low` to `high`.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm
        Width of the figure.
    most
        So many parks are drawn, the first ones.

    Returns
    -------
    Figure or None
        None where nothing is ranked.
    """
    ranked = list_ranked(tables)[:most]
    if not ranked:
        return None
    criteria = tables.info.criteria
    titles = [say(pair(each.title_zh, each.title_en), language) for each in criteria]
    key_rows = _flow(titles, width_mm)
    top = 1.0 + _KEY_MM * len(key_rows)
    height = top + _PITCH_MM * len(ranked) + 6.0
    sheet = lay_sheet(width_mm, height, language=language)
    for row, places in enumerate(key_rows):
        for number, x in places:
            y = 2.2 + _KEY_MM * row
            sheet.block(x, y - 1.2, 2.4, 2.4, colour=HUES[number % len(HUES)])
            sheet.write(x + 3.3, y, titles[number], room_mm=width_mm - x - 3.3, colour=SOFT)
    left, right = 5.5, width_mm - 11.0
    scale = right - left
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = left + scale * tick
        sheet.stroke([(x, top), (x, height - 5.0)], colour=LINE, width_pt=0.5)
        sheet.write(x, height - 2.6, f"{tick:g}", colour=SOFT, align="center")
    values = tables.scores.set_index(["site_id", "criterion"])["value"]
    totals = order_totals(tables).set_index("site_id").to_dict("index")
    names = name_places(tables, layers=("parks",))
    for place, site_id in enumerate(ranked):
        y = top + _PITCH_MM * place
        total = totals[site_id]
        sheet.write(
            left - 1.2, y + 1.7, str(int(total["rank"])), bold=True, colour=INK, align="right"
        )
        sheet.write(left, y + 1.7, names[site_id], room_mm=width_mm - left, bold=place == 0)
        x = left
        for number, criterion in enumerate(criteria):
            value = values.get((site_id, criterion.name))
            if value is None or pd.isna(value):
                continue
            wide = scale * criterion.weight * float(value)
            sheet.block(x, y + 3.7, wide, _BAR_MM, colour=HUES[number % len(HUES)])
            x += wide
        if pd.notna(total["low"]) and pd.notna(total["high"]):
            _draw_band(
                sheet,
                (left + scale * float(total["low"]), left + scale * float(total["high"])),
                y + 3.7 + _BAR_MM / 2,
            )
        sheet.write(width_mm, y + 5.0, spell_digits(total["value"], 3), align="right")
    return sheet.figure


def _draw_band(sheet: Sheet, ends: tuple[float, float], y: float) -> None:
    """Draw a band as a line with its two ends, light around it so that it is seen on a bar."""
    for colour, width in (("#ffffff", 2.0), (INK, 0.9)):
        sheet.stroke([(ends[0], y), (ends[1], y)], colour=colour, width_pt=width)
        for end in ends:
            sheet.stroke([(end, y - 0.9), (end, y + 0.9)], colour=colour, width_pt=width)


def _flow(titles: list[str], width_mm: float) -> list[list[tuple[int, float]]]:
    """Return in which row, and where in it, each entry of a key stands."""
    rows: list[list[tuple[int, float]]] = [[]]
    x = 0.0
    for number, title in enumerate(titles):
        wide = 3.3 + measure_mm(title[:200]) + 3.0
        if rows[-1] and x + wide - 3.0 > width_mm:
            rows.append([])
            x = 0.0
        rows[-1].append((number, x))
        x += wide
    return rows


def draw_ranks(
    tables: PlanTables, *, language: str, width_mm: float = 92.0, most: int = MOST_PARKS
) -> Figure | None:
    """Draw for each ranked park where nine draws of ten put it, and how often it is first.

    The contract `ROBUSTNESS` tells both, with the plan's weights and the bands of the measures.

    Parameters
    ----------
    tables, language, width_mm, most
        See `draw_scores`.

    Returns
    -------
    Figure or None
        None where nothing is ranked, or a first look left it out.
    """
    sites = tables.robustness.sort_values(["rank", "site_id"]).head(most)
    if sites.empty:
        return None
    last = max(int(tables.robustness["high_rank"].max()), 2)
    height = 6.0 + _PITCH_MM * len(sites) + 1.0
    sheet = lay_sheet(width_mm, height, language=language)
    left, right = 5.5, width_mm - 15.0
    step = (right - left) / (last - 1)

    def at(rank: float) -> float:
        return left + step * (rank - 1)

    for rank in _pick_ticks(last):
        sheet.stroke([(at(rank), 4.5), (at(rank), height)], colour=LINE, width_pt=0.5)
        sheet.write(at(rank), 2.0, str(rank), colour=SOFT, align="center")
    sheet.write(width_mm, 2.0, tell("chart.first_in"), colour=SOFT, align="right")
    names = name_places(tables, layers=("parks",))
    for place, row in enumerate(sites.to_dict("records")):
        y = 6.0 + _PITCH_MM * place
        sheet.write(left - 1.2, y + 1.6, str(row["rank"]), bold=True, align="right")
        sheet.write(left, y + 1.6, names[row["site_id"]], room_mm=right - left, bold=place == 0)
        low, high = at(row["low_rank"]), at(row["high_rank"])
        sheet.block(left, y + 3.9, right - left, 2.0, colour=WASH)
        sheet.block(low - 0.5, y + 3.9, high - low + 1.0, 2.0, colour=HUES[6])
        sheet.disc(at(row["rank"]), y + 4.9, 1.3, colour=HUES[0])
        share = f"{spell_share(float(row['first_share']))} %"
        sheet.write(width_mm, y + 4.9, share, bold=place == 0, align="right")
    return sheet.figure


def _pick_ticks(last: int) -> list[int]:
    """Return a few ranks to count by, the first and the last among them."""
    step = max(1, -(-last // 8))
    inner = [rank for rank in range(1 + step, last, step) if last - rank >= step]
    return [1, *inner, last]
