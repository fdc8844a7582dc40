"""Reading TOML that somebody sent: looked over for what would not end before it is parsed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from steppe.layers.cells import has_controls
from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import KEY_PARTS, NESTING, NUMBER_DIGITS, TEXT_LENGTH, TOML_BYTES
from steppe.layers.safe_files import read_bytes

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


def read_toml(path: Path, *, missing: str) -> dict[str, Any]:
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
    raw = read_bytes(path, where, TOML_BYTES, missing=missing)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fix = "save it in UTF-8"
        raise InputError(Problem(where, f"not TOML: {error}", fix)) from None
    _look_over(text.replace("\r\n", "\n"), where)
    try:
        made = tomllib.loads(text)
    except ValueError as error:  # also of dates and numbers that the syntax lets through
        raise InputError(Problem(where, f"not TOML: {error}", "correct that line")) from None
    problems = [
        Problem(f"{where} › {place}", "holds a control character", "take it out")
        for place in _find_controls(made, ())
    ]
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


def plain_fault(at: str, fault: ErrorDetails, *, missing: str) -> Problem:
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
            return Problem(at, "unknown key", "remove it or correct its spelling")
        case "missing":
            return Problem(at, "is missing", missing)
        case _:
            what = fault["msg"].removeprefix("Value error, ")
            return Problem(at, what[:1].lower() + what[1:], "correct the value")


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
            limit.refuse_over(n_found, f"{where} › line {line}")
