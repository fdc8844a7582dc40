"""Where the next cable may run: the proposed routes beside the cables of the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from steppe.charts.map_frame import Frame, draw_land, draw_scale, lay_frame
from steppe.charts.region_map import draw_cables, draw_key, draw_node, name_nodes, place_nodes
from steppe.charts.sheet import SOFT, Sheet, lay_sheet
from steppe.layers.tables import PlanTables
from steppe.layers.wording import say, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROUTE = "#b0126b"
_KEY_MM = 5.2
_ROUND_FRAC = 0.12  # of the extent of the routes, what is shown round them
_LEAST_DEG = 0.2
_DASHES = {"fibre": (4.0, 1.4, 1.0, 1.4), "tie_line": ()}
_WIDTHS_PT = {"fibre": 1.2, "tie_line": 0.8}


def draw_new_routes(
    tables: PlanTables, *, language: str, width_mm: float = 186.0, height_mm: float = 78.0
) -> Figure | None:
    """Draw the proposed routes over the cables of the plan, in a view that holds them all.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm, height_mm
        Size of the figure.

    Returns
    -------
    Figure or None
        None for a plan without proposed routes.
    """
    routes = tables.layer("proposed_routes")
    if routes.empty:
        return None
    tables = _look_at(tables)
    frame = lay_frame(tables, width_mm, height_mm - _KEY_MM)
    sheet = lay_sheet(width_mm, height_mm, language=language)
    draw_land(sheet, frame, tables)
    shown = draw_cables(sheet, frame, tables)
    for kind, dashes in _DASHES.items():
        _draw_kind(sheet, frame, routes["geometry"][routes["kind"] == kind], kind, dashes)
    spots = place_nodes(frame, tables)
    for node, spot in spots.items():
        draw_node(sheet, spot, is_target=node in tables.info.targets)
    name_nodes(sheet, frame, tables, spots, [])
    draw_scale(sheet, frame)
    y = height_mm - _KEY_MM / 2
    x = draw_key(sheet, ["target", *(each for each in ("laid", "to_come") if each in shown)], y)
    sheet.stroke(
        [(x, y), (x + 8.0, y)],
        colour=_ROUTE,
        width_pt=_WIDTHS_PT["fibre"],
        dashes=_DASHES["fibre"],
    )
    sheet.write(x + 9.0, y, say(tell("chart.map_proposed"), language), colour=SOFT)
    return sheet.figure


def _look_at(tables: PlanTables) -> PlanTables:
    """Return the plan with a view of its map round the proposed routes."""
    west, south, east, north = tables.layer("proposed_routes").total_bounds.tolist()
    aside = max(_ROUND_FRAC * (east - west), _LEAST_DEG)
    above = max(_ROUND_FRAC * (north - south), _LEAST_DEG)
    view = (
        max(west - aside, -180.0),
        max(south - above, -89.0),
        min(east + aside, 180.0),
        min(north + above, 89.0),
    )
    return replace(tables, info=replace(tables.info, view=view))


def _draw_kind(
    sheet: Sheet, frame: Frame, lines: object, kind: str, dashes: tuple[float, ...]
) -> None:
    parts = shapely.get_parts(frame.draw(np.asarray(lines, dtype=object)))
    sheet.trace(
        (shapely.get_coordinates(part) for part in parts if part.geom_type == "LineString"),
        facecolor="none",
        edgecolor=_ROUTE,
        linewidth=_WIDTHS_PT[kind],
        linestyle=(0, dashes) if dashes else "-",
        capstyle="butt",
    )
