"""`steppe import`: anyone's file into a layer; shown before, asked where open, all or nothing."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, Point, box

from steppe.intake.import_entry import make_source
from steppe.intake.import_network import NetworkProposal, write_network
from steppe.intake.import_proposal import Proposal
from steppe.intake.import_request import ImportRequest
from steppe.intake.import_writing import read_proposal, write_import
from steppe.intake.plan_editing import locate_own_plan
from steppe.layers.errors import InputError
from steppe.planfile.input_reading import open_inputs
from steppe.planfile.plan_reading import pack_folder

PLAN = """# My own words
name = "mine"
bbox = [100.0, 35.0, 120.0, 50.0]
sources = "sources.toml"

[layers.parks]
file = "parks.csv"
crs = "EPSG:4490"
licence = "own"

[[criteria]]
name = "power"

[[criteria.measures]]
id = "grid_220_km"
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
PARKS = "name_en,lon,lat,source_id,as_of,accuracy_m\nFirst,111.5,40.5,own,2025-01-01,100\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (folder / "parks.csv").write_text(PARKS, encoding="utf-8")
    return folder / "plan.toml"


def propose(plan: Path, file: Path, **asked) -> Proposal:
    return read_proposal(plan, ImportRequest(file, as_of=date(2025, 6, 1), **asked))


def take(plan: Path, file: Path, **asked) -> Proposal:
    """Import what nobody has to be asked for."""
    proposal = propose(plan, file, **asked)
    assert not proposal.doubts, [each.say("en") for each in proposal.doubts]
    write_import(plan, proposal)
    return proposal


def refused(plan: Path, file: Path, **asked) -> str:
    before = {path.name: path.read_bytes() for path in plan.parent.iterdir()}
    with pytest.raises(InputError) as caught:
        write_import(plan, propose(plan, file, **asked))
    assert {path.name: path.read_bytes() for path in plan.parent.iterdir()} == before
    return "\n".join(caught.value.lines())


def propose_doubts(plan: Path, path: Path, **asked) -> list[str]:
    proposal = read_proposal(plan, ImportRequest(path, layer="parks", **asked))
    assert isinstance(proposal, Proposal)
    return [each.say("en") for each in proposal.doubts]


def columns_of(proposal: Proposal) -> dict[str, str]:
    return {each.column: each.source.field for each in proposal.matches if each.source.field}


@pytest.fixture
def offers(tmp_path: Path) -> Path:
    path = tmp_path / "offers.csv"
    path.write_text(
        "项目名称,经度,纬度,占地面积(亩),建设状态,IT负荷(万千瓦),备注\n"
        '和林一号,111.8512,40.4123,"1,500",在建,12,甲\n'
        "集宁二号,113.1213,41.0311,800,规划,8,\n",
        encoding="utf-8",
    )
    return path


def test_a_spreadsheets_parks_become_a_layer_that_is_read(plan: Path, offers: Path) -> None:
    proposal = take(plan, offers, layer="parks", licence="own")
    assert proposal.contract.name == "parks"
    inputs = open_inputs(plan)
    parks = inputs.layers["parks"]
    assert list(parks["name_zh"]) == ["和林一号", "集宁二号"]
    assert list(parks["area_ha"]) == [pytest.approx(100.0), pytest.approx(800 / 15)]
    assert list(parks["it_load_mw"]) == [120.0, 80.0]
    assert list(parks["status"]) == ["building", "planned"]
    assert parks.geometry.x.iloc[0] == pytest.approx(111.8512)
    assert next(iter(parks["备注"])) == "甲"
    assert set(parks["as_of"]) == {"2025-06-01"}
    assert "# My own words" in plan.read_text(encoding="utf-8")
    assert inputs.sources["offers"].licence == "own"


def test_the_next_edition_takes_the_place_of_the_file(plan: Path, offers: Path) -> None:
    take(plan, offers, layer="parks", licence="own", source_id="developer")
    text = offers.read_text(encoding="utf-8").replace("1,500", "1,800").replace("在建", "已投产")
    offers.write_text(text, encoding="utf-8")
    entry = plan.read_text(encoding="utf-8")
    again = take(plan, offers)
    # What was told once need not be told again: source, licence, fields.
    assert again.entry["defaults"]["source_id"] == "developer"
    assert again.entry["licence"] == "own"
    parks = open_inputs(plan).layers["parks"]
    assert parks["area_ha"].iloc[0] == pytest.approx(120.0)
    assert parks["status"].iloc[0] == "in_service"
    assert tomllib.loads(plan.read_text(encoding="utf-8"))["layers"]["parks"]["columns"].keys() == (
        tomllib.loads(entry)["layers"]["parks"]["columns"].keys()
    )


