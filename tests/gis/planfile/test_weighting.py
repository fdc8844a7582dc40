"""Whose weights a plan bears, and what its measures are worth."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from steppe.layers.errors import InputError
from steppe.layers.tables import Measure
from steppe.planfile.plan_info import describe
from steppe.planfile.plan_reading import read_plan
from steppe.planfile.plan_schema import Plan
from steppe.planfile.weight_entries import (
    CriterionEntry,
    Expert,
    MeasureEntry,
    Weighting,
    find_weights,
)
from steppe.ranking.banded_measures import function_of

CRITERIA = ("climate", "power", "geology", "network")
# Power twice as important as network, four times as geology, eight times as climate: no
# judgement contradicts another, so that the weights are 1 : 8 : 2 : 4.
AGREED = [
    [1, 1 / 8, 1 / 2, 1 / 4],
    [8, 1, 4, 2],
    [2, 1 / 4, 1, 1 / 2],
    [4, 1 / 2, 2, 1],
]
OTHER = [
    [1, 1 / 3, 2, 1 / 2],
    [3, 1, 5, 2],
    [1 / 2, 1 / 5, 1, 1 / 4],
    [2, 1 / 2, 4, 1],
]
# Saaty's choice of a school, as in Wang and Chin 2011; its consistency ratio of 0.229 is published.
SCHOOL = [
    [1, 4, 3, 1, 3, 4],
    [1 / 4, 1, 7, 3, 1 / 5, 1],
    [1 / 3, 1 / 7, 1, 1 / 5, 1 / 5, 1 / 6],
    [1, 1 / 3, 5, 1, 1, 1 / 3],
    [1 / 3, 5, 5, 1, 1, 3],
    [1 / 4, 1, 6, 3, 1 / 3, 1],
]
WHO = {"who_zh": "专家组", "who_en": "a panel", "why_zh": "比较", "why_en": "in pairs"}


def _measure(**keys) -> MeasureEntry:
    said = {"id": "m", "title_zh": "量", "title_en": "M", "unit": "km", "weight": 1.0}
    return MeasureEntry(**{**said, "reason": "by hand", **keys})


def _entry(name: str, weight: float | None = None) -> CriterionEntry:
    measure = _measure(worst=0, best=1)
    return CriterionEntry(
        name=name, title_zh=name, title_en=name, weight=weight, measures=(measure,)
    )


def _experts(*matrices, names=("Li", "Wang")) -> tuple[Expert, ...]:
    return tuple(
        Expert(name=name, why="asked", judgements=matrix)
        for name, matrix in zip(names, matrices, strict=False)
    )


def _weighting(*matrices, criteria=CRITERIA) -> Weighting:
    return Weighting(**WHO, criteria=criteria, experts=_experts(*matrices))


@pytest.fixture
def read_with(pack: Path, tmp_path: Path) -> Callable[..., Plan]:
    """Read the default plan.toml with texts replaced, and without weights if `experts` give them."""

    def read(*changes: tuple[str, str], experts: str = "") -> Plan:
        text = (pack / "plan.toml").read_text(encoding="utf-8")
        if experts:
            text, n_weights = re.subn(r"(title_en = .*\n)weight = 0\.25\n", r"\1", text)
            assert n_weights == len(CRITERIA)
            text = text.replace("[robustness]", f"{experts}\n[robustness]", 1)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "plan.toml"
        path.write_text(text, encoding="utf-8")
        return read_plan(path)

    return read


def _toml(name: str, matrix: list[list[float]]) -> str:
    rows = ", ".join(f"[{', '.join(map(str, row))}]" for row in matrix)
    return f'[[weights.experts]]\nname = "{name}"\nwhy = "asked"\njudgements = [{rows}]\n'


def test_a_consistent_expert_gives_the_ratios_that_he_states(read_with) -> None:
    named = 'criteria = ["climate", "power", "geology", "network"]\n'
    plan = read_with(
        ('who_zh = "草原项目（默认值）"', f'{named}who_zh = "专家组"'), experts=_toml("Li", AGREED)
    )
    info = describe(plan)
    weights = {criterion.name: criterion.weight for criterion in info.criteria}
    shares = {"climate": 1 / 15, "power": 8 / 15, "geology": 2 / 15, "network": 4 / 15}
    assert weights == pytest.approx(shares)
    assert info.origin is not None
    (ratio,) = info.origin.ratios
    assert ratio == ("Li", pytest.approx(0.0, abs=1e-9))
    assert info.origin.who_zh == "专家组"


def test_the_order_of_rows_is_that_of_the_key_not_of_the_plan() -> None:
    turned = [row[::-1] for row in AGREED[::-1]]
    straight = find_weights(tuple(map(_entry, CRITERIA)), _weighting(AGREED))
    found = find_weights(tuple(map(_entry, CRITERIA)), _weighting(turned, criteria=CRITERIA[::-1]))
    assert found == pytest.approx(straight)


def test_a_group_is_the_geometric_mean_of_its_judgements() -> None:
    found = find_weights(tuple(map(_entry, CRITERIA)), _weighting(AGREED, OTHER))
    # The principal eigenvector by power iteration.
    joined = np.sqrt(np.array(AGREED) * np.array(OTHER))
    direction = np.linalg.matrix_power(joined, 60).sum(axis=1)
    assert list(found.values()) == pytest.approx(list(direction / direction.sum()), abs=1e-9)
    assert list(found) == list(CRITERIA)


def test_judgements_that_contradict_each_other_are_refused_by_name() -> None:
    criteria = ("learning", "friends", "life", "training", "college", "music")
    with pytest.raises(ValueError, match="contradict each other") as caught:
        find_weights(tuple(map(_entry, criteria)), _weighting(SCHOOL, criteria=criteria))
    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith("the judgements of Li contradict each other: consistency ratio 0.229, ")
    # Of all judgements the one that differs by the greatest factor from the published weights.
    weights = np.array([0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391])
    factor = np.abs(np.log(np.array(SCHOOL) * weights / weights[:, None]))
    row, column = np.unravel_index(np.triu(factor).argmax(), factor.shape)
    assert f"furthest off is {criteria[row]} over {criteria[column]}, " in told
    assert f"{SCHOOL[row][column]:.3g}, where the others say" in told


def test_one_expert_who_contradicts_himself_is_not_hidden_by_the_group() -> None:
    criteria = tuple("abcdef")
    agreed = [[1.0] * 6] * 6
    with pytest.raises(ValueError, match="the judgements of Wang contradict"):
        find_weights(tuple(map(_entry, criteria)), _weighting(agreed, SCHOOL, criteria=criteria))


def test_a_contradiction_in_a_plan_is_one_line(read_with) -> None:
    circle = [[1, 9, 1 / 9, 1], [1 / 9, 1, 9, 1], [9, 1 / 9, 1, 1], [1, 1, 1, 1]]
    named = 'criteria = ["climate", "power", "geology", "network"]\nwho_zh'
    with pytest.raises(InputError) as caught:
        read_with(("who_zh", named), experts=_toml("Li", circle))
    (line,) = str(caught.value).splitlines()
    assert line.startswith("plan.toml: the judgements of Li contradict each other: ")
    assert "0.1 at most; furthest off is " in line


REFUSED = [
    ((None, 1.0, 1.0, 1.0), None, "climate needs a weight, or experts in [weights]"),
    ((0.0, 0.0, 0.0, 0.0), None, "one criterion needs a weight above 0"),
    ((0.5, None, None, None), (AGREED,), "climate has a weight, but the experts"),
]


@pytest.mark.parametrize(("weights", "matrices", "line"), REFUSED)
def test_a_missing_and_an_extra_weight_are_named(weights, matrices, line) -> None:
    entries = tuple(map(_entry, CRITERIA, weights))
    weighting = _weighting(*matrices) if matrices else None
    with pytest.raises(ValueError, match=re.escape(line)):
        find_weights(entries, weighting)


def test_a_single_zero_weight_is_a_weight() -> None:
    found = find_weights(tuple(map(_entry, CRITERIA, (0.0, 1.0, 1.0, 2.0))), None)
    assert found == dict(zip(CRITERIA, (0.0, 1.0, 1.0, 2.0), strict=True))


def test_experts_must_compare_the_criteria_of_the_plan() -> None:
    with pytest.raises(ValueError, match="the experts compare climate, power, geology, cost"):
        find_weights(
            tuple(map(_entry, CRITERIA)), _weighting(AGREED, criteria=(*CRITERIA[:3], "cost"))
        )


@pytest.mark.parametrize(
    ("matrix", "line"),
    [
        ([[1, 2], [2, 1]], "the judgements of Li: judgements must be reciprocal"),
        ([[2, 2], [0.5, 1]], "the judgements of Li: judgements must be reciprocal"),
    ],
)
def test_judgements_that_are_not_reciprocal_are_named(matrix, line) -> None:
    with pytest.raises(ValueError, match=re.escape(line)):
        find_weights((_entry("a"), _entry("b")), _weighting(matrix, criteria=("a", "b")))


@pytest.mark.parametrize(
    "matrix",
    [
        AGREED[:3],
        [row[:3] for row in AGREED],
        [[float("nan"), *AGREED[0][1:]], *AGREED[1:]],
        [[-1.0, *AGREED[0][1:]], *AGREED[1:]],
        [[0.0, *AGREED[0][1:]], *AGREED[1:]],
        [[float("inf"), *AGREED[0][1:]], *AGREED[1:]],
        [],
    ],
)
def test_what_is_no_table_of_judgements_is_refused(matrix) -> None:
    with pytest.raises(ValidationError):
        _weighting(matrix)


def test_no_name_stands_twice() -> None:
    with pytest.raises(ValidationError, match="experts name Li more than once"):
        Weighting(**WHO, criteria=CRITERIA, experts=_experts(AGREED, OTHER, names=("Li", "Li")))
    with pytest.raises(ValidationError, match="criteria name power more than once"):
        _weighting(AGREED, criteria=("power", "power", "geology", "network"))


@pytest.mark.parametrize("weight", ["nan", "-0.25", "inf", '"much"'])
def test_a_weight_that_is_none_is_one_line(read_with, weight: str) -> None:
    with pytest.raises(InputError) as caught:
        read_with(("weight = 0.25\n", f"weight = {weight}\n"))
    (line,) = str(caught.value).splitlines()
    assert line.startswith("plan.toml › criteria.0.weight: ")


def test_a_plan_that_does_not_say_whose_its_weights_are_tells_nobody(read_with, pack: Path) -> None:
    text = (pack / "plan.toml").read_text(encoding="utf-8")
    (own,) = re.findall(r"^\[weights\]\n(?:\w+ = .*\n)+", text, flags=re.MULTILINE)
    assert describe(read_with((own, ""))).origin is None
    assert describe(read_with()).origin is not None
    told = describe(read_with(), weights={"power": 2.0}).origin
    assert told is not None
    assert told.who_en == "the command line"


def _described(plan: Plan, name: str) -> Measure:
    return next(
        measure
        for criterion in describe(plan).criteria
        for measure in criterion.measures
        if measure.measure_id == name
    )


def test_shapes_reach_the_score(read_with) -> None:
    """At a quarter of the way the line gives 1/4, the curve of k = 10 gives 0.07, pieces theirs."""
    ends = "worst = 20.0\nbest = 0.0"
    line = function_of(_described(read_with(), "rtt_ms"))
    curve = read_with((ends, f'{ends}\nshape = "sigmoid"\nsteepness = 10.0'))
    pieces = read_with((ends, 'shape = "piecewise"\npoints = [[5, 1.0], [15, 0.6], [20, 0.0]]'))
    assert line.rate([15.0]).tolist() == [0.25]
    logistic = 1 / (1 + np.exp(10 * (0.5 - np.array([0.25, 0.0, 1.0]))))
    expected = (logistic[0] - logistic[1]) / (logistic[2] - logistic[1])
    assert function_of(_described(curve, "rtt_ms")).rate([15.0]) == pytest.approx(expected)
    bent = function_of(_described(pieces, "rtt_ms"))
    assert bent.rate([1.0, 10.0, 15.0, 17.5, 30.0]) == pytest.approx([1.0, 0.8, 0.6, 0.3, 0.0])


def test_a_shared_band_reaches_the_draws(read_with) -> None:
    assert _described(read_with(), "pue").is_band_shared
    assert not _described(read_with(), "rtt_ms").is_band_shared


WRONG_SHAPES = [
    ({}, "two different ends"),
    ({"worst": 1, "best": 1}, "two different ends"),
    ({"worst": 1}, "two different ends"),
    ({"worst": 0, "best": 1, "shape": "sigmoid"}, "which needs it"),
    ({"worst": 0, "best": 1, "steepness": 2}, 'belongs to shape = "sigmoid"'),
    (
        {"worst": 0, "best": 1, "shape": "sigmoid", "steepness": 0},
        "greater than or equal to 0.000000001",
    ),
    ({"worst": 0, "best": 1, "points": [(0, 0), (1, 1)]}, 'belong to shape = "piecewise"'),
    ({"shape": "piecewise"}, "two or more points"),
    ({"shape": "piecewise", "points": [(0, 0)]}, "two or more points"),
    ({"shape": "piecewise", "points": [(1, 0), (0, 1)]}, "each further than the last"),
    ({"shape": "piecewise", "points": [(0, 0), (0, 1)]}, "each further than the last"),
    ({"shape": "piecewise", "points": [(0, 0), (1, 1.5)]}, "less than or equal to 1"),
    ({"shape": "piecewise", "points": [(0, 0), (float("nan"), 1)]}, "finite number"),
    ({"shape": "piecewise", "points": [(0, 0), (1, 1)], "worst": 0}, "belong to the other shapes"),
    ({"worst": 0, "best": 1, "shape": "cubic"}, "linear"),
    ({"worst": -1e308, "best": 1e308}, "equal to -1000000000000000"),
]


@pytest.mark.parametrize(("keys", "line"), WRONG_SHAPES)
def test_a_shape_that_is_none_is_refused(keys, line) -> None:
    with pytest.raises(ValidationError, match=line):
        _measure(**keys)


def test_what_is_not_scored_needs_no_ends() -> None:
    assert _measure(weight=0).worst is None


def test_a_wrong_shape_in_a_plan_is_one_line(read_with) -> None:
    with pytest.raises(InputError) as caught:
        read_with(("worst = 20.0\nbest = 0.0", 'shape = "piecewise"\npoints = [[5, 1.0]]'))
    (line,) = str(caught.value).splitlines()
    assert re.match(r"plan\.toml › criteria\.3\.measures\.0: a piecewise measure needs", line)


def test_the_experts_of_the_docs_weigh_the_default_plan(pack: Path, tmp_path: Path) -> None:
    """The example of docs/plans.md as it stands there, put in for what it replaces."""
    docs = (pack.parents[1] / "docs" / "plans.md").read_text(encoding="utf-8")
    (example,) = [
        block for block in re.findall(r"```toml\n(.*?)```", docs, flags=re.DOTALL)
        if "[[weights.experts]]" in block
    ]  # fmt: skip
    shutil.copy(pack / "plan.toml", tmp_path / "plan.toml")
    text = (tmp_path / "plan.toml").read_text(encoding="utf-8")
    text = re.sub(r"^\[weights\]\n(?:\w+ = .*\n)+", lambda _: example, text, flags=re.MULTILINE)
    text = re.sub(r"(title_en = .*\n)weight = 0\.25\n", r"\1", text)
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    info = describe(read_plan(tmp_path / "plan.toml"))
    assert info.origin is not None
    stated = re.search(r"climate (\S+), power (\S+), geology (\S+) and network (\S+);", docs)
    assert stated is not None
    weights = [criterion.weight for criterion in info.criteria]
    assert weights == pytest.approx([float(each) for each in stated.groups()], abs=5e-4)
    ratios = re.search(r"consistency ratios are (\S+) and (\S+)\.\n", docs)
    assert ratios is not None
    found = [ratio for _, ratio in info.origin.ratios]
    assert found == pytest.approx([float(each) for each in ratios.groups()], abs=5e-4)
