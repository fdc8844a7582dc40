"""Nominal and effective redundancy: stories with known answers, brute force, and bounds."""

from __future__ import annotations

from itertools import combinations

import igraph
import networkx as nx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.layers.wording import say
from steppe.routing.backbone import Corridor
from steppe.routing.redundancy import EffectiveRoutes, cut_range, nominal_range
from steppe.routing.rights_of_way import MAX_CHAINS
from steppe.routing.route_programme import Strand
from steppe.routing.shared_risk import count_disjoint

CORRIDORS = (
    Corridor("north_1", "H", "N", 200),
    Corridor("north_2", "N", "B", 300),
    Corridor("middle", "H", "B", 450),
    Corridor("south_1", "H", "S", 250),
    Corridor("south_2", "S", "B", 350),
    Corridor("far_away", "X", "Y", 900),
)


def effective_range(cables, corridors, a, b, **known):
    return EffectiveRoutes(cables, corridors, **known).between(a, b)


@pytest.fixture
def four(make_cable):
    """Four parallel cables whose corridor no source names; the middle one is the likeliest."""
    return [
        make_cable(f"hb_{n}", "H", "B", 480, corridors=("middle",), corridor_basis="assumed")
        for n in range(4)
    ]


def test_four_cables_are_four_nominal_and_a_range_effective(four):
    assert cut_range(four, "H", "B") == (4, 4)
    found = effective_range(four, CORRIDORS, "H", "B")
    # One corridor if all lie where it is likeliest, the three that exist if they spread.
    assert (found.low, found.high, found.shared) == (1, 3, ("middle",))
    assert "all 4 cables" in say(found.reason, "en")
    assert "middle" in say(found.reason, "en")


def test_the_range_is_no_wider_than_the_cables(four):
    assert effective_range(four[:2], CORRIDORS, "H", "B")[:2] == (1, 2)
    assert effective_range(four[:1], CORRIDORS, "H", "B")[:2] == (1, 1)


def test_assumed_cables_recorded_apart_may_still_lie_together(make_cable):
    ways = (("middle",), ("north_1", "north_2"))
    pair = [
        make_cable(f"c{n}", "H", "B", corridors=way, corridor_basis="assumed")
        for n, way in enumerate(ways)
    ]
    assert effective_range(pair, CORRIDORS, "H", "B")[:2] == (1, 2)


def test_the_reason_calls_nodes_and_corridors_by_their_names(four):
    names = {"H": "Hohhot", "B": "Beijing", "middle": "the middle way"}
    reason = effective_range(four, CORRIDORS, "H", "B", names=names).reason
    assert "Between Hohhot and Beijing" in say(reason, "en")
    assert "the middle way" in say(reason, "en")


def test_corridors_that_are_said_leave_no_range(make_cable):
    ways = (("middle",), ("middle",), ("north_1", "north_2"), ("south_1", "south_2"))
    said = [make_cable(f"c{n}", "H", "B", corridors=way) for n, way in enumerate(ways)]
    found = effective_range(said, CORRIDORS, "H", "B")
    assert (found.low, found.high, found.shared) == (3, 3, ("middle",))
    assert "every corridor is said" in say(found.reason, "en")


def test_a_said_cable_stays_where_it_is_said(make_cable):
    # Three lie in the middle by their source; only the fourth may lie elsewhere.
    cables = [make_cable(f"c{n}", "H", "B", corridors=("middle",)) for n in range(3)]
    free = make_cable("c3", "H", "B", corridors=("middle",), corridor_basis="assumed")
    found = effective_range([*cables, free], CORRIDORS, "H", "B")
    assert (found.low, found.high) == (1, 2)
    assert "1 of 4 cables" in say(found.reason, "en")


