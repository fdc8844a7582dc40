"""Grid: what stations are within reach, whether two of them are apart, and whose grid it is.

Only stations that bear a voltage tag are counted; those without one stand beside them, as what
nobody tagged is not what is not there.  Value and band are those over the disk on which the
park may lie, see `steppe.criteria.coverage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from steppe.criteria.coverage import (
    Bounded,
    bound_amount,
    bound_nearest,
    tell_part,
    tell_taken,
)
from steppe.criteria.finding import Finding
from steppe.criteria.sites import Near, Site, read_sites
from steppe.layers.crs import GEOD
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.wording import Words, join, tell

LEAST_KV = 220.0
CLASSES_KV = (220.0, 500.0, 1000.0)
REACH_KM = 30.0
RADII_KM = (30.0, 50.0)
APART_KM = 1.0
_LAYER = "substations"
_TWO = 2
METHOD = tell("method.stations")


@dataclass(frozen=True)
class Stations:
    """The stations of a plan, by what is known of their voltage.

    Parameters
    ----------
    every, tagged, untagged
        Contract `SUBSTATIONS`, EPSG:4490: all, those of `LEAST_KV` and over, and those without a
        voltage.
    extent
        What the layer covers.
    sources
        Sources of all.
    """

    every: gpd.GeoDataFrame
    tagged: gpd.GeoDataFrame
    untagged: gpd.GeoDataFrame
    extent: Extent
    sources: tuple[str, ...]

    @classmethod
    def of(cls, substations: gpd.GeoDataFrame, extent: Extent) -> Stations:
        """Sort the stations of a layer."""
        return cls(
            substations,
            gpd.GeoDataFrame(substations[substations["voltage_kv"] >= LEAST_KV]),
            gpd.GeoDataFrame(substations[substations["voltage_kv"].isna()]),
            extent,
            tuple(sorted(set(substations["source_id"]))),
        )

    def bound(self, amounts: NDArray[np.generic], site: Site, radius_km: float) -> Bounded:
        """Return what may be said of a number of stations within a radius."""
        return bound_amount(amounts, site, self.extent, layer=_LAYER, radius_km=radius_km)


def measure_stations(parks: gpd.GeoDataFrame, stations: Stations) -> list[Finding]:
    """Measure `substations_30km` and `substations_50km`: tagged stations of 220 kV and over.

    The text gives the count by voltage at a point of the disk where the count is the value, and
    the reason how many stations without a voltage stand beside them.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    stations
        What the layer holds.
    """
    voltages = stations.tagged["voltage_kv"].to_numpy(dtype=float)
    places, bare = Points.of(stations.tagged), Points.of(stations.untagged)
    findings = []
    for site in read_sites(parks):
        for radius_km in RADII_KM:
            near = site.find_within(places, radius_km)
            counts = near.count()
            found = stations.bound(counts, site, radius_km)
            shown = found.value if found.value is not None else float(counts.min())
            n_bare = int(np.median(site.find_within(bare, radius_km).count()))
            reason = tell("station.untagged", n=n_bare, km=site.accuracy_km)
            if n_bare:
                share = n_bare / (n_bare + shown)
                reason = tell("station.untagged_share", n=n_bare, share=share, km=site.accuracy_km)
            shown_rows = near.rows[near.is_near[int((counts == shown).argmax())]]
            text = _spell_classes(voltages[shown_rows])
            findings.append(
                found.finding(
                    site,
                    f"substations_{radius_km:g}km",
                    reason,
                    text=None if found.value is None else text,
                    source_ids=stations.sources,
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


def measure_independence(parks: gpd.GeoDataFrame, stations: Stations) -> list[Finding]:
    """Measure `independent_substations`: 2, 1 or 0 places to connect to within `REACH_KM`.

    Two when two stations of 220 kV and over lie more than `APART_KM` from each other; yards
    nearer than that count as one place.  The high end counts the stations without a voltage
    too.  Where the layer ends within the reach, two that it holds are two all the same.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    stations
        What the layer holds.
    """
    voltages = stations.every["voltage_kv"]
    may_count = gpd.GeoDataFrame(stations.every[voltages.fillna(np.inf) >= LEAST_KV])
    layers = [Points.of(each) for each in (stations.tagged, may_count)]
    findings = []
    words = (
        tell("station.no_place", km=REACH_KM),
        tell("station.one_place", km=REACH_KM),
        tell("station.two_places", apart=APART_KM, km=REACH_KM),
    )
    for site in read_sites(parks):
        places, most = (
            _count_places(points, site.find_within(points, REACH_KM)) for points in layers
        )
        found = stations.bound(places, site, REACH_KM)
        if places.min() == _TWO:
            found = Bounded(float(_TWO), float(_TWO), float(_TWO))
        elif found.value is not None:
            found = Bounded(
                found.value, found.low, float(max(most.max(), places.max())), found.why,
                found.is_said,
            )  # fmt: skip
        findings.append(
            found.finding(
                site,
                "independent_substations",
                tell("station.independence"),
                text=None if found.value is None else words[int(found.value)],
                source_ids=stations.sources,
            )
        )
    return findings


def _count_places(points: Points, near: Near) -> NDArray[np.int64]:
    """Count places, no further than 2, at each point of a disk: stations over `APART_KM` apart.

    Parameters
    ----------
    points
        Where the stations are.
    near
        Which of them are near each point.
    """
    n_near = len(near.rows)
    lon, lat = points.lons[near.rows], points.lats[near.rows]
    one, other = np.triu_indices(n_near, k=1)
    apart_m = np.asarray(GEOD.inv(lon[one], lat[one], lon[other], lat[other])[2])
    is_far = apart_m > 1000.0 * APART_KM
    far = np.zeros((n_near, n_near), dtype=np.float32)
    far[one[is_far], other[is_far]] = 1.0
    pairs = ((near.is_near.astype(np.float32) @ far) * near.is_near).sum(axis=1)
    return np.asarray(np.minimum(near.count(), 1) + (pairs > 0), dtype=np.int64)


def measure_tie_line(
    parks: gpd.GeoDataFrame, stations: Stations, *, route_factor: float, route_reason: str
) -> list[Finding]:
    """Measure `tie_line_km`: a line to the nearest tagged station of 220 kV and over.

    The length is the distance times `route_factor`; the low end is the distance at the nearest
    place of the disk as it is, the high end that at the farthest times the factor.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    stations
        What the layer holds.
    route_factor, route_reason
        How much longer a line is than the geodesic, and why.
    """
    places = Points.of(stations.tagged)
    findings = []
    for site in read_sites(parks):
        away, _ = site.find_nearest(places)
        found = bound_nearest(away, site, stations.extent, layer=_LAYER)
        reason = tell("station.no_line", kv=LEAST_KV, factor=route_factor)
        if found.value is not None:
            reason = tell(
                "station.tie_line", km=found.value, factor=route_factor, reason=route_reason
            )
        line = found.times(route_factor, low_factor=1.0)
        findings.append(
            line.finding(
                site,
                "tie_line_km",
                reason,
                status="unknown" if line.value is None else "assumed",
                source_ids=stations.sources,
            )
        )
    return findings


def name_grids(findings: list[Finding]) -> Mapping[str, str | None]:
    """Return for each park the grid that `measure_grid` found, None where it is not known."""
    return {each.site_id: each.text if isinstance(each.text, str) else None for each in findings}


def measure_grid(parks: gpd.GeoDataFrame, stations: Stations) -> list[Finding]:
    """Measure `grid_share`: the grid near a park as text, and its share of the stations.

    The grid is the one that most stations within 50 km hang on, over all of the disk; among
    equals the first in alphabetical order.  The share is that of the stations within 50 km which
    bear any grid: the median over the disk, the least and the greatest.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    stations
        What the layer holds.
    """
    radius_km, extent = RADII_KM[-1], stations.extent
    bearing = gpd.GeoDataFrame(stations.every[stations.every["grid"].notna()])
    names, places = bearing["grid"].to_numpy(dtype=str), Points.of(bearing)
    findings = []
    for site in read_sites(parks):
        unknown: Words = ""
        near = site.find_within(places, radius_km)
        n_bearing = near.count()
        if not extent.covers(site.lon, site.lat, radius_km + site.accuracy_km):
            asked_km = radius_km + site.accuracy_km
            unknown = tell_part(_LAYER, extent.reach_km(site.lon, site.lat), asked_km=asked_km)
        elif not n_bearing.any():
            unknown = tell("station.no_grid", km=radius_km)
        if unknown:
            findings.append(Finding(site.park_id, "grid_share", "unknown", reason=unknown))
            continue
        near_names = names[near.rows]
        of_grid = {
            name: near.is_near[:, near_names == name].sum(axis=1)
            for name in sorted(set(near_names))
        }
        name = max(of_grid, key=lambda each: int(of_grid[each].sum()))
        known = n_bearing > 0
        shares = of_grid[name][known] / n_bearing[known]
        found = Bounded(
            float(np.median(shares)), float(shares.min()), float(shares.max()),
            tell_taken(_LAYER, extent), extent.is_said,
        )  # fmt: skip
        reason = tell("station.grid", n=int(np.median(n_bearing)), km=radius_km)
        findings.append(
            found.finding(site, "grid_share", reason, text=name, source_ids=stations.sources)
        )
    return findings
