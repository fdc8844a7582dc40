"""Time all pairs of disjoint routes beside peers, on public topologies, in one run.

Prints a table in Markdown: CPU seconds for the least kilometres of two routes without a common
cable, for every pair of nodes.  Ours in the first column answers every pair, conversion of
the multigraph included.  The other columns answer one pair at a time, for a sample of pairs,
extrapolated to all; the peers start from their own graph.  A line is printed only after the
answers for the sample were found equal.  A second table has routes apart in shared risks on a
lattice of so many cables, beside the whole programme put to HiGHS by itself.  Run it by `make bench`.
"""

from __future__ import annotations

import json
import math
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata, resources

import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow

from steppe.layers.wording import tell
from steppe.routing.disjoint import disjoint_routes
from steppe.routing.disjoint_lengths import all_pairs_disjoint_km
from steppe.routing.hops import list_hops
from steppe.routing.integer_program import Question, share_least
from steppe.routing.least_flow import CableNet
from steppe.routing.risk_disjoint import RiskRoutes
from steppe.routing.step_limit import Work

TOPOLOGIES = (
    *("sndlib/germany50", "topozoo/TataNld", "gabriel/100/0", "gabriel/500/0"),
    "backbone/eurasia",
)
PACKAGES = ("networkx", "ortools", "scipy", "numpy", "topohub")
N_PAIRS = 100
N_ROUNDS = 3
LATTICES = (10, 23, 50)  # rows and columns
N_RISK_PAIRS = 10
N_WHOLE = 2  # pairs that the whole programme is asked for
MM_PER_KM = 1e6  # the peers want whole numbers
ONE_BY_ONE = ("ours, pair by pair", "OR-tools SimpleMinCostFlow", "networkx min_cost_flow")

Find = Callable[[str, str], float]


def read_topology(key: str) -> nx.MultiGraph[str]:
    """Read a topology of topohub."""
    text = (resources.files("topohub") / "data" / f"{key}.json").read_text(encoding="utf-8")
    simple = nx.node_link_graph(json.loads(text), edges="edges")
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from(str(node) for node in simple)
    for number, (start, end, km) in enumerate(simple.edges(data="dist")):
        lengths = dict.fromkeys(("length_km", "low_km", "high_km"), float(km))
        graph.add_edge(str(start), str(end), key=str(number), **lengths)
    return graph


def both_ways(graph: nx.MultiGraph[str]) -> Iterator[tuple[str, str, int]]:
    """Yield each cable as two arcs, with its length in millimetres."""
    for start, end, km in graph.edges(data="length_km"):
        yield start, end, round(km * MM_PER_KM)
        yield end, start, round(km * MM_PER_KM)


def by_ours(graph: nx.MultiGraph[str]) -> Find:
    """Ask for the routes themselves."""

    net = CableNet(graph)

    def find(a: str, b: str) -> float:
        found = disjoint_routes(graph, a, b, net=net)
        return found.km if found else math.inf

    return find


def by_ortools(graph: nx.MultiGraph[str]) -> Find:
    """Ask for a flow of two; the arcs are written down once."""
    place = {node: index for index, node in enumerate(graph)}
    flow = min_cost_flow.SimpleMinCostFlow()
    for tail, head, cost in both_ways(graph):
        flow.add_arc_with_capacity_and_unit_cost(place[tail], place[head], 1, cost)

    def find(a: str, b: str) -> float:
        flow.set_node_supply(place[a], 2)
        flow.set_node_supply(place[b], -2)
        km = flow.optimal_cost() / MM_PER_KM if flow.solve() == flow.OPTIMAL else math.inf
        flow.set_node_supply(place[a], 0)
        flow.set_node_supply(place[b], 0)
        return km

    return find


def by_networkx(graph: nx.MultiGraph[str]) -> Find:
    """Ask for a flow of two; the arcs are written down once."""
    net: nx.DiGraph[str] = nx.DiGraph()
    for tail, head, cost in both_ways(graph):
        net.add_edge(tail, head, capacity=1, weight=cost)

    def find(a: str, b: str) -> float:
        net.nodes[a]["demand"], net.nodes[b]["demand"] = -2, 2
        try:
            return nx.min_cost_flow_cost(net) / MM_PER_KM
        except nx.NetworkXUnfeasible:
            return math.inf
        finally:
            net.nodes[a]["demand"] = net.nodes[b]["demand"] = 0

    return find


