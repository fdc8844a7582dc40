"""How sure the ranking is: draws of weights and bands, a second opinion, and what would turn it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.decision.draws import BandedMeasure
from steppe.decision.explanation import Improvement, contribute, find_improvement
from steppe.decision.information_value import Information, value_information
from steppe.decision.scoring import rank, score
from steppe.decision.smaa import Acceptability, accept
from steppe.decision.stability import RankReversal, find_first_intervals, find_rank_reversal
from steppe.decision.topsis import rate_closeness
from steppe.decision.weights import draw_uniform
from steppe.layers.table_limits import MOST_WHOLE, N_RANKS
from steppe.layers.tables import PlanInfo
from steppe.ranking.banded_measures import Scored
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.standing import Standing, draw_standing

Floats = NDArray[np.float64]

# What is drawn for the worth of knowing a number is held in memory at once.
_MOST_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Robust(Standing):
    """What is known of the ranking of one level, n sites by k scored measures by m criteria.

    Parameters
    ----------
    closeness, closeness_rank
        Shape (n,): by TOPSIS; NaN without a rank.
    at_values, at_values_rank
        Shape (n,): the weighted sum of the values of the numbers themselves, their bands left out.
    any_weights
        Ranks over the bands and every possible weight.
    low, high
        Shape (n, m): weights with which each is first.
    reversal
        The smallest change of one weight that turns the first place.
    contributions
        Shape (n, k).
    improvement, information
        Over the measures.
    """

    closeness: Floats
    closeness_rank: Floats
    at_values: Floats
    at_values_rank: Floats
    any_weights: Acceptability
    low: Floats
    high: Floats
    reversal: RankReversal | None
    contributions: Floats
    improvement: Improvement
    information: Information


def find_robustness(outcome: Outcome) -> Robust | None:
    """Ask how sure the ranking of a scenario is; None where no park of the level is left.

    Parameters
    ----------
    outcome
        What the scenario comes to.
    """
    standing, rng, sampler = draw_standing(outcome)
    if standing is None or sampler is None:
        return None
    n_draws = outcome.inputs.plan.robustness.n_draws
    by_criterion, weights = standing.by_criterion, standing.weights
    is_ranked = ~np.isnan(standing.total_rank)
    closeness = np.where(is_ranked, rate_closeness(by_criterion, weights), np.nan)
    at_values = _total_at_values(standing.banded, standing.measures, outcome.info)
    at_values = np.where(is_ranked, at_values, np.nan)
    # What each confidence costs grows with the sites that it is held against.
    n_confident = N_RANKS if is_ranked.sum() > MOST_WHOLE else None
    any_weights = accept(sampler, _draw_any(weights, n_draws, rng), n_confident=n_confident)
    low, high = find_first_intervals(by_criterion, weights)
    measure_weights = standing.measure_weights
    return Robust(
        **vars(standing),
        closeness=closeness,
        closeness_rank=rank(closeness),
        at_values=at_values,
        at_values_rank=rank(at_values),
        any_weights=any_weights,
        low=low,
        high=high,
        reversal=find_rank_reversal(by_criterion, weights),
        contributions=contribute(standing.rated, measure_weights),
        improvement=find_improvement(standing.rated, measure_weights),
        information=_find_information(
            standing.banded, measure_weights, totals=standing.total, n_draws=n_draws, rng=rng
        ),
    )


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


def _draw_any(weights: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
    """Draw every possible weight of the criteria that have one at all."""
    drawn = np.zeros((n_draws, len(weights)))
    some = weights > 0
    drawn[:, some] = draw_uniform(n_draws, int(some.sum()), rng=rng)
    return drawn
