"""Tables with the faults of those that people send: each opens right, or asks in one line.

The oracle is what was written: three parks at known places; plane coordinates are pyproj's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from steppe.layers.datum import gcj02_to_bd09, wgs84_to_gcj02
from steppe.layers.errors import InputError, Problem
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.raw_table import ChoiceError, RawTable
from steppe.layers.wording import say
from tests.layers.importing.made_files import BOX, DATE, LONLATS, PARKS, csv_text, dms, write_xlsx

HEAD = ("名称", "经度", "纬度", "IT负荷(MW)")
NAMES = [park[0] for park in PARKS]


def to_plane(code: int) -> list[tuple[float, float]]:
    way = Transformer.from_crs("EPSG:4326", f"EPSG:{code}", always_xy=True)
    return [way.transform(lon, lat) for lon, lat in LONLATS]


def rows(*columns: str, places=LONLATS, names=NAMES) -> list[list[object]]:
    """A head and the three parks."""
    return [
        list(columns),
        *(
            [name, x, y, park[3]][: len(columns)]
            for name, (x, y), park in zip(names, places, PARKS, strict=True)
        ),
    ]


def text_file(
    content: str, encoding: str = "utf-8", suffix: str = ".csv"
) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / f"parks{suffix}"
        path.write_bytes(content.encode(encoding))
        return path

    return make


def book(table, **more) -> Callable[[Path], Path]:
    sheets = table if isinstance(table, dict) else {"Sheet1": table}
    return lambda folder: write_xlsx(folder / "parks.xlsx", sheets, **more)


def told(raw: RawTable) -> str:
    return "\n".join(
        note.say("en") if isinstance(note, Problem) else say(note, "en") for note in raw.notes
    )


COMMA = [
    [name, f"{lon}".replace(".", ","), f"{lat}".replace(".", ","), mw]
    for name, lon, lat, mw in PARKS
]
CHINESE = [
    [name, "东经" + dms(lon, "度分秒"), "北纬" + dms(lat, "度分秒"), mw]
    for name, lon, lat, mw in PARKS
]
GCJ = [tuple(map(float, wgs84_to_gcj02(*place))) for place in LONLATS]
BD = [tuple(map(float, gcj02_to_bd09(*place))) for place in GCJ]
PLAIN = [list(park) for park in PARKS]

# name: the maker, options of open_file, what is to be told (part of it)
RIGHT = {
    "semicolons and decimal commas": (text_file(csv_text([HEAD, *COMMA], ";")), {}, ""),
    "tabs": (text_file(csv_text([HEAD, *PLAIN], "\t"), suffix=".txt"), {}, ""),
    "bars and a byte order mark": (text_file(csv_text([HEAD, *PLAIN], "|"), "utf-8-sig"), {}, ""),
    "GBK": (text_file(csv_text([HEAD, *PLAIN]), "gbk"), {}, "GB18030"),
    "UTF-16": (text_file(csv_text([HEAD, *PLAIN], "\t"), "utf-16"), {}, "UTF-16"),
    "Big5": (text_file(csv_text([["名稱", "經度", "緯度", "負荷"], *([f"臺北園區{n}", *row[1:]] for n, row in enumerate(PLAIN))]), "big5"), {}, "BIG5"),
    "the separator said as Excel does": (text_file("sep=;\n" + csv_text([HEAD, *PLAIN], ";")), {}, ""),
    "commas of Chinese": (text_file(csv_text([HEAD, *PLAIN], "，")), {}, ""),
    "titles, units, notes, a total": (
        text_file(csv_text([["内蒙古园区一览"], [], (*HEAD[:3], "负荷"), (None, "°", "°", "MW"), *PLAIN, ("合计", None, None, 500), [], ("注：数据来自公开资料",)])),
        {}, "totals are no rows",
    ),
    "duplicate and missing names": (text_file(csv_text([[*HEAD, "备注", "备注", ""], *([*row, "a", "b", "c"] for row in PLAIN)])), {}, "several columns have one name"),
    "degrees, minutes, seconds": (text_file(csv_text([HEAD, *([name, dms(lon) + "E", dms(lat) + "N", mw] for name, lon, lat, mw in PARKS)])), {}, ""),
    "degrees in Chinese words": (text_file(csv_text([HEAD, *CHINESE])), {}, ""),
    "degrees set apart by blanks": (text_file(csv_text([HEAD, *([name, dms(lon, "  ;").rstrip(";"), dms(lat, "-- "), mw] for name, lon, lat, mw in PARKS)])), {}, ""),
    "degrees, minutes and seconds in columns": (
        text_file(csv_text([["名称", "经度_度", "经度_分", "经度_秒", "纬度_度", "纬度_分", "纬度_秒"],
                            *([name, *dms(lon, ",, ").strip().split(","), *dms(lat, ",, ").strip().split(",")] for name, lon, lat, _ in PARKS)])), {}, ""),
    "both in one cell, latitude first": (text_file(csv_text([["name", "lat, lon"], *([name, f"{lat}, {lon}"] for name, lon, lat, _ in PARKS)])), {}, ""),
    "both in one cell, in Chinese": (text_file(csv_text([["名称", "坐标"], *([row[0], f"{row[2]}，{row[1]}"] for row in CHINESE)])), {}, ""),
    "well-known text": (text_file(csv_text([["name", "geom"], *([name, f"SRID=4326;POINT({lon} {lat})"] for name, lon, lat, _ in PARKS)])), {}, ""),
    "well-known binary": (text_file(csv_text([["name", "the_geom"], *([name, shapely.to_wkb(shapely.Point(lon, lat), hex=True)] for name, lon, lat, _ in PARKS)])), {}, ""),
    "GeoJSON in a cell": (text_file(csv_text([["name", "shape"], *([name, shapely.to_geojson(shapely.Point(lon, lat))] for name, lon, lat, _ in PARKS)])), {}, ""),
    "a zone number before eastings": (text_file(csv_text(rows("name", "X", "Y", places=[(y, x) for x, y in to_plane(4525)]))), {}, "EPSG:4525, northing first"),
    "six-degree zone": (text_file(csv_text(rows("name", "Y坐标", "X坐标", places=[(y, x) for x, y in to_plane(4497)]))), {"box": BOX}, "EPSG:4497"),
    "Web Mercator without a word": (text_file(csv_text(rows("name", "x", "y", places=to_plane(3857)))), {"box": BOX}, "EPSG:3857"),
    "no zone, said by the user": (text_file(csv_text(rows("name", "easting", "northing", places=to_plane(4546)))), {"crs": "EPSG:4546"}, ""),
    "X is the northing, the CRS said": (text_file(csv_text(rows("name", "X", "Y", places=[(y, x) for x, y in to_plane(4546)]))), {"crs": "EPSG:4546"}, "northing stands first"),
    "X is the northing, with the zone": (text_file(csv_text(rows("name", "X", "Y", places=[(y, x) for x, y in to_plane(4525)]))), {"crs": "EPSG:4546"}, "begin with the number of their zone"),
    "zone of the CRS before eastings": (text_file(csv_text(rows("name", "easting", "northing", places=to_plane(4525)))), {"crs": "EPSG:4546"}, "begin with the number of their zone, 37"),
    "swapped axes": (text_file(csv_text(rows("name", "lon", "lat", places=[(lat, lon) for lon, lat in LONLATS]))), {}, "they are exchanged"),
    "GCJ-02 by the names": (text_file(csv_text(rows("name", "gcj02_lng", "gcj02_lat", places=GCJ))), {}, "GCJ-02"),
    "BD-09 said": (text_file(csv_text(rows("name", "lng", "lat", places=BD))), {"datum": "bd09"}, "BD-09"),
    "WGS 84 beside GCJ-02": (
        text_file(csv_text([["name", "gcj_lng", "gcj_lat", "wgs84_lng", "wgs84_lat"], *([name, *gcj, lon, lat] for (name, lon, lat, _), gcj in zip(PARKS, GCJ, strict=True))])), {}, ""),
    "a workbook": (book([HEAD, *PLAIN]), {}, ""),
    "numbers that are texts": (book([HEAD, *([str(cell) for cell in row] for row in PLAIN)]), {}, ""),
    "titles and a head of two rows": (
        book([["园区一览表（2024）"], ["名称", "位置", None, "负荷"], [None, "经度", "纬度", "MW"], *PLAIN], merges=("A1:D1", "A2:A3", "B2:C2")), {}, "1 rows above"),
    "a hidden sheet and an empty one": (book({"园区": [HEAD, *PLAIN], "旧": [HEAD, *PLAIN], "空": []}, hidden=("旧",)), {}, "hidden sheets"),
    "a sheet that is said": (book({"A": [HEAD, *PLAIN], "说明": [["键", "值"], ["a", "b"]]}), {"sheet": "a"}, ""),
    "a range of a sheet": (book([HEAD, *PLAIN, [], ["节点", "X", "容量"], ["呼和浩特", 1, 2]]), {"sheet": "Sheet1!A1:D4"}, ""),
    "a head again at each page": (book([HEAD, PLAIN[0], list(HEAD), *PLAIN[1:]]), {}, "the head stands 1 times more"),
    "sections over all columns": (book([HEAD, ["一、呼包鄂"], *PLAIN], merges=("A2:D2",)), {}, "titles over all columns"),
    "unknown texts": (text_file(csv_text([[*HEAD, "电压"], *([*row, text] for row, text in zip(PLAIN, ("<NA>", "-", "无"), strict=True))])), {}, "3 cells"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_it_opens_right(name: str, tmp_path: Path) -> None:
    make, options, wanted = RIGHT[name]
    raw = open_file(make(tmp_path), **options)
    assert raw.is_placed
    assert not raw.questions
    assert len(raw.frame) == len(PARKS)
    assert raw.frame.crs.to_epsg() == 4326
    found = np.column_stack([raw.frame.geometry.x, raw.frame.geometry.y])
    np.testing.assert_allclose(found, LONLATS, rtol=0, atol=2e-8)
    assert list(raw.frame.iloc[:, 0])[1:] == NAMES[1:] or name == "Big5"
    assert wanted in told(raw)


def _old(folder: Path) -> Path:
    path = folder / "parks.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    return path


ASKS = {
    "several sheets": (book({"园区": [HEAD, *PLAIN], "节点": [HEAD, *PLAIN]}), {}, "holds several tables: 园区, 节点"),
    "two tables in a sheet": (book([HEAD, *PLAIN, [], ["节点", "经度", "纬度", "容量"], ["呼和浩特", 111.65, 40.81, 10]]), {}, "Sheet1!A1:D4, Sheet1!A6:D7"),
    "no zone and no box": (text_file(csv_text(rows("name", "x", "y", places=to_plane(4546)))), {}, "plane coordinates such as"),
    "no zone, zones beside each other": (text_file(csv_text(rows("name", "x", "y", places=to_plane(4546)))), {"box": BOX}, "these would fit"),
    "a six-degree zone or Web Mercator": (text_file(csv_text(rows("name", "Y坐标", "X坐标", places=to_plane(4497)))), {}, "these would fit: EPSG:"),
    "an encoding that may be several": (text_file("nom,lon,lat\nCôte,1,2\n", "cp1252"), {}, "--encoding"),
    "no names of columns": (text_file("111.81,40.37,300\n113.11,41.03,120\n"), {}, "no row names the columns"),
    "an empty file": (text_file(""), {}, "is empty"),
    "a sheet that is not there": (book([HEAD, *PLAIN]), {"sheet": "Parks"}, "holds no Parks"),
    "an unknown CRS": (text_file(csv_text([HEAD, *PLAIN])), {"crs": "EPSG:999999"}, "unknown CRS"),
    "degrees said of metres": (text_file(csv_text(rows("name", "x", "y", places=to_plane(3857)))), {"crs": "EPSG:4326"}, "not as EPSG:4326"),
    "metres said of degrees": (text_file(csv_text([HEAD, *PLAIN])), {"crs": "EPSG:4546"}, "not as EPSG:4546"),
    "quotes that do not close": (text_file('name,lon,lat\n"a,1,2\n'), {}, "is no CSV"),
    "the old format of Excel": (_old, {}, "before 2007"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKS)
def test_it_asks_in_one_line(name: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    make, options, wanted = ASKS[name]
    with pytest.raises(InputError) as caught:
        open_file(make(tmp_path), **options)
    lines = caught.value.lines()
    assert len(lines) == 1
    assert wanted in lines[0]


def test_tables_of_a_sheet_open_by_the_ranges_that_are_offered(tmp_path: Path) -> None:
    path = ASKS["two tables in a sheet"][0](tmp_path)
    with pytest.raises(ChoiceError) as caught:
        open_file(path)
    tables = [open_file(path, sheet=choice.name).frame for choice in caught.value.choices]
    assert [len(table) for table in tables] == [3, 1]
    assert list(tables[1]["节点"]) == ["呼和浩特"]


def test_rows_that_may_be_swapped_are_asked_for(tmp_path: Path) -> None:
    """One row is swapped, another lies elsewhere: nothing is certain of either."""
    box = (20.0, 30.0, 29.0, 60.0)
    path = text_file("name,lon,lat\na,25,50\nb,50,25\nc,100,10\n")(tmp_path)
    raw = open_file(path, box=box)
    assert [question.rows for question in raw.questions] == [("3",)]
    assert open_file(
        text_file("name,lon,lat\na,25,50\nb,50,25\n")(tmp_path), box=box
    ).frame.geometry.x.tolist() == [25.0, 25.0]


def test_what_stands_first_in_a_cell_is_asked_unless_the_box_tells(tmp_path: Path) -> None:
    path = text_file("name;position\na;4.5, 11.5\nb;4.25, 13.5\n")(tmp_path)
    asked = open_file(path)
    assert [(point.x, point.y) for point in asked.frame.geometry] == [(11.5, 4.5), (13.5, 4.25)]
    assert len(asked.questions) == 1
    for options, lons in (
        ({"box": (10, 0, 20, 10)}, [11.5, 13.5]),
        ({"box": (0, 10, 10, 20)}, [4.5, 4.25]),
        ({"swap": True}, [4.5, 4.25]),
    ):
        raw = open_file(path, **options)
        assert raw.frame.geometry.x.tolist() == lons
        assert not raw.questions


SIBLINGS = {
    "blanks between cells": "name lon lat\na 111.8 40.3\n",
    "a title and a unit in the corners": "表1,,,单位：MW\n名称,经度,纬度,容量\na,111.8,40.3,5\n",
    "a park called Total": "name,lon,lat,MW\nTotal,111.8,40.3,3\n",
    "letters of the sides in the names": "name,Longitude (E),Latitude (N)\na,111.8°E,40.3°N\n",
    "blanks before quotes": 'name, "lon", "lat"\n"a", "111.8", "40.3"\n',
    "full-width digits": "名称,经度,纬度\na,１１１．８,４０．３\n",
    "ends of lines of an old Mac": "name,lon,lat\ra,111.8,40.3\r",
    "longitudes up to 360 and a slash": "name;Lat/Long\na;40.3/111.8\n",
    "minutes with a fraction": "名称,东经,北纬\na,111度48分,40°18.0'\n",
    "a separator at the end of each line": "name,lon,lat,\na,111.8,40.3,\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SIBLINGS)
def test_more_of_what_people_write(name: str, tmp_path: Path) -> None:
    raw = open_file(text_file(SIBLINGS[name])(tmp_path))
    assert [(point.x, point.y) for point in raw.frame.geometry] == [
        pytest.approx((111.8, 40.3), abs=1e-9)
    ]
    assert not raw.questions


def test_tables_beside_each_other_are_asked_for(tmp_path: Path) -> None:
    path = book(
        [["name", "lon", "lat", None, "name", "lon", "lat"], ["a", 111, 40, None, "b", 112, 41]]
    )(tmp_path)
    with pytest.raises(ChoiceError) as caught:
        open_file(path)
    assert [choice.name for choice in caught.value.choices] == ["Sheet1!A1:C2", "Sheet1!E1:G2"]
    assert open_file(path, sheet="Sheet1!E1:G2").frame["name"].tolist() == ["b"]


def test_a_row_without_a_place_stays_and_is_named(tmp_path: Path) -> None:
    path = text_file("name,lon,lat\na,111.8,40.4\nb,,\nc,0,0\nd,somewhere,40\n")(tmp_path)
    raw = open_file(path)
    assert list(raw.frame["name"]) == ["a", "b", "c", "d"]
    assert raw.frame.geometry.isna().tolist() == [False, True, True, True]
    assert [question.rows for question in raw.questions] == [("5",)]
    assert "rows 4" in told(raw)


def test_every_field_of_the_source_stays_under_its_name(tmp_path: Path) -> None:
    head = ["序号", "名称", "Lon", "lat", "geometry", "fid", "备注"]
    path = text_file(
        csv_text(
            [
                head,
                ["007", "a", 111.8, 40.4, "square", 1, " x "],
                ["008", "b", 112, 41, "round", 2, "1,5"],
            ]
        )
    )(tmp_path)
    raw = open_file(path)
    assert raw.fields == ["序号", "名称", "Lon", "lat", "geometry_2", "fid", "备注"]
    assert list(raw.frame["序号"]) == ["007", "008"]
    assert list(raw.frame["备注"]) == [" x ", "1,5"]


def test_a_spreadsheet_keeps_its_kinds_of_cells(tmp_path: Path) -> None:
    table = [
        ["name", "lon", "lat", "racks", "open", "as_of"],
        ["a", 111.5, 40.5, 3000, True, (DATE, 45413)],
        ["b", 112.5, 41.5, None, False, (DATE, 59)],
    ]
    frame = open_file(book(table)(tmp_path)).frame
    assert frame["racks"].tolist()[0] == 3000
    assert frame["as_of"].tolist() == [
        "2024-05-01",
        "1900-02-28",
    ]  # days 45413 and 59 of Excel's calendar
    assert frame["open"].tolist() == [True, False]


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    raw = open_file(
        book([[*HEAD, "sum"], *([*row, ("formula", "A1+1")] for row in PLAIN)])(tmp_path)
    )
    assert "3 formulas" in told(raw)


def test_codes_of_countries_are_no_unknown_texts(tmp_path: Path) -> None:
    raw = open_file(text_file("name,country,note\na,NA,NA\nb,ZA,x y\n")(tmp_path))
    assert raw.frame["country"].tolist() == ["NA", "ZA"]
    assert raw.frame["note"].isna().tolist() == [True, False]
