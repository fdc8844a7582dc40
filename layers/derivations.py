"""Columns that follow from the others of their table, for `Column.derive`."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

Derivation = Callable[[pd.DataFrame], pd.Series]


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    return pd.to_numeric(frame[name]).astype("float64")


def half_of(name: str) -> Derivation:
    """Return what makes the half of a column."""
    return lambda frame: _numbers(frame, name) / 2.0


def ratio_of(name: str, over: str) -> Derivation:
    """Return what makes the ratio of two columns; empty where the second is 0."""

    def derive(frame: pd.DataFrame) -> pd.Series:
        base = _numbers(frame, over)
        return _numbers(frame, name) / base.where(base > 0)

    return derive


def residual_pct_of(told: str, ours: str) -> Derivation:
    """Return what makes told less ours, % of the told; empty where the told is 0."""

    def derive(frame: pd.DataFrame) -> pd.Series:
        base = _numbers(frame, told)
        return 100.0 * (1.0 - _numbers(frame, ours) / base.where(base > 0))

    return derive
