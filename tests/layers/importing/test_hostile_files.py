"""Files made to harm the opening: one line each, soon, and nothing outside is read."""

from __future__ import annotations

import json
import warnings
import zipfile
from pathlib import Path

import pyogrio
import pytest
import shapely

from steppe.layers.errors import InputError
from steppe.layers.importing.file_opening import open_file
from tests.fuzz.mutations import cut_short, mutate
from tests.layers.importing.made_files import PARKS, csv_text, write_xlsx
from tests.layers.importing.test_formats import KML, KML_LINES, OSM, ROWS


def refusal(path: Path, **options) -> str:
    with pytest.raises(InputError) as caught:
        open_file(path, **options)
    lines = caught.value.lines()
    assert len(lines) == 1
    assert path.name in lines[0]
    return lines[0]


def zipped(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return path


def test_a_zip_that_unpacks_to_a_thousand_times_its_size(tmp_path: Path) -> None:
    line = refusal(zipped(tmp_path / "a.zip", a_dot_csv=b"a,b\n" + b" " * 30_000_000))
    assert "times" in line


def test_a_workbook_that_unpacks_to_a_thousand_times_its_size(tmp_path: Path) -> None:
    sheet = "<worksheet><sheetData>" + " " * 30_000_000 + "</sheetData></worksheet>"
    path = write_xlsx(tmp_path / "a.xlsx", {"s": [["a"]]})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="r"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r" Target="worksheets/s.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/s.xml", sheet)
    assert "times" in refusal(path)


@pytest.mark.parametrize("name", ["../../evil.csv", "/evil.csv", "C:\\evil.csv"])
def test_a_member_that_leads_out_stays_in(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(name, "name,lon,lat\na,1,2\n")
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    (tmp_path / "a.zip").rename(folder / "a.zip")
    assert len(open_file(folder / "a.zip").frame) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.zip"]


def test_a_zip_in_a_zip_and_one_with_nothing(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "b.zip", a_dot_csv="a,b\n1,2\n").read_bytes()
    # Under another name, for a zip is known by its content.
    assert "archive in an archive" in refusal(zipped(tmp_path / "a.zip", x_dot_csv=inner))
    assert "no file that is opened" in refusal(zipped(tmp_path / "c.zip", readme_dot_md="x"))


ENTITY = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY b "&x;&x;&x;">]>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.kml", f'<?xml version="1.0"?>{ENTITY}<kml><Document><name>&b;</name></Document></kml>'),
        (
            "a.gpx",
            f'<?xml version="1.0"?>{ENTITY}<gpx><wpt lat="1" lon="2"><name>&x;</name></wpt></gpx>',
        ),
    ],
)
def test_entities_are_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert "document type" in refusal(tmp_path / name) or "DOCTYPE" in refusal(tmp_path / name)
    book = tmp_path / "a.xlsx"
    zipped(book, xl__workbook_dot_xml=f"{ENTITY}<workbook/>")
    refusal(book)


def test_what_nests_without_end(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text("<kml>" + "<Folder>" * 5000)
    assert "levels" in refusal(tmp_path / "a.kml")
    deep = "GEOMETRYCOLLECTION(" * 1500 + "POINT(1 2)" + ")" * 1500
    (tmp_path / "a.csv").write_text(csv_text([["name", "geom"], ["a", deep], ["b", "POINT(1 2)"]]))
    assert open_file(tmp_path / "a.csv").frame.geometry.isna().tolist() == [True, False]
    (tmp_path / "b.geojson").write_text("[" * 100_000)
    assert "levels" in refusal(tmp_path / "b.geojson")


def test_a_sheet_of_a_million_repeated_cells_and_merges_over_all(tmp_path: Path) -> None:
    space = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    row = '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}" office:value-type="float" office:value="1"/></table:table-row>'
    for n_rows, n_columns in ((10**9 - 1, 2), (1, 10**9 - 1)):
        content = f'<office:document-content {space}><table:table table:name="s">{row.format(n_rows, n_columns)}</table:table></office:document-content>'
        zipped(
            tmp_path / "a.ods",
            mimetype="application/vnd.oasis.opendocument.spreadsheet",
            content_dot_xml=content,
        )
        assert (
            "of a table" in refusal(tmp_path / "a.ods")
            or "rows" in refusal(tmp_path / "a.ods")
            or "columns" in refusal(tmp_path / "a.ods")
        )
    # An empty tail of a million rows is what every office program writes.
    tail = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    head = (
        "<table:table-row>"
        + "".join(
            f"<table:table-cell><text:p>{name}</text:p></table:table-cell>"
            for name in ("name", "lon", "lat")
        )
        + "</table:table-row>"
    )
    body = head.replace("name", "a").replace("lon", "111.5").replace("lat", "40.5")
    content = f'<office:document-content {space}><table:table table:name="s">{head}{body}{tail}</table:table></office:document-content>'
    zipped(
        tmp_path / "b.ods",
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        content_dot_xml=content,
    )
    assert len(open_file(tmp_path / "b.ods").frame) == 1
    merges = tuple(f"A{n}:XFD1048576" for n in range(1, 400))
    path = write_xlsx(
        tmp_path / "c.xlsx",
        {"s": [["a", "b", "c"], *([1, 2, 3] for _ in range(3_000))]},
        merges=merges,
    )
    assert "cells" in refusal(path)


def test_a_network_link_is_never_followed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("asked somebody"))
    (tmp_path / "a.kml").write_text(KML.format(encoding="UTF-8", more=""))
    assert len(open_file(tmp_path / "a.kml").frame) == 2


