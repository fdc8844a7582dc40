"""Weather: the synthetic year keeps what it is given; files are read or refused in a line."""

import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.criteria.cooling.weather import (
    MONTH_DAYS,
    Normals,
    humidify,
    smooth_daily,
    swing,
    synthesize_year,
)
from steppe.criteria.cooling.weather_files import open_epw, open_isd
from steppe.criteria.moist_air import saturation_pressure_pa, standard_pressure_pa
from steppe.layers.errors import InputError
from steppe.layers.limits import WEATHER_BYTES

HEAD = (
    "LOCATION,Somewhere,-,CHN,TMY,534630,40.85,111.8,8.0,1063.0\n"
    "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,\nCOMMENTS 2,\n"
    "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n"
)

MONTHS = np.repeat(np.arange(12), MONTH_DAYS)
STEPPE = Normals(
    temp_mean_c=(-11, -6, 1, 9, 16, 21, 23, 21, 15, 8, -1, -9),
    diurnal_range_k=(12, 12, 13, 14, 14, 13, 11, 11, 12, 13, 12, 11),
    day_spread_k=(3, 3.5, 3, 3, 2.5, 2.5, 2, 2, 2, 2.5, 3, 3),
    persistence=0.7,
    dryness_k=2.0,
    height_m=1050.0,
)
twelve = st.lists(st.floats(-40.0, 40.0), min_size=12, max_size=12).map(tuple)


@given(twelve)
def test_the_smooth_course_keeps_the_monthly_means(monthly):
    daily = smooth_daily(monthly)
    means = [daily[month == MONTHS].mean() for month in range(12)]
    assert means == pytest.approx(monthly, abs=1e-9)


def test_a_constant_course_is_constant():
    assert smooth_daily((7.0,) * 12) == pytest.approx(np.full(365, 7.0))


def test_the_synthetic_year_keeps_its_normals():
    weather = synthesize_year(STEPPE)
    by_day = weather.temp_c.reshape(365, 24)
    means = [by_day[month == MONTHS].mean() for month in range(12)]
    assert means == pytest.approx(STEPPE.temp_mean_c, abs=1e-9)
    ranges = by_day.max(axis=1) - by_day.min(axis=1)
    wanted = np.array(STEPPE.diurnal_range_k)
    # The hours' middles miss the extremes, and a falling afternoon adds the next day's drop.
    found = np.array([ranges[month == MONTHS].mean() for month in range(12)])
    assert np.abs(found - wanted).max() < 1.2
    deviations = by_day.mean(axis=1) - smooth_daily(STEPPE.temp_mean_c)
    spread = [deviations[month == MONTHS].std() for month in range(12)]
    assert spread == pytest.approx(STEPPE.day_spread_k, rel=0.15)
    assert np.corrcoef(deviations[1:], deviations[:-1])[0, 1] == pytest.approx(0.7, abs=0.12)
    assert weather.kind == "synthetic"
    assert np.all(weather.pressure_pa == standard_pressure_pa(1050.0))


def test_the_same_normals_give_the_same_year():
    first, again = synthesize_year(STEPPE), synthesize_year(STEPPE)
    assert np.array_equal(first.temp_c, again.temp_c)
    assert np.array_equal(first.vapour_pressure_pa, again.vapour_pressure_pa)


def test_a_day_swings_from_its_minimum_in_the_morning_to_its_maximum_in_the_afternoon():
    day = swing(np.array([0.0, 2.0, 1.0]), np.array([10.0, 14.0, 9.0]))[24:48]
    assert day[6:15].tolist() == sorted(day[6:15])
    assert 2.0 <= day.min() < 2.2
    assert 13.8 < day.max() <= 14.0
    assert np.argmin(day) in (5, 6)
    assert np.argmax(day) in (14, 15)
    # Half cosines: halfway up at 10:30, between the hours 10 and 11.
    assert (day[10] + day[9] + day[11]) / 3 == pytest.approx(8.0, abs=0.8)


