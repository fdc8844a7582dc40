"""Which field of anyone's file is which column of a layer: by its head, and by what stands below.

Nothing is taken for certain that a head and its cells do not both tell; the rest is shown to the
user as a question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from steppe.layers.cells import read_texts
from steppe.layers.columns import Column, Contract
from steppe.layers.importing.fields_heads import CERTAIN, names_other_unit, score_head, split_head
from steppe.layers.interchange.countries import UNKNOWN, country_code
from steppe.layers.mapped_columns import Columns, ColumnSource, is_unknown, read_cells
from steppe.layers.units import units_of_kind

SHAPE = "geometry"
# What follows from the shape or from the others is not asked of the file.
_MADE = ("length", "area", "lane", "kind_of_line", "mean_of_months")
_MOST_UNIQUE = 500
_READABLE = 0.6  # share of the cells that have to be read as what the column holds
_BY_CONTENT = 0.7
_HAN = re.compile(r"[\u3400-\u9fff]")
# No voltage of a grid is beyond 1500 kV, and none of a transmission grid is below 1000 V.
_TELLING_UNITS = {
    "kV": ("kV", "V"),
    "m": ("m",),
    "km": ("km",),
    "°C": ("°C",),
    "g": ("g",),
    "1": ("1",),
}
_NAMES = ("name", "name_zh", "name_en")
_FEW, _REPEATED = 8, 4  # rows, and rows to a name
_SMALL_IDS = 100_000


@dataclass(frozen=True)
class Match:
    """A field that is taken for a column.

    Parameters
    ----------
    column
        The column.
    source
        The field, with unit and words.
    certainty
        0 to 1; from `CERTAIN` on nobody need be asked.
    basis
        Who says so: `said` by the user, by the `plan`, by the `head` or the `cells`.
    strange
        Texts of the field that mean nothing there.
    is_unit_open
        Whether nothing tells the unit.
    """

    column: str
    source: ColumnSource
    certainty: float
    basis: str
    strange: tuple[str, ...] = ()
    is_unit_open: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether nobody need be asked."""
        return self.certainty >= CERTAIN and not self.strange and not self.is_unit_open


def match_fields(
    frame: pd.DataFrame,
    contract: Contract,
    given: Columns,
    *,
    basis: Mapping[str, str],
    spare: frozenset[str] = frozenset(),
) -> tuple[Match, ...]:
    """Return which fields are which columns, in the order of the contract.

    Parameters
    ----------
    frame
        The rows; `geometry` is no field.
    contract
        The layer.
    given
        Columns that somebody has told already.
    basis
        Who told each of these.
    spare
        Fields that are no column, as somebody said.
    """
    fields = [str(name) for name in frame.columns if name != SHAPE]
    found: dict[str, Match] = {}
    for name, source in given.items():
        strange = _find_strange(frame, contract.columns[name], source, contract)
        found[name] = Match(name, source, 1.0, basis.get(name, "said"), strange)
    taken = {source.field for source in given.values() if source.field} | spare
    candidates = [
        match
        for name, column in contract.columns.items()
        if name not in given and column.made not in _MADE and len(column.choices) != 1
        for field in fields
        if field not in taken and (match := _try(frame, field, column, contract)) is not None
    ]
    order = {name: place for place, name in enumerate(contract.columns)}
    candidates.sort(key=lambda each: (*_rank(each, frame), order[each.column]))
    for match in candidates:
        if match.column not in found and match.source.field not in taken:
            found[match.column] = match
            taken.add(match.source.field)
    return tuple(sorted(found.values(), key=lambda each: order[each.column]))


def _rank(match: Match, frame: pd.DataFrame) -> tuple[float, float, float]:
    """Put the surest first; of fields that are surely names, the one that names more rows."""
    if match.column not in _NAMES or match.certainty < CERTAIN:
        return (-match.certainty, 0.0, 0.0)
    cells = read_texts(frame[match.source.field])
    known = [not is_unknown(text) for text in cells.uniques]
    named = sum(known[code] for code in cells.codes if code >= 0)
    return (-CERTAIN, -round(named / len(frame), 1), -match.certainty)


def _find_strange(
    frame: pd.DataFrame, column: Column, source: ColumnSource, contract: Contract
) -> tuple[str, ...]:
    if not source.field or source.field not in frame.columns:
        return ()
    return tuple(read_cells(frame[source.field], column, source, contract)[1])


def _try(frame: pd.DataFrame, field: str, column: Column, contract: Contract) -> Match | None:
    """Return a field as a column, as surely as its head and its cells tell; None where not."""
    kin = column.unit or ("1" if column.kind in ("number", "whole") else "")
    if kin and kin != "a" and names_other_unit(field, kin):
        return None
    base, unit = split_head(field, kin) if kin and kin != "a" else (field, "")
    score = max(score_head(base, column, contract), score_head(field, column, contract))
    cells = frame[field]
    texts = [each for each in read_texts(cells).uniques if not is_unknown(each)]
    if not texts or (score == 0.0 and column.name not in ("status", "country")):
        return None
    source = ColumnSource(field, "" if unit == column.unit else unit)
    if column.kind == "text" and not column.choices:
        return _try_text(cells, texts, source, score, column, contract)
    if column.choices:
        is_scarce = cells.notna().sum() * 2 < len(cells)
        return (
            None
            if is_scarce and not score
            else _try_choices(texts, source, score, column, contract)
        )
    return _try_figures(cells, source, score, column, contract, is_said=bool(unit))


