"""Connectivity: how many cables must be cut before nodes part.

Every cable counts for itself, also beside a parallel one; a cable from a node to itself
leads nowhere and never counts.  networkx answers these questions wrongly or not at all on
multigraphs, so the few algorithms that are needed stand here, over hops whose capacity is
the number of parallel cables.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from itertools import pairwise

import networkx as nx

from steppe.routing.hops import trace_walks
from steppe.routing.latency import require_nodes

_Links = Mapping[str, Mapping[str, Mapping[str, object]]]
_Flow = dict[str, dict[str, int]]
_Steps = dict[str, str | None]


def local_edge_connectivity(graph: nx.MultiGraph[str], a: str, b: str) -> int:
    """Return how many cables must be cut to part two nodes; 0 when they are apart.

    By Menger's theorem also the number of routes that share no cable.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same.
    """
    return _saturate(graph, a, b)[0]


def min_cut(graph: nx.MultiGraph[str], a: str, b: str) -> frozenset[str]:
    """Return a smallest set of cables that parts two nodes; empty when they are apart.

    Of all smallest sets it is the one nearest to `a`, which is unique whatever flow was
    found: the cables that leave what `a` can still reach.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same.
    """
    _, flow = _saturate(graph, a, b)
    links: _Links = dict(graph.adjacency())
    reached = [a]
    near = {a}
    for here in reached:
        spent = flow.get(here, {})
        for there, cables in links[here].items():
            if there not in near and spent.get(there, 0) < len(cables):
                near.add(there)
                reached.append(there)
    return frozenset(
        cable_id
        for here in near
        for there, cables in links[here].items()
        if there not in near
        for cable_id in cables
    )


def disjoint_ways(graph: nx.MultiGraph[str], a: str, b: str) -> list[tuple[str, ...]]:
    """Return as many ways between two nodes as share no cable, each by its cables in order.

    Raises
    ------
    InputError
        For a node that the graph does not have.
    ValueError
        When both nodes are the same.
    """
    size, flow = _saturate(graph, a, b)
    links: _Links = dict(graph.adjacency())
    arcs = [
        (cable_id, here, there)
        for here, spent in flow.items()
        for there, n_cables in spent.items()
        for cable_id in sorted(links[here][there])[: max(n_cables, 0)]
    ]
    return [cables for _, cables in trace_walks(arcs, a, b, size)]


def global_edge_connectivity(graph: nx.MultiGraph[str]) -> int:
    """Return how many cables must be cut to part any node from any other.

    After Nagamochi, Ono and Ibaraki (1994, Mathematical Programming 67, 325-341): in each
    round every node's own cables are a cut, and hops that a maximum-adjacency order proves
    to be no part of a smaller cut are contracted.

    Raises
    ------
    ValueError
        For fewer than two nodes.
    """
    if len(graph) < 2:  # noqa: PLR2004
        msg = "a cut needs two nodes"
        raise ValueError(msg)
    least = min(_n_leaving(node, links) for node, links in graph.adjacency())
    if least < 2:  # noqa: PLR2004
        # So most backbones: some node hangs on one cable.
        return least if nx.is_connected(graph) else 0
    hops = {
        here: {there: len(cables) for there, cables in links.items() if there != here}
        for here, links in graph.adjacency()
    }
    while least and len(hops) > 1:
        hops = _contract(hops, least)
        if len(hops) > 1:
            least = min(least, *(sum(links.values()) for links in hops.values()))
    return least


def _n_leaving(node: str, links: Mapping[str, Mapping[str, object]]) -> int:
    return sum(map(len, links.values())) - len(links.get(node, ()))


def _saturate(graph: nx.MultiGraph[str], a: str, b: str) -> tuple[int, _Flow]:
    """Return the maximum flow between two nodes: its size, and its net part on each hop.

    Shortest augmenting ways (Edmonds and Karp 1972); the size is a handful in a backbone,
    so a handful of searches suffices.
    """
    require_nodes(graph, a, b)
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    links: _Links = dict(graph.adjacency())
    most = min(_n_leaving(end, links[end]) for end in (a, b))
    size = 0
    flow: _Flow = {}
    while size < most:
        way = _augmenting_way(links, flow, a, b)
        if way is None:
            break
        spends = [
            (flow.setdefault(here, {}), flow.setdefault(there, {}), here, there)
            for here, there in pairwise(way)
        ]
        more = min(
            len(links[here][there]) - spent.get(there, 0) for spent, _, here, there in spends
        )
        for spent, back, here, there in spends:
            spent[there] = spent.get(there, 0) + more
            back[here] = -spent[there]
        size += more
    return size, flow


def _augmenting_way(links: _Links, flow: _Flow, a: str, b: str) -> list[str] | None:
    """Return nodes from `a` to `b` over hops with room left, searched from both ends."""
    ahead: _Steps = {a: None}
    behind: _Steps = {b: None}
    from_a, from_b = [a], [b]
    while from_a and from_b:
        forward = len(from_a) <= len(from_b)
        seen, other, edge = (ahead, behind, from_a) if forward else (behind, ahead, from_b)
        sign = 1 if forward else -1
        further = []
        for here in edge:
            spent = flow.get(here)
            for there, cables in links[here].items():
                if there in seen or (spent and sign * spent.get(there, 0) >= len(cables)):
                    continue
                seen[there] = here
                if there in other:
                    return [*reversed(_trail(ahead, there)), *_trail(behind, there)[1:]]
                further.append(there)
        if forward:
            from_a = further
        else:
            from_b = further
    return None


def _trail(steps: _Steps, node: str) -> list[str]:
    trail = [node]
    while (step := steps[trail[-1]]) is not None:
        trail.append(step)
    return trail


def _contract(hops: dict[str, dict[str, int]], least: int) -> dict[str, dict[str, int]]:
    """Merge nodes that no cut smaller than `least` parts; at least two of them merge.

    Nodes are taken in the order of their cables to those taken before; when the last cable
    of a hop makes that number reach `least`, so many routes join the hop's ends.
    """
    group = {node: node for node in hops}

    def find(node: str) -> str:
        while group[node] != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    taken: set[str] = set()
    tied = dict.fromkeys(hops, 0)
    queue = [(0, node) for node in hops]
    while queue:
        _, here = heapq.heappop(queue)
        if here in taken:
            continue
        taken.add(here)
        for there, n_cables in hops[here].items():
            if there not in taken:
                tied[there] += n_cables
                heapq.heappush(queue, (-tied[there], there))
                if tied[there] >= least:
                    group[find(there)] = find(here)
    return _merge(hops, {node: find(node) for node in hops})


def _merge(hops: dict[str, dict[str, int]], group: Mapping[str, str]) -> dict[str, dict[str, int]]:
    merged: dict[str, dict[str, int]] = {group[node]: {} for node in hops}
    for node, links in hops.items():
        row = merged[group[node]]
        for there, n_cables in links.items():
            if group[there] != group[node]:
                row[group[there]] = row.get(group[there], 0) + n_cables
    return merged
