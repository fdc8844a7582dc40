"""How sure a ranking is: parks made by hand whose answers are known, and the default plan."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from steppe.layers.conformity import faults
from steppe.layers.contracts.answers import (
    ACCEPTABILITY,
    AGREEMENT,
    EXPLANATIONS,
    ROBUSTNESS,
    WEIGHT_RANGES,
)
from steppe.layers.tables import PlanTables
from steppe.ranking.rank_explanations import tabulate_explanations
from steppe.ranking.robustness import find_robustness
from steppe.ranking.robustness_tables import SMAA, SUM, TOPSIS, tabulate_robustness
from steppe.ranking.score_table import TOTAL, tabulate_scores

PATIENT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
CONTRACTS = (ROBUSTNESS, ACCEPTABILITY, WEIGHT_RANGES, AGREEMENT)

THREE = {
    "north": {"x": (0.6, 0.4, 0.7), "y": 0.6},
    "south": {"x": 0.5, "y": (0.6, 0.5, 0.9)},
    "west": {"x": 0.1, "y": 0.2},
}


def _tabulate(outcome) -> dict[str, pd.DataFrame]:
    robust = find_robustness(outcome)
    assert robust is not None
    return tabulate_robustness(robust)


def _shares(tables: dict[str, pd.DataFrame], weights: str) -> pd.DataFrame:
    rows = tables["acceptability"]
    own = rows[rows["weights"] == weights]
    return own.pivot(index="site_id", columns="rank", values="share")


def test_every_table_keeps_its_contract(decide) -> None:
    tables = _tabulate(decide(THREE))
    for contract in CONTRACTS:
        assert list(faults(tables[contract.name], contract, where=contract.name)) == []


@pytest.mark.parametrize("weights", ["plan", "any"])
def test_each_park_has_some_rank_and_each_rank_some_park(decide, weights: str) -> None:
    shares = _shares(_tabulate(decide(THREE)), weights)
    assert shares.shape == (3, 3)
    assert shares.sum(axis=0).to_numpy() == pytest.approx(np.ones(3))
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(3))


def test_a_first_share_worked_out_by_hand(decide) -> None:
    """One park of 0.5, sure; one of 0.4 within 0 to 0.8: it passes 0.5 from quantile 5/8 on."""
    outcome = decide({"sure": {"x": 0.5}, "wide": {"x": (0.4, 0.0, 0.8)}}, n_draws=40_000)
    first = _tabulate(outcome)["robustness"].set_index("site_id")["first_share"]
    # Four standard deviations of a share of 40 000 draws.
    assert first["wide"] == pytest.approx(3 / 8, abs=0.01)
    assert first["sure"] == pytest.approx(5 / 8, abs=0.01)


def test_a_score_is_the_mean_over_the_band_and_the_number_itself_stands_beside_it(decide) -> None:
    """0.49 within 0.48 to 0.9 is 0.59 on average: the mean of its halves, 0.485 and 0.695."""
    outcome = decide({"wide": {"x": (0.49, 0.48, 0.9)}, "sure": {"x": 0.5}})
    rows = _tabulate(outcome)["robustness"].set_index("site_id")
    assert rows.loc["wide", ["rank", "at_values_rank"]].tolist() == [1, 2]
    assert rows.loc["wide", ["score", "at_values"]].tolist() == pytest.approx([0.59, 0.49])
    assert rows.loc["sure", ["score", "at_values"]].tolist() == [0.5, 0.5]


def test_weights_of_every_kind_worked_out_by_hand(decide) -> None:
    """Level at x = 3/7 of the weight (docstring of stability): one is ahead in 4/7 of all."""
    outcome = decide({"a": {"x": 0.9, "y": 0.3}, "b": {"x": 0.5, "y": 0.6}}, n_draws=40_000)
    tables = _tabulate(outcome)
    rows = tables["robustness"].set_index("site_id")
    assert rows.loc["a", "first_share_any"] == pytest.approx(4 / 7, abs=0.01)
    assert rows["first_share"].tolist() == [1.0, 0.0]
    ranges = tables["weight_ranges"].set_index(["site_id", "criterion"])
    assert ranges.loc[("a", "x"), ["low", "high"]].tolist() == pytest.approx([3 / 7, 1])
    assert ranges.loc[("b", "x"), ["low", "high"]].tolist() == pytest.approx([0, 3 / 7])
    # Weights of x are even from 3/7 to 1 where a is first, and from 0 to 3/7 where b is.
    assert ranges.loc[("a", "x"), "central"] == pytest.approx(5 / 7, abs=0.01)
    assert ranges.loc[("b", "x"), "central"] == pytest.approx(1.5 / 7, abs=0.01)


def test_the_same_seed_draws_the_same_and_another_hardly_differs(decide) -> None:
    one, again, other = (_tabulate(decide(THREE, seed=seed)) for seed in (1, 1, 2))
    for contract in CONTRACTS:
        pd.testing.assert_frame_equal(one[contract.name], again[contract.name])
    shares = [tables["robustness"]["first_share"].to_numpy() for tables in (one, other)]
    assert not np.array_equal(*shares)
    assert shares[0] == pytest.approx(shares[1], abs=0.06)


def test_who_is_best_in_all_is_first_in_all_draws(decide) -> None:
    outcome = decide({"best": {"x": 0.9, "y": 0.8}, "rest": {"x": 0.5, "y": 0.1}})
    row = _tabulate(outcome)["robustness"].set_index("site_id").loc["best"]
    assert row[["first_share", "first_share_any", "confidence"]].tolist() == [1, 1, 1]
    assert row[["rank", "topsis_rank", "best_rank", "worst_rank"]].tolist() == [1, 1, 1, 1]
    rest = _tabulate(outcome)["robustness"].set_index("site_id").loc["rest"]
    assert rest["first_share_any"] == 0
    assert pd.isna(rest["confidence"])


def test_a_band_that_all_share_leaves_the_order(decide, criterion) -> None:
    """Level parks apart by less than the band: drawn together they keep their order."""
    parks = {"a": {"x": (0.50, 0.2, 0.8)}, "b": {"x": (0.49, 0.19, 0.79)}}
    shared = decide(parks, criteria=(criterion("x", 1.0, shared=True),))
    own = decide(parks, criteria=(criterion("x", 1.0),))
    assert _tabulate(shared)["robustness"]["first_share"].tolist() == [1.0, 0.0]
    assert max(_tabulate(own)["robustness"]["first_share"]) < 0.6


def test_parks_that_are_level_share_their_ranks(decide) -> None:
    level = {"x": 0.5, "y": 0.7}
    tables = _tabulate(decide({"a": level, "b": level, "c": {"x": 0.1, "y": 0.1}}))
    rows = tables["robustness"].set_index("site_id")
    assert rows["rank"].tolist() == [1, 1, 3]
    assert rows["first_share"].tolist() == [0.5, 0.5, 0.0]
    assert rows.loc["a", ["low_rank", "high_rank"]].tolist() == [1, 2]
    assert _shares(tables, "plan").to_numpy().tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]
    ranges = tables["weight_ranges"].set_index(["site_id", "criterion"])
    assert ranges.loc[("b", "x"), ["low", "high"]].tolist() == [0, 1]


def test_where_no_park_bears_a_rank_the_tables_are_empty(decide) -> None:
    outcome = decide({"a": {"x": 0.5, "y": None}, "b": {"x": None, "y": 0.5}})
    robust = find_robustness(outcome)
    tables = tabulate_robustness(robust)
    for contract in CONTRACTS:
        assert list(faults(tables[contract.name], contract, where=contract.name)) == []
    for name in ("robustness", "acceptability", "weight_ranges"):
        assert tables[name].empty
    assert tables["agreement"]["n_sites"].tolist() == [0, 0, 0]
    assert tables["agreement"]["kendall_tau"].isna().all()
    assert robust.reversal is None


def test_a_plan_whose_parks_are_all_excluded_has_no_robustness(decide) -> None:
    assert find_robustness(decide({"a": {"x": 0.5}}, excluded={"a": "flood"})) is None


def test_an_excluded_park_is_nobody_s_rival(decide) -> None:
    barred = decide({"best": {"x": 1.0, "y": 1.0}, **THREE}, excluded={"best": "flood"})
    tables, without = _tabulate(barred), _tabulate(decide(THREE))
    for contract in CONTRACTS:
        pd.testing.assert_frame_equal(tables[contract.name], without[contract.name])


def test_a_park_that_lacks_a_measure_is_nobody_s_rival(decide) -> None:
    tables = _tabulate(decide({**THREE, "z_unknown": {"x": None, "y": 1.0}}))
    assert set(tables["robustness"]["site_id"]) == set(THREE)
    assert tables["agreement"]["n_sites"].tolist() == [3, 3, 3]


def test_a_criterion_without_a_weight_plays_no_part(decide, criterion) -> None:
    """Unknown there, a park bears its rank nonetheless, under any weights of the others."""
    criteria = (criterion("x", 1.0), criterion("y", 0.0))
    outcome = decide({"a": {"x": 0.9, "y": None}, "b": {"x": 0.5, "y": 1.0}}, criteria=criteria)
    tables = _tabulate(outcome)
    rows = tables["robustness"].set_index("site_id")
    assert rows["rank"].tolist() == [1, 2]
    assert rows["first_share_any"].tolist() == [1.0, 0.0]
    central = tables["weight_ranges"].set_index(["site_id", "criterion"])["central"]
    assert central[("a", "x")] == 1.0
    assert central[("a", "y")] == 0.0


def test_a_band_of_one_kind_is_drawn_as_such(decide) -> None:
    """A p05_p95 has one draw in twenty beyond each end, a range has none."""
    parks = {"sure": {"x": 0.7}, "wide": {"x": (0.5, 0.4, 0.7)}}
    beyond = {
        band: _tabulate(decide(parks, band=band, n_draws=40_000))["robustness"]["first_share"][1]
        for band in ("range", "p05_p95")
    }
    assert beyond["range"] == 0.0
    assert beyond["p05_p95"] == pytest.approx(0.05, abs=0.005)


def test_a_climb_takes_a_park_level_with_the_next(decide, criterion) -> None:
    """0.3 and 0.5 by two measures of half the weight: 0.4 more of one of them, in its unit."""
    criteria = (criterion("x", 0.5, worst=10.0, best=0.0), criterion("y", 0.5))
    outcome = decide({"a": {"x": 5.0, "y": 0.5}, "b": {"x": 8.0, "y": 0.4}}, criteria=criteria)
    rows = tabulate_explanations(find_robustness(outcome))
    improvement = rows[rows["kind"] == "climb"].set_index("site_id").loc["b"]
    # x needs half of what it lacks (0.4 of 0.8), y two thirds (0.4 of 0.6).
    assert (improvement["measure_id"], improvement["needed"]) == ("x_m", pytest.approx(4.0))
    assert improvement["amount"] == pytest.approx(0.4)
    again = decide({"a": {"x": 5.0, "y": 0.5}, "b": {"x": 4.0, "y": 0.4}}, criteria=criteria)
    one, other = again.scores[again.scores["criterion"] == TOTAL]["value"]
    assert one == pytest.approx(other)


def test_no_climb_is_told_that_no_number_makes(decide, criterion) -> None:
    """Pieces that end at 0.4 cannot be worth 0.6, so the other measure must do it, or none."""
    pieces = criterion(
        "x", 0.5, worst=None, best=None, shape="piecewise", points=((0.0, 0.0), (1.0, 0.4))
    )
    criteria = (pieces, criterion("y", 0.5))
    far = {"a": {"x": 1.0, "y": 0.8}, "b": {"x": 0.5, "y": 0.5}}
    rows = tabulate_explanations(find_robustness(decide(far, criteria=criteria)))
    improvement = rows[rows["kind"] == "climb"].set_index("site_id").loc["b"]
    assert (improvement["measure_id"], improvement["needed"]) == ("y_m", pytest.approx(1.0))
    too_far = {"a": {"x": 1.0, "y": 1.0}, "b": {"x": 0.0, "y": 0.8}}
    rows = tabulate_explanations(find_robustness(decide(too_far, criteria=criteria)))
    assert not (rows["kind"] == "climb").any()
    assert list(faults(rows, EXPLANATIONS, where="explanations")) == []


def test_what_lifted_a_park_adds_up_to_its_lead_over_the_mean(decide) -> None:
    outcome = decide(THREE)
    robust = find_robustness(outcome)
    rows = tabulate_explanations(robust)
    own = rows[rows["kind"].isin(["lifted", "held"])].groupby("site_id")["amount"].sum()
    totals = outcome.scores[outcome.scores["criterion"] == TOTAL].set_index("site_id")["value"]
    # What is not told is less than 0.0005 for each measure.
    assert own.to_numpy() == pytest.approx((totals - totals.mean())[own.index], abs=0.001)


def test_a_number_that_changes_nothing_is_not_worth_a_survey(decide) -> None:
    outcome = decide({"a": {"x": 0.9}, "b": {"x": (0.5, 0.4, 0.6)}})
    rows = tabulate_explanations(find_robustness(outcome))
    assert not (rows["kind"] == "survey").any()


def test_what_is_worth_knowing_worked_out_by_hand(decide) -> None:
    """Unknown is taken as anything of 0 to 1: it passes 0.8 in a fifth of the draws."""
    outcome = decide({"a": {"x": 0.8}, "b": {"x": None}}, n_draws=40_000)
    rows = tabulate_explanations(find_robustness(outcome))
    (survey,) = rows[rows["kind"] == "survey"].to_dict("records")
    assert survey["site_id"] == "b"
    assert survey["amount"] == pytest.approx(0.2, abs=0.01)
    assert "is not known" in survey["text_en"]


def test_a_park_for_comparison_is_not_surveyed(decide) -> None:
    outcome = decide({"a": {"x": 0.8}, "b": {"x": None}}, outside=("b",))
    rows = tabulate_explanations(find_robustness(outcome))
    assert not (rows["kind"] == "survey").any()


MEASURED = st.one_of(
    st.none(),
    st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    st.floats(0, 1),
    st.tuples(*[st.floats(0, 1)] * 3).map(lambda band: tuple(sorted(band)[i] for i in (1, 0, 2))),
)
PARKS = st.lists(st.fixed_dictionaries({"x": MEASURED, "y": MEASURED}), min_size=2, max_size=7)


@PATIENT
@given(PARKS, st.data())
def test_a_further_park_changes_no_score_and_no_order(decide, parks, data) -> None:
    named = {f"park_{number}": park for number, park in enumerate(parks)}
    gone = data.draw(st.sampled_from(sorted(named)))
    whole = decide(named)
    left = decide({name: park for name, park in named.items() if name != gone})
    key = ["site_id", "criterion"]
    columns = ["value", "low", "high", "coverage"]
    before = whole.scores[whole.scores["site_id"] != gone].set_index(key)
    after = left.scores.set_index(key)
    # To the last bit.
    pd.testing.assert_frame_equal(after[columns], before[columns], check_exact=True)
    ranks = [
        frame["rank"].xs(TOTAL, level="criterion").dropna().astype(float)
        for frame in (before, after)
    ]
    assert list(ranks[0].index) == list(ranks[1].index)
    orders = [np.sign(np.subtract.outer(column.to_numpy(), column.to_numpy())) for column in ranks]
    assert np.array_equal(*orders)


@PATIENT
@given(PARKS)
def test_who_is_first_is_whom_a_survey_departs_from(decide, parks) -> None:
    outcome = decide({f"park_{n}": park for n, park in enumerate(parks)}, n_draws=400)
    robust = find_robustness(outcome)
    assume(len(robust.ranked))
    assert robust.information.picked == robust.ranked[0]
    assert robust.total[robust.ranked[0]] == np.nanmax(robust.total)
    totals = outcome.scores[outcome.scores["criterion"] == TOTAL].set_index("site_id")["value"]
    assert (robust.total[robust.ranked] == totals[[robust.sites[n] for n in robust.ranked]]).all()
    # Of another ranked park no more can be gained than if its number were the best of all.
    for site in robust.ranked[1:]:
        gap = robust.total[robust.ranked[0]] - robust.total[site]
        most = robust.measure_weights * (1 - robust.rated[site]) - gap
        assert (robust.information.at_site[site] <= np.maximum(most, 0) + 1e-9).all()


@PATIENT
@given(PARKS)
def test_without_bands_both_scores_agree_to_the_last_bit(decide, parks) -> None:
    bare = [
        {name: found[0] if isinstance(found, tuple) else found for name, found in park.items()}
        for park in parks
    ]
    rows = _tabulate(decide({f"park_{n}": park for n, park in enumerate(bare)}, n_draws=100))
    robustness = rows["robustness"]
    assert robustness["at_values"].tolist() == robustness["score"].tolist()
    assert robustness["at_values_rank"].tolist() == robustness["rank"].tolist()


@PATIENT
@given(PARKS)
def test_tables_of_any_parks_keep_their_contracts(decide, parks) -> None:
    outcome = decide({f"park_{n}": park for n, park in enumerate(parks)}, n_draws=100)
    robust = find_robustness(outcome)
    tables = tabulate_robustness(robust)
    tables["explanations"] = tabulate_explanations(robust)
    for contract in (*CONTRACTS, EXPLANATIONS):
        assert list(faults(tables[contract.name], contract, where=contract.name)) == []
    rows = tables["robustness"]
    assert (rows["best_rank"] <= rows["worst_rank"]).all()
    assert (rows["low_rank"] <= rows["high_rank"]).all()
    assume(len(rows))
    assert rows["first_share"].sum() == pytest.approx(1)
    assert rows["first_share_any"].sum() == pytest.approx(1)


def test_scores_of_a_measure_table_do_not_hang_on_its_order(decide) -> None:
    outcome = decide(THREE)
    parks = outcome.inputs.layers["parks"]
    again = tabulate_scores(outcome.info, parks[::-1], outcome.measures[::-1])
    pd.testing.assert_frame_equal(again, outcome.scores)


def test_the_default_plan_tells_the_same_in_every_table(tables: PlanTables) -> None:
    totals = tables.scores[
        (tables.scores["criterion"] == TOTAL)
        & (tables.scores["level"] == tables.info.level)
        & tables.scores["rank"].notna()
    ].set_index("site_id")
    rows = tables.robustness.set_index("site_id")
    assert set(rows.index) == set(totals.index)
    assert (rows["rank"] == totals["rank"].reindex(rows.index)).all()
    assert (rows["score"] == totals["value"].reindex(rows.index)).all()
    for weights, column in (("plan", "first_share"), ("any", "first_share_any")):
        shares = tables.acceptability[tables.acceptability["weights"] == weights]
        wide = shares.pivot(index="site_id", columns="rank", values="share")
        assert wide.sum(axis=0).to_numpy() == pytest.approx(np.ones(len(rows)))
        assert wide.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(rows)))
        assert (wide[1] == rows[column].reindex(wide.index)).all()
    leaders = rows.index[rows["rank"] == 1]
    ranges = tables.weight_ranges
    own = ranges[ranges["site_id"].isin(leaders)]
    assert (own["low"] <= own["weight"]).all()
    assert (own["weight"] <= own["high"]).all()
    (taus,) = [
        group.set_index("other")["kendall_tau"]
        for method, group in tables.agreement.groupby("method")
        if method == SUM
    ]
    assert set(taus.index) == {TOPSIS, SMAA}