def test_cables_that_are_not_sure_count_for_the_high_end_only(make_cable):
    sure = make_cable("sure", "H", "B", corridors=("middle",))
    reading = make_cable(
        "reading", "H", "B", corridors=("north_1", "north_2"), existence="one_reading"
    )
    assert cut_range([sure, reading], "H", "B") == (1, 2)
    found = effective_range([sure, reading], CORRIDORS, "H", "B")
    assert (found.low, found.high) == (1, 2)
    assert "existence of 1 of 2 cables" in say(found.reason, "en")


def test_one_corridor_on_two_legs_is_one_route(make_cable):
    # A route may use its own corridor twice; two routes may not.
    cables = [
        make_cable("hm", "H", "M", corridors=("middle",)),
        make_cable("mb", "M", "B", corridors=("middle",)),
        make_cable("hb", "H", "B", corridors=("south_1", "south_2")),
        make_cable("hb2", "H", "B", corridors=("middle",)),
    ]
    assert cut_range(cables, "H", "B") == (3, 3)
    assert effective_range(cables, CORRIDORS, "H", "B")[:2] == (2, 2)


def test_the_way_of_one_pair_blocks_the_other_only_where_they_meet(make_cable):
    # Both ways by O use south_1, so that one of them must give way to it.
    cables = [
        make_cable("ho", "H", "O", corridors=("south_1",)),
        make_cable("ob", "O", "B", corridors=("south_2",)),
        make_cable("hb_south", "H", "B", corridors=("south_1", "south_2")),
        make_cable("hb_north", "H", "B", corridors=("north_1", "north_2")),
    ]
    found = effective_range(cables, CORRIDORS, "H", "B")
    assert (found.low, found.high) == (2, 2)
    assert found.shared == ("south_1", "south_2")


def test_cables_of_no_recorded_corridor_may_lie_together_or_apart(make_cable):
    chains = [
        make_cable(f"xb_{n}", "X", "B", corridor_basis="assumed", schematic=True) for n in range(2)
    ]
    assert effective_range(chains, CORRIDORS, "X", "B")[:2] == (1, 2)


def test_cables_that_lead_elsewhere_do_not_count(four, make_cable):
    spur = make_cable("spur", "B", "C", corridors=("far_away",), existence="assumed")
    loop = make_cable("loop", "H", "H", corridors=("middle",))
    assert effective_range([*four, spur, loop], CORRIDORS, "H", "B") == effective_range(
        four, CORRIDORS, "H", "B"
    )


def test_nodes_without_a_way_between_them(four):
    assert cut_range(four, "H", "Z") == (0, 0)
    found = effective_range(four, CORRIDORS, "H", "Z")
    assert found[:4] == (0, 0, True, ())
    assert say(found.reason, "en") == "No cable leads from H to Z."
    assert say(found.reason, "zh") == "没有光缆从H通往Z。"


def test_a_corridor_that_does_not_exist_is_named(make_cable):
    with pytest.raises(InputError, match="lost"):
        effective_range([make_cable("lost", "H", "B", corridors=("nowhere",))], CORRIDORS, "H", "B")


def test_the_same_node_twice_is_refused(four):
    with pytest.raises(ValueError, match="two nodes"):
        effective_range(four, CORRIDORS, "H", "H")
    with pytest.raises(ValueError, match="two nodes"):
        cut_range(four, "H", "H")


def test_a_cable_with_more_ways_than_are_listed_is_counted_all_the_same(make_cable):
    """Twelve legs with a choice of two corridors each: 4096 ways."""
    legs = [
        Corridor(f"{side}{leg}", f"n{leg}", f"n{leg + 1}", 50)
        for leg in range(12)
        for side in ("left", "right")
    ]
    assert MAX_CHAINS < 2**12
    left = tuple(f"left{leg}" for leg in range(12))
    cables = [
        make_cable(f"c{n}", "n0", "n12", corridors=left, corridor_basis="assumed") for n in range(3)
    ]
    # One route at least and at most; two find ways of their own, and a third does not.
    for n_cables, high in ((1, 1), (2, 2), (3, 2)):
        found = effective_range(cables[:n_cables], legs, "n0", "n12")
        assert found[:3] == (1, high, True)


