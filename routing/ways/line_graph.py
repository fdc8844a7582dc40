"""Graphs of lines: railways of a layer, or streets as osmnx reads them."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Geod, Transformer
from scipy.sparse import coo_array
from scipy.spatial import KDTree

from steppe.routing.ways.way_graph import WayGraph, Whole

_GEOD = Geod(ellps="GRS80")
_LONLAT = CRS.from_epsg(4490)
_PER_M = 100.0  # vertices that are the same to the centimetre are one node


@dataclass(frozen=True, eq=False)
class LineGraph:
    """A graph, and the lines that it was made of.

    Parameters
    ----------
    graph
        Every vertex is a node, every stroke between two an edge.
    rows
        Which line each edge lies on, or leads on from to another, by its place in the table, shape (m,).
    plane
        That the nodes lie in.
    """

    graph: WayGraph
    rows: Whole
    plane: CRS


def graph_of_lines(
    lines: gpd.GeoDataFrame,
    plane: CRS,
    *,
    cost_km: ArrayLike = 1.0,
    most_km: float = np.inf,
    meet_km: float = 0.0,
) -> LineGraph:
    """Make a graph of lines, which meet where they share a vertex.

    Lines that cross without a vertex in common do not meet: a bridge is no junction.  But lines that are
    drawn coarsely end short of each other: with `meet_km` the end of a line that leads on nowhere is joined
    with the nearest vertex of another line, at the cost of its own, if that lies within so many km.  Two lines on the
    same vertices are parallel edges.  Lengths are geodesic on GRS80 between the vertices.

    Parameters
    ----------
    lines
        LineStrings and MultiLineStrings; other rows have no edges.
    plane
        Projected CRS, m, in which distances are measured.
    cost_km
        What a kilometre costs, of all lines or of each, shape (rows,).
    most_km
        Longer strokes are cut into equal ones, so that what keeps its distance is told node by node.
    meet_km
        How far the end of a line may lie from the line that it leads to, for instance as the lines are true.

    Raises
    ------
    ValueError
        Where the lines have no CRS, the plane is none, or no line is left.
    """
    if lines.crs is None:
        msg = "the lines have no CRS"
        raise ValueError(msg)
    if not plane.is_projected:
        msg = f"{plane.name} is not a plane"
        raise ValueError(msg)
    shapes, rows = shapely.get_parts(np.asarray(lines.geometry.to_crs(plane)), return_index=True)
    is_line = (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & (
        shapely.get_num_coordinates(shapes) > 1
    )
    shapes, rows = shapes[is_line], rows[is_line]
    if len(shapes) == 0:
        msg = "there is no line among them"
        raise ValueError(msg)
    if np.isfinite(most_km):
        shapes = shapely.segmentize(shapes, most_km * 1000.0)
    places, of_shape = shapely.get_coordinates(shapes, return_index=True)
    # As complex numbers whole places are compared at once.
    whole = np.round(places * _PER_M)
    _, seen, node = np.unique(
        whole[:, 0] + 1j * whole[:, 1], return_index=True, return_inverse=True
    )
    is_stroke = (of_shape[:-1] == of_shape[1:]) & (node[:-1] != node[1:])
    ends = np.column_stack((node[:-1][is_stroke], node[1:][is_stroke]))
    xy_m = places[seen]
    of_row = rows[of_shape[:-1][is_stroke]]
    if meet_km > 0.0:
        joints, joint_rows = _find_joints(ends, of_row, xy_m, meet_km * 1000.0)
        ends, of_row = np.concatenate((ends, joints)), np.concatenate((of_row, joint_rows))
    lon, lat = Transformer.from_crs(plane, _LONLAT, always_xy=True).transform(*xy_m.T)
    _, _, metres = _GEOD.inv(lon[ends[:, 0]], lat[ends[:, 0]], lon[ends[:, 1]], lat[ends[:, 1]])
    km = np.asarray(metres) / 1000.0
    price = np.broadcast_to(np.asarray(cost_km, dtype=np.float64), (len(lines),))[of_row]
    return LineGraph(WayGraph(ends, km * price, km, xy_m / 1000.0), of_row, plane)


def _find_joints(
    ends: Whole, rows: Whole, xy_m: NDArray[np.float64], meet_m: float
) -> tuple[Whole, Whole]:
    """Return edges from ends that lead on nowhere to the nearest nodes of other lines, and the ends' lines."""
    times = np.bincount(ends.ravel(), minlength=len(xy_m))
    places = np.flatnonzero(times[ends.ravel()] == 1)
    loose, of_loose = ends.ravel()[places], rows[places // 2]
    touches = coo_array(
        (np.ones(2 * len(rows), dtype=np.bool_), (ends.ravel(), np.repeat(rows, 2))),
        shape=(len(xy_m), int(rows.max()) + 1),
    ).tocsr()
    tree = KDTree(xy_m)
    joints, joint_rows = [], []
    for node, row in zip(loose.tolist(), of_loose.tolist(), strict=True):
        near = np.sort(np.asarray(tree.query_ball_point(xy_m[node], meet_m), dtype=np.int64))
        others = near[~touches[near, row].toarray().ravel()]
        if len(others):
            away_m = np.hypot(*(xy_m[others] - xy_m[node]).T)
            joints.append((node, int(others[np.argmin(away_m)])))
            joint_rows.append(row)
    return np.array(joints, dtype=np.int64).reshape(-1, 2), np.array(joint_rows, dtype=np.int64)


def graph_of_streets(
    streets: nx.MultiDiGraph[int],
    plane: CRS,
    *,
    cost_km: ArrayLike = 1.0,
    most_km: float = np.inf,
) -> LineGraph:
    """Make a graph of streets as `osmnx.graph_from_xml` or `osmnx.graph_from_bbox` read them.

    A cable runs along a street either way, so one-way streets are edges as others are.

    Parameters
    ----------
    streets
        Nodes with x and y, edges with or without geometry, in the CRS that `streets.graph` names.
    plane, cost_km, most_km
        See `graph_of_lines`; the rows are those of `osmnx.graph_to_gdfs` of the undirected graph.

    Raises
    ------
    ValueError
        As `graph_of_lines` does.
    """
    import osmnx  # noqa: PLC0415 (it loads slowly)

    edges = osmnx.graph_to_gdfs(osmnx.convert.to_undirected(streets), nodes=False)
    return graph_of_lines(edges, plane, cost_km=cost_km, most_km=most_km)
