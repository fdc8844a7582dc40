"""A plan's network as the Open Fibre Data Standard: valid by its own tool, and read again as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from libcoveofds.geojson import JSONToGeoJSONConverter
from libcoveofds.jsonschemavalidate import JSONSchemaValidator
from libcoveofds.python_validate import PythonValidate
from libcoveofds.schema import OFDSSchema

from steppe.layers.interchange.ofds_writing import to_features, to_package

ABOUT = {"name": "test", "title": "Test net", "date": "2024-05-01"}
NO_FAULT = {"node_not_used_in_any_spans"}


def faults(package: dict) -> list:
    """What the standard's own tool finds: by the schema, by its rules, and fields not in it."""
    schema = OFDSSchema()
    by_schema = [each.json() for each in JSONSchemaValidator(schema).validate(package)]
    by_rules = [
        each for each in PythonValidate(schema).validate(package) if each["type"] not in NO_FAULT
    ]
    return [*by_schema, *by_rules]


@pytest.fixture
def rich(network: dict) -> dict:
    lines, light = {"id": "o1", "name": "Lines"}, {"id": "o2", "name": "Light"}
    network["organisations"] = [lines, light]
    network["phases"] = [{"id": "p", "name": "First"}]
    network["nodes"][0] |= {
        "phase": {"id": "p", "name": "First"}, "power": True, "accessPoint": True,
        "transmissionMediumOwner": lines, "networkProviders": [light, lines],
        "internationalConnections": [{"country": "MN"}], "technologies": ["ip"],
        "address": {"streetAddress": "1 Road", "locality": "Saihan", "country": "CN"},
        "supportingInfrastructure": {"type": "building", "owner": light},
    }  # fmt: skip
    network["nodes"][2] |= {"type": ["borderCrossing"], "address": {"country": "CN"}}
    del network["nodes"][2]["accessPoint"]
    network["spans"][0] |= {
        "transmissionMediumOwner": lines, "networkProviders": [light], "supplier": light,
        "deployment": ["belowGround"], "codeployment": "rail", "cableType": "adss",
        "darkFibre": True, "fibreType": "G.652", "fibreTypeDetails": {"fibreSubtype": "G.652.D"},
        "technologies": ["dwdm"], "capacityDetails": {"description": "4 x 100"},
        "countries": ["CN"], "phase": {"id": "p", "name": "First"},
        "supportingInfrastructure": {"type": "duct", "description": "in the bank"},
    }  # fmt: skip
    return network


@pytest.mark.parametrize("form", ["json", "geojson"])
def test_what_is_read_is_written_and_read_again(
    write, rich, read_nodes, read_fibre, form: str
) -> None:
    path = write("in.json", {"networks": [rich]})
    nodes, fibre = read_nodes(path), read_fibre(path)
    package = to_package(nodes, fibre, **ABOUT).package
    assert faults(package) == []
    if form == "json":
        again = write("out.json", package)
        nodes_again, fibre_again = read_nodes(again), read_fibre(again)
    else:
        features = to_features(package)
        nodes_again = read_nodes(write("out_nodes.geojson", features["nodes"]))
        fibre_again = read_fibre(write("out_spans.geojson", features["spans"]))
    # The date of the rows is the plan's, one day of the year stands for it, and all are fibre.
    new = ["as_of", "ready_date", "transmission_medium", "geometry"]
    for before, after in ((nodes, nodes_again), (fibre, fibre_again)):
        kept = before.columns.drop(new, errors="ignore")
        pd.testing.assert_frame_equal(
            pd.DataFrame(after[kept]), pd.DataFrame(before[kept]), rtol=1e-12, atol=0
        )
        assert after.geometry.geom_equals_exact(before.geometry, 1e-12).all()


def test_geojson_is_what_the_standards_tool_makes_of_the_package(
    write, rich, read_nodes, read_fibre
):
    path = write("in.json", {"networks": [rich]})
    package = to_package(read_nodes(path), read_fibre(path), **ABOUT).package
    converter = JSONToGeoJSONConverter()
    converter.process_package(json.loads(json.dumps(package)))
    features = to_features(package)
    assert features["nodes"] == converter.get_nodes_geojson()
    assert features["spans"] == converter.get_spans_geojson()


def test_what_nobody_says_to_exist_is_not_written_and_told(
    write, network, read_nodes, read_fibre
) -> None:
    path = write("in.json", {"networks": [network]})
    fibre = read_fibre(path)
    fibre.loc[1, "existence"] = "assumed"
    fibre["own"] = ["x", None, None, None]
    written = to_package(read_nodes(path), fibre, **ABOUT)
    spans = written.package["networks"][0]["spans"]
    assert [span["id"] for span in spans] == ["hb_1", "hd", "db"]
    told = " ".join(note.say("en") for note in written.notes)
    assert "1 cables are not written" in told
    assert "hb2" in told
    assert "fibre.own (1)" in told
    assert "fibre.source_id (3)" in told  # who says it has no place in the standard


def test_the_default_plan_is_written_and_is_valid(run, tmp_path: Path) -> None:
    code, said = run("export", "inner_mongolia", str(tmp_path / "nm.json"))
    assert code == 0, said
    package = json.loads((tmp_path / "nm.json").read_text(encoding="utf-8"))
    assert faults(package) == []
    (network,) = package["networks"]
    assert {"jining_beijing_1"} <= {span["id"] for span in network["spans"]}
    run("export", "inner_mongolia", str(tmp_path / "nm.geojson"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "nm.json", "nm_nodes.geojson", "nm_spans.geojson",
    ]  # fmt: skip


def test_another_suffix_is_one_line(run, tmp_path: Path) -> None:
    code, said = run("export", "inner_mongolia", str(tmp_path / "nm.kml"))
    assert code == 2
    assert said.count("\n") == 1
    assert "name it FILE.json or FILE.geojson" in said
    assert not list(tmp_path.iterdir())
