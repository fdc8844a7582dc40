"""What an opener makes of a published file: layers and grids as contracts want them, with sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import WORKING_CRS
from steppe.layers.limits import TEXT_LENGTH
from steppe.layers.openers.boxes import Bbox
from steppe.layers.tables import Raster
from steppe.layers.texts import printable
from steppe.layers.wording import Message


@dataclass(frozen=True)
class Origin:
    """Who publishes the data of an opener, and on which terms.

    Parameters
    ----------
    source_id
        Its table in sources.toml.
    title, publisher
        As published.
    year
        Of the edition that the opener was made for; 0 where each file tells its own date.
    licence, attribution
        Identifier of SPDX where there is one, and whom to name.
    accuracy
        How true the data are, in words.
    url
        Where it is published.
    """

    source_id: str
    title: str
    publisher: str
    year: int
    licence: str
    attribution: str
    accuracy: str
    url: str


@dataclass(frozen=True)
class Asked:
    """What is asked of an opener.

    Parameters
    ----------
    box
        What is wanted: west, south, east, north in degrees.
    only
        Layers and grids that are wanted, of those that the opener makes.
    parks
        Places of the plan's parks, for what is given to each of them.
    elevation
        The plan's heights, where it has them.
    reach_km
        From how far stations speak for a park.
    region
        Region of the plan, round which `box` is widened; None where the user gave the box.
    is_cut
        Whether the files are the answer to what was asked, so that they hold all of the box.
    """

    box: Bbox
    only: frozenset[str]
    parks: Mapping[str, tuple[float, float]]
    elevation: Raster | None = None
    reach_km: float = 300.0
    region: Bbox | None = None
    is_cut: bool = False


@dataclass(frozen=True)
class FetchedLayer:
    """One layer.

    Parameters
    ----------
    name
        Its contract.
    frame
        Its rows, EPSG:4490.
    box
        Where the file was read and holds all that it knows.
    is_whole
        Whether all that the publisher has of the box is there.
    within
        Layer in whose polygons it speaks, instead of the box.
    lacks
        What the data are known to lack, for `[rules.incomplete]`; None for nothing.
    """

    name: str
    frame: gpd.GeoDataFrame
    box: Bbox
    is_whole: bool = True
    within: str = ""
    lacks: Message | None = None


@dataclass(frozen=True)
class FetchedHours:
    """A year of hours for a park: the file, which is copied, and what plan.toml says of it."""

    park_id: str
    file: Path
    entry: Mapping[str, object]


@dataclass(frozen=True)
class Fetched:
    """What was made of the files.

    Parameters
    ----------
    layers, grids, hours
        What goes into the plan.
    origin, as_of
        Whose it is, and the date that it speaks of.
    notes
        What the user should know: rows that were left out, files that hold nothing near.
    """

    origin: Origin
    as_of: date
    layers: Sequence[FetchedLayer] = ()
    grids: Sequence[Raster] = ()
    hours: Sequence[FetchedHours] = ()
    notes: Sequence[Message] = ()


def fit_layer(name: str, frame: pd.DataFrame, geometry: object) -> gpd.GeoDataFrame:
    """Return rows with the columns of a contract alone, in its order; optional ones may lack.

    Parameters
    ----------
    name
        The contract.
    frame
        Columns by their names there.
    geometry
        Shapes in degrees, one a row.

    Raises
    ------
    ValueError
        For a column that the contract needs and the opener forgot.
    """
    columns = INPUT_LAYERS[name].columns
    lacking = [
        key for key, column in columns.items() if key not in frame and not column.is_optional
    ]
    if lacking:
        msg = f"{name}: {', '.join(lacking)}"
        raise ValueError(msg)
    kept = frame[[key for key in columns if key in frame]].reset_index(drop=True)
    for key in map(str, kept.columns):
        if columns[key].kind == "whole":
            kept[key] = pd.to_numeric(kept[key], errors="coerce").round().astype("Int64")
        elif columns[key].kind == "number":
            kept[key] = pd.to_numeric(kept[key], errors="coerce").astype("float64")
        else:
            kept[key] = [_plain(value) for value in kept[key]]
    return gpd.GeoDataFrame(kept, geometry=np.asarray(geometry, dtype=object), crs=WORKING_CRS)


def _plain(value: object) -> str | None:
    """Return a text in which no sign acts, of no more than a cell holds; None for an empty one."""
    text = printable(value).strip()[: TEXT_LENGTH.most] if isinstance(value, str) else ""
    return text or None
