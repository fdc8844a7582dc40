"""The rules of the layers that have many: parks, cables, nodes, power.

Colours come from Okabe and Ito's palette (Color Universal Design, 2008) and from Paul
Tol's YlOrBr (technical note SRON/EPS/TN/09-002, 2021), both safe for the colour-blind, made
darker where a thin line would not stand out from the ground; status keeps one colour over
parks and cables, and never speaks by colour alone: shape, filling or width say it again.
"""

from __future__ import annotations

from steppe.maps.symbols import RGBA, Rule, Shape, Symbol, When

WHITE: RGBA = (255, 255, 255, 255)
INK: RGBA = (38, 42, 48, 255)
UNKNOWN: RGBA = (122, 122, 122, 255)

_STATUS: dict[str, tuple[RGBA, str, str]] = {
    "in_service": ((0, 72, 148, 255), "在用", "in service"),
    "building": ((204, 86, 0, 255), "在建", "being built"),
    "planned": ((182, 78, 156, 255), "规划", "planned"),
    "studied": ((96, 96, 96, 255), "研究", "studied"),
}
# What stands or is being built is full, what is only intended a pale shape with an edge.
_STATUS_SHAPES: dict[str, tuple[Shape, bool]] = {
    "in_service": ("circle", True),
    "building": ("square", True),
    "planned": ("diamond", False),
    "studied": ("circle", False),
}
_STATUS_WIDTHS_MM = {"in_service": 0.6, "building": 0.5, "planned": 0.42, "studied": 0.36}


def _tint(colour: RGBA, *, white: float) -> RGBA:
    red, green, blue, alpha = colour
    mixed = [round(part + (255 - part) * white) for part in (red, green, blue)]
    return mixed[0], mixed[1], mixed[2], alpha


def dot(
    fill: RGBA,
    size_mm: float,
    *,
    stroke: RGBA = WHITE,
    width_mm: float = 0.35,
    shape: Shape = "circle",
) -> Symbol:
    """Return a marker, with a white halo unless told otherwise."""
    return Symbol(fill=fill, stroke=stroke, width_mm=width_mm, size_mm=size_mm, shape=shape)


def line(colour: RGBA, width_mm: float, *dash_mm: float) -> Symbol:
    """Return a line, dashed where a pattern is given."""
    return Symbol(stroke=colour, width_mm=width_mm, dash_mm=dash_mm)


def other(symbol: Symbol, label_zh: str = "其他或不详", label_en: str = "Other or unknown") -> Rule:
    """Return the last rule of a layer, which always holds."""
    return Rule("other", (), symbol, label_zh, label_en)


def risk_rules() -> tuple[Rule, ...]:
    """Return the rules of shared risks: shape by what is shared."""
    kinds: tuple[tuple[str, Shape, str, str], ...] = (
        ("corridor", "square", "同一通道", "One corridor"),
        ("stretch", "diamond", "并行段", "Side by side"),
        ("crossing", "cross", "交叉点", "Crossing"),
        ("river_crossing", "triangle", "跨河点", "River crossing"),
        ("border_crossing", "star", "跨境点", "Border crossing"),
    )
    colour = (170, 40, 60, 255)
    return (
        *(
            Rule(kind, (When("kind", "eq", kind),), dot(colour, 3.0, shape=shape), zh, en)
            for kind, shape, zh, en in kinds
        ),
        # A ring about the node of the city, which lies above it.
        other(dot(colour, 3.8), "同经城市", "Through one city"),
    )


def _park_sign(status: str, size_mm: float) -> Symbol:
    colour, *_ = _STATUS[status]
    shape, is_full = _STATUS_SHAPES[status]
    if is_full:
        return dot(colour, size_mm, width_mm=0.5, shape=shape)
    edge_mm = 0.18 * size_mm
    pale = _tint(colour, white=0.82)
    return dot(pale, size_mm - edge_mm / 2, stroke=colour, width_mm=edge_mm, shape=shape)


def park_rules() -> tuple[Rule, ...]:
    """Return the rules of parks: size by level, colour, shape and filling by status."""
    levels = (
        ("zone", 5.4, "园区", "Zone"),
        ("campus", 3.8, "基地", "Campus"),
        ("facility", 2.6, "数据中心", "Facility"),
    )
    return (
        *(
            Rule(
                f"{level}_{status}",
                (When("level", "eq", level), When("status", "eq", status)),
                _park_sign(status, size_mm),
                f"{level_zh} · {zh}",
                f"{level_en}, {en}",
            )
            for level, size_mm, level_zh, level_en in levels
            for status, (_, zh, en) in _STATUS.items()
        ),
        other(dot(UNKNOWN, 2.6, width_mm=0.5)),
    )


