"""The latency table: what every round trip is made of, and what it is short enough for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from steppe.criteria.finding import spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import LATENCY
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.table_limits import pair_near
from steppe.layers.wording import Words, join, say_all, tell
from steppe.network.plan_backbone import (
    Backbone,
    Start,
    name_rows,
    node_starts,
    park_starts,
    ranked_starts,
)
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_schema import LatencyClass
from steppe.routing.backbone import AIR, ASSUMED, FIBRE, LENGTH_BASES, SAID, Cable
from steppe.routing.budget import CENTRAL, HIGH, LOW, spend
from steppe.routing.joints import find_cable, joined_at
from steppe.routing.latency import Route, floor_rtt_ms
from steppe.routing.shortest_ways import ShortestWays

# From how many routes to one node on how far all are from it is found first.
_OFTEN = 4

DETOUR = 3.0
"""A way more than so many times as long as the geodesic is no round trip to plan with, unless one cable
leads between its nodes: assumed.  A single cable of the default plan with the ways to its ends is at most
2.1 times as long, the slowest service that a carrier publishes 2.4; beyond lie ways by a third city."""
_WORST = LENGTH_BASES.index


def tabulate_latency(
    inputs: Inputs, backbone: Backbone, *, level: str | None = None
) -> pd.DataFrame:
    """Return the latency table: parks and nodes to every target, and parks to each other.

    Parameters
    ----------
    inputs
        What was read.
    backbone
        With or without cuts.
    level
        Level of the parks whose round trips to each other are told, too, of many parks those to
        the nearest (`steppe.layers.table_limits`); None for none.

    Notes
    -----
    Cables whose existence, ends or corridor no source names make a round trip `assumed`, and so do
    joints that none says.  Where the best way is more than `DETOUR` times as long as the geodesic
    the round trip is `unknown`; the way, its length and its standing are told all the same.
    """
    pairs = pair_targets(inputs)
    if level is not None:
        parks = park_starts(inputs)
        ranked = sorted(ranked_starts(parks, inputs, level), key=lambda start: start.start_id)
        near = pair_near([(start.lon, start.lat) for start in ranked])
        pairs += [(ranked[one], ranked[two]) for one, two in near]
    return tabulate_trips(inputs, backbone, pairs)


def pair_targets(inputs: Inputs) -> list[tuple[Start, Start]]:
    """Return every node but junctions, and every park, with each target."""
    nodes = inputs.layer("nodes")
    places = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    targets = {name: Start(name, name, *places[name]) for name in inputs.plan.network.targets}
    return [
        (start, target)
        for start in (*node_starts(inputs), *park_starts(inputs))
        for target in targets.values()
        if start.start_id != target.start_id
    ]


def tabulate_trips(
    inputs: Inputs, backbone: Backbone, pairs: Iterable[tuple[Start, Start]]
) -> pd.DataFrame:
    """Return the round trips between some pairs of places, contract `LATENCY`."""
    scenario, pairs = inputs.plan.scenario, list(pairs)
    asked = Counter(end.node_id for _, end in pairs if end.node_id is not None)
    often = [node_id for node_id, n_asked in asked.items() if n_asked >= _OFTEN]
    names = name_rows(inputs, "parks") | name_rows(inputs, "nodes")
    round_trips = _RoundTrips(backbone, names, inputs.plan.network.classes, often)
    rows = [
        {
            "from_id": start.start_id,
            "to_id": end.start_id,
            "scenario": scenario.name,
            "year": scenario.year,
            **round_trips.tell(start, end),
        }
        for start, end in pairs
    ]
    frame = pd.DataFrame(rows, columns=list(LATENCY.columns))
    return conform(frame.sort_values(list(LATENCY.key)).reset_index(drop=True), LATENCY)


class _RoundTrips:
    """Answers one pair after the other; each pair of nodes is searched once."""

    def __init__(
        self,
        backbone: Backbone,
        names: Mapping[str, Words],
        classes: Sequence[LatencyClass],
        often: Sequence[str],
    ) -> None:
        self._ways = ShortestWays(backbone.joined, often)
        self._names = names
        self._classes = sorted(classes, key=lambda each: each.limit_rtt_ms)
        self._cables = {cable.cable_id: cable for cable in backbone.cables}
        self._sources = backbone.sources
        self._routes: dict[tuple[str, str], Route | None] = {}

    def tell(self, start: Start, end: Start) -> dict[str, Any]:
        """Return what is known of one round trip, without its key."""
        floor_ms = floor_rtt_ms(start.lon, start.lat, end.lon, end.lat)
        unknown = {"status": "unknown", "floor_rtt_ms": floor_ms}
        if start.node_id is None or end.node_id is None:
            return {**unknown, **say_all("reason", tell("latency.no_node"))}
        route = self._route(start.node_id, end.node_id)
        if route is None:
            a, b = self._names[start.node_id], self._names[end.node_id]
            return {**unknown, **say_all("reason", tell("latency.no_cable", a=a, b=b))}
        if not route.cables and _may_be_one_place(start, end):
            return {**unknown, **say_all("reason", tell("latency.one_town"))}
        # A generalised line may be shorter than its route; nothing beats the geodesic.
        air_km = _apart_km(start, end)
        km = max(start.km + route.km + end.km, air_km)
        budget = spend(km, CENTRAL)
        low_ms = max(spend(start.low_km + route.low_km + end.low_km, LOW).rtt_ms, floor_ms)
        high_ms = spend(max(start.high_km + route.high_km + end.high_km, km), HIGH).rtt_ms
        cables = [self._cables[name] for name in _name_cables(route)]
        standing, reason = _tell_standing(cables, self._tell_joints(route))
        told = {
            "rtt_ms": budget.rtt_ms,
            "rtt_low_ms": low_ms,
            "rtt_high_ms": high_ms,
            "glass_rtt_ms": 2.0 * budget.glass_ms,
            "equipment_rtt_ms": 2.0 * budget.equipment_ms,
            "floor_rtt_ms": floor_ms,
            "route_km": km,
            "path": " ".join(cable.cable_id for cable in cables),
            "standing": standing,
            "length_basis": max((cable.length_basis for cable in cables), key=_WORST, default=AIR),
            "source_ids": spell_sources(self._sources[cable.cable_id] for cable in cables),
        }
        if 0.0 < DETOUR * air_km < km and len(route.cables) != 1:
            a, b = self._call(start), self._call(end)
            detour = tell("latency.detour", a=a, b=b, times=km / air_km)
            return {**told, "status": "unknown", **say_all("reason", detour)}
        return {
            **told,
            "class_id": self._class(high_ms),
            "class_best_id": self._class(low_ms),
            "status": "assumed" if standing == ASSUMED else "derived",
            **say_all("reason", reason),
        }

    def _call(self, place: Start) -> Words:
        return self._names.get(place.start_id, place.start_id)

    def _tell_joints(self, route: Route) -> list[Words]:
        """Tell at which nodes the route enters or leaves a cable though no source says it can."""
        return [
            tell(
                "latency.joined",
                cable=cable_id,
                nodes=join([self._names[node] for node in nodes]),
            )
            for cable_id, nodes in joined_at(route.nodes, route.cables, self._cables).items()
            if self._cables[cable_id].joints_basis != SAID
        ]

    def _route(self, a: str, b: str) -> Route | None:
        ends = min(a, b), max(a, b)
        if a == b:
            return Route((a,), (), 0.0, 0.0, 0.0)
        if ends not in self._routes:
            self._routes[ends] = self._ways.find(*ends)
        route = self._routes[ends]
        if route is None or ends == (a, b):
            return route
        return Route(route.nodes[::-1], route.cables[::-1], route.km, route.low_km, route.high_km)

    def _class(self, rtt_ms: float) -> str | None:
        met = (each.id for each in self._classes if rtt_ms <= each.limit_rtt_ms)
        return next(met, None)


def _may_be_one_place(start: Start, end: Start) -> bool:
    return _apart_km(start, end) <= start.accuracy_km + end.accuracy_km


def _apart_km(start: Start, end: Start) -> float:
    return float(GEOD.inv(start.lon, start.lat, end.lon, end.lat)[2]) / 1000.0


def _name_cables(route: Route) -> list[str]:
    """Return the cables of a route in order, each piece after another of one cable once."""
    return [name for name, _ in groupby(map(find_cable, route.cables))]


def _tell_standing(cables: Sequence[Cable], joints: Sequence[Words]) -> tuple[str, Words]:
    """Tell how a route is known: assumed as soon as a cable, an end, a corridor or a joint of it is."""
    if not cables:
        return ASSUMED, tell("latency.to_exchange")
    unfinished = [cable.cable_id for cable in cables if cable.status != "in_service"]
    later = tell("latency.not_yet", cables=join(unfinished)) if unfinished else ""
    # That a cable which no source names has no ends and no corridor goes without saying.
    named = [cable for cable in cables if cable.existence != "assumed"]
    # Where its fibre has a stated length, the corridor makes it no longer.
    unmeasured = [cable for cable in named if cable.length_basis != FIBRE]
    doubts = {
        "cable": [cable for cable in cables if cable.existence == "assumed"],
        "ends": [cable for cable in named if cable.ends_basis != SAID],
        "corridor": [cable for cable in unmeasured if cable.corridor_basis != SAID],
    }
    told: list[Words] = [
        tell(f"latency.no_source_{what}", cables=join([cable.cable_id for cable in doubtful]))
        for what, doubtful in doubts.items()
        if doubtful
    ]
    told += joints
    return (ASSUMED if told else SAID), join([*told, later], "join.semicolon")
