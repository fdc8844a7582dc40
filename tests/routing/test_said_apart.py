"""Redundancy: what a source says is apart, what a risk ties together, and size."""

from __future__ import annotations

from itertools import combinations

import pytest

from steppe.layers.wording import say
from steppe.routing.backbone import Corridor
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.readings import SharedRisks
from steppe.routing.redundancy import EffectiveRoutes
from steppe.routing.route_programme import Strand
from steppe.routing.shared_risk import count_disjoint

NORTH, SOUTH = Corridor("north", "H", "B", 500), Corridor("south", "H", "B", 600)


def effective_range(cables, corridors, a, b, risks=None):
    known = None if risks is None else SharedRisks(corridors=risks)
    return EffectiveRoutes(cables, corridors, risks=known).between(a, b)


@pytest.fixture
def cable(make_cable):
    def make(name: str, *corridors: str, basis: str = "assumed", apart_from: tuple[str, ...] = ()):
        return make_cable(
            name, "H", "B", corridors=corridors, corridor_basis=basis, apart_from=apart_from
        )

    return make


def test_cables_of_assumed_corridor_may_all_lie_in_one(cable) -> None:
    cables = [cable("x", "north"), cable("y", "south")]
    found = effective_range(cables, [NORTH, SOUTH], "H", "B")
    assert (found.low, found.high) == (1, 2)


def test_a_ring_that_a_source_names_is_two_routes(cable) -> None:
    cables = [cable("x", "north"), cable("y", "south", apart_from=("x",))]
    found = effective_range(cables, [NORTH, SOUTH], "H", "B")
    assert (found.low, found.high) == (2, 2)
    assert "said to be apart" in say(found.reason, "en")


def test_only_one_of_those_that_are_apart_lies_in_the_likeliest_way(cable) -> None:
    """Three apart from each other, and a fourth that may lie with any of them."""
    cables = [
        cable("x", "north"),
        cable("y", "north", apart_from=("x",)),
        cable("z", "south", apart_from=("x", "y")),
        cable("w", "north"),
    ]
    assert effective_range(cables, [NORTH, SOUTH], "H", "B").low == 3


def test_saying_so_once_is_enough(cable) -> None:
    one_way = [cable("x", "north"), cable("y", "south", apart_from=("x",))]
    other_way = [cable("x", "north", apart_from=("y",)), cable("y", "south")]
    for cables in (one_way, other_way):
        assert effective_range(cables, [NORTH, SOUTH], "H", "B").low == 2


def test_a_shared_risk_ties_said_corridors_together_at_the_low_end(cable) -> None:
    cables = [cable("x", "north", basis="said"), cable("y", "south", basis="said")]
    free = effective_range(cables, [NORTH, SOUTH], "H", "B")
    assert (free.low, free.high) == (2, 2)
    bridge = {"bridge": {"north", "south"}}
    tied = effective_range(cables, [NORTH, SOUTH], "H", "B", risks=bridge)
    assert (tied.low, tied.high) == (1, 2)
    elsewhere = {"bridge": {"north"}, "ferry": {"south"}}
    assert effective_range(cables, [NORTH, SOUTH], "H", "B", risks=elsewhere).low == 2


def test_a_large_network_without_corridors_is_a_flow(graph_of, make_cable) -> None:
    """A complete graph of twelve nodes: ten million routes, eleven of which are disjoint."""
    names = [f"n{index:02}" for index in range(12)]
    graph = graph_of([make_cable(f"{a}-{b}", a, b) for a, b in combinations(names, 2)])
    strands = [Strand((a, b), ((),)) for a, b in combinations(names, 2)]
    found = count_disjoint(strands, names[0], names[-1])
    assert found.low == found.high == local_edge_connectivity(graph, names[0], names[-1]) == 11
