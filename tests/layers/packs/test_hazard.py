"""Earthquakes once each, the well-known ones among them; faults, and where none are known."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from steppe.layers.crs import GEOD
from steppe.layers.packs.hazard import iso_time, merge_catalogues, read_noaa
from steppe.layers.packs.recipe import SameEvent

SAME = SameEvent(seconds=60.0, km=120.0, day_km=200.0, twin_seconds=10.0, twin_km=50.0)
# A degree of longitude is 85 km at 40 N, a degree of latitude 111 km.
PLACE = (110.0, 40.0)


def _catalogue(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["event_id", "time", "lon", "lat"])


def _kept(*rows: tuple[str, str, float, float], first: pd.DataFrame) -> list[str]:
    return merge_catalogues([first, _catalogue(*rows)], SAME)["event_id"].tolist()


MAIN = _catalogue(("main", "1980-06-01T04:00:00Z", *PLACE))


@pytest.mark.parametrize(
    ("time", "lon", "lat", "same"),
    [
        ("1980-06-01T04:00:00Z", 110.0, 40.0, True),
        ("1980-06-01T04:00:50Z", 110.0, 41.0, True),  # 50 s, 111 km
        ("1980-06-01T03:59:10Z", 110.0, 40.0, True),
        ("1980-06-01T04:01:30Z", 110.0, 40.0, False),  # an aftershock 90 s later
        ("1980-06-01T04:00:00Z", 110.0, 41.2, False),  # 133 km
        ("1980-06-01T04:00Z", 110.0, 40.0, True),  # known to the minute
        ("1980-06-01T04Z", 110.0, 40.0, True),  # known to the hour
        ("1980-06-01T06Z", 110.0, 40.0, False),
        ("1980-06-01", 110.0, 41.5, True),  # known to the day: 167 km
        ("1980-06-02", 110.0, 40.0, True),  # the local date
        ("1980-06-04", 110.0, 40.0, False),
        ("1980-06-01", 110.0, 42.0, False),  # 222 km
        ("1980-06", 110.0, 40.0, False),  # a month is no evidence
        ("1980", 110.0, 40.0, False),
    ],
)
def test_what_counts_as_the_same_event(time, lon, lat, same) -> None:
    kept = _kept(("other", time, lon, lat), first=MAIN)
    assert kept == (["main"] if same else ["main", "other"])


def test_each_event_takes_one_double_away_and_aftershocks_stay() -> None:
    """Three shocks in a minute; the preferred catalogue knows two of them."""
    first = _catalogue(
        ("main", "1990-04-26T09:37:00Z", *PLACE), ("third", "1990-04-26T09:37:50Z", *PLACE)
    )
    rows = [
        ("b_main", "1990-04-26T09:37:02Z", 110.1, 40.0),
        ("b_second", "1990-04-26T09:37:25Z", 110.1, 40.0),
        ("b_third", "1990-04-26T09:37:51Z", 110.1, 40.0),
    ]
    for order in (rows, rows[::-1]):
        assert _kept(*order, first=first) == ["main", "third", "b_second"]


def test_what_cannot_be_told_apart_is_one_event() -> None:
    rows = [
        ("b_early", "1980-06-01T03:59:56Z", 110.1, 40.0),  # 4 s, 9 km
        ("b_main", "1980-06-01T04:00:01Z", 110.1, 40.0),
        ("b_far", "1980-06-01T04:00:05Z", 110.9, 40.0),  # 5 s, but 77 km
    ]
    assert _kept(*rows, first=MAIN) == ["main", "b_far"]


def test_one_catalogue_is_believed_when_it_lists_two() -> None:
    twice = pd.concat([MAIN, MAIN.assign(event_id="again")])
    assert merge_catalogues([twice], SAME)["event_id"].tolist() == ["main", "again"]


def test_the_third_catalogue_is_held_against_both_others() -> None:
    second = _catalogue(("second", "1991-01-13T11:53:37Z", *PLACE))
    third = _catalogue(
        ("c_main", "1980-06-01T04:00:10Z", *PLACE),
        ("c_second", "1991-01-13T11:53:40Z", *PLACE),
        ("c_own", "1556-01-23", *PLACE),
        ("c_before_christ", "-0192-02", *PLACE),
    )
    merged = merge_catalogues([MAIN, second, third], SAME)
    assert merged["event_id"].tolist() == ["main", "second", "c_own", "c_before_christ"]


def test_seconds_carry_into_no_sixtieth_tenth() -> None:
    assert iso_time(2000, 1.0, 2.0, 3.0, 4.0, 5.96) == "2000-01-02T03:04:06Z"


def test_noaa_prefers_the_moment_magnitude_and_keeps_early_years(tmp_path: Path) -> None:
    columns = [
        *("i_d", "year", "month", "day", "hour", "minute", "second", "focal_depth"),
        *("eq_mag_mw", "eq_mag_ms", "eq_mag_mb", "eq_mag_ml", "eq_mag_unk"),
        *("latitude", "longitude"),
    ]
    nan = np.nan
    rows = [
        [1, 1976, 7, 27, 19, 42, " 54.6", 23, 7.5, 7.9, 6.3, nan, nan, 39.6, 118.0],
        [2, -193, 2, nan, nan, nan, "    ", nan, nan, 6.5, nan, nan, nan, 35.4, 103.9],
        [3, 501, nan, nan, nan, nan, "    ", nan, nan, nan, nan, nan, 6.3, 39.0, 125.3],
        [4, 1921, 8, 4, nan, nan, "    ", nan, nan, nan, nan, nan, nan, 40.0, 123.0],
    ]
    (tmp_path / "seismic").mkdir()
    file = tmp_path / "seismic" / "noaa_significant_earthquakes_bbox.csv"
    pd.DataFrame(rows, columns=columns).to_csv(file, index=False)
    read = read_noaa(tmp_path)
    found = read[["year", "time", "magnitude", "magnitude_type"]].to_numpy().tolist()
    assert found == [
        [1976, "1976-07-27T19:42:54.6Z", 7.5, "Mw"],
        [-193, "-0192-02", 6.5, "Ms"],
        [501, "0501", 6.3, "unk"],
    ]
    assert (read["accuracy_m"] >= 50_000).all()


@pytest.fixture(scope="module")
def quakes(pack: Path) -> pd.DataFrame:
    return pd.read_csv(pack / "earthquakes.csv")


@pytest.mark.parametrize(
    ("name", "day", "lon", "lat", "magnitude"),
    [
        # ISC-GEM; the days are in UTC.
        ("Bulnay", "1905-07-23", 96.8, 49.3, 8.33),
        ("Haiyuan", "1920-12-16", 105.6, 36.9, 8.3),
        ("Tangshan", "1976-07-27", 118.1, 39.6, 7.57),
        ("Wenchuan", "2008-05-12", 103.4, 31.0, 7.9),
        # Historic, by NOAA: Huaxian and Sanhe-Pinggu.
        ("Huaxian", "1556-01-23", 109.7, 34.5, 8.0),
        ("Sanhe", "1679-09-02", 117.0, 40.0, 8.0),
    ],
)
def test_well_known_earthquakes_stand_once(quakes, name, day, lon, lat, magnitude) -> None:
    away_m = GEOD.inv(
        np.full(len(quakes), lon), np.full(len(quakes), lat), quakes["lon"], quakes["lat"]
    )[2]
    large = quakes["magnitude"] >= 7.2
    found = quakes[quakes["time"].str.startswith(day) & (away_m < 150_000) & large]
    assert len(found) == 1, name
    row = found.iloc[0]
    assert row["magnitude"] == pytest.approx(magnitude, abs=0.06)
    instrumental = row["year"] >= 1904
    assert row["source_id"] == ("isc_gem" if instrumental else "noaa_significant")
    assert row["magnitude_type"] == ("Mw" if instrumental else row["magnitude_type"])


def test_tangshan_has_its_aftershock_of_the_same_day(quakes) -> None:
    """Luanxian, 15 hours later: Mw 7.0."""
    tangshan = quakes[quakes["time"].str.startswith(("1976-07-27", "1976-07-28"))]
    tangshan = tangshan[tangshan["lon"].between(117, 120) & tangshan["lat"].between(39, 41)]
    assert sorted(tangshan["magnitude"].round(1))[-2:] == [7.0, 7.6]


def test_no_two_rows_of_different_catalogues_are_near_in_time_and_place(quakes) -> None:
    timed = quakes[quakes["time"].str.contains("T") & (quakes["year"] >= 1904)]
    at = pd.to_datetime(timed["time"], format="ISO8601")
    close = 0
    for (_, one), moment in zip(timed.iterrows(), at, strict=True):
        others = timed[(at - moment).abs().dt.total_seconds().between(0, 10)]
        others = others[others["source_id"] != one["source_id"]]
        close += sum(
            GEOD.inv(one["lon"], one["lat"], other.lon, other.lat)[2] < 50_000
            for other in others.itertuples()
        )
    assert close == 0
    assert timed["source_id"].nunique() == 3


def test_years_and_times_agree(quakes) -> None:
    """ISO 8601 has a year 0, the catalogues have none: -0192 is 193 BC."""
    signed = quakes["time"].str.extract(r"^(-?\d{4})")[0].astype(int)
    counted = quakes["year"].where(quakes["year"] > 0, quakes["year"] + 1)
    assert (signed == counted).all()
    assert (quakes["year"] < 0).any()


def test_historic_places_are_said_to_be_rough(quakes) -> None:
    historic = quakes[quakes["year"] < 1904]
    assert len(historic) > 50
    assert (historic["accuracy_m"] >= 50_000).all()
    assert set(historic["source_id"]) == {"noaa_significant"}


def test_no_fault_is_known_in_the_east_and_the_extent_says_so(pack: Path) -> None:
    faults = gpd.read_file(pack / "faults.geojson")
    extent = gpd.read_file(pack / "fault_extent.geojson").geometry.union_all()
    assert faults.geometry.within(extent.buffer(0.02)).all()
    assert extent.bounds[2] <= faults.total_bounds[2] + 0.001
    # Tangshan, Chifeng, Tongliao and Hailar: not free of faults, but off the catalogue.
    for lon, lat in ((118.1, 39.6), (118.9, 42.3), (122.2, 43.6), (119.7, 49.2)):
        assert not extent.contains(shapely.Point(lon, lat))
    # Hohhot and Baotou lie in the graben of the Yellow River's bend.
    for lon, lat in ((111.65, 40.81), (109.84, 40.66), (106.2, 38.5)):
        assert extent.contains(shapely.Point(lon, lat))


def test_the_haiyuan_fault_slips_to_the_left(pack: Path) -> None:
    """Burchfiel et al. 1991: left-lateral; the earthquake of 1920 lies along it."""
    faults = gpd.read_file(pack / "faults.geojson")
    haiyuan = faults[faults["name"] == "Haiyuan Fault"]
    assert set(haiyuan["slip_type"]) == {"Sinistral"}
    assert haiyuan.geometry.union_all().distance(shapely.Point(105.62, 36.87)) < 0.5