def test_a_virtual_layer_stays_shut(tmp_path: Path) -> None:
    text = '<OGRVRTDataSource><OGRVRTLayer name="s"><SrcDataSource>/etc/hostname</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
    for name in ("a.osm", "a.fgb", "a.tab", "a.dxf", "a.vrt", "a.csv"):
        (tmp_path / name).write_text(text)
        assert "XML of a kind" in refusal(tmp_path / name)


def make_samples(folder: Path) -> dict[str, Path]:
    """A small file of each format that is read."""
    samples = {"csv": folder / "a.csv", "kml": folder / "a.kml", "osm": folder / "a.osm", "gpx": folder / "a.gpx",
               "json": folder / "a.json", "xlsx": folder / "a.xlsx"}  # fmt: skip
    samples["csv"].write_text(csv_text([["name", "lon", "lat", "MW"], *PARKS]), encoding="utf-8")
    samples["kml"].write_text(KML.format(encoding="UTF-8", more=KML_LINES), encoding="utf-8")
    samples["osm"].write_text(OSM, encoding="utf-8")
    samples["gpx"].write_text('<gpx><wpt lat="40.5" lon="111.5"><name>A</name></wpt></gpx>')
    samples["json"].write_text(
        json.dumps(
            [
                {"name": "a", "wkt": "POINT(1 2)"},
                {"name": "b", "wkt": shapely.to_wkb(shapely.Point(1, 2), hex=True)},
            ]
        )
    )
    write_xlsx(
        samples["xlsx"],
        {"s": [["name", "lon", "lat"], ["a", 111.5, 40.5]], "t": [["k", "v"], [1, 2]]},
    )
    for suffix, driver in (
        (".ods", "ODS"),
        (".fgb", "FlatGeobuf"),
        (".tab", "MapInfo File"),
        (".dxf", "DXF"),
    ):
        samples[suffix[1:]] = folder / f"a{suffix}"
        frame = ROWS.assign(lon=1.5, lat=2.5).rename(columns={"名称": "name"}).assign(name="a")
        frame = frame[["geometry"]] if driver == "DXF" else frame
        pyogrio.write_dataframe(
            frame.drop(columns="geometry") if driver == "ODS" else frame,
            samples[suffix[1:]],
            driver=driver,
        )
    return samples


FORMATS = ("csv", "kml", "osm", "gpx", "json", "xlsx", "ods", "fgb", "tab", "dxf")
KINDS = {"csv": "table", "kml": "xml", "osm": "xml", "gpx": "xml", "json": "json"}
LAYERS = {"kml": "光缆", "osm": "lines", "xlsx": "s"}
SLOW = ("osm", "dxf")
N_CASES, N_SOAK = 12, 400


def attempt(path: Path, content: bytes, layer: str | None) -> None:
    """Open what a mutation made: a table, or one line for each fault."""
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            open_file(path, layer=layer)
        except InputError as error:
            lines = error.lines()
        else:
            lines = []
    assert all(len(line.splitlines()) == 1 for line in lines)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_samples(tmp_path_factory.mktemp("samples"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_broken_file_is_read_or_one_line(samples, name: str) -> None:
    hold(samples[name], name, N_CASES if name not in SLOW else 3)


@pytest.mark.soak
@pytest.mark.parametrize("name", FORMATS)
def test_many_broken_files_are_read_or_one_line(samples, name: str) -> None:
    hold(samples[name], name, N_SOAK)


def hold(path: Path, name: str, n_cases: int) -> None:
    whole = path.read_bytes()
    try:
        for part in cut_short(whole):
            attempt(path, part, LAYERS.get(name))
        for number in range(n_cases):
            try:
                attempt(
                    path, mutate(whole, number, kind=KINDS.get(name, "binary")), LAYERS.get(name)
                )
            except Exception as error:
                error.add_note(f"{name}, mutation {number}")
                raise
    finally:
        path.write_bytes(whole)


def test_a_part_with_a_name_that_no_disk_holds_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.shp", b"\x00\x00\x27\x0a" + b"\x00" * 96)
        archive.writestr(f"a.{'x' * 300}", b"1")
    refusal(path)
