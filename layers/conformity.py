"""Checking a frame against its contract, and telling a person what does not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.layers.cells import (
    EMPTY,
    NEITHER,
    NOT_FINITE,
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
from steppe.layers.crs import WORKING_CRS
from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.fitting import fit
from steppe.layers.identifiers import IdFault, find_id_fault, find_lookalikes
from steppe.layers.wording import BASE, Texts, Words, find_languages, join, tell


def conform(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Bring a frame of our own to the contract's columns, order and types.

    Missing optional columns are added empty, those that follow from others are made; further
    columns stay behind the known ones.

    Raises
    ------
    pandera.errors.SchemaErrors
        When a value does not fit, which is a fault of ours: what users give goes through `check`.
    """
    frame = _fill(frame, contract)
    for name, column in contract.columns.items():
        if column.derive is not None:
            frame[name] = column.derive(frame)
    ordered = _order(frame, contract)
    fitted = fit(ordered, contract)
    return contract.schema.validate(ordered, lazy=True) if fitted is None else fitted


def _fill(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Add the optional columns that are missing, and read numbers where they are to be whole."""
    frame = frame.copy()
    for name, column in contract.columns.items():
        if name not in frame.columns and column.is_optional:
            frame[name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        if column.kind == "whole" and name in frame.columns:
            # Data frames write whole numbers as 1500.0 where others are empty; that is no fault.
            frame[name] = pd.to_numeric(frame[name])
    return frame


def _order(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame:
    """Put the contract's columns in their order, and further ones behind them."""
    known = [name for name in contract.columns if name in frame.columns]
    return frame[[*known, *(name for name in frame.columns if name not in contract.columns)]]


def make_empty(contract: Contract) -> pd.DataFrame:
    """Return a table of no rows."""
    return conform(pd.DataFrame(columns=list(contract.columns)), contract)


def make_empty_layer(contract: Contract) -> gpd.GeoDataFrame:
    """Return a layer without rows, as its contract wants it."""
    columns: dict[str, list[object]] = {name: [] for name in contract.columns}
    frame = gpd.GeoDataFrame(columns, geometry=[], crs=WORKING_CRS)
    return gpd.GeoDataFrame(conform(frame, contract))


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
        The faults, and the frame in the contract's columns, order and types; None where it cannot.
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
        what = tell("fault.column.called", names=show_values(strange))
        yield Problem(where, what, tell("fix.name_columns"))
    # A reader of CSV calls the second column of a name NAME.1.
    twice = [*frame.columns[frame.columns.duplicated()].unique()]
    twice += [name for name in contract.columns if name in names and f"{name}.1" in names]
    if twice:
        what = tell("fault.column.twice", names=show_values(twice))
        yield Problem(where, what, tell("fix.keep_one"))
    missing = [
        name
        for name, column in contract.columns.items()
        if not column.is_optional and name not in names
    ]
    if missing:
        what = tell("fault.column.lacking", name=missing[0])
        if len(missing) > 1:
            what = tell("fault.column.several_lacking", names=join(missing))
        yield Problem(where, what, tell("fix.add_columns"))


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
        faults.append(CellFault(EMPTY, is_empty, shown=""))
    return numbers, faults


def _read_further(column: pd.Series) -> tuple[NDArray[Any] | None, list[CellFault]]:
    """Hold a column that the contract does not know to what every output can keep."""
    if column.dtype.kind == "f":
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        return None, [CellFault(NOT_FINITE, np.isinf(numbers))]
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
    what = tell("fault.cell", name=name, words=fault.words)
    if fault.shown:
        values = show_values(column[fault.rows])
        what = tell(f"fault.cell.{fault.shown}", name=name, words=fault.words, values=values)
    fix = fault.fix or tell("fix.correct_or_leave_empty")
    if not fault.fix and name in contract.columns:
        known = contract.columns[name]
        key = "fix.column_holds_or_empty" if known.is_optional else "fix.column_holds"
        fix = tell(key, meaning=_tell_column(known))
    return Problem(where, what, fix, tuple(dict.fromkeys(rows)))


def _tell_column(column: Column) -> Words:
    """Return what a column holds: its meaning in English, else its title and what it may take."""
    titles = {language: column.title(language) for language in find_languages()}
    held = Texts(tuple({**titles, BASE: column.meaning}.items()))
    return (
        tell("column.choices", told=held, choices=join(column.choices)) if column.choices else held
    )


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
            what = tell("fault.cell", name=name, words=EMPTY)
            yield Problem(where, what, tell("fix.give_each_row_its_own"), rows)
        if texts.is_other.any():
            rows = tuple(row_names()[texts.is_other])
            what = tell("fault.cell", name=name, words=NEITHER)
            yield Problem(where, what, tell("fix.give_each_a_text"), rows)
        by_fault: dict[IdFault, list[str]] = defaultdict(list)
        for text in texts.uniques:
            if not is_unseen(text) and (fault := find_id_fault(text)):
                by_fault[fault].append(text)
        for fault, ids in by_fault.items():
            what = tell("fault.cell", name=name, words=fault.what)
            yield Problem(where, what, fault.fix, tuple(ids))
        is_whole &= ~blank & ~texts.is_other
    codes = pd.DataFrame({name: texts.codes for name, texts in keys.items()})[is_whole]
    twice = codes.duplicated(keep=False)
    if twice.any():
        rows = tuple(dict.fromkeys(row_names()[is_whole][twice]))
        what = tell("fault.id.twice", name=" + ".join(contract.key))
        yield Problem(where, what, tell("fix.keep_one_row_of_each"), rows)
    if len(contract.key) == 1:
        alike = find_lookalikes(keys[contract.key[0]].uniques)
        if alike:
            what = tell("fault.id.alike", name=contract.key[0])
            yield Problem(where, what, tell("fix.tell_ids_apart"), tuple(alike))
