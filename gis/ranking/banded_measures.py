"""The scored measures of a plan with their value functions, and what was measured with its bands."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from steppe.decision.draws import BandedMeasure
from steppe.decision.values import Linear, Piecewise, Sigmoid, ValueFunction
from steppe.layers.tables import Criterion, Measure, PlanInfo

Scored = tuple[tuple[Criterion, Measure], ...]

_ENDS = ("low", "high")


def function_of(measure: Measure) -> ValueFunction:
    """Return the value function of a scored measure."""
    if measure.shape == "piecewise":
        return Piecewise(measure.points)
    assert measure.worst is not None
    assert measure.best is not None
    if measure.shape == "sigmoid":
        assert measure.steepness is not None
        return Sigmoid(measure.worst, measure.best, measure.steepness)
    return Linear(measure.worst, measure.best)


def list_scored(info: PlanInfo) -> Scored:
    """Return the measures that bear a weight within their criterion, each with it."""
    return tuple(
        (criterion, measure)
        for criterion in info.criteria
        for measure in criterion.measures
        if measure.weight > 0
    )


def read_bands(
    measures: pd.DataFrame, sites: Sequence[str], scored: Sequence[Measure]
) -> dict[str, BandedMeasure]:
    """Return scored measures with their bands, by id; what has no band is its own.

    A bound of what is unknown is no band.

    Parameters
    ----------
    measures
        Contract `MEASURES`.
    sites
        Parks, in the order of the result.
    scored
        Which measures.
    """
    by_measure = {str(name): rows for name, rows in measures.groupby("measure_id", sort=False)}
    banded = {}
    for measure in scored:
        rows = (
            by_measure.get(measure.measure_id, measures[:0])
            .set_index("site_id")
            .reindex(list(sites))
        )
        value = rows["value"].to_numpy(dtype=float)
        low, high = (rows[end].where(rows["value"].notna()).to_numpy(dtype=float) for end in _ENDS)
        kinds = rows["band"].where(rows["value"].notna(), "none").to_numpy(dtype=str)
        banded[measure.measure_id] = BandedMeasure(
            function_of(measure), value, low, high, kinds, is_common=measure.is_band_shared
        )
    return banded
