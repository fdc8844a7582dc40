"""The decision in words: which park is first, how sure that is, why, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from steppe.layers.contracts.answers import ANSWERS
from steppe.ranking.number_format import share_zh, spell, spell_share, spell_with
from steppe.ranking.phrases import Words, join_names, list_leaders, name_example, name_site
from steppe.ranking.rank_explanations import find_survey, within_sentence
from steppe.ranking.robustness import Robust
from steppe.ranking.robustness_tables import SMAA, SUM, TOPSIS, tabulate_run
from steppe.ranking.scenario_comparison import Alternative
from steppe.ranking.turning_points import tell_change

# From this share of the draws on, a first place is called so.
_SURE = (
    (0.95, "很稳", "That is firm"),
    (0.75, "较稳", "That is likely, not certain"),
    (0.5, "多半如此，但不稳", "More likely than not, but far from certain"),
    (0.0, "远不能确定", "That is open"),
)
_MOST = 3  # what a sentence lists


def tabulate_answers(
    robust: Robust,
    *,
    agreement: pd.DataFrame,
    break_evens: pd.DataFrame,
    others: Sequence[Alternative],
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
    """
    asked: tuple[tuple[str, Words, Callable[[], Words]], ...] = (
        ("first", ("谁居首位？", "Which park is first?"), lambda: _first(robust)),
        ("sure", ("有多大把握？", "How sure is that?"), lambda: _sure(robust, agreement)),
        ("why", ("为什么？", "Why?"), lambda: _why(robust)),
        ("change", ("什么会改变它？", "What would change it?"), lambda: tell_change(robust)),
        ("survey", ("最该查明什么？", "What is most worth knowing?"), lambda: _survey(robust)),
        ("scenarios", ("其他情景呢？", "And in other scenarios?"), lambda: _scenarios(robust, others)),
        ("cost", ("每兆瓦年成本？", "What does a megawatt-year cost?"), lambda: _cost(robust, break_evens)),
        ("weights", ("权重由谁定？", "Who set the weights?"), lambda: _weights(robust)),
    )  # fmt: skip
    rows: list[dict[str, Any]] = []
    for name, title, answer in asked:
        # Of parks without a rank it is told that they have none, and nothing else.
        zh, en = answer() if len(robust.ranked) or name == "first" else ("", "")
        if en:
            rows.append(
                {
                    "question": name,
                    "place": len(rows) + 1,
                    "title_zh": title[0],
                    "title_en": title[1],
                    "text_zh": zh,
                    "text_en": en,
                }
            )
    table = tabulate_run(robust.info, ANSWERS, rows)
    return table.sort_values("place").reset_index(drop=True)


def _first(robust: Robust) -> Words:
    n_sites, n_ranked = len(robust.sites), len(robust.ranked)
    if not n_ranked:
        return (
            f"{n_sites}个园区都缺少数据，无法排序。",
            f"No park can be ranked: {'it lacks' if n_sites == 1 else f'each of the {n_sites} lacks'} a measure.",
        )
    leaders = list_leaders(robust)
    zh, en = join_names([name_site(robust, site) for site in leaders])
    total = robust.total[leaders[0]]
    tied = len(leaders) > 1
    zh = f"{zh}{'并列' if tied else ''}居首，{total:.3f}分（{n_ranked}个园区参评"
    en = f"{en} {'are level at the top' if tied else 'is first'} with {total:.3f} points, of {n_ranked} {'park' if n_ranked == 1 else 'parks'}"
    if n_sites > n_ranked:
        n_out = n_sites - n_ranked
        zh += f"，另有{n_out}个缺数据未排"
        en += f" that can be ranked ({n_out} {'lacks' if n_out == 1 else 'lack'} a measure)"
    zh += "）"
    after = [int(site) for site in robust.ranked if robust.total_rank[site] > 1]
    if after:
        next_rank = robust.total_rank[after[0]]
        level = [site for site in after if robust.total_rank[site] == next_rank]
        next_zh, next_en = join_names([name_site(robust, site) for site in level])
        zh += f"；其后是{next_zh}，{robust.total[level[0]]:.3f}分"
        en += f"; next {'is' if len(level) == 1 else 'are'} {next_en} with {robust.total[level[0]]:.3f}"
    return f"{zh}。", f"{en}."


