"""What a file of anyone's holds once it is opened: rows, fields, places, and how they were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from steppe.layers.crs import PAGE_CRS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.wording import Message, join, tell

Basis = Literal["said", "file", "names", "numbers", "assumed"]
"""Who says it: the user, the file, the names of its columns, its numbers, or nobody."""


@dataclass(frozen=True)
class RawTable:
    """One table of a file, with every field of the source under its own name.

    Parameters
    ----------
    frame
        The rows.  With places it is a GeoDataFrame in EPSG:4326 (lon, lat) whose column `geometry`
        holds them, None where a row has none; without, a plain DataFrame.  Texts stand as they do
        in the source, those that stand for nothing (`<NA>`, `-`, `无`) are None; cells of a text
        file are all texts.  The index is the number of the row in the source, from 1: the line of
        a text file, the row of a sheet, else the feature.
    format
        A key of `steppe.layers.importing.formats.FORMATS`.
    layer
        Which layer, sheet, folder or member of the file; None where it holds one alone.
    encoding
        Of its texts, where the format leaves it open.
    crs
        What the coordinates were in; None without places.
    crs_basis
        Who says so.
    datum
        One of `steppe.layers.datum.DATUMS`, as it was undone.
    separator
        Between the cells of a text file.
    decimal
        Sign before the fraction of a number that is a text.
    header_row
        Number of the row with the names of the columns, of a text file or a sheet.
    place_columns
        The source's columns that the geometry was made of; they stay in the frame, but for one
        that holds whole geometries.
    notes
        What was found or done, for the user to read.
    questions
        What is not certain: each says with which option to settle it.
    """

    frame: gpd.GeoDataFrame | pd.DataFrame
    format: str
    layer: str | None = None
    encoding: str | None = None
    crs: str | None = None
    crs_basis: Basis | None = None
    datum: str = "wgs84"
    separator: str | None = None
    decimal: str = "."
    header_row: int | None = None
    place_columns: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    questions: tuple[Problem, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether its rows have places."""
        return isinstance(self.frame, gpd.GeoDataFrame)

    @property
    def fields(self) -> list[str]:
        """The source's fields, without the geometry."""
        return [str(name) for name in self.frame.columns if name != "geometry"]


@dataclass(frozen=True)
class Choice:
    """One of the tables that a file holds.

    Parameters
    ----------
    name
        As `sheet` or `layer` of `open_file` takes it.
    kinds
        Its kinds of geometry (point, line, polygon), as far as they are known without reading.
    n_rows
        How many rows it has, if that is known.
    """

    name: str
    kinds: tuple[str, ...] = ()
    n_rows: int | None = None


class ChoiceError(InputError):
    """The file holds several tables and nobody said which is meant.

    Parameters
    ----------
    where
        The file, for the message.
    choices
        The tables that hold rows.
    """

    def __init__(
        self, where: str, choices: Sequence[Choice], *, what: Message | None = None
    ) -> None:
        self.choices = tuple(choices)
        names = join([choice.name for choice in self.choices])
        told = what or tell("fault.open.several", names=names)
        super().__init__(Problem(where, told, tell("fix.open.say_which")))


def choose(where: str, choices: Sequence[Choice], wanted: str | None) -> str:
    """Return which of the tables of a file is meant.

    Raises
    ------
    ChoiceError
        Where several hold rows and none is said.
    InputError
        Where none bears the name that is said, or none holds anything.
    """
    if wanted is not None:
        for choice in choices:
            if wanted.strip().casefold() == choice.name.strip().casefold():
                return choice.name
        if wanted.isdecimal() and 1 <= int(wanted[:9]) <= len(choices):
            return choices[int(wanted[:9]) - 1].name
        what = tell("fault.open.no_such", name=wanted)
        names = join([choice.name for choice in choices])
        raise InputError(Problem(where, what, tell("fix.holds_layers", names=names)))
    filled = [choice for choice in choices if choice.n_rows != 0]
    if not filled:
        raise InputError(Problem(where, tell("fault.open.no_rows"), tell("fix.open.give_rows")))
    if len(filled) > 1:
        raise ChoiceError(where, filled)
    return filled[0].name


PLACES = PAGE_CRS
"""The CRS of the places of a raw table: EPSG:4326, lon before lat."""
