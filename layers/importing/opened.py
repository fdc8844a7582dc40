"""What the reader of each format hands on, before places and unknown texts are seen to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import CRS

from steppe.layers.errors import Note
from steppe.layers.geometries import RawFeatures


@dataclass
class Opened:
    """One table of a file as its format has it.

    Parameters
    ----------
    format
        A key of `steppe.layers.importing.formats.FORMATS`.
    frame
        The fields, the index the number of the row in the source.
    raw, make
        Geometries as they stand, and what makes one of them; None for a table without.
    crs
        That the file names.
    layer, encoding, separator, header_row
        As in `RawTable`.
    notes
        What was found.
    """

    format: str
    frame: pd.DataFrame
    raw: Sequence[object] | None = None
    make: Callable[[Any], Any] | None = None
    crs: CRS | None = None
    layer: str | None = None
    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Request:
    """Which table of which file is wanted.

    Parameters
    ----------
    path
        The file.
    where
        What it is called in messages.
    part
        Its sheet, layer, folder or member; None where nobody said.
    encoding
        Of its texts, as the user says.
    """

    path: Path
    where: str
    part: str | None = None
    encoding: str | None = None


def from_features(format_: str, read: RawFeatures, **found: Any) -> Opened:
    """Return features numbered from 1."""
    frame = read.frame.set_axis(pd.Index(np.arange(1, len(read.frame) + 1)), axis=0)
    return Opened(format_, frame, read.raw, read.make, read.crs, **found)
