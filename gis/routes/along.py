"""Answers along rights of way: one route, two that share nothing or keep apart, a tree over many ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import pair as both
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground
from steppe.routes.ends import End
from steppe.routes.new_route import NewRoute, draw_line
from steppe.routes.pairs import RoutePair
from steppe.routes.rights import RightsOfWay, open_rights
from steppe.routes.searching import Asked, NoWayError, list_lines, name_route, tell_no_pair
from steppe.routing.ways.apart_km import Keeping
from steppe.routing.ways.apart_pair import NoPair, find_apart_pair
from steppe.routing.ways.disjoint_pair import find_disjoint_pair
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.shortest import find_shortest
from steppe.routing.ways.trees import find_tree
from steppe.routing.ways.way_graph import Way

_STROKE_CELLS = 2.0  # strokes are broken up so, which end zones must hold
_M_PER_KM = 1000.0
_OTHER_LINES = tell("fix.route.no_way_along")


@dataclass(frozen=True, eq=False)
class RouteTree:
    """Routes that join many ends by one tree.

    Parameters
    ----------
    branches
        Between ends and forks.
    plain_km, bound_km
        Cost of all together, and what none costs less than.
    """

    branches: tuple[NewRoute, ...]
    plain_km: float
    bound_km: float


def find_along(inputs: Inputs, ground: Ground, asked: Asked, over: str) -> NewRoute:
    """Return the route of least cost along some lines, with straight ways to the nearest of them.

    Raises
    ------
    InputError
        For what `open_rights` refuses.
    NoWayError
        Where the lines do not join the ends.
    """
    rights = _open(inputs, ground, over)
    first, last = rights.find_nodes([asked.start, asked.end])
    way = find_shortest(rights.graph, first, last)
    if way is None:
        raise NoWayError(asked.fault("fault.route.no_way_along", _OTHER_LINES))
    return _draw(inputs, rights, asked, way)


def find_disjoint_along(inputs: Inputs, ground: Ground, asked: Asked, over: str) -> RoutePair:
    """Return the two routes of least cost together that share no stroke and no node between the ends."""
    rights = _open(inputs, ground, over)
    first, last = rights.find_nodes([asked.start, asked.end])
    found = find_disjoint_pair(rights.graph, first, last, apart_in_nodes=True)
    if found is None:
        raise NoWayError(asked.fault("fault.route.no_disjoint", _OTHER_LINES))
    return _draw_pair(inputs, rights, replace(asked, apart_km=0.0), found, nearest_km=0.0)


def find_pair_along(inputs: Inputs, ground: Ground, asked: Asked, over: str) -> RoutePair:
    """Return the two routes of least cost together along some lines that keep apart outside the end zones.

    Raises
    ------
    InputError
        For an end zone that is too small.
    NoWayError
        Where no such two were found, and whether that is proven.
    """
    rights = _open(inputs, ground, over)
    first, last = rights.find_nodes([asked.start, asked.end])
    step_km = float(rights.graph.stroke_km.max())
    if asked.end_zone_km < step_km:
        what = tell("fault.route.end_zone", km=asked.end_zone_km, least=step_km)
        raise InputError(Problem("--end-zone-km", what, tell("fix.route.end_zone")))
    lines = list_lines(inputs, ground, asked.keep_off)
    keeping = Keeping(asked.end_zone_km, step_km, tuple(lines))
    found = find_apart_pair(keeping.ask(rights.graph, first, last, asked.apart_km))
    if isinstance(found, NoPair):
        raise NoWayError(tell_no_pair(asked, _OTHER_LINES, is_proven=found.is_proven))
    nearest_km = keeping.measure(rights.graph, found.first, found.second)
    return _draw_pair(inputs, rights, asked, found, nearest_km=nearest_km)


def find_tree_along(inputs: Inputs, ground: Ground, ends: Sequence[End], over: str) -> RouteTree:
    """Return a tree of little cost along some lines that joins all ends, with a proven bound.

    Raises
    ------
    NoWayError
        Where the lines do not join the ends.
    """
    rights = _open(inputs, ground, over)
    nodes = rights.find_nodes(ends)
    tree = find_tree(rights.graph, nodes)
    if tree is None:
        asked = Asked(ends[0], ends[-1], 0.0, 0.0)
        raise NoWayError(asked.fault("fault.route.no_way_along", _OTHER_LINES))
    at_node = dict(zip(nodes, ends, strict=True))
    branches = []
    for number, way in enumerate(_break_at_forks(rights, tree.edges, at_node)):
        start, end = (
            at_node.get(node) or _name_fork(rights, node)
            for node in (int(way.nodes[0]), int(way.nodes[-1]))
        )
        asked = Asked(start, end, 0.0, 0.0)
        branches.append(_draw(inputs, rights, asked, way, number, stem=(ends[0], ends[-1])))
    plain_km = sum(each.plain_km for each in branches)
    return RouteTree(tuple(branches), plain_km, tree.lower_bound + plain_km - tree.cost)


def _open(inputs: Inputs, ground: Ground, over: str) -> RightsOfWay:
    return open_rights(inputs, ground, over, most_km=_STROKE_CELLS * ground.grid.cell_m / _M_PER_KM)


def _draw_pair(
    inputs: Inputs,
    rights: RightsOfWay,
    asked: Asked,
    found: PairOfWays[Way],
    *,
    nearest_km: float,
) -> RoutePair:
    """Return two ways as routes; what leads to the lines costs more, and the bound as much."""
    first, second = (
        _draw(inputs, rights, asked, way, number)
        for number, way in enumerate((found.first, found.second))
    )
    plain_km = first.plain_km + second.plain_km
    bound_km = plain_km - (found.cost - found.lower_bound)
    return RoutePair(first, second, asked.apart_km, nearest_km, plain_km, bound_km)


def _draw(
    inputs: Inputs,
    rights: RightsOfWay,
    asked: Asked,
    way: Way,
    number: int = 0,
    *,
    stem: tuple[End, End] | None = None,
) -> NewRoute:
    start, end = stem or (asked.start, asked.end)
    lead_ins_km = sum(
        rights.lead_in_km(each, int(node))[1]
        for each, node in ((asked.start, way.nodes[0]), (asked.end, way.nodes[-1]))
    )
    cost_km = way.cost + lead_ins_km
    return draw_line(
        rights.ground,
        rights.place(way, asked.start, asked.end),
        asked.start,
        asked.end,
        route_id=name_route(inputs, start, end, number),
        cost_km=cost_km,
        bound_km=cost_km if number == 0 and stem is None else None,
        price=inputs.plan.route.price,
    )


def _break_at_forks(rights: RightsOfWay, edges: np.ndarray, at_node: dict[int, End]) -> list[Way]:
    """Return the ways of a tree between its ends and forks, in the order of their lowest edge."""
    ends = rights.graph.ends
    beside: dict[int, list[tuple[int, int]]] = {}
    for edge in edges.tolist():
        one, other = ends[edge].tolist()
        beside.setdefault(one, []).append((edge, other))
        beside.setdefault(other, []).append((edge, one))
    stops = {node for node, near in beside.items() if len(near) != 2 or node in at_node}  # noqa: PLR2004 (on a way)
    ways, seen = [], set[int]()
    for stop in sorted(stops):
        for edge, node in beside[stop]:
            if edge in seen:
                continue
            nodes, taken = [stop, node], [edge]
            while nodes[-1] not in stops:
                onward = next(each for each in beside[nodes[-1]] if each[0] != taken[-1])
                taken.append(onward[0])
                nodes.append(onward[1])
            seen.update(taken)
            ways.append(rights.graph.make_way(nodes, taken))
    return ways


def _name_fork(rights: RightsOfWay, node: int) -> End:
    lon, lat = rights.ground.grid.to_degrees(*(rights.graph.xy_km[node] * _M_PER_KM))
    name = f"{lon:.4f},{lat:.4f}"
    return End(name, float(lon), float(lat), both(name, name))
