"""New routes as rows of the plan's own layers: cables that somebody might lay."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from steppe.layers.columns import Contract
from steppe.layers.conformity import conform, make_empty_layer
from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.crs import WORKING_CRS
from steppe.layers.interchange.countries import UNKNOWN
from steppe.layers.wording import say, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.told_route import ToldRoute

SOURCE_ID = "steppe_route"
"""What candidates name as their source: the search over the layers of the plan."""


def make_cables(inputs: Inputs, routes: Sequence[ToldRoute]) -> gpd.GeoDataFrame:
    """Return routes as cables that are studied, contract `FIBRE`, EPSG:4490.

    Their lines are what a search over the ground found: `corridor`, assumed, true to the side of a cell.
    """
    about = inputs.plan
    rows = []
    for each in routes:
        route = each.route
        named = tell("route.candidate", a=route.start.title, b=route.end.title)
        rows.append(
            {
                "cable_id": route.route_id,
                "name_zh": say(named, "zh"),
                "name_en": say(named, "en"),
                "from_node": route.start.end_id,
                "to_node": route.end.end_id,
                "ends_basis": "said",
                "corridor_basis": "assumed",
                "geometry_kind": "corridor",
                "existence": "said",
                "status": "studied",
                "year": about.scenario.year,
                "length_km": route.length_km,
                "lane": 0,
                "accuracy_m": each.accuracy_m,
                "source_id": SOURCE_ID,
                "as_of": about.as_of.isoformat(),
                "geometry": route.line,
            }
        )
    return _frame(rows, FIBRE)


def make_nodes(inputs: Inputs, routes: Sequence[ToldRoute]) -> gpd.GeoDataFrame:
    """Return the ends of routes as nodes, contract `NODES`: those of the plan as they stand there."""
    own = inputs.layer("nodes")
    ends = {end.end_id: end for each in routes for end in (each.route.start, each.route.end)}
    known = own[own["node_id"].isin(list(ends))]
    rows = [
        {
            "node_id": end.end_id,
            "name_zh": say(end.title, "zh"),
            "name_en": say(end.title, "en"),
            "kind": "junction",
            "country": UNKNOWN,
            "accuracy_m": routes[0].accuracy_m,
            "source_id": SOURCE_ID,
            "as_of": inputs.plan.as_of.isoformat(),
            "geometry": Point(end.lon, end.lat),
        }
        for end in ends.values()
        if end.end_id not in set(known["node_id"])
    ]
    if not rows:
        return gpd.GeoDataFrame(known)
    return gpd.GeoDataFrame(
        pd.concat([known, _frame(rows, NODES)], ignore_index=True), crs=WORKING_CRS
    )


def _frame(rows: list[dict[str, object]], contract: Contract) -> gpd.GeoDataFrame:
    """Return rows as a layer of a contract; what they do not say is empty."""
    if not rows:
        return make_empty_layer(contract)
    frame = gpd.GeoDataFrame(rows, crs=WORKING_CRS)
    return gpd.GeoDataFrame(conform(frame, contract))
