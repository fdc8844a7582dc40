"""Where a layer speaks: up to where what it does not hold is known not to be there."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import bend_km, distance_km, to_earth_km
from steppe.layers.nearest import REACH_KM, nearest_km, shapes_of

_HALF_TURN_DEG = 180.0
_OUTLINE_DEG = 0.01  # so near are the points of an outline to each other
_DEPTH_OFF_KM = 0.6  # half of that in latitude, and what a sphere is off
_LEAST_KM_PER_DEG = 110.5  # the shortest degree of latitude, at the equator, is 110.57 km


@dataclass(frozen=True, eq=False)
class Extent:
    """What a layer covers: everywhere, or a shape and all within a distance of it.

    Parameters
    ----------
    core
        In degrees, EPSG:4490; points, lines or polygons, empty for nowhere.  None for everywhere.
    within_km
        How far round the core the layer speaks as well.
    is_said
        Whether the plan says so; otherwise it is taken to be so.
    """

    core: BaseGeometry | None = None
    within_km: float = 0.0
    is_said: bool = True
    _found: dict[tuple[float, float], float] = field(default_factory=dict, repr=False)
    _deep: dict[tuple[float, float], float] = field(default_factory=dict, repr=False)

    def reach_km(self, lon: float, lat: float) -> float:
        """Return the radius of a circle round a place of which the layer covers all, km.

        It is the distance to the edge: from within the core its depth there and `within_km`,
        from without `within_km` less the distance to the core.  Round several points that is the
        circle within one of theirs; what several of them cover together is not looked for.
        Infinite for everywhere, 0 outside, and no more than `REACH_KM` and `within_km`.

        Parameters
        ----------
        lon, lat
            The place, degrees.
        """
        place = (float(lon), float(lat))
        if place not in self._found:
            self._found[place] = max(0.0, self._reach(*place))
        return self._found[place]

    def covers(self, lon: float, lat: float, radius_km: float) -> bool:
        """Tell whether the layer covers all of a circle round a place.

        Parameters
        ----------
        lon, lat
            The place, degrees.
        radius_km
            Radius of the circle.
        """
        if self._is_deep(float(lon), float(lat), radius_km - self.within_km):
            return True
        reach_km = self.reach_km(lon, lat)
        return reach_km > 0 and reach_km >= radius_km

    def covers_all(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], radii_km: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Tell for many places what `covers` tells; where degrees alone show it, at once.

        Parameters
        ----------
        lons, lats, radii_km
            Places, degrees, and the radii of their circles, each of shape (n,).
        """
        if self.core is None:
            return np.ones(len(lons), dtype=bool)
        found = np.zeros(len(lons), dtype=bool)
        unsure = np.ones(len(lons), dtype=bool)
        if shapely.get_dimensions(self.core) == 2 and self.within_km == 0:  # noqa: PLR2004
            shapely.prepare(self.core)
            unsure = shapely.intersects_xy(self.core, lons, lats)
            inside = np.flatnonzero(unsure)
            depth_km = self._find_depths(lons[inside], lats[inside], radii_km.max(initial=0.0))
            asked_km = radii_km[inside]
            found[inside] = depth_km - _DEPTH_OFF_KM > asked_km
            unsure[inside] = np.abs(depth_km - asked_km) <= _DEPTH_OFF_KM
        for place in np.flatnonzero(unsure):
            found[place] = self.covers(lons[place], lats[place], radii_km[place])
        return found

    def _find_depths(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], most_km: float
    ) -> NDArray[np.float64]:
        """Return how far places within an area are from its outline, km, to `_DEPTH_OFF_KM`.

        Of those that are farther than `most_km` it says that they are far.
        """
        # Few ask for many places, and scipy takes long to come.
        from scipy.spatial import KDTree  # noqa: PLC0415

        at = shapely.get_coordinates(shapely.segmentize(self._outline, _OUTLINE_DEG))
        straight_km, _ = KDTree(to_earth_km(*at.T)).query(
            to_earth_km(lons, lats), distance_upper_bound=most_km + _DEPTH_OFF_KM
        )
        return bend_km(np.asarray(straight_km, dtype=float))

    def _is_deep(self, lon: float, lat: float, depth_km: float) -> bool:
        """Tell whether a place lies so far within the core that degrees alone show it.

        No point of a circle round it is further off in degrees than the circle is wide along the
        parallel of its end next to the pole; a twentieth is added for what a sphere is off.
        """
        if self.core is None or not 0 < depth_km <= REACH_KM:
            return False
        steepest = abs(lat) + depth_km / _LEAST_KM_PER_DEG
        if steepest >= _HALF_TURN_DEG / 2:
            return False
        wide_deg = 1.05 * depth_km / (_LEAST_KM_PER_DEG * math.cos(math.radians(steepest)))
        return self._depth_deg(lon, lat) > wide_deg

    def _depth_deg(self, lon: float, lat: float) -> float:
        """Return how far a place within an area is from its edge, degrees; 0 elsewhere."""
        assert self.core is not None
        if shapely.get_dimensions(self.core) < 2:  # noqa: PLR2004
            return 0.0
        place = (lon, lat)
        if place not in self._deep:
            at = shapely.Point(lon, lat)
            inside = self.core.covers(at)
            self._deep[place] = float(shapely.distance(self._outline, at)) if inside else 0.0
        return self._deep[place]

    def _reach(self, lon: float, lat: float) -> float:
        if self.core is None:
            return math.inf
        if self.core.is_empty:
            return 0.0
        if shapely.get_dimensions(self.core) == 0:
            at = shapely.get_coordinates(self.core)
            return self.within_km - float(distance_km(lon, lat, at[:, 0], at[:, 1]).min())
        if self.core.covers(shapely.Point(lon, lat)):
            depth_km = nearest_km(lon, lat, self._edges)
            return self.within_km + (REACH_KM if depth_km is None else depth_km)
        if self.within_km == 0:
            return 0.0
        away_km = nearest_km(lon, lat, self._edges, within_km=self.within_km)
        return 0.0 if away_km is None else self.within_km - away_km

    @cached_property
    def _outline(self) -> BaseGeometry:
        """The border of the core, and what of it is no area."""
        assert self.core is not None
        parts = shapely.get_parts(self.core)
        is_area = shapely.get_dimensions(parts) == 2  # noqa: PLR2004
        parts[is_area] = shapely.boundary(parts[is_area])
        return shapely.GeometryCollection(list(parts))

    @cached_property
    def _edges(self) -> NDArray[np.object_]:
        """The lines of the core, side by side, so that a search near a place draws few of them."""
        assert self.core is not None
        lines = shapely.get_parts(self.core)
        is_area = shapely.get_dimensions(lines) == 2  # noqa: PLR2004
        lines[is_area] = shapely.boundary(lines[is_area])
        sides: list[BaseGeometry] = []
        for line in shapely.get_parts(lines):
            at = shapely.get_coordinates(line)
            pairs = np.stack([at[:-1], at[1:]], axis=1)
            sides += [shapely.LineString(pair) for pair in pairs] if len(at) > 1 else [line]
        return shapes_of(sides)


EVERYWHERE = Extent()


def unite(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return shapes as one, so that no border between two of them is an edge."""
    return shapely.union_all(shapes_of(shapes))


def hull_extent(shapes: Iterable[BaseGeometry]) -> Extent:
    """Return what a layer covers of which nothing is said: the convex hull of its features.

    The hull is drawn in degrees; one that spans half the globe or more is nowhere, for features
    on both sides of 180° are not known to have anything between them.

    Parameters
    ----------
    shapes
        Its features, degrees.
    """
    collected = shapely.GeometryCollection(list(shapes))
    west, _, east, _ = shapely.bounds(collected)
    if not east - west < _HALF_TURN_DEG:
        return Extent(shapely.Point(), is_said=False)
    return Extent(collected.convex_hull, is_said=False)
