"""Writing one file in the place of another, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from layers.errors import InputError, Problem
from layers.tables import PlanTables
from maps.page import render_page


def write_page(path: Path, tables: PlanTables) -> Path:
    """Write the interactive map to a file and return its path.

    Raises
    ------
    InputError
        When the place cannot be written.
    """
    page = render_page(tables)
    beside = path.with_name(f".{path.name}.steppe-new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(page, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            Problem(str(path), f"cannot be written: {error.strerror}", "give another --out")
        ) from None
    return path
