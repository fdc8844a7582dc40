"""What the first place hangs on, and what sets the parks apart, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from steppe.layers.contracts.what_if import ASSUMPTIONS, SPREAD
from steppe.layers.wording import Texts, say_all
from steppe.ranking.assumption_effects import Assumptions
from steppe.ranking.assumption_words import name_number, unit_of
from steppe.ranking.robustness import Robust
from steppe.ranking.robustness_tables import tabulate_run


def tabulate_assumptions(
    robust: Robust, found: Assumptions, towns: Mapping[str, Texts]
) -> dict[str, pd.DataFrame]:
    """Return the tables `assumptions` and `spread`.

    Parameters
    ----------
    robust
        What is known of the ranking.
    found
        What it hangs on.
    towns
        Town to its name.
    """
    return {
        "assumptions": tabulate_run(robust.info, ASSUMPTIONS, _tell_numbers(robust, found, towns)),
        "spread": tabulate_run(robust.info, SPREAD, _tell_spread(robust, found)),
    }


def _tell_numbers(
    robust: Robust, found: Assumptions, towns: Mapping[str, Texts]
) -> Iterator[dict[str, Any]]:
    totals = robust.total[robust.ranked]
    lead = totals[0] - totals[1] if len(totals) > 1 else np.nan
    for place, each in enumerate(found.numbers, 1):
        effect = each.effect
        row = {
            "parameter": each.path,
            "place": place,
            "kind": each.kind,
            **say_all("title", name_number(each, robust, towns)),
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "unit": unit_of(each, robust),
            **say_all("reason", each.reason),
            "lead": lead,
            "turns": "held",
        }
        if effect is not None:
            rival = effect.rival
            row |= {
                "lead_low": effect.lead_low,
                "lead_high": effect.lead_high,
                "turns": "no" if rival is None else "yes",
                "turn": effect.turn,
                "new_first_id": None if rival is None else robust.sites[robust.ranked[rival]],
            }
        yield row


def _tell_spread(robust: Robust, found: Assumptions) -> Iterator[dict[str, Any]]:
    weights = robust.measure_weights
    for number, (criterion, measure) in enumerate(robust.measures):
        yield {
            "measure_id": measure.measure_id,
            "criterion": criterion.name,
            "weight": weights[number],
            "share": found.spread[number],
        }
