"""What a plan decides: how sure each rank is, why, and what would change it."""

from __future__ import annotations

from steppe.layers.columns import (
    EXPLANATION_KINDS,
    PARK_LEVELS,
    RUN_KEY,
    Contract,
    number,
    said,
    share,
    text,
    whole,
)
from steppe.layers.contracts import what_if

ROBUSTNESS = Contract(
    "robustness",
    None,
    ("site_id", "scenario", "year"),
    {
        "site_id": text("park that bears a rank"),
        **RUN_KEY,
        "level": text("level of the park", values=PARK_LEVELS),
        "rank": whole("rank by the weighted sum of expected values", low=1),
        "score": share("the weighted sum of expected values, 0 worst to 1 best"),
        "at_values_rank": whole(
            "rank by the values of the numbers themselves, their bands left out",
            zh="按中值的位次",
            en="Rank by middle values",
            low=1,
        ),
        "at_values": share(
            "the weighted sum of these values", zh="按中值的得分", en="Score by middle values"
        ),
        "topsis_rank": whole(
            "rank by TOPSIS with fixed ends", zh="TOPSIS位次", en="Rank by TOPSIS", low=1
        ),
        "topsis": share(
            "closeness by TOPSIS, 0 worst to 1 best", zh="TOPSIS贴近度", en="Closeness by TOPSIS"
        ),
        "first_share": share(
            "share of the draws in which it is first: the plan's weights, bands drawn"
        ),
        "low_rank": whole(
            "rank at 5 % of these draws", zh="位次下限（5%）", en="Rank at 5 % of draws", low=1
        ),
        "high_rank": whole(
            "rank at 95 % of these draws", zh="位次上限（95%）", en="Rank at 95 % of draws", low=1
        ),
        "first_share_any": share(
            "the same with every possible weight as likely as any other",
            zh="居首概率（任意权重）",
            en="First, share with any weights",
        ),
        "first_share_assumed": share(
            "share of the draws in which it is first with every assumed number drawn from its range "
            "and the bands too; empty where the plan gives no range",
            zh="居首概率（假定数值变动）",
            en="First, share with assumptions drawn",
            empty=True,
        ),
        "best_rank": whole(
            "best rank with any weights and values drawn", zh="最好位次", en="Best rank", low=1
        ),
        "worst_rank": whole(
            "worst rank with any weights and values drawn", zh="最差位次", en="Worst rank", low=1
        ),
        "confidence": share(
            "share of the draws of values in which it is first at the weights that favour it; "
            "empty where it never is, and of more than 50 parks but for the 20 most often first",
            zh="置信因子",
            en="Confidence factor",
            empty=True,
        ),
    },
    meaning="how sure each rank is: TOPSIS beside the sum, shares and ranks over draws of bands and weights",
    zh="排序的稳健性",
    en="How sure the ranks are",
)

ACCEPTABILITY = Contract(
    "acceptability",
    None,
    ("site_id", "weights", "rank", "scenario", "year"),
    {
        "site_id": text("park that bears a rank"),
        "weights": text(
            "whose weights: the plan's, or any", zh="权重", en="Weights", values=("plan", "any")
        ),
        "rank": whole("rank", low=1),
        **RUN_KEY,
        "share": share("share of the draws in which it has this rank", zh="比例", en="Share"),
    },
    meaning="share of the draws in which each park has each rank; of more than 50 parks the first 20 ranks, where the share is above 0",
    zh="各位次的可能性",
    en="Rank acceptability",
)

WEIGHT_RANGES = Contract(
    "weight_ranges",
    None,
    ("site_id", "criterion", "scenario", "year"),
    {
        "site_id": text("park that bears a rank"),
        "criterion": text("criterion"),
        **RUN_KEY,
        "weight": share("weight of the plan"),
        "central": share(
            "mean weight with which it is first; empty where it never is",
            zh="中心权重",
            en="Central weight",
            empty=True,
        ),
        "low": share(
            "least weight with which it is first, the others in proportion; empty where none is",
            empty=True,
        ),
        "high": share("greatest such weight", empty=True),
    },
    meaning="weights with which each park is first, criterion by criterion",
    zh="保持首位的权重",
    en="Weights that keep the first place",
)

AGREEMENT = Contract(
    "agreement",
    None,
    ("method", "other", "scenario", "year"),
    {
        "method": text("way to rank", zh="方法", en="Method"),
        "other": text("way to rank that it is held against", zh="对比方法", en="Other method"),
        **RUN_KEY,
        "n_sites": whole("parks that bear a rank in both", low=0),
        "kendall_tau": number(
            "Kendall's tau-b, 1 the same order",
            zh="Kendall τ",
            en="Kendall's tau",
            unit="1",
            low=-1,
            high=1,
            empty=True,
        ),
        "ws": number(
            "WS coefficient, in which the top counts most",
            zh="WS系数",
            en="WS coefficient",
            unit="1",
            low=0,
            high=1,
            empty=True,
        ),
        "same_first": text(
            "whether the same park is first", zh="首位相同", en="Same first", values=("yes", "no")
        ),
    },
    meaning="how alike the rankings of three methods are",
    zh="方法间的一致性",
    en="Agreement of methods",
)

EXPLANATIONS = Contract(
    "explanations",
    None,
    ("site_id", "kind", "measure_id", "scenario", "year"),
    {
        "site_id": text("park"),
        "kind": text(
            "what it tells: what lifted or held it against the mean of the ranked, the smallest "
            "change that takes it up a rank, which number is worth most to know",
            values=EXPLANATION_KINDS,
        ),
        "measure_id": text("measure"),
        **RUN_KEY,
        "place": whole("1 the greatest of its kind", low=1),
        "amount": number(
            "points of the score against the mean; rise of the measure's value; or share of the "
            "draws in which knowing it would change who is first",
            zh="幅度",
            en="Amount",
        ),
        "value": number("what was measured, in `unit`", empty=True),
        "needed": number(
            "what it would have to be, in `unit`", zh="所需数值", en="Value needed", empty=True
        ),
        "unit": text("unit of the measure"),
        **said("text", "in words"),
    },
    meaning="what lifted and held each park, its smallest step up, what is worth knowing of it",
    zh="得分解释",
    en="Explanations",
)

ANSWERS = Contract(
    "answers",
    None,
    ("question", "scenario", "year"),
    {
        "question": text("which question it answers", zh="问题", en="Question"),
        **RUN_KEY,
        "place": whole("order", low=1),
        **said("title", "the question"),
        **said("text", "the answer"),
    },
    meaning="the questions of a planner and their answers",
    zh="结论",
    en="Answers",
)

TABLES = (
    ROBUSTNESS,
    ACCEPTABILITY,
    WEIGHT_RANGES,
    AGREEMENT,
    EXPLANATIONS,
    ANSWERS,
    *what_if.TABLES,
)
