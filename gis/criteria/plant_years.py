"""Which plants ran in a year: by the years of their units, where a layer knows them.

A layer tells of each row its status at the date of the row, and, where it knows, the year in
which it began to run and the one in which it was closed for good.  At the end of a year

- before the row's own date a unit ran when it began by that year and was not closed by then;
  of a unit without the year that would tell, nobody knows;
- after it nothing newer is known: what operates at the row's date is taken to run.

A layer in which no row has a starting year knows no years: what operates at its date is
then the best that is known of any year before, and its low end is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.layers.dates import date_order, parse_date
from steppe.layers.wording import Message, tell

OPERATING = "operating"
CLOSED = ("retired", "mothballed")
"""Status of units that ran before; a mothballed one may run again, and is not closed for good."""


@dataclass(frozen=True)
class Running:
    """Capacity of each row that ran at the end of a year, MW, shape (n,).

    Parameters
    ----------
    low_mw
        What ran for sure.
    value_mw
        The same; in a layer that knows no years, what operates at its own date.
    high_mw
        What may have run: units without the year that would tell are counted too.
    year
        The year.
    as_of
        Dates of the rows that count, in order, to the month.
    is_before, is_after
        Whether the year lies before the date of a row that counts, and after.
    knows_years
        Whether any row of the layer has a starting year.
    """

    low_mw: NDArray[np.float64]
    value_mw: NDArray[np.float64]
    high_mw: NDArray[np.float64]
    year: int
    as_of: Sequence[str]
    is_before: bool
    is_after: bool
    knows_years: bool

    def tell_year(self, unsure_mw: float) -> list[Message]:
        """Say which year the number speaks of; nothing where the layer's date lies in it.

        Parameters
        ----------
        unsure_mw
            Capacity near the site of which nobody knows whether it ran.
        """
        parts = []
        if self.is_before and self.knows_years:
            parts.append(tell("capacity.in_year", year=self.year))
        if self.is_before and not self.knows_years:
            parts.append(tell("capacity.no_years", year=self.year))
        elif unsure_mw > 0:
            parts.append(tell("capacity.unsure", mw=unsure_mw))
        if self.is_after:
            parts.append(tell("capacity.no_newer", year=self.year))
        return parts


def find_running(plants: gpd.GeoDataFrame, counted: NDArray[np.bool_], *, year: int) -> Running:
    """Find what ran at the end of a year.

    Parameters
    ----------
    plants
        Contract `PLANTS`; `start_year` and `retired_year` may be missing.
    counted
        Which rows are asked for, shape (n,).
    year
        The year.
    """
    begun, closed = (_read_years(plants, name) for name in ("start_year", "retired_year"))
    years = {date: _year_of(date) for date in plants["as_of"].unique().tolist()}
    dated = np.array([years[date] for date in plants["as_of"].tolist()], dtype=float)
    status = plants["status"].astype("str").to_numpy()
    ran = (status == OPERATING) | (np.isin(status, CLOSED) & (year < dated))
    may = counted & ran & ~(begun > year) & ~(closed <= year)
    # At a row's own date and after it, its status tells.
    told = (begun <= year) & ((status == OPERATING) | (closed > year))
    sure = may & (told | (year >= dated))
    knows_years = bool(np.isfinite(begun).any())
    value = sure if knows_years else sure | (may & (status == OPERATING))
    capacity = np.nan_to_num(plants["capacity_mw"].to_numpy(dtype=float))
    used = plants["as_of"][may].unique().tolist()
    return Running(
        low_mw=np.where(sure, capacity, 0.0),
        value_mw=np.where(value, capacity, 0.0),
        high_mw=np.where(may, capacity, 0.0),
        year=year,
        as_of=sorted({date[:7] for date in used}, key=date_order),
        is_before=bool((year < dated[may]).any()),
        is_after=bool((year > dated[may]).any()),
        knows_years=knows_years,
    )


def _read_years(plants: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    """Return a column of years, NaN where none is told."""
    if name not in plants:
        return np.full(len(plants), np.nan)
    return pd.to_numeric(plants[name]).to_numpy(dtype=float, na_value=np.nan)


def _year_of(date: str) -> float:
    moment = parse_date(date)
    return np.nan if moment is None else float(moment.year)
