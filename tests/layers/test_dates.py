"""Dates of ISO 8601: what is one, and which is the newer."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.dates import date_order, parse_date, read_day


@given(st.dates(), st.dates())
def test_days_have_the_order_of_the_calendar(one, other) -> None:
    assert (date_order(one.isoformat()) < date_order(other.isoformat())) == (one < other)


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_times_have_the_order_of_the_world(one, other) -> None:
    # A zone of old may be off by seconds, which ISO 8601 does not write.
    texts = [each.isoformat() for each in (one, other)]
    if any(parse_date(text) is None for text in texts):
        return
    first, second = (parse_date(text) for text in texts)
    assert (first.minutes < second.minutes) == (one < other) or abs(
        first.minutes - second.minutes
    ) < 1e-5


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2016-12", "2017"),
        ("2017", "2017-05"),
        ("2017-05", "2017-11-01"),
        ("-0193", "-0192-02"),
        ("-0001", "0001"),
        ("0999-12-31", "1000"),
        ("2017-05-01T00:00+08:00", "2017-04-30T20:00Z"),
        ("2017-05-01T08:00", "2017-05-01T08:00:00.5"),
    ],
)
def test_the_newer_is_the_later(older: str, newer: str) -> None:
    assert date_order(older) < date_order(newer)


@pytest.mark.parametrize(
    ("text", "year"),
    [("0501", 501), ("-0192-02", -192), ("1769-10-24T13Z", 1769), ("2000-02-29", 2000), ("2016-12-31T23:59:60Z", 2016)],
)  # fmt: skip
def test_what_catalogues_write_is_a_date(text: str, year: int) -> None:
    assert parse_date(text).year == year


@pytest.mark.parametrize(
    "text",
    ["1900-02-29", "2017-00-01", "2017-04-31", "2017-05-01T24:01", "2017-05-01T10:00+15:00", "17-05-01",
     "2017-05-01\n", " 2017", "2017-W18", "2017-121", "٢٠١٧"],
)  # fmt: skip
def test_what_is_none_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(st.dates())
def test_a_day_is_read_as_date_or_as_text(day: date) -> None:
    assert read_day(day) == read_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "value",
    [
        *("12/31/2017", "20171231", "2017-12", "2017-02-30", "0000-01-01", "2017-W52-7", " "),
        *(43100, 86400, 86400.0, 0, True, None, datetime(2017, 12, 31)),  # noqa: DTZ001
    ],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="is no day"):
        read_day(value)
