"""Cuts to one node: how many cables must be cut to part each node from it, all in one go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

_Hops = Mapping[str, Mapping[str, int]]


def count_cuts_to(
    target: str, cables: Iterable[tuple[str, str]], *, most: int | None = None
) -> dict[str, int]:
    """Return by node how many cables must be cut to part it from one node, where any must.

    Equal to `steppe.routing.connectivity.local_edge_connectivity` for each of them.  No node needs more
    cuts than it has cables, nor than the target has, nor than a node beyond a cut that was found.  Nodes are taken in
    the order of that bound, the greatest first, and then by their way to the target; each sends a
    flow to those that are known to need as many.  Whatever smaller cut parts the node from the
    target leaves all those on the target's side, since so few cannot part them from it; so the
    flow to them, which mostly is found next door, is the answer.

    Parameters
    ----------
    target
        The node.
    cables
        The two ends of each cable; one from a node to itself leads nowhere.
    most
        What is more than this is told as this.
    """
    hops: dict[str, dict[str, int]] = {target: {}}
    for a, b in cables:
        if a != b:
            for here, there in ((a, b), (b, a)):
                links = hops.setdefault(here, {})
                links[there] = links.get(there, 0) + 1
    n_target = sum(hops[target].values())
    limit = n_target if most is None else min(n_target, most)
    reached = [target]
    seen = {target}
    for here in reached:
        fresh = [there for there in hops[here] if there not in seen]
        seen.update(fresh)
        reached += fresh
    bound = {node: min(sum(hops[node].values()), limit) for node in reached[1:]}
    found = {target: limit}
    for level in range(limit, 0, -1):
        for node in reached[1:]:
            if bound[node] == level and node not in found:
                found[node], parted = _flow(hops, node, found, level)
                for other in parted:
                    bound[other] = min(bound[other], found[node])
    del found[target]
    return found


def _flow(
    hops: _Hops, start: str, known: Mapping[str, int], most: int
) -> tuple[int, Collection[str]]:
    """Return the flow from a node to all that are known to need `most` cuts, and no more than that.

    Beside it, where it is less, the nodes on this side of a cut of that size.
    """
    flow: dict[tuple[str, str], int] = {}
    for size in range(most):
        before: dict[str, str] = {start: start}
        end = _search(hops, flow, before, known, most)
        if end is None:
            return size, before
        while end != start:
            here = before[end]
            flow[here, end] = flow.get((here, end), 0) + 1
            flow[end, here] = -flow[here, end]
            end = here
    return most, ()


def _search(
    hops: _Hops,
    flow: Mapping[tuple[str, str], int],
    before: dict[str, str],
    known: Mapping[str, int],
    most: int,
) -> str | None:
    """Search on from the one node in `before` until one is known to need `most` cuts."""
    queue = list(before)
    for here in queue:
        for there, room in hops[here].items():
            if there in before or flow.get((here, there), 0) >= room:
                continue
            before[there] = here
            if known.get(there, 0) >= most:
                return there
            queue.append(there)
    return None
