"""Ways along railways: shortest, through their stops, chained end to end."""

from itertools import pairwise

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from steppe.layers.crs import line_km
from steppe.layers.packs.rail import RailGraph, joined, through_stations, without_detours


@pytest.fixture(scope="module")
def ladder() -> RailGraph:
    """Two parallel lines from west to east, joined at both ends; the northern is longer."""
    south = LineString([(110, 40), (111, 40), (112, 40)])
    north = LineString([(110, 40), (111, 41), (112, 40)])
    return RailGraph(gpd.GeoSeries([south, north], crs=4490))


def test_the_shorter_way_is_taken(ladder: RailGraph) -> None:
    way = ladder.way([(110, 40), (112, 40)])
    assert way.length == pytest.approx(2.0)


def test_a_stop_on_the_other_line_turns_the_way(ladder: RailGraph) -> None:
    way = ladder.way([(110, 40), (111, 41), (112, 40)])
    assert (111, 41) in way.coords
    assert line_km(way) > line_km(ladder.way([(110, 40), (112, 40)]))


def test_loose_ends_are_welded_and_gaps_are_not() -> None:
    near = [LineString([(110, 40), (111, 40)]), LineString([(111.01, 40), (112, 40)])]
    assert RailGraph(gpd.GeoSeries(near, crs=4490)).way(
        [(110, 40), (112, 40)]
    ).length == pytest.approx(2.0)
    far = [LineString([(110, 40), (111, 40)]), LineString([(111.2, 40), (112, 40)])]
    with pytest.raises(Exception, match=r"[Nn]o path"):
        RailGraph(gpd.GeoSeries(far, crs=4490)).way([(110, 40), (112, 40)])


def test_the_station_nearest_to_the_point_before_is_meant() -> None:
    stations = {"新城": [(111.0, 40.5), (120.0, 45.0)]}
    line = through_stations(((110, 40), (112, 40)), ["新城"], stations)
    assert list(line.coords) == [(110, 40), (111.0, 40.5), (112, 40)]


def test_an_unknown_station_is_no_silent_shortcut() -> None:
    with pytest.raises(KeyError):
        through_stations(((110, 40), (112, 40)), ["无此站"], {})


POINTS = st.lists(
    st.tuples(st.integers(100, 120), st.integers(38, 50)), min_size=3, max_size=8, unique=True
)


@given(POINTS, st.lists(st.booleans(), min_size=8, max_size=8))
def test_pieces_turned_at_will_chain_to_the_whole(points, turned) -> None:
    pieces = [LineString(pair) for pair in pairwise(points)]
    mixed = [
        piece.reverse() if turn else piece for piece, turn in zip(pieces, turned, strict=False)
    ]
    chain = list(joined(mixed).coords)
    whole = [(float(x), float(y)) for x, y in points]
    assert chain in (whole, whole[::-1])


def test_pieces_that_do_not_meet_are_an_error() -> None:
    with pytest.raises(ValueError, match="does not begin"):
        joined([LineString([(0, 0), (1, 0)]), LineString([(2, 0), (3, 0)])])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30))
def test_a_way_without_detours_visits_nothing_twice_and_keeps_its_ends(points) -> None:
    kept = without_detours(points)
    assert len(set(kept)) == len(kept)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    steps = set(pairwise(points))
    assert set(pairwise(kept)) <= steps
