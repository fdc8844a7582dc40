"""What several cables of the plan share: the layer of risks, and the risks of corridors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import RISKS
from steppe.layers.crs import WORKING_CRS, lonlats
from steppe.network.plan_backbone import Backbone, name_rows
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import SAID
from steppe.routing.features import Barrier, CableLine, CorridorLine, Place
from steppe.routing.risk_evidence import CITY, CORRIDOR, Risk, spell_km
from steppe.routing.risks import find_risks, risk_groups

_EVIDENCE_ZH = {
    "corridor": "{n}条光缆记录在{what}内，长{km:.0f}公里",
    "stretch": "{what}相距不到{within}公里，并行{km:.0f}公里",
    "river_crossing": "{n}条光缆跨越{what}，彼此相距不到{within}公里",
    "border_crossing": "{n}条光缆越过{what}边界，彼此相距不到{within}公里",
    "city": "{n}条光缆经过{what}，距离不到{within}公里",
}
_KIND_NAMES = {
    "corridor": ("同一通道", "One corridor"),
    "stretch": ("并行", "Side by side"),
    "river_crossing": ("跨河", "River crossing"),
    "border_crossing": ("跨境", "Border crossing"),
    "city": ("同经城市", "Through one city"),
}
# Layers whose rows a risk is about; rivers bear their own names, whatever the language.
_ABOUT = {
    "corridor": ("corridors",),
    "stretch": ("corridors", "fibre"),
    "river_crossing": (),
    "border_crossing": ("boundaries",),
    "city": ("nodes",),
}


def find_cable_risks(inputs: Inputs, backbone: Backbone) -> tuple[Risk, ...]:
    """Find what the cables of the scenario share, as they are drawn."""
    rows = backbone.lines[
        ["cable_id", "corridors", "corridor_basis", "accuracy_m", "geometry_kind"]
    ]
    lines = [
        CableLine(
            row["cable_id"],
            line,
            corridors=tuple(str(row["corridors"] or "").split())
            if _given(row["corridors"])
            else (),
            said=row["corridor_basis"] == SAID,
            accuracy_m=float(row["accuracy_m"]),
            schematic=row["geometry_kind"] == "schematic",
        )
        for row, line in zip(rows.to_dict("records"), _shapes(backbone.lines), strict=True)
    ]
    corridors = inputs.layers["corridors"]
    ways = [
        CorridorLine(corridor_id, name, line, float(accuracy_m))
        for corridor_id, name, line, accuracy_m in zip(
            corridors["corridor_id"],
            corridors["name_en"],
            _shapes(corridors),
            corridors["accuracy_m"],
            strict=True,
        )
    ]
    return find_risks(lines, corridors=ways, **_surroundings(inputs))  # type: ignore[arg-type]


def find_corridor_risks(inputs: Inputs) -> Mapping[str, frozenset[str]]:
    """Find what corridors share beside cables: by risk, the corridors.

    Returns
    -------
    Mapping
        Also the risks of the places where corridors meet, by `city-` and the id of the node.
    """
    corridors = inputs.layers["corridors"]
    lines = [
        CableLine(corridor_id, line, accuracy_m=float(accuracy_m))
        for corridor_id, line, accuracy_m in zip(
            corridors["corridor_id"], _shapes(corridors), corridors["accuracy_m"], strict=True
        )
    ]
    return risk_groups(find_risks(lines, **_surroundings(inputs)))  # type: ignore[arg-type]


def _shapes(frame: gpd.GeoDataFrame) -> list[Any]:
    """Return the geometries, whose types the contract has checked."""
    return list(frame.geometry)


def _given(value: object) -> bool:
    return isinstance(value, str)


def _surroundings(inputs: Inputs) -> dict[str, list[Barrier] | list[Place]]:
    nodes, boundaries = inputs.layers["nodes"], inputs.layers["boundaries"]
    rivers = inputs.layers.get("rivers")
    countries = gpd.GeoDataFrame(boundaries[boundaries["kind"] == "country"])
    reach_km = inputs.plan.network.city_reach_km
    return {
        "rivers": []
        if rivers is None
        else [
            Barrier(line_id, name if _given(name) else "", shape, float(accuracy_m))
            for line_id, name, shape, accuracy_m in zip(
                rivers["line_id"],
                rivers["name"],
                _shapes(rivers),
                rivers["accuracy_m"],
                strict=True,
            )
        ],
        "borders": [
            Barrier(boundary_id, name, shape, float(accuracy_m))
            for boundary_id, name, shape, accuracy_m in zip(
                countries["boundary_id"],
                countries["name_en"],
                _shapes(countries),
                countries["accuracy_m"],
                strict=True,
            )
        ],
        "places": [
            Place(node_id, name, lon, lat, reach_km)
            for node_id, name, (lon, lat) in zip(
                nodes["node_id"], nodes["name_en"], lonlats(nodes.geometry), strict=True
            )
        ],
    }


def tabulate_risks(inputs: Inputs, risks: tuple[Risk, ...]) -> gpd.GeoDataFrame:
    """Return the layer of risks, contract `RISKS`, with names and evidence in both languages."""
    called_of = {
        kind: {
            row_id: name
            for layer in layers
            for row_id, name in name_rows(inputs, layer, "name_zh").items()
        }
        for kind, layers in _ABOUT.items()
    }
    rows = []
    for risk in risks:
        called = called_of[risk.kind]
        kind_zh, kind_en = _KIND_NAMES[risk.kind]
        what_zh = "、".join(
            dict.fromkeys(
                called.get(one, name) for one, name in zip(risk.about, risk.names, strict=True)
            )
        )
        evidence_zh = _EVIDENCE_ZH[risk.kind].format(
            n=len(risk.cables), what=what_zh, km=risk.km, within=spell_km(risk.within_km)
        )
        drawn = f"（图上精度{risk.accuracy_m / 1000.0:g}公里）" if risk.accuracy_m else ""
        rows.append(
            {
                "risk_id": risk.risk_id,
                "kind": risk.kind,
                "name_zh": f"{kind_zh}：{what_zh}",
                "name_en": f"{kind_en}: {', '.join(dict.fromkeys(risk.names))}",
                "cables": " ".join(risk.cables),
                "n_cables": len(risk.cables),
                "standing": "said" if risk.sure else "assumed",
                "km": risk.km,
                "within_km": risk.within_km,
                "evidence_zh": f"{evidence_zh}{drawn}。",
                "evidence_en": risk.evidence,
                "accuracy_m": risk.accuracy_m,
            }
        )
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(RISKS.columns)),
        geometry=[Point(risk.lon, risk.lat) for risk in risks],
        crs=WORKING_CRS,
    )
    return gpd.GeoDataFrame(conform(frame, RISKS), geometry="geometry", crs=WORKING_CRS)


def shared_by(risks: tuple[Risk, ...], cables: frozenset[str], ends: frozenset[str]) -> list[str]:
    """Return the risks that at least two of some cables share, but for those of the ends."""
    return [
        risk.risk_id
        for risk in risks
        if len(cables.intersection(risk.cables)) > 1 and risk.place_id not in ends
    ]


def telling_groups(risks: tuple[Risk, ...], ends: tuple[str, str]) -> dict[str, frozenset[str]]:
    """Return the risks that two routes between two nodes should not share.

    What only cables of one corridor share goes without saying: a bridge on their railway.
    """
    groups = risk_groups(risks, ends=ends)
    inside = [frozenset(risk.cables) for risk in risks if risk.kind == CORRIDOR]
    return {
        name: cables
        for name, cables in groups.items()
        if name.startswith(f"{CORRIDOR}-") or not any(cables <= each for each in inside)
    }


def corridor_groups(
    groups: Mapping[str, frozenset[str]], ends: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the risks of corridors for one question, without those of its two ends."""
    left_out = {f"{CITY}-{end}" for end in ends}
    return {
        name: inside
        for name, inside in groups.items()
        if name not in left_out and not name.startswith(f"{CORRIDOR}-")
    }
