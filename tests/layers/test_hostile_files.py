"""Files made to harm: each ends in one line, reads nothing else and asks nobody."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from steppe.layers import limits, safe_files
from steppe.layers.contracts.base_map import RIVERS
from steppe.layers.contracts.documents import FIGURES
from steppe.layers.contracts.surroundings import PORTS
from steppe.layers.errors import InputError
from steppe.layers.reader import read_layer, read_table

BBOX = (95.0, 29.0, 127.0, 54.0)
SUFFIXES = (".csv", ".geojson", ".json", ".gpkg", ".shp")


def refusal(path: Path, contract=PORTS, **options) -> str:
    with pytest.raises(InputError) as caught:
        read_layer(path, contract, bbox=BBOX, **options)
    assert len(caught.value.problems) == 1
    line = str(caught.value)
    assert len(line.splitlines()) == 1
    assert path.name in line
    return line


def refusal_of(path: Path, **options) -> str:
    return refusal(path, **({"crs": "EPSG:4490"} if path.suffix == ".csv" else {}), **options)


@pytest.fixture
def asked() -> Iterator[tuple[int, list[bytes]]]:
    """A server on this machine: its port, and what it was asked."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    client, _ = server.accept()
                except TimeoutError:
                    continue
                with client:
                    requests.append(client.recv(4096))

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1], requests
        over.set()
        thread.join()


