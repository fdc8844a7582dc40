"""Seismicity: events and faults that are on record round a site, and how often events came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry import Point

from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site, measure_away_km, read_sites
from steppe.layers.crs import GEOD
from steppe.layers.nearest import REACH_KM as FAULT_REACH_KM
from steppe.layers.nearest import nearest_km, shapes_of
from steppe.layers.tables import Bbox
from steppe.layers.wording import Message, Words, join, tell

REACH_KM = 300.0
CONFIDENCE = 0.95
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
    parks: gpd.GeoDataFrame, earthquakes: gpd.GeoDataFrame, *, extent: Bbox | None
) -> list[Finding]:
    """Measure `quake_largest_m` and `quake_nearest_km` of every park.

    The largest event on record within `REACH_KM`, of several the nearest one; and the
    distance to the nearest event of any magnitude that the layer holds, whose band is the
    accuracy of both points.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    earthquakes
        Contract `EARTHQUAKES`.
    extent
        What the catalogue covers: west, south, east, north in degrees; None is unknown.
    """
    findings = []
    for site in read_sites(parks):
        if earthquakes.empty:
            why = tell("quake.empty")
            findings += [
                _unknown(site, name, why) for name in ("quake_largest_m", "quake_nearest_km")
            ]
            continue
        away = measure_away_km(site, earthquakes)
        least = float(earthquakes["magnitude"].min())
        cut = "" if _covers(extent, site) else tell("quake.cut", km=REACH_KM)
        findings.append(_largest(site, earthquakes, away, least=least, cut=cut))
        place = int(away.argmin())
        event, apart_km = earthquakes.iloc[place], float(away[place])
        slack_km = site.accuracy_km + float(event["accuracy_m"]) / 1000.0
        findings.append(
            Finding(
                site.park_id,
                "quake_nearest_km",
                "derived",
                value=apart_km,
                low=max(0.0, apart_km - slack_km),
                high=apart_km + slack_km,
                band="range",
                text=_spell(event),
                reason=join([tell("quake.nearest", least=least), cut], "join.semicolon"),
                source_ids=(str(event["source_id"]),),
            )
        )
    return findings


def _spell(event: pd.Series) -> Message:
    year = int(event["year"])
    when = tell("quake.bc", year=-year) if year < 0 else str(year)
    magnitude, scale = float(event["magnitude"]), str(event["magnitude_type"])
    return tell("quake.event", magnitude=magnitude, scale=scale, when=when)


def _unknown(site: Site, measure_id: str, why: Words) -> Finding:
    return Finding(site.park_id, measure_id, "unknown", reason=why)


def _largest(
    site: Site,
    earthquakes: gpd.GeoDataFrame,
    away: NDArray[np.float64],
    *,
    least: float,
    cut: Words,
) -> Finding:
    magnitudes = np.where(away <= REACH_KM, earthquakes["magnitude"].to_numpy(dtype=float), -1.0)
    if magnitudes.max() < 0:
        why = join([tell("quake.none", least=least, km=REACH_KM), cut], "join.semicolon")
        return _unknown(site, "quake_largest_m", why)
    place = int(np.where(magnitudes == magnitudes.max(), away, np.inf).argmin())
    event = earthquakes.iloc[place]
    return Finding(
        site.park_id,
        "quake_largest_m",
        "derived",
        value=float(event["magnitude"]),
        text=tell("quake.away", event=_spell(event), km=float(away[place])),
        reason=join([tell("quake.largest", km=REACH_KM), cut], "join.semicolon"),
        source_ids=(str(event["source_id"]),),
    )


def _covers(extent: Bbox | None, site: Site) -> bool:
    """Tell whether a catalogue covers all of the circle round a site."""
    if extent is None:
        return False
    west, south, east, north = extent
    metres = 1000.0 * REACH_KM
    turns = range(0, 360, 5)
    lon, lat, _ = GEOD.fwd(
        [site.lon] * len(turns), [site.lat] * len(turns), list(turns), [metres] * len(turns)
    )
    return min(lon) >= west and max(lon) <= east and min(lat) >= south and max(lat) <= north


def measure_rate(
    parks: gpd.GeoDataFrame,
    earthquakes: gpd.GeoDataFrame,
    *,
    magnitude: float,
    windows: Sequence[Window],
    extent: Bbox | None,
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
    magnitude
        Least magnitude that counts.
    windows
        When the catalogue is complete for what.
    extent
        What the catalogue covers: west, south, east, north in degrees; None is unknown.
    """
    fit = [window for window in windows if window.magnitude <= magnitude]
    window = max(fit, key=lambda each: each.n_years, default=None)
    findings = []
    for site in read_sites(parks):
        why: Words = ""
        if earthquakes.empty:
            why = tell("quake.empty")
        elif window is None:
            why = tell("quake.no_window", magnitude=magnitude)
        elif not _covers(extent, site):
            why = tell("quake.no_circle", km=REACH_KM)
        if why or window is None:
            findings.append(_unknown(site, "quake_rate_300km", why))
            continue
        counted = gpd.GeoDataFrame(
            earthquakes[
                (earthquakes["magnitude"] >= magnitude)
                & earthquakes["year"].between(window.from_year, window.to_year)
            ]
        )
        near = counted[measure_away_km(site, counted) <= REACH_KM]
        low, high = poisson_interval(len(near))
        findings.append(
            Finding(
                site.park_id,
                "quake_rate_300km",
                "derived",
                value=len(near) / window.n_years,
                low=low / window.n_years,
                high=high / window.n_years,
                band="range",
                text=tell("quake.count", n=len(near), years=window.n_years),
                reason=tell(
                    "quake.rate", magnitude=magnitude, first=window.from_year, last=window.to_year
                ),
                source_ids=(*set(near["source_id"]), window.source_id),
            )
        )
    return findings


def measure_faults(
    parks: gpd.GeoDataFrame, faults: gpd.GeoDataFrame, extent: gpd.GeoDataFrame
) -> list[Finding]:
    """Measure `fault_km`: the distance to the nearest mapped fault, km.

    Outside what is known of faults it is unknown: a fault that nobody mapped is not a fault
    that is not there.  The band is the accuracy of the park and of the lines.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490.
    faults, extent
        Contracts `FAULTS` and `FAULT_EXTENT`.
    """
    findings = []
    known = None if extent.empty else extent.geometry.union_all()
    lines = None if faults.empty else shapes_of(faults.geometry)
    for site in read_sites(parks):
        why: Words = ""
        if lines is None or known is None:
            why = tell("fault_line.empty")
        elif not known.covers(Point(site.lon, site.lat)):
            why = tell("fault_line.outside")
        away = None if why or lines is None else nearest_km(site.lon, site.lat, lines)
        if away is None:
            why = why or tell("fault_line.none", km=FAULT_REACH_KM)
            findings.append(_unknown(site, "fault_km", why))
            continue
        slack_km = site.accuracy_km + float(faults["accuracy_m"].max()) / 1000.0
        findings.append(
            Finding(
                site.park_id,
                "fault_km",
                "derived",
                value=away,
                low=max(0.0, away - slack_km),
                high=away + slack_km,
                band="range",
                reason=tell("fault_line.nearest", km=site.accuracy_km),
                source_ids=tuple(sorted(set(faults["source_id"]))),
            )
        )
    return findings
