"""The model beside round trips that others publish."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import TRIPS
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.network.plan_backbone import Backbone
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.budget import CENTRAL, HIGH, LOW, spend
from steppe.routing.latency import floor_rtt_ms, planning_route_km, shortest_route

_AS_PUBLISHED = ("trip_id", "from_zh", "from_en", "to_zh", "to_en", "kind", "rtt_ms")


def tabulate_calibration(inputs: Inputs, backbone: Backbone) -> pd.DataFrame:
    """Hold published round trips against the floor, the planning rule and the backbone.

    The rule takes the air distance between the two places; the backbone answers where both
    are nodes of it.  A residual is the published figure less ours, in percent of the
    published one; without distance or time there is no ratio.

    Raises
    ------
    InputError
        Naming the round trips whose ends lie nowhere.
    """
    nodes = inputs.layer("nodes")
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    rows: list[dict[str, Any]] = []
    astray: list[str] = []
    for trip in inputs.tables["round_trips"].to_dict("records"):
        ends = [
            at.get(trip[f"{end}_node"], (trip[f"{end}_lon"], trip[f"{end}_lat"]))
            for end in ("from", "to")
        ]
        if pd.isna(ends).any():
            continue  # a node that this plan does not have, and no place is given
        floor_ms = floor_rtt_ms(*ends[0], *ends[1])
        air_km = GEOD.inv(*ends[0], *ends[1])[2] / 1000.0
        if not math.isfinite(air_km):
            astray.append(str(trip["trip_id"]))
            continue
        rule_ms = spend(planning_route_km(air_km)).rtt_ms
        row = {
            **{name: trip[name] for name in _AS_PUBLISHED},
            "floor_rtt_ms": floor_ms,
            "rule_rtt_ms": rule_ms,
            "source_id": trip["source_id"],
        }
        if trip["from_node"] in at and trip["to_node"] in at:
            route = shortest_route(backbone.joined, trip["from_node"], trip["to_node"])
            if route is not None:
                model_ms = spend(route.km, CENTRAL).rtt_ms
                row |= {
                    "model_rtt_ms": model_ms,
                    "model_low_ms": max(spend(route.low_km, LOW).rtt_ms, floor_ms),
                    "model_high_ms": spend(route.high_km, HIGH).rtt_ms,
                }
        rows.append(row)
    if astray:
        what, fix = tell("fault.trips.no_place"), tell("fix.give_degrees")
        raise InputError(Problem("round_trips", what, fix, tuple(astray)))
    return conform(pd.DataFrame(rows, columns=list(TRIPS.columns)), TRIPS)
