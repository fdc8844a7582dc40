"""Which rows of a file a layer takes, and what becomes of the others: each is told."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.columns import GEOMETRY_TYPES, Contract
from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.importing.raw_table import RawTable
from steppe.layers.representative import to_kind
from steppe.layers.tables import Bbox
from steppe.layers.user_columns import free_names
from steppe.layers.wording import Message, join, tell

# What is only drawn, and may be cut at the edge of the plan; what is counted stays whole.
_BACKGROUND = (
    "railways",
    "rivers",
    "lakes",
    "boundaries",
    "faults",
    "roads",
    "power_lines",
    "land_use",
)
Tell = Callable[[Note], None]


def take_rows(raw: RawTable, contract: Contract, box: Bbox, where: str, note: Tell) -> pd.DataFrame:
    """Return the rows that a layer can take, with their fields under names of their own.

    Parameters
    ----------
    raw
        The file, opened.
    contract
        The layer.
    box
        Where its features may lie: west, south, east, north in degrees.
    where
        File, for the messages.
    note
        Takes one line on what is left out.

    Raises
    ------
    InputError
        Where nothing is left.
    """
    frame = _with_own_names(raw.frame, where, note)
    if contract.geometry is None:
        return pd.DataFrame(frame.drop(columns="geometry", errors="ignore")).reset_index(drop=True)
    if not isinstance(frame, gpd.GeoDataFrame):
        what = tell("fault.import.no_places", layer=contract.name)
        raise InputError(Problem(where, what, tell("fix.import.no_places")))
    frame = frame.set_geometry(to_kind(frame.geometry.to_numpy()), crs=frame.crs)
    lacking = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    frame = _drop(frame, lacking, tell("note.import.no_place"), where, note)
    wanted = [*GEOMETRY_TYPES[contract.geometry]]
    if contract.geometry == "point":
        wanted += GEOMETRY_TYPES["polygon"]
    other = ~frame.geometry.geom_type.isin(wanted).to_numpy()
    frame = _drop(frame, other, tell("note.import.other_kind", layer=contract.name), where, note)
    if frame.empty:
        kinds = join(
            sorted({shape.geom_type for shape in raw.frame["geometry"] if shape is not None})
        )
        what = tell("fault.import.no_rows", layer=contract.name, kinds=kinds)
        raise InputError(Problem(where, what, tell("fix.import.no_rows")))
    return _within(frame, contract, box, where, note).reset_index(drop=True)


def _with_own_names(frame: pd.DataFrame, where: str, note: Tell) -> pd.DataFrame:
    """Give fields that differ in case alone a name each: a GeoPackage takes them for one."""
    names = [str(name) for name in frame.columns if name != "geometry"]
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    if not find_duplicates(name.casefold() for name in names):
        return frame
    renamed = free_names(names, ())
    note(
        tell(
            "note.import.renamed", where=where, names=join(f"{a} → {b}" for a, b in renamed.items())
        )
    )
    return frame.rename(columns=renamed)


def _drop(
    frame: gpd.GeoDataFrame, gone: np.ndarray, what: Message, where: str, note: Tell
) -> gpd.GeoDataFrame:
    if not gone.any():
        return frame
    rows = tuple(str(row) for row in frame.index[gone])
    note(
        Problem(
            where, tell("note.counted", n=len(rows), what=what), tell("note.import.left_out"), rows
        )
    )
    return frame[~gone]


def _within(
    frame: gpd.GeoDataFrame, contract: Contract, box: Bbox, where: str, note: Tell
) -> gpd.GeoDataFrame:
    """Leave out what does not lie in the plan's box, and cut what is only drawn at its edge."""
    west, south, east, north = box
    parts = [shapely.box(west, south, east, north)]
    if west > east:
        parts = [shapely.box(west, south, 180.0, north), shapely.box(-180.0, south, east, north)]
    shapes = frame.geometry.to_numpy()
    inside = np.zeros(len(frame), dtype=bool)
    touching = np.zeros(len(frame), dtype=bool)
    for part in parts:
        shapely.prepare(part)
        inside |= shapely.covers(part, shapes)
        touching |= shapely.intersects(part, shapes)
    cuts = touching & ~inside & (contract.name in _BACKGROUND) & (len(parts) == 1)
    gone = ~inside & ~cuts
    if gone.all():
        what = tell("fault.import.outside", west=west, south=south, east=east, north=north)
        bounds = ", ".join(f"{each:.3f}" for each in frame.total_bounds)
        raise InputError(Problem(where, what, tell("fix.import.outside", bounds=bounds)))
    if cuts.any():
        made = shapes.copy()
        made[cuts] = shapely.intersection(shapes[cuts], parts[0])
        frame = frame.set_geometry(to_kind(made), crs=frame.crs)
        # What only touched the edge leaves a point, or lines and points.
        kept = frame.geometry.geom_type.isin(GEOMETRY_TYPES[str(contract.geometry)]).to_numpy()
        gone |= cuts & ~kept
        note(tell("note.import.cut", where=where, n=int((cuts & kept).sum())))
    return _drop(frame, gone, tell("note.import.outside"), where, note)
