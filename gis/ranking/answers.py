"""The decision in words: which park is first, how sure that is, why, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from steppe.layers.contracts.answers import ANSWERS
from steppe.layers.tables import PlanInfo
from steppe.layers.wording import BASE, Message, Words, join, pair, say, say_all, tell
from steppe.ranking.number_format import spell, spell_with, tell_share
from steppe.ranking.phrases import (
    list_leaders,
    list_sites,
    name_criterion,
    name_example,
    name_measure,
    name_site,
    within_sentence,
)
from steppe.ranking.rank_explanations import find_survey
from steppe.ranking.robustness import Robust
from steppe.ranking.robustness_tables import SMAA, SUM, TOPSIS, tabulate_run
from steppe.ranking.scenario_comparison import Alternative
from steppe.ranking.standing import Standing
from steppe.ranking.told_order import order_least_first
from steppe.ranking.turning_points import tell_change

# From this share of the draws on, a first place is called so.
_SURE = (
    (0.95, "answer.firm"),
    (0.75, "answer.likely"),
    (0.5, "answer.doubtful"),
    (0.0, "answer.open"),
)
_MOST = 3  # what a sentence lists
_LEAST = 0.001  # less than this much of the score is not told


def tabulate_answers(
    robust: Robust,
    *,
    agreement: pd.DataFrame,
    break_evens: pd.DataFrame,
    others: Sequence[Alternative],
    assumed: Words = "",
    spread: Words = "",
) -> pd.DataFrame:
    """Answer the questions that a planner asks of a ranking, contract `ANSWERS`.

    Parameters
    ----------
    robust
        What is known of the ranking of the base.
    agreement, break_evens
        Contracts `AGREEMENT` and `BREAK_EVENS`.
    others
        The other scenarios.
    assumed, spread
        What assumed numbers turn, and what sets the parks apart, in words.
    """
    asked: tuple[tuple[str, Callable[[], Words]], ...] = (
        ("first", lambda: _first(robust)),
        ("sure", lambda: _sure(robust, agreement)),
        ("why", lambda: _why(robust)),
        ("change", lambda: tell_change(robust)),
        ("assumed", lambda: assumed),
        ("spread", lambda: spread),
        ("survey", lambda: _survey(robust)),
        ("scenarios", lambda: join(_tell_scenarios(robust, others), "join.sentence")),
        ("cost", lambda: _cost(robust, break_evens)),
        ("weights", lambda: _weights(robust)),
    )
    rows: list[dict[str, Any]] = []
    for name, answer in asked:
        # Of parks without a rank it is told that they have none, and nothing else.
        words = answer() if len(robust.ranked) or name == "first" else ""
        if say(words, BASE):
            rows.append(
                {
                    "question": name,
                    "place": len(rows) + 1,
                    **say_all("title", tell(f"answer.question_{name}")),
                    **say_all("text", words),
                }
            )
    table = tabulate_run(robust.info, ANSWERS, rows)
    return table.sort_values("place").reset_index(drop=True)


def tabulate_no_park(info: PlanInfo) -> pd.DataFrame:
    """Answer what a planner asks of a ranking where the plan has no parks, contract `ANSWERS`."""
    row = {
        "question": "first",
        "place": 1,
        **say_all("title", tell("answer.question_first")),
        **say_all("text", tell("answer.no_park")),
    }
    return tabulate_run(info, ANSWERS, [row])


def _first(robust: Robust) -> Message:
    n_sites, n_ranked = len(robust.sites), len(robust.ranked)
    if not n_ranked:
        if n_sites == 1:
            return tell("answer.one_not_ranked")
        return tell("answer.none_ranked", n=n_sites)
    leaders = list_leaders(robust)
    told = [
        tell(
            "answer.first" if len(leaders) == 1 else "answer.first_level",
            sites=list_sites(robust, leaders),
            points=float(robust.total[leaders[0]]),
            ranked=_count_ranked(n_ranked, n_sites - n_ranked),
        )
    ]
    after = [int(site) for site in robust.ranked if robust.total_rank[site] > 1]
    if after:
        next_rank = robust.total_rank[after[0]]
        level = [site for site in after if robust.total_rank[site] == next_rank]
        told.append(
            tell(
                "answer.next" if len(level) == 1 else "answer.next_level",
                sites=list_sites(robust, level),
                points=float(robust.total[level[0]]),
            )
        )
    return tell("answer.sentence", told=join(told, "join.semicolon"))


def _count_ranked(n_ranked: int, n_out: int) -> Message:
    ranked = tell("answer.ranked_one") if n_ranked == 1 else tell("answer.ranked", n=n_ranked)
    if not n_out:
        return ranked
    if n_out == 1:
        return tell("answer.ranked_but_one", ranked=ranked)
    return tell("answer.ranked_but", ranked=ranked, n=n_out)


def _sure(robust: Robust, agreement: pd.DataFrame) -> Words:
    leaders = list_leaders(robust)
    planned = robust.planned
    share, share_any = (
        float(each.first_shares[leaders].sum()) for each in (planned, robust.any_weights)
    )
    low = int(planned.low_rank[leaders].min())
    high = int(planned.high_rank[leaders].max())
    told: list[Words] = [
        tell(
            "answer.sure" if len(leaders) == 1 else "answer.sure_level",
            firm=tell(next(key for least, key in _SURE if share >= least)),
            n_draws=int(planned.n_draws),
            share=tell_share(share),
            share_any=tell_share(share_any),
            ranks=tell("answer.rank", rank=low)
            if low == high
            else tell("answer.ranks", low=low, high=high),
        )
    ]
    rival = _find_rival(robust, leaders)
    if rival is not None:
        other = tell_share(planned.first_shares[rival])
        told.append(tell("answer.rival", site=name_site(robust, rival), share=other))
    return join([*told, _tell_at_values(robust, leaders), _agree(agreement)], "join.sentence")


def _tell_at_values(robust: Robust, leaders: Sequence[int]) -> Words:
    """Tell who would be first by the numbers themselves, where bands move any total at all."""
    ranked = robust.ranked
    if np.array_equal(robust.total[ranked], robust.at_values[ranked]):
        return ""
    first = [int(site) for site in ranked if robust.at_values_rank[site] == 1]
    if set(first) & set(leaders):
        return tell("answer.at_values_same")
    return tell(
        "answer.at_values_other",
        sites=list_sites(robust, first),
        points=float(robust.at_values[first[0]]),
        own=float(robust.at_values[leaders[0]]),
    )


def _find_rival(robust: Standing, leaders: Sequence[int]) -> int | None:
    """Return who else is first in most draws, if anybody is."""
    shares = np.nan_to_num(robust.planned.first_shares)
    shares[leaders] = 0.0
    return int(shares.argmax()) if shares.max(initial=0.0) > 0 else None


def _agree(agreement: pd.DataFrame) -> Words:
    rows = agreement[agreement["method"] == SUM].set_index("other")
    taus = rows["kendall_tau"].to_dict()
    if pd.isna(taus[TOPSIS]) or pd.isna(taus[SMAA]):
        return ""
    same = rows["same_first"].to_dict()[TOPSIS] == "yes"
    return tell(
        "answer.topsis_same" if same else "answer.topsis_other",
        tau=float(taus[TOPSIS]),
        mean=float(taus[SMAA]),
    )


def _why(robust: Robust) -> Words:
    leader = list_leaders(robust)[0]
    lifted, held = (_list_greatest(robust, leader, sign) for sign in (1.0, -1.0))
    if not lifted and not held:
        return tell("answer.why_nothing")
    told = {
        "lifted": tell("answer.lifted", measures=join(lifted)),
        "held": tell("answer.held", measures=join(held)),
    }
    if lifted and held:
        words = tell("answer.lifted_and_held", **told)
    else:
        words = told["lifted" if lifted else "held"]
    return join([name_example(robust), tell("answer.why", told=words)], "join.sentence")


def _list_greatest(robust: Robust, site: int, sign: float) -> list[Message]:
    """Return the measures that move a park's score most to one side of the mean."""
    amounts = robust.contributions[site]
    order = order_least_first(-sign * amounts)
    told = [int(k) for k in order if sign * amounts[k] >= _LEAST][:_MOST]
    return [_tell_measure(robust, site, k) for k in told]


