"""A small plan around Hohhot, Jining and Beijing that has every layer and every table."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from steppe.layers.conformity import conform
from steppe.layers.contracts import LAYERS, PLAN_TABLES
from steppe.layers.crs import WORKING_CRS, albers, line_km
from steppe.layers.cut_graph import CutGraph
from steppe.layers.sources import Source
from steppe.layers.tables import Criterion, LatencyClass, Measure, PlanInfo, PlanTables, Raster
from steppe.network.graph_layout import lay_out_graph
from steppe.network.plan_backbone import build_backbone

SAME = {"accuracy_m": 3000.0, "source_id": "plan_text", "as_of": "2017-12-28"}

PLACES = {
    "hohhot": ("呼和浩特", "Hohhot", 111.65, 40.81),
    "jining": ("集宁", "Jining", 113.11, 41.03),
    "datong": ("大同", "Datong", 113.30, 40.09),
    "zhangjiakou": ("张家口", "Zhangjiakou", 114.88, 40.81),
    "beijing": ("北京", "Beijing", 116.40, 39.91),
    "erenhot_border": ("二连浩特边境点", "Erenhot border point", 111.98, 43.65),
    "ulaanbaatar": ("乌兰巴托", "Ulaanbaatar", 106.92, 47.92),
}

# Names that nobody here typed: five probes against the page, two against QGIS, three against
# the templates that the page is made by.
PROBES = (
    "${window.probe=1}",
    "`${window.probe=2}`",
    "<img src=x onerror=window.probe=3>",
    "</script><script>window.probe=4</script>",
    "\"'><b onmouseover=window.probe=5>名</b>",
    "[% 6 * 7 %]",
    "a\\n'||\"fid\"||'\\",
    "{{ 7 * 7 }}",
    "{{ lipsum.__globals__.os.popen(dict(id=1)|first).read() }}",
    "{% raw %}",
)


def _line(*stops: str) -> shapely.LineString:
    return shapely.LineString([PLACES[stop][2:] for stop in stops])


def _points(rows: list[dict]) -> gpd.GeoDataFrame:
    points = [shapely.Point(row.pop("lon"), row.pop("lat")) for row in rows]
    return gpd.GeoDataFrame([row | SAME for row in rows], geometry=points, crs=WORKING_CRS)


def _shapes(rows: list[dict]) -> gpd.GeoDataFrame:
    shapes = [row.pop("shape") for row in rows]
    return gpd.GeoDataFrame([row | SAME for row in rows], geometry=shapes, crs=WORKING_CRS)


def _parks() -> gpd.GeoDataFrame:
    rows = [
        ("horinger", None, "zone", "和林格尔新区", "Horinger New Area", "in_service", 111.82, 40.50),
        ("zgc", None, "zone", "乌兰察布中关村科技产业园", "Zhongguancun Park", "building",
         113.20, 40.95),
        ("chifeng", None, "zone", "赤峰云计算产业园", "Chifeng Cloud Park", "planned",
         118.90, 42.25),
        ("telecom", "horinger", "campus", "中国电信内蒙古信息园", "China Telecom Park",
         "in_service", 111.90, 40.47),
        ("mobile", "horinger", "campus", "中国移动数据中心", "China Mobile Park", "studied",
         111.74, 40.55),
        ("huawei", "zgc", "facility", "华为数据中心", "Huawei Data Centre", "in_service",
         113.22, 40.97),
    ]  # fmt: skip
    return _points(
        [
            {
                "park_id": park_id, "parent_id": parent, "level": level, "name_zh": zh,
                "name_en": en, "city": "Hohhot", "status": status, "node_id": "hohhot",
                "location_basis": "assumed", "area_ha": 100.0, "lon": lon, "lat": lat,
            }
            for park_id, parent, level, zh, en, status, lon, lat in rows
        ]
    )  # fmt: skip


def _nodes() -> gpd.GeoDataFrame:
    kinds = {"hohhot": "core", "jining": "metro", "datong": "junction", "zhangjiakou": "junction",
             "beijing": "target", "erenhot_border": "border", "ulaanbaatar": "metro"}  # fmt: skip
    return _points(
        [
            {
                "node_id": node_id, "name_zh": PLACES[node_id][0], "name_en": PLACES[node_id][1],
                "kind": kind, "country": "MN" if node_id == "ulaanbaatar" else "CN",
                "lon": PLACES[node_id][2], "lat": PLACES[node_id][3],
            }
            for node_id, kind in kinds.items()
        ]
    )  # fmt: skip


def _corridors() -> gpd.GeoDataFrame:
    stops = {
        "hohhot_jining": ("hohhot", "jining"),
        "jining_datong": ("jining", "datong"),
        "datong_beijing": ("datong", "zhangjiakou", "beijing"),
        "jining_zhangjiakou": ("jining", "zhangjiakou"),
        "jining_erenhot": ("jining", "erenhot_border"),
    }
    basis = ("railway", "railway", "railway", "stations", "schematic")
    return _shapes(
        [
            {
                "corridor_id": name, "name_zh": "通道", "name_en": name.replace("_", "–"),
                "from_node": way[0], "to_node": way[-1], "basis": kind,
                "length_km": line_km(_line(*way)), "shape": _line(*way),
            }
            for (name, way), kind in zip(stops.items(), basis, strict=True)
        ]
    )  # fmt: skip


def _fibre() -> gpd.GeoDataFrame:
    south = ("hohhot", "jining", "datong", "zhangjiakou", "beijing")
    border = ("jining", "erenhot_border")
    rows = [
        ("hohhot_beijing_1", south, "corridor", "said", "in_service", 0),
        ("hohhot_beijing_2", south, "corridor", "said", "in_service", 1),
        ("hohhot_beijing_3", south, "corridor", "one_reading", "in_service", -1),
        ("jining_beijing_2", ("jining", "zhangjiakou", "beijing"), "corridor", "said",
         "building", 2),
        ("erenhot_exit", border, "corridor", "assumed", "planned", 0),
        ("mongolia", ("erenhot_border", "ulaanbaatar"), "schematic", "said", "studied", 0),
    ]  # fmt: skip
    return _shapes(
        [
            {
                "cable_id": cable_id, "name_zh": f"光缆 {number}", "name_en": f"Cable {number}",
                "from_node": way[0], "to_node": way[-1], "corridors": corridors,
                "operator": "nobody" if cable_id == "erenhot_exit" else None,
                "corridor_basis": "assumed", "geometry_kind": kind, "existence": existence,
                "status": status, "year": 2017, "fibres": 144, "capacity_gbps": None,
                "length_km": line_km(_line(*way)), "lane": lane, "shape": _line(*way),
            }
            for number, (cable_id, way, kind, existence, status, lane) in enumerate(rows, 1)
            for corridors in ["hohhot_jining" if way == south else None]
        ]
    )  # fmt: skip


def _grid(kind: str, rows: list[tuple]) -> gpd.GeoDataFrame:
    return _points(
        [
            {
                "grid_id": f"{kind}_{number}", "name": f"{kind} {number}", "kind": kind,
                "voltage_kv": voltage, "capacity_mw": capacity, "energy": energy,
                "status": "operating", "lon": lon, "lat": lat,
            }
            for number, (voltage, capacity, energy, lon, lat) in enumerate(rows, 1)
        ]
    )  # fmt: skip


def _base() -> dict[str, gpd.GeoDataFrame]:
    region = shapely.Polygon([(108, 40.2), (113.6, 40.3), (119.5, 41.9), (117, 44), (110, 42.6)])
    hebei = shapely.Polygon([(113.6, 40.3), (119.5, 41.9), (119.5, 38), (113.6, 38)])
    mongolia = shapely.Polygon([(104, 42.6), (110, 42.6), (117, 44), (117, 49), (104, 49)])
    areas = [("CN-15", "region", "内蒙古", "Inner Mongolia", region),
             ("CN-13", "province", "河北", "Hebei", hebei),
             ("MN", "country", "蒙古国", "Mongolia", mongolia)]  # fmt: skip
    rails = [("rail_1", 4, _line("hohhot", "jining", "datong", "beijing")),
             ("rail_2", 9, _line("jining", "erenhot_border"))]  # fmt: skip
    rivers = [("river_1", 3, shapely.LineString([(107, 40.7), (109.8, 40.5), (111.2, 40.2)])),
              ("river_2", 7, shapely.LineString([(114, 43), (116, 43.6)]))]  # fmt: skip
    lakes = [("lake_1", "Dai Hai", shapely.box(112.6, 40.5, 112.8, 40.65))]
    return {
        "lakes": _shapes(
            [
                {"lake_id": name, "name": lake, "rank": 7, "shape": shape}
                for name, lake, shape in lakes
            ]
        ),
        "boundaries": _shapes(
            [
                {"boundary_id": code, "kind": kind, "name_zh": zh, "name_en": en, "shape": shape}
                for code, kind, zh, en, shape in areas
            ]
        ),
        "railways": _shapes(
            [{"line_id": name, "rank": rank, "shape": shape} for name, rank, shape in rails]
        ),
        "rivers": _shapes(
            [
                {"line_id": name, "name": "黄河", "rank": rank, "shape": shape}
                for name, rank, shape in rivers
            ]
        ),
    }


def _hazard() -> dict[str, gpd.GeoDataFrame]:
    towns = [("hohhot", 0.20), ("jining", 0.05), ("datong", 0.15), ("beijing", None)]
    quakes = [("q1", 8.1, 109.0, 41.2), ("q2", 6.2, 114.5, 41.1), ("q3", 4.6, 112.0, 40.5)]
    stations = [("534630-99999", "BAITA", 7.1), ("534800-99999", "JINING", -0.4)]
    faults = [
        ("f1", "Reverse", 41.2),
        ("f2", "Sinistral", 40.9),
        ("f3", "Normal", 40.3),
        ("f4", None, 39.9),
    ]
    return {
        "towns": _points(
            [
                {
                    "town_id": town, "name_zh": PLACES[town][0], "name_en": PLACES[town][1],
                    "pga_g": pga_g, "lon": PLACES[town][2], "lat": PLACES[town][3],
                }
                for town, pga_g in towns
            ]
        ),
        "earthquakes": _points(
            [
                {
                    "event_id": name, "time": "1929-01-14T00:00:00Z", "year": 1929,
                    "magnitude": magnitude, "magnitude_type": "Mw", "depth_km": None, "lon": lon, "lat": lat,
                }
                for name, magnitude, lon, lat in quakes
            ]
        ),
        "faults": _shapes(
            [
                {"fault_id": name, "name": f"Fault {name}", "slip_type": sense,
                 "shape": shapely.LineString([(108.5, lat), (111, lat + 0.1), (112.9, lat)])}
                for name, sense, lat in faults
            ]
        ),
        "fault_extent": _shapes(
            [{"extent_id": "extent", "name_zh": "断层资料覆盖范围",
              "name_en": "Extent of fault knowledge", "shape": shapely.box(107, 39, 113.5, 42)}]
        ),
        "stations": _points(
            [
                {"station_id": number, "name": name, "elevation_m": 1100.0, "temp_mean_c": mean_c,
                 "lon": 111.8 + place, "lat": 40.9}
                | {f"temp_{month:02d}_c": mean_c for month in range(1, 13)}
                for place, (number, name, mean_c) in enumerate(stations)
            ]
        ),
    }  # fmt: skip


def _risks() -> gpd.GeoDataFrame:
    three = "hohhot_beijing_1 hohhot_beijing_2 hohhot_beijing_3"
    rows = [
        ("city-jining", "city", "集宁", "Jining", three, "said", 113.11, 41.03),
        ("river-dahei", "river_crossing", "大黑河", "Dahei River", three, "assumed", 111.9, 40.85),
        ("corridor-hohhot_jining", "corridor", "呼集通道", "Hohhot–Jining", three, "said",
         112.4, 40.92),
        ("stretch-datong", "stretch", "大同并行段", "Datong stretch",
         f"{three} jining_beijing_2", "assumed", 114.2, 40.5),
        ("border-mn", "border_crossing", "蒙古边境", "Mongolian border", "erenhot_exit mongolia",
         "assumed", 111.98, 43.65),
    ]  # fmt: skip
    points = [shapely.Point(*row[-2:]) for row in rows]
    return gpd.GeoDataFrame(
        [
            {
                "risk_id": risk_id, "kind": kind, "name_zh": zh, "name_en": en, "cables": cables,
                "n_cables": len(cables.split()), "standing": standing, "km": 12.5,
                "nearness": "sure", "km_low": 10.0, "km_high": 15.0,
                "within_km": 0.5, "evidence_zh": f"{len(cables.split())}条光缆同在{zh}。",
                "evidence_en": f"{len(cables.split())} cables lie at {en}.", "accuracy_m": 5000.0,
            }
            for risk_id, kind, zh, en, cables, standing, *_ in rows
        ],
        geometry=points,
        crs=WORKING_CRS,
    )  # fmt: skip


def _layers() -> dict[str, gpd.GeoDataFrame]:
    airports = [{"airport_id": "het", "name": "Hohhot Baita Int'l", "kind": "mid",
                 "lon": 111.82, "lat": 40.85}]  # fmt: skip
    ports = [{"port_id": "erenhot", "name_zh": "二连浩特口岸", "name_en": "Erenhot Port",
              "neighbour": "MN", "lon": 111.98, "lat": 43.65}]  # fmt: skip
    made = {
        "parks": _parks(), "nodes": _nodes(), "ports": _points(ports), "airports": _points(airports),
        "corridors": _corridors(), "fibre": _fibre(),
        "substations": _grid("substation", [
            (1000.0, None, None, 112.6, 40.2), (500.0, None, None, 111.9, 40.6),
            (220.0, None, None, 113.0, 41.0), (110.0, None, None, 114.0, 41.1),
            (None, None, None, 112.2, 40.9)]),
        "plants": _grid("plant", [
            (None, 3720.0, "coal", 111.36, 40.19), (None, 299.0, "wind", 113.0, 41.4),
            (None, None, "solar", 112.0, 41.0), (None, 500.0, "tide", 118.0, 39.2)]),
        **_hazard(), **_base(), "risks": _risks(),
    }  # fmt: skip
    return {
        name: gpd.GeoDataFrame(conform(made[name], contract), crs=WORKING_CRS)
        for name, contract in LAYERS.items()
        if name in made
    }


STATUSES = ("in_service", "building", "planned", "studied")
RUN = {"scenario": "base", "year": 2017}
RANKED = {"horinger": (0.8, 6.9, 0.6), "zgc": (0.7, 4.1, 0.9), "chifeng": (0.5, 7.5, 0.5)}


CLASSES = (
    LatencyClass("near", "近处（<5 ms）", "near (<5 ms)", 5.0, "open_data"),
    LatencyClass("region", "同区（≤10 ms）", "one region (10 ms)", 10.0, "open_data"),
    LatencyClass("country", "全国（20 ms）", "the country (20 ms)", 20.0, "open_data"),
)


def _met(rtt_ms: float) -> str | None:
    return next((one.class_id for one in CLASSES if rtt_ms <= one.limit_rtt_ms), None)


def _trip(
    a: str, b: str, low: float, rtt: float, high: float, floor: float
) -> dict[str, str | int | float | None]:
    equipment = 0.16
    return {
        "from_id": a, "to_id": b, **RUN, "rtt_ms": rtt, "rtt_low_ms": low, "rtt_high_ms": high,
        "one_way_ms": rtt / 2, "glass_rtt_ms": rtt - equipment, "equipment_rtt_ms": equipment,
        "floor_rtt_ms": floor, "floor_ratio": rtt / floor, "class_id": _met(high),
        "class_best_id": _met(low), "route_km": 101.8 * rtt, "path": "hohhot_beijing_1",
        "status": "derived", "source_ids": "plan_text",
    }  # fmt: skip


def _latency() -> list[dict]:
    """Round trips of every kind of standing: sure, at best, beyond every class, unknown."""
    unknown = {"from_id": "huawei", "to_id": "beijing", **RUN, "floor_rtt_ms": 3.1,
               "status": "unknown", "reason_zh": "来源未说明其节点", "reason_en": "the sources name no node for it"}  # fmt: skip
    return [
        *(_trip(site, "beijing", 6.4, 6.6, 7.0, 4.1) for site in RANKED),
        _trip("jining", "beijing", 3.6, 3.9, 5.3, 3.0),
        _trip("hohhot", "beijing", 6.1, 6.4, 9.7, 4.0),
        _trip("ulaanbaatar", "beijing", 18.0, 19.0, 24.5, 11.4),
        _trip("hohhot", "ulaanbaatar", 21.0, 24.0, 31.0, 12.0),
        _trip("jining", "ulaanbaatar", 8.0, 9.0, 9.9, 7.5),
        _trip("chifeng", "horinger", 11.0, 11.6, 12.0, 6.1),
        _trip("horinger", "zgc", 1.9, 2.25, 2.5, 1.2),
        unknown,
    ]


def _redundancy() -> list[dict]:
    risks = "city-jining river-dahei corridor-hohhot_jining border-mn stretch-datong"
    rows = [
        ("hohhot", "beijing", (4, 4, 4, 4, 1, 2), "hohhot_jining", risks),
        ("jining", "beijing", (1, 2, 2, 3, 2, 3), None, "stretch-datong"),
        ("ulaanbaatar", "beijing", (0, 0, 1, 1, 1, 1), None, None),
        ("hohhot", "ulaanbaatar", (0, 0, 0, 1, 0, 1), None, "border-mn"),
    ]
    names = ("nominal_low", "nominal_high", "to_cut_low", "to_cut_high", "effective_low",
             "effective_high")  # fmt: skip
    return [
        {"from_id": a, "to_id": b, **RUN, **dict(zip(names, counts, strict=True)),
         "reason_zh": "来源未说明通道",
         "reason_en": "no source names the corridors", "evidence": evidence, "risk_ids": risk_ids,
         "n_risks": len((risk_ids or "").split()), "source_ids": "plan_text",
         "effective_basis": "exact"}
        for a, b, counts, evidence, risk_ids in rows
    ]  # fmt: skip


def _disjoint() -> list[dict]:
    ways = [
        ("cables", 1, 6.4, 651.0, "hohhot_beijing_1", None),
        ("cables", 2, 6.5, 660.0, "hohhot_beijing_2", None),
        ("risks", 1, 6.4, 651.0, "hohhot_beijing_1", "city-jining stretch-datong"),
        ("risks", 2, 9.8, 998.0, "erenhot_exit jining_beijing_2", "city-jining stretch-datong"),
    ]
    return [
        {"from_id": "hohhot", "to_id": "beijing", "apart": apart, "route": route, **RUN,
         "rtt_ms": rtt_ms, "route_km": km, "path": path, "shared": shared}
        for apart, route, rtt_ms, km, path, shared in ways
    ]  # fmt: skip


def _cuts() -> list[dict]:
    """Cuts of one thing and of two, to both targets; one stands beyond the worst."""
    south = "hohhot_beijing_1 hohhot_beijing_2 hohhot_beijing_3"
    rows = [
        ("corridor:hohhot_jining", "beijing", 1, south, "hohhot", "jining"),
        ("cable:jining_beijing_2", "beijing", 2, "jining_beijing_2", None, "hohhot jining"),
        ("operator:nobody", "beijing", None, "erenhot_exit", None, "jining"),
        ("cable:jining_beijing_2+corridor:hohhot_jining", "beijing", 1,
         f"{south} jining_beijing_2", "hohhot jining", None),
        ("cable:mongolia", "ulaanbaatar", 1, "mongolia", "hohhot jining", None),
    ]  # fmt: skip
    made = []
    for cut_id, target, rank, cables, isolated, slower in rows:
        units = cut_id.split("+")
        made.append(
            {"cut_id": cut_id, "to_id": target, **RUN, "n_units": len(units), "rank": rank,
             "name_zh": f"中断 {len(cables)}", "name_en": f"Cut {len(cables)}",
             "kinds": " ".join(unit.partition(":")[0] for unit in units), "cables": cables,
             "standing": "assumed",
             "n_isolated": 3 if isolated else 0, "isolated": isolated,
             "n_doubtful": 0, "n_slower": 2 if slower else 0, "slower": slower}
            | ({"worst_id": "jining", "worst_before_ms": 3.9, "worst_after_ms": 8.25}
               if slower else {})
        )  # fmt: skip
    return made


def _calibration() -> list[dict]:
    common = {"floor_rtt_ms": 76.5, "rule_rtt_ms": 96.25,
              "source_id": "open_data"}  # fmt: skip
    return [
        common | {"trip_id": "beijing_frankfurt", "from_zh": "北京", "from_en": "Beijing",
                  "to_zh": "法兰克福", "to_en": "Frankfurt",
                  "kind": "internet", "rtt_ms": 191.5, "model_rtt_ms": 201.25,
                  "model_low_ms": 95.5, "model_high_ms": 181.0},
        common | {"trip_id": "london_tokyo", "from_zh": "伦敦", "from_en": "London",
                  "to_zh": "东京", "to_en": "Tokyo",
                  "kind": "service", "rtt_ms": 194.0},
    ]  # fmt: skip


def _tables() -> dict[str, pd.DataFrame]:
    measures, scores = [], []
    for rank, (site, (total, mean_c, climate)) in enumerate(RANKED.items(), 1):
        common = {"site_id": site, **RUN}
        seen = {"unit": "°C", "band": "range", "source_ids": "plan_text", "status": "derived"}
        far = {"unit": "km", "band": "none", "source_ids": "plan_text", "status": "derived"}
        measures += [
            common | seen | {"measure_id": "temp_mean_c", "criterion": "climate", "value": mean_c,
                             "low": mean_c - 0.5, "high": mean_c + 0.5},
            common | far | {"measure_id": "to_220_kv_km", "criterion": "power",
                            "value": 10.0 * rank},
        ]  # fmt: skip
        power = 1.0 - 0.1 * rank
        for name, value, weight in (
            ("climate", climate, 0.6), ("power", power, 0.4), ("total", total, 1.0),
        ):  # fmt: skip
            scores.append(
                common
                | {"criterion": name, "level": "zone", "value": value, "low": value - 0.05,
                   "high": value + 0.05, "weight": weight, "coverage": 1.0,
                   "rank": rank if name == "total" else None}
            )  # fmt: skip
    claims = [
        {"claim_id": "temp", "source_id": "plan_text", "place_in_text": "ch. 2",
         "text_zh": "全年平均气温为0～8℃", "text_en": "The yearly mean is 0 to 8 °C",
         "found_zh": "4.1至7.5 °C", "found_en": "4.1 to 7.5 °C", "verdict": "holds",
         "reason_zh": "每个园区都在其内", "reason_en": "every park lies inside",
         "source_ids": "open_data"}
    ]  # fmt: skip
    facts = [
        {"layer": "parks", "id": "horinger", "field": "area_ha", "value": "100", "unit": "ha",
         "source_id": "plan_text", "place_in_text": "ch. 6", "kind": "said"}
    ]  # fmt: skip
    made = {"measures": measures, "scores": scores, "latency": _latency(),
            "redundancy": _redundancy(), "disjoint": _disjoint(), "cuts": _cuts(),
            "calibration": _calibration(), "claims": claims, "facts": facts,
            "rule_checks": _checks(), "rules": [RULE], "costs": _costs(), "break_evens": _break_evens(),
            **_decision()}  # fmt: skip
    # The other tables are empty.
    return {name: conform(pd.DataFrame(rows), PLAN_TABLES[name]) for name, rows in made.items()}


def _decision() -> dict[str, list[dict]]:
    """Return how sure the ranks are, why, and what another scenario would change."""
    shares = {
        "horinger": (0.7, 0.3, 0.0),
        "zgc": (0.296, 0.5, 0.204),
        "chifeng": (0.004, 0.2, 0.796),
    }
    common = [{"site_id": site, **RUN} for site in shares]
    robustness = [
        key
        | {"level": "zone", "rank": rank, "score": RANKED[key["site_id"]][0], "topsis_rank": 4 - rank,
           "topsis": 0.5, "first_share": shares[key["site_id"]][0], "low_rank": max(1, rank - 1),
           "high_rank": rank, "first_share_any": 0.25, "best_rank": 1, "worst_rank": 3,
           "at_values": 0.5, "at_values_rank": rank, "confidence": None,
           "first_share_assumed": 0.5}
        for rank, key in enumerate(common, 1)
    ]  # fmt: skip
    acceptability = [
        key | {"weights": weights, "rank": rank, "share": share}
        for key in common
        for weights in ("plan", "any")
        for rank, share in enumerate(shares[key["site_id"]], 1)
    ]
    ends = {("horinger", "climate"): (0.125, 1.0), ("horinger", "power"): (0.0, 1.0)}
    ranges = [
        key | {"criterion": name, "weight": weight, "central": 0.5, "low": low, "high": high}
        for key in common
        for name, weight in (("climate", 0.6), ("power", 0.4))
        for low, high in [ends.get((key["site_id"], name), (None, None))]
    ]
    told = [
        ("horinger", "lifted", "temp_mean_c", 1, "气温拉高了它", "its cold lifts it"),
        ("horinger", "held", "to_220_kv_km", 2, "线路拉低了它", "its tie line holds it down"),
        ("horinger", "survey", "to_220_kv_km", 1, "最该查明线路", "survey the tie line"),
        ("zgc", "climb", "to_220_kv_km", 1, "线路再短些就升位", "a shorter line would take it up"),
    ]
    explanations = [
        {"site_id": site, "kind": kind, "measure_id": measure, **RUN, "place": place,
         "amount": 0.1, "unit": "km", "text_zh": zh, "text_en": en}
        for site, kind, measure, place, zh, en in told
    ]  # fmt: skip
    asked = [
        ("first", "谁居首位？", "Which park is first?", "和林格尔居首。", "Horinger is first."),
        ("sure", "有多大把握？", "How sure is that?", "七成。", "In 70 of 100."),
        ("why", "为什么？", "Why?", "因为冷。", "For its cold."),
        ("cost", "成本？", "What does it cost?", "不明。", "Nobody knows."),
    ]
    answers = [
        {"question": name, **RUN, "place": place, "title_zh": zh, "title_en": en,
         "text_zh": text_zh, "text_en": text_en}
        for place, (name, zh, en, text_zh, text_en) in enumerate(asked, 1)
    ]  # fmt: skip
    base = {"year": 2017, "n_sites": 3, "n_ranked": 3}
    scenarios = [
        base | {"scenario": "base", "title_zh": "基准", "title_en": "Base", "first_id": "horinger",
                "score": 0.8, "first_share": 0.7, "n_changes": 0},
        base | {"scenario": "mesh", "title_zh": "成网", "title_en": "Mesh", "why_zh": "规划要求",
                "why_en": "the plan wants it", "first_id": "zgc", "score": 0.75,
                "first_share": 0.6, "n_changes": 8},
    ]  # fmt: skip
    changed = [
        ("rank", "zgc", "rank", 2.0, 1.0, "1"), ("score", "zgc", "value", 0.7, 0.75, "1"),
        ("score", "telecom", "value", 0.5, 0.6, "1"), ("site", "chifeng", "there", 1.0, None, "1"),
        ("measure", "zgc", "rtt_ms", 6.6, 3.3, "ms"), ("rtt", "jining", "beijing", 3.9, 3.3, "ms"),
        ("rtt", "jining", "ulaanbaatar", 9.0, 8.5, "ms"),
        ("routes", "jining", "to_cut_high", 3.0, 5.0, "1"),
    ]  # fmt: skip
    changes = [
        {"scenario": "mesh", "kind": kind, "id": name, "name_zh": f"{name}的", "name_en": name,
         "quantity": quantity, "before": before, "after": after, "unit": unit}
        for kind, name, quantity, before, after, unit in changed
    ]  # fmt: skip
    assumptions = [
        {"parameter": "criteria.power.weight", **RUN, "place": 1, "kind": "weight",
         "title_zh": "电力的权重", "title_en": "the weight of power", "value": 0.4, "low": 0.3,
         "high": 0.5, "unit": "1", "reason_zh": "假定", "reason_en": "assumed", "lead": 0.1,
         "lead_low": 0.15, "lead_high": -0.05, "turns": "yes", "turn": 0.47,
         "new_first_id": "zgc"}
    ]  # fmt: skip
    spread = [
        {"measure_id": measure, **RUN, "criterion": criterion, "weight": weight, "share": share}
        for measure, criterion, weight, share in (
            ("temp_mean_c", "climate", 0.6, 0.25), ("to_220_kv_km", "power", 0.4, 0.75),
        )
    ]  # fmt: skip
    return {"assumptions": assumptions, "spread": spread, "robustness": robustness, "acceptability": acceptability, "weight_ranges": ranges,
            "explanations": explanations, "answers": answers, "scenarios": scenarios,
            "changes": changes}  # fmt: skip


def _costs() -> list[dict]:
    """One site whose energy is priced; what else it costs is not known."""
    common = {
        "site_id": "horinger",
        **RUN,
        "method_zh": "单价乘以数量",
        "method_en": "price times quantity",
    }
    energy = {"cost_cny_mw_year": 3e6, "low_cny_mw_year": 2.9e6, "high_cny_mw_year": 3.1e6,
              "band": "range", "status": "derived", "source_ids": "open_data"}  # fmt: skip
    rest = {"missing": "tie_line fibre land water"}
    return [
        common | energy | {"component": "energy", "reason_zh": "电价0.3元/千瓦时", "reason_en": "power at 0.3 CNY/kWh"},
        common | energy | rest | {"component": "known", "reason_zh": "电费合计", "reason_en": "sum of energy"},
        common | rest | {"component": "total", "band": "none", "status": "unknown",
                         "reason_zh": "不明：接入线路、光缆、土地、水", "reason_en": "not known: tie_line, fibre, land, water"},
    ]  # fmt: skip


def _break_evens() -> list[dict]:
    return [
        {"site_id": "zgc", "other_id": "horinger", **RUN, "pue_ratio": 1.004,
         "energy_cny_kwh": 0.3012, "missing": "tie_line fibre land water", "status": "derived",
         "reason_zh": "电费相同时，此处电价可高0.4%", "reason_en": "power may cost 0.4 % more here for the energy to cost the same",
         "source_ids": "open_data"}
    ]  # fmt: skip


RULE = {"rule_id": "far_from_rail", "name_zh": "距铁路800 m", "name_en": "800 m from a railway",
        "kind": "siting", "strength": "hard", "applies_to": "*", "threshold": 0.8, "unit": "km",
        "edition": 2017, "clause": "annex A", "measure": "railway_km", "comparison": "at_least",
        "confirmed": "no", "source_id": "plan_text", "as_of": "2017-12-28"}  # fmt: skip


def _checks() -> list[dict]:
    """One clause that a park keeps, one that breaks it, one of which nothing is known."""
    kept = ("rule_id", "clause", "edition", "measure", "comparison", "threshold", "unit")
    shared = {name: RULE[name] for name in (*kept, "strength", "confirmed")} | {"excludes": "no"}
    shared |= RUN
    known = {
        "source_ids": "plan_text",
        "reason_zh": "图层中最近的铁路",
        "reason_en": "nearest railway of the layer",
    }
    return [
        shared | known | {"site_id": "horinger", "verdict": "pass", "value": 5.0, "low": 4.0,
                          "high": 6.0},
        shared | known | {"site_id": "zgc", "verdict": "fail", "value": 0.2, "low": 0.1,
                          "high": 0.3},
        shared | {"site_id": "chifeng", "verdict": "unknown", "reason_zh": "没有铁路图层", "reason_en": "no layer of railways",
                  "source_ids": None},
    ]  # fmt: skip


def _criteria() -> tuple[Criterion, ...]:
    warmth = Measure("temp_mean_c", "年均气温", "Yearly mean temperature", "°C", 1.0, 12.0, 0.0,
                     "span of the region")  # fmt: skip
    supply = Measure("to_220_kv_km", "至 220 千伏", "Distance to 220 kV", "km", 1.0, 60.0, 0.0,
                     "practice")  # fmt: skip
    return (
        Criterion("climate", "气候", "Climate", 0.6, (warmth,)),
        Criterion("power", "电力", "Power", 0.4, (supply,)),
    )


def _source(source_id: str, licence: str, attribution: str) -> Source:
    return Source(
        source_id=source_id, title=attribution, publisher="publisher", year=2017,
        licence=licence, attribution=attribution, accuracy="3 km",
        as_of=dt.date(2017, 12, 28),
    )  # fmt: skip


def open_network(layers: dict[str, gpd.GeoDataFrame], info: PlanInfo) -> Any:
    """Return what the backbone of the plan is built from: the part of `Inputs` that it asks for."""
    network = SimpleNamespace(
        targets=info.targets, city_reach_km=8.0,
        classes=[SimpleNamespace(id=one.class_id, limit_rtt_ms=one.limit_rtt_ms) for one in info.classes],
    )  # fmt: skip
    scenario = SimpleNamespace(name=info.scenario, year=info.year, statuses=STATUSES)
    plan = SimpleNamespace(network=network, scenario=scenario)
    return SimpleNamespace(plan=plan, layers=layers, layer=lambda name: layers[name])


def lay_out(layers: dict[str, gpd.GeoDataFrame], info: PlanInfo) -> dict[str, CutGraph]:
    """Return the graph of the plan's cables, with the risks of its layer."""
    inputs = open_network(layers, info)
    rows = layers["risks"].to_dict("records")
    risks = [
        SimpleNamespace(risk_id=row["risk_id"], cables=row["cables"].split(), place_id=None)
        for row in rows
    ]
    return {info.scenario: lay_out_graph(inputs, build_backbone(inputs), risks)}


