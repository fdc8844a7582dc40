"""Where a new route begins and ends: anything of the plan that has a place, or a place itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, pair, tell
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_ends import PARKS, TARGETS, is_place

_NAMED = (("nodes", "node_id"), ("parks", "park_id"), ("towns", "town_id"))
_MAX_LON, _MAX_LAT = 180.0, 90.0


@dataclass(frozen=True)
class End:
    """One end of a route.

    Parameters
    ----------
    end_id
        Identifier in its layer, or `lon,lat` as it was asked for.
    lon, lat
        Degrees, EPSG:4490.
    title
        What people read.
    layer
        Layer that it stands in; empty for a place of its own.
    accuracy_km
        Within what distance of the point it lies; 0 for a place.
    """

    end_id: str
    lon: float
    lat: float
    title: Words
    layer: str = ""
    accuracy_km: float = 0.0


def find_end(inputs: Inputs, asked: str, *, where: str) -> End:
    """Return the end that a text names: an id of a node, park, town or substation, `lon,lat`, or a name.

    A name stands for a node, park or town, the nodes first, where no id is the same text.

    Parameters
    ----------
    inputs
        What was read.
    asked
        As the user gave it.
    where
        What it was given as, for the fault.

    Raises
    ------
    InputError
        For a name that no layer has or several rows of one bear, and a place that is none.
    """
    place = _read_place(asked, where)
    if place is not None:
        return place
    known: set[str] = set()
    for layer, key in _NAMED:
        frame = inputs.layer(layer)
        known |= set(frame[key])
        for end in _pick(frame, layer, key, asked):
            return end
    for end in _pick(inputs.layer("substations"), "substations", "grid_id", asked):
        return end
    for layer, key in _NAMED:
        frame = inputs.layer(layer)
        ids = frame[key][(frame["name_zh"] == asked) | (frame["name_en"] == asked)].tolist()
        if len(ids) > 1:
            what = tell("fault.route.named_twice", n=len(ids), name=asked)
            raise InputError(Problem(where, what, tell("fix.route.named_twice"), tuple(ids)))
        for name in ids:
            for end in _pick(frame, layer, key, name):
                return end
    fix = hint_name(asked, sorted(known), otherwise=tell("fix.route.end"))
    raise InputError(Problem(where, tell("fault.route.end", name=asked), fix))


def _pick(frame: gpd.GeoDataFrame, layer: str, key: str, asked: str) -> Iterator[End]:
    rows = frame[frame[key] == asked]
    for _, row in rows.iterrows():
        point = row.geometry
        if point is None or point.is_empty:
            continue
        named = "name_zh" in row
        title = pair(str(row["name_zh"]), str(row["name_en"])) if named else pair(asked, asked)
        accuracy_km = float(row.get("accuracy_m", 0.0)) / 1000.0
        yield End(asked, float(point.x), float(point.y), title, layer, accuracy_km)


def _read_place(asked: str, where: str) -> End | None:
    """Return the place that `lon,lat` in degrees names; nothing of what is no two numbers."""
    if not is_place(asked):
        return None
    lon, lat = (float(part) for part in asked.split(","))
    if not (-_MAX_LON <= lon <= _MAX_LON and -_MAX_LAT <= lat <= _MAX_LAT):
        raise InputError(
            Problem(where, tell("fault.route.place", place=asked), tell("fix.route.place"))
        )
    title = f"{lon:.4f}, {lat:.4f}"
    return End(asked, lon, lat, pair(title, title))


def list_parks(inputs: Inputs) -> list[End]:
    """Return the parks of the level that the plan ranks, in the order of the layer.

    Raises
    ------
    InputError
        Where there are none.
    """
    parks = inputs.layer("parks")
    parks = gpd.GeoDataFrame(parks[parks["level"] == inputs.plan.level])
    if parks.empty:
        raise InputError(Problem(PARKS, tell("answer.no_park"), tell("fix.route.end")))
    return [end for name in parks["park_id"] for end in _pick(parks, "parks", "park_id", name)]


def list_targets(inputs: Inputs) -> list[End]:
    """Return the targets of the plan's network, the first one first.

    Raises
    ------
    InputError
        Where there are none.
    """
    nodes, names = inputs.layer("nodes"), inputs.plan.network.targets
    found = [end for name in names for end in _pick(nodes, "nodes", "node_id", name)]
    if not found:
        raise InputError(Problem(TARGETS, tell("fault.route.targets"), tell("fix.route.end")))
    return found
