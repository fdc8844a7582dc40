"""A first look: what it leaves out is said everywhere, and what it tells is what a build tells."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from steppe.ranking.first_look import LEFT_OUT, PROPOSALS, ROUTES

# What `--quick` empties, and the tables in which it leaves rows or columns out.
EMPTY = (
    *("robustness", "acceptability", "weight_ranges", "agreement", "explanations"),
    *("assumptions", "spread", "changes", "disjoint"),
    *("proposed_measures", "proposed_scores", "area_lost", "screening"),
    *("route_questions", "route_crossings", "route_beside", "route_ground", "route_profile"),
)
SHORT = ("answers", "scenarios", "cuts", "rule_checks")
ENGLISH = "Left out by --quick: how sure the ranking is"


def _read(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", encoding="utf-8-sig", low_memory=False)


@pytest.fixture
def quick(steppe, light_inputs, light_pack: Path, tmp_path: Path, monkeypatch):
    """What a first look at the light plan says and writes."""
    monkeypatch.setattr("steppe.planfile.input_reading.read_inputs", lambda *_, **__: light_inputs)
    return steppe("build", str(light_pack), "--out", "o", "--quick"), tmp_path / "o"


def test_a_first_look_tells_the_same_numbers_and_what_it_leaves_out(
    quick, light_built: Path
) -> None:
    done, folder = quick
    assert done.returncode == 0
    path, left_out = done.stdout.splitlines()
    assert path == str(Path("o", "map.html"))
    assert left_out.startswith(ENGLISH)
    for name in sorted(each.stem for each in folder.glob("*.csv")):
        if name in EMPTY:
            assert _read(folder, name).empty, name
        elif name not in SHORT:
            written = (folder / f"{name}.csv").read_bytes()
            assert written == (light_built / f"{name}.csv").read_bytes(), name
    cuts, whole = _read(folder, "cuts"), _read(light_built, "cuts")
    assert set(cuts["n_units"]) == {1}
    assert set(whole["n_units"]) == {1, 2}
    pd.testing.assert_frame_equal(
        cuts.dropna(axis=1, how="all"),
        whole[whole["n_units"] == 1].reset_index(drop=True).dropna(axis=1, how="all"),
    )
    (scenario,) = _read(folder, "scenarios").to_dict("records")
    full = _read(light_built, "scenarios").iloc[0]
    assert (scenario["first_id"], scenario["score"]) == (full["first_id"], full["score"])
    assert pd.isna(scenario["first_share"])
    (answer,) = _read(folder, "answers").to_dict("records")
    assert answer["text_en"] == left_out
    assert json.loads((folder / "run.json").read_text())["parameters"]["left_out"] == [
        *LEFT_OUT,
        PROPOSALS,
        ROUTES,
    ]
    # At the head of the decision, once in a file of one language.
    for language, left in (("en", ENGLISH), ("zh", "快速构建（--quick）未计算")):
        assert (folder / f"report.{language}.html").read_text(encoding="utf-8").count(left) == 1


def test_nothing_is_said_to_be_left_out_of_a_whole_build(light_built: Path) -> None:
    run = json.loads((light_built / "run.json").read_text())
    assert run["parameters"]["left_out"] == []
    assert "Left out by --quick" not in (light_built / "report.en.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("known_inputs")
def test_a_quick_ranking_has_the_same_scores_and_says_what_it_lacks(
    steppe, light_pack: Path
) -> None:
    whole = json.loads(steppe("score", str(light_pack), "--json").stdout)
    quick = json.loads(steppe("score", str(light_pack), "--json", "--quick").stdout)
    for name in ("rank", "score", "coverage", "criteria", "excluded_by"):
        assert [row[name] for row in quick["rows"]] == [row[name] for row in whole["rows"]]
    assert {row["first_share"] for row in quick["rows"]} == {None}
    (answer,) = quick["answers"]
    assert answer["question"] == "left_out"
    assert answer["text_en"].startswith(ENGLISH)
    assert "double" not in answer["text_en"]  # a ranking asks for no cuts
    for method in ("topsis", "smaa"):
        done = steppe("score", str(light_pack), "--quick", "--method", method)
        assert done.returncode == 2
        assert done.stderr == (
            f"steppe: --quick --method: --quick leaves out what {method} ranks by; "
            "leave out --quick, or take weighted_sum\n"
        )


def test_a_quick_check_says_what_it_did_not_look_at(steppe, least_plan: Path) -> None:
    done = steppe("check", str(least_plan), "--quick")
    assert done.returncode == 0
    found, left_out = done.stdout.splitlines()
    assert "no fault found" in found
    assert left_out.startswith(ENGLISH)
