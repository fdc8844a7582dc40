"""Redundancy: how many ways lead from one node to another, as ranges.

Nominal counts every cable for itself; effective counts only what shares no corridor.  Both
are ranges, since sources leave open which cables exist, where they end and where they lie.
A cable is sure when a source says that it exists and where both its ends are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import networkx as nx

from steppe.layers.errors import InputError
from steppe.layers.wording import Joined, Message, Words, join, tell
from steppe.routing.backbone import SAID, Cable, Corridor
from steppe.routing.connectivity import local_edge_connectivity
from steppe.routing.features import find_astray
from steppe.routing.hops import cables_between
from steppe.routing.shared_risk import RightsOfWay, count_disjoint, simple_routes
from steppe.routing.step_limit import ANSWER_STEPS, Work

MAX_NAMED = 3


class EffectiveRange(NamedTuple):
    """How many routes between two nodes share neither a cable nor a corridor.

    Parameters
    ----------
    low
        None where it is unknown.  Sure cables only, those of assumed corridor all in the likeliest one but for those
        that a source says are apart, and every shared risk counted.
    high
        Every reading of the text, cables of assumed corridor anywhere in those that exist.
    shared
        Corridors recorded for more than one of the cables, sorted.
    reason
        One sentence.
    """

    low: int | None
    high: int | None
    shared: tuple[str, ...]
    reason: Words


def nominal_range(cables: Iterable[Cable], a: str, b: str) -> tuple[int, int]:
    """Return how many cables join two nodes themselves: the sure ones, and all of them."""
    joining = [cable for cable in cables if {cable.from_node, cable.to_node} == {a, b}]
    return sum(cable.is_sure for cable in joining), len(joining)


def cut_range(cables: Iterable[Cable], a: str, b: str) -> tuple[int, int]:
    """Return how many cables must be cut to part two nodes, each counted by itself.

    Returns
    -------
    tuple
        With the sure cables alone, and with every reading of the text.

    Raises
    ------
    ValueError
        When both nodes are the same.
    """
    cables = list(cables)
    sure = [cable for cable in cables if cable.is_sure]
    low, high = (local_edge_connectivity(_plain_graph(kept, a, b), a, b) for kept in (sure, cables))
    return low, high


def _plain_graph(cables: Iterable[Cable], a: str, b: str) -> nx.MultiGraph[str]:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    graph.add_nodes_from((a, b))
    for cable in cables:
        graph.add_edge(cable.from_node, cable.to_node, key=cable.cable_id)
    return graph


def effective_range(  # noqa: PLR0913 (one for each thing that routes share)
    cables: Iterable[Cable],
    corridors: Iterable[Corridor],
    a: str,
    b: str,
    *,
    names: Mapping[str, Words] | None = None,
    risks: Mapping[str, Collection[str]] | None = None,
    work: Work | None = None,
) -> EffectiveRange:
    """Return how many routes between two nodes are independent, as a range with its reason.

    A cable of said corridors lies in them.  Cables of assumed corridors between the same
    ends all lie in the likeliest corridors for the low end: those recorded for most of
    them, the shortest of equals; only cables that a source says are apart from one that
    lies there have ways of their own.  At the low end routes share no risk either.  For the
    high end each lies in its recorded corridors or in any chain of corridors that joins its
    ends, or apart where there is none.  When all corridors are said and all cables sure,
    both ends are equal; the high end never passes that of `cut_range`.

    Parameters
    ----------
    cables, corridors
        The backbone.
    a, b
        Two different nodes.
    names
        What people call a node or a corridor, by id, for the reason.
    risks
        By id, the corridors that share it, see `steppe.routing.risks`; not those of the two ends.
    work
        Steps that it may take; None for `steppe.routing.step_limit.ANSWER_STEPS`.

    Raises
    ------
    InputError
        For a corridor that is not in `corridors`.
    TooMuchWorkError
        For more than `MAX_CANDIDATES` ways, or when the work is done.
    ValueError
        When both nodes are the same.
    """
    if a == b:
        msg = f"two nodes are needed, both are {a}"
        raise ValueError(msg)
    cables, corridors = list(cables), list(corridors)
    km = {corridor.corridor_id: corridor.length_km for corridor in corridors}
    recorded = ((cable.cable_id, cable.corridors) for cable in cables)
    if problems := list(find_astray(recorded, km)):
        raise InputError(problems)
    between = cables_between(cables, a, b, ends=_ends)
    sure = [cable for cable in between if cable.is_sure]
    rights_of_way = _rights_of_way(corridors)
    work = work or Work(ANSWER_STEPS, tell("work.count", a=a, b=b))
    likeliest = _likeliest(between, rights_of_way, km, work)
    shared_with = _invert(risks or {})
    low_ways = (
        (_ends(cable), {_with_risks(way, shared_with)}) for cable, way in _low_ways(sure, likeliest)
    )
    low = count_disjoint(low_ways, a, b, work)
    high_ways = (
        (_ends(cable), _possible(cable, rights_of_way, likeliest, work)) for cable in between
    )
    high = count_disjoint(high_ways, a, b, work)
    shared = _shared_corridors(between)
    reason = _reason(between, low, high, shared, (a, b), names or {})
    return EffectiveRange(low, high, shared, reason)


def _shared_corridors(cables: Iterable[Cable]) -> tuple[str, ...]:
    uses = Counter(corridor for cable in cables for corridor in set(cable.corridors))
    return tuple(sorted(corridor for corridor, n_cables in uses.items() if n_cables > 1))


def _rights_of_way(corridors: Iterable[Corridor]) -> nx.MultiGraph[str]:
    graph: nx.MultiGraph[str] = nx.MultiGraph()
    for corridor in corridors:
        graph.add_edge(corridor.from_node, corridor.to_node, key=corridor.corridor_id)
    return graph


def _ends(cable: Cable) -> tuple[str, str]:
    return min(cable.from_node, cable.to_node), max(cable.from_node, cable.to_node)


def _likeliest(
    cables: Iterable[Cable],
    rights_of_way: nx.MultiGraph[str],
    km: Mapping[str, float],
    work: Work,
) -> dict[tuple[str, str], RightsOfWay]:
    """Return, for each pair of ends, the way that its assumed cables most likely follow.

    Most often recorded among the sure ones, then the shortest; with none recorded the
    shortest chain of corridors that joins the ends; without one, a way of their own.
    """
    recorded: dict[tuple[str, str], Counter[tuple[str, ...]]] = {}
    for cable in cables:
        if cable.corridor_basis != SAID:
            ways = recorded.setdefault(_ends(cable), Counter())
            if cable.corridors:
                ways[tuple(sorted(cable.corridors))] += cable.is_sure

    def order(entry: tuple[tuple[str, ...], int]) -> tuple[int, float, tuple[str, ...]]:
        way, n_cables = entry
        return -n_cables, sum(km[name] for name in way), way

    likeliest = {}
    for ends, ways in recorded.items():
        chains = Counter(
            {tuple(sorted(way)): 0 for way in simple_routes(rights_of_way, *ends, work)}
        )
        # No id of a corridor holds a blank, so this one, shared by all such cables, is free.
        nowhere = (f"somewhere between {' and '.join(ends)}",)
        options = ways or chains
        likeliest[ends] = RightsOfWay(min(options.items(), key=order)[0] if options else nowhere)
    return likeliest


def _low_ways(
    cables: Sequence[Cable], likeliest: Mapping[tuple[str, str], RightsOfWay]
) -> Iterator[tuple[Cable, RightsOfWay]]:
    """Yield each cable with what it shares with others at the low end.

    Of cables that are said to be apart, one lies in the likeliest way, the one that is
    recorded there; the others have ways of their own, and no id of a corridor is `cable x`.
    """

    def order(cable: Cable) -> tuple[bool, str]:
        return RightsOfWay(cable.corridors) != likeliest[_ends(cable)], cable.cable_id

    assumed = [cable for cable in cables if cable.corridor_basis != SAID]
    apart_from: dict[str, set[str]] = {}
    for cable in assumed:
        for other in cable.apart_from:
            apart_from.setdefault(cable.cable_id, set()).add(other)
            apart_from.setdefault(other, set()).add(cable.cable_id)
    inside: set[str] = set()
    for cable in sorted(assumed, key=order):
        if apart_from.get(cable.cable_id, set()).isdisjoint(inside):
            inside.add(cable.cable_id)
    for cable in cables:
        if cable.corridor_basis == SAID:
            yield cable, RightsOfWay(cable.corridors)
        elif cable.cable_id in inside:
            yield cable, likeliest[_ends(cable)]
        else:
            yield cable, RightsOfWay({f"cable {cable.cable_id}"})


def _invert(risks: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return by corridor the risks that it shares, in words that no id of a corridor is."""
    shared_with: dict[str, set[str]] = {}
    for risk, inside in risks.items():
        for name in inside:
            shared_with.setdefault(name, set()).add(f"risk {risk}")
    return shared_with


