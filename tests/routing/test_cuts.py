"""What cuts do: the toy by hand, and networkx on copies as the oracle."""

from __future__ import annotations

import math
import random
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.routing.backbone import cut
from steppe.routing.cuts import CutEffect, CutUnit, cut_effects, worst_cuts


def _unit(unit_id: str, *cables: str, kind: str = "cable", nodes=()) -> CutUnit:
    return CutUnit(unit_id, kind, frozenset(cables), frozenset(nodes))


def _each_cable(graph: nx.MultiGraph) -> list[CutUnit]:
    return [_unit(key, key) for *_, key in graph.edges(keys=True)]


def _by_units(effects) -> dict[tuple[str, ...], CutEffect]:
    return {effect.units: effect for effect in effects}


def _km(graph: nx.MultiGraph, starts, target: str) -> dict[str, float]:
    reached = nx.single_source_dijkstra_path_length(graph, target, weight="length_km")
    return {start: reached[start] for start in starts if start in reached and start != target}


def _brute(graph, units, starts, target) -> tuple[list[str], dict[str, float]]:
    """Return who is isolated, and who gains how much, on a copy without the units."""
    rest = graph.copy()
    for unit in units:
        rest.remove_edges_from(
            [(a, b, key) for a, b, key in rest.edges(keys=True) if key in unit.cables]
        )
        rest.remove_nodes_from(unit.nodes)
    before = _km(graph, starts, target)
    after = _km(rest, starts, target) if target in rest else {}
    isolated = sorted(set(before) - set(after))
    return isolated, {start: km - before[start] for start, km in sorted(after.items())}


def _loss(effect: CutEffect) -> dict[str, float]:
    return {**dict(effect.longer), **dict.fromkeys(effect.isolated, math.inf)}


def _worst(*losses: dict[str, float]) -> dict[str, float]:
    starts = {start for loss in losses for start in loss}
    return {start: max(loss.get(start, 0.0) for loss in losses) for start in starts}


@st.composite
def _questions(draw, graphs):
    graph = draw(graphs)
    keys = sorted(key for *_, key in graph.edges(keys=True))
    nodes = sorted(graph)
    some_nodes = st.frozensets(st.sampled_from(nodes), max_size=1)
    some_cables = st.frozensets(st.sampled_from(keys), max_size=3) if keys else st.just(frozenset())
    chosen = draw(st.lists(st.tuples(some_cables, some_nodes), max_size=7))
    units = [
        CutUnit(f"u{number}", "corridor", cables, fallen)
        for number, (cables, fallen) in enumerate(chosen)
    ]
    return graph, units, draw(st.lists(st.sampled_from(nodes))), draw(st.sampled_from(nodes))


def test_the_toy_by_hand(toy):
    units = [*_each_cable(toy), _unit("jingbao", "hb_480", "hb_500", "hb_530", "hb_560")]
    effects = _by_units(cut_effects(toy, units, starts=["O", "H"], target="B"))
    assert len(effects) == 8 + 8 * 7 // 2
    # H goes 480 km straight, O 700 km straight and 780 by H.
    assert effects["hb_480",].longer == (("H", 20.0),)
    assert effects["hb_500",].longer == ()
    assert effects["hb_480", "hb_500"].longer == (("H", 50.0),)
    assert effects["ob_700",].longer == (("O", 10.0),)
    assert effects["ob_700", "ob_710"].longer == (("O", 80.0),)
    assert effects["jingbao",].longer == (("H", 300.0 + 700.0 - 480.0),)
    assert effects["jingbao", "ob_700"].longer == (("H", 530.0), ("O", 10.0))
    assert effects["ho_300", "jingbao"].isolated == ("H",)
    assert effects["ho_300", "jingbao"].longer == ()
    assert not any(effect.isolated for units, effect in effects.items() if len(units) == 1)


