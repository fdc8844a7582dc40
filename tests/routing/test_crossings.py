"""Crossings of rivers and borders: hand-made lines whose answers are plain."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import LineString, MultiLineString, Point, box

from steppe.layers.wording import say
from steppe.routing.features import Barrier, CableLine, Limits
from steppe.routing.risks import find_risks


def _only(risks, kind):
    return [risk for risk in risks if risk.kind == kind]


def _rivers(cables, *rivers, **limits):
    limits = Limits(beside_m=0.0, **limits)
    return _only(find_risks(cables, rivers=rivers, limits=limits), "river_crossing")


def test_two_of_three_cables_cross_a_river_at_one_spot(ground):
    cables, river = ground.crossers(0.0, 0.5, 40.5)
    (risk,) = _rivers(cables, river)
    assert risk.cables == ("c0", "c1")
    assert risk.within_km == pytest.approx(0.5, abs=0.001)
    assert say(risk.evidence, "en") == "2 cables cross Huang He within 0.5 km of each other."
    assert (risk.about, risk.names, risk.km) == (("r1",), ("Huang He",), 0.0)
    assert Point(risk.lon, risk.lat).distance(ground.bent(river.geometry, 1.0)) < 1e-6


def test_crossings_hang_together_from_one_to_the_next(ground):
    cables, river = ground.crossers(0.0, 3.0, 7.0, 13.0)
    (risk,) = _rivers(cables, river)
    assert risk.cables == ("c0", "c1", "c2")
    assert risk.within_km == pytest.approx(4.0, abs=0.01)
    assert "each within 4 km of the next" in say(risk.evidence, "en")
    (wider,) = _rivers(cables, river, crossing_km=6.1)
    assert wider.cables == ("c0", "c1", "c2", "c3")


def test_two_cables_that_cross_a_river_at_two_spots_share_two_risks(ground):
    _, river = ground.crossers()
    lines = [
        ground.path(ground.move(*ground.home, east_km=east), (0, 20), (40 - 2 * east, 0), (0, -20))
        for east in (0, 1)
    ]
    risks = _rivers([CableLine("a", lines[0]), CableLine("b", lines[1])], river)
    assert [risk.cables for risk in risks] == [("a", "b")] * 2
    assert len({risk.risk_id for risk in risks}) == 2
    assert not _rivers([CableLine("a", ground.path(ground.home, (0, 20), (1, 0), (0, -20)))], river)


def test_pieces_of_one_name_are_one_river_and_others_are_not(ground):
    cables, river = ground.crossers(-1.0, 1.0)
    west, east = (
        shapely.intersection(
            river.geometry, box(ground.home[0] + shift, 40, ground.home[0] + shift + 5, 42)
        )
        for shift in (-5, 0)
    )
    (risk,) = _rivers(cables, Barrier("p1", "Huang He", west), Barrier("p2", "Huang He", east))
    assert risk.about == ("p1", "p2")
    assert not _rivers(cables, Barrier("p1", "Huang He", west), Barrier("p2", "Wei", east))
    assert not _rivers(cables, Barrier("p1", "", west), Barrier("p2", "", east))
    whole = Barrier("p", "", MultiLineString([west, east]))
    assert _rivers(cables, whole)[0].names == ("p",)


def test_a_river_crossing_is_sure_when_the_ways_of_two_cables_are_said(ground):
    cables, river = ground.crossers(0.0, 0.5, said=True, accuracy_m=3000.0)
    (risk,) = _rivers(cables, river)
    assert risk.sure
    assert say(risk.evidence, "en").endswith("(drawn true to 3 km).")
    (said, assumed) = cables[0], CableLine("assumed", cables[1].line)
    assert not _rivers([said, assumed], river)[0].sure


@pytest.mark.parametrize(
    ("apart_km", "accuracy_m", "is_near"),
    [(0.5, 0.0, True), (0.5, 2200.0, True), (0.5, 2300.0, False), (0.0, 90_000.0, True)],
)
def test_two_cables_are_surely_at_one_spot_as_their_accuracy_has_it(
    ground, apart_km, accuracy_m, is_near
):
    """Within 5 km wherever they lie, or drawn as one line."""
    cables, river = ground.crossers(0.0, apart_km, accuracy_m=accuracy_m)
    (risk,) = _rivers(cables, river)
    assert risk.is_near is is_near


@pytest.mark.parametrize(
    ("apart_km", "accuracy_m", "nearness"),
    [
        (4.9, 0.0, True), (5.1, 0.0, None),
        (4.9, 1000.0, False), (5.1, 1000.0, False), (6.9, 1000.0, False), (7.1, 1000.0, None),
    ],
)  # fmt: skip
def test_the_reach_of_a_spot_is_a_band_and_no_edge(ground, apart_km, accuracy_m, nearness):
    """Two cables true to 1 km cross surely at one spot up to 3 km, possibly up to 7."""
    cables, river = ground.crossers(0.0, apart_km, accuracy_m=accuracy_m)
    assert [risk.is_near for risk in _rivers(cables, river)] == [nearness] * (nearness is not None)


def test_what_is_possible_joins_no_spots_that_are_drawn_apart(ground):
    """Two spots of two cables stay two; a third cable may share one, and is told beside them."""
    cables, river = ground.crossers(0.0, 0.5, 6.5, accuracy_m=1000.0)
    drawn, possible = sorted(_rivers(cables, river), key=lambda risk: not risk.is_near)
    assert (drawn.cables, drawn.is_near) == (("c0", "c1"), True)
    assert (possible.cables, possible.is_near) == (("c0", "c1", "c2"), False)
    assert possible.within_km == pytest.approx(6.5, abs=0.01)


def test_the_id_of_a_risk_does_not_depend_on_other_risks(ground):
    cables, river = ground.crossers(0.0, 0.5, 40.0, 40.5)
    alone = {risk.risk_id for risk in _rivers(cables[:2], river)}
    assert alone < {risk.risk_id for risk in _rivers(cables, river)}


def _borders(cables, *borders):
    risks = find_risks(cables, borders=borders, limits=Limits(beside_m=0.0))
    return _only(risks, "border_crossing")


def test_cables_that_leave_a_country_side_by_side_share_the_crossing(ground):
    cables, _ = ground.crossers(0.0, 0.5, 40.0, said=True)
    south, north = ground.countries()
    (alone,) = _borders(cables, south)
    assert alone.cables == ("c0", "c1")
    assert (
        say(alone.evidence, "en")
        == "2 cables cross the border of Southland within 0.5 km of each other."
    )
    assert alone.sure
    (between,) = _borders(cables, south, north)
    assert between.about == ("N", "S")
    assert "the border of Northland and Southland" in say(between.evidence, "en")


def test_a_cable_within_one_country_crosses_nothing(ground):
    inside = [CableLine(name, ground.north(ground.home, east_km=0, km=7)) for name in "ab"]
    assert not _borders(inside, *ground.countries())


def test_a_cable_that_ends_at_the_border_crosses_it_as_true_as_the_outline_is(ground):
    from_south, from_north = (
        ground.north(ground.home, east_km=0, km=8),
        LineString([ground.move(*ground.home, north_km=8), ground.move(*ground.home, north_km=30)]),
    )
    cables = [CableLine("a", from_south), CableLine("b", from_north)]
    south, _ = ground.countries(accuracy_m=1900.0)
    assert not _borders(cables, south)
    south, _ = ground.countries(accuracy_m=2100.0)
    (risk,) = _borders(cables, south)
    assert risk.cables == risk.sure_cables == ("a", "b")


def test_schematic_cables_never_cross_a_border_for_sure(ground):
    cables, _ = ground.crossers(0.0, 0.5, said=True, schematic=True)
    cables.append(CableLine("ends", ground.north(ground.home, east_km=0, km=9.5), schematic=True))
    (risk,) = _borders(cables, ground.countries(accuracy_m=1000.0)[0])
    assert risk.cables == ("c0", "c1", "ends")
    assert risk.sure_cables == ()
    assert not risk.sure
