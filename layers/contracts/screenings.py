"""What a screening of the region came to: the area that each clause takes, and the whole."""

from __future__ import annotations

from steppe.layers.columns import (
    COMPARISONS,
    MAX_MW,
    RULE_STRENGTHS,
    RUN_KEY,
    Column,
    Contract,
    number,
    said,
    text,
    whole,
)


def _km2(meaning: str, zh: str, en: str) -> Column:
    return number(meaning, zh=zh, en=en, unit="km2", low=0)


AREA_LOST = Contract(
    "area_lost",
    None,
    ("place",),
    {
        "place": whole("order, the strongest first", low=1),
        "rule_id": text("rule of the table of rules, or clause of `[screening]`"),
        "clause": text("clause"),
        **said("name", "what it asks", zh="要求", en="What it asks"),
        "strength": text("how strong it is", values=("assumed", *RULE_STRENGTHS)),
        "measure": text("measure that it is held against"),
        "comparison": text("comparison", values=COMPARISONS, empty=True),
        "threshold": number("threshold in `unit`; empty where the clause gives none", empty=True),
        "unit": text("unit; empty where nothing measures it", empty=True),
        "kills": text(
            "whether no site may lie where it is broken",
            zh="是否排除",
            en="Takes land",
            values=("yes", "no", "relaxed"),
        ),
        "lost_km2": _km2("what breaks it, km2", "排除面积（平方公里）", "Lost (km²)"),
        "alone_km2": _km2(
            "what no other killing clause breaks, km2",
            "仅由其排除（平方公里）",
            "Lost to it alone (km²)",
        ),
        "jointly_km2": _km2(
            "what others break too, km2", "与其他规则共同排除（平方公里）", "Lost jointly (km²)"
        ),
        "unknown_km2": _km2(
            "where nobody knows whether it is broken, km2",
            "无法核查（平方公里）",
            "Not known (km²)",
        ),
        "confirmed": text("whether its own text was read", values=("yes", "no")),
        **said("reason", "why no cell can be told", zh="理由", en="Reason", empty=True),
        "source_id": text("source; empty where it is assumed", empty=True),
    },
    meaning="what of the region each clause takes from a screening",
    zh="各规则排除的面积",
    en="Area lost per rule",
)

SCREENING = Contract(
    "screening",
    None,
    ("scenario", "year"),
    {
        **RUN_KEY,
        "demand_mw": number(
            "IT load that sites were looked for, MW",
            zh="拟放置IT负荷（兆瓦）",
            en="IT load to be placed (MW)",
            unit="MW",
            low=0,
            high=MAX_MW,
        ),
        "spacing_km": number(
            "least distance between the middles of two sites, km",
            zh="最小间距（公里）",
            en="Spacing (km)",
            unit="km",
            low=0,
        ),
        "cell_m": number("side of a cell, m", zh="网格边长（米）", en="Cell (m)", unit="m", low=0),
        "shown_m": number(
            "cells of the surfaces that map and project show, about, m",
            zh="展示网格边长（米）",
            en="Cell as shown (m)",
            unit="m",
            low=0,
        ),
        "region_km2": _km2("area of the region, km2", "全区面积（平方公里）", "Region (km²)"),
        "lost_km2": _km2(
            "of it lost to killing clauses, km2", "排除面积（平方公里）", "Lost (km²)"
        ),
        "unknown_km2": _km2(
            "of it not lost, and some killing clause not known, km2",
            "无法核查（平方公里）",
            "Not known (km²)",
        ),
        "kept_km2": _km2(
            "of it kept for certain, km2", "确定保留（平方公里）", "Kept for certain (km²)"
        ),
        "n_parks": whole(
            "named parks of the ranked level in the region",
            zh="已有园区数",
            en="Named parks",
            low=0,
        ),
        "n_cities": whole("their cities", zh="城市数", en="Cities", low=0),
        "auc": number(
            "chance that a named park scores above a random free cell",
            zh="高于随机土地的概率",
            en="Chance to score above random land",
            unit="1",
            low=0,
            high=1,
            empty=True,
        ),
        "auc_low": number(
            "lower end, 95 %, whole cities drawn again",
            zh="概率下限",
            en="Chance, low",
            unit="1",
            low=0,
            high=1,
            empty=True,
        ),
        "auc_high": number(
            "upper end", zh="概率上限", en="Chance, high", unit="1", low=0, high=1, empty=True
        ),
        "pue_off_at_most": number(
            "greatest error of the surface of PUE at a place that its fit did not know",
            zh="PUE最大偏差",
            en="PUE off at most",
            unit="1",
            low=0,
            empty=True,
        ),
        "wue_off_at_most": number(
            "the same of WUE, L/kWh",
            zh="WUE最大偏差（升/千瓦时）",
            en="WUE off at most (L/kWh)",
            unit="L/kWh",
            low=0,
            empty=True,
        ),
        "free_cooling_off_at_most": number(
            "the same of hours of free cooling, h",
            zh="自然冷却时数最大偏差（小时）",
            en="Free cooling off at most (h)",
            unit="h",
            low=0,
            empty=True,
        ),
    },
    meaning="what a screening of the region came to, and whether the named parks score above random land",
    zh="全区筛查",
    en="Screening of the region",
)

TABLES = (AREA_LOST, SCREENING)
