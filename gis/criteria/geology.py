"""Geology: the seismic class of the town that stands for a site."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gis.criteria.finding import Finding

METHOD = "basic acceleration of the town's class; see docs/model.md, geology"


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
        why = ""
        if pd.isna(town_id) or town_id not in by_town:
            why = "no town is named for this park"
        elif pd.isna(by_town[town_id]["pga_g"]):
            why = f"the part of the code's list that was read does not name {by_town[town_id]['name_en']}"
        if why:
            findings.append(
                Finding(park_id, "pga_g", "geology", "g", "unknown", reason=why, method=METHOD)
            )
            continue
        town = by_town[town_id]
        findings.append(
            Finding(
                park_id,
                "pga_g",
                "geology",
                "g",
                "derived",
                value=float(town["pga_g"]),
                text=f"{float(town['pga_g']):.2f} g",
                reason=f"class of {town['name_en']} in {town['pga_edition']}; newer editions "
                "were not confirmed",
                source_ids=(source_of[town_id],) if town_id in source_of else (),
                method=METHOD,
            )
        )
    return findings