def fibre_rules() -> tuple[Rule, ...]:
    """Return the rules of cables: colour and width by status, dashes by how sure they are."""
    corridor = When("geometry_kind", "eq", "corridor")
    # From the surest to the least sure: solid, ever shorter dashes, dots; the first that
    # holds is drawn, so an assumed end goes before what else is said.
    kinds: tuple[tuple[str, tuple[When, ...], tuple[float, ...], str, str], ...] = (
        (
            "ends_assumed",
            (corridor, When("existence", "eq", "said"), When("ends_basis", "eq", "assumed")),
            (5.0, 1.2),
            *("（端点为假定）", " (an end assumed)"),
        ),
        ("said", (corridor, When("existence", "eq", "said")), (), "", ""),
        (
            "one_reading",
            (corridor, When("existence", "eq", "one_reading")),
            (3.2, 1.2),
            *("（原文的一种解读）", " (one reading of the text)"),
        ),
        (
            "assumed",
            (corridor, When("existence", "eq", "assumed")),
            (1.6, 1.2),
            *("（假定）", " (assumed)"),
        ),
        (
            "schematic",
            (When("geometry_kind", "eq", "schematic"),),
            (0.8, 1.2),
            *("（示意走向）", " (schematic line)"),
        ),
    )
    return (
        *(
            Rule(
                f"{kind}_{status}",
                (*when, When("status", "eq", status)),
                line(colour, _STATUS_WIDTHS_MM[status], *dash_mm),
                f"{status_zh}{zh}",
                f"{status_en.capitalize()}{en}",
            )
            for kind, when, dash_mm, zh, en in kinds
            for status, (colour, status_zh, status_en) in _STATUS.items()
        ),
        other(line(UNKNOWN, 0.45, 0.6, 1.0)),
    )


def node_rules() -> tuple[Rule, ...]:
    """Return the rules of backbone nodes, by kind."""
    kinds: tuple[tuple[str, Shape, float, RGBA, str, str], ...] = (
        ("core", "circle", 2.6, WHITE, "核心节点", "Core node"),
        ("metro", "circle", 2.0, WHITE, "城域节点", "Metro node"),
        ("border", "diamond", 2.8, WHITE, "边境节点", "Border node"),
        ("target", "star", 4.4, INK, "目标城市", "Target city"),
        ("junction", "circle", 1.1, INK, "汇接点", "Junction"),
    )
    return (
        *(
            Rule(
                kind,
                (When("kind", "eq", kind),),
                dot(
                    fill,
                    size_mm,
                    stroke=INK if fill == WHITE else WHITE,
                    width_mm=0.5 if fill == WHITE else 0.25,
                    shape=shape,
                ),
                zh,
                en,
            )
            for kind, shape, size_mm, fill, zh, en in kinds
        ),
        other(dot(UNKNOWN, 1.6)),
    )


def extent_rules(label_zh: str, label_en: str) -> tuple[Rule, ...]:
    """Return the rule of an outline within which another layer speaks."""
    symbol = Symbol(fill=(70, 90, 120, 30), stroke=(122, 96, 86, 255), width_mm=0.3)
    return (other(symbol, label_zh, label_en),)


def substation_rules() -> tuple[Rule, ...]:
    """Return the rules of substations, by voltage."""
    classes: tuple[tuple[float, float, RGBA, RGBA], ...] = (
        (1000.0, 3.4, (102, 37, 6, 255), WHITE),
        (500.0, 2.6, (204, 76, 2, 255), WHITE),
        (220.0, 1.8, (251, 154, 41, 255), (102, 37, 6, 255)),
    )
    return (
        *(
            Rule(
                f"kv_{low_kv:.0f}",
                (When("voltage_kv", "ge", low_kv),),
                dot(colour, size_mm, stroke=edge, width_mm=0.25, shape="square"),
                f"{low_kv:.0f} 千伏及以上",
                f"{low_kv:.0f} kV and over",
            )
            for low_kv, size_mm, colour, edge in classes
        ),
        Rule(
            "untagged",
            (When("voltage_kv", "null"),),
            dot(WHITE, 1.3, stroke=UNKNOWN, width_mm=0.3, shape="square"),
            "未标电压",
            "Voltage not tagged",
        ),
        other(dot(UNKNOWN, 1.3, width_mm=0.2, shape="square"), "低于 220 千伏", "Below 220 kV"),
    )


def plant_rules() -> tuple[Rule, ...]:
    """Return the rules of plants: shape and colour by energy carrier, size by capacity."""
    carriers: tuple[tuple[str, Shape, RGBA, str, str], ...] = (
        ("coal", "circle", (64, 64, 64, 255), "煤电", "Coal"),
        ("gas", "circle", (204, 121, 167, 255), "燃气", "Gas"),
        ("wind", "triangle", (0, 158, 115, 255), "风电", "Wind"),
        ("solar", "star", (230, 171, 2, 255), "光伏", "Solar"),
        ("hydro", "diamond", (0, 114, 178, 255), "水电", "Hydro"),
        ("nuclear", "circle", (120, 50, 140, 255), "核电", "Nuclear"),
        ("bioenergy", "diamond", (140, 108, 49, 255), "生物质", "Bioenergy"),
    )
    sizes = ((1000.0, 3.6), (300.0, 2.8))
    rules = []
    for carrier, shape, colour, zh, en in carriers:
        is_carrier = When("energy", "eq", carrier)
        # Yellow is read by a dark edge.
        edge = (92, 64, 0, 255) if carrier == "solar" else WHITE
        rules += [
            Rule(
                f"{carrier}_{low_mw:.0f}",
                (is_carrier, When("capacity_mw", "ge", low_mw)),
                dot(colour, size_mm, stroke=edge, width_mm=0.25, shape=shape),
                f"{zh} ≥ {low_mw:.0f} 兆瓦",
                f"{en}, {low_mw:.0f} MW and over",
            )
            for low_mw, size_mm in sizes
        ]
        symbol = dot(colour, 2.0, stroke=edge, width_mm=0.25, shape=shape)
        rules.append(Rule(carrier, (is_carrier,), symbol, f"{zh}，较小或不详", f"{en}, smaller"))
    return (*rules, other(dot(UNKNOWN, 2.0, width_mm=0.25)))
