"""Every format opens as it was written; GDAL's own writers are the oracle of what was written."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from steppe.layers.errors import InputError
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.raw_table import ChoiceError
from tests.layers.importing.made_files import write_xlsx

ROWS = gpd.GeoDataFrame(
    {"名称": ["和林格尔", "集宁"], "MW": [300, 120], "kV": [220.5, 110.0]},
    geometry=[shapely.Point(111.81, 40.37), shapely.Point(113.11, 41.03)],
    crs="EPSG:4326",
)
AREAS = ROWS.set_geometry(
    shapely.buffer(ROWS.geometry.to_numpy(), 0.1, quad_segs=2), crs="EPSG:4326"
)
LINES = ROWS.set_geometry(
    [shapely.LineString([(111, 40), (112, 41)]), shapely.MultiLineString([[(1, 2), (3, 4)], [(5, 6), (7, 8)]])], crs="EPSG:4326"
)  # fmt: skip
DRIVERS = {
    ".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile", ".fgb": "FlatGeobuf", ".tab": "MapInfo File",
    ".mif": "MapInfo File", ".kml": "KML", ".geojsonl": "GeoJSONSeq",
}  # fmt: skip


@pytest.mark.parametrize("suffix", DRIVERS)
@pytest.mark.parametrize("frame", [ROWS, AREAS], ids=["points", "areas"])
def test_what_gdal_writes_comes_back(tmp_path: Path, suffix: str, frame: gpd.GeoDataFrame) -> None:
    path = tmp_path / f"parks{suffix}"
    if suffix in {".tab", ".mif"}:  # their driver writes names in ASCII alone
        frame = frame.rename(columns={"名称": "name"}).assign(name=["a", "b"])
    pyogrio.write_dataframe(
        frame, path, driver=DRIVERS[suffix], encoding="utf-8" if suffix == ".shp" else None
    )
    raw = open_file(path)
    assert raw.is_placed
    assert not raw.questions
    # FlatGeobuf sorts its rows by place.
    found = raw.frame.assign(MW=pd.to_numeric(raw.frame["MW"])).sort_values("MW", ascending=False)
    far = shapely.hausdorff_distance(found.geometry.to_numpy(), frame.geometry.to_numpy())
    assert far.max() < 1e-6
    name = frame.columns[0]
    assert list(found[name]) == list(frame[name])
    assert found["MW"].tolist() == [300, 120]
    assert pd.to_numeric(found["kV"]).tolist() == [220.5, 110.0]


@pytest.mark.parametrize(("suffix", "driver"), [(".xlsx", "XLSX"), (".ods", "ODS")])
def test_spreadsheets_of_gdal_come_back(tmp_path: Path, suffix: str, driver: str) -> None:
    table = pd.DataFrame({"名称": ["甲 <&> 乙", "b"], "lon": [111.5, 113.25], "lat": [40.5, 41.0], "MW": [300, 120],
                          "as_of": pd.to_datetime(["2024-02-29", "1999-12-31"])})  # fmt: skip
    pyogrio.write_dataframe(table, tmp_path / f"parks{suffix}", driver=driver)
    raw = open_file(tmp_path / f"parks{suffix}")
    assert list(raw.frame["名称"]) == list(table["名称"])
    assert list(raw.frame["MW"]) == [300, 120]
    assert raw.frame.geometry.x.tolist() == [111.5, 113.25]
    assert [text[:10] for text in raw.frame["as_of"]] == ["2024-02-29", "1999-12-31"]


def test_lines_of_several_parts_heights_and_rows_without_geometry(tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "LineString", "coordinates": [[1, 2, 900], [3, 4, 901]]}},
        {"type": "Feature", "properties": {"n": 2}, "geometry": None},
        {"type": "Feature", "properties": {"n": 3}, "geometry": {"type": "GeometryCollection", "geometries": [
            {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, {"type": "MultiLineString", "coordinates": [[[5, 6], [7, 8]]]}]}},
        {"type": "Feature", "properties": {"n": 4}, "geometry": {"type": "LineString", "coordinates": [[1, 2]]}},
        {"type": "Feature", "properties": {"n": 5}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}},
    ]  # fmt: skip
    (tmp_path / "a.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    raw = open_file(tmp_path / "a.geojson")
    assert raw.frame["n"].tolist() == [1, 2, 3, 4, 5]
    assert [None if shape is None else shape.geom_type for shape in raw.frame.geometry] == [
        "LineString", None, "MultiLineString", None, "MultiPolygon"]  # fmt: skip
    assert raw.frame.geometry.iloc[4].area == pytest.approx(2.0)  # two triangles of a bow tie
    assert not shapely.has_z(raw.frame.geometry.to_numpy()).any()
    assert len(raw.notes) == 3


def test_geojson_in_gbk_and_in_metres(tmp_path: Path) -> None:
    frame = ROWS.to_crs(3857)
    text = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"名称": name}, "geometry": {"type": "Point", "coordinates": [point.x, point.y]}}
        for name, point in zip(frame["名称"], frame.geometry, strict=True)]}, ensure_ascii=False)  # fmt: skip
    (tmp_path / "a.geojson").write_bytes(text.encode("gbk"))
    raw = open_file(tmp_path / "a.geojson", box=(97, 37, 127, 54))
    assert raw.encoding == "gb18030"
    assert list(raw.frame["名称"]) == list(ROWS["名称"])
    assert shapely.distance(raw.frame.geometry.to_numpy(), ROWS.geometry.to_numpy()).max() < 1e-8
    assert (raw.crs, raw.crs_basis) == ("EPSG:3857", "numbers")


@pytest.mark.parametrize("page", ["UTF-8", "ISO-8859-1", "what", None])
def test_a_shapefile_in_gbk_whatever_its_cpg_says(tmp_path: Path, page: str | None) -> None:
    frame = ROWS.assign(名称=["内蒙古和林格尔数据中心集群", "乌兰察布市集宁区大数据产业园"])
    pyogrio.write_dataframe(frame, tmp_path / "a.shp", encoding="gbk")
    side = tmp_path / "a.cpg"
    side.unlink()
    if page is not None:
        side.write_text(page)
    table = tmp_path / "a.dbf"
    content = bytearray(table.read_bytes())
    content[29] = 0  # the code page that the driver notes in the table itself
    table.write_bytes(bytes(content))
    raw = open_file(tmp_path / "a.shp")
    assert list(raw.frame["名称"]) == list(frame["名称"])
    assert raw.encoding == "gb18030"


def test_a_table_of_mapinfo_in_gbk(tmp_path: Path) -> None:
    (tmp_path / "a.mif").write_text(
        'Version 300\nCharset "Neutral"\nDelimiter ","\nColumns 1\n  name Char(40)\nData\n\nPoint 111.81 40.37\n'
    )
    (tmp_path / "a.mid").write_bytes('"和林格尔"\n'.encode("gbk"))
    raw = open_file(tmp_path / "a.mif")
    assert raw.frame["name"].tolist() == ["和林格尔"]
    assert raw.frame.geometry.iloc[0].equals(shapely.Point(111.81, 40.37))


def test_a_zip_of_a_shapefile_with_a_chinese_name_and_a_readme(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    pyogrio.write_dataframe(LINES.iloc[:1], folder / "光缆.shp", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for part in folder.iterdir():
            archive.write(part, f"数据/{part.name}")
        archive.writestr("数据/readme.txt", "from somebody")
        archive.writestr("__MACOSX/数据/._光缆.shp", b"\0\1")
    raw = open_file(tmp_path / "a.zip")
    assert raw.format == "shapefile"
    assert raw.frame.geometry.iloc[0].equals(LINES.geometry.iloc[0])


def test_a_member_of_a_zip_and_a_layer_in_it(tmp_path: Path) -> None:
    pyogrio.write_dataframe(ROWS, tmp_path / "a.gpkg", layer="parks")
    pyogrio.write_dataframe(LINES.iloc[:1], tmp_path / "a.gpkg", layer="cables")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.gpkg", "a.gpkg")
        archive.writestr("b.csv", "name,lon,lat\nx,1,2\n")
    with pytest.raises(ChoiceError) as caught:
        open_file(tmp_path / "a.zip")
    assert [choice.name for choice in caught.value.choices] == ["a.gpkg", "b.csv"]
    assert len(open_file(tmp_path / "a.zip", layer="a.gpkg/parks").frame) == 2
    assert open_file(tmp_path / "a.zip", layer="b").frame["name"].tolist() == ["x"]
    with pytest.raises(ChoiceError) as caught:
        open_file(tmp_path / "a.gpkg")
    assert [(choice.name, choice.kinds) for choice in caught.value.choices] == [
        ("parks", ("point",)),
        ("cables", ("line",)),
    ]


KML = """<?xml version="1.0" encoding="{encoding}"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>all</name>
<Schema name="s" id="s"><SimpleField name="kV" type="int"/></Schema>
<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>
<Folder><name>变电站</name>
 <Placemark id="p1"><name>甲站</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="kV">220</SimpleData></SchemaData></ExtendedData>
  <Point><coordinates>111.5, 40.5, 1000</coordinates></Point></Placemark>
 <Folder><name>旧</name><Placemark><name>乙站</name><ExtendedData><Data name="kV"><value>110</value></Data></ExtendedData>
  <description><![CDATA[<table><tr><td>业主:</td><td>电网</td></tr><tr><td>投运</td><td>1999</td></tr></table>]]></description>
  <MultiGeometry><Point><coordinates>112,41</coordinates></Point></MultiGeometry></Placemark></Folder>
