"""Names that stand more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def find_duplicates(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once, each once, in the order of their first place.

    Counted once over: somebody may send a million of them.

    >>> find_duplicates(["a", "b", "c", "b", "a", "b"])
    ['a', 'b']
    """
    return [name for name, n_times in Counter(names).items() if n_times > 1]
