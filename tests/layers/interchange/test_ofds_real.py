"""Real networks of the Open Fibre Data Standard 0.2 to 0.4: every file is read, or says what it lacks."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from libcoveofds.python_validate import PythonValidate
from libcoveofds.schema import OFDSSchema

from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.errors import InputError
from steppe.layers.interchange.read_network import LEAVE_OUT, ReadingOptions
from steppe.layers.reader import read_layer

pytestmark = pytest.mark.packs

WORLD = (-180.0, -90.0, 180.0, 90.0)
COMMON = {"accuracy_m": 5000, "source_id": "s", "as_of": "2020-01-01"}
DEFAULTS = {
    NODES.name: {"kind": "core", **COMMON},
    FIBRE.name: {"status": "in_service", "year": 2015, "existence": "said", **COMMON},
}
FORMS = (".json", ".geojson", ".xlsx", ".zip")


@pytest.fixture(scope="module")
def folder(datasets: Path) -> Path:
    return datasets / "ofds"


def read(path: Path, contract=FIBRE, *, notes: list | None = None, **options):
    taken = (notes if notes is not None else []).append
    terms = ReadingOptions(DEFAULTS[contract.name], tell=taken, **options)
    return read_layer(path, contract, bbox=WORLD, options=terms)


def networks(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["networks"]


def packages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.json"))


def test_every_file_is_read_or_says_what_it_lacks(folder: Path) -> None:
    """The digitised ends of six spans of one network are no nodes: it alone is refused."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in FORMS)
    assert len(files) == 54
    refused = {}
    for path in files:
        for contract in (NODES, FIBRE):
            try:
                read(path, contract)
            except InputError as error:
                refused[path.name, contract.name] = error.lines()
    assert {name.split("_ofds-")[0] for name, _ in refused} == {"OFDS-Phase3-Nigeria-03-05-2026"}
    assert {len(lines) for lines in refused.values()} == {1}
    for (name, layer), lines in refused.items():
        start = f"{name} › fibre: does not say between which nodes some of its spans lie (rows "
        assert lines[0].startswith(start), layer


def test_all_nodes_spans_and_owners_are_kept(folder: Path) -> None:
    n_owners = 0
    for path in packages(folder):
        for network in networks(path):
            spans = network["spans"]
            organisations = {each["id"]: each["name"] for each in network.get("organisations", [])}
            owners = {
                span["id"].replace(" ", "_"): owner.get("name") or organisations[owner["id"]]
                for span in spans
                for role in ("transmissionMediumOwner", "physicalInfrastructureProvider")
                if (owner := span.get(role))
            }
            fibre = read(path, unplaced=LEAVE_OUT).set_index("cable_id")
            nodes = read(path, NODES, unplaced=LEAVE_OUT)
            assert len(nodes) == len(network["nodes"])
            known = {node["id"] for node in network["nodes"]}
            placed = {span["id"] for span in spans if {span.get("start"), span.get("end")} <= known}
            assert set(fibre.index) == placed
            kept = fibre["operator"].dropna().to_dict()
            assert kept.items() >= {(key, owners[key]) for key in owners.keys() & placed}
            n_owners += len(owners.keys() & placed)
    assert n_owners == 1362 - 6  # counted in the files; six spans end at no node


def test_what_the_standards_tool_finds_no_node_for_is_named(folder: Path) -> None:
    """libcoveofds is the oracle: spans whose ends it does not find are those that are left out."""
    for path in packages(folder):
        package = json.loads(path.read_text(encoding="utf-8"))
        found = PythonValidate(OFDSSchema()).validate(package)
        astray = {
            each["span_id"]
            for each in found
            if each["type"] in {"span_start_node_not_found", "span_end_node_not_found"}
        }
        unsaid = {
            span["id"]
            for network in package["networks"]
            for span in network["spans"]
            if not {"start", "end"} <= span.keys()
        }
        notes: list = []
        read(path, unplaced=LEAVE_OUT, notes=notes)
        left = {len(note.rows) for note in notes if "cables left out" in note.say("en")}
        assert left == ({len(astray | unsaid)} if astray | unsaid else set())


@pytest.mark.parametrize(
    ("package", "others"),
    [
        ("BCS/ofds_bcs_kenya.json", ["BCS/ofds_BCS_Kenya_CSV.zip", "BCS/ofds_bcs_kenya.xlsx"]),
        ("JTL/ofds_JTL_Kenya.json", ["JTL/ofds_JTL_Kenya_CSV.zip", "JTL/ofds_JTL_Kenya.xlsx"]),
        ("NOFBI/ofds_NOFBI_kenya.json", ["NOFBI/ofds_NOFBI_Kenya_CSV.zip"]),
        (
            "Liquid_Intelligent_Technologies/ofds_liquid_kenya.json",
            ["Liquid_Intelligent_Technologies/ofds_liquid_kenya_csv.zip"],
        ),
    ],
)
def test_the_forms_that_a_network_was_published_in_agree(folder, package, others) -> None:
    first = read(folder / "Kenya" / package).drop(columns="geometry")
    nodes = read(folder / "Kenya" / package, NODES).drop(columns="geometry")
    for other in others:
        again = read(folder / "Kenya" / other)
        assert again.drop(columns="geometry").equals(first)
        assert read(folder / "Kenya" / other, NODES).drop(columns="geometry").equals(nodes)


@pytest.fixture(scope="module")
def kenya(folder: Path, tmp_path_factory) -> Path:
    """The four Kenyan networks in one zip."""
    path = tmp_path_factory.mktemp("kenya") / "kenya.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for package in sorted((folder / "Kenya").rglob("*.json")):
            archive.write(package, package.name)
    return path


def components(nodes, fibre) -> int:
    graph = nx.MultiGraph(zip(fibre["from_node"], fibre["to_node"], strict=True))
    graph.add_nodes_from(nodes["node_id"])
    return nx.number_connected_components(graph)


def test_operators_of_one_country_are_joined_where_they_meet(kenya: Path) -> None:
    nodes, fibre = read(kenya, NODES), read(kenya)
    assert components(nodes, fibre) == 5
    notes: list = []
    nodes, joined = read(kenya, NODES, join_km=2.0), read(kenya, join_km=2.0, notes=notes)
    assert components(nodes, joined) == 1
    joints = joined[joined["cable_id"].str.startswith("joint:")]
    assert len(joined) == len(fibre) + len(joints)
    # Each is told, assumed, no longer than was asked for, and between two networks.
    assert set(joints["existence"]) == {"assumed"}
    assert joints["length_km"].between(0.001, 2.0).all()
    own = joints[["from_node", "to_node"]].map(lambda name: name.split(":")[0])
    assert (own["from_node"] != own["to_node"]).all()
    (line,) = (text for note in notes if " joints of " in (text := note.say("en")))
    assert line.count(" km)") == len(joints)
    # Cables stay their operators'.
    theirs = joined[~joined["cable_id"].str.startswith("joint:")]
    assert Counter(theirs["operator"].dropna()) == Counter(fibre["operator"].dropna())
    # A joint hangs two networks together that nothing hung together before.
    assert nx.is_forest(nx.Graph(list(joints[["from_node", "to_node"]].itertuples(index=False))))
