"""The latency table: what every round trip is made of, and what it is short enough for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from steppe.routing.backbone import SAID, Cable
from steppe.routing.budget import CENTRAL, HIGH, LOW, spend
from steppe.routing.latency import Route, floor_rtt_ms
from steppe.routing.shortest_ways import ShortestWays

# From how many routes to one node on how far all are from it is found first.
_OFTEN = 4


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
    Cables whose existence, ends or corridor no source names make a round trip `assumed`.
    """
    nodes = inputs.layer("nodes")
    places = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    targets = {name: Start(name, name, *places[name]) for name in inputs.plan.network.targets}
    parks = park_starts(inputs)
    pairs = [
        (start, target)
        for start in (*node_starts(inputs), *parks)
        for target in targets.values()
        if start.start_id != target.start_id
    ]
    if level is not None:
        ranked = sorted(ranked_starts(parks, inputs, level), key=lambda start: start.start_id)
        near = pair_near([(start.lon, start.lat) for start in ranked])
        pairs += [(ranked[one], ranked[two]) for one, two in near]
    return tabulate_trips(inputs, backbone, pairs)


def tabulate_trips(
    inputs: Inputs, backbone: Backbone, pairs: Iterable[tuple[Start, Start]]
) -> pd.DataFrame:
    """Return the round trips between some pairs of places, contract `LATENCY`."""
    scenario, pairs = inputs.plan.scenario, list(pairs)
    asked = Counter(end.node_id for _, end in pairs if end.node_id is not None)
    often = [node_id for node_id, n_asked in asked.items() if n_asked >= _OFTEN]
    round_trips = _RoundTrips(
        backbone, name_rows(inputs, "nodes"), inputs.plan.network.classes, often
    )
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
        self._ways = ShortestWays(backbone.graph, often)
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
        status, reason = _tell_status([self._cables[name] for name in route.cables])
        return {
            "rtt_ms": budget.rtt_ms,
            "rtt_low_ms": low_ms,
            "rtt_high_ms": high_ms,
            "glass_rtt_ms": 2.0 * budget.glass_ms,
            "equipment_rtt_ms": 2.0 * budget.equipment_ms,
            "floor_rtt_ms": floor_ms,
            "class_id": self._class(high_ms),
            "class_best_id": self._class(low_ms),
            "route_km": km,
            "path": " ".join(route.cables),
            "status": status,
            **say_all("reason", reason),
            "source_ids": spell_sources(self._sources[name] for name in route.cables),
        }

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


def _tell_status(cables: Sequence[Cable]) -> tuple[str, Words]:
    """Tell how a route is known: assumed as soon as a cable, an end or a corridor of it is."""
    if not cables:
        return "assumed", tell("latency.to_exchange")
    unfinished = [cable.cable_id for cable in cables if cable.status != "in_service"]
    later = tell("latency.not_yet", cables=join(unfinished)) if unfinished else ""
    # That a cable which no source names has no ends and no corridor goes without saying.
    named = [cable for cable in cables if cable.existence != "assumed"]
    doubts = {
        "cable": [cable for cable in cables if cable.existence == "assumed"],
        "ends": [cable for cable in named if cable.ends_basis != SAID],
        "corridor": [cable for cable in named if cable.corridor_basis != SAID],
    }
    told = [
        tell(f"latency.no_source_{what}", cables=join([cable.cable_id for cable in doubtful]))
        for what, doubtful in doubts.items()
        if doubtful
    ]
    return ("assumed" if told else "derived"), join([*told, later], "join.semicolon")