def test_dead_ends_do_not_make_it_slow(make_cable):
    # Corridors tangled behind one node on the way: 15! walks, of which none leads on.
    tangle = [Corridor(f"t{a}_{b}", f"t{a}", f"t{b}", 1) for a, b in combinations(range(16), 2)]
    corridors = [*tangle, Corridor("east", "B", "t0", 1), Corridor("west", "t0", "H", 1)]
    cable = make_cable("c", "H", "B", corridors=("east", "west"), corridor_basis="assumed")
    assert effective_range([cable], corridors, "H", "B")[:2] == (1, 1)


def test_names_are_data(make_cable):
    name = "<script>alert('{0}%s')</script>"
    cables = [make_cable(f"c{n}", name, "B", corridors=(name,)) for n in range(2)]
    found = effective_range(cables, [Corridor(name, name, "B", 1)], name, "B")
    assert found[:4] == (1, 1, True, (name,))
    assert name in say(found.reason, "en")


def _brute(lines, a: str, b: str) -> int:
    """Try every set of routes: each a chain of cables with one way for each of them."""
    graph = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    for index, ((start, end), ways) in enumerate(lines):
        for way in ways:
            graph.add_edge(start, end, key=(index, way))
    risks = []
    for route in nx.all_simple_edge_paths(graph, a, b):
        used = set()
        for *_, (index, way) in route:
            used |= {index} | way
        risks.append(used)

    def most(start: int, taken: set) -> int:
        return max(
            (
                1 + most(index + 1, taken | risks[index])
                for index in range(start, len(risks))
                if not taken & risks[index]
            ),
            default=0,
        )

    return most(0, set())


WAYS = st.sets(st.frozensets(st.sampled_from("pqrst"), max_size=3), min_size=1, max_size=2)
LINES = st.lists(
    st.tuples(st.sampled_from([("A", "B"), ("A", "M"), ("B", "M"), ("M", "M")]), WAYS),
    max_size=6,
)


@settings(max_examples=200)
@given(LINES)
def test_disjoint_routes_are_what_brute_force_finds(lines):
    strands = [Strand(ends, tuple(sorted(map(tuple, map(sorted, ways))))) for ends, ways in lines]
    count = count_disjoint(strands, "A", "B")
    assert count.low == count.high == len(count.routes) == _brute(lines, "A", "B")


@st.composite
def _corridor_graphs(draw):
    ends = st.sampled_from([(a, b) for a in "HBNS" for b in "HBNS" if a < b])
    return [
        Corridor(f"k{index}", *pair, 100)
        for index, pair in enumerate(draw(st.lists(ends, min_size=1, max_size=8)))
    ]


@given(corridors=_corridor_graphs(), n_cables=st.integers(1, 6))
def test_free_cables_spread_as_far_as_the_corridors_let_them(make_cable, corridors, n_cables):
    nodes = "BHNS"
    oracle = igraph.Graph(
        4, [(nodes.index(each.from_node), nodes.index(each.to_node)) for each in corridors]
    )
    flow = oracle.edge_connectivity(nodes.index("H"), nodes.index("B"))
    direct = [each for each in corridors if {each.from_node, each.to_node} == {"H", "B"}]
    assume(direct)
    cables = [
        make_cable(f"c{n}", "H", "B", corridors=(direct[0].corridor_id,), corridor_basis="assumed")
        for n in range(n_cables)
    ]
    found = effective_range(cables, corridors, "H", "B")
    assert (found.low, found.high) == (1, min(n_cables, flow))


@st.composite
def _backbones(draw):
    corridors = draw(_corridor_graphs())
    names = st.sampled_from([each.corridor_id for each in corridors])
    fields = st.tuples(
        st.sampled_from([("H", "B"), ("H", "N"), ("N", "B"), ("S", "B")]),
        st.lists(names, max_size=2, unique=True),
        st.sampled_from(["said", "assumed"]),
        st.sampled_from(["said", "one_reading", "assumed"]),
        st.sampled_from(["said", "assumed"]),
    )
    return corridors, draw(st.lists(fields, max_size=6))


