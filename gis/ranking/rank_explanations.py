"""Why each park stands where it does, what would move it, and which number to survey."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from steppe.decision.expectation import reach_expected
from steppe.layers.contracts.answers import EXPLANATIONS
from steppe.layers.wording import Message, say_all, tell
from steppe.ranking.number_format import spell_change, spell_unit, spell_with, tell_share
from steppe.ranking.phrases import name_measure, name_site, within_sentence
from steppe.ranking.robustness import Robust
from steppe.ranking.robustness_tables import tabulate_run
from steppe.ranking.told_order import order_least_first

# Less than this much of the score is not told.
_LEAST = 0.0005


def tabulate_explanations(robust: Robust) -> pd.DataFrame:
    """Return what lifted and held each park, its smallest improvement and its survey.

    Returns
    -------
    DataFrame
        Contract `EXPLANATIONS`.  Parks of the region that lack a measure have what is worth
        knowing of them alone.
    """
    rows = [
        row
        for site in range(len(robust.sites))
        for row in (
            *_tell_contributions(robust, site),
            *_tell_improvement(robust, site),
            *_tell_survey(robust, site),
        )
    ]
    return tabulate_run(robust.info, EXPLANATIONS, rows)


def _row(robust: Robust, site: int, measure: int, *, words: Message, **told: Any) -> dict[str, Any]:
    about = robust.measures[measure][1]
    return {
        "site_id": robust.sites[site],
        "measure_id": about.measure_id,
        "place": 1,
        "value": robust.measured[site, measure],
        "needed": np.nan,
        "unit": about.unit,
        **told,
        **say_all("text", words),
    }


def _tell_contributions(robust: Robust, site: int) -> Iterator[dict[str, Any]]:
    amounts = robust.contributions[site]
    n_ranked = len(robust.ranked)
    for kind, sign in (("lifted", 1.0), ("held", -1.0)):
        order = order_least_first(-sign * amounts)
        told = [int(k) for k in order if sign * amounts[k] > _LEAST]
        for place, measure in enumerate(told, 1):
            about, amount = robust.measures[measure][1], float(amounts[measure])
            words = tell(
                "explanation.above" if amount > 0 else "explanation.below",
                measure=name_measure(about),
                value=spell_with(robust.measured[site, measure], unit=about.unit),
                points=abs(amount),
                n=n_ranked,
            )
            yield _row(robust, site, measure, kind=kind, place=place, amount=amount, words=words)


def _tell_improvement(robust: Robust, site: int) -> Iterator[dict[str, Any]]:
    step = find_step(robust, site)
    if step is None:
        return
    measure, needed = step
    about, rival = robust.measures[measure][1], int(robust.improvement.rival[site])
    before, after = spell_change(robust.measured[site, measure], needed, unit=about.unit)
    unit = spell_unit(about.unit)
    words = tell(
        "explanation.climb",
        site=name_site(robust, rival),
        measure=within_sentence(about),
        value=f"{before}{unit}",
        needed=f"{after}{unit}",
    )
    amount = robust.improvement.needed[site, measure] - robust.rated[site, measure]
    yield _row(robust, site, measure, kind="climb", amount=amount, needed=needed, words=words)


def find_step(robust: Robust, site: int) -> tuple[int, float] | None:
    """Return the measure that takes a park up most easily alone, and what it would have to be.

    A value that no measured number has, as above the highest point of pieces, takes nobody up.
    """
    improvement = robust.improvement
    for measure in order_least_first(improvement.effort[site]):
        if improvement.is_reachable[site, measure]:
            needed = reach_expected(
                robust.banded[measure], site, float(improvement.needed[site, measure])
            )
            if np.isfinite(needed):
                return int(measure), needed
    return None


def _tell_survey(robust: Robust, site: int) -> Iterator[dict[str, Any]]:
    measure = find_survey(robust, site)
    if measure is None:
        return
    share = float(robust.information.change_at_site[site, measure])
    is_unknown = np.isnan(robust.measured[site, measure])
    words = tell(
        "explanation.survey_unknown" if is_unknown else "explanation.survey_band",
        measure=name_measure(robust.measures[measure][1]),
        share=tell_share(share),
    )
    yield _row(robust, site, measure, kind="survey", amount=share, words=words)


def find_survey(robust: Robust, site: int) -> int | None:
    """Return the measure that is worth most to know at a park of the region, if any is."""
    gains = robust.information.at_site[site]
    if not robust.is_candidate[site] or gains.max(initial=0.0) <= 0:
        return None
    return int(gains.argmax())
