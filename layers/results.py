"""The contracts of what a plan comes to: measures, scores, latency, redundancy, claims, costs."""

from __future__ import annotations

from steppe.layers.answers import ANSWER_TABLES
from steppe.layers.columns import (
    ACCURACY,
    BANDS,
    COST_COMPONENTS,
    FIGURE_STANDINGS,
    MEASURE_STATUSES,
    NAMES,
    PARK_LEVELS,
    RISK_KINDS,
    RULE_STRENGTHS,
    RULE_VERDICTS,
    RUN_KEY,
    TARGET_VERDICTS,
    VERDICTS,
    Contract,
    number,
    text,
    whole,
)
from steppe.layers.contracts import FACTS, INPUT_LAYERS

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
        "excluded_by": text(
            "rules that keep it from a rank, only on `total`, separated by blanks", empty=True
        ),
    },
)

LATENCY = Contract(
    "latency",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": text("park or node"),
        "to_id": text("target node, or another park of the ranked level"),
        **RUN_KEY,
        "rtt_ms": number("round-trip time, glass and equipment, ms", low=0, empty=True),
        "rtt_low_ms": number("lower end, ms", low=0, empty=True),
        "rtt_high_ms": number("upper end, ms", low=0, empty=True),
        "one_way_ms": number("one way of it, ms", low=0, empty=True),
        "glass_rtt_ms": number("round trip in glass alone, ms", low=0, empty=True),
        "equipment_rtt_ms": number(
            "the rest: amplifiers, regenerators, ends, ms", low=0, empty=True
        ),
        "floor_rtt_ms": number("round trip on the geodesic in glass, ms", low=0),
        "floor_ratio": number("round trip over the floor; empty at no distance", low=0, empty=True),
        "class_id": text("tightest class met even at the upper end, see plan.toml", empty=True),
        "class_best_id": text("tightest class met at the lower end", empty=True),
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
        "effective_low": whole(
            "routes if all lie in the likeliest corridor; empty when unknown", empty=True, low=0
        ),
        "effective_high": whole(
            "routes if spread over the corridors that exist; empty when unknown", empty=True, low=0
        ),
        "reason": text("why a range"),
        "evidence": text("corridors that they share, separated by blanks", empty=True),
        "risk_ids": text("risks that their cables share, separated by blanks", empty=True),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
)

DISJOINT = Contract(
    "disjoint",
    None,
    ("from_id", "to_id", "apart", "route", "scenario", "year"),
    {
        "from_id": text("node"),
        "to_id": text("target node"),
        "apart": text(
            "in what the routes are apart", values=("cables", "nodes", "risks", "distance")
        ),
        "route": whole("1 the shorter, 2 the longer", low=1),
        **RUN_KEY,
        "rtt_ms": number("round-trip time over this route, ms", low=0),
        "route_km": number("length of the route, km", low=0),
        "path": text("cables of the route, separated by blanks"),
        "shared": text(
            "cables and risks that both routes use all the same, separated by blanks", empty=True
        ),
    },
)

RISKS = Contract(
    "risks",
    "point",
    ("risk_id",),
    {
        "risk_id": text("identifier"),
        "kind": text("what is shared", values=RISK_KINDS),
        **NAMES,
        "cables": text("cables that share it, separated by blanks"),
        "n_cables": whole("how many they are", low=2),
        "standing": text("said: a source puts two of them there", values=("said", "assumed")),
        "km": number("length of what is shared, km; 0 at a point", low=0),
        "within_km": number("how near they are to each other, km", low=0),
        "evidence_zh": text("the measured fact, Chinese"),
        "evidence_en": text("the measured fact, English"),
        **ACCURACY,
    },
)

CUTS = Contract(
    "cuts",
    None,
    ("cut_id", "to_id", "scenario", "year"),
    {
        "cut_id": text("what falls: kind and id, two joined by +"),
        "to_id": text("target that the parks are to reach"),
        **RUN_KEY,
        "n_units": whole("things that fall, 1 or 2", low=1),
        "rank": whole(
            "place among the worst of so many things, 1 the worst; empty beyond", empty=True, low=1
        ),
        **NAMES,
        "kinds": text("what kind of thing falls, one or two, separated by blanks"),
        "cables": text("cables that fall, separated by blanks"),
        "n_isolated": whole("parks of the ranked level cut off from the target", low=0),
        "isolated": text("their nodes, separated by blanks", empty=True),
        "n_slower": whole("parks of the ranked level whose round trip grows", low=0),
        "slower": text("their nodes, separated by blanks", empty=True),
        "worst_id": text("node whose round trip grows most", empty=True),
        "worst_before_ms": number("its round trip before, ms", low=0, empty=True),
        "worst_after_ms": number("its round trip after, ms", low=0, empty=True),
    },
)