def make_tables() -> PlanTables:
    """Return the plan."""
    info = PlanInfo(
        name="small_plan", title_zh="小规划", title_en="Small plan", as_of="2017-12-31",
        bbox=(95.0, 36.0, 125.0, 54.0), view=(106.0, 38.5, 120.0, 45.0),
        albers=albers((95.0, 36.0, 125.0, 54.0)), scenario="base", year=2017, level="zone",
        review_number="", criteria=_criteria(), targets=("beijing", "ulaanbaatar"),
        classes=CLASSES,
    )  # fmt: skip
    north = np.arange(100, dtype="float32")[:, None]
    heights = np.where(north > 60, np.nan, 500.0 + 10.0 * north + np.zeros((100, 160)))
    elevation = Raster(
        "elevation", heights.astype("float32"), 104.0, 46.0, 0.1, "m", "高程", "Elevation",
        "open_data",
    )  # fmt: skip
    slope = dataclasses.replace(
        elevation, name="slope", unit="0.1°", title_zh="坡度", title_en="Slope",
        values=(heights / 10.0).astype("float32"),
    )  # fmt: skip
    sources = {
        "plan_text": _source("plan_text", "CC-BY-4.0", "Plan text © its publisher"),
        "open_data": _source("open_data", "CC0-1.0", "Open data of everyone"),
    }
    layers = _layers()
    plan = PlanTables(
        info=info,
        layers=layers,
        sources=sources,
        graphs=lay_out(layers, info),
        rasters={"elevation": elevation, "slope": slope},
        tables=_tables(),
        counted=COUNTED,
    )
    return dataclasses.replace(plan, variants=(make_mesh(plan),))


