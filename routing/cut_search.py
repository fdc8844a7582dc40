"""The search behind the cuts: routes of some starts to a target with cables fallen."""

from __future__ import annotations

import heapq
import math
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
        self._n_steps = 2 * graph.number_of_edges() + len(starts)
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
        """Return the kilometres of the starts that reach the target, and the cables taken."""
        self.work.spend(self._n_steps)
        best = {self._target: 0.0}
        steps: dict[str, tuple[str, str]] = {}
        queue = [(0.0, self._target)]
        while queue:
            km, here = heapq.heappop(queue)
            if km > best[here]:
                continue
            for there, hop_km, cable_id in self._hops[here]:
                there_km = km + hop_km
                if there_km < best.get(there, math.inf) and cable_id not in fallen:
                    best[there] = there_km
                    steps[there] = here, cable_id
                    heapq.heappush(queue, (there_km, there))
        taken: dict[str, str] = {}
        for start in self._starts:
            here = start
            while here not in taken and here in steps:
                there, taken[here] = steps[here]
                here = there
        return {s: best[s] for s in self._starts if s in best}, frozenset(taken.values())
