"""Fields of anyone's file as the columns of a contract: which is which, in which unit and words.

A plan says it in `[layers.NAME.columns]`, so that a source's file is read as it stands, and its
next edition takes its place without a word being rewritten.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from steppe.layers.cells import read_texts
from steppe.layers.columns import Column, Contract
from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.field_words import LEFT_OUT, find_choice_word
from steppe.layers.filling import make_id
from steppe.layers.interchange.countries import country_code
from steppe.layers.units import find_unit
from steppe.layers.user_columns import free_names
from steppe.layers.wording import join, tell
from steppe.layers.written_numbers import read_amount, read_written_date, read_written_year

Frame = TypeVar("Frame", bound=pd.DataFrame)

PLACE = ("lon", "lat")
"""Columns of a CSV that hold the place of a row."""

# What people write where they know nothing.
UNKNOWN_TEXTS = frozenset(
    {"", "<na>", "na", "n/a", "#n/a", "nan", "null", "<null>", "none", "nil", "unknown", "-", "--"}
    | {"—", "——", "–", "/", "\\", "?", "？", "tbd", "tbc", "not available", "not known"}
    | {"无", "未知", "不详", "暂无", "待定", "空", "无数据", "不明"}
)


@dataclass(frozen=True)
class ColumnSource:
    """Where a column comes from.

    Parameters
    ----------
    field
        Field of the file; empty where the file has none for it.
    unit
        Unit of its numbers, where that is not the unit of the column.
    value
        What holds for every row; None where a field does.
    words
        Text of the file to the text that the column may hold, where it is choices that it holds.
    """

    field: str = ""
    unit: str = ""
    value: str | float | None = None
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)


Columns = Mapping[str, ColumnSource]


def map_columns(frame: Frame, contract: Contract, columns: Columns, where: str) -> Frame:
    """Return the rows of a file with the columns of a contract.

    A field that no column is made of stays, under a free name where a column bears its own.

    Parameters
    ----------
    frame
        Rows as read, fields as the file calls them; a layer with its shapes.
    contract
        What they are to hold.
    columns
        Column to where it comes from.  A column without an entry is the field of its own name.
    where
        File and layer, for the messages.

    Raises
    ------
    InputError
        For fields that are not there, and for cells that cannot be read as what they are said to
        be.
    """
    if not columns:
        return frame
    _refuse_missing(frame, columns, where)
    read: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, source in columns.items():
        column = contract.columns[name]
        if source.value is not None:
            read[name] = [source.value] * len(frame)
        elif source.field:
            cells, strange = read_cells(frame[source.field], column, source, contract)
            read[name] = cells
            if strange:
                problems.append(_tell_strange(source, column, strange, where))
    if problems:
        raise InputError(problems)
    used = {source.field for source in columns.values() if source.field}
    rest = frame.drop(columns=list(used))
    renamed = free_names([name for name in rest.columns if name in columns], contract.columns)
    # A field that bears the name of a column is that column, unless the plan says another.
    made = rest.rename(columns=renamed).assign(
        **{name: pd.Series(cells, index=frame.index, dtype=object) for name, cells in read.items()}
    )
    return _leave_out(made, columns)


def _leave_out(frame: Frame, columns: Columns) -> Frame:
    """Leave out the rows of which the plan says so by their status."""
    gone = np.zeros(len(frame), dtype=bool)
    for name in columns:
        if name in frame.columns:
            gone |= np.asarray(frame[name] == LEFT_OUT, dtype=bool)
    return frame[~gone].reset_index(drop=True) if gone.any() else frame


def _refuse_missing(frame: pd.DataFrame, columns: Columns, where: str) -> None:
    lacking = [each.field for each in columns.values() if each.field and each.field not in frame]
    if lacking:
        what = tell("fault.columns.lacking", fields=show_values(lacking))
        held = [str(name) for name in frame.columns if name != "geometry"]
        raise InputError(Problem(where, what, tell("fix.columns.lacking", fields=join(held))))


def _tell_strange(source: ColumnSource, column: Column, strange: list[str], where: str) -> Problem:
    what = tell(
        "fault.columns.strange", field=source.field, name=column.name, values=show_values(strange)
    )
    fix = tell("fix.columns.number")
    if column.choices:
        fix = tell("fix.columns.words", name=column.name, choices=join(column.choices))
    elif column.kind == "date":
        fix = tell("fix.write_iso_date")
    return Problem(where, what, fix)


def read_cells(
    cells: pd.Series, column: Column, source: ColumnSource, contract: Contract
) -> tuple[list[Any], list[str]]:
    """Read the cells of a field as what a column holds.

    Returns
    -------
    tuple
        A value for each cell, None where it holds nothing; and the texts that mean nothing there.
    """
    texts = read_texts(cells)
    found: list[Any] = []
    strange: list[str] = []
    for text in texts.uniques:
        value = None if is_unknown(text) else _read(text.strip(), column, source, contract)
        if value is None and not is_unknown(text):
            strange.append(text)
        found.append(value)
    return list(texts.spread(found, None)), strange


def is_unknown(text: str) -> bool:
    """Tell whether a text is what people write where they know nothing."""
    return " ".join(text.split()).casefold() in UNKNOWN_TEXTS


def _read(text: str, column: Column, source: ColumnSource, contract: Contract) -> Any:
    if column.choices:
        return find_choice(text, column, source.words)
    if text in source.words:
        return source.words[text]
    if column.kind != "text":
        return _read_figure(text, column, source.unit)
    if column.name == "country":
        return country_code(text)
    is_id = column.name in contract.key or (column.names and column.listed == "one")
    return (make_id(text) or None) if is_id else text


def find_choice(text: str, column: Column, words: Mapping[str, str]) -> str | None:
    """Return which of its choices a text means, by what the plan says, else by the catalogue."""
    said = {word.casefold(): choice for word, choice in words.items()}
    folded = " ".join(text.split()).casefold()
    if folded in said:
        return said[folded]
    choice = next((each for each in column.choices if each.casefold() == folded), None)
    return choice or find_choice_word(text, column.choices)


def _read_figure(text: str, column: Column, unit: str) -> Any:
    """Read a date, a year, or a number in the unit of the column."""
    if column.kind == "date":
        return read_written_date(text)
    if column.unit == "a":
        return read_written_year(text)
    amount = read_amount(text, unit or column.unit, column.unit)
    if amount is None or column.kind != "whole":
        return amount
    # A count in ten thousands is whole to the last place that was written.
    return (
        float(round(amount))
        if abs(amount - round(amount)) < 1e-6 * max(1.0, abs(amount))
        else amount
    )


def column_faults(
    contract: Contract, columns: Columns, where: str, *, choices: Collection[str] = ()
) -> Iterable[Problem]:
    """Find what a plan says of the columns of a layer that cannot be.

    Parameters
    ----------
    contract
        The layer.
    columns
        What the plan says.
    where
        Place of `columns` in plan.toml.
    choices
        Further texts that words may lead to.
    """
    for name, source in columns.items():
        at = f"{where}.{name}"
        if name not in contract.columns:
            if name in PLACE and contract.geometry == "point":
                continue
            what = tell("fault.columns.unknown", name=name, layer=contract.name)
            yield Problem(at, what, tell("fix.known", known=join(contract.columns)))
            continue
        column = contract.columns[name]
        found, wanted = find_unit(source.unit), find_unit(column.unit)
        if source.unit and (found is None or wanted is None or found.kind != wanted.kind):
            what = tell("fault.columns.unit", unit=source.unit, name=name)
            fix = tell("fix.give_in", unit=column.unit) if column.unit else tell("fix.remove")
            yield Problem(f"{at}.unit", what, fix)
        strange = [
            choice
            for choice in source.words.values()
            if column.choices and choice not in (*column.choices, LEFT_OUT, *choices)
        ]
        if strange:
            what = tell("fault.columns.word", values=show_values(strange), name=name)
            fix = tell("fix.use_one_of", known=join([*column.choices, LEFT_OUT]))
            yield Problem(f"{at}.words", what, fix)
