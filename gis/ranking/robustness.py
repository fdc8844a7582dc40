"""How sure the ranking is: draws of weights and bands, a second opinion, and what would turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.decision.draws import BandedMeasure, ValueSampler
from steppe.decision.expectation import expect
from steppe.decision.explanation import Improvement, contribute, find_improvement
from steppe.decision.information_value import Information, value_information
from steppe.decision.scoring import rank, score
from steppe.decision.smaa import Acceptability, accept
from steppe.decision.stability import RankReversal, find_first_intervals, find_rank_reversal
from steppe.decision.topsis import rate_closeness
from steppe.decision.weights import draw_uniform, keep_weights
from steppe.layers.tables import Criterion, Measure, PlanInfo
from steppe.ranking.banded_measures import Scored, list_scored, read_bands
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.score_table import read_totals

Floats = NDArray[np.float64]

# What is drawn for the worth of knowing a number is held in memory at once.
_MOST_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Robust:
    """What is known of the ranking of one level, n sites by k scored measures by m criteria.

    Parameters
    ----------
    sites
        Park ids of the level, those that a rule excludes left out.
    names
        Park to its Chinese and English name.
    is_candidate
        Shape (n,): whether the park lies in the region; the rest is there for comparison.
    measures
        Scored measures, each with its criterion.
    banded
        The scored measures with their bands.
    rated
        Shape (n, k): expected values of 0 to 1, NaN unknown.
    measured
        Shape (n, k): in the unit of the measure.
    by_criterion
        Shape (n, m).
    shares
        Shape (k, m): weight of each measure in each criterion.
    weights
        Shape (m,), summing to 1.
    total, total_rank, closeness, closeness_rank
        Shape (n,): by the weighted sum and by TOPSIS; NaN without a rank.
    at_values, at_values_rank
        Shape (n,): the weighted sum of the values of the numbers themselves, their bands left out.
    planned, any_weights
        Ranks over the bands alone, and over every possible weight too.
    low, high
        Shape (n, m): weights with which each is first.
    reversal
        The smallest change of one weight that turns the first place.
    contributions
        Shape (n, k).
    improvement, information
        Over the measures.
    """

    info: PlanInfo
    sites: tuple[str, ...]
    names: dict[str, tuple[str, str]]
    is_candidate: NDArray[np.bool_]
    measures: tuple[tuple[Criterion, Measure], ...]
    banded: tuple[BandedMeasure, ...]
    rated: Floats
    measured: Floats
    by_criterion: Floats
    shares: Floats
    weights: Floats
    total: Floats
    total_rank: Floats
    closeness: Floats
    closeness_rank: Floats
    at_values: Floats
    at_values_rank: Floats
    planned: Acceptability
    any_weights: Acceptability
    low: Floats
    high: Floats
    reversal: RankReversal | None
    contributions: Floats
    improvement: Improvement
    information: Information

    @property
    def ranked(self) -> NDArray[np.intp]:
        """Numbers of the sites that bear a rank, best first."""
        some = np.flatnonzero(~np.isnan(self.total_rank))
        return some[np.argsort(self.total_rank[some], kind="stable")]

    @property
    def measure_weights(self) -> Floats:
        """Weight of each measure in the whole, shape (k,)."""
        return self.shares @ self.weights


def find_robustness(outcome: Outcome) -> Robust | None:
    """Ask how sure the ranking of a scenario is; None where no park of the level is left.

    Parameters
    ----------
    outcome
        What the scenario comes to.
    """
    info, plan = outcome.info, outcome.inputs.plan
    totals = _read_totals(outcome)
    sites = tuple(str(site_id) for site_id in totals.index)
    if not sites:
        return None
    scored = list_scored(info)
    by_name = read_bands(outcome.measures, sites, [measure for _, measure in scored])
    banded = tuple(by_name[measure.measure_id] for _, measure in scored)
    rated = np.column_stack([expect(each) for each in banded])
    shares, weights = _weigh(info, scored)
    by_criterion = _combine(outcome.scores, sites, info)
    total_rank = totals["rank"].to_numpy(dtype=float, na_value=np.nan)
    is_ranked = ~np.isnan(total_rank)
    closeness = np.where(is_ranked, rate_closeness(by_criterion, weights), np.nan)
    total = np.where(is_ranked, totals["value"].to_numpy(dtype=float), np.nan)
    at_values = np.where(is_ranked, _total_at_values(banded, scored, info), np.nan)
    n_draws = plan.robustness.n_draws
    rng = np.random.default_rng(plan.robustness.seed)
    sampler = ValueSampler(banded, shares, rng)
    planned = accept(sampler, keep_weights(weights, n_draws))
    any_weights = accept(sampler, _draw_any(weights, n_draws, rng))
    low, high = find_first_intervals(by_criterion, weights)
    measure_weights = shares @ weights
    return Robust(
        info=info,
        sites=sites,
        names=_names(outcome, sites),
        is_candidate=_lie_inside(outcome, sites),
        measures=scored,
        banded=banded,
        rated=rated,
        measured=np.column_stack([each.value for each in banded]),
        by_criterion=by_criterion,
        shares=shares,
        weights=weights,
        total=total,
        total_rank=total_rank,
        closeness=closeness,
        closeness_rank=rank(closeness),
        at_values=at_values,
        at_values_rank=rank(at_values),
        planned=planned,
        any_weights=any_weights,
        low=low,
        high=high,
        reversal=find_rank_reversal(by_criterion, weights),
        contributions=contribute(rated, measure_weights),
        improvement=find_improvement(rated, measure_weights),
        information=_find_information(
            banded, measure_weights, totals=total, n_draws=n_draws, rng=rng
        ),
    )


def _read_totals(outcome: Outcome) -> pd.DataFrame:
    """Return the totals of the ranked level by site, without what a rule excludes."""
    totals = read_totals(outcome.scores, outcome.info)
    return totals[totals["excluded_by"].isna()].set_index("site_id").sort_index()


def _weigh(info: PlanInfo, scored: Scored) -> tuple[Floats, Floats]:
    """Return the share of each measure in each criterion, and the weights of the criteria."""
    shares = [
        [measure.weight if criterion is own else 0.0 for own in info.criteria]
        for criterion, measure in scored
    ]
    return np.array(shares), np.array([criterion.weight for criterion in info.criteria])


def _total_at_values(banded: Sequence[BandedMeasure], scored: Scored, info: PlanInfo) -> Floats:
    """Return the weighted sums that the numbers themselves would have, shape (n,)."""
    rated = np.column_stack([each.function.rate(each.value) for each in banded])
    by_criterion = []
    for criterion in info.criteria:
        own = [k for k, (whose, _) in enumerate(scored) if whose is criterion]
        weights = [scored[k][1].weight for k in own]
        by_criterion.append(score(rated[:, own], weights).total)
    weights = [criterion.weight for criterion in info.criteria]
    return score(np.column_stack(by_criterion), weights).total


def _find_information(
    banded: Sequence[BandedMeasure],
    weights: Floats,
    *,
    totals: Floats,
    n_draws: int,
    rng: np.random.Generator,
) -> Information:
    """Return what it is worth to know each measure, from as many draws as memory bears."""
    n_numbers = len(banded) * len(banded[0].value)
    n_kept = min(n_draws, max(200, _MOST_NUMBERS // n_numbers))
    drawn = np.stack([each.draw(n_kept, rng=rng) for each in banded], axis=2)
    is_common = [each.is_common for each in banded]
    return value_information(drawn, weights, rng=rng, totals=totals, is_common=is_common)


def _combine(scores: pd.DataFrame, sites: tuple[str, ...], info: PlanInfo) -> Floats:
    """Return the score of each criterion where all of it is known, shape (n, m)."""
    whole = scores[scores["coverage"] == 1.0]
    wide = whole.pivot(index="site_id", columns="criterion", values="value")
    names = [criterion.name for criterion in info.criteria]
    return wide.reindex(index=list(sites), columns=names).to_numpy(dtype=float)


def _draw_any(weights: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw every possible weight of the criteria that have one at all."""
    drawn = np.zeros((n_draws, len(weights)))
    some = weights > 0
    drawn[:, some] = draw_uniform(n_draws, int(some.sum()), rng=rng)
    return drawn


def _names(outcome: Outcome, sites: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    parks = outcome.inputs.layers["parks"].set_index("park_id")
    return {name: (parks["name_zh"][name], parks["name_en"][name]) for name in sites}


def _lie_inside(outcome: Outcome, sites: tuple[str, ...]) -> NDArray[np.bool_]:
    inside = outcome.inputs.is_in_region()
    inside.index = outcome.inputs.layers["parks"]["park_id"]
    return inside.loc[list(sites)].to_numpy(dtype=bool)
