"""Designs of Net2Plan: two links that carry one way each are a cable, whichever version wrote them."""

from __future__ import annotations

import random
from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.layers.interchange.n2p import read_n2p
from steppe.layers.interchange.read_network import ReadingOptions

# Two cables from Hohhot to Beijing and a way round by Datong, as version 6 writes them.
N2P = """<?xml version='1.0' encoding='UTF-8'?>
<network description="" name="test" version="6" nextElementId="40">
  <node id="2" name="Hohhot" xCoord="111.75" yCoord="40.84" isUp="true"/>
  <node id="3" name="Beijing" xCoord="116.40" yCoord="39.91"><attribute key="a" value="b"/></node>
  <node id="4" name="Node 2" xCoord="113.30" yCoord="40.08"/>
  <layer id="1" name="Layer 0" isDefaultLayer="true" linkCapacityUnitsName="Gbps">
    <link id="10" name="Link-0" originNodeId="2" destinationNodeId="3" capacity="100.0" lengthInKm="480.0" bidirectionalPairId="13"/>
    <link id="11" name="north" originNodeId="2" destinationNodeId="3" capacity="10.0" lengthInKm="560.0" bidirectionalPairId="12"/>
    <link id="12" name="north" originNodeId="3" destinationNodeId="2" capacity="10.0" lengthInKm="565.0" bidirectionalPairId="11"/>
    <link id="13" name="Link-3" originNodeId="3" destinationNodeId="2" capacity="100.0" lengthInKm="480.0" bidirectionalPairId="10"/>
    <link id="14" name="" originNodeId="2" destinationNodeId="4" capacity="0.0" lengthInKm="0.0"/>
    <link id="15" name="" originNodeId="4" destinationNodeId="2" capacity="0.0" lengthInKm="0.0"/>
    <link id="16" name="" originNodeId="4" destinationNodeId="3" capacity="0.0" lengthInKm="300.0"/>
    <demand id="20" ingressNodeId="2" egressNodeId="3" offeredTraffic="1.0"/>
  </layer>
</network>
"""  # fmt: skip


def ends(fibre) -> Counter[frozenset[str]]:
    return Counter(map(frozenset, zip(fibre["from_node"], fibre["to_node"], strict=True)))


@pytest.fixture
def tell(write):
    """Read a design as it stands, and what is told of it."""

    def read(text: str):
        told: list[str] = []
        options = ReadingOptions(tell=lambda note: told.append(note.say("en")))
        return read_n2p(write("net.n2p", text), options), told

    return read


def test_links_there_and_back_are_one_cable(write, read_nodes, read_fibre, tell) -> None:
    path = write("net.n2p", N2P.replace('capacity="0.0"', ""))
    nodes, fibre = read_nodes(path), read_fibre(path).set_index("cable_id")
    assert list(nodes["node_id"]) == ["2", "3", "4"]
    assert list(nodes["name_en"]) == ["Hohhot", "Beijing", "4"]
    assert (nodes.geometry.iloc[1].x, nodes.geometry.iloc[1].y) == (116.40, 39.91)
    assert ends(fibre) == {frozenset("23"): 2, frozenset("24"): 1, frozenset("34"): 1}
    # Those that name each other are one, and the longer way counts.
    assert fibre["said_length_km"].to_dict() == pytest.approx(
        {"10": 480.0, "11": 565.0, "14": float("nan"), "16": 300.0}, nan_ok=True
    )
    assert fibre.loc["11", "name_en"] == "north"
    assert fibre.loc["10", "name_en"] == "Hohhot – Beijing"
    assert list(fibre.loc[["10", "11"], "capacity_gbps"]) == [100.0, 10.0]
    (line,) = tell(N2P)[1]
    assert line.startswith("net.n2p › fibre: 1 links that carry one way only (rows 16); each is")


def test_capacity_without_its_unit_is_none(write, read_fibre) -> None:
    text = N2P.replace('linkCapacityUnitsName="Gbps"', 'linkCapacityUnitsName="wavelengths"')
    assert read_fibre(write("net.n2p", text))["capacity_gbps"].isna().all()


def test_the_layer_of_fibre_is_read_and_the_others_are_told(tell) -> None:
    upper = (
        '<layer id="30" name="{name}"><link id="31" originNodeId="2" destinationNodeId="4"'
        ' lengthInKm="1"/></layer>{more}</network>'
    )
    ip = N2P.replace("</network>", upper.format(name="IP", more=""))
    with pytest.raises(InputError, match=r"holds several layers \('Layer 0', 'IP'\)"):
        tell(ip)
    named = ip.replace('name="Layer 0"', 'name="WDM"')
    carried = ip.replace(
        "</network>",
        '<layerCouplingDemand upperLayerLinkId="31" lowerLayerDemandId="20"/></network>',
    )
    for text in (named, carried):
        network, told = tell(text)
        assert len(network.cables) == 4
        assert any("1 layers not read (rows IP); the cables are those of layer" in x for x in told)


