"""What is measured at every park, and what it scores."""

from __future__ import annotations

from steppe.layers.columns import (
    BANDS,
    MEASURE_STATUSES,
    PARK_LEVELS,
    RUN_KEY,
    Contract,
    number,
    said,
    text,
    whole,
)

MEASURES = Contract(
    "measures",
    None,
    ("site_id", "measure_id", "scenario", "year"),
    {
        "site_id": text("park"),
        "measure_id": text("measure"),
        **RUN_KEY,
        "criterion": text("criterion that it serves"),
        "value": number("value in `unit`; empty when unknown", empty=True),
        **said(
            "text", "value as text, for classes and names", zh="文字值", en="Text value", empty=True
        ),
        "unit": text("unit"),
        "low": number("lower end of the band", empty=True),
        "high": number("upper end of the band", empty=True),
        "band": text("what low and high are", values=BANDS),
        "status": text("how it is known", values=MEASURE_STATUSES),
        **said("reason", "why it is unknown or assumed", zh="理由", en="Reason", empty=True),
        "source_ids": text("sources, separated by blanks", listed="blanks", empty=True),
        **said("method", "method, see docs/model.md", zh="方法", en="Method", empty=True),
    },
    meaning="every measure of every park, with band, status, reason and sources",
    zh="指标",
    en="Measures",
)

SCORES = Contract(
    "scores",
    None,
    ("site_id", "criterion", "scenario", "year"),
    {
        "site_id": text("park"),
        "criterion": text("criterion, or `total`"),
        **RUN_KEY,
        "level": text("level of the park", values=PARK_LEVELS),
        "value": number(
            "score, 0 worst to 1 best: the mean over the bands; empty when unknown",
            unit="1",
            low=0,
            high=1,
            empty=True,
        ),
        "low": number(
            "score with every measure at its worse end", unit="1", low=0, high=1, empty=True
        ),
        "high": number(
            "score with every measure at its better end", unit="1", low=0, high=1, empty=True
        ),
        "weight": number(
            "weight of the criterion, summing to 1; 1 for `total`", unit="1", low=0, high=1
        ),
        "coverage": number(
            "share of the weight that is known",
            zh="已知权重占比",
            en="Known share of weight",
            unit="1",
            low=0,
            high=1,
        ),
        "rank": whole("rank in its level, only on `total` with full coverage", empty=True),
        "excluded_by": text(
            "rules that keep it from a rank, only on `total`, separated by blanks",
            zh="排除依据",
            en="Excluded by",
            listed="blanks",
            empty=True,
        ),
    },
    meaning="scores by criterion and in total",
    zh="得分",
    en="Scores",
)

TABLES = (MEASURES, SCORES)
