"""Readings: where the cables of a backbone may lie, and what would take them down there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import networkx as nx

from steppe.routing.backbone import SAID, Cable, Corridor
from steppe.routing.rights_of_way import Chains, RightsOfWay
from steppe.routing.route_programme import Strand
from steppe.routing.single_falls import Line, SingleFalls
from steppe.routing.worst_reading import RISK, OpenStrand

_Way = frozenset[str]


@dataclass(frozen=True)
class SharedRisks:
    """What takes down several cables at once, beside the corridors; each by its id.

    Parameters
    ----------
    corridors
        By risk, the corridors that it takes down, see `steppe.routing.risks`.
    cables
        By risk, the cables that it takes down where they are drawn.
    places
        By node, the risk that takes down all cables that end there.
    """

    corridors: Mapping[str, Collection[str]] = field(default_factory=dict)
    cables: Mapping[str, Collection[str]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)


def find_ends(cable: Cable) -> tuple[str, str]:
    """Return the ends of a cable in the order of their ids."""
    return min(cable.from_node, cable.to_node), max(cable.from_node, cable.to_node)


class Readings:
    """Where each cable may lie, in words of `steppe.routing.redundancy.EffectiveRoutes`.

    Parameters
    ----------
    cables, corridors
        The backbone.
    risks
        What takes down several cables at once.
    """

    def __init__(
        self, cables: Sequence[Cable], corridors: Iterable[Corridor], risks: SharedRisks
    ) -> None:
        self._corridors = {each.corridor_id: each for each in corridors}
        self._rights = RightsOfWay(self._corridors.values())
        self._risks = risks
        self._met_in = _invert(risks.corridors)
        self._met_as_drawn = _invert(risks.cables)
        self._recorded: dict[tuple[str, str], dict[_Way, None]] = {}
        for cable in cables:
            if cable.corridors:
                self._recorded.setdefault(find_ends(cable), {})[_Way(cable.corridors)] = None
        self._partners: dict[str, set[str]] = {}
        for cable in cables:
            for other in cable.apart_from:
                self._partners.setdefault(cable.cable_id, set()).add(other)
                self._partners.setdefault(other, set()).add(cable.cable_id)
        self._cables = {cable.cable_id: cable for cable in cables}
        self._open_strand = cache(self._open)
        self._free_strand = cache(self._free)
        self._parts_of = cache(self._split)
        self._meet = cache(self._find_met)

    def list_free(self, cables: Iterable[Cable]) -> tuple[list[Strand], bool]:
        """Return cables with the corridors that each may lie in, and whether all are known."""
        found = [self._free_strand(cable) for cable in cables]
        return [strand for strand, _ in found], all(is_whole for _, is_whole in found)

    def find_falls(self) -> SingleFalls:
        """Return what may fall with each single thing, of the sure cables.

        A cable of assumed corridor that is said to be apart from others cannot lie where it likes; it
        falls with its two places alone.
        """
        return SingleFalls(
            [
                Line(find_ends(cable), self._meet_at_ends(cable))
                if cable.cable_id in self._partners and cable.corridor_basis != SAID
                else Line(
                    find_ends(cable),
                    self._meet_at_ends(cable).union(*self._list_extra(cable)),
                    self._meet(self._reach_chains(cable)),
                )
                for cable in self._cables.values()
                if cable.is_sure
            ]
        )

    def name_places(self, a: str, b: str) -> frozenset[str]:
        """Return the things that two nodes are for themselves."""
        return frozenset(
            RISK + self._risks.places[end] for end in (a, b) if end in self._risks.places
        )

    def list_open(
        self, cables: Iterable[Cable], own: Collection[str] = frozenset()
    ) -> list[OpenStrand]:
        """Return sure cables with all that may take them down, but for some things.

        With them come the sure cables that are said to be apart from them.
        """
        inside = {cable.cable_id: None for cable in cables if cable.is_sure}
        queue = list(inside)
        for name in queue:
            for other in sorted(self._partners.get(name, ())):
                if other in self._cables and self._cables[other].is_sure and other not in inside:
                    inside[other] = None
                    queue.append(other)
        n_cables: dict[OpenStrand, int] = {}
        for name in inside:
            each = _without(self._open_strand(self._cables[name]), own)
            n_cables[each] = n_cables.get(each, 0) + 1
        return [
            replace(each, strand=replace(each.strand, n_cables=n)) for each, n in n_cables.items()
        ]

    def build_flow(self, cables: Iterable[Cable]) -> nx.MultiGraph[str]:
        """Return a graph through which no less flows than routes are that share no corridor.

        Every route leads along corridors, or cables that lie in none, that no other takes: these
        are its edges.
        """
        graph: nx.MultiGraph[str] = nx.MultiGraph()
        every, reaches = set[str](), set[_Way]()
        for cable in cables:
            ends = find_ends(cable)
            graph.add_nodes_from(ends)
            links, inside, reach = self._parts_of(cable)
            for link in links:
                graph.add_edge(*ends, key=link)
            every |= inside
            reaches.add(reach)
        every.update(*reaches)
        for name in sorted(every):
            corridor = self._corridors[name]
            graph.add_edge(corridor.from_node, corridor.to_node, key=name)
        return graph

    def weigh(self, cables: Iterable[Cable]) -> int:
        """Return how many things may take cables down, about: what it takes to list them as open."""
        return sum(len(self._meet(self._reach_chains(cable))) for cable in cables if cable.is_sure)

    def _split(self, cable: Cable) -> tuple[tuple[str, ...], _Way, _Way]:
        """Return what a cable gives to the flow: links of its own, corridors, those of its chains."""
        ends = find_ends(cable)
        links, inside = list[str](), _Way()
        for way in self._list_ways(cable):
            if not way:
                links.append(f"cable {cable.cable_id}")
            elif self._leads(way, ends):
                inside |= way
            else:
                links.append(f"way {' '.join(sorted(way))}")
        return tuple(links), inside, self._reach_chains(cable)

    def _leads(self, way: _Way, ends: tuple[str, str]) -> bool:
        """Tell whether some corridors join two nodes."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(ends)
        for name in way:
            graph.add_edge(self._corridors[name].from_node, self._corridors[name].to_node)
        return nx.has_path(graph, *ends)

    def _reach_chains(self, cable: Cable) -> _Way:
        """Return the corridors of all chains in which a cable may lie."""
        ends = find_ends(cable)
        if cable.corridor_basis == SAID or ends[0] == ends[1]:
            return _Way()
        return self._rights.find_reach(ends)

    def _list_chains(self, cable: Cable) -> Chains:
        return self._rights.find_chains(find_ends(cable)) if self._reach_chains(cable) else Chains()

    def _list_ways(self, cable: Cable) -> list[_Way]:
        """Return the ways of a cable that are no mere chains."""
        if cable.corridor_basis == SAID:
            return [_Way(cable.corridors)]
        ways = dict.fromkeys([_Way(cable.corridors)] if cable.corridors else [])
        ways |= self._recorded.get(find_ends(cable), {})
        if self._is_contradicted(cable) or not (cable.corridors or self._reach_chains(cable)):
            ways[_Way()] = None
        return list(ways)

    def _list_extra(self, cable: Cable) -> list[_Way]:
        """Return what would take a cable down as it is drawn, and in these ways."""
        drawn = self._meet(_Way(cable.corridors)).union(self._met_as_drawn.get(cable.cable_id, ()))
        if cable.corridor_basis == SAID:
            return [drawn]
        extra = [drawn, *map(self._meet, self._list_ways(cable))]
        if not (cable.corridors or self._reach_chains(cable)):
            # No id of a corridor holds a blank.
            extra.append(_Way({f"somewhere between {' and '.join(find_ends(cable))}"}))
        return extra

    def _find_reach(self, cable: Cable) -> _Way:
        """Return all that may take a cable down in some way."""
        chains = self._meet(self._reach_chains(cable))
        return chains.union(self._meet_at_ends(cable), *self._list_extra(cable))

    def _meet_at_ends(self, cable: Cable) -> _Way:
        return self.name_places(cable.from_node, cable.to_node)

    def _is_contradicted(self, cable: Cable) -> bool:
        """Tell whether what is recorded does not say how it is apart from another."""
        partners = self._partners.get(cable.cable_id, set()) & self._cables.keys()
        return bool(partners) and (
            not cable.corridors
            or any(
                set(cable.corridors).intersection(self._cables[name].corridors) for name in partners
            )
        )

    def _free(self, cable: Cable) -> tuple[Strand, bool]:
        ways, ends = set(self._list_ways(cable)), find_ends(cable)
        if _Way() in ways:
            return Strand(ends, ((),)), True
        chains = self._list_chains(cable)
        return Strand(ends, _spell(ways.union(chains.ways))), chains.is_whole

    def _open(self, cable: Cable) -> OpenStrand:
        """Return a cable with the ways that it may lie in, and what would take it down there."""
        extra, chains = self._list_extra(cable), self._list_chains(cable)
        others = list(map(self._meet, chains.ways))
        is_apart = cable.cable_id in self._partners
        if not is_apart:
            # A way that holds all of another leaves no more routes.
            extra = [way for way in extra if not any(way < more for more in extra)]
            others = [way for way in others if not any(way <= more for more in extra)]
        at_ends = self._meet_at_ends(cable)
        return OpenStrand(
            Strand(find_ends(cable), _spell(way | at_ends for way in [*extra, *others])),
            self._find_reach(cable),
            is_whole=chains.is_whole,
            name=cable.cable_id if is_apart else "",
            apart_from=frozenset(self._partners.get(cable.cable_id, ())),
        )

    def _find_met(self, way: _Way) -> _Way:
        return way.union(*(self._met_in.get(corridor, ()) for corridor in way))


def _invert(risks: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return by corridor or cable the risks that it meets, in words that no other id is."""
    met: dict[str, set[str]] = {}
    for risk, inside in risks.items():
        for name in inside:
            met.setdefault(name, set()).add(RISK + risk)
    return met


def _without(each: OpenStrand, own: Collection[str]) -> OpenStrand:
    """Return a strand that some risks do not take down."""
    if each.reach.isdisjoint(own):
        return each
    ways = _spell(frozenset(way).difference(own) for way in each.strand.ways)
    return replace(each, strand=replace(each.strand, ways=ways), reach=each.reach.difference(own))


def _spell(ways: Iterable[_Way]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({tuple(sorted(way)) for way in ways}))
