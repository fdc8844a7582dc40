"""Evidence: a risk that several cables share, its id, and the measured fact in words."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from steppe.layers.wording import Texts, Words, tell
from steppe.routing.features import CableLine, Name

CORRIDOR = "corridor"
STRETCH = "stretch"
CROSSING = "crossing"
RIVER_CROSSING = "river_crossing"
BORDER_CROSSING = "border_crossing"
CITY = "city"
KINDS = (CORRIDOR, STRETCH, CROSSING, RIVER_CROSSING, BORDER_CROSSING, CITY)

MAX_WORD = 32


@dataclass(frozen=True)
class Risk:
    """Something that takes down several cables at once.

    Parameters
    ----------
    risk_id
        Lower-case letters, digits, `_` and `-` only; depends neither on the order of the
        data nor on other risks.
    kind
        One of `KINDS`.
    about
        Ids of what is shared: the corridor, the two corridors or cables of a stretch or a
        crossing, the rivers, the countries, the place.
    names
        What they are called, one by one; the id where there is no name.
    cables
        At least two, sorted.
    sure_cables
        Those that a source puts there.
    lon, lat
        A point of it, degrees, EPSG:4490.
    low_km, km, high_km
        Length of the corridor or stretch: what is surely shared, what is as drawn, and what may
        be; 0 for a point.
    within_km
        Distance that is shared: beside each other, between crossings, to the place.
    is_near
        Whether they are near each other wherever within their accuracies they lie; False where they may be.
    accuracy_m
        How true the least accurate line behind it is drawn; 0 where none is, as in a
        corridor, or at a place where all cables end.
    evidence
        One sentence with the numbers.
    """

    risk_id: str
    kind: str
    about: tuple[str, ...]
    names: tuple[Name, ...]
    cables: tuple[str, ...]
    sure_cables: tuple[str, ...]
    lon: float
    lat: float
    low_km: float
    km: float
    high_km: float
    within_km: float
    is_near: bool
    accuracy_m: float
    evidence: Words

    @property
    def sure(self) -> bool:
        """Whether sources put at least two cables there."""
        return len(self.sure_cables) > 1

    @property
    def place_id(self) -> str | None:
        """The place of a risk of kind `city`, None for others."""
        return self.about[0] if self.kind == CITY else None


class Fact(NamedTuple):
    """What was measured, how true it is drawn, and whether that leaves no doubt of it.

    `km` is low, as drawn, and high.
    """

    evidence: Words
    km: tuple[float, float, float] = (0.0, 0.0, 0.0)
    within_km: float = 0.0
    accuracy_m: float = 0.0
    is_near: bool = True


def make_risk(
    kind: str,
    about: Mapping[str, Name],
    *,
    at: tuple[float, float],
    inside: Sequence[CableLine],
    sure: Collection[str],
    fact: Fact,
) -> Risk:
    """Make a risk of what was found.

    Parameters
    ----------
    kind
        One of `KINDS`.
    about
        Ids of what is shared, and what they are called.
    at
        Lon, lat, degrees.
    inside
        Cables, at least two.
    sure
        Ids of those that a source puts there.
    fact
        What was measured.
    """
    # A tenth of a millimetre: last digits differ from processor to processor.
    lon, lat = (round(degrees, 9) for degrees in at)
    drawn = tell("risk.drawn", km=fact.accuracy_m / 1000.0) if fact.accuracy_m else ""
    return Risk(
        risk_id=_risk_id(kind, tuple(about), at),
        kind=kind,
        about=tuple(about),
        names=tuple(about.values()),
        cables=tuple(sorted(cable.cable_id for cable in inside)),
        sure_cables=tuple(sorted(sure)),
        lon=lon,
        lat=lat,
        low_km=fact.km[0],
        km=fact.km[1],
        high_km=fact.km[2],
        within_km=fact.within_km,
        is_near=fact.is_near,
        accuracy_m=fact.accuracy_m,
        evidence=tell("risk.evidence", fact=fact.evidence, drawn=drawn),
    )


def _risk_id(kind: str, about: tuple[str, ...], at: tuple[float, float]) -> str:
    """Return an id; what has an id of its own and lies once needs no more than that."""
    words = "-".join(re.sub("[^a-z0-9]+", "_", name.lower())[:MAX_WORD] for name in about[:2])
    if kind in {CORRIDOR, CITY} and about == (words,):
        return f"{kind}-{words}"
    # Metres apart are the same spot on another machine.
    whole = repr((kind, about, *(round(degrees, 4) for degrees in at)))
    return f"{kind}-{words}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def show_name(name: Name, otherwise: str) -> Name:
    """Return a name on one line, without what cannot be printed; the id where there is none."""
    if isinstance(name, str):
        return _one_line(name, otherwise)
    return Texts(
        tuple((language, _one_line(text, otherwise)) for language, text in name.by_language)
    )


def _one_line(name: str, otherwise: str) -> str:
    for text in (name, otherwise):
        words = "".join(letter if letter.isprintable() else " " for letter in text).split()
        if words:
            return " ".join(words)
    return "?"


def spell_km(km: float) -> str:
    """Write a distance rounded up, so that `within` stays true."""
    return f"{max(math.ceil(km * 10.0 - 1e-6) / 10.0, 0.1):g}"
