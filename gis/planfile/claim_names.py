"""The checks that a claim may name, and whether a plan of its kind could answer one."""

from __future__ import annotations

from collections.abc import Collection

from steppe.criteria.registry import known_measures
from steppe.criteria.rule_quantities import is_pue
from steppe.layers.wording import Message, tell

PUE_KINDS = tuple(name for name in known_measures() if is_pue(name))
"""Measures of the PUE: of the facility that is scored, and of the other kinds."""
# Checks that measures of the parks answer, also those of one city or outline: NAME:CITY.
PARK_CHECKS = ("park_temp_mean_c", "park_pga_g", "park_pue", "park_free_cooling_months")
CLAIM_MEASURES = (
    *("air_temp_mean_c", "pga_g", *PUE_KINDS),
    *("ashrae_recommended_h", "free_cooling_wet_full_h", "free_cooling_h"),
)
"""Measures that these checks look at."""
PLAIN_CHECKS = (
    *("park_fault_km", "region_provinces", "region_countries"),
    "region_railway_crossings",
)
# Checks that facts of the region answer, also those of one source: NAME:SOURCE.
FACT_CHECKS = ("region_", "installed_")


def find_strange_check(
    check: str, *, groups: Collection[str], fields: Collection[str], sources: Collection[str]
) -> Message | None:
    """Return why no plan of this kind answers a check; None where one may.

    Parameters
    ----------
    check
        Name of the check as a claim gives it.
    groups
        Cities and outlines that the plan has.
    fields
        Fields of the facts of the region; without any, each may be one that a fact would tell.
    sources
        Ids of the sources.
    """
    name, colon, part = check.partition(":")
    if name in PARK_CHECKS:
        is_strange = bool(colon) and part not in groups
        return tell("fault.check.no_place", name=part) if is_strange else None
    if name in PLAIN_CHECKS:
        return tell("fault.check.of_nothing") if colon else None
    if not name.startswith(FACT_CHECKS):
        return tell("fault.check.unknown")
    field = name.removeprefix("region_")
    if fields and field not in fields:
        return tell("fault.check.field", field=field)
    is_strange = bool(colon) and part not in sources
    return tell("fault.check.no_source", name=part) if is_strange else None
