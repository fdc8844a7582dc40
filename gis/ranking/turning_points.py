"""What would change who is first: a weight, or one number of the next park."""

from __future__ import annotations

import numpy as np

from steppe.layers.wording import Message, Words, join, tell
from steppe.ranking.number_format import spell_change, spell_unit
from steppe.ranking.phrases import (
    enumerate_words,
    list_leaders,
    name_criterion,
    name_site,
    within_sentence,
)
from steppe.ranking.rank_explanations import find_step
from steppe.ranking.robustness import Robust


def tell_change(robust: Robust) -> Words:
    """Tell which weight turns the first place, which keep it, and what lifts the next park."""
    told = (
        _describe_takeover(robust),
        _describe_intervals(robust, list_leaders(robust)[0]),
        _describe_improvement(robust),
    )
    return join(told, "join.sentence")


def _describe_takeover(robust: Robust) -> Message:
    found = robust.reversal
    if found is None:
        return tell("answer.takeover_none")
    criterion = name_criterion(robust.info.criteria[found.criterion])
    site = name_site(robust, found.rival)
    if found.change == 0:
        return tell("answer.takeover_least", criterion=criterion, site=site)
    before, after = spell_change(100 * found.weight, 100 * found.new_weight, unit="1")
    return tell("answer.takeover", criterion=criterion, before=before, after=after, site=site)


def _describe_intervals(robust: Robust, leader: int) -> Words:
    """Tell the weights with which the first stays first, each moved alone."""
    told: list[Words] = []
    free: list[Words] = []
    for number, criterion in enumerate(robust.info.criteria):
        low, high = robust.low[leader, number], robust.high[leader, number]
        if robust.weights[number] <= 0 or np.isnan(low):
            continue
        name = name_criterion(criterion)
        if low <= 0 and high >= 1:
            free.append(name)
        else:
            ends = {"low": float(100 * low), "high": float(100 * high)}
            told.append(tell("answer.keeps_range", criterion=name, **ends))
    if not told:
        return ""
    site, ranges = name_site(robust, leader), enumerate_words(told)
    if not free:
        return tell("answer.keeps", site=site, ranges=ranges)
    return tell("answer.keeps_whatever", site=site, ranges=ranges, free=enumerate_words(free))


def _describe_improvement(robust: Robust) -> Words:
    """Tell what takes the next park level with the first."""
    after = [int(site) for site in robust.ranked if robust.total_rank[site] > 1]
    step = find_step(robust, after[0]) if after else None
    if step is None:
        return ""
    site, (measure, reached) = after[0], step
    about = robust.measures[measure][1]
    value, needed = spell_change(robust.measured[site, measure], reached, unit=about.unit)
    unit = spell_unit(about.unit)
    return tell(
        "answer.climb",
        site=name_site(robust, site),
        measure=within_sentence(about),
        value=f"{value}{unit}",
        needed=f"{needed}{unit}",
    )
