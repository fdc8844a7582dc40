"""OpenStreetMap out of .osm, .osm.pbf and Overpass: the same layers, their tags read right."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import osmnx
import pytest
import shapely

from steppe.layers.crs import line_km
from steppe.layers.errors import InputError
from steppe.layers.openers.catalogue import OPENERS
from steppe.layers.openers.fetched import Asked
from steppe.layers.openers.osm_tags import name_both, read_kv, read_people

BOX = (110.0, 40.0, 114.0, 42.0)

# A railway in two pieces, a siding, a motorway that leaves the box, a substation as an area, one
# without its ring closed, a lake with an island, housing, and a town.
NODES = {
    1: (111.0, 41.0), 2: (111.5, 41.0), 3: (112.0, 41.1), 4: (111.5, 41.01),
    10: (113.0, 41.5), 11: (115.0, 41.4),
    20: (111.2, 40.5), 21: (111.21, 40.5), 22: (111.21, 40.51), 23: (111.2, 40.51),
    30: (112.0, 40.2), 31: (112.1, 40.2), 32: (112.1, 40.3), 33: (112.0, 40.3),
    34: (112.04, 40.24), 35: (112.06, 40.24), 36: (112.06, 40.26), 37: (112.04, 40.26),
    40: (111.6, 40.8), 41: (111.7, 40.8), 42: (111.7, 40.9), 43: (111.6, 40.9),
}  # fmt: skip
WAYS = {
    100: ([1, 2], {"railway": "rail", "usage": "main", "name": "京包线"}),
    101: ([2, 3], {"railway": "rail", "usage": "main", "name": "京包线"}),
    102: ([2, 4], {"railway": "rail", "service": "siding"}),
    110: ([10, 11], {"highway": "motorway", "ref": "G7"}),
    120: ([20, 21, 22, 23, 20], {"power": "substation", "voltage": "220000;110000"}),
    121: ([20, 21, 22], {"power": "substation", "substation": "minor_distribution"}),
    130: ([30, 31, 32, 33, 30], {}),
    131: ([34, 35, 36, 37, 34], {}),
    140: ([40, 41, 42, 43, 40], {"landuse": "residential"}),
    141: ([1, 10], {"power": "line", "voltage": "500000"}),
    150: ([20, 30, 31, 22, 20], {}),
}
RELATIONS = {
    200: ([(130, "outer"), (131, "inner")], {"type": "multipolygon", "natural": "water"}),
    201: ([(150, "outer")], {"type": "boundary", "boundary": "protected_area", "name": "大青山"}),
}
TOWN = {"place": "city", "name": "Хөх хот", "name:zh": "呼和浩特", "name:en": "Hohhot"}
STAMP = "2024-05-06T07:08:09Z"


def write_osm(path: Path) -> Path:
    def tags(of: dict[str, str]) -> str:
        return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in of.items())

    head = f'version="1" timestamp="{STAMP}"'
    parts = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">']
    parts += [f'<node id="{n}" {head} lat="{y}" lon="{x}"/>' for n, (x, y) in NODES.items()]
    parts.append(f'<node id="50" {head} lat="40.8" lon="111.65">{tags(TOWN)}</node>')
    for number, (nodes, of) in WAYS.items():
        refs = "".join(f'<nd ref="{each}"/>' for each in nodes)
        parts.append(f'<way id="{number}" {head}>{refs}{tags(of)}</way>')
    for number, (members, of) in RELATIONS.items():
        refs = "".join(f'<member type="way" ref="{n}" role="{role}"/>' for n, role in members)
        parts.append(f'<relation id="{number}" {head}>{refs}{tags(of)}</relation>')
    parts.append("</osm>")
    path.write_text("".join(parts), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def extract(tmp_path_factory) -> Path:
    return write_osm(tmp_path_factory.mktemp("osm") / "region.osm")


@pytest.fixture(scope="module")
def pbf(extract) -> Path:
    osmium = pytest.importorskip("osmium")
    path = extract.with_suffix(".osm.pbf")
    with osmium.SimpleWriter(str(path)) as writer:
        for each in osmium.FileProcessor(str(extract)):
            writer.add(each)
    return path


def by_name(found) -> dict[str, object]:
    return {each.name: each.frame for each in found.layers}


@pytest.mark.parametrize("form", ["extract", "pbf"])
def test_both_forms_of_an_extract_make_the_same_layers(request, opened, form) -> None:
    found = opened("osm", request.getfixturevalue(form))
    layers = by_name(found)
    assert found.as_of.isoformat() == "2024-05-06"

    (rail,) = layers["railways"].to_dict("records")
    assert (rail["line_id"], rail["name"], rail["rank"]) == ("osm_w100", "京包线", 4)
    want = shapely.LineString([NODES[1], NODES[2], NODES[3]])
    assert line_km(rail["geometry"]) == pytest.approx(line_km(want), rel=1e-6)

    (road,) = layers["roads"].to_dict("records")
    assert (road["name"], road["kind"], road["rank"]) == ("G7", "motorway", 0)
    assert road["geometry"].bounds[2] == pytest.approx(114.0)

    (station,) = layers["substations"].to_dict("records")
    assert (station["grid_id"], station["voltage_kv"]) == ("osm_w120", 220.0)
    assert shapely.box(111.2, 40.5, 111.21, 40.51).contains(station["geometry"])

    (lake,) = layers["lakes"].to_dict("records")
    assert lake["geometry"].area == pytest.approx(0.01 - 0.0004)

    (town,) = layers["towns"].to_dict("records")
    assert (town["name_zh"], town["name_en"]) == ("呼和浩特", "Hohhot")
    (home,) = layers["land_use"].to_dict("records")
    assert home["kind"] == "housing"
    (line,) = layers["power_lines"].to_dict("records")
    assert line["voltage_kv"] == 500.0
    (area,) = layers["protected_areas"].to_dict("records")
    assert (area["area_id"], area["name_zh"]) == ("osm_r201", "大青山")
    assert layers["plants"].empty


def test_the_layer_speaks_no_farther_than_the_extract(opened, extract) -> None:
    found = opened("osm", extract, only=("railways",), box=(100.0, 35.0, 120.0, 45.0))
    (rail,) = found.layers
    assert rail.box == (111.0, 40.2, 115.0, 41.5)


def test_an_extract_of_elsewhere_makes_nothing_and_says_so(opened, extract) -> None:
    found = opened("osm", extract, box=(0.0, 0.0, 1.0, 1.0))
    assert not found.layers
    assert [note.key for note in found.notes] == ["fetch.nothing_here"]


def test_a_way_without_some_of_its_nodes_keeps_the_pieces_that_are_there(tmp_path, opened) -> None:
    osmium = pytest.importorskip("osmium")
    path = tmp_path / "cut.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number in (1, 2, 3, 4):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=NODES[number], version=1))
        nodes = [1, 2, 99, 3, 4]
        tags = {"highway": "trunk"}
        writer.add_way(osmium.osm.mutable.Way(id=7, nodes=nodes, tags=tags, version=1))
    (road,) = opened("osm", path, only=("roads",)).layers
    assert len(road.frame) == 2
    assert road.frame["line_id"].tolist() == ["osm_w7", "osm_w7_2"]


def test_a_ring_that_does_not_close_is_told(tmp_path, opened) -> None:
    osmium = pytest.importorskip("osmium")
    path = tmp_path / "broken.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number in (30, 31, 32, 33):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=NODES[number], version=1))
        crossed = [30, 32, 31, 33, 30]
        tags = {"natural": "water"}
        writer.add_way(osmium.osm.mutable.Way(id=8, nodes=crossed, tags=tags, version=1))
    found = opened("osm", path, only=("lakes",))
    assert "fetch.osm.broken" in [note.key for note in found.notes]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm", b"<osm><node id='1' lat='41' lon='111'>"),
        ("b.osm", b"\x00\x01"),
        ("c.osm.pbf", b"no such thing"),
        ("d.osm.pbf", b""),
    ],
)
def test_a_damaged_extract_is_one_line(tmp_path, opened, name, content) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        opened("osm", path)
    assert len(error.value.problems) == 1


def test_without_pyosmium_one_line_says_what_to_install(tmp_path, opened, monkeypatch) -> None:
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(InputError, match="osm"):
        opened("osm", path)


def test_overpass_is_asked_for_the_box_and_its_answer_is_kept(tmp_path, monkeypatch) -> None:
    asked: list[tuple[str, str]] = []
    elements = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in NODES.items()] + [
        {"type": "way", "id": number, "nodes": nodes, "tags": tags}
        for number, (nodes, tags) in WAYS.items()
        if tags
    ]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked.append((self.headers["User-Agent"], parse_qs(body)["data"][0]))
            content = json.dumps({"elements": elements}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setattr(osmnx.settings, "overpass_url", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(osmnx.settings, "overpass_rate_limit", False)
    opener = OPENERS["osm"]
    want = Asked((111.0, 40.5, 112.0, 41.2), frozenset({"railways", "substations"}), {})
    try:
        found = opener.ask(want, opener.origin, cache=tmp_path)
        n_asked = len(asked)
        again = opener.ask(want, opener.origin, cache=tmp_path)
        n_again = len(asked)
        (kept,) = tmp_path.iterdir()
        kept.rename(tmp_path / "2001-02-03")
        opener.ask(want, opener.origin, cache=tmp_path)
        assert [each.name for each in tmp_path.iterdir()] == [found.as_of.isoformat()]
        n_of_another_day = len(asked) - n_again
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    layers = by_name(found)
    assert layers["railways"]["line_id"].tolist() == ["osm_w100"]
    assert layers["substations"]["voltage_kv"].tolist() == [220.0]
    assert n_again == n_asked > 0, "the second time the cache answers"
    assert n_of_another_day == n_asked, "what was told on another day is not as of today"
    huge = Asked((100.0, 30.0, 120.0, 45.0), frozenset({"roads"}), {})
    with pytest.raises(InputError, match="--from"):
        opener.ask(huge, opener.origin, cache=tmp_path)
    assert osmnx.settings.http_user_agent != asked[0][0], "what was set is set back"
    assert by_name(again)["railways"].equals(layers["railways"])
    assert all(caller.startswith("steppe") for caller, _ in asked)
    queries = " ".join(query for _, query in asked)
    assert "'railway'='rail'" in queries
    assert "'power'='substation'" in queries
    assert "40.5" in queries


@pytest.mark.parametrize(
    ("text", "kv"),
    [
        ("220000;110000", 220.0), ("110000;220000", 220.0), ("500000", 500.0), ("35 kV", 35.0),
        ("110000/35000/10000", 110.0), ("400000;0", 400.0), ("low", None), ("", None),
        ("8000000", None), ("1100000", 1100.0),
    ],
)  # fmt: skip
def test_the_highest_voltage_counts(text, kv) -> None:
    assert read_kv(text) == kv


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ({"name": "北京"}, ("北京", "北京")),
        ({"name": "北京", "name:en": "Beijing"}, ("北京", "Beijing")),
        ({"name": "Улаанбаатар", "name:zh": "乌兰巴托"}, ("乌兰巴托", "Улаанбаатар")),
        ({"name:zh": "赫爾辛基", "name:zh-Hans": "赫尔辛基", "name": "Helsinki"},
         ("赫尔辛基", "Helsinki")),
        ({}, ("", "")),
    ],
)  # fmt: skip
def test_names_are_told_in_both_languages(tags, names) -> None:
    assert name_both(tags) == names


def test_people_are_counted_with_any_thousands_sign() -> None:
    assert [read_people(text) for text in ("1,234,567", "12 000", "none", "0")] == [
        1_234_567, 12_000, None, None,
    ]  # fmt: skip


@pytest.mark.packs
@pytest.mark.parametrize(
    ("name", "box"), [("Helsinki", (24.0, 60.0, 26.0, 61.0)), ("test", (26.0, 60.0, 27.0, 61.0))]
)
def test_real_extracts_of_cities_open(datasets, opened, name, box) -> None:
    found = opened("osm", datasets / f"messy/osm/{name}.osm.pbf", box=box)
    layers = by_name(found)
    assert not layers["roads"].empty
    assert not layers["land_use"].empty


@pytest.mark.packs
def test_roads_of_the_xml_extract_are_those_of_the_pbf(datasets, opened) -> None:
    box = (24.936, 60.165, 24.95, 60.178)
    xml, pbf = (
        by_name(opened("osm", datasets / "messy/osm" / name, only=("roads",), box=box))["roads"]
        for name in ("helsinki_roads.osm", "Helsinki.osm.pbf")
    )
    lengths = [
        sum(line_km(shape) for shape in frame.geometry[frame["kind"] == "primary"])
        for frame in (xml, pbf)
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.05)
