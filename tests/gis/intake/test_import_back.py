"""A plan's own GeoPackage, edited, goes back: what changed is listed, facts are named or replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from pyproj import Geod
from shapely.geometry import LineString, Point

from steppe.intake.import_back import BackProposal, tell_edits, write_back
from steppe.intake.import_request import ImportRequest
from steppe.intake.import_writing import read_proposal
from steppe.layers.errors import InputError
from steppe.planfile.input_reading import open_inputs

PLAN = """name = "mine"
sources = "sources.toml"
facts = ["facts_parks.csv", "facts_rest.csv"]

[layers.parks]
file = "parks.csv"
crs = "EPSG:4490"
licence = "own"

[layers.nodes]
file = "nodes.csv"
crs = "EPSG:4490"
licence = "own"

[layers.fibre]
file = "fibre.gpkg"
licence = "own"

[[criteria]]
name = "network"

[[criteria.measures]]
id = "rtt_ms"
worst = 30.0
best = 0.0
"""
SOURCES = """[own]
title = "Own list"
publisher = "We"
year = 2025
licence = "own"
attribution = "We"
accuracy = "100 m"
as_of = 2025-01-01
"""
PARKS = "park_id,name_en,lon,lat,racks,source_id,as_of,accuracy_m\np,P,111.5,40.5,100,own,2025-01-01,100\nq,Q,112.5,40.5,,own,2025-01-01,100\n"
NODES = "node_id,name_en,lon,lat,country,source_id,as_of,accuracy_m\na,A,111.0,40.0,CN,own,2025-01-01,100\nb,B,113.0,41.0,CN,own,2025-01-01,100\n"
HEAD = "layer,id,field,value,unit,source_id,place_in_text,kind,reason\n"
FACTS = (
    HEAD
    + 'parks,p,lon,111.5,deg,own,"page 1, top",said,\nparks,p,lat,40.5,deg,own,,said,\nparks,p,racks,100,1,own,,said,\n'
)
REST = HEAD + "parks,q,lon,112.5,deg,own,,said,\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    for name, text in (
        ("plan.toml", PLAN),
        ("sources.toml", SOURCES),
        ("parks.csv", PARKS),
        ("nodes.csv", NODES),
        ("facts_parks.csv", FACTS),
        ("facts_rest.csv", REST),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    cable = {"cable_id": ["c"], "name_en": ["C"], "from_node": ["a"], "to_node": ["b"]}
    rest = {"status": ["in_service"], "source_id": ["own"], "as_of": ["2025-01-01"]}
    line = LineString([(111, 40), (112, 40.8), (113, 41)])
    frame = gpd.GeoDataFrame(cable | rest, geometry=[line], crs=4490)
    pyogrio.write_dataframe(frame, folder / "fibre.gpkg", layer="fibre")
    return folder / "plan.toml"


@pytest.fixture
def output(plan: Path, tmp_path: Path) -> Path:
    """What a build writes of the plan: its layers, with results beside them, and its tables."""
    path = tmp_path / "plan.gpkg"
    for name, layer in open_inputs(plan).layers.items():
        given = layer.assign(rank=range(1, len(layer) + 1)) if name == "parks" else layer
        pyogrio.write_dataframe(given, path, layer=name, append=path.exists())
    for name in ("scores", "measures", "sources"):
        pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer=name, append=True)
    return path


def edit(output: Path, layer: str, change) -> None:
    frame = gpd.read_file(output, layer=layer)
    pyogrio.write_dataframe(change(frame), output, layer=layer)


def propose(plan: Path, output: Path, **asked) -> BackProposal:
    proposal = read_proposal(plan, ImportRequest(output, as_of=date(2026, 1, 1), **asked))
    assert isinstance(proposal, BackProposal)
    return proposal


def said(proposal: BackProposal) -> list[str]:
    return [line.say("en") for line in tell_edits(proposal)]


def test_what_was_not_edited_changes_nothing(plan: Path, output: Path) -> None:
    assert not propose(plan, output).edits


def _move(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    moved = frame.set_index("park_id", drop=False)
    moved.loc["p", "geometry"] = Point(111.51, 40.5)
    moved.loc["p", "rank"] = 7
    return moved


def test_a_park_that_was_moved_names_the_facts_that_speak_of_its_place(
    plan: Path, output: Path
) -> None:
    edit(output, "parks", _move)
    proposal = propose(plan, output)
    metres = Geod(ellps="GRS80").inv(111.5, 40.5, 111.51, 40.5)[2]
    assert f"parks: p moved by {metres:.1f} m" in said(proposal)
    assert any("not taken in: rank" in line for line in said(proposal))
    before = {path.name: path.read_bytes() for path in plan.parent.iterdir()}
    with pytest.raises(InputError) as caught:
        write_back(plan, proposal)
    lines = caught.value.lines()
    assert len(lines) == 2
    assert "facts_parks.csv › line 2" in lines[0]
    assert "--source-id" in lines[0]
    assert {path.name: path.read_bytes() for path in plan.parent.iterdir()} == before


def test_the_users_source_takes_the_place_of_the_facts(plan: Path, output: Path) -> None:
    edit(output, "parks", _move)
    write_back(plan, propose(plan, output, source_id="survey"))
    inputs = open_inputs(plan)
    assert inputs.layers["parks"].set_index("park_id").geometry["p"].x == pytest.approx(111.51)
    facts = inputs.facts.set_index(["id", "field"])
    assert facts.loc[("p", "lon"), "source_id"] == "survey"
    assert float(facts.loc[("p", "lon"), "value"]) == pytest.approx(111.51)
    assert facts.loc[("p", "racks"), "source_id"] == "own"
    assert "survey" in inputs.sources
    # Nobody touched the others: not the layers, not the facts beside.
    assert (plan.parent / "nodes.csv").read_text(encoding="utf-8") == NODES
    assert (plan.parent / "facts_rest.csv").read_text(encoding="utf-8") == REST
    assert inputs.plan.layers["nodes"].file == "nodes.csv"
    assert inputs.plan.layers["fibre"].file == "fibre.gpkg"
    told = (plan.parent / inputs.plan.facts[0]).read_text(encoding="utf-8")
    assert told.splitlines()[3] == FACTS.splitlines()[3]


def test_a_cable_that_was_drawn_is_joined_and_measured(plan: Path, output: Path) -> None:
    def draw(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        line = LineString([(111.001, 40.0), (112, 40.1), (113, 41)])
        new = gpd.GeoDataFrame(
            {"cable_id": ["mine"], "status": ["planned"]}, geometry=[line], crs=frame.crs
        )
        return gpd.GeoDataFrame(pd.concat([frame, new], ignore_index=True), crs=frame.crs)

    edit(output, "fibre", draw)
    proposal = propose(plan, output, source_id="own")
    assert "fibre: 1 rows added (mine)" in said(proposal)
    write_back(plan, proposal)
    cable = open_inputs(plan).layers["fibre"].set_index("cable_id").loc["mine"]
    assert (cable["from_node"], cable["to_node"]) == ("a", "b")
    assert cable["length_km"] > 200
    assert cable["year"] == 2026


def test_a_cell_and_a_row_that_went(plan: Path, output: Path) -> None:
    edit(output, "parks", lambda frame: frame[frame["park_id"] == "p"].assign(racks=250))
    proposal = propose(plan, output, source_id="own")
    assert "parks: 1 rows removed (q)" in said(proposal)
    assert "parks: p racks is 250, was 100" in said(proposal)
    write_back(plan, proposal)
    inputs = open_inputs(plan)
    assert list(inputs.layers["parks"]["racks"]) == [250]
    assert set(inputs.facts["id"]) == {"p"}
    assert set(inputs.facts.set_index("field").loc[["racks"], "value"]) == {"250"}


def test_a_fault_of_an_edit_leaves_the_plan_as_it_was(plan: Path, output: Path) -> None:
    edit(output, "fibre", lambda frame: frame.assign(from_node="nowhere"))
    before = {path.name: path.read_bytes() for path in plan.parent.iterdir()}
    with pytest.raises(InputError, match="nowhere"):
        write_back(plan, propose(plan, output, source_id="own"))
    assert {path.name: path.read_bytes() for path in plan.parent.iterdir()} == before


def test_what_else_lies_in_the_folder_is_left_alone(plan: Path, output: Path) -> None:
    (plan.parent / "gone").symlink_to("nowhere")
    (plan.parent / "round").symlink_to(plan.parent, target_is_directory=True)
    edit(output, "parks", lambda frame: frame.assign(racks=250))
    write_back(plan, propose(plan, output, source_id="own"))
    assert list(open_inputs(plan).layers["parks"]["racks"]) == [250, 250]


def test_a_node_that_the_build_assumed_is_no_edit(plan: Path, tmp_path: Path) -> None:
    text = PLAN + "\n[network]\ntargets = ['b']\nnearest_node_km = 100.0\n"
    plan.write_text(text, encoding="utf-8")
    path = tmp_path / "nearest.gpkg"
    layers = open_inputs(plan).layers
    assert list(layers["parks"]["node_id"]) == ["a", "b"]
    for name, layer in layers.items():
        pyogrio.write_dataframe(layer, path, layer=name, append=path.exists())
    for name in ("scores", "measures", "sources"):
        pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer=name, append=True)
    assert not propose(plan, path).edits
    edit(path, "parks", lambda frame: frame.assign(node_id=["b", "b"]))
    assert said(propose(plan, path))[0] == "parks: p node_id is b, was –"


def _copy(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.concat([frame, frame.iloc[[0]]]), crs=frame.crs)


# Layer, the edit, what is asked, what the one line says.
REFUSED = {
    "a row copied with its id": (
        "parks", _copy, {}, "plan.gpkg › parks: park_id occurs more than once (rows p)",
    ),
    "another plan's": (
        "parks", lambda frame: frame.assign(park_id=["y", "z"]), {"source_id": "own"},
        "plan.gpkg › parks: no row of it is one of the plan's",
    ),
    "a row of nobody's": (
        "parks", lambda frame: _copy(frame).assign(park_id=["p", "q", "r"], source_id=["own", "own", None]), {},
        "say it by --source-id",
    ),
    "a column of ids that went": (
        "parks", lambda frame: frame.drop(columns="park_id"), {}, "plan.gpkg › parks: has no column park_id",
    ),
    "an option of other files": ("parks", _copy, {"columns": ("racks=",)}, "plan.gpkg: --columns"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_go_back_is_told_by_the_file_that_was_edited(
    plan: Path, output: Path, case: str
) -> None:
    layer, change, asked, line = REFUSED[case]
    edit(output, layer, change)
    with pytest.raises(InputError) as caught:
        propose(plan, output, **asked)
    assert len(caught.value.lines()) == 1
    assert line in caught.value.lines()[0]


def test_a_fault_names_the_file_that_was_edited(plan: Path, output: Path) -> None:
    edit(output, "parks", lambda frame: frame.assign(racks=[-3, None]))
    with pytest.raises(InputError, match=r"^plan\.gpkg › parks: racks"):
        write_back(plan, propose(plan, output, source_id="own"))