def _with_risks(way: RightsOfWay, shared_with: Mapping[str, Collection[str]]) -> RightsOfWay:
    return way.union(*(shared_with.get(corridor, ()) for corridor in way))


def _possible(
    cable: Cable,
    rights_of_way: nx.MultiGraph[str],
    likeliest: Mapping[tuple[str, str], RightsOfWay],
    work: Work,
) -> set[RightsOfWay]:
    """Return every set of corridors that the cable may follow at the high end."""
    if cable.corridor_basis == SAID:
        return {RightsOfWay(cable.corridors)}
    ways = {RightsOfWay(route) for route in simple_routes(rights_of_way, *_ends(cable), work)}
    if cable.corridors:
        ways.add(RightsOfWay(cable.corridors))
    # A way of its own, where no corridor joins its ends.
    return ways | {likeliest[_ends(cable)]} if ways else {RightsOfWay(cable.corridors)}


def _reason(
    between: Sequence[Cable],
    low: int,
    high: int,
    shared: Sequence[str],
    ends: tuple[str, str],
    names: Mapping[str, Words],
) -> Message:
    a, b = (names.get(end, end) for end in ends)
    n_cables = len(between)
    if not n_cables:
        return tell("routes.none", a=a, b=b)
    routes = tell("routes.one") if low == 1 else tell("routes.several", n=low)
    called = [names.get(corridor, corridor) for corridor in shared]
    together = tell("routes.together", names=_some(called)) if shared else ""
    n_assumed = sum(cable.corridor_basis != SAID for cable in between)
    n_unsure = sum(cable.existence != SAID for cable in between)
    n_loose = sum(cable.ends_basis != SAID for cable in between)
    if not n_assumed + n_unsure + n_loose:
        return tell("routes.said", a=a, b=b, routes=routes, together=together)
    doubts, at_low, at_high = [], [], []
    if n_assumed:
        doubts.append(tell("routes.doubt_corridor", part=_part(n_assumed, n_cables)))
        apart = any(
            cable.apart_from and _ends(cable) == (min(ends), max(ends)) for cable in between
        )
        at_low.append(tell("routes.in_likeliest_but" if apart else "routes.in_likeliest"))
        at_high.append(tell("routes.spread"))
    if n_unsure:
        doubts.append(tell("routes.doubt_existence", part=_part(n_unsure, n_cables)))
    if n_loose:
        doubts.append(tell("routes.doubt_ends", part=_part(n_loose, n_cables)))
    if n_unsure or n_loose:
        at_low.append(tell("routes.sure_only"))
        at_high.append(tell("routes.with_all"))
    return tell(
        "routes.doubted",
        a=a,
        b=b,
        doubts=join(doubts, "join.also"),
        routes=routes,
        at_low=join(at_low, "join.also"),
        together=together,
        more=tell("routes.more", n=high) if high > low else tell("routes.no_more"),
        at_high=join(at_high, "join.also"),
    )


def _part(number: int, whole: int) -> Message:
    if whole == 1:
        return tell("routes.part_single")
    if number == whole == 2:  # noqa: PLR2004
        return tell("routes.part_both")
    if number == whole:
        return tell("routes.part_all", n=whole)
    return tell("routes.part_some", n=number, all=whole)


def _some(names: Sequence[Words]) -> Joined | Message:
    more = len(names) - MAX_NAMED
    some = join(names[:MAX_NAMED])
    return tell("list.more", names=some, n=more) if more > 0 else some
