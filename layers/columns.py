"""What columns may hold: the bricks that contracts are built of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandera.pandas as pa

STATUSES = ("in_service", "building", "planned", "studied")
FACT_KINDS = ("said", "measured", "derived", "assumed")
MEASURE_STATUSES = ("observed", "derived", "assumed", "unknown")
BANDS = ("p05_p95", "range", "none")
PARK_LEVELS = ("zone", "campus", "facility")
RISK_KINDS = ("corridor", "stretch", "river_crossing", "border_crossing", "city")
VERDICTS = ("holds", "fails", "partly", "cannot_be_checked")

RULE_STRENGTHS = ("hard", "required", "should", "mainly", "as_needed", "in_principle", "aim")
COMPARISONS = ("at_least", "at_most", "below", "named")
RULE_VERDICTS = ("pass", "fail", "unknown")
FIGURE_STANDINGS = ("reached", "target", "planned")
TARGET_VERDICTS = ("reached", "missed", "unknown")
COST_COMPONENTS = ("energy", "tie_line", "fibre", "land", "water", "known", "total")
POWER_FIELDS = ("spare_capacity_mw", "queue_position", "price_cny_kwh", "direct_supply")


@dataclass(frozen=True)
class Contract:
    """What one layer or table holds.

    Parameters
    ----------
    name
        Layer name, also the table name in GeoPackage.
    geometry
        `point`, `line`, `polygon`, or None for a table.
    key
        Columns that together are unique.
    columns
        Column name to (pandera column, meaning with unit), in writing order.
    """

    name: str
    geometry: str | None
    key: tuple[str, ...]
    columns: dict[str, tuple[pa.Column, str]]

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema; further columns are let through."""
        return pa.DataFrameSchema(
            {name: column for name, (column, _) in self.columns.items()},
            name=self.name,
            coerce=True,
        )


def text(meaning: str, *, values: tuple[str, ...] = (), empty: bool = False) -> Any:
    """Return a column of text, of any text or one of some values, and its meaning."""
    checks = [pa.Check.isin(values)] if values else []
    if not empty and not values:
        checks.append(pa.Check.str_length(min_value=1))
    if values:
        meaning = f"{meaning}: {', '.join(values)}"
    return pa.Column("str", checks, nullable=empty, required=not empty), meaning


def number(
    meaning: str, *, low: float | None = None, high: float | None = None, empty: bool = False
) -> Any:
    """Return a column of numbers between two ends, and its meaning with the unit."""
    checks = []
    if low is not None:
        checks.append(pa.Check.ge(low))
    if high is not None:
        checks.append(pa.Check.le(high))
    return pa.Column("float64", checks, nullable=empty, required=not empty), meaning


def whole(meaning: str, *, low: int | None = None, empty: bool = False) -> Any:
    """Return a column of whole numbers, and its meaning."""
    checks = [pa.Check.ge(low)] if low is not None else []
    return pa.Column("Int64", checks, nullable=empty, required=not empty), meaning


NAMES = {"name_zh": text("Chinese name"), "name_en": text("English name")}
SOURCE = {"source_id": text("source of the row, see sources.toml")}
ACCURACY = {"accuracy_m": number("horizontal accuracy, metres", low=0)}
AS_OF = {"as_of": text("date that the row speaks of, ISO 8601")}
RUN_KEY = {"scenario": text("scenario of the plan"), "year": whole("year of the scenario")}
