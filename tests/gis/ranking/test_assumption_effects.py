"""What assumed numbers do to the first place: the plan edited and scored anew, number by number."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.layers.tables import PlanTables
from steppe.planfile.plan_info import describe
from steppe.planfile.plan_schema import Plan
from steppe.ranking.score_table import read_totals, tabulate_scores


def _set_share(shares: list[dict], place: int, share: float) -> None:
    rest = sum(each.get("weight", 1.0) for n, each in enumerate(shares) if n != place)
    for n, each in enumerate(shares):
        each["weight"] = share if n == place else each.get("weight", 1.0) * (1 - share) / rest


def _edit(raw: dict, path: str, value: float) -> dict:
    """Write a number into a plan.toml, as a planner would: of a share, the others in proportion."""
    edited = copy.deepcopy(raw)
    _, name, *rest = path.split(".")
    criteria = edited["criteria"]
    (place,) = (n for n, each in enumerate(criteria) if each["name"] == name)
    if rest == ["weight"]:
        _set_share(criteria, place, value)
        return edited
    measures = criteria[place]["measures"]
    (at,) = (n for n, each in enumerate(measures) if each["id"] == rest[0])
    if rest[1] == "weight":
        _set_share(measures, at, value)
    else:
        measures[at][rest[1]] = value
    return edited


def _totals(tables: PlanTables, raw: dict, pack: Path, measures: pd.DataFrame) -> pd.Series:
    plan = Plan.model_validate({**raw, "folder": pack, "file": "plan.toml"})
    info = describe(plan)
    scores = tabulate_scores(info, tables.layers["parks"], measures)
    totals = read_totals(scores, info).set_index("site_id")
    return totals["value"].reindex(list(tables.robustness["site_id"]))


def _lead(totals: pd.Series, leader: str) -> float:
    return float(totals[leader] - totals.drop(leader).max())


@pytest.fixture(scope="module")
def raw(pack: Path) -> dict:
    return tomllib.loads((pack / "plan.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def leader(tables: PlanTables) -> str:
    return str(tables.robustness.set_index("rank").loc[1, "site_id"])


def test_every_judged_number_at_either_end_is_what_the_edited_plan_scores(
    tables: PlanTables, raw: dict, pack: Path, leader: str
) -> None:
    rows = tables.assumptions[tables.assumptions["kind"].isin(["weight", "share", "function"])]
    assert len(rows) > 20
    for row in rows.to_dict("records"):
        path = row["parameter"]
        for end in ("low", "high"):
            totals = _totals(tables, _edit(raw, path, row[end]), pack, tables.measures)
            assert row[f"lead_{end}"] == pytest.approx(_lead(totals, leader), abs=1e-6), path
        if row["turns"] != "yes":
            continue
        totals = _totals(tables, _edit(raw, path, row["turn"]), pack, tables.measures)
        assert _lead(totals, leader) == pytest.approx(0, abs=1e-6)
        assert totals.drop(leader).idxmax() == row["new_first_id"]


def test_every_class_of_the_ground_one_off_is_what_the_other_class_scores(
    tables: PlanTables, raw: dict, pack: Path, leader: str
) -> None:
    rows = tables.assumptions[tables.assumptions["kind"] == "class"]
    parks = tables.layers["parks"].set_index("park_id")
    assert "towns.jining.pga_g" in set(rows["parameter"])
    for row in rows.to_dict("records"):
        town = row["parameter"].split(".")[1]
        own = tables.measures["site_id"].map(parks["town_id"]) == town
        own &= tables.measures["measure_id"] == "pga_g"
        for end in ("low", "high"):
            known = {"value": row[end], "low": np.nan, "high": np.nan, "band": "none"}
            measures = tables.measures.copy()
            for name, value in known.items():
                measures.loc[own, name] = value
            lead = _lead(_totals(tables, raw, pack, measures), leader)
            assert row[f"lead_{end}"] == pytest.approx(lead, abs=1e-6), town


def test_the_tables_say_what_the_answers_say(tables: PlanTables) -> None:
    rows, answers = tables.assumptions, tables.answers.set_index("question")
    moved = rows[rows["turns"] != "held"]
    n_turns = int((moved["turns"] == "yes").sum())
    assert sorted(rows["place"]) == list(range(1, len(rows) + 1))
    assert (
        rows["place"] == np.arange(1, len(rows) + 1)[rows["place"].rank().astype(int) - 1]
    ).all()
    for language, said in (
        ("en", f"Of {len(moved)} assumed numbers"),
        ("zh", f"{len(moved)}个假定数值"),
    ):
        assert said in answers.loc["assumed", f"text_{language}"]
        assert str(n_turns) in answers.loc["assumed", f"text_{language}"]
    assert tables.spread["share"].sum() == pytest.approx(1)
    assert tables.robustness["first_share_assumed"].sum() == pytest.approx(1)
    by_criterion = tables.spread.groupby("criterion")[["weight", "share"]].sum()
    for criterion in tables.info.criteria:
        weight, share = by_criterion.loc[criterion.name]
        said = f"{criterion.title_en} carries" in answers.loc["spread", "text_en"]
        said |= f"{criterion.title_en.lower()} carries" in answers.loc["spread", "text_en"]
        assert said == (share < weight / 5)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("criteria.network.rtt_ms.worst", 40.0),
        ("criteria.power.operating_100km_mw.best", 25_000.0),
        ("criteria.power.operating_100km_mw.weight", 0.5),
    ],
)
def test_edits_that_once_turned_the_first_place_lie_in_the_ranges_and_are_told(
    tables: PlanTables, raw: dict, pack: Path, leader: str, path: str, value: float
) -> None:
    row = tables.assumptions.set_index("parameter").loc[path]
    assert row["low"] <= value <= row["high"]
    lead = _lead(_totals(tables, _edit(raw, path, value), pack, tables.measures), leader)
    told = row["turns"] == "yes" and row["value"] < row["turn"] < value
    assert told == (lead < 0)