def test_ends_of_all_traffic_and_risk_groups_are_left_and_told(tell) -> None:
    odd = (
        '<node id="8" name="ANYCASTORIGIN" xCoord="0.0" yCoord="0.0">'
        '<tag value="$$$TAGNODE_INDICATIONVIRTUALORIGINNODE"/></node>'
    )
    link = '<link id="9" originNodeId="8" destinationNodeId="2" capacity="1.7976931348623157E308"/>'
    risk = (
        '<srg id="33" meanTimeToFailInHours="1"><node id="2"/><link linkId="10"/></srg></network>'
    )
    text = N2P.replace("<layer", f"{odd}<layer").replace("</layer>", f"{link}</layer>")
    network, told = tell(text.replace("</network>", risk))
    assert [node["node_id"] for node in network.nodes] == ["2", "3", "4"]
    assert len(network.cables) == 4
    assert any(
        "1 nodes left out (rows 8); they stand for the ends of all traffic" in x for x in told
    )
    assert any("1 shared risk groups not read (rows 33)" in x for x in told)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("</network>", "", "is no n2p: no element found"),
        ("<network", "<!DOCTYPE x><network", "declares a document type"),
        ("<network", "<graphml", "is no n2p: mismatched tag"),
        ('originNodeId="4"', 'originNodeId="7"', "ends at a node that is not there (rows 7)"),
        ('originNodeId="4"', "", "an edge ends at a node that is not there"),
        ('id="4"', 'id="3"', "an id occurs more than once (rows 3)"),
        ('xCoord="113.30"', 'xCoord="1130"', "positions lie on a plane"),
        ('xCoord="113.30"', 'xCoord="east"', "has no Longitude and Latitude in degrees (rows 4)"),
        ('lengthInKm="480.0"', 'lengthInKm="far"', "the stated length is no number"),
    ],
)
def test_a_design_at_fault_is_one_line(write, read_fibre, old: str, new: str, line: str) -> None:
    assert old in N2P
    with pytest.raises(InputError) as caught:
        read_fibre(write("net.n2p", N2P.replace(old, new)))
    (told,) = str(caught.value).splitlines()
    assert line in told


def test_a_design_on_a_sheet_has_no_degrees(write, read_nodes) -> None:
    """Its lengths are those of its numbers: 3, 4 and 5."""
    places = (("2", 0, 0), ("3", 30, 0), ("4", 0, 40))
    nodes = "".join(f'<node id="{i}" xCoord="{x}" yCoord="{y}"/>' for i, x, y in places)
    links = "".join(
        f'<link originNodeId="{a}" destinationNodeId="{b}" lengthInKm="{km}"/>'
        for a, b, km in (("2", "3", 30), ("2", "4", 40), ("3", "4", 50))
    )
    text = f"<network>{nodes}<layer>{links}</layer></network>"
    with pytest.raises(InputError, match="positions lie on a plane"):
        read_nodes(write("net.n2p", text))
    assert len(read_nodes(write("net.n2p", text.replace('"50"', '"5000"')))) == 3


def test_every_design_of_net2plan_at_hand_has_half_as_many_cables_as_links(
    datasets, read_nodes, read_fibre
) -> None:
    paths = sorted((datasets / "networks" / "net2plan").glob("*.n2p"))
    assert len(paths) == 5
    for path in paths:
        root = ET.parse(path).getroot()
        links = [each for each in root.iter("link") if "originNodeId" in each.attrib]
        ids = [node.get("id", str(n)) for n, node in enumerate(root.iter("node"))]
        nodes, fibre = read_nodes(path), read_fibre(path)
        assert list(nodes["node_id"]) == ids
        assert 2 * len(fibre) == len(links)
        there = Counter(
            frozenset((x.get("originNodeId"), x.get("destinationNodeId"))) for x in links
        )
        assert {pair: 2 * n for pair, n in ends(fibre).items()} == there
        said = Counter(float(x.get("lengthInKm") or x.get("linkLengthInKm")) for x in links)
        assert {km: 2 * n for km, n in Counter(fibre["said_length_km"]).items()} == said
        # None of the five states distances: what is no shorter than the air is the route's.
        is_route = fibre["said_length_km"] >= fibre["length_km"]
        assert fibre["route_km"].equals(fibre["said_length_km"].where(is_route))


@st.composite
def designs(draw):
    """A design of parallel cables, two links each in any order, with or without their couples."""
    nodes = [str(n) for n in range(draw(st.integers(2, 5)))]
    pair = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda p: p[0] != p[1])
    cables = draw(st.lists(st.tuples(pair, st.integers(501, 504)), max_size=10))
    mark = draw(st.sampled_from(["none", "attribute", "element"]))
    links = []
    for number, ((a, b), km) in enumerate(cables):
        for start, end, own, other in (
            (a, b, 2 * number, 2 * number + 1),
            (b, a, 2 * number + 1, 2 * number),
        ):
            couple = f' bidirectionalPairId="{other}"' if mark == "attribute" else ""
            inner = (
                f'<attribute key="bidirectionalCouple" value="{other}"/>'
                if mark == "element"
                else ""
            )
            links.append(
                f'<link id="{own}" originNodeId="{start}" destinationNodeId="{end}" '
                f'lengthInKm="{km}"{couple}>{inner}</link>'
            )
    random.Random(draw(st.integers(0, 99))).shuffle(links)
    placed = "".join(f'<node id="{n}" xCoord="{10 + int(n)}" yCoord="50"/>' for n in nodes)
    return cables, f"<network>{placed}<layer>{''.join(links)}</layer></network>"


@settings(deadline=None, max_examples=60)
@given(design=designs())
def test_any_cables_come_back_from_their_links(tmp_path_factory, design) -> None:
    cables, text = design
    path = tmp_path_factory.mktemp("n2p") / "net.n2p"
    path.write_text(text, encoding="utf-8")
    network = read_n2p(path)
    told = [
        (frozenset((each["from_node"], each["to_node"])), float(each["said_length_km"]))
        for each in network.cables
    ]
    assert Counter(told) == Counter((frozenset(pair), float(km)) for pair, km in cables)
