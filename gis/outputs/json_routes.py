"""What `steppe route --json` answers."""

from __future__ import annotations

import math
from typing import Any

from shapely.geometry import mapping

from steppe.layers.crs import distance_km
from steppe.layers.wording import BASE, say, say_all
from steppe.outputs.json_head import answer_head
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.answering import Answer
from steppe.routes.pairs import RoutePair
from steppe.routes.told_route import FIBRE, ToldRoute

PLAIN_KM = "plain_km"
"""The unit of a cost where the plan does not tell what a kilometre costs."""
_DIGITS = 6  # of a degree: a tenth of a metre


def answer_routes(inputs: Inputs, answer: Answer) -> dict[str, Any]:
    """Return the answer to `steppe route`: a row for each route.

    Parameters
    ----------
    inputs
        What was read.
    answer
        What was found.
    """
    grounds = answer.grounds
    return {
        **answer_head(inputs, inputs.plan.scenario.name),
        "cell_m": grounds[0].grid.cell_m,
        "dropped": sorted({name for ground in grounds for name in ground.dropped}),
        "untold": sorted({name for ground in grounds for name in ground.untold}),
        "pairs": [_tell_pair(km, pair) for km, pair in answer.pairs],
        "tree": None
        if answer.tree is None
        else {"plain_km": answer.tree.plain_km, "least_plain_km": answer.tree.bound_km},
        "unanswered": [
            {"where": say(each.where, BASE), **say_all("why", each.what)}
            for each in answer.unanswered
        ],
        "rows": [make_row(each, geometry=True) for each in answer.routes],
    }


def _tell_pair(asked_km: float, pair: RoutePair | None) -> dict[str, Any]:
    """Return what is told of two routes together; null where none are that far apart."""
    price = None if pair is None else pair.first.price
    unit = None if pair is None else PLAIN_KM if price is None else price.currency
    return {
        "apart_km": asked_km,
        "nearest_km": None if pair is None or math.isinf(pair.apart_km) else pair.apart_km,
        "cost": None if pair is None else _sum_cost(pair),
        "cost_unit": unit,
        "plain_km": None if pair is None else pair.plain_km,
        "least_plain_km": None if pair is None else pair.bound_km,
        "is_proven": None if pair is None else pair.is_proven,
        "lengths_km": None if pair is None else [pair.first.length_km, pair.second.length_km],
    }


def _sum_cost(pair: RoutePair) -> float:
    if pair.first.price is None or pair.second.price is None:
        return pair.plain_km
    return pair.first.price.value + pair.second.price.value


def make_row(told: ToldRoute, *, geometry: bool) -> dict[str, Any]:
    """Return a route as a row; the geometry of a row is its line in degrees (OGC:CRS84)."""
    route = told.route
    heights = [float(each) for each in route.heights_m if not math.isnan(each)]
    slopes = [float(each) for each in route.slopes_deg if not math.isnan(each)]
    straight_km = float(
        distance_km(route.start.lon, route.start.lat, [route.end.lon], [route.end.lat])[0]
    )
    price, is_fibre = route.price, told.kind == FIBRE
    row: dict[str, Any] = {
        "route_id": route.route_id,
        "kind": told.kind,
        "from_id": route.start.end_id,
        "to_id": route.end.end_id,
        "length_km": route.length_km,
        "straight_km": straight_km,
        "cost": route.plain_km if price is None else price.value,
        "cost_low": route.plain_km if price is None else price.low,
        "cost_high": route.plain_km if price is None else price.high,
        "cost_unit": PLAIN_KM if price is None else price.currency,
        "plain_km": route.plain_km,
        "least_plain_km": route.bound_km,
        "rtt_ms": route.rtt_ms[1] if is_fibre else None,
        "rtt_range_ms": [route.rtt_ms[0], route.rtt_ms[2]] if is_fibre else None,
        "lowest_m": min(heights, default=None),
        "highest_m": max(heights, default=None),
        "ascent_m": route.ascent_m if heights else None,
        "steepest_deg": max(slopes, default=None),
        "ground": [
            {"term_id": each.term_id, "km": each.km, "unknown_km": each.unknown_km}
            for each in route.stretches
        ],
        "crossings": [{"layer": each.layer, "n": each.n, "km": each.km} for each in told.crossings],
        "beside": [
            {
                "cable_id": each.cable_id,
                "sure_km": each.sure_km,
                "possible_km": each.possible_km,
                "nearest_km": each.nearest_km,
            }
            for each in told.beside
        ],
        "amplifiers": [
            {
                "at_km": each.at_km,
                "lon": round(each.lon, _DIGITS),
                "lat": round(each.lat, _DIGITS),
                "power_km": _known(each.power_km),
                "road_km": _known(each.road_km),
            }
            for each in told.amplifiers
        ],
        "shared_frac": told.shared_frac,
        "accuracy_m": told.accuracy_m,
        **say_all("note", told.note),
    }
    if geometry:
        row["geometry"] = draw(told)
    return row


def draw(told: ToldRoute) -> dict[str, Any]:
    """Return the line of a route as GeoJSON has it."""
    line: dict[str, Any] = mapping(told.route.line)
    places = [[round(value, _DIGITS) for value in place] for place in line["coordinates"]]
    return {"type": "LineString", "coordinates": places}


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
