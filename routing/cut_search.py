"""The search behind the cuts: routes of some starts to a target with cables fallen."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import networkx as nx

from steppe.routing.step_limit import Work

ROUNDING_KM = 1e-9  # equal sums of kilometres differ by less, real cables by more


class AfterCut(NamedTuple):
    """Cables that the shortest routes take now, and what the starts have lost."""

    cables: frozenset[str]
    isolated: tuple[str, ...]
    longer: tuple[tuple[str, float], ...]


class CutSearch:
    """The routes of some starts to a target; each set of fallen cables is searched once.

    Parameters
    ----------
    graph
        The backbone, see `steppe.routing.backbone.build_graph`.
    starts
        Nodes whose routes count, in sorted order, without the target.
    target
        Node to be reached.
    work
        Steps that it may take.
    missing
        Cables that are not there at all.
    """

    def __init__(
        self,
        graph: nx.MultiGraph[str],
        starts: tuple[str, ...],
        target: str,
        work: Work,
        missing: frozenset[str] = frozenset(),
    ) -> None:
        self.work = work
        self._hops = {
            here: [
                (there, float(data["length_km"]), key)
                for there, parallel in links.items()
                if there != here
                for key, data in parallel.items()
            ]
            for here, links in graph.adjacency()
        }
        self._starts = frozenset(starts)
        self._missing = missing
        self._outcomes: dict[frozenset[str], AfterCut] = {}
        self._tree_km = {target: 0.0}
        self._tree: dict[str, tuple[str, str]] = {}
        self._spread([(0.0, target)], self._tree_km, self._tree, missing)
        self._behind = {cable_id: there for there, (_, cable_id) in self._tree.items()}
        self._children: dict[str, list[str]] = {}
        for there, (here, _) in self._tree.items():
            self._children.setdefault(here, []).append(there)
        self._n_passing: Counter[str] = Counter()
        for start in starts:
            self._n_passing.update(self._lead_on(start))
        self.intact = AfterCut(frozenset(self._tree[node][1] for node in self._n_passing), (), ())

    def lose(self, fallen: frozenset[str], *known: AfterCut) -> AfterCut:
        """Return the outcome when all these cables fall, given some when fewer of them do."""
        for outcome in known:
            # Routes that stay whole stay the shortest.
            if outcome.cables.isdisjoint(fallen):
                return outcome
        if fallen not in self._outcomes:
            self._outcomes[fallen] = self._search(fallen | self._missing)
        return self._outcomes[fallen]

    def _search(self, fallen: frozenset[str]) -> AfterCut:
        """Return the outcome without some cables.

        Only what lies beyond a fallen cable on the tree of the intact routes is searched anew:
        all other routes stay whole, so they stay the shortest.
        """
        cut_off = self._beyond(fallen)
        best: dict[str, float] = {}
        steps: dict[str, tuple[str, str]] = {}
        queue: list[tuple[float, str]] = []
        for there in cut_off:
            for here, hop_km, cable_id in self._hops[there]:
                if here in cut_off or here not in self._tree_km or cable_id in fallen:
                    continue
                there_km = self._tree_km[here] + hop_km
                if there_km < best.get(there, math.inf):
                    best[there] = there_km
                    steps[there] = here, cable_id
            if there in best:
                queue.append((best[there], there))
        heapq.heapify(queue)
        self._spread(queue, best, steps, fallen, within=cut_off)
        starts = sorted(self._starts & cut_off)
        gains = ((start, best[start] - self._tree_km[start]) for start in starts if start in best)
        return AfterCut(
            self._take(cut_off, steps, [start for start in starts if start in best]),
            tuple(start for start in starts if start not in best),
            tuple(gain for gain in gains if gain[1] > ROUNDING_KM),
        )

    def _take(
        self, cut_off: set[str], steps: dict[str, tuple[str, str]], starts: Sequence[str]
    ) -> frozenset[str]:
        """Return the cables that are taken once some starts go by new steps.

        Parameters
        ----------
        cut_off
            Nodes whose intact routes take a cable that falls.
        steps
            Of those among them that still reach the target: the next node and the cable to it.
        starts
            Starts among the latter.
        """
        n_left: Counter[str] = Counter()
        for node in cut_off:
            here = self._tree[node][0]
            if here not in cut_off and node in self._n_passing:
                for passed in self._lead_on(here):
                    n_left[passed] += self._n_passing[node]
        idle = [node for node in cut_off if node in self._n_passing]
        idle += [node for node, n_starts in n_left.items() if n_starts == self._n_passing[node]]
        unused, taken = set(idle), {}
        for start in starts:
            here = start
            while here not in taken:
                # From where another start still passes by, all steps are taken anyway.
                if here not in unused and here in self._n_passing:
                    break
                step = steps[here] if here in cut_off else self._tree.get(here)
                if step is None:
                    break
                there, taken[here] = step
                here = there
        self.work.spend(len(taken) + len(n_left) + len(cut_off))
        return self.intact.cables.difference(self._tree[node][1] for node in idle).union(
            taken.values()
        )

    def _lead_on(self, node: str) -> Iterator[str]:
        """Yield a node and those on its intact route, without the target."""
        while node in self._tree:
            yield node
            node = self._tree[node][0]

    def _beyond(self, fallen: frozenset[str]) -> set[str]:
        """Return the nodes whose intact routes take a cable that falls."""
        cut_off = {self._behind[cable_id] for cable_id in fallen if cable_id in self._behind}
        queue = list(cut_off)
        for here in queue:
            fresh = [node for node in self._children.get(here, ()) if node not in cut_off]
            cut_off.update(fresh)
            queue += fresh
        return cut_off

    def _spread(
        self,
        queue: list[tuple[float, str]],
        best: dict[str, float],
        steps: dict[str, tuple[str, str]],
        fallen: frozenset[str],
        within: Collection[str] | None = None,
    ) -> None:
        """Search the shortest routes on from the nodes in the queue, among some nodes or all."""
        n_steps = 0
        while queue:
            km, here = heapq.heappop(queue)
            if km > best[here]:
                continue
            n_steps += len(self._hops[here])
            for there, hop_km, cable_id in self._hops[here]:
                there_km = km + hop_km
                if (
                    there_km < best.get(there, math.inf)
                    and cable_id not in fallen
                    and (within is None or there in within)
                ):
                    best[there] = there_km
                    steps[there] = here, cable_id
                    heapq.heappush(queue, (there_km, there))
        self.work.spend(n_steps)