COUNTED = ("hohhot_beijing_1", "hohhot_beijing_2", "hohhot_beijing_3", "jining_beijing_2")


def make_mesh(plan: PlanTables) -> PlanTables:
    """Return the scenario `mesh`: one cable is built, one is new, one gone, and so is a park."""
    fibre, parks = plan.layers["fibre"], plan.layers["parks"]
    is_built = fibre["cable_id"] == "jining_beijing_2"
    moved = fibre.assign(status=fibre["status"].mask(is_built, "in_service"))
    left = moved[moved["cable_id"] != "hohhot_beijing_3"].reset_index(drop=True)
    run = {"scenario": "mesh", "year": 2020}
    is_better = (plan.scores["site_id"] == "horinger") & (plan.scores["criterion"] == "climate")
    better = plan.scores.assign(value=plan.scores["value"].mask(is_better, 1.0), **run)
    nearer = plan.latency.assign(rtt_ms=plan.latency["rtt_ms"] / 2.0, **run)
    return PlanTables(
        info=dataclasses.replace(plan.info, **run),
        layers={
            **plan.layers,
            "fibre": left,
            "parks": parks[parks["park_id"] != "chifeng"].reset_index(drop=True),
        },
        tables={
            **{name: getattr(plan, name).assign(**run) for name in ("measures", "redundancy")},
            "scores": better[better["site_id"] != "chifeng"],
            "latency": nearer[(nearer[["from_id", "to_id"]] != "chifeng").all(axis=1)],
        },
        sources={},
        rasters={},
        counted=("erenhot_exit", "hohhot_beijing_1", "hohhot_beijing_2", "jining_beijing_2"),
    )


