"""Towns, nodes, ports and parks: facts, with their points from the gazetteer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from steppe.layers.crs import WORKING_CRS, lonlats
from steppe.layers.facts import layer_rows
from steppe.layers.sources import Source

GAZETTEER = Path("places/geonames_cities15000_bbox.csv")


def _points(frame: pd.DataFrame, lon: pd.Series, lat: pd.Series) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(lon.astype(float), lat.astype(float))
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=WORKING_CRS)


def _with_as_of(frame: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    return frame.assign(as_of=[sources[name].as_of.isoformat() for name in frame["source_id"]])


def compile_towns(
    best: pd.DataFrame, sources: Mapping[str, Source], folder: Path
) -> gpd.GeoDataFrame:
    """Place the towns of the facts: by GeoNames, or at the coordinates that a fact gives."""
    towns = layer_rows(best, "towns").rename(columns={"id": "town_id"})
    towns = towns.reindex(columns=list(dict.fromkeys([*towns.columns, "lon", "lat"])))
    gazetteer = pd.read_csv(folder / GAZETTEER, dtype={"geonameid": "str"}).set_index("geonameid")
    found = gazetteer.reindex(towns["geonameid"])
    lon = pd.to_numeric(towns["lon"]).fillna(pd.Series(found["longitude"].to_numpy()))
    lat = pd.to_numeric(towns["lat"]).fillna(pd.Series(found["latitude"].to_numpy()))
    towns = towns.assign(population=found["population"].astype("Int64").array)
    towns = _with_as_of(towns, sources).drop(columns=["lon", "lat", "geonameid"])
    return _points(towns, lon, lat)


def _at_towns(
    best: pd.DataFrame, layer: str, key: str, towns: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    rows = layer_rows(best, layer).rename(columns={"id": key})
    at = dict(zip(towns["town_id"], lonlats(towns.geometry), strict=True))
    nowhere = (float("nan"), float("nan"))
    lon, lat = (
        pd.Series([at.get(town_id, nowhere)[axis] for town_id in rows["at_town"]])
        for axis in (0, 1)
    )
    for name, series in (("lon", lon), ("lat", lat)):
        if name in rows.columns:
            series.update(pd.to_numeric(rows[name]))
    return _points(rows.drop(columns=["lon", "lat"], errors="ignore"), lon, lat)


def compile_nodes(
    best: pd.DataFrame, sources: Mapping[str, Source], towns: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Place the backbone's nodes: at their town, or where a fact puts them."""
    nodes = _at_towns(best, "nodes", "node_id", towns).drop(columns="at_town")
    return gpd.GeoDataFrame(_with_as_of(nodes, sources))


def compile_ports(
    best: pd.DataFrame, sources: Mapping[str, Source], towns: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Place the border ports at their towns."""
    ports = _at_towns(best, "ports", "port_id", towns).drop(columns="at_town")
    return gpd.GeoDataFrame(_with_as_of(ports, sources))


def compile_parks(
    best: pd.DataFrame, sources: Mapping[str, Source], towns: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Place the parks at the town that stands for them; the town's hazard class applies."""
    parks = _at_towns(best, "parks", "park_id", towns)
    basis = best[(best["layer"] == "parks") & (best["field"] == "at_town")].set_index("id")["kind"]
    parks = parks.assign(location_basis=basis.reindex(parks["park_id"]).to_numpy())
    parks = parks.rename(columns={"at_town": "town_id"})
    return gpd.GeoDataFrame(_with_as_of(parks, sources))
