"""The measures of load: energy, water and CO2 of a year, for the IT load of a park."""

from __future__ import annotations

from steppe.criteria.cooling.loads import METHOD, UNITS, measure_loads
from steppe.criteria.cooling.survey import WUE
from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import tell

# What a MWh of the grid gives.
CARBON = "grid_co2_kg_mwh"


def _find(at: Surroundings) -> list[Finding]:
    if at.cooling is None:
        return at.tell_unknown(GROUPS[0].ids, tell("cooling.none"))
    cooling = [
        at.read(park_id, measure_id)
        for park_id in at.parks["park_id"]
        for measure_id in ("pue", WUE)
    ]
    carbon = {str(park_id): at.read(park_id, CARBON) for park_id in at.parks["park_id"]}
    return measure_loads(at.loads, cooling, carbon=carbon)


GROUPS = (
    MeasureGroup(
        tuple(
            KnownMeasure(
                measure_id, UNITS[measure_id], *titles, "climate", "lower", meaning, METHOD
            )
            for measure_id, titles, meaning in (
                (
                    "energy_gwh",
                    ("年用电量", "Energy a year"),
                    "IT load times 8760 h times `pue`, where the load is known or may be assumed",
                ),
                (
                    "water_m3",
                    ("年用水量", "Water a year"),
                    "IT load times 8760 h times `wue_l_per_kwh`",
                ),
                (
                    "co2_kt",
                    ("年二氧化碳排放", "CO2 a year"),
                    "the energy of a year, `energy_gwh`, times `grid_co2_kg_mwh`",
                ),
            )
        ),
        _find,
        after=("pue", WUE, CARBON),
        changing=("year",),
        settings=("cooling.rack_kw", "cooling.server_kw", "cooling.emission_kg_per_kwh"),
    ),
)