TRIPS = Contract(
    "calibration",
    None,
    ("trip_id",),
    {
        "trip_id": text("published round trip, see round_trips"),
        "from_zh": text("place at the one end, Chinese"),
        "from_en": text("place at the one end, English"),
        "to_zh": text("place at the other end, Chinese"),
        "to_en": text("place at the other end, English"),
        "kind": text("what it is of", values=("service", "internet")),
        "rtt_ms": number("round trip as published, ms", low=0),
        "floor_rtt_ms": number("round trip on the geodesic in glass, ms", low=0),
        "floor_ratio": number("published over floor; empty at no distance", low=0, empty=True),
        "rule_rtt_ms": number("round trip by the planning rule, ms", low=0),
        "rule_residual_pct": number("published less the rule, % of the published", empty=True),
        "model_rtt_ms": number("round trip over the plan's backbone, ms", low=0, empty=True),
        "model_low_ms": number("lower end, ms", low=0, empty=True),
        "model_high_ms": number("upper end, ms", low=0, empty=True),
        "model_residual_pct": number("published less the model, % of the published", empty=True),
        "source_id": text("source of the published figure"),
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

RULE_CHECKS = Contract(
    "rule_checks",
    None,
    ("site_id", "rule_id"),
    {
        "site_id": text("park"),
        "rule_id": text("rule, see rules"),
        "clause": text("clause of the document", empty=True),
        "edition": whole("year of the edition"),
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
        "excludes": text("whether it keeps the park from a rank", values=("yes", "no")),
        "reason": text("why"),
        "source_ids": text("sources of the check, separated by blanks", empty=True),
    },
)

LOADS = Contract(
    "loads",
    None,
    ("subject_id", "said_in", "counted"),
    {
        "subject_id": text("park, city or outline"),
        "said_in": text("figure that says so, see figures; or parks"),
        "counted": text("what is counted", values=("it_load_mw", "racks", "servers")),
        "year": whole("year that the document speaks of"),
        "standing": text("what it is", values=FIGURE_STANDINGS),
        "number": number("how many", low=0),
        "it_mw": number("IT load, MW", low=0, empty=True),
        "energy_gwh": number("energy a year, GWh", low=0, empty=True),
        "energy_low_gwh": number("lower end, GWh", low=0, empty=True),
        "energy_high_gwh": number("upper end, GWh", low=0, empty=True),
        "water_m3": number("water a year, m³", low=0, empty=True),
        "water_low_m3": number("lower end, m³", low=0, empty=True),
        "water_high_m3": number("upper end, m³", low=0, empty=True),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "reason": text("how it was found, or why it is unknown"),
        "source_ids": text("sources, separated by blanks"),
    },
)

TARGET_CHECKS = Contract(
    "target_checks",
    None,
    ("figure_id", "level"),
    {
        "figure_id": text("target, see figures"),
        "level": text("level of the parks that are added up", values=PARK_LEVELS),
        "year": whole("year of the target"),
        **NAMES,
        "quantity": text("what is counted"),
        "target": number("target, in `unit`"),
        "unit": text("unit"),
        "n_parks": whole("parks of the level that the target speaks of", low=0),
        "n_told": whole("how many of them tell", low=0),
        "told": number("what these add up to, in `unit`", low=0),
        "verdict": text("verdict", values=TARGET_VERDICTS),
        "reason": text("why"),
        "source_ids": text("sources, separated by blanks"),
    },
)

COSTS = Contract(
    "costs",
    None,
    ("site_id", "component", "scenario", "year"),
    {
        "site_id": text("park"),
        "component": text("what is paid, or a sum of it", values=COST_COMPONENTS),
        **RUN_KEY,
        "cost_cny_mw_year": number(
            "CNY for a usable (IT) megawatt and year; empty when unknown", low=0, empty=True
        ),
        "low_cny_mw_year": number("the same with every input at its cheap end", low=0, empty=True),
        "high_cny_mw_year": number("the same with every input at its dear end", low=0, empty=True),
        "band": text("what low and high are", values=("range", "none")),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "missing": text(
            "only on sums: components that are not known, separated by blanks", empty=True
        ),
        "reason": text("what it is made of, or what input lacks"),
        "source_ids": text("sources, separated by blanks", empty=True),
        "method": text("method, see docs/model.md"),
    },
)

BREAK_EVENS = Contract(
    "break_evens",
    None,
    ("site_id", "other_id", "scenario", "year"),
    {
        "site_id": text("park, of the ranked level and in the region"),
        "other_id": text("park that it is to cost the same as"),
        **RUN_KEY,
        "pue_ratio": number(
            "PUE of the other over its own: power may cost so many times as much here", empty=True
        ),
        "rest_cny_kwh": number(
            "what power may cost more for what else is known at both, CNY/kWh", empty=True
        ),
        "compared": text("what that is, separated by blanks", empty=True),
        "missing": text(
            "what is not known at one of the two or at both, separated by blanks", empty=True
        ),
        "energy_cny_kwh": number(
            "price here at which the energy alone costs what it does there, CNY/kWh", empty=True
        ),
        "price_cny_kwh": number(
            "price here at which everything does, CNY/kWh; empty while something is missing",
            empty=True,
        ),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "reason": text("in words, or why it is unknown"),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
)

RESULT_TABLES: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        MEASURES,
        SCORES,
        LATENCY,
        REDUNDANCY,
        DISJOINT,
        CUTS,
        TRIPS,
        CLAIMS,
        RULE_CHECKS,
        COSTS,
        BREAK_EVENS,
        LOADS,
        TARGET_CHECKS,
        *ANSWER_TABLES,
        FACTS,
    )
}

LAYERS: dict[str, Contract] = {**INPUT_LAYERS, RISKS.name: RISKS}
"""Layers that a plan reads, and those that it comes to."""
