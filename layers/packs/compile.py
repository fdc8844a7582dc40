"""Compile a pack: facts and a recipe in its folder, open data in an input folder.

Run as `python -m steppe.layers.packs.compile INPUT_FOLDER PACK_FOLDER`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from steppe.layers.contracts.documents import FACTS
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.errors import InputError
from steppe.layers.facts import best_facts, read_facts, unit_faults
from steppe.layers.packs import (
    airports,
    corridor_lines,
    documents,
    grid_extents,
    hazard,
    nature,
    places,
    plants,
    power,
)
from steppe.layers.packs.files import write_points, write_shapes
from steppe.layers.packs.recipe import Recipe, read_recipe
from steppe.layers.rasters import write_grid
from steppe.layers.sources import Source, read_sources

COMPILED = "facts_compiled.csv"


def _region_facts(folder: Path, recipe: Recipe, *, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Derive what the region's claims are checked against."""
    region = boundaries.set_index("boundary_id").geometry[recipe.region_iso]
    area_km2 = abs(GEOD.geometry_area_perimeter(region)[0]) / 1e6
    found = [
        ("area_km2", f"{area_km2:.0f}", "km2", "natural_earth", "geodesic area of the outline"),
        *(
            (
                f"installed_{year}_mw",
                f"{total:.0f}",
                "MW",
                source_id,
                f"units begun by {year} and not retired by then",
            )
            for year in recipe.installed_by
            for source_id, total in plants.installed_mw(folder, recipe, year=year).items()
        ),
    ]
    return pd.DataFrame(
        [
            {
                "layer": "region",
                "id": recipe.region_iso,
                "field": field,
                "value": value,
                "unit": unit,
                "source_id": source_id,
                "place_in_text": "",
                "kind": "derived",
                "reason": reason,
            }
            for field, value, unit, source_id, reason in found
        ]
    )[list(FACTS.columns)]


def _park_points(parks: gpd.GeoDataFrame, towns: gpd.GeoDataFrame) -> pd.DataFrame:
    """Write down where each park was put, by the source that gives the point of its town."""
    given_by = towns.set_index("town_id")["source_id"]
    rows = [
        {
            "layer": "parks",
            "id": park_id,
            "field": field,
            "value": f"{value:.4f}",
            "unit": "deg",
            "source_id": given_by[town_id],
            "place_in_text": "",
            "kind": "derived",
            "reason": "point of the town that stands for it",
        }
        for park_id, town_id, (lon, lat) in zip(
            parks["park_id"], parks["town_id"], lonlats(parks.geometry), strict=True
        )
        for field, value in (("lon", lon), ("lat", lat))
    ]
    return pd.DataFrame(rows)[list(FACTS.columns)]


def _write_grid(
    folder: Path,
    pack: Path,
    recipe: Recipe,
    parks: gpd.GeoDataFrame,
    boundaries: gpd.GeoDataFrame,
    dates: Mapping[str, str],
) -> gpd.GeoDataFrame:
    """Write stations and plants, each with its extent; return the stations."""
    around = grid_extents.outline_surroundings(
        recipe, parks=parks, boundaries=boundaries, within_km=recipe.grid_km
    )
    base = dates["natural_earth"]
    substations = power.compile_substations(
        folder, recipe, around=around, as_of=dates["osm_substations"]
    )
    fleet = plants.compile_plants(folder, recipe, around=around, as_of=dates)
    substations, fleet = (
        power.with_grid(each, folder, recipe, boundaries=boundaries)
        for each in (substations, fleet)
    )
    write_points(substations, pack / "substations.csv", key="grid_id")
    write_points(fleet, pack / "plants.csv", key="grid_id")
    for name, extent in (
        (
            "substation_extent",
            grid_extents.compile_substation_extent(folder, recipe, around=around, as_of=base),
        ),
        ("plant_extent", grid_extents.compile_plant_extent(around=around, as_of=base)),
    ):
        write_shapes(extent, pack / f"{name}.geojson", key="extent_id")
    return substations


def _write_tables(best: pd.DataFrame, sources: Mapping[str, Source], pack: Path) -> None:
    """Write the tables without geometry of which some fact speaks."""
    for name, make_rows in (
        ("figures", documents.compile_figures),
        ("rules", documents.compile_rules),
        ("round_trips", documents.compile_round_trips),
        ("power_terms", documents.compile_power_terms),
    ):
        if name in set(best["layer"]):
            documents.write_table(make_rows(best, sources), pack / f"{name}.csv")


