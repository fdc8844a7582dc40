"""Ways over a road-like graph of a million edges, beside SciPy, igraph, networkx and OR-tools, in one run.

Prints a table in Markdown; peers start from graphs of their own that were made before the clock ran, and a
line is printed only after all that answer the same question were found equal.  Costs are whole
numbers, since OR-tools takes no others.  Seconds are by the clock / of CPU.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib import metadata
from typing import Any

import igraph
import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.ndimage import gaussian_filter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from steppe.routing.terrain.cost_grid import CostGrid
from steppe.routing.terrain.pair import PairField
from steppe.routing.ways.apart_km import Keeping
from steppe.routing.ways.apart_pair import NoPair, find_apart_pair
from steppe.routing.ways.disjoint_pair import find_disjoint_pair
from steppe.routing.ways.pair_of_ways import PairOfWays
from steppe.routing.ways.shortest import find_shortest, spread_from
from steppe.routing.ways.trees import find_tree
from steppe.routing.ways.way_graph import WayGraph

SIDE = 708
PACKAGES = ("numpy", "scipy", "igraph", "networkx", "ortools", "numba")
APART_KM, ZONE_KM, N_ENDS = 20.0, 30.0, 20


def road_like(n_side: int) -> WayGraph:
    """Make a net of streets: crossings moved by up to 0.3 km from a lattice of 1 km, roads of several speeds."""
    rng = np.random.default_rng(0)
    number = np.arange(n_side * n_side).reshape(n_side, n_side)
    xy_km = np.column_stack(np.divmod(number.ravel(), n_side)) + rng.uniform(
        -0.3, 0.3, (n_side * n_side, 2)
    )
    ends = np.concatenate(
        [
            np.column_stack((number[:, :-1].ravel(), number[:, 1:].ravel())),
            np.column_stack((number[:-1].ravel(), number[1:].ravel())),
        ]
    )
    km = np.hypot(*(xy_km[ends[:, 0]] - xy_km[ends[:, 1]]).T)
    cost = np.ceil(1000.0 * km * rng.lognormal(0.3, 0.3, len(km)).clip(1.0))
    return WayGraph(ends, cost, km, xy_km)


def clock(ask: Callable[[], Any]) -> tuple[Any, str]:
    """Return an answer, and seconds by the clock and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = ask()
    return answer, f"{time.perf_counter() - wall:.2f} / {time.process_time() - cpu:.2f}"


def flow_of_two(graph: WayGraph, start: int, end: int) -> Any:
    """Return OR-tools' programme of two units from one node to another, one on each edge."""
    flow = min_cost_flow.SimpleMinCostFlow()
    tails = np.concatenate((graph.ends[:, 0], graph.ends[:, 1])).astype(np.int32)
    heads = np.concatenate((graph.ends[:, 1], graph.ends[:, 0])).astype(np.int32)
    ones, costs = np.ones(len(tails), dtype=np.int64), np.tile(graph.cost, 2).astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, ones, costs)
    flow.set_node_supply(start, 2)
    flow.set_node_supply(end, -2)
    return flow


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def line(question: str, cost: float, columns: dict[str, str]) -> None:
    """Print a line of the table."""
    cells = [columns.get(name, "–") for name in ("steppe", *PACKAGES[1:5])]
    say(f"| {question} | {cost:.0f} | {' | '.join(cells)} |")


def check(ours: float, theirs: float, who: str) -> None:
    """Stop where answers differ."""
    if abs(ours - theirs) > 1e-9 * ours:
        sys.exit(f"{who} finds {theirs}, we {ours}")


def compile_all() -> None:
    """Ask everything of a small graph, before the clock runs."""
    small = road_like(40)
    keeping = Keeping(5.0, float(small.stroke_km.max()))
    find_disjoint_pair(small, 45, 1500)
    find_apart_pair(keeping.ask(small, 45, 1500, 3.0))
    find_tree(small, [45, 700, 1500])


def alone(graph: WayGraph, start: int, end: int, web: Any) -> None:
    """Ask for single ways."""
    matrix = coo_array((graph.cost, tuple(graph.ends.T)), shape=(graph.n_nodes,) * 2).tocsr()
    peer = igraph.Graph(n=graph.n_nodes, edges=graph.ends, edge_attrs={"cost": graph.cost})
    way, ours = clock(lambda: find_shortest(graph, start, end))
    assert way is not None
    found, with_igraph = clock(lambda: peer.distances(start, end, weights="cost")[0][0])
    check(way.cost, found, "igraph")
    found, with_nx = clock(lambda: nx.bidirectional_dijkstra(web, start, end)[0])
    check(way.cost, found, "networkx")
    line("shortest", way.cost, {"steppe": ours, "igraph": with_igraph, "networkx": with_nx})

    reach, ours = clock(lambda: spread_from(graph, start))
    costs, with_scipy = clock(lambda: dijkstra(matrix, directed=False, indices=start))
    check(float(reach.cost.sum()), float(costs.sum()), "SciPy")
    costs, with_igraph = clock(lambda: peer.distances(start, weights="cost")[0])
    check(float(reach.cost.sum()), float(np.sum(costs)), "igraph")
    total = float(reach.cost.max())
    line("from one to all", total, {"steppe": ours, "scipy": with_scipy, "igraph": with_igraph})


