"""Latency in glass: constants, length bands, the physical floor and the shortest route.

Constants
---------
`LIGHT_KM_PER_S`
    Speed of light in vacuum, exact (SI).
`GROUP_INDEX`
    Group index of ITU-T G.652 fibre at 1550 nm, 1.4682: a vendor's value (Corning SMF-28e
    product information) that was read second-hand only, so unconfirmed.  GNPy computes
    with 1.468 (`gnpy.core.parameters`), which confirms it within 0.02 %.
`SLACK_FRAC`
    Cable over route: slack, loops at joints, the way through ducts and into buildings.
    Low, central and high; 2 to 6 % is assumed, no source was found.
`TRANSIT_FACTOR`
    Route over distance for transit lines across Eurasia, of which nothing but the end points
    is public: low is the planning rule, central the median and high the greatest of what the
    round trips that vendors publish come to over their floors (docs/model.md lists them).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from steppe.layers.crs import GEOD
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

LIGHT_KM_PER_S = 299_792.458
GROUP_INDEX = 1.4682
SLACK_FRAC = (0.0, 0.04, 0.06)
TRANSIT_FACTOR = (1.25, 2.01, 2.37)
_MM_IN_KM = 1_000_000


@dataclass(frozen=True)
class Route:
    """A route through the backbone.

    Parameters
    ----------
    nodes
        Nodes in order, both ends included.
    cables
        Cables in order, one fewer than the nodes.
    km, low_km, high_km
        Length of the fibre along this very route, and its band.
    """

    nodes: tuple[str, ...]
    cables: tuple[str, ...]
    km: float
    low_km: float
    high_km: float


def one_way_ms(km: float) -> float:
    """Return the time that light takes through `km` of fibre, one way, in milliseconds.

    Glass alone: amplifiers, regenerators and routers are not in it.
    """
    return km * GROUP_INDEX / LIGHT_KM_PER_S * 1000.0


def rtt_ms(km: float) -> float:
    """Return the round-trip time through `km` of fibre, in milliseconds.

    Examples
    --------
    >>> round(rtt_ms(1000), 3)
    9.795
    """
    return 2.0 * one_way_ms(km)


def floor_rtt_ms(lon: float, lat: float, lon2: float, lat2: float) -> float:
    """Return the round-trip time along the geodesic (GRS80) in glass, in milliseconds.

    No fibre can be faster; every real route is longer.  Degrees, EPSG:4490.
    """
    return rtt_ms(GEOD.inv(lon, lat, lon2, lat2)[2] / 1000.0)


def planning_route_km(air_km: float) -> float:
    """Return the route length that planners reckon with for a distance through the air.

    1.5 times the distance below 1000 km, 1500 km from 1000 to 1200 km, 1.25 times above.
    ETSI EN 300 416 V1.2.1 (1998), as read in Net2Plan, `GraphUtils.computeRoadDistanceInKm`;
    the standard itself was not opened.

    Raises
    ------
    ValueError
        For a negative distance or one that is no number.
    """
    if not 0 <= air_km < math.inf:
        msg = f"a distance is a number from 0 up, not {air_km}"
        raise ValueError(msg)
    # Both joints are continuous, so the rule is the smaller of its first two parts until
    # the third passes 1500 km.
    return max(min(1.5 * air_km, 1500.0), 1.25 * air_km)


def length_band(  # noqa: PLR0913 (one for each kind of evidence)
    length_km: float,
    air_km: float,
    *,
    fibre_km: float | None = None,
    route_km: float | None = None,
    drawn_km: tuple[float, float] | None = None,
    assumed: bool = False,
    schematic: bool = False,
    transit: bool = False,
) -> tuple[float, float, float]:
    """Return low, central and high length of the fibre in a cable, in kilometres.

    The best evidence there is sets it.

    - The length of the fibre as stated: all three are it.
    - The length of the route, as published, else as drawn, times 1.00, 1.04 and 1.06
      (`SLACK_FRAC`: assumed).  Where both are there the central value takes the published one,
      since a generalised line cuts corners, the low end the shorter, the high end the longer; the
      published one alone counts where the line is schematic.  What is only drawn lies between the
      ends of `drawn_km`.  Where the route itself is only assumed the high end is
      not less than `planning_route_km`.
    - A schematic line tells the distance and not the route: its length is the low end,
      `planning_route_km` of it the central value, with slack the high end; for one in transit
      they are its length times `TRANSIT_FACTOR`.

    No stated length counts for less than the distance between the ends, which no route can be.

    Parameters
    ----------
    length_km
        Geodesic length of the drawn line.
    air_km
        Geodesic distance between its ends.
    fibre_km, route_km
        Length of the fibre and of the route as stated; None where nothing is.
    drawn_km
        Between what the route may be long by the accuracy of the line, see
        `steppe.routing.drawn_lengths`; None for just as long as it is drawn.
    assumed
        Whether the route itself is only assumed.
    schematic
        Whether the line is a chain of places rather than a corridor.
    transit
        Whether such a line crosses a continent from one country to another.

    Raises
    ------
    ValueError
        For a negative length or one that is no number.
    """
    drawn = (length_km, length_km) if drawn_km is None else drawn_km
    stated = [max(km, air_km) for km in (fibre_km, route_km) if km is not None]
    for km in (length_km, *drawn, *stated):
        if not 0 <= km < math.inf:
            msg = f"a length is a number from 0 up, not {km}"
            raise ValueError(msg)
    if fibre_km is not None:
        return stated[0], stated[0], stated[0]
    if route_km is None and schematic:
        if transit:
            low, central, high = (length_km * factor for factor in TRANSIT_FACTOR)
            return low, central, high
        planned_km = planning_route_km(length_km)
        return length_km, planned_km, planned_km * (1.0 + SLACK_FRAC[-1])
    if route_km is None:
        least_km = min(max(drawn[0], air_km), length_km)
        routes_km = (least_km, length_km, max(drawn[1], length_km))
    else:
        known_km = stated[-1]
        other_km = known_km if schematic else length_km
        routes_km = (min(other_km, known_km), known_km, max(other_km, known_km))
    low, central, high = (
        km * (1.0 + slack) for km, slack in zip(routes_km, SLACK_FRAC, strict=True)
    )
    return low, central, max(high, planning_route_km(air_km) if assumed else 0.0)


def shortest_route(
    graph: nx.MultiGraph[str], a: str, b: str, *, links: dict[str, Any] | None = None
) -> Route | None:
    """Find the route with the fewest kilometres (`length_km`); None when there is none.

    Among equally long routes the one with the fewest cables wins, then the one whose
    cable ids come first, read from the end whose node id comes first: the answer depends
    neither on the order of the data nor on the direction.

    Parameters
    ----------
    graph, a, b
        The backbone, and two of its nodes.
    links
        Node to neighbour to the cables between them, of all that may lie on a shortest route;
        by default those of the graph.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    """
    require_nodes(graph, a, b)
    start, end = min(a, b), max(a, b)
    found = _dijkstra(dict(graph.adjacency()) if links is None else links, start, end)
    if found is None:
        return None
    cables, nodes = found
    return measure_route(graph, nodes, cables, a)


def measure_route(
    graph: nx.MultiGraph[str], nodes: tuple[str, ...], cables: tuple[str, ...], a: str
) -> Route:
    """Return the route from `a`, one of its ends, along nodes and cables in either direction."""
    hops = route_hops(graph, nodes, cables)
    # fsum, so that the lengths too are the same in both directions.
    km, low_km, high_km = (
        math.fsum(hop[name] for hop in hops) for name in ("length_km", "low_km", "high_km")
    )
    onward = 1 if nodes[0] == a else -1
    return Route(nodes[::onward], cables[::onward], km, low_km, high_km)


def route_hops(
    graph: nx.MultiGraph[str], nodes: Sequence[str], cables: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the attributes of the cables that join one node after the other."""
    return [
        graph.edges[near, far, key]
        for key, (near, far) in zip(cables, pairwise(nodes), strict=True)
    ]


