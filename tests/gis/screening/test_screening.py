"""A screening of a degree square: areas, clauses, what is not known, and what is stopped and resumed."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from rasterio.features import rasterize
from rasterio.windows import Window

from steppe.layers.crs import GEOD, to_earth_km
from steppe.layers.errors import InputError
from steppe.layers.nearest import nearest_km
from steppe.screening import screening_run
from steppe.screening.areas import Areas
from steppe.screening.cell_rules import tally
from steppe.screening.grid import PARTS, ScreenGrid, lay_screen
from steppe.screening.reach import Sides, find_nearest_km, rank_nearest, sum_within
from steppe.screening.screening_run import screen

SQUARE = shapely.box(110.0, 40.0, 111.0, 41.0)


@pytest.fixture(scope="module")
def by_cell(plan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    sizes = (1000.0, 500.0, 250.0)
    return {size: screen(plan.inputs, folder / f"{size:g}", cell_m=size) for size in sizes}


def read_lost(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "area_lost.csv").open(encoding="utf-8", newline="") as file:
        return {row["rule_id"]: row for row in csv.DictReader(file)}


def geodesic_km2(shape: shapely.Polygon) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.segmentize(shape, 0.001))[0]) / 1e6


def test_the_region_has_its_area_on_the_ellipsoid(done) -> None:
    assert done.record["area_km2"]["region"] == pytest.approx(geodesic_km2(SQUARE), rel=1e-3)


def test_setbacks_are_true_kilometres_also_from_outside_the_region(by_cell) -> None:
    lost = read_lost(by_cell[250.0].folder)
    # 4 km round the middle line, and what the outer one lends of its 2 km beyond the edge.
    away_km = GEOD.inv(111.0, 40.5, 111.0118, 40.5)[2] / 1000.0
    high_km = GEOD.inv(110.5, 40.0, 110.5, 41.0)[2] / 1000.0
    expected = (4.0 + 2.0 - away_km) * high_km
    assert float(lost["rail"]["lost_km2"]) == pytest.approx(expected, rel=0.02)
    assert float(lost["rail"]["alone_km2"]) == pytest.approx(expected, rel=0.02)
    assert lost["rail"]["kills"] == "yes"


def test_a_clause_without_a_layer_kills_nothing_and_is_unknown_with_its_reason(done) -> None:
    steep = read_lost(done.folder)["steep"]
    region = done.record["area_km2"]["region"]
    assert float(steep["lost_km2"]) == 0.0
    assert float(steep["unknown_km2"]) == pytest.approx(region, abs=0.01)
    assert "slope_deg" in steep["reason_en"]
    # What nobody knows clears no cell.
    assert done.record["area_km2"]["kept"] == 0.0


def test_areas_agree_from_cell_to_cell(by_cell) -> None:
    found = {}
    for cell_m, done in by_cell.items():
        lost = read_lost(done.folder)
        found[cell_m] = {name: float(lost[name]["lost_km2"]) for name in ("rail", "lake")}
        found[cell_m]["region"] = done.record["area_km2"]["region"]
    for name, finest in found[250.0].items():
        bound = {"region": 2e-4, "rail": 0.06, "lake": 0.06}[name]
        assert found[500.0][name] == pytest.approx(finest, rel=bound)
        assert found[1000.0][name] == pytest.approx(finest, rel=2 * bound)


def test_the_cell_under_a_park_has_the_parks_measure(plan, done) -> None:
    to_metres = Transformer.from_crs("EPSG:4490", done.crs_wkt, always_xy=True)
    column, row = ~done.transform * to_metres.transform(110.3, 40.3)
    cell = float(done.open("grid_220_km")[int(row), int(column)])
    measures = plan.measures.set_index("measure_id")["value"]
    half_diagonal_km = done.cell_m / 2000.0 * 2**0.5
    assert cell == pytest.approx(float(measures["grid_220_km"]), abs=half_diagonal_km)


def test_relaxing_a_rule_gives_back_what_it_takes_alone(plan, done, tmp_path) -> None:
    relaxed = screen(plan.inputs, tmp_path / "out", relax=("rail",))
    before, after = done.record["area_km2"]["lost"], relaxed.record["area_km2"]["lost"]
    alone = float(read_lost(done.folder)["rail"]["alone_km2"])
    assert before - after == pytest.approx(alone, abs=0.01)
    assert read_lost(relaxed.folder)["rail"]["kills"] == "relaxed"
    with pytest.raises(InputError, match="moon"):
        screen(plan.inputs, tmp_path / "other", relax=("moon",))
    assert not (tmp_path / "other" / "screening.json").exists()


def list_bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_stopped_goes_on_and_comes_to_the_same_bytes(plan, tmp_path, monkeypatch) -> None:
    whole = screen(plan.inputs, tmp_path / "whole", cell_m=300.0)
    asked: list[object] = []
    work = screening_run.work_tile

    def stop(task, window):
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(window)
        return work(task, window)

    monkeypatch.setattr(screening_run, "cpu_count", lambda: 1)
    monkeypatch.setattr(screening_run, "work_tile", stop)
    with pytest.raises(KeyboardInterrupt):
        screen(plan.inputs, tmp_path / "cut", cell_m=300.0)
    (parts,) = (tmp_path / "cut").glob(".parts-*")
    kept = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.tif")}
    assert len(kept) == 2
    # Half a file of a killed process is none.
    shutil.copy(parts / min(kept), parts / ".half.1.tif")
    again: list[str] = []
    monkeypatch.setattr(
        screening_run, "work_tile", lambda task, window: again.append(work(task, window))
    )
    screen(plan.inputs, tmp_path / "cut", cell_m=300.0)
    assert len(again) > 2
    assert list_bytes(tmp_path / "cut") == list_bytes(whole.folder)


@pytest.mark.parametrize("has_dask", [False, True])
def test_a_scheduler_without_dask_or_that_is_not_there_is_one_line(
    plan, tmp_path, monkeypatch, has_dask
) -> None:
    words = "does not answer"
    if has_dask:
        pytest.importorskip("distributed")
        monkeypatch.setattr(screening_run, "ANSWER_S", 0.2)
    else:
        monkeypatch.setitem(sys.modules, "distributed", None)
        words = "pip install"
    with pytest.raises(InputError, match=words) as told:
        screen(plan.inputs, tmp_path, scheduler="tcp://127.0.0.1:9")
    assert len(str(told.value).splitlines()) == 1


def test_a_cell_of_another_size_than_can_be_is_one_line(plan) -> None:
    for cell_m in (0.0, -1.0, 9.99, 1e9, float("nan")):
        with pytest.raises(InputError, match="--cell-m"):
            lay_screen(plan.inputs, cell_m)


def test_ten_billion_cells_have_their_places(plan) -> None:
    grid = lay_screen(plan.inputs, 2000.0)
    great = ScreenGrid(0.0, 3e6, 30.0, 100_000, 100_000, grid.crs, shapely.box(0, 0, 3e6, 3e6))
    last = list(great.windows())[-1]
    assert great.bounds(last)[1] == 0.0
    assert (great.bounds(last)[2], last.row_off + last.height) == (3e6, 100_000)


@pytest.mark.parametrize("cell_m", [10.0, 250.0, 20_000.0])
def test_middles_are_where_proj_has_them(plan, cell_m) -> None:
    """Of a whole tile, in the plan's projection."""
    crs = lay_screen(plan.inputs, 2000.0).crs
    side = 256 * cell_m
    grid = ScreenGrid(0.0, 2e5, cell_m, 256, 256, crs, shapely.box(0, 2e5 - side, side, 2e5))
    lons, lats, at = grid.middles(Window(0, 0, 256, 256))
    to_degrees = Transformer.from_crs(crs, "EPSG:4490", always_xy=True)
    for row, column in ((0, 0), (3, 250), (100, 77), (255, 128), (254, 255)):
        x, y = (column + 0.5) * cell_m, 2e5 - (row + 0.5) * cell_m
        told = lons[row, column], lats[row, column]
        assert told == pytest.approx(to_degrees.transform(x, y), abs=1e-8)
        exact = to_earth_km(*(np.array([each]) for each in told))[0]
        assert at[row, column] == pytest.approx(exact, abs=1e-6)