def test_what_adds_something(toy):
    units = [*_each_cable(toy), _unit("jingbao", "hb_480", "hb_500", "hb_530", "hb_560")]
    effects = _by_units(cut_effects(toy, units, starts=["O", "H"], target="B"))
    singles = {units[0] for units, effect in effects.items() if len(units) == 1 and effect.adds}
    assert singles == {"hb_480", "ob_700", "jingbao"}
    assert effects["hb_480", "hb_500"].adds
    # Each of the two hurts one start, together no more than that.
    assert effects["hb_480", "ob_700"].longer == (("H", 20.0), ("O", 10.0))
    assert not effects["hb_480", "ob_700"].adds
    # Without the corridor H goes by O, so there a cable more is missed by both.
    assert effects["jingbao", "ob_700"].adds
    assert not effects["hb_480", "jingbao"].adds


def test_the_worst_of_the_toy(toy):
    units = [*_each_cable(toy), _unit("jingbao", "hb_480", "hb_500", "hb_530", "hb_560")]
    effects = cut_effects(toy, units, starts=["O", "H"], target="B")
    worst = worst_cuts(effects, n=4)
    assert [effect.units for effect in worst] == [
        ("ho_300", "jingbao"),
        ("jingbao", "ob_700"),
        ("jingbao",),
        ("ob_700", "ob_710"),
    ]
    assert [effect.additional_km for effect in worst] == [0.0, 540.0, 520.0, 80.0]
    assert worst_cuts(effects, n=0) == ()
    assert all(effect.adds for effect in worst_cuts(effects, n=1000))


def test_isolation_comes_before_kilometres_and_one_unit_before_two(graph_of, make_cable):
    graph = graph_of(
        [
            make_cable("short", "a", "t", 1.0),
            make_cable("long", "a", "t", 9000.0),
            make_cable("only", "b", "t", 1.0),
        ]
    )
    effects = cut_effects(graph, _each_cable(graph), starts=["a", "b"], target="t")
    assert [effect.units for effect in worst_cuts(effects)] == [
        ("only",),
        ("long", "short"),
        ("short",),
    ]


def test_twins_are_shown_once_by_the_unit_given_first(toy):
    cable, corridor = _unit("z_cable", "hb_480"), _unit("a_corridor", "hb_480", kind="corridor")
    other = _unit("m_cable", "hb_500")
    both = _unit("z_both", "hb_480", "hb_500", kind="operator")
    for first, second in ((cable, corridor), (corridor, cable)):
        effects = cut_effects(toy, [first, second, other, both], starts=["H"], target="B")
        assert [effect.units for effect in worst_cuts(effects)] == [
            ("z_both",),
            (first.unit_id,),
        ]
    # Like consequences alone make no twins.
    wider = _unit("wider", "hb_480", "ob_710")
    effects = cut_effects(toy, [cable, wider], starts=["H"], target="B")
    assert [effect.units for effect in worst_cuts(effects)] == [("wider",), ("z_cable",)]


def test_a_node_falls_with_its_cables(toy):
    toy = toy.copy()
    toy.add_edge("O", "O", key="loop", length_km=1.0)
    units = [_unit("O falls", nodes="O"), _unit("jingbao", *(f"hb_{km}" for km in (480, 500)))]
    alone, _, pair = cut_effects(toy, units, starts=["H", "O"], target="B")
    assert (alone.isolated, alone.longer) == (("O",), ())
    assert alone.cables == {"ho_300", "ob_700", "ob_710", "loop"}
    assert (pair.isolated, pair.longer) == (("O",), (("H", 50.0),))
    (gone,) = cut_effects(toy, [_unit("B falls", nodes="B")], starts=["H", "O"], target="B")
    assert gone.isolated == ("H", "O")


def test_who_is_apart_or_there_already_has_no_part(graph_of, make_cable):
    graph = graph_of([make_cable("only", "a", "t"), make_cable("else", "x", "y")])
    starts = ["t", "x", "a", "a"]
    effects = _by_units(cut_effects(graph, _each_cable(graph), starts=starts, target="t"))
    assert effects["only",].isolated == ("a",)
    assert effects["else", "only"].isolated == ("a",)
    assert effects["else",] == CutEffect(("else",), frozenset({"else"}), (), (), adds=False)
    (gone,) = cut_effects(graph, [_unit("t falls", nodes="t")], starts=["t"], target="t")
    assert not gone.adds


