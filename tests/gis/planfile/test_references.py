"""Names that name nothing, and quantities that cannot be: each one line, on the default plan."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from steppe.claims.claim_evidence import gather_evidence
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.scores import MEASURES
from steppe.layers.facts import best_facts, column_unit, unit_faults
from steppe.planfile.claim_names import PARK_CHECKS, PLAIN_CHECKS, find_strange_check
from steppe.planfile.consistency import cross_faults
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.quantities import figure_value, quantity_faults
from steppe.planfile.references import REFERENCES, reference_faults
from steppe.planfile.route_entry import WantedRoute


@pytest.fixture(scope="module")
def world(pack) -> SimpleNamespace:
    """The default plan as read, with what is held against each other."""
    plan = read_plan(pack / "plan.toml")
    inputs = read_inputs(plan)
    tables = {name: table for name, table in inputs.tables.items() if name in plan.layers}
    plan = plan.model_copy(update={"facts": ("facts.csv",)})  # as one file
    return SimpleNamespace(
        inputs=inputs, plan=plan, frames={**inputs.layers, **tables}, facts=inputs.facts, sources=inputs.sources
    )  # fmt: skip


def find_faults(world: SimpleNamespace, **changed: pd.DataFrame) -> list[str]:
    frames = {**world.frames, **{name: each for name, each in changed.items() if name != "facts"}}
    facts = changed.get("facts", world.facts)
    problems = reference_faults(world.plan, frames, {"facts.csv": facts}, world.sources)
    return [str(each) for each in (*problems, *quantity_faults(world.plan, frames))]


def put(frame: pd.DataFrame, **cells: Any) -> pd.DataFrame:
    """The frame with other cells in its first row."""
    changed = frame.copy()
    for name, value in cells.items():
        changed[name] = [value, *changed[name].iloc[1:]]
    return changed


def test_the_default_plan_names_nothing_that_is_not_there(world) -> None:
    assert find_faults(world) == []


@pytest.mark.parametrize(("facts", "sources"), [({}, {}), ({"facts.csv": None}, None)])
def test_what_could_not_be_read_makes_no_faults_of_claims(world, facts, sources) -> None:
    read = dict.fromkeys(facts, world.facts)
    assert reference_faults(world.plan, world.frames, read, sources) == []


def test_a_name_that_names_nothing_is_refused(world) -> None:
    held = [each for each in REFERENCES if each.layer in world.frames]
    assert len(held) >= 16
    for reference in held:
        frame = world.frames[reference.layer]
        row_id = frame[INPUT_LAYERS[reference.layer].key[0]].iloc[0]
        changed = put(frame, **{reference.column: "atlantis"})
        line = find_faults(world, **{reference.layer: changed})[0]
        assert line.startswith(f"{world.plan.layers[reference.layer].file} › {reference.layer}: ")
        assert f"{reference.column} 'atlantis' is not in " in line
        assert f"(rows {row_id})" in line


@pytest.mark.parametrize(
    ("layer", "column"),
    [("parks", "parent_id"), ("parks", "node_id"), ("parks", "town_id"), ("fibre", "corridors"),
     ("fibre", "apart_from"), ("fibre", "from_node"), ("corridors", "shared"),
     ("figures", "subject"), ("rules", "applies_to"), ("power_terms", "grid"),
     ("round_trips", "to_node")],
)  # fmt: skip
def test_columns_of_names_are_held(layer: str, column: str) -> None:
    assert (layer, column) in {(each.layer, each.column) for each in REFERENCES}


SLIPS = [
    ("fibre", {"apart_from": "jining_bejing_1"}, "do you mean jining_beijing_1?"),
    ("corridors", {"shared": "chifeng_beijing 21"}, "shared 'chifeng_beijing 21' is not in corridors"),
    ("corridors", {"shared": "chifeng_bejing 21 km"}, "do you mean chifeng_beijing?"),
    ("rules", {"applies_to": "hohhot atlantis"}, "applies_to 'atlantis' is not in"),
    ("figures", {"subject": "Hohhot"}, "do you mean hohhot?"),
    ("claim_texts", {"check": "park_temp_mean"}, "there is no such check"),
    ("claim_texts", {"check": "park_pga_g:Atlantis"}, "'Atlantis' is no city or outline"),
    ("claim_texts", {"check": "region_area"}, "no fact of the region has the field 'area'"),
    ("claim_texts", {"check": "installed_2010_mw:gem"}, "'gem' is no source"),
    ("claim_texts", {"check": "park_fault_km:CN-15"}, "it is of nothing in particular"),
    ("figures", {"quantity": "it_load_mw", "unit": "racks"}, "it_load_mw is in 'racks'"),
    ("figures", {"quantity": "racks", "unit": "1", "value": -5.0}, "racks is -5, at least 0"),
    ("power_terms", {"field": "price_cny_kwh", "unit": "MW", "value": 0.4}, "price_cny_kwh is in 'MW' (rows co2_chengdu_cloud_centre); give it in CNY/kWh"),
    ("power_terms", {"field": "price_cny_kwh", "unit": "CNY/kWh", "value": 380.0}, "price_cny_kwh is 380, at most 100 CNY/kWh"),
    ("power_terms", {"field": "direct_supply", "unit": "1", "value": 0.5}, "write 1 for yes or 0 for no"),
    ("power_terms", {"park_id": None}, "names neither a park nor a grid"),
    ("round_trips", {"from_node": None}, "an end has no place"),
    ("round_trips", {"from_node": "frankfurt"}, "both ends are one place"),
    ("fibre", {"route_km": 1.0}, "(route_km, fibre_km) is shorter than the geodesic between its nodes: 1 for "),
    ("fibre", {"joints": "jinning"}, "do you mean jining?"),
    ("fibre", {"fibre_km": 1.5}, "(route_km, fibre_km) is shorter than the geodesic between its nodes: 1.5 for "),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "cells", "words"), SLIPS)
def test_a_slip_in_a_row_is_one_line(world, layer: str, cells: dict[str, Any], words: str) -> None:
    (line,) = find_faults(world, **{layer: put(world.frames[layer], **cells)})
    assert words in line


FACT_SLIPS = [
    ({"layer": "park"}, "layer 'park' is no layer"),
    ({"id": "atlantis"}, "facts on rows that parks does not have (rows atlantis)"),
    ({"field": "area"}, "field 'area' is no column of parks"),
    ({"layer": "region", "id": "CN-99"}, "facts on rows that boundaries does not have"),
]


@pytest.mark.parametrize(("cells", "words"), FACT_SLIPS)
def test_a_fact_on_nothing_is_one_line(world, cells, words: str) -> None:
    facts = world.facts[world.facts["layer"] == "parks"].reset_index(drop=True)
    (line,) = [
        line
        for line in find_faults(world, facts=put(facts, **cells))
        if line.startswith("facts.csv: ")
    ]
    assert words in line


def _with(world, **changes: Any) -> Any:
    return SimpleNamespace(**(vars(world) | {"plan": world.plan.model_copy(update=changes)}))


def test_the_lists_of_the_plan_name_what_is_there(world) -> None:
    plan = world.plan
    rules = plan.rules.model_copy(update={"grades": ("gb_z",), "incomplete": {"rivrs": "few"}})
    network = plan.network.model_copy(update={"targets": ("bejing",)})
    region = plan.region.model_copy(update={"boundary_id": "CN-99"})
    changed = _with(world, rules=rules, network=network, region=region)
    assert [line.partition(":")[0] for line in find_faults(changed)] == [
        "plan.toml › network.targets",
        "plan.toml › region.boundary_id",
        "plan.toml › rules.incomplete.rivrs",
        "plan.toml › rules.grades",
    ]


def test_wanted_routes_name_what_is_there(world) -> None:
    nodes = world.frames["nodes"].set_index("node_id")
    jining = nodes.loc["jining", "name_zh"]
    wanted = (
        WantedRoute(**{"from": "jinning", "to": "111.0,41.0"}),
        WantedRoute(**{"id": "off", "from": "jining", "to": "beijing", "keep_off": ["jining_bejing_1"]}),
        WantedRoute(**{"id": "lines", "from": "proposed", "to": "grid"}),
        WantedRoute(**{"id": "by_name", "from": jining, "to": "beijing"}),
    )  # fmt: skip
    changed = _with(
        world,
        route=world.plan.route.model_copy(update={"wanted": wanted}),
        screening=world.plan.screening.model_copy(update={"demand_mw": None}),
    )
    lines = find_faults(changed)
    assert [line.partition(":")[0] for line in lines] == [
        "plan.toml › route.wanted.jinning_111_0_41_0",
        "plan.toml › route.wanted.off",
        "plan.toml › route.wanted.lines",
    ]
    assert "do you mean jining?" in lines[0]
    assert "give [screening] demand_mw" in lines[2]


def test_cities_of_cooling_are_cities_of_parks(world) -> None:
    cities = {"Atlantis": world.plan.cooling.cities["Chengdu"]}
    changed = _with(world, cooling=world.plan.cooling.model_copy(update={"cities": cities}))
    (line,) = find_faults(changed)
    assert line.startswith("plan.toml › cooling.cities.Atlantis: no park lies in that city")


def test_every_check_that_is_answered_may_be_asked_for(world) -> None:
    empty = pd.DataFrame(columns=list(MEASURES.columns))
    inputs = world.inputs
    facts = inputs.facts
    groups = {*inputs.layers["parks"]["city"], *inputs.layers["boundaries"]["boundary_id"]}
    fields = set(facts.loc[facts["layer"] == "region", "field"])
    answered = {*gather_evidence(inputs, empty), *PARK_CHECKS}
    assert set(PLAIN_CHECKS) <= answered
    for check in answered:
        assert not find_strange_check(check, groups=groups, fields=fields, sources=inputs.sources)


@pytest.mark.parametrize(
    ("value", "unit", "ha"), [("5", "km2", "500"), ("150", "mu", "10"), ("1e4", "m2", "1")]
)
def test_a_fact_in_another_unit_is_converted(world, value: str, unit: str, ha: str) -> None:
    areas = world.facts[world.facts["field"] == "area_ha"].reset_index(drop=True)
    told = put(areas, value=value, unit=unit)
    best = best_facts(told, world.sources)
    row = best[best["id"] == told["id"].iloc[0]].iloc[0]
    assert (row["value"], row["unit"]) == (ha, "ha")
    assert unit_faults(told) == []
    layers = {
        "parks": put(world.frames["parks"].head(1), park_id=told["id"].iloc[0], area_ha=float(ha))
    }
    problems = cross_faults(world.plan, layers, told.head(1), world.sources)
    assert not [each for each in problems if "area_ha" in str(each)]


def test_a_fact_in_a_unit_of_another_kind_is_refused(world) -> None:
    areas = world.facts[world.facts["field"] == "area_ha"].reset_index(drop=True)
    (problem,) = unit_faults(put(areas, unit="kW"))
    assert "area_ha of parks is in 'kW'" in str(problem)
    assert "give it in ha" in str(problem)


def test_every_unit_of_the_facts_is_that_of_its_column(world) -> None:
    assert unit_faults(world.facts) == []
    assert (column_unit("parks", "it_load_mw"), column_unit("nodes", "lon")) == ("MW", "deg")


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "found"),
    [("it_load_mw", 100, "kW", 0.1), ("data_centre_area", 2, "ha", 20000), ("coal", 7, "Mt", 7)],
)
def test_a_figure_counts_in_the_unit_of_its_quantity(quantity, value, unit, found) -> None:
    assert figure_value({"quantity": quantity, "value": value, "unit": unit}) == found


def test_a_column_that_a_shapefile_cut_is_known_by_its_fact(world) -> None:
    entry = world.plan.layers["parks"].model_copy(update={"file": "parks.shp"})
    plan = world.plan.model_copy(update={"layers": {**world.plan.layers, "parks": entry}})
    known = set(INPUT_LAYERS["parks"].columns)
    further = {
        name: name[:10]
        for name in world.frames["parks"].columns
        if name not in {*known, "geometry"}
    }
    frames = {**world.frames, "parks": world.frames["parks"].rename(columns=further)}
    faults = reference_faults(plan, frames, {"facts.csv": world.facts}, world.sources)
    assert ["a Shapefile cuts names" in str(fault) for fault in faults] == [True]


@pytest.mark.parametrize("country", ["cn", "CHN", "China", "C1", "中国"])
def test_a_country_of_a_node_is_a_code(world, country: str) -> None:
    line = find_faults(world, nodes=put(world.frames["nodes"], country=country))[0]
    assert f"country '{country}' is no code of ISO 3166-1" in line
