"""Ways along the railway layer, and lines through ordered stations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from steppe.layers.crs import GEOD, lonlats

RAILWAYS = Path("transport/ne_10m_railroads.gpkg")
STATIONS = Path("transport/osm_railway_stations_2025.gpkg")

_SNAP_DIGITS = 3  # vertices closer than about 100 m are one; the tiles' grid is 38 m
_WELD_KM = 2.0  # loose ends closer than this are joined: the layer's own accuracy
_KM_PER_DEG = 111.2
CITY_KM = 8.0  # an exchange may lie anywhere in its city

Lonlat = tuple[float, float]


def _km(a: Lonlat, b: Lonlat) -> float:
    return float(GEOD.inv(a[0], a[1], b[0], b[1])[2]) / 1000.0


class RailGraph:
    """The railway layer as a graph of its vertices, welded where loose ends nearly meet."""

    def __init__(self, lines: gpd.GeoSeries) -> None:
        graph: nx.Graph[Lonlat] = nx.Graph()
        for line in lines.explode(index_parts=False):
            points = [
                (round(lon, _SNAP_DIGITS), round(lat, _SNAP_DIGITS)) for lon, lat in line.coords
            ]
            for a, b in pairwise(points):
                if a != b:
                    graph.add_edge(a, b, km=_km(a, b))
        self._graph = graph
        self._points: list[Lonlat] = sorted(graph.nodes)
        middle = float(np.mean([lat for _, lat in self._points]))
        self._scale = np.array([np.cos(np.radians(middle)), 1.0]) * _KM_PER_DEG
        self._tree = cKDTree(np.array(self._points) * self._scale)
        self._weld()

    def _weld(self) -> None:
        loose = sorted(point for point, degree in self._graph.degree if degree == 1)
        for point in loose:
            for index in sorted(
                self._tree.query_ball_point(np.array(point) * self._scale, _WELD_KM)
            ):
                other = self._points[index]
                if other != point and not self._graph.has_edge(point, other):
                    self._graph.add_edge(point, other, km=_km(point, other))

    def nearest(self, point: Lonlat) -> Lonlat:
        """Return the vertex nearest to a point."""
        return self._points[int(self._tree.query(np.array(point) * self._scale)[1])]

    def way(self, stops: Sequence[Lonlat]) -> LineString:
        """Return the shortest way through the stops in order; the stops are its ends.

        Inside the cities at its ends, within `CITY_KM`, the line is straight.

        Raises
        ------
        networkx.NetworkXNoPath
            When two stops are not joined by the layer.
        """
        points: list[Lonlat] = []
        for a, b in pairwise(stops):
            points += nx.shortest_path(self._graph, self.nearest(a), self.nearest(b), weight="km")
        points = _from_city(without_detours(points), stops[0])
        points = _from_city(points[::-1], stops[-1])[::-1]
        return LineString(points)


def _from_city(points: list[Lonlat], end: Lonlat) -> list[Lonlat]:
    """Join an end straight to the way where the way leaves its city, without rounds in it."""
    near = max(CITY_KM, _km(points[0], end))
    last = max(place for place, point in enumerate(points) if _km(point, end) <= near)
    return [end, *points[last:]] if points[last] != end else points[last:]


def without_detours(points: Sequence[Lonlat]) -> list[Lonlat]:
    """Drop every stretch that comes back to a vertex it had been at: spurs and circles.

    Examples
    --------
    >>> without_detours([(0, 0), (1, 0), (1, 1), (1, 0), (2, 0)])
    [(0, 0), (1, 0), (2, 0)]
    """
    kept: list[Lonlat] = []
    for point in points:
        if point in kept:
            del kept[kept.index(point) + 1 :]
        else:
            kept.append(point)
    return kept


def read_rail_graph(folder: Path) -> RailGraph:
    """Read the railway layer of the input folder."""
    return RailGraph(gpd.read_file(folder / RAILWAYS).geometry)


def read_station_points(folder: Path) -> dict[str, list[Lonlat]]:
    """Read the railway stations: name to the points that bear it."""
    stations = gpd.read_file(folder / STATIONS)
    points: dict[str, list[Lonlat]] = {}
    for name, place in zip(stations["name"], lonlats(stations.geometry), strict=True):
        if isinstance(name, str):
            points.setdefault(name, []).append(place)
    return {name: sorted(found) for name, found in points.items()}


def through_stations(
    ends: tuple[Lonlat, Lonlat],
    via: Sequence[str | Lonlat],
    stations: dict[str, list[Lonlat]],
) -> LineString:
    """Join the ends straight through named stations, in order.

    Where several stations bear a name, the one nearest to the point before it is meant.

    Raises
    ------
    KeyError
        For a station that the layer does not name.
    """
    points: list[Lonlat] = [ends[0]]
    for stop in via:
        here = points[-1]
        points.append(
            min(stations[stop], key=lambda at, here=here: _km(here, at))  # type: ignore[misc]
            if isinstance(stop, str)
            else stop
        )
    return LineString([*points, ends[1]])


def joined(lines: Sequence[LineString]) -> LineString:
    """Chain lines that meet end to end, turning each as needed.

    Raises
    ------
    ValueError
        When two lines that follow each other do not meet.
    """
    chain = list(lines[0].coords)
    for position, line in enumerate(lines[1:], start=1):
        coords = list(line.coords)
        if position == 1 and chain[-1] not in {coords[0], coords[-1]}:
            chain.reverse()
        if chain[-1] == coords[-1]:
            coords.reverse()
        if chain[-1] != coords[0]:
            msg = f"line {position} does not begin where the one before it ends"
            raise ValueError(msg)
        chain += coords[1:]
    return shapely.LineString(chain)
