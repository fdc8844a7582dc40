"""What is found once for all pairs of nodes, against the same asked for one pair by brute force."""

from __future__ import annotations

import random
from itertools import combinations

import igraph
import networkx as nx
import pytest

from steppe.routing.blocks import Blocks
from steppe.routing.cut_pairs import group_nodes
from steppe.routing.edge_counts import EdgeCounts
from steppe.routing.hops import cables_between
from steppe.routing.single_falls import Line, SingleFalls


def _graphs(n: int, seed: int):
    chance = random.Random(seed)
    for _ in range(n):
        graph = nx.MultiGraph()
        n_nodes = chance.randint(2, 9)
        graph.add_nodes_from(map(str, range(n_nodes)))
        for number in range(chance.randint(0, 3 * n_nodes)):
            # Parallel cables and such that lead from a node to itself come too.
            a, b = (str(chance.randrange(n_nodes)) for _ in range(2))
            graph.add_edge(a, b, key=f"c{number}")
        yield graph


def test_counts_of_all_pairs_are_those_of_igraph() -> None:
    beyond = 0
    for graph in _graphs(150, 3):
        nodes = list(graph)
        place = {node: number for number, node in enumerate(nodes)}
        peer = igraph.Graph(len(nodes), [(place[a], place[b]) for a, b in graph.edges() if a != b])
        counts = EdgeCounts(graph)
        for a, b in combinations(nodes, 2):
            truth = int(peer.mincut(place[a], place[b]).value)
            beyond += truth > 3
            assert counts.between(a, b) == counts.between(b, a) == truth
            assert counts.between(a, b, most=2) == min(truth, 2)
            groups = group_nodes(graph)
            alike = sum(one == other for one, other in zip(groups[a], groups[b], strict=True))
            assert alike == min(truth, 3)
    assert beyond > 100
    assert counts.between(nodes[0], "nowhere") == 0
    with pytest.raises(ValueError, match="two nodes"):
        counts.between(nodes[0], nodes[0])


def test_blocks_between_two_nodes_hold_the_cables_on_ways_between_them() -> None:
    for graph in _graphs(100, 5):
        cables = list(graph.edges(keys=True))
        blocks = Blocks(cables, lambda cable: cable[:2])
        for a, b in combinations(graph, 2):
            path = blocks.find_path(a, b)
            assert path == blocks.find_path(b, a)
            if not nx.has_path(graph, a, b):
                assert not path
                continue
            assert blocks.list_links(path) == cables_between(cables, a, b, ends=lambda one: one[:2])


def test_a_single_fall_parts_what_it_parts_when_all_its_lines_are_taken_out() -> None:
    chance = random.Random(7)
    parted = 0
    for graph in _graphs(150, 7):
        things = [f"t{number}" for number in range(6)]
        alike = [frozenset(chance.sample(things, chance.randint(1, 4))) for _ in range(2)]
        lines = [
            Line((a, b), chance.sample(things, chance.randint(0, 2)),
                 chance.choice([frozenset(), *alike]))
            for a, b in graph.edges()
        ]  # fmt: skip
        if not lines:
            continue
        falls = SingleFalls(lines)
        but = chance.sample(things, 2)
        for a, b in combinations(sorted({end for line in lines for end in line.ends}), 2):
            for passed in ((), but):
                truth = False
                for thing in set(things).difference(passed):
                    met = [thing in {*line.things, *line.alike} for line in lines]
                    if sum(met) > 1:
                        left = nx.Graph()
                        left.add_nodes_from((a, b))
                        left.add_edges_from(
                            line.ends for line, is_met in zip(lines, met, strict=True) if not is_met
                        )
                        truth |= not nx.has_path(left, a, b)
                parted += truth
                assert falls.may_part(a, b, but=passed) == truth
    assert parted > 100
