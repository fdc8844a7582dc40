"""Distances in kilometres between two ways, and the zones round their ends in which they do not matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from steppe.routing.ways.apart_question import ApartQuestion
from steppe.routing.ways.way_graph import Floats, Way, WayGraph

_QUARTER_SIDES = (
    256  # of a polygon round a disc, which is 19 millionths of the radius too wide at most
)


@dataclass(frozen=True, eq=False)
class Keeping:
    """What two ways are to keep their distance from, and where.

    A node of the one and a node of the other, both outside the end zones, are at least sqrt(N² + s²/4) km apart, N
    being the distance asked for and s the longest edge.  Then the lines that they make are nowhere nearer
    than N outside the discs about the two ends: a node counts as within a zone where all edges that
    touch it end in the disc.  Two lines that are just N apart may so be refused, where they need
    no more than s²/(8 N): 31 m of 20 km with edges of sqrt(5) km.

    Parameters
    ----------
    end_zone_km
        Radius of the discs about the ends.
    step_km
        The longest edge, as the crow flies.
    keep_off
        Lines in the plane, m, from which both ways keep the same distance.

    Raises
    ------
    ValueError
        For a zone that is narrower than an edge is long.
    """

    end_zone_km: float
    step_km: float
    keep_off: tuple[BaseGeometry, ...] = ()

    def __post_init__(self) -> None:
        """Refuse zones that hold no edge."""
        if not self.step_km <= self.end_zone_km < np.inf:
            msg = (
                f"a zone of {self.end_zone_km:g} km is narrower than a step of {self.step_km:g} km"
            )
            raise ValueError(msg)

    def reach_km(self, apart_km: float) -> float:
        """Return the distance of nodes at which lines between them keep theirs.

        A place between two ends of an edge is nearer to anything than both by less than that; and edges whose four
        ends are s / sqrt(2) apart do not cross.
        """
        if apart_km <= 0.0:
            return 0.0
        return max(float(np.hypot(apart_km, self.step_km / 2.0)), self.step_km * (0.5**0.5 + 1e-9))

    def apart_km(self, reach_km: float) -> float:
        """Return the distance that lines keep between nodes that keep another; 0 where they may cross."""
        if reach_km < self.step_km * 0.5**0.5:
            return 0.0
        return float(np.sqrt(reach_km**2 - (self.step_km / 2.0) ** 2))

    def bound_km(self, graph: WayGraph, start: int, end: int) -> float:
        """Return how far apart nodes of both ways can be kept at the most; inf where the zones overlap.

        Both ways leave the zone about the start, where the first node outside it is within the disc.
        """
        between_km = float(np.hypot(*(graph.xy_km[start] - graph.xy_km[end])))
        return 2.0 * self.end_zone_km if between_km > 2.0 * self.end_zone_km else np.inf

    def ask(self, graph: WayGraph, start: int, end: int, apart_km: float) -> ApartQuestion:
        """Put the question for a distance.

        Raises
        ------
        ValueError
            For a distance that is none, numbers that are none of nodes, or ends that are the same.
        """
        if not 0.0 <= apart_km < np.inf:
            msg = f"a distance is a number from 0 up, not {apart_km}"
            raise ValueError(msg)
        graph.require((start, end))
        xy = graph.xy_km
        is_free = np.zeros(graph.n_nodes, dtype=np.bool_)
        for node in (start, end):
            is_free |= np.hypot(*(xy - xy[node]).T) <= self.end_zone_km - self.step_km
            is_free[node] = True
        reach_km = self.reach_km(apart_km)
        barred = np.zeros(graph.n_nodes, dtype=np.bool_)
        if self.keep_off and reach_km > 0.0:
            held = shapely.union_all(list(self.keep_off))
            shapely.prepare(held)
            near = shapely.dwithin(shapely.points(xy * 1000.0), held, reach_km * 1000.0)
            barred = np.asarray(near) & ~is_free
        return ApartQuestion(graph, start, end, reach_km, is_free, barred)

    def measure(self, graph: WayGraph, one: Way, other: Way) -> float:
        """Return how near two ways come to each other outside the zones, km; inf where one lies in them."""
        zones = draw_zones(graph.xy_km[one.nodes[[0, -1]]], self.end_zone_km)
        outside = [LineString(graph.xy_km[way.nodes]).difference(zones) for way in (one, other)]
        if any(line.is_empty for line in outside):
            return np.inf
        return float(outside[0].distance(outside[1]))


def draw_zones(places: Floats, radius: float) -> BaseGeometry:
    """Return the discs about some places of a plane, shape (n, 2): polygons round them, not in them.

    Places and radius are of one unit.
    """
    wide = radius / np.cos(np.pi / (4 * _QUARTER_SIDES))
    return shapely.union_all(
        [shapely.Point(*place).buffer(wide, quad_segs=_QUARTER_SIDES) for place in places]
    )
