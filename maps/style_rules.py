"""The rules of the layers that have many: parks, cables, nodes, power, hazard, climate.

Colours come from Okabe and Ito's palette (Color Universal Design, 2008) and from Paul
Tol's YlOrBr (technical note SRON/EPS/TN/09-002, 2021), both safe for the colour-blind;
status keeps one colour over parks and cables, and never speaks by colour alone: size,
shape or dashes say it again.
"""

from __future__ import annotations

from steppe.maps.symbols import RGBA, Rule, Shape, Symbol, When

WHITE: RGBA = (255, 255, 255, 255)
INK: RGBA = (38, 42, 48, 255)
UNKNOWN: RGBA = (150, 150, 150, 255)

_STATUS: dict[str, tuple[RGBA, str, str]] = {
    "in_service": ((0, 90, 156, 255), "在用", "in service"),
    "building": ((213, 94, 0, 255), "在建", "being built"),
    "planned": ((201, 110, 178, 255), "规划", "planned"),
    "studied": ((96, 96, 96, 255), "研究", "studied"),
}


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


def park_rules() -> tuple[Rule, ...]:
    """Return the rules of parks: size by level, colour by status."""
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
                dot(colour, size_mm, width_mm=0.5),
                f"{level_zh} · {zh}",
                f"{level_en}, {en}",
            )
            for level, size_mm, level_zh, level_en in levels
            for status, (colour, zh, en) in _STATUS.items()
        ),
        other(dot(UNKNOWN, 2.6, width_mm=0.5)),
    )


