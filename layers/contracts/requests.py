"""Whether sites can carry the load that a plan wants to place."""

from __future__ import annotations

from steppe.layers.columns import (
    MAX_MW,
    REQUEST_TESTS,
    REQUEST_VERDICTS,
    RUN_KEY,
    YEARS,
    Contract,
    number,
    said,
    text,
    whole,
)

REQUESTS = Contract(
    "requests",
    None,
    ("site_id", "test", "scenario", "year"),
    {
        "site_id": text("park"),
        "test": text("what is tested, or `total`", zh="检验项", en="Test", values=REQUEST_TESTS),
        **RUN_KEY,
        "demand_mw": number(
            "IT load that is wanted, MW",
            zh="需求（IT负荷，兆瓦）",
            en="Demand (IT load, MW)",
            unit="MW",
            low=0,
            high=MAX_MW,
        ),
        "wanted_year": whole(
            "year by which it is wanted; empty when the plan names none",
            zh="期望年份",
            en="Wanted by",
            unit="a",
            low=YEARS[0],
            empty=True,
        ),
        "verdict": text("verdict", values=REQUEST_VERDICTS),
        "can_mw": number(
            "IT load up to which the test says can, MW; empty when no load is sure, or the test "
            "hangs on none",
            zh="可承载上限（兆瓦）",
            en="Can, up to (MW)",
            unit="MW",
            low=0,
            empty=True,
        ),
        "cannot_mw": number(
            "IT load beyond which it says cannot, MW; empty when none is",
            zh="不可承载起点（兆瓦）",
            en="Cannot, beyond (MW)",
            unit="MW",
            low=0,
            empty=True,
        ),
        **said("reason", "what it rests on, and what to ask", zh="理由", en="Reason"),
        "source_ids": text("sources, separated by blanks", listed="blanks", empty=True),
    },
    meaning="whether each park can carry the load of `[request]`, test by test, and in all; empty without one",
    zh="需求核对",
    en="The request, park by park",
)

TABLES = (REQUESTS,)
