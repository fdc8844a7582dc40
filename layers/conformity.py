"""Checking a frame against its contract, and telling a person what does not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.layers.cells import (
    CellFault,
    Objects,
    has_controls,
    is_unseen,
    number_faults,
    read_numbers,
    read_texts,
    text_faults,
)
from steppe.layers.columns import Column, Contract
from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.identifiers import FIX, FIXES, find_id_fault, find_lookalikes


def conform(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Bring a frame of our own to the contract's columns, order and types.

    Missing optional columns are added empty; further columns stay behind the known ones.

    Raises
    ------
    pandera.errors.SchemaErrors
        When a value does not fit, which is a fault of ours: what users give goes through `check`.
    """
    frame = frame.copy()
    for name, column in contract.columns.items():
        if name not in frame.columns and column.is_optional:
            frame[name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if column.kind == "whole" and name in frame.columns:
            # Data frames write whole numbers as 1500.0 where others are empty; that is no fault.
            frame[name] = pd.to_numeric(frame[name])
    known = [name for name in contract.columns if name in frame.columns]
    rest = [name for name in frame.columns if name not in contract.columns]
    checked: pd.DataFrame = contract.schema.validate(frame[known + rest], lazy=True)
    return checked


def check(
    frame: pd.DataFrame, contract: Contract, *, where: str
) -> tuple[list[Problem], pd.DataFrame | None]:
    """Find every fault of a frame against its contract, and bring it to the contract.

    Parameters
    ----------
    frame
        The frame as read.
    contract
        What it must hold.
    where
        File and layer, for the messages.

    Returns
    -------
    tuple
        The faults, and the frame as `conform` makes it; None where it cannot.
    """
    problems = list(_heading_faults(frame, contract, where))
    if problems:
        return problems, None
    read: dict[str, pd.Series] = {}
    found: list[tuple[str, CellFault]] = []
    for name in frame.columns:
        values, faults = _read_column(frame[name], name, contract)
        found += [(name, fault) for fault in faults if fault.rows.any()]
        if values is not None:
            read[name] = pd.Series(values, index=frame.index)
    row_names = cache(partial(_row_names, frame, contract))
    problems = [
        _tell(name, fault, frame[name], contract, where=where, rows=row_names()[fault.rows])
        for name, fault in found
    ]
    problems += _key_faults(frame, contract, row_names, where)
    if problems:
        return problems, None
    return [], conform(frame.assign(**read), contract)


def checked(frame: pd.DataFrame, contract: Contract, *, where: str) -> pd.DataFrame:
    """Return a frame as its contract wants it.

    Raises
    ------
    InputError
        Naming every fault that `check` finds.
    """
    problems, made = check(frame, contract, where=where)
    if problems or made is None:
        raise InputError(problems)
    return made


def faults(frame: pd.DataFrame, contract: Contract, *, where: str) -> list[Problem]:
    """Return every fault of a frame against its contract, as `check` finds them."""
    return check(frame, contract, where=where)[0]


def _heading_faults(frame: pd.DataFrame, contract: Contract, where: str) -> Iterator[Problem]:
    """Hold the names of the columns: texts that are seen, each once, none wanted left out."""
    names = list(frame.columns)
    strange = [
        name for name in names if not isinstance(name, str) or is_unseen(name) or has_controls(name)
    ]
    if strange:
        fix = "give each column a name"
        yield Problem(where, f"has a column called {show_values(strange)}", fix)
    # A reader of CSV calls the second column of a name NAME.1.
    twice = [*frame.columns[frame.columns.duplicated()].unique()]
    twice += [name for name in contract.columns if name in names and f"{name}.1" in names]
    if twice:
        yield Problem(where, f"has the column {show_values(twice)} twice", "keep one of them")
    missing = [
        name
        for name, column in contract.columns.items()
        if not column.is_optional and name not in names
    ]
    if missing:
        yield Problem(
            where,
            f"lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            "add them; docs/files.md says what they hold",
        )


def _read_column(
    column: pd.Series, name: str, contract: Contract
) -> tuple[NDArray[Any] | None, list[CellFault]]:
    """Return the cells of a column in one form, None where they may stay, and their faults."""
    if name not in contract.columns:
        return _read_further(column)
    known = contract.columns[name]
    wanted = not known.is_optional
    if known.kind in ("text", "date"):
        texts = read_texts(column)
        read = texts.cells()
        if known.kind == "date":
            read = np.array([text or None for text in read], dtype=object)
        # `_key_faults` holds ids to more than texts.
        return read, [] if name in contract.key else [*text_faults(texts, known, wanted=wanted)]
    numbers, is_empty, is_other = read_numbers(column)
    faults = list(number_faults(numbers, is_other, known))
    if wanted:
        faults.append(CellFault("is empty", is_empty, shown=""))
    return numbers, faults


def _read_further(column: pd.Series) -> tuple[NDArray[Any] | None, list[CellFault]]:
    """Hold a column that the contract does not know to what every output can keep."""
    if column.dtype.kind == "f":
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return None, [CellFault("is not finite", np.isinf(numbers))]
    if column.dtype.kind in "iubM":
        return None, []
    texts = read_texts(column)
    # What is text already stays as it is.
    read = None if column.dtype == "str" else texts.cells()
    return read, list(text_faults(texts, Column("further"), wanted=False))


def _row_names(frame: pd.DataFrame, contract: Contract) -> Objects:
    """Return what rows are called in messages: their id, or their place where they have none."""
    names = np.arange(1, len(frame) + 1).astype(str).astype(object)
    keys = [read_texts(frame[name]) for name in contract.key]
    seen = np.logical_and.reduce([key.where(lambda text: not is_unseen(text)) for key in keys])
    cells = [key.cells()[seen] for key in keys]
    joined = cells[0] if len(cells) == 1 else ["/".join(ids) for ids in zip(*cells, strict=True)]
    names[seen] = joined
    return names


def _tell(
    name: str, fault: CellFault, column: pd.Series, contract: Contract, *, where: str, rows: Objects
) -> Problem:
    what = f"{name} {fault.words}"
    if fault.shown:
        values = show_values(column[fault.rows])
        is_within = fault.shown == "within"
        what = f"{name} is {values}, {fault.words}" if is_within else f"{what}: {values}"
    fix = fault.fix or "correct it or leave it empty"
    if not fault.fix and name in contract.columns:
        known = contract.columns[name]
        fix = f"it holds {known.meaning}"
        fix += "; leave it empty where nobody knows" if known.is_optional else ""
    return Problem(where, what, fix, tuple(dict.fromkeys(rows)))


def _key_faults(
    frame: pd.DataFrame, contract: Contract, row_names: Callable[[], Objects], where: str
) -> Iterator[Problem]:
    """Hold ids to being there, seen, without blanks, and each one row's own."""
    keys = {name: read_texts(frame[name]) for name in contract.key}
    is_whole = np.ones(len(frame), dtype=bool)
    for name, texts in keys.items():
        blank = texts.is_empty | texts.where(is_unseen)
        if blank.any():
            rows = tuple(str(position + 1) for position in blank.nonzero()[0])
            yield Problem(where, f"{name} is empty", "give each row its own", rows)
        if texts.is_other.any():
            rows = tuple(row_names()[texts.is_other])
            yield Problem(where, f"{name} is neither text nor number", "give each a text", rows)
        by_fault: dict[str, list[str]] = defaultdict(list)
        for text in texts.uniques:
            if not is_unseen(text) and (words := find_id_fault(text)):
                by_fault[words].append(text)
        for words, ids in by_fault.items():
            yield Problem(where, f"{name} {words}", FIXES.get(words, FIX), tuple(ids))
        is_whole &= ~blank & ~texts.is_other
    codes = pd.DataFrame({name: texts.codes for name, texts in keys.items()})[is_whole]
    twice = codes.duplicated(keep=False)
    if twice.any():
        rows = tuple(dict.fromkeys(row_names()[is_whole][twice]))
        what = f"{' + '.join(contract.key)} occurs more than once"
        yield Problem(where, what, "keep one row of each", rows)
    if len(contract.key) == 1:
        alike = find_lookalikes(keys[contract.key[0]].uniques)
        if alike:
            fix = "give them ids that everybody can tell apart"
            yield Problem(where, f"{contract.key[0]} looks like another one", fix, tuple(alike))
