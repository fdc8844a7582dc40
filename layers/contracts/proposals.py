"""Where else: what a screening of the region takes away, and the sites that it proposes for a load."""

from __future__ import annotations

from dataclasses import replace

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    COMPARISONS,
    MAX_MW,
    NAMES,
    RULE_STRENGTHS,
    RUN_KEY,
    SOURCE,
    Column,
    Contract,
    number,
    said,
    text,
    whole,
)
from steppe.layers.contracts.scores import MEASURES, SCORES

PROPOSED = "proposed"
"""Level and status of a site that nobody but a screening names."""

_SITE = text("proposed site", zh="候选地编号", en="Site id", names=("proposed_sites",))


def _share(meaning: str, zh: str, en: str, *, empty: bool = False) -> Column:
    return number(meaning, zh=zh, en=en, unit="1", low=0, high=1, empty=empty)


PROPOSED_SITES = Contract(
    "proposed_sites",
    "point",
    ("site_id",),
    {
        "site_id": text("identifier; `proposed_1` is the best", zh="候选地编号", en="Site id"),
        **NAMES,
        "level": text("level; never that of a park that somebody names", values=(PROPOSED,)),
        "status": text("status", values=(PROPOSED,)),
        "place": whole("order in which it was found, the best land first", low=1),
        "demand_mw": number(
            "IT load that it is to hold, MW",
            zh="拟放置IT负荷（兆瓦）",
            en="IT load to be placed (MW)",
            unit="MW",
            low=0,
            high=MAX_MW,
        ),
        "area_ha": number(
            "area of its cells on the ellipsoid, hectares",
            zh="面积（公顷）",
            en="Area (ha)",
            unit="ha",
            low=0,
        ),
        "land_score": _share("mean score of its cells", "地块得分", "Score of the land"),
        "percentile": _share(
            "share of the land that no clause takes which it scores above",
            "优于可用土地的比例",
            "Above so much of the free land",
        ),
        "acceptability": _share(
            "share of drawn weights with which it is in the best 1 % of the free land",
            "居最优1%的权重占比",
            "In the best 1 %, share of weights",
            empty=True,
        ),
        "score": _share(
            "score as the parks have it: the mean over the bands of what is known",
            "综合得分（已知部分）",
            "Score, of what is known",
            empty=True,
        ),
        "score_low": _share(
            "score with every measure at its worse end", "得分下限", "Score, low", empty=True
        ),
        "score_high": _share(
            "score with every measure at its better end", "得分上限", "Score, high", empty=True
        ),
        "coverage": _share(
            "share of the weight that is known", "已知权重占比", "Known share of weight"
        ),
        "low_rank": whole(
            "rank at 5 % of the draws, held against the parks of the ranked level in the region and the other "
            "proposed sites, what is unknown of any drawn between the ends of its value function",
            zh="位次下限（九成抽样）",
            en="Rank, low (nine draws in ten)",
            low=1,
            empty=True,
        ),
        "high_rank": whole(
            "rank at 95 % of these draws",
            zh="位次上限（九成抽样）",
            en="Rank, high (nine draws in ten)",
            low=1,
            empty=True,
        ),
        "first_share": _share(
            "share of these draws in which it is first",
            "居首概率",
            "First, share of draws",
            empty=True,
        ),
        "n_compared": whole(
            "how many sites stand in these draws",
            zh="参比地点数",
            en="Sites compared",
            low=1,
            empty=True,
        ),
        "known_cost_cny_mw_year": number(
            "what of the cost of a usable megawatt and year is known, CNY",
            zh="已知成本（元/兆瓦·年）",
            en="Known cost (CNY/MW/a)",
            unit="CNY/MW/a",
            empty=True,
        ),
        "node_id": text("backbone node that it would hang on", names=("nodes",), empty=True),
        "feeder_id": text(
            "station that could feed it; its spare capacity is not known",
            zh="可供电变电站",
            en="Station that could feed it",
            names=("substations",),
            empty=True,
        ),
        "feeder_kv": number(
            "voltage of that station, kV",
            zh="变电站电压（千伏）",
            en="Its voltage (kV)",
            unit="kV",
            low=0,
            empty=True,
        ),
        "feeder_km": number(
            "how far that station is, km",
            zh="距变电站（公里）",
            en="How far it is (km)",
            unit="km",
            low=0,
            empty=True,
        ),
        "failed": text(
            "rules that it fails, separated by blanks",
            zh="不符合的规则",
            en="Rules failed",
            listed="blanks",
            empty=True,
        ),
        **said(
            "reason", "why it is proposed, and what is not known of it", zh="理由", en="Reasons"
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

PROPOSED_AREAS = Contract(
    "proposed_areas",
    "polygon",
    ("site_id",),
    {
        "site_id": _SITE,
        **NAMES,
        "area_ha": number(
            "area of its cells on the ellipsoid, hectares",
            zh="面积（公顷）",
            en="Area (ha)",
            unit="ha",
            low=0,
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

PROPOSED_MEASURES = replace(
    MEASURES,
    name="proposed_measures",
    columns={**MEASURES.columns, "site_id": _SITE},
    meaning="every measure of every proposed site, as the parks have them",
    zh="候选地指标",
    en="Measures of proposed sites",
)

PROPOSED_SCORES = replace(
    SCORES,
    name="proposed_scores",
    columns={
        **SCORES.columns,
        "site_id": _SITE,
        "level": text("level", values=(PROPOSED,)),
        "rank": whole("empty: a proposed site bears no rank of the parks", empty=True),
    },
    meaning="scores of the proposed sites by criterion and in total",
    zh="候选地得分",
    en="Scores of proposed sites",
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

RESULT_LAYERS = (PROPOSED_SITES, PROPOSED_AREAS)
TABLES = (PROPOSED_MEASURES, PROPOSED_SCORES, AREA_LOST, SCREENING)
