"""The search for new routes: one, a pair kept apart, alternatives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import count, islice

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Message, join, tell
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground
from steppe.routes.ends import End
from steppe.routes.new_route import NewRoute, draw_route
from steppe.routing.terrain.accumulation import accumulate
from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.point_to_point import NoWayError as NoWayOverCellsError
from steppe.routing.terrain.point_to_point import find_way
from steppe.routing.ways.apart_km import draw_zones
from steppe.screening.grid import project

_M_PER_KM = 1000.0


class NoWayError(InputError):
    """No way leads from one end to the other over the ground that was looked at."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What routes are asked for.

    Parameters
    ----------
    start, end
        Ends.
    apart_km, end_zone_km
        How far two routes, or a route and the cables it keeps off, are apart outside discs of the
        second number about the ends.
    keep_off
        Cables that the routes are to keep off.
    """

    start: End
    end: End
    apart_km: float
    end_zone_km: float
    keep_off: tuple[str, ...] = ()

    def fault(self, key: str, fix: Message, **numbers: float) -> Problem:
        """Return a line on the two ends: a fault of the catalogues that names them `a` and `b`."""
        where = f"{self.start.end_id} {self.end.end_id}"
        return Problem(where, tell(key, a=self.start.title, b=self.end.title, **numbers), fix)


def refuse_barriers(ground: Ground, ends: Sequence[End]) -> None:
    """Refuse ends that lie on a barrier, or where no height is known.

    Raises
    ------
    InputError
        A line for each.
    """
    problems = []
    for end in ends:
        stopped = ground.barriers_at(*ground.row_column(end))
        if stopped:
            names = join([ground.name(name) for name in stopped])
            what = tell("fault.route.end_on_barrier", end=end.title, barriers=names)
            fix = tell("fix.route.end_on_barrier", ids=join(stopped))
            problems.append(Problem(end.end_id, what, fix))
    if problems:
        raise InputError(problems)


def find_one(inputs: Inputs, ground: Ground, asked: Asked) -> NewRoute:
    """Return the route of least cost between two ends that keeps off some cables.

    Raises
    ------
    InputError
        For two ends in one cell, and an end too near to a cable to keep off.
    NoWayError
        Where no route is; the barriers that alone stop it are named.
    """
    first, last = refuse_one_cell(ground, asked)
    grid = keep_off(inputs, ground, asked)
    refuse_too_near(grid, asked, (first, last))
    try:
        way = find_way(grid, first, last, neighbours=inputs.plan.route.neighbours)
    except NoWayOverCellsError:
        raise NoWayError(tell_no_way(ground, asked, grid)) from None
    return draw_found(inputs, ground, asked, way.cells, cost_km=way.cost, bound_km=way.lower_bound)


def draw_found(  # noqa: PLR0913 (one for each thing that a search tells)
    inputs: Inputs,
    ground: Ground,
    asked: Asked,
    cells: NDArray[np.int64],
    *,
    cost_km: float,
    bound_km: float | None,
    n_before: int = 0,
) -> NewRoute:
    """Return a way over cells as a route between the ends that were asked for, at the price of the plan.

    Parameters
    ----------
    inputs, ground, asked
        What was read, looked at and asked.
    cells, cost_km, bound_km
        See `draw_route`.
    n_before
        How many routes of the same answer come before it.
    """
    return draw_route(
        ground,
        cells,
        asked.start,
        asked.end,
        route_id=name_route(inputs, asked.start, asked.end, n_before),
        cost_km=cost_km,
        bound_km=bound_km,
        price=inputs.plan.route.price,
    )


def refuse_one_cell(ground: Ground, asked: Asked) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the cells of both ends.

    Raises
    ------
    InputError
        Where both lie in one.
    """
    first, last = ground.row_column(asked.start), ground.row_column(asked.end)
    if first == last:
        fix = tell("fix.route.one_cell", cell_m=ground.grid.cell_m)
        raise InputError(asked.fault("fault.route.one_cell", fix))
    return first, last


def refuse_too_near(grid: CostGrid, asked: Asked, cells: Sequence[tuple[int, int]]) -> None:
    """Refuse an end that lies too near to a cable to keep off.

    Raises
    ------
    InputError
        One line.
    """
    for end, cell in zip((asked.start, asked.end), cells, strict=True):
        if grid.is_barrier(*cell):
            what = tell("fault.route.end_too_near", end=end.title, km=asked.apart_km)
            raise InputError(Problem(end.end_id, what, tell("fix.route.end_too_near")))


