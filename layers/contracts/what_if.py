"""What would change the answer: scenarios, assumed numbers, and what sets the parks apart."""

from __future__ import annotations

from steppe.layers.columns import (
    ASSUMED_KINDS,
    CHANGE_KINDS,
    NAMES,
    RUN_KEY,
    TURNS,
    Contract,
    number,
    said,
    share,
    text,
    whole,
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
        "score": share("its score", empty=True),
        "first_share": share(
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
        "weight": share("its weight in the whole"),
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

TABLES = (SCENARIOS, CHANGES, ASSUMPTIONS, SPREAD)
