"""The looks of every layer that is drawn: rules, breaks, colours and their words.

Colours come from Okabe and Ito's palette (Color Universal Design, 2008) and from Paul
Tol's YlOrBr (technical note SRON/EPS/TN/09-002, 2021), both safe for the colour-blind;
status keeps one colour over parks and cables, and never speaks by colour alone: size,
shape or dashes say it again.

Inside a layer, `drawing_levels` says which rule lies above which.
"""

from __future__ import annotations

from maps.symbols import (
    RGBA,
    TRANSPARENT,
    Labels,
    LayerStyle,
    RasterStyle,
    Rule,
    Shape,
    Stop,
    Symbol,
    When,
)

WHITE: RGBA = (255, 255, 255, 255)
INK: RGBA = (38, 42, 48, 255)
UNKNOWN: RGBA = (150, 150, 150, 255)

_STATUS: dict[str, tuple[RGBA, str, str]] = {
    "in_service": ((0, 90, 156, 255), "在用", "in service"),
    "building": ((213, 94, 0, 255), "在建", "being built"),
    "planned": ((158, 62, 140, 255), "规划", "planned"),
    "studied": ((96, 96, 96, 255), "研究", "studied"),
}


def _tint(colour: RGBA, *, white: float) -> RGBA:
    red, green, blue, alpha = colour
    mixed = [round(part + (255 - part) * white) for part in (red, green, blue)]
    return mixed[0], mixed[1], mixed[2], alpha


def _dot(
    fill: RGBA,
    size_mm: float,
    *,
    stroke: RGBA = WHITE,
    width_mm: float = 0.35,
    shape: Shape = "circle",
) -> Symbol:
    return Symbol(fill=fill, stroke=stroke, width_mm=width_mm, size_mm=size_mm, shape=shape)


def _line(colour: RGBA, width_mm: float, *dash_mm: float) -> Symbol:
    return Symbol(stroke=colour, width_mm=width_mm, dash_mm=dash_mm)


def _other(
    symbol: Symbol, label_zh: str = "其他或不详", label_en: str = "Other or unknown"
) -> Rule:
    return Rule("other", (), symbol, label_zh, label_en)


def _park_rules() -> tuple[Rule, ...]:
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
                _dot(colour, size_mm, width_mm=0.5),
                f"{level_zh} · {zh}",
                f"{level_en}, {en}",
            )
            for level, size_mm, level_zh, level_en in levels
            for status, (colour, zh, en) in _STATUS.items()
        ),
        _other(_dot(UNKNOWN, 2.6, width_mm=0.5)),
    )


def _fibre_rules() -> tuple[Rule, ...]:
    corridor = When("geometry_kind", "eq", "corridor")
    # From the surest to the least sure: solid, long dashes, short dashes, pale dots.
    kinds: tuple[tuple[str, tuple[When, ...], float, float, tuple[float, ...], str, str], ...] = (
        ("said", (corridor, When("existence", "eq", "said")), 0.7, 0.0, (), "", ""),
        (
            "one_reading",
            (corridor, When("existence", "eq", "one_reading")),
            *(0.6, 0.0, (3.2, 1.2)),
            *("（一种读法）", " (one reading of the text)"),
        ),
        (
            "assumed",
            (corridor, When("existence", "eq", "assumed")),
            *(0.6, 0.2, (1.6, 1.2)),
            *("（假设）", " (assumed)"),
        ),
        (
            "schematic",
            (When("geometry_kind", "eq", "schematic"),),
            *(0.5, 0.4, (0.8, 1.2)),
            *("（示意走向）", " (schematic line)"),
        ),
    )
    return (
        *(
            Rule(
                f"{kind}_{status}",
                (*when, When("status", "eq", status)),
                _line(_tint(colour, white=white), width_mm, *dash_mm),
                f"{status_zh}{zh}",
                f"{status_en.capitalize()}{en}",
            )
            for kind, when, width_mm, white, dash_mm, zh, en in kinds
            for status, (colour, status_zh, status_en) in _STATUS.items()
        ),
        _other(_line(UNKNOWN, 0.45, 0.6, 1.0)),
    )


def _node_rules() -> tuple[Rule, ...]:
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
                _dot(
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
        _other(_dot(UNKNOWN, 1.6)),
    )


def _substation_rules() -> tuple[Rule, ...]:
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
                _dot(colour, size_mm, width_mm=0.25, shape="square"),
                f"{low_kv:.0f} 千伏及以上",
                f"{low_kv:.0f} kV and over",
            )
            for low_kv, size_mm, colour in classes
        ),
        Rule(
            "untagged",
            (When("voltage_kv", "null"),),
            _dot(WHITE, 1.3, stroke=UNKNOWN, width_mm=0.3, shape="square"),
            "未标电压",
            "Voltage not tagged",
        ),
        _other(_dot(UNKNOWN, 1.3, width_mm=0.2, shape="square"), "低于 220 千伏", "Below 220 kV"),
    )


