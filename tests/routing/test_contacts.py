"""Contacts, measured again by walking along every line, and as bands that have no edge."""

from __future__ import annotations

from dataclasses import astuple
from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString

from steppe.routing import far_rows, near_rows
from steppe.routing.contacts import find_contacts

GEOD = Geod(ellps="GRS80")
LIMITS = {"beside_km": 1.5, "shortest_km": 4.0, "end_km": 5.0}


def _find(lines, accuracy_km=0.0, **limits):
    return find_contacts(lines, [accuracy_km] * len(lines), **{**LIMITS, **limits})


def _stretches(contacts):
    return [contact for contact in contacts if not contact.crosses]


@settings(max_examples=25)
@given(data=st.data(), end_km=st.sampled_from((0.0, 5.0)))
def test_stretches_are_those_of_a_walk_along_every_pair(ground, bundles, data, end_km):
    lines = data.draw(bundles(max_lines=4))
    found = dict.fromkeys(combinations(range(len(lines)), 2), 0.0)
    for stretch in _stretches(_find(lines, end_km=end_km)):
        found[stretch.first, stretch.second] += stretch.km
        assert stretch.sure
        assert stretch.low_km == stretch.km == pytest.approx(stretch.high_km, abs=1e-3)
    for (first, second), km in found.items():
        # The walk is right to a step, so it is asked a little narrower and a little wider.
        narrow, wide = (
            ground.beside_km(lines[first], lines[second], **limits)
            for limits in (
                {"beside_km": 1.49, "gap_km": 3.7, "shortest_km": 4.3, "end_km": end_km * 1.01},
                {"beside_km": 1.51, "gap_km": 4.3, "shortest_km": 3.7, "end_km": end_km * 0.99},
            )
        )
        assert narrow - 0.3 <= km <= wide + 0.3


# The band


@pytest.mark.parametrize("apart_km", [1.49, 1.51, 3.0, 11.4])
def test_lines_true_to_5_km_may_run_beside_each_other_a_little_more_or_less_than_1500_m_apart(
    ground, apart_km
):
    lines = [ground.north(ground.home, east_km=east, km=100.0) for east in (0.0, apart_km)]
    (stretch,) = _find(lines, 5.0)
    assert (stretch.crosses, stretch.sure) == (False, False)
    assert stretch.low_km == 0
    # All but the 5 km round the ends, and what it takes from there to lie so much off the drawing.
    off_km = max(apart_km - 1.5, 0.0)
    assert stretch.high_km == pytest.approx(100 - 2 * (5 + off_km), abs=1.2)
    assert stretch.gap_km == pytest.approx(apart_km, rel=0.02)
    assert not _find([lines[0], ground.north(ground.home, east_km=11.8, km=100.0)], 5.0)


@pytest.mark.parametrize(("accuracy_km", "is_sure"), [(0.0, True), (0.24, True), (0.26, False)])
def test_a_stretch_is_sure_where_no_accuracy_takes_it_out_of_reach(ground, accuracy_km, is_sure):
    lines = [ground.north(ground.home, east_km=east, km=40.0) for east in (0.0, 1.0)]
    (stretch,) = _find(lines, accuracy_km)
    assert stretch.sure is is_sure
    assert stretch.km == pytest.approx(30.0, abs=0.01)
    assert stretch.low_km == pytest.approx(30.0 if is_sure else 0.0, abs=0.01)


@pytest.mark.parametrize("turned", [1, -1])
def test_what_is_drawn_as_one_stroke_is_one_however_true_it_is_drawn(ground, turned):
    shared = [ground.move(*ground.home, north_km=north) for north in (40, 50, 63, 70)]
    one = LineString(
        [ground.move(*ground.home, east_km=-30), *shared, ground.move(*shared[-1], east_km=-60)]
    )
    other = LineString(
        [ground.move(*ground.home, east_km=30), *shared, ground.move(*shared[-1], east_km=60)]
    )
    (stretch,) = _find([one, LineString(other.coords[::turned])], 5.0)
    assert stretch.sure
    assert stretch.low_km == pytest.approx(30.0, abs=0.01)
    assert stretch.low_km < stretch.km < stretch.high_km


