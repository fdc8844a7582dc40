"""Where the next cable may run: routes that were found for the questions of a plan, and what is told of each."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    NAMES,
    SOURCE,
    Column,
    Contract,
    number,
    said,
    text,
    whole,
)

ROUTE_KINDS = ("fibre", "tie_line")
ROUTE_QUESTIONS_ASKED = ("one", "pair", "alternatives", "many", "tree", "tie_lines")


def _km(meaning: str, zh: str, en: str, *, empty: bool = False) -> Column:
    return number(
        f"{meaning}, km", zh=f"{zh}（公里）", en=f"{en} (km)", unit="km", low=0, empty=empty
    )


_ROUTE = text("proposed route", zh="路径编号", en="Route id", names=("proposed_routes",))
_QUESTION = text("question of `[[route.wanted]]`", zh="问题编号", en="Question id")
_PROVEN = text(
    "whether it is proven that none over these cells, or along these lines, costs less",
    zh="是否已证明最优",
    en="Proven cheapest",
    values=("yes", "no"),
    empty=True,
)
_COST = {
    "cost": number("what it costs", zh="造价", en="Cost", low=0, empty=True),
    "cost_low": number("lower end", zh="造价下限", en="Cost, low", low=0, empty=True),
    "cost_high": number("upper end", zh="造价上限", en="Cost, high", low=0, empty=True),
    "cost_unit": text(
        "its currency, ISO 4217; empty where the plan gives no price",
        zh="币种",
        en="Currency",
        empty=True,
    ),
    "plain_km": _km("what it costs as a way over plain ground", "折合平地里程", "Plain ground"),
    "least_plain_km": _km(
        "what none costs less than, proven; empty for one of several",
        "已证明下界折合平地里程",
        "Proven bound",
        empty=True,
    ),
    "is_proven": _PROVEN,
}


def _ms(meaning: str, zh: str, en: str) -> Column:
    return number(f"{meaning}, ms", zh=zh, en=en, unit="ms", low=0, empty=True)


def _m(meaning: str, zh: str, en: str) -> Column:
    return number(f"{meaning}, m", zh=f"{zh}（米）", en=f"{en} (m)", unit="m", low=-500, empty=True)


PROPOSED_ROUTES = Contract(
    "proposed_routes",
    "line",
    ("route_id",),
    {
        "route_id": text("identifier: its question and a number; no cable bears it", zh="路径编号", en="Route id"),
        "question_id": _QUESTION,
        **NAMES,
        "kind": text("what it is: fibre, or a line to the grid", values=ROUTE_KINDS),
        "status": text("nobody but a search names it", values=("proposed",)),
        "from_id": text("where it begins: id, or longitude and latitude"),
        "to_id": text("where it ends"),
        "length_km": _km("geodesic length of its line", "长度", "Length"),
        "longer_pct": number(
            "by how much a way over cells is longer than one that turns freely, at most, %",
            zh="较可任意转向路径最多长（%）",
            en="Longer than one that turns freely, at most (%)",
            unit="%",
            low=0,
            empty=True,
        ),
        "straight_km": _km("between its ends as the crow flies", "直线距离", "Straight"),
        **_COST,
        "rtt_ms": _ms("round trip over fibre along it", "往返时延（毫秒）", "RTT (ms)"),
        "rtt_low_ms": _ms("lower end", "往返时延下限（毫秒）", "RTT, low (ms)"),
        "rtt_high_ms": _ms("upper end", "往返时延上限（毫秒）", "RTT, high (ms)"),
        "apart_km": _km(
            "how far it was to keep off the other of its pair and off some cables, outside the end zones",
            "要求间距",
            "Asked to keep apart",
            empty=True,
        ),
        "nearest_km": _km(
            "how near it comes to the other of its pair there", "与另一路径最近", "Nearest", empty=True
        ),
        "beside_id": text(
            "cable of known course that it may lie beside for longest",
            zh="最可能同沟光缆",
            en="May lie beside",
            names=("fibre",),
            empty=True,
        ),
        "beside_low_km": _km(
            "over so much surely within `apart_km` of that cable", "与之邻近至少", "Beside it, at least", empty=True
        ),
        "beside_high_km": _km("over so much at most", "与之邻近至多", "Beside it, at most", empty=True),
        "n_crossings": whole(
            "rivers, railways, roads and power lines that it crosses, as they are drawn", zh="交叉次数", en="Crossings", low=0
        ),
        "n_amplifiers": whole(
            "amplifier sites between its ends", zh="放大站数", en="Amplifier sites", low=0, empty=True
        ),
        "lowest_m": _m("lowest ground", "最低处", "Lowest"),
        "highest_m": _m("highest ground", "最高处", "Highest"),
        "ascent_m": _m("climbs from its start to its end", "累计爬升", "Climbs"),
        "steepest_deg": number(
            "steepest mean slope of a cell, degrees",
            zh="最大坡度（度）",
            en="Steepest (°)",
            unit="deg",
            low=0,
            high=90,
            empty=True,
        ),
        **said("reason", "what is told of it", zh="说明", en="What is told"),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)  # fmt: skip

PROPOSED_AMPLIFIERS = Contract(
    "proposed_amplifiers",
    "point",
    ("amplifier_id",),
    {
        "amplifier_id": text(
            "identifier: its route and a number", zh="放大站编号", en="Amplifier id"
        ),
        "route_id": _ROUTE,
        **NAMES,
        "at_km": _km("from the start along the route", "距起点", "From the start"),
        "power_km": _km(
            "to the nearest town or substation", "距城镇或变电站", "To power", empty=True
        ),
        "road_km": _km("to the nearest main road", "距公路", "To a road", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

ROUTE_QUESTIONS = Contract(
    "route_questions",
    None,
    ("question_id",),
    {
        "question_id": text("identifier", zh="问题编号", en="Question id"),
        **said("title", "what is asked", zh="问题", en="Question"),
        "asked": text(
            "kind of question", zh="问题类型", en="Asked", values=ROUTE_QUESTIONS_ASKED
        ),
        "from_name": text("what its first end is called", zh="起点", en="From"),
        "to_name": text("what its other end is called", zh="终点", en="To"),
        "over": text(
            "lines that it runs along; empty for the ground", zh="沿线", en="Along", empty=True
        ),
        "n_routes": whole("routes that were found", zh="路径数", en="Routes", low=0),
        "n_unanswered": whole(
            "of what was asked, what has no route", zh="未得解数", en="Without an answer", low=0
        ),

            **_COST,
            "plain_km": _km(
                "what all cost together as ways over plain ground", "折合平地里程", "Plain ground", empty=True
            )
        ,
        "apart_km": _km(
            "how far two routes were to be apart", "要求间距", "Asked apart", empty=True
        ),
        "end_zone_km": _km(
            "radius of the discs about the ends within which they need not be",
            "端点区半径",
            "End zone",
            empty=True,
        ),
        "nearest_km": _km("how near they come outside", "最近距离", "Nearest", empty=True),
        "cell_m": number(
            "side of a cell, m", zh="网格边长（米）", en="Cell (m)", unit="m", low=0, empty=True
        ),
        **said("text", "the answer, or why there is none", zh="回答", en="Answer"),
    },
    meaning="questions of the plan for new routes, and what they came to",
    zh="新路径问题",
    en="Questions for new routes",
)  # fmt: skip

ROUTE_CROSSINGS = Contract(
    "route_crossings",
    None,
    ("route_id", "layer"),
    {
        "route_id": _ROUTE,
        "layer": text("layer of the plan", zh="图层", en="Layer"),
        "n": whole("how often the line meets something of it", zh="次数", en="Times", low=0),
        "km": _km("in its areas; 0 where it holds lines", "区内长度", "In it"),
    },
    meaning="what each proposed route crosses, as it is drawn",
    zh="新路径交叉",
    en="Crossings of proposed routes",
)

ROUTE_BESIDE = Contract(
    "route_beside",
    None,
    ("route_id", "cable_id"),
    {
        "route_id": _ROUTE,
        "cable_id": text("cable of known course", zh="光缆编号", en="Cable id", names=("fibre",)),
        "sure_km": _km(
            "over so much surely within the asked distance, outside the end zones",
            "确定邻近",
            "Surely beside",
        ),
        "possible_km": _km("over so much at most, as true as both are", "可能邻近", "Possibly"),
        "drawn_km": _km("between the two as they are drawn", "图上最近", "Nearest as drawn"),
    },
    meaning="cables that a proposed route may share a risk with",
    zh="新路径共险",
    en="Shared risk of proposed routes",
)

ROUTE_GROUND = Contract(
    "route_ground",
    None,
    ("route_id", "term_id"),
    {
        "route_id": _ROUTE,
        "term_id": text("term of `[route]`, or `no_ground`", zh="地面项编号", en="Term id"),
        **said("name", "what people call it", zh="地面", en="Ground"),
        "km": _km("over which it holds", "长度", "Length"),
        "unknown_km": _km("over which no layer tells whether it does", "不明长度", "Not known"),
    },
    meaning="what ground each proposed route runs over",
    zh="新路径地面",
    en="Ground of proposed routes",
)

ROUTE_PROFILE = Contract(
    "route_profile",
    None,
    ("route_id", "place"),
    {
        "route_id": _ROUTE,
        "place": whole("vertex of its line, from the start", low=1),
        "at_km": _km("from the start along the route", "距起点", "From the start"),
        "height_m": _m("height of the ground", "高程", "Height"),
        "slope_deg": number(
            "mean slope of its cell, degrees",
            zh="坡度（度）",
            en="Slope (°)",
            unit="deg",
            low=0,
            high=90,
            empty=True,
        ),
    },
    meaning="height and slope along each proposed route",
    zh="新路径剖面",
    en="Profiles of proposed routes",
)

RESULT_LAYERS = (PROPOSED_ROUTES, PROPOSED_AMPLIFIERS)
TABLES = (ROUTE_QUESTIONS, ROUTE_CROSSINGS, ROUTE_BESIDE, ROUTE_GROUND, ROUTE_PROFILE)
