"""What a cut changes, beside the whole tables before and after it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from steppe.network import cut_changes
from steppe.network.backbone_questions import BackboneQuestions
from steppe.network.cut_backbone import CutBackbone
from steppe.network.cut_changes import RANGES, find_changes, find_fewer, find_longer
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE, Inputs
from steppe.planfile.plan_reading import read_plan

# A cable of several, the only one of a place with a corridor, a city with what passes it, the target.
CUTS = (
    ("hohhot_beijing_1",),
    ("wuhai_linhe_backbone", "corridor:jingbao_hohhot_jining"),
    ("city:datong",),
    ("city:beijing",),
)
PAIR = ["from_id", "to_id"]


@pytest.fixture(scope="module")
def inputs(pack: Path) -> Inputs:
    return read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE)


@pytest.fixture(scope="module")
def left_by(inputs: Inputs) -> Callable[[tuple[str, ...]], tuple[pd.DataFrame, pd.DataFrame]]:
    """Whole tables with something cut, made once."""

    @cache
    def tabulate(cut: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
        asked = BackboneQuestions(inputs, cut)
        return asked.latency(), asked.redundancy()

    return tabulate


@pytest.fixture(scope="module")
def whole(inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    asked = BackboneQuestions(inputs)
    return asked.latency(), asked.redundancy()


def pairs_of(frame: pd.DataFrame) -> set[tuple[str, str]]:
    return set(frame[PAIR].itertuples(index=False, name=None))


@pytest.mark.parametrize("cut", CUTS, ids=" ".join)
def test_what_changes_is_what_the_whole_tables_tell(inputs, whole, left_by, cut) -> None:
    latency, redundancy = left_by(cut)
    found = find_changes(CutBackbone(inputs, cut))
    for made, longer, before, after, all_after in (
        (found.latency, found.longer, whole[0], find_longer(latency, whole[0]), latency),
        (found.redundancy, found.fewer, whole[1], find_fewer(redundancy, whole[1]), redundancy),
    ):
        pd.testing.assert_frame_equal(longer, after)
        name = "latency" if made is found.latency else "redundancy"
        assert found.n_unchanged[name] == len(before) - len(after)
        kept = pairs_of(after) & pairs_of(all_after)
        told = all_after.set_index(PAIR).loc[sorted(kept)]
        pd.testing.assert_frame_equal(made.set_index(PAIR).sort_index(), told.sort_index())


@pytest.mark.parametrize("cut", CUTS, ids=" ".join)
def test_of_many_cables_the_cables_to_cut_are_counted_and_bound_the_routes(
    inputs, whole, left_by, cut, monkeypatch
) -> None:
    left = left_by(cut)[1].set_index(PAIR)
    monkeypatch.setattr(cut_changes, "MOST_COUNTED", 0)
    found = find_changes(CutBackbone(inputs, cut))
    before = whole[1].set_index(PAIR)
    counts = [f"{name}_{end}" for name in RANGES[:2] for end in ("low", "high")]
    changed = {
        pair
        for pair in before.index
        if pair not in left.index or (before.loc[pair, counts] != left.loc[pair, counts]).any()
    }
    assert pairs_of(found.fewer) == changed
    assert found.n_unchanged["redundancy"] == len(before) - len(changed)
    for _, row in found.fewer.iterrows():
        pair = (row["from_id"], row["to_id"])
        for when, table in (("before", before), ("after", left)):
            if pair not in table.index:
                assert pd.isna(row[f"to_cut_high_{when}"])
                continue
            exact = table.loc[pair]
            assert [row[f"{name}_{when}"] for name in counts] == list(exact[counts])
            assert row[f"effective_low_{when}"] <= exact["effective_low"]
            assert row[f"effective_high_{when}"] >= exact["effective_high"]