</Folder>{more}</Document></kml>"""
KML_LINES = """<Folder><name>光缆</name><Placemark><name>c1</name><LineString><coordinates>
 111,40,0 112,41,0
</coordinates></LineString></Placemark><Placemark><gx:Track><gx:coord>111 40 5</gx:coord><gx:coord>113 42 6</gx:coord></gx:Track></Placemark></Folder>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_kml_with_folders_extended_data_and_tables_in_descriptions(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(KML.format(encoding=encoding, more="").encode(encoding))
    raw = open_file(path)
    assert raw.frame["name"].tolist() == ["甲站", "乙站"]
    assert raw.frame["kV"].tolist() == ["220", "110"]
    assert raw.frame["folder"].tolist() == ["变电站", "变电站/旧"]
    assert raw.frame["业主"].tolist()[1] == "电网"
    assert raw.frame["投运"].tolist()[1] == "1999"
    assert [(point.x, point.y) for point in raw.frame.geometry] == [(111.5, 40.5), (112.0, 41.0)]
    assert any("NetworkLink" in note.say("en") for note in raw.notes)


def test_a_kmz_of_points_and_lines_is_asked_for_its_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.writestr("doc.kml", KML.format(encoding="UTF-8", more=KML_LINES))
        archive.writestr("images/icon.png", b"\x89PNG")
    with pytest.raises(ChoiceError) as caught:
        open_file(tmp_path / "a.kmz")
    assert {choice.name: choice.kinds for choice in caught.value.choices} == {
        "变电站": ("point",), "变电站/旧": ("point",), "光缆": ("line",)}  # fmt: skip
    lines = open_file(tmp_path / "a.kmz", layer="光缆").frame
    assert [list(line.coords) for line in lines.geometry] == [
        [(111, 40), (112, 41)],
        [(111, 40), (113, 42)],
    ]


def test_gpx_of_waypoints_and_tracks(tmp_path: Path) -> None:
    (tmp_path / "a.gpx").write_text(
        '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="40.5" lon="111.5"><ele>1000</ele><name>A</name>'
        '<extensions><x:kind xmlns:x="u">hut</x:kind></extensions></wpt><trk><name>T</name><trkseg><trkpt lat="40" lon="111"/>'
        '<trkpt lat="41" lon="112"/></trkseg><trkseg><trkpt lat="42" lon="113"/><trkpt lat="43" lon="114"/></trkseg></trk></gpx>'
    )
    with pytest.raises(ChoiceError, match="waypoints, tracks"):
        open_file(tmp_path / "a.gpx")
    points = open_file(tmp_path / "a.gpx", layer="waypoints").frame
    assert points.iloc[0][["ele", "name", "kind"]].tolist() == ["1000", "A", "hut"]
    track = open_file(tmp_path / "a.gpx", layer="tracks").frame.geometry.iloc[0]
    assert [list(part.coords) for part in track.geoms] == [
        [(111, 40), (112, 41)],
        [(113, 42), (114, 43)],
    ]


OSM = """<osm version="0.6"><node id="1" lat="40" lon="111"><tag k="place" v="town"/><tag k="name" v="甲"/><tag k="name:en" v="Jia"/></node>
<node id="2" lat="41" lon="111"/><node id="3" lat="41" lon="112"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="landuse" v="industrial"/></way>
<way id="11"><nd ref="1"/><nd ref="2"/><tag k="power" v="line"/><tag k="voltage" v="220000"/></way>
<way id="12"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
<relation id="20"><member type="way" ref="12" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="water"/></relation></osm>"""


def test_openstreetmap_with_a_column_for_each_tag_and_a_ring_that_does_not_close(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.osm"
    path.write_text(OSM)
    with pytest.raises(ChoiceError, match="points, lines, multipolygons"):
        open_file(path)
    points = open_file(path, layer="points").frame
    assert points.iloc[0][["name", "name:en", "place"]].tolist() == ["甲", "Jia", "town"]
    areas = open_file(path, layer="multipolygons")
    placed = areas.frame[areas.frame.geometry.notna()]
    assert placed["landuse"].tolist() == ["industrial"]
    assert any("do not close" in note.say("en") for note in areas.notes)


def test_a_drawing_needs_its_crs_said(tmp_path: Path) -> None:
    pyogrio.write_dataframe(
        LINES.iloc[:1].drop(columns=["名称", "MW", "kV"]).to_crs(4546),
        tmp_path / "a.dxf",
        driver="DXF",
    )
    with pytest.raises(InputError, match="plane coordinates"):
        open_file(tmp_path / "a.dxf")
    line = open_file(tmp_path / "a.dxf", crs="EPSG:4546").frame.geometry.iloc[0]
    assert shapely.hausdorff_distance(line, LINES.geometry.iloc[0]) < 1e-6


def test_a_record_of_json_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"name": "a", "lon": 111.5, "lat": 40.5, "tags": ["x"]}, {"name": "b", "lon": null}]'
    )
    frame = open_file(tmp_path / "a.json").frame
    assert frame["tags"].tolist()[0] == '["x"]'
    assert frame.geometry.isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.epw", b"LOCATION,Beijing,,CHN,CSWD,545110,39.8,116.47,8,31.3\n", r"EPW.*\[cooling\]"),
        ("a.tif", b"II*\0\x08\0\0\0", r"GeoTIFF.*\[rasters"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.json", b'{"networks": []}', "network of another tool"),
        ("a.json", b'{"nodes": [], "links": []}', "network of another tool"),
        ("a.graphml", b'<?xml version="1.0"?><graphml/>', "network of another tool"),
        ("a.dbf", b"\x03\x7a\x01\x01", "one of several files"),
        ("a.rar", b"Rar!\x1a\x07\0", "archive"),
        ("a.dwg", b"AC1027", "DWG"),
        ("a.geojson", b'{"type": "Topology"}', "neither GeoJSON"),
    ],
)  # fmt: skip
def test_what_is_no_layer_is_called_by_its_name(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        open_file(tmp_path / name)
    assert len(caught.value.lines()) == 1


def test_a_name_tells_nothing_of_a_file(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"s": [["name", "lon", "lat"], ["a", 1, 2]]})
    shutil.copy(tmp_path / "a.xlsx", tmp_path / "b.csv")
    assert open_file(tmp_path / "b.csv").format == "xlsx"
