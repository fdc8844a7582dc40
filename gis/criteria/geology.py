"""Geology: the seismic class of the town that stands for a site, and of the ground below it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.criteria.finding import Finding
from steppe.criteria.sites import Site, read_sites
from steppe.layers.crs import distance_km
from steppe.layers.wording import Texts, Words, join, pair, tell

METHOD = tell("method.geology")

CLASSES_G = (0.05, 0.10, 0.15, 0.20, 0.30, 0.40)
"""Accelerations at which a table of factors gives one, g (GB 18306-2015, annex E)."""
CURRENT_EDITIONS = ("GB 18306-2015", "GB 50011-2010 (2016)")
"""Editions that list the classes of the zonation in force: itself, and the code that took it over."""
TOWNSHIP_KM = 5.0
"""The zonation gives classes by township; one is assumed to reach this far from its centre."""


def measure_acceleration(
    parks: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, facts: pd.DataFrame
) -> list[Finding]:
    """Measure `pga_g`: the basic design acceleration of a park's town, g.

    A class of an edition that is superseded, or of a town whose township may not hold the park,
    may be one off to either side: the band leads from the class below to the class above.

    Parameters
    ----------
    parks, towns
        Contracts `PARKS` and `TOWNS`.
    facts
        Contract `FACTS`; tells which source gave a town its class.
    """
    by_town = towns.set_index("town_id").to_dict("index")
    said = facts[(facts["layer"] == "towns") & (facts["field"] == "pga_g")]
    source_of = dict(zip(said["id"], said["source_id"], strict=True))
    findings = []
    for site, town_id in zip(read_sites(parks), parks["town_id"], strict=True):
        why: Words = ""
        if pd.isna(town_id) or town_id not in by_town:
            why = tell("geology.no_town")
        elif pd.isna(by_town[town_id]["pga_g"]):
            why = tell("geology.not_listed", town=_name(by_town[town_id]))
        if why:
            findings.append(Finding(site.park_id, "pga_g", "unknown", reason=why))
            continue
        town = by_town[town_id]
        sources = (source_of[town_id],) if town_id in source_of else ()
        findings.append(_find_class(site, town, sources))
    return findings


def _find_class(site: Site, town: Mapping[Hashable, Any], sources: tuple[str, ...]) -> Finding:
    pga, edition = float(town["pga_g"]), town["pga_edition"]
    place = town["geometry"]
    away_km = float(distance_km(site.lon, site.lat, [place.x], [place.y])[0]) + site.accuracy_km
    doubts = []
    if edition not in CURRENT_EDITIONS:
        doubts.append(tell("geology.superseded"))
    if away_km > TOWNSHIP_KM:
        doubts.append(tell("geology.another_township", km=away_km))
    low, high = next_classes(pga) if doubts else (None, None)
    told = [tell("geology.class", town=_name(town), edition=edition), *doubts]
    return Finding(
        site.park_id,
        "pga_g",
        "derived",
        value=pga,
        low=low,
        high=high,
        band="range" if doubts else "none",
        text=tell("geology.text", pga=pga, edition=edition),
        reason=join(told, "join.semicolon"),
        source_ids=sources,
    )


def next_classes(pga_g: float) -> tuple[float, float]:
    """Return the class below and the class above, the number itself where there is none.

    >>> next_classes(0.10), next_classes(0.05), next_classes(0.4)
    ((0.05, 0.15), (0.05, 0.1), (0.3, 0.4))
    """
    below = [each for each in CLASSES_G if each < pga_g]
    above = [each for each in CLASSES_G if each > pga_g]
    return max(below, default=pga_g), min(above, default=pga_g)


def _name(town: Mapping[Hashable, Any]) -> Texts:
    return pair(str(town["name_zh"]), str(town["name_en"]))


REFERENCE_CLASS = "II"
SITE_METHOD = tell("method.ground_class")


def measure_site_acceleration(
    parks: gpd.GeoDataFrame,
    basic: Sequence[Finding],
    *,
    factors: Mapping[str, Sequence[float]],
    source_id: str,
) -> list[Finding]:
    """Measure `pga_site_g`: the basic acceleration times the factor of the ground's class, g.

    Parameters
    ----------
    parks
        Contract `PARKS`; `site_class` is what a survey of the ground told.
    basic
        The findings `pga_g` of these parks, for ground of class II.
    factors
        For each class the factors at `CLASSES_G`; between them it is linear, beyond the ends
        it stays (GB 18306-2015, E.2).
    source_id
        Source of the factors.
    """
    by_site = {finding.site_id: finding for finding in basic}
    findings = []
    for park_id, site_class in zip(parks["park_id"], parks["site_class"], strict=True):
        known = by_site[park_id]
        shared = (park_id, "pga_site_g")
        if known.value is None:
            why: Words = tell("geology.basic_unknown", why=known.reason)
        elif pd.isna(site_class):
            spread = [_factor(known.value, factors, name) * known.value for name in sorted(factors)]
            why = tell("geology.no_class")
            if spread:
                classes = join(sorted(factors))
                ends = {"low": min(spread), "high": max(spread)}
                why = tell("geology.classes_would", classes=classes, **ends)
        elif site_class != REFERENCE_CLASS and site_class not in factors:
            why = tell("geology.no_factor", name=str(site_class))
        else:
            factor = _factor(known.value, factors, str(site_class))
            findings.append(
                Finding(
                    *shared,
                    "assumed",
                    value=known.value * factor,
                    text=tell("geology.site_text", name=str(site_class), factor=factor),
                    reason=tell(
                        "geology.site", basic=known.value, factor=factor, name=str(site_class)
                    ),
                    source_ids=(*known.source_ids, source_id),
                )
            )
            continue
        findings.append(Finding(*shared, "unknown", reason=why))
    return findings


def _factor(basic_g: float, factors: Mapping[str, Sequence[float]], site_class: str) -> float:
    if site_class == REFERENCE_CLASS:
        return 1.0
    return float(np.interp(basic_g, CLASSES_G, factors[site_class]))
