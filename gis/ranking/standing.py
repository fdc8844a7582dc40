"""Where the parks of a scenario stand: their scores, ranks, and ranks over draws of their bands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from steppe.decision.draws import BandedMeasure, ValueSampler
from steppe.decision.expectation import expect
from steppe.decision.smaa import Acceptability, accept
from steppe.decision.weights import keep_weights
from steppe.layers.tables import Criterion, Measure, PlanInfo
from steppe.ranking.banded_measures import Scored, list_scored, read_bands
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.score_table import read_totals

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """Where the parks of one level stand, n sites by k scored measures by m criteria.

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
    total, total_rank
        Shape (n,): by the weighted sum; NaN without a rank.
    planned
        Ranks over the bands alone.
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
    planned: Acceptability

    @property
    def ranked(self) -> NDArray[np.intp]:
        """Numbers of the sites that bear a rank, best first."""
        some = np.flatnonzero(~np.isnan(self.total_rank))
        return some[np.argsort(self.total_rank[some], kind="stable")]

    @property
    def measure_weights(self) -> Floats:
        """Weight of each measure in the whole, shape (k,)."""
        return self.shares @ self.weights


def find_standing(outcome: Outcome) -> Standing | None:
    """Rank the parks of a scenario; None where no park of the level is left.

    Parameters
    ----------
    outcome
        What the scenario comes to.
    """
    return draw_standing(outcome)[0]


def draw_standing(outcome: Outcome) -> tuple[Standing | None, Generator, ValueSampler | None]:
    """Return where parks stand, with what goes on to draw: the source of randomness, and values."""
    info, robustness = outcome.info, outcome.inputs.plan.robustness
    rng = np.random.default_rng(robustness.seed)
    totals = _read_totals(outcome)
    sites = tuple(str(site_id) for site_id in totals.index)
    if not sites:
        return None, rng, None
    scored = list_scored(info)
    by_name = read_bands(outcome.measures, sites, [measure for _, measure in scored])
    banded = tuple(by_name[measure.measure_id] for _, measure in scored)
    shares, weights = _weigh(info, scored)
    total_rank = totals["rank"].to_numpy(dtype=float, na_value=np.nan)
    value = totals["value"].to_numpy(dtype=float)
    sampler = ValueSampler(banded, shares, rng)
    standing = Standing(
        info=info,
        sites=sites,
        names=_names(outcome, sites),
        is_candidate=_lie_inside(outcome, sites),
        measures=scored,
        banded=banded,
        rated=np.column_stack([expect(each) for each in banded]),
        measured=np.column_stack([each.value for each in banded]),
        by_criterion=_combine(outcome.scores, sites, info),
        shares=shares,
        weights=weights,
        total=np.where(np.isnan(total_rank), np.nan, value),
        total_rank=total_rank,
        planned=accept(sampler, keep_weights(weights, robustness.n_draws)),
    )
    return standing, rng, sampler


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


def _combine(scores: pd.DataFrame, sites: tuple[str, ...], info: PlanInfo) -> Floats:
    """Return the score of each criterion where all of it is known, shape (n, m)."""
    whole = scores[scores["coverage"] == 1.0]
    wide = whole.pivot(index="site_id", columns="criterion", values="value")
    names = [criterion.name for criterion in info.criteria]
    return wide.reindex(index=list(sites), columns=names).to_numpy(dtype=float)


def _names(outcome: Outcome, sites: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    parks = outcome.inputs.layers["parks"].set_index("park_id")
    return {name: (parks["name_zh"][name], parks["name_en"][name]) for name in sites}


def _lie_inside(outcome: Outcome, sites: tuple[str, ...]) -> NDArray[np.bool_]:
    inside = outcome.inputs.is_in_region()
    inside.index = outcome.inputs.layers["parks"]["park_id"]
    return inside.loc[list(sites)].to_numpy(dtype=bool)
