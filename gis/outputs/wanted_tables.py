"""Layers and tables of the new routes that a plan asks for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from steppe.layers.columns import Contract
from steppe.layers.conformity import conform
from steppe.layers.contracts.new_routes import (
    PROPOSED_AMPLIFIERS,
    PROPOSED_ROUTES,
    ROUTE_BESIDE,
    ROUTE_CROSSINGS,
    ROUTE_GROUND,
    ROUTE_PROFILE,
    ROUTE_QUESTIONS,
)
from steppe.layers.crs import WORKING_CRS
from steppe.layers.sources import Source, name_own_source
from steppe.layers.wording import BASE, Words, join, say, say_all, tell
from steppe.outputs.json_routes import make_row
from steppe.outputs.route_table import tell_facts, tell_pairs, tell_stretches
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_ends import GRID, TREE
from steppe.routes.answering import Answer
from steppe.routes.candidates import SOURCE_ID
from steppe.routes.cost_surface import Ground
from steppe.routes.meetings import CROSSED
from steppe.routes.told_route import ELONGATION_PCT, FIBRE, ToldRoute
from steppe.routes.wanted_routes import WantedAnswer, answer_wanted
from steppe.routing.ways.pair_of_ways import is_least

_DIGITS = 6  # of a degree: a tenth of a metre
_MILLION = 1e6


@dataclass(frozen=True)
class WantedRoutes:
    """What the questions of a plan add to it.

    Parameters
    ----------
    layers, tables
        Of the contracts of `steppe.layers.contracts.new_routes`, by name.
    source
        What the routes name as their source: the search itself.
    """

    layers: dict[str, gpd.GeoDataFrame]
    tables: dict[str, pd.DataFrame]
    source: Source


@dataclass(frozen=True, eq=False)
class _Named:
    """A route with what it is called here.

    Parameters
    ----------
    route_id, name
        Made of its question, and of its ends.
    told
        The route.
    found
        The answer that it is of.
    ground
        That it was found over.
    """

    route_id: str
    name: Words
    told: ToldRoute
    found: WantedAnswer
    ground: Ground


def find_wanted(inputs: Inputs, sites: gpd.GeoDataFrame | None) -> WantedRoutes | None:
    """Answer the questions for new routes of a plan and tabulate them; None where it asks none.

    Parameters
    ----------
    inputs
        What was read.
    sites
        See `steppe.routes.wanted_routes.answer_wanted`.
    """
    if not inputs.plan.route.wanted:
        return None
    found = answer_wanted(inputs, sites)
    cables = {str(each) for each in inputs.layer("fibre")["cable_id"]}
    routes = [each for one in found for each in _name_routes(one, cables)]
    return WantedRoutes(
        {
            PROPOSED_ROUTES.name: _make_layer(PROPOSED_ROUTES, (_row(inputs, r) for r in routes)),
            PROPOSED_AMPLIFIERS.name: _make_layer(
                PROPOSED_AMPLIFIERS, (site for r in routes for site in _list_amplifiers(inputs, r))
            ),
        },
        {
            ROUTE_QUESTIONS.name: _make(ROUTE_QUESTIONS, (_tell_question(one) for one in found)),
            ROUTE_CROSSINGS.name: _make(ROUTE_CROSSINGS, _list_crossings(routes)),
            ROUTE_BESIDE.name: _make(ROUTE_BESIDE, _list_beside(routes)),
            ROUTE_GROUND.name: _make(ROUTE_GROUND, _list_ground(routes)),
            ROUTE_PROFILE.name: _make(ROUTE_PROFILE, _list_profile(routes)),
        },
        _name_source(inputs),
    )


def _name_source(inputs: Inputs) -> Source:
    """Return the search as a source, so that nobody takes its routes for somebody's plan."""
    return name_own_source(
        SOURCE_ID,
        "新路径搜索 Search for new routes",
        accuracy="as its layers, and no finer than its cells; nobody walked the routes",
        as_of=inputs.plan.as_of,
    )


def _name_routes(found: WantedAnswer, cables: Collection[str]) -> Iterator[_Named]:
    """Give the routes of an answer, under ids that no cable bears."""
    if found.answer is None:
        return
    routes = found.answer.routes
    names: list[Words] = [
        tell(f"route.name.{each.kind}", a=each.route.start.title, b=each.route.end.title)
        for each in routes
    ]
    n_alike, n_before = Counter(say(name, BASE) for name in names), Counter[str]()
    grounds = _list_grounds(found.answer)
    numbered = (f"new_{found.wanted.question_id}_{number}" for number in count(1))
    free = (each for each in numbered if each not in cables)
    for each, own, ground in zip(routes, names, grounds, strict=True):
        said, name = say(own, BASE), own
        n_before[said] += 1
        if n_alike[said] > 1:
            name = tell("route.name.numbered", name=own, number=n_before[said])
        yield _Named(next(free), name, each, found, ground)