def test_humidity_is_that_of_a_dew_point_below_the_minimum_and_never_above_saturation():
    lowest = np.array([15.0, 15.0])
    temp = swing(lowest, lowest + 12.0)
    at_dew_point = saturation_pressure_pa(13.0, over_ice=False)
    assert humidify(lowest, temp, 2.0) == pytest.approx(np.full(48, at_dew_point), rel=1e-7)
    colder = np.full(48, -20.0)
    vapour = humidify(lowest, colder, 2.0)
    assert np.all(vapour <= saturation_pressure_pa(colder, over_ice=False))


def test_an_epw_gives_what_it_holds(tmp_path, write_epw):
    weather = open_epw(write_epw(tmp_path / "站 a.epw"))
    assert weather.temp_c.shape == (8760,)
    assert set(weather.temp_c) == {15.0}
    assert set(weather.pressure_pa) == {89000.0}
    at_dew_point = saturation_pressure_pa(5.0)
    assert weather.vapour_pressure_pa == pytest.approx(np.full(8760, at_dew_point), rel=1e-7)
    assert weather.kind == "measured"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"blank_months": (2,)}, "months 2 hold less than 80%"),
        ({"cut": 4000}, "months 6, 7, 8, 9, 10, 11, 12 hold less"),
        ({"pressure": 890}, "pressure from 890 to 890 Pa cannot be"),
        ({"temp": 288.0}, "temperature from 288 to 288"),
        ({"temp": "warm"}, "is not an EPW file"),
    ],
)
def test_a_bad_epw_is_refused_in_one_line(tmp_path, write_epw, changes, said):
    path = write_epw(tmp_path / "bad.epw", **changes)
    with pytest.raises(InputError, match=said) as caught:
        open_epw(path)
    assert len(caught.value.problems) == 1
    assert "bad.epw" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "hello", "a,b\n1,2\n", "LOCATION\n" * 20, "\x00\x00"])
def test_what_is_no_weather_at_all_is_refused(tmp_path, text):
    path = tmp_path / "no.epw"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        open_epw(path)
    with pytest.raises(InputError):
        open_isd(path, height_m=0.0)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="file not found"):
        open_epw(tmp_path / "none.epw")
    with pytest.raises(InputError, match="file not found"):
        open_isd(tmp_path / "none.csv", height_m=0.0)


def write_isd(path, *, every_h=3, zone="", skip=(), bad=()):
    start = np.datetime64("2001-01-01T00:00")
    lines = ["STATION,DATE,TMP,DEW"]
    for number, hour in enumerate(range(0, 8760, every_h)):
        time = start + np.timedelta64(hour, "h")
        if time.astype("datetime64[M]").astype(int) % 12 + 1 in skip:
            continue
        # A wave of the day, in tenths of a degree, up to the tenth.
        tenths = round(100 + 80 * math.sin(2 * math.pi * hour / 24))
        code = 3 if number in bad else 1
        lines.append(f'5346,{time}:00{zone},"{tenths:+05d},{code}","-0050,1"')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("zone", ["", "Z"])
def test_three_hourly_reports_become_hours(tmp_path, zone):
    weather = open_isd(write_isd(tmp_path / "isd.csv", zone=zone), height_m=1063.0)
    # After the last report, at 21 h, nothing is drawn.
    assert weather.temp_c.shape == (8758,)
    assert weather.temp_c[:7] == pytest.approx([10.0, 11.9, 13.8, 15.7, 16.5, 17.2, 18.0], abs=0.1)
    assert weather.pressure_pa[0] == standard_pressure_pa(1063.0)
    at_dew_point = saturation_pressure_pa(-5.0, over_ice=False)
    assert weather.vapour_pressure_pa[:3] == pytest.approx([at_dew_point] * 3, rel=1e-7)


