"""New routes as people read them on the screen: a table, and lines on each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from steppe.criteria.coverage import name_layer
from steppe.layers.wording import Words, find_reader, join, say, tell
from steppe.outputs.json_routes import PLAIN_KM, make_row
from steppe.routes.answering import Answer
from steppe.routes.cost_surface import Ground
from steppe.routes.told_route import FIBRE, ToldRoute
from steppe.routing.ways.pair_of_ways import is_least

_LEAST_KM = 0.5  # shorter stretches are not worth a word
_N_BESIDE = 3


def tabulate_routes(routes: Sequence[ToldRoute]) -> pd.DataFrame:
    """Return a row for each route, in the reader's language."""
    language = find_reader()
    rows = [make_row(each, geometry=False) for each in routes]
    unit = next((row["cost_unit"] for row in rows), PLAIN_KM)
    told: Words | str = tell("route.unit.plain_km") if unit == PLAIN_KM else unit
    heads = {
        "route_id": tell("route.head.id"),
        "length_km": tell("route.head.km"),
        "cost": tell("route.head.cost", unit=told),
        "cost_low": tell("route.head.low"),
        "cost_high": tell("route.head.high"),
        "rtt_ms": tell("route.head.rtt"),
    }
    table = pd.DataFrame([{name: row[name] for name in heads} for row in rows])
    # A price is told to the unit of its money, and not to its thousandth.
    table["length_km"] = table["length_km"].round(1)
    for name in ("cost", "cost_low", "cost_high"):
        table[name] = (
            table[name].round().astype("int64") if unit != PLAIN_KM else table[name].round(1)
        )
    if table["rtt_ms"].isna().all():
        table = table.drop(columns="rtt_ms")
    return table.rename(columns={name: say(head, language) for name, head in heads.items()})


def tell_route_lines(ground: Ground, told: ToldRoute) -> Iterator[Words]:
    """Give what is told of a route beside its row, a line each."""
    pieces = tell_stretches(ground, told)
    yield tell(
        "route.told.ground",
        route=told.route.route_id,
        pieces=join(pieces or [tell("route.told.plain")]),
    )
    yield from tell_facts(told)


def tell_facts(told: ToldRoute) -> Iterator[Words]:
    """Give what is told of a route beside its row and its ground, a line each."""
    route = told.route
    if route.bound_km is not None and route.plain_km > 0.0:
        share = 100.0 * route.bound_km / route.plain_km
        proven = is_least(route.plain_km, route.bound_km)
        yield tell("route.told.proven") if proven else tell("route.told.bound", share=share)
    row = make_row(told, geometry=False)
    if row["lowest_m"] is not None and row["steepest_deg"] is not None:
        yield tell(
            "route.told.height",
            low=row["lowest_m"],
            high=row["highest_m"],
            ascent=row["ascent_m"],
            steep=row["steepest_deg"],
        )
    met = [
        tell("route.told.over", km=each.km, name=name_layer(each.layer))
        if each.km
        else tell("route.told.crossing", n=each.n, name=name_layer(each.layer))
        for each in told.crossings
        if each.n
    ]
    if met:
        yield join(met)
    if told.kind == FIBRE:
        yield from _tell_beside(told)
        yield from _tell_amplifiers(told)
    yield told.note


def tell_pairs(answer: Answer) -> Iterator[Words]:
    """Give a line for each distance at which two routes were asked for, and one for a tree."""
    if answer.tree is not None:
        tree = answer.tree
        share = 100.0 * tree.bound_km / tree.plain_km if tree.plain_km else 100.0
        yield tell("route.tree", n=len(tree.branches), plain=tree.plain_km, share=share)
    for km, pair in answer.pairs:
        if pair is None:
            yield tell("route.pair.none", km=km)
            continue
        if math.isinf(pair.apart_km):
            yield tell("route.pair.in_zones", one=pair.first.length_km, other=pair.second.length_km)
            continue
        yield tell(
            "route.pair.proven" if pair.is_proven else "route.pair.bound",
            km=km,
            plain=pair.plain_km,
            one=pair.first.length_km,
            other=pair.second.length_km,
            share=100.0 * pair.bound_km / pair.plain_km,
        )


def tell_stretches(ground: Ground, told: ToldRoute) -> Iterator[Words]:
    """Give over how many kilometres a route has each ground that is worth a word."""
    for each in told.route.stretches:
        if each.term_id in ground.untold or each.km < _LEAST_KM > each.unknown_km:
            continue
        name = ground.name(each.term_id)
        if each.unknown_km < _LEAST_KM:
            yield tell("route.told.term", name=name, km=each.km)
        else:
            yield tell("route.told.term_unknown", name=name, km=each.km, unknown=each.unknown_km)


def _tell_beside(told: ToldRoute) -> Iterator[Words]:
    if not told.beside:
        yield tell("route.told.no_beside")
    for each in told.beside[:_N_BESIDE]:
        yield tell(
            "route.told.beside",
            apart=told.apart_km,
            name=each.title,
            low=each.sure_km,
            high=each.possible_km,
        )


def _tell_amplifiers(told: ToldRoute) -> Iterator[Words]:
    sites = told.amplifiers
    if not sites:
        yield tell("route.told.no_amplifiers")
        return
    away = [each.power_km for each in sites if not math.isnan(each.power_km)]
    yield tell(
        "route.told.amplifiers",
        n=len(sites),
        at=", ".join(f"{each.at_km:.0f}" for each in sites),
        away=max(away, default=math.nan),
    )