def test_what_is_open_is_asked_in_one_line_each(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "parks.csv"
    path.write_text("name,lon,lat,area,status\nA,111.81,40.52,120,mothballed\n", encoding="utf-8")
    assert "field status cannot be read as status: 'mothballed'" in refused(plan, path)
    proposal = propose(plan, path, layer="parks", words=("mothballed=building",))
    (doubt,) = [each.say("en") for each in proposal.doubts]
    assert "nothing tells the unit of area" in doubt
    take(
        plan,
        path,
        layer="parks",
        words=("mothballed=building",),
        columns=("area=area_ha:mu",),
        licence="own",
    )
    park = open_inputs(plan).layers["parks"].iloc[0]
    assert (park["status"], park["area_ha"]) == ("building", pytest.approx(8.0))


def test_what_was_typed_wrong_is_one_line(plan: Path, offers: Path, tmp_path: Path) -> None:
    assert "names no field" in refused(plan, offers, columns=("nothing=area_ha",))
    assert "ha is no unit of it_load_mw" in refused(
        plan, offers, columns=("IT负荷(万千瓦)=it_load_mw:ha",)
    )
    assert "unknown layer" in refused(plan, offers, layer="park")
    assert "not found" in refused(plan, tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="shipped with the program"):
        locate_own_plan(str(pack_folder() / "inner_mongolia"))
    with pytest.raises(InputError, match="steppe init DIR --from shanxi"):
        locate_own_plan("shanxi")
    with pytest.raises(InputError):
        locate_own_plan(str(tmp_path))


def test_rows_outside_and_of_another_shape_are_told(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "substations.geojson"
    gpd.GeoDataFrame(
        {"voltage": ["500000", "220000", "110000", "35000"]},
        geometry=[
            Point(111.81, 40.52),
            box(112, 41, 112.01, 41.01),
            Point(5, 5),
            LineString([(111, 40), (112, 40)]),
        ],
        crs=4326,
    ).to_file(path)
    proposal = take(plan, path)
    told = "\n".join(note.say("en") for note in proposal.notes)
    assert "1 lie outside the plan's bbox" in told
    assert "1 are of another shape than substations hold" in told
    read = open_inputs(plan).layers["substations"]
    assert list(read["voltage_kv"]) == [500.0, 220.0]
    far = tmp_path / "stations.csv"
    far.write_text("name,lon,lat\nA,5,5\n", encoding="utf-8")
    assert "no row lies in the plan's bbox" in refused(plan, far, layer="towns")


def test_grounds_are_kept_beside_their_points(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "parks.geojson"
    gpd.GeoDataFrame(
        {"名称": ["甲", "乙"], "面积": ["1500亩", "100亩"]},
        geometry=[box(111.80, 40.40, 111.81, 40.41), box(112.0, 41.0, 112.01, 41.01)],
        crs=4326,
    ).to_file(path)
    (doubt,) = [each.say("en") for each in propose(plan, path).doubts]
    assert "takes the place of the plan's parks, which are parks.csv" in doubt
    take(plan, path, layer="parks", licence="own")
    inputs = open_inputs(plan)
    parks, areas = inputs.layers["parks"], inputs.layers["park_areas"]
    assert list(areas["park_id"]) == list(parks["park_id"]) == ["甲", "乙"]
    assert list(areas["area_ha"]) == list(parks["area_ha"])
    assert all(areas.geometry.covers(parks.geometry))
    assert areas["measured_ha"].iloc[0] == pytest.approx(94.3, abs=0.5)


@pytest.fixture
def cables(tmp_path: Path) -> Path:
    path = tmp_path / "fibre_lines.geojson"
    gpd.GeoDataFrame(
        {
            "line_id": ["a", "b", "c"],
            "status": ["Operational", "Planned", "Operational"],
            "from": ["Hohhot", "Jining", "<NA>"],
            "to": ["Jining", "Zhangjiakou", "<NA>"],
            "distance": [150_000.0, 160_000.0, 1.0],
        },
        geometry=[
            MultiLineString([[(111.70, 40.80), (112.3, 40.9)], [(112.3, 40.9), (113.10, 41.00)]]),
            LineString([(113.101, 41.001), (114.0, 41.1), (114.9, 40.8)]),
            LineString([(112.3, 40.9002), (112.3, 42.0), (112.4, 43.0)]),
        ],
        crs=4326,
    ).to_file(path)
    return path


def test_lines_without_nodes_are_joined_where_they_meet(plan: Path, cables: Path) -> None:
    proposal = take(plan, cables, layer="fibre", licence="own")
    inputs = open_inputs(plan)
    fibre, nodes = inputs.layers["fibre"].set_index("cable_id"), inputs.layers["nodes"]
    assert set(nodes["node_id"]) >= {"Hohhot", "Jining", "Zhangjiakou"}
    assert len(nodes) == 5
    assert tuple(fibre.loc["b", ["from_node", "to_node"]]) == ("Jining", "Zhangjiakou")
    # The third line begins 22 m off the first one's way: both may be joined there.
    assert fibre.loc["a", "joints"] == fibre.loc["c", "from_node"]
    assert set(fibre["ends_basis"]) == {"assumed"}
    assert fibre.loc["b", "status"] == "planned"
    # Nobody's length is taken for the drawn one's; the source's own stays beside it.
    assert float(fibre.loc["a", "distance"]) == 150_000.0
    told = "\n".join(note.say("en") for note in proposal.notes)
    assert "5 nodes made" in told


def test_a_status_that_nobody_told_is_asked(plan: Path, cables: Path, tmp_path: Path) -> None:
    path = tmp_path / "bare.geojson"
    gpd.read_file(cables)[["line_id", "geometry"]].to_file(path)
    assert "fibre need status" in refused(plan, path, layer="fibre")
    take(plan, path, layer="fibre", columns=("status:=in_service",), licence="own")
    assert set(open_inputs(plan).layers["fibre"]["status"]) == {"in_service"}


def test_no_field_is_lost(plan: Path, cables: Path) -> None:
    take(plan, cables, layer="fibre", licence="own")
    before, after = gpd.read_file(cables), open_inputs(plan).layers["fibre"]
    for name in ("from", "to", "distance"):
        kept = after[name].astype("str").replace("nan", "None")
        assert len(kept) == len(before)
    assert {"from", "to", "distance"} <= set(after.columns)


def test_a_fault_of_a_row_leaves_the_plan_as_it_was(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "parks.csv"
    path.write_text(
        "name,lon,lat,racks\nA,111.81,40.52,1\nB,111.91,40.62,99999999999\n", encoding="utf-8"
    )
    assert "racks" in refused(plan, path, layer="parks", columns=("racks=racks",))


def test_frames_of_hostile_names_are_kept(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "parks.geojson"
    gpd.GeoDataFrame(
        {"name": ["{{7*7}}"], "NAME": ["b"], "fid": [3], "rank": [1], "length_km": ["x"]},
        geometry=[Point(111.81, 40.52)],
        crs=4326,
    ).to_file(path)
    take(plan, path, layer="parks", licence="own")
    parks = open_inputs(plan).layers["parks"]
    assert list(parks["name_en"]) == ["{{7*7}}"]
    assert {"rank", "length_km"} <= set(parks.columns)
    assert isinstance(parks, pd.DataFrame)


def _network(tmp_path: Path, **span) -> Path:
    path = tmp_path / "net.json"
    nodes = [
        {"id": "a", "name": "A", "location": {"type": "Point", "coordinates": [111.7, 40.8]}},
        {"id": "b", "name": "B", "location": {"type": "Point", "coordinates": [113.1, 41.0]}},
    ]
    route = {"type": "LineString", "coordinates": [[111.75, 40.8], [112.4, 40.9], [113.1, 41.0]]}
    spans = [{"id": "s", "name": "S", "start": "a", "end": "b", "route": route, **span}]
    network = {"id": "n", "name": "N", "nodes": nodes, "spans": spans}
    path.write_text(json.dumps({"networks": [network]}), encoding="utf-8")
    return path


def test_a_network_of_another_tool_becomes_nodes_and_cables(plan: Path, tmp_path: Path) -> None:
    path = _network(tmp_path, status="operational")
    request = ImportRequest(path, as_of=date(2025, 6, 1), licence="CC-BY-4.0", source_id="net")
    proposal = read_proposal(plan, request)
    assert isinstance(proposal, NetworkProposal)
    write_network(plan, proposal)
    inputs = open_inputs(plan)
    assert list(inputs.layers["nodes"]["node_id"]) == ["a", "b"]
    assert list(inputs.layers["fibre"]["status"]) == ["in_service"]
    # The route ends 0.05° of longitude off A, 4 219 m at 40.8 N: the cable is no truer than that.
    (cable,) = inputs.layers["fibre"].itertuples()
    assert cable.accuracy_m == pytest.approx(4220, abs=3)
    assert cable.geometry.coords[0] == pytest.approx((111.7, 40.8))
    assert inputs.sources["net"].licence == "CC-BY-4.0"


def test_what_a_network_does_not_tell_is_asked(plan: Path, tmp_path: Path) -> None:
    path = _network(tmp_path)
    line = refused(plan, path)
    assert "the file does not say status" in line
    assert "--columns" in line
    asked = ImportRequest(path, as_of=date(2025, 6, 1), columns=("status:=planned",))
    proposal = read_proposal(plan, asked)
    assert set(proposal.layers["fibre"]["status"]) == {"planned"}
    idle = ImportRequest(_network(tmp_path, status="inactive"), words=("inactive=building",))
    assert set(read_proposal(plan, idle).layers["fibre"]["status"]) == {"building"}


def test_ones_own_file_is_named_under_the_map_and_nobody_is_made_up_for_another() -> None:
    day = date(2026, 1, 2)
    assert make_source(Path("parks.xlsx"), "own", day)["attribution"] == "parks.xlsx"
    assert make_source(Path("parks.xlsx"), "CC-BY-4.0", day)["attribution"] == "not stated"


def test_what_lies_in_the_plan_is_what_was_sent(plan: Path, cables: Path, offers: Path) -> None:
    for file, layer in ((cables, "fibre"), (offers, "parks")):
        proposal = take(plan, file, layer=layer, licence="own")
        name = tomllib.loads(plan.read_text(encoding="utf-8"))["layers"][layer]["file"]
        kept, sent = gpd.read_file(plan.parent / name), proposal.raw.frame
        assert len(kept) == len(sent)
        for field in proposal.raw.fields:
            # A number is written to its last digit, a text sign by sign.
            is_number = pd.api.types.is_numeric_dtype(sent[field])
            read = float if is_number else str
            before, after = (
                [None if pd.isna(cell) else read(cell) for cell in frame[field]]
                for frame in (sent, kept)
            )
            assert before == after


def test_codes_beside_numbers_with_a_decimal_comma_stay_as_they_are(plan, tmp_path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(
        "park_id;name;status;lon;lat;land\n0012;A;existing;111,50;40,10;1.234,5\n"
        "0013;B;existing;111,70;40,20;2.000\n"
    )
    proposal = read_proposal(plan, ImportRequest(file, layer="parks", as_of=date(2025, 1, 1)))
    assert proposal.frame["park_id"].tolist() == ["0012", "0013"]
    assert proposal.frame["land"].tolist() == ["1234.5", "2000"]
    assert proposal.frame.geometry.x.tolist() == [111.5, 111.7]


def test_one_bad_cell_asks_for_its_field(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "parks.csv"
    path.write_text("name,lon,lat,area_ha\nA,111.1,40.1,12\nB,111.2,40.2,abc\n", encoding="utf-8")
    (doubt,) = propose_doubts(plan, path)
    assert "area_ha: 'abc'" in doubt
    assert '--columns "area_ha="' in doubt
    assert propose_doubts(plan, path, columns=("area_ha=",)) == []


def test_a_field_that_is_none_of_the_columns_is_said_by_its_name(
    plan: Path, tmp_path: Path
) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("name,lon,lat,voltage\nA,111.1,40.1,220\nB,111.2,40.2,110\n", encoding="utf-8")
    proposal = take(plan, path, layer="substations", columns=("voltage=",))
    assert "voltage_kv" not in columns_of(proposal)
    # So does the column's own name, and the next edition is read in the same way.
    take(plan, path, layer="substations", columns=("voltage_kv=",))
    assert "voltage_kv" not in columns_of(take(plan, path, layer="substations"))