def pairs(graph: WayGraph, start: int, end: int) -> str:
    """Ask for pairs; return what is proven of the one that keeps its distance."""
    pair, ours = clock(lambda: find_disjoint_pair(graph, start, end))
    assert pair is not None
    flow = flow_of_two(graph, start, end)
    _, with_ortools = clock(flow.solve)
    check(pair.cost, flow.optimal_cost(), "OR-tools")
    line("two that share no edge", pair.cost, {"steppe": ours, "ortools": with_ortools})
    pair, ours = clock(lambda: find_disjoint_pair(graph, start, end, apart_in_nodes=True))
    assert pair is not None
    line("two that share no node", pair.cost, {"steppe": ours})
    keeping = Keeping(ZONE_KM, float(graph.stroke_km.max()))
    question = keeping.ask(graph, start, end, APART_KM)
    apart, ours = clock(lambda: find_apart_pair(question))
    assert isinstance(apart, PairOfWays)
    line(f"two that are {APART_KM:g} km apart", apart.cost, {"steppe": ours})
    gap_pct = 100.0 * (1.0 - apart.lower_bound / apart.cost)
    apart_km = keeping.measure(graph, apart.first, apart.second)
    return f"The two apart: {apart_km:.1f} km, no pair cheaper by more than {gap_pct:.3f} %."


def trees(graph: WayGraph, web: Any) -> str:
    """Ask for a tree; return what is proven of it."""
    ends = np.random.default_rng(1).choice(graph.n_nodes, N_ENDS, replace=False).tolist()
    tree, ours = clock(lambda: find_tree(graph, ends))
    assert tree is not None
    other, with_nx = clock(
        lambda: nx.algorithms.approximation.steiner_tree(web, ends, method="mehlhorn")
    )
    line(f"a tree over {N_ENDS} ends", tree.cost, {"steppe": ours, "networkx": with_nx})
    gap_pct, theirs = 100.0 * (1.0 - tree.lower_bound / tree.cost), other.size("weight")
    return (
        f"The tree: none cheaper by more than {gap_pct:.2f} %; that of networkx costs {theirs:.0f}."
    )


def over_cells() -> None:
    """Ask for pairs over grids of 600 x 400 cells of 1 km, whose ends are 300 km apart."""
    say("\n| grid | apart, km | 2 least, least cost proven, cost | gap, % | measured, km | s |")
    say("| -- | -- | -- | -- | -- | -- |")
    ends = (200, 150), (200, 450)
    for seed in range(3):
        rng = np.random.default_rng(seed)
        cost = np.exp(gaussian_filter(rng.normal(size=(400, 600)), 8.0) * 8.0) + 0.1
        lakes = gaussian_filter(rng.normal(size=cost.shape), 6.0) > 0.06
        for with_lakes in (False, True):
            # A tenth or so of the ground is water.
            cost[lakes & with_lakes] = np.nan
            cost[ends[0]] = cost[ends[1]] = 1.0
            field = PairField(CostGrid(cost, 1000.0), ends, ZONE_KM, (), 16)
            for apart_km in (5.0, 20.0, 40.0):
                found, ours = clock(lambda field=field, apart_km=apart_km: field.find(apart_km))
                name = f"{seed}{', lakes' if with_lakes else ''} | {apart_km:g}"
                least = 2.0 * field.ask(apart_km).least_cost
                if isinstance(found, NoPair):
                    say(
                        f"| {name} | {least:.3f}, {found.lower_bound:.3f}, none found | – | – | {ours} |"
                    )
                    continue
                costs = f"{least:.3f}, {found.lower_bound:.3f}, {found.cost:.3f}"
                say(
                    f"| {name} | {costs} | {100 * (1 - found.lower_bound / found.cost):.3f} | {found.apart_km:.2f} | {ours} |"
                )


def main() -> None:
    """Measure and print."""
    compile_all()
    graph = road_like(SIDE)
    _, laid = clock(lambda: graph.arcs)
    middle = SIDE // 2 * SIDE
    start, end = middle + SIDE // 6, middle + SIDE - SIDE // 6
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    say(f"{cores} cores, {platform.machine()}; Python {platform.python_version()}, {versions}.")
    say(f"{graph.n_nodes} nodes, {len(graph.cost)} edges; arcs laid out in {laid} s.\n")
    say("| question | cost | Steppe | SciPy | igraph | networkx | OR-tools |")
    say("| -- | -- | -- | -- | -- | -- | -- |")
    web = nx.Graph()
    web.add_weighted_edges_from(
        (*ends, cost) for ends, cost in zip(graph.ends.tolist(), graph.cost.tolist(), strict=True)
    )
    alone(graph, start, end, web)
    told = [pairs(graph, start, end), trees(graph, web)]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    say("\n" + "\n".join([*told, f"All graphs together: {peak_mb:.0f} MB."]))
    over_cells()


if __name__ == "__main__":
    main()
