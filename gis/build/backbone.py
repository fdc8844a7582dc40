"""The backbone of a plan: its graph, and the tables of latency and redundancy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import networkx as nx
import pandas as pd

from gis.build.inputs import Inputs
from gis.criteria.finding import spell_sources
from layers.conformity import conform
from layers.crs import GEOD, lonlats
from layers.errors import InputError, Problem
from layers.results import LATENCY, REDUNDANCY
from routing.backbone import Cable, Corridor, build_graph, cut, to_cables, to_corridors, to_nodes
from routing.latency import (
    SLACK_FRAC,
    Route,
    floor_rtt_ms,
    planning_route_km,
    rtt_ms,
    shortest_route,
)
from routing.placement import widen_bands
from routing.redundancy import cut_range, effective_range, nominal_range


@dataclass(frozen=True)
class Backbone:
    """The cables that count in a scenario, as a graph, and what the reasons need.

    Parameters
    ----------
    graph
        Multigraph of the cables.
    cables, corridors
        The same as values.
    sources
        `cable_id` to the source of its row.
    """

    graph: nx.MultiGraph[str]
    cables: tuple[Cable, ...]
    corridors: tuple[Corridor, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class _Start:
    """Where a round trip begins: a park or a node, and its way to the first exchange, km."""

    start_id: str
    node_id: str | None
    lon: float
    lat: float
    low_km: float = 0.0
    km: float = 0.0
    high_km: float = 0.0


def build_backbone(inputs: Inputs, *, cuts: Collection[str] = ()) -> Backbone:
    """Build the backbone of the plan's scenario, without the cables that are cut.

    Raises
    ------
    InputError
        For a cut that names no cable of the scenario.
    """
    fibre, scenario = inputs.layers["fibre"], inputs.plan.scenario
    counts = fibre["status"].isin(scenario.statuses) & (fibre["year"] <= scenario.year)
    absent = sorted(set(cuts) & set(fibre.loc[~counts, "cable_id"]))
    if absent:
        raise InputError(
            Problem(
                "--cut",
                f"{', '.join(absent)} is not there in scenario {scenario.name}",
                "cut a cable that is",
            )
        )
    nodes = to_nodes(inputs.layers["nodes"])
    corridors = to_corridors(inputs.layers["corridors"])
    cables = widen_bands(to_cables(gpd.GeoDataFrame(fibre[counts]), nodes), corridors)
    graph = cut(build_graph(nodes, cables), cuts)
    kept = tuple(cable for cable in cables if cable.cable_id not in set(cuts))
    return Backbone(
        graph=graph,
        cables=kept,
        corridors=corridors,
        sources=dict(zip(fibre["cable_id"], fibre["source_id"], strict=True)),
    )


def _starts(inputs: Inputs) -> list[_Start]:
    nodes, parks = inputs.layers["nodes"], inputs.layers["parks"]
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    ends = nodes.loc[nodes["kind"] != "junction", "node_id"]
    starts = [_Start(node_id, node_id, *at[node_id]) for node_id in ends]
    for park_id, node_id, place in zip(
        parks["park_id"], parks["node_id"], lonlats(parks.geometry), strict=True
    ):
        if pd.isna(node_id):
            starts.append(_Start(park_id, None, *place))
            continue
        air_km = GEOD.inv(*place, *at[node_id])[2] / 1000.0
        rule_km = planning_route_km(air_km)
        starts.append(
            _Start(park_id, node_id, *place, air_km, rule_km, rule_km * (1.0 + SLACK_FRAC[-1]))
        )
    return starts


def tabulate_latency(inputs: Inputs, backbone: Backbone) -> pd.DataFrame:
    """Return the latency table: every park, and every node but junctions, to every target.

    At a junction corridors meet; no drop is known there.

    Cables whose existence or corridor no source names make a round trip `assumed`.
    """
    nodes, scenario = inputs.layers["nodes"], inputs.plan.scenario
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    names = dict(zip(nodes["node_id"], nodes["name_en"], strict=True))
    rows = []
    for start in _starts(inputs):
        for target in inputs.plan.network.targets:
            if start.start_id == target:
                continue
            key = {"from_id": start.start_id, "to_id": target, "scenario": scenario.name}
            floor_ms = floor_rtt_ms(start.lon, start.lat, *at[target])
            route = None
            if start.node_id is not None:
                route = shortest_route(backbone.graph, start.node_id, target)
            if route is not None:
                found = _trip(start, route, backbone, floor_ms=floor_ms)
            elif start.node_id is None:
                found = {"status": "unknown", "reason": "the sources name no backbone node for it"}
            else:
                ends = f"from {names[start.node_id]} to {names[target]}"
                reason = f"no cable of the scenario leads {ends}"
                found = {"status": "unknown", "reason": reason}
            rows.append({**key, "year": scenario.year, "floor_rtt_ms": floor_ms, **found})
    frame = pd.DataFrame(rows, columns=list(LATENCY.columns))
    return conform(frame.sort_values(list(LATENCY.key)).reset_index(drop=True), LATENCY)


def _trip(start: _Start, route: Route, backbone: Backbone, *, floor_ms: float) -> dict[str, Any]:
    by_id = {cable.cable_id: cable for cable in backbone.cables}
    status, reason = _standing([by_id[name] for name in route.cables])
    return {
        "rtt_ms": rtt_ms(start.km + route.km),
        # A corridor drawn straight between stations may be shorter than it is; nothing beats
        # the geodesic.
        "rtt_low_ms": max(rtt_ms(start.low_km + route.low_km), floor_ms),
        "rtt_high_ms": rtt_ms(start.high_km + route.high_km),
        "route_km": start.km + route.km,
        "path": " ".join(route.cables),
        "status": status,
        "reason": reason,
        "source_ids": spell_sources(backbone.sources[name] for name in route.cables),
    }


def _standing(cables: list[Cable]) -> tuple[str, str]:
    """Tell how a route is known: assumed as soon as one of its cables or corridors is."""
    unfinished = [cable.cable_id for cable in cables if cable.status != "in_service"]
    later = f"; not in service yet: {', '.join(unfinished)}" if unfinished else ""
    invented = [cable.cable_id for cable in cables if cable.existence == "assumed"]
    if invented:
        return "assumed", f"no source names the cable {', '.join(invented)}{later}"
    unnamed = [cable.cable_id for cable in cables if cable.corridor_basis == "assumed"]
    if unnamed:
        return "assumed", f"no source names the corridor of {', '.join(unnamed)}{later}"
    return "derived", later.removeprefix("; ")


def tabulate_redundancy(inputs: Inputs, backbone: Backbone) -> pd.DataFrame:
    """Return the redundancy table: every node but junctions to the first target."""
    nodes, target = inputs.layers["nodes"], inputs.plan.network.targets[0]
    corridors = inputs.layers["corridors"]
    names = dict(zip(nodes["node_id"], nodes["name_en"], strict=True))
    names |= dict(zip(corridors["corridor_id"], corridors["name_en"], strict=True))
    rows = []
    for node_id, kind in zip(nodes["node_id"], nodes["kind"], strict=True):
        if node_id == target or kind == "junction":
            continue
        low, high = cut_range(backbone.cables, node_id, target)
        if high == 0:
            continue  # that the plan names no cable is no finding that there is none
        nominal_low, nominal_high = nominal_range(backbone.cables, node_id, target)
        effective = effective_range(
            backbone.cables, backbone.corridors, node_id, target, names=names
        )
        rows.append(
            {
                "from_id": node_id,
                "to_id": target,
                "scenario": inputs.plan.scenario.name,
                "year": inputs.plan.scenario.year,
                "nominal_low": nominal_low,
                "nominal_high": nominal_high,
                "to_cut_low": low,
                "to_cut_high": high,
                "effective_low": effective.low,
                "effective_high": effective.high,
                "reason": effective.reason,
                "evidence": " ".join(effective.shared),
                "source_ids": spell_sources(
                    backbone.sources[cable.cable_id]
                    for cable in backbone.cables
                    if node_id in (cable.from_node, cable.to_node)
                ),
            }
        )
    frame = pd.DataFrame(rows, columns=list(REDUNDANCY.columns))
    return conform(frame.sort_values(list(REDUNDANCY.key)).reset_index(drop=True), REDUNDANCY)
