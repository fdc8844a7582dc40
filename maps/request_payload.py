"""The request as the page carries it: the limits of each test, so that a reader may ask another load."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

_OF_TEST = ("test", "verdict", "can_mw", "cannot_mw")
_TOTAL = "total"


def pack_requests(requests: pd.DataFrame) -> dict[str, Any] | None:
    """Pack the request; None where a plan asks for nothing.

    Parameters
    ----------
    requests
        Contract `REQUESTS`, of one run.

    Returns
    -------
    dict
        `demand_mw` and `year` of the plan; `fields` and `sites`: park to rows, the last column of
        each the number of its reason in `reasons`.  Totals are left out: they follow from the tests.
    """
    if requests.empty:
        return None
    wanted = requests.iloc[0]
    reasons: dict[tuple[str, ...], int] = {}
    sites: dict[str, list[list[Any]]] = {}
    for row in requests[requests["test"] != _TOTAL].to_dict("records"):
        told = tuple(str(row[name]) for name in name_columns("reason"))
        number = reasons.setdefault(told, len(reasons))
        sites.setdefault(str(row["site_id"]), []).append(
            [*(plain(row[name]) for name in _OF_TEST), number]
        )
    return {
        "demand_mw": plain(wanted["demand_mw"]),
        "year": plain(wanted["wanted_year"]),
        "fields": [*_OF_TEST, "reason"],
        "sites": sites,
        "reasons": list(reasons),
    }
