"""Time every single and double cut beside brute force, on public topologies, in one run.

Prints a table in Markdown.  A peer's time is that of trying every pair of cables; where
that would take long, it is the time of pairs picked at random, times their number.  Each line is
printed only after the answers to all pairs tried, and to all pairs found by us, were
compared, so that nobody is fast and wrong.  Run it by `make bench`.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata, resources
from itertools import combinations

import igraph
import networkx as nx

from steppe.routing.cut_pairs import CutPairs, find_cut_pairs

TOPOLOGIES = ("sndlib/germany50", "topozoo/TataNld", "gabriel/500/0", "backbone/eurasia")
PACKAGES = ("networkx", "igraph", "numpy", "scipy", "topohub")
LONG_S = 5.0  # what would take longer is sampled
N_ROUNDS = 15

Pair = tuple[int, int]
Ends = list[tuple[str, str]]


def read_topology(key: str) -> tuple[list[str], Ends]:
    """Read nodes and cables of a topology of topohub."""
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    simple = nx.node_link_graph(json.loads(text), edges="edges")
    return [str(node) for node in simple], [(str(start), str(end)) for start, end in simple.edges()]


def to_multigraph(nodes: list[str], ends: Ends) -> nx.MultiGraph[str]:
    """Key each cable by its number."""
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(nodes)
    for number, (start, end) in enumerate(ends):
        graph.add_edge(start, end, key=str(number))
    return graph


def to_igraph(nodes: list[str], ends: Ends) -> igraph.Graph:
    """Number the cables in the same order."""
    place = {node: index for index, node in enumerate(nodes)}
    return igraph.Graph(len(nodes), [(place[start], place[end]) for start, end in ends])


def igraph_parts(graph: igraph.Graph, pair: Pair) -> bool:
    """Tell whether the pair parts the graph, on a copy."""
    rest = graph.copy()
    rest.delete_edges(list(pair))  # a tuple would be taken for two nodes
    return not rest.is_connected()


def networkx_parts(graph: nx.MultiGraph[str], ends: Ends, pair: Pair) -> bool:
    """Tell whether the pair parts the graph, taking it out and putting it back."""
    gone = [(*ends[number], str(number)) for number in pair]
    graph.remove_edges_from(gone)
    parted = not nx.is_connected(graph)
    graph.add_edges_from(gone)
    return parted


def igraph_double(graph: igraph.Graph) -> tuple[set[int], set[Pair]]:
    """Return the bridges, and all cut pairs by the bridges of what each cable leaves."""
    bridges = set(graph.bridges())
    pairs = set()
    for number in set(range(graph.ecount())) - bridges:
        rest = graph.copy()
        rest.delete_edges([number])
        # The cables behind the one taken out have moved up.
        others = {other + (other >= number) for other in rest.bridges()} - bridges
        pairs |= {(min(number, other), max(number, other)) for other in others}
    return bridges, pairs


def parting(found: CutPairs) -> tuple[set[int], set[Pair]]:
    """Return our answer in numbers."""
    numbers = [sorted(map(int, cables)) for cables in found.classes]
    pairs = {pair for cables in numbers for pair in combinations(cables, 2)}
    return set(map(int, found.bridges)), pairs


def seconds(run: Callable[[], object]) -> float:
    """Return how long something takes, at best."""
    best = float("inf")
    for _ in range(N_ROUNDS):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
        if best > LONG_S / N_ROUNDS:
            break
    return best


def brute_force(
    parts: Callable[[Pair], bool], n_cables: int, answer: tuple[set[int], set[Pair]], peer: str
) -> str:
    """Return the peer's milliseconds for all pairs, marked if extrapolated; leave if it differs."""
    bridges, pairs = answer

    def compare(tried: Iterable[Pair]) -> None:
        for pair in tried:
            if parts(pair) != (pair in pairs or not bridges.isdisjoint(pair)):
                sys.exit(f"{peer} and ours differ on the cables {pair}")

    compare(sorted(pairs))
    every = list(combinations(range(n_cables), 2))
    random.Random(1).shuffle(every)
    trial = every[:200]
    start = time.perf_counter()
    compare(trial)
    n_affordable = int(LONG_S / ((time.perf_counter() - start) / len(trial)))
    chosen = every[:n_affordable]
    start = time.perf_counter()
    compare(chosen)
    total_s = (time.perf_counter() - start) * len(every) / len(chosen)
    mark = "" if len(chosen) == len(every) else "~"
    return f"{mark}{float(f'{total_s * 1000:.3g}'):g}"


def rows() -> Iterator[list[str]]:
    """Yield one line of the table per topology."""
    for key in TOPOLOGIES:
        nodes, ends = read_topology(key)
        graph, built = to_multigraph(nodes, ends), to_igraph(nodes, ends)
        answer = parting(find_cut_pairs(graph))
        if igraph_double(built) != answer:
            sys.exit(f"{key}: the bridges of igraph and ours differ")
        n_cables = len(ends)
        yield [
            key,
            f"{len(nodes)}/{n_cables}",
            str(n_cables * (n_cables - 1) // 2),
            *(str(len(part)) for part in answer),
            f"{seconds(lambda graph=graph: find_cut_pairs(graph)) * 1000:.3g}",
            f"{seconds(lambda built=built: igraph_double(built)) * 1000:.3g}",
            brute_force(
                lambda pair, built=built: igraph_parts(built, pair), n_cables, answer, "igraph"
            ),
            brute_force(
                lambda pair, graph=graph, ends=ends: networkx_parts(graph, ends, pair),
                n_cables,
                answer,
                "networkx",
            ),
        ]


def main() -> None:
    """Print the machine and the table."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {memory_gb:.0f} GiB, {platform.machine()}"
    head = [
        "topology",
        "nodes/cables",
        "pairs",
        "bridges",
        "cut pairs",
        "ours with conversion, ms",
        "igraph, built, bridges after each cut, ms",
        "igraph, built, every pair, ms (~ sampled and extrapolated)",
        "networkx, every pair, ms (~ sampled and extrapolated)",
    ]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["--"] * len(head), *rows())]
    python = f"Python {platform.python_version()}"
    sys.stdout.write("\n".join([f"{machine}; {python}, {versions}.", "", *lines, ""]))


if __name__ == "__main__":
    main()
