"""What parks cost and use, and what documents aim at."""

from __future__ import annotations

from steppe.layers.columns import (
    COST_COMPONENTS,
    FIGURE_STANDINGS,
    MEASURE_STATUSES,
    NAMES,
    PARK_LEVELS,
    RUN_KEY,
    TARGET_VERDICTS,
    Contract,
    number,
    said,
    text,
    whole,
)

COSTS = Contract(
    "costs",
    None,
    ("site_id", "component", "scenario", "year"),
    {
        "site_id": text("park"),
        "component": text(
            "what is paid, or a sum of it", zh="成本分项", en="Component", values=COST_COMPONENTS
        ),
        **RUN_KEY,
        "cost_cny_mw_year": number(
            "CNY for a usable (IT) megawatt and year; empty when unknown",
            zh="成本（元/兆瓦·年）",
            en="Cost (CNY per MW and year)",
            unit="CNY/MW/a",
            low=0,
            empty=True,
        ),
        "low_cny_mw_year": number(
            "the same with every input at its cheap end",
            zh="成本下限（元/兆瓦·年）",
            en="Cost, low (CNY per MW and year)",
            unit="CNY/MW/a",
            low=0,
            empty=True,
        ),
        "high_cny_mw_year": number(
            "the same with every input at its dear end",
            zh="成本上限（元/兆瓦·年）",
            en="Cost, high (CNY per MW and year)",
            unit="CNY/MW/a",
            low=0,
            empty=True,
        ),
        "band": text("what low and high are", values=("range", "none")),
        "status": text("how it is known", values=MEASURE_STATUSES),
        "missing": text(
            "only on sums: components that are not known, separated by blanks",
            listed="blanks",
            empty=True,
        ),
        **said("reason", "what it is made of, or what input lacks", zh="理由", en="Reason"),
        "source_ids": text("sources, separated by blanks", listed="blanks", empty=True),
        **said("method", "method, see docs/model.md", zh="方法", en="Method"),
    },
    meaning="cost of a usable megawatt and year at every park, by component, with the sum of what is known and the total",
    zh="成本",
    en="Costs",
)

BREAK_EVENS = Contract(
    "break_evens",
    None,
    ("site_id", "other_id", "scenario", "year"),
    {
        "site_id": text("park, of the ranked level and in the region"),
        "other_id": text("park that it is to cost the same as", zh="对比园区", en="Other park"),
        **RUN_KEY,
        "pue_ratio": number(
            "PUE of the other over its own: power may cost so many times as much here",
            zh="PUE 之比",
            en="Ratio of PUE",
            unit="1",
            empty=True,
        ),
        "rest_cny_kwh": number(
            "what power may cost more for what else is known at both, CNY/kWh",
            zh="其余分项之差（元/千瓦时）",
            en="Difference of the rest (CNY/kWh)",
            unit="CNY/kWh",
            empty=True,
        ),
        "compared": text(
            "what that is, separated by blanks",
            zh="参与比较的分项",
            en="Compared",
            listed="blanks",
            empty=True,
        ),
        "missing": text(
            "what is not known at one of the two or at both, separated by blanks",
            listed="blanks",
            empty=True,
        ),
        "energy_cny_kwh": number(
            "price here at which the energy alone costs what it does there, CNY/kWh",
            zh="电费持平电价（元/千瓦时）",
            en="Price at which energy breaks even (CNY/kWh)",
            unit="CNY/kWh",
            empty=True,
        ),
        "price_cny_kwh": number(
            "price here at which everything does, CNY/kWh; empty while something is missing",
            zh="总成本持平电价（元/千瓦时）",
            en="Price at which all breaks even (CNY/kWh)",
            unit="CNY/kWh",
            empty=True,
        ),
        "status": text("how it is known", values=MEASURE_STATUSES),
        **said("reason", "in words, or why it is unknown", zh="理由", en="Reason"),
        "source_ids": text("sources, separated by blanks", listed="blanks", empty=True),
    },
    meaning="for the ranked parks of the region in pairs, of more than 50 with the 10 first in rank: the price of power at which one costs what the other does",
    zh="持平电价",
    en="Break-even prices",
)

LOADS = Contract(
    "loads",
    None,
    ("subject_id", "said_in", "counted"),
    {
        "subject_id": text("park, city or outline", zh="对象", en="Subject"),
        "said_in": text("figure that says so, see figures; or parks", zh="出处", en="Said in"),
        "counted": text(
            "what is counted",
            zh="计数对象",
            en="What is counted",
            values=("it_load_mw", "racks", "servers"),
        ),
        "year": whole("year that the document speaks of", unit="a"),
        "standing": text("what it is", values=FIGURE_STANDINGS),
        "number": number("how many", zh="数量", en="Number", unit="1", low=0),
        "it_mw": number(
            "IT load, MW", zh="IT负荷（兆瓦）", en="IT load (MW)", unit="MW", low=0, empty=True
        ),
        "energy_gwh": number(
            "energy a year, GWh",
            zh="年用电量（GWh）",
            en="Energy a year (GWh)",
            unit="GWh",
            low=0,
            empty=True,
        ),
        "energy_low_gwh": number(
            "lower end, GWh",
            zh="年用电量下限（GWh）",
            en="Energy, lower end (GWh)",
            unit="GWh",
            low=0,
            empty=True,
        ),
        "energy_high_gwh": number(
            "upper end, GWh",
            zh="年用电量上限（GWh）",
            en="Energy, upper end (GWh)",
            unit="GWh",
            low=0,
            empty=True,
        ),
        "water_m3": number(
            "water a year, m³",
            zh="年用水量（立方米）",
            en="Water a year (m³)",
            unit="m3",
            low=0,
            empty=True,
        ),
        "water_low_m3": number(
            "lower end, m³",
            zh="年用水量下限（立方米）",
            en="Water, lower end (m³)",
            unit="m3",
            low=0,
            empty=True,
        ),
        "water_high_m3": number(
            "upper end, m³",
            zh="年用水量上限（立方米）",
            en="Water, upper end (m³)",
            unit="m3",
            low=0,
            empty=True,
        ),
        "status": text("how it is known", values=MEASURE_STATUSES),
        **said("reason", "how it was found, or why it is unknown", zh="理由", en="Reason"),
        "source_ids": text("sources, separated by blanks", listed="blanks"),
    },
    meaning="what documents count in parks and region by year, as MW, energy and water",
    zh="负荷（按年份）",
    en="Loads by year",
)

TARGET_CHECKS = Contract(
    "target_checks",
    None,
    ("figure_id", "level"),
    {
        "figure_id": text("target, see figures"),
        "level": text("level of the parks that are added up", values=PARK_LEVELS),
        "year": whole("year of the target", unit="a"),
        **NAMES,
        "quantity": text("what is counted"),
        "target": number("target, in `unit`", zh="目标值", en="Target"),
        "unit": text("unit"),
        "n_parks": whole(
            "parks of the level that the target speaks of", zh="园区数", en="Parks", low=0
        ),
        "n_told": whole("how many of them tell", zh="有数据的园区数", en="Parks that tell", low=0),
        "told": number("what these add up to, in `unit`", zh="已知合计", en="Sum told", low=0),
        "verdict": text("verdict", values=TARGET_VERDICTS),
        **said("reason", "why", zh="理由", en="Reason"),
        "source_ids": text("sources, separated by blanks", listed="blanks"),
    },
    meaning="targets of the documents, held against what the parks of one level add up to",
    zh="目标核对",
    en="Targets held against sums",
)

TABLES = (COSTS, BREAK_EVENS, LOADS, TARGET_CHECKS)
