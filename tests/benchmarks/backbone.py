"""Time the backbone's algorithms beside their peers, on public topologies, in one run.

Prints a table in Markdown.  Each line is printed only after all answers were compared, so
that nobody is fast and wrong.  Run it by `make bench`.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata, resources
from typing import Any

import igraph
import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, maximum_flow

from steppe.routing.connectivity import global_edge_connectivity, local_edge_connectivity
from steppe.routing.latency import all_pairs_km

TOPOLOGIES = (
    "sndlib/germany50",
    "topozoo/TataNld",
    "gabriel/100/0",
    "gabriel/500/0",
    "backbone/eurasia",
)
PACKAGES = ("networkx", "igraph", "scipy", "numpy", "topohub")
N_PAIRS = 100
LONG_S = 2.0  # what takes longer is not repeated
N_ROUNDS = 7
SLOW_NODES = 1000  # networkx's Stoer-Wagner would take minutes from here on

Peers = dict[str, Callable[[], Any]]


def read_topology(key: str, *, parallel: bool) -> nx.MultiGraph[str]:
    """Read a topology of topohub; with up to two more cables beside each when `parallel`."""
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    simple = nx.node_link_graph(json.loads(text), edges="edges")
    dice = random.Random(1)
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(str(node) for node in simple)
    for number, (start, end, km) in enumerate(simple.edges(data="dist")):
        for copy in range(1 + (dice.randrange(3) if parallel else 0)):
            length_km = float(km) * (1 + copy * dice.random())
            graph.add_edge(str(start), str(end), key=f"{number}-{copy}", length_km=length_km)
    return graph


def to_igraph(graph: nx.MultiGraph[str]) -> igraph.Graph:
    """Convert with all parallel cables."""
    place = {node: index for index, node in enumerate(graph)}
    pairs = [(place[start], place[end]) for start, end in graph.edges()]
    kilometres = [km for *_, km in graph.edges(data="length_km")]
    return igraph.Graph(len(place), pairs, edge_attrs={"km": kilometres})


def to_simple(graph: nx.MultiGraph[str]) -> nx.Graph[str]:
    """Merge parallel cables: the shortest, and how many they are."""
    simple: nx.Graph[str] = nx.Graph()
    simple.add_nodes_from(graph)
    for start, end, km in graph.edges(data="length_km"):
        known = simple.get_edge_data(start, end, {"km": np.inf, "capacity": 0})
        merged = {"km": min(km, known["km"]), "capacity": known["capacity"] + 1}
        simple.add_edge(start, end, **merged, weight=merged["capacity"])
    return simple


def to_sparse(simple: nx.Graph[str], name: str, dtype: type) -> csr_array:
    """Convert the merged graph to a matrix."""
    return csr_array(nx.to_scipy_sparse_array(simple, weight=name, dtype=dtype, format="csr"))


def pick_pairs(graph: nx.MultiGraph[str]) -> list[tuple[str, str]]:
    """Pick pairs of nodes, the same in every run."""
    dice = random.Random(2)
    nodes = list(graph)
    return [tuple(dice.sample(nodes, 2)) for _ in range(N_PAIRS)]


def shortest_peers(graph: nx.MultiGraph[str]) -> Peers:
    """All shortest kilometres as an array; `built` peers start from their own graph."""
    built, simple = to_igraph(graph), to_simple(graph)
    matrix = to_sparse(simple, "km", float)
    nodes = list(graph)

    def by_networkx() -> np.ndarray:
        found = dict(nx.all_pairs_dijkstra_path_length(graph, weight="length_km"))
        return np.array([[found[a].get(b, np.inf) for b in nodes] for a in nodes])

    return {
        "ours": lambda: all_pairs_km(graph)[1],
        "igraph, built": lambda: np.array(built.distances(weights="km")),
        "igraph": lambda: np.array(to_igraph(graph).distances(weights="km")),
        "scipy, built": lambda: dijkstra(matrix, directed=False),
        "scipy": lambda: dijkstra(to_sparse(to_simple(graph), "km", float), directed=False),
        "networkx": by_networkx,
    }


def local_peers(graph: nx.MultiGraph[str]) -> Peers:
    """Edge connectivity of sampled pairs; without `built`, each question converts anew."""
    built, simple = to_igraph(graph), to_simple(graph)
    matrix = to_sparse(simple, "capacity", np.int32)
    place = {node: index for index, node in enumerate(graph)}
    pairs = pick_pairs(graph)
    numbers = [(place[a], place[b]) for a, b in pairs]
    return {
        "ours": lambda: [local_edge_connectivity(graph, a, b) for a, b in pairs],
        "igraph, built": lambda: [built.edge_connectivity(a, b) for a, b in numbers],
        "igraph": lambda: [to_igraph(graph).edge_connectivity(a, b) for a, b in numbers],
        "scipy, built": lambda: [maximum_flow(matrix, a, b).flow_value for a, b in numbers],
        "networkx": lambda: [nx.maximum_flow_value(simple, a, b) for a, b in pairs],
    }


def global_peers(graph: nx.MultiGraph[str]) -> Peers:
    """Edge connectivity of the whole graph."""
    built, simple = to_igraph(graph), to_simple(graph)
    peers: Peers = {
        "ours": lambda: global_edge_connectivity(graph),
        "igraph, built": built.edge_connectivity,
        "igraph": lambda: to_igraph(graph).edge_connectivity(),
    }
    if len(graph) < SLOW_NODES:
        peers["networkx"] = lambda: nx.stoer_wagner(simple)[0]
    return peers


TASKS: tuple[tuple[str, Callable[[nx.MultiGraph[str]], Peers], int], ...] = (
    ("all shortest km", shortest_peers, 1),
    ("connectivity of a pair", local_peers, N_PAIRS),
    ("connectivity of all", global_peers, 1),
)
COLUMNS = ("ours", "igraph, built", "igraph", "scipy, built", "scipy", "networkx")


def best_of_rounds(peers: Peers) -> dict[str, tuple[float, Any]]:
    """Return each peer's best time in seconds, and its answer.

    Round after round, so that whatever else the machine does falls on all alike.
    """
    best = dict.fromkeys(peers, np.inf)
    answers = {}
    for _ in range(N_ROUNDS):
        for name, run in peers.items():
            if LONG_S < best[name] < np.inf:
                continue
            start = time.perf_counter()
            answers[name] = run()
            best[name] = min(best[name], time.perf_counter() - start)
    return {name: (best[name], answers[name]) for name in peers}


def rows() -> Iterator[list[str]]:
    """Yield one line of the table per topology, variant and task."""
    for key in TOPOLOGIES:
        for parallel in (False, True):
            graph = read_topology(key, parallel=parallel)
            size = f"{len(graph)}/{graph.number_of_edges()}"
            for title, task, n_questions in TASKS:
                found = best_of_rounds(task(graph))
                for name, (_, answer) in found.items():
                    if not np.allclose(answer, found["ours"][1], rtol=1e-12):
                        sys.exit(f"{key}: {name} and ours differ in {title}")
                times = [
                    f"{found[name][0] / n_questions * 1000:.3g}" if name in found else "–"
                    for name in COLUMNS
                ]
                yield [title, key, size, "yes" if parallel else "no", *times]


def main() -> None:
    """Print the machine and the table."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {memory_gb:.0f} GiB, {platform.machine()}"
    order = [title for title, *_ in TASKS]
    head = [
        "question",
        "topology",
        "nodes/cables",
        "parallel",
        *(f"{name}, ms" for name in COLUMNS),
    ]
    table = sorted(rows(), key=lambda row: order.index(row[0]))
    lines = [f"| {' | '.join(row)} |" for row in (head, ["--"] * len(head), *table)]
    python = f"Python {platform.python_version()}"
    sys.stdout.write("\n".join([f"{machine}; {python}, {versions}.", "", *lines, ""]))


if __name__ == "__main__":
    main()