def _list_grounds(answer: Answer) -> list[Ground]:
    """Return the ground of each route: one for all, or one for each site of lines to the grid."""
    if len(answer.grounds) == 1:
        return list(answer.grounds) * len(answer.routes)
    starts = list(dict.fromkeys(each.route.start.end_id for each in answer.routes))
    return [answer.grounds[starts.index(each.route.start.end_id)] for each in answer.routes]


def _row(inputs: Inputs, named: _Named) -> dict[str, Any]:
    told = named.told
    row, route, wanted = make_row(told, geometry=False), told.route, named.found.wanted
    is_fibre = told.kind == FIBRE
    pair = next((pair for _, pair in named.found.answer.pairs if pair), None)  # type: ignore[union-attr]
    beside = max(told.beside, key=lambda each: each.possible_km, default=None)
    facts = [join(list(tell_stretches(named.ground, told))), *tell_facts(told)]
    plain = {
        name: row[name]
        for name in ("kind", "from_id", "to_id", "length_km", "straight_km", "plain_km")
    }
    heights = {name: row[name] for name in ("lowest_m", "highest_m", "ascent_m", "steepest_deg")}
    return {
        **plain,
        **heights,
        "route_id": named.route_id,
        "question_id": wanted.question_id,
        **say_all("name", named.name),
        "status": "proposed",
        "longer_pct": None if wanted.over else ELONGATION_PCT[inputs.plan.route.neighbours],
        "least_plain_km": route.bound_km,
        "is_proven": _say_proven(route.plain_km, route.bound_km)
        if pair is None
        else _say_proven(pair.plain_km, pair.bound_km),
        **_tell_cost([told]),
        "rtt_ms": row["rtt_ms"],
        "rtt_low_ms": route.rtt_ms[0] if is_fibre else None,
        "rtt_high_ms": route.rtt_ms[2] if is_fibre else None,
        "apart_km": told.apart_km if wanted.pair or wanted.keep_off else None,
        "nearest_km": None if pair is None else _finite(pair.apart_km),
        "beside_id": None if beside is None else beside.cable_id,
        "beside_low_km": None if beside is None else beside.sure_km,
        "beside_high_km": None if beside is None else beside.possible_km,
        "n_crossings": sum(each.n for each in told.crossings if each.layer in CROSSED),
        "n_amplifiers": len(told.amplifiers) if is_fibre else None,
        **say_all("reason", join([each for each in facts if each], "join.semicolon")),
        "accuracy_m": told.accuracy_m,
        **_origin(inputs),
        "geometry": shapely.transform(route.line, lambda at: at.round(_DIGITS)),
    }  # fmt: skip


def _tell_question(found: WantedAnswer) -> dict[str, Any]:
    wanted, answer = found.wanted, found.answer
    named = f"{wanted.start} – {wanted.end}"
    both = {"zh": wanted.title_zh or wanted.title_en, "en": wanted.title_en or wanted.title_zh}
    row: dict[str, Any] = {
        "question_id": wanted.question_id,
        **{f"title_{language}": title or named for language, title in both.items()},
        "asked": _name_kind(found),
        "from_name": wanted.start,
        "to_name": wanted.end,
        "over": wanted.over,
        "n_routes": 0 if answer is None else len(answer.routes),
        "n_unanswered": len(found.faults),
        **say_all("text", _tell_answer(found)),
    }
    if answer is None:
        return row
    row["cell_m"] = answer.grounds[0].grid.cell_m
    pair = next((pair for _, pair in answer.pairs if pair), None)
    if pair is not None:
        row |= {
            "apart_km": pair.asked_km,
            "end_zone_km": wanted.end_zone_km,
            "nearest_km": _finite(pair.apart_km),
        }
    if wanted.alternatives is None:  # whose costs nobody sums
        plain_km, bound_km = _sum_plain(answer)
        row |= {"plain_km": plain_km, "least_plain_km": bound_km, **_tell_cost(answer.routes)}
        row["is_proven"] = _say_proven(plain_km, bound_km)
    return row


def _name_kind(found: WantedAnswer) -> str:
    wanted = found.wanted
    if wanted.end == GRID:
        return "tie_lines"
    if wanted.end == TREE:
        return "tree"
    if wanted.pair:
        return "pair"
    if wanted.alternatives:
        return "alternatives"
    is_one = found.answer is not None and len(found.answer.routes) == 1
    return "one" if is_one or len(wanted.names) == 2 else "many"  # noqa: PLR2004 (two ends)


