"""How proposed sites stand among the named parks, when what is unknown may be anything."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from steppe.decision.draws import BandedMeasure, ValueSampler
from steppe.decision.smaa import accept
from steppe.decision.weights import keep_weights
from steppe.layers.tables import Measure
from steppe.ranking.banded_measures import list_scored, read_bands
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.score_table import read_totals


def compare_ranks(base: Outcome, proposed: Outcome) -> dict[str, dict[str, Any]]:
    """Return how often each proposed site has which rank among the named parks and each other.

    SMAA with the weights of the plan, as for the parks (`steppe.ranking.standing`), but for one thing:
    what is unknown of a site is drawn evenly between the ends of its value function, so that it
    is neither good nor bad, and the ranks say how much hangs on it.  The ranks of the named parks in
    the plan are not touched.

    Parameters
    ----------
    base
        What the plan comes to: its parks of the ranked level in the region that no rule excludes
        are compared.
    proposed
        The proposed sites alone.

    Returns
    -------
    dict
        Site to `low_rank`, `high_rank`, `first_share` and `n_compared`.
    """
    inside = base.inputs.is_in_region()
    parks = set(base.inputs.layers["parks"]["park_id"][inside])
    sides = [_list_open(base, among=parks), _list_open(proposed)]
    sites = [*sides[0], *sides[1]]
    if not sides[1]:
        return {}
    robustness, scored = base.inputs.plan.robustness, list_scored(base.info)
    measures = pd.concat([base.measures, proposed.measures], ignore_index=True)
    found = read_bands(measures, sites, [measure for _, measure in scored])
    banded = tuple(fill_unknown(found[measure.measure_id], measure) for _, measure in scored)
    shares = np.array(
        [
            [measure.weight if own is criterion else 0.0 for own in base.info.criteria]
            for criterion, measure in scored
        ]
    )
    weights = np.array([criterion.weight for criterion in base.info.criteria])
    sampler = ValueSampler(banded, shares, np.random.default_rng(robustness.seed))
    ranks = accept(sampler, keep_weights(weights, robustness.n_draws))
    numbers = {site: sites.index(site) for site in sides[1]}
    return {
        site: {
            "low_rank": round(float(ranks.low_rank[number])),
            "high_rank": round(float(ranks.high_rank[number])),
            "first_share": float(ranks.first_shares[number]),
            "n_compared": len(sites),
        }
        for site, number in numbers.items()
    }


def _list_open(outcome: Outcome, *, among: set[str] | None = None) -> list[str]:
    """Return the sites of the ranked level that no rule excludes."""
    totals = read_totals(outcome.scores, outcome.info)
    names = sorted(str(each) for each in totals[totals["excluded_by"].isna()]["site_id"])
    return [each for each in names if among is None or each in among]


def fill_unknown(banded: BandedMeasure, measure: Measure) -> BandedMeasure:
    """Return a measure with what is unknown of it anywhere between the ends of its value function."""
    if measure.points:
        ends = sorted(at for at, _ in (measure.points[0], measure.points[-1]))
    else:
        assert measure.worst is not None
        assert measure.best is not None
        ends = sorted((measure.worst, measure.best))
    gone = np.isnan(banded.value)
    kinds = np.broadcast_to(np.asarray(banded.kinds, dtype=str), gone.shape)
    return replace(
        banded,
        value=np.where(gone, sum(ends) / 2.0, banded.value),
        low=np.where(gone, ends[0], banded.low),
        high=np.where(gone, ends[1], banded.high),
        kinds=np.where(gone, "range", kinds).astype(str),
        # One quantile for all would draw what is unknown of every site as if it were one thing.
        is_common=banded.is_common and not gone.any(),
    )
