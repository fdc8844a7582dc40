"""Lines moved to a grid: what stays of the true one, and what does not."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from steppe.layers.crs import WORKING_CRS, albers
from steppe.layers.generalising import Grid

CRS = albers((105.0, 37.0, 121.0, 46.0))
TO_METRES = Transformer.from_crs(WORKING_CRS, CRS, always_xy=True)
TO_DEGREES = Transformer.from_crs(CRS, WORKING_CRS, always_xy=True)

places = st.tuples(st.floats(108.0, 112.0), st.floats(39.0, 42.0))
ways = st.lists(places, min_size=2, max_size=8, unique=True)
widths = st.floats(300.0, 50_000.0)


def metres(line) -> shapely.LineString:
    at = shapely.get_coordinates(shapely.segmentize(line, 0.05))
    return shapely.LineString(np.column_stack(TO_METRES.transform(*at.T)))


def degrees(*at: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(np.column_stack(TO_DEGREES.transform(*np.array(at).T)))


def move(line, width_m: float, nodes=()) -> shapely.LineString:
    at = np.array(nodes, dtype=float).reshape(-1, 2)
    grid = Grid(CRS, width_m, shapely.get_coordinates(line), at)
    (moved,) = grid.move_lines(np.array([line], dtype=object))
    return moved


@settings(max_examples=25)
@given(ways, st.floats(2000.0, 50_000.0))
def test_a_moved_line_lies_on_the_grid_and_near_the_true_one(way, width_m):
    line = shapely.LineString(way)
    moved = move(line, width_m)
    at = np.column_stack(TO_METRES.transform(*shapely.get_coordinates(moved).T)) / width_m
    assert np.abs(at - np.rint(at)).max() < 1e-5
    drawn, true = metres(moved), metres(line)
    # A cell's far corner, and one cell more where its middle is a true vertex.
    assert shapely.hausdorff_distance(drawn, true, densify=0.05) < 3.0 * width_m


@settings(max_examples=25)
@given(ways, widths)
def test_no_true_vertex_is_told_but_the_ends_at_nodes(way, width_m):
    line = shapely.LineString(way)
    moved = move(line, width_m, nodes=(way[0], way[-1]))
    told = {tuple(each) for each in np.round(shapely.get_coordinates(moved), 4).tolist()}
    true = {tuple(each) for each in np.round(np.array(way), 4).tolist()}
    ends = {tuple(each) for each in np.round(np.array([way[0], way[-1]]), 4).tolist()}
    assert told & true <= ends
    assert shapely.get_coordinates(moved)[[0, -1]].tolist() == [list(way[0]), list(way[-1])]


def test_lines_in_one_trench_stay_on_one_way_wherever_they_begin():
    trench = [(20_000.0 + 3100.0 * k, 300_000.0 + 1900.0 * k + 700.0 * (k % 3)) for k in range(40)]
    one = move(degrees(*trench), 1000.0)
    other = move(degrees((31_234.0, 250_000.0), *trench[5:35], (180_000.0, 420_000.0)), 1000.0)
    shared = [tuple(each) for each in shapely.get_coordinates(one).tolist()]
    joining = {tuple(each) for each in shapely.get_coordinates(other).tolist()}
    middle = [
        each for each in shared if trench[6][0] < TO_METRES.transform(*each)[0] < trench[33][0]
    ]
    assert len(middle) > 20
    assert set(middle) <= joining


def test_the_middle_of_a_cell_that_is_a_true_vertex_is_not_told():
    line = degrees((0.0, 0.0), (5000.0, 0.0), (10_000.0, 3000.0))
    told = shapely.get_coordinates(metres(move(line, 1000.0)))
    for true in ((0.0, 0.0), (5000.0, 0.0), (10_000.0, 3000.0)):
        assert np.hypot(*(told - true).T).min() > 900.0


def test_two_true_lines_through_the_same_cells_are_told_alike():
    wide = degrees((100.0, 90.0), (4300.0, 120.0), (8100.0, -310.0))
    narrow = degrees((-240.0, 10.0), (2000.0, -410.0), (7900.0, 330.0))
    hidden = np.empty((0, 2))
    grid = Grid(CRS, 1000.0, hidden, hidden)
    one, other = grid.move_lines(np.array([wide, narrow], dtype=object))
    assert one.equals_exact(other)


@pytest.mark.parametrize("width_m", [100.0, 1000.0, 100_000.0])
def test_a_line_within_one_cell_is_still_a_line(width_m):
    line = degrees((100_010.0, 300_004.0), (100_030.0, 300_009.0))
    assert metres(move(line, width_m)).length == pytest.approx(width_m, rel=1e-3)


def test_a_line_over_180_is_still_cut_there():
    crs = albers((170.0, 40.0, -170.0, 55.0))
    line = shapely.MultiLineString(
        [[(176.0, 50.0), (180.0, 51.0)], [(-180.0, 51.0), (-175.0, 52.0)]]
    )
    grid = Grid(crs, 5000.0, shapely.get_coordinates(line), np.empty((0, 2)))
    (moved,) = grid.move_lines(np.array([line], dtype=object))
    lon = shapely.get_coordinates(moved)[:, 0]
    legs = [np.abs(np.diff(shapely.get_coordinates(part)[:, 0])).max() for part in moved.geoms]
    assert (np.abs(lon) <= 180.0).all()
    assert max(legs) < 10.0


def test_points_go_to_the_middle_of_their_cell():
    grid = Grid(CRS, 1000.0, np.empty((0, 2)), np.empty((0, 2)))
    at = np.array([(10_499.0, 20_400.0), (-600.0, 510.0)])
    points = shapely.points(np.column_stack(TO_DEGREES.transform(*at.T)))
    moved = shapely.get_coordinates(grid.move_points(points))
    assert np.column_stack(TO_METRES.transform(*moved.T)) == pytest.approx(
        np.array([(10_000.0, 20_000.0), (-1000.0, 1000.0)]), abs=1e-3
    )
