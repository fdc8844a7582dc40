"""The table of cuts: what falls, who is cut off, and the round trip after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.failures import CUTS
from steppe.layers.errors import Note, Problem
from steppe.layers.progress import count
from steppe.layers.wording import Words, join, say_all, tell
from steppe.network.plan_backbone import Backbone, name_rows, park_starts, ranked_starts
from steppe.network.srlg_layer import name_risk
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.backbone import ASSUMED, SAID, Cable
from steppe.routing.budget import spend
from steppe.routing.cuts import CutEffect, CutUnit, cut_effects, worst_cuts
from steppe.routing.joints import find_cable, list_keys
from steppe.routing.risk_evidence import CORRIDOR, Risk
from steppe.routing.shortest_ways import ShortestWays
from steppe.routing.step_limit import TooMuchWorkError, Work

N_WORST = 10
CUT_STEPS = 30_000_000  # for all cuts of one target; some ten seconds
# Two of these may well fall in one week; two crossings or cities hardly do.
_IN_PAIRS = ("cable", "corridor")


@dataclass(frozen=True)
class _Named:
    """A unit, what people call it, and whether a source says that its cables fall with it."""

    unit: CutUnit
    called: Words
    is_said: bool


def tabulate_cuts(
    inputs: Inputs,
    backbone: Backbone,
    risks: tuple[Risk, ...],
    *,
    level: str,
    doubles: bool = True,
) -> tuple[pd.DataFrame, list[Note]]:
    """Return every single and double cut that does something to a park's way to a target.

    Parameters
    ----------
    inputs, backbone
        The plan.
    risks
        What its cables share: crossings, cities and stretches fall as one.
    level
        Level of the parks that count.
    doubles
        Whether to take two things at a time, too.

    Returns
    -------
    tuple
        Contract `CUTS`, and a line for each target whose cuts are unknown; for each target the `N_WORST` worst single cuts and as many double
        ones bear a rank.  Two things that fall together stand there only when they do more
        than each alone.
    """
    starts = ranked_starts(park_starts(inputs), inputs, level)
    n_parks = Counter(str(start.node_id) for start in starts)
    rows: list[dict[str, object]] = []
    notes: list[Note] = []
    for target in count(inputs.plan.network.targets):
        units = list(_units(inputs, backbone, risks, keep={target, *n_parks}))
        named = {each.unit.unit_id: each for each in units}
        hanging = [node for node in n_parks if node != target]
        felt = _felt(backbone, units, hanging, target, notes, doubles=doubles)
        ranks = {
            effect.units: rank
            for n_units in (1, 2)
            for rank, effect in enumerate(
                worst_cuts([one for one in felt if len(one.units) == n_units], n=N_WORST), 1
            )
        }
        before_km = _distances(backbone, n_parks, target)
        rows += [
            {
                "to_id": target,
                "scenario": inputs.plan.scenario.name,
                "year": inputs.plan.scenario.year,
                "rank": ranks.get(effect.units),
                **_spell(effect, [named[name] for name in effect.units], n_parks, before_km),
            }
            for effect in felt
        ]
    frame = pd.DataFrame(rows, columns=list(CUTS.columns))
    order = ["to_id", "n_units", "rank", "cut_id"]
    table = conform(frame.sort_values(order, na_position="last").reset_index(drop=True), CUTS)
    return table, notes


def _felt(
    backbone: Backbone,
    units: Sequence[_Named],
    starts: Sequence[str],
    target: str,
    notes: list[Note],
    *,
    doubles: bool,
) -> list[CutEffect]:
    """Return what every unit does, and what two cables or corridors do, if it is anything.

    What takes too long is left out, and a note says so.
    """
    plain = [each.unit for each in units if each.unit.kind in _IN_PAIRS]
    others = [each.unit for each in units if each.unit.kind not in _IN_PAIRS]
    graph, keys = backbone.joined, list_keys(backbone.joined)
    ending = _find_ending(backbone.cables)
    unsure = [
        key
        for cable in backbone.cables
        for key in keys[cable.cable_id]
        if not cable.is_sure or (key != cable.cable_id and cable.joints_basis != SAID)
    ]
    effects: list[CutEffect] = []
    trials = ((others, False), (plain, False), *(((plain, True),) if doubles else ()))
    for some, in_pairs in trials:
        trial = tell("work.double_cuts") if in_pairs else tell("work.single_cuts")
        work = Work(CUT_STEPS, trial)
        try:
            found = cut_effects(
                graph,
                [_spread(unit, keys, ending) for unit in some],
                starts=starts,
                target=target,
                doubles=in_pairs,
                unsure=unsure,
                work=work,
            )
        except TooMuchWorkError as error:
            notes.append(Problem(f"cuts › {target}", error.told, tell("note.why.not_told")))
        else:
            told = found[len(some) :] if in_pairs else found
            effects += [
                replace(each, cables=frozenset(map(find_cable, each.cables))) for each in told
            ]
    return [effect for effect in sorted(effects, key=_plainness) if effect.adds]


def _find_ending(cables: Iterable[Cable]) -> dict[str, set[str]]:
    """Return by node the cables that end or are joined there."""
    ending: dict[str, set[str]] = {}
    for cable in cables:
        for node in _stops(cable):
            ending.setdefault(node, set()).add(cable.cable_id)
    return ending


def _spread(
    unit: CutUnit, keys: Mapping[str, frozenset[str]], ending: Mapping[str, set[str]]
) -> CutUnit:
    """Return a unit with every edge of the cables that fall with it, those joined at its nodes too."""
    fallen = unit.cables.union(*(ending.get(node, ()) for node in unit.nodes))
    return replace(unit, cables=frozenset().union(*(keys[cable_id] for cable_id in fallen)))


def _stops(cable: Cable) -> set[str]:
    return {cable.from_node, cable.to_node, *(joint.node_id for joint in cable.joints)}


def _plainness(effect: CutEffect) -> tuple[int, bool]:
    """Order so that of two cuts that fell the same cables the plainer one is told."""
    first = effect.units[0].partition(":")[0]
    return len(effect.units), first not in _IN_PAIRS


def _distances(backbone: Backbone, nodes: Mapping[str, int], target: str) -> dict[str, float]:
    ways = ShortestWays(backbone.joined, [target])
    routes = {node: ways.find(node, target) for node in nodes if node != target}
    return {node: route.km for node, route in routes.items() if route is not None}


def _units(
    inputs: Inputs,
    backbone: Backbone,
    risks: Sequence[Risk],
    *,
    keep: set[str],
) -> Iterator[_Named]:
    """Yield what may fall, the plainest thing first: of twins the first is told."""
    lines, named = backbone.lines, {cable.cable_id: cable for cable in backbone.cables}
    cables, corridors = name_rows(inputs, "fibre"), name_rows(inputs, "corridors")
    for name, cable in named.items():
        is_said = cable.existence == SAID
        yield _name("cable", name, frozenset({name}), called=cables[name], is_said=is_said)
    recorded: dict[str, list[Cable]] = {}
    for cable in backbone.cables:
        for name in set(cable.corridors):
            recorded.setdefault(name, []).append(cable)
    for corridor in backbone.corridors:
        name = corridor.corridor_id
        if inside := recorded.get(name):
            ids = frozenset(cable.cable_id for cable in inside)
            is_said = all(cable.corridor_basis == SAID for cable in inside)
            yield _name("corridor", name, ids, called=corridors[name], is_said=is_said)
    for risk in risks:
        if risk.kind == CORRIDOR or risk.place_id in keep:
            continue
        fallen = frozenset({risk.place_id} if risk.place_id is not None else ())
        unit = CutUnit(f"risk:{risk.risk_id}", risk.kind, frozenset(risk.cables), fallen)
        yield _Named(unit, name_risk(risk), set(risk.cables) <= set(risk.sure_cables))
    for operator, rows in lines.dropna(subset="operator").groupby("operator"):
        ids = frozenset(rows["cable_id"])
        yield _name("operator", operator, ids, called=str(operator), is_said=True)
    yield from _countries(inputs, backbone.cables, keep)


def _name(
    kind: str, name: object, cables: frozenset[str], *, called: Words, is_said: bool
) -> _Named:
    unit = CutUnit(f"{kind}:{name}", kind, cables)
    return _Named(unit, tell(f"cut.{kind}", name=called), is_said)


def _countries(inputs: Inputs, cables: Sequence[Cable], keep: set[str]) -> Iterator[_Named]:
    nodes, outlines = inputs.layer("nodes"), name_rows(inputs, "boundaries")
    for country, rows in nodes.groupby("country"):
        inside = frozenset(rows["node_id"])
        if inside.isdisjoint(keep):
            unit = CutUnit(f"country:{country}", "country", frozenset(), inside)
            name = outlines.get(str(country), str(country))
            is_said = all(
                cable.ends_basis == SAID for cable in cables if not inside.isdisjoint(_stops(cable))
            )
            yield _Named(unit, tell("cut.country", name=name), is_said)


def _spell(
    effect: CutEffect,
    units: Sequence[_Named],
    n_parks: Mapping[str, int],
    before_km: Mapping[str, float],
) -> dict[str, object]:
    row: dict[str, object] = {
        "cut_id": "+".join(effect.units),
        "n_units": len(effect.units),
        **say_all("name", join([each.called for each in units], "join.plus")),
        "kinds": " ".join(each.unit.kind for each in units),
        "cables": " ".join(sorted(effect.cables)),
        "standing": SAID if all(each.is_said for each in units) else ASSUMED,
        "n_isolated": sum(n_parks[node] for node in effect.isolated),
        "isolated": " ".join(effect.isolated),
        "n_doubtful": sum(n_parks[node] for node in effect.doubtful),
        "doubtful": " ".join(effect.doubtful),
        "n_slower": sum(n_parks[node] for node, _ in effect.longer),
        "slower": " ".join(node for node, _ in effect.longer),
    }
    if effect.longer:
        more_km, node = max((km, node) for node, km in effect.longer)
        row |= {
            "worst_id": node,
            "worst_before_ms": spend(before_km[node]).rtt_ms,
            "worst_after_ms": spend(before_km[node] + more_km).rtt_ms,
        }
    return row
