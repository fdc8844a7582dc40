"""Words of the user interface by key, in every language of the catalogues.

Keys go from the place to the thing: `group.*` and `theme.*` for layer trees, `table.*` for the
tables and `field.*` for their columns, most of which stand in the contracts, `cost.*` for what
is paid and `change.*` for what differs, `note.*` for what every map must say, `tip.*` for map
tips, `value.*` for the values of closed lists, `qgis.*` and `page.*` for the two homes alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from steppe.layers.contracts import CONTRACTS
from steppe.layers.wording import find_languages, has_words, read_text


@cache
def list_titles() -> Mapping[str, tuple[str, ...]]:
    """Return what tables and columns are called; of columns of one name, the first of them."""
    titles: dict[str, tuple[str, ...]] = {}
    for name, contract in CONTRACTS.items():
        if contract.geometry is None:
            titles[f"table.{name}"] = tuple(map(contract.title, find_languages()))
        for column in contract.columns.values():
            titles.setdefault(f"field.{column.name}", column.titles)
    return titles


def knows(key: str) -> bool:
    """Tell whether there are words for a key."""
    return key in list_titles() or has_words(key)


def list_words(key: str) -> tuple[str, ...]:
    """Return the words of a key in every language, with their blanks."""
    return list_titles().get(key) or tuple(
        read_text(key, language) for language in find_languages()
    )


def join_words(key: str, separator: str = " ") -> str:
    """Return the words of a key in every language; once where they are the same."""
    return separator.join(dict.fromkeys(list_words(key)))
