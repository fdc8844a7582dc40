"""The scores table: expected values and weighted sums over the measures table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.decision.draws import BandedMeasure
from steppe.decision.expectation import expect
from steppe.decision.scoring import score
from steppe.layers.conformity import conform
from steppe.layers.contracts.scores import SCORES
from steppe.layers.tables import Criterion, PlanInfo
from steppe.ranking.banded_measures import list_scored, read_bands

TOTAL = "total"
_ENDS = ("value", "low", "high")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Rated:
    """One column for each criterion: score, its worse and better end, and coverage."""

    value: Floats
    low: Floats
    high: Floats
    coverage: Floats


def read_totals(scores: pd.DataFrame, info: PlanInfo) -> pd.DataFrame:
    """Return the rows of `SCORES` that hold the totals of the ranked level."""
    return scores[(scores["criterion"] == TOTAL) & (scores["level"] == info.level)]


def list_by_rank(scores: pd.DataFrame, info: PlanInfo) -> list[str]:
    """Return the parks of the ranked level that bear a rank, the best first."""
    totals = read_totals(scores, info)
    ranked = totals[totals["rank"].notna()].sort_values(["rank", "site_id"])
    return [str(site_id) for site_id in ranked["site_id"]]


def _rate_criterion(criterion: Criterion, banded: Mapping[str, BandedMeasure]) -> _Rated:
    """Rate the measures of one criterion and combine them; each result of shape (n,)."""
    scored = [measure for measure in criterion.measures if measure.weight > 0]
    parts: dict[str, list[Floats]] = {end: [] for end in _ENDS}
    for measure in scored:
        found = banded[measure.measure_id]
        value, low, high = (np.asarray(end) for end in (found.value, found.low, found.high))
        # A measure without a band is its own band.
        worse, better = found.function.rate_band(
            np.where(np.isnan(low), value, low), np.where(np.isnan(high), value, high)
        )
        expected = expect(found)
        parts["value"].append(expected)
        # What lies beyond the ends of a band may take the mean past both.
        parts["low"].append(np.minimum(worse, expected))
        parts["high"].append(np.maximum(better, expected))
    weights = [measure.weight for measure in scored]
    totals = {end: score(np.column_stack(parts[end]), weights) for end in _ENDS}
    return _Rated(
        totals["value"].total, totals["low"].total, totals["high"].total, totals["value"].coverage
    )


def _rank_in_levels(
    rated: _Rated, weights: Floats, levels: NDArray[np.str_], *, is_open: NDArray[np.bool_]
) -> Floats:
    ranks = np.full(len(levels), np.nan)
    for level in np.unique(levels[is_open]):
        here = is_open & (levels == level)
        ranks[here] = score(rated.value[here], weights, known=rated.coverage[here]).rank
    return ranks


def tabulate_scores(
    info: PlanInfo,
    parks: pd.DataFrame,
    measures: pd.DataFrame,
    *,
    excluded: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return the scores table (contract `SCORES`): every park by criterion and in total.

    Ranks are given inside each level, so that no zone competes with its own campus, and
    only to parks of which every weighted measure is known.

    Parameters
    ----------
    info
        Criteria and weights.
    parks
        Contract `PARKS`.
    measures
        Contract `MEASURES`, one row for each park and measure.
    excluded
        Parks that bear no rank, each with the rules that exclude it.
    """
    ids = parks["park_id"].to_numpy(dtype=str)
    levels = parks["level"].to_numpy(dtype=str)
    scored = [measure for _, measure in list_scored(info)]
    banded = read_bands(measures, ids.tolist(), scored)
    columns = [_rate_criterion(criterion, banded) for criterion in info.criteria]
    rated = _Rated(
        *(
            np.column_stack([getattr(column, end) for column in columns])
            for end in (*_ENDS, "coverage")
        )
    )
    weights = np.array([criterion.weight for criterion in info.criteria])
    totals = {end: score(getattr(rated, end), weights, known=rated.coverage) for end in _ENDS}
    run = {"scenario": info.scenario, "year": info.year}
    frames = [
        pd.DataFrame(
            {
                "site_id": ids,
                "criterion": criterion.name,
                **run,
                "level": levels,
                **{end: getattr(rated, end)[:, position] for end in _ENDS},
                "weight": criterion.weight,
                "coverage": rated.coverage[:, position],
                "rank": np.nan,
                "excluded_by": None,
            }
        )
        for position, criterion in enumerate(info.criteria)
    ]
    frames.append(
        pd.DataFrame(
            {
                "site_id": ids,
                "criterion": TOTAL,
                **run,
                "level": levels,
                **{end: totals[end].total for end in _ENDS},
                "weight": 1.0,
                "coverage": totals["value"].coverage,
                "rank": _rank_in_levels(
                    rated,
                    weights,
                    levels,
                    is_open=np.array([name not in (excluded or {}) for name in ids], dtype=bool),
                ),
                "excluded_by": [(excluded or {}).get(name) for name in ids],
            }
        )
    )
    table = pd.concat(frames, ignore_index=True)
    return conform(table.sort_values(list(SCORES.key)).reset_index(drop=True), SCORES)
