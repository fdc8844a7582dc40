"""Grid: what stations are within reach, whether two of them are apart, and whose grid it is.

Only stations that bear a voltage tag are counted; those without one stand beside them, as what
nobody tagged is not what is not there.  The park's own accuracy makes the bands.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site, measure_away_km, read_sites
from steppe.layers.crs import GEOD
from steppe.layers.wording import Words, join, tell

LEAST_KV = 220.0
CLASSES_KV = (220.0, 500.0, 1000.0)
REACH_KM = 30.0
RADII_KM = (30.0, 50.0)
APART_KM = 1.0
METHOD = tell("method.stations")


@dataclass(frozen=True)
class _Stations:
    tagged: gpd.GeoDataFrame
    untagged: gpd.GeoDataFrame
    sources: tuple[str, ...]

    @classmethod
    def of(cls, substations: gpd.GeoDataFrame) -> _Stations:
        return cls(
            gpd.GeoDataFrame(substations[substations["voltage_kv"] >= LEAST_KV]),
            gpd.GeoDataFrame(substations[substations["voltage_kv"].isna()]),
            tuple(sorted(set(substations["source_id"]))),
        )

    def finding(self, site: Site, measure_id: str, **rest: object) -> Finding:
        """Make a derived finding, with what all of them share."""
        shared = {"source_ids": self.sources} | rest
        return Finding(site.park_id, measure_id, "derived", **shared)  # type: ignore[arg-type]


def measure_stations(parks: gpd.GeoDataFrame, substations: gpd.GeoDataFrame) -> list[Finding]:
    """Measure `substations_30km` and `substations_50km`: tagged stations of 220 kV and over.

    The text gives the count by voltage, and how many stations without a voltage stand beside
    them; the band takes the radius shorter and longer by the park's accuracy.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    """
    stations = _Stations.of(substations)
    voltages = stations.tagged["voltage_kv"].to_numpy(dtype=float)
    findings = []
    for site in read_sites(parks):
        away, bare = (
            measure_away_km(site, layer) for layer in (stations.tagged, stations.untagged)
        )
        for radius_km in RADII_KM:
            low, value, high = (
                float((away <= radius_km + change).sum())
                for change in (-site.accuracy_km, 0.0, site.accuracy_km)
            )
            n_bare = int((bare <= radius_km).sum())
            reason = tell("station.untagged", n=n_bare, km=site.accuracy_km)
            if n_bare:
                share = n_bare / (n_bare + value)
                reason = tell("station.untagged_share", n=n_bare, share=share, km=site.accuracy_km)
            findings.append(
                stations.finding(
                    site,
                    f"substations_{radius_km:g}km",
                    value=value,
                    low=low,
                    high=high,
                    band="range",
                    text=_spell_classes(voltages[away <= radius_km]),
                    reason=reason,
                )
            )
    return findings


def _spell_classes(voltages: NDArray[np.float64]) -> Words:
    """Count voltages by class: each in the highest that it reaches.

    >>> from steppe.layers.wording import say
    >>> say(_spell_classes(np.array([220.0, 330.0, 500.0])), "en")
    '2 of 220 kV, 1 of 500 kV, 0 of 1000 kV'
    """
    ends = (*CLASSES_KV[1:], np.inf)
    return join(
        tell("station.of_class", n=int(((voltages >= least) & (voltages < most)).sum()), kv=least)
        for least, most in zip(CLASSES_KV, ends, strict=True)
    )


def measure_independence(parks: gpd.GeoDataFrame, substations: gpd.GeoDataFrame) -> list[Finding]:
    """Measure `independent_substations`: 2, 1 or 0 places to connect to within `REACH_KM`.

    Two when two stations of 220 kV and over lie more than `APART_KM` from each other; yards
    nearer than that count as one place.  The low end shortens the reach by the park's
    accuracy; the high end lengthens it and counts the stations without a voltage too.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    """
    stations = _Stations.of(substations)
    every = gpd.GeoDataFrame(substations[substations["voltage_kv"].fillna(np.inf) >= LEAST_KV])
    findings = []
    for site in read_sites(parks):
        low, value, high = (
            _count_places(layer[measure_away_km(site, layer) <= REACH_KM + change])
            for layer, change in (
                (stations.tagged, -site.accuracy_km),
                (stations.tagged, 0.0),
                (every, site.accuracy_km),
            )
        )
        words = (
            tell("station.no_place", km=REACH_KM),
            tell("station.one_place", km=REACH_KM),
            tell("station.two_places", apart=APART_KM, km=REACH_KM),
        )
        findings.append(
            stations.finding(
                site,
                "independent_substations",
                value=float(value),
                low=float(min(low, value)),
                high=float(max(high, value)),
                band="range",
                text=words[value],
                reason=tell("station.independence"),
            )
        )
    return findings