@settings(max_examples=50)
@given(apart_km=st.floats(0.1, 14.0), accuracy_km=st.floats(0.0, 6.0))
def test_a_band_has_no_edge(ground, apart_km, accuracy_km):
    """Ten metres more between two lines are never more than the ten metres."""
    here, there = (
        _find([ground.north(ground.home, east_km=east, km=60.0) for east in (0.0, km)], accuracy_km)
        for km in (apart_km, apart_km + 0.01)
    )
    surely_km, possibly_km = 1.5 - 2 * accuracy_km, 1.5 + 2 * accuracy_km
    near_edge = [abs(apart_km - edge) < 0.05 for edge in (surely_km, possibly_km)]
    sure = [any(each.sure for each in some) for some in (here, there)]
    assert sure[0] == sure[1] or near_edge[0]
    assert bool(here) == bool(there) or near_edge[1]
    # A line may lie so much off its drawing as it has gone from its end.
    high = [sum(each.high_km for each in some) for some in (here, there)]
    assert abs(high[0] - high[1]) < 2.1 or near_edge[1]
    if not any(near_edge):
        assert sure[0] == (apart_km <= surely_km)
        assert bool(here) == (apart_km <= possibly_km)


# Crossings


def _cross(ground, north_km=50.0, half_km=40.0):
    middle = ground.move(*ground.home, north_km=north_km)
    across = LineString([ground.move(*middle, east_km=east) for east in (-half_km, half_km)])
    return [ground.north(ground.home, east_km=0.0, km=100.0), across]


@pytest.mark.parametrize(
    ("accuracy_km", "is_sure"),
    [(0.0, True), (0.1, True), (5.0, True), (19.0, True), (21.0, False), (26.0, False)],
)
def test_a_crossing_is_sure_unless_the_lines_can_be_laid_past_each_other(
    ground, accuracy_km, is_sure
):
    lines = _cross(ground)
    (contact,) = _find(lines, accuracy_km)
    assert (contact.crosses, contact.sure, contact.gap_km, contact.km) == (True, is_sure, 0, 0)
    # 40 km due east lie 0.1 km south of the parallel.
    assert ground.km((contact.lon, contact.lat), ground.move(*ground.home, north_km=50)) < 0.15


def test_lines_that_meet_at_a_common_vertex_cross_or_only_touch(ground):
    stops = [ground.move(*ground.home, north_km=north) for north in (0, 50, 100)]
    west, east = (ground.move(*stops[1], east_km=km) for km in (-40, 40))
    through = LineString([west, stops[1], east])
    touching = LineString([west, stops[1], ground.move(*west, north_km=-30)])
    for other, is_sure in ((through, True), (touching, False)):
        (contact,) = _find([LineString(stops), other], 0.5)
        assert (contact.crosses, contact.sure) == (True, is_sure)


def test_lines_that_miss_each_other_by_less_than_their_accuracy_may_cross(ground):
    straight = ground.north(ground.home, east_km=0.0, km=100.0)
    tip = ground.move(*ground.home, north_km=50.0, east_km=0.15)
    pointed = LineString(
        [
            ground.move(*tip, east_km=40, north_km=-40),
            tip,
            ground.move(*tip, east_km=40, north_km=40),
        ]
    )
    limits = {"beside_km": 0.2}
    (contact,) = _find([straight, pointed], 0.1, **limits)
    assert (contact.crosses, contact.sure) == (True, False)
    assert contact.gap_km == pytest.approx(0.15, abs=0.01)
    assert not _find([straight, pointed], 0.05, **limits)


def test_lines_that_weave_cross_an_even_number_of_times_and_so_may_not(ground):
    straight = ground.north(ground.home, east_km=0.0, km=100.0)
    weave = [(-40, 10), (-3, 48), (2, 50), (-3, 52), (-40, 90)]
    line = LineString([ground.move(*ground.home, east_km=e, north_km=n) for e, n in weave])
    (sharp,) = [each.sure for each in _find([straight, line], 0.1)]
    (blurred,) = [each.sure for each in _find([straight, line], 2.0)]
    assert (sharp, blurred) == (True, False)


