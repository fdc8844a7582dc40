"""What a new route meets: rivers, railways, roads and lakes that it crosses, cables that it runs beside."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.wording import Words, pair
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground
from steppe.routes.new_route import NewRoute
from steppe.routing.ways.apart_km import draw_zones
from steppe.screening.grid import project

CROSSED = ("rivers", "railways", "roads", "power_lines")
"""What a line may cross; cables are drawn too far off for it, and what runs beside them is told instead."""
_OVER = ("lakes", "protected_areas")
_M_PER_KM = 1000.0


@dataclass(frozen=True)
class Crossing:
    """What of a layer a route crosses.

    Parameters
    ----------
    layer
        Layer of the plan.
    n
        How often the line crosses something of it.
    km
        Kilometres in its areas; 0 where it holds lines.
    """

    layer: str
    n: int
    km: float


@dataclass(frozen=True)
class Beside:
    """A cable that runs beside a new route, outside the end zones.

    Parameters
    ----------
    cable_id
        Of the layer of cables.
    title
        Its name.
    sure_km, possible_km
        Kilometres of the new route that lie within the distance of it for certain, and at most: the
        cable is drawn no truer than its `accuracy_m`.
    nearest_km
        Between the two as they are drawn.
    """

    cable_id: str
    title: Words
    sure_km: float
    possible_km: float
    nearest_km: float


def find_crossings(ground: Ground, route: NewRoute) -> list[Crossing]:
    """Return what a route crosses, as it is drawn; layers without a row nearby say nothing."""
    line = project(route.line, ground.grid.crs)
    found = []
    for layer in (*CROSSED, *_OVER):
        _, shapes = ground.near.find(layer)
        met = [line.intersection(shape) for shape in shapes]
        met = [each for each in met if not each.is_empty]
        if layer in _OVER:
            km = sum(float(each.length) for each in met) / _M_PER_KM
            found.append(Crossing(layer, len(met), km))
        else:
            found.append(Crossing(layer, sum(_count(each) for each in met), 0.0))
    return found


def find_beside(
    inputs: Inputs, ground: Ground, route: NewRoute, *, apart_km: float, end_zone_km: float
) -> list[Beside]:
    """Return the cables that may lie within a distance of a route outside discs about its ends.

    A cable that is drawn between its cities alone (`schematic`) tells nothing of where it lies and is
    not among them.

    Parameters
    ----------
    inputs
        What was read.
    ground
        What was searched.
    route
        The new route.
    apart_km
        The distance.
    end_zone_km
        Radius of the discs about both ends of the new route.
    """
    line = project(route.line, ground.grid.crs)
    middle = line.difference(
        draw_zones(shapely.get_coordinates(line)[[0, -1]], end_zone_km * _M_PER_KM)
    )
    if middle.is_empty:
        return []
    cables, found = inputs.layer("fibre"), []
    for number, shape in zip(*ground.near.find("fibre"), strict=True):
        row = cables.iloc[number]
        if row["geometry_kind"] == "schematic":
            continue
        slack_m = float(row["accuracy_m"]) + ground.grid.cell_m / 2.0
        apart_m = apart_km * _M_PER_KM
        possible_km = middle.intersection(shape.buffer(apart_m + slack_m)).length / _M_PER_KM
        if possible_km <= 0.0:
            continue
        sure_m = apart_m - slack_m
        near = middle.intersection(shape.buffer(sure_m)) if sure_m > 0.0 else shapely.LineString()
        found.append(
            Beside(
                str(row["cable_id"]),
                pair(str(row["name_zh"]), str(row["name_en"])),
                float(near.length) / _M_PER_KM,
                float(possible_km),
                float(shapely.distance(middle, shape)) / _M_PER_KM,
            )
        )
    return sorted(found, key=lambda each: (-each.possible_km, each.cable_id))


def _count(met: BaseGeometry) -> int:
    return len(shapely.get_parts(met))
