"""What would change who is first: a weight, or one number of the next park."""

from __future__ import annotations

import numpy as np

from steppe.ranking.number_format import spell_change, spell_unit
from steppe.ranking.phrases import Words, join_names, list_leaders, name_site
from steppe.ranking.rank_explanations import find_step, within_sentence
from steppe.ranking.robustness import Robust


def tell_change(robust: Robust) -> Words:
    """Tell which weight turns the first place, which keep it, and what lifts the next park."""
    leader = list_leaders(robust)[0]
    zh, en = _describe_takeover(robust)
    keeps_zh, keeps_en = _describe_intervals(robust, leader)
    zh, en = zh + keeps_zh, en + keeps_en
    improvement_zh, improvement_en = _describe_improvement(robust)
    return zh + improvement_zh, en + improvement_en


def _describe_takeover(robust: Robust) -> Words:
    found = robust.reversal
    if found is None:
        return (
            "任何一项权重单独变动都不改变首位。",
            "No change of a single weight takes the first place away.",
        )
    criterion = robust.info.criteria[found.criterion]
    zh, en = name_site(robust, found.rival)
    if found.change == 0:
        return (
            f"{criterion.title_zh}的权重稍向一侧变动，首位即转为{zh}。",
            f"The least change of the weight of {criterion.title_en.lower()} to one side puts {en} first.",
        )
    before, after = spell_change(100 * found.weight, 100 * found.new_weight, unit="1")
    return (
        f"{criterion.title_zh}的权重从{before}%变到{after}%之外（其余按比例），首位即转为{zh}。",
        f"If the weight of {criterion.title_en.lower()} moves from {before} % past {after} % (the others in proportion), {en} comes first.",
    )


def _describe_intervals(robust: Robust, leader: int) -> Words:
    """Tell the weights with which the first stays first, each moved alone."""
    told, free = [], []
    own_zh, own_en = name_site(robust, leader)
    for number, criterion in enumerate(robust.info.criteria):
        low, high = robust.low[leader, number], robust.high[leader, number]
        if robust.weights[number] <= 0 or np.isnan(low):
            continue
        zh, en = criterion.title_zh, criterion.title_en.lower()
        if low <= 0 and high >= 1:
            free.append((zh, en))
        else:
            ends = f"{100 * low:.0f} to {100 * high:.0f} %"
            told.append((f"{zh}{low:.0%}–{high:.0%}", f"{en} has {ends}"))
    if not told:
        return "", ""
    zh, en = join_names(told)
    if not free:
        return (
            f"单独变动时，{own_zh}在{zh}内保持居首。",
            f" With one weight moved at a time, {own_en} stays first as long as {en}.",
        )
    free_zh, free_en = join_names(free)
    return (
        f"单独变动时，{own_zh}在{zh}内保持居首，与{free_zh}的权重无关。",
        f" With one weight moved at a time, {own_en} stays first as long as {en}, and whatever the weight of {free_en}.",
    )


def _describe_improvement(robust: Robust) -> Words:
    """Tell what takes the next park level with the first."""
    after = [int(site) for site in robust.ranked if robust.total_rank[site] > 1]
    step = find_step(robust, after[0]) if after else None
    if step is None:
        return "", ""
    site, (measure, reached) = after[0], step
    about = robust.measures[measure][1]
    before, needed = spell_change(robust.measured[site, measure], reached, unit=about.unit)
    unit = spell_unit(about.unit)
    zh, en = name_site(robust, site)
    return (
        f"若{zh}的{about.title_zh}由{before}{unit}变为{needed}{unit}，即与首位持平。",
        f" {en} would draw level if its {within_sentence(about)} were {needed}{unit} instead of {before}{unit}.",
    )
