"""The ranking of one level as one flat table, for the command line."""

from __future__ import annotations

import pandas as pd

from gis.build.scores import TOTAL
from layers.tables import PlanTables


def rank_table(tables: PlanTables) -> pd.DataFrame:
    """Return the parks of the ranked level, best first, those that lack a measure last.

    Returns
    -------
    DataFrame
        `rank, site_id, name_zh, name_en, score, low, high, coverage` and one column for
        each criterion; scores 0 worst to 1 best.
    """
    scores, info = tables.scores, tables.info
    totals = scores[(scores["criterion"] == TOTAL) & (scores["level"] == info.level)]
    parks = tables.layers["parks"].set_index("park_id")
    frame = pd.DataFrame(totals[["rank", "site_id", "value", "low", "high", "coverage"]])
    frame = frame.rename(columns={"value": "score"})
    for position, name in enumerate(("name_zh", "name_en")):
        frame.insert(2 + position, name, parks[name].reindex(frame["site_id"]).array)
    for criterion in info.criteria:
        rows = scores[scores["criterion"] == criterion.name].set_index("site_id")
        frame[criterion.name] = rows["value"].reindex(frame["site_id"]).array
    by = ["rank", "score", "site_id"]
    ordered = frame.sort_values(by, ascending=[True, False, True], na_position="last")
    return ordered.reset_index(drop=True)