def name_route(inputs: Inputs, start: End, end: End, n_before: int = 0) -> str:
    """Return the name of a route: its ends, and the first number that no cable of the plan bears."""
    stems = [
        "".join(sign if sign.isalnum() else "_" for sign in each.end_id) for each in (start, end)
    ]
    stem = f"new_{stems[0]}_{stems[1]}_".lower()
    taken = {str(each) for each in inputs.layer("fibre")["cable_id"]}
    free = (f"{stem}{number}" for number in count(1) if f"{stem}{number}" not in taken)
    return next(islice(free, n_before, None))


def keep_off(inputs: Inputs, ground: Ground, asked: Asked) -> CostGrid:
    """Return the costs with what lies too near to some cables closed, outside the end zones.

    Raises
    ------
    InputError
        For a cable that there is not, or whose course nobody knows.
    """
    if not asked.keep_off:
        return ground.cost
    closed = np.zeros(ground.grid.shape, dtype=bool)
    for line in list_lines(inputs, ground, asked.keep_off):
        closed |= _burn(ground, line.buffer(asked.apart_km * _M_PER_KM))
    if asked.end_zone_km > 0.0:
        ends = asked.start, asked.end
        places = ground.grid.to_plane([end.lon for end in ends], [end.lat for end in ends])
        zones = draw_zones(np.column_stack(places), asked.end_zone_km * _M_PER_KM)
        closed &= ~_burn(ground, zones)
    cost = ground.cost.cost.copy()
    cost[closed] = np.nan
    own = ground.cost
    return CostGrid(cost, own.cell_m, own.west_m, own.north_m, own.crs)


def list_lines(inputs: Inputs, ground: Ground, cable_ids: Collection[str]) -> list[BaseGeometry]:
    """Return the lines of some cables in the CRS of a grid.

    Raises
    ------
    InputError
        For a cable that there is not, or that is drawn between its cities alone.
    """
    cables = inputs.layer("fibre").set_index("cable_id")
    lines = []
    for cable_id in cable_ids:
        if cable_id not in cables.index:
            fix = hint_name(cable_id, [str(each) for each in cables.index])
            raise InputError(Problem("--keep-off", tell("fault.route.cable", name=cable_id), fix))
        if cables.loc[cable_id, "geometry_kind"] == "schematic":
            what = tell("fault.route.schematic", name=cable_id)
            raise InputError(Problem("--keep-off", what, tell("fix.route.schematic")))
        lines.append(project(gpd.GeoSeries(cables.geometry)[cable_id], ground.grid.crs))
    return lines


def _burn(ground: Ground, shape: BaseGeometry) -> NDArray[np.bool_]:
    grid = ground.grid
    burnt = rasterize([(shape, 1)], out_shape=grid.shape, transform=grid.transform, dtype="uint8")
    return np.asarray(burnt == 1)


def tell_no_way(ground: Ground, asked: Asked, grid: CostGrid) -> Problem:
    """Return what is said where no way leads from one end to the other, and what might help.

    Parameters
    ----------
    ground
        What was looked at.
    asked
        The question.
    grid
        The ground with what was to be kept off shut.
    """
    fix = tell("fix.route.no_way")
    if asked.keep_off:
        fix = tell("fix.route.no_way_apart", km=asked.apart_km)
    elif opening := [name for name in _list_barriers(ground) if _opens(ground, asked, grid, name)]:
        fix = tell("fix.route.no_way_drop", ids=join(opening))
    return asked.fault("fault.route.no_way", fix)


def tell_no_pair(asked: Asked, fix: Message, *, is_proven: bool) -> Problem:
    """Return what is said where no two routes keep their distance, and what might help."""
    key = "fault.route.no_pair_proven" if is_proven else "fault.route.no_pair"
    return asked.fault(key, fix, km=asked.apart_km)


def _list_barriers(ground: Ground) -> list[str]:
    return [
        name
        for name in ground.holds
        if name not in ground.dropped and (name not in ground.terms or ground.terms[name].barrier)
    ]


def _opens(ground: Ground, asked: Asked, grid: CostGrid, name: str) -> bool:
    """Tell whether a way would be there without one barrier."""
    others = [other for other in _list_barriers(ground) if other != name]
    closed = np.isnan(grid.cost) & ~ground.holds[name]
    for other in others:
        closed |= ground.holds[other]
    cost = np.where(closed, np.nan, 1.0).astype(np.float32)
    free = CostGrid(cost, grid.cell_m, grid.west_m, grid.north_m, grid.crs)
    first, last = ground.row_column(asked.start), ground.row_column(asked.end)
    return bool(np.isfinite(accumulate(free, [first], neighbours=8, targets=[last]).cost[last]))
