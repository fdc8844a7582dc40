"""Whether a frame of our own fits its contract: what its pandera schema asks, column by column.

Tables are made and held to their contracts some eighty times a build.  What fits is told here in
a tenth of pandera's time; whatever does not, or raises, is put to the schema itself, which says
why.  That the two agree is a test.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from steppe.layers.columns import Column, Contract

_OWN_TEXTS = pd.api.types.pandas_dtype("str") != np.dtype("str")  # pandas 3 has a type for texts


def fit(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame | None:
    """Return a frame with the types of its contract; None where something does not fit.

    Parameters
    ----------
    frame
        Columns of the contract and further ones, which stay as they are.
    contract
        What it must hold.
    """
    cast: dict[str, pd.Series] = {}
    for name, column in contract.columns.items():
        if name not in frame.columns:
            if not column.is_optional:
                return None
            continue
        if isinstance(frame[name], pd.DataFrame):  # two columns of one name
            return None
        found = _cast(frame[name], column)
        if found is None or not _holds(found, column):
            return None
        cast[name] = found
    return frame.assign(**cast)


def _cast(cells: pd.Series, column: Column) -> pd.Series | None:
    """Return the cells as the column's type; None where they cannot be that."""
    try:
        if column.kind == "number":
            return cells.astype("float64")
        if column.kind == "whole":
            return cells.astype("Int64")
        if _OWN_TEXTS:
            return cells.astype("str")
        return cells.astype(object).where(cells.isna(), cells.astype(str))
    except (TypeError, ValueError):
        return None


def _holds(cells: pd.Series, column: Column) -> bool:
    is_empty = cells.isna().to_numpy(dtype=bool)
    if is_empty.any() and not column.is_optional:
        return False
    if column.kind in ("text", "date"):
        return _holds_texts(cells[~is_empty], column)
    numbers = cells[~is_empty].to_numpy(dtype=float)
    if column.kind == "number" and not np.isfinite(numbers).all():
        return False
    is_below = column.low > -math.inf and (numbers < column.low).any()
    is_above = column.high < math.inf and (numbers > column.high).any()
    return not (is_below or is_above)


def _holds_texts(cells: pd.Series, column: Column) -> bool:
    if column.choices:
        return set(cells.unique()) <= set(column.choices)
    return column.kind == "date" or column.is_optional or "" not in set(cells.unique())
