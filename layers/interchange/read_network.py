"""What a file of another tool says of a network, in the words of the contracts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.wording import Message, tell

Record = dict[str, Any]

MAX_LAT = 90.0
LEFT_OUT = "left_out"
LEAVE_OUT = "leave_out"
HOW_TO_LEAVE_OUT = tell("fix.leave_out")
BETWEEN = "between"
LENIENT = (LEAVE_OUT, BETWEEN)
UNPLACED = ("refuse", *LENIENT)
"""What becomes of a node without a place: refused, left out with the cables that end there, or
placed between those that it joins, see `steppe.layers.interchange.between`."""

# Control characters, halves of surrogate pairs, and what XML cannot hold.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class ReadNetwork:
    """Nodes and cables of one file, each a record of what the file says and no more.

    Parameters
    ----------
    nodes
        Columns of contract `NODES`, and `geometry`, a point in degrees (lon, lat); `network`,
        where a file holds several.
    cables
        Columns of contract `FIBRE`, and `geometry`, a line in degrees; None where there is
        none to be drawn.  `status` is the word of the file.
    further
        Columns beside those of the contracts, for what the file says beyond them.
    """

    nodes: tuple[Record, ...]
    cables: tuple[Record, ...]
    further: tuple[str, ...] = ("said_length_km", "link_label", "link_type")


@dataclass(frozen=True)
class ReadingOptions:
    """What the plan says of a network because its file does not.

    Parameters
    ----------
    defaults
        Column to the value that holds wherever the file has none.
    statuses
        Word of the file to a status of contract `FIBRE`, or to `left_out`.
    unplaced
        One of `UNPLACED`.
    join_km
        Nodes of different networks of one file that lie within it are joined; None for none.
    tell
        Takes one line on what is not read as it stands, or not at all.
    """

    defaults: Mapping[str, object] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    unplaced: str = UNPLACED[0]
    join_km: float | None = None
    tell: Callable[[Note], None] = field(default=lambda _: None, compare=False)

    def note(self, where: str, what: Message, *, why: Message, rows: Iterable[object]) -> None:
        """Tell what was done with some rows, how many they are, and why; nothing without any."""
        named = tuple(str(row) for row in rows)
        if named:
            counted = tell("note.counted", n=len(named), what=what)
            self.tell(Problem(where, counted, why, named))


def clean_text(value: object) -> str | None:
    """Return a scalar as one line of text that can be shown; None for nothing or a structure."""
    if not isinstance(value, str | int | float):
        return None
    return " ".join(_UNPRINTABLE.sub(" ", str(value)).split()) or None


def clean_id(value: object) -> str | None:
    """Return an identifier as text without blanks and commas, which separate ids in lists."""
    text = clean_text(value)
    return None if text is None else re.sub(r"[\s,]+", "_", text)


def to_number(value: object) -> float | None:
    """Return a finite number, also one that is written as text; None for anything else."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def to_place(lon: object, lat: object) -> tuple[float, float] | None:
    """Return (lon, lat) in degrees; None for what is no number, or beyond a pole."""
    x, y = to_number(lon), to_number(lat)
    return None if x is None or y is None or abs(y) > MAX_LAT else (x, y)


def refuse(where: str, what: Message, fix: Message, *, rows: Iterable[object] = ()) -> None:
    """Raise the user's error when there are rows at fault; does nothing without any."""
    named = tuple(str(row) for row in rows)
    if named:
        raise InputError(Problem(where, what, fix, named))


def note_left_out(
    options: ReadingOptions, where: str, nodes: Iterable[object], cables: Iterable[object]
) -> None:
    """Tell which nodes without a place are left out, and the cables that end there."""
    key = "note.why.between_none" if options.unplaced == BETWEEN else "note.why.no_place"
    what, why = tell("note.nodes_left_out"), tell(key)
    options.note(f"{where} › nodes", what, why=why, rows=nodes)
    what, why = tell("note.cables_left_out"), tell("note.why.ends_without_place")
    options.note(f"{where} › fibre", what, why=why, rows=cables)
