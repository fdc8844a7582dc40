"""Terms of supply that only a utility can tell: unknown until somebody tells them."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from steppe.criteria.finding import Finding
from steppe.layers.columns import POWER_FIELDS
from steppe.layers.dates import date_order

UNITS = {
    "spare_capacity_mw": "MW",
    "queue_position": "1",
    "price_cny_kwh": "CNY/kWh",
    "direct_supply": "1",
}
METHOD = "as told in the table power_terms; see docs/plans.md"


def measure_terms(
    parks: gpd.GeoDataFrame,
    terms: pd.DataFrame,
    *,
    grids: Mapping[str, str | None],
    supply_kv: float,
) -> list[Finding]:
    """Take over what is told of each park: spare capacity, queue, price and direct supply.

    A row of the park's own goes before one of its grid; a row of the voltage of supply before
    one without a voltage, and rows of another voltage are none of its; then the newest counts.

    Parameters
    ----------
    parks
        Contract `PARKS`.
    terms
        Contract `POWER_TERMS`, or empty.
    grids
        Grid of each park, None where it is not known.
    supply_kv
        Voltage at which the parks are to be supplied, kV.
    """
    findings = []
    for park_id in parks["park_id"]:
        for field in POWER_FIELDS:
            row = _pick(terms, field, park_id, grids.get(park_id), supply_kv)
            if row is None:
                findings.append(
                    Finding(
                        park_id, field, "unknown",
                        reason="nobody told",
                    )
                )  # fmt: skip
                continue
            of = "of the park" if pd.notna(row["park_id"]) else f"of the grid {row['grid']}"
            at = "" if pd.isna(row["voltage_kv"]) else f" at {row['voltage_kv']:g} kV"
            told = "" if pd.isna(row["reason"]) else f"; {row['reason']}"
            findings.append(
                Finding(
                    park_id,
                    field,
                    "observed",
                    value=float(row["value"]),
                    text=_spell(field, float(row["value"])),
                    reason=f"told {of}{at} as of {row['as_of']}{told}",
                    source_ids=(str(row["source_id"]),),
                )
            )
    return findings


def _spell(field: str, value: float) -> str | None:
    return None if field != "direct_supply" else ("yes" if value > 0 else "no")


def _pick(
    terms: pd.DataFrame, field: str, park_id: str, grid: str | None, supply_kv: float
) -> pd.Series | None:
    told = terms[terms["field"] == field]
    own = told["park_id"] == park_id
    of_grid = told["park_id"].isna() & told["grid"].notna() & (told["grid"] == grid)
    fits = told["voltage_kv"].isna() | (told["voltage_kv"] == supply_kv)
    rows = told[(own | of_grid) & fits]
    if rows.empty:
        return None
    newest = rows["as_of"].map(date_order)
    ordered = rows.assign(
        _own=rows["park_id"].notna(), _at=rows["voltage_kv"].notna(), _newest=newest
    ).sort_values(["_own", "_at", "_newest", "term_id"], ascending=[False, False, False, True])
    return ordered.iloc[0]
