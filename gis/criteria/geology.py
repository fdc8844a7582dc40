"""Geology: the seismic class of the town that stands for a site, and of the ground below it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.criteria.finding import Finding
from steppe.layers.wording import Texts, Words, join, pair, tell

METHOD = tell("method.geology")


def measure_acceleration(
    parks: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, facts: pd.DataFrame
) -> list[Finding]:
    """Measure `pga_g`: the basic design acceleration of a park's town, g.

    Parameters
    ----------
    parks, towns
        Contracts `PARKS` and `TOWNS`.
    facts
        Contract `FACTS`; tells which source gave a town its class.
    """
    by_town = towns.drop(columns="geometry").set_index("town_id").to_dict("index")
    said = facts[(facts["layer"] == "towns") & (facts["field"] == "pga_g")]
    source_of = dict(zip(said["id"], said["source_id"], strict=True))
    findings = []
    for park_id, town_id in zip(parks["park_id"], parks["town_id"], strict=True):
        why: Words = ""
        if pd.isna(town_id) or town_id not in by_town:
            why = tell("geology.no_town")
        elif pd.isna(by_town[town_id]["pga_g"]):
            why = tell("geology.not_listed", town=_name(by_town[town_id]))
        if why:
            findings.append(Finding(park_id, "pga_g", "unknown", reason=why))
            continue
        town = by_town[town_id]
        findings.append(
            Finding(
                park_id,
                "pga_g",
                "derived",
                value=float(town["pga_g"]),
                text=tell("geology.text", pga=float(town["pga_g"]), edition=town["pga_edition"]),
                reason=tell("geology.class", town=_name(town), edition=town["pga_edition"]),
                source_ids=(source_of[town_id],) if town_id in source_of else (),
            )
        )
    return findings


def _name(town: Mapping[Hashable, Any]) -> Texts:
    return pair(str(town["name_zh"]), str(town["name_en"]))


CLASSES_G = (0.05, 0.10, 0.15, 0.20, 0.30, 0.40)
"""Accelerations at which a table of factors gives one, g (GB 18306-2015, annex E)."""
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
