"""Work: an answer that would take too many steps is unknown, the same on any machine."""

from __future__ import annotations

import networkx as nx
import pytest

from steppe.layers.wording import say
from steppe.routing.backbone import Corridor
from steppe.routing.cuts import CutUnit, cut_effects
from steppe.routing.redundancy import EffectiveRoutes
from steppe.routing.rights_of_way import simple_routes
from steppe.routing.risk_disjoint import risk_disjoint_routes
from steppe.routing.step_limit import TooMuchWorkError, Work


def _mesh(n_nodes: int) -> nx.MultiGraph:
    graph: nx.MultiGraph = nx.MultiGraph()
    for one in range(n_nodes):
        for other in range(one):
            km = dict.fromkeys(("low_km", "length_km", "high_km"), 1.0 + one)
            graph.add_edge(f"n{one}", f"n{other}", key=f"{one}-{other}", **km)
    return graph


def test_work_is_spent_and_no_more() -> None:
    work = Work(10, "the search")
    work.spend(10)
    with pytest.raises(TooMuchWorkError, match="the search takes more steps than are allowed"):
        work.spend()


def test_a_part_takes_from_the_whole() -> None:
    whole = Work(10, "the search")
    part = whole.part(4)
    part.spend(4)
    whole.take_part(part)
    assert (whole.left, whole.part(100).left) == (6, 6)


def test_ways_through_a_mesh_end_with_their_work() -> None:
    with pytest.raises(TooMuchWorkError):
        list(simple_routes(_mesh(12), "n0", "n11", Work(1000, "the search")))


def test_a_way_may_be_longer_than_calls_may_be_deep() -> None:
    chain = nx.MultiGraph()
    for number in range(3000):
        chain.add_edge(number, number + 1, key=number)
    (route,) = simple_routes(chain, 0, 3000, Work(10**8, "the search"))
    assert route == tuple(range(3000))


def test_routes_apart_in_risks_are_bounded_when_their_work_ends() -> None:
    graph = _mesh(8)
    risks = {"one": ["1-0", "6-0"], "two": ["7-0", "7-1"], "three": ["6-0", "7-1"]}
    best = risk_disjoint_routes(graph, "n0", "n7", risks)
    assert (best.is_exact, best.shared) == (True, ())
    bounded = risk_disjoint_routes(graph, "n0", "n7", risks, work=Work(0, "the search"))
    assert not bounded.is_exact
    assert bounded.least_km <= best.km
    assert bounded.fewer_risks == len(bounded.shared)


def test_effective_routes_are_bounds_when_their_work_ends(make_cable) -> None:
    """Two cables to each side of a square with both diagonals and a fifth place, some together."""
    ends = ["ab", "bc", "cd", "ad", "ac", "bd", "ae", "ce"]
    corridors = [Corridor(f"k{n}", *pair, 50) for n, pair in enumerate(ends)]
    cables = [
        make_cable(f"c{n}-{copy}", *pair, corridors=(f"k{n}", f"k{(n + copy) % 8}"))
        for n, pair in enumerate(ends)
        for copy in (1, 3)
    ]
    routes = EffectiveRoutes(cables, corridors)
    exact = routes.between("a", "c")
    assert exact.is_exact
    assert exact.low == exact.high
    bounds = routes.between("a", "c", work=Work(10, "the count"))
    assert not bounds.is_exact
    assert bounds.low <= exact.low <= bounds.high
    assert "Bound, not exact" in say(bounds.reason, "en")


def test_pairs_of_cuts_end_with_their_work() -> None:
    graph = _mesh(6)
    units = [CutUnit(key, "cable", frozenset({key})) for *_, key in graph.edges]
    given = {"starts": ["n1"], "target": "n0"}
    assert len(cut_effects(graph, units, **given)) == 15 + 105
    with pytest.raises(TooMuchWorkError):
        cut_effects(graph, units, **given, work=Work(1500, "the trial"))
    assert len(cut_effects(graph, units, **given, doubles=False, work=Work(1500, "it"))) == 15