def test_what_meets_at_the_ends_of_lines_is_no_crossing(ground):
    lines = [*_cross(ground, north_km=4.0), ground.north(ground.home, east_km=0.3, km=-60)]
    assert not _find(lines, 0.1)
    assert _find(lines[:2], 0.0, end_km=3.9)


# Anywhere on the globe


def _walk(first, second, accuracy_km, step_km=0.25):
    """What of the first line is surely, as drawn and possibly beside the second: by walking.

    Every point of a walk along the geodesics is measured from all points of one along the other.
    """
    spots, others = (
        np.array([point for leg in pairwise(line) for point in _steps(*leg, step_km)])
        for line in (first, second)
    )
    away, off = (
        np.array([_least_km(spot, some) for spot in spots])
        for some in (others, np.array([first[0], first[-1], second[0], second[-1]]))
    )
    both_km = 2 * accuracy_km
    is_off = off > LIMITS["end_km"]
    slack_km = np.clip(off - LIMITS["end_km"], 0.0, both_km)
    return [
        step_km * int((is_off & (away <= reach)).sum())
        for reach in (1.5 - both_km, 1.5, np.maximum(1.5, 1.5 + slack_km))
    ]


def _steps(start, stop, step_km):
    azimuth, _, metres = GEOD.inv(*start, *stop)
    n_steps = max(round(metres / 1000 / step_km), 1)
    at = (np.arange(n_steps) + 0.5) / n_steps * metres
    same = np.ones(n_steps)
    return np.column_stack(GEOD.fwd(start[0] * same, start[1] * same, azimuth * same, at)[:2])


def _least_km(spot, others):
    same = np.ones(len(others))
    return GEOD.inv(spot[0] * same, spot[1] * same, *others.T)[2].min() / 1000


def _course(start, azimuth, steps):
    """A line by steps of km, each turned by some degrees from the one before."""
    stops = [start]
    for km, turn in steps:
        azimuth += turn
        stops.append(GEOD.fwd(*stops[-1], azimuth, km * 1000.0)[:2])
    return stops


COURSES = {
    "start": st.tuples(
        st.sampled_from((111.0, 179.8, -179.9, 0.0)),
        st.sampled_from((-89.7, -30.0, 0.0, 45.0, 68.0, 89.8)),
    ),
    "azimuth": st.floats(0, 360),
    "aside_km": st.floats(0.1, 4.0),
    "steps": st.lists(st.tuples(st.floats(20.0, 60.0), st.floats(-20, 20)), min_size=1, max_size=2),
    "accuracy_km": st.sampled_from((0.0, 0.3, 1.2)),
}


@settings(max_examples=20)
@given(**COURSES, lean=st.floats(-3, 3))
def test_nearness_anywhere_is_that_of_a_walk(start, azimuth, aside_km, steps, accuracy_km, lean):
    first = _course(start, azimuth, steps)
    aside = GEOD.fwd(*start, azimuth + 90, aside_km * 1000)[:2]
    second = _course(aside, azimuth + lean, steps)
    # Each is told whole: a gap of any length goes on, a stretch of any length counts.
    found = find_contacts(
        [LineString(first), LineString(second)],
        [accuracy_km] * 2,
        **{**LIMITS, "shortest_km": 1e-6},
    )
    told = [sum(getattr(each, name) for each in found) for name in ("low_km", "km", "high_km")]
    walked = _walk(first, second, accuracy_km)
    for km, there_km in zip(told, walked, strict=True):
        assert km == pytest.approx(there_km, abs=1.5, rel=0.03)


def _turned(line, shift_deg):
    """The line so many degrees farther east, written past 180 or in two parts as RFC 7946 asks."""
    return shapely.transform(line, lambda xy: xy + np.array([shift_deg, 0.0]))


def _wrapped(line):
    xy = shapely.get_coordinates(line)
    return LineString(np.column_stack([(xy[:, 0] + 180) % 360 - 180, xy[:, 1]]))


