"""What documents say: figures, rules, terms of supply, round trips, claims, facts."""

from __future__ import annotations

from steppe.layers.columns import (
    AS_OF,
    COMPARISONS,
    FACT_KINDS,
    FIGURE_STANDINGS,
    MAX_KV,
    NAMES,
    PLACES,
    POWER_FIELDS,
    RULE_STRENGTHS,
    SOURCE,
    YEARS,
    Contract,
    number,
    text,
    whole,
)

MAX_TERM = 1e6
MAX_VALUE = 1e18

FIGURES = Contract(
    "figures",
    None,
    ("figure_id",),
    {
        "figure_id": text("identifier"),
        **NAMES,
        "subject": text(
            "region, city or park that it is of",
            zh="对象",
            en="Subject",
            names=(*PLACES, "countries"),
        ),
        "quantity": text("what is counted; figures of different quantities make no series"),
        "value": number("value in `unit`", low=-MAX_VALUE, high=MAX_VALUE),
        "bound": text(
            "how the source words it",
            zh="措辞",
            en="As worded",
            values=("exactly", "about", "over", "under"),
        ),
        "unit": text("unit"),
        "year": whole("year that it speaks of", low=YEARS[0], high=YEARS[1], unit="a"),
        "standing": text("what it is", values=FIGURE_STANDINGS),
        **SOURCE,
        **AS_OF,
    },
    meaning="figures of the documents, each of its own year",
    zh="文件数字",
    en="Figures of the documents",
    is_passed_on=True,
)

RULES = Contract(
    "rules",
    None,
    ("rule_id",),
    {
        "rule_id": text("identifier"),
        **NAMES,
        "kind": text("what it bears on", values=("siting", "efficiency", "role", "cost")),
        "strength": text(
            "how strongly the source words it",
            values=RULE_STRENGTHS,
        ),
        "applies_to": text(
            "park, city or region ids, separated by blanks; * for every park",
            zh="适用对象",
            en="Applies to",
            names=(*PLACES, "everywhere"),
            listed="blanks",
        ),
        "threshold": number("threshold in `unit`", low=-MAX_VALUE, high=MAX_VALUE, empty=True),
        "unit": text("unit of the threshold", empty=True),
        "region": text(
            "for `named`: region or places whose other parks break the clause",
            zh="约束范围",
            en="Holds within",
            names=(*PLACES, "everywhere"),
            listed="blanks",
            empty=True,
        ),
        "edition": whole(
            "year of the edition, from which on it holds; empty: not known, held in every year",
            low=YEARS[0],
            high=YEARS[1],
            unit="a",
            empty=True,
        ),
        "superseded_by": text(
            "rules of later editions that take its place, separated by blanks",
            zh="已被取代",
            en="Superseded by",
            names=("rules",),
            listed="blanks",
            empty=True,
        ),
        "clause": text("clause of the document", empty=True),
        "grade": text("grade of data centre that it is for; empty for all", empty=True),
        "measure": text("what it is held against, see docs/plans.md", empty=True),
        "comparison": text(
            f"how it is held against it: {', '.join(COMPARISONS)}; named: a park that "
            "`applies_to` names keeps it, any other of `region` breaks it (from the threshold on)",
            empty=True,
        ),
        "condition": text(
            "what it hangs on that no layer tells", zh="适用前提", en="Condition", empty=True
        ),
        "confirmed": text("whether the text of the clause itself was read: yes, no", empty=True),
        "confirmation": text("who read what", zh="核对说明", en="Who read what", empty=True),
        **SOURCE,
        **AS_OF,
    },
    meaning="rules of the documents, each of its own edition",
    zh="文件规则",
    en="Rules of the documents",
    is_passed_on=True,
)

