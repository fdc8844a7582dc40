"""Seismicity: events and faults that are on record round a site, and how often events came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.criteria.coverage import Bounded, bound_amount, bound_nearest
from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site, read_sites
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.nearest import REACH_KM as FAULT_REACH_KM
from steppe.layers.nearest import nearest_of_disk_to_shapes_km, shapes_of
from steppe.layers.wording import Message, Words, tell

REACH_KM = 300.0
CONFIDENCE = 0.95
_LAYER = "earthquakes"
_RATE = "quake_rate_300km"
METHOD = tell("method.quakes")
FAULT_METHOD = tell("method.faults")


@dataclass(frozen=True)
class Window:
    """From when to when a catalogue is complete, and for which magnitudes.

    Parameters
    ----------
    magnitude
        Least magnitude of which no event is missing.
    from_year, to_year
        First and last whole year.
    source_id
        Who says so.
    """

    magnitude: float
    from_year: int
    to_year: int
    source_id: str

    @property
    def n_years(self) -> int:
        """Return the length of the window, years."""
        return self.to_year - self.from_year + 1


def poisson_interval(count: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact two-sided interval of a Poisson mean from one count.

    Half the quantiles of chi-square with 2 n and 2 n + 2 degrees of freedom (Garwood,
    Fiducial limits for the Poisson distribution, Biometrika 28, 1936, 437-442), which are
    quantiles of the gamma distribution with n and n + 1.

    >>> low, high = poisson_interval(0)
    >>> low, round(high, 3)
    (0.0, 3.689)
    """
    # Whatever asks no rate need not wait for scipy.
    from scipy.special import gammaincinv  # noqa: PLC0415

    tail = (1.0 - confidence) / 2.0
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    return low, float(gammaincinv(count + 1, 1.0 - tail))