def _tell_answer(found: WantedAnswer) -> Words:
    why = [each.what for each in found.faults]
    if found.answer is None:
        return tell("route.answer.none", why=join(why, "join.semicolon"))
    answer, alternatives = found.answer, found.wanted.alternatives
    lines: list[Words] = list(tell_pairs(answer))
    if not lines:
        km = sum(each.route.length_km for each in answer.routes)
        n = len(answer.routes)
        lines.append(
            tell("route.answer.one", km=km) if n == 1 else tell("route.answer.sum", n=n, km=km)
        )
        if alternatives is None and _say_proven(*_sum_plain(answer)) == "yes":
            lines.append(tell("route.answer.proven"))
    cost = _tell_cost(answer.routes)
    if alternatives is None and cost["cost_unit"]:
        value, low, high = (cost[name] / _MILLION for name in ("cost", "cost_low", "cost_high"))
        unit = cost["cost_unit"]
        lines.append(tell("route.answer.cost", value=value, low=low, high=high, unit=unit))
    if why:
        lines.append(tell("route.answer.lacking", why=join(why, "join.semicolon")))
    return join(lines, "join.semicolon")


def _sum_plain(answer: Answer) -> tuple[float, float | None]:
    """Return what all routes cost in plain kilometres, and what they cannot cost less than."""
    if answer.tree is not None:
        return answer.tree.plain_km, answer.tree.bound_km
    for _, pair in answer.pairs:
        if pair is not None:
            return pair.plain_km, pair.bound_km
    bounds = [each.route.bound_km for each in answer.routes]
    known = [each for each in bounds if each is not None]
    plain_km = sum(each.route.plain_km for each in answer.routes)
    return plain_km, sum(known) if len(known) == len(bounds) else None


def _say_proven(plain_km: float, bound_km: float | None) -> str | None:
    if bound_km is None:
        return None
    return "yes" if is_least(plain_km, bound_km) else "no"


def _tell_cost(routes: Iterable[ToldRoute]) -> dict[str, Any]:
    """Return the cost of routes together; empty where the plan gives no price for one of them."""
    prices = [each.route.price for each in routes]
    known = [each for each in prices if each is not None]
    if not known or len(known) < len(prices):
        return dict.fromkeys(("cost", "cost_low", "cost_high", "cost_unit"))
    return {
        "cost": sum(each.value for each in known),
        "cost_low": sum(each.low for each in known),
        "cost_high": sum(each.high for each in known),
        "cost_unit": known[0].currency,
    }


def _list_amplifiers(inputs: Inputs, named: _Named) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(named.told.amplifiers, start=1):
        name = tell("route.name.amplifier", number=number, name=named.name)
        yield {
            "amplifier_id": f"{named.route_id}_{number}",
            "route_id": named.route_id,
            **say_all("name", name),
            "at_km": each.at_km,
            "power_km": _finite(each.power_km),
            "road_km": _finite(each.road_km),
            "accuracy_m": named.told.accuracy_m,
            **_origin(inputs),
            "geometry": shapely.Point(round(each.lon, _DIGITS), round(each.lat, _DIGITS)),
        }


def _list_crossings(routes: Sequence[_Named]) -> Iterator[dict[str, Any]]:
    for named in routes:
        for each in named.told.crossings:
            if each.n:
                yield {
                    "route_id": named.route_id, "layer": each.layer, "n": each.n, "km": each.km
                }  # fmt: skip


def _list_beside(routes: Sequence[_Named]) -> Iterator[dict[str, Any]]:
    for named in routes:
        for each in named.told.beside:
            yield {
                "route_id": named.route_id,
                "cable_id": each.cable_id,
                "sure_km": each.sure_km,
                "possible_km": each.possible_km,
                "drawn_km": each.nearest_km,
            }


def _list_ground(routes: Sequence[_Named]) -> Iterator[dict[str, Any]]:
    for named in routes:
        for each in named.told.route.stretches:
            yield {
                "route_id": named.route_id,
                "term_id": each.term_id,
                **say_all("name", named.ground.name(each.term_id)),
                "km": each.km,
                "unknown_km": each.unknown_km,
            }


def _list_profile(routes: Sequence[_Named]) -> Iterator[dict[str, Any]]:
    for named in routes:
        route = named.told.route
        told = zip(
            route.at_km.tolist(), route.heights_m.tolist(), route.slopes_deg.tolist(), strict=True
        )
        for place, (at_km, height_m, slope_deg) in enumerate(told, start=1):
            yield {
                "route_id": named.route_id,
                "place": place,
                "at_km": round(at_km, 3),
                "height_m": round(height_m, 1),
                "slope_deg": round(slope_deg, 2),
            }


def _origin(inputs: Inputs) -> dict[str, str]:
    return {"source_id": SOURCE_ID, "as_of": inputs.plan.as_of.isoformat()}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _make(contract: Contract, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    return conform(pd.DataFrame(list(rows), columns=list(contract.columns)), contract)


def _make_layer(contract: Contract, rows: Iterable[dict[str, Any]]) -> gpd.GeoDataFrame:
    columns = [*contract.columns, "geometry"]
    frame = gpd.GeoDataFrame(
        pd.DataFrame(list(rows), columns=columns), geometry="geometry", crs=WORKING_CRS
    )
    return gpd.GeoDataFrame(conform(frame, contract))
