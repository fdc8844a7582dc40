"""Files that were made to hang, to trace or to slip through: each is one line, or is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.layers.limits import NESTING, NETWORK_BYTES, NETWORK_PARTS, NETWORK_ROWS, TEXT_LENGTH
from steppe.layers.lines import spread_lanes
from tests.fuzz.mutations import cut_short
from tests.layers.interchange.test_net2plan import N2P

PLACED = 'label "Hohhot" Country "China" Longitude 111.75 Latitude 40.84 '
DEEP = NESTING.most + 1
ENGLISH_WORDS = re.compile(r"\b[a-z]+,? [a-z]+,? [a-z]+\b")


def told(read, path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path)
    (line,) = str(caught.value).splitlines()
    (problem,) = caught.value.problems
    assert not ENGLISH_WORDS.search(problem.say("zh"))
    return line


@pytest.fixture
def texts(gml, graphml, network, features) -> dict[str, str]:
    """The same network by the suffix of its format."""
    nodes = {"type": "FeatureCollection", "features": features["nodes"]}
    package = json.dumps({"networks": [network]})
    return {
        "gml": gml,
        "graphml": graphml,
        "json": package,
        "geojson": json.dumps(nodes),
        "n2p": N2P,
    }


GML_FAULTS = [
    ('label "Hohhot"', 'label "Hohhot', "is no GML"),
    ('label "Hohhot"', f'label "{"x" * (TEXT_LENGTH.most + 1)}"', "32 768 characters"),
    (PLACED, f"{PLACED}a {'[ a ' * DEEP}{']' * DEEP} ", "levels, at most 64"),
    (PLACED, f"{PLACED}a {'9' * 5000} ", "a number has 5000 digits"),
    (PLACED, f"{PLACED}a 1e{'9' * 300} ", "is too large a number"),
    (PLACED, f"{PLACED}a ", "is no GML"),
    (PLACED, f"{PLACED}Longitude 1 ", "Longitude is said more than once"),
    (PLACED, f'{PLACED}label "B" ', "label is said more than once"),
    ("id 0", "id [ a 1 ]", "it has no id"),
    ("id 0", "id 0 id 7", "id is said more than once"),
    ("source 0", "", "it has no source"),
    ("node [ id 0", "node 5 node [ id 0", "a list in [ ] is missing"),
    ("\ngraph [", "\ngraph [ ]\ngraph [", "holds 2 graphs"),
    ("\ngraph [", "\ngraf [", "holds no graph"),
    ("]\n]", "]\n] ]", "a key or ] is missing"),
    ("id 0", "id 0 $", "is no part of it"),
    ("id 0", "id 0 \x00", "is no part of it"),
    ("directed 0", "directed 0 key [", "is no GML"),
    ("edge [", "edge [ key 1 source 0 target 1 ]\nedge [ key 1 source 1 target 0 ]\nedge [", "occurs twice"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), GML_FAULTS)
def test_hostile_gml_is_one_line(write, gml, read_nodes, old: str, new: str, line: str) -> None:
    assert old in gml
    assert line in told(read_nodes, write("net.gml", gml.replace(old, new, 1)))


GML_READ = [
    (PLACED, f'{PLACED}Comment "a &amp; b &#233; &nosuch; &#55296; &#99999999; 5 " '),
    (PLACED, f"{PLACED}graphics [ x 1 y 2 w [ ] ] graphics [ x 1 ] "),
    (PLACED, f"{PLACED}weight NAN other INF third -INF "),
    ("\ngraph [", f"\n{chr(10) * 200_000}graph ["),
    ("\ngraph [", f"\n{' ' * 200_000}graph ["),
    ("\ngraph [", f"\n#{' [ ' * 70_000}\ngraph ["),
    (PLACED, PLACED.replace(" ", "\r\n\t")),
    ('label "Hohhot"', "label Hohhot"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), GML_READ)
def test_strange_gml_is_read_as_it_stands(write, gml, read_nodes, old: str, new: str) -> None:
    assert old in gml
    nodes = read_nodes(write("net.gml", gml.replace(old, new, 1)))
    assert nodes["name_en"].iloc[0] == "Hohhot"
    assert len(nodes) == 3


def test_entities_stand_for_their_signs(write, gml, read_nodes) -> None:
    nodes = read_nodes(write("net.gml", gml.replace("Hohhot", "A&amp;B &#233; &nosuch;")))
    assert nodes["name_en"].iloc[0] == "A&B é &nosuch;"


GRAPHML_FAULTS = [
    ("<graph edgedefault", f"{'<a>' * DEEP}{'</a>' * DEEP}<graph edgedefault", "levels, at most 64"),
    ("Hohhot", "x" * (TEXT_LENGTH.most + 1), "32 768 characters"),
    ("Hohhot", f"<![CDATA[{'x' * 20_000}]]>{'y' * 20_000}", "characters, at most 32 767"),
    ('id="0"', f'id="{"x" * (TEXT_LENGTH.most + 1)}"', "characters, at most 32 767"),
    ("Hohhot", "&b;", "undefined entity"),
    ("Hohhot", "&#xD800;", "is no GraphML"),
    ("Hohhot", "\x00", "is no GraphML"),
    ('encoding="utf-8"', 'encoding="utf-16"', "is no GraphML"),
    ('encoding="utf-8"', 'encoding="GBK"', "is no GraphML"),
    ('encoding="utf-8"', 'encoding="no such"', "is no GraphML"),
    ('<data key="d3">China</data>', '<data key="d4">B</data>', "says d4 more than once"),
    ('<data key="d3">China</data>', "<data>B</data>", "is no GraphML"),
    ('id="0"', 'id="0" id="1"', "duplicate attribute"),
    ('source="0"', "", "an edge ends at a node that is not there"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), GRAPHML_FAULTS)
def test_hostile_graphml_is_one_line(write, graphml, read_nodes, old, new, line) -> None:
    assert old in graphml
    assert line in told(read_nodes, write("net.graphml", graphml.replace(old, new, 1)))


GRAPHML_READ = [
    ("<graph edgedefault", "<?xml-stylesheet href='http://127.0.0.1:9/x'?><graph edgedefault"),
    ("<node", "<!-- <!DOCTYPE a> --><node"),
    ('attr.type="string" ', ""),
    ("</node>", '<port name="north"/></node>'),
    ("</node>", '<data key="d3x"/></node>'),
    ("Hohhot", "<![CDATA[Hohhot]]>"),
    ('xmlns="http', 'xmlns:xi="http://www.w3.org/2001/XInclude" xmlns="http'),
    ("</node>", '<include href="/etc/passwd" xmlns="http://www.w3.org/2001/XInclude"/></node>'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), GRAPHML_READ)
def test_strange_graphml_is_read_as_it_stands(write, graphml, read_nodes, old, new) -> None:
    assert old in graphml
    text = graphml.replace(old, new, 1)
    if "d3x" in new:
        text = text.replace("<graph edge", '<key id="d3x" for="node" attr.name="u"/><graph edge', 1)
    nodes = read_nodes(write("net.graphml", text))
    assert nodes["name_en"].iloc[0] == "Hohhot"


def test_graphml_in_utf_16_is_read(tmp_path: Path, graphml, read_nodes) -> None:
    path = tmp_path / "net.graphml"
    path.write_bytes(
        graphml.replace("utf-8", "utf-16").replace("Hohhot", "呼和浩特").encode("utf-16")
    )
    assert read_nodes(path)["name_zh"].iloc[0] == "呼和浩特"


JSON_FAULTS = [
    ("HERE", "[" * DEEP + "]" * DEEP, "levels, at most 64"),
    ("HERE", "[" * 100_000 + "]" * 100_000, "nested too deeply"),
    ("HERE", "9" * 5000, "a number has 5000 digits"),
    ("HERE", "NaN", "NaN is none of its numbers"),
    ("HERE", "-Infinity", "-Infinity is none of its numbers"),
    ("HERE", f'"{"x" * (TEXT_LENGTH.most + 1)}"', "32 768 characters"),
    ("HERE", '1, "id": 2, "id": 3', "says 'id' more than once"),
    ("HERE", "\x00", "is no JSON"),
    ("HERE", "[1,2", "is no JSON"),
    ("HERE", "'a'", "is no JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), JSON_FAULTS)
def test_hostile_json_is_one_line(write, network, read_nodes, old, new, line) -> None:
    text = json.dumps({"networks": [network], "extra": "HERE"}).replace(f'"{old}"', new)
    assert line in told(read_nodes, write("net.json", text))


@pytest.mark.parametrize("odd", ['"\\ud800"', '"\\u0000"', "1e400", "-0", "[]", "null", "{}"])
def test_strange_values_of_json_do_no_harm(write, network, read_nodes, odd: str) -> None:
    network["nodes"][0]["name"] = "HERE"
    text = json.dumps({"networks": [network]}).replace('"HERE"', odd)
    assert len(read_nodes(write("net.json", f"\ufeff{text}"))) == 3


@pytest.mark.parametrize("suffix", ["gml", "graphml", "json", "n2p"])
@pytest.mark.parametrize(
    ("limit", "most"), [(NETWORK_ROWS, 6), (NETWORK_PARTS, 5), (NETWORK_BYTES, 900)]
)
def test_a_network_over_its_limits_is_one_line(
    write, monkeypatch, read_nodes, texts, suffix: str, *, limit, most: int
) -> None:
    path = write(f"net.{suffix}", texts[suffix] + " " * 1000)
    assert len(read_nodes(path)) == 3
    monkeypatch.setitem(vars(limit), "most", most)
    assert f"{limit.unit}, at most {most} are read" in told(read_nodes, path)


@pytest.mark.parametrize("suffix", ["gml", "graphml", "json", "geojson", "n2p"])
def test_a_network_cut_short_is_one_line(tmp_path: Path, texts, read_nodes, suffix: str) -> None:
    path = tmp_path / f"net.{suffix}"
    for part in cut_short(texts[suffix].encode()):
        path.write_bytes(part)
        assert told(read_nodes, path)


def test_parallel_lines_get_lanes_in_time_that_grows_with_them() -> None:
    """The same lanes as ever: 0, 1, -1, 2, -2 ...; so many took an hour when each began at 0."""
    lanes = spread_lanes([["a"]] * 100_001)
    assert lanes[:5] == [0, 1, -1, 2, -2]
    assert sorted(lanes) == list(range(-50_000, 50_001))
