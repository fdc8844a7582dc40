"""How parks and nodes reach the targets: latency, redundancy, shared risks, cuts."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    MEASURE_STATUSES,
    RISK_KINDS,
    RUN_KEY,
    Contract,
    number,
    said,
    text,
    whole,
)
from steppe.layers.derivations import half_of, ratio_of, residual_pct_of

LATENCY = Contract(
    "latency",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": text("park or node"),
        "to_id": text("target node, or another park of the ranked level"),
        **RUN_KEY,
        "rtt_ms": number("round-trip time, glass and equipment, ms", unit="ms", low=0, empty=True),
        "rtt_low_ms": number(
            "lower end, ms",
            zh="往返时延下限（毫秒）",
            en="RTT, low (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "rtt_high_ms": number(
            "upper end, ms",
            zh="往返时延上限（毫秒）",
            en="RTT, high (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "one_way_ms": number(
            "one way of it, ms",
            zh="单程时延（毫秒）",
            en="One way (ms)",
            unit="ms",
            low=0,
            empty=True,
            derive=half_of("rtt_ms"),
        ),
        "glass_rtt_ms": number(
            "round trip in glass alone, ms",
            zh="其中光纤（毫秒）",
            en="Of which glass (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "equipment_rtt_ms": number(
            "the rest: amplifiers, regenerators, ends, ms",
            zh="其中设备（毫秒）",
            en="Of which equipment (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "floor_rtt_ms": number("round trip on the geodesic in glass, ms", unit="ms", low=0),
        "floor_ratio": number(
            "round trip over the floor; empty at no distance",
            unit="1",
            low=0,
            empty=True,
            derive=ratio_of("rtt_ms", over="floor_rtt_ms"),
        ),
        "class_id": text(
            "tightest class met even at the upper end, see plan.toml",
            zh="时延等级（上限）",
            en="Latency class at the upper end",
            empty=True,
        ),
        "class_best_id": text(
            "tightest class met at the lower end",
            zh="时延等级（下限）",
            en="Latency class at the lower end",
            empty=True,
        ),
        "route_km": number("length of the route, km", unit="km", low=0, empty=True),
        "path": text("cables of the route, separated by blanks", empty=True),
        "status": text("how it is known", values=MEASURE_STATUSES),
        **said("reason", "why unknown or assumed", zh="理由", en="Reason", empty=True),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
    meaning="round trips from every park and node to every target, and between the parks of the ranked level: value, band, parts, floor, class",
    zh="时延",
    en="Latency",
)

REDUNDANCY = Contract(
    "redundancy",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": text("node"),
        "to_id": text("target node"),
        **RUN_KEY,
        "nominal_low": whole(
            "cables that join the two themselves, sure ones only",
            zh="名义光缆数下限",
            en="Nominal cables, low",
            low=0,
        ),
        "nominal_high": whole(
            "the same with every reading of the text",
            zh="名义光缆数上限",
            en="Nominal cables, high",
            low=0,
        ),
        "to_cut_low": whole(
            "cables to cut, each counted by itself, sure ones only",
            zh="需切断数下限",
            en="Cables to cut, low",
            low=0,
        ),
        "to_cut_high": whole(
            "the same with every reading of the text",
            zh="需切断数上限",
            en="Cables to cut, high",
            low=0,
        ),
        "effective_low": whole(
            "routes if all lie in the likeliest corridor; empty when unknown",
            zh="有效路由下限",
            en="Effective routes, low",
            empty=True,
            low=0,
        ),
        "effective_high": whole(
            "routes if spread over the corridors that exist; empty when unknown",
            zh="有效路由上限",
            en="Effective routes, high",
            empty=True,
            low=0,
        ),
        **said("reason", "why a range", zh="理由", en="Reason"),
        "evidence": text(
            "corridors that they share, separated by blanks",
            zh="共用通道",
            en="Shared corridors",
            empty=True,
        ),
        "risk_ids": text(
            "risks that their cables share, separated by blanks",
            zh="共险",
            en="Shared risks",
            empty=True,
        ),
        "source_ids": text("sources, separated by blanks", empty=True),
    },
    meaning="nominal cables and effective routes from every node to every target, with the evidence",
    zh="冗余",
    en="Redundancy",
)

DISJOINT = Contract(
    "disjoint",
    None,
    ("from_id", "to_id", "apart", "route", "scenario", "year"),
    {
        "from_id": text("node"),
        "to_id": text("target node"),
        "apart": text(
            "in what the routes are apart",
            zh="分离方式",
            en="Apart in",
            values=("cables", "nodes", "risks", "distance"),
        ),
        "route": whole("1 the shorter, 2 the longer", zh="路由序号", en="Route", low=1),
        **RUN_KEY,
        "rtt_ms": number("round-trip time over this route, ms", unit="ms", low=0),
        "route_km": number("length of the route, km", unit="km", low=0),
        "path": text("cables of the route, separated by blanks"),
        "shared": text(
            "cables and risks that both routes use all the same, separated by blanks", empty=True
        ),
    },
    meaning="the best two routes to the first target, apart in cables, nodes, shared risks or by a distance",
    zh="分离路由",
    en="Disjoint routes",
)

CUTS = Contract(
    "cuts",
    None,
    ("cut_id", "to_id", "scenario", "year"),
    {
        "cut_id": text("what falls: kind and id, two joined by +", zh="中断编号", en="Cut id"),
        "to_id": text("target that the parks are to reach"),
        **RUN_KEY,
        "n_units": whole("things that fall, 1 or 2", zh="同时中断数", en="Things that fall", low=1),
        "rank": whole(
            "place among the worst of so many things, 1 the worst; empty beyond", empty=True, low=1
        ),
        **said("name", "name", zh="名称", en="Name"),
        "kinds": text(
            "what kind of thing falls, one or two, separated by blanks",
            zh="中断对象类型",
            en="What falls",
        ),
        "cables": text("cables that fall, separated by blanks"),
        "n_isolated": whole(
            "parks of the ranked level cut off from the target",
            zh="失联园区数",
            en="Parks cut off",
            low=0,
        ),
        "isolated": text(
            "their nodes, separated by blanks", zh="失联节点", en="Nodes cut off", empty=True
        ),
        "n_slower": whole(
            "parks of the ranked level whose round trip grows",
            zh="变慢园区数",
            en="Parks with a longer way",
            low=0,
        ),
        "slower": text(
            "their nodes, separated by blanks",
            zh="变慢节点",
            en="Nodes with a longer way",
            empty=True,
        ),
        "worst_id": text(
            "node whose round trip grows most", zh="最重节点", en="Worst node", empty=True
        ),
        "worst_before_ms": number(
            "its round trip before, ms",
            zh="最重节点中断前（毫秒）",
            en="Worst node, before (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "worst_after_ms": number(
            "its round trip after, ms",
            zh="最重节点中断后（毫秒）",
            en="Worst node, after (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
    },
    meaning="every single and double cut that does something: who is cut off, whose round trip grows; the ten worst bear a rank",
    zh="中断分析",
    en="Cuts",
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
        "rtt_ms": number("round trip as published, ms", unit="ms", low=0),
        "floor_rtt_ms": number("round trip on the geodesic in glass, ms", unit="ms", low=0),
        "floor_ratio": number(
            "published over floor; empty at no distance",
            unit="1",
            low=0,
            empty=True,
            derive=ratio_of("rtt_ms", over="floor_rtt_ms"),
        ),
        "rule_rtt_ms": number(
            "round trip by the planning rule, ms",
            zh="规则往返时延（毫秒）",
            en="RTT by the planning rule (ms)",
            unit="ms",
            low=0,
        ),
        "rule_residual_pct": number(
            "published less the rule, % of the published",
            zh="与规则之差（%）",
            en="Residual to the rule (%)",
            unit="%",
            empty=True,
            derive=residual_pct_of("rtt_ms", "rule_rtt_ms"),
        ),
        "model_rtt_ms": number(
            "round trip over the plan's backbone, ms",
            zh="模型往返时延（毫秒）",
            en="RTT of the model (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "model_low_ms": number(
            "lower end, ms",
            zh="模型下限（毫秒）",
            en="Model, low (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "model_high_ms": number(
            "upper end, ms",
            zh="模型上限（毫秒）",
            en="Model, high (ms)",
            unit="ms",
            low=0,
            empty=True,
        ),
        "model_residual_pct": number(
            "published less the model, % of the published",
            zh="与模型之差（%）",
            en="Residual to the model (%)",
            unit="%",
            empty=True,
            derive=residual_pct_of("rtt_ms", "model_rtt_ms"),
        ),
        "source_id": text("source of the published figure"),
    },
    meaning="published round trips beside floor, planning rule and model",
    zh="时延校验",
    en="Published round trips",
)

RISKS = Contract(
    "risks",
    "point",
    ("risk_id",),
    {
        "risk_id": text("identifier", zh="共险编号", en="Risk id"),
        "kind": text("what is shared", values=RISK_KINDS),
        **said("name", "name", zh="名称", en="Name"),
        "cables": text("cables that share it, separated by blanks"),
        "n_cables": whole("how many they are", zh="光缆数", en="Cables, number", low=2),
        "standing": text("said: a source puts two of them there", values=("said", "assumed")),
        "km": number(
            "length of what is shared, km; 0 at a point",
            zh="长度（公里）",
            en="Length (km)",
            unit="km",
            low=0,
        ),
        "within_km": number(
            "how near they are to each other, km",
            zh="相距（公里）",
            en="Within (km)",
            unit="km",
            low=0,
        ),
        **said("evidence", "the measured fact", zh="证据", en="Evidence"),
        **ACCURACY,
    },
)

TABLES = (LATENCY, REDUNDANCY, DISJOINT, CUTS, TRIPS)
RESULT_LAYERS = (RISKS,)
