"""The sources of a report by number, each told once at its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from steppe.layers.sources import Source
from steppe.layers.tables import PlanTables


class SourceNumbers:
    """Numbers of the sources, in the order in which a page first names them."""

    def __init__(self, tables: PlanTables) -> None:
        """Begin a page that has named none.

        Parameters
        ----------
        tables
            The plan's tables.
        """
        self._sources = tables.sources
        self._numbers: dict[str, int] = {}

    def cite(self, ids: object) -> str:
        """Return the numbers of sources in square brackets; nothing for none.

        Parameters
        ----------
        ids
            Ids, separated by blanks; what is no text names none.
        """
        names = ids.split() if isinstance(ids, str) else []
        known = [name for name in dict.fromkeys(names) if name in self._sources]
        found = sorted(self._numbers.setdefault(each, len(self._numbers) + 1) for each in known)
        return f"[{', '.join(map(str, found))}]" if found else ""

    def list_cited(self) -> list[tuple[int, Source]]:
        """Return what was cited so far, by number."""
        return [(number, self._sources[name]) for name, number in self._numbers.items()]

    def list_all(self) -> list[tuple[int, Source]]:
        """Return every source, those that were not cited behind the others."""
        for name in sorted(self._sources):
            self._numbers.setdefault(name, len(self._numbers) + 1)
        return self.list_cited()


def gather_sources(cells: Iterable[Any]) -> str:
    """Return the source ids of several cells, each once, sorted, separated by blanks."""
    found = {name for cell in cells if pd.notna(cell) for name in str(cell).split()}
    return " ".join(sorted(found))
