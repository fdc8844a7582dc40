"""Whether the quantities of tables are told in their units, and can be what they are said to be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.criteria.power_terms import UNITS as TERM_UNITS
from steppe.layers.cells import spell_number
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.errors import Problem, name_some, show_values
from steppe.layers.units import convert, is_convertible
from steppe.layers.wording import tell
from steppe.planfile.plan_schema import Plan

Frames = Mapping[str, pd.DataFrame]

# Quantities of figures that enter a calculation, and the unit that it counts in.
FIGURE_UNITS = {
    "it_load_mw": "MW",
    **dict.fromkeys(
        ("racks", "servers", "pc_servers", "server_capacity", "servers_and_routers"), "1"
    ),
    "data_centre_area": "m2",
}
# The most that a term of supply may be, in its unit: the largest stations of the world have half
# as many megawatts, and no hour of power costs a hundred yuan; lignite in an old plant
# gives half as much carbon.
_MOST_OF_TERMS = {
    "spare_capacity_mw": 50_000,
    "queue_position": 100_000,
    "price_cny_kwh": 100,
    "direct_supply": 1,
    "grid_co2_kg_mwh": 3_000,
}
# Ends of a published round trip are cities apart, not rooms.
_APART_KM = 0.1
# A line may end this far from its node, beside the node's own accuracy.
END_TOLERANCE_M = 1000.0


def figure_value(figure: Mapping[Any, Any]) -> float:
    """Return the value of a row of `figures` in the unit that its quantity is counted in."""
    wanted = FIGURE_UNITS.get(figure["quantity"], figure["unit"])
    return convert(float(figure["value"]), figure["unit"], wanted)


def quantity_faults(plan: Plan, frames: Frames) -> list[Problem]:
    """Find the quantities that are in no unit of theirs, or cannot be.

    Parameters
    ----------
    plan
        The plan file.
    frames
        Layers and tables that were read, by name.
    """
    checks = {
        "figures": _figure_problems,
        "power_terms": _term_problems,
        "round_trips": _trip_problems,
        "fibre": _route_problems,
    }
    return [
        problem
        for name, find in checks.items()
        if name in frames
        for problem in find(f"{plan.layers[name].file} › {name}", frames)
    ]


def _figure_problems(where: str, frames: Frames) -> Iterator[Problem]:
    figures = frames["figures"]
    for quantity, wanted in FIGURE_UNITS.items():
        rows = figures[figures["quantity"] == quantity]
        is_known = [is_convertible(unit, wanted) for unit in rows["unit"]]
        strange = rows[[not known for known in is_known]]
        if len(strange):
            units = show_values(strange["unit"].unique())
            what = tell("fault.quantity.unit", name=quantity, units=units)
            fix = tell("fix.give_numbers") if wanted == "1" else tell("fix.give_in", unit=wanted)
            yield Problem(where, what, fix, tuple(strange["figure_id"]))
        negative = rows[rows["value"] < 0]
        if len(negative):
            values, words = show_values(negative["value"]), tell("fault.cell.at_least", low="0")
            what = tell("fault.cell.within", name=quantity, values=values, words=words)
            yield Problem(where, what, tell("fix.correct"), tuple(negative["figure_id"]))


def _term_problems(where: str, frames: Frames) -> Iterator[Problem]:
    terms = frames["power_terms"]
    for field, most in _MOST_OF_TERMS.items():
        rows, unit = terms[terms["field"] == field], TERM_UNITS[field]
        strange = rows[rows["unit"] != unit]
        if len(strange):
            units = show_values(strange["unit"].unique())
            what = tell("fault.quantity.unit", name=field, units=units)
            fix = tell("fix.give_in", unit=unit)
            yield Problem(where, what, fix, tuple(strange["term_id"]))
        beyond = rows[rows["value"] > most]
        if len(beyond):
            values = show_values(beyond["value"])
            words = tell("fault.cell.at_most", high=f"{spell_number(most)} {unit}")
            what = tell("fault.cell.within", name=field, values=values, words=words)
            yield Problem(where, what, tell("fix.correct"), tuple(beyond["term_id"]))
    yes_no = terms[(terms["field"] == "direct_supply") & ~terms["value"].isin([0.0, 1.0])]
    if len(yes_no):
        what = tell("fault.term.yes_no", values=show_values(yes_no["value"]))
        yield Problem(where, what, tell("fix.write_1_or_0"), tuple(yes_no["term_id"]))
    nobody = terms[terms["park_id"].isna() & terms["grid"].isna()]
    if len(nobody):
        what = tell("fault.term.of_nobody")
        yield Problem(where, what, tell("fix.fill_in_park_or_grid"), tuple(nobody["term_id"]))


def _places(frames: Frames) -> dict[str, tuple[float, float]]:
    nodes = frames["nodes"]
    return dict(zip(nodes["node_id"], lonlats(gpd.GeoSeries(nodes["geometry"])), strict=True))


def _trip_problems(where: str, frames: Frames) -> Iterator[Problem]:
    """Hold that both ends of a round trip have a place, and not the same one."""
    if "nodes" not in frames:
        return
    at = _places(frames)
    nowhere, together = [], []
    for trip in frames["round_trips"].to_dict("records"):
        ends = [
            at.get(trip[f"{end}_node"], (trip[f"{end}_lon"], trip[f"{end}_lat"]))
            for end in ("from", "to")
        ]
        if pd.isna(ends).any():
            nowhere.append(str(trip["trip_id"]))
        elif GEOD.inv(*ends[0], *ends[1])[2] < 1000 * _APART_KM:
            together.append(str(trip["trip_id"]))
    if nowhere:
        fix = tell("fix.name_node_or_place")
        yield Problem(where, tell("fault.trip.no_place"), fix, tuple(nowhere))
    if together:
        what, fix = tell("fault.trip.one_place"), tell("fix.correct_one")
        yield Problem(where, what, fix, tuple(together))


def _route_problems(where: str, frames: Frames) -> Iterator[Problem]:
    """Hold stated lengths of cables to the geodesic: no route and no fibre is shorter."""
    if "nodes" not in frames:
        return
    at, nodes, fibre = _places(frames), frames["nodes"], frames["fibre"]
    slack_m = dict(zip(nodes["node_id"], nodes["accuracy_m"] + END_TOLERANCE_M, strict=True))
    short = []
    ends = [fibre[name] for name in ("cable_id", "from_node", "to_node")]
    for cable_id, start, end, *stated in zip(
        *ends, *(fibre[name] for name in ("route_km", "fibre_km")), strict=True
    ):
        least_km = min((km for km in stated if not math.isnan(km)), default=math.inf)
        if least_km == math.inf or start not in at or end not in at:
            continue
        air_m = GEOD.inv(*at[start], *at[end])[2]
        if 1000 * least_km < air_m - slack_m[start] - slack_m[end]:
            lengths = tell("fault.route.short_km", route_km=least_km, air_km=air_m / 1000)
            short.append((cable_id, lengths))
    if short:
        told = name_some(list(dict.fromkeys(lengths for _, lengths in short)))
        fix = tell("fix.correct_or_leave_empty_unknown")
        what = tell("fault.route.short", lengths=told)
        yield Problem(where, what, fix, tuple(cable_id for cable_id, _ in short))
