"""Fields whose head names a column of numbers or dates and whose cells are none, as one bad cell makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from steppe.layers.cells import read_texts
from steppe.layers.columns import Column, Contract
from steppe.layers.importing.fields_heads import CERTAIN, names_other_unit, score_head, split_head
from steppe.layers.importing.fields_matching import SHAPE, Match
from steppe.layers.mapped_columns import ColumnSource, is_unknown, read_cells


@dataclass(frozen=True)
class Refused:
    """A field that would be a column if its cells could be read.

    Parameters
    ----------
    field, column
        The two.
    bad
        Texts that cannot be read as the column, or lie beyond its bounds.
    has_good
        Whether some cells can.
    """

    field: str
    column: str
    bad: tuple[str, ...]
    has_good: bool


def find_refused(
    frame: pd.DataFrame,
    contract: Contract,
    matches: Sequence[Match],
    spare: frozenset[str] = frozenset(),
) -> tuple[Refused, ...]:
    """Return which fields are no column by their cells alone, in the order of the contract.

    Parameters
    ----------
    frame
        The rows; `geometry` is no field.
    contract
        The layer.
    matches
        What was found or told; a column that has a field, or none by will, is not sought.
    spare
        Fields that are no column, as somebody said.
    """
    used = {each.source.field for each in matches} | spare
    found = {each.column for each in matches}
    fields = [str(name) for name in frame.columns if name != SHAPE and name not in used]
    return tuple(
        refused
        for name, column in contract.columns.items()
        if name not in found and not column.made and not column.choices and column.kind != "text"
        for field in fields
        if (refused := _refuse(frame[field], field, column, contract)) is not None
    )


def _refuse(cells: pd.Series, field: str, column: Column, contract: Contract) -> Refused | None:
    kin = "" if column.unit == "a" else column.unit or ("1" if column.kind != "date" else "")
    if kin and names_other_unit(field, kin):
        return None
    base, unit = split_head(field, kin) if kin else (field, "")
    score = max(score_head(base, column, contract), score_head(field, column, contract))
    if score < CERTAIN:
        return None
    texts = [text for text in read_texts(cells).uniques if not is_unknown(text)]
    source = ColumnSource(field, unit)
    read, strange = read_cells(pd.Series(texts, dtype=object), column, source, contract)
    bad = tuple(
        text
        for text, value in zip(texts, read, strict=True)
        if text in strange
        or not (value is None or isinstance(value, str) or column.low <= value <= column.high)
    )
    return Refused(field, column.name, bad, len(bad) < len(texts)) if bad else None
