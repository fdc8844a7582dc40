"""The reader: what it refuses, in one line that names the rows, and what it puts right."""

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from pyproj import Geod
from shapely.geometry import box

from steppe.layers.contracts.base_map import BOUNDARIES
from steppe.layers.contracts.surroundings import PORTS
from steppe.layers.datum import wgs84_to_gcj02
from steppe.layers.errors import InputError
from steppe.layers.reader import read_layer

BBOX = (95.0, 29.0, 127.0, 54.0)


def refusal(path: Path, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_layer(path, PORTS, bbox=BBOX, **options)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems) == 1
    return lines[0]


def test_a_csv_and_a_geopackage_read_alike(ports, write_csv, tmp_path: Path) -> None:
    pyogrio.write_dataframe(ports, tmp_path / "ports.gpkg", layer="ports")
    from_csv = read_layer(write_csv(ports), PORTS, bbox=BBOX, crs="EPSG:4490")
    from_gpkg = read_layer(tmp_path / "ports.gpkg", PORTS, bbox=BBOX)
    assert from_csv.crs.to_epsg() == from_gpkg.crs.to_epsg() == 4490
    assert list(from_csv.geometry.x) == pytest.approx(list(from_gpkg.geometry.x))
    assert list(from_csv["port_id"]) == list(from_gpkg["port_id"]) == ["a", "b"]


def test_a_csv_needs_a_crs(ports, write_csv) -> None:
    line = refusal(write_csv(ports))
    assert "ports.csv › ports" in line
    assert "CRS" in line


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "file not found" in refusal(tmp_path / "nowhere.csv", crs="EPSG:4490")


def test_a_shapefile_without_prj_is_refused(ports, tmp_path: Path) -> None:
    ports.rename(columns={"accuracy_m": "acc"}).to_file(tmp_path / "ports.shp")
    (tmp_path / "ports.prj").unlink()
    assert "has no CRS" in refusal(tmp_path / "ports.shp")


@pytest.mark.parametrize("srs_id", [0, -1])
def test_a_geopackage_of_undefined_crs_is_refused(ports, tmp_path: Path, srs_id: int) -> None:
    path = tmp_path / "ports.gpkg"
    pyogrio.write_dataframe(ports, path, layer="ports")
    with sqlite3.connect(path) as base:
        base.execute("update gpkg_geometry_columns set srs_id = ?", (srs_id,))
    base.close()
    assert "has no CRS" in refusal(path)


def test_swapped_axes_are_named_and_not_turned(ports, write_csv) -> None:
    turned = ports.set_geometry(gpd.points_from_xy(ports.geometry.y, ports.geometry.x))
    line = refusal(write_csv(turned), crs="EPSG:4490")
    assert "lon and lat are swapped" in line
    assert "rows a, b" in line


def test_one_row_outside_the_bbox_is_named(ports, write_csv) -> None:
    moved = ports.set_geometry(gpd.points_from_xy([111.98, 2.35], [43.65, 48.86]))
    line = refusal(write_csv(moved), crs="EPSG:4490")
    assert "outside the plan's bbox" in line
    assert "rows b" in line


def test_a_duplicated_id_is_named(ports, write_csv) -> None:
    line = refusal(write_csv(ports.assign(port_id="a")), crs="EPSG:4490")
    assert "port_id occurs more than once" in line
    assert "rows a" in line


def test_a_missing_column_is_named(ports, write_csv) -> None:
    line = refusal(write_csv(ports.drop(columns="source_id")), crs="EPSG:4490")
    assert "lacks the column source_id" in line


def test_text_where_a_number_belongs_is_named(ports, write_csv) -> None:
    line = refusal(write_csv(ports.assign(accuracy_m=["100", "about 1 km"])), crs="EPSG:4490")
    assert "accuracy_m" in line
    assert "rows b" in line


def test_coordinates_that_are_no_numbers_are_named(ports, write_csv) -> None:
    path = write_csv(ports)
    path.write_text(path.read_text(encoding="utf-8").replace("43.65", "n/a"), encoding="utf-8")
    assert "lon or lat is not a number" in refusal(path, crs="EPSG:4490")


def test_an_unknown_datum_is_refused(ports, write_csv) -> None:
    assert "unknown datum" in refusal(write_csv(ports), crs="EPSG:4490", datum="bj54")


def test_a_zone_prefix_without_its_crs_is_refused(ports, tmp_path: Path) -> None:
    prefixed = ports.to_crs("EPSG:4526").set_crs("EPSG:4547", allow_override=True)
    pyogrio.write_dataframe(prefixed, tmp_path / "ports.gpkg")
    assert "zone number" in refusal(tmp_path / "ports.gpkg")


def test_gauss_krueger_with_its_prefix_comes_back(ports, tmp_path: Path) -> None:
    pyogrio.write_dataframe(ports.to_crs("EPSG:4526"), tmp_path / "ports.gpkg")
    back = read_layer(tmp_path / "ports.gpkg", PORTS, bbox=BBOX)
    assert list(back.geometry.x) == pytest.approx(list(ports.geometry.x), abs=1e-9)
    assert list(back.geometry.y) == pytest.approx(list(ports.geometry.y), abs=1e-9)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "OGC:CRS84"])
def test_lon_comes_first_whatever_the_crs_says_of_its_axes(ports, write_csv, crs: str) -> None:
    back = read_layer(write_csv(ports), PORTS, bbox=BBOX, crs=crs)
    assert back.geometry.x.iloc[0] == pytest.approx(111.98)


def test_gcj02_is_undone_once_at_reading(ports, write_csv) -> None:
    lon, lat = wgs84_to_gcj02(ports.geometry.x, ports.geometry.y)
    shifted = ports.set_geometry(gpd.points_from_xy(lon, lat), crs="EPSG:4490")
    back = read_layer(write_csv(shifted), PORTS, bbox=BBOX, crs="EPSG:4490", datum="gcj02")
    away_m = Geod(ellps="GRS80").inv(
        back.geometry.x, back.geometry.y, ports.geometry.x, ports.geometry.y
    )[2]
    assert np.max(away_m) < 0.001


def test_a_line_where_a_point_belongs_is_refused(tmp_path: Path, ports) -> None:
    boxes = ports.set_geometry([box(111, 43, 112, 44), box(117, 49, 118, 50)], crs=4490)
    pyogrio.write_dataframe(boxes, tmp_path / "ports.gpkg")
    assert "wanted points" in refusal(tmp_path / "ports.gpkg")


def test_a_polygon_that_crosses_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.geojson").write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"boundary_id":"x",'
        '"name_zh":"x","name_en":"x","kind":"region","accuracy_m":1,"source_id":"s","as_of":"2020"},'
        '"geometry":{"type":"Polygon","coordinates":[[[110,40],[111,41],[111,40],[110,41],[110,40]]]}}]}',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="crosses itself"):
        read_layer(tmp_path / "b.geojson", BOUNDARIES, bbox=BBOX)


def test_every_fault_of_a_file_is_told_at_once(ports, write_csv) -> None:
    broken = ports.assign(port_id="a", name_en=None)
    with pytest.raises(InputError) as caught:
        read_layer(write_csv(broken), PORTS, bbox=BBOX, crs="EPSG:4490")
    assert len(caught.value.problems) == 2


def test_a_geojson_without_features_is_an_empty_layer(tmp_path):
    path = tmp_path / "ports.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    layer = read_layer(path, PORTS, bbox=BBOX)
    assert layer.empty
    assert set(PORTS.columns) <= set(layer.columns)