PLACES = st.tuples(st.floats(108.0, 113.0), st.floats(38.0, 43.0))


@settings(max_examples=25, deadline=None)
@given(
    points=st.lists(PLACES, min_size=1, max_size=12),
    lines=st.lists(st.lists(PLACES, min_size=2, max_size=4, unique=True), max_size=4),
    side=st.integers(3, 40),
)
def test_distances_over_cells_are_those_of_points(points, lines, side) -> None:
    shapes = [shapely.Point(*each) for each in points] + [shapely.LineString(x) for x in lines]
    lons, lats = np.meshgrid(np.linspace(110.0, 111.0, side), np.linspace(41.0, 40.0, side))
    cells = to_earth_km(lons.ravel(), lats.ravel()).reshape(side, side, 3)
    found = find_nearest_km(cells, Sides.of(shapes), np.ones((side, side), dtype=bool))
    for at in ((0, 0), (side // 2, side // 3), (side - 1, side - 1)):
        exact = nearest_km(lons[at], lats[at], np.array(shapes, dtype=object))
        assert found[at] == pytest.approx(exact, rel=1e-5, abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(
    points=st.lists(PLACES, min_size=1, max_size=12),
    lines=st.lists(st.lists(PLACES, min_size=2, max_size=4, unique=True), max_size=4),
    side=st.integers(3, 70),
    within_km=st.lists(st.floats(-1.0, 300.0), min_size=1, max_size=3),
    at_most_km=st.sampled_from([100.0, np.inf]),
)
def test_what_is_told_between_thresholds_is_what_distances_tell(
    points, lines, side, within_km, at_most_km
) -> None:
    shapes = [shapely.Point(*each) for each in points] + [shapely.LineString(x) for x in lines]
    lons, lats = np.meshgrid(np.linspace(110.0, 111.0, side), np.linspace(41.0, 40.0, side))
    cells = to_earth_km(lons.ravel(), lats.ravel()).reshape(side, side, 3)
    sides, asked = Sides.of(shapes), lons < 110.7
    km = find_nearest_km(cells, sides, np.ones((side, side), dtype=bool))
    km[km >= at_most_km] = np.inf
    told = rank_nearest(cells, sides, asked, within_km=within_km, at_most_km=at_most_km)
    for each in within_km:
        sure = asked & (np.abs(km - min(each, at_most_km)) > 1e-6)
        np.testing.assert_array_equal(told.is_nearer(each)[sure], km[sure] < each)
        np.testing.assert_array_equal(told.is_farther(each)[sure], km[sure] > each)
    # What lies on them is nearer than what is more than nothing, and no farther than that.
    told.put_on(asked)
    assert told.is_nearer(within_km[0])[asked].all() == (within_km[0] > 0.0)
    assert told.is_farther(within_km[0])[asked].any() == (within_km[0] < 0.0)


@settings(max_examples=25, deadline=None)
@given(
    places=st.lists(
        st.tuples(st.floats(-4e3, 3e4), st.floats(-3e4, 4e3), st.floats(10.0, 2e4), st.booleans()),
        min_size=1,
        max_size=8,
    )
)
def test_middles_in_areas_are_those_that_shapely_has_in_them(places) -> None:
    """Areas that overlap and hold others, with holes, in, over and outside the edge of the window."""
    shapes = []
    for x, y, size, has_hole in places:
        disc = shapely.Point(x, y).buffer(size, quad_segs=3)
        shapes.append(disc - shapely.Point(x, y + size / 5).buffer(size / 3) if has_hole else disc)
    shapes.append(
        shapely.MultiPolygon([shapely.box(0, -9e3, 2e3, -5e3), shapely.box(3e3, -9e3, 4e3, 0)])
    )
    grid = ScreenGrid(0.0, 0.0, 300.0, 90, 80, CRS.from_epsg(8857), shapely.box(0, 0, 1, 1))
    window = Window(3, 5, 70, 80)
    west, _, _, north = grid.bounds(window)
    x, y = np.meshgrid(west + 150.0 + 300.0 * np.arange(70), north - 150.0 - 300.0 * np.arange(80))
    expected = shapely.contains_xy(shapely.union_all(shapes), x, y)
    np.testing.assert_array_equal(grid.find_inside(Areas.of(shapes), window), expected)


@given(
    st.lists(st.tuples(st.floats(-5e3, 2.5e4), st.floats(-2.5e4, 5e3)), min_size=3, max_size=12),
    st.booleans(),
)
def test_the_part_of_a_cell_in_a_region_is_that_which_gdal_burns(corners, has_hole) -> None:
    shape = shapely.MultiPoint(corners).convex_hull
    if has_hole:
        shape = shape - shape.centroid.buffer(1e3)
    grid = ScreenGrid(0.0, 0.0, 300.0, 70, 80, CRS.from_epsg(8857), shape)
    window = Window(3, 5, 50, 60)
    west, _, _, north = grid.bounds(window)
    side = grid.cell_m / PARTS
    size = 60 * PARTS, 50 * PARTS
    burnt = np.zeros(size, dtype="uint8")
    if shapely.get_dimensions(shape) == 2:
        to_map = Affine(side, 0.0, west, 0.0, -side, north)
        burnt = rasterize([(shape, 1)], out_shape=size, transform=to_map, dtype="uint8")
    expected = burnt.reshape(60, PARTS, 50, PARTS).sum(axis=(1, 3), dtype=int) / PARTS**2
    np.testing.assert_array_equal(grid.fractions(window), expected.astype(np.float32))


def test_amounts_within_a_distance_are_those_of_geodesics() -> None:
    rng = np.random.default_rng(3)
    lons, lats = rng.uniform(108.5, 112.5, 200), rng.uniform(38.5, 42.5, 200)
    amounts = rng.integers(1, 50, (200, 1)).astype(float)
    at_lon, at_lat = np.meshgrid(np.linspace(110.0, 111.0, 30), np.linspace(41.0, 40.0, 30))
    cells = to_earth_km(at_lon.ravel(), at_lat.ravel()).reshape(30, 30, 3)
    found = sum_within(cells, to_earth_km(lons, lats), amounts, 100.0)
    for row, column in ((0, 0), (7, 19), (29, 29), (15, 2)):
        full = np.full(200, at_lon[row, column]), np.full(200, at_lat[row, column])
        metres = GEOD.inv(*full, lons, lats)[2]
        assert found[row, column, 0] == amounts[metres <= 100_000.0].sum()


@given(
    st.lists(st.lists(st.sampled_from("ku."), min_size=6, max_size=6), min_size=1, max_size=5),
    st.data(),
)
def test_the_accounting_counts_each_cell_once(states, data) -> None:
    killing = data.draw(st.lists(st.booleans(), min_size=len(states), max_size=len(states)))
    parts = np.array([[64, 32, 0], [1, 64, 64]])
    held = np.array(states).reshape(len(states), 2, 3)
    table, whole, code = tally([*(held == "k")], [*(held == "u")], killing, parts)
    region, lost, unknown, kept = whole.tolist()
    assert region == parts.sum() == lost + unknown + kept
    for number in range(len(states)):
        alone = jointly = 0
        for cell in np.ndindex(2, 3):
            others = [o for o in range(len(states)) if o != number and killing[o]]
            if held[(number, *cell)] == "k":
                is_joint = any(held[(o, *cell)] == "k" for o in others)
                jointly, alone = (
                    jointly + parts[cell] * is_joint,
                    alone + parts[cell] * (not is_joint),
                )
        assert table[number, 1:3].tolist() == [alone, jointly]
        assert table[number, 0] == alone + jointly
    for cell in np.ndindex(2, 3):
        first = [o + 1 for o in range(len(states)) if killing[o] and held[(o, *cell)] == "k"]
        assert code[cell] == (first[0] if first else 0)


def test_a_plan_without_an_outline_of_its_region_is_one_line(plan) -> None:
    layers = {**plan.inputs.layers, "boundaries": plan.inputs.layers["boundaries"].iloc[:0]}
    with pytest.raises(InputError, match=r"region\.boundary_id"):
        lay_screen(replace(plan.inputs, layers=layers), 1000.0)


def test_what_is_killed_outright_goes_on_and_comes_to_the_same_bytes(plan, tmp_path) -> None:
    whole = screen(plan.inputs, tmp_path / "whole", cell_m=300.0)
    out, work = tmp_path / "killed", screening_run.work_tile
    child = os.fork()
    if child == 0:
        done: list[str] = []

        def die_at_the_third(task, window) -> str:
            if len(done) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            done.append(work(task, window))
            return done[-1]

        screening_run.cpu_count = lambda: 1
        screening_run.work_tile = die_at_the_third
        try:
            screen(plan.inputs, out, cell_m=300.0)
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert not (out / "screening.json").exists()
    (parts,) = out.glob(".parts-*")
    assert len(list(parts.glob("[0-9]*.tif"))) == 2
    screen(plan.inputs, out, cell_m=300.0)
    assert list_bytes(out) == list_bytes(whole.folder)
