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
from steppe.criteria.sites import measure_away_km, read_sites
from steppe.layers.dates import date_order

UNTAGGED_KM = 30.0
CAPACITY_KM = 100.0
METHOD = "geodesic distances from the park's point; see docs/model.md, power"


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
    as_of = max(substations["as_of"].unique(), key=date_order, default="an unknown date")
    as_of = as_of[:7] if len(substations) else as_of
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
                    reason=f"no tagged station of {voltage_kv:g} kV within {search_km:g} km, "
                    "where the layer ends",
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
                reason=f"among tagged stations as of {as_of}; {n_untagged} without a voltage within "
                f"{UNTAGGED_KM:g} km; the point is known to {site.accuracy_km:g} km",
                source_ids=sources,
            )
        )
    return findings


def measure_operating_capacity(
    parks: gpd.GeoDataFrame,
    plants: gpd.GeoDataFrame,
    *,
    search_km: float,
    measure_id: str = "operating_100km_mw",
    carriers: Sequence[str] = (),
) -> list[Finding]:
    """Measure capacity in operation within `CAPACITY_KM`, MW.

    What operates is what the layer says for its own date, whatever the scenario's year; the
    reason names that date.  The band takes the radius shorter and longer by the park's
    accuracy; where the layer ends before the band does, the reason says so.

    Parameters
    ----------
    parks, plants
        Contracts `PARKS` and `PLANTS`, EPSG:4490.
    search_km
        How far the layer reaches round the parks.
    measure_id
        Name of the measure.
    carriers
        Energy carriers that count; none for all.  The reason names those that the layer
        lacks, for what nobody listed is not what is not there.
    """
    counted = plants[plants["energy"].isin(carriers)] if carriers else plants
    operating = counted[counted["status"] == "operating"]
    capacity = operating["capacity_mw"].to_numpy(dtype=float)
    sources = tuple(sorted(set(counted["source_id"])))
    held = _spell_held(operating, [name for name in carriers if name not in set(plants["energy"])])
    findings = []
    for site in read_sites(parks):
        away = measure_away_km(site, operating)
        low, value, high = (
            float(np.nansum(capacity[away <= CAPACITY_KM + change]))
            for change in (-site.accuracy_km, 0.0, site.accuracy_km)
        )
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
                reason=held + ("; the layer ends before the band does" if is_cut else ""),
                source_ids=sources,
            )
        )
    return findings


def _spell_held(operating: gpd.GeoDataFrame, lacking: Sequence[str]) -> str:
    """Say what the layer holds of what counts, and which carriers it lacks."""
    held = "no plant in the layer operates"
    if len(operating):
        dates = sorted({date[:7] for date in operating["as_of"]}, key=date_order)
        carriers = ", ".join(sorted(set(operating["energy"].dropna())))
        held = f"{carriers} of {operating['capacity_mw'].min():g} MW and over, as of "
        held += " and ".join(dates)
    return held + (f"; the layer has no {', '.join(lacking)}" if lacking else "")