def _plant_rules() -> tuple[Rule, ...]:
    carriers: tuple[tuple[str, Shape, RGBA, str, str], ...] = (
        ("coal", "square", (64, 64, 64, 255), "煤电", "Coal"),
        ("gas", "square", (204, 121, 167, 255), "燃气", "Gas"),
        ("wind", "triangle", (0, 158, 115, 255), "风电", "Wind"),
        ("solar", "circle", (230, 171, 2, 255), "光伏", "Solar"),
        ("hydro", "diamond", (0, 114, 178, 255), "水电", "Hydro"),
        ("nuclear", "star", (158, 62, 140, 255), "核电", "Nuclear"),
        ("biomass", "diamond", (140, 108, 49, 255), "生物质", "Biomass"),
    )
    sizes = ((1000.0, 3.6), (300.0, 2.8))
    rules = []
    for carrier, shape, colour, zh, en in carriers:
        is_carrier = When("energy", "eq", carrier)
        rules += [
            Rule(
                f"{carrier}_{low_mw:.0f}",
                (is_carrier, When("capacity_mw", "ge", low_mw)),
                _dot(colour, size_mm, width_mm=0.25, shape=shape),
                f"{zh} ≥ {low_mw:.0f} 兆瓦",
                f"{en}, {low_mw:.0f} MW and over",
            )
            for low_mw, size_mm in sizes
        ]
        symbol = _dot(colour, 2.0, width_mm=0.25, shape=shape)
        rules.append(Rule(carrier, (is_carrier,), symbol, f"{zh}，较小或不详", f"{en}, smaller"))
    return (*rules, _other(_dot(UNKNOWN, 2.0, width_mm=0.25)))


def _town_rules() -> tuple[Rule, ...]:
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
                _dot(colour, 2.4, stroke=(90, 50, 20, 255), width_mm=0.2),
                f"{low_g:.2f} g",
                f"{low_g:.2f} g",
            )
            for low_g, colour in classes
        ),
        Rule(
            "unknown",
            (When("pga_g", "null"),),
            _dot(WHITE, 1.8, stroke=UNKNOWN, width_mm=0.35),
            "未查到",
            "Unknown",
        ),
        _other(_dot(UNKNOWN, 1.8), "低于 0.05 g", "Below 0.05 g"),
    )


def _station_rules() -> tuple[Rule, ...]:
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
                _dot(colour, 2.2, stroke=INK, width_mm=0.2, shape="triangle"),
                f"年均 {low_c:.0f} °C 及以上",
                f"Yearly mean {low_c:.0f} °C and over",
            )
            for low_c, colour in classes
        ),
        Rule(
            "temp_below_00",
            (When("temp_mean_c", "lt", 0.0),),
            _dot((33, 102, 172, 255), 2.2, stroke=INK, width_mm=0.2, shape="triangle"),
            "年均低于 0 °C",
            "Yearly mean below 0 °C",
        ),
        _other(_dot(WHITE, 1.8, stroke=UNKNOWN, shape="triangle")),
    )


def _earthquake_rules() -> tuple[Rule, ...]:
    ring: RGBA = (150, 40, 27, 255)
    classes = ((8.0, 8.0, 70), (7.0, 6.0, 60), (6.0, 4.0, 50), (5.0, 2.4, 40))
    return (
        *(
            Rule(
                f"mw_{low:.0f}",
                (When("magnitude", "ge", low),),
                _dot((*ring[:3], alpha), size_mm, stroke=ring, width_mm=0.3),
                f"矩震级 {low:.0f} 及以上",
                f"Mw {low:.0f} and over",
            )
            for low, size_mm, alpha in classes
        ),
        _other(_dot((*ring[:3], 30), 1.4, stroke=ring, width_mm=0.2), "更小", "Smaller"),
    )


