"""Grids in a screening: one that cannot be used is one line, what one does not tell is unknown with its reason."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import steppe
from steppe.layers.errors import InputError
from steppe.screening.result import Screening
from steppe.screening.screening_run import screen

SIDE_DEG = 1.4


def save_slope(path: Path, step: float = 0.1, crs: str = "EPSG:4490", **changes: float) -> None:
    """Write 10° west of 110.5, 1° east of it; nothing is known north of `unknown_from`."""
    corner = changes.get("west", 109.8), changes.get("north", 41.2)
    rows, columns = round(SIDE_DEG / step), round(SIDE_DEG / step)
    lons, lats = np.meshgrid(
        corner[0] + (np.arange(columns) + 0.5) * step, corner[1] - (np.arange(rows) + 0.5) * step
    )
    values = np.where(lons < 110.5, 10.0, 1.0).astype(np.float32)
    values[lats > changes.get("unknown_from", 90.0)] = np.nan
    place = {"crs": crs, "transform": from_origin(*corner, step, step), "nodata": np.nan}
    size = {"width": columns, "height": rows, "count": 1, "dtype": "float32"}
    with rasterio.open(path, "w", driver="GTiff", **size, **place) as out:
        out.write(values, 1)


@pytest.fixture
def folder(plan_folder, tmp_path) -> Path:
    """The plan of a degree square, with a grid of slopes."""
    folder = tmp_path / "plan"
    shutil.copytree(plan_folder, folder)
    table = '\n[rasters.slope]\nfile = "slope.tif"\ntitle_zh = "坡度"\ntitle_en = "Slope"\n'
    with (folder / "plan.toml").open("a", encoding="utf-8") as plan:
        plan.write(f'{table}unit = "°"\nsource_id = "own"\n')
    return folder


def read_steep(done: Screening) -> tuple[float, float, dict[str, str]]:
    """Return km2 that the clause takes and does not know, and its row."""
    with (done.folder / "area_lost.csv").open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["rule_id"] == "steep")
    return float(row["lost_km2"]), float(row["unknown_km2"]), row


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (None, "slope.tif"),
        ({"crs": "EPSG:32649"}, "is not in EPSG:4490"),
        ({"west": 10.0}, "region"),
    ],
)
def test_a_grid_that_is_missing_elsewhere_or_in_another_crs_is_one_line(
    folder, changes, said
) -> None:
    if changes is not None:
        save_slope(folder / "slope.tif", **changes)
    with pytest.raises(InputError) as told:
        screen(steppe.open_plan(folder).inputs, folder / "out")
    (line,) = str(told.value).splitlines()
    assert "slope.tif" in line
    assert said in line
    assert not (folder / "out").exists()


@pytest.mark.parametrize("step", [0.1, 0.02, 0.7])
def test_a_grid_of_any_resolution_takes_the_ground_that_it_tells(folder, tmp_path, step) -> None:
    """Half of the square, in steps that end at its middle line, finer and coarser than its cells."""
    save_slope(folder / "slope.tif", step)
    done = screen(steppe.open_plan(folder).inputs, tmp_path / "out")
    lost, unknown, _ = read_steep(done)
    region = done.record["area_km2"]["region"]
    # By middles of cells of 2 km, along a line of 111 km.
    assert lost == pytest.approx(region / 2.0, abs=2.0 * 112.0 / 2.0)
    assert unknown == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("how", ["nodata", "ends"])
def test_what_a_grid_does_not_tell_is_unknown(folder, tmp_path, how) -> None:
    """Its north lacks values, or it ends there: a third of the square is neither taken nor cleared."""
    changes = {"unknown_from": 40.65} if how == "nodata" else {"north": 40.65}
    save_slope(folder / "slope.tif", 0.05, **changes)
    done = screen(steppe.open_plan(folder).inputs, tmp_path / "out")
    lost, unknown, row = read_steep(done)
    region = done.record["area_km2"]["region"]
    # Parallels of a degree square are shorter in the north: by less than 1 %.
    assert unknown == pytest.approx(0.35 * region, rel=0.03)
    assert lost == pytest.approx(0.65 * region / 2.0, rel=0.03)
    assert row["kills"] == "yes"