# What GDAL knows by its content, whatever the file is called.
DISGUISES = {
    "virtual layer": '<OGRVRTDataSource><OGRVRTLayer name="s"><SrcDataSource>CSV:{secret}'
    "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "virtual layer by the network": '<OGRVRTDataSource><OGRVRTLayer name="s"><SrcDataSource>'
    "GeoJSON:{url}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
    "virtual raster": '<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte">'
    "<SimpleSource><SourceFilename>{secret}</SourceFilename></SimpleSource></VRTRasterBand>"
    "</VRTDataset>",
    "WFS": "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "WMS": '<GDAL_WMS><Service name="WMS"><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>',
    "algebra": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {url}"}}',
    "algebra on a file": '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline '
    '! read {secret}"}}',
    "ESRI JSON": '{{"geometryType": "esriGeometryPoint", "features": [], "exceededTransferLimit": '
    'true}}',
    "TopoJSON": '{{"type": "Topology", "objects": {{}}, "arcs": []}}',
    "GeoJSON by lines": '{{"type": "Feature", "properties": null, "geometry": null}}\n'
    '{{"type": "Feature", "properties": null, "geometry": null}}',
    "link": "{url}",
    "path": "{secret}",
    "connection": "WFS:{url}",
    "KML": "<kml><NetworkLink><Link><href>{url}</href></Link></NetworkLink></kml>",
    "GML": '<!DOCTYPE a [<!ENTITY b SYSTEM "file://{secret}">]><gml:a xmlns:gml='
    '"http://www.opengis.net/gml">&b;</gml:a>',
}  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_file_is_read_as_what_it_is_called_and_as_nothing_else(
    disguise: str, suffix: str, tmp_path: Path, asked: tuple[int, list[bytes]]
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("id,lon,lat\nroot:x:0:0,110,40\n", encoding="utf-8")
    port, requests = asked
    path = tmp_path / f"ports{suffix}"
    path.write_text(disguise.format(secret=secret, url=f"http://127.0.0.1:{port}/"), "utf-8")
    assert "root:x" not in refusal_of(path)
    assert requests == []


WRITTEN = (".geojson", ".gpkg", ".shp", ".fgb", ".gml", ".csv")


@pytest.mark.parametrize(
    ("written", "suffix"),
    [
        (written, suffix)
        for written in WRITTEN
        for suffix in SUFFIXES
        if written != suffix and {written, suffix} != {".geojson", ".json"}
    ],
)
def test_a_sound_file_of_another_format_is_one_line(
    ports: gpd.GeoDataFrame, written: str, suffix: str, tmp_path: Path
) -> None:
    sound, path = tmp_path / f"sound{written}", tmp_path / f"ports{suffix}"
    if written == ".csv":
        ports.drop(columns="geometry").to_csv(sound)
    else:
        ports.to_file(sound)
    path.write_bytes(sound.read_bytes())
    refusal_of(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("place", ["start", "quarter", "half", "late", "last"])
def test_a_file_that_is_cut_is_one_line_or_lacks_rows(
    ports: gpd.GeoDataFrame, suffix: str, place: str, tmp_path: Path
) -> None:
    """CSV and GeoPackage may be cut where nothing is missing that a reader could miss."""
    path = tmp_path / f"ports{suffix}"
    if suffix == ".csv":
        table = ports.drop(columns="geometry").assign(lon=ports.geometry.x, lat=ports.geometry.y)
        table.to_csv(path, index=False)
    else:
        ports.to_file(path, driver="GeoJSON" if suffix == ".json" else None)
    content = path.read_bytes()
    at = {"start": 0, "quarter": 0.25, "half": 0.5, "late": 0.9}.get(place)
    path.write_bytes(content[:-1] if at is None else content[: int(at * len(content))])
    options = {"crs": "EPSG:4490"} if suffix == ".csv" else {}
    try:
        read = read_layer(path, PORTS, bbox=BBOX, **options)
    except InputError:
        return
    assert set(read["port_id"]) <= {"a", "b"}
    assert suffix == ".csv" or len(read) == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("kind", ["pipe", "folder", "socket", "device", "sparse"])
def test_only_a_regular_file_of_bounded_size_is_opened(
    suffix: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / f"ports{suffix}"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(path))
        case "device":
            path.symlink_to("/dev/zero")
        case _:
            with path.open("wb") as file:
                file.truncate(3 << 30)
    line = refusal_of(path)
    assert ("at most" if kind == "sparse" else "give a regular file") in line


@pytest.mark.parametrize("part", [".dbf", ".shx", ".prj", ".cpg"])
def test_the_parts_of_a_shapefile_are_let_in_one_by_one(
    ports: gpd.GeoDataFrame, part: str, tmp_path: Path
) -> None:
    path = tmp_path / "ports.shp"
    ports.to_file(path)
    path.with_suffix(part).unlink()
    os.mkfifo(path.with_suffix(part))
    assert f"ports{part}" in (line := refusal(path))
    assert "is a pipe" in line


@pytest.mark.parametrize("part", [".dbf", ".shx"])
def test_a_shapefile_that_lacks_a_part_is_told_which(
    ports: gpd.GeoDataFrame, part: str, tmp_path: Path
) -> None:
    path = tmp_path / "ports.shp"
    ports.to_file(path)
    path.with_suffix(part).unlink()
    assert f"has no {part} beside it" in refusal(path)


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".shp"])
def test_a_column_called_as_the_shapes_is_not_lost_to_them(
    ports: gpd.GeoDataFrame, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"ports{suffix}"
    if suffix == ".csv":
        path.write_text(f"{CSV_HEAD},geometry\n{CSV_ROW},POINT (1 2)\n", encoding="utf-8")
    else:
        named = ports.rename_geometry("shape").assign(geometry="POINT (1 2)")
        named.to_file(path, **({"GEOMETRY_NAME": "shape"} if suffix == ".gpkg" else {}))
    assert "has a column called geometry" in refusal_of(path)


def test_shapes_may_be_called_geometry(ports: gpd.GeoDataFrame, tmp_path: Path) -> None:
    ports.to_file(tmp_path / "ports.gpkg", GEOMETRY_NAME="geometry")
    assert len(read_layer(tmp_path / "ports.gpkg", PORTS, bbox=BBOX)) == len(ports)


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%41b", "a b", "甲'\"", "a;b", "file:a", "a!b"])
def test_a_reader_takes_any_name_and_leaves_nothing_behind(
    ports: gpd.GeoDataFrame, name: str, tmp_path: Path
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for suffix in (".gpkg", ".geojson", ".shp"):
        (tmp_path / "made").mkdir(exist_ok=True)
        ports.to_file(tmp_path / "made" / f"ports{suffix}")
    for made in (tmp_path / "made").iterdir():
        made.rename(folder / f"{name}{made.suffix}")
    before = sorted(tmp_path.rglob("*"))
    for suffix in (".gpkg", ".geojson", ".shp"):
        assert len(read_layer(folder / f"{name}{suffix}", PORTS, bbox=BBOX)) == 2
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture
def geopackage(ports: gpd.GeoDataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "ports.gpkg"
    pyogrio.write_dataframe(ports, path, layer="ports")
    return path


def change(path: Path, *statements: str) -> None:
    base = sqlite3.connect(path)
    base.executescript(";".join(statements))
    base.close()


ENDLESS = (
    "with recursive n(fid) as (select 1 union all select fid + 1 from n) "
    "select n.fid, p.geom, p.port_id from n, moved p where n.fid < 0"
)
PROGRAMS = {
    "a view that never ends": ("alter table ports rename to moved", f"create view ports as {ENDLESS}"),
    "contents that never end": (
        "alter table gpkg_contents rename to moved",
        "create view gpkg_contents as with recursive n(n) as (select 1 union all select n from n) select * from n",
    ),
    "columns that are computed": (
        "create table made (fid integer primary key, geom blob, port_id text as (hex(geom)))",
        "insert into made (fid, geom) select fid, geom from ports",
        "drop table ports",
        "alter table made rename to ports",
    ),
    "a virtual table": (
        "drop table ports",
        "create virtual table ports using fts5(port_id, geom)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("statements", PROGRAMS.values(), ids=PROGRAMS)
def test_a_geopackage_runs_no_program(geopackage: Path, statements: tuple[str, ...]) -> None:
    change(geopackage, *statements)
    assert "no plain table" in refusal(geopackage)


ODD_GEOPACKAGES = {
    "another database": (
        ("drop table gpkg_contents",), "is no GeoPackage with layers: it lacks gpkg_contents",
    ),
    "no layer": (("delete from gpkg_contents",), "has no geometry"),
    "a table that is not there": (("drop table ports",), "it lacks ports"),
    "undefined CRS": (("update gpkg_geometry_columns set srs_id = 0",), "has no CRS"),
    "a CRS that is not there": (
        ("update gpkg_geometry_columns set srs_id = 77777",), "has the CRS 77777, which its table",
    ),
    "a CRS that is none": (
        ("update gpkg_spatial_ref_sys set organization_coordsys_id = 99999",
         "update gpkg_spatial_ref_sys set organization = 'EPSG'"), "unknown CRS 'EPSG:99999'",
    ),
    "a CRS of no words": (
        ("update gpkg_spatial_ref_sys set organization = 'none', definition = 'undefined'",),
        "has no CRS",
    ),
    "geometries that are none": (("update ports set geom = x'00'",), "rows a, b"),
    "geometries of text": (("update ports set geom = 'POINT (1 2)'",), "rows a, b"),
    "a collection in collections": (
        ("update ports set geom = x'47500001" + "8A110000" +
         "010700000001000000" * 20_000 + "' where port_id = 'a'",), "GeometryCollection",
    ),
    "text that is no UTF-8": (("update ports set name_zh = cast(x'D6D0' as text)",), "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize(("statements", "words"), ODD_GEOPACKAGES.values(), ids=ODD_GEOPACKAGES)
def test_an_odd_geopackage_is_one_line(
    geopackage: Path, statements: tuple[str, ...], words: str, *, upper: bool
) -> None:
    base = sqlite3.connect(geopackage)
    for (trigger,) in base.execute("select name from sqlite_master where type = 'trigger'"):
        base.execute(f'drop trigger "{trigger}"')
    base.commit()
    base.close()
    change(geopackage, *statements)
    path = geopackage.rename(geopackage.with_suffix(".GPKG" if upper else ".gpkg"))
    assert words in refusal(path)


def test_a_geopackage_in_use_is_refused_and_one_that_was_is_read(geopackage: Path) -> None:
    base = sqlite3.connect(geopackage)
    base.execute("pragma journal_mode = wal")
    base.execute("update gpkg_contents set description = 'changed'")
    base.commit()
    assert "is not written out" in refusal(geopackage)
    base.close()
    before = geopackage.read_bytes(), sorted(geopackage.parent.iterdir())
    assert len(read_layer(geopackage, PORTS, bbox=BBOX)) == 2
    assert (geopackage.read_bytes(), sorted(geopackage.parent.iterdir())) == before


def test_whole_numbers_beside_empty_cells_stay_whole(
    ports: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    numbered = ports.assign(port_id=[1, 2], berths=[11, None]).astype({"berths": "Int64"})
    for suffix in (".gpkg", ".shp", ".geojson"):
        numbered.to_file(tmp_path / f"ports{suffix}")
        read = read_layer(tmp_path / f"ports{suffix}", PORTS, bbox=BBOX)
        assert list(read["port_id"]) == ["1", "2"]
        assert str(read["berths"].iloc[0]) == "11"


def feature(geometry: object, **properties: object) -> dict[str, object]:
    known = {
        "port_id": "a", "name_zh": "甲", "name_en": "A", "neighbour": "MN", "accuracy_m": 1,
        "source_id": "s", "as_of": "2020-01-01",
    }  # fmt: skip
    return {"type": "Feature", "properties": known | properties, "geometry": geometry}


POINT = {"type": "Point", "coordinates": [110, 40]}


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features} | members)


GEOJSON = {
    "not JSON": ("{", "is no JSON"),
    "empty": ("", "is no JSON"),
    "a number": ("1", "is JSON, but no GeoJSON"),
    "null": ("null", "is JSON, but no GeoJSON"),
    "a geometry": (json.dumps(POINT), "not GeoJSON"),
    "features that are no list": (collection(features={"a": 1}), "has no list of features"),
    "a feature that is none": (collection(feature(POINT), 7), "rows 2"),
    "properties that are a list": (
        collection({"type": "Feature", "properties": [1], "geometry": POINT}), "rows 1",
    ),
    "nesting": ("[" * 100_000 + "]" * 100_000, "100 000 levels"),
    "nesting of objects": ('{"a":' * 5_000 + "1" + "}" * 5_000, "5 000 levels"),
    "a text that is never closed": ('"' + '\\"' * 1_000_000, "is no JSON"),
    "infinity": (collection(feature(POINT, accuracy_m=float("inf"))), "Infinity"),
    "a number of 5 000 digits": ('{"a": ' + "1" * 5_000 + "}", "is no JSON"),
    "a name twice": ('{"type": "FeatureCollection", "type": "a", "features": []}', "'type' more"),
    "crs unknown": (
        collection(feature(POINT), crs={"type": "name", "properties": {"name": "EPSG:99999"}}),
        "unknown CRS",
    ),
    "crs of a link": (
        collection(feature(POINT), crs={"type": "link", "properties": {"href": "http://a"}}),
        "has a crs that names none",
    ),
    "crs null": (collection(feature(POINT), crs=None), "has no CRS"),
    "crs a list": (collection(feature(POINT), crs=[1]), "has a crs that names none"),
    "crs that opens a file": (
        collection(feature(POINT), crs="+proj=longlat +ellps=intl +nadgrids=/etc/passwd"),
        "unknown CRS",
    ),
    "crs local": (
        collection(feature(POINT), crs='LOCAL_CS["site",UNIT["metre",1]]'), "no place on a map",
    ),
    "crs geocentric": (collection(feature(POINT), crs="EPSG:4978"), "no place on a map"),
    "crs vertical": (collection(feature(POINT), crs="EPSG:5773"), "no place on a map"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), GEOJSON.values(), ids=GEOJSON)
def test_a_broken_geojson_is_one_line(content: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "ports.geojson"
    path.write_text(content, encoding="utf-8")
    assert words in refusal(path)


GEOMETRIES = {
    "ring that is not closed": ("Polygon", [[[110, 40], [111, 40], [111, 41], [110, 41]]]),
    "ring of two points": ("Polygon", [[[110, 40], [111, 40]]]),
    "line of one point": ("LineString", [[110, 40]]),
    "line of no length": ("LineString", [[110, 40], [110, 40]]),
    "part of no points": ("MultiLineString", [[[110, 40], [111, 41]], []]),
    "part of one point": ("MultiLineString", [[[110, 40], [111, 41]], [[110, 40]]]),
    "mixed parts": ("MultiLineString", [[[110, 40], [111, 41]], [110, 40]]),
    "no points": ("LineString", []),
    "no coordinates": ("LineString", None),
    "text": ("LineString", [["110", "40"], [111, 41]]),
    "null": ("LineString", [[None, 40], [111, 41]]),
    "one number": ("LineString", [[110], [111, 41]]),
    "point": ("Point", [110, 40]),
    "points": ("MultiPoint", [[110, 40]]),
    "infinite": ("LineString", [[1e999, 40], [111, 41]]),
    "unknown": ("Curve", [[110, 40], [111, 41]]),
    "a collection": ("FeatureCollection", [[110, 40], [111, 41]]),
    "far": ("LineString", [[1e300, 40], [111, 41]]),
}


@pytest.mark.parametrize(("kind", "coordinates"), GEOMETRIES.values(), ids=GEOMETRIES)
def test_a_broken_geometry_is_one_line_with_its_row(
    kind: str, coordinates: object, tmp_path: Path
) -> None:
    line = {"type": "LineString", "coordinates": [[110, 40], [111, 41]]}
    broken = {"type": kind, "coordinates": coordinates}
    path = tmp_path / "rivers.geojson"
    text = collection(feature(line, line_id="good", rank=1), feature(broken, line_id="bad", rank=1))
    path.write_text(text.replace("Infinity", "1e999"), encoding="utf-8")
    said = refusal(path, RIVERS)
    assert "(rows bad)" in said
    assert "xception" not in said


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp"])
def test_heights_are_left_out(ports: gpd.GeoDataFrame, suffix: str, tmp_path: Path) -> None:
    high = ports.set_geometry(shapely.force_3d(ports.geometry.to_numpy(), 1200.0), crs=4490)
    high.to_file(tmp_path / f"ports{suffix}")
    read = read_layer(tmp_path / f"ports{suffix}", PORTS, bbox=BBOX)
    assert not read.geometry.has_z.any()
    assert list(read.geometry.x) == pytest.approx(list(ports.geometry.x))


CSV_HEAD = "port_id,name_zh,name_en,neighbour,accuracy_m,source_id,as_of,lon,lat"
CSV_ROW = "a,甲,A,MN,100,s,2020-01-01,111.98,43.65"
TABLES = {
    "nothing": ("", "is empty"),
    "blank lines": ("\n\n", "is empty"),
    "semicolons": (CSV_HEAD.replace(",", ";") + "\n" + CSV_ROW.replace(",", ";"), "semicolons"),
    "tabs": (CSV_HEAD.replace(",", "\t") + "\n" + CSV_ROW.replace(",", "\t"), "tabs"),
    "a NUL": (f"{CSV_HEAD}\n{CSV_ROW}\n\0", "line 3: holds a NUL"),
    "a quote never closed": (f'{CSV_HEAD}\n"{CSV_ROW}', "quotation mark"),
    "a quote in a cell": (f'{CSV_HEAD}\n"a"b{CSV_ROW[1:]}', "quotation mark"),
    "a cell too many": (f"{CSV_HEAD}\n{CSV_ROW},7", "rows 2"),
    "a cell too few": (f"{CSV_HEAD}\n{CSV_ROW}\n{CSV_ROW[:-6]}", "rows 3"),
    "a cell too many in each row": (f"{CSV_HEAD}\n{CSV_ROW},7\n{CSV_ROW},7", "rows 2, 3"),
    "a name twice": (f"{CSV_HEAD},lat\n{CSV_ROW},7", "has more than one column lat"),
    "a blank name": (f"{CSV_HEAD},\n{CSV_ROW},7", "has no name for column 10"),
    "many columns": (
        ",".join([CSV_HEAD, *(f"c{n}" for n in range(4_000))]), "4 009 columns, at most 1 000",
    ),
    "a long cell": (f"{CSV_HEAD}\n{CSV_ROW.replace('A', 'A' * 40_000)}", "40 000 characters"),
    "UTF-16": ((CSV_HEAD + "\n" + CSV_ROW).encode("utf-16"), 'encoding = "utf-16"'),
    "GBK": ((CSV_HEAD + "\n" + CSV_ROW).encode("gbk"), 'encoding = "gbk"'),
    "infinite": (f"{CSV_HEAD}\n{CSV_ROW.replace('111.98', 'inf')}", "not finite"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), TABLES.values(), ids=TABLES)
def test_a_broken_csv_is_one_line(content: str | bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "ports.csv"
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    assert words in refusal(path, crs="EPSG:4490")
    with pytest.raises(InputError):
        read_table(path, FIGURES)


def test_a_csv_with_a_hole_is_refused_before_it_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "ports.csv"
    path.write_text(f"{CSV_HEAD}\n{CSV_ROW}\n", encoding="utf-8")
    os.truncate(path, 30_000_000)
    tracemalloc.start()
    try:
        assert "line 3: holds a NUL" in refusal(path, crs="EPSG:4490")
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < 1.5 * path.stat().st_size


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ports.csv"
    path.write_text(f"{CSV_HEAD}\n{CSV_ROW}\n", encoding="utf-8")
    monkeypatch.setattr(safe_files, "admit", lambda *_, **__: path.stat().st_size - 1)
    assert "grew while it was read" in refusal(path, crs="EPSG:4490")


def test_blank_lines_are_passed_over_up_to_the_limit_of_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ports.csv"
    set_limit(monkeypatch, "ROWS", 10)
    path.write_text(f"{CSV_HEAD}\n{CSV_ROW}\n" + "\n" * 9, encoding="utf-8")
    assert len(read_layer(path, PORTS, bbox=BBOX, crs="EPSG:4490")) == 1
    path.write_text(f"{CSV_HEAD}\n{CSV_ROW}\n" + "\n" * 10, encoding="utf-8")
    assert "at most 10" in refusal(path, crs="EPSG:4490")


@pytest.mark.parametrize(
    ("suffix", "encoding"),
    [
        (suffix, encoding)
        for suffix in (".csv", ".geojson", ".shp")
        for encoding in ("gbk", "utf-16", "gb18030", "utf-8")
        if (suffix, encoding) != (".shp", "utf-16")  # dBase has no such texts
    ],
)
def test_text_is_read_in_the_encoding_that_the_plan_says(
    ports: gpd.GeoDataFrame, suffix: str, encoding: str, tmp_path: Path, write_csv: Callable
) -> None:
    path = tmp_path / f"ports{suffix}"
    if suffix == ".shp":
        ports.to_file(path, encoding=encoding)
        path.with_suffix(".cpg").unlink()
    else:
        ports.to_file(path) if suffix == ".geojson" else write_csv(ports)
        path.write_bytes(path.read_text("utf-8").encode(encoding))
    options = {"crs": "EPSG:4490"} if suffix == ".csv" else {}
    read = read_layer(path, PORTS, bbox=BBOX, encoding=encoding, **options)
    assert list(read["name_zh"]) == ["甲", "乙"]


def test_a_shapefile_in_gbk_without_cpg_is_refused_unless_it_says_so(
    ports: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "ports.shp"
    ports.to_file(path, encoding="gbk")
    page, table = path.with_suffix(".cpg"), path.with_suffix(".dbf")
    page.unlink()
    assert 'encoding = "gbk"' in refusal(path)
    for said in ("936", "ANSI 936", "cp936", "GBK", "gb18030"):
        page.write_text(said, encoding="ascii")
        assert list(read_layer(path, PORTS, bbox=BBOX)["name_zh"]) == ["甲", "乙"]
    page.write_text("rot13", encoding="ascii")
    assert "unknown encoding" in refusal(path)
    page.unlink()
    content = bytearray(table.read_bytes())
    content[29] = 0x4D  # the code page of Chinese in dBase
    table.write_bytes(content)
    assert list(read_layer(path, PORTS, bbox=BBOX)["name_zh"]) == ["甲", "乙"]


def test_names_that_dbase_cut_are_known_by_the_contract(
    ports: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    names = ("location_basis", "corridor_id", "twice_the_same_1", "twice_the_same_2")
    contract = replace(
        PORTS,
        columns=PORTS.columns
        | dict.fromkeys(names, replace(PORTS.columns["accuracy_m"], made="", assumed=None)),
    )
    cut = {"location_b": 1.0, "corridor_i": 2.0, "twice_the_": 3.0}
    path = tmp_path / "ports.shp"
    ports.assign(**cut).to_file(path)
    assert "lacks the columns twice_the_same_1, twice_the_same_2;" in refusal(path, contract)
    fewer = {name: each for name, each in contract.columns.items() if "twice" not in name}
    read = read_layer(path, replace(PORTS, columns=fewer), bbox=BBOX)
    assert list(read["location_basis"]) == [1.0, 1.0]
    assert list(read["corridor_id"]) == [2.0, 2.0]
    assert "twice_the_" in read.columns


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg", ".shp"])
@pytest.mark.parametrize(
    ("name", "most"), [("ROWS", 2), ("COLUMNS", 10), ("TEXT_LENGTH", 300), ("VERTICES", 2)]
)
def test_what_is_at_a_limit_passes_and_one_more_does_not(
    ports: gpd.GeoDataFrame,
    suffix: str,
    name: str,
    most: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled = ports.assign(**{f"c{n}": "x" for n in range(10 - len(ports.columns) + 1)})
    text = "x" * (254 if suffix == ".shp" else 300)
    filled["name_en"] = [text, "B"]
    columns = filled.shape[1] - 1
    at_most = {"COLUMNS": columns + (2 if suffix == ".csv" else 1), "TEXT_LENGTH": len(text)}
    path = tmp_path / f"ports{suffix}"
    if suffix == ".csv":
        table = filled.drop(columns="geometry").assign(lon=ports.geometry.x, lat=ports.geometry.y)
        table.to_csv(path, index=False)
    else:
        filled.to_file(path)
    options = {"crs": "EPSG:4490"} if suffix == ".csv" else {}
    if suffix == ".gpkg" and name == "COLUMNS":
        at_most["COLUMNS"] = max(columns + 2, 10)  # fid too; contents has ten of its own
    set_limit(monkeypatch, name, at_most.get(name, most))
    assert len(read_layer(path, PORTS, bbox=BBOX, **options)) == 2
    set_limit(monkeypatch, name, at_most.get(name, most) - 1)
    assert "at most" in refusal(path, **options)


def set_limit(monkeypatch: pytest.MonkeyPatch, name: str, most: int) -> None:
    """Lower a limit wherever it was imported to: the object itself, though it is frozen."""
    monkeypatch.setitem(vars(limits.LIMITS[name]), "most", most)