def lattice(n_rows: int) -> tuple[nx.MultiGraph[str], dict[str, list[str]]]:
    """Return neighbours joined by cables of 1 to 2 km, and risks of cables near one place."""
    dice = random.Random(4)
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    risks: dict[str, list[str]] = {}
    for row in range(n_rows):
        for column in range(n_rows):
            for down, right in ((0, 1), (1, 0)):
                there = row + down, column + right
                if max(there) < n_rows:
                    name = f"{row:02}-{column:02}-{down}"
                    km = dict.fromkeys(("length_km", "low_km", "high_km"), 1 + dice.random())
                    graph.add_edge(
                        f"{row:02}-{column:02}", f"{there[0]:02}-{there[1]:02}", key=name, **km
                    )
                    place = f"{row // 2} {column // 2} {dice.randrange(3)}"
                    risks.setdefault(place, []).append(name)
    return graph, risks


def whole_programme(
    graph: nx.MultiGraph[str], a: str, b: str, risks: dict[str, list[str]]
) -> float:
    """Return the kilometres by the programme of all cables, without flow and local search."""
    met = [cables for cables in risks.values() if len(cables) > 1]
    question = Question(list_hops(graph), met, (min(a, b), max(a, b)), 2, 0, strictly=True)
    answer = share_least(question, Work(10**10, tell("work.routes", a=a, b=b)))
    if answer is None or answer.arcs is None:
        return math.inf
    km = {key: length for *_, key, length in graph.edges(keys=True, data="length_km")}
    return sum(km[name] for route in answer.arcs for name, *_ in route)


def risk_row(n_rows: int) -> list[str]:
    """Return one line of the table of routes apart in risks."""
    graph, risks = lattice(n_rows)
    routes = RiskRoutes(CableNet(graph), risks)
    dice = random.Random(2)
    pairs = [dice.sample(sorted(graph), 2) for _ in range(N_RISK_PAIRS)]
    start = time.process_time()
    found = [routes.find(a, b) for a, b in pairs]
    ours_s = (time.process_time() - start) / len(pairs)
    exact = [
        (pair, each) for pair, each in zip(pairs, found, strict=True) if each and each.is_exact
    ]
    start = time.process_time()
    for (a, b), each in exact[:N_WHOLE]:
        whole_km = whole_programme(graph, a, b, risks)
        if not each.shared and not math.isclose(whole_km, each.km, rel_tol=1e-9):
            sys.exit(f"{n_rows} rows: the whole programme and ours differ for {a} and {b}")
    peer = f"{(time.process_time() - start) / N_WHOLE:.3g}"
    size = f"{len(graph)}/{graph.number_of_edges()}"
    return [size, str(len(risks)), f"{len(exact)} of {len(pairs)}", f"{ours_s:.3g}", peer]


def time_it(run: Callable[[], object]) -> float:
    """Return the least CPU seconds of some rounds."""
    best = math.inf
    for _ in range(N_ROUNDS):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


def row(key: str) -> list[str]:
    """Return one line of the table."""
    graph = read_topology(key)
    nodes, km = all_pairs_disjoint_km(graph)
    n_pairs = math.comb(len(nodes), 2)
    times = [time_it(lambda: all_pairs_disjoint_km(graph))]
    dice = random.Random(2)
    places = [dice.sample(range(len(nodes)), 2) for _ in range(N_PAIRS)]
    expected = [km[a, b] for a, b in places]
    for title, peer in zip(ONE_BY_ONE, (by_ours, by_ortools, by_networkx), strict=True):
        find = peer(graph)
        found = [find(nodes[a], nodes[b]) for a, b in places]
        if not np.allclose(found, expected, rtol=1e-9):
            sys.exit(f"{key}: {title} and all pairs at once differ")
        a_sample = time_it(lambda find=find: [find(nodes[a], nodes[b]) for a, b in places])
        times.append(a_sample / N_PAIRS * n_pairs)
    n_found = int(np.isfinite(km).sum() - len(nodes)) // 2
    size = f"{len(graph)}/{graph.number_of_edges()}"
    return [key, size, str(n_pairs), str(n_found), *(f"{seconds:.3g}" for seconds in times)]


def main() -> None:
    """Print the machine and the table."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {memory_gb:.0f} GiB, {platform.machine()}"
    from_sample = (f"{title}, s (from {N_PAIRS} pairs)" for title in ONE_BY_ONE)
    head = ["topology", "nodes/cables", "pairs", "with two routes", "ours, s", *from_sample]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["--"] * len(head))]
    lines += [f"| {' | '.join(row(key))} |" for key in TOPOLOGIES]
    risk_head = ["nodes/cables", "risks", "proven", "ours, s each", "whole programme, s each"]
    risk_lines = [f"| {' | '.join(cells)} |" for cells in (risk_head, ["--"] * len(risk_head))]
    risk_lines += [f"| {' | '.join(risk_row(n_rows))} |" for n_rows in LATTICES]
    python = f"Python {platform.python_version()}"
    sys.stdout.write(
        "\n".join([f"{machine}; {python}, {versions}.", "", *lines, "", *risk_lines, ""])
    )


if __name__ == "__main__":
    main()
