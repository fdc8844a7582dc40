"""Shared risk from geometry: hand-made lines, and oracles that measure by other means."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon

from steppe.layers.errors import InputError
from steppe.layers.wording import say
from steppe.routing.features import Barrier, CableLine, CorridorLine, Limits, Place
from steppe.routing.risk_evidence import KINDS
from steppe.routing.risks import find_risks, risk_groups


def _only(risks, kind):
    return [risk for risk in risks if risk.kind == kind]


def _numbers(risk):
    return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", say(risk.evidence, "en"))]


NO_ENDS = Limits(end_km=0.0)


@pytest.mark.parametrize("start", [(111.0, 41.0), (8.7, 50.1), (100.0, 68.0), (-5.0, -33.0)])
def test_meridians_a_kilometre_apart_share_their_length_but_for_the_ends(ground, start):
    cables = [
        CableLine(name, ground.north(start, east_km=east)) for name, east in (("a", 0), ("b", 1))
    ]
    (whole,) = find_risks(cables, limits=NO_ENDS)
    assert (whole.kind, whole.cables, whole.about) == ("stretch", ("a", "b"), ("a", "b"))
    assert whole.km == pytest.approx(20.0, abs=0.01)
    assert "a and b run within 1.5 km of each other for 20 km" in say(whole.evidence, "en")
    (inner,) = find_risks(cables)
    assert inner.km == pytest.approx(10.0, abs=0.01)
    assert ground.km((inner.lon, inner.lat), ground.move(*start, north_km=10.0)) < 0.01


def test_lines_too_far_apart_or_beside_each_other_too_shortly_share_no_stretch(ground):
    far = [
        CableLine("a", ground.north(ground.home, east_km=0)),
        CableLine("b", ground.north(ground.home, east_km=1.6)),
    ]
    assert not find_risks(far, limits=NO_ENDS)
    assert find_risks(far, limits=Limits(beside_m=1700.0))
    assert not find_risks(far, limits=Limits(beside_m=1700.0, shortest_km=10.1))
    start = ground.move(*ground.home, east_km=-10.0, north_km=10.0)
    across = ground.path(start, (20.0, 0.0), (0.0, -3.5), (-20.0, 0.0))
    cables = [CableLine("a", ground.north(ground.home, east_km=0)), CableLine("b", across)]
    assert [risk.kind for risk in find_risks(cables, limits=NO_ENDS)] == ["crossing"]


@pytest.mark.parametrize(
    ("away_km", "lengths"), [(4.0, [23.0]), (6.5, [23.0]), (9.0, [11.5, 11.5])]
)
def test_a_short_gap_does_not_end_a_stretch_and_does_not_lengthen_it(ground, away_km, lengths):
    # The second line jumps 30 km aside, and comes back farther on.
    aside = ground.path(ground.home, (0, 10), (30, 0), (0, away_km), (-30, 0), (0, 10))
    straight = ground.north(ground.home, east_km=0, km=20 + away_km)
    risks = find_risks([CableLine("a", straight), CableLine("b", aside)], limits=NO_ENDS)
    # What leaves at a right angle is within 1.5 km of as much more of the other line, so the
    # gap is narrower at both sides; 30 km due east and back end 0.1 km south of the start.
    assert [risk.km for risk in risks] == pytest.approx(lengths, abs=0.2)
    assert len({risk.risk_id for risk in risks}) == len(lengths)


@pytest.mark.parametrize(
    ("apart_km", "accuracy_m", "told", "is_near"),
    [
        (1.0, 0.0, "a and b run within 1.5 km of each other for 50 km, more than", True),
        (1.0, 200.0, "a and b run within 1.5 km of each other for 50 km, more than", True),
        (1.49, 5000.0, "may run within 1.5 km of each other for up to 50 km, more than", False),
        (1.49, 5000.0, "as drawn they do for 50 km (drawn true to 5 km).", False),
        (1.51, 5000.0, "may run within 1.5 km of each other for up to 50 km, more than", False),
        (1.55, 5000.0, "as drawn they come within 1.6 km (drawn true to 5 km).", False),
    ],
)
def test_a_stretch_tells_what_is_sure_and_what_is_possible(
    ground, apart_km, accuracy_m, told, is_near
):
    cables = [
        CableLine(name, ground.north(ground.home, east_km=east, km=60), accuracy_m=accuracy_m)
        for name, east in (("a", 0), ("b", apart_km))
    ]
    (risk,) = find_risks(cables)
    assert (risk.kind, risk.is_near) == ("stretch", is_near)
    assert told in say(risk.evidence, "en")
    assert risk.low_km <= risk.km <= risk.high_km
    assert risk.low_km == pytest.approx(50.0 if is_near else 0.0, abs=0.1)
    assert risk.high_km == pytest.approx(50.0, abs=0.6)


def test_cables_that_cross_away_from_a_city_share_the_crossing(ground):
    north = ground.north(ground.home, east_km=0, km=60)
    middle = ground.move(*ground.home, north_km=30)
    east = LineString([ground.move(*middle, east_km=km) for km in (-30, 30)])
    cables = [CableLine("a", north, said=True), CableLine("b", east, accuracy_m=4000.0, said=True)]
    (risk,) = find_risks(cables)
    assert (risk.kind, risk.cables, risk.about) == ("crossing", ("a", "b"), ("a", "b"))
    assert (risk.is_near, risk.sure) == (True, True)
    assert ground.km((risk.lon, risk.lat), middle) < 0.1
    assert say(risk.evidence, "en") == (
        "a and b cross, more than 5 km from their ends (drawn true to 4 km)."
    )
    city = Place("city", "City", *ground.move(*middle, east_km=5), 8.0)
    assert [risk.kind for risk in find_risks(cables, places=[city])] == ["city"]
    elsewhere = Place("city", "City", *ground.move(*middle, east_km=9), 8.5)
    assert [risk.kind for risk in find_risks(cables, places=[elsewhere])] == ["crossing"]


def test_corridors_beside_each_other_bind_all_their_cables(ground):
    corridors = [
        CorridorLine("x", "Old line", ground.north(ground.home, east_km=0)),
        CorridorLine("y", "New line", ground.north(ground.home, east_km=1)),
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
    assert say(old.evidence, "en") == "2 cables are recorded in Old line, 20 km long."


def test_cables_that_share_a_corridor_share_no_stretch_of_it_with_another_they_follow(ground):
    corridors = [
        CorridorLine("x", "", ground.north(ground.home, east_km=0)),
        CorridorLine("y", "", ground.north(ground.home, east_km=1)),
    ]
    cables = [
        CableLine("both", corridors[0].line, ("x", "y")),
        CableLine("one", corridors[0].line, ("x",)),
    ]
    assert [risk.kind for risk in find_risks(cables, corridors=corridors)] == ["corridor"]


def test_schematic_cables_run_beside_nothing_and_cross_no_river(ground):
    cables = [
        CableLine(name, ground.north(ground.home, east_km=east), schematic=True)
        for name, east in (("a", 0), ("b", 1))
    ]
    river = Barrier(
        "r", "River", ground.path(ground.move(*ground.home, east_km=-9, north_km=9), (18, 0))
    )
    assert not find_risks(cables, rivers=[river])


# Places


def test_cables_through_a_place_share_it_whether_they_end_there_or_not(ground):
    city = Place("city", "City", *ground.move(*ground.home, north_km=10.0), 3.0)
    cables = [
        CableLine(
            "ends",
            LineString(
                [ground.move(*ground.home, north_km=10.0), ground.move(*ground.home, north_km=60)]
            ),
        ),
        CableLine("passes", ground.north(ground.home, east_km=2), accuracy_m=2000.0),
        CableLine("said", ground.north(ground.home, east_km=-1), said=True),
        CableLine("misses", ground.north(ground.home, east_km=3.1)),
    ]
    (risk,) = _only(find_risks(cables, places=[city], limits=Limits(beside_m=0.0)), "city")
    assert risk.cables == ("ends", "passes", "said")
    assert risk.sure_cables == ("ends", "said")
    assert (risk.place_id, risk.risk_id) == ("city", "city-city")
    assert say(risk.evidence, "en") == (
        "3 cables come within 2 km of City, one of which ends there (drawn true to 2 km)."
    )
    assert risk.within_km == pytest.approx(2.0, abs=0.005)
    # One ends there and one passes within 3 km for sure; what passes 2 km off may be 4 km off.
    for some, is_near in ((cables, True), (cables[:2], False), (cables[1:3], False)):
        (risk,) = _only(find_risks(some, places=[city], limits=Limits(beside_m=0.0)), "city")
        assert risk.is_near is is_near


@pytest.mark.parametrize(
    ("away_km", "accuracy_m", "nearness"),
    [
        (7.9, 0.0, True), (8.1, 0.0, None),
        (2.9, 5000.0, True), (7.9, 5000.0, False), (8.1, 5000.0, False),
        (12.9, 5000.0, False), (13.1, 5000.0, None),
    ],
)  # fmt: skip
def test_the_reach_of_a_city_is_a_band_and_no_edge(ground, away_km, accuracy_m, nearness):
    """Of 8 km: what is drawn true to 5 comes through for sure up to 3 km, and may up to 13."""
    city = Place("city", "City", *ground.move(*ground.home, north_km=10.0), 8.0)
    cables = [
        CableLine(
            name, ground.north(ground.home, east_km=east_km), said=True, accuracy_m=accuracy_m
        )
        for name, east_km in (("west", -away_km), ("east", away_km))
    ]
    found = _only(find_risks(cables, places=[city], limits=Limits(beside_m=0.0)), "city")
    assert [risk.is_near for risk in found] == [nearness] * (nearness is not None)
    # A source puts a cable there only as far as it is drawn there.
    assert all(risk.sure == (away_km <= 8.0) for risk in found)


def test_an_assumed_end_puts_no_cable_in_a_city_for_sure(ground):
    city = Place("city", "City", *ground.home, 3.0)
    line = LineString([ground.home, ground.move(*ground.home, north_km=60)])
    cables = [
        CableLine(name, line, ends_said=ends_said)
        for name, ends_said in (("assumed", False), ("said_1", True), ("said_2", True))
    ]
    for some, is_sure in ((cables, True), (cables[:2], False)):
        (risk,) = _only(find_risks(some, places=[city], limits=Limits(beside_m=0.0)), "city")
        assert "assumed" in risk.cables
        assert "assumed" not in risk.sure_cables
        assert risk.sure is is_sure


def test_a_stroke_counts_where_it_is_drawn_through_and_where_it_ends(ground):
    stop, beside, end = (
        ground.move(*ground.home, north_km=north) for north in (100.0, 150.0, 200.0)
    )
    places = [
        Place(name, "", *at, 10.0) for name, at in zip("pqr", (stop, beside, end), strict=True)
    ]
    near_end = ground.move(*end, east_km=5.0)
    strokes = [
        CableLine(name, LineString([ground.home, stop, near_end]), schematic=True) for name in "ab"
    ]
    risks = find_risks(strokes, places=places)
    assert {risk.place_id: risk.sure for risk in risks} == {"p": False, "r": True}


def test_groups_leave_out_the_places_where_routes_begin_and_end(ground):
    cables, river = ground.crossers(0.0, 0.5)
    places = [
        Place("start", "", *ground.home, 3.0),
        Place("way", "", *ground.move(*ground.home, north_km=10.0), 3.0),
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
def test_ids_are_safe_and_evidence_is_one_printable_line(ground, name):
    cables, river = ground.crossers(0.0, 0.5)
    place = Place(name or "id", name, *ground.home, 3.0)
    risks = find_risks(cables, rivers=[Barrier(name or "id", name, river.geometry)], places=[place])
    assert {risk.kind for risk in risks} == {"stretch", "river_crossing", "city"}
    for risk in risks:
        assert re.fullmatch("[a-z0-9_-]{1,100}", risk.risk_id)
        assert say(risk.evidence, "en").isprintable()
        assert all(word and word.isprintable() for word in risk.names)


def test_ids_that_look_alike_stay_apart(ground):
    cables, _ = ground.crossers(0.0, 0.5)
    ids = ["a b", "a_b", "A_B", "a_b ", "集宁", "呼市", "x" * 40, "x" * 41]
    risks = find_risks(cables, places=[Place(name, "", *ground.home, 3.0) for name in ids])
    assert len({risk.risk_id for risk in _only(risks, "city")}) == len(ids)


def test_nothing_shares_nothing(ground):
    assert find_risks([]) == ()
    cables, river = ground.crossers(0.0)
    south, north = ground.countries(accuracy_m=5000.0)
    places = [Place("p", "", *ground.home, 3.0)]
    assert find_risks(cables, rivers=[river], borders=[south, north], places=places) == ()
    assert risk_groups(()) == {}


def test_every_fault_is_named_at_once(ground):
    line = ground.north(ground.home, east_km=0)
    cables = [
        CableLine("a", line),
        CableLine("a", line),
        CableLine("astray", line, ("no_such",)),
        CableLine("empty", LineString()),
    ]
    metres = Barrier("metres", "", LineString([(4e5, 4e6), (5e5, 4e6)]))
    places = [Place("p", "", 111.0, float("nan"), 1.0), Place("q", "", *ground.home, -1.0)]
    with pytest.raises(InputError) as caught:
        find_risks(cables, rivers=[metres], places=places, limits=Limits(crossing_km=float("nan")))
    told = str(caught.value)
    for word in ("(rows a)", "astray", "empty", "metres", "(rows p)", "(rows q)", "crossing_km"):
        assert word in told
    with pytest.raises(InputError, match="shortest_km"):
        find_risks([], limits=Limits(shortest_km=0.0))


def test_a_cable_to_itself_and_one_of_no_length_are_no_trouble(ground):
    ring = ground.path(ground.home, (10, 0), (0, 10), (-10, 0))
    ring = LineString([*ring.coords, ring.coords[0]])
    cables = [
        CableLine("ring", ring),
        CableLine("side", ground.path(ground.move(*ground.home, east_km=0.5), (10, 0))),
        CableLine("dot", LineString([ground.home, ground.home])),
    ]
    risks = find_risks(cables, places=[Place("p", "", *ground.home, 1.0)], limits=NO_ENDS)
    assert [(risk.kind, risk.cables) for risk in risks] == [
        ("stretch", ("ring", "side")),
        ("city", ("dot", "ring", "side")),
    ]


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


def _links_km(ground, cables, outline, members):
    """The gap that single linkage must bridge to hold the members of a spot together."""
    spots = {}
    for cable in cables:
        if cable.cable_id in members:
            meeting = ground.bent(cable.line, 1.0).intersection(outline)
            spots[cable.cable_id] = [tuple(each) for each in shapely.get_coordinates(meeting)]
    gaps = {
        (a, b): min(ground.km(p, q) for p in spots[a] for q in spots[b])
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
@given(data=st.data())
def test_every_number_told_is_measured_again_by_other_means(ground, bundles, data):
    lines = data.draw(bundles())
    cables, world = _world(lines)
    by_id = {cable.cable_id: cable for cable in cables}
    outlines = {
        "river_crossing": ground.bent(world["rivers"][0].geometry, 1.0),
        "border_crossing": world["borders"][0].geometry.boundary,
    }
    strands = {"x": lines[0]} | {cable.cable_id: cable.line for cable in cables[2:]}
    for risk in find_risks(cables, **world):
        told = _numbers(risk)
        if risk.kind == "corridor":
            km = sum(ground.km(a, b) for a, b in pairwise(lines[0].coords))
            assert risk.km == pytest.approx(km)
            assert told == [2, round(km)]
        elif risk.kind == "stretch":
            first, second = (strands[name] for name in risk.about)
            limits = {"gap_km": 4.3, "shortest_km": 3.7, "end_km": 4.95}
            assert ground.beside_km(first, second, beside_km=1.51, **limits) >= risk.km - 0.3
            assert told[-3:] == [1.5, round(risk.km), 5]
            assert Point(ground.flatten(risk.lon, risk.lat)).distance(ground.flat(first)) < 0.01
        elif risk.kind == "crossing":
            first, second = (ground.flat(strands[name]) for name in risk.about)
            at = Point(ground.flatten(risk.lon, risk.lat))
            assert (at.distance(first), at.distance(second)) == pytest.approx((0, 0), abs=0.01)
            ends = [
                shapely.Point(end)
                for line in (first, second)
                for end in line.coords[:: len(line.coords) - 1]
            ]
            assert min(at.distance(end) for end in ends) > 4.99
        elif risk.kind == "city":
            place = Point(ground.flatten(*(_place(world, risk))))
            km = max(place.distance(ground.flat(by_id[name].line)) for name in risk.cables)
            assert risk.within_km == pytest.approx(km, rel=2e-3, abs=1e-3)
            assert told[0] == len(risk.cables)
            assert risk.within_km - 0.001 <= told[1] <= max(risk.within_km + 0.101, 0.1)
        else:
            outline = outlines[risk.kind]
            assert told[0] == len(risk.cables)
            assert risk.within_km <= told[1] <= risk.within_km + 0.101
            assert Point(risk.lon, risk.lat).distance(outline) < 1e-5  # a metre
            # Over all spots of these cables no wider gap is needed than at this one.
            assert _links_km(ground, cables, outline, risk.cables) <= risk.within_km + 1e-3


def _place(world, risk):
    return next((each.lon, each.lat) for each in world["places"] if each.place_id == risk.place_id)


def test_a_cable_that_turns_back_on_itself_tells_a_stretch_once():
    """Along c2 one lies beside c3 twice, there and back."""
    lines = [
        LineString([(111, 41), (111, 40.75)]),
        LineString([(111, 41), (111, 40.75)]),
        LineString([(111, 41.25), (111, 41), (111, 41.375)]),
        LineString([(111, 41), (111, 41.25)]),
    ]
    cables, world = _world(lines)
    stretches = [risk for risk in find_risks(cables, **world) if risk.kind == "stretch"]
    assert [risk.cables for risk in stretches] == [("c2", "c3")]


@settings(max_examples=40)
@given(data=st.data(), random=st.randoms(use_true_random=False))
def test_risks_depend_on_no_order_and_are_told_once(bundles, data, random):
    lines = data.draw(bundles())
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


@settings(max_examples=40)
@given(data=st.data(), one_m=st.floats(0, 3000), other_m=st.floats(0, 3000))
def test_a_wider_beside_loses_no_pair(bundles, data, one_m, other_m):
    lines = data.draw(bundles())
    cables = [CableLine(f"c{index}", line) for index, line in enumerate(lines)]
    narrow, wide = (
        {risk.cables for risk in find_risks(cables, limits=Limits(beside_m=beside_m))}
        for beside_m in sorted((one_m, other_m))
    )
    assert narrow <= wide
