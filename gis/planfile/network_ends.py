"""Ends of round trips that a plan tells by name or by place: its targets, and the nodes of its parks."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from steppe.layers.crs import distance_km, lonlats
from steppe.layers.wording import Message, tell

JUNCTION = "junction"


def find_targets(targets: Sequence[str], nodes: pd.DataFrame) -> tuple[str, ...]:
    """Return the node that each target means: by its id, else by a name that one node alone bears.

    Parameters
    ----------
    targets
        As the plan tells them; what means no node stays as it is.
    nodes
        Contract `NODES`.
    """
    ids = set(nodes["node_id"])
    named: dict[str, set[str]] = {}
    for column in ("name_zh", "name_en"):
        for node_id, name in zip(nodes["node_id"], nodes[column], strict=True):
            named.setdefault(str(name).casefold(), set()).add(str(node_id))
    found = []
    for target in targets:
        bearers = named.get(target.casefold(), set())
        is_name = target not in ids and len(bearers) == 1
        found.append(next(iter(bearers)) if is_name else target)
    return tuple(found)


def join_to_nearest(
    parks: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame, *, within_km: float
) -> tuple[gpd.GeoDataFrame, Message | None]:
    """Return the parks, those without a node joined to the nearest one, and a note on these.

    Parameters
    ----------
    parks, nodes
        Contracts `PARKS` and `NODES`, EPSG:4490.
    within_km
        How far the node may lie, geodesic; a junction is none.
    """
    ends = nodes[nodes["kind"] != JUNCTION]
    alone = parks["node_id"].isna()
    if ends.empty or not alone.any():
        return parks, None
    lons, lats = zip(*lonlats(ends.geometry), strict=True)
    joined = parks["node_id"].astype(object).copy()
    told = []
    for row, (lon, lat) in zip(
        parks.index[alone], lonlats(gpd.GeoSeries(parks.geometry[alone])), strict=True
    ):
        away_km = distance_km(lon, lat, list(lons), list(lats))
        nearest = int(away_km.argmin())
        if away_km[nearest] <= within_km:
            joined[row] = str(ends["node_id"].iloc[nearest])
            told.append(str(parks["park_id"][row]))
    if not told:
        return parks, None
    own = gpd.GeoDataFrame(parks.assign(node_id=joined.astype(parks["node_id"].dtype)))
    return own, tell("note.parks.nearest_node", n=len(told), km=within_km)
