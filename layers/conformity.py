"""Checking a frame against its contract, and telling a person what does not fit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.cells import (
    CellFault,
    Objects,
    has_controls,
    is_unseen,
    number_faults,
    read_numbers,
    read_texts,
    text_faults,
)
from layers.columns import Cells, Contract
from layers.errors import InputError, Problem, show_values
from layers.identifiers import FIX, FIXES, find_id_fault, find_lookalikes

_ANY = Cells()
_OTHER = "is neither text nor number"


def conform(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Bring a frame of our own to the contract's columns, order and types.

    Missing optional columns are added empty; further columns stay behind the known ones.

    Raises
    ------
    pandera.errors.SchemaErrors
        When a value does not fit, which is a fault of ours: what users give goes through `check`.
    """
    frame = frame.copy()
    for name, (column, _) in contract.columns.items():
        if name not in frame.columns and not column.required:
            frame[name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if str(column.dtype) == "Int64" and name in frame.columns:
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
    ids = _row_names(frame, contract)
    problems = [_tell(name, fault, frame, contract, ids, where) for name, fault in found]
    problems += _key_faults(frame, contract, ids, where)
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
        for name, (column, _) in contract.columns.items()
        if column.required and name not in names
    ]
    if missing:
        yield Problem(
            where,
            f"lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            "add them; docs/files.md says what they hold",
        )


def _read_column(
    column: pd.Series, name: str, contract: Contract
) -> tuple[NDArray[np.generic] | pd.api.extensions.ExtensionArray | None, list[CellFault]]:
    """Return the cells of a column in one form, None where they may stay, and their faults."""
    if name not in contract.columns:
        return _read_further(column)
    known, _ = contract.columns[name]
    cells, wanted = contract.cells(name), not known.nullable
    if cells.kind in ("text", "date"):
        texts, is_null, is_other = read_texts(column)
        faults = [CellFault(_OTHER, is_other)]
        if wanted and name not in contract.key:
            faults.append(CellFault("is empty", is_null, shown=""))
        faults += text_faults(texts, ~is_null & ~is_other, cells, wanted=wanted)
        if cells.kind == "date":
            texts = np.array([text or None for text in texts], dtype=object)
        return texts, faults if name not in contract.key else faults[:1]
    numbers, is_null, is_other = read_numbers(column)
    faults = list(number_faults(numbers, is_other, cells))
    if wanted:
        faults.append(CellFault("is empty", is_null, shown=""))
    return numbers, faults


def _read_further(column: pd.Series) -> tuple[Objects | None, list[CellFault]]:
    """Hold a column that the contract does not know to what every output can keep."""
    if column.dtype.kind == "f":
        return None, [CellFault("is not finite", np.isinf(column.to_numpy(na_value=np.nan)))]
    if column.dtype.kind in "iubM":
        return None, []
    texts, is_null, is_other = read_texts(column)
    faults = [
        CellFault(_OTHER, is_other),
        *text_faults(texts, ~is_null & ~is_other, _ANY, wanted=False),
    ]
    # What is text already stays as it is.
    return None if column.dtype == "str" else texts, faults


def _row_names(frame: pd.DataFrame, contract: Contract) -> Objects:
    """Return what rows are called in messages: their id, or their place where they have none."""
    texts, is_null, is_other = read_texts(frame[contract.key[0]])
    for name in contract.key[1:]:
        further, is_empty, is_strange = read_texts(frame[name])
        texts = np.array(
            [f"{one}/{other}" for one, other in zip(texts, further, strict=True)], dtype=object
        )
        is_null, is_other = is_null | is_empty, is_other | is_strange
    places = np.arange(1, len(frame) + 1).astype(str).astype(object)
    nameless = is_null | is_other
    nameless[~nameless] = [is_unseen(text) for text in texts[~nameless]]
    return np.where(nameless, places, texts)


def _tell(
    name: str, fault: CellFault, frame: pd.DataFrame, contract: Contract, ids: Objects, where: str
) -> Problem:
    at = fault.rows.nonzero()[0]
    what = f"{name} {fault.words}"
    if fault.shown:
        values = show_values(frame[name].iloc[at[:1000]])
        what = (
            f"{what}: {values}" if fault.shown == "after" else f"{name} is {values}, {fault.words}"
        )
    known = contract.columns.get(name)
    fix = fault.fix
    if not fix:
        fix = f"it holds {known[1]}" if known else "correct it or leave it empty"
        if known and known[0].nullable:
            fix += "; leave it empty where nobody knows"
    return Problem(where, what, fix, tuple(dict.fromkeys(ids[at])))


def _key_faults(
    frame: pd.DataFrame, contract: Contract, ids: Objects, where: str
) -> Iterator[Problem]:
    keys = {name: read_texts(frame[name]) for name in contract.key}
    is_whole = np.ones(len(frame), dtype=bool)
    for name, (texts, is_null, is_other) in keys.items():
        blank = is_null.copy()
        blank[~is_null] = [isinstance(text, str) and is_unseen(text) for text in texts[~is_null]]
        if blank.any():
            rows = tuple(str(position + 1) for position in blank.nonzero()[0])
            yield Problem(where, f"{name} is empty", "give each row its own", rows)
        named = ~blank & ~is_other
        found = np.full(len(frame), "", dtype=object)
        found[named] = [find_id_fault(text) for text in texts[named]]
        for words in dict.fromkeys(found[found != ""]):
            at = found == words
            rows = tuple(dict.fromkeys(texts[at]))
            yield Problem(where, f"{name} {words}", FIXES.get(words, FIX), rows)
        is_whole &= named
    table = pd.DataFrame({name: texts for name, (texts, _, _) in keys.items()})[is_whole]
    twice = table.duplicated(keep=False)
    if twice.any():
        yield Problem(
            where,
            f"{' + '.join(contract.key)} occurs more than once",
            "keep one row of each",
            tuple(dict.fromkeys(ids[is_whole][twice])),
        )
    if len(contract.key) == 1 and (alike := find_lookalikes(table[contract.key[0]])):
        fix = "give them names that everybody can tell apart"
        yield Problem(where, f"{contract.key[0]} looks like another one", fix, tuple(alike))
