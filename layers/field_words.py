"""What people call things in their files: the catalogue `layers/fields.json`, Chinese and English.

`choices` are the words for each text that a column of choices may hold, `fields` the names for
each column, or for that of one layer alone (`parks.city`).
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from steppe.layers.columns import Column
from steppe.layers.wording import find_languages

LEFT_OUT = "left_out"
"""What a row counts as that the plan leaves out."""

_FILE = Path(__file__).with_name("fields.json")
_BETWEEN = re.compile(r"[\s_\-.:：,，;；'\"“”‘’*#]+")


@cache
def _read() -> Mapping[str, Mapping[str, Any]]:
    return json.loads(_FILE.read_text(encoding="utf-8"))


def plain_name(text: str) -> str:
    """Return a name as it is compared: width, case, blanks and signs between words alike.

    >>> plain_name("Fibre_Count "), plain_name("面积（亩）")
    ('fibre count', '面积(亩)')
    """
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@cache
def _choices() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for choice, words in _read()["choices"].items():
        for word in words:
            found.setdefault(plain_name(word), []).append(choice)
    return {word: tuple(choices) for word, choices in found.items()}


def find_choice_word(text: str, choices: Collection[str]) -> str | None:
    """Return which of some choices a text means by the catalogue; None where none does.

    >>> find_choice_word("Under Construction", ("in_service", "building"))
    'building'
    >>> find_choice_word("已投产", ("in_service", "building"))
    'in_service'
    """
    plain = plain_name(text)
    for word in (plain, re.sub(r"\s*\(.*\)$", "", plain)):
        for choice in _choices().get(word, ()):
            if choice in choices:
                return choice
    return None


@cache
def names_of(layer: str, column: Column, *, is_key: bool) -> tuple[str, ...]:
    """Return what people call a column, compared as `plain_name`; the contract's own names first.

    Parameters
    ----------
    layer
        Name of the contract.
    column
        The column.
    is_key
        Whether it is the key of the layer, for which any id may stand.
    """
    fields = _read()["fields"]
    titles = (re.sub(r"[（(].*", "", column.title(language)) for language in find_languages())
    own = fields.get(f"{layer}.{column.name}")
    known = own if own is not None else fields.get(column.name, ())
    ids = fields["id"] if is_key else ()
    return tuple(dict.fromkeys(plain_name(each) for each in (column.name, *titles, *known, *ids)))


@cache
def names_of_things(layer: str) -> tuple[str, ...]:
    """Return what people call the column that holds what a row is called."""
    fields = _read()["fields"]
    given = (fields.get(each, ()) for each in (f"{layer}.@", "name", "name_zh", "name_en"))
    return tuple(dict.fromkeys(plain_name(each) for names in given for each in names))


@cache
def words_of_layers() -> Mapping[str, tuple[str, ...]]:
    """Return by layer what files of such rows are called."""
    return {
        layer: tuple(plain_name(word) for word in words)
        for layer, words in _read()["layers"].items()
    }