def _sure(robust: Robust, agreement: pd.DataFrame) -> Words:
    leaders = list_leaders(robust)
    planned, any_weights = robust.planned, robust.any_weights
    share, share_any = (each.first_shares[leaders].sum() for each in (planned, any_weights))
    _, firm_zh, firm_en = next(row for row in _SURE if share >= row[0])
    low = int(planned.low_rank[leaders].min())
    high = int(planned.high_rank[leaders].max())
    ranks_zh, ranks_en = (
        (f"第{low}位", f"{low}") if low == high else (f"第{low}至第{high}位", f"{low} to {high}")
    )
    one_zh, one_en = ("", "it comes") if len(leaders) == 1 else ("其中之一", "one of them comes")
    zh = (
        f"{firm_zh}：按本方案的权重，在指标区间内抽样{planned.n_draws:,}次，{one_zh}有{share_zh(share)}居首，"
        f"九成抽样中列{ranks_zh}；权重任取时有{share_zh(share_any)}居首。"
    )
    en = (
        f"{firm_en}: with the plan's weights {one_en} first in {spell_share(share)} of 100 draws of "
        f"what the measures may be ({planned.n_draws:,} drawn), and in nine draws of ten the rank "
        f"is {ranks_en}; with any weights whatever {one_en} first in {spell_share(share_any)} of 100."
    )
    rival = _find_rival(robust, leaders)
    if rival is not None:
        other_zh, other_en = name_site(robust, rival)
        other = planned.first_shares[rival]
        zh += f"最可能取而代之的是{other_zh}（{share_zh(other)}）。"
        en += f" Most likely to be first instead: {other_en} ({spell_share(other)} of 100)."
    opinions_zh, opinions_en = _agree(agreement)
    return zh + opinions_zh, en + opinions_en


def _find_rival(robust: Robust, leaders: Sequence[int]) -> int | None:
    """Return who else is first in most draws, if anybody is."""
    shares = np.nan_to_num(robust.planned.first_shares)
    shares[leaders] = 0.0
    return int(shares.argmax()) if shares.max(initial=0.0) > 0 else None


def _agree(agreement: pd.DataFrame) -> Words:
    rows = agreement[agreement["method"] == SUM].set_index("other")
    taus = rows["kendall_tau"].to_dict()
    if pd.isna(taus[TOPSIS]) or pd.isna(taus[SMAA]):
        return "", ""
    same = rows["same_first"].to_dict()[TOPSIS] == "yes"
    tau, mean = f"{taus[TOPSIS]:.2f}", f"{taus[SMAA]:.2f}"
    zh = f"TOPSIS法{'也把它排在首位' if same else '把别的园区排在首位'}（Kendall τ {tau}；与平均位次{mean}）。"
    en = f" TOPSIS {'puts the same park first' if same else 'puts another park first'} (Kendall's tau {tau}; {mean} with the mean ranks)."
    return zh, en


def _why(robust: Robust) -> Words:
    leader = list_leaders(robust)[0]
    amounts = robust.contributions[leader]
    parts: list[Words] = []
    for sign, head_zh, head_en in (
        (1.0, "拉高它的：", "It is lifted by "),
        (-1.0, "拉低它的：", "It is held down by "),
    ):
        order = [int(k) for k in np.argsort(-sign * amounts, kind="stable")]
        told = [k for k in order if sign * amounts[k] >= 0.001][:_MOST]  # noqa: PLR2004
        if told:
            words = [_measure(robust, leader, k) for k in told]
            zh, en = "、".join(each[0] for each in words), ", ".join(each[1] for each in words)
            parts.append((head_zh + zh, head_en + en))
    if not parts:
        return "与均值无显著差别。", "It differs from the mean in nothing that counts."
    example_zh, example_en = name_example(robust)
    zh, en = "；".join(part[0] for part in parts), ". ".join(part[1] for part in parts)
    return (
        f"{example_zh}{zh}（分值为与参评园区均值之差）。",
        f"{example_en}{en}. In brackets: points against the mean of the ranked parks.",
    )


def _measure(robust: Robust, site: int, measure: int) -> Words:
    about = robust.measures[measure][1]
    value = spell_with(robust.measured[site, measure], unit=about.unit)
    amount = f"{robust.contributions[site, measure]:+.3f}".replace("-", "−")
    return (
        f"{about.title_zh}{value}（{amount}）",
        f"{within_sentence(about)} {value} ({amount})",
    )


