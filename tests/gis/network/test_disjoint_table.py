"""Disjoint routes of a plan where the work does not suffice: bounds, which hold the truth."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

import steppe
from steppe.network import disjoint_table
from steppe.network.disjoint_table import note_bounds, tabulate_disjoint_pairs
from steppe.network.plan_backbone import build_backbone
from steppe.network.srlg_layer import find_cable_risks

BOUND = re.compile(
    r"bound, not exact: the best two share (\d+) to (\d+) of these things, and have ([\d,]+) km"
)


@pytest.fixture(scope="module")
def asked():
    inputs = steppe.open_plan("inner_mongolia").inputs
    backbone = build_backbone(inputs)
    core = ("baotou", "beijing", "erenhot", "hohhot", "jining", "ordos", "tongliao", "xilinhot")
    pairs = [pair for pair in combinations(core, 2) if {*pair} <= set(backbone.graph)]
    return inputs, backbone, find_cable_risks(inputs, backbone), pairs


def test_what_is_not_proven_is_told_with_bounds_that_hold_the_proven(asked, monkeypatch):
    exact = tabulate_disjoint_pairs(*asked, ways=("risks",))
    assert exact["reason_en"].isna().all()
    assert note_bounds(exact) == []
    monkeypatch.setattr(disjoint_table, "ANSWER_STEPS", 0)
    bounded = tabulate_disjoint_pairs(*asked, ways=("risks",))
    ends = ["from_id", "to_id"]
    assert set(map(tuple, bounded[ends].to_numpy())) == set(map(tuple, exact[ends].to_numpy()))
    told = bounded[bounded["reason_en"].notna()]
    assert len(told)
    proven = exact.groupby(ends)
    for row in told.itertuples():
        low, high, least_km = (
            float(part.replace(",", "")) for part in BOUND.match(row.reason_en).groups()
        )
        best = proven.get_group((row.from_id, row.to_id))
        assert low <= len((best["shared"].iloc[0] or "").split()) <= high
        assert high == len(row.shared.split())
        assert least_km <= best["route_km"].sum() + 0.5
    (note,) = note_bounds(bounded)
    assert f"{len(told) // 2} pairs of nodes are bounds" in str(note)


def test_distances_that_are_too_many_to_measure_refuse_no_pair(asked, monkeypatch):
    whole = tabulate_disjoint_pairs(*asked, ways=("cables", "distance"))
    monkeypatch.setattr(disjoint_table, "SEPARATION_STEPS", 0)
    table = tabulate_disjoint_pairs(*asked, ways=("distance",))
    cables = whole[whole["apart"] == "cables"]
    assert table["path"].tolist() == cables["path"].tolist()
    assert table["reason_en"].str.startswith("bound, not exact: too many cables lie near").all()
