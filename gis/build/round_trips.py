"""The model beside round trips that others publish."""

from __future__ import annotations

import pandas as pd

from gis.build.backbone import Backbone
from gis.build.inputs import Inputs
from layers.conformity import conform
from layers.crs import GEOD, lonlats
from layers.results import TRIPS
from routing.budget import CENTRAL, HIGH, LOW, spend
from routing.latency import floor_rtt_ms, planning_route_km, shortest_route

_AS_PUBLISHED = ("trip_id", "from_zh", "from_en", "to_zh", "to_en", "kind", "rtt_ms")


def tabulate_calibration(inputs: Inputs, backbone: Backbone) -> pd.DataFrame:
    """Hold published round trips against the floor, the planning rule and the backbone.

    The rule takes the air distance between the two places; the backbone answers where both
    are nodes of it.  A residual is the published figure less ours, in percent of the
    published one.
    """
    nodes = inputs.layers["nodes"]
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    rows = []
    for trip in inputs.tables["round_trips"].to_dict("records"):
        ends = []
        for end in ("from", "to"):
            node = trip[f"{end}_node"]
            ends.append(at[node] if node in at else (trip[f"{end}_lon"], trip[f"{end}_lat"]))
        floor_ms = floor_rtt_ms(*ends[0], *ends[1])
        air_km = GEOD.inv(*ends[0], *ends[1])[2] / 1000.0
        rule_ms = spend(planning_route_km(air_km)).rtt_ms
        row = {
            **{name: trip[name] for name in _AS_PUBLISHED},
            "floor_rtt_ms": floor_ms,
            "floor_ratio": trip["rtt_ms"] / floor_ms,
            "rule_rtt_ms": rule_ms,
            "rule_residual_pct": 100.0 * (1.0 - rule_ms / trip["rtt_ms"]),
            "source_id": trip["source_id"],
        }
        if trip["from_node"] in at and trip["to_node"] in at:
            route = shortest_route(backbone.graph, trip["from_node"], trip["to_node"])
            if route is not None:
                model_ms = spend(route.km, CENTRAL).rtt_ms
                row |= {
                    "model_rtt_ms": model_ms,
                    "model_low_ms": max(spend(route.low_km, LOW).rtt_ms, floor_ms),
                    "model_high_ms": spend(route.high_km, HIGH).rtt_ms,
                    "model_residual_pct": 100.0 * (1.0 - model_ms / trip["rtt_ms"]),
                }
        rows.append(row)
    return conform(pd.DataFrame(rows, columns=list(TRIPS.columns)), TRIPS)
