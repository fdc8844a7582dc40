"""Power: how far the grid is, and how much capacity runs near.

Distances are to the nearest station that bears a voltage tag; stations without a tag are counted
beside them and never taken for anything.  Value and band are those over the disk on which the
park may lie, see `steppe.criteria.coverage`.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np

from steppe.criteria.coverage import bound_amount, bound_nearest
from steppe.criteria.finding import Finding
from steppe.criteria.plant_years import find_running
from steppe.criteria.sites import read_sites
from steppe.layers.dates import date_order
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.wording import Message, Words, has_words, join, tell

UNTAGGED_KM = 30.0
METHOD = tell("method.power")


def measure_grid_distance(
    parks: gpd.GeoDataFrame,
    substations: gpd.GeoDataFrame,
    extent: Extent,
    *,
    voltage_kv: float,
    measure_id: str,
) -> list[Finding]:
    """Measure the distance to the nearest tagged substation of a voltage or more, km.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    extent
        What the substations cover.
    voltage_kv
        Smallest voltage that counts.
    measure_id
        Name of the measure.
    """
    tagged = gpd.GeoDataFrame(substations[substations["voltage_kv"] >= voltage_kv])
    untagged = gpd.GeoDataFrame(substations[substations["voltage_kv"].isna()])
    sources = tuple(sorted(set(substations["source_id"])))
    as_of = max(substations["as_of"].unique(), key=date_order)[:7]
    places, bare = Points.of(tagged), Points.of(untagged)
    findings = []
    for site in read_sites(parks):
        away, _ = site.find_nearest(places)
        found = bound_nearest(away, site, extent, layer="substations")
        n_untagged = int(np.median(site.find_within(bare, UNTAGGED_KM).count()))
        reason = tell(
            "station.nearest",
            as_of=as_of,
            n=n_untagged,
            reach=UNTAGGED_KM,
            km=site.accuracy_km,
        )
        if not np.isfinite(away).any():
            reason = tell("station.none", kv=voltage_kv, as_of=as_of)
        findings.append(found.finding(site, measure_id, reason, source_ids=sources))
    return findings


def measure_operating_capacity(  # noqa: PLR0913 (one for each thing that is asked)
    parks: gpd.GeoDataFrame,
    plants: gpd.GeoDataFrame,
    extent: Extent,
    *,
    year: int,
    radius_km: float,
    measure_id: str = "operating_100km_mw",
    carriers: Sequence[str] = (),
) -> list[Finding]:
    """Measure capacity in operation within a radius at the end of a year, MW.

    What ran then is told by the years of the units, see `steppe.criteria.plant_years`; what
    nobody knows to have run counts in the high end alone.

    Parameters
    ----------
    parks, plants
        Contracts `PARKS` and `PLANTS`, EPSG:4490.
    extent
        What the plants cover.
    year
        The year of the scenario.
    radius_km
        How far off a plant may stand and count.
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
    sources = tuple(sorted(plants["source_id"][counted].unique().tolist()))
    held_carriers = set(plants["energy"].unique().tolist())
    lacking = [name for name in carriers if name not in held_carriers]
    held = _spell_held(plants[running.high_mw > 0], running.as_of, lacking)
    places = Points.of(plants)
    findings = []
    for site in read_sites(parks):
        near = site.find_within(places, radius_km)
        low_mw, value_mw, high_mw = (
            near.total(mw) for mw in (running.low_mw, running.value_mw, running.high_mw)
        )
        found = bound_amount(value_mw, site, extent, layer="plants", radius_km=radius_km)
        found = found.widen(least=float(low_mw.min()), most=float(high_mw.max()))
        unsure_mw = float(np.median(high_mw - low_mw))
        within = tell("capacity.within", km=radius_km)
        reason = join([within, held, *running.tell_year(unsure_mw)], "join.semicolon")
        findings.append(found.finding(site, measure_id, reason, source_ids=sources))
    return findings


def _spell_held(running: gpd.GeoDataFrame, dates: Sequence[str], lacking: Sequence[str]) -> Message:
    """Say what the layer holds of what counts, and which carriers it lacks."""
    held = tell("capacity.none")
    if len(running):
        held = tell(
            "capacity.held",
            carriers=_name_carriers(sorted(running["energy"].dropna().unique().tolist())),
            dates=join(dates),
        )
    return tell("capacity.lacks", held=held, carriers=_name_carriers(lacking)) if lacking else held


def _name_carriers(names: Sequence[str]) -> Words:
    keys = {name: f"carrier.{name}" for name in names}
    return join(tell(key) if has_words(key) else name for name, key in keys.items())
