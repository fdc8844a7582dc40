"""Geometries of anyone's file, made one by one: what cannot be made is no geometry, and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.layers.errors import Note, Problem
from steppe.layers.library_words import tell_error, tell_text
from steppe.layers.limits import VERTICES
from steppe.layers.wording import Words, tell

Shapes = NDArray[Any]

_KINDS = {0: "point", 1: "line", 2: "polygon"}
_MULTI: dict[int, Any] = {
    0: shapely.MultiPoint,
    1: shapely.MultiLineString,
    2: shapely.MultiPolygon,
}


def make_shapes(
    raw: Sequence[object], make: Callable[[Any], Any], numbers: NDArray[np.int64], where: str
) -> tuple[Shapes, list[Note]]:
    """Make the geometries of a file, flat and sound.

    Parameters
    ----------
    raw
        One for each row as the file has it, None where a row has none.
    make
        Makes one; raises ValueError or shapely's error where it cannot.
    numbers
        What the rows are called, shape (n,).
    where
        File and layer, for the messages.

    Returns
    -------
    tuple
        Points, lines or polygons, or collections of several kinds, in the CRS of the file, None
        where there is none; and what is to be told.
    """
    shapes = np.full(len(raw), None, dtype=object)
    faults: dict[Words, list[str]] = {}
    n_vertices = 0
    for row, each in enumerate(raw):
        if each is None:
            continue
        try:
            shapes[row] = make(each)
        except (shapely.GEOSException, ValueError, RecursionError) as error:
            reason = tell_error(error)
            plain = (
                tell_text(reason.partition(": ")[2] or reason)
                if isinstance(reason, str)
                else reason
            )
            faults.setdefault(plain, []).append(str(numbers[row]))
            continue
        n_vertices += int(shapely.get_num_coordinates(shapes[row]))
        VERTICES.refuse_over(n_vertices, where)
    notes: list[Note] = [
        Problem(
            where,
            tell("note.open.unreadable", reason=reason),
            tell("fix.open.check_places"),
            tuple(rows),
        )
        for reason, rows in faults.items()
    ]
    return _tidy(shapes, numbers, where, notes), notes


def _tidy(shapes: Shapes, numbers: NDArray[np.int64], where: str, notes: list[Note]) -> Shapes:
    heights = shapely.get_coordinates(shapes, include_z=True)[:, 2]
    if np.isfinite(heights).any() and np.nan_to_num(heights).any():
        notes.append(tell("note.open.heights"))
    flat: Shapes = np.asarray(shapely.force_2d(shapes))
    for row in np.flatnonzero(shapely.get_type_id(flat) == shapely.GeometryType.GEOMETRYCOLLECTION):
        flat[row] = _join_parts(flat[row])
    infinite = np.zeros(len(flat), dtype=bool)
    points, of_rows = shapely.get_coordinates(flat, return_index=True)
    infinite[of_rows[~np.isfinite(points).all(axis=1)]] = True
    kinds = shapely.get_dimensions(flat)
    pointless = (kinds == 1) & (shapely.length(flat) == 0) & ~shapely.is_empty(flat)
    _drop(flat, infinite, tell("note.open.infinite"), numbers, where, notes)
    _drop(flat, pointless & ~infinite, tell("note.open.pointless"), numbers, where, notes)
    flat[shapely.is_empty(flat)] = None
    broken = (kinds == 2) & ~infinite & ~shapely.is_valid(flat) & ~shapely.is_missing(flat)  # noqa: PLR2004
    for row in np.flatnonzero(broken):
        flat[row] = _mend(flat[row])
    mended = broken & ~shapely.is_missing(flat)
    if mended.any():
        rows = tuple(str(number) for number in numbers[mended])
        notes.append(Problem(where, tell("note.open.mended"), tell("fix.open.check_places"), rows))
    _drop(flat, broken & ~mended, tell("note.open.hopeless"), numbers, where, notes)
    return flat


def _drop(
    shapes: Shapes,
    hit: NDArray[np.bool_],
    what: Any,
    numbers: NDArray[np.int64],
    where: str,
    notes: list[Note],
) -> None:
    hit = hit | np.zeros(len(shapes), dtype=bool)
    if hit.any():
        told = tuple(str(number) for number in numbers[hit])
        shapes[hit] = None
        notes.append(Problem(where, what, tell("fix.open.check_places"), told))


def _join_parts(collection: BaseGeometry) -> BaseGeometry:
    """Return a collection of one kind as the multi-geometry that it is; others as they are."""
    parts = [collection]
    while any(part.geom_type.startswith(("Multi", "GeometryCollection")) for part in parts):
        parts = [piece for part in parts for piece in shapely.get_parts(part)]
    simple = [part for part in parts if not part.is_empty]
    kinds = {int(shapely.get_dimensions(part)) for part in simple}
    if len(kinds) != 1:
        return collection
    made: BaseGeometry = simple[0] if len(simple) == 1 else _MULTI[kinds.pop()](simple)
    return made


def _mend(shape: BaseGeometry) -> BaseGeometry | None:
    """Return the faces of a polygon that crosses itself; None where it has none."""
    made = shapely.make_valid(shape)
    faces = [part for part in shapely.get_parts(made) if shapely.get_dimensions(part) == 2]  # noqa: PLR2004
    faces = [face for part in faces for face in shapely.get_parts(part)]
    if not faces:
        return None
    return faces[0] if len(faces) == 1 else shapely.MultiPolygon(faces)


def kinds_of(shapes: Shapes) -> tuple[str, ...]:
    """Return the kinds of geometry that there are: point, line, polygon."""
    dimensions = {int(each) for each in shapely.get_dimensions(shapes) if each >= 0}
    return tuple(_KINDS[each] for each in sorted(dimensions))
