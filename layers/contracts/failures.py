"""What fails together, and what cuts do to the parks."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    RISK_KINDS,
    RUN_KEY,
    Contract,
    number,
    said,
    text,
    whole,
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
            listed="blanks",
        ),
        "cables": text("cables that fall, separated by blanks", listed="blanks"),
        "standing": text(
            "said: a source says that these cables fall with it", values=("said", "assumed")
        ),
        "n_isolated": whole(
            "parks of the ranked level cut off from the target",
            zh="失联园区数",
            en="Parks cut off",
            low=0,
        ),
        "isolated": text(
            "their nodes, separated by blanks",
            zh="失联节点",
            en="Nodes cut off",
            listed="blanks",
            empty=True,
        ),
        "n_doubtful": whole(
            "further parks cut off where the cables of assumed end or existence that no route takes now are not there",
            zh="可能失联园区数",
            en="Parks perhaps cut off",
            low=0,
        ),
        "doubtful": text(
            "their nodes, separated by blanks",
            zh="可能失联节点",
            en="Nodes perhaps cut off",
            listed="blanks",
            empty=True,
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
            listed="blanks",
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


RISKS = Contract(
    "risks",
    "point",
    ("risk_id",),
    {
        "risk_id": text("identifier", zh="共险编号", en="Risk id"),
        "kind": text("what is shared", values=RISK_KINDS),
        **said("name", "name", zh="名称", en="Name"),
        "cables": text("cables that share it, separated by blanks", listed="blanks"),
        "n_cables": whole("how many they are", zh="光缆数", en="Cables, number", low=2),
        "standing": text("said: a source puts two of them there", values=("said", "assumed")),
        "nearness": text(
            "sure: so near wherever the lines lie within their accuracy; possible: they may be",
            values=("sure", "possible"),
            zh="邻近程度",
            en="Nearness",
        ),
        "km": number(
            "length of what is shared as drawn, km; 0 at a point",
            zh="长度（公里）",
            en="Length (km)",
            unit="km",
            low=0,
        ),
        "km_low": number(
            "length that is shared wherever the lines lie within their accuracy, km",
            zh="长度下限（公里）",
            en="Length, low (km)",
            unit="km",
            low=0,
        ),
        "km_high": number(
            "length that may be shared where the lines lie as near as their accuracy lets them, km",
            zh="长度上限（公里）",
            en="Length, high (km)",
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

TABLES = (CUTS,)
RESULT_LAYERS = (RISKS,)
