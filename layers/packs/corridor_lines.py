"""Corridors along named rights of way, and the cables that follow them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS
from shapely.geometry import LineString

from steppe.layers.crs import WORKING_CRS, albers, line_km, lonlats
from steppe.layers.facts import layer_rows
from steppe.layers.lines import geodesic, spread_lanes
from steppe.layers.packs.rail import (
    Lonlat,
    joined,
    read_rail_graph,
    read_station_points,
    through_stations,
)
from steppe.layers.packs.recipe import Recipe
from steppe.layers.sources import Source

# Two generalised railway lines nearer than this are one right of way.
BESIDE_M = 1500.0
SHORTEST_SHARED_KM = 4.0


def _rows(best: pd.DataFrame, layer: str, key: str, read: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of a layer; columns that are read here and that no fact fills are empty."""
    rows = layer_rows(best, layer).rename(columns={"id": key})
    return rows.reindex(columns=[*rows.columns, *(name for name in read if name not in rows)])


def _node_points(nodes: gpd.GeoDataFrame) -> dict[str, Lonlat]:
    return dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))


def compile_corridors(
    best: pd.DataFrame,
    sources: Mapping[str, Source],
    *,
    nodes: gpd.GeoDataFrame,
    recipe: Recipe,
    folder: Path,
) -> gpd.GeoDataFrame:
    """Draw each corridor: along the railway layer, or straight through ordered stations."""
    rows = _rows(best, "corridors", "corridor_id", ("accuracy_m", "rail_km"))
    if rows.empty:
        return gpd.GeoDataFrame(rows.assign(length_km=[]), geometry=[], crs=WORKING_CRS)
    at = _node_points(nodes)
    rails, stations = read_rail_graph(folder), read_station_points(folder)
    via = {way.corridor_id: way.via for way in recipe.ways}
    lines: list[LineString] = []
    for row in rows.itertuples():
        ends = (at[str(row.from_node)], at[str(row.to_node)])
        stops = via.get(str(row.corridor_id), ())
        if row.basis == "railway":
            points = [stop for stop in stops if not isinstance(stop, str)]
            line = rails.way([ends[0], *points, ends[1]])
        else:
            line = through_stations(ends, stops, stations)
        lines.append(line)
    rows = rows.assign(
        length_km=[round(line_km(line), 3) for line in lines],
        as_of=[sources[name].as_of.isoformat() for name in rows["source_id"]],
    )
    frame = gpd.GeoDataFrame(rows, geometry=lines, crs=WORKING_CRS)
    return gpd.GeoDataFrame(frame.assign(shared=shared_stretches(frame, albers(recipe.base_bbox))))


def shared_stretches(corridors: gpd.GeoDataFrame, flat: CRS) -> list[str]:
    """Tell for each corridor which others run beside it, and for how many kilometres.

    Parameters
    ----------
    corridors
        Contract `CORRIDORS`.
    flat
        A projection in metres, true enough over `BESIDE_M`.

    Returns
    -------
    list
        `corridor 12 km; corridor 5 km`, or an empty text; less than `SHORTEST_SHARED_KM`
        is a crossing and does not count.
    """
    lines = corridors.to_crs(flat).geometry
    beside = shapely.buffer(lines.to_numpy(), BESIDE_M)
    told = []
    for position, line in enumerate(lines):
        km = shapely.length(shapely.intersection(line, beside)) / 1000.0
        near = [
            f"{corridor_id} {length:.0f} km"
            for other, (corridor_id, length) in enumerate(
                zip(corridors["corridor_id"], km, strict=True)
            )
            if other != position and length >= SHORTEST_SHARED_KM
        ]
        told.append("; ".join(near))
    return told


def compile_fibre(
    best: pd.DataFrame,
    sources: Mapping[str, Source],
    *,
    nodes: gpd.GeoDataFrame,
    corridors: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """Draw each cable along its corridors, or straight between its ends when schematic."""
    rows = _rows(best, "fibre", "cable_id", ("corridors", "chain"))
    rows = rows.assign(corridors=["" if pd.isna(names) else names for names in rows["corridors"]])
    at = _node_points(nodes)
    lines = dict(zip(corridors["corridor_id"], corridors.geometry, strict=True))
    accuracy = corridors.set_index("corridor_id")["accuracy_m"].astype(float)
    known_km = corridors.set_index("corridor_id")["rail_km"].astype(float)
    known_km = known_km.fillna(corridors.set_index("corridor_id")["length_km"])
    shapes: list[LineString] = []
    accuracy_m: list[float] = []
    for row in rows.itertuples():
        ends = (at[str(row.from_node)], at[str(row.to_node)])
        followed = str(row.corridors).split()
        chain = (
            [at[name] for name in str(row.chain).split()]
            if isinstance(row.chain, str)
            else list(ends)
        )
        line = joined([lines[name] for name in followed]) if followed else geodesic(chain)
        if line.coords[0] != ends[0]:
            line = LineString(list(line.coords)[::-1])
        if (line.coords[0], line.coords[-1]) != ends:
            msg = f"cable {row.cable_id}: its corridors do not lead from {row.from_node} to {row.to_node}"
            raise ValueError(msg)
        shapes.append(line)
        # A schematic line may be off by as much as a quarter of its length.
        accuracy_m.append(
            float(accuracy[followed].max()) if followed else round(250 * line_km(line), -3)
        )
    rows = rows.drop(columns="chain").assign(
        length_km=[round(line_km(line), 3) for line in shapes],
        route_km=[
            round(float(known_km[followed.split()].sum()), 3) if followed else math.nan
            for followed in rows["corridors"]
        ],
        lane=spread_lanes([names.split() for names in rows["corridors"]]),
        accuracy_m=accuracy_m,
        as_of=[sources[name].as_of.isoformat() for name in rows["source_id"]],
    )
    if corridors.empty:
        rows = rows.drop(columns="corridors")
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WORKING_CRS)
