"""JSON Schemas of what `steppe screen` and `steppe route` answer, whose rows are of no table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steppe.layers.columns import NAMES, Column, number, share, text, whole
from steppe.layers.schemas import column_schema
from steppe.routes.told_route import FIBRE, TIE_LINE

_LON = number("longitude", unit="deg", low=-180, high=180)
_LAT = number("latitude", unit="deg", low=-90, high=90)
_TEXTS = {"type": "array", "items": {"type": "string"}}


def _km(meaning: str, *, empty: bool = False) -> Column:
    return number(meaning, unit="km", low=0, empty=empty)


def _record(fields: Mapping[str, Column], **more: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has these fields and no others."""
    properties = {name: column_schema(column) for name, column in fields.items()} | more
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _range(end: Column, *, empty: bool = False) -> dict[str, Any]:
    """Return the schema of a low and a high end."""
    told = column_schema(end)
    unit = {"x-unit": told.pop("x-unit")} if "x-unit" in told else {}
    kind = ["array", "null"] if empty else "array"
    return {"type": kind, "prefixItems": [told, told], "minItems": 2, "maxItems": 2, **unit}


def _each(value: dict[str, Any], meaning: str) -> dict[str, Any]:
    """Return the schema of an object of values by names that no schema knows."""
    return {"type": "object", "additionalProperties": value, "description": meaning}


_SITE = {
    "site_id": text("identifier; `proposed_1` is the best"),
    "lon": _LON,
    "lat": _LAT,
    "area_ha": number("area of its cells", unit="ha", low=0),
    "score": share("mean score of its cells"),
    "known_share": share("share of the weight that is known of them"),
    "percentile": share("share of the free cells that it scores above"),
    "acceptability": share("share of drawn weights with which its cells are in the best 1 %"),
    "accuracy_m": number("half the diagonal of its block", unit="m", low=0),
}
_FEEDER = {
    "grid_id": text("station"),
    "voltage_kv": number("its voltage", unit="kV", low=0, empty=True),
    "distance_km": _km("from the middle of the site"),
}
_BACK_TEST = {
    "auc": share("chance that a named park scores above a random free cell", empty=True),
    "n_places": whole("named parks that were held against the land", low=0),
    "n_cities": whole("their cities", low=0),
    "n_cells": whole("free cells", low=0),
}


def screen_schema() -> dict[str, Any]:
    """Return the fields of the answer to `steppe screen`, beside the head."""
    chance = column_schema(_BACK_TEST["auc"])
    load = number("IT load of each site", unit="MW", low=0, empty=True)
    site = _record(
        _SITE,
        measures=_each({"type": ["number", "null"]}, "mean of each surface over its cells"),
        feeders=_list(_record(_FEEDER)),
        reasons_zh=_TEXTS,
        reasons_en=_TEXTS,
    )
    trial = _record(
        _BACK_TEST,
        auc_range=_range(_BACK_TEST["auc"]),
        percentiles=_each(chance, "by park, the share of the free cells that it scores above"),
        without_city=_each(chance, "the chance without the parks of a city"),
    )
    return {"demand_mw": column_schema(load), "back_test": trial, "rows": _list(site)}


_EDGE = {
    "site_id": text("identifier; `edge_1` serves most people"),
    "lon": _LON,
    "lat": _LAT,
    "score": share("score of its land", empty=True),
    "accuracy_m": number("half the diagonal of its cell", unit="m", low=0),
    "people": whole("people of the towns that it serves, as far as they are told", low=0),
    "mean_km": _km("from these people, on the mean"),
}
_TOWN = {
    "town_id": text("town"),
    **NAMES,
    "population": whole("people; null where nobody tells", low=1, empty=True),
    "distance_km": _km("from the site, geodesic"),
}
_SERVED = {
    "reach_km": _km("from how far a town is served; null for any distance", empty=True),
    "n_towns": whole("towns of the region", low=1),
    "people": whole("people of all towns that tell them", low=1),
    "served_people": whole("people of the towns that are served", low=0),
    "mean_km": _km("from the served people to their sites, on the mean"),
    "least_mean_km": _km("no choice among the free cells has less; null with a reach", empty=True),
    "most_people": whole(
        "no choice among the free cells reaches more; null without a reach", low=0, empty=True
    ),
    "gap_frac": number("how far it may be from the best, as a share of it", unit="1", low=0),
}