def fibre_rules() -> tuple[Rule, ...]:
    """Return the rules of cables: colour by status, dashes by how sure they are."""
    corridor = When("geometry_kind", "eq", "corridor")
    # From the surest to the least sure: solid, ever shorter dashes, pale dots; the first that
    # holds is drawn, so an assumed end goes before what else is said.
    kinds: tuple[tuple[str, tuple[When, ...], float, float, tuple[float, ...], str, str], ...] = (
        (
            "ends_assumed",
            (corridor, When("existence", "eq", "said"), When("ends_basis", "eq", "assumed")),
            *(0.5, 0.0, (5.0, 1.2)),
            *("（端点为假定）", " (an end assumed)"),
        ),
        ("said", (corridor, When("existence", "eq", "said")), 0.5, 0.0, (), "", ""),
        (
            "one_reading",
            (corridor, When("existence", "eq", "one_reading")),
            *(0.5, 0.0, (3.2, 1.2)),
            *("（原文的一种解读）", " (one reading of the text)"),
        ),
        (
            "assumed",
            (corridor, When("existence", "eq", "assumed")),
            *(0.5, 0.2, (1.6, 1.2)),
            *("（假定）", " (assumed)"),
        ),
        (
            "schematic",
            (When("geometry_kind", "eq", "schematic"),),
            *(0.45, 0.4, (0.8, 1.2)),
            *("（示意走向）", " (schematic line)"),
        ),
    )
    return (
        *(
            Rule(
                f"{kind}_{status}",
                (*when, When("status", "eq", status)),
                line(_tint(colour, white=white), width_mm, *dash_mm),
                f"{status_zh}{zh}",
                f"{status_en.capitalize()}{en}",
            )
            for kind, when, width_mm, white, dash_mm, zh, en in kinds
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
    classes: tuple[tuple[float, float, RGBA], ...] = (
        (1000.0, 3.4, (102, 37, 6, 255)),
        (500.0, 2.6, (204, 76, 2, 255)),
        (220.0, 1.8, (251, 154, 41, 255)),
    )
    return (
        *(
            Rule(
                f"kv_{low_kv:.0f}",
                (When("voltage_kv", "ge", low_kv),),
                dot(colour, size_mm, width_mm=0.25, shape="square"),
                f"{low_kv:.0f} 千伏及以上",
                f"{low_kv:.0f} kV and over",
            )
            for low_kv, size_mm, colour in classes
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
        rules += [
            Rule(
                f"{carrier}_{low_mw:.0f}",
                (is_carrier, When("capacity_mw", "ge", low_mw)),
                dot(colour, size_mm, width_mm=0.25, shape=shape),
                f"{zh} ≥ {low_mw:.0f} 兆瓦",
                f"{en}, {low_mw:.0f} MW and over",
            )
            for low_mw, size_mm in sizes
        ]
        symbol = dot(colour, 2.0, width_mm=0.25, shape=shape)
        rules.append(Rule(carrier, (is_carrier,), symbol, f"{zh}，较小或不详", f"{en}, smaller"))
    return (*rules, other(dot(UNKNOWN, 2.0, width_mm=0.25)))


def town_rules() -> tuple[Rule, ...]:
    """Return the rules of towns, by basic design acceleration."""
    # GB 18306-2015 has these six classes of basic acceleration; the colours are Tol's YlOrBr.
    classes: tuple[tuple[float, RGBA], ...] = (
        (0.40, (102, 37, 6, 255)),
        (0.30, (153, 52, 4, 255)),
        (0.20, (204, 76, 2, 255)),
        (0.15, (236, 112, 20, 255)),
        (0.10, (251, 154, 41, 255)),
        (0.05, (254, 227, 145, 255)),
    )
    return (
        *(
            Rule(
                f"pga_{round(low_g * 100):02d}",
                (When("pga_g", "ge", low_g),),
                dot(colour, 2.6, stroke=(90, 50, 20, 255), width_mm=0.2, shape="square"),
                f"{low_g:.2f} g",
                f"{low_g:.2f} g",
            )
            for low_g, colour in classes
        ),
        Rule(
            "unknown",
            (When("pga_g", "null"),),
            dot(WHITE, 2.0, stroke=UNKNOWN, width_mm=0.35, shape="square"),
            "未查到",
            "Unknown",
        ),
        other(dot(UNKNOWN, 2.0, shape="square"), "低于 0.05 g", "Below 0.05 g"),
    )


def station_rules() -> tuple[Rule, ...]:
    """Return the rules of weather stations, by yearly mean."""
    classes: tuple[tuple[float, RGBA], ...] = (
        (12.0, (213, 94, 0, 255)),
        (8.0, (244, 165, 96, 255)),
        (4.0, (222, 222, 222, 255)),
        (0.0, (146, 197, 222, 255)),
    )
    return (
        *(
            Rule(
                f"temp_{low_c:02.0f}",
                (When("temp_mean_c", "ge", low_c),),
                dot(colour, 2.2, stroke=INK, width_mm=0.2, shape="triangle"),
                f"年均 {low_c:.0f} °C 及以上",
                f"Yearly mean {low_c:.0f} °C and over",
            )
            for low_c, colour in classes
        ),
        Rule(
            "temp_below_00",
            (When("temp_mean_c", "lt", 0.0),),
            dot((33, 102, 172, 255), 2.2, stroke=INK, width_mm=0.2, shape="triangle"),
            "年均低于 0 °C",
            "Yearly mean below 0 °C",
        ),
        other(dot(WHITE, 1.8, stroke=UNKNOWN, shape="triangle")),
    )


def earthquake_rules() -> tuple[Rule, ...]:
    """Return the rules of earthquakes: rings that grow with the magnitude."""
    ring: RGBA = (150, 40, 27, 255)
    classes = ((8.0, 8.0, 70), (7.0, 6.0, 60), (6.0, 4.0, 50), (5.0, 2.4, 40))
    return (
        *(
            Rule(
                f"mw_{low:.0f}",
                (When("magnitude", "ge", low),),
                dot((*ring[:3], alpha), size_mm, stroke=ring, width_mm=0.3),
                f"{low:.0f} 级及以上",
                f"Magnitude {low:.0f} and over",
            )
            for low, size_mm, alpha in classes
        ),
        other(dot((*ring[:3], 30), 1.4, stroke=ring, width_mm=0.2), "更小", "Smaller"),
    )


def fault_rules() -> tuple[Rule, ...]:
    """Return the rules of active faults, by sense of slip."""
    senses = (
        ("reverse", ("Reverse",), (166, 54, 3, 255), "逆断层", "Reverse"),
        ("strike", ("Sinistral", "Dextral"), (197, 27, 95, 255), "走滑断层", "Strike-slip"),
        ("normal", ("Normal",), (84, 39, 136, 255), "正断层", "Normal"),
    )
    return (
        *(
            Rule(rule_id, (When("slip_type", "in", names),), line(colour, 0.5), zh, en)
            for rule_id, names, colour, zh, en in senses
        ),
        other(line((122, 96, 86, 255), 0.4, 2.4, 0.8)),
    )
