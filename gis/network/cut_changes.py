"""What a cut changes: round trips that get longer, and ranges of ways that get narrower."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_ENDS = ["from_id", "to_id"]

RANGES = ("nominal", "to_cut", "effective")
"""What the redundancy table tells as ranges: each has a column `_low` and one `_high`."""


def find_longer(latency: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the round trips that a cut makes longer or takes away.

    Parameters
    ----------
    latency, whole
        Contract `LATENCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id, before_ms, after_ms`: after is empty where no way is left.
    """
    both = _side_by_side(whole, latency, ["rtt_ms"])
    both.columns = pd.Index([*_ENDS, "before_ms", "after_ms"])
    changed = both["before_ms"].notna() & (both["before_ms"] != both["after_ms"])
    return both[changed].reset_index(drop=True)


def find_fewer(redundancy: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges of cables and routes that a cut changes.

    Parameters
    ----------
    redundancy, whole
        Contract `REDUNDANCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id`, and both ends of each of `RANGES` before and after, as
        `nominal_low_before`; after is empty where no way is left.
    """
    columns = [f"{name}_{end}" for name in RANGES for end in ("low", "high")]
    both = _side_by_side(whole, redundancy, columns)
    ends = [
        both[[f"{name}_{when}" for name in columns]].astype("Float64").fillna(-1.0).to_numpy()
        for when in ("before", "after")
    ]
    return both[(ends[0] != ends[1]).any(axis=1)].reset_index(drop=True)


def _side_by_side(
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
) -> pd.DataFrame:
    """Return columns of two tables by pair, before and after, those that the second lacks too."""
    wanted = [*_ENDS, *columns]
    both = before[wanted].merge(after[wanted], on=_ENDS, how="left", suffixes=("_before", "_after"))
    order = [f"{name}_{when}" for name in columns for when in ("before", "after")]
    return both[[*_ENDS, *order]]
