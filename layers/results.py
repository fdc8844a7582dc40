"""The contracts of what a plan comes to: measures, scores, latency, redundancy, claims."""

from __future__ import annotations

from layers.columns import (
    BANDS,
    MEASURE_STATUSES,
    PARK_LEVELS,
    RUN_KEY,
    VERDICTS,
    Contract,
    number,
    text,
    whole,
)
from layers.contracts import FACTS

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
        "text": text("value as text, for classes and names", empty=True),
        "unit": text("unit"),
        "low": number("lower end of the band", empty=True),
        "high": number("upper end of the band", empty=True),
        "band": text("what low and high are", values=BANDS),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "reason": text("why it is unknown or assumed", empty=True),
        "source_ids": text("sources, separated by blanks", empty=True),
        "method": text("method, see docs/model.md", empty=True),
    },
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
        "value": number("score, 0 worst to 1 best; empty when unknown", low=0, high=1, empty=True),
        "low": number("score with every measure at its worse end", low=0, high=1, empty=True),
        "high": number("score with every measure at its better end", low=0, high=1, empty=True),
        "weight": number("weight of the criterion, summing to 1; 1 for `total`", low=0, high=1),
        "coverage": number("share of the weight that is known", low=0, high=1),
        "rank": whole("rank in its level, only on `total` with full coverage", empty=True),
    },
)

LATENCY = Contract(
    "latency",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": text("park or node"),
        "to_id": text("target node"),
        **RUN_KEY,
        "rtt_ms": number("round-trip time in glass, ms", low=0, empty=True),
        "rtt_low_ms": number("lower end, ms", low=0, empty=True),
        "rtt_high_ms": number("upper end, ms", low=0, empty=True),
        "floor_rtt_ms": number("round trip on the geodesic in glass, ms", low=0),
        "route_km": number("length of the route, km", low=0, empty=True),
        "path": text("cables of the route, separated by blanks", empty=True),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "reason": text("why unknown or assumed", empty=True),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
)

REDUNDANCY = Contract(
    "redundancy",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": text("node"),
        "to_id": text("target node"),
        **RUN_KEY,
        "nominal_low": whole("cables that join the two themselves, sure ones only", low=0),
        "nominal_high": whole("the same with every reading of the text", low=0),
        "to_cut_low": whole("cables to cut, each counted by itself, sure ones only", low=0),
        "to_cut_high": whole("the same with every reading of the text", low=0),
        "effective_low": whole("routes if all lie in the likeliest corridor", low=0),
        "effective_high": whole("routes if spread over the corridors that exist", low=0),
        "reason": text("why a range"),
        "evidence": text("corridors that they share, separated by blanks", empty=True),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
)

CLAIMS = Contract(
    "claims",
    None,
    ("claim_id",),
    {
        "claim_id": text("identifier"),
        "source_id": text("document"),
        "place_in_text": text("chapter and section"),
        "text_zh": text("the claim as written"),
        "text_en": text("the claim in English"),
        "found": text("what the data say", empty=True),
        "verdict": text("verdict", values=VERDICTS),
        "reason": text("why"),
        "source_ids": text("sources of the check, separated by blanks", empty=True),
    },
)

RESULT_TABLES: dict[str, Contract] = {
    contract.name: contract for contract in (MEASURES, SCORES, LATENCY, REDUNDANCY, CLAIMS, FACTS)
}
