"""Angles and numbers: any writing of any coordinate comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.importing.angles import parse_angle, parse_pair
from steppe.layers.importing.numerals import find_decimal, parse_number

LONS, LATS = st.floats(-180.0, 180.0), st.floats(-90.0, 90.0)


def parted(value: float) -> tuple[int, int, float]:
    """Whole degrees and minutes, and seconds to a hundred-thousandth."""
    units = round(abs(value) * 3600 * 10**5)
    degrees, rest = divmod(units, 3600 * 10**5)
    minutes, seconds = divmod(rest, 60 * 10**5)
    return degrees, minutes, seconds / 10**5


# How people write degrees, minutes and seconds; {h} is the letter of the side.
SIDED = (
    "{d}°{m}'{s:.5f}\"{h}", "{h}{d}°{m}′{s:.5f}″", "{d}° {m}' {s:.5f}\" {h}", "{d}º{m}’{s:.5f}”{h}",
    "{d} {m} {s:.5f} {h}", "{h} {d} {m} {s:.5f}", "{d}-{m}-{s:.5f}{h}", "{d}:{m}:{s:.5f}{h}",
    "{d}°{m}'{s:.5f}''{h}", "{d}d{m}m{s:.5f}s {h}", "{d}deg {m}min {s:.5f}sec {h}", "{d}˚{m:02d}'{s:08.5f}\"{h}",
)  # fmt: skip
CHINESE = ("{c}{d}度{m}分{s:.5f}秒", "{c} {d}°{m}′{s:.5f}″", "{c}：{d}度{m}分{s:.5f}秒")
BARE = ("{n}{d}°{m}'{s:.5f}\"", "{n}{d} {m} {s:.5f}", "{n}{d}-{m}-{s:.5f}", "{n}{d}:{m}:{s:.5f}")
WORDS = {"lon": ("EW", ("东经", "西经")), "lat": ("NS", ("北纬", "南纬"))}


@settings(max_examples=60)
@given(
    st.one_of(st.tuples(st.just("lon"), LONS), st.tuples(st.just("lat"), LATS)),
    st.sampled_from((*SIDED, *CHINESE, *BARE)),
)
def test_any_writing_of_any_coordinate_comes_back(coordinate: tuple[str, float], form: str) -> None:
    axis, value = coordinate
    d, m, s = parted(value)
    letters, words = WORDS[axis]
    is_less = int(value < 0)
    sign = "-" if is_less else ""
    text = form.format(d=d, m=m, s=s, h=letters[is_less], c=words[is_less], n=sign)
    angle = parse_angle(text)
    assert angle is not None, text
    assert angle.degrees == pytest.approx(value, abs=1e-7), text
    assert angle.axis == (None if form in BARE else axis)


@settings(max_examples=30)
@given(
    LONS,
    LATS,
    st.sampled_from((", ", ",", "; ", " ", "，", "\n", "")),
    st.sampled_from(("lon", "lat")),
)
def test_any_two_in_one_cell_come_back(lon: float, lat: float, sign: str, first: str) -> None:
    texts = []
    for axis, value in (("lon", lon), ("lat", lat)):
        d, m, s = parted(value)
        texts.append(f"{d}°{m}'{s:.5f}\"{WORDS[axis][0][value < 0]}")
    pair = parse_pair(sign.join(reversed(texts) if first == "lat" else texts))
    assert pair is not None
    found = {angle.axis: angle.degrees for angle in pair}
    assert found == {"lon": pytest.approx(lon, abs=1e-7), "lat": pytest.approx(lat, abs=1e-7)}
    assert pair[0].axis == first


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("1114030E", 111.675), ("404830.5N", 40.80847222), ("W0°6'", -0.1), ("111°", 111.0),
        ("111,675°", 111.675), ("40°59'60\"N", 41.0), ("111.40.30", 111.675), ("111°40.5'", 111.675),
        ("－40.5", -40.5), ("lat: 40.5", 40.5),
    ],
)  # fmt: skip
def test_rarer_writings(text: str, degrees: float) -> None:
    angle = parse_angle(text)
    assert angle is not None
    assert angle.degrees == pytest.approx(degrees, abs=1e-7)


@pytest.mark.parametrize(
    "text", ["", "12 MW", "Erdos", "2024-05-01", "111°61'00\"", "40°30'75\"", "N40E", "A-1-2", "1.2.3.4", "111.5 30"]
)  # fmt: skip
def test_what_is_no_angle_is_none(text: str) -> None:
    assert parse_angle(text) is None


@settings(max_examples=60)
@given(
    st.integers(-(10**9), 10**9), st.integers(0, 6), st.sampled_from([(".", ","), (".", " "), (".", "'"), (",", "."), (",", "\u00a0"), (".", ""), (",", "")]),
)  # fmt: skip
def test_any_writing_of_a_number_comes_back(
    units: int, places: int, signs: tuple[str, str]
) -> None:
    value = units / 10**places
    decimal, thousands = signs
    text = f"{value:,.{places}f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert parse_number(text, decimal) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    ("cells", "separator", "found"),
    [
        (["111,5", "40,25"], ";", (",", True)), (["111.5", "1,234"], ",", (".", True)),
        (["1.234,5"], "\t", (",", True)), (["1,234.5"], ";", (".", True)), (["1,234"], ";", (",", False)),
        (["1,234"], ",", (".", False)), (["12,13", *["1.5"] * 30], ",", (".", True)), (["a", ""], ",", (".", True)),
    ],
)  # fmt: skip
def test_what_stands_before_the_fraction_is_found(cells, separator, found) -> None:
    assert find_decimal(cells, separator) == found