def _tell_measure(robust: Robust, site: int, measure: int) -> Message:
    about = robust.measures[measure][1]
    return tell(
        "answer.measure",
        measure=within_sentence(about),
        value=spell_with(robust.measured[site, measure], unit=about.unit),
        points=f"{robust.contributions[site, measure]:+.3f}".replace("-", "−"),
    )


def _survey(robust: Robust) -> Message:
    """Tell which number at which park of the region is worth most to know."""
    found = [
        (float(robust.information.at_site[site, measure]), site, measure)
        for site in range(len(robust.sites))
        if (measure := find_survey(robust, site)) is not None
    ]
    if not found:
        leaders = list_leaders(robust)
        is_open = len(leaders) == 1 and robust.planned.first_shares[leaders[0]] < 1
        return tell("answer.survey_together" if is_open else "answer.survey_nothing")
    _, site, measure = max(found)
    is_unknown = np.isnan(robust.measured[site, measure])
    return tell(
        "answer.survey_unknown" if is_unknown else "answer.survey",
        site=name_site(robust, site),
        measure=name_measure(robust.measures[measure][1]),
        share=tell_share(float(robust.information.change_at_site[site, measure])),
    )


def _tell_scenarios(robust: Robust, others: Sequence[Alternative]) -> Iterator[Message]:
    leader = robust.sites[list_leaders(robust)[0]]
    for other in others:
        info, own = other.outcome.info, other.standing
        scenario = pair(info.scenario_zh, info.scenario_en)
        if own is None or not len(own.ranked):
            yield tell("answer.scenario_none", scenario=scenario)
            continue
        first = list_leaders(own)
        share = float(own.planned.first_shares[first].sum())
        same = leader in {own.sites[site] for site in first}
        told = tell(
            "answer.scenario_stays" if same else "answer.scenario_turns",
            scenario=scenario,
            sites=list_sites(own, first),
            share=tell_share(share),
        )
        rival = _find_rival(own, first)
        if rival is not None and (more := float(own.planned.first_shares[rival])) > share:
            site = name_site(own, rival)
            told = tell("answer.scenario_though", told=told, site=site, share=tell_share(more))
        yield tell("answer.sentence", told=told)