STYLES: tuple[LayerStyle, ...] = (
    LayerStyle(
        "parks",
        "数据中心园区",
        "Data-centre parks",
        "plan",
        "marker",
        _park_rules(),
        labels=Labels("name_zh", "name_en", size_pt=8.5, colour=(0, 46, 82, 255), bold=True),
    ),
    LayerStyle(
        "nodes",
        "骨干节点",
        "Backbone nodes",
        "network",
        "marker",
        _node_rules(),
        labels=Labels("name_zh", "name_en", size_pt=8.0, colour=INK),
    ),
    LayerStyle(
        "ports",
        "口岸",
        "Border ports",
        "network",
        "marker",
        (
            _other(
                _dot((0, 128, 96, 255), 3.2, width_mm=0.4, shape="triangle"), "口岸", "Border port"
            ),
        ),
        labels=Labels("name_zh", "name_en", size_pt=7.5, colour=(0, 92, 69, 255)),
    ),
    LayerStyle(
        "fibre",
        "光缆",
        "Fibre cables",
        "network",
        "line",
        _fibre_rules(),
        offset_field="lane",
        offset_mm=0.9,
    ),
    LayerStyle(
        "corridors",
        "通道",
        "Corridors",
        "network",
        "line",
        (
            Rule(
                "railway",
                (When("basis", "eq", "railway"),),
                _line((244, 214, 150, 190), 3.2),
                "沿铁路",
                "Along a railway",
            ),
            Rule(
                "stations",
                (When("basis", "eq", "stations"),),
                _line((244, 224, 178, 190), 3.2),
                "按车站与城镇连线",
                "From station to station",
            ),
            _other(_line((236, 228, 210, 190), 2.4, 4.0, 1.6), "示意", "Schematic"),
        ),
    ),
    LayerStyle(
        "substations",
        "变电站",
        "Substations",
        "power",
        "marker",
        _substation_rules(),
        visible=False,
    ),
    LayerStyle("plants", "电厂", "Power plants", "power", "marker", _plant_rules(), visible=False),
    LayerStyle(
        "towns",
        "城镇设防（基本地震动峰值加速度）",
        "Towns, basic design acceleration",
        "hazard",
        "marker",
        _town_rules(),
        visible=False,
    ),
    LayerStyle(
        "earthquakes",
        "历史地震",
        "Earthquakes",
        "hazard",
        "marker",
        _earthquake_rules(),
        visible=False,
    ),
    LayerStyle(
        "stations",
        "气象站",
        "Weather stations",
        "hazard",
        "marker",
        _station_rules(),
        visible=False,
    ),
    LayerStyle(
        "railways",
        "铁路",
        "Railways",
        "base",
        "line",
        (
            Rule(
                "main",
                (When("rank", "le", 6.0),),
                _line((150, 146, 142, 255), 0.3),
                "干线铁路",
                "Main railway",
            ),
            _other(_line((184, 180, 176, 255), 0.2), "其他铁路", "Other railway"),
        ),
    ),
    LayerStyle(
        "rivers",
        "河流",
        "Rivers",
        "base",
        "line",
        (
            Rule(
                "large",
                (When("rank", "le", 4.0),),
                _line((158, 199, 225, 255), 0.5),
                "大河",
                "Large river",
            ),
            _other(_line((182, 213, 232, 255), 0.3), "河流", "River"),
        ),
    ),
    LayerStyle(
        "boundaries",
        "行政界线",
        "Boundaries",
        "base",
        "fill",
        (
            Rule(
                "region",
                (When("kind", "eq", "region"),),
                Symbol(fill=TRANSPARENT, stroke=(92, 84, 76, 255), width_mm=0.7),
                "规划区域",
                "Region of the plan",
            ),
            Rule(
                "province",
                (When("kind", "eq", "province"),),
                Symbol(fill=(226, 224, 217, 120), stroke=(190, 186, 178, 255), width_mm=0.25),
                "省级行政区",
                "Province",
            ),
            _other(
                Symbol(fill=(214, 214, 212, 150), stroke=(150, 146, 142, 255), width_mm=0.35),
                "邻国",
                "Neighbouring country",
            ),
        ),
    ),
)

RASTERS: tuple[RasterStyle, ...] = (
    RasterStyle(
        "elevation",
        "高程（米）",
        "Elevation (m)",
        "base",
        (
            Stop(0.0, (214, 226, 206, 255), "0"),
            Stop(500.0, (233, 234, 208, 255), "500"),
            Stop(1000.0, (246, 236, 204, 255), "1000"),
            Stop(1500.0, (237, 217, 178, 255), "1500"),
            Stop(2000.0, (222, 195, 155, 255), "2000"),
            Stop(3000.0, (201, 170, 138, 255), "3000"),
            Stop(4500.0, (238, 234, 230, 255), "4500"),
        ),
        opacity=0.8,
        visible=False,
    ),
)


def drawing_levels(style: LayerStyle) -> tuple[int, ...]:
    """Return, per rule, the place in which it is drawn, 0 undermost.

    Small markers lie above large ones, so that a facility shows on its zone; beyond that
    an earlier rule lies above a later one, so that the region's outline, or a cable in
    service, is not cut by its neighbours.
    """
    count = len(style.rules)
    below_to_above = sorted(
        range(count), key=lambda place: (-style.rules[place].symbol.size_mm, -place)
    )
    levels = [0] * count
    for level, place in enumerate(below_to_above):
        levels[place] = level
    return tuple(levels)
