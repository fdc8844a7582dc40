"""How many cables must be cut before and after a cut, of backbones too large to count every route in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from steppe.criteria.finding import spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import REDUNDANCY
from steppe.layers.wording import say_all, tell
from steppe.network.cut_backbone import CutBackbone
from steppe.network.plan_backbone import Backbone, name_rows, node_starts
from steppe.routing.backbone import Cable
from steppe.routing.cuts_to_one import count_cuts_to


class _Counts(NamedTuple):
    """By node, towards one target: cables that join the two, and cables to cut; sure ones, and all."""

    nominal: tuple[Mapping[str, int], Mapping[str, int]]
    to_cut: tuple[Mapping[str, int], Mapping[str, int]]

    def of(self, node: str) -> tuple[int, ...]:
        """Return both ranges of a node."""
        return tuple(each.get(node, 0) for each in (*self.nominal, *self.to_cut))


def tabulate_counts(cut: CutBackbone, target: str) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the nodes of which a cut changes the cables to a target, and how many nodes have any.

    Returns
    -------
    tuple
        Contract `REDUNDANCY` with the cables cut, where any is left, and with none cut, a row for each
        node that the cut changes; and the number of all nodes that a cable leads from to the
        target.  Of effective routes what follows from the cables to cut is told: no more than
        these, and one at least where a sure way is left.
    """
    whole, left = (_count(backbone.cables, target) for backbone in (cut.whole, cut.backbone))
    nodes = [start.start_id for start in node_starts(cut.inputs) if start.start_id != target]
    reached = [node for node in nodes if whole.of(node)[-1]]
    changed = [node for node in reached if whole.of(node) != left.of(node)]
    kept = [node for node in changed if left.of(node)[-1]]
    before = _tabulate(cut, target, {node: whole.of(node) for node in changed}, cut.whole)
    after = _tabulate(cut, target, {node: left.of(node) for node in kept}, cut.backbone)
    return after, before, len(reached)


def _count(cables: Collection[Cable], target: str) -> _Counts:
    both = [[cable for cable in cables if cable.is_sure], cables]
    sure, every = (count_cuts_to(target, map(_ends, some)) for some in both)
    some_join, all_join = (Counter(_join(some, target)) for some in both)
    return _Counts((some_join, all_join), (sure, every))


def _ends(cable: Cable) -> tuple[str, str]:
    return cable.from_node, cable.to_node


def _join(cables: Iterable[Cable], target: str) -> Iterable[str]:
    """Yield the other end of each cable that ends at the target."""
    for a, b in map(_ends, cables):
        if target in (a, b):
            yield a if b == target else b


def _tabulate(
    cut: CutBackbone, target: str, counts: Mapping[str, tuple[int, ...]], backbone: Backbone
) -> pd.DataFrame:
    names, scenario = name_rows(cut.inputs, "nodes"), cut.inputs.plan.scenario
    leading: dict[str, list[str]] = {}
    for cable in backbone.cables:
        for node in {cable.from_node, cable.to_node} & counts.keys():
            leading.setdefault(node, []).append(backbone.sources[cable.cable_id])
    rows = [
        {
            "from_id": node,
            "to_id": target,
            "scenario": scenario.name,
            "year": scenario.year,
            "nominal_low": nominal_low,
            "nominal_high": nominal_high,
            "to_cut_low": low,
            "to_cut_high": high,
            "effective_low": min(low, 1),
            "effective_high": high,
            "effective_basis": "exact" if high == min(low, 1) else "bounds",
            **say_all("reason", tell("routes.uncounted", a=names[node], b=names[target])),
            "evidence": "",
            "risk_ids": "",
            "n_risks": None,
            "source_ids": spell_sources(leading.get(node, ())),
        }
        for node, (nominal_low, nominal_high, low, high) in counts.items()
    ]
    frame = pd.DataFrame(rows, columns=list(REDUNDANCY.columns))
    return conform(frame.sort_values(list(REDUNDANCY.key)).reset_index(drop=True), REDUNDANCY)
