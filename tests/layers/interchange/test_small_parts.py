"""Codes of countries, lanes and geodesics."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from steppe.layers import lines
from steppe.layers.interchange import countries
from steppe.layers.interchange.countries import UNKNOWN, country_code
from steppe.layers.lines import geodesic, spread_lanes


@pytest.mark.parametrize("module", [countries, lines])
def test_examples(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed


# ISO 3166-1, one of each continent, and names that are easily taken for one another.
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("China", "CN"), ("Mongolia", "MN"), ("Switzerland", "CH"), ("Australia", "AU"),
        ("Austria", "AT"), ("Niger", "NE"), ("Nigeria", "NG"), ("Slovakia", "SK"),
        ("Slovenia", "SI"), ("South Africa", "ZA"), ("Brazil", "BR"), ("united  states", "US"),
        ("Dominica", "DM"), ("Dominican Republic", "DO"), ("Georgia", "GE"), ("DE", "DE"),
    ],
)  # fmt: skip
def test_a_country_has_its_code(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("name", ["Korea", "Congo", "Yugoslavia", "Europe", "", "XX", "ZZ"])
def test_what_means_no_one_country_is_unknown(name: str) -> None:
    assert country_code(name) == UNKNOWN == "ZZ"


def test_no_name_has_two_codes() -> None:
    entries = countries._NAMES.strip().replace("\n", "; ").split("; ")
    names = [name for entry in entries for name in entry.partition(" ")[2].split("/")]
    codes = [entry[:2] for entry in entries]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)
    assert all(
        code.isupper() and entry[2] == " " for code, entry in zip(codes, entries, strict=True)
    )


@given(st.lists(st.sets(st.sampled_from("abcd"), max_size=3), max_size=40))
def test_lines_that_share_something_have_different_lanes(shares) -> None:
    lanes = spread_lanes(shares)
    for number, (names, lane) in enumerate(zip(shares, lanes, strict=True)):
        for other, other_lane in list(zip(shares, lanes, strict=True))[:number]:
            assert not names & other or lane != other_lane
        # No lane nearer to the middle was free.
        beside = {at for near, at in list(zip(shares, lanes, strict=True))[:number] if names & near}
        assert all(step in beside for step in range(-abs(lane) + 1, abs(lane)))


def test_any_number_of_parallel_lines_has_lanes() -> None:
    assert sorted(spread_lanes([["a"]] * 41)) == list(range(-20, 21))


degrees = st.tuples(st.floats(-179, 179), st.floats(-89, 89))


@given(degrees, degrees)
def test_a_geodesic_is_as_long_as_the_way_between_its_ends(a, b) -> None:
    ellipsoid = Geod(ellps="GRS80")
    line = geodesic([a, b])
    assert (line.coords[0], line.coords[-1]) == (a, b)
    metres = ellipsoid.inv(*a, *b)[2]
    assert ellipsoid.geometry_length(line) == pytest.approx(metres, rel=1e-6, abs=1)