def measure_events(
    parks: gpd.GeoDataFrame, earthquakes: gpd.GeoDataFrame, extent: Extent
) -> list[Finding]:
    """Measure `quake_largest_m` and `quake_nearest_km` of every park.

    The largest event on record within `REACH_KM`; and the distance to the nearest event of
    any magnitude that the layer holds, whose band takes in the accuracy of the event.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    earthquakes
        Contract `EARTHQUAKES`.
    extent
        What the catalogue covers.
    """
    findings = []
    least = float(earthquakes["magnitude"].min())
    magnitudes = earthquakes["magnitude"].to_numpy(dtype=float)
    sources = tuple(sorted(set(earthquakes["source_id"])))
    places = Points.of(earthquakes)
    for site in read_sites(parks):
        largest = site.find_within(places, REACH_KM).greatest(magnitudes)
        findings.append(_largest(site, largest, extent, least=least, sources=sources))
        away, rows = site.find_nearest(places)
        slack_km = float(earthquakes["accuracy_m"].iloc[sorted(set(rows))].max()) / 1000.0
        found = bound_nearest(away, site, extent, layer=_LAYER, slack_km=slack_km)
        middle = int(np.argsort(away, kind="stable")[len(away) // 2])
        findings.append(
            found.finding(
                site,
                "quake_nearest_km",
                tell("quake.nearest", least=least),
                text=_spell(earthquakes.iloc[int(rows[middle])]),
                source_ids=sources,
            )
        )
    return findings


def _spell(event: pd.Series) -> Message:
    year = int(event["year"])
    when = tell("quake.bc", year=-year) if year < 0 else str(year)
    magnitude, scale = float(event["magnitude"]), str(event["magnitude_type"])
    return tell("quake.event", magnitude=magnitude, scale=scale, when=when)


def _largest(
    site: Site,
    largest: NDArray[np.float64],
    extent: Extent,
    *,
    least: float,
    sources: tuple[str, ...],
) -> Finding:
    """Return the largest event; below the least that the layer holds nothing is known of any."""
    has_none = bool(np.isneginf(largest).any())
    found = bound_amount(np.maximum(largest, 0.0), site, extent, layer=_LAYER, radius_km=REACH_KM)
    reason = tell("quake.largest", km=REACH_KM)
    if has_none:
        # Somewhere on the disk there is none, and so no median of magnitudes.
        high = None if found.value is None else max(least, float(largest.max()))
        found = Bounded(None, None, high, found.why, found.is_said)
        reason = tell("quake.none", least=least, km=REACH_KM)
    return found.finding(site, "quake_largest_m", reason, source_ids=sources)


def choose_window(windows: Sequence[Window], magnitude: float) -> Window | None:
    """Return the longest time for which no event of a magnitude is missing; None for none."""
    fit = [window for window in windows if window.magnitude <= magnitude]
    return max(fit, key=lambda each: each.n_years, default=None)


def pick_events(
    earthquakes: gpd.GeoDataFrame, window: Window, magnitude: float
) -> gpd.GeoDataFrame:
    """Return the events of a magnitude and over within a time."""
    is_great = earthquakes["magnitude"] >= magnitude
    is_within = earthquakes["year"].between(window.from_year, window.to_year)
    return gpd.GeoDataFrame(earthquakes[is_great & is_within])


def measure_rate(
    parks: gpd.GeoDataFrame,
    earthquakes: gpd.GeoDataFrame,
    extent: Extent,
    *,
    magnitude: float,
    windows: Sequence[Window],
) -> list[Finding]:
    """Measure `quake_rate_300km`: events of a magnitude and over within `REACH_KM`, a year.

    Only the years in which the catalogue is complete for that magnitude count; the band is
    the exact 95 % Poisson interval of the count.  Without such years, or where the catalogue
    does not cover the circle, the rate is unknown.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    earthquakes
        Contract `EARTHQUAKES`.
    extent
        What the catalogue covers.
    magnitude
        Least magnitude that counts.
    windows
        When the catalogue is complete for what.
    """
    window = choose_window(windows, magnitude)
    if window is None:
        why = tell("quake.no_window", magnitude=magnitude)
        return [Finding(site.park_id, _RATE, "unknown", reason=why) for site in read_sites(parks)]
    counted = pick_events(earthquakes, window, magnitude)
    sources = (*sorted(set(counted["source_id"])), window.source_id)
    years, places = window.n_years, Points.of(counted)
    findings = []
    for site in read_sites(parks):
        counts = site.find_within(places, REACH_KM).count()
        found = bound_amount(counts, site, extent, layer=_LAYER, radius_km=REACH_KM)
        text: Words | None = None
        if found.value is not None:
            text = tell("quake.count", n=int(found.value), years=years)
        found = replace(
            found,
            value=None if found.value is None else found.value / years,
            low=None if found.low is None else poisson_interval(int(found.low))[0] / years,
            high=None if found.high is None else poisson_interval(int(found.high))[1] / years,
        )
        reason = tell(
            "quake.rate", magnitude=magnitude, first=window.from_year, last=window.to_year
        )
        findings.append(found.finding(site, _RATE, reason, text=text, source_ids=sources))
    return findings


def measure_faults(
    parks: gpd.GeoDataFrame, faults: gpd.GeoDataFrame, extent: Extent
) -> list[Finding]:
    """Measure `fault_km`: the distance to the nearest mapped fault, km.

    A fault that nobody mapped is not a fault that is not there.  The band is that over the disk
    of the park and the accuracy of the lines.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    faults
        Contract `FAULTS`.
    extent
        Where faults were looked for.
    """
    lines = shapes_of(faults.geometry)
    slack_km = float(faults["accuracy_m"].max()) / 1000.0
    sources = tuple(sorted(set(faults["source_id"])))
    findings = []
    for site in read_sites(parks):
        away = nearest_of_disk_to_shapes_km(site.lon, site.lat, site.accuracy_km, lines)
        found = bound_nearest(
            away, site, extent, layer="faults", slack_km=slack_km, beyond_km=FAULT_REACH_KM
        )
        reason = tell("fault_line.nearest", km=site.accuracy_km)
        if not np.isfinite(away).any():
            reason = tell("fault_line.none", km=FAULT_REACH_KM)
        findings.append(found.finding(site, "fault_km", reason, source_ids=sources))
    return findings
