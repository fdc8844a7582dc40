"""Graphs of lines: what meets, what is parallel, how long it is; and streets of osmnx."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod
from shapely.geometry import LineString, MultiLineString, Point

from steppe.routing.ways.apart_km import Keeping
from steppe.routing.ways.apart_pair import NoPair, find_apart_pair
from steppe.routing.ways.disjoint_pair import find_disjoint_pair
from steppe.routing.ways.line_graph import graph_of_lines, graph_of_streets
from steppe.routing.ways.shortest import find_shortest

PLANE = CRS.from_epsg(32650)
GEOD = Geod(ellps="GRS80")


def _nearest(made, lon, lat):
    point = gpd.GeoSeries([Point(lon, lat)], crs=4490).to_crs(PLANE)[0]
    return made.graph.find_nearest(point.x / 1000.0, point.y / 1000.0)


def test_lines_meet_at_shared_vertices_alone():
    lines = gpd.GeoDataFrame(
        geometry=[
            LineString([(116, 40), (116.5, 40), (117, 40)]),
            MultiLineString([[(116.5, 40), (116.5, 41)], [(117, 41), (117, 40)]]),
            LineString([(116.25, 39), (116.25, 41)]),
            LineString([(116, 40), (116.5, 40)]),
            Point(116, 40),
        ],
        crs=4490,
    )
    made = graph_of_lines(lines, PLANE, cost_km=[1.0, 2.0, 1.0, 3.0, 1.0])
    assert made.graph.n_nodes == 7
    assert made.rows.tolist() == [0, 0, 1, 1, 2, 3]
    # The third line crosses the first without a vertex: no way leads over to it.
    assert find_shortest(made.graph, _nearest(made, 116, 40), _nearest(made, 116.25, 39)) is None
    way = find_shortest(made.graph, _nearest(made, 116, 40), _nearest(made, 116.5, 41))
    west_km = GEOD.inv(116, 40, 116.5, 40)[2] / 1000.0
    north_km = GEOD.inv(116.5, 40, 116.5, 41)[2] / 1000.0
    assert way.km == pytest.approx(west_km + north_km, rel=1e-8)
    assert way.cost == pytest.approx(west_km + 2.0 * north_km, rel=1e-8)
    pair = find_disjoint_pair(made.graph, _nearest(made, 116, 40), _nearest(made, 116.5, 40))
    assert (pair.first.km, pair.second.cost) == pytest.approx((west_km, 3.0 * west_km), rel=1e-8)


def test_two_railways_are_as_far_apart_as_they_are():
    """Three railways side by side from one town to another, 0, 10 and 25 km north of the straight one."""
    straight = [(x, 4.4e6) for x in (4e5, 4.3e5, 5.7e5, 6e5)]
    lines = [
        LineString([straight[0], *((x, 4.4e6 + north) for x, _ in straight[1:3]), straight[-1]])
        for north in (0.0, 10e3, 25e3)
    ]
    made = graph_of_lines(gpd.GeoDataFrame(geometry=lines, crs=PLANE), PLANE, most_km=2.0)
    graph = made.graph
    start, end = graph.find_nearest(400.0, 4400.0), graph.find_nearest(600.0, 4400.0)
    keeping = Keeping(end_zone_km=40.0, step_km=float(graph.stroke_km.max()))
    norths = {}
    for apart_km in (9.0, 14.0, 24.0, 26.0):
        found = find_apart_pair(keeping.ask(graph, start, end, apart_km))
        assert found.is_proven
        if isinstance(found, NoPair):
            norths[apart_km] = None
            continue
        assert keeping.measure(graph, found.first, found.second) >= apart_km
        norths[apart_km] = sorted(
            round(float(graph.xy_km[way.nodes, 1].max() - 4400.0), 6)
            for way in (found.first, found.second)
        )
    assert norths == {9.0: [0.0, 10.0], 14.0: [0.0, 25.0], 24.0: [0.0, 25.0], 26.0: None}


def test_lines_that_end_short_of_each_other_meet_if_asked():
    """A branch ends 300 m short of the middle of a main line, and another line 5 km off."""
    main = LineString([(0, 0), (50e3, 0), (100e3, 0)])
    branch, far = LineString([(50e3, 300), (50e3, 40e3)]), LineString([(0, 5e3), (40e3, 5e3)])
    shifted = [
        shapely.transform(each, lambda xy: xy + np.array((4e5, 4.4e6)))
        for each in (main, branch, far)
    ]
    lines = gpd.GeoDataFrame(geometry=shifted, crs=PLANE)
    for meet_km, joined in ((0.0, 0), (0.299, 0), (0.301, 1)):
        made = graph_of_lines(lines, PLANE, meet_km=meet_km, cost_km=[1.0, 2.0, 3.0])
        assert len(made.graph.cost) == 4 + joined
        start = made.graph.find_nearest(400.0, 4400.0)
        end = made.graph.find_nearest(450.0, 4440.0)
        way = find_shortest(made.graph, start, end)
        assert (way is not None) == bool(joined)
    assert made.rows[-1] == 1
    assert way.cost == pytest.approx(50.0 + 2.0 * 40.0, rel=1e-3)
    assert way.edges[1] == len(made.rows) - 1
    assert find_shortest(made.graph, start, made.graph.find_nearest(440.0, 4405.0)) is None


def test_one_way_streets_lead_both_ways():
    streets = nx.MultiDiGraph(crs="EPSG:4326")
    for node, (lon, lat) in enumerate([(116, 40), (116.01, 40), (116.01, 40.01)]):
        streets.add_node(node, x=lon, y=lat)
    streets.add_edge(0, 1, 0, osmid=1, length=850.0)
    bend = LineString([(116.01, 40.01), (116.02, 40.005), (116.01, 40)])
    streets.add_edge(2, 1, 0, osmid=2, length=2000.0, geometry=bend)
    streets.add_edge(1, 2, 0, osmid=2, length=2000.0, geometry=shapely.reverse(bend))
    made = graph_of_streets(streets, PLANE)
    assert len(made.graph.cost) == 3
    way = find_shortest(made.graph, _nearest(made, 116, 40), _nearest(made, 116.01, 40.01))
    x, y = np.array([(116, 40), (116.01, 40), (116.02, 40.005), (116.01, 40.01)]).T
    assert way.km == pytest.approx(GEOD.line_length(x, y) / 1000.0, rel=1e-6)
    back = find_shortest(made.graph, _nearest(made, 116.01, 40.01), _nearest(made, 116, 40))
    assert back.km == way.km


def test_lines_that_make_no_graph_are_refused():
    line = LineString([(116, 40), (117, 40)])
    with pytest.raises(ValueError, match="no CRS"):
        graph_of_lines(gpd.GeoDataFrame(geometry=[line]), PLANE)
    with pytest.raises(ValueError, match="not a plane"):
        graph_of_lines(gpd.GeoDataFrame(geometry=[line], crs=4490), CRS.from_epsg(4490))
    with pytest.raises(ValueError, match="no line"):
        graph_of_lines(gpd.GeoDataFrame(geometry=[Point(1, 1)], crs=4490), PLANE)
    with pytest.raises(ValueError, match="narrower than a step"):
        Keeping(end_zone_km=1.0, step_km=2.0)
