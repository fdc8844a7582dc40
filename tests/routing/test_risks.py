"""Shared risk from geometry: hand-made lines, and oracles that measure by other means."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box

from layers.errors import InputError
from routing.risks import (
    KINDS,
    Barrier,
    CableLine,
    CorridorLine,
    Limits,
    Place,
    find_risks,
    risk_groups,
)
from routing.stretches import (
    find_meetings,
    near_points,
    nearest_points,
    run_beside,
    split_lines,
)

GEOD = Geod(ellps="GRS80")


def _move(lon, lat, *, east_km=0.0, north_km=0.0):
    lon, lat, _ = GEOD.fwd(lon, lat, 90.0, east_km * 1000.0)
    lon, lat, _ = GEOD.fwd(lon, lat, 0.0, north_km * 1000.0)
    return lon, lat


def _km(a, b):
    return GEOD.inv(*a, *b)[2] / 1000.0


def _path(start, *steps):
    """A line from a start by steps of (east_km, north_km)."""
    stops = [start]
    for east_km, north_km in steps:
        stops.append(_move(*stops[-1], east_km=east_km, north_km=north_km))
    return LineString(stops)


def _north(start, *, east_km, km=20.0):
    return _path(_move(*start, east_km=east_km), (0.0, km))


def _only(risks, kind):
    return [risk for risk in risks if risk.kind == kind]


def _numbers(risk):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", risk.evidence)]


HOME = (111.0, 41.0)
NO_ENDS = Limits(end_km=0.0)


# Stretches


@pytest.mark.parametrize("start", [HOME, (8.7, 50.1), (100.0, 68.0), (-5.0, -33.0)])
def test_meridians_a_kilometre_apart_share_their_length_but_for_the_ends(start):
    cables = [CableLine(name, _north(start, east_km=east)) for name, east in (("a", 0), ("b", 1))]
    (whole,) = find_risks(cables, limits=NO_ENDS)
    assert (whole.kind, whole.cables, whole.about) == ("stretch", ("a", "b"), ("a", "b"))
    assert whole.km == pytest.approx(20.0, abs=0.01)
    assert "a and b run within 1.5 km of each other for 20 km" in whole.evidence
    (inner,) = find_risks(cables)
    assert inner.km == pytest.approx(10.0, abs=0.01)
    assert _km((inner.lon, inner.lat), _move(*start, north_km=10.0)) < 0.01


def test_lines_too_far_apart_or_beside_each_other_too_shortly_share_no_stretch():
    far = [CableLine("a", _north(HOME, east_km=0)), CableLine("b", _north(HOME, east_km=1.6))]
    assert not find_risks(far, limits=NO_ENDS)
    assert find_risks(far, limits=Limits(beside_m=1700.0))
    assert not find_risks(far, limits=Limits(beside_m=1700.0, shortest_km=10.1))
    start = _move(*HOME, east_km=-10.0, north_km=10.0)
    across = _path(start, (20.0, 0.0), (0.0, -3.5), (-20.0, 0.0))
    cables = [CableLine("a", _north(HOME, east_km=0)), CableLine("b", across)]
    assert not find_risks(cables, limits=NO_ENDS)


@pytest.mark.parametrize(
    ("away_km", "lengths"), [(4.0, [23.0]), (6.5, [23.0]), (9.0, [11.5, 11.5])]
)
def test_a_short_gap_does_not_end_a_stretch_and_does_not_lengthen_it(away_km, lengths):
    # The second line jumps 30 km aside, and comes back farther on.
    aside = _path(HOME, (0, 10), (30, 0), (0, away_km), (-30, 0), (0, 10))
    straight = _north(HOME, east_km=0, km=20 + away_km)
    risks = find_risks([CableLine("a", straight), CableLine("b", aside)], limits=NO_ENDS)
    # What leaves at a right angle is within 1.5 km of as much more of the other line, so the
    # gap is narrower at both sides; 30 km due east and back end 0.1 km south of the start.
    assert [risk.km for risk in risks] == pytest.approx(lengths, abs=0.2)
    assert len({risk.risk_id for risk in risks}) == len(lengths)


def test_corridors_beside_each_other_bind_all_their_cables():
    corridors = [
        CorridorLine("x", "Old line", _north(HOME, east_km=0)),
        CorridorLine("y", "New line", _north(HOME, east_km=1)),
    ]
    cables = [
        CableLine("c3", corridors[1].line, ("y",)),
        CableLine("c1", corridors[0].line, ("x",), said=True),
        CableLine("c2", corridors[0].line, ("x",), said=True),
        CableLine("stroke", corridors[0].line, ("y",), schematic=True),
    ]
    risks = find_risks(cables, corridors=corridors)
    assert [(risk.kind, risk.cables) for risk in risks] == [
        ("corridor", ("c1", "c2")),
        ("corridor", ("c3", "stroke")),
        ("stretch", ("c1", "c2", "c3")),
    ]
    old, new, beside = risks
    assert (old.sure, new.sure, beside.sure) == (True, False, True)
    assert beside.sure_cables == ("c1", "c2")
    assert beside.names == ("Old line", "New line")
    assert old.risk_id == "corridor-x"
    assert old.evidence == "2 cables are recorded in Old line, 20 km long."


def test_cables_that_share_a_corridor_share_no_stretch_of_it_with_another_they_follow():
    corridors = [
        CorridorLine("x", "", _north(HOME, east_km=0)),
        CorridorLine("y", "", _north(HOME, east_km=1)),
    ]
    cables = [
        CableLine("both", corridors[0].line, ("x", "y")),
        CableLine("one", corridors[0].line, ("x",)),
    ]
    assert [risk.kind for risk in find_risks(cables, corridors=corridors)] == ["corridor"]


def test_schematic_cables_run_beside_nothing_and_cross_no_river():
    cables = [
        CableLine(name, _north(HOME, east_km=east), schematic=True)
        for name, east in (("a", 0), ("b", 1))
    ]
    river = Barrier("r", "River", _path(_move(*HOME, east_km=-9, north_km=9), (18, 0)))
    assert not find_risks(cables, rivers=[river])


# Rivers


def _crossers(*east_km, **fields):
    """Cables that go 20 km north across a river that flows east, far from one another."""
    river = _path(_move(*HOME, east_km=-60.0, north_km=10.0), *[(15.0, 0.0)] * 12)
    cables = [
        CableLine(f"c{index}", _north(HOME, east_km=east), **fields)
        for index, east in enumerate(east_km)
    ]
    return cables, Barrier("r1", "Huang He", river)


def _rivers(cables, *rivers, **limits):
    limits = Limits(beside_m=0.0, **limits)
    return _only(find_risks(cables, rivers=rivers, limits=limits), "river_crossing")


def test_two_of_three_cables_cross_a_river_at_one_spot():
    cables, river = _crossers(0.0, 0.5, 40.5)
    (risk,) = _rivers(cables, river)
    assert risk.cables == ("c0", "c1")
    assert risk.within_km == pytest.approx(0.5, abs=0.001)
    assert risk.evidence == "2 cables cross Huang He within 0.5 km of each other."
    assert (risk.about, risk.names, risk.km) == (("r1",), ("Huang He",), 0.0)
    assert Point(risk.lon, risk.lat).distance(river.geometry) < 1e-9


def test_crossings_hang_together_from_one_to_the_next():
    cables, river = _crossers(0.0, 3.0, 7.0, 13.0)
    (risk,) = _rivers(cables, river)
    assert risk.cables == ("c0", "c1", "c2")
    assert risk.within_km == pytest.approx(4.0, abs=0.01)
    assert "each within 4 km of the next" in risk.evidence
    (wider,) = _rivers(cables, river, crossing_km=6.1)
    assert wider.cables == ("c0", "c1", "c2", "c3")


def test_two_cables_that_cross_a_river_at_two_spots_share_two_risks():
    _, river = _crossers()
    lines = [
        _path(_move(*HOME, east_km=east), (0, 20), (40 - 2 * east, 0), (0, -20)) for east in (0, 1)
    ]
    risks = _rivers([CableLine("a", lines[0]), CableLine("b", lines[1])], river)
    assert [risk.cables for risk in risks] == [("a", "b")] * 2
    assert len({risk.risk_id for risk in risks}) == 2
    assert not _rivers([CableLine("a", _path(HOME, (0, 20), (1, 0), (0, -20)))], river)


def test_pieces_of_one_name_are_one_river_and_others_are_not():
    cables, river = _crossers(-1.0, 1.0)
    west, east = (
        shapely.intersection(river.geometry, box(HOME[0] + shift, 40, HOME[0] + shift + 5, 42))
        for shift in (-5, 0)
    )
    (risk,) = _rivers(cables, Barrier("p1", "Huang He", west), Barrier("p2", "Huang He", east))
    assert risk.about == ("p1", "p2")
    assert not _rivers(cables, Barrier("p1", "Huang He", west), Barrier("p2", "Wei", east))
    assert not _rivers(cables, Barrier("p1", "", west), Barrier("p2", "", east))
    whole = Barrier("p", "", MultiLineString([west, east]))
    assert _rivers(cables, whole)[0].names == ("p",)


def test_a_river_crossing_is_sure_when_the_ways_of_two_cables_are_said():
    cables, river = _crossers(0.0, 0.5, said=True, accuracy_m=3000.0)
    (risk,) = _rivers(cables, river)
    assert risk.sure
    assert risk.evidence.endswith("(drawn true to 3 km).")
    (said, assumed) = cables[0], CableLine("assumed", cables[1].line)
    assert not _rivers([said, assumed], river)[0].sure


# Borders


def _countries(**fields):
    middle = _move(*HOME, north_km=10.0)[1]
    return (
        Barrier("S", "Southland", box(105, 38, 117, middle), **fields),
        Barrier("N", "Northland", box(105, middle, 117, 45), **fields),
    )


def _borders(cables, *borders):
    risks = find_risks(cables, borders=borders, limits=Limits(beside_m=0.0))
    return _only(risks, "border_crossing")


def test_cables_that_leave_a_country_side_by_side_share_the_crossing():
    cables, _ = _crossers(0.0, 0.5, 40.0, said=True)
    south, north = _countries()
    (alone,) = _borders(cables, south)
    assert alone.cables == ("c0", "c1")
    assert alone.evidence == "2 cables cross the border of Southland within 0.5 km of each other."
    assert alone.sure
    (between,) = _borders(cables, south, north)
    assert between.about == ("N", "S")
    assert "the border of Northland and Southland" in between.evidence


def test_a_cable_within_one_country_crosses_nothing():
    inside = [CableLine(name, _north(HOME, east_km=0, km=7)) for name in "ab"]
    assert not _borders(inside, *_countries())


def test_a_cable_that_ends_at_the_border_crosses_it_as_true_as_the_outline_is():
    from_south, from_north = (
        _north(HOME, east_km=0, km=8),
        LineString([_move(*HOME, north_km=8), _move(*HOME, north_km=30)]),
    )
    cables = [CableLine("a", from_south), CableLine("b", from_north)]
    south, _ = _countries(accuracy_m=1900.0)
    assert not _borders(cables, south)
    south, _ = _countries(accuracy_m=2100.0)
    (risk,) = _borders(cables, south)
    assert risk.cables == risk.sure_cables == ("a", "b")


def test_schematic_cables_never_cross_a_border_for_sure():
    cables, _ = _crossers(0.0, 0.5, said=True, schematic=True)
    cables.append(CableLine("ends", _north(HOME, east_km=0, km=9.5), schematic=True))
    (risk,) = _borders(cables, _countries(accuracy_m=1000.0)[0])
    assert risk.cables == ("c0", "c1", "ends")
    assert risk.sure_cables == ()
    assert not risk.sure


# Places


def test_cables_through_a_place_share_it_whether_they_end_there_or_not():
    city = Place("city", "City", *_move(*HOME, north_km=10.0), 3.0)
    cables = [
        CableLine("ends", LineString([_move(*HOME, north_km=10.0), _move(*HOME, north_km=60)])),
        CableLine("passes", _north(HOME, east_km=2), accuracy_m=2000.0),
        CableLine("said", _north(HOME, east_km=-1), said=True),
        CableLine("misses", _north(HOME, east_km=3.1)),
    ]
    (risk,) = _only(find_risks(cables, places=[city], limits=Limits(beside_m=0.0)), "city")
    assert risk.cables == ("ends", "passes", "said")
    assert risk.sure_cables == ("ends", "said")
    assert (risk.place_id, risk.risk_id) == ("city", "city-city")
    assert risk.evidence == (
        "3 cables come within 2 km of City, one of which ends there (drawn true to 2 km)."
    )
    assert risk.within_km == pytest.approx(2.0, abs=0.005)


def test_a_stroke_counts_where_it_is_drawn_through_and_where_it_ends():
    stop, beside, end = (_move(*HOME, north_km=north) for north in (100.0, 150.0, 200.0))
    places = [
        Place(name, "", *at, 10.0) for name, at in zip("pqr", (stop, beside, end), strict=True)
    ]
    near_end = _move(*end, east_km=5.0)
    strokes = [CableLine(name, LineString([HOME, stop, near_end]), schematic=True) for name in "ab"]
    risks = find_risks(strokes, places=places)
    assert {risk.place_id: risk.sure for risk in risks} == {"p": False, "r": True}


def test_groups_leave_out_the_places_where_routes_begin_and_end():
    cables, river = _crossers(0.0, 0.5)
    places = [
        Place("start", "", *HOME, 3.0),
        Place("way", "", *_move(*HOME, north_km=10.0), 3.0),
    ]
    risks = find_risks(cables, rivers=[river], places=places)
    both = frozenset({"c0", "c1"})
    groups = risk_groups(risks)
    assert set(groups) == {risk.risk_id for risk in risks}
    assert set(groups.values()) == {both}
    left = risk_groups(risks, ends=("start", "elsewhere"))
    assert set(groups) - set(left) == {"city-start"}
    assert len(left) == len(risks) - 1


# Words, ids, faults


@pytest.mark.parametrize(
    "name", ["", "</script>\n\x1b[31m", "city-x", "A b", "a_b", "x" * 300, "集宁", "\u202e"]
)
def test_ids_are_safe_and_evidence_is_one_printable_line(name):
    cables, river = _crossers(0.0, 0.5)
    place = Place(name or "id", name, *HOME, 3.0)
    risks = find_risks(cables, rivers=[Barrier(name or "id", name, river.geometry)], places=[place])
    assert {risk.kind for risk in risks} == {"stretch", "river_crossing", "city"}
    for risk in risks:
        assert re.fullmatch("[a-z0-9_-]{1,100}", risk.risk_id)
        assert risk.evidence.isprintable()
        assert all(word and word.isprintable() for word in risk.names)


def test_ids_that_look_alike_stay_apart():
    cables, _ = _crossers(0.0, 0.5)
    ids = ["a b", "a_b", "A_B", "a_b ", "集宁", "呼市", "x" * 40, "x" * 41]
    risks = find_risks(cables, places=[Place(name, "", *HOME, 3.0) for name in ids])
    assert len({risk.risk_id for risk in _only(risks, "city")}) == len(ids)


def test_the_id_of_a_risk_does_not_depend_on_other_risks():
    cables, river = _crossers(0.0, 0.5, 40.0, 40.5)
    alone = {risk.risk_id for risk in _rivers(cables[:2], river)}
    assert alone < {risk.risk_id for risk in _rivers(cables, river)}


def test_nothing_shares_nothing():
    assert find_risks([]) == ()
    cables, river = _crossers(0.0)
    south, north = _countries(accuracy_m=5000.0)
    places = [Place("p", "", *HOME, 3.0)]
    assert find_risks(cables, rivers=[river], borders=[south, north], places=places) == ()
    assert risk_groups(()) == {}


def test_every_fault_is_named_at_once():
    line = _north(HOME, east_km=0)
    cables = [
        CableLine("a", line),
        CableLine("a", line),
        CableLine("astray", line, ("no_such",)),
        CableLine("empty", LineString()),
    ]
    metres = Barrier("metres", "", LineString([(4e5, 4e6), (5e5, 4e6)]))
    places = [Place("p", "", 111.0, float("nan"), 1.0), Place("q", "", *HOME, -1.0)]
    with pytest.raises(InputError) as caught:
        find_risks(cables, rivers=[metres], places=places, limits=Limits(crossing_km=float("nan")))
    told = str(caught.value)
    for word in ("(rows a)", "astray", "empty", "metres", "(rows p)", "(rows q)", "crossing_km"):
        assert word in told
    with pytest.raises(InputError, match="shortest_km"):
        find_risks([], limits=Limits(shortest_km=0.0))


def test_a_cable_to_itself_and_one_of_no_length_are_no_trouble():
    ring = _path(HOME, (10, 0), (0, 10), (-10, 0))
    ring = LineString([*ring.coords, ring.coords[0]])
    cables = [
        CableLine("ring", ring),
        CableLine("side", _path(_move(*HOME, east_km=0.5), (10, 0))),
        CableLine("dot", LineString([HOME, HOME])),
    ]
    risks = find_risks(cables, places=[Place("p", "", *HOME, 1.0)], limits=NO_ENDS)
    assert [(risk.kind, risk.cables) for risk in risks] == [
        ("stretch", ("ring", "side")),
        ("city", ("dot", "ring", "side")),
    ]


# Oracles


def _plane(lon, lat):
    return Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="GRS80", units="km")


FLAT = _plane(111.5, 41.0)
STEP_KM = 0.05


def _flat(line, plane=FLAT):
    """The line in a plane that is true to 1e-4 within 100 km, its strokes bent as needed."""
    return shapely.transform(shapely.segmentize(line, 0.003), plane, interleaved=False)


def _beside_km(first, second, *, beside_km, gap_km, shortest_km, end_km):
    """Measure stretches by walking the first line in steps; their total length, km."""
    first, second = _flat(first), _flat(second)
    n_steps = max(int(first.length / STEP_KM), 1)
    at = (np.arange(n_steps) + 0.5) / n_steps * first.length
    steps = shapely.line_interpolate_point(first, at)
    near = shapely.distance(steps, second) <= beside_km
    for end in (end for line in (first, second) for end in shapely.get_parts(line.boundary)):
        near &= shapely.distance(steps, end) >= end_km
    inside = np.flatnonzero(near)
    if not len(inside):
        return 0.0
    step_km = first.length / n_steps
    gaps_km = (np.diff(inside) - 1) * step_km
    total = 0.0
    for group in np.split(inside, np.flatnonzero(gaps_km >= gap_km) + 1):
        unbroken = np.split(group, np.flatnonzero(np.diff(group) > 1) + 1)
        if max(map(len, unbroken)) * step_km >= shortest_km:
            total += len(group) * step_km
    return total


degrees = st.tuples(st.floats(111.0, 112.0), st.floats(40.6, 41.4))
shifts = st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03))


@st.composite
def bundles(draw, max_lines=5):
    """Lines, some of which are one line shifted, bent a little, or turned round."""
    base = draw(st.lists(degrees, min_size=2, max_size=5, unique=True))
    lines = []
    for _ in range(draw(st.integers(2, max_lines))):
        if draw(st.booleans()):
            stops = [
                (lon + east, lat + north)
                for (lon, lat), (east, north) in zip(
                    base, [draw(shifts) for _ in base], strict=True
                )
            ]
            lines.append(LineString(stops[:: draw(st.sampled_from((1, -1)))]))
        else:
            lines.append(LineString(draw(st.lists(degrees, min_size=2, max_size=4, unique=True))))
    return lines


@settings(max_examples=25)
@given(bundles(max_lines=4), st.sampled_from((0.0, 5.0)))
def test_stretches_are_those_of_a_walk_along_every_pair(lines, end_km):
    found = dict.fromkeys(combinations(range(len(lines)), 2), 0.0)
    for stretch in run_beside(lines, beside_km=1.5, shortest_km=4.0, end_km=end_km):
        found[stretch.first, stretch.second] += stretch.km
    for (first, second), km in found.items():
        # The walk is right to a step, so it is asked a little narrower and a little wider.
        narrow, wide = (
            _beside_km(lines[first], lines[second], **limits)
            for limits in (
                {"beside_km": 1.49, "gap_km": 3.7, "shortest_km": 4.3, "end_km": end_km * 1.01},
                {"beside_km": 1.51, "gap_km": 4.3, "shortest_km": 3.7, "end_km": end_km * 0.99},
            )
        )
        assert narrow - 0.3 <= km <= wide + 0.3


@given(bundles(max_lines=4), bundles(max_lines=4))
def test_meetings_are_those_of_every_pair_of_lines(lines, others):
    mine, theirs, at = find_meetings(split_lines(lines), split_lines(others))
    expected = {
        (i, j) for i, a in enumerate(lines) for j, b in enumerate(others) if a.intersects(b)
    }
    # A line that only touches at a bend may meet or miss by a rounding of the bend.
    unsure = {(i, j) for i, j in expected ^ set(zip(mine.tolist(), theirs.tolist(), strict=True))}
    assert all(lines[i].distance(others[j]) < 1e-9 for i, j in unsure)
    for i, j, point in zip(mine, theirs, at, strict=True):
        assert Point(point).distance(lines[i]) < 1e-9
        assert Point(point).distance(others[j]) < 1e-9


@given(st.lists(degrees, max_size=8), st.lists(degrees, max_size=8), st.floats(0, 80))
def test_near_points_are_those_of_every_pair(a, b, reach_km):
    a, b = (np.array(each, dtype=float).reshape(-1, 2) for each in (a, b))
    i, j, km = near_points(a, b, reach_km)
    every = {(p, q): _km(a[p], b[q]) for p in range(len(a)) for q in range(len(b))}
    assert {pair for pair, apart in every.items() if apart <= reach_km} == set(
        zip(i.tolist(), j.tolist(), strict=True)
    )
    assert km == pytest.approx([every[pair] for pair in zip(i.tolist(), j.tolist(), strict=True)])


@given(bundles(), st.lists(degrees, min_size=1, max_size=5), st.floats(0.5, 60))
def test_the_nearest_point_of_a_line_is_that_of_the_flat_oracle(lines, places, reach_km):
    points = np.array(places)
    near = nearest_points(split_lines(lines), points, np.full(len(points), reach_km))
    found = dict(
        zip(zip(near.point.tolist(), near.line.tolist(), strict=True), near.km, strict=True)
    )
    assert len(found) == len(near.km)
    for i, place in enumerate(places):
        plane = _plane(*place)
        for j, line in enumerate(lines):
            km = _flat(line, plane).distance(Point(0, 0))
            if (i, j) in found:
                assert found[i, j] == pytest.approx(km, rel=2e-3, abs=1e-3)
            else:
                assert km > reach_km * 0.998 - 1e-3


# Properties of the whole


def _world(lines):
    """Cables, rivers, a country and places out of a bundle of lines."""
    corridors = [CorridorLine("x", "", lines[0])]
    cables = [
        CableLine(f"c{index}", line, ("x",) if index < 2 else (), said=index % 2 == 0)
        for index, line in enumerate(lines)
    ]
    rivers = [Barrier("r", "River", LineString([(110.5, 41.0), (111.5, 41.05), (112.5, 40.95)]))]
    borders = [Barrier("b", "Land", Polygon([(111.4, 40), (113, 40), (113, 42), (111.6, 42)]))]
    places = [Place(f"p{index}", "", *line.coords[0], 8.0) for index, line in enumerate(lines)]
    return cables, {"corridors": corridors, "rivers": rivers, "borders": borders, "places": places}


def _links_km(cables, outline, members):
    """The gap that single linkage must bridge to hold the members of a spot together."""
    spots = {}
    for cable in cables:
        if cable.cable_id in members:
            meeting = cable.line.intersection(outline)
            spots[cable.cable_id] = [tuple(each) for each in shapely.get_coordinates(meeting)]
    gaps = {
        (a, b): min(_km(p, q) for p in spots[a] for q in spots[b])
        for a, b in combinations(sorted(members), 2)
    }
    for gap in sorted(gaps.values()):
        reached = {min(members)}
        for _ in members:
            reached |= {
                c for pair, km in gaps.items() if km <= gap and reached & set(pair) for c in pair
            }
        if reached == set(members):
            return gap
    raise AssertionError(gaps)


@settings(max_examples=20)
@given(bundles())
def test_every_number_told_is_measured_again_by_other_means(lines):
    cables, world = _world(lines)
    by_id = {cable.cable_id: cable for cable in cables}
    outlines = {
        "river_crossing": world["rivers"][0].geometry,
        "border_crossing": world["borders"][0].geometry.boundary,
    }
    strands = {"x": lines[0]} | {cable.cable_id: cable.line for cable in cables[2:]}
    for risk in find_risks(cables, **world):
        told = _numbers(risk)
        if risk.kind == "corridor":
            km = sum(_km(a, b) for a, b in pairwise(lines[0].coords))
            assert risk.km == pytest.approx(km)
            assert told == [2, round(km)]
        elif risk.kind == "stretch":
            first, second = (strands[name] for name in risk.about)
            limits = {"gap_km": 4.3, "shortest_km": 3.7, "end_km": 4.95}
            assert _beside_km(first, second, beside_km=1.51, **limits) >= risk.km - 0.3
            assert told[-3:] == [1.5, round(risk.km), 5]
            assert Point(FLAT(risk.lon, risk.lat)).distance(_flat(first)) < 0.01
        elif risk.kind == "city":
            place = Point(FLAT(*(_place(world, risk))))
            km = max(place.distance(_flat(by_id[name].line)) for name in risk.cables)
            assert risk.within_km == pytest.approx(km, rel=2e-3, abs=1e-3)
            assert told[0] == len(risk.cables)
            assert risk.within_km - 0.001 <= told[1] <= max(risk.within_km + 0.101, 0.1)
        else:
            outline = outlines[risk.kind]
            assert told[0] == len(risk.cables)
            assert risk.within_km <= told[1] <= risk.within_km + 0.101
            assert Point(risk.lon, risk.lat).distance(outline) < 1e-9
            # Over all spots of these cables no wider gap is needed than at this one.
            assert _links_km(cables, outline, risk.cables) <= risk.within_km + 1e-6


def _place(world, risk):
    return next((each.lon, each.lat) for each in world["places"] if each.place_id == risk.place_id)


@given(bundles(), st.randoms(use_true_random=False))
def test_risks_depend_on_no_order_and_are_told_once(lines, random):
    cables, world = _world(lines)
    risks = find_risks(cables, **world)
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in world.items()}
    assert find_risks(random.sample(cables, len(cables)), **shuffled) == risks
    assert len({risk.risk_id for risk in risks}) == len(risks)
    order = [(KINDS.index(risk.kind), risk.risk_id) for risk in risks]
    assert order == sorted(order)
    for risk in risks:
        assert len(risk.cables) > 1
        assert list(risk.cables) == sorted(set(risk.cables))
        assert set(risk.sure_cables) <= set(risk.cables)


@given(bundles(), st.floats(0, 3000), st.floats(0, 3000))
def test_a_wider_beside_loses_no_pair(lines, one_m, other_m):
    cables = [CableLine(f"c{index}", line) for index, line in enumerate(lines)]
    narrow, wide = (
        {risk.cables for risk in find_risks(cables, limits=Limits(beside_m=beside_m))}
        for beside_m in sorted((one_m, other_m))
    )
    assert narrow <= wide
