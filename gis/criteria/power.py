"""Power: how far the grid is, and how much capacity runs near.

Distances are geodesic, to the nearest station that bears a voltage tag; stations without a
tag are counted beside them and never taken for anything.  The park's own accuracy makes the
band: the station may be that much nearer or farther.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from gis.criteria.finding import Finding
from layers.crs import distance_km, lonlats

UNTAGGED_KM = 30.0
METHOD = "geodesic distances from the park's point; see docs/model.md, power"


@dataclass(frozen=True)
class _Site:
    park_id: str
    lon: float
    lat: float
    accuracy_km: float


def _sites(parks: gpd.GeoDataFrame) -> list[_Site]:
    return [
        _Site(park_id, lon, lat, float(accuracy_m) / 1000.0)
        for park_id, (lon, lat), accuracy_m in zip(
            parks["park_id"], lonlats(parks.geometry), parks["accuracy_m"], strict=True
        )
    ]


def _away_km(site: _Site, layer: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return distance_km(site.lon, site.lat, layer.geometry.x, layer.geometry.y)


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
    findings = []
    for site in _sites(parks):
        away = _away_km(site, tagged)
        nearest = float(away.min(initial=np.inf))
        if nearest > search_km:
            findings.append(
                Finding(
                    site.park_id,
                    measure_id,
                    "power",
                    "km",
                    "unknown",
                    reason=f"no tagged station of {voltage_kv:g} kV within {search_km:g} km, "
                    "where the layer ends",
                    source_ids=sources,
                    method=METHOD,
                )
            )
            continue
        n_untagged = int((_away_km(site, untagged) <= UNTAGGED_KM).sum())
        findings.append(
            Finding(
                site.park_id,
                measure_id,
                "power",
                "km",
                "derived",
                value=nearest,
                low=max(0.0, nearest - site.accuracy_km),
                high=nearest + site.accuracy_km,
                band="range",
                reason=f"among tagged stations; {n_untagged} without a voltage within "
                f"{UNTAGGED_KM:g} km; the point is known to {site.accuracy_km:g} km",
                source_ids=sources,
                method=METHOD,
            )
        )
    return findings


def measure_operating_capacity(
    parks: gpd.GeoDataFrame, plants: gpd.GeoDataFrame, *, within_km: float, search_km: float
) -> list[Finding]:
    """Measure `operating_100km_mw`: capacity in operation within a radius, MW.

    The band takes the radius shorter and longer by the park's accuracy; beyond `search_km`
    the layer ends, so the upper end is then a lower bound of itself and says so.
    """
    operating = plants[plants["status"] == "operating"]
    capacity = operating["capacity_mw"].to_numpy(dtype=float)
    sources = tuple(sorted(set(plants["source_id"])))
    findings = []
    for site in _sites(parks):
        away = _away_km(site, operating)
        low, value, high = (
            float(capacity[away <= radius].sum())
            for radius in (within_km - site.accuracy_km, within_km, within_km + site.accuracy_km)
        )
        cut = (
            "; the layer ends before the band does"
            if within_km + site.accuracy_km > search_km
            else ""
        )
        findings.append(
            Finding(
                site.park_id,
                "operating_100km_mw",
                "power",
                "MW",
                "derived",
                value=value,
                low=low,
                high=high,
                band="range",
                reason=f"coal, wind and hydro plants that the layer lists, no solar{cut}",
                source_ids=sources,
                method=METHOD,
            )
        )
    return findings
