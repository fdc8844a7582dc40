"""What documents claim and rule, held against the data."""

from __future__ import annotations

from steppe.layers.columns import (
    RULE_STRENGTHS,
    RULE_VERDICTS,
    VERDICTS,
    Contract,
    number,
    said,
    text,
    whole,
)
from steppe.layers.contracts.documents import CLAIM

CLAIMS = Contract(
    "claims",
    None,
    ("claim_id",),
    {
        **CLAIM,
        **said("found", "what the data say", zh="数据显示", en="Found", empty=True),
        "verdict": text("verdict", values=VERDICTS),
        **said("reason", "why", zh="理由", en="Reason"),
        "source_ids": text(
            "sources of the check, separated by blanks", listed="blanks", empty=True
        ),
    },
    meaning="what documents claim, held against the data",
    zh="论断核查",
    en="Claims checked",
)

RULE_CHECKS = Contract(
    "rule_checks",
    None,
    ("scenario", "site_id", "rule_id"),
    {
        "scenario": text("the base, or a scenario in whose year other rules hold"),
        "year": whole("year in which the rule is held", unit="a"),
        "site_id": text("park"),
        "rule_id": text("rule, see rules"),
        "clause": text("clause of the document", empty=True),
        "edition": whole("year of the edition; empty: not known", unit="a", empty=True),
        "grade": text("grade of data centre that it is for; empty for all", empty=True),
        "measure": text("what it was held against", empty=True),
        "value": number("what was measured, in `unit`", empty=True),
        "low": number("least that it may be", empty=True),
        "high": number("most that it may be", empty=True),
        "comparison": text("how it was held against the threshold", empty=True),
        "threshold": number("threshold in `unit`", empty=True),
        "unit": text("unit", empty=True),
        "verdict": text("verdict", values=RULE_VERDICTS),
        "strength": text("how strongly the source words it", values=RULE_STRENGTHS),
        "confirmed": text("whether the text of the clause itself was read", values=("yes", "no")),
        "excludes": text(
            "whether it keeps the park from a rank",
            zh="是否排除",
            en="Excludes",
            values=("yes", "no"),
        ),
        **said("reason", "why", zh="理由", en="Reason"),
        "source_ids": text(
            "sources of the check, separated by blanks", listed="blanks", empty=True
        ),
    },
    meaning="clauses on siting, held against each park: what was measured, pass, fail or unknown, and why",
    zh="条款核对",
    en="Rules held against sites",
)

TABLES = (CLAIMS, RULE_CHECKS)
