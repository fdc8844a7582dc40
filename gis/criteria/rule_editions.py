"""Which rules hold in a year: those issued by then, less those that a later one took the place of."""

from __future__ import annotations

import pandas as pd


def select_in_force(rules: pd.DataFrame, year: int) -> pd.DataFrame:
    """Keep the rules that hold in a year.

    A rule holds from the year of its edition on, until the first edition that takes its place
    (`superseded_by`). One without a year holds in every year, for nothing says since when.

    Parameters
    ----------
    rules
        Contract `RULES`.
    year
        Year of the scenario.

    Returns
    -------
    DataFrame
        The same columns, in the same order.
    """
    is_issued = ~(rules["edition"] > year).fillna(value=False).astype(bool)
    issued = set(rules.loc[is_issued, "rule_id"])
    later = rules["superseded_by"].fillna("").astype(str).str.split()
    is_superseded = pd.Series(
        [not issued.isdisjoint(names) for names in later], index=rules.index, dtype=bool
    )
    return rules[is_issued & ~is_superseded]
