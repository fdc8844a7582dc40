"""Lines that share a risk of their own: what runs beside each other, and what crosses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shapely.geometry import LineString, MultiLineString

from steppe.layers.wording import Message, Words, tell
from steppe.routing.contacts import Contact, find_contacts
from steppe.routing.features import CableLine, CorridorLine, Limits, Name
from steppe.routing.risk_evidence import (
    CROSSING,
    STRETCH,
    Fact,
    Risk,
    make_risk,
    show_name,
    spell_km,
)


class _DrawnLine(NamedTuple):
    """A corridor with its cables, or a cable that is recorded in none."""

    strand_id: str
    name: Name
    line: LineString | MultiLineString
    cables: tuple[CableLine, ...]
    accuracy_m: float


def find_line_risks(
    cables: Sequence[CableLine], corridors: Sequence[CorridorLine], limits: Limits
) -> Iterator[Risk]:
    """Yield what runs beside each other or crosses: corridors, and cables recorded in none."""
    strands = list(_drawn_lines([cable for cable in cables if not cable.schematic], corridors))
    contacts = find_contacts(
        [strand.line for strand in strands],
        [strand.accuracy_m / 1000.0 for strand in strands],
        beside_km=limits.beside_m / 1000.0,
        shortest_km=limits.shortest_km,
        end_km=limits.end_km,
    )
    for contact in contacts:
        first, second = strands[contact.first], strands[contact.second]
        together = {cable.cable_id: cable for cable in (*first.cables, *second.cables)}
        # Where one side has no cable of its own, all share the corridor of the other.
        if len(together) == max(len(first.cables), len(second.cables)):
            continue
        spell = _spell_crossing if contact.crosses else _spell_stretch
        yield make_risk(
            CROSSING if contact.crosses else STRETCH,
            {first.strand_id: first.name, second.strand_id: second.name},
            at=(contact.lon, contact.lat),
            inside=list(together.values()),
            sure={cable.cable_id for cable in together.values() if cable.said},
            fact=Fact(
                spell(contact, first.name, second.name, limits),
                km=(contact.low_km, contact.km, contact.high_km),
                within_km=contact.gap_km if contact.crosses else limits.beside_m / 1000.0,
                accuracy_m=max(first.accuracy_m, second.accuracy_m),
                is_near=contact.sure,
            ),
        )


def _spell_stretch(contact: Contact, first: Name, second: Name, limits: Limits) -> Message:
    within_km = limits.beside_m / 1000.0
    if contact.sure:
        band: Words = ""
        if round(contact.low_km) != round(contact.high_km):
            band = tell("risk.stretch.band", low=contact.low_km, high=contact.high_km)
        return tell(
            "risk.stretch.fact",
            first=first,
            second=second,
            within=within_km,
            km=contact.km,
            band=band,
            ends=limits.end_km,
        )
    drawn = tell("risk.stretch.drawn_beside", km=contact.km)
    if not contact.km:
        drawn = tell("risk.stretch.drawn_apart", gap=spell_km(contact.gap_km))
    return tell(
        "risk.stretch.possible",
        first=first,
        second=second,
        within=within_km,
        km=contact.high_km,
        ends=limits.end_km,
        drawn=drawn,
    )


def _spell_crossing(contact: Contact, first: Name, second: Name, limits: Limits) -> Message:
    key, gap = "sure" if contact.sure else "drawn", ""
    if contact.gap_km:
        key, gap = "possible", spell_km(contact.gap_km)
    return tell(f"risk.crossing.{key}", first=first, second=second, ends=limits.end_km, gap=gap)


def _drawn_lines(
    cables: Sequence[CableLine], corridors: Sequence[CorridorLine]
) -> Iterator[_DrawnLine]:
    recorded: dict[str, list[CableLine]] = defaultdict(list)
    for cable in cables:
        for corridor_id in dict.fromkeys(cable.corridors):
            recorded[corridor_id].append(cable)
    for corridor in corridors:
        if inside := tuple(recorded[corridor.corridor_id]):
            name = show_name(corridor.name, corridor.corridor_id)
            yield _DrawnLine(corridor.corridor_id, name, corridor.line, inside, corridor.accuracy_m)
    for cable in cables:
        if not cable.corridors:
            name = show_name(cable.name, cable.cable_id)
            yield _DrawnLine(cable.cable_id, name, cable.line, (cable,), cable.accuracy_m)