def _count_places(stations: gpd.GeoDataFrame) -> int:
    """Count places, no further than 2: stations over `APART_KM` apart are at two."""
    if len(stations) < 2:  # noqa: PLR2004
        return len(stations)
    lon, lat = stations.geometry.x.to_numpy(), stations.geometry.y.to_numpy()
    one, other = np.triu_indices(len(lon), k=1)
    apart_m = GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2]
    return 1 + int(np.max(apart_m) > 1000.0 * APART_KM)


def measure_tie_line(
    parks: gpd.GeoDataFrame,
    substations: gpd.GeoDataFrame,
    *,
    search_km: float,
    route_factor: float,
    route_reason: str,
) -> list[Finding]:
    """Measure `tie_line_km`: a line to the nearest tagged station of 220 kV and over.

    The length is the geodesic times `route_factor`; the low end is the geodesic itself, less
    the park's accuracy, the high end the geodesic and the accuracy times the factor.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    search_km
        How far the layer reaches round the parks; beyond it nothing is known.
    route_factor, route_reason
        How much longer a line is than the geodesic, and why.
    """
    stations = _Stations.of(substations)
    findings = []
    for site in read_sites(parks):
        nearest = float(measure_away_km(site, stations.tagged).min(initial=np.inf))
        if nearest > search_km:
            findings.append(
                Finding(
                    site.park_id, "tie_line_km", "unknown",
                    reason=tell("station.none_near", kv=LEAST_KV, km=search_km),
                    source_ids=stations.sources,
                )
            )  # fmt: skip
            continue
        findings.append(
            Finding(
                site.park_id,
                "tie_line_km",
                "assumed",
                value=nearest * route_factor,
                low=max(0.0, nearest - site.accuracy_km),
                high=(nearest + site.accuracy_km) * route_factor,
                band="range",
                reason=tell(
                    "station.tie_line", km=nearest, factor=route_factor, reason=route_reason
                ),
                source_ids=stations.sources,
            )
        )
    return findings


def name_grids(parks: gpd.GeoDataFrame, substations: gpd.GeoDataFrame) -> dict[str, str | None]:
    """Return for each park the grid that most tagged stations within 50 km hang on.

    Among equals the first name in alphabetical order; None where no station near bears one.
    """
    bearing = gpd.GeoDataFrame(substations[substations["grid"].notna()])
    found: dict[str, str | None] = {}
    for site in read_sites(parks):
        near = bearing["grid"][measure_away_km(site, bearing) <= RADII_KM[-1]]
        counts = near.value_counts()
        names = sorted(counts[counts == counts.max()].index) if len(counts) else []
        found[site.park_id] = str(names[0]) if names else None
    return found


def measure_grid(parks: gpd.GeoDataFrame, substations: gpd.GeoDataFrame) -> list[Finding]:
    """Measure `grid_share`: the grid near a park as text, and its share of the stations.

    The share is that of the stations within 50 km which bear any grid.

    Parameters
    ----------
    parks, substations
        Contracts `PARKS` and `SUBSTATIONS`, EPSG:4490.
    """
    grids = name_grids(parks, substations)
    bearing = gpd.GeoDataFrame(substations[substations["grid"].notna()])
    stations = _Stations.of(substations)
    findings = []
    for site in read_sites(parks):
        name = grids[site.park_id]
        if name is None:
            findings.append(
                Finding(
                    site.park_id, "grid_share", "unknown", reason=tell("station.no_grid", km=RADII_KM[-1]),
                )
            )  # fmt: skip
            continue
        near = bearing["grid"][measure_away_km(site, bearing) <= RADII_KM[-1]]
        findings.append(
            stations.finding(
                site,
                "grid_share",
                value=float((near == name).mean()),
                text=name,
                reason=tell("station.grid", n=len(near), km=RADII_KM[-1]),
            )
        )
    return findings
