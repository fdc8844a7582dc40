"""Grids of the world cut to a box: heights, slopes, hazard, water stress, and normals of months."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from rasterio.transform import from_origin

from steppe.layers.crs import GEOD
from steppe.layers.errors import InputError
from steppe.layers.openers.boxes import holds, meet, widen
from steppe.layers.openers.catalogue import OPENERS
from steppe.layers.openers.downloads import NotThereError
from steppe.layers.openers.fetched import Asked
from steppe.layers.openers.grids import list_dem_tiles
from steppe.layers.openers.osm_layers import OSM_LAYERS
from steppe.layers.tables import Raster

LAPSE_K_PER_M = 0.0065


def write(
    path: Path,
    values: NDArray,
    west: float,
    north: float,
    step: float | tuple[float, float],
    **more,
) -> Path:
    across, down = step if isinstance(step, tuple) else (step, step)
    rows, columns = values.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=1, dtype=values.dtype,
        crs="EPSG:4326", transform=from_origin(west, north, across, down), **more,
    ) as out:  # fmt: skip
        out.write(values, 1)
    return path


@pytest.fixture
def tiles(tmp_path) -> list[Path]:
    """Two tiles side by side on which the height is 1000 m and 100 m more each tenth of a degree."""
    made = []
    for west in (111, 112):
        lons = west + (np.arange(120) + 0.5) / 120
        heights = np.broadcast_to(1000.0 + 1000.0 * (lons - 111.0), (120, 120))
        path = tmp_path / f"Copernicus_DSM_COG_30_N40_00_E{west}_00_DEM.tif"
        made.append(write(path, heights.astype("float32"), west, 41.0, 1 / 120))
    return made


def test_heights_of_tiles_side_by_side_have_no_seam(tiles, opened) -> None:
    found = opened("copernicus_dem", *tiles, box=(111.2, 40.2, 112.8, 40.8), only=("elevation",))
    (grid,) = found.grids
    assert grid.unit == "m"
    for lon in (111.25, 111.995, 112.005, 112.75):
        assert grid.at(lon, 40.5) == pytest.approx(1000.0 + 1000.0 * (lon - 111.0), abs=6.0)


def test_the_slope_of_a_plane_is_its_angle(tiles, opened) -> None:
    found = opened("copernicus_dem", *tiles, box=(111.2, 40.2, 112.8, 40.8), only=("slope",))
    (grid,) = found.grids
    km_per_deg = 111.32 * np.cos(np.radians(40.5))
    degrees = np.degrees(np.arctan(1000.0 / (1000.0 * km_per_deg)))
    assert grid.unit == "0.1°"
    inner = grid.values[2:-2, 2:-2]
    assert np.nanmedian(inner) == pytest.approx(10.0 * degrees, rel=0.01)
    assert np.isfinite(inner).mean() > 0.95


def test_tiles_of_a_box_are_asked_for_and_the_sea_has_none(tmp_path) -> None:
    asked: list[str] = []

    def get(url: str) -> Path:
        asked.append(url.rpartition("/")[2])
        if "W001" in url:
            raise NotThereError(())
        return tmp_path

    want = Asked((-0.5, -0.2, 0.5, 0.1), frozenset({"elevation"}), {})
    assert len(list_dem_tiles(want, get)) == 2
    assert sorted(asked) == sorted(
        f"Copernicus_DSM_COG_30_{lat}_00_{lon}_00_DEM.tif"
        for lat in ("S01", "N00")
        for lon in ("W001", "E000")
    )


def test_hazard_is_cut_to_square_cells_and_the_sea_is_unknown(tmp_path, opened) -> None:
    values = np.full((40, 80), 0.15)
    values[:, :10] = np.nan
    tif = write(tmp_path / "v2023_1_pga_475_rock_3min.tif", values, 110.0, 42.0, (0.05, 0.0499966))
    path = tmp_path / "GEM-GSHM_PGA-475y-rock_v2023.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tif, tif.name)
    (grid,) = opened("gem_hazard", path, box=(109.0, 39.0, 113.0, 41.5)).grids
    assert (grid.unit, grid.step_deg) == ("g", 0.05)
    assert grid.at(112.0, 41.0) == pytest.approx(0.15)
    assert np.isnan(grid.at(110.2, 41.0))
    assert (grid.west, grid.north) == pytest.approx((110.0, 41.5))


def test_water_stress_is_that_of_the_basin_and_unknown_where_no_ratio_is(tmp_path, opened) -> None:
    basins = gpd.GeoDataFrame(
        {"pfaf_id": [1, 2, 3, 4], "bws_raw": [0.42, 9999.0, -9999.0, 120.0]},
        geometry=[shapely.box(110 + n, 40, 111 + n, 42) for n in range(4)],
        crs=4326,
    )
    path = tmp_path / "aqueduct.gpkg"
    basins.to_file(path, layer="baseline_annual")
    basins.assign(bws_raw=9.0).to_file(path, layer="future_annual")
    (grid,) = opened("aqueduct", path).grids
    assert grid.unit == "1"
    assert grid.at(110.5, 41.0) == pytest.approx(0.42)
    assert np.isnan([grid.at(111.5, 41.0), grid.at(112.5, 41.0)]).all()
    assert grid.at(113.5, 41.0) == 50.0


def test_water_stress_is_read_out_of_the_zipped_geodatabase(tmp_path, opened) -> None:
    basins = gpd.GeoDataFrame(
        {"bws_raw": [0.42]}, geometry=[shapely.box(109, 39, 115, 43)], crs=4326
    )
    base = tmp_path / "Aq40_Y2023D07M05.gdb"
    for name, factor in (("future_annual", 10.0), ("baseline_annual", 1.0)):
        frame = basins.assign(bws_raw=basins["bws_raw"] * factor)
        pyogrio.write_dataframe(frame, base, layer=name, driver="OpenFileGDB", append=base.exists())
    path = tmp_path / "aqueduct-4-0-water-risk-data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Aqueduct40/CVS/Aqueduct40_baseline_annual_y2023m07d05.csv", "string_id\n")
        for part in sorted(base.iterdir()):
            archive.write(part, f"Aqueduct40/GDB/{base.name}/{part.name}")
    (grid,) = opened("aqueduct", path).grids
    assert grid.at(111.0, 41.0) == pytest.approx(0.42)


@pytest.fixture
def normals(tmp_path) -> tuple[Path, Path, Path, Path]:
    """A hilly world: each month its number at the sea, less with height as the lapse rate has it."""
    generator = np.random.default_rng(4)
    heights = generator.uniform(0.0, 3000.0, (24, 36)).astype("float32")

    def pack(name: str, extra: float) -> Path:
        path = tmp_path / f"wc2.1_10m_{name}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for month in range(1, 13):
                tif = tmp_path / f"wc2.1_10m_{name}_{month:02d}.tif"
                write(tif, month + extra - LAPSE_K_PER_M * heights, 109.0, 43.0, 1 / 6)
                archive.write(tif, tif.name)
        return path

    elev = tmp_path / "wc2.1_10m_elev.zip"
    tif = write(tmp_path / "wc2.1_10m_elev.tif", heights, 109.0, 43.0, 1 / 6)
    with zipfile.ZipFile(elev, "w") as archive:
        archive.write(tif, tif.name)
    return pack("tavg", 0.0), elev, pack("tmin", -6.0), pack("tmax", 5.0)


def test_stations_of_normals_keep_the_lapse_rate_between_them(normals, layer) -> None:
    stations = layer("worldclim", *normals).frame
    assert 50 < len(stations) <= 500
    for month in (1, 7, 12):
        at_sea = stations[f"temp_{month:02d}_c"] + LAPSE_K_PER_M * stations["elevation_m"]
        assert np.allclose(at_sea, month, atol=0.02)
    assert np.allclose(stations["diurnal_range_k"], 11.0, atol=0.02)
    lengths = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    yearly = lengths @ np.arange(1, 13) / lengths.sum()
    at_sea = stations["temp_mean_c"] + LAPSE_K_PER_M * stations["elevation_m"]
    assert np.allclose(at_sea, yearly, atol=0.02)


def test_normals_without_a_month_or_without_heights_are_one_line(normals, opened) -> None:
    tavg, _, tmin, _ = normals
    with pytest.raises(InputError, match="heights"):
        opened("worldclim", tavg)
    with pytest.raises(InputError, match="01, 02"):
        opened("worldclim", tmin)


@pytest.mark.parametrize("is_tagged", [True, False])
def test_chelsa_is_tenths_of_a_kelvin_on_the_heights_of_the_plan(
    tmp_path, layer, is_tagged
) -> None:
    heights = np.full((300, 500), 1200.0, dtype="float32")
    plan_heights = Raster("elevation", heights, 109.5, 42.5, 0.01, "m", "", "", "x")
    files = []
    for month in range(1, 13):
        tenths = np.full((300, 600), round(10 * (month + 273.15)), dtype="uint16")
        path = tmp_path / f"CHELSA_tas_{month:02d}_1981-2010_V.2.1.tif"
        write(path, tenths, 109.0, 43.0, 0.01)
        if is_tagged:
            with rasterio.open(path, "r+") as file:
                file.scales, file.offsets = (0.1,), (-273.15,)
        files.append(path)
    box = (110.0, 40.0, 114.0, 42.0)
    stations = layer("chelsa", *files, box=box, elevation=plan_heights).frame
    assert len(stations) > 20
    assert np.allclose(stations["temp_03_c"], 3.0, atol=0.06)
    assert set(stations["elevation_m"]) == {1200.0}


@pytest.mark.parametrize("name", ["copernicus_dem", "gem_hazard", "worldclim"])
def test_no_grid_is_made_of_elsewhere(opened, name, tiles, normals) -> None:
    files = {"copernicus_dem": tiles, "gem_hazard": tiles, "worldclim": normals}[name]
    found = opened(name, *files, box=(0.0, 0.0, 1.0, 1.0))
    assert not found.grids
    assert not found.layers
    assert [note.key for note in found.notes] == ["fetch.nothing_here"]


@pytest.mark.parametrize(
    ("box", "km", "wanted"),
    [
        ((110.0, 40.0, 111.0, 41.0), 110.5, (108.65, 39.0, 112.35, 42.0)),
        ((179.0, 0.0, 179.5, 1.0), 110.5, (178.0, -1.0, -179.5, 2.0)),
        ((-179.5, 0.0, -179.0, 1.0), 110.5, (179.5, -1.0, -178.0, 2.0)),
        ((0.0, 85.0, 1.0, 89.0), 300.0, (-180.0, 82.3, 180.0, 90.0)),
    ],
)
def test_a_box_is_widened_over_180_and_to_the_pole(box, km, wanted) -> None:
    assert widen(box, km) == pytest.approx(wanted, abs=0.02)


@given(
    st.tuples(st.floats(-180, 180), st.floats(-80, 75), st.floats(0.1, 60), st.floats(0.1, 10)),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(1, 350),
    st.floats(0, 360),
)
@settings(max_examples=60, deadline=None)
def test_a_widened_box_holds_all_within_so_many_kilometres(box, share, km, azimuth) -> None:
    west, south, width, height = box
    east = west + width if west + width <= 180 else west + width - 360
    lon, lat = west + share[0] * width, south + share[1] * height
    to_lon, to_lat, _ = GEOD.fwd(lon, lat, azimuth, 1000.0 * km)
    assert holds(widen((west, south, east, south + height), km), [to_lon], [to_lat]).all()


def test_a_box_over_180_holds_both_sides() -> None:
    box = (170.0, -10.0, -170.0, 10.0)
    assert holds(box, [175.0, -175.0, 0.0], [0.0, 0.0, 0.0]).tolist() == [True, True, False]
    assert meet(box, (-180.0, -90.0, 180.0, 90.0)) == box
    assert meet(box, (160.0, -5.0, 180.0, 5.0)) == (170.0, -5.0, 180.0, 5.0)
    assert meet(box, (0.0, 0.0, 1.0, 1.0)) is None


def test_the_margins_hold_what_the_measures_ask_for() -> None:
    """Nearest things 200 km, events and stations 300, plants 100, tie lines 80, housing a few."""
    margins = {"earthquakes": 300, "stations": 300, "plants": 100, "substations": 80}
    margins |= dict.fromkeys(("railways", "lakes", "rivers", "roads", "airports"), 200)
    for opener in OPENERS.values():
        for made in opener.makes:
            assert opener.margin_km >= margins.get(made, 0)
    for name, layer in OSM_LAYERS.items():
        assert margins.get(name, 10) <= layer.margin_km <= OPENERS["osm"].margin_km
