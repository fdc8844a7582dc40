"""Our medians against the bands that Lei and Masanet published per ASHRAE climate zone.

Their sites are American, their chiller curves are others (Gaussian processes, never printed),
and their 2022 air side does without evaporation above its upper limit; ours is the balance
of 2020 with the ranges of 2022.  Medians of PUE must lie within their 5-95 % bands, and so
must medians of WUE but for one kind of facility.
"""

import csv

import numpy as np
import pandas as pd
import pytest

from steppe.criteria.cooling.bands import estimate
from steppe.criteria.cooling.facilities import FACILITIES
from steppe.criteria.cooling.weather import MONTH_DAYS, Normals, smooth_daily, synthesize_year

pytestmark = pytest.mark.packs

STATIONS = {
    "hohhot": "534630-99999",
    "ulanqab": "534800-99999",
    "xilinhot": "541020-99999",
    "manzhouli": "505140-99999",
    "beijing": "545110-99999",
}
# ANSI/ASHRAE Standard 169, annex A: lowest yearly heating degree days at 18 °C of a zone.
HEATING_K_DAYS = {"8": 7000.0, "7": 5000.0, "6": 4000.0, "5": 3000.0, "4": 2000.0}
WARM_HALF = range(3, 9)


@pytest.fixture(scope="module")
def climates(datasets) -> dict[str, tuple[np.ndarray, np.ndarray, float]]:
    """Monthly mean temperature in °C, monthly rain in mm, and height in m."""
    path = datasets / "climate" / "chelsa_v1_1979_2013_at_isd_stations.csv"
    table = pd.read_csv(path).set_index("STNID")

    def read(station: str) -> tuple[np.ndarray, np.ndarray, float]:
        row = table.loc[station]
        temp, rain = (
            np.array([row[f"CHELSA_{name}_{month}_1979-2013"] for month in range(1, 13)], float)
            for name in ("temp", "prec")
        )
        # The file repeats June as July; the yearly mean, which is apart, gives July back.
        temp[6] = 12.0 * row["CHELSA_temp_1979-2013_land"] - (temp.sum() - temp[6])
        return temp, rain, float(row["ELEV(M)"])

    return {name: read(station) for name, station in STATIONS.items()}


@pytest.fixture(scope="module")
def bands(published) -> dict[tuple[str, int], dict[str, tuple[float, float]]]:
    """Published (5th, 95th) by zone and case, of PUE and of WUE."""
    text = (published / "pue_zone_results.csv").read_text(encoding="utf-8")
    rows = {
        (row["ashrae_zone"], int(row["case"]), row["quantile"]): row
        for row in csv.DictReader(text.splitlines())
    }
    return {
        (zone, case): {
            key: (float(row[key]), float(rows[zone, case, "95th"][key]))
            for key in ("pue", "wue_l_per_kwh")
        }
        for (zone, case, quantile), row in rows.items()
        if quantile == "5th"
    }


def zone_of(temp_c: np.ndarray, rain_mm: np.ndarray) -> str:
    """Return the ASHRAE climate zone by heating degree days and dryness."""
    cold = np.maximum(18.0 - smooth_daily(tuple(temp_c)), 0.0).sum()
    number = next(zone for zone, least in HEATING_K_DAYS.items() if cold > least)
    if number in {"7", "8"}:
        return number
    # Dry where most rain falls in the warm half and there is less than 20 (T + 14) mm of it.
    assert rain_mm[WARM_HALF].sum() >= 0.7 * rain_mm.sum()
    mean_c = np.average(temp_c, weights=MONTH_DAYS)
    return number + ("B" if rain_mm.sum() < 20.0 * (mean_c + 14.0) else "A")


def test_zones_of_the_stations(climates):
    zones = {name: zone_of(temp, rain) for name, (temp, rain, _) in climates.items()}
    assert zones["beijing"] in {"4A", "4B"}
    assert zones["hohhot"] == "6B"
    assert zones["xilinhot"] == zones["manzhouli"] == "7"


@pytest.mark.parametrize("facility", FACILITIES, ids=lambda facility: facility.facility_id)
@pytest.mark.parametrize("station", STATIONS)
def test_medians_lie_within_the_published_bands(climates, bands, station, facility):
    """WUE of the hyperscale air side lies below the published band in zone 7.

    There the authors' 5 % already holds 0.07 L/kWh: their American sites of zone 7 have humid
    summers, and their 2022 rule gives air above its dew-point limit to the chiller, whose
    tower takes the water.  Ours, by the balance of 2020, goes on with outdoor air up to an
    enthalpy that a dry steppe never reaches.  It must then lie below, not above.
    """
    temp, rain, height_m = climates[station]
    weather = synthesize_year(Normals(tuple(temp), (11.2,) * 12, (2.7,) * 12, 0.7, 2.0, height_m))
    found = estimate(facility, weather)
    zone = zone_of(temp, rain)
    published = bands[zone, facility.case]
    low, high = published["pue"]
    assert low <= found.pue.median <= high
    low, high = published["wue_l_per_kwh"]
    if facility.facility_id == "hyperscale_air" and zone == "7":
        assert 0.0 < found.wue_l_per_kwh.median < low
    else:
        assert low <= found.wue_l_per_kwh.median <= high
