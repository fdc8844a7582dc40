"""What columns may hold: the bricks that contracts are built of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa

from steppe.layers.wording import find_languages

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


# Years that dates and statuses of a plan may lie in, and those that catalogues of nature know.
YEARS = (1800, 2100)
YEARS_OF_NATURE = (-5000, 2100)


@dataclass(frozen=True)
class Cells:
    """What the cells of one column may hold.

    Parameters
    ----------
    kind
        What they are; dates are held as text of ISO 8601.
    low, high
        Least and greatest number, or year of a date; infinite where there is no bound.
    unit
        Unit of the numbers; empty for texts and for what has none.
    choices
        The only texts; empty for any.
    """

    kind: Literal["text", "date", "number", "whole"] = "text"
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    choices: tuple[str, ...] = ()


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

    def cells(self, name: str) -> Cells:
        """Return what the cells of a column may hold."""
        found = self.columns[name][0].metadata["cells"]
        assert isinstance(found, Cells)
        return found

    def unit(self, name: str) -> str:
        """Return the unit of a column; empty for one that has none, or is not there."""
        return self.cells(name).unit if name in self.columns else ""


def _column(dtype: str, checks: list[pa.Check], cells: Cells, *, empty: bool) -> pa.Column:
    return pa.Column(dtype, checks, nullable=empty, required=not empty, metadata={"cells": cells})


def text(meaning: str, *, values: tuple[str, ...] = (), empty: bool = False) -> Any:
    """Return a column of text, of any text or one of some values, and its meaning."""
    checks = [pa.Check.isin(values)] if values else []
    if not empty and not values:
        checks.append(pa.Check.str_length(min_value=1))
    if values:
        meaning = f"{meaning}: {', '.join(values)}"
    return _column("str", checks, Cells(choices=values), empty=empty), meaning


def said(name: str, meaning: str, *, empty: bool = False) -> dict[str, Any]:
    """Return the columns of a text that is said in every language, by their names."""
    return {
        f"{name}_{language}": text(f"{meaning} ({language})", empty=empty)
        for language in find_languages()
    }


def date(meaning: str, *, years: tuple[int, int] = YEARS, empty: bool = False) -> Any:
    """Return a column of dates between two years, held as text, and its meaning."""
    cells = Cells("date", *years)
    return _column("str", [], cells, empty=empty), f"{meaning}, ISO 8601"


def number(
    meaning: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    unit: str = "",
    empty: bool = False,
) -> Any:
    """Return a column of finite numbers between two ends, and its meaning with the unit."""
    checks = [pa.Check(_is_finite, name="is_finite"), *_bounds(low, high)]
    return _column("float64", checks, Cells("number", low, high, unit), empty=empty), meaning


def whole(
    meaning: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    unit: str = "1",
    empty: bool = False,
) -> Any:
    """Return a column of whole numbers between two ends, and its meaning."""
    return _column(
        "Int64", _bounds(low, high), Cells("whole", low, high, unit), empty=empty
    ), meaning


def _bounds(low: float, high: float) -> list[pa.Check]:
    checks = [pa.Check.ge(low)] if low > -math.inf else []
    return [*checks, pa.Check.le(high)] if high < math.inf else checks


def _is_finite(column: pd.Series) -> pd.Series:
    return column.abs() < math.inf


NAMES = {"name_zh": text("Chinese name"), "name_en": text("English name")}
SOURCE = {"source_id": text("source of the row, see sources.toml")}
# Nothing on the earth is further away than half its girth.
ACCURACY = {"accuracy_m": number("horizontal accuracy, metres", low=0, high=20_037_508, unit="m")}
AS_OF = {"as_of": date("date that the row speaks of")}
RUN_KEY = {
    "scenario": text("scenario of the plan"),
    "year": whole("year of the scenario", unit="a"),
}
