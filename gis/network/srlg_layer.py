"""Shared risk link groups (SRLG): the layer of what cables share, and the risks of corridors."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from steppe.layers.conformity import conform
from steppe.layers.contracts.failures import RISKS
from steppe.layers.crs import WORKING_CRS, lonlats
from steppe.layers.table_limits import N_NAMED
from steppe.layers.wording import Message, join, say_all, tell
from steppe.network.plan_backbone import Backbone, name_rows
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import SAID
from steppe.routing.features import Barrier, CableLine, CorridorLine, Place
from steppe.routing.readings import SharedRisks
from steppe.routing.risk_evidence import CITY, CORRIDOR, Risk
from steppe.routing.risks import find_risks, risk_groups


def find_cable_risks(inputs: Inputs, backbone: Backbone) -> tuple[Risk, ...]:
    """Find what the cables of the scenario share, as they are drawn."""
    rows = backbone.lines[
        ["cable_id", "corridors", "corridor_basis", "accuracy_m", "geometry_kind"]
    ]
    names = name_rows(inputs, "fibre")
    ends_said = {cable.cable_id: cable.ends_basis == SAID for cable in backbone.cables}
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
            name=names[row["cable_id"]],
            ends_said=ends_said[row["cable_id"]],
        )
        for row, line in zip(rows.to_dict("records"), _shapes(backbone.lines), strict=True)
    ]
    corridors, called = inputs.layer("corridors"), name_rows(inputs, "corridors")
    ways = [
        CorridorLine(corridor_id, called[corridor_id], line, float(accuracy_m))
        for corridor_id, line, accuracy_m in zip(
            corridors["corridor_id"], _shapes(corridors), corridors["accuracy_m"], strict=True
        )
    ]
    return find_risks(lines, corridors=ways, **_surroundings(inputs))  # type: ignore[arg-type]


def find_corridor_risks(inputs: Inputs) -> tuple[Risk, ...]:
    """Find what corridors share beside cables: the `cables` of each risk are corridors."""
    corridors = inputs.layer("corridors")
    lines = [
        CableLine(corridor_id, line, accuracy_m=float(accuracy_m))
        for corridor_id, line, accuracy_m in zip(
            corridors["corridor_id"], _shapes(corridors), corridors["accuracy_m"], strict=True
        )
    ]
    return find_risks(lines, **_surroundings(inputs))  # type: ignore[arg-type]


def _shapes(frame: gpd.GeoDataFrame) -> list[Any]:
    """Return the geometries, whose types the contract has checked."""
    return list(frame.geometry)


def _given(value: object) -> bool:
    return isinstance(value, str)


def _surroundings(inputs: Inputs) -> dict[str, list[Barrier] | list[Place]]:
    nodes, boundaries = inputs.layer("nodes"), inputs.layer("boundaries")
    places, outlines = name_rows(inputs, "nodes"), name_rows(inputs, "boundaries")
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
            Barrier(boundary_id, outlines[boundary_id], shape, float(accuracy_m))
            for boundary_id, shape, accuracy_m in zip(
                countries["boundary_id"], _shapes(countries), countries["accuracy_m"], strict=True
            )
        ],
        "places": [
            Place(node_id, places[node_id], lon, lat, reach_km)
            for node_id, (lon, lat) in zip(nodes["node_id"], lonlats(nodes.geometry), strict=True)
        ],
    }


def tabulate_risks(risks: tuple[Risk, ...]) -> gpd.GeoDataFrame:
    """Return the layer of risks, contract `RISKS`, with names and evidence in every language."""
    rows = [
        {
            "risk_id": risk.risk_id,
            "kind": risk.kind,
            **say_all("name", name_risk(risk)),
            "cables": " ".join(risk.cables),
            "n_cables": len(risk.cables),
            "standing": "said" if risk.sure else "assumed",
            "nearness": "sure" if risk.is_near else "possible",
            "km": risk.km,
            "km_low": risk.low_km,
            "km_high": risk.high_km,
            "within_km": risk.within_km,
            **say_all("evidence", risk.evidence),
            "accuracy_m": risk.accuracy_m,
        }
        for risk in risks
    ]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=list(RISKS.columns)),
        geometry=[Point(risk.lon, risk.lat) for risk in risks],
        crs=WORKING_CRS,
    )
    return gpd.GeoDataFrame(conform(frame, RISKS), geometry="geometry", crs=WORKING_CRS)


def name_risk(risk: Risk) -> Message:
    """Return what a risk is called, with its kind."""
    return tell(f"risk.{risk.kind}.name", what=join(dict.fromkeys(risk.names)))


class SharedBetween:
    """The risks that cables on ways between two nodes share, asked for many pairs.

    Parameters
    ----------
    risks
        Of all cables.
    """

    def __init__(self, risks: tuple[Risk, ...]) -> None:
        self._risks = risks
        self._ranked: dict[frozenset[str], dict[str, int]] = {}
        self._at: dict[str, set[str]] = {}
        for risk in risks:
            if risk.place_id is not None:
                self._at.setdefault(risk.place_id, set()).add(risk.risk_id)

    def name_risks(self, cables: frozenset[str], ends: Iterable[str]) -> tuple[list[str], int]:
        """Return risks that at least two of some cables share, but for those of two ends.

        Returns
        -------
        tuple
            Their ids in order, of many those that take most of the cables down; how many all are.
        """
        if cables not in self._ranked:
            self._ranked[cables] = self._rank(cables)
        place = self._ranked[cables]
        own = place.keys() & set[str]().union(*(self._at.get(end, ()) for end in ends))
        first = islice((each for each in place if each not in own), N_NAMED)
        return sorted(first, key=place.__getitem__), len(place) - len(own)

    def _rank(self, cables: frozenset[str]) -> dict[str, int]:
        """Return the risks by how many of some cables they take down, with their places in order."""
        n_cables = [len(cables.intersection(risk.cables)) for risk in self._risks]
        places = sorted(range(len(n_cables)), key=lambda place: -n_cables[place])
        return {self._risks[place].risk_id: place for place in places if n_cables[place] > 1}


def telling_groups(risks: tuple[Risk, ...]) -> dict[str, frozenset[str]]:
    """Return the risks that two routes should not share, but for those of their own ends.

    What only cables of one corridor share goes without saying: a bridge on their railway.
    """
    inside: dict[str, list[frozenset[str]]] = {}
    for risk in risks:
        if risk.kind == CORRIDOR:
            for cable in risk.cables:
                inside.setdefault(cable, []).append(frozenset(risk.cables))
    return {
        name: cables
        for name, cables in risk_groups(risks).items()
        if name.startswith(f"{CORRIDOR}-")
        or not any(cables <= each for each in inside.get(min(cables, default=""), ()))
    }


def gather_risks(
    inputs: Inputs, risks: tuple[Risk, ...], corridor_risks: tuple[Risk, ...]
) -> SharedRisks:
    """Return what takes down several cables at once, beside the corridors that they lie in.

    With a place fall all cables that end there, whether they are drawn or not.
    """
    return SharedRisks(
        corridors={_call(risk): risk.cables for risk in corridor_risks},
        cables={_call(risk): risk.cables for risk in risks if risk.kind != CORRIDOR},
        places={node: _call_place(node) for node in inputs.layer("nodes")["node_id"]},
    )


def _call(risk: Risk) -> str:
    return risk.risk_id if risk.place_id is None else _call_place(risk.place_id)


def _call_place(node_id: str) -> str:
    return f"{CITY} {node_id}"
