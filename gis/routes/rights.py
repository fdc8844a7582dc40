"""New routes along what is there: railways, roads, other lines of a plan, or streets of an extract of OpenStreetMap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from steppe.layers.errors import InputError, Problem
from steppe.layers.openers.osm_layers import OSM_LAYERS
from steppe.layers.openers.osm_streets import read_streets
from steppe.layers.wording import join, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.cost_surface import Ground
from steppe.routes.ends import End
from steppe.routing.ways.line_graph import graph_of_lines, graph_of_streets
from steppe.routing.ways.way_graph import Way, WayGraph

LAYERS = ("railways", "roads", "corridors", "power_lines")
"""Layers of a plan that routes may run along."""
_EXTRACTS = (".osm", ".xml")
_M_PER_KM = 1000.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RightsOfWay:
    """Lines that routes may run along, as a graph over the ground.

    Parameters
    ----------
    graph
        Nodes in the plane of the ground; an edge costs its length times the cost of the ground at its middle.
        What a barrier shuts costs as plain ground: the line that is there has crossed it.
    home
        Which connected part each node belongs to, shape (n,).
    ground
        The ground.
    """

    graph: WayGraph
    home: NDArray[np.int32]
    ground: Ground

    def find_nodes(self, ends: Sequence[End]) -> list[int]:
        """Return for each end the nearest node, all in the connected part that lies nearest to them together.

        Raises
        ------
        InputError
            Where two ends have one node: there is no way along these lines between them.
        """
        xy_km = self.graph.xy_km
        x, y = _to_km(self.ground, [end.lon for end in ends], [end.lat for end in ends])
        away = np.array(
            [np.hypot(xy_km[:, 0] - a, xy_km[:, 1] - b) for a, b in zip(x, y, strict=True)]
        )
        nearest = np.full((len(ends), int(self.home.max()) + 1), np.inf)
        for number, each in enumerate(away):
            np.minimum.at(nearest[number], self.home, each)
        part = int(np.argmin(nearest.max(axis=0)))
        nodes = [int(np.argmin(np.where(self.home == part, each, np.inf))) for each in away]
        shared = [end for end, node in zip(ends, nodes, strict=True) if nodes.count(node) > 1]
        if shared:
            what = tell("fault.route.one_node", names=join([end.title for end in shared]))
            where = " ".join(end.end_id for end in shared)
            raise InputError(Problem(where, what, tell("fix.route.one_node")))
        return nodes

    def place(self, way: Way, start: End, end: End) -> Floats:
        """Return longitudes and latitudes of a way with what leads to it from its ends, shape (n, 2)."""
        stops = np.column_stack(
            self.ground.grid.to_degrees(*(self.graph.xy_km[way.nodes].T * _M_PER_KM))
        )
        whole = np.concatenate([[(start.lon, start.lat)], stops, [(end.lon, end.lat)]])
        return self._break_up(whole)

    def lead_in_km(self, end: End, node: int) -> tuple[float, float]:
        """Return length and cost of the straight way from an end to a node, km and plain km."""
        x, y = (float(each) for each in _to_km(self.ground, end.lon, end.lat))
        to = self.graph.xy_km[node]
        km = float(np.hypot(to[0] - x, to[1] - y))
        at = np.linspace((x, y), to, max(int(np.ceil(km / self._cell_km)), 1) + 1)
        middles = (at[1:] + at[:-1]) / 2.0
        return km, km * float(_cost_at(self.ground, middles).mean())

    @property
    def _cell_km(self) -> float:
        return self.ground.grid.cell_m / _M_PER_KM

    def _break_up(self, places: Floats) -> Floats:
        """Break the legs of a line up, so that none is much longer than a cell."""
        x, y = _to_km(self.ground, places[:, 0], places[:, 1])
        line = shapely.segmentize(shapely.LineString(np.column_stack([x, y])), self._cell_km)
        at = shapely.get_coordinates(line) * _M_PER_KM
        return np.column_stack(self.ground.grid.to_degrees(at[:, 0], at[:, 1]))


def open_rights(inputs: Inputs, ground: Ground, over: str, *, most_km: float) -> RightsOfWay:
    """Return the lines of a layer, or the streets of an extract, over the ground that is looked at.

    Parameters
    ----------
    inputs
        What was read.
    ground
        The ground; lines outside it are not looked at.
    over
        A layer of `LAYERS`, or a file `.osm` (or `.xml`) of OpenStreetMap.
    most_km
        Longer strokes are broken up.

    Raises
    ------
    InputError
        For a layer that the plan has not, a file that is none, and where no line lies on the ground.
    """
    plane = ground.grid.crs
    try:
        if Path(over).suffix.lower() in _EXTRACTS:
            graph = graph_of_streets(read_streets(Path(over)), plane, most_km=most_km).graph
        else:
            lines = _cut_out(_take_layer(inputs, over), ground)
            graph = graph_of_lines(lines, plane, most_km=most_km).graph
    except ValueError:
        what = tell("fault.route.no_line", over=over)
        raise InputError(Problem("--over", what, tell("fix.route.no_line"))) from None
    middles = graph.xy_km[graph.ends].mean(axis=1)
    cost = graph.km * _cost_at(ground, middles)
    priced = WayGraph(graph.ends, cost, graph.km, graph.xy_km)
    n = graph.n_nodes
    links = coo_array((np.ones(len(cost)), (graph.ends[:, 0], graph.ends[:, 1])), shape=(n, n))
    _, home = connected_components(links, directed=False)
    return RightsOfWay(priced, np.asarray(home, dtype=np.int32), ground)


def _take_layer(inputs: Inputs, over: str) -> gpd.GeoDataFrame:
    there = [name for name in LAYERS if name in inputs.layers and len(inputs.layers[name])]
    if over not in there:
        fix = tell("fix.route.over", layers=join(there))
        if over in LAYERS and over in OSM_LAYERS:
            fix = tell("fix.route.fetch_lines", layer=over)
        raise InputError(Problem("--over", tell("fault.route.over", over=over), fix))
    return inputs.layers[over]


def _cut_out(lines: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    flat = gpd.GeoDataFrame(lines.to_crs(ground.grid.crs))
    # Whole lines that touch the ground: a cut would make ends where there are none.
    return gpd.GeoDataFrame(flat[flat.intersects(ground.grid.outline)])


def _cost_at(ground: Ground, xy_km: Floats) -> Floats:
    """Return what a kilometre costs at places of the plane; as plain ground where a barrier is."""
    cost = ground.cost.cost[ground.cells_at(*(xy_km.T * _M_PER_KM))]
    return np.where(np.isfinite(cost), cost, 1.0).astype(np.float64)


def _to_km(ground: Ground, lons: ArrayLike, lats: ArrayLike) -> tuple[Floats, Floats]:
    x, y = ground.grid.to_plane(lons, lats)
    return x / _M_PER_KM, y / _M_PER_KM
