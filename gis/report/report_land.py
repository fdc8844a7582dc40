"""Where else, in the report: the proposed sites as a table, and what is said of the screening."""

from __future__ import annotations

from typing import Any

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.layers.wording import Words, hear, join, pair, tell
from steppe.ranking.number_format import NOTHING, spell, spell_digits, spell_range


def list_proposed(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the proposed sites in the order in which they were found."""
    return [
        {
            "place": row["place"],
            "name": pair(row["name_zh"], row["name_en"]),
            "at": f"{row['geometry'].x:.3f}, {row['geometry'].y:.3f}",
            "area": spell(row["area_ha"], unit="ha"),
            "land_score": spell_digits(row["land_score"], 3),
            "score": NOTHING if pd.isna(row["score"]) else spell_digits(row["score"], 3),
            "known": f"{100 * row['coverage']:.0f} %",
            "ranks": NOTHING
            if pd.isna(row["low_rank"])
            else spell_range(row["low_rank"], row["high_rank"]),
            "feeder": NOTHING
            if pd.isna(row["feeder_km"])
            else tell("report.feeder", kv=row["feeder_kv"], km=row["feeder_km"])
            if pd.notna(row["feeder_kv"])
            else tell("report.feeder_without_voltage", km=row["feeder_km"]),
        }
        for row in tables.layer("proposed_sites").to_dict("records")
    ]


def tell_screening(tables: PlanTables) -> list[Words]:
    """Return in words what was looked for, what clauses take, and how the named parks fare."""
    if tables.screening.empty:
        return []
    (row,) = tables.screening.to_dict("records")
    sites = tables.layer("proposed_sites")
    told: list[Words] = [
        tell(
            "report.land_lead",
            n=len(sites),
            mw=row["demand_mw"],
            km=row["cell_m"] / 1000.0,
            spacing=row["spacing_km"],
        ),
        tell(
            "report.land_lost",
            lost=row["lost_km2"],
            region=row["region_km2"],
            share=100.0 * row["lost_km2"] / row["region_km2"],
        ),
    ]
    lost = tables.area_lost
    untold = lost[(lost["kills"] == "yes") & (lost["unknown_km2"] >= row["region_km2"])]
    if len(untold):
        names = [hear("name", each) for each in untold.to_dict("records")]
        told.append(tell("report.land_untold", names=join(names, "join.semicolon")))
    if pd.notna(row["auc"]):
        told.append(
            tell(
                "report.back_test",
                n=row["n_parks"],
                cities=row["n_cities"],
                auc=row["auc"],
                low=row["auc_low"],
                high=row["auc_high"],
            )
        )
    return told
