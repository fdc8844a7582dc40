"""The table of docs/fetching.md is that of the catalogue."""

from __future__ import annotations

from pathlib import Path

from steppe.layers.openers.openers_doc import list_lines, write_part

PAGE = Path(__file__).parents[3] / "docs" / "fetching.md"


def test_the_docs_tell_the_openers_as_the_catalogue_has_them() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert write_part(text) == text
    assert all(line in text.splitlines() for line in list_lines())