def _try_text(
    cells: pd.Series,
    texts: Sequence[str],
    source: ColumnSource,
    score: float,
    column: Column,
    contract: Contract,
) -> Match | None:
    if column.name in ("name_zh", "name_en") and (_is_han(texts) == (column.name == "name_en")):
        return None
    if column.name in contract.key and not _may_be_key(cells, texts):
        return None
    if column.name in _NAMES and _FEW <= len(cells) > _REPEATED * len(texts) and score < 1.0:
        return None  # a class of which there are few, as `substation=distribution`
    strange = tuple(read_cells(pd.Series(texts, dtype=object), column, source, contract)[1])
    if column.name == "country":
        share = sum(country_code(text) != UNKNOWN for text in texts) / len(texts)
        if share < _READABLE:
            return None
        score = max(score, _BY_CONTENT if share == 1.0 and min(map(len, texts)) > 1 else 0.0)
    if column.name == "source_id" and score < 1.0:
        return None
    return Match(column.name, source, score, "head", strange) if score else None


def _is_han(texts: Sequence[str]) -> bool:
    """Tell whether names are written in Chinese signs, by most of them."""
    some = texts[:_MOST_UNIQUE]
    return sum(bool(_HAN.search(text)) for text in some) * 2 >= len(some)


def _may_be_key(cells: pd.Series, texts: Sequence[str]) -> bool:
    """Tell whether every row has a cell of its own, more than a running number."""
    if len(texts) < len(cells):
        return False
    return not all(text.isdigit() and int(text) < _SMALL_IDS for text in texts if len(text) < 40)  # noqa: PLR2004


def _try_choices(
    texts: Sequence[str], source: ColumnSource, score: float, column: Column, contract: Contract
) -> Match | None:
    strange = tuple(read_cells(pd.Series(texts, dtype=object), column, source, contract)[1])
    share = 1.0 - len(strange) / len(texts)
    if column.name == "status" and score >= CERTAIN and len(texts) <= _MOST_UNIQUE:
        pass  # what its words mean is asked
    elif share < _READABLE:
        return None
    elif score == 0.0:
        if share < 1.0:
            return None
        return Match(column.name, source, _BY_CONTENT, "cells")
    return Match(column.name, source, score, "head", strange)


def _try_figures(
    cells: pd.Series,
    source: ColumnSource,
    score: float,
    column: Column,
    contract: Contract,
    *,
    is_said: bool,
) -> Match | None:
    """Take a field for numbers or dates where most cells are such, within the bounds."""
    if not score:
        return None
    share, strange = _share(cells, column, source, contract)
    if is_said or column.kind == "date" or column.unit in ("", "a"):
        if share < _READABLE:
            return None
        return Match(column.name, source, score, "head", strange)
    if column.unit in split_name(source.field) or column.unit == "1":
        return Match(column.name, source, score, "head", strange) if share >= _READABLE else None
    fits = {
        unit: told
        for unit in _TELLING_UNITS.get(column.unit, units_of_kind(column.unit))
        if (told := _share(cells, column, replace(source, unit=unit), contract))[0] >= _READABLE
    }
    if not fits:
        return None
    # The unit of the column goes first; a voltage of thousands is one of volts.
    unit = column.unit if column.unit in fits else next(iter(fits))
    is_open = column.unit not in _TELLING_UNITS and not _names_units(cells)
    meant = replace(source, unit="" if unit == column.unit else unit)
    return Match(column.name, meant, score, "head", fits[unit][1], is_unit_open=is_open)


def split_name(field: str) -> list[str]:
    """Return the words of a field's name, as `area_ha` names its unit."""
    return re.split(r"[\s_]+", field)


def _names_units(cells: pd.Series) -> bool:
    """Tell whether every cell names its unit itself."""
    texts = [text for text in read_texts(cells).uniques if not is_unknown(text)]
    return all(re.search(r"[^\W\d_]", re.sub(r"[eE][+-]?\d+$", "", text)) for text in texts)


def _share(
    cells: pd.Series, column: Column, source: ColumnSource, contract: Contract
) -> tuple[float, tuple[str, ...]]:
    """Return the share of the different texts that fit, and those that cannot be read."""
    texts = [text for text in read_texts(cells).uniques if not is_unknown(text)]
    if not texts:
        return 0.0, ()
    read, strange = read_cells(pd.Series(texts, dtype=object), column, source, contract)
    within = [
        isinstance(value, str) or column.low <= value <= column.high
        for value in read
        if value is not None
    ]
    return sum(within) / len(texts), tuple(strange)
