"""The request as the page carries it: the limits of each test, so that a reader may ask another load."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

_OF_TEST = ("test", "verdict", "can_mw", "cannot_mw")
_REASONS = tuple(name_columns("reason"))
_TOTAL = "total"


def pack_requests(requests: pd.DataFrame, texts: dict[str, int]) -> dict[str, Any] | None:
    """Pack the request; None where a plan asks for nothing.

    Parameters
    ----------
    requests
        Contract `REQUESTS`, of one run.
    texts
        Long texts to their numbers; the reasons are added here.

    Returns
    -------
    dict
        `demand_mw` and `year` of the plan; `fields` and `sites`: park to rows, of a reason the
        number of its text.  Totals are left out: they follow from the tests.
    """
    if requests.empty:
        return None
    wanted = requests.iloc[0]
    sites: dict[str, list[list[Any]]] = {}
    for row in requests[requests["test"] != _TOTAL].to_dict("records"):
        told = [str(row[name]) for name in _REASONS]
        numbers = [texts.setdefault(text, len(texts)) for text in told]
        sites.setdefault(str(row["site_id"]), []).append(
            [*(plain(row[name]) for name in _OF_TEST), *numbers]
        )
    return {
        "demand_mw": plain(wanted["demand_mw"]),
        "year": plain(wanted["wanted_year"]),
        "fields": [*_OF_TEST, *_REASONS],
        "sites": sites,
    }
