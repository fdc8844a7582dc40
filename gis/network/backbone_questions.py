"""Questions to the backbone of a plan, whole or with cables cut: what command and scripts ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import join, tell
from steppe.network.cut_backbone import CutBackbone
from steppe.network.disjoint_table import APART, tabulate_disjoint_pairs
from steppe.network.latency_table import tabulate_latency, tabulate_trips
from steppe.network.plan_backbone import find_node, find_start
from steppe.network.redundancy_table import tabulate_redundancy
from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks
from steppe.routing.backbone import cut as without
from steppe.routing.budget import spend
from steppe.routing.connectivity import global_edge_connectivity, min_cut
from steppe.routing.cut_pairs import find_cut_pairs
from steppe.routing.disjoint_lengths import all_pairs_disjoint_km
from steppe.routing.latency import all_pairs_km, shortest_route
from steppe.routing.redundancy import cut_range
from steppe.routing.risk_evidence import Risk


@dataclass(frozen=True)
class BackboneQuestions(CutBackbone):
    """The backbone of a plan's scenario without what is cut, to be asked.

    Wherever a place is named it is the id of a node or of a park; for what counts cables a park
    stands for the node that it hangs on.
    """

    @cached_property
    def corridor_risks(self) -> tuple[Risk, ...]:
        """What the corridors share beside cables."""
        return find_corridor_risks(self.inputs)

    @cached_property
    def _risks(self) -> tuple[Risk, ...]:
        return find_cable_risks(self.inputs, self.backbone)

    def latency(self) -> pd.DataFrame:
        """Return the round trips of parks and nodes to every target, contract `LATENCY`."""
        return tabulate_latency(self.inputs, self.backbone)

    def redundancy(self) -> pd.DataFrame:
        """Return how many ways lead from each node to the first target, contract `REDUNDANCY`."""
        return tabulate_redundancy(
            self.inputs,
            self.backbone,
            self._risks,
            targets=self.inputs.plan.network.targets[:1],
            corridor_risks=self.corridor_risks,
        )

    def trip(self, start: str, end: str) -> pd.DataFrame:
        """Return the round trip between any two places, contract `LATENCY`, one row."""
        ends = find_start(self.inputs, start), find_start(self.inputs, end)
        if start == end:
            raise _no_pair(start)
        return tabulate_trips(self.inputs, self.backbone, [ends])

    def disjoint(self, start: str, end: str, *, apart: str | None = None) -> pd.DataFrame:
        """Return the best two routes between any two places, contract `DISJOINT`.

        Parameters
        ----------
        start, end
            Places.
        apart
            One of `APART`: `cables`, `nodes`, `risks`, `distance`; all by default.

        Raises
        ------
        InputError
            For what is not there.
        """
        check_way_apart(apart)
        ways = APART if apart is None else (apart,)
        pairs = [self._nodes(start, end)]
        return tabulate_disjoint_pairs(self.inputs, self.backbone, self._risks, pairs, ways=ways)

    def distances(self) -> pd.DataFrame:
        """Return how far every two nodes are along cables.

        Returns
        -------
        DataFrame
            A row for each two nodes that a route joins, by their ids: `from_id, to_id`;
            `route_km` of the shortest route and `rtt_ms` along it; `disjoint_km` of the shortest
            two routes along whole cables that share none, both together, empty where there are no
            two.
        """
        ids, km = all_pairs_km(self.backbone.joined)
        both_km = all_pairs_disjoint_km(self.backbone.graph)[1]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        rows = [
            (ids[a], ids[b], float(km[a, b]), spend(float(km[a, b])).rtt_ms, float(both_km[a, b]))
            for a, b in combinations(order, 2)
            if np.isfinite(km[a, b])
        ]
        columns = ["from_id", "to_id", "route_km", "rtt_ms", "disjoint_km"]
        return pd.DataFrame(rows, columns=columns).replace({"disjoint_km": {np.inf: np.nan}})

    def connectivity(self, start: str | None = None, end: str | None = None) -> tuple[int, int]:
        """Return how many cables must be cut to part two places, or any node from any other.

        Returns
        -------
        tuple
            With the sure cables alone, see `Cable.is_sure`, and with every reading of the text.
        """
        cables, graph = self.backbone.cables, self.backbone.graph
        if start is not None or end is not None:
            return cut_range(cables, *self._nodes(*name_both(start, end)))
        unsure = [cable.cable_id for cable in cables if not cable.is_sure]
        graphs = without(graph, unsure), graph
        low, high = (global_edge_connectivity(each) if len(each) > 1 else 0 for each in graphs)
        return low, high

    def cut_sets(self, start: str | None = None, end: str | None = None) -> pd.DataFrame:
        """Return which cables, alone or two at a time, part places from each other.

        Parameters
        ----------
        start, end
            The two places that are to be parted; by default any.

        Returns
        -------
        DataFrame
            `n_cables` 1 or 2, and `cables`, separated by blanks: cables alone first, then two of
            which neither does it alone.  For two places that take three cables or more to
            part, the one smallest set that is nearest to `start`.  Every reading of the text
            counts: where a cable is not there, fewer may do it.
        """
        graph = self.backbone.graph
        found = find_cut_pairs(graph)
        if start is None and end is None:
            pairs = (pair for cables in found.classes for pair in combinations(cables, 2))
            return _tabulate_sets([*((each,) for each in found.bridges), *pairs])
        a, b = self._nodes(*name_both(start, end))
        route = shortest_route(graph, a, b)
        if route is None:
            return _tabulate_sets([])
        # A route crosses a smallest cut an odd number of times if its ends are parted by it.
        crossed = set(route.cables)
        sets: list[Sequence[str]] = [(each,) for each in found.bridges if each in crossed]
        for cables in found.classes:
            sets += [two for two in combinations(cables, 2) if len(crossed.intersection(two)) == 1]
        return _tabulate_sets(sets or [sorted(min_cut(graph, a, b))])

    def _nodes(self, start: str, end: str) -> tuple[str, str]:
        a, b = find_node(self.inputs, start), find_node(self.inputs, end)
        if a == b:
            raise _no_pair(a)
        return a, b


def check_way_apart(apart: str | None) -> None:
    """Refuse a way to be apart that is none of `APART`; None is any."""
    if apart is not None and apart not in APART:
        what = tell("fault.apart.unknown", apart=apart)
        raise InputError(Problem("apart", what, tell("fix.one_of", known=join(APART))))


def name_both(start: str | None, end: str | None) -> tuple[str, str]:
    """Return two places, of which neither may be left out."""
    if start is None or end is None:
        what, fix = tell("fault.places.one"), tell("fix.name_two_places")
        raise InputError(Problem("backbone", what, fix))
    return start, end


def _no_pair(place: str) -> InputError:
    what, fix = tell("fault.places.same", place=place), tell("fix.name_two_that_differ")
    return InputError(Problem("backbone", what, fix))


def _tabulate_sets(sets: Collection[Sequence[str]]) -> pd.DataFrame:
    rows = sorted((len(cables), " ".join(cables)) for cables in sets)
    return pd.DataFrame(rows, columns=["n_cables", "cables"])