def _cost(robust: Robust, break_evens: pd.DataFrame) -> Words:
    """Tell the price at which the next park of a known other price costs what the first does."""
    leader = robust.sites[list_leaders(robust)[0]]
    rows = break_evens[(break_evens["other_id"] == leader)].set_index("site_id")
    after = [
        int(site)
        for site in robust.ranked
        if robust.total_rank[site] > 1 and robust.sites[site] in rows.index
    ]
    if not after:
        return ""
    site = after[0]
    row = rows.loc[robust.sites[site]]
    if pd.isna(row["pue_ratio"]):
        return ""
    names = {"site": name_site(robust, site), "first": pair(*robust.names[leader])}
    missing = bool(row["missing"]) and not pd.isna(row["missing"])
    price = row["energy_cny_kwh"] if missing else row["price_cny_kwh"]
    if pd.isna(price):
        more = 100 * (float(row["pue_ratio"]) - 1)
        key = "answer.power_more" if more > 0 else "answer.power_less"
        told = tell(key, percent=abs(more), **names)
    else:
        told = tell("answer.power_price", price=spell(price, unit="CNY/kWh"), **names)
    if missing:
        told = tell("answer.energy_alone", told=told)
    return tell("answer.sentence", told=told)


def _weights(robust: Robust) -> Words:
    origin = robust.info.origin
    if origin is None:
        return ""
    weights = [
        tell("answer.weight", criterion=name_criterion(each), percent=100 * each.weight)
        for each in robust.info.criteria
    ]
    ratios = [tell("answer.consistency", name=name, ratio=ratio) for name, ratio in origin.ratios]
    return tell(
        "answer.weights",
        who=pair(origin.who_zh, origin.who_en),
        weights=join(weights),
        why=join([pair(origin.why_zh, origin.why_en), *ratios], "join.semicolon"),
    )
