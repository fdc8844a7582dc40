"""The tables of redundancy: how many ways lead to the targets, and the best two of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from steppe.criteria.finding import spell_sources
from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import DISJOINT, REDUNDANCY
from steppe.layers.crs import lonlats
from steppe.layers.errors import Note, Problem
from steppe.layers.progress import count
from steppe.layers.wording import Message, find_languages, say, say_all, tell
from steppe.network.plan_backbone import Backbone, name_rows, node_starts
from steppe.network.srlg_layer import corridor_groups, shared_by, telling_groups
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.budget import spend
from steppe.routing.disjoint import DisjointRoutes, disjoint_routes, risk_disjoint_routes
from steppe.routing.redundancy import EffectiveRange, cut_range, effective_range, nominal_range
from steppe.routing.risk_evidence import Risk
from steppe.routing.separation import separation_risks
from steppe.routing.step_limit import ANSWER_STEPS, TABLE_STEPS, TooMuchWorkError, Work

APART = ("cables", "nodes", "risks", "distance")
"""In what two routes can be apart."""


class Untold(NamedTuple):
    """Two disjoint routes that are unknown: their ends, in what they are apart, and why."""

    from_id: str
    to_id: str
    apart: str
    why: Message


def tabulate_redundancy(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    *,
    targets: Collection[str],
    corridor_risks: Mapping[str, frozenset[str]],
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
    work = Work(TABLE_STEPS, tell("work.count_of_plan"))
    rows = []
    for node_id, target in count(list(_pairs(inputs, targets))):
        low, high = cut_range(backbone.cables, node_id, target)
        if high == 0:
            continue  # that the plan names no cable is no finding that there is none
        nominal_low, nominal_high = nominal_range(backbone.cables, node_id, target)
        ends = frozenset((node_id, target))
        answer_work = work.part(ANSWER_STEPS)
        try:
            effective = effective_range(
                backbone.cables,
                backbone.corridors,
                node_id,
                target,
                names=names,
                risks=corridor_groups(corridor_risks, ends),
                work=answer_work,
            )
        except TooMuchWorkError as error:
            effective = _unknown(error.told)
        work.take_part(answer_work)
        leading = [
            cable.cable_id
            for cable in backbone.cables
            if node_id in (cable.from_node, cable.to_node)
        ]
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
                **say_all("reason", effective.reason),
                "evidence": " ".join(effective.shared),
                "risk_ids": " ".join(shared_by(risks, frozenset(leading), ends)),
                "source_ids": spell_sources(backbone.sources[name] for name in leading),
            }
        )
    frame = pd.DataFrame(rows, columns=list(REDUNDANCY.columns))
    return conform(frame.sort_values(list(REDUNDANCY.key)).reset_index(drop=True), REDUNDANCY)


def _unknown(why: Message) -> EffectiveRange:
    return EffectiveRange(None, None, (), tell("routes.unknown", why=why))


def _pairs(inputs: Inputs, targets: Collection[str]) -> Iterator[tuple[str, str]]:
    for start in node_starts(inputs):
        for target in targets:
            if start.start_id != target:
                yield start.start_id, target


def tabulate_disjoint(
    inputs: Inputs, backbone: Backbone, risks: tuple[Risk, ...], *, targets: Collection[str]
) -> tuple[pd.DataFrame, list[Untold]]:
    """Return the best two routes to some targets from every node that no single cut parts from it.

    They are apart in cables, in inner nodes, in shared risks or by a distance.  Where no two
    share no risk, the pair that shares least is told with what it shares; where no two keep
    their distance, none.

    Returns
    -------
    tuple
        The table, contract `DISJOINT`, and what of it is unknown.
    """
    pairs = (ends for ends in _pairs(inputs, targets) if _has_two_ways(backbone, *ends))
    return tabulate_disjoint_pairs(inputs, backbone, risks, pairs)


def tabulate_disjoint_pairs(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    pairs: Iterable[tuple[str, str]],
    *,
    ways: Sequence[str] = APART,
) -> tuple[pd.DataFrame, list[Untold]]:
    """Return the best two routes between some pairs of nodes, see `tabulate_disjoint`.

    Parameters
    ----------
    inputs, backbone, risks
        The plan, with or without cuts, and what its cables share.
    pairs
        Two different nodes each.
    ways
        In what the two are to be apart, some of `APART`.
    """
    work = Work(TABLE_STEPS, tell("work.routes_of_plan"))
    untold: list[Untold] = []
    rows: list[dict[str, Any]] = []
    search = _Search(inputs, backbone, risks)
    unsure = {cable.cable_id for cable in backbone.cables if not cable.is_sure}
    for a, b in count(list(pairs)):
        for apart in ways:
            answer_work = work.part(ANSWER_STEPS)
            try:
                best = search.find(a, b, apart, answer_work)
            except TooMuchWorkError as error:
                untold.append(Untold(a, b, apart, error.told))
            else:
                rows += _spell(best, a, b, apart, inputs, unsure) if best is not None else ()
            work.take_part(answer_work)
    frame = pd.DataFrame(rows, columns=list(DISJOINT.columns))
    table = conform(frame.sort_values(list(DISJOINT.key)).reset_index(drop=True), DISJOINT)
    return table, untold


def _has_two_ways(backbone: Backbone, a: str, b: str) -> bool:
    return cut_range(backbone.cables, a, b)[1] > 1


class _Search:
    """Finds the best two routes between two nodes, apart in one way or another."""

    def __init__(self, inputs: Inputs, backbone: Backbone, risks: tuple[Risk, ...]) -> None:
        nodes, lines = inputs.layer("nodes"), backbone.lines
        self._at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
        self._lines = dict(zip(lines["cable_id"], lines.geometry, strict=True))
        self._network, self._graph, self._risks = inputs.plan.network, backbone.graph, risks

    def find(self, a: str, b: str, apart: str, work: Work) -> DisjointRoutes | None:
        """Return them; None where there are no two, or no two keep their distance."""
        if apart == "cables":
            return disjoint_routes(self._graph, a, b)
        if apart == "nodes":
            return disjoint_routes(self._graph, a, b, apart="nodes")
        groups = self._groups(a, b, apart, work)
        best = risk_disjoint_routes(self._graph, a, b, groups, work=work)
        return None if best is not None and apart == "distance" and best.shared else best

    def _groups(self, a: str, b: str, apart: str, work: Work) -> Mapping[str, Collection[str]]:
        if apart == "risks":
            return telling_groups(self._risks, (a, b))
        return separation_risks(
            self._lines,
            (self._at[a], self._at[b]),
            apart_km=self._network.apart_km,
            end_zone_km=self._network.end_zone_km,
            work=work,
        )


def tell_untold(redundancy: pd.DataFrame, untold: Sequence[Untold]) -> pd.DataFrame:
    """Return the redundancy table with what of the disjoint routes is unknown, where any is.

    The reason says why; the further column `untold` names the ways to be apart.
    """
    if not untold:
        return redundancy
    ways = [""] * len(redundancy)
    reasons = {
        language: redundancy[f"reason_{language}"].to_list() for language in find_languages()
    }
    place = {
        ends: row
        for row, ends in enumerate(zip(redundancy["from_id"], redundancy["to_id"], strict=True))
    }
    for each in untold:
        row = place[each.from_id, each.to_id]
        untold_words = tell("routes.untold", apart=tell(f"routes.apart.{each.apart}"), why=each.why)
        for language, texts in reasons.items():
            more = tell("routes.with_untold", reason=texts[row], untold=untold_words)
            texts[row] = say(more, language)
        ways[row] = f"{ways[row]} {each.apart}".strip()
    return redundancy.assign(
        **{f"reason_{language}": texts for language, texts in reasons.items()}, untold=ways
    )


def note_unknown(redundancy: pd.DataFrame, untold: Sequence[Untold]) -> list[Note]:
    """Return a note for each kind of answer that is unknown for some pair of nodes."""
    lacking = redundancy[redundancy["effective_low"].isna()]
    pairs = {"effective": list(zip(lacking["from_id"], lacking["to_id"], strict=True))}
    for each in untold:
        pairs.setdefault(f"apart_in_{each.apart}", []).append((each.from_id, each.to_id))
    return [
        Problem(
            "redundancy",
            tell("note.routes_unknown", kind=tell(f"routes.{kind}"), n=len(ends)),
            tell("note.why.redundancy_says"),
            tuple(f"{a}-{b}" for a, b in ends),
        )
        for kind, ends in pairs.items()
        if ends
    ]


def _spell(
    best: DisjointRoutes, a: str, b: str, apart: str, inputs: Inputs, unsure: Collection[str]
) -> Iterator[dict[str, Any]]:
    for number, route in enumerate(best.routes, start=1):
        yield {
            "from_id": a,
            "to_id": b,
            "apart": apart,
            "route": number,
            "scenario": inputs.plan.scenario.name,
            "year": inputs.plan.scenario.year,
            "rtt_ms": spend(route.km).rtt_ms,
            "route_km": route.km,
            "path": " ".join(route.cables),
            "shared": " ".join(best.shared),
            "unsure": " ".join(cable for cable in route.cables if cable in unsure),
        }
