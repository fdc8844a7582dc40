"""What a scenario overrides, what it leaves alone, and how it is held against the base."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from steppe.layers.conformity import faults
from steppe.layers.contracts.what_if import CHANGES, SCENARIOS
from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.measures.site_survey import survey_sites
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import build_backbone
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.scenario_entries import PRICE, Variant
from steppe.planfile.scenario_inputs import apply_variant, check_variants
from steppe.ranking.decision_tables import decide
from steppe.ranking.robustness import find_robustness
from steppe.ranking.scenario_comparison import (
    Alternative,
    evaluate_variants,
    tabulate_changes,
    tabulate_scenarios,
)
from steppe.ranking.scenario_outcome import Outcome, build_network, evaluate
from steppe.ranking.score_table import TOTAL
from steppe.routing.redundancy import cut_range

TITLES = {"title_zh": "另", "title_en": "Other", "why_zh": "试", "why_en": "to try"}
KEY = ["site_id", "criterion"]


@pytest.fixture(scope="module")
def whole(pack: Path) -> Inputs:
    return read_inputs(read_plan(pack / "plan.toml"))


@pytest.fixture(params=["light_pack", pytest.param("pack", marks=pytest.mark.soak)])
def every(request: pytest.FixtureRequest) -> Inputs:
    """The default plan with all its scenarios, and with few of its parks outside of a soak."""
    return read_inputs(read_plan(request.getfixturevalue(request.param) / "plan.toml"))


@pytest.fixture(scope="module")
def inputs(whole: Inputs) -> Inputs:
    """The default plan with two quick criteria: round trips, and price of power."""
    network = next(entry for entry in whole.plan.criteria if entry.name == "network")
    network = network.model_copy(update={"weight": 0.5})
    price = network.measures[0].model_copy(
        update={"id": PRICE, "unit": "CNY/kWh", "worst": 0.6, "best": 0.2, "weight": 1.0}
    )
    power = network.model_copy(update={"name": "power", "weight": 0.5, "measures": (price,)})
    only = network.model_copy(
        update={"measures": tuple(each for each in network.measures if each.weight > 0)}
    )
    plan = whole.plan.model_copy(
        update={"criteria": (only, power), "cooling": None, "scenarios": ()}
    )
    return dataclasses.replace(
        whole, plan=plan, tables={**whole.tables, "rules": whole.tables["rules"].iloc[:0]}
    )


def _with(inputs: Inputs, **keys) -> Inputs:
    variant = Variant(**{"name": "other", **TITLES, **keys})
    plan = inputs.plan.model_copy(update={"scenarios": (variant,)})
    return dataclasses.replace(inputs, plan=plan)


def _apply(inputs: Inputs, **keys) -> Inputs:
    return apply_variant(_with(inputs, **keys), "other")


def _evaluate(inputs: Inputs) -> Outcome:
    plan = inputs.plan
    network = build_network(inputs, level=plan.level, targets=plan.network.targets[:1])
    return evaluate(inputs, network)


@pytest.fixture(scope="module")
def base(inputs: Inputs) -> Outcome:
    return _evaluate(inputs)


def _cable(inputs: Inputs, cable_id: str) -> pd.Series:
    return inputs.layers["fibre"].set_index("cable_id").loc[cable_id]


def _scores(outcome: Outcome) -> pd.DataFrame:
    return outcome.scores.set_index(KEY)[["value", "low", "high", "coverage"]]


def test_the_base_is_what_was_read(inputs: Inputs) -> None:
    assert apply_variant(inputs, inputs.plan.scenario.name) is inputs


def test_what_is_left_out_stays(inputs: Inputs) -> None:
    other = _apply(inputs)
    assert (other.plan.scenario.year, other.plan.scenario.statuses) == (
        inputs.plan.scenario.year,
        inputs.plan.scenario.statuses,
    )
    assert other.plan.scenario.title_en == "Other"
    assert other.plan.criteria == inputs.plan.criteria
    for name in ("fibre", "parks"):
        pd.testing.assert_frame_equal(other.layers[name], inputs.layers[name])


def test_a_cable_is_built_by_the_year_of_the_scenario(inputs: Inputs) -> None:
    before = _cable(inputs, "mesh_hohhot_jining")
    other = _apply(inputs, build=["mesh_hohhot_jining"], year=2019)
    after = _cable(other, "mesh_hohhot_jining")
    assert before["status"] not in inputs.plan.scenario.statuses or before["year"] > 2017
    assert (after["status"], after["year"]) == ("in_service", 2019)
    rest = other.layers["fibre"]["cable_id"] != "mesh_hohhot_jining"
    pd.testing.assert_frame_equal(other.layers["fibre"][rest], inputs.layers["fibre"][rest])
    assert _cable(inputs, "mesh_hohhot_jining").equals(before)


def test_a_cable_that_is_built_may_shorten_a_round_trip(inputs: Inputs, base: Outcome) -> None:
    other = _evaluate(_apply(inputs, build=["mesh_hohhot_jining"]))
    trips = [
        each.network.latency.set_index(["from_id", "to_id"])["rtt_ms"] for each in (base, other)
    ]
    assert trips[1][("hohhot", "beijing")] < trips[0][("hohhot", "beijing")]
    known = trips[0].dropna().index
    assert (trips[1][known] <= trips[0][known]).all()


def test_a_cable_that_is_removed_is_gone(inputs: Inputs) -> None:
    other = _apply(inputs, remove=["jining_beijing_2"])
    gone = set(inputs.layers["fibre"]["cable_id"]) - set(other.layers["fibre"]["cable_id"])
    assert gone == {"jining_beijing_2"}


def test_the_pack_has_a_scenario_of_all_that_is_planned_for_2020(whole: Inputs) -> None:
    """Five lines of the regional backbone, six of the mesh; what is only studied is not built."""
    base, planned = (
        build_backbone(apply_variant(whole, name)) for name in ("base", "planned_2020")
    )
    fibre = whole.layer("fibre").set_index("cable_id")
    meant = fibre.index[(fibre["status"] == "planned") & (fibre["year"] <= 2020)]
    assert len(meant) == 11
    assert set(planned.lines["cable_id"]) - set(base.lines["cable_id"]) == set(meant)
    # Parallel cables are capacities: from Hohhot to Beijing 13 are to be cut, with all readings.
    cables: nx.Graph = nx.Graph()
    for start, end in planned.graph.edges():
        n_cables = cables.get_edge_data(start, end, {"n": 0})["n"]
        cables.add_edge(start, end, n=n_cables + 1)
    assert nx.minimum_cut_value(cables, "hohhot", "beijing", capacity="n") == 13
    assert cut_range(planned.cables, "hohhot", "beijing")[1] == 13


def test_year_and_statuses_are_those_of_the_scenario(inputs: Inputs) -> None:
    scenario = _apply(inputs, year=2030, statuses=["planned"]).plan.scenario
    assert (scenario.year, scenario.statuses) == (2030, ("planned",))


def test_a_park_that_is_dropped_leaves_all_others_as_they_are(
    inputs: Inputs, base: Outcome
) -> None:
    other = _evaluate(_apply(inputs, drop=["ulanqab_zgc"]))
    left, before = _scores(other), _scores(base)
    assert "ulanqab_zgc" not in left.index.get_level_values("site_id")
    expected = before.drop("ulanqab_zgc", level="site_id")
    pd.testing.assert_frame_equal(left, expected, check_exact=True)
    parks = other.inputs.layers["parks"]
    assert not (parks["parent_id"] == "ulanqab_zgc").any()
    assert (inputs.layers["parks"]["parent_id"] == "ulanqab_zgc").any()


def test_when_all_parks_of_the_level_are_dropped_nobody_is_first(inputs: Inputs) -> None:
    parks = inputs.layers["parks"]
    zones = list(parks.loc[parks["level"] == "zone", "park_id"])
    other = _evaluate(_apply(inputs, drop=zones))
    assert find_robustness(other) is None


def test_weights_of_a_scenario_leave_its_measures(inputs: Inputs, base: Outcome) -> None:
    changed = _with(inputs, weights={"power": 1.5})
    other = _evaluate(apply_variant(changed, "other"))
    weights = {each.name: each.weight for each in other.info.criteria}
    assert weights == pytest.approx({"network": 0.25, "power": 0.75})
    columns = ["value", "low", "high", "status"]
    key = ["site_id", "measure_id"]
    pd.testing.assert_frame_equal(
        other.measures.set_index(key)[columns], base.measures.set_index(key)[columns]
    )
    changes = tabulate_changes(base, other)
    assert set(changes["kind"]) <= {"rank", "score"}
    assert len(changes)


def test_weights_of_a_scenario_go_before_those_of_the_command(
    inputs: Inputs, base: Outcome
) -> None:
    changed = _with(inputs, weights={"power": 1.5})
    (other,) = evaluate_variants(changed, base, level="zone", weights={"network": 9.0})
    assert other.outcome.info.criteria[1].weight == pytest.approx(0.75)
    plain = _with(inputs)
    (other,) = evaluate_variants(plain, base, level="zone", weights={"network": 9.0})
    assert other.outcome.info.criteria[0].weight == pytest.approx(9.0 / 9.5)


def test_a_price_holds_at_its_park_alone(inputs: Inputs, base: Outcome) -> None:
    price = {"value": 0.3, "reason": "an offer", "source_id": "nm_cloud_plan"}
    other = _evaluate(_apply(inputs, prices={"wuhai_bigdata": price}))
    key = ["site_id", "measure_id"]
    before, after = (
        each.measures.set_index(key)["value"].xs(PRICE, level="measure_id")
        for each in (base, other)
    )
    assert pd.isna(before["wuhai_bigdata"])
    assert after["wuhai_bigdata"] == 0.3
    pd.testing.assert_series_equal(after.drop("wuhai_bigdata"), before.drop("wuhai_bigdata"))
    row = other.measures.set_index(key).loc[("wuhai_bigdata", PRICE)]
    assert "an offer" in str(row["reason_en"])
    assert row["source_ids"] == "nm_cloud_plan"


def test_a_price_replaces_the_one_that_was_told(inputs: Inputs) -> None:
    price = {"value": 0.5, "reason": "an offer", "source_id": "nm_cloud_plan"}
    terms = _apply(inputs, prices={"ulanqab_zgc": price}).tables["power_terms"]
    own = terms[(terms["park_id"] == "ulanqab_zgc") & (terms["field"] == PRICE)]
    assert own["value"].tolist() == [0.5]
    old = inputs.tables["power_terms"]
    assert len(old[(old["park_id"] == "ulanqab_zgc") & (old["field"] == PRICE)]) == 1


def test_a_price_needs_no_table_of_terms(inputs: Inputs) -> None:
    bare = {**inputs.tables, "power_terms": inputs.tables["power_terms"].iloc[:0]}
    price = {"value": 0.5, "reason": "an offer", "source_id": "nm_cloud_plan"}
    other = _apply(dataclasses.replace(inputs, tables=bare), prices={"ulanqab_zgc": price})
    assert other.tables["power_terms"]["value"].tolist() == [0.5]


STRANGERS = [
    ({"build": ["atlantis_1"]}, "build: unknown cable (rows atlantis_1)"),
    ({"remove": ["atlantis_1"]}, "remove: there is no 'atlantis_1'"),
    ({"drop": ["atlantis"]}, "drop: unknown park (rows atlantis)"),
    ({"weights": {"magic": 1.0}}, "weights: unknown criterion (rows magic)"),
    (
        {"prices": {"atlantis": {"value": 1, "reason": "x", "source_id": "gb_18306"}}},
        "prices: unknown park (rows atlantis)",
    ),
    (
        {"prices": {"shengle": {"value": 1, "reason": "x", "source_id": "hearsay"}}},
        "prices: unknown source (rows hearsay)",
    ),
    (
        {
            "drop": ["shengle"],
            "prices": {"shengle": {"value": 1, "reason": "x", "source_id": "gb_18306"}},
        },
        "prices: unknown park (rows shengle)",
    ),
    (
        {"weights": {"network": 0, "power": 0}},
        "weights: no criterion is left a weight above 0",
    ),
]


@pytest.mark.parametrize(("keys", "line"), STRANGERS, ids=[line for _, line in STRANGERS])
def test_what_is_not_there_is_one_line(inputs: Inputs, keys, line: str) -> None:
    changed = _with(inputs, **keys)
    (problem,) = check_variants(changed)
    assert str(problem).startswith(f"plan.toml › scenarios.other.{line}; ")
    with pytest.raises(InputError) as caught:
        apply_variant(changed, "other")
    assert caught.value.problems == (problem,)


def test_weights_beside_experts_are_refused_and_experts_alone_are_not(inputs: Inputs) -> None:
    bare = tuple(each.model_copy(update={"weight": None}) for each in inputs.plan.criteria)
    plan = inputs.plan.model_copy(update={"criteria": bare})
    judged = dataclasses.replace(inputs, plan=plan)
    (problem,) = check_variants(_with(judged, weights={"power": 1.0}))
    assert "the plan's weights come from experts" in str(problem)
    assert check_variants(_with(judged, remove=["jining_beijing_2"])) == []


def test_the_example_of_the_docs_names_what_the_default_plan_has(
    pack: Path, inputs: Inputs
) -> None:
    docs = (pack.parents[1] / "docs" / "plans.md").read_text(encoding="utf-8")
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", docs, flags=re.DOTALL)
        if "[[scenarios]]" in block
    ]  # fmt: skip
    (keys,) = tomllib.loads(example)["scenarios"]
    other = apply_variant(_with(inputs, **keys), keys["name"])
    assert "bayannur_bigdata" not in set(other.layers["parks"]["park_id"])
    assert "jining_beijing_2" not in set(other.layers["fibre"]["cable_id"])
    terms = other.tables["power_terms"]
    assert terms[terms["park_id"] == "wuhai_bigdata"]["value"].tolist() == [0.3]


def test_an_unknown_scenario_is_one_line(inputs: Inputs) -> None:
    with pytest.raises(InputError) as caught:
        apply_variant(_with(inputs), "nowhere")
    assert str(caught.value) == ("--scenario: unknown scenario 'nowhere'; known: base, other")


def test_strangers_are_named_when_the_plan_is_read(pack: Path, tmp_path: Path) -> None:
    for path in pack.iterdir():
        (tmp_path / path.name).symlink_to(path)
    text = (pack / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('remove = ["jining_beijing_2"]', 'remove = ["atlantis_1"]')
    text = text.replace("weights = { power = 0.5 }", "weights = { magic = 0.5 }")
    (tmp_path / "plan.toml").unlink()
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_inputs(read_plan(tmp_path / "plan.toml", allow_outside=True))
    assert str(caught.value).splitlines() == [
        "plan.toml › scenarios.no_second_route.remove: there is no 'atlantis_1'; name a cable, corridor, node, operator or country by its id, a crossing by its risk_id, or write circle:LON,LAT,RADIUS_KM",
        "plan.toml › scenarios.power_first.weights: unknown criterion (rows magic); correct the name",
    ]


def test_an_identical_scenario_changes_nothing(inputs: Inputs, base: Outcome) -> None:
    (other,) = evaluate_variants(_with(inputs), base, level="zone")
    changes = tabulate_changes(base, other.outcome)
    assert changes.empty
    assert list(faults(changes, CHANGES, where="changes")) == []


def test_changes_of_a_removed_cable_are_those_of_the_latency_tables(
    inputs: Inputs, base: Outcome
) -> None:
    other = _evaluate(_apply(inputs, remove=["jining_beijing_2"]))
    changes = tabulate_changes(base, other)
    assert list(faults(changes, CHANGES, where="changes")) == []
    rows = changes[changes["kind"] == "rtt"].set_index(["id", "quantity"])
    tables = (
        tabulate_latency(each.inputs, each.network.backbone).set_index(["from_id", "to_id"])
        for each in (base, other)
    )
    # A way over three times the geodesic is no round trip to plan with.
    before, after = (each["rtt_ms"].where(each["status"] != "unknown") for each in tables)
    for pair, row in rows.iterrows():
        assert row["before"] == before[pair]
        assert row["after"] == after[pair]
        assert row["after"] > row["before"]
        assert row["unit"] == "ms"
    nodes = set(inputs.layers["nodes"]["node_id"])
    differ = {
        pair
        for pair in before.index
        if set(pair) <= nodes and before[pair] != after[pair] and pd.notna(before[pair])
    }
    assert set(rows.index) == differ
    assert ("jining", "beijing") in rows.index
    own = changes[(changes["kind"] == "measure") & (changes["id"] == "ulanqab_zgc")]
    (trip,) = own[own["quantity"] == "rtt_ms"].to_dict("records")
    assert trip["before"] == before[("ulanqab_zgc", "beijing")]
    assert trip["after"] == after[("ulanqab_zgc", "beijing")]
    assert trip["unit"] == "ms"


def test_changes_of_a_dropped_park_name_it(inputs: Inputs, base: Outcome) -> None:
    other = _evaluate(_apply(inputs, drop=["ulanqab_zgc"]))
    changes = tabulate_changes(base, other)
    (gone,) = changes[changes["kind"] == "site"].to_dict("records")
    park = inputs.layers["parks"].set_index("park_id").loc["ulanqab_zgc"]
    assert (gone["id"], gone["name_en"], gone["before"]) == ("ulanqab_zgc", park["name_en"], 1.0)
    assert pd.isna(gone["after"])
    assert set(changes.loc[changes["kind"] == "score", "id"]) == {"ulanqab_zgc"}


def test_scenarios_stand_in_order_with_who_is_first(inputs: Inputs, base: Outcome) -> None:
    changed = _with(inputs, remove=["jining_beijing_2"])
    own = dataclasses.replace(base, inputs=changed)
    others = evaluate_variants(changed, base, level="zone")
    changes = tabulate_changes(base, others[0].outcome)
    table = tabulate_scenarios(Alternative(own, find_robustness(base)), others, changes)
    assert list(faults(table, SCENARIOS, where="scenarios")) == []
    assert table["scenario"].tolist() == ["base", "other"]
    assert table["n_changes"].tolist() == [0, len(changes)]
    assert table["why_en"].tolist()[1] == "to try"
    for row, outcome in zip(table.itertuples(), (base, others[0].outcome), strict=True):
        totals = outcome.scores[
            (outcome.scores["criterion"] == TOTAL) & (outcome.scores["level"] == "zone")
        ].set_index("site_id")
        assert totals["rank"][row.first_id] == 1
        assert totals["value"][row.first_id] == row.score
        assert row.n_ranked == totals["rank"].notna().sum()


def test_in_every_scenario_of_the_pack_who_is_first_is_whom_a_survey_departs_from(
    every: Inputs,
) -> None:
    """One rule, the mean over the bands; where the numbers themselves have another first, so it says."""
    base = _evaluate(every)
    others = evaluate_variants(every, base, level="zone")
    assert len(others) >= 3
    for each in (Alternative(base, None), *others):
        robust = find_robustness(each.outcome)
        assert robust is not None
        first = robust.ranked[0]
        assert robust.information.picked == first
        assert robust.total[first] == np.nanmax(robust.total)
        tables = decide(each.outcome).tables
        told = tables["answers"].set_index("question")["text_en"]
        rows = tables["robustness"].set_index("at_values_rank")
        other = robust.names[rows.loc[1, "site_id"]][1]
        assert told["first"].startswith(robust.names[robust.sites[first]][1])
        if rows.loc[1, "rank"] > 1:
            assert (
                f"By the numbers in the middle of their bands {other} would be first"
                in told["sure"]
            )
        else:
            assert "middle of their bands put the same park first" in told["sure"]


def test_what_is_relaxed_is_relaxed_in_every_scenario(whole: Inputs, inputs: Inputs) -> None:
    """A hard clause that was read and that a park fails keeps it from a rank in all of them."""
    rules = whole.tables["rules"]
    clause = rules[rules["strength"] == "hard"].head(1)
    clause = clause.assign(
        confirmed="yes", measure="rtt_ms", comparison="at_most", threshold=4.0, unit="ms",
        condition=None, grade=inputs.plan.rules.grades[0], edition=inputs.plan.scenario.year,
    )  # fmt: skip
    ruled = dataclasses.replace(inputs, tables={**inputs.tables, "rules": clause})
    plan = _with(ruled)
    network = build_network(ruled, level="zone", targets=("beijing",))
    own = evaluate(ruled, network)
    assert own.scores["excluded_by"].notna().any()
    relax = tuple(clause["rule_id"])
    base = evaluate(ruled, network, relax=relax)
    (other,) = evaluate_variants(plan, base, level="zone", relax=relax)
    assert other.outcome.scores["excluded_by"].isna().all()
    assert tabulate_changes(base, other.outcome).empty


def test_the_scenarios_of_the_default_plan_agree_with_their_changes(tables: PlanTables) -> None:
    rows = tables.scenarios.set_index("scenario")
    counts = tables.changes["scenario"].value_counts()
    n_changes = rows["n_changes"].drop("base")
    assert n_changes.to_dict() == counts.reindex(n_changes.index, fill_value=0).to_dict()
    leader = tables.robustness.set_index("site_id").loc[rows.loc["base", "first_id"]]
    assert leader["rank"] == 1
    assert rows.loc["base", "first_share"] == leader["first_share"]
    assert rows.loc["base", "score"] == leader["score"]
    parks = set(tables.layers["parks"]["park_id"])
    power = tables.changes[tables.changes["scenario"] == "power_first"]
    assert set(power["kind"]) <= {"rank", "score"}
    assert set(power["id"]) <= parks


def test_what_is_taken_from_the_base_is_what_would_be_found_anew(every: Inputs) -> None:
    """Measures, costs, distances and targets of every scenario, with the survey of the base."""
    inputs = dataclasses.replace(every, plan=every.plan.model_copy(update={"cooling": None}))
    outcome = _evaluate(inputs)
    base = outcome.survey
    dropped = _with(inputs, drop=["ulanqab_zgc"], prices={})
    priced = _with(
        inputs,
        prices={"horinger_new_area": {"value": 0.3, "reason": "r", "source_id": "scmp_apple_2017"}},
    )
    for changed in (*(apply_variant(inputs, each.name) for each in inputs.plan.scenarios),
                    apply_variant(dropped, "other"), apply_variant(priced, "other")):  # fmt: skip
        network = build_network(changed, level="zone", targets=("beijing",))
        for own in (outcome.network, network):
            taken, anew = (
                survey_sites(changed, own.latency, redundancy=own.redundancy, base=one)
                for one in (base, None)
            )
            assert sorted(map(repr, taken.findings)) == sorted(map(repr, anew.findings))
            assert taken.priced == anew.priced
            assert set(anew.distances) <= set(taken.distances)
            pd.testing.assert_frame_equal(taken.targets, anew.targets)


def test_a_scenario_leaves_a_park(whole: Inputs) -> None:
    told = check_variants(_with(whole, drop=list(whole.layers["parks"]["park_id"])))
    (line,) = [str(each) for each in told if ".drop" in str(each)]
    assert line == "plan.toml › scenarios.other.drop: no park is left; leave one"
