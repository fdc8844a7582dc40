"""The part of docs/fetching.md that the catalogue tells: `python -m steppe.layers.openers.openers_doc FILE`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from steppe.layers.openers.catalogue import OPENERS, Opener

_PART = re.compile(r"(<!-- made of the catalogue -->\n).*?(<!-- end -->)", re.DOTALL)


def write_part(text: str) -> str:
    """Return a page with its marked part as the catalogue tells it."""
    lines = "".join(f"{line}\n" for line in list_lines())
    return _PART.sub(lambda part: part[1] + lines + part[2], text)


def list_lines() -> list[str]:
    """Return the table of the openers."""
    head = ["", "| name | makes | files for `--from` | licence, whom to name | MB |"]
    return [*head, "|---|---|---|---|---|", *map(_row, OPENERS.values()), ""]


def _row(opener: Opener) -> str:
    made = " ".join(f"`{name}`" for name in opener.makes)
    origin = opener.origin
    size = f"{opener.size_mb:g}" if opener.size_mb else ("by the box" if opener.is_fetched else "–")
    whose = f"[{origin.title}]({origin.url})"
    terms = f"{origin.licence}: {origin.attribution}"
    return f"| `{opener.name}`: {whose} | {made} | {opener.files} | {terms} | {size} |"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(write_part(page.read_text(encoding="utf-8")), encoding="utf-8")
