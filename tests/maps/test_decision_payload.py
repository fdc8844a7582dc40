"""What the page carries of the decision: all that it tells, and no more."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.columns import CHANGE_KINDS, COST_COMPONENTS, EXPLANATION_KINDS
from steppe.layers.contracts import RESULT_TABLES
from steppe.layers.wording import read_catalogue
from steppe.maps.decision_payload import SHOWN_OF_DECISION, TOLD_CHANGES
from steppe.maps.page import render_page
from steppe.maps.payload import pack_tables

OF_RUN = sorted({*SHOWN_OF_DECISION, "acceptability"} - {"scenarios", "changes"})


@pytest.fixture
def packed(tables) -> dict:
    return pack_tables(tables)["decision"]


def _records(table: dict) -> list[dict]:
    return [dict(zip(table["fields"], row, strict=True)) for row in table["rows"]]


def _scripts() -> str:
    folder = resources.files("steppe.maps") / "assets"
    return "\n".join(path.read_text(encoding="utf-8") for path in Path(str(folder)).rglob("*.js"))


def test_every_column_is_of_the_contract_and_told_by_the_page(packed):
    text = _scripts()
    for name, fields in SHOWN_OF_DECISION.items():
        assert packed[name]["fields"] == list(fields)
        assert set(fields) <= set(RESULT_TABLES[name].columns)
        # Columns of languages are told by what their names have in common.
        stems = {re.sub("_(zh|en)$", "", field) for field in fields}
        assert [stem for stem in stems if not re.search(rf"\b{stem}\b", text)] == []
        assert len(packed[name]["rows"]) > 0


def test_numbers_are_carried_whole(tables):
    third = 1.0 / 3.0
    spread = {
        "robustness": tables.robustness.assign(first_share=third),
        "acceptability": tables.acceptability.assign(share=third),
    }
    packed = pack_tables(tables.with_tables(**spread))["decision"]
    assert {row["first_share"] for row in _records(packed["robustness"])} == {third}
    assert packed["acceptability"]["zgc"] == {"plan": [third] * 3, "any": [third] * 3}


def test_shares_stand_in_the_order_of_the_ranks(tables, packed):
    turned = tables.with_tables(acceptability=tables.acceptability.iloc[::-1])
    assert packed["acceptability"]["zgc"]["plan"] == [0.296, 0.5, 0.204]
    assert pack_tables(turned)["decision"]["acceptability"] == packed["acceptability"]


def test_only_the_plans_own_scenario_and_year_are_told(tables, packed):
    later = {
        name: pd.concat(
            [
                getattr(tables, name).assign(scenario="later"),
                getattr(tables, name).assign(year=2030),
                getattr(tables, name),
            ]
        )
        for name in OF_RUN
    }
    assert pack_tables(tables.with_tables(**later))["decision"] == packed


def test_of_the_changes_only_what_a_planner_asks_for_is_told(tables, packed):
    told = [(row["kind"], row["id"], row["quantity"]) for row in _records(packed["changes"])]
    assert sorted(told) == [
        ("rank", "zgc", "rank"),
        ("routes", "jining", "to_cut_high"),
        ("rtt", "jining", "beijing"),
        ("score", "zgc", "value"),
        ("site", "chifeng", "there"),
    ]
    counts = {row["scenario"]: row["n_changes"] for row in _records(packed["scenarios"])}
    assert counts["mesh"] == len(tables.changes) > len(told)


def test_costs_are_held_against_the_first_park_alone(tables):
    one = tables.break_evens
    other = one.assign(site_id="horinger", other_id="zgc")
    more = tables.with_tables(break_evens=pd.concat([one, other], ignore_index=True))
    rows = _records(pack_tables(more)["decision"]["break_evens"])
    assert [(row["site_id"], row["other_id"]) for row in rows] == [("zgc", "horinger")]


def test_the_reason_of_a_cost_is_a_shared_text(tables):
    packed = pack_tables(tables)
    reasons = [packed["texts"][row["reason_zh"]] for row in _records(packed["decision"]["costs"])]
    assert reasons == tables.costs["reason_zh"].tolist()


def test_weights_are_told_only_where_there_are_some(packed):
    rows = _records(packed["weight_ranges"])
    assert [(row["site_id"], row["criterion"]) for row in rows] == [
        ("horinger", "climate"),
        ("horinger", "power"),
    ]


def test_a_plan_without_a_ranking_has_a_page_all_the_same(tables):
    bare = {name: getattr(tables, name).iloc[:0] for name in (*SHOWN_OF_DECISION, "acceptability")}
    packed = pack_tables(tables.with_tables(**bare))["decision"]
    assert packed.pop("acceptability") == {}
    assert all(table["rows"] == [] for table in packed.values())
    assert "decision-section" in render_page(tables.with_tables(**bare))


def test_closed_lists_have_words_and_code():
    text = _scripts()
    assert set(TOLD_CHANGES) < set(CHANGE_KINDS)
    assert sorted(key for key in read_catalogue("en") if key.startswith("change.")) == sorted(
        f"change.{kind}" for kind in TOLD_CHANGES
    )
    assert sorted(key for key in read_catalogue("en") if key.startswith("cost.")) == sorted(
        f"cost.{component}" for component in COST_COMPONENTS
    )
    assert [kind for kind in EXPLANATION_KINDS if not re.search(rf"\b{kind}\b", text)] == []
    assert json.dumps(list(TOLD_CHANGES)) in text


def test_a_value_function_tells_its_shape(tables):
    climate, power = tables.info.criteria
    bent = dataclasses.replace(climate.measures[0], shape="sigmoid", steepness=8.0)
    pieces = dataclasses.replace(
        power.measures[0],
        shape="piecewise", worst=None, best=None, points=((0.0, 1.0), (20.0, 0.5), (60.0, 0.0)),
    )  # fmt: skip
    criteria = tuple(
        dataclasses.replace(criterion, measures=(measure,))
        for criterion, measure in ((climate, bent), (power, pieces))
    )
    info = dataclasses.replace(tables.info, criteria=criteria)
    first, second = (
        criterion["measures"][0]
        for criterion in pack_tables(dataclasses.replace(tables, info=info))["info"]["criteria"]
    )
    assert first["steepness"] == 8.0
    assert "points" not in first
    assert second["points"] == [[0.0, 1.0], [20.0, 0.5], [60.0, 0.0]]
    line = pack_tables(tables)["info"]["criteria"][0]["measures"][0]
    assert not {"steepness", "points"} & set(line)


def test_texts_of_the_decision_are_written_without_escapes_yet_cannot_leave(hostile_tables):
    html = render_page(hostile_tables)
    start = html.index('id="data">') + len('id="data">')
    data = html[start : html.index("</script>", start)]
    assert "名" in data
    assert "<" not in data
    told = json.loads(data)["decision"]["answers"]
    place = told["fields"].index("text_zh")
    assert [row[place] for row in told["rows"]] == hostile_tables.answers["text_zh"].tolist()
