"""Making geometries of the cells that say where the rows of a table lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from steppe.layers.crs import parse_crs
from steppe.layers.errors import Note, Problem
from steppe.layers.importing.angles import Angle, parse_angle, parse_pair
from steppe.layers.importing.place_columns import PlaceColumns
from steppe.layers.importing.shape_texts import find_srid, make_from_text
from steppe.layers.importing.shapes import make_shapes
from steppe.layers.tables import Bbox
from steppe.layers.wording import join, tell

Shapes = NDArray[Any]

_QUARTER, _TURN = 90.0, 360.0
_MINUTES, _SECONDS = 60.0, 3600.0


@dataclass
class MadePlaces:
    """Geometries of a table in the CRS of its cells, and what is to be told and asked of them."""

    shapes: Shapes
    crs: CRS | None = None
    notes: list[Note] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)


def make_places(
    frame: pd.DataFrame,
    columns: PlaceColumns,
    decimal: str,
    where: str,
    *,
    box: Bbox | None = None,
) -> MadePlaces:
    """Make the places of a table; None for a row whose cells give none.

    Parameters
    ----------
    frame
        The fields.
    columns
        Where the places stand.
    decimal
        The sign before the fraction of a number that is a text.
    where
        File and layer, for the messages.
    box
        Where the rows should lie, which may tell what stands first in a cell that holds both.
    """
    if columns.form == "shape":
        made = _make_shapes(frame, columns.columns[0], where)
    else:
        if columns.form == "pair":
            angles, made = _read_pairs(frame, columns, decimal, where, box)
        else:
            angles, made = _read_apart(frame, columns, decimal)
        _place_points(frame, angles, made, columns, where)
    if columns.rivals:
        what = tell(
            "note.open.rivals",
            taken=join(columns.columns),
            others=join(columns.rivals, "join.semicolon"),
        )
        made.questions.append(Problem(where, what, tell("fix.open.drop_columns")))
    return made


def _make_shapes(frame: pd.DataFrame, name: str, where: str) -> MadePlaces:
    cells = [cell if isinstance(cell, str) else None for cell in frame[name]]
    shapes, notes = make_shapes(cells, make_from_text, frame.index.to_numpy(), where)
    srids = {find_srid(cell) for cell in cells if cell} - {None, 0}
    crs = parse_crs(f"EPSG:{srids.pop()}", where) if len(srids) == 1 else None
    return MadePlaces(shapes, crs, notes)


def _read_apart(
    frame: pd.DataFrame, columns: PlaceColumns, decimal: str
) -> tuple[list[tuple[Angle | None, Angle | None]], MadePlaces]:
    made = MadePlaces(np.full(len(frame), None, dtype=object))
    if columns.form == "parts":
        lons = _join_parts(frame, columns.columns[:3], decimal)
        lats = _join_parts(frame, columns.columns[3:], decimal)
    else:
        lons, lats = (_read_column(frame[name], decimal) for name in columns.columns)
    return list(zip(lons, lats, strict=True)), made


def _read_column(column: pd.Series, decimal: str) -> list[Angle | None]:
    cells = column.to_numpy(dtype=object)
    angles = [parse_angle(cell, decimal) for cell in cells]
    beyond = any(angle is not None and abs(angle.degrees) > _TURN for angle in angles)
    if not beyond:
        return angles
    other = {".": ",", ",": "."}[decimal]
    again = [parse_angle(cell, other) for cell in cells]
    fits = all(angle is None or abs(angle.degrees) <= _TURN for angle in again)
    # 111,675 has a decimal comma: no place has a hundred thousand degrees.
    is_complete = sum(angle is not None for angle in again) >= sum(
        angle is not None for angle in angles
    )
    return again if fits and is_complete else angles


def _join_parts(frame: pd.DataFrame, names: Sequence[str], decimal: str) -> list[Angle | None]:
    parts = [[parse_angle(cell, decimal) for cell in frame[name]] for name in names]
    joined: list[Angle | None] = []
    for degrees, minutes, seconds in zip(*parts, strict=True):
        if degrees is None:
            joined.append(None)
            continue
        more = (minutes.degrees if minutes else 0.0) / _MINUTES
        more += (seconds.degrees if seconds else 0.0) / _SECONDS
        whole = degrees.degrees
        joined.append(Angle(whole + (more if whole >= 0 else -more), degrees.axis))
    return joined


def _read_pairs(
    frame: pd.DataFrame, columns: PlaceColumns, decimal: str, where: str, box: Bbox | None
) -> tuple[list[tuple[Angle | None, Angle | None]], MadePlaces]:
    """Read cells that hold both, in the order that they name, or that fits all of them."""
    made = MadePlaces(np.full(len(frame), None, dtype=object))
    pairs = [parse_pair(cell, decimal) for cell in frame[columns.columns[0]]]
    read = [pair for pair in pairs if pair is not None]
    first = columns.first
    if any(pair[0].axis for pair in read):
        first = first or (
            "lon" if next(pair[0].axis for pair in read if pair[0].axis) == "lon" else "lat"
        )
    largest = [max((abs(pair[side].degrees) for pair in read), default=0.0) for side in (0, 1)]
    if first is None and max(largest) > _QUARTER:
        first = "lat" if largest[1] > _QUARTER else "lon"
    if first is None and box is not None:
        first = _order_by_box(read, box)
    if first is None:
        first = "lat"
        what = tell("note.open.order", column=columns.columns[0])
        made.questions.append(Problem(where, what, tell("fix.open.say_swap")))
    turned: list[tuple[Angle | None, Angle | None]] = [
        (None, None) if pair is None else pair if first == "lon" else (pair[1], pair[0])
        for pair in pairs
    ]
    return turned, made


def _order_by_box(pairs: list[tuple[Angle, Angle]], box: Bbox) -> Literal["lon", "lat"] | None:
    """Return which stands first where all lie in the box one way, and not the other way."""
    west, south, east, north = box

    def fits(side: int) -> bool:
        return all(
            west <= pair[side].degrees <= east and south <= pair[1 - side].degrees <= north
            for pair in pairs
        )

    if fits(0) == fits(1):
        return None
    return "lon" if fits(0) else "lat"


def _place_points(
    frame: pd.DataFrame,
    angles: list[tuple[Angle | None, Angle | None]],
    made: MadePlaces,
    columns: PlaceColumns,
    where: str,
) -> None:
    """Make points of lon and lat, each where its own letters say which one it is."""
    unread = []
    places = np.full((len(angles), 2), np.nan)
    for row, (lon, lat) in enumerate(angles):
        if lon is None or lat is None:
            if any(not _is_blank(frame[name].iloc[row]) for name in columns.columns):
                unread.append(str(frame.index[row]))
        elif lon.axis == "lat" or lat.axis == "lon":  # as their letters say
            places[row] = lat.degrees, lon.degrees
        else:
            places[row] = lon.degrees, lat.degrees
    is_placed = np.isfinite(places).all(axis=1)
    made.shapes[is_placed] = shapely.points(places[is_placed])
    if unread:
        what = tell("note.open.unread", columns=join(columns.columns))
        made.questions.append(Problem(where, what, tell("fix.open.correct_cells"), tuple(unread)))


def _is_blank(cell: object) -> bool:
    return cell is None or cell != cell or (isinstance(cell, str) and not cell.strip())  # noqa: PLR0124 (NaN)
