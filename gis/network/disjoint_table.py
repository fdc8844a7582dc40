"""The table of disjoint routes: the best two ways to a target, apart in one way or another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import DISJOINT
from steppe.layers.crs import lonlats
from steppe.layers.errors import Note, Problem
from steppe.layers.progress import count
from steppe.layers.wording import Words, say_all, tell
from steppe.network.plan_backbone import Backbone
from steppe.network.redundancy_table import pair_nodes
from steppe.network.srlg_layer import telling_groups
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.budget import spend
from steppe.routing.disjoint import DisjointRoutes, disjoint_routes
from steppe.routing.least_flow import CableNet
from steppe.routing.risk_disjoint import RiskRoutes
from steppe.routing.risk_evidence import Risk
from steppe.routing.separation import Separation
from steppe.routing.step_limit import ANSWER_STEPS, TooMuchWorkError, Work

APART = ("cables", "nodes", "risks", "distance")
"""In what two routes can be apart."""
DISJOINT_STEPS = 10_000_000  # for all routes of a table together; some ten seconds
SHARES = 4  # of the steps that are left to each pair, that one answer may take
SEPARATION_STEPS = 50_000_000  # for all distances between lines; some ten seconds


def tabulate_disjoint(
    inputs: Inputs, backbone: Backbone, risks: tuple[Risk, ...], *, targets: Collection[str]
) -> pd.DataFrame:
    """Return the best two routes to some targets from every node that no single cut parts from it.

    They are apart in cables, in inner nodes, in shared risks or by a distance.  Where no two
    share no risk, the pair that shares least is told with what it shares; where no two keep
    their distance, none.  Where an answer is not proven within the steps, the best pair
    that was found is told, with a reason that gives the bounds.

    Returns
    -------
    DataFrame
        Contract `DISJOINT`.
    """
    pairs = list(pair_nodes(inputs, targets))
    return _tabulate(inputs, backbone, risks, pairs, only_with_two=True)


def tabulate_disjoint_pairs(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    pairs: Iterable[tuple[str, str]],
    *,
    ways: Sequence[str] = APART,
) -> pd.DataFrame:
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
    return _tabulate(inputs, backbone, risks, list(pairs), ways=ways)


def _tabulate(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    pairs: Sequence[tuple[str, str]],
    *,
    ways: Sequence[str] = APART,
    only_with_two: bool = False,
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    search = _Search(inputs, backbone, risks)
    unsure = {cable.cable_id for cable in backbone.cables if not cable.is_sure}
    for done, (a, b) in enumerate(count(pairs)):
        for apart in ways:
            best, why = search.find(a, b, apart, n_left=len(pairs) - done)
            if best is None and apart == "cables" and only_with_two:
                break  # nor are they apart in anything else
            if best is not None:
                rows += _spell(best, why, (a, b), apart, inputs, unsure)
    frame = pd.DataFrame(rows, columns=list(DISJOINT.columns))
    return conform(frame.sort_values(list(DISJOINT.key)).reset_index(drop=True), DISJOINT)


class _Search:
    """Finds the best two routes between two nodes, apart in one way or another."""

    def __init__(self, inputs: Inputs, backbone: Backbone, risks: tuple[Risk, ...]) -> None:
        nodes, lines = inputs.layer("nodes"), backbone.lines
        self._at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
        self._lines = dict(zip(lines["cable_id"], lines.geometry, strict=True))
        self._network, self._risks = inputs.plan.network, risks
        self._work = Work(DISJOINT_STEPS, tell("work.routes_of_plan"))
        self._net = CableNet(backbone.graph)

    @cached_property
    def _risks_at(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for risk in self._risks:
            if risk.place_id is not None:
                found.setdefault(risk.place_id, []).append(risk.risk_id)
        return found

    @cached_property
    def _apart_in_risks(self) -> RiskRoutes:
        return RiskRoutes(self._net, telling_groups(self._risks))

    @cached_property
    def _separation(self) -> Separation | None:
        """What lies near what; None where there is too much of it to be measured."""
        work = Work(SEPARATION_STEPS, tell("work.distances"))
        try:
            return Separation(
                self._lines,
                apart_km=self._network.apart_km,
                end_zone_km=self._network.end_zone_km,
                work=work,
            )
        except TooMuchWorkError:
            return None

    @cached_property
    def _apart_by_distance(self) -> RiskRoutes:
        return RiskRoutes(self._net, {} if self._separation is None else self._separation.pairs)

    def find(
        self, a: str, b: str, apart: str, *, n_left: int
    ) -> tuple[DisjointRoutes | None, Words]:
        """Return them, and what is not proven; None where there are no two that are so apart.

        Each of so many pairs that are left may take some times its share of the steps, since most
        need none.
        """
        if apart == "cables":
            return disjoint_routes(self._net.graph, a, b, net=self._net), ""
        if apart == "nodes":
            return disjoint_routes(self._net.graph, a, b, apart="nodes", net=self._net), ""
        work = self._work.part(min(ANSWER_STEPS, SHARES * max(self._work.left, 0) // n_left))
        try:
            if apart == "distance":
                return self._keep_distance(a, b, work)
            at_ends = {name for end in (a, b) for name in self._risks_at.get(end, ())}
            best = self._apart_in_risks.find(a, b, left_out=at_ends, work=work)
            return best, "" if best is None else _tell_bounds(best)
        finally:
            self._work.take_part(work)

    def _keep_distance(self, a: str, b: str, work: Work) -> tuple[DisjointRoutes | None, Words]:
        if self._separation is None:
            best = disjoint_routes(self._net.graph, a, b, net=self._net)
            return best, "" if best is None else tell("disjoint.not_measured", km=best.km)
        apart = self._separation.apart((self._at[a], self._at[b]), work)
        best = self._apart_by_distance.find(a, b, strictly=True, left_out=apart, work=work)
        if best is None or best.is_exact:
            return best, ""
        if best.shared:
            return best, tell(
                "disjoint.maybe_none", n=len(best.shared), km=best.least_km or best.km
            )
        return best, _tell_bounds(best)


def _tell_bounds(best: DisjointRoutes) -> Words:
    """Say between what the best pair lies, where it is not proven to be this one."""
    least_km = best.km if best.least_km is None else best.least_km
    if best.fewer_risks:
        n_risks = len(best.shared)
        least = n_risks - best.fewer_risks
        return tell("disjoint.bound_shared", low=least, high=n_risks, km=least_km)
    if best.least_km is not None:
        return tell("disjoint.bound_km", low=least_km, high=best.km)
    return ""


def note_bounds(disjoint: pd.DataFrame) -> list[Note]:
    """Return a note for each way to be apart in which some pairs are not proven to be the best."""
    open_rows = disjoint[(disjoint["route"] == 1) & disjoint["reason_en"].notna()]
    return [
        Problem(
            "disjoint",
            tell("note.disjoint_bounds", kind=tell(f"routes.apart_in_{apart}"), n=len(rows)),
            tell("note.why.disjoint_says"),
            tuple(f"{a}-{b}" for a, b in zip(rows["from_id"], rows["to_id"], strict=True)),
        )
        for apart, rows in open_rows.groupby("apart")
    ]


def _spell(
    best: DisjointRoutes,
    why: Words,
    ends: tuple[str, str],
    apart: str,
    inputs: Inputs,
    unsure: Collection[str],
) -> Iterator[dict[str, Any]]:
    for number, route in enumerate(best.routes, start=1):
        yield {
            "from_id": ends[0],
            "to_id": ends[1],
            "apart": apart,
            "route": number,
            "scenario": inputs.plan.scenario.name,
            "year": inputs.plan.scenario.year,
            "rtt_ms": spend(route.km).rtt_ms,
            "route_km": route.km,
            "path": " ".join(route.cables),
            "shared": " ".join(best.shared),
            "unsure": " ".join(cable for cable in route.cables if cable in unsure),
            **(say_all("reason", why) if why else {}),
        }
