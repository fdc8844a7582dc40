"""Checking a frame against its contract, and telling a person what does not fit."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa

from layers.columns import Contract
from layers.errors import InputError, Problem

_EMPTY = "is empty"
_UNREADABLE = {"float64": "is not a number", "Int64": "is not a whole number"}
_CHECKS = {
    "not_nullable": _EMPTY,
    "str_length": _EMPTY,
    "isin": "is none of the values that it may take",
    "greater_than_or_equal_to": "is too small",
    "less_than_or_equal_to": "is too large",
}


def conform(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Bring a frame to the contract's columns, order and types.

    Missing optional columns are added empty; further columns stay behind the known ones.

    Raises
    ------
    pandera.errors.SchemaErrors
        When a value does not fit; `faults` turns that into lines for a person.
    """
    frame = frame.copy()
    for name, (column, _) in contract.columns.items():
        if name not in frame.columns and not column.required:
            frame[name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if str(column.dtype) == "Int64" and name in frame.columns:
            # Spreadsheets and data frames write whole numbers as 1500.0; that is no fault.
            frame[name] = _numbers_where_possible(frame[name])
    known = [name for name in contract.columns if name in frame.columns]
    rest = [name for name in frame.columns if name not in contract.columns]
    checked: pd.DataFrame = contract.schema.validate(frame[known + rest], lazy=True)
    return checked


def _numbers_where_possible(column: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(column)
    except (ValueError, TypeError):
        return column  # the schema says what is wrong


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
    missing = [
        name
        for name, (column, _) in contract.columns.items()
        if column.required and name not in frame.columns
    ]
    if missing:
        lack = Problem(
            where,
            f"lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            "add them; docs/files.md says what they hold",
        )
        return [lack], None
    problems = list(_key_faults(frame, contract, where))
    try:
        return problems, conform(frame, contract)
    except pa.errors.SchemaErrors as error:
        return [*problems, *_misfits(error.failure_cases, frame, contract, where=where)], None


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


def _key_faults(frame: pd.DataFrame, contract: Contract, where: str) -> Iterator[Problem]:
    id_column = contract.key[0]
    for key_column in contract.key:
        blank = frame[key_column].isna() | (frame[key_column].astype("str").str.strip() == "")
        if blank.any():
            rows = tuple(str(position + 1) for position in blank.to_numpy().nonzero()[0])
            yield Problem(where, f"{key_column} is empty", "give each row its own", rows)
    for key_column in contract.key:
        spaced = frame[key_column].astype("str").str.contains(r"\s", regex=True)
        if spaced.any():
            yield Problem(
                where,
                f"{key_column} holds a blank",
                "ids are listed with blanks between them; use another character",
                tuple(frame.loc[spaced, key_column].astype("str")),
            )
    twice = frame.duplicated(list(contract.key), keep=False)
    if twice.any():
        rows = tuple(dict.fromkeys(frame.loc[twice, id_column].astype("str")))
        yield Problem(
            where,
            f"{' + '.join(contract.key)} occurs more than once",
            "keep one row of each",
            rows,
        )


def _misfits(
    cases: pd.DataFrame, frame: pd.DataFrame, contract: Contract, *, where: str
) -> Iterator[Problem]:
    """Turn pandera's failure cases into one problem for each column and kind of fault."""
    told = cases.assign(fault=[_fault_in_words(str(check)) for check in cases["check"]])
    unread = set(told.loc[told["fault"].isin(_UNREADABLE.values()), "column"])
    for (column, fault), group in told.groupby(["column", "fault"], sort=True, dropna=False):
        if column in unread and fault not in _UNREADABLE.values():
            continue  # what cannot be read cannot be compared either
        rows = [int(index) for index in group["index"] if isinstance(index, int)]
        bad = ", ".join(sorted({repr(value) for value in group["failure_case"]})[:3])
        known = contract.columns.get(str(column))
        yield Problem(
            where,
            f"{column} {fault}" if fault == _EMPTY else f"{column} {fault}: {bad}",
            f"it holds {known[1]}" if known else "see docs/files.md",
            tuple(dict.fromkeys(str(frame[contract.key[0]].iloc[row]) for row in rows)),
        )


def _fault_in_words(check: str) -> str:
    for dtype, words in _UNREADABLE.items():
        if check == f"coerce_dtype('{dtype}')":
            return words
    return next((words for name, words in _CHECKS.items() if check.startswith(name)), check)
