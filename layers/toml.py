"""Reading TOML that somebody sent: looked over for what would not end before it is parsed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from steppe.layers.cells import has_controls
from steppe.layers.errors import InputError, Problem, UnfitError, at_line
from steppe.layers.library_words import tell_error
from steppe.layers.limits import KEY_PARTS, NESTING, NUMBER_DIGITS, TEXT_LENGTH, TOML_BYTES
from steppe.layers.safe_files import read_bytes
from steppe.layers.wording import BASE, Message, Param, join, read_catalogue, tell

# Possessive, so that a quote that is never closed is passed over once and not again and again.
_TOKEN = re.compile(
    r"#[^\n]*+"
    r'|"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+(?:"|\n|\Z)'
    r"|'[^'\n]*+(?:'|\n|\Z)"
    r"|(?P<digits>[0-9A-Fa-f_]{20,}+)"
    r"|(?P<open>[\[{])|(?P<close>[\]}])|(?P<dot>\.)|(?P<end>[\n=,])",
    re.DOTALL,
)
_QUOTES = ("'", '"')


def read_toml(path: Path, *, missing: Message) -> dict[str, Any]:
    """Read a TOML file, with or without a byte order mark.

    Parameters
    ----------
    path
        The file.
    missing
        What to do where there is none.

    Raises
    ------
    InputError
        One line: not there, too large, no TOML, or over a limit of nesting, keys or numbers;
        one for each text that holds a control character.
    """
    where = path.name
    return parse_toml(read_bytes(path, where, TOML_BYTES, missing=missing), where)


def parse_toml(raw: bytes, where: str) -> dict[str, Any]:
    """Return what the bytes of a TOML file say; faults are those of `read_toml`."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = tell("fault.toml.broken", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.save_in_utf_8"))) from None
    _look_over(text.replace("\r\n", "\n"), where)
    try:
        made = tomllib.loads(text)
    except ValueError as error:  # also of dates and numbers that the syntax lets through
        what = tell("fault.toml.broken", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.correct_line"))) from None
    what, fix = tell("fault.text.control"), tell("fix.take_out")
    problems = [Problem(f"{where} › {place}", what, fix) for place in _find_controls(made, ())]
    if problems:
        raise InputError(problems)
    return made


def _find_controls(value: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Give the places of keys and texts that hold what no output keeps, as in the cells of tables.

    TOML has none in its text, but writes them as escapes.
    """
    if isinstance(value, str) and has_controls(value):
        yield ".".join(place)
    elif isinstance(value, dict):
        for key, each in value.items():
            if has_controls(key):
                yield ".".join((*place, key))
            yield from _find_controls(each, (*place, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _find_controls(each, (*place, str(number)))


def plain_fault(at: str, fault: ErrorDetails, *, missing: Message) -> Problem:
    """Put what pydantic finds wrong with a key into one line.

    Parameters
    ----------
    at
        File and key.
    fault
        One of a `ValidationError`.
    missing
        What to do about a key that is missing.
    """
    match fault["type"]:
        case "extra_forbidden":
            return Problem(at, tell("fault.key.unknown"), tell("fix.remove_or_correct_key"))
        case "missing":
            return Problem(at, tell("fault.key.missing"), missing)
        case kind:
            return Problem(at, _tell_value(kind, fault), tell("fix.correct_value"))


def _tell_value(kind: str, fault: ErrorDetails) -> Message:
    """Return what is wrong with a value, as our own check or pydantic says it.

    pydantic's words are English; other languages say the kind of the fault with its parameters.
    """
    context = fault.get("ctx", {})
    error = context.get("error")
    if isinstance(error, UnfitError):
        return error.words
    told = fault["msg"].removeprefix("Value error, ")
    told = told[:1].lower() + told[1:]
    given: dict[str, Param] = {
        name: value if isinstance(value, (int, float)) else str(value)
        for name, value in context.items()
    }
    if kind == "literal_error":
        given["expected"] = join(str(context["expected"]).rsplit(" or ", 1), "join.or")
    key = f"fault.value.{kind}"
    is_known = key in read_catalogue(BASE)
    return tell(key if is_known else "fault.value.other", **given, told=told)


def _look_over(text: str, where: str) -> None:
    """Refuse what takes the parser more time or stack than the file is long."""
    depth = n_dots = 0
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "open":
                depth, n_dots = depth + 1, 0
                limit, n_found = NESTING, depth
            case "close":
                depth = max(depth - 1, 0)
                continue
            case "dot":
                n_dots += 1
                limit, n_found = KEY_PARTS, n_dots + 1
            case "end":
                n_dots = 0
                continue
            case "digits":
                limit, n_found = NUMBER_DIGITS, len(token.group())
            case _:
                is_text = token.group().startswith(_QUOTES)
                limit, n_found = TEXT_LENGTH, len(token.group()) - 2 if is_text else 0
        if n_found > limit.most:
            line = text.count("\n", 0, token.start()) + 1
            limit.refuse_over(n_found, at_line(where, line))
