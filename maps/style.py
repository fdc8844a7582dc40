"""The looks of every layer that is drawn, top first, and of the rasters below them.

Inside a layer, `drawing_levels` says which rule lies above which.
"""

from __future__ import annotations

from steppe.layers.wording import name_columns
from steppe.maps.style_rules import (
    INK,
    dot,
    earthquake_rules,
    fault_rules,
    fibre_rules,
    line,
    node_rules,
    other,
    park_rules,
    plant_rules,
    risk_rules,
    station_rules,
    substation_rules,
    town_rules,
)
from steppe.maps.symbols import (
    THEMES,
    AreaLabels,
    Labels,
    LayerStyle,
    RasterStyle,
    Rule,
    Stop,
    Symbol,
    When,
)

# What the card of a feature tells at its foot.
ORIGIN = ("accuracy_m", "source_id", "as_of")

STYLES: tuple[LayerStyle, ...] = (
    LayerStyle(
        "parks",
        "数据中心园区",
        "Data-centre parks",
        "plan",
        "marker",
        park_rules(),
        labels=Labels("name_zh", "name_en", size_pt=8.5, colour=(0, 46, 82, 255), bold=True),
        themes=THEMES,
        card=(
            "parent_id",
            "level",
            "city",
            "status",
            "role",
            "operator",
            "area_ha",
            "it_load_mw",
            "racks",
            "servers",
            "opened",
            "node_id",
            "town_id",
            "location_basis",
            *ORIGIN,
        ),
    ),
    LayerStyle(
        "nodes",
        "骨干节点",
        "Backbone nodes",
        "network",
        "marker",
        node_rules(),
        labels=Labels("name_zh", "name_en", size_pt=8.0, colour=INK),
        themes=("backbone",),
        card=("kind", "country", *ORIGIN),
    ),
    LayerStyle(
        "ports",
        "口岸",
        "Border ports",
        "network",
        "marker",
        (
            other(
                dot((0, 128, 96, 255), 3.2, width_mm=0.4, shape="triangle"), "口岸", "Border port"
            ),
        ),
        labels=Labels("name_zh", "name_en", size_pt=7.5, colour=(0, 92, 69, 255)),
        themes=("siting", "backbone"),
        card=("neighbour", *ORIGIN),
    ),
    LayerStyle(
        "risks",
        "共险点",
        "Shared risks",
        "network",
        "marker",
        risk_rules(),
        visible=False,
        themes=("backbone",),
        card=("kind", "cables", "n_cables", "km", "within_km", "standing", "accuracy_m"),
        card_texts=name_columns("evidence"),
    ),
    LayerStyle(
        "fibre",
        "光缆",
        "Fibre cables",
        "network",
        "line",
        fibre_rules(),
        offset_field="lane",
        offset_mm=0.7,
        themes=("backbone",),
        card=(
            "from_node",
            "to_node",
            "status",
            "year",
            "fibres",
            "capacity_gbps",
            "length_km",
            "operator",
            "corridors",
            "corridor_basis",
            "existence",
            "geometry_kind",
            *ORIGIN,
        ),
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
                line((244, 214, 150, 170), 4.0),
                "沿铁路",
                "Along a railway",
            ),
            Rule(
                "stations",
                (When("basis", "eq", "stations"),),
                line((244, 226, 184, 170), 4.0),
                "按车站与城镇连线",
                "From station to station",
            ),
            other(line((236, 228, 210, 170), 3.0, 4.0, 1.6), "示意", "Schematic"),
        ),
        themes=("siting", "backbone"),
        card=("basis", "length_km", *ORIGIN),
    ),
    LayerStyle(
        "substations",
        "变电站",
        "Substations",
        "power",
        "marker",
        substation_rules(),
        visible=False,
        themes=("power",),
        card=("voltage_kv", "operator", "status", *ORIGIN),
    ),
    LayerStyle(
        "plants",
        "电厂",
        "Power plants",
        "power",
        "marker",
        plant_rules(),
        visible=False,
        themes=("power",),
        card=("capacity_mw", "energy", "operator", "status", *ORIGIN),
    ),
    LayerStyle(
        "towns",
        "城镇设防（基本地震动峰值加速度）",
        "Towns, basic design acceleration",
        "hazard",
        "marker",
        town_rules(),
        visible=False,
        themes=("hazard",),
        card=("pga_g", "pga_edition", "population", *ORIGIN),
    ),
    LayerStyle(
        "earthquakes",
        "历史地震",
        "Earthquakes",
        "hazard",
        "marker",
        earthquake_rules(),
        visible=False,
        themes=("hazard",),
        card=("time", "magnitude", "magnitude_type", "depth_km", *ORIGIN),
    ),
    LayerStyle(
        "stations",
        "气象站",
        "Weather stations",
        "hazard",
        "marker",
        station_rules(),
        visible=False,
        card=("elevation_m", "temp_mean_c", *ORIGIN),
    ),
    LayerStyle(
        "faults",
        "活动断层",
        "Active faults",
        "hazard",
        "line",
        fault_rules(),
        visible=False,
        themes=("hazard",),
        card=("slip_type", "slip_rate_mm_a", *ORIGIN),
    ),
    LayerStyle(
        "fault_extent",
        "断层资料覆盖范围（范围外不明）",
        "Extent of fault knowledge (unknown outside)",
        "hazard",
        "fill",
        (
            other(
                Symbol(fill=(70, 90, 120, 30), stroke=(122, 96, 86, 255), width_mm=0.3),
                "有断层资料",
                "Faults are known here",
            ),
        ),
        visible=False,
        themes=("hazard",),
    ),
    LayerStyle(
        "airports",
        "机场",
        "Airports",
        "base",
        "marker",
        (other(dot((96, 96, 112, 255), 2.4, width_mm=0.3, shape="diamond"), "机场", "Airport"),),
        visible=False,
        card=("kind", *ORIGIN),
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
                line((150, 146, 142, 255), 0.3),
                "干线铁路",
                "Main railway",
            ),
            other(line((184, 180, 176, 255), 0.2), "其他铁路", "Other railway"),
        ),
        themes=THEMES,
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
                line((158, 199, 225, 255), 0.5),
                "大河",
                "Large river",
            ),
            other(line((182, 213, 232, 255), 0.3), "河流", "River"),
        ),
        themes=THEMES,
    ),
    LayerStyle(
        "lakes",
        "湖泊",
        "Lakes",
        "base",
        "fill",
        (
            other(
                Symbol(fill=(200, 224, 238, 255), stroke=(158, 199, 225, 255), width_mm=0.2),
                "湖泊与水库",
                "Lake or reservoir",
            ),
        ),
        themes=THEMES,
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
                Symbol(fill=(255, 238, 180, 60), stroke=(92, 84, 76, 255), width_mm=0.7),
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
            other(
                Symbol(fill=(214, 214, 212, 150), stroke=(150, 146, 142, 255), width_mm=0.35),
                "邻国",
                "Neighbouring country",
            ),
        ),
        area_labels=AreaLabels(
            "name_zh",
            "name_en",
            (("region", 12.0), ("province", 8.5), ("other", 12.0)),
            (140, 128, 114, 255),
        ),
        themes=THEMES,
    ),
)

RASTERS: tuple[RasterStyle, ...] = (
    RasterStyle(
        "elevation",
        "海拔（米）",
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
        themes=("siting",),
    ),
    RasterStyle(
        "slope",
        "坡度（度，约2公里分辨率，仅供参考）",
        "Slope (°, resolution about 2 km, indicative)",
        "base",
        # Tenths of a degree, as the grid holds them.
        (
            Stop(0.0, (255, 255, 255, 0), "0"),
            Stop(20.0, (254, 227, 145, 255), "2"),
            Stop(50.0, (251, 154, 41, 255), "5"),
            Stop(100.0, (204, 76, 2, 255), "10"),
            Stop(200.0, (102, 37, 6, 255), "20"),
        ),
        opacity=0.8,
        visible=False,
        themes=("hazard",),
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