POWER_TERMS = Contract(
    "power_terms",
    None,
    ("term_id",),
    {
        "term_id": text("identifier", zh="条件编号", en="Term id"),
        "field": text("what is told", values=POWER_FIELDS),
        "park_id": text("park that it is of; empty for a whole grid", names=("parks",), empty=True),
        "grid": text(
            "grid that it is of, as substations write it",
            names=("substations.grid", "plants.grid"),
            empty=True,
        ),
        "voltage_kv": number(
            "voltage of the supply that it is of, kV", low=0.1, high=MAX_KV, unit="kV", empty=True
        ),
        "value": number("value in `unit`; direct supply: 1 yes, 0 no", low=0, high=MAX_TERM),
        "unit": text("unit", values=("MW", "1", "CNY/kWh", "kg/MWh")),
        "reason": text("what is to be known about it", empty=True),
        **SOURCE,
        **AS_OF,
    },
    zh="供电条件",
    en="Terms of supply",
)

ROUND_TRIPS = Contract(
    "round_trips",
    None,
    ("trip_id",),
    {
        "trip_id": text("identifier"),
        "from_zh": text("place at the one end, Chinese"),
        "from_en": text("place at the one end, English"),
        "from_node": text("its node; empty outside the backbone", names=("nodes",), empty=True),
        "from_lon": number(
            "its longitude where it is no node, degrees",
            zh="起点经度",
            en="Longitude of the start",
            low=-180,
            high=180,
            unit="deg",
            empty=True,
        ),
        "from_lat": number(
            "its latitude where it is no node, degrees",
            zh="起点纬度",
            en="Latitude of the start",
            low=-90,
            high=90,
            unit="deg",
            empty=True,
        ),
        "to_zh": text("place at the other end, Chinese"),
        "to_en": text("place at the other end, English"),
        "to_node": text("its node; empty outside the backbone", names=("nodes",), empty=True),
        "to_lon": number(
            "its longitude where it is no node, degrees",
            zh="终点经度",
            en="Longitude of the end",
            low=-180,
            high=180,
            unit="deg",
            empty=True,
        ),
        "to_lat": number(
            "its latitude where it is no node, degrees",
            zh="终点纬度",
            en="Latitude of the end",
            low=-90,
            high=90,
            unit="deg",
            empty=True,
        ),
        "rtt_ms": number("round trip as published, ms", low=0.001, high=10_000, unit="ms"),
        "kind": text("what it is of", values=("service", "internet")),
        **SOURCE,
        **AS_OF,
    },
    zh="公布的往返时延",
    en="Round trips as published",
)

CLAIM = {
    "claim_id": text("identifier"),
    "source_id": text("document"),
    "place_in_text": text("chapter and section"),
    "text_zh": text("the claim as written"),
    "text_en": text("the claim in English"),
}
"""What a claim is, as it was read and as it was checked."""

CLAIM_TEXTS = Contract(
    "claim_texts",
    None,
    ("claim_id",),
    {
        **CLAIM,
        "check": text("the check that is run", zh="核查方法", en="Check", empty=True),
        "low": number(
            "lower bound of what is claimed, in the check's unit",
            low=-MAX_VALUE,
            high=MAX_VALUE,
            empty=True,
        ),
        "high": number(
            "upper bound of what is claimed", low=-MAX_VALUE, high=MAX_VALUE, empty=True
        ),
        "unit": text("unit of the bounds", empty=True),
        "reason": text("why it cannot be checked", empty=True),
    },
    zh="论断原文",
    en="Claims as written",
)

FACTS = Contract(
    "facts",
    None,
    ("layer", "id", "field", "source_id"),
    {
        "layer": text("layer that the value belongs to", zh="图层", en="Layer"),
        "id": text("row"),
        "field": text("column"),
        "value": text("the value as text"),
        "unit": text("unit", empty=True),
        "source_id": text("source, see sources.toml"),
        "place_in_text": text("where in the source", empty=True),
        "kind": text("how it is known", values=FACT_KINDS),
        "reason": text("why, for derived and assumed values", empty=True),
    },
    zh="事实",
    en="Facts",
    has_csv=False,
)

TABLES = (FIGURES, RULES, POWER_TERMS, ROUND_TRIPS, CLAIM_TEXTS)