def test_a_report_that_failed_its_check_is_not_bridged(tmp_path):
    weather = open_isd(write_isd(tmp_path / "isd.csv", bad=(10,)), height_m=0.0)
    # Reports at 27 h and 33 h remain: the five hours between lie in too wide a gap.
    assert weather.temp_c.shape == (8753,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"skip": (7,)}, "months 7 hold less than 80%"),
        ({"every_h": 6}, "hold less than 80%"),
        ({"bad": range(9000)}, "hold less than 80%"),
    ],
)
def test_a_thin_station_is_refused(tmp_path, changes, said):
    path = write_isd(tmp_path / "isd.csv", **changes)
    with pytest.raises(InputError, match=said):
        open_isd(path, height_m=0.0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DATE,TMP\n2001-01-01T00:00,+0100\n", "lacks the columns DEW"),
        ('DATE,TMP,DEW\nyesterday,"+0100,1","+0050,1"\n', r"dates.*rows 2"),
        (
            'DATE,TMP,DEW\n2001-01-01,"+0100,1","+0050,1"\n2002-01-01,"+0100,1","+0050,1"\n',
            "just one year",
        ),
    ],
)
def test_a_bad_isd_file_is_refused(tmp_path, text, said):
    path = tmp_path / "isd.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        open_isd(path, height_m=0.0)


def spoil(path, change):
    """Change the text of a file that is right."""
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return path


def of_row(number, change):
    """Change one line of an EPW, counted from 1."""

    def spoil_line(text):
        lines = text.split("\n")
        lines[number - 1] = change(lines[number - 1])
        return "\n".join(lines)

    return spoil_line


