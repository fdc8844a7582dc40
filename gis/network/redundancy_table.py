"""The table of redundancy: how many ways lead to the targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from steppe.criteria.finding import spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import REDUNDANCY
from steppe.layers.errors import Note, Problem
from steppe.layers.progress import count
from steppe.layers.table_limits import N_NAMED
from steppe.layers.wording import Words, join, say_all, tell
from steppe.network.plan_backbone import Backbone, name_rows, node_starts
from steppe.network.srlg_layer import SharedBetween, gather_risks
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import Cable
from steppe.routing.redundancy import EffectiveRoutes, NominalCounts
from steppe.routing.risk_evidence import Risk
from steppe.routing.step_limit import ANSWER_STEPS, Work

SHARES = 4  # of the steps that are left to each pair, that one answer may take
COUNT_STEPS = 15_000_000  # for the effective routes of all pairs; some ten seconds


def tabulate_redundancy(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    *,
    targets: Collection[str],
    corridor_risks: tuple[Risk, ...],
) -> pd.DataFrame:
    """Return the redundancy table: every node but junctions to some targets.

    Parameters
    ----------
    inputs, backbone
        The plan, with or without cuts.
    risks
        What its cables share.
    targets
        Nodes to be reached.
    corridor_risks
        What the corridors share, see `find_corridor_risks`.
    """
    names = name_rows(inputs, "corridors") | name_rows(inputs, "nodes")
    routes = EffectiveRoutes(
        backbone.cables,
        backbone.corridors,
        risks=gather_risks(inputs, risks, corridor_risks),
        names=names,
    )
    nominal, shared = NominalCounts(backbone.cables), SharedBetween(risks)
    at_node = _AtNode(backbone.cables, name_rows(inputs, "fibre"))
    work = Work(COUNT_STEPS, tell("work.count_of_plan"))
    pairs = list(pair_nodes(inputs, targets))
    rows = []
    for done, (node_id, target) in enumerate(count(pairs)):
        low, high = routes.cuts.between(node_id, target)
        if high == 0:
            continue  # that the plan names no cable is no finding that there is none
        nominal_low, nominal_high = nominal.between(node_id, target)
        answer_work = work.part(
            min(ANSWER_STEPS, SHARES * max(work.left, 0) // (len(pairs) - done))
        )
        effective = routes.between(node_id, target, work=answer_work)
        work.take_part(answer_work)
        risk_ids, n_risks = shared.name_risks(effective.cables, (node_id, target))
        rows.append(
            {
                "from_id": node_id,
                "to_id": target,
                "scenario": inputs.plan.scenario.name,
                "year": inputs.plan.scenario.year,
                "nominal_low": nominal_low,
                "nominal_high": nominal_high,
                "to_cut_low": low,
                "to_cut_high": high,
                "effective_low": effective.low,
                "effective_high": effective.high,
                "effective_basis": "exact" if effective.is_exact else "bounds",
                **say_all("reason", at_node.add_joints(effective.reason, (node_id, target))),
                "evidence": " ".join(effective.shared[:N_NAMED]),
                "risk_ids": " ".join(risk_ids),
                "n_risks": n_risks,
                "source_ids": spell_sources(
                    backbone.sources[name] for name in at_node.leading.get(node_id, ())
                ),
            }
        )
    frame = pd.DataFrame(rows, columns=list(REDUNDANCY.columns))
    return conform(frame.sort_values(list(REDUNDANCY.key)).reset_index(drop=True), REDUNDANCY)


class _AtNode:
    """The cables that end at each node, and those that may be joined there."""

    def __init__(self, cables: Sequence[Cable], names: Mapping[str, Words]) -> None:
        self._names = names
        self.leading: dict[str, list[str]] = {}
        self._passing: dict[str, dict[int, str]] = {}
        for number, cable in enumerate(cables):
            for node in dict.fromkeys((cable.from_node, cable.to_node)):
                self.leading.setdefault(node, []).append(cable.cable_id)
            for joint in cable.joints:
                self._passing.setdefault(joint.node_id, {})[number] = cable.cable_id

    def add_joints(self, reason: Words, ends: tuple[str, str]) -> Words:
        """Return a reason that names the cables which may be joined at an end, and are not counted."""
        passing: dict[int, str] = {}
        for end in ends:
            passing |= self._passing.get(end, {})
        if not passing:
            return reason
        cables = [self._names[passing[number]] for number in sorted(passing)]
        return tell("routes.but_joints", reason=reason, cables=join(cables, "join.semicolon"))


def pair_nodes(inputs: Inputs, targets: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield every node but junctions with each of some targets."""
    for start in node_starts(inputs):
        for target in targets:
            if start.start_id != target:
                yield start.start_id, target


def note_ranges(redundancy: pd.DataFrame) -> list[Note]:
    """Return a note where effective routes of some pairs of nodes are told as bounds."""
    bounds = redundancy[redundancy["effective_basis"] == "bounds"]
    if not len(bounds):
        return []
    pairs = tuple(f"{a}-{b}" for a, b in zip(bounds["from_id"], bounds["to_id"], strict=True))
    what = tell("note.routes_bounds", n=len(pairs))
    return [Problem("redundancy", what, tell("note.why.redundancy_says"), pairs)]
