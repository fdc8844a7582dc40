"""Power: how far the grid is, and how much capacity runs near.

Distances are geodesic, to the nearest station that bears a voltage tag; stations without a
tag are counted beside them and never taken for anything.  The park's own accuracy makes the
band: the station may be that much nearer or farther.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from steppe.criteria.finding import Finding
from steppe.criteria.plant_years import find_running
from steppe.criteria.sites import measure_away_km, read_sites
from steppe.layers.dates import date_order
from steppe.layers.wording import Message, Words, has_words, join, tell

UNTAGGED_KM = 30.0
CAPACITY_KM = 100.0
METHOD = tell("method.power")


def measure_grid_distance(
    parks: gpd.GeoDataFrame,
    substations: gpd.GeoDataFrame,
    *,
    voltage_kv: float,
    measure_id: str,
    search_km: float,
) -> list[Finding]:
    """Measure the distance to the nearest tagged substation of a voltage or more, km.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    voltage_kv
        Smallest voltage that counts.
    measure_id
        Name of the measure.
    search_km
        How far the layer reaches round the parks; beyond it nothing is known.
    """
    tagged = substations[substations["voltage_kv"] >= voltage_kv]
    untagged = substations[substations["voltage_kv"].isna()]
    sources = tuple(sorted(set(substations["source_id"])))
    dates = substations["as_of"].unique()
    as_of: Words = max(dates, key=date_order)[:7] if len(dates) else tell("station.no_date")
    findings = []
    for site in read_sites(parks):
        away = measure_away_km(site, tagged)
        nearest = float(away.min(initial=np.inf))
        if nearest > search_km:
            findings.append(
                Finding(
                    site.park_id,
                    measure_id,
                    "unknown",
                    reason=tell("station.none_near", kv=voltage_kv, km=search_km),
                    source_ids=sources,
                )
            )
            continue
        n_untagged = int((measure_away_km(site, untagged) <= UNTAGGED_KM).sum())
        findings.append(
            Finding(
                site.park_id,
                measure_id,
                "derived",
                value=nearest,
                low=max(0.0, nearest - site.accuracy_km),
                high=nearest + site.accuracy_km,
                band="range",
                reason=tell(
                    "station.nearest",
                    as_of=as_of,
                    n=n_untagged,
                    reach=UNTAGGED_KM,
                    km=site.accuracy_km,
                ),
                source_ids=sources,
            )
        )
    return findings


def measure_operating_capacity(
    parks: gpd.GeoDataFrame,
    plants: gpd.GeoDataFrame,
    *,
    search_km: float,
    year: int,
    measure_id: str = "operating_100km_mw",
    carriers: Sequence[str] = (),
) -> list[Finding]:
    """Measure capacity in operation within `CAPACITY_KM` at the end of a year, MW.

    What ran then is told by the years of the units, see `steppe.criteria.plant_years`; what
    nobody knows to have run counts in the high end alone.  The band takes the radius shorter and
    longer by the park's accuracy; where the layer ends before the band does, the reason says so.

    Parameters
    ----------
    parks, plants
        Contracts `PARKS` and `PLANTS`, EPSG:4490.
    search_km
        How far the layer reaches round the parks.
    year
        The year of the scenario.
    measure_id
        Name of the measure.
    carriers
        Energy carriers that count; none for all.  The reason names those that the layer
        lacks, for what nobody listed is not what is not there.
    """
    counted = np.ones(len(plants), dtype=bool)
    if carriers:
        counted = plants["energy"].isin(carriers).to_numpy(dtype=bool)
    running = find_running(plants, counted, year=year)
    sources = tuple(sorted(set(plants["source_id"][counted])))
    lacking = [name for name in carriers if name not in set(plants["energy"])]
    held = _spell_held(plants[running.high_mw > 0], running.as_of, lacking)
    findings = []
    for site in read_sites(parks):
        away = measure_away_km(site, plants)
        low, value, high = (
            float(capacity_mw[away <= CAPACITY_KM + change].sum())
            for capacity_mw, change in (
                (running.low_mw, -site.accuracy_km),
                (running.value_mw, 0.0),
                (running.high_mw, site.accuracy_km),
            )
        )
        unsure_mw = (running.high_mw - running.low_mw)[away <= CAPACITY_KM].sum()
        reason = join([held, *running.tell_year(float(unsure_mw))], "join.semicolon")
        is_cut = CAPACITY_KM + site.accuracy_km > search_km
        findings.append(
            Finding(
                site.park_id,
                measure_id,
                "derived",
                value=value,
                low=low,
                high=high,
                band="range",
                reason=tell("capacity.cut", held=reason) if is_cut else reason,
                source_ids=sources,
            )
        )
    return findings


def _spell_held(running: gpd.GeoDataFrame, dates: Sequence[str], lacking: Sequence[str]) -> Message:
    """Say what the layer holds of what counts, and which carriers it lacks."""
    held = tell("capacity.none")
    if len(running):
        held = tell(
            "capacity.held",
            carriers=_name_carriers(sorted(set(running["energy"].dropna()))),
            dates=join(dates),
        )
    return tell("capacity.lacks", held=held, carriers=_name_carriers(lacking)) if lacking else held


def _name_carriers(names: Sequence[str]) -> Words:
    keys = {name: f"carrier.{name}" for name in names}
    return join(tell(key) if has_words(key) else name for name, key in keys.items())