def of_location(*fields):
    return of_row(1, lambda _: ",".join(["LOCATION", "x", "-", "CHN", "TMY", "5", *fields]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("0,0,0\n1999", "0,0,0,7\n1999"), "line 9 holds 36 fields, not 35"),
        (of_row(9, lambda row: row + ",7"), "line 9 holds 36 fields, not 35"),
        (of_row(500, lambda row: row + ",7"), "line 500 holds 36 fields, not 35"),
        (of_row(500, lambda row: row[:20]), "line 500 holds 7 fields, not 35"),
        (of_row(500, lambda _: ""), "line 500 holds 1 fields, not 35"),
        (of_row(500, lambda row: row + "x" * 10_000_000), "months"),
        (of_row(500, lambda row: row + "," * 10_000_000), "line 500 holds 10000035 fields"),
        (of_row(500, lambda row: row.replace("1999,1,", "1999,13,")), "not an EPW file"),
        (of_row(500, lambda row: row.replace("1999,1,", "1999,2,3")), "not an EPW file"),
        (of_row(500, lambda row: row.replace("1999,1,", "99999999999999999999,1,")), "not an EPW file"),
        (of_row(10, lambda row: row.replace("1999,1,1,2,", "1999,1,1,1,")), "an hour twice .rows 10"),
        (of_row(9, lambda row: row.replace(",15.0,", ",inf,")), "cannot be"),
        (of_row(9, lambda row: row.replace(",15.0,", ",1e400,")), "cannot be"),
        (of_row(9, lambda row: row.replace(",15.0,", ",15\x000,")), "not an EPW file"),
        (lambda text: text * 2, "17528 records|holds 10 fields"),
        (of_row(1, lambda _: "LOCATION"), "its first line is no LOCATION"),
        (of_row(1, lambda row: row[1:]), "its first line is no LOCATION"),
        (of_location("north", "east", "8", "1000"), "its LOCATION has no latitude"),
        (of_location("91", "111", "8", "1000"), "its LOCATION has no latitude"),
        (of_location("nan", "111", "8", "1000"), "its LOCATION has no latitude"),
        (of_location("40", "1e999", "8", "1000"), "its LOCATION has no latitude"),
        (of_location("40", "111", "1e999", "1000"), "not an EPW file"),
        (of_location("40", "111", "800", "1000"), "not an EPW file"),
    ],
)  # fmt: skip
def test_an_epw_with_a_fault_is_one_line(tmp_path, write_epw, change, said):
    path = spoil(write_epw(tmp_path / "bad.epw"), change)
    if said == "months":  # a text, however long, in a field that nothing reads
        assert open_epw(path).temp_c.shape == (8760,)
        return
    with pytest.raises(InputError, match=said) as caught:
        open_epw(path)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_weather_that_is_cut_off_or_in_another_encoding_is_one_line(
    tmp_path, write_epw, share, encoding
):
    texts = {
        "a.epw": write_epw(tmp_path / "whole.epw").read_text(encoding="utf-8"),
        "a.csv": write_isd(tmp_path / "whole.csv").read_text(encoding="utf-8"),
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_bytes(text.encode(encoding)[: int(share * len(text.encode(encoding)))])
        with pytest.raises(InputError) as caught:
            open_epw(path) if name == "a.epw" else open_isd(path, height_m=0.0)
        assert len(caught.value.problems) == 1


def test_a_leap_day_counts(tmp_path, write_epw):
    def leap(text):
        last = text.index("1999,3,1,1,")
        day = text[text.index("1999,2,28,1,") : last].replace(",2,28,", ",2,29,")
        return (text[:last] + day + text[last:]).replace("1999,", "2000,")

    assert open_epw(spoil(write_epw(tmp_path / "leap.epw"), leap)).temp_c.shape == (8784,)


def test_a_file_tells_where_it_was_measured(tmp_path, write_epw):
    station = open_epw(write_epw(tmp_path / "a.epw")).station
    assert (station.lat, station.lon, station.height_m) == (40.85, 111.8, 1063.0)

    def place(lat, lon, height_m):
        isd = write_isd(tmp_path / "isd.csv").read_text(encoding="utf-8").split("\n")
        rows = [f"{row},{lat},{lon},{height_m}" for row in isd[1:] if row]
        head = isd[0] + ",LATITUDE,LONGITUDE,ELEVATION"
        (tmp_path / "placed.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return open_isd(tmp_path / "placed.csv", height_m=0.0).station

    station = place("40.85", "111.8", "1063.0")
    assert (station.lat, station.lon, station.height_m) == (40.85, 111.8, 1063.0)
    # NOAA writes nines where it does not know; a height alone may lack.
    assert place("+99.999", "+999.999", "+9999.9") is None
    assert math.isnan(place("40.85", "111.8", "+9999.9").height_m)
    assert open_isd(write_isd(tmp_path / "isd.csv"), height_m=0.0).station is None


def test_what_is_no_regular_file_or_too_large_is_one_line(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as out:
        out.truncate(WEATHER_BYTES.most + 1)
    for name, said in (("pipe", "is a pipe"), ("large", "at most"), ("", "is a folder")):
        with pytest.raises(InputError, match=said):
            open_epw(tmp_path / name)
        with pytest.raises(InputError, match=said):
            open_isd(tmp_path / name, height_m=0.0)


@pytest.mark.parametrize("year", ["0001", "1600", "2400", "9999"])
def test_a_year_without_weather_records_is_refused(tmp_path, year):
    path = tmp_path / "isd.csv"
    path.write_text(f'DATE,TMP,DEW\n{year}-01-01,"+0100,1","+0050,1"\n', encoding="utf-8")
    with pytest.raises(InputError):
        open_isd(path, height_m=0.0)


@settings(max_examples=40)
@given(st.data())
def test_changed_letters_of_weather_are_read_or_one_line(tmp_path_factory, data):
    """Of the first lines of a file, with changed letters: never a trace."""
    folder = tmp_path_factory.getbasetemp()
    isd = 'DATE,TMP,DEW,LATITUDE,LONGITUDE,ELEVATION\n2001-01-01T00:00,"+0100,1","-0050,1",4,1,9\n'
    epw = f"{HEAD}1999,1,1,1,60,A7,15.0,5.0,50,89000{',0' * 25}\n"
    for name, text in (("f.epw", epw), ("f.csv", isd)):
        letters = list(text)
        for _ in range(data.draw(st.integers(0, 3))):
            place = data.draw(st.integers(0, len(letters) - 1))
            letters[place] = data.draw(st.sampled_from([*'0123456789,.-+"\n\r\0 eEx', "", "é"]))
        (folder / name).write_text("".join(letters), encoding="utf-8")
        with pytest.raises(InputError):  # an hour is no year
            open_epw(folder / name) if name == "f.epw" else open_isd(folder / name, height_m=0.0)
