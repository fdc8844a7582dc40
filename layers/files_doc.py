"""The parts of docs/files.md that the contracts tell: `python -m steppe.layers.files_doc FILE`."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from steppe.layers.cells import spell_number
from steppe.layers.columns import Column, Contract
from steppe.layers.contracts import INPUT_LAYERS, LAYERS, PLAN_TABLES, RESULT_TABLES

_PART = re.compile(r"(<!-- made of the contracts: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_GEOMETRY = {"point": "points", "line": "lines", "polygon": "polygons", None: "table"}
_KINDS = {"text": "text", "date": "date", "number": "number", "whole": "whole number"}


def write_parts(text: str) -> str:
    """Return a page with its marked parts as the contracts tell them."""
    return _PART.sub(
        lambda part: "".join(
            (part[1], *(f"{line}\n" for line in list_lines(part[2])), part[3]),
        ),
        text,
    )


def list_lines(part: str) -> list[str]:
    """Return the lines of a part: `files`, `inputs`, `layers` or `tables`."""
    if part == "files":
        rows = [_file_row(each) for each in PLAN_TABLES.values() if each.has_csv]
        return ["", "| file | what it is |", "|---|---|", *rows, ""]
    results = {name: LAYERS[name] for name in LAYERS if name not in INPUT_LAYERS}
    chosen = {"inputs": INPUT_LAYERS, "layers": results, "tables": RESULT_TABLES}[part]
    return list(_sections(chosen.values()))


def _file_row(contract: Contract) -> str:
    return f"| `{contract.name}.csv` | {contract.meaning} |"


def _sections(contracts: Iterable[Contract]) -> Iterator[str]:
    for contract in contracts:
        yield from ("", f"### {contract.name} ({_GEOMETRY[contract.geometry]})", "")
        yield f"Key: {', '.join(f'`{name}`' for name in contract.key)}."
        yield from ("", "| column | type | may be empty | meaning |", "|---|---|---|---|")
        yield from map(_column_row, contract.columns.values())
    yield ""


def _column_row(column: Column) -> str:
    empty = _spell_gap(column)
    return f"| `{column.name}` | {_spell_type(column)} | {empty} | {column.meaning} |"


def _spell_gap(column: Column) -> str:
    """Return whether cells may be empty, or the column left out, and what then stands there.

    >>> _spell_gap(Column("status", assumed="studied"))
    'left out: `studied` is assumed'
    """
    if column.is_optional:
        return "yes"
    if column.assumed is None:
        return "left out: computed" if column.made else ""
    value = f"{column.assumed:g}" if isinstance(column.assumed, float) else column.assumed
    return f"left out: `{value}` is assumed"


def _spell_type(column: Column) -> str:
    """Return what the cells are, within which bounds and in which unit.

    >>> _spell_type(Column("area", "number", "ha", low=0.01, high=1e6))
    'number, 0.01 to 1 000 000 ha'
    """
    kind = _KINDS[column.kind]
    if column.kind not in ("number", "whole"):
        return kind
    is_year = column.unit == "a"
    low, high = (f"{end:g}" if is_year else spell_number(end) for end in (column.low, column.high))
    bounds = {
        (False, False): "",
        (True, False): f"at least {low}",
        (False, True): f"at most {high}",
        (True, True): f"{low} to {high}",
    }[column.low > -math.inf, column.high < math.inf]
    unit = "" if column.unit in ("", "1", "a") else column.unit
    told = " ".join(word for word in (bounds, unit) if word)
    return f"{kind}, {told}" if told else kind


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(write_parts(page.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
