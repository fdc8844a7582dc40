"""What the tables of many parks leave out, told beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from steppe.layers.errors import Note
from steppe.layers.table_limits import MOST_WHOLE, N_PARTNERS, N_RANKS
from steppe.layers.tables import PlanInfo
from steppe.layers.wording import tell


def note_left_out(tables: Mapping[str, pd.DataFrame], info: PlanInfo) -> list[Note]:
    """Return a note for each table that has not every pair of the ranked parks, or every rank.

    Parameters
    ----------
    tables
        What was computed, by name.
    info
        The ranked level.
    """
    return list(_tell(tables, info))


def _tell(tables: Mapping[str, pd.DataFrame], info: PlanInfo) -> Iterator[Note]:
    totals = tables["scores"].query("criterion == 'total'")
    ranked = totals[totals["level"] == info.level]
    here = set(ranked["site_id"])
    trips = tables["latency"]
    is_pair = trips["from_id"].isin(here) & trips["to_id"].isin(here)
    n_ends = len({*trips.loc[is_pair, "from_id"], *trips.loc[is_pair, "to_id"]})
    left = n_ends * (n_ends - 1) // 2 - int(is_pair.sum())
    if left:
        yield tell("left_out.latency", n=n_ends, near=N_PARTNERS, left=left)
    even = tables["break_evens"]
    n_priced = even["site_id"].nunique()
    left = n_priced * (n_priced - 1) - len(even)
    if left:
        yield tell("left_out.break_evens", n=n_priced, near=N_PARTNERS, left=left)
    found = tables["measures"]
    n_sites = found["site_id"].nunique()
    if n_sites > MOST_WHOLE and found.query("measure_id == 'pue'")["value"].notna().any():
        yield tell("left_out.cooling", n=n_sites)
    n_ranked = int(ranked["rank"].notna().sum())
    if n_ranked > MOST_WHOLE:
        yield tell("left_out.assumptions", n=n_ranked, ranks=N_RANKS)
        yield tell("left_out.acceptability", n=n_ranked, ranks=N_RANKS)
