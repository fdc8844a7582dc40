"""Where else: what a screening of the region takes away, and the sites that it proposes for a load."""

from __future__ import annotations

from dataclasses import replace

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    MAX_MW,
    NAMES,
    SOURCE,
    Contract,
    number,
    said,
    share,
    text,
    whole,
)
from steppe.layers.contracts import screenings
from steppe.layers.contracts.scores import MEASURES, SCORES

PROPOSED = "proposed"
"""Level and status of a site that nobody but a screening names."""

_SITE = text("proposed site", zh="候选地编号", en="Site id", names=("proposed_sites",))


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
        "land_score": share("mean score of its cells", "地块得分", "Score of the land"),
        "percentile": share(
            "share of the land that no clause takes which it scores above",
            "优于可用土地的比例",
            "Above so much of the free land",
        ),
        "acceptability": share(
            "share of drawn weights with which it is in the best 1 % of the free land",
            "居最优1%的权重占比",
            "In the best 1 %, share of weights",
            empty=True,
        ),
        "score": share(
            "score as the parks have it: the mean over the bands of what is known",
            "综合得分（已知部分）",
            "Score, of what is known",
            empty=True,
        ),
        "score_low": share(
            "score with every measure at its worse end", "得分下限", "Score, low", empty=True
        ),
        "score_high": share(
            "score with every measure at its better end", "得分上限", "Score, high", empty=True
        ),
        "coverage": share(
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
        "first_share": share(
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


RESULT_LAYERS = (PROPOSED_SITES, PROPOSED_AREAS)
TABLES = (PROPOSED_MEASURES, PROPOSED_SCORES, *screenings.TABLES)
