"""Weather files that a user might give."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gis.criteria.cooling.weather import MONTH_DAYS

HEAD = (
    "LOCATION,Somewhere,-,CHN,TMY,534630,40.85,111.8,8.0,1063.0\n"
    "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,\nCOMMENTS 2,\n"
    "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n"
)


def _write_epw(path, *, temp=15.0, dew=5.0, pressure=89000, cut=None, blank_months=()):
    lines = []
    for month, days in enumerate(MONTH_DAYS, start=1):
        for day in range(1, days + 1):
            for hour in range(1, 25):
                shown = 99.9 if month in blank_months else temp
                values = [1999, month, day, hour, 60, "A7", shown, dew, 50, pressure]
                lines.append(",".join(map(str, values + [0] * 25)))
    path.write_text(HEAD + "\n".join(lines[:cut]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def write_epw() -> Callable[..., Path]:
    """Write a year of equal hours as EPW: `temp`, `dew` in °C, `pressure` in Pa."""
    return _write_epw