def edges_schema() -> dict[str, Any]:
    """Return the fields of the answer to `steppe screen --edge`, beside the head."""
    site = _record(_EDGE, towns=_list(_record(_TOWN)))
    return {
        **{name: column_schema(column) for name, column in _SERVED.items()},
        "towns_without_people": _TEXTS | {"description": "towns that move no site"},
        "towns_beyond": _TEXTS | {"description": "towns beyond the reach of every site"},
        "rows": _list(site),
    }


_ROUTE = {
    "route_id": text("its name"),
    "kind": text("what it is for", values=(FIBRE, TIE_LINE)),
    "from_id": text("end"),
    "to_id": text("other end"),
    "length_km": _km("length of the line"),
    "straight_km": _km("geodesic between its ends"),
    "cost": number("cost in `cost_unit`", low=0),
    "cost_low": number("low end of it", low=0),
    "cost_high": number("high end of it", low=0),
    "cost_unit": text("currency, or plain_km"),
    "plain_km": _km("cost in kilometres over plain ground"),
    "least_plain_km": _km("no route over these cells costs less", empty=True),
    "rtt_ms": number("round trip; null of a line to the grid", unit="ms", low=0, empty=True),
    "lowest_m": number("lowest ground; null where no grid tells it", unit="m", empty=True),
    "highest_m": number("highest ground", unit="m", empty=True),
    "ascent_m": number("climbs together", unit="m", low=0, empty=True),
    "steepest_deg": number("steepest ground", unit="deg", low=0, high=90, empty=True),
    "shared_frac": share("of an alternative, the part beside one told before it", empty=True),
    "accuracy_m": number("how true the line is", unit="m", low=0),
    "note_zh": text("that it is indicative, and what it was found from"),
    "note_en": text("that it is indicative, and what it was found from"),
}
_GROUND = {
    "term_id": text("term of `[route]`"),
    "km": _km("where it holds"),
    "unknown_km": _km("where nobody knows"),
}
_CROSSING = {
    "layer": text("layer"),
    "n": whole("how often it is crossed", low=0),
    "km": _km("within its areas"),
}
_BESIDE = {
    "cable_id": text("cable"),
    "sure_km": _km("surely beside it"),
    "possible_km": _km("possibly beside it"),
    "nearest_km": _km("how near the two come"),
}
_AMPLIFIER = {
    "at_km": _km("from the start"),
    "lon": _LON,
    "lat": _LAT,
    "power_km": _km("to the nearest substation or town", empty=True),
    "road_km": _km("to the nearest road", empty=True),
}
_PAIR = {
    "apart_km": _km("distance that was asked for"),
    "nearest_km": _km(
        "how near the two come outside the end zones; null where there is no pair, or nothing outside",
        empty=True,
    ),
    "cost": number("cost of both in `cost_unit`", low=0, empty=True),
    "cost_unit": text("currency, or plain_km", empty=True),
    "plain_km": _km("cost of both in kilometres over plain ground", empty=True),
    "least_plain_km": _km("no pair costs less", empty=True),
}


def route_schema() -> dict[str, Any]:
    """Return the fields of the answer to `steppe route`, beside the head; one form for all questions."""
    place = {"type": "array", "prefixItems": [column_schema(_LON), column_schema(_LAT)]}
    line = _record(
        {"type": text("kind of geometry", values=("LineString",))},
        coordinates=_list(place | {"minItems": 2, "maxItems": 2}) | {"minItems": 2},
    )
    row = _record(
        _ROUTE,
        rtt_range_ms=_range(number("round trip", unit="ms", low=0), empty=True),
        ground=_list(_record(_GROUND)),
        crossings=_list(_record(_CROSSING)),
        beside=_list(_record(_BESIDE)),
        amplifiers=_list(_record(_AMPLIFIER)),
        geometry=line,
    )
    pair = _record(
        _PAIR,
        is_proven={"type": ["boolean", "null"], "description": "whether the bound is reached"},
        lengths_km=_range(_km("length of each"), empty=True),
    )
    bounds = {name: _ROUTE[name] for name in ("plain_km", "least_plain_km")}
    tree = _record(bounds)
    why = {name.replace("name", "why"): text("why there is no route") for name in NAMES}
    return {
        "cell_m": column_schema(number("side of a cell", unit="m", low=0)),
        "dropped": _TEXTS | {"description": "barriers left out"},
        "untold": _TEXTS | {"description": "terms that no layer tells"},
        "pairs": _list(pair),
        "tree": tree | {"type": ["object", "null"]},
        "unanswered": _list(_record({"where": text("ends"), **why})),
        "rows": _list(row),
    }
