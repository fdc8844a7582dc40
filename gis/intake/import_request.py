"""What somebody asks of `steppe import`, beside the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from steppe.layers.columns import Contract
from steppe.layers.errors import InputError, Problem
from steppe.layers.mapped_columns import ColumnSource
from steppe.layers.wording import join, tell

JOIN_KM = 1.0
_OPTION = "--columns"


@dataclass(frozen=True)
class ImportRequest:
    """How a file is to be taken in; what is None is found out, or asked.

    Parameters
    ----------
    file
        Anyone's file.
    layer
        Layer of the contracts that its rows are.
    sheet, table
        Which table of the file.
    crs, datum, encoding
        As `steppe.layers.importing.file_opening.open_file` takes them.
    swap
        Whether longitude and latitude stand the wrong way round.
    columns
        `FIELD=COLUMN`, `FIELD=COLUMN:UNIT` and `COLUMN:=VALUE`, as they were typed.
    words
        `WORD=CHOICE`: what words of the file mean.
    licence, source_id, as_of
        Under what, whose, and of when the rows are.
    unplaced
        What becomes of nodes without a place in a network of another tool.
    join_km
        How near the end of a cable has to be to a node, or nodes of different networks to each
        other.
    """

    file: Path
    layer: str | None = None
    sheet: str | None = None
    table: str | None = None
    crs: str | None = None
    datum: str | None = None
    encoding: str | None = None
    swap: bool = False
    columns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    licence: str | None = None
    source_id: str | None = None
    as_of: date | None = None
    unplaced: str | None = None
    join_km: float | None = None


@dataclass(frozen=True)
class Told:
    """What was typed of the columns of a layer.

    Parameters
    ----------
    sources
        Column to its field.
    defaults
        Column to what holds where the file has nothing.
    spare
        Fields that are no column.
    """

    sources: Mapping[str, ColumnSource] = field(default_factory=dict)
    defaults: Mapping[str, str | float] = field(default_factory=dict)
    spare: frozenset[str] = frozenset()


def read_told(texts: Iterable[str], fields: Iterable[str], contract: Contract) -> Told:
    """Read what was typed of the columns of a layer.

    Parameters
    ----------
    texts
        `FIELD=COLUMN`, `FIELD=COLUMN:UNIT`, or the two the other way round; `COLUMN:=VALUE`;
        `COLUMN=` for a column that no field is, `FIELD=` for a field that is no column.
    fields
        Fields that the file has.
    contract
        The layer.

    Raises
    ------
    InputError
        One line for each text that means nothing.
    """
    known = set(fields)
    sources: dict[str, ColumnSource] = {}
    defaults: dict[str, str | float] = {}
    spare = set()
    problems = []
    for text in texts:
        given, sign, value = text.partition(":=")
        if sign and given in contract.columns:
            defaults[given] = _number_or_text(value)
            continue
        left, sign, right = text.rpartition("=")
        found = _find_pair(left, right, known, contract) if sign else None
        if found is None and sign and not right and left in known:
            spare.add(left)
            continue
        if found is None:
            what = tell("fault.import.columns", text=text, layer=contract.name)
            names = tell(
                "fix.import.columns", fields=join(sorted(known)), columns=join(contract.columns)
            )
            problems.append(Problem(_OPTION, what, names))
            continue
        column, source = found
        sources[column] = source
    if problems:
        raise InputError(problems)
    return Told(sources, defaults, frozenset(spare))


def _find_pair(
    left: str, right: str, fields: set[str], contract: Contract
) -> tuple[str, ColumnSource] | None:
    for name, other in ((left, right), (right, left)):
        bare, _, unit = other.partition(":")
        column, _, own = name.partition(":")
        if bare in contract.columns and name in fields:
            return bare, ColumnSource(name, unit)
        if column in contract.columns and other in fields:
            return column, ColumnSource(other, own)
        if column in contract.columns and not other:
            return column, ColumnSource()
    return None


def read_words(texts: Iterable[str]) -> dict[str, str]:
    """Read `WORD=CHOICE`.

    Raises
    ------
    InputError
        For a text without a sign of equality.
    """
    pairs = [text.rpartition("=") for text in texts]
    bad = [text for text, pair in zip(texts, pairs, strict=True) if not pair[1]]
    if bad:
        raise InputError(
            Problem("--words", tell("fault.import.words", text=bad[0]), tell("fix.import.words"))
        )
    return {word.strip(): choice.strip() for word, _, choice in pairs}


def _number_or_text(value: str) -> str | float:
    return float(value) if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", value, re.ASCII) else value
