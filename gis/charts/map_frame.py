"""The frame of a map on a sheet, the land in it, its scale, and where things lie in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from steppe.charts.sheet import INK, Sheet
from steppe.layers.crs import WORKING_CRS
from steppe.layers.tables import PlanTables

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

_REGION, _AROUND, _EDGE = "#ffffff", "#e9ebea", "#9aa3a8"
_STEPS_KM = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class Frame:
    """From degrees to millimetres of the sheet, in the plan's equal-area projection."""

    west_m: float
    north_m: float
    mm_per_m: float
    width_mm: float
    height_mm: float
    transformer: Transformer

    def place(self, lon: Iterable[float], lat: Iterable[float]) -> np.ndarray:
        """Return places on the sheet, shape (n, 2)."""
        x, y = self.transformer.transform(np.asarray(lon, float), np.asarray(lat, float))
        return np.column_stack(
            [(x - self.west_m) * self.mm_per_m, (self.north_m - y) * self.mm_per_m]
        )

    def draw(self, shapes: np.ndarray) -> np.ndarray:
        """Return shapes on the sheet, cut off at its edges and without what is not seen."""
        placed = shapely.transform(shapes, lambda at: self.place(at[:, 0], at[:, 1]))
        # A ring that reaches beyond the projection's part of the world comes out infinite.
        placed = placed[np.isfinite(shapely.bounds(placed)).all(axis=1)]
        cut = shapely.clip_by_rect(shapely.make_valid(placed), 0, 0, self.width_mm, self.height_mm)
        return shapely.simplify(cut, 0.12)


def lay_frame(tables: PlanTables, width_mm: float, height_mm: float) -> Frame:
    """Return the frame that shows the view of a plan on so many millimetres."""
    west, south, east, north = tables.info.view
    transformer = Transformer.from_crs(WORKING_CRS, tables.info.albers, always_xy=True)
    along = np.linspace(0.0, 1.0, 9)
    lon = np.concatenate([west + (east - west) * along] * 2 + [[west] * 9, [east] * 9])
    lat = np.concatenate([[south] * 9, [north] * 9] + [south + (north - south) * along] * 2)
    x, y = transformer.transform(lon, lat)
    wide, high = max(float(np.ptp(x)), 1.0), max(float(np.ptp(y)), 1.0)
    scale = min(width_mm / wide, height_mm / high)
    middle_x, middle_y = (float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2)
    return Frame(
        middle_x - width_mm / scale / 2,
        middle_y + height_mm / scale / 2,
        scale,
        width_mm,
        height_mm,
        transformer,
    )


def shapes_near(frame: pd.DataFrame, tables: PlanTables) -> np.ndarray:
    """Return the shapes of a layer around the view, not those at the other end of the world."""
    west, south, east, north = tables.info.view
    wide, high = (east - west) / 2, (north - south) / 2
    ends = max(west - wide, -180.0), max(south - high, -89.0), min(east + wide, 180.0), min(north + high, 89.0)  # fmt: skip
    shapes = np.asarray(frame["geometry"].array, dtype=object)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return shapely.clip_by_rect(shapely.make_valid(shapes), *ends)


def draw_land(sheet: Sheet, frame: Frame, tables: PlanTables) -> None:
    """Draw the outlines of the region and of its neighbours."""
    sheet.block(0, 0, frame.width_mm, frame.height_mm, colour="#f6f7f6", edge=_EDGE)
    outlines = tables.layer("boundaries")
    for is_region, colour in ((False, _AROUND), (True, _REGION)):
        rows = outlines[(outlines["kind"] == "region") == is_region]
        if len(rows):
            shapes = frame.draw(shapes_near(rows, tables))
            fill_areas(sheet, shapes, colour=colour, edge=INK if is_region else _EDGE)


def fill_areas(sheet: Sheet, shapes: np.ndarray, *, colour: str, edge: str) -> None:
    """Fill polygons, and draw their rings."""
    parts = [part for part in shapely.get_parts(shapes) if part.geom_type == "Polygon"]
    parts += [
        inner
        for part in shapely.get_parts(shapes)
        if part.geom_type in ("MultiPolygon", "GeometryCollection")
        for inner in shapely.get_parts(part)
        if inner.geom_type == "Polygon"
    ]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    sheet.trace(
        list_coordinates(rings), facecolor=colour, edgecolor=edge, linewidth=0.5, joinstyle="round"
    )


def list_coordinates(lines: Iterable[BaseGeometry]) -> Iterable[NDArray[np.float64]]:
    """Give the places of each line, shape (n, 2)."""
    return (np.asarray(line.coords)[:, :2] for line in lines)


def place_rows(frame: Frame, rows: pd.DataFrame, ids: list[str]) -> dict[str, tuple[float, float]]:
    """Return where on the sheet points lie, of those that lie on it."""
    held = dict(zip(rows.index, rows["geometry"], strict=True))
    points = {key: each for key in ids if (each := held[key]) is not None and not each.is_empty}
    if not points:
        return {}
    centres = shapely.centroid(np.asarray(list(points.values()), dtype=object))
    at = frame.place(shapely.get_x(centres), shapely.get_y(centres))
    return {
        key: (float(x), float(y))
        for key, (x, y) in zip(points, at, strict=True)
        if 0 <= x <= frame.width_mm and 0 <= y <= frame.height_mm
    }


def draw_scale(sheet: Sheet, frame: Frame) -> None:
    """Draw a bar of a round length at the foot of the map."""
    mm_per_km = 1000 * frame.mm_per_m
    km = max((each for each in _STEPS_KM if each * mm_per_km <= 30.0), default=_STEPS_KM[0])  # noqa: PLR2004
    x, y, wide = 3.0, frame.height_mm - 2.6, km * mm_per_km
    sheet.block(x - 1.5, y - 5.2, max(wide + 3.0, 15.0), 6.9, colour="#f6f7f6")
    sheet.stroke([(x, y - 1.2), (x, y), (x + wide, y), (x + wide, y - 1.2)], width_pt=0.9)
    sheet.write(x, y - 3.0, f"{km} km", colour=INK)
