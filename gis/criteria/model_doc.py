"""The table of measures in docs/model.md: `python -m steppe.criteria.model_doc FILE`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from steppe.criteria.measure import KnownMeasure
from steppe.criteria.registry import known_measures, list_groups

_PART = re.compile(r"(<!-- made of the registry -->\n).*?(<!-- end -->)", re.DOTALL)
_CHANGING = {
    "year": "the year", "latency": "the backbone", "power_terms": "prices or parks",
    "costs": "what costs are made of",
}  # fmt: skip
_HEAD = (
    "| measure | unit | better | criterion | what it is | found from | once |",
    "|---|---|---|---|---|---|---|",
)


def list_rows() -> list[str]:
    """Return the rows of the table, a measure each in alphabetical order."""
    anew = {
        name: " or ".join(_CHANGING[each] for each in group.changing)
        for group in list_groups()
        for name in group.ids
    }
    return [_row(each, anew[name]) for name, each in known_measures().items()]


def _row(measure: KnownMeasure, changing: str) -> str:
    layers = ", ".join(f"`{name}`" for name in measure.layers)
    once = f"anew where a scenario changes {changing}" if changing else "yes"
    cells = (
        f"`{measure.measure_id}`", measure.unit, measure.direction, measure.criterion,
        measure.meaning, layers, once,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def write_part(text: str) -> str:
    """Return a page with its marked table as the registry tells it."""
    lines = "".join(f"{line}\n" for line in ("", *_HEAD, *list_rows(), ""))
    return _PART.sub(lambda part: part[1] + lines + part[2], text)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(write_part(page.read_text(encoding="utf-8")), encoding="utf-8")
