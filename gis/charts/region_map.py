"""The map of the report: the region, its cables, where they lead, and the parks by rank."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from steppe.charts.map_frame import (
    Frame,
    draw_land,
    draw_scale,
    lay_frame,
    list_coordinates,
    place_rows,
    shapes_near,
)
from steppe.charts.ranked_places import list_ranked, name_places, order_totals
from steppe.charts.sheet import INK, SOFT, Sheet, lay_sheet, measure_mm, shorten, tidy
from steppe.layers.tables import KM_PER_DEG, PlanTables
from steppe.layers.wording import say, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LEGEND_MM = 5.2
_DISC_MM = 1.95
_LAID, _TO_COME, _PARK, _NODE = "#1f6f86", "#b4600a", "#7b2d5b", "#22282e"
_LAID_STATUS = ("in_service",)
_AROUND_KM = 100.0
_MOST_DISCS = 25  # more of them hide the map
_RINGS_MM = (4.2, 6.4, 8.6, 10.8)
_ANGLES = 12

_Box = tuple[float, float, float, float]


def draw_region(
    tables: PlanTables,
    *,
    language: str,
    width_mm: float = 110.0,
    height_mm: float = 96.0,
    around: str | None = None,
) -> Figure | None:
    """Draw the region of a plan with its cables, targets and parks; the ranked ones by rank.

    Equal-area, as the plan has it; north is up in the middle.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm, height_mm
        Size of the figure.
    around
        Id of a park that the map is drawn around, 100 km and more each way; the plan's view by
        default.

    Returns
    -------
    Figure or None
        None for a plan without parks and without nodes.
    """
    if tables.layer("parks").empty and tables.layer("nodes").empty:
        return None
    if around is not None:
        tables = _look_around(tables, around)
    frame = lay_frame(tables, width_mm, height_mm - _LEGEND_MM)
    sheet = lay_sheet(width_mm, height_mm, language=language)
    draw_land(sheet, frame, tables)
    shown = draw_cables(sheet, frame, tables)
    spots = place_nodes(frame, tables)
    for node, spot in spots.items():
        draw_node(sheet, spot, is_target=node in tables.info.targets)
    taken = _draw_parks(sheet, frame, tables)
    name_nodes(sheet, frame, tables, spots, taken)
    draw_scale(sheet, frame)
    _draw_legend(sheet, shown, height_mm - _LEGEND_MM / 2)
    return sheet.figure


def _look_around(tables: PlanTables, site_id: str) -> PlanTables:
    """Return the plan with a view of its map around a park."""
    parks = tables.layer("parks").set_index("park_id")
    point = parks.geometry.loc[site_id].centroid
    lat = float(min(max(point.y, -84.0), 84.0))
    high = _AROUND_KM / KM_PER_DEG
    wide = high / math.cos(math.radians(lat))
    view = point.x - wide, lat - high, point.x + wide, lat + high
    return replace(tables, info=replace(tables.info, view=view))


def draw_cables(sheet: Sheet, frame: Frame, tables: PlanTables) -> list[str]:
    """Draw the cables, and return which statuses are to be seen."""
    fibre, shown = tables.layer("fibre"), []
    laid = fibre["status"].isin(_LAID_STATUS)
    for name, rows in (("to_come", fibre[~laid]), ("laid", fibre[laid])):
        if rows.empty:
            continue
        parts = shapely.get_parts(shapely.line_merge(frame.draw(shapes_near(rows, tables))))
        lines = [part for part in parts if part.geom_type == "LineString"]
        if not lines:
            continue
        shown.append(name)
        is_laid = name == "laid"
        sheet.trace(
            list_coordinates(lines),
            facecolor="none",
            edgecolor=_LAID if is_laid else _TO_COME,
            linewidth=1.3 if is_laid else 1.1,
            linestyle="-" if is_laid else (0, (3.0, 1.8)),
            capstyle="butt",
        )
    return shown


def _draw_parks(sheet: Sheet, frame: Frame, tables: PlanTables) -> list[_Box]:
    """Draw the parks of the ranked level, and return the boxes that their discs take."""
    parks = tables.layer("parks").set_index("park_id")
    level = [site for site in order_totals(tables)["site_id"] if site in parks.index]
    ranked = list_ranked(tables)[:_MOST_DISCS]
    spots = place_rows(frame, parks, level)
    for site_id in level:
        if site_id not in ranked and site_id in spots:
            sheet.disc(*spots[site_id], 0.9, colour=_PARK)
    ranks = order_totals(tables).set_index("site_id")["rank"].to_dict()
    discs: list[tuple[float, float]] = []
    for site_id in ranked:
        if site_id not in spots:
            continue
        spot = spots[site_id]
        found = _find_room(spot, discs, frame)
        discs.append(found)
        if found != spot:
            sheet.stroke([spot, found], colour=_PARK, width_pt=0.7)
            sheet.disc(*spot, 0.7, colour=_PARK)
    for site_id, spot in zip([each for each in ranked if each in spots], discs, strict=True):
        sheet.disc(*spot, _DISC_MM, colour=_PARK)
        rank = str(int(ranks[site_id]))
        sheet.write(*spot, rank, colour="#ffffff", bold=True, align="center")
    return [(x - _DISC_MM, y - _DISC_MM, x + _DISC_MM, y + _DISC_MM) for x, y in discs]


def _find_room(
    spot: tuple[float, float], discs: list[tuple[float, float]], frame: Frame
) -> tuple[float, float]:
    """Return where a disc goes: on its spot, else on the first ring around it that has room."""
    around = [
        (spot[0] + ring * math.sin(turn), spot[1] - ring * math.cos(turn))
        for ring in _RINGS_MM
        for turn in (2 * math.pi * k / _ANGLES for k in range(_ANGLES))
    ]
    for x, y in (spot, *around):
        is_free = all(math.hypot(x - other[0], y - other[1]) >= 2 * _DISC_MM for other in discs)
        is_inside = _DISC_MM <= x <= frame.width_mm - _DISC_MM and _DISC_MM <= y <= frame.height_mm - _DISC_MM  # fmt: skip
        if is_free and is_inside:
            return x, y
    return spot


def place_nodes(frame: Frame, tables: PlanTables) -> dict[str, tuple[float, float]]:
    """Return where nodes lie on the sheet: targets first, then the core and the metro ones."""
    nodes = tables.layer("nodes").set_index("node_id")
    targets = [each for each in tables.info.targets if each in nodes.index]
    others = [
        str(each)
        for kind in ("core", "metro", "border", "junction")
        for each in nodes.index[nodes["kind"] == kind]
        if each not in targets
    ]
    return place_rows(frame, nodes, [*targets, *others])


def draw_node(sheet: Sheet, spot: tuple[float, float], *, is_target: bool) -> None:
    """Draw a node; targets are filled, and greater."""
    half = 1.3 if is_target else 0.8
    colour = _NODE if is_target else "#ffffff"
    sheet.block(spot[0] - half, spot[1] - half, 2 * half, 2 * half, colour=colour, edge=_NODE)


def name_nodes(
    sheet: Sheet,
    frame: Frame,
    tables: PlanTables,
    spots: dict[str, tuple[float, float]],
    taken: list[_Box],
) -> None:
    """Write the names of nodes where there is room beside them."""
    names = name_places(tables, layers=("nodes",))
    taken = [*taken, *((x - 1.0, y - 1.0, x + 1.0, y + 1.0) for x, y in spots.values())]
    for node, (x, y) in spots.items():
        # What stands in brackets says where a place is, which the map shows.
        text = tidy(say(names[node], sheet.language)).split(" (")[0].split("（")[0]
        text = shorten(text, frame.width_mm / 3)
        box = _find_label(x, y, measure_mm(text), taken, frame)
        if box is not None:
            middle, is_target = (box[1] + box[3]) / 2, node in tables.info.targets
            sheet.write(box[0], middle, text, bold=is_target, colour=INK, halo=True)
            taken.append(box)


def _find_label(
    x: float,
    y: float,
    wide: float,
    taken: list[_Box],
    frame: Frame,
) -> _Box | None:
    """Return a free box beside a point for its name; None where there is none."""
    around = [
        place
        for far in (1.9, 3.6, 5.4)
        for place in (
            (x + far, y - 1.5),
            (x - far - wide, y - 1.5),
            (x - wide / 2, y - 2.8 - far),
            (x - wide / 2, y - 0.2 + far),
            (x + far, y - 2.0 - far),
            (x + far, y - 1.0 + far),
            (x - far - wide, y - 2.0 - far),
            (x - far - wide, y - 1.0 + far),
        )
    ]
    for left, top in around:
        box = left, top, left + wide, top + 3.0
        is_inside = left >= 0 and top >= 0 and box[2] <= frame.width_mm and box[3] <= frame.height_mm  # fmt: skip
        if is_inside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in taken
        ):
            return box
    return None


def _draw_legend(sheet: Sheet, cables: list[str], y: float) -> None:
    draw_key(
        sheet, ["park", "target", *(each for each in ("laid", "to_come") if each in cables)], y
    )


def draw_key(sheet: Sheet, names: Iterable[str], y: float) -> float:
    """Draw what parks, targets and cables look like in a row, and return where it ends, mm."""
    texts = {name: say(tell(f"chart.map_{name}"), sheet.language) for name in names}
    sign_mm = {name: 3.6 if name in ("park", "target") else 6.0 for name in texts}
    wide = sum(sign_mm[name] + measure_mm(text) for name, text in texts.items())
    # On a narrow sheet they stand closer.
    gap = min(3.0, max(1.0, (sheet.axes.get_xlim()[1] - 1.0 - wide) / max(1, len(texts) - 1)))
    x = 0.5
    for name, text in texts.items():
        if name == "park":
            sheet.disc(x + 1.4, y, 1.4, colour=_PARK)
        elif name == "target":
            sheet.block(x + 0.2, y - 1.2, 2.4, 2.4, colour=_NODE)
        else:
            dashes = () if name == "laid" else (3.0, 1.8)
            colour = _LAID if name == "laid" else _TO_COME
            sheet.stroke([(x, y), (x + 5.0, y)], colour=colour, width_pt=1.3, dashes=dashes)
        sheet.write(x + sign_mm[name], y, text, colour=SOFT)
        x += sign_mm[name] + measure_mm(text) + gap
    return x
