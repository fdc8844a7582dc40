"""Where else: the score of the land with the proposed sites on it, and what each clause takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from rasterio.features import shapes
from rasterio.transform import Affine
from shapely.geometry import shape

from steppe.charts.map_frame import (
    Frame,
    draw_land,
    draw_scale,
    fill_areas,
    lay_frame,
    place_rows,
)
from steppe.charts.sheet import INK, LINE, SOFT, Sheet, lay_sheet, measure_mm, wrap
from steppe.layers.tables import PlanTables, Raster
from steppe.layers.wording import pair, say, tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SURFACE = "land_score"
MOST_CLAUSES = 10
_CLASSES = (0.3, 0.4, 0.5, 0.6, 0.7)
# ColorBrewer's YlGn, the darker the better.
_COLOURS = ("#ffffe5", "#e3f4b4", "#addd8e", "#66bd6b", "#2a924a", "#005a32")
_SITE = "#b0126b"
_STAR_MM, _KEY_MM = 1.7, 5.2
_MOST_ACROSS = 220  # cells: finer ones would not be seen on paper, and weigh much
_ROW_MM, _BAR_MM = 9.4, 2.4


def draw_surface(
    tables: PlanTables, *, language: str, width_mm: float = 110.0, height_mm: float = 84.0
) -> Figure | None:
    """Draw the score of the land that no clause takes in six classes, and the proposed sites by number.

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
        None for a plan that was not screened.
    """
    sites = tables.layer("proposed_sites")
    if sites.empty or SURFACE not in tables.rasters:
        return None
    frame = lay_frame(tables, width_mm, height_mm - _KEY_MM)
    sheet = lay_sheet(width_mm, height_mm, language=language)
    draw_land(sheet, frame, tables)
    _draw_classes(sheet, frame, tables.rasters[SURFACE])
    rows = sites.set_index("site_id")
    spots = place_rows(frame, rows, list(rows.index))
    for site_id, (x, y) in spots.items():
        _star(sheet, x, y)
        number = str(rows.loc[site_id, "place"])
        sheet.write(x + 2.0, y - 1.6, number, bold=True, colour=_SITE, halo=True)
    draw_scale(sheet, frame)
    _draw_key(sheet, height_mm - _KEY_MM / 2)
    return sheet.figure


def _draw_classes(sheet: Sheet, frame: Frame, raster: Raster) -> None:
    """Fill the areas of each class, coarser than the raster where that is fine."""
    step = max(1, -(-raster.values.shape[1] // _MOST_ACROSS))
    values = raster.values[step // 2 :: step, step // 2 :: step]
    known = np.isfinite(values)
    classes = np.digitize(np.where(known, values, 0.0), _CLASSES).astype(np.uint8)
    step_deg = raster.step_deg * step
    place = Affine(step_deg, 0.0, raster.west, 0.0, -step_deg, raster.north)
    found: dict[int, list[shapely.Geometry]] = {}
    for outline, number in shapes(classes, mask=known, transform=place):
        found.setdefault(int(number), []).append(shape(outline))
    for number, areas in sorted(found.items()):
        drawn = frame.draw(np.asarray(areas, dtype=object))
        fill_areas(sheet, drawn, colour=_COLOURS[number], edge="none")


def _star(sheet: Sheet, x: float, y: float) -> None:
    turn = np.pi * np.arange(11) / 5.0
    far = np.where(np.arange(11) % 2 == 0, _STAR_MM, 0.42 * _STAR_MM)
    points = np.column_stack([x + far * np.sin(turn), y - far * np.cos(turn)])
    sheet.trace([points], facecolor=_SITE, edgecolor="#ffffff", linewidth=0.5)


def _draw_key(sheet: Sheet, y: float) -> None:
    x = 0.5
    for number, colour in enumerate(_COLOURS):
        sheet.block(x, y - 1.3, 5.0, 2.6, colour=colour, edge=LINE)
        if number < len(_CLASSES):
            sheet.write(x + 5.8, y, f"{_CLASSES[number]:g}", colour=SOFT)
        x += 11.0
    _star(sheet, x + 1.0, y)
    sheet.write(x + 3.6, y, tell("chart.land_site"), colour=SOFT)


def draw_lost(tables: PlanTables, *, language: str, width_mm: float = 76.0) -> Figure | None:
    """Draw what each killing clause takes of the region, the most first; dark what it takes alone.

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
        None where nothing is taken.
    """
    lost = tables.area_lost
    rows = lost[(lost["kills"] == "yes") & (lost["lost_km2"] > 0)]
    rows = rows.sort_values("lost_km2", ascending=False, kind="stable").head(MOST_CLAUSES)
    if rows.empty:
        return None
    height = 1.0 + _ROW_MM * len(rows)
    sheet = lay_sheet(width_mm, height, language=language)
    widest = max(measure_mm(_spell(each)) for each in rows["lost_km2"])
    scale = (width_mm - widest - 2.0) / float(rows["lost_km2"].max())
    for place, row in enumerate(rows.to_dict("records")):
        y = 2.4 + _ROW_MM * place
        name = say(pair(row["name_zh"], row["name_en"]), language)
        sheet.write(0.0, y, wrap(name, width_mm, lines=1)[0], colour=INK)
        top = y + 2.2
        sheet.block(0.0, top, scale * row["lost_km2"], _BAR_MM, colour="#dba9c6")
        sheet.block(0.0, top, scale * row["alone_km2"], _BAR_MM, colour=_SITE)
        x = scale * row["lost_km2"] + 1.2
        sheet.write(x, top + _BAR_MM / 2, _spell(row["lost_km2"]), colour=SOFT)
    return sheet.figure


def _spell(area_km2: float) -> str:
    return f"{area_km2:,.0f} km²".replace(",", "\N{NARROW NO-BREAK SPACE}")
