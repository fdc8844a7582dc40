"""What a plan decides: how sure each rank is, why, and what would change it."""

from __future__ import annotations

from steppe.layers.columns import (
    ASSUMED_KINDS,
    CHANGE_KINDS,
    EXPLANATION_KINDS,
    NAMES,
    PARK_LEVELS,
    RUN_KEY,
    TURNS,
    Column,
    Contract,
    number,
    said,
    text,
    whole,
)


def _share(meaning: str, *, zh: str = "", en: str = "", empty: bool = False) -> Column:
    """Return a column of shares, 0 to 1."""
    return number(meaning, zh=zh, en=en, low=0, high=1, unit="1", empty=empty)


ROBUSTNESS = Contract(
    "robustness",
    None,
    ("site_id", "scenario", "year"),
    {
        "site_id": text("park that bears a rank"),
        **RUN_KEY,
        "level": text("level of the park", values=PARK_LEVELS),
        "rank": whole("rank by the weighted sum of expected values", low=1),
        "score": _share("the weighted sum of expected values, 0 worst to 1 best"),
        "at_values_rank": whole(
            "rank by the values of the numbers themselves, their bands left out",
            zh="按中值的位次",
            en="Rank by middle values",
            low=1,
        ),
        "at_values": _share(
            "the weighted sum of these values", zh="按中值的得分", en="Score by middle values"
        ),
        "topsis_rank": whole(
            "rank by TOPSIS with fixed ends", zh="TOPSIS位次", en="Rank by TOPSIS", low=1
        ),
        "topsis": _share(
            "closeness by TOPSIS, 0 worst to 1 best", zh="TOPSIS贴近度", en="Closeness by TOPSIS"
        ),
        "first_share": _share(
            "share of the draws in which it is first: the plan's weights, bands drawn"
        ),
        "low_rank": whole(
            "rank at 5 % of these draws", zh="位次下限（5%）", en="Rank at 5 % of draws", low=1
        ),
        "high_rank": whole(
            "rank at 95 % of these draws", zh="位次上限（95%）", en="Rank at 95 % of draws", low=1
        ),
        "first_share_any": _share(
            "the same with every possible weight as likely as any other",
            zh="居首概率（任意权重）",
            en="First, share with any weights",
        ),
        "first_share_assumed": _share(
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
        "confidence": _share(
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
        "share": _share("share of the draws in which it has this rank", zh="比例", en="Share"),
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
        "weight": _share("weight of the plan"),
        "central": _share(
            "mean weight with which it is first; empty where it never is",
            zh="中心权重",
            en="Central weight",
            empty=True,
        ),
        "low": _share(
            "least weight with which it is first, the others in proportion; empty where none is",
            empty=True,
        ),
        "high": _share("greatest such weight", empty=True),
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

SCENARIOS = Contract(
    "scenarios",
    None,
    ("scenario",),
    {
        "scenario": text("name in plan.toml"),
        "title_zh": text("title, Chinese"),
        "title_en": text("title, English"),
        "why_zh": text(
            "why it is asked, Chinese", zh="原因（中文）", en="Why, Chinese", empty=True
        ),
        "why_en": text(
            "why it is asked, English", zh="原因（英文）", en="Why, English", empty=True
        ),
        "year": whole("year", unit="a"),
        "n_sites": whole("parks of the ranked level", low=0),
        "n_ranked": whole(
            "how many of them bear a rank", zh="参评园区数", en="Parks ranked", low=0
        ),
        "first_id": text(
            "park that is first; of several the first by id",
            zh="首位园区",
            en="First park",
            empty=True,
        ),
        "score": _share("its score", empty=True),
        "first_share": _share(
            "share of the draws of bands in which it, or one level with it, is first", empty=True
        ),
        "n_changes": whole(
            "what differs from the base, see changes", zh="差异数", en="Changes", low=0
        ),
    },
    meaning="who is first in each scenario, and how surely",
    zh="情景",
    en="Scenarios",
)

CHANGES = Contract(
    "changes",
    None,
    ("scenario", "kind", "id", "quantity"),
    {
        "scenario": text("scenario that is held against the base"),
        "kind": text("what differs", values=CHANGE_KINDS),
        "id": text("park, node or target"),
        **NAMES,
        "quantity": text("which number of it"),
        "before": number(
            "in the base; empty when unknown or not there", zh="基准值", en="Before", empty=True
        ),
        "after": number(
            "in the scenario; empty when unknown or not there", zh="情景值", en="After", empty=True
        ),
        "unit": text("unit"),
    },
    meaning="every number that a scenario changes, before and after",
    zh="情景差异",
    en="What scenarios change",
)

ASSUMPTIONS = Contract(
    "assumptions",
    None,
    ("parameter", "scenario", "year"),
    {
        "parameter": text(
            "key of the number in plan.toml, or `towns.TOWN.pga_g`", zh="参数", en="Parameter"
        ),
        **RUN_KEY,
        "place": whole(
            "1 the number that lowers the lead most; those held fixed last",
            zh="序号", en="Place", low=1,
        ),
        "kind": text(
            "what it is: a weight among criteria, a share within one, a number of a value function, "
            "a setting of what is measured, the class of the ground at a town",
            zh="类别", en="Kind", values=ASSUMED_KINDS,
        ),
        **said("title", "what it is called", zh="名称", en="Name"),
        "value": number("what the plan has, in `unit`"),
        "low": number("least that it may be; empty where it is held fixed", empty=True),
        "high": number("most that it may be", empty=True),
        "unit": text("unit; 1 for shares and where the key tells it"),
        **said("reason", "why it may be so", zh="理由", en="Reason", empty=True),
        "lead": number(
            "lead of the first park over the next as it is, points of the score",
            zh="现领先", en="Lead now", unit="1", empty=True,
        ),
        "lead_low": number(
            "lead at the low end, all else as it is; negative where another park is first",
            zh="取下限时的领先", en="Lead at the low end", unit="1", empty=True,
        ),
        "lead_high": number(
            "lead at the high end", zh="取上限时的领先", en="Lead at the high end", unit="1",
            empty=True,
        ),
        "turns": text(
            "whether another park is first anywhere in the range; held where it has none",
            zh="是否改变首位", en="Turns the first place", values=TURNS,
        ),
        "turn": number(
            "number nearest to the present one beyond which another park is first, in `unit`",
            zh="翻转值", en="Turning number", empty=True,
        ),
        "new_first_id": text(
            "park that is first beyond it", zh="新首位园区", en="New first park", empty=True
        ),
    },
    meaning="every assumed number moved alone over its range: what that does to the lead of the "
    "first park, and what turns it; of more than 50 parks settings are moved at the first 20 alone",
    zh="假定数值的影响",
    en="What the first place hangs on",
)  # fmt: skip

SPREAD = Contract(
    "spread",
    None,
    ("measure_id", "scenario", "year"),
    {
        "measure_id": text("scored measure"),
        **RUN_KEY,
        "criterion": text("criterion that it serves"),
        "weight": _share("its weight in the whole"),
        "share": number(
            "share of the variance of the totals of ranked parks that it makes, summing to 1; negative "
            "where it evens out what others set apart; empty where nothing sets them apart",
            zh="离散度占比", en="Share of the spread", unit="1", empty=True,
        ),
    },
    meaning="how much of what sets the ranked parks apart each measure makes",
    zh="差距的来源",
    en="What sets the parks apart",
)  # fmt: skip

TABLES = (
    ROBUSTNESS,
    ACCEPTABILITY,
    WEIGHT_RANGES,
    AGREEMENT,
    EXPLANATIONS,
    ANSWERS,
    SCENARIOS,
    CHANGES,
    ASSUMPTIONS,
    SPREAD,
)