def compile_pack(folder: Path, pack: Path) -> None:
    """Compile every layer of a pack into its folder; the same input gives the same bytes.

    Parameters
    ----------
    folder
        Input folder of open data, laid out as the modules of `steppe.layers.packs` name it.
    pack
        Folder with the typed facts (`facts_*.csv`), `sources.toml` and `recipe.toml`.  Ports and
        tables of which no fact speaks are not written.
    """
    sources: Mapping[str, Source] = read_sources(pack / "sources.toml")
    recipe = read_recipe(pack / "recipe.toml")
    typed = [read_facts(path) for path in sorted(pack.glob("facts_*.csv")) if path.name != COMPILED]
    facts = pd.concat(typed, ignore_index=True)
    if problems := unit_faults(facts):
        raise InputError(problems)
    best = best_facts(facts, sources)
    dates = {name: source.as_of.isoformat() for name, source in sources.items()}

    towns = places.compile_towns(best, sources, folder)
    nodes = places.compile_nodes(best, sources, towns)
    parks = places.compile_parks(best, sources, towns)
    write_points(towns, pack / "towns.csv", key="town_id")
    write_points(nodes, pack / "nodes.csv", key="node_id")
    write_points(parks, pack / "parks.csv", key="park_id")
    if "ports" in set(best["layer"]):
        write_points(places.compile_ports(best, sources, towns), pack / "ports.csv", key="port_id")
    _write_tables(best, sources, pack)

    corridors = corridor_lines.compile_corridors(
        best, sources, nodes=nodes, recipe=recipe, folder=folder
    )
    fibre = corridor_lines.compile_fibre(best, sources, nodes=nodes, corridors=corridors)
    if len(corridors):
        write_shapes(corridors, pack / "corridors.geojson", key="corridor_id")
    write_shapes(fibre, pack / "fibre.geojson", key="cable_id")

    base = dates["natural_earth"]
    boundaries = nature.compile_boundaries(folder, recipe, as_of=base)
    substations = _write_grid(folder, pack, recipe, parks, boundaries, dates)

    write_shapes(boundaries, pack / "boundaries.geojson", key="boundary_id")
    railways = nature.compile_railways(folder, recipe, as_of=base)
    write_shapes(railways, pack / "railways.geojson", key="line_id")
    rivers = nature.compile_rivers(folder, recipe, as_of=base)
    write_shapes(rivers, pack / "rivers.geojson", key="line_id")
    lakes = nature.compile_lakes(folder, recipe, as_of=base)
    write_shapes(lakes, pack / "lakes.geojson", key="lake_id")
    write_points(
        airports.compile_airports(folder, recipe, as_of=base),
        pack / "airports.csv",
        key="airport_id",
    )
    elevation = nature.compile_elevation(folder, recipe)
    write_grid(pack / "elevation.tif", elevation)
    write_grid(pack / "slope.tif", nature.compile_slope(folder, recipe))
    around = grid_extents.outline_surroundings(
        recipe, parks=parks, boundaries=boundaries, within_km=recipe.station_km
    )
    stations = nature.compile_stations(
        folder, recipe, around=around, elevation=elevation, as_of=dates["chelsa_v1"]
    )
    write_points(stations, pack / "stations.csv", key="station_id")
    write_shapes(
        grid_extents.compile_station_extent(around=around, as_of=base),
        pack / "station_extent.geojson",
        key="extent_id",
    )
    earthquakes = hazard.compile_earthquakes(folder, recipe, as_of=dates)
    write_points(earthquakes, pack / "earthquakes.csv", key="event_id")
    faults = hazard.compile_faults(folder, recipe, as_of=dates["gem_faults"])
    write_shapes(faults, pack / "faults.geojson", key="fault_id")
    extent = hazard.compile_fault_extent(folder, recipe, as_of=dates["gem_faults"])
    write_shapes(extent, pack / "fault_extent.geojson", key="extent_id")

    compiled = pd.concat(
        [
            _park_points(parks, towns),
            _region_facts(folder, recipe, boundaries=boundaries),
            power.grid_facts(substations, recipe, boundaries=boundaries),
        ]
    )
    compiled.to_csv(pack / COMPILED, index=False, lineterminator="\n")


if __name__ == "__main__":
    compile_pack(Path(sys.argv[1]), Path(sys.argv[2]))