def _dijkstra(
    links: dict[str, Any], start: str, end: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return cables and nodes of the route with the least (mm, cables, ids of the cables).

    That order is kept by every further hop, so Dijkstra's argument holds for it, also with
    hops of zero length: each hop makes the label greater.  Whole millimetres, so that ways of
    one length are told to be that, in whatever pieces it is added up.
    """
    best: dict[str, tuple[int, int, tuple[str, ...]]] = {start: (0, 0, ())}
    queue: list[tuple[int, int, tuple[str, ...], tuple[str, ...]]] = [(0, 0, (), (start,))]
    done: set[str] = set()
    while queue:
        mm, n_hops, cables, nodes = heapq.heappop(queue)
        here = nodes[-1]
        if here == end:
            return cables, nodes
        if here in done:
            continue
        done.add(here)
        for there, parallel in links[here].items():
            if there in done:
                continue
            hop_mm, key = min(
                (round(_MM_IN_KM * data["length_km"]), key) for key, data in parallel.items()
            )
            label = (mm + hop_mm, n_hops + 1, (*cables, key))
            if there not in best or label < best[there]:
                best[there] = label
                heapq.heappush(queue, (*label, (*nodes, there)))
    return None


def all_pairs_km(graph: nx.MultiGraph[str]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the kilometres of the shortest route between all nodes.

    Returns
    -------
    tuple
        The n nodes in the order of the graph, and shape (n, n): kilometres, infinite
        where there is no route.
    """
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 (it loads slowly)

    nodes, matrix = length_matrix(graph)
    # Both directions of each hop are in the matrix, so the directed search is right, and
    # it looks at every hop once only.
    return nodes, dijkstra(matrix, directed=True)


def length_matrix(graph: nx.MultiGraph[str]) -> tuple[tuple[str, ...], csr_array]:
    """Return the nodes in the order of the graph, and the kilometres of each hop between them.

    Parallel cables count by their shortest and cables of no length as such: a plain
    conversion to a sparse matrix would add the former up and drop the latter.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 (it loads slowly)

    nodes = tuple(graph)
    place = {node: index for index, node in enumerate(nodes)}
    starts, ends, lengths = [0], [], []
    for _, links in graph.adjacency():
        for there, parallel in links.items():
            ends.append(place[there])
            lengths.append(min([data["length_km"] for data in parallel.values()]))
        starts.append(len(ends))
    shape = (len(nodes), len(nodes))
    return nodes, csr_array((lengths, ends, starts), shape=shape, dtype=float)


def require_nodes(graph: nx.MultiGraph[str], *node_ids: str) -> None:
    """Raise `InputError` that names the nodes that the graph does not have."""
    unknown = tuple(node_id for node_id in node_ids if node_id not in graph)
    if unknown:
        what, fix = tell("fault.node.unknown"), tell("fix.name_by_node_id")
        raise InputError(Problem("nodes", what, fix, unknown))