def _survey(robust: Robust) -> Words:
    """Tell which number at which park of the region is worth most to know."""
    found = [
        (float(robust.information.at_site[site, measure]), site, measure)
        for site in range(len(robust.sites))
        if (measure := find_survey(robust, site)) is not None
    ]
    if not found:
        zh, en = (
            "没有哪一个单独的数字，查明后会改变首位",
            "No single number, once known, would change who is first",
        )
        if (
            len(list_leaders(robust)) == 1
            and robust.planned.first_shares[list_leaders(robust)[0]] < 1
        ):
            zh += "；首位的不确定来自多项指标一起变动"
            en += "; the doubt comes from several moving together"
        return f"{zh}。", f"{en}."
    _, site, measure = max(found)
    about = robust.measures[measure][1]
    zh, en = name_site(robust, site)
    share = float(robust.information.change_at_site[site, measure])
    unknown = np.isnan(robust.measured[site, measure])
    return (
        f"{zh}的{about.title_zh}{'（目前不明）' if unknown else ''}：查明后有{share_zh(share)}的可能改变首位。",
        f"{about.title_en} at {en}{', unknown today' if unknown else ''}: to know it would change who is first in {spell_share(share)} of 100 draws.",
    )


def _scenarios(robust: Robust, others: Sequence[Alternative]) -> Words:
    parts = list(_tell_scenarios(robust, others))
    return "".join(part[0] for part in parts), " ".join(part[1] for part in parts)


def _tell_scenarios(robust: Robust, others: Sequence[Alternative]) -> Iterator[Words]:
    leader = robust.sites[list_leaders(robust)[0]]
    for other in others:
        info, own = other.outcome.info, other.robust
        title_zh, title_en = info.scenario_zh, info.scenario_en
        if own is None or not len(own.ranked):
            yield f"{title_zh}：无园区可排。", f"{title_en}: no park can be ranked."
            continue
        first = list_leaders(own)
        zh, en = join_names([name_site(own, site) for site in first])
        share = own.planned.first_shares[first].sum()
        same = leader in {own.sites[site] for site in first}
        zh = f"{title_zh}：{'首位仍为' if same else '首位转为'}{zh}（{share_zh(share)}的抽样居首）"
        en = f"{title_en}: {en} {'stays' if same else 'comes'} first ({spell_share(share)} of 100 draws)"
        rival = _find_rival(own, first)
        if rival is not None and (more := own.planned.first_shares[rival]) > share:
            other_zh, other_en = name_site(own, rival)
            zh += f"，但{other_zh}居首的抽样更多（{share_zh(more)}）"
            en += f", though {other_en} is first in more of them ({spell_share(more)})"
        yield f"{zh}。", f"{en}."


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
        return "", ""
    site = after[0]
    row = rows.loc[robust.sites[site]]
    if pd.isna(row["pue_ratio"]):
        return "", ""
    (zh, en), (first_zh, first_en) = name_site(robust, site), robust.names[leader]
    missing = bool(row["missing"]) and not pd.isna(row["missing"])
    tail_zh = "（仅电费；线路、光缆、土地和水的成本不明）" if missing else ""
    tail_en = " (energy alone; what else it costs is not known)" if missing else ""
    price = row["energy_cny_kwh"] if missing else row["price_cny_kwh"]
    if pd.isna(price):
        more = 100 * (row["pue_ratio"] - 1)
        return (
            f"电价不明；{zh}的电价可比{first_zh}{'高' if more > 0 else '低'}{abs(more):.1f}%而电费相同{tail_zh}。",
            f"Prices of power are not known; it may cost {abs(more):.1f} % {'more' if more > 0 else 'less'} at {en} than at {first_en} for the same bill{tail_en}.",
        )
    spelled = spell(price, unit="CNY/kWh")
    return (
        f"{zh}的电价须为{spelled}元/千瓦时，才与{first_zh}持平{tail_zh}。",
        f"Power at {en} would have to cost {spelled} CNY/kWh to break even with {first_en}{tail_en}.",
    )


def _weights(robust: Robust) -> Words:
    origin = robust.info.origin
    if origin is None:
        return "", ""
    shares_zh = "、".join(f"{c.title_zh}{c.weight:.0%}" for c in robust.info.criteria)
    shares_en = ", ".join(
        f"{c.title_en.lower()} {100 * c.weight:.0f} %" for c in robust.info.criteria
    )
    ratios = "".join(f"; {name}: CR {ratio:.2f}" for name, ratio in origin.ratios)
    return (
        f"{origin.who_zh}：{shares_zh}。{origin.why_zh}{ratios}。",
        f"{origin.who_en}: {shares_en}; {origin.why_en}{ratios}.",
    )