def _close(here, there, shift_deg):
    assert len(here) == len(there)
    for one, other in zip(here, there, strict=True):
        *what, lon, lat = astuple(one)
        *same, turned_lon, turned_lat = astuple(other)
        assert what == pytest.approx(same, abs=1e-5)
        assert (turned_lon - lon - shift_deg + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
        assert turned_lat == pytest.approx(lat, abs=1e-7)


@settings(max_examples=25)
@given(data=st.data(), accuracy_km=st.sampled_from((0.0, 0.4, 3.0)))
def test_a_network_over_180_degrees_has_the_contacts_that_it_has_elsewhere(
    bundles, data, accuracy_km
):
    lines = data.draw(bundles(max_lines=4))
    here = _find(lines, accuracy_km)
    for shift_deg in (68.5, 360.0, -291.5):
        _close(here, _find([_turned(line, shift_deg) for line in lines], accuracy_km), shift_deg)
    wrapped = [_wrapped(_turned(line, 68.5)) for line in lines]
    _close(here, _find(wrapped, accuracy_km), 68.5)


def test_a_line_in_two_parts_at_180_degrees_goes_on_there():
    whole = LineString([(179.0, 50.0), (181.0, 50.0)])
    lon, lat = 180.0, GEOD.npts(179, 50, 181, 50, 1)[0][1]
    parts = MultiLineString([[(179.0, 50.0), (lon, lat)], [(-lon, lat), (-179.0, 50.0)]])
    beside = LineString([(179.0, 50.01), (-179.0, 50.01)])
    for line in (whole, parts):
        (stretch,) = _find([line, beside], 0.1)
        # The ends of the parts are no ends of the line.
        assert stretch.km == pytest.approx(
            GEOD.line_length([179, 181], [50, 50]) / 1000 - 10, abs=0.01
        )


def test_a_line_over_the_pole_crosses_what_runs_round_it():
    over = LineString([(20.0, 88.0), (-160.0, 88.0)])
    past = LineString([(110.0, 89.0), (-70.0, 89.4)])
    (contact,) = _find([over, past], 1.0)
    assert (contact.crosses, contact.sure) == (True, True)
    assert contact.lat == pytest.approx(90.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_rows_that_are_left_out_tell_nothing(seed: int, monkeypatch) -> None:
    """Finely drawn lines of mixed accuracy, side by side, across and from one town: all pairs or some."""
    rng = np.random.default_rng(seed)
    lines = []
    for _ in range(8):
        length_km, n_stops = rng.uniform(15, 60), rng.integers(30, 120)
        along = np.linspace(0, length_km, n_stops)
        sway = np.cumsum(rng.normal(0, 0.15, n_stops))
        turn = rng.choice([0.0, rng.uniform(0, np.pi)])
        begin = rng.uniform(-12, 12, 2) * (rng.random() < 0.7)
        x = begin[0] + along * np.cos(turn) - sway * np.sin(turn)
        y = begin[1] + along * np.sin(turn) + sway * np.cos(turn)
        lines.append(shapely.LineString(np.column_stack([111 + x / 84.0, 41 + y / 111.0])))

    accuracy_km = rng.choice([0.0, 0.1, 1.0, 5.0], len(lines))
    n_rows = []

    def count(*args, **named):
        found = far_rows.find_telling(*args, **named)
        n_rows.append((int(found.sum()), len(found)))
        return found

    monkeypatch.setattr(near_rows, "find_telling", count)
    some = find_contacts(lines, accuracy_km, **LIMITS)
    monkeypatch.setattr(
        near_rows, "find_telling", lambda *given, **_: np.ones(len(given[1]), dtype=bool)
    )
    every = find_contacts(lines, accuracy_km, **LIMITS)
    assert len(some) == len(every)
    for one, other in zip(some, every, strict=True):
        assert astuple(one) == pytest.approx(astuple(other), abs=1e-9)
    assert sum(kept for kept, _ in n_rows) < sum(n for _, n in n_rows)
