"""What the maps of the QGIS project show, in metres of the plan's own CRS."""

from __future__ import annotations

import math

import numpy as np
import shapely
from pyproj import CRS, Transformer

from steppe.layers.antimeridian import find_seam, spans_deg
from steppe.layers.crs import WORKING_CRS
from steppe.layers.tables import Bbox, PlanTables
from steppe.maps.layout_items import Box


def view_bounds(view: Bbox, crs: CRS) -> Box:
    """Return the bounds of a view in degrees as metres of a CRS, curved edges included."""
    transformer = Transformer.from_crs(WORKING_CRS, crs, always_xy=True)
    west, east = spans_deg(view)
    return transformer.transform_bounds(west, view[1], east, view[3], densify_pts=21)


def map_seam(tables: PlanTables) -> float:
    """Return the longitude at which a map of parks, nodes and cables is cut open, degrees.

    It is -180, but for plans that lie over 180°.
    """
    layers = [tables.layers[name] for name in ("parks", "nodes", "fibre") if name in tables.layers]
    at = [shapely.get_coordinates(layer.geometry.to_numpy())[:, 0] for layer in layers]
    return find_seam(np.concatenate(at))


def region_bounds(tables: PlanTables) -> Box | None:
    """Return the bounds of the plan's region in metres of its CRS, None without a boundary."""
    boundaries = tables.layers.get("boundaries")
    if boundaries is None:
        return None
    region = boundaries[boundaries["kind"] == "region"]
    if region.empty:
        return None
    west, south, east, north = region.to_crs(tables.info.albers).total_bounds
    return float(west), float(south), float(east), float(north)


def fit_bounds(bounds: Box, box: Box, *, step: float) -> Box:
    """Widen bounds in metres to the shape of a box on paper, at a round scale.

    Parameters
    ----------
    bounds
        West, south, east, north in metres.
    box
        Left, top, width, height in millimetres.
    step
        The scale's denominator is a multiple of it.
    """
    west, south, east, north = bounds
    width_mm, height_mm = box[2:]
    needed = max((east - west) / width_mm, (north - south) / height_mm) * 1000.0
    scale = math.ceil(needed / step) * step / 1000.0
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half_x, half_y = scale * width_mm / 2, scale * height_mm / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
