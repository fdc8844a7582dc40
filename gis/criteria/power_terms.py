"""Terms of supply that only a utility can tell: unknown until somebody tells them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.criteria.finding import Finding
from steppe.layers.columns import POWER_FIELDS
from steppe.layers.dates import date_order
from steppe.layers.wording import Message, join, tell

UNITS = {
    "spare_capacity_mw": "MW",
    "queue_position": "1",
    "price_cny_kwh": "CNY/kWh",
    "direct_supply": "1",
    "grid_co2_kg_mwh": "kg/MWh",
}
METHOD = tell("method.power_terms")


def measure_terms(
    parks: gpd.GeoDataFrame,
    terms: pd.DataFrame,
    *,
    grids: Mapping[str, str | None],
    supply_kv: float,
) -> list[Finding]:
    """Take over what is told of each park: spare capacity, queue, price, direct supply, carbon.

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
    by_field = {
        field: _Told(pd.DataFrame(terms[terms["field"] == field]), supply_kv)
        for field in POWER_FIELDS
    }
    for park_id in parks["park_id"]:
        for field, told_of in by_field.items():
            row = told_of.pick(park_id, grids.get(park_id))
            if row is None:
                findings.append(
                    Finding(
                        park_id, field, "unknown",
                        reason=tell("terms.untold"),
                    )
                )  # fmt: skip
                continue
            of = tell("terms.park")
            if pd.isna(row["park_id"]):
                of = tell("terms.grid", grid=str(row["grid"]))
            if pd.notna(row["voltage_kv"]):
                of = tell("terms.at", of=of, kv=float(row["voltage_kv"]))
            told = tell("terms.told", of=of, as_of=str(row["as_of"]))
            why = "" if pd.isna(row["reason"]) else str(row["reason"])
            findings.append(
                Finding(
                    park_id,
                    field,
                    "observed",
                    value=float(row["value"]),
                    text=_spell(field, float(row["value"])),
                    reason=join([told, why], "join.semicolon"),
                    source_ids=(str(row["source_id"]),),
                )
            )
    return findings


def _spell(field: str, value: float) -> Message | None:
    if field != "direct_supply":
        return None
    return tell("value.yes" if value > 0 else "value.no")


class _Told:
    """What is told of one quantity at the voltage of supply, the row that counts first."""

    def __init__(self, terms: pd.DataFrame, supply_kv: float) -> None:
        fits = terms["voltage_kv"].isna() | (terms["voltage_kv"] == supply_kv)
        rows = terms[fits].assign(
            _at=terms["voltage_kv"].notna(), _newest=terms["as_of"].map(date_order)
        )
        ordered = rows.sort_values(["_at", "_newest", "term_id"], ascending=[False, False, True])
        own = ordered[ordered["park_id"].notna()].drop_duplicates("park_id")
        of_grid = ordered[ordered["park_id"].isna() & ordered["grid"].notna()]
        of_grid = of_grid.drop_duplicates("grid")
        self._of_park = dict(zip(own["park_id"], own.to_dict("records"), strict=True))
        self._of_grid = dict(zip(of_grid["grid"], of_grid.to_dict("records"), strict=True))

    def pick(self, park_id: str, grid: str | None) -> dict[Hashable, Any] | None:
        """Return the row of a park: its own, else that of its grid."""
        return self._of_park.get(park_id) or self._of_grid.get(grid)
