"""The measures of seismicity: what is on record round a site, and how often events came."""

from __future__ import annotations

from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.seismicity import (
    FAULT_METHOD,
    METHOD,
    Window,
    measure_events,
    measure_faults,
    measure_rate,
)
from steppe.criteria.surroundings import Surroundings


def _find_events(at: Surroundings) -> list[Finding]:
    return measure_events(at.parks, at.layers["earthquakes"], at.extents["earthquakes"])


def _find_rate(at: Surroundings) -> list[Finding]:
    geology = at.geology
    windows = [
        Window(each.magnitude, each.from_year, each.to_year, each.source_id)
        for each in geology.complete
    ]
    return measure_rate(
        at.parks,
        at.layers["earthquakes"],
        at.extents["earthquakes"],
        magnitude=geology.rate_magnitude,
        windows=windows,
    )


def _find_faults(at: Surroundings) -> list[Finding]:
    return measure_faults(at.parks, at.layers["faults"], at.extents["faults"])


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                "quake_largest_m",
                "1",
                "300公里内最大历史地震",
                "Largest event on record within 300 km",
                "geology",
                "lower",
                "magnitude of the largest event of the catalogue within 300 km; band: over the disk",
                METHOD,
                ("earthquakes",),
            ),
            KnownMeasure(
                "quake_nearest_km",
                "km",
                "最近历史地震",
                "Nearest event on record",
                "geology",
                "higher",
                "distance to the nearest event of any magnitude that the catalogue holds; band: "
                "over the disk, and the accuracy of the event",
                METHOD,
                ("earthquakes",),
            ),
        ),
        _find_events,
        settings=("geology",),
    ),
    MeasureGroup(
        (
            KnownMeasure(
                "quake_rate_300km",
                "1/a",
                "300公里内5.5级以上年发生率",
                "Events of M 5.5 and over a year within 300 km",
                "geology",
                "lower",
                "events of `rate_magnitude` and over within 300 km in the years in which the "
                "catalogue is complete for them, a year; band: exact 95 % Poisson interval "
                "(Garwood 1936) of the counts over the disk",
                METHOD,
                ("earthquakes",),
            ),
        ),
        _find_rate,
        settings=("geology",),
    ),
    MeasureGroup(
        (
            KnownMeasure(
                "fault_km",
                "km",
                "至最近已知断层",
                "Distance to the nearest mapped fault",
                "geology",
                "higher",
                "distance to the nearest mapped fault; band: over the disk, and the accuracy of "
                "the lines",
                FAULT_METHOD,
                ("faults",),
            ),
        ),
        _find_faults,
    ),
)
