"""Whether the parks that a plan names score above random land of its screening."""

from __future__ import annotations

import numpy as np
from pyproj import CRS, Transformer

from steppe.decision.back_test import BackTest, back_test
from steppe.layers.crs import WORKING_CRS
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.result import NO_RULE, OUTSIDE, RULE, SCORE, Screening


def try_parks(screening: Screening, inputs: Inputs) -> tuple[list[str], BackTest]:
    """Return the parks of the plan's level inside the region, and what they come to.

    A park has the score of the cell under it, whatever rule takes it; what it is held against are
    the cells that no rule takes.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read.
    """
    parks = inputs.layers["parks"]
    parks = parks[parks["level"] == inputs.plan.level]
    to_metres = Transformer.from_crs(WORKING_CRS, CRS.from_wkt(screening.crs_wkt), always_xy=True)
    x, y = to_metres.transform(parks.geometry.x.to_numpy(), parks.geometry.y.to_numpy())
    grid = screening.transform
    columns = np.floor((np.asarray(x) - grid.c) / grid.a).astype(np.int64)
    rows = np.floor((np.asarray(y) - grid.f) / grid.e).astype(np.int64)
    n_rows, n_columns = screening.shape
    inside = (rows >= 0) & (rows < n_rows) & (columns >= 0) & (columns < n_columns)
    codes, scores = screening.open(RULE), screening.open(SCORE)
    inside[inside] = codes[rows[inside], columns[inside]] != OUTSIDE
    parks, rows, columns = parks[inside], rows[inside], columns[inside]
    found = back_test(
        scores[rows, columns].astype(float),
        parks["city"].astype(str).tolist(),
        scores[codes == NO_RULE],
    )
    return parks["park_id"].astype(str).tolist(), found
