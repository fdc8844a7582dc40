"""Flows of least cost: whole units through a graph of hops, asked between many pairs of nodes.

The graph is written down once.  A unit goes by the shortest way left, reduced by potentials
(Suurballe 1974, Networks 4, 125-145; Bhandari, Survivable Networks, 1999): the potential of a
place is what the way from it to the target costs while nothing flows, searched once for each
target.  So the first search walks straight to the target, and the next looks only at places
that cost less extra than the answer.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import networkx as nx
import numpy as np

from steppe.routing.hops import Arc, Hop, list_arcs, list_hops

SEED = 7
MOST_TARGETS = 16  # whose ways are kept
_LOT_BITS = 40  # of the lot that each cable draws to tell equal sets apart
_ROOM_BITS = 8  # more than the sum over all cables takes, for sets that take one several times


def whole_costs(hops: Sequence[Hop]) -> list[int]:
    """Return whole numbers in the order of (kilometres, number of cables, ids), sums included.

    A float is a whole number over a power of two, so nothing is rounded.  Of sets with equal
    kilometres and as many cables the one whose cables come first by their ids costs less, by
    the sum of their places in the order; what is equal then, a lot decides that each
    cable has drawn, so that hardly any two sets cost the same.
    """
    ratios = [hop.km.as_integer_ratio() for hop in hops]
    common = max((below for _, below in ratios), default=1)
    lots = np.random.default_rng(SEED).integers(0, 2**_LOT_BITS, size=len(hops)).tolist()
    n_hops = len(hops) + 1
    lot_bits = _LOT_BITS + n_hops.bit_length() + _ROOM_BITS
    place_bits = 2 * n_hops.bit_length() + _ROOM_BITS
    return [
        (((above * (common // below) * n_hops + 1) << place_bits) + place << lot_bits) + lot
        for place, ((above, below), lot) in enumerate(zip(ratios, lots, strict=True))
    ]


class LeastFlow:
    """A graph through which units flow at the least cost.

    Parameters
    ----------
    hops
        Cables by their ids.
    costs
        Of each cable, whole numbers above 0, see `whole_costs`.
    nodes
        All nodes.
    apart_in_nodes
        Whether one unit alone may pass a node.
    n_shared
        How many units more may take each cable, each at a price beyond any sum of costs.

    Attributes
    ----------
    total
        Cost of all cables together.
    """

    def __init__(
        self,
        hops: Sequence[Hop],
        costs: Sequence[int],
        nodes: Collection[str],
        *,
        apart_in_nodes: bool = False,
        n_shared: int = 0,
    ) -> None:
        self._place = {node: index for index, node in enumerate(sorted(nodes))}
        # Where nodes are not to be shared, each has a way in and a way out, joined by one arc.
        self._further = len(self._place) if apart_in_nodes else 0
        self._heads: list[int] = []
        self._costs: list[int] = []
        self._leaving: list[list[int]] = [[] for _ in range(len(self._place) + self._further)]
        self._arcs = list_arcs(hops) * (n_shared + 1)
        self.total = sum(costs)
        for number in range(n_shared + 1):
            price = (self.total * (n_shared + 1) + 1) if number else 0
            for hop, cost in zip(hops, costs, strict=True):
                self._join(hop.start, hop.end, cost + price)
                self._join(hop.end, hop.start, cost + price)
        for index in range(self._further):
            self._add(index, index + self._further, 0)
        self._n_halves = 4 * len(hops)
        self._far: dict[str, list[int | None]] = {}

    def _join(self, tail: str, head: str, cost: int) -> None:
        self._add(self._place[tail] + self._further, self._place[head], cost)

    def _add(self, tail: int, head: int, cost: int) -> None:
        """Add an arc for one unit: half 2 n forth, and half 2 n + 1 back, closed at first."""
        for place, target, price in ((tail, head, cost), (head, tail, -cost)):
            self._leaving[place].append(len(self._heads))
            self._heads.append(target)
            self._costs.append(price)

    def send(self, start: str, end: str, k: int) -> list[Arc] | None:
        """Send k units at the least cost; None when so many cannot pass.

        Returns
        -------
        list
            Arcs taken, one as often as units go there.
        """
        sent = self._send(start, end, k)
        if sent is None:
            return None
        # Of many arcs few are taken.
        is_free = sent[1][: 2 * len(self._arcs) : 2]
        n_taken = is_free.count(False)
        taken, number = list[Arc](), -1
        for _ in range(n_taken):
            number = is_free.index(False, number + 1)
            taken.append(self._arcs[number])
        return taken

    def _send(self, start: str, end: str, k: int) -> tuple[list[int | None], list[bool]] | None:
        """Return the potentials, and which halves are open, once k units are sent."""
        potential = list(self.distances(end))
        is_open = [True, False] * (len(self._heads) // 2)
        source, target = self._place[start] + self._further, self._place[end]
        for _ in range(k):
            if not self._augment(source, target, potential, is_open):
                return None
        return potential, is_open

    def least_with(self, start: str, end: str, k: int) -> dict[int, int]:
        """Return what k units cost at the least if one of them takes a cable, by its number.

        Any other flow is the best one and circles in what is left open of it.  A circle that a
        unit uses between the two ends leaves the places of the best flow, passes the cable, and
        comes back; by the potentials of the best flow every step of it costs 0 or more.

        Returns
        -------
        dict
            Nothing for cables that no unit can take, nor where so many units cannot pass.
        """
        sent = self._send(start, end, k)
        if sent is None:
            return {}
        potential, is_open = sent
        on_way = {
            place
            for half in range(0, len(self._heads), 2)
            if not is_open[half]
            for place in (self._heads[half], self._heads[half + 1])
        }
        away = self._spread(on_way, potential, is_open, back=False)
        home = self._spread(on_way, potential, is_open, back=True)
        least: dict[int, int] = {}
        best = self.cost_of(
            [half // 4 for half in range(0, self._n_halves, 2) if not is_open[half]]
        )
        for half in range(0, self._n_halves, 2):
            tail, head = self._heads[half + 1], self._heads[half]
            if not is_open[half]:
                extra = 0
            elif tail in away and head in home:
                extra = away[tail] + home[head] + self._reduced(half, potential)
            else:
                continue
            cable = half // 4
            least[cable] = min(best + extra, least.get(cable, best + extra))
        return least

    def cost_of(self, cables: Iterable[int]) -> int:
        """Return what cables cost together, by their numbers."""
        return sum(self._costs[4 * cable] for cable in cables)

    def _reduced(self, half: int, potential: Sequence[int | None]) -> int:
        tail, head = potential[self._heads[half ^ 1]], potential[self._heads[half]]
        return self._costs[half] + tail - head  # type: ignore[operator]

    def _spread(
        self,
        places: Iterable[int],
        potential: Sequence[int | None],
        is_open: Sequence[bool],
        *,
        back: bool,
    ) -> dict[int, int]:
        """Return the reduced cost from the nearest of some places to each, or back from each."""
        done: dict[int, int] = {}
        queue = [(0, place) for place in places]
        while queue:
            cost, here = heapq.heappop(queue)
            if here in done:
                continue
            done[here] = cost
            for leaving in self._leaving[here]:
                there, half = self._heads[leaving], leaving ^ back
                if is_open[half] and there not in done and potential[there] is not None:
                    heapq.heappush(queue, (cost + self._reduced(half, potential), there))
        return done

    def knows(self, target: str) -> bool:
        """Tell whether the way to this target is searched already."""
        return target in self._far

    def distances(self, end: str) -> list[int | None]:
        """Return, less than 0, what the way to an end costs from each place; None without one."""
        if end not in self._far:
            far: list[int | None] = [None] * len(self._leaving)
            queue = [(0, self._place[end])]
            while queue:
                cost, here = heapq.heappop(queue)
                if far[here] is not None:
                    continue
                far[here] = -cost
                # Against the arcs: the backward half of each leads to its tail.
                for half in self._leaving[here]:
                    if half % 2 and far[self._heads[half]] is None:
                        heapq.heappush(queue, (cost - self._costs[half], self._heads[half]))
            while len(self._far) >= MOST_TARGETS:
                del self._far[next(iter(self._far))]
            self._far[end] = far
        return self._far[end]

    def walk(
        self, start: str, end: str, fines: Mapping[int, int], barred: Collection[int] = ()
    ) -> list[Arc] | None:
        """Return the way of least cost where some cables cost more and some are not to be taken.

        Parameters
        ----------
        start, end
            Two different nodes.
        fines
            By the number of a cable, what it costs beside.
        barred
            Numbers of cables.
        """
        is_open = [True, False] * (len(self._heads) // 2)
        for cable in barred:
            is_open[4 * cable] = is_open[4 * cable + 2] = False
        source, target = self._place[start] + self._further, self._place[end]
        by, cost_to = self._search(source, target, self.distances(end), is_open, fines)
        if target not in cost_to:
            return None
        halves = self._trail(source, target, by)
        return [self._arcs[half // 2] for half in halves if half < self._n_halves]

    def _augment(
        self, source: int, target: int, potential: list[int | None], is_open: list[bool]
    ) -> bool:
        """Send one unit more at the least cost; False when none can pass."""
        by, cost_to = self._search(source, target, potential, is_open, {})
        if target not in cost_to:
            return False
        # Beyond the target everything rises alike: no reduced cost turns negative.
        for place, cost in cost_to.items():
            potential[place] += cost - cost_to[target]  # type: ignore[operator]
        for half in self._trail(source, target, by):
            is_open[half], is_open[half ^ 1] = False, True
        return True

    def _search(
        self,
        source: int,
        target: int,
        level: Sequence[int | None],
        is_open: Sequence[bool],
        fines: Mapping[int, int],
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Return the half that leads to each place, and the reduced costs of those done with."""
        heads, costs, leaving = self._heads, self._costs, self._leaving
        best = {source: 0}
        by: dict[int, int] = {}
        done: dict[int, int] = {}
        queue = [(0, source)] if level[source] is not None else []
        while queue:
            cost, here = heapq.heappop(queue)
            if here in done:
                continue
            done[here] = cost
            if here == target:
                break
            for half in leaving[here]:
                there = heads[half]
                if not is_open[half] or there in done:
                    continue
                height = level[there]
                if height is None:
                    continue
                total = cost + costs[half] + level[here] - height  # type: ignore[operator]
                if fines:
                    total += fines.get(half // 4, 0)
                if there not in best or total < best[there]:
                    best[there] = total
                    by[there] = half
                    heapq.heappush(queue, (total, there))
        return by, done

    def _trail(self, source: int, target: int, by: Mapping[int, int]) -> list[int]:
        """Return the halves that lead to the target, the first one first."""
        halves = []
        place = target
        while place != source:
            halves.append(by[place])
            place = self._heads[by[place] ^ 1]
        return halves[::-1]


class CableNet:
    """The cables of a graph, written down once for many questions about routes.

    Parameters
    ----------
    graph
        Cables as edges, keyed by `cable_id`, as of `steppe.routing.backbone.build_graph`.
    """

    def __init__(self, graph: nx.MultiGraph[str]) -> None:
        self.graph = graph
        self.hops = list_hops(graph)
        self.costs = whole_costs(self.hops)
        self.number = {hop.cable_id: index for index, hop in enumerate(self.hops)}
        self._flows: dict[tuple[bool, int], LeastFlow] = {}
        self._asked: Counter[str] = Counter()
        self._last: dict[int, tuple[tuple[str, str, int], list[Arc] | None]] = {}

    def flow(self, *, apart_in_nodes: bool = False, n_shared: int = 0) -> LeastFlow:
        """Return the flow through all cables, see `LeastFlow`."""
        key = apart_in_nodes, n_shared
        if key not in self._flows:
            self._flows[key] = LeastFlow(
                self.hops,
                self.costs,
                list(self.graph),
                apart_in_nodes=apart_in_nodes,
                n_shared=n_shared,
            )
        return self._flows[key]

    def send(self, flow: LeastFlow, start: str, end: str, k: int) -> list[Arc] | None:
        """Send k units at the least cost, from the end that the flow knows the ways to."""
        asked = start, end, k
        # The same question comes at once for all that routes may be apart in.
        last = self._last.get(id(flow))
        if last is None or last[0] != asked:
            if self.turns_round(flow, start, end):
                back = flow.send(end, start, k)
                arcs = back and [(name, head, tail) for name, tail, head in back]
            else:
                arcs = flow.send(start, end, k)
            last = self._last[id(flow)] = asked, arcs
        return last[1]

    def turns_round(self, flow: LeastFlow, start: str, end: str) -> bool:
        """Tell whether to search from end to start: where the ways to the start are known.

        Where neither's are, those to the end that was asked for more often are worth more.
        """
        if flow.knows(start) or flow.knows(end):
            return flow.knows(start)
        self._asked.update((start, end))
        return self._asked[start] > self._asked[end]
