"""Objects of OpenStreetMap as layers: what stands in each, and how its rows are made.

Keys and values are those of the OpenStreetMap Wiki (Map features).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.conformity import make_empty_layer
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import GEOD, WORKING_CRS
from steppe.layers.openers.boxes import Bbox, clip
from steppe.layers.openers.fetched import fit_layer
from steppe.layers.openers.line_joining import join_lines
from steppe.layers.openers.osm_objects import OsmObject
from steppe.layers.openers.osm_tags import (
    Tags,
    name_both,
    name_of,
    read_kv,
    read_mw,
    read_people,
    read_year,
)

# Drawn from images and GPS; lines are then smoothed by as much as is added here.
# A large region is drawn small, and smoothed by a ten-thousandth of its height or width.
_SMOOTH_DEG, _SMOOTH_SHARE = 1e-4, 1e-4
_M_PER_DEG = 111_200.0
_LINE_M = 20.0
_POINT_M = 100.0
_TOWN_M = 1000.0  # a point that stands for a town
_LEAST_LAKE_KM2 = 0.05

Row = Mapping[str, object]

ROADS = ("motorway", "trunk", "primary", "secondary")
_MAIN_USE = {"main": 4, "branch": 7}
_SIDE_TRACKS = ("yard", "siding", "crossover")
_SMALL = ("minor_distribution", "distribution", "transition")
_LOCAL_KV = 30.0
_FUELS = {
    "biomass": "bioenergy",
    "biogas": "bioenergy",
    "biofuel": "bioenergy",
    "waste": "bioenergy",
    "diesel": "oil",
}
_RUNNING_WATER = ("river", "stream", "canal", "ditch", "drain", "wastewater", "moat")
_CHEMICAL = ("chemical", "oil", "refinery", "gas", "petroleum_terminal", "fuel", "explosives")


def _road(tags: Tags) -> Row | None:
    kind = tags["highway"]
    return {"name": tags.get("ref") or name_of(tags), "kind": kind, "rank": ROADS.index(kind)}


def _railway(tags: Tags) -> Row | None:
    if tags.get("service") in _SIDE_TRACKS:
        return None
    fast = tags.get("highspeed") == "yes"
    return {"name": name_of(tags), "rank": 2 if fast else _MAIN_USE.get(tags.get("usage", ""), 8)}


def _power_line(tags: Tags) -> Row | None:
    kv = read_kv(tags.get("voltage", ""))
    return {"name": name_of(tags), "voltage_kv": kv, "operator": tags.get("operator")}


def _river(tags: Tags) -> Row | None:
    return {"name": name_of(tags), "rank": 5 if tags["waterway"] == "river" else 7}


def _lake(tags: Tags) -> Row | None:
    if tags.get("water") in _RUNNING_WATER:
        return None
    return {"name": name_of(tags), "rank": 5}


def _substation(tags: Tags) -> Row | None:
    kv = read_kv(tags.get("voltage", ""))
    if tags.get("substation") in _SMALL or (kv is not None and kv < _LOCAL_KV):
        return None
    return {
        "name": name_of(tags),
        "kind": "substation",
        "voltage_kv": kv,
        "operator": tags.get("operator"),
        "status": "mapped",
    }


def _plant(tags: Tags) -> Row | None:
    source = tags.get("plant:source", "").split(";")[0].strip()
    return {
        "name": name_of(tags),
        "kind": "plant",
        "voltage_kv": read_kv(tags.get("voltage", "")),
        "capacity_mw": read_mw(tags.get("plant:output:electricity", "")),
        "energy": _FUELS.get(source, source) or None,
        "operator": tags.get("operator"),
        "status": "operating",
        "start_year": read_year(tags.get("start_date", "")),
    }


def _protected(tags: Tags) -> Row | None:
    zh, en = name_both(tags)
    kind = tags.get("protect_class") or tags.get("boundary") or tags.get("leisure")
    return {"name_zh": zh or "保护区", "name_en": en or "Protected area", "kind": kind}


def _land(tags: Tags) -> Row | None:
    use, industry = tags.get("landuse", ""), tags.get("industrial", "")
    if tags.get("military") == "ammunition" or industry == "explosives":
        kind = "explosives"
    elif use == "landfill" or industry in _CHEMICAL:
        kind = "chemical_plant"
    elif tags.get("amenity") == "parking":
        kind = "car_park"
    else:
        kind = {"residential": "housing", "industrial": "industry"}.get(use, "")
    return {"name": name_of(tags), "kind": kind} if kind else None


def _town(tags: Tags) -> Row | None:
    zh, en = name_both(tags)
    if not zh:
        return None
    people = read_people(tags.get("population", ""))
    return {"name_zh": zh, "name_en": en, "population": people}


def _airport(tags: Tags) -> Row | None:
    kind = tags.get("aerodrome:type") or tags.get("aerodrome")
    is_known = "icao" in tags or "iata" in tags
    return {"name": name_of(tags), "kind": kind} if is_known else None


@dataclass(frozen=True)
class OsmLayer:
    """What stands in a layer, and how a row is made of the tags.

    Parameters
    ----------
    key
        Its column of ids.
    geometry
        `point`, `line` or `polygon`; an area is a point in it where points are wanted.
    wanted
        Keys of tags to their values.
    make
        Columns of a row; None for an object that is none of the layer's.
    accuracy_m
        Of the rows.
    margin_km
        How far round the region the measures that use it look.
    has_gaps
        Whether volunteers map it here and there only, so that nothing follows where nothing is.
    """

    key: str
    geometry: str
    wanted: Mapping[str, Sequence[str]]
    make: Callable[[Tags], Row | None]
    accuracy_m: float
    has_gaps: bool = False
    margin_km: float = 200.0


OSM_LAYERS: dict[str, OsmLayer] = {
    "roads": OsmLayer("line_id", "line", {"highway": ROADS}, _road, _LINE_M),
    "railways": OsmLayer(
        "line_id", "line", {"railway": ("rail", "narrow_gauge")}, _railway, _LINE_M
    ),
    "power_lines": OsmLayer(
        "line_id",
        "line",
        {"power": ("line", "cable")},
        _power_line,
        _LINE_M,
        has_gaps=True,
        margin_km=50.0,
    ),
    "rivers": OsmLayer("line_id", "line", {"waterway": ("river", "canal")}, _river, _LINE_M),
    "lakes": OsmLayer(
        "lake_id", "polygon", {"natural": ("water",), "landuse": ("reservoir",)}, _lake, _LINE_M
    ),
    "substations": OsmLayer(
        "grid_id", "point", {"power": ("substation",)}, _substation, _POINT_M, margin_km=100.0
    ),
    "plants": OsmLayer(
        "grid_id", "point", {"power": ("plant",)}, _plant, 500.0, has_gaps=True, margin_km=150.0
    ),
    "protected_areas": OsmLayer(
        "area_id",
        "polygon",
        {"boundary": ("protected_area", "national_park"), "leisure": ("nature_reserve",)},
        _protected,
        _LINE_M,
        has_gaps=True,
        margin_km=50.0,
    ),
    "land_use": OsmLayer(
        "area_id",
        "polygon",
        {
            "landuse": ("residential", "industrial", "landfill"),
            "amenity": ("parking",),
            "military": ("ammunition",),
        },
        _land,
        _LINE_M,
        has_gaps=True,
        margin_km=20.0,
    ),
    "towns": OsmLayer(
        "town_id", "point", {"place": ("city", "town")}, _town, _TOWN_M, margin_km=100.0
    ),
    "airports": OsmLayer("airport_id", "point", {"aeroway": ("aerodrome",)}, _airport, 2000.0),
}
"""Each layer that is made of OpenStreetMap."""

_DIMENSIONS = {"line": (1,), "polygon": (2,), "point": (0, 2)}


def wanted_tags(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the tags of some layers together."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        for key, values in OSM_LAYERS[name].wanted.items():
            found.setdefault(key, {}).update(dict.fromkeys(values))
    return {key: tuple(values) for key, values in found.items()}


def make_layer(
    name: str, objects: Sequence[OsmObject], box: Bbox, *, source_id: str, as_of: str
) -> gpd.GeoDataFrame:
    """Return the rows of a layer within a box.

    Parameters
    ----------
    name
        Key of `OSM_LAYERS`.
    objects
        Of an extract, whatever else it holds.
    box
        Shapes are cut to it.
    source_id, as_of
        What each row bears.
    """
    layer = OSM_LAYERS[name]
    rows, shapes = _choose(layer, objects)
    if not rows:
        return make_empty_layer(INPUT_LAYERS[name])
    geometry = np.array(shapes, dtype=object)
    if layer.geometry == "point":
        geometry = shapely.point_on_surface(geometry)
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=geometry, crs=WORKING_CRS)
    frame = clip(frame.drop_duplicates(layer.key), box, kind=layer.geometry)
    if layer.geometry == "line":
        frame = join_lines(frame, layer.key)
    smooth_deg = 0.0
    if layer.geometry != "point":
        smooth_deg = _choose_smoothing(box)
        frame = frame.set_geometry(frame.geometry.simplify(smooth_deg))
    if name == "lakes":
        km2 = [abs(GEOD.geometry_area_perimeter(shape)[0]) / 1e6 for shape in frame.geometry]
        frame = frame[np.array(km2) >= _LEAST_LAKE_KM2]
    if frame.empty:
        return make_empty_layer(INPUT_LAYERS[name])
    frame = frame.sort_values(layer.key)
    table = pd.DataFrame(frame.drop(columns="geometry"))
    accuracy_m = layer.accuracy_m + round(smooth_deg * _M_PER_DEG)
    table = table.assign(accuracy_m=accuracy_m, source_id=source_id, as_of=as_of)
    return fit_layer(name, table, frame.geometry.to_numpy())


def _choose_smoothing(box: Bbox) -> float:
    """Return by how much lines and areas are smoothed, degrees."""
    west, south, east, north = box
    return max(_SMOOTH_DEG, _SMOOTH_SHARE * max((east - west) % 360.0, north - south))


def _choose(
    layer: OsmLayer, objects: Sequence[OsmObject]
) -> tuple[list[dict[str, object]], list[BaseGeometry]]:
    """Return the rows and shapes of the objects that are of a layer."""
    rows, shapes = [], []
    for each in objects:
        if shapely.get_dimensions(each.shape) not in _DIMENSIONS[layer.geometry]:
            continue
        if not any(each.tags.get(key) in values for key, values in layer.wanted.items()):
            continue
        row = layer.make(each.tags)
        if row is not None:
            rows.append({**row, layer.key: f"osm_{each.osm_id}"})
            shapes.append(each.shape)
    return rows, shapes