def test_an_equal_sum_of_other_kilometres_is_no_longer_route(graph_of, make_cable):
    # 0.1 + 0.2 is not 0.3 in binary.
    graph = graph_of(
        [
            make_cable("straight", "a", "t", 0.3),
            make_cable("first", "a", "m", 0.2),
            make_cable("second", "m", "t", 0.1),
        ]
    )
    effects = cut_effects(graph, _each_cable(graph), starts=["a"], target="t", doubles=False)
    assert [effect.longer for effect in effects] == [(), (), ()]


def test_singles_alone(toy):
    effects = cut_effects(toy, _each_cable(toy), starts=["H"], target="B", doubles=False)
    assert [effect.units for effect in effects] == [(unit.unit_id,) for unit in _each_cable(toy)]
    assert cut_effects(toy, [], starts=["H"], target="B") == ()


def test_what_is_unknown_is_named(toy):
    units = [_unit("one", "hb_480", "nix"), _unit("two", "nada", nodes=["nowhere"]), _unit("one")]
    with pytest.raises(InputError) as caught:
        cut_effects(toy, units, starts=["H"], target="B")
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "(rows one)" in lines[0]
    assert "no such cable (rows nada, nix)" in lines[1]
    assert "no such node (rows nowhere)" in lines[2]
    for starts, target in ((["H", "Q"], "B"), (["H"], "Q")):
        with pytest.raises(InputError, match=r"no such node \(rows Q\)"):
            cut_effects(toy, [], starts=starts, target=target)


@settings(max_examples=200)
@given(data=st.data())
def test_effects_are_what_networkx_finds_on_copies(multigraphs, data):
    graph, units, starts, target = data.draw(_questions(multigraphs))
    effects = cut_effects(graph, units, starts=starts, target=target)
    chosen = [(unit,) for unit in units] + list(combinations(units, 2))
    assert [effect.units for effect in effects] == [
        tuple(sorted(unit.unit_id for unit in some)) for some in chosen
    ]
    for some, effect in zip(chosen, effects, strict=True):
        isolated, gains = _brute(graph, some, starts, target)
        assert list(effect.isolated) == isolated
        # Monotone: no start is nearer than before, and none is reached that was apart.
        assert all(km >= 0 for km in gains.values())
        assert list(effect.longer) == [gain for gain in gains.items() if gain[1] > 0]


def test_who_is_saved_by_an_unsure_cable_alone_is_doubtful(toy):
    """Four cables fall; the way round by O saves H, if its cables are there."""
    four = _unit("four", "hb_480", "hb_500", "hb_530", "hb_560")
    way_round = ("ho_300", "ob_700", "ob_710")
    (sure,) = cut_effects(toy, [four], starts=["H"], target="B")
    assert (sure.isolated, sure.doubtful) == ((), ())
    for unsure in (way_round, way_round[:1], way_round[1:], (*way_round, "hb_480")):
        (effect,) = cut_effects(toy, [four], starts=["H"], target="B", unsure=unsure)
        assert (effect.isolated, effect.doubtful, effect.longer) == ((), ("H",), sure.longer)
    # One of two that stand beside each other is not needed, and what is in use is there.
    for unsure in (("ob_710",), ("hb_480",), ()):
        (effect,) = cut_effects(toy, [four], starts=["H"], target="B", unsure=unsure)
        assert effect == sure


def test_two_that_part_in_some_reading_add_something(graph_of, make_cable):
    graph = graph_of(
        [
            make_cable("one", "A", "B", 100),
            make_cable("two", "A", "B", 110),
            make_cable("unsure", "A", "B", 110),
        ]
    )
    units = [_unit("u1", "one"), _unit("u2", "two")]
    effects = cut_effects(graph, units, starts=["A"], target="B", unsure=["unsure"])
    assert [(effect.doubtful, effect.adds) for effect in effects] == [
        ((), True), ((), False), (("A",), True),
    ]  # fmt: skip
    worst = worst_cuts(effects)
    assert worst[0].units == ("u1", "u2")  # whom it may cut off goes before kilometres


