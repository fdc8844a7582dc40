"""The backbone of a scenario laid out as numbers, for those who answer cuts without Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from itertools import pairwise
from typing import Any

import numpy as np

from steppe.layers.crs import GEOD, lonlats
from steppe.layers.cut_graph import CutGraph, CutUnits, Equipment
from steppe.network.latency_table import DETOUR
from steppe.network.plan_backbone import Backbone, Start, node_starts, park_starts
from steppe.planfile.cut_units import find_passing
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import ASSUMED, FIBRE, SAID, Cable
from steppe.routing.budget import CENTRAL, HIGH, LOW
from steppe.routing.joints import find_cable
from steppe.routing.latency import GROUP_INDEX, LIGHT_KM_PER_S
from steppe.routing.nearness import split_lines
from steppe.routing.risk_evidence import Risk


def lay_out_graph(inputs: Inputs, backbone: Backbone, risks: Sequence[Risk]) -> CutGraph:
    """Lay out a backbone with its round trips and with what may fall of it.

    Parameters
    ----------
    inputs, backbone
        The plan as a scenario has it, and the whole of its cables.
    risks
        What these share.
    """
    graph = backbone.joined
    cables = {cable.cable_id: cable for cable in sorted(backbone.cables, key=lambda c: c.cable_id)}
    node_at = {node: place for place, node in enumerate(sorted(graph))}
    cable_at = {name: place for place, name in enumerate(cables)}
    edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[2])
    starts = [*node_starts(inputs), *park_starts(inputs)]
    frame = inputs.layer("nodes")
    places = dict(zip(frame["node_id"], lonlats(frame.geometry), strict=True))
    classes = sorted(inputs.plan.network.classes, key=lambda each: each.limit_rtt_ms)
    targets = inputs.plan.network.targets
    return CutGraph(
        nodes=tuple(node_at),
        lonlats=np.array([places[node] for node in node_at], dtype=float).reshape(-1, 2),
        cables=tuple(cables),
        sure=tuple(cable.is_sure for cable in cables.values()),
        lines=_draw(backbone, list(cables)),
        edge_cable=tuple(cable_at[find_cable(key)] for *_, key, _ in edges),
        edge_ends=tuple((node_at[a], node_at[b]) for a, b, *_ in edges),
        edge_km=tuple((way["low_km"], way["length_km"], way["high_km"]) for *_, way in edges),
        edge_assumed=tuple(_is_assumed(way["cable"], (a, b)) for a, b, _, way in edges),
        starts=tuple(start.start_id for start in starts),
        start_node=tuple(
            None if start.node_id is None else node_at[start.node_id] for start in starts
        ),
        start_km=tuple((start.low_km, start.km, start.high_km) for start in starts),
        start_accuracy_km=tuple(start.accuracy_km for start in starts),
        targets=tuple(node_at[target] for target in targets),
        apart_km=tuple(_find_apart(starts, places[target]) for target in targets),
        classes=tuple((each.id, each.limit_rtt_ms) for each in classes),
        light_km_per_s=LIGHT_KM_PER_S,
        group_index=GROUP_INDEX,
        detour=DETOUR,
        equipment=[Equipment(*astuple(each)) for each in (LOW, CENTRAL, HIGH)],
        units=_list_units(inputs, backbone, risks, cable_at, node_at),
    )


def _is_assumed(cable: Cable, ends: tuple[str, str]) -> bool:
    """Return whether a round trip over a cable or a piece of it is assumed, as its table tells."""
    is_piece = not {*ends} <= {cable.from_node, cable.to_node}
    return (
        cable.existence == ASSUMED
        or cable.ends_basis != SAID
        or (cable.length_basis != FIBRE and cable.corridor_basis != SAID)
        or (is_piece and cable.joints_basis != SAID)
    )


def _find_apart(starts: Sequence[Start], place: tuple[float, float]) -> tuple[float, ...]:
    """Return how far the starts are from a place, geodesic, km."""
    # One by one, as the table of round trips does: the bits are the same.
    return tuple(GEOD.inv(start.lon, start.lat, *place)[2] / 1000.0 for start in starts)


def _draw(
    backbone: Backbone, cables: Sequence[str]
) -> tuple[tuple[np.ndarray[Any, np.dtype[np.float64]], ...], ...]:
    """Return by cable the parts of its line, in legs as what lies in a circle is measured by."""
    segments = split_lines(list(backbone.lines.geometry))
    ends, line = segments.ends, segments.line
    starts_anew = np.ones(len(line), dtype=bool)
    starts_anew[1:] = (line[1:] != line[:-1]) | (ends[1:, :2] != ends[:-1, 2:]).any(axis=1)
    bounds = [*np.flatnonzero(starts_anew).tolist(), len(line)]
    parts: dict[str, list[np.ndarray[Any, np.dtype[np.float64]]]] = {name: [] for name in cables}
    names = backbone.lines["cable_id"].tolist()
    for since, until in pairwise(bounds):
        part = np.vstack([ends[since, :2], ends[since:until, 2:]])
        parts[names[line[since]]].append(part)
    return tuple(tuple(parts[name]) for name in cables)


def _list_units(
    inputs: Inputs,
    backbone: Backbone,
    risks: Sequence[Risk],
    cable_at: Mapping[str, int],
    node_at: Mapping[str, int],
) -> dict[str, CutUnits]:
    """Return what `steppe.planfile.cut_units.find_units` finds by each name that it knows."""
    nodes, lines = inputs.layer("nodes"), backbone.lines
    corridors: dict[str, set[str]] = {
        str(name): set() for name in inputs.layer("corridors")["corridor_id"]
    }
    for cable in backbone.cables:
        for name in cable.corridors:
            corridors[name].add(cable.cable_id)
    named = inputs.layer("fibre")["operator"].dropna().unique()
    operators: dict[str, set[str]] = {str(name): set() for name in named}
    for name, cable_id in zip(lines["operator"], lines["cable_id"], strict=True):
        if isinstance(name, str):
            operators[name].add(cable_id)
    countries: dict[str, set[str]] = {}
    for node, country in zip(nodes["node_id"], nodes["country"], strict=True):
        countries.setdefault(str(country), set()).add(node)
    passing = dict(zip(node_at, find_passing(inputs, lines, list(node_at)), strict=True))
    risks = sorted(risks, key=lambda risk: risk.risk_id)
    none: dict[str, set[str]] = {}
    listed: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
        ("corridor", corridors, none),
        ("city", passing, {node: {node} for node in node_at}),
        ("operator", operators, none),
        ("country", dict.fromkeys(countries, ()), countries),
        (
            "risk",
            {risk.risk_id: risk.cables for risk in risks},
            {risk.risk_id: {risk.place_id} for risk in risks if risk.place_id is not None},
        ),
    ]
    return {
        kind: CutUnits(
            tuple(sorted(cables)),
            tuple(
                tuple(sorted(cable_at[each] for each in cables[name])) for name in sorted(cables)
            ),
            tuple(
                tuple(sorted(node_at[each] for each in fallen.get(name, ())))
                for name in sorted(cables)
            ),
        )
        for kind, cables, fallen in listed
    }
