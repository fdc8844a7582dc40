"""Geometries of others: made of what a file holds, and whatever is wrong with them by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from steppe.layers.antimeridian import FULL_TURN_DEG, open_at
from steppe.layers.columns import GEOMETRY_TYPES, Contract
from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error, tell_text
from steppe.layers.limits import VERTICES
from steppe.layers.tables import Bbox
from steppe.layers.wording import Words, join, tell

# Names of exceptions, and what stands before the reason in those of GEOS's parser of JSON.
_LIBRARY_WORDS = re.compile(r"^\w+Exception: (?:.*\[json\.exception\.\S+\] )?|'?\s*\Z")

Shapes = NDArray[Any]


class RawFeatures(NamedTuple):
    """What a file of features holds: its fields, and its geometries as they stand in it.

    Parameters
    ----------
    frame
        The fields, shape (n, fields), numbered from 0.
    raw
        One geometry for each row as the format writes it; None where there is none.
    make
        Makes one of them; raises ValueError or shapely's error where it cannot.
    crs
        As the file says; None where it says nothing.
    """

    frame: pd.DataFrame
    raw: Sequence[object]
    make: Callable[[Any], Any]
    crs: CRS | None


def make_geometries(
    raw: Sequence[object], make: Callable[[Any], Any], ids: pd.Series, where: str
) -> Shapes:
    """Make geometries of what a file holds, and name the rows where that cannot be done.

    Parameters
    ----------
    raw
        One for each row; None stays None.
    make
        Makes one geometry; raises ValueError or shapely's error where it cannot.
    ids
        What the rows are called.
    where
        File and layer, for the messages.

    Raises
    ------
    InputError
        One line for each kind of fault.
    """
    shapes = np.full(len(raw), None, dtype=object)
    faults: dict[Words, list[str]] = {}
    n_vertices = 0
    for row, each in enumerate(raw):
        if each is None:
            continue
        try:
            shapes[row] = shape = make(each)
        except (shapely.GEOSException, ValueError) as error:
            reason = tell_error(error)
            if isinstance(reason, str):
                reason = tell_text(_LIBRARY_WORDS.sub("", reason))
            faults.setdefault(reason, []).append(str(ids.iloc[row]))
            continue
        n_vertices += int(shapely.get_num_coordinates(shape))
        if n_vertices > VERTICES.most:
            VERTICES.refuse_over(n_vertices, where)
    if faults:
        raise InputError(
            Problem(
                where, tell("fault.geometry.unreadable", reason=reason), tell("fix.correct"), rows
            )
            for reason, rows in ((reason, tuple(ids)) for reason, ids in faults.items())
        )
    return np.asarray(shapely.force_2d(shapes), dtype=object)


def with_shapes(frame: pd.DataFrame, shapes: Any, crs: CRS | None, where: str) -> gpd.GeoDataFrame:
    """Return the rows of a file with their shapes, none of its columns lost to them.

    Raises
    ------
    InputError
        For a column of the user's that bears the name of the shapes.
    """
    if "geometry" in frame.columns:
        what = tell("fault.geometry.column")
        raise InputError(Problem(where, what, tell("fix.rename_or_delete")))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=crs)


def row_ids(frame: pd.DataFrame, contract: Contract) -> pd.Series:
    """Return what the rows of a frame are called: by their key, else by their number."""
    key = contract.key[0]
    if key in frame.columns:
        return frame[key].astype("str")
    return pd.Series(range(1, len(frame) + 1), index=frame.index).astype("str")


def geometry_faults(
    frame: gpd.GeoDataFrame, contract: Contract, where: str, *, is_drawn: bool = True
) -> list[Problem]:
    """Find the rows whose geometry is none, of another kind, broken, or without extent.

    Parameters
    ----------
    frame
        The layer as read.
    contract
        What it must hold.
    where
        File and layer, for the messages.
    is_drawn
        Whether somebody drew it; a link of another tool's network may join two nodes at one
        place.
    """
    shapes, ids, wanted = frame.geometry, row_ids(frame, contract), str(contract.geometry)
    geometries = shapes.to_numpy()
    parts, part_rows = shapely.get_parts(geometries, return_index=True)
    points, point_rows = shapely.get_coordinates(geometries, return_index=True)

    def rows_of(numbers: NDArray[np.intp]) -> NDArray[np.bool_]:
        hit = np.zeros(len(frame), dtype=bool)
        hit[numbers] = True
        return hit

    infinite = rows_of(point_rows[~np.isfinite(points).all(axis=1)])
    empty = ~infinite & (shapes.isna() | shapes.is_empty).to_numpy()
    sound = ~empty & ~infinite
    other = sound & ~shapes.geom_type.isin(GEOMETRY_TYPES[wanted]).to_numpy()
    sound &= ~other
    hollow = sound & rows_of(part_rows[shapely.is_empty(parts)])
    sound &= ~hollow
    broken = sound & is_drawn
    broken[broken] = ~shapely.is_valid(geometries[broken])
    kinds = join(sorted(set(shapes.geom_type[other])))
    draw, mend = tell("fix.draw_or_drop"), tell("fix.repair_in_qgis")
    unbroken = {
        "polygon": (tell("fault.geometry.crossing"), mend),
        "line": (tell("fault.geometry.no_length"), draw),
    }
    no_point = (tell("fault.geometry.no_point"), tell("fix.correct"))
    other_kind = tell("fault.geometry.other", kinds=kinds, wanted=tell(f"geometry.{wanted}s"))
    found = (
        (empty, tell("fault.geometry.lacking"), draw),
        (infinite, tell("fault.geometry.infinite"), tell("fix.correct")),
        (other, other_kind, tell("fix.give_that_geometry")),
        (hollow, tell("fault.geometry.hollow"), mend),
        (broken, *unbroken.get(wanted, no_point)),
    )
    return [Problem(where, what, fix, tuple(ids[rows])) for rows, what, fix in found if rows.any()]


def place_faults(
    frame: gpd.GeoDataFrame, contract: Contract, bbox: Bbox, where: str
) -> list[Problem]:
    """Find the rows that do not lie in the plan's box, and tell when lon and lat are swapped."""
    west, south, east, north = bbox
    bounds = frame.geometry.bounds
    if west > east:  # over 180°
        # Seen from there all lies in one piece.
        at = open_at(frame.geometry.to_numpy(), (west + east) / 2.0)
        bounds = gpd.GeoSeries(at, index=frame.index).bounds
        east += FULL_TURN_DEG
    outside = ~(
        (bounds["minx"] >= west)
        & (bounds["maxx"] <= east)
        & (bounds["miny"] >= south)
        & (bounds["maxy"] <= north)
    )
    if not outside.any():
        return []
    ids = tuple(row_ids(frame, contract)[outside])
    swapped = (
        (bounds["miny"] >= west)
        & (bounds["maxy"] <= east)
        & (bounds["minx"] >= south)
        & (bounds["maxx"] <= north)
    )
    if (swapped & outside).sum() == outside.sum():
        return [Problem(where, tell("fault.geometry.swapped"), tell("fix.exchange_lon_lat"), ids)]
    what = tell("fault.geometry.outside", west=west, south=south, east=bbox[2], north=north)
    return [Problem(where, what, tell("fix.correct_rows_crs_bbox"), ids)]
