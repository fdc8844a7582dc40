"""`steppe score` and `steppe compare`: ways to rank, scenarios, and the words beneath."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

NO_SECOND = "no_second_route"


pytestmark = pytest.mark.usefixtures("known_inputs")


@pytest.fixture
def plan(light_pack: Path) -> str:
    """The light plan, for all of this is true of any."""
    return str(light_pack)


def read(steppe, plan: str, *arguments: str) -> list[dict]:
    done = steppe("score", plan, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["rows"]


def test_one_screen_says_what_the_page_says_in_the_users_language(steppe, plan: str) -> None:
    """Whole also where it is piped."""
    english, chinese = (
        steppe("score", plan, LC_ALL=name).stdout for name in ("C.UTF-8", "zh_CN.UTF-8")
    )
    for words in ("Which park is first?", "How sure is that?", "Why?", "What would change it?"):
        assert words in english
    for words in ("谁居首位？", "有多大把握？", "为什么？", "什么会改变它？"):
        assert words in chinese
    assert "Ulanqab Zhongguancun Science Park" in english
    assert "乌兰察布中关村科技产业园" in chinese
    assert "乌兰察布" not in english
    assert "和林格尔新区" in chinese


@pytest.mark.parametrize("method", ["topsis", "smaa"])
def test_a_second_opinion_orders_by_its_own_number(steppe, plan: str, method: str) -> None:
    rows = [row for row in read(steppe, plan, "--method", method) if row["rank"] is not None]
    number = {"topsis": "topsis", "smaa": "first_share"}[method]
    values = [row["score"] for row in rows]
    assert values == [row[number] for row in rows]
    # The band is that of the weighted sum, which is no other method's.
    assert all(row["range"] is None for row in rows)
    assert values == sorted(values, reverse=True)
    assert [row["rank"] for row in rows] == [
        1 + sum(other > value for other in values) for value in values
    ]


def test_a_scenario_is_scored_alone_as_csv(steppe, plan: str) -> None:
    base = {row["site_id"]: row for row in read(steppe, plan)}
    done = steppe("score", plan, "--scenario", NO_SECOND, "--csv")
    other = {row["site_id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert set(other) == set(base)
    # Without its second route Ulanqab's way is longer; the ground and the power stay.
    assert float(other["ulanqab_zgc"]["network"]) < base["ulanqab_zgc"]["criteria"]["network"]
    for name in ("power", "geology", "climate"):
        assert float(other["ulanqab_zgc"][name]) == base["ulanqab_zgc"]["criteria"][name]


def test_compare_tells_what_differs_and_nothing_else(steppe, plan: str) -> None:
    done = steppe("compare", "--plan", plan, "base", NO_SECOND, "--json")
    told = json.loads(done.stdout)
    assert (told["compared_with"], told["scenario"]) == ("base", NO_SECOND)
    rows = told["rows"]
    changed = {(row["kind"], row["id"], row["quantity"]): row for row in rows}
    trip = changed["measure", "ulanqab_zgc", "rtt_ms"]
    assert trip["before"] < trip["after"]
    assert all(row["before"] != row["after"] for row in rows)
    assert {row["kind"] for row in rows} == {"measure", "routes", "rtt", "score"}
    turned = json.loads(
        steppe("compare", "--plan", plan, NO_SECOND, "base", "--quick", "--json").stdout
    )["rows"]
    assert {(row["kind"], row["id"], row["quantity"], row["before"], row["after"]) for row in rows} == {
        (row["kind"], row["id"], row["quantity"], row["after"], row["before"]) for row in turned
    }  # fmt: skip


def test_compare_says_first_parks_and_changes_on_a_screen(steppe, plan: str) -> None:
    text = steppe(
        "compare", "--plan", plan, "base", "power_first", "--quick", LC_ALL="C.UTF-8"
    ).stdout
    first, second, *_ = text.splitlines()
    assert first.startswith("base (")
    assert first.endswith("Ulanqab Zhongguancun Science Park")
    assert second.startswith("power_first (")
    assert (
        "nothing differs"
        in steppe("compare", "--plan", plan, "base", "base", "--quick", LC_ALL="C.UTF-8").stdout
    )


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("score", "--method", "ahp"), "steppe: --method: unknown method 'ahp'; one of weighted_sum, topsis"),
        (("score", "--scenario", "x"), "steppe: --scenario: unknown scenario 'x'; known: base, today, mesh"),
        (("compare", "base", "x"), "steppe: --scenario: unknown scenario 'x'; known: base, today, mesh"),
        (("score", "--weights", "climate=nan"), "steppe: --weights: weights must be 0 or more"),
        *(
            (("score", "--weights", f"climate={number}"), "steppe: --weights: weights must be 0 or more")
            for number in ("-1", "inf", "-inf", "1e308", "1e-320", "5e-324", "1e10", "1e-10")
        ),
        (("score", "--weights", "climate=0,power=0,geology=0,network=0"), "steppe: --weights: all weights are 0"),
        (("score", "--weights", "climate="), "steppe: --weights: 'climate=' is not NAME=NUMBER"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_line(steppe, plan: str, arguments, line: str) -> None:
    named = ("--plan", plan) if arguments[0] == "compare" else (plan,)
    done = steppe(*arguments, *named)
    assert done.returncode == 2
    assert done.stderr.startswith(line)
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("weights", ["geology=1e-9,climate=1e9", "geology=1e9", "network=1e-9"])
def test_a_weight_at_its_bound_counts_and_warns_of_nothing(steppe, plan: str, weights: str) -> None:
    done = steppe("score", plan, "--weights", weights, "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout)["rows"][0]["score"] is not None
