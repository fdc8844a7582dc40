"""Writing TOML, so that what a script says is read like a file that somebody sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import numpy as np

from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.wording import tell
from steppe.layers.written_values import is_writable


def toml_text(values: Mapping[str, object], where: str) -> str:
    r"""Return values as TOML, one line for each key; keys without a value are left out.

    Parameters
    ----------
    values
        Texts, numbers, dates, lists and mappings of these.
    where
        What they are, for the messages.

    Raises
    ------
    InputError
        For a value that TOML does not know, or a text that no file can hold.

    >>> toml_text({"name": "a", "bbox": [1, 2.5], "network": {"targets": ["x"]}, "url": None}, "")
    '"name" = "a"\n"bbox" = [1, 2.5]\n"network" = {"targets" = ["x"]}\n'
    """
    return "".join(
        f"{_spell(str(key), where)} = {_spell(value, f'{where} › {key}')}\n"
        for key, value in values.items()
        if value is not None
    )


def _spell(value: object, where: str) -> str:
    match value:
        case np.generic():
            return _spell(value.item(), where)
        case bool() | int() | float():
            return repr(value).lower()
        case str():
            if not is_writable(value):
                what = tell("fault.text.unwritable", value=show_values([value]))
                raise InputError(Problem(where, what, tell("fix.take_out")))
            return quote(value)
        case date():
            return quote(value.isoformat())
        case Mapping():
            pairs = (
                f"{_spell(str(key), where)} = {_spell(each, f'{where}.{key}')}"
                for key, each in value.items()
                if each is not None
            )
            return f"{{{', '.join(pairs)}}}"
        case list() | tuple():
            return f"[{', '.join(_spell(each, where) for each in value)}]"
    what = tell("fault.value.no_toml", kind=type(value).__name__)
    raise InputError(Problem(where, what, tell("fix.give_toml_value")))


def quote(text: object) -> str:
    """Return a text as TOML writes it."""
    # JSON escapes what TOML does, but for DEL.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")
