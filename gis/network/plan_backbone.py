"""The backbone of a plan: its graph, its parks' ways to it, and what its cables share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import networkx as nx
import pandas as pd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Texts, pair, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import (
    Cable,
    Corridor,
    build_graph,
    cut,
    to_cables,
    to_corridors,
    to_nodes,
)
from steppe.routing.joints import join_pieces, place_joints
from steppe.routing.latency import SLACK_FRAC, planning_route_km
from steppe.routing.placement import widen_bands


@dataclass(frozen=True)
class Backbone:
    """The cables that count in a scenario, as a graph, and what the reasons need.

    Parameters
    ----------
    graph
        Multigraph of the cables.
    cables, corridors
        The same as values.
    lines
        Rows of the layer `fibre` of the same cables.
    """

    graph: nx.MultiGraph[str]
    cables: tuple[Cable, ...]
    corridors: tuple[Corridor, ...]
    lines: gpd.GeoDataFrame

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """Return `cable_id` to the source of its row."""
        return dict(zip(self.lines["cable_id"], self.lines["source_id"], strict=True))

    @cached_property
    def joined(self) -> nx.MultiGraph[str]:
        """Return the graph with all pieces of its cables, see `steppe.routing.joints`."""
        return join_pieces(self.graph, self.cables)

    def without(self, cuts: Collection[str]) -> Backbone:
        """Return what is left when some cables are cut; what they tell of others stays.

        Raises
        ------
        InputError
            For a cable that is not there.
        """
        gone = set(cuts)
        return Backbone(
            graph=cut(self.graph, cuts),
            cables=tuple(cable for cable in self.cables if cable.cable_id not in gone),
            corridors=self.corridors,
            lines=gpd.GeoDataFrame(self.lines[~self.lines["cable_id"].isin(gone)]),
        )


@dataclass(frozen=True)
class Start:
    """Where a round trip begins: a park or a node, and its way to the first exchange, km.

    `accuracy_km` tells how true the point of a park is.
    """

    start_id: str
    node_id: str | None
    lon: float
    lat: float
    low_km: float = 0.0
    km: float = 0.0
    high_km: float = 0.0
    accuracy_km: float = 0.0


def build_backbone(inputs: Inputs) -> Backbone:
    """Build the backbone of the plan's scenario."""
    fibre, scenario = inputs.layer("fibre"), inputs.plan.scenario
    counts = fibre["status"].isin(scenario.statuses) & (fibre["year"] <= scenario.year)
    nodes = to_nodes(inputs.layer("nodes"))
    corridors = to_corridors(inputs.layer("corridors"))
    lines = gpd.GeoDataFrame(fibre[counts])
    cables = place_joints(
        widen_bands(to_cables(lines, nodes), corridors),
        corridors,
        dict(zip(lines["cable_id"], lines.geometry, strict=True)),
        {node.node_id: (node.lon, node.lat) for node in nodes},
    )
    return Backbone(build_graph(nodes, cables), cables, corridors, lines)


def node_starts(inputs: Inputs) -> list[Start]:
    """Return every node but junctions: corridors meet there, and no drop is known."""
    nodes = inputs.layer("nodes")
    rows = zip(nodes["node_id"], nodes["kind"], lonlats(nodes.geometry), strict=True)
    return [Start(node_id, node_id, *place) for node_id, kind, place in rows if kind != "junction"]


def park_starts(inputs: Inputs) -> list[Start]:
    """Return every park with its way to its node, which is planned, not known."""
    nodes, parks = inputs.layer("nodes"), inputs.layers["parks"]
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    starts = []
    rows = zip(
        parks["park_id"],
        parks["node_id"],
        lonlats(parks.geometry),
        parks["accuracy_m"] / 1000.0,
        strict=True,
    )
    for park_id, node_id, place, accuracy_km in rows:
        if pd.isna(node_id) or node_id not in at:
            starts.append(Start(park_id, None, *place))
            continue
        air_km = GEOD.inv(*place, *at[node_id])[2] / 1000.0
        rule_km = planning_route_km(air_km)
        high_km = rule_km * (1.0 + SLACK_FRAC[-1])
        starts.append(Start(park_id, node_id, *place, air_km, rule_km, high_km, accuracy_km))
    return starts


def find_start(inputs: Inputs, place: str) -> Start:
    """Return the node or the park of an id as an end of a round trip.

    Raises
    ------
    InputError
        For an id that is neither.
    """
    nodes = inputs.layer("nodes")
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    if place in at:
        return Start(place, place, *at[place])
    found = {start.start_id: start for start in park_starts(inputs)}.get(place)
    if found is None:
        what, example = tell("fault.place.unknown", place=place), next(iter(at), "…")
        raise InputError(Problem("backbone", what, tell("fix.give_place", example=example)))
    return found


def find_node(inputs: Inputs, place: str) -> str:
    """Return the node of an id, or the node that a park of that id hangs on.

    Raises
    ------
    InputError
        For an id that is neither, or a park without a node.
    """
    node_id = find_start(inputs, place).node_id
    if node_id is None:
        what = tell("fault.park.no_node", place=place)
        raise InputError(Problem("backbone", what, tell("fix.ask_for_park_with_node")))
    return node_id


def name_rows(inputs: Inputs, layer: str) -> dict[str, Texts]:
    """Return what people call each row of a layer, by its id, which other layers may have too."""
    frame = inputs.layer(layer)
    names = map(pair, frame["name_zh"], frame["name_en"])
    return dict(zip(frame[INPUT_LAYERS[layer].key[0]], names, strict=True))


def ranked_starts(starts: Sequence[Start], inputs: Inputs, level: str) -> list[Start]:
    """Return the parks of one level that hang on a node."""
    parks = inputs.layers["parks"]
    ranked = set(parks.loc[parks["level"] == level, "park_id"])
    return [start for start in starts if start.start_id in ranked and start.node_id is not None]
