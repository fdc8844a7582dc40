"""The measures of power: stations and plants round a site, and what was told of its supply."""

from __future__ import annotations

from collections.abc import Callable

from steppe.criteria.finding import Finding
from steppe.criteria.grid import METHOD as GRID_METHOD
from steppe.criteria.grid import (
    Stations,
    measure_grid,
    measure_independence,
    measure_stations,
    measure_tie_line,
    name_grids,
)
from steppe.criteria.measure import Direction, KnownMeasure, MeasureGroup
from steppe.criteria.power import METHOD, measure_grid_distance, measure_operating_capacity
from steppe.criteria.power_terms import METHOD as TERMS_METHOD
from steppe.criteria.power_terms import UNITS, measure_terms
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import Words

FIRM = ("coal", "gas", "hydro", "nuclear")
RENEWABLE = ("wind", "solar")

Find = Callable[[Surroundings], list[Finding]]


def _find_nearest(voltage_kv: float, measure_id: str) -> Find:
    return lambda at: measure_grid_distance(
        at.parks,
        at.layers["substations"],
        at.extents["substations"],
        voltage_kv=voltage_kv,
        measure_id=measure_id,
    )


def _find_capacity(measure_id: str, carriers: tuple[str, ...] = ()) -> Find:
    return lambda at: measure_operating_capacity(
        at.parks,
        at.layers["plants"],
        at.extents["plants"],
        year=at.year,
        radius_km=at.power.capacity_km,
        measure_id=measure_id,
        carriers=carriers,
    )


def _find_stations(at: Surroundings) -> list[Finding]:
    parks, power = at.parks, at.power
    stations = Stations.of(at.layers["substations"], at.extents["substations"])
    return [
        *measure_stations(parks, stations),
        *measure_independence(parks, stations),
        *measure_tie_line(
            parks,
            stations,
            route_factor=power.route_factor,
            route_reason=power.route_reason,
        ),
        *measure_grid(parks, stations),
    ]


def _find_terms(at: Surroundings) -> list[Finding]:
    grids = name_grids([at.read(park_id, "grid_share") for park_id in at.parks["park_id"]])
    return measure_terms(
        at.parks, at.tables["power_terms"], grids=grids, supply_kv=at.power.supply_kv
    )


def _measure(
    measure_id: str,
    unit: str,
    titles: tuple[str, str],
    direction: Direction,
    meaning: str,
    found: tuple[Words, str] = (GRID_METHOD, "substations"),
) -> KnownMeasure:
    """Return a measure that is found by a method from one layer."""
    method, layer = found
    return KnownMeasure(measure_id, unit, *titles, "power", direction, meaning, method, (layer,))


_NEAREST = "to the nearest station that is tagged with {} kV or more; band: over the disk"
_WITHIN = "tagged stations of 220 kV and over within {} km; the text counts them by voltage; band: over the disk"
_OPERATING = "capacity in operation within `power.capacity_km` (100 km unless set){} at the end of the scenario's year; band: over the disk, what nobody knows to have run in the high end alone"
_TOLD = "{} as told in the table power_terms; unknown until somebody tells"

_TERMS: tuple[tuple[str, tuple[str, str], Direction], ...] = (
    ("spare_capacity_mw", ("可用容量", "Spare capacity"), "higher"),
    ("queue_position", ("接入排队位次", "Place in the queue"), "lower"),
    ("price_cny_kwh", ("到户电价", "Price of power"), "lower"),
    ("direct_supply", ("直供电（1为可）", "Direct supply (1 yes)"), "higher"),
    ("grid_co2_kg_mwh", ("电网二氧化碳排放因子", "CO2 of a MWh of the grid"), "lower"),
)

GROUPS = (
    *(
        MeasureGroup(
            (
                _measure(
                    measure_id,
                    "km",
                    (
                        f"最近{voltage_kv:g}千伏及以上变电站",
                        f"Nearest substation of {voltage_kv:g} kV or more",
                    ),
                    "lower",
                    _NEAREST.format(f"{voltage_kv:g}"),
                    (METHOD, "substations"),
                ),
            ),
            _find_nearest(voltage_kv, measure_id),
        )
        for voltage_kv, measure_id in ((220.0, "grid_220_km"), (500.0, "grid_500_km"))
    ),
    *(
        MeasureGroup(
            (
                _measure(
                    measure_id,
                    "MW",
                    titles,
                    "higher",
                    _OPERATING.format(f" of {', '.join(carriers)}" if carriers else ""),
                    (METHOD, "plants"),
                ),
            ),
            _find_capacity(measure_id, carriers),
            changing=("year",),
            settings=("power.capacity_km",),
        )
        for measure_id, titles, carriers in (
            ("operating_100km_mw", ("电源半径内在运装机", "Operating capacity near"), ()),
            (
                "firm_100km_mw",
                ("电源半径内在运可调容量", "Operating firm capacity near"),
                FIRM,
            ),
            (
                "renewable_100km_mw",
                ("电源半径内在运风光容量", "Operating wind and solar near"),
                RENEWABLE,
            ),
        )
    ),
    MeasureGroup(
        (
            *(
                _measure(
                    f"substations_{km}km",
                    "1",
                    (
                        f"{km}公里内220千伏及以上变电站",
                        f"Substations of 220 kV or more within {km} km",
                    ),
                    "higher",
                    _WITHIN.format(km),
                )
                for km in (30, 50)
            ),
            _measure(
                "independent_substations",
                "1",
                ("30公里内可接入的不同站址", "Places to connect to within 30 km"),
                "higher",
                "2 when two tagged stations of 220 kV and over within 30 km lie over 1 km from "
                "each other (assumed to be one place otherwise), else 1 or 0; band: over the disk, "
                "the high end with the stations without a voltage",
            ),
            _measure(
                "tie_line_km",
                "km",
                ("接入线路长度", "Length of a line to the grid"),
                "lower",
                "distance to the nearest tagged station of 220 kV and over times `route_factor`; "
                "band: over the disk, the low end without the factor",
            ),
            _measure(
                "grid_share",
                "1",
                ("所属电网及其占比", "Grid, and its share of the stations"),
                "neither",
                "as text the grid that most stations within 50 km hang on, as value their share "
                "of those that bear one; band: over the disk",
            ),
        ),
        _find_stations,
        settings=("power.route_factor",),
    ),
    MeasureGroup(
        tuple(
            KnownMeasure(
                field,
                UNITS[field],
                *titles,
                "power",
                direction,
                _TOLD.format(titles[1].lower()),
                TERMS_METHOD,
                ("power_terms",),
            )
            for field, titles, direction in _TERMS
        ),
        _find_terms,
        after=("grid_share",),
        changing=("power_terms",),
        settings=("power.supply_kv",),
    ),
)