@settings(max_examples=200)
@given(data=st.data())
def test_the_doubtful_are_those_whom_only_unsure_cables_save(multigraphs, data):
    graph, units, starts, target = data.draw(_questions(multigraphs))
    km = _km(graph, graph, target) | {target: 0.0}
    idle = [
        key
        for a, b, key, length in graph.edges(keys=True, data="length_km")
        if a not in km or abs(km[a] - km[b]) != length
    ]
    unsure = data.draw(st.sets(st.sampled_from(idle))) if idle else set()
    bare = cut(graph, unsure)
    effects = cut_effects(graph, units, starts=starts, target=target, unsure=unsure)
    for some, effect in zip(
        [(unit,) for unit in units] + list(combinations(units, 2)), effects, strict=True
    ):
        left = [CutUnit(u.unit_id, u.kind, u.cables - unsure, u.nodes) for u in some]
        isolated, doubtful = set(_brute(graph, some, starts, target)[0]), set(effect.doubtful)
        assert doubtful == set(_brute(bare, left, starts, target)[0]) - isolated
        if not unsure:
            assert not doubtful


@settings(max_examples=200)
@given(data=st.data())
def test_two_are_at_least_as_bad_as_each(multigraphs, data):
    graph, units, starts, target = data.draw(_questions(multigraphs))
    effects = _by_units(cut_effects(graph, units, starts=starts, target=target))
    for names, effect in effects.items():
        alone = _worst(*(_loss(effects[name,]) for name in names if len(names) > 1))
        together = _loss(effect)
        assert _worst(alone, together) == together
        assert effect.adds == (together != alone)


@given(data=st.data())
def test_the_order_of_units_changes_only_the_kept_twin(multigraphs, data):
    graph, units, starts, target = data.draw(_questions(multigraphs))
    effects = cut_effects(graph, units, starts=starts, target=target)
    shuffled = data.draw(st.permutations(units))
    others = cut_effects(graph, shuffled, starts=starts[::-1], target=target)
    assert set(effects) == set(others)
    worst, others_worst = (worst_cuts(some, n=100) for some in (effects, others))

    def without_names(some):
        return {(effect.cables, effect.isolated, effect.longer) for effect in some}

    assert len(without_names(worst)) == len(worst)
    assert without_names(worst) == without_names(others_worst)


@given(data=st.data())
def test_the_worst_come_first_and_once(multigraphs, data):
    graph, units, starts, target = data.draw(_questions(multigraphs))
    effects = cut_effects(graph, units, starts=starts, target=target)
    worst = worst_cuts(effects, n=100)
    keys = [(-len(effect.isolated), -effect.additional_km, len(effect.units)) for effect in worst]
    assert keys == sorted(keys)
    adding = {(effect.cables, _key(effect)) for effect in effects if effect.adds}
    assert {(effect.cables, _key(effect)) for effect in worst} == adding
    assert worst_cuts(effects, n=2) == worst[:2]


def _key(effect: CutEffect) -> tuple:
    return effect.isolated, effect.longer


def test_a_regional_backbone_against_networkx():
    # As large as the regions planned: 30 nodes, 40 cables, 60 units, lengths of any kind.
    dice = random.Random(11)
    graph = nx.MultiGraph()
    nodes = [f"n{number:02}" for number in range(30)]
    ends = [(node, dice.choice(nodes[:number])) for number, node in enumerate(nodes) if number]
    ends += [tuple(dice.sample(nodes, 2)) for _ in range(40 - len(ends))]
    for number, (start, end) in enumerate(ends):
        graph.add_edge(start, end, key=f"c{number:02}", length_km=dice.uniform(20.0, 900.0))
    keys = [key for *_, key in graph.edges(keys=True)]
    units = _each_cable(graph) + [
        _unit(f"corridor {number}", *dice.sample(keys, dice.randrange(2, 6)))
        for number in range(20)
    ]
    before = _km(graph, nodes[1:], "n00")
    by_id = {unit.unit_id: unit for unit in units}
    effects = cut_effects(graph, units, starts=nodes, target="n00")
    assert len(effects) == 1830
    for effect in effects:
        assert effect.cables == frozenset().union(*(by_id[name].cables for name in effect.units))
        after = _km(cut(graph, effect.cables), before, "n00")
        assert list(effect.isolated) == sorted(set(before) - set(after))
        gained = {start: km - before[start] for start, km in after.items()}
        expected = {start: km for start, km in gained.items() if km > 1e-6}
        assert dict(effect.longer) == pytest.approx(expected, abs=1e-6)
