"""One small region at 100, 250 and 500 m: what areas and distances may differ by follows from the cells."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS
from rasterio.windows import Window

from steppe.layers.nearest import nearest_km
from steppe.screening.areas import Areas
from steppe.screening.assembling import add_up
from steppe.screening.cell_field import CellField, Nearest, measure_cells
from steppe.screening.cell_rules import CellRule
from steppe.screening.grid import ScreenGrid
from steppe.screening.reach import Sides
from steppe.screening.result import ScreenRule
from steppe.screening.screening_run import work_tiles
from steppe.screening.tile_work import TileTask

SIZES_M = (100.0, 250.0, 500.0)
PLANE = CRS.from_proj4("+proj=aea +lat_1=40 +lat_2=44 +lat_0=42 +lon_0=111 +ellps=GRS80 +units=m")
OFF_M = 5.0  # how far an outline in the plane may lie from the one over the ground
REGION = shapely.Polygon(
    [(-9130, -7210), (2040, -9920), (8870, -3170), (9740, 6330), (1210, 4110), (-5080, 9290)]
)
SETBACKS = {
    "road": (shapely.LineString([(-12e3, -3e3), (-1e3, 1500), (3e3, -2500), (11e3, 900)]), 1170.0),
    "lake": (shapely.Point(-4000, 3000).buffer(1730.0), 830.0),
    "mast": (shapely.MultiPoint([(5100, 3300), (6100, 3900), (-7300, -5100)]), 640.0),
}


def to_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    fine = shapely.segmentize(shape, 500.0)
    return gpd.GeoSeries([fine], crs=PLANE).to_crs(4490).iloc[0]


def lay_task(cell_m: float, folder: Path) -> TileTask:
    """Hold a setback from each feature over the region, in cells of one size."""
    west, south, east, north = REGION.bounds
    left, top = np.floor(west / cell_m), np.ceil(north / cell_m)
    n_rows = int(top - np.floor(south / cell_m))
    n_columns = int(np.ceil(east / cell_m) - left)
    grid = ScreenGrid(left * cell_m, top * cell_m, cell_m, n_rows, n_columns, PLANE, REGION)
    nearest = {
        f"{name}_km": Nearest(Sides.of([to_degrees(shape)]), Areas.of([shape]), ())
        for name, (shape, _) in SETBACKS.items()
    }
    rules = [
        CellRule(
            ScreenRule(number, name, name, "hard", f"{name}_km", is_killing=True),
            "at_least", setback_m / 1000.0, "km", "", is_relaxed=False, confirmed="yes", source_id="own",
        )
        for number, (name, (_, setback_m)) in enumerate(SETBACKS.items(), start=1)
    ]  # fmt: skip
    return TileTask(CellField(grid, nearest, (), {}, None, None), tuple(rules), {}, 1.0, (), folder)


def count_km2(task: TileTask) -> dict[str, float]:
    """Return the area of the region, lost to each setback, and kept."""
    task.folder.mkdir()
    windows = [
        (int(w.col_off), int(w.row_off), int(w.width), int(w.height))
        for w in task.known.grid.windows()
    ]
    work_tiles(task, windows)
    table, whole = add_up(task, windows)
    return {"region": whole[0], "kept": whole[3], **dict(zip(SETBACKS, table[:, 0], strict=True))}


def outlined_km2(shape: shapely.Geometry, grid: ScreenGrid) -> float:
    """Return the area of the cells that the outline of a shape passes through: the most that it may be off by."""
    columns, rows = np.meshgrid(np.arange(grid.n_columns), np.arange(grid.n_rows))
    west, north = grid.west_m + columns * grid.cell_m, grid.north_m - rows * grid.cell_m
    cells = shapely.box(west, north - grid.cell_m, west + grid.cell_m, north)
    band = shapely.buffer(shapely.boundary(shape), OFF_M)
    shapely.prepare(band)
    return float(shapely.intersects(band, cells).sum()) * grid.cell_km2


@pytest.fixture(scope="module")
def tasks(tmp_path_factory) -> dict[float, TileTask]:
    folder = tmp_path_factory.mktemp("sizes")
    return {size: lay_task(size, folder / f"{size:g}") for size in SIZES_M}


def test_areas_differ_by_no_more_than_the_cells_that_outlines_pass_through(tasks) -> None:
    taken = {
        name: shapely.buffer(shape, setback_m, quad_segs=64) & REGION
        for name, (shape, setback_m) in SETBACKS.items()
    }
    classes = {"region": REGION, "kept": REGION - shapely.union_all([*taken.values()]), **taken}
    counted = {size: count_km2(task) for size, task in tasks.items()}
    for name, shape in classes.items():
        most = {size: outlined_km2(shape, task.known.grid) for size, task in tasks.items()}
        for size in SIZES_M:
            assert abs(counted[size][name] - shape.area / 1e6) <= most[size], (name, size)
        for one, other in combinations(SIZES_M, 2):
            apart = abs(counted[one][name] - counted[other][name])
            assert apart <= most[one] + most[other], (name, one, other)
        # A bound that says something: of cells of 100 m it is less than the class itself.
        assert most[100.0] < shape.area / 1e6, name


def test_distances_differ_by_no_more_than_half_diagonals(tasks) -> None:
    """A place and the middle of its cell are half a diagonal apart at most, and so are their distances."""
    rng = np.random.default_rng(5)
    places = rng.uniform(-4000.0, 4000.0, (60, 2))
    degrees = shapely.get_coordinates(to_degrees(shapely.MultiPoint(places)))
    shapes = {f"{name}_km": to_degrees(shape) for name, (shape, _) in SETBACKS.items()}
    for size, task in tasks.items():
        grid = task.known.grid
        whole = Window(0, 0, grid.n_columns, grid.n_rows)
        cells = measure_cells(task.known, whole, told=[*shapes], held={})
        columns = ((places[:, 0] - grid.west_m) / size).astype(int)
        rows = ((grid.north_m - places[:, 1]) / size).astype(int)
        half_km = (size / np.sqrt(2.0) + OFF_M) / 1000.0
        for name, shape in shapes.items():
            at_cells = cells.values[name][rows, columns]
            exact = [nearest_km(*place, np.array([shape], dtype=object)) for place in degrees]
            assert np.abs(at_cells - exact).max() <= half_km, (name, size)
