"""JSON of networks: read within its limits, and what its lists and objects hold."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.read_network import Record
from steppe.layers.library_words import tell_error
from steppe.layers.limits import NESTING, NETWORK_PARTS, TEXT_LENGTH
from steppe.layers.wording import Words, join, tell

_MOST_DIGITS = 400  # more than the greatest float has


def read_json(path: Path) -> object:
    """Read a document of JSON, see `parse_json`."""
    return parse_json(path.read_bytes(), path.name)


def parse_json(content: bytes, where: str) -> object:
    """Read a document of JSON within the limits of networks, in which no object says a name twice.

    Raises
    ------
    InputError
        For what is no JSON in UTF-8, holds NaN or Infinity, or is over a limit.
    """

    def malformed(told: Words) -> NoReturn:
        what = tell("fault.json.broken", told=told)
        raise InputError(Problem(where, what, tell("fix.export_again")))

    def whole_number(digits: str) -> int:
        if len(digits) > _MOST_DIGITS:
            malformed(tell("told.number.digits", n_digits=len(digits)))
        return int(digits)

    def once(pairs: list[tuple[str, Any]]) -> Record:
        made = dict(pairs)
        if len(made) < len(pairs):
            twice = sorted(find_duplicates(name for name, _ in pairs))[:3]
            malformed(tell("told.json.says_twice", names=join([repr(name) for name in twice])))
        return made

    NETWORK_PARTS.refuse_over(content.count(b"[") + content.count(b"{"), where)
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_int=whole_number,
            parse_constant=lambda word: malformed(tell("told.json.none_of_numbers", word=word)),
            object_pairs_hook=once,
        )
    except UnicodeDecodeError:
        what = tell("fault.encoding.other", encoding="UTF-8")
        raise InputError(Problem(where, what, tell("fix.save_in_utf_8"))) from None
    except (RecursionError, ValueError) as error:
        malformed(tell_error(error))
    _hold_limits(document, where)
    return document


def _hold_limits(document: object, where: str) -> None:
    """Refuse what is nested too deeply, or a text that is too long; level by level."""
    level, depth = [document], 0
    while level:
        longest = max((len(each) for each in level if isinstance(each, str)), default=0)
        TEXT_LENGTH.refuse_over(longest, where)
        level = [inner for each in level for inner in _inside(each)]
        depth += bool(level)
        NESTING.refuse_over(depth, where)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def as_object(value: object) -> Record:
    """Return an object of JSON; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[Record]:
    """Return the objects in a list of JSON; none for anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
