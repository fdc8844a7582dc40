"""The search behind the cuts: routes of some starts to a target with cables fallen."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection
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
        self._starts = starts
        self._target = target
        self._missing = missing
        self._outcomes: dict[frozenset[str], AfterCut] = {}
        self._tree_km = {target: 0.0}
        self._tree: dict[str, tuple[str, str]] = {}
        self._spread([(0.0, target)], self._tree_km, self._tree, missing)
        self._behind = {cable_id: there for there, (_, cable_id) in self._tree.items()}
        self._children: dict[str, list[str]] = {}
        for there, (here, _) in self._tree.items():
            self._children.setdefault(here, []).append(there)
        self._base_km, cables = self._search(missing)
        self.intact = AfterCut(cables, (), ())

    def lose(self, fallen: frozenset[str], *known: AfterCut) -> AfterCut:
        """Return the outcome when all these cables fall, given some when fewer of them do."""
        for outcome in known:
            # Routes that stay whole stay the shortest.
            if outcome.cables.isdisjoint(fallen):
                return outcome
        if fallen not in self._outcomes:
            km, cables = self._search(fallen | self._missing)
            gains = (
                (start, km[start] - before_km)
                for start, before_km in self._base_km.items()
                if start in km
            )
            self._outcomes[fallen] = AfterCut(
                cables,
                tuple(start for start in self._base_km if start not in km),
                tuple(gain for gain in gains if gain[1] > ROUNDING_KM),
            )
        return self._outcomes[fallen]

    def _search(self, fallen: frozenset[str]) -> tuple[dict[str, float], frozenset[str]]:
        """Return the kilometres of the starts that reach the target, and the cables taken.

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
        km, taken = {}, {}
        for start in self._starts:
            here = start
            is_cut = here in cut_off
            if here in (best if is_cut else self._tree_km):
                km[start] = best[here] if is_cut else self._tree_km[here]
            while here not in taken:
                step = steps.get(here) if here in cut_off else self._tree.get(here)
                if step is None:
                    break
                there, taken[here] = step
                here = there
        self.work.spend(len(self._starts) + len(taken) + len(cut_off))
        return km, frozenset(taken.values())

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