@given(backbone=_backbones())
def test_the_ranges_are_in_order(make_cable, backbone):
    corridors, rows = backbone
    cables = [
        make_cable(
            f"c{n}",
            *ends,
            corridors=tuple(ways),
            corridor_basis=basis,
            existence=existence,
            ends_basis=ends_basis,
        )
        for n, (ends, ways, basis, existence, ends_basis) in enumerate(rows)
    ]
    nominal = cut_range(cables, "H", "B")
    found = effective_range(cables, corridors, "H", "B")
    assert nominal[0] <= nominal[1]
    assert 0 <= found.low <= found.high <= nominal[1]
    assert found.low <= nominal[0]
    if {row[2:] for row in rows} <= {("said",) * 3}:
        assert found.low == found.high
    assert say(found.reason, "en").endswith(".")
    assert effective_range(cables[::-1], corridors[::-1], "H", "B") == found


def _parting(cables, a: str, b: str) -> int:
    """Return the fewest cables whose loss parts two nodes, by trying every set of them."""
    for n_cut in range(len(cables) + 1):
        for fallen in combinations(range(len(cables)), n_cut):
            graph = nx.Graph()
            graph.add_nodes_from((a, b))
            kept = (cable for n, cable in enumerate(cables) if n not in fallen)
            graph.add_edges_from((cable.from_node, cable.to_node) for cable in kept)
            if not nx.has_path(graph, a, b):
                return n_cut
    raise AssertionError


ENDS = [("H", "B"), ("H", "N"), ("N", "B"), ("S", "B"), ("S", "N")]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(ENDS), st.booleans(), WAYS), max_size=6))
def test_the_range_holds_what_every_reading_of_the_assumed_ends_comes_to(make_cable, rows):
    """A cable whose end is assumed is there or not; nothing else is open."""
    corridors = [Corridor(name, "H", "B", 100) for name in "pqrst"]
    cables = [
        make_cable(
            f"c{n}",
            *ends,
            corridors=tuple(sorted(min(ways, key=sorted))),
            ends_basis="said" if is_said else "assumed",
        )
        for n, (ends, is_said, ways) in enumerate(rows)
    ]
    fixed = [cable for cable in cables if cable.ends_basis == "said"]
    loose = [cable for cable in cables if cable.ends_basis != "said"]
    nominal, to_cut = nominal_range(cables, "H", "B"), cut_range(cables, "H", "B")
    found = effective_range(cables, corridors, "H", "B")
    counts = []
    for n_there in range(len(loose) + 1):
        for there in combinations(loose, n_there):
            reading = [*fixed, *there]
            direct = sum({each.from_node, each.to_node} == {"H", "B"} for each in reading)
            lines = [
                (tuple(sorted((each.from_node, each.to_node))), {frozenset(each.corridors)})
                for each in reading
            ]
            counts.append((direct, _parting(reading, "H", "B"), _brute(lines, "H", "B")))
    ranges = (nominal, to_cut, (found.low, found.high))
    # The ends of each range are the least and the most that a reading comes to.
    assert [(min(told), max(told)) for told in zip(*counts, strict=True)] == list(ranges)
    if not loose:
        assert all(low == high for low, high in ranges)


def test_an_assumed_end_is_told_in_the_reason(make_cable):
    sure = make_cable("sure", "H", "B", corridors=("middle",))
    loose = make_cable("loose", "H", "B", corridors=("south_1", "south_2"), ends_basis="assumed")
    assert cut_range([sure, loose], "H", "B") == (1, 2)
    found = effective_range([sure, loose], CORRIDORS, "H", "B")
    assert (found.low, found.high) == (1, 2)
    assert "an end of 1 of 2 cables is assumed" in say(found.reason, "en")