@pytest.fixture(scope="session")
def tables() -> PlanTables:
    return make_tables()


def make_hostile(tables: PlanTables, names: Sequence[str] = PROBES) -> PlanTables:
    """Return a plan whose every name, title and attribution is one of the names."""
    layers = {}
    for layer, frame in tables.layers.items():
        hostile = frame.copy()
        for column in (
            *("name_zh", "name_en", "name", "operator", "city"),
            *("evidence_zh", "evidence_en"),
        ):
            if column in hostile:
                hostile[column] = [
                    names[(row + len(column)) % len(names)] for row in range(len(hostile))
                ]
        layers[layer] = hostile
    classes = tuple(
        dataclasses.replace(one, title_zh=names[number], title_en=names[-number])
        for number, one in enumerate(tables.info.classes, 1)
    )
    info = dataclasses.replace(
        tables.info, title_zh=names[5], title_en="".join(names), classes=classes
    )
    cuts = tables.cuts.copy()
    cuts["name_zh"] = [names[row % len(names)] for row in range(len(cuts))]
    cuts["name_en"] = [names[(row + 3) % len(names)] for row in range(len(cuts))]
    sources = {
        name: source.model_copy(update={"title": names[2], "attribution": "".join(names)})
        for name, source in tables.sources.items()
    }
    spoiled = {
        table: _spoil(getattr(tables, table), columns, names) for table, columns in TOLD.items()
    }
    hostile = dataclasses.replace(tables, info=info, layers=layers, sources=sources)
    hostile = hostile.with_tables(cuts=cuts, **spoiled)
    return dataclasses.replace(hostile, variants=(make_mesh(hostile),))


# Texts of the decision, by table.
TOLD = {
    "answers": ("title_zh", "title_en", "text_zh", "text_en"),
    "explanations": ("text_zh", "text_en"),
    "scenarios": ("title_zh", "title_en", "why_zh", "why_en"),
    "changes": ("name_zh", "name_en", "unit"),
    "costs": ("reason_zh", "reason_en"),
}


def _spoil(table: pd.DataFrame, columns: tuple[str, ...], names: Sequence[str]) -> pd.DataFrame:
    """Put names into some columns, a different one from row to row and column to column."""
    spoiled = table.copy()
    for shift, column in enumerate(columns):
        spoiled[column] = [names[(row + shift) % len(names)] for row in range(len(table))]
    return spoiled


@pytest.fixture(scope="session")
def hostile_tables(tables: PlanTables) -> PlanTables:
    return make_hostile(tables)
