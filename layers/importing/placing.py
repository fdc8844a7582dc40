"""Bringing the places of anyone's file to WGS 84: their CRS, the order of their axes, their datum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from steppe.layers.columns import Contract, text
from steppe.layers.crs import name_crs
from steppe.layers.datum import to_wgs84
from steppe.layers.errors import InputError, Note, Problem, name_some
from steppe.layers.importing.plane_numbers import (
    are_degrees,
    find_readings,
    is_turned,
    split_zones,
    to_degrees,
)
from steppe.layers.importing.raw_table import PLACES, Basis
from steppe.layers.reprojection import to_working_crs
from steppe.layers.tables import Bbox
from steppe.layers.wording import tell

Shapes = NDArray[Any]

_SHIFTED = ("gcj02", "bd09")
_DATUM_NAMES = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_ROWS = Contract("rows", None, ("row",), {"row": text("number of the row")})
_ZONE_PREFIX_M = 1e7
_HALF_TURN, _TURN, _POLE = 180.0, 360.0, 90.0
_NOWHERE_DEG = 1e-7


@dataclass
class Wishes:
    """What the user says of the places of a file.

    Parameters
    ----------
    crs
        Of the coordinates, where the file does not say it or says it wrongly.
    datum
        One of `steppe.layers.datum.DATUMS`.
    swap
        Whether latitude stands where longitude should.
    box
        Where the rows should lie: west, south, east, north in degrees.
    """

    crs: CRS | None = None
    datum: str | None = None
    swap: bool = False
    box: Bbox | None = None


@dataclass
class Placed:
    """Places in EPSG:4326, and how they were found.

    Parameters
    ----------
    shapes
        One for each row, None where it has none.
    crs
        What they were in, as a user calls it.
    basis
        Who says so.
    datum
        Which was undone.
    """

    shapes: Shapes
    crs: str
    basis: Basis
    datum: str
    notes: list[Note] = field(default_factory=list)
    questions: list[Problem] = field(default_factory=list)


def place(
    shapes: Shapes,
    numbers: NDArray[np.int64],
    said: CRS | None,
    wishes: Wishes,
    where: str,
    *,
    datum: str | None = None,
) -> Placed:
    """Bring geometries to EPSG:4326 (lon, lat).

    Parameters
    ----------
    shapes
        As the file has them, None where a row has none, shape (n,).
    numbers
        What the rows are called, shape (n,).
    said
        The CRS that the file names.
    wishes
        What the user says.
    where
        File and layer, for the messages.
    datum
        What the names of columns say of it.

    Raises
    ------
    InputError
        Where nothing tells the CRS, or rows lie where it does not hold.
    """
    crs = wishes.crs or said
    basis: Basis = "said" if wishes.crs is not None else "file"
    made = Placed(shapes.copy(), "", basis, wishes.datum or datum or "wgs84")
    _drop_nowhere(made, numbers, where)
    if wishes.swap:
        made.shapes = _turn(made.shapes)
    x, y = _numbers_of(made.shapes)
    if crs is not None and x.size and crs.is_geographic != are_degrees(x, y):
        if wishes.crs is not None:
            what = tell("fault.open.no_degrees", crs=name_crs(crs))
            raise InputError(Problem(where, what, tell("fix.open.say_crs")))
        made.notes.append(Problem(where, tell("note.open.no_degrees", crs=name_crs(crs)), tell("fix.open.check_places")))  # fmt: skip
        crs = None
    if crs is None:
        crs = _by_numbers(made, x, y, wishes, where)
    if crs is not None:
        made.crs = str(name_crs(crs))
        if not wishes.swap and is_turned(crs, *_numbers_of(made.shapes)):
            made.shapes = _turn(made.shapes)
            made.notes.append(tell("note.open.northing_first"))
        _move(made, crs, numbers, where)
    _straighten(made, numbers, wishes, where)
    if made.datum in _SHIFTED:
        made.shapes = _transform(made.shapes, lambda x, y: to_wgs84(x, y, datum=made.datum))
        made.notes.append(tell("note.open.datum", datum=_DATUM_NAMES[made.datum]))
    return made


def _numbers_of(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    points = shapely.get_coordinates(shapes)
    points = points[np.isfinite(points).all(axis=1)]
    return points[:, 0], points[:, 1]


def _transform(shapes: Shapes, step: Any) -> Shapes:
    return np.asarray(
        shapely.transform(shapes, lambda points: np.column_stack(step(points[:, 0], points[:, 1])))
    )


def _turn(shapes: Shapes) -> Shapes:
    return _transform(shapes, lambda x, y: (y, x))


def _rows(numbers: NDArray[np.int64], hit: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers[hit])


def _drop_nowhere(made: Placed, numbers: NDArray[np.int64], where: str) -> None:
    """Take 0, 0 for no place: programs write it where they know none."""
    is_point = shapely.get_type_id(made.shapes) == shapely.GeometryType.POINT
    zero = is_point.copy()
    points = shapely.get_coordinates(made.shapes[is_point])
    has_points = ~shapely.is_empty(made.shapes[is_point])
    near = np.zeros(int(is_point.sum()), dtype=bool)
    near[has_points] = (np.abs(points) < _NOWHERE_DEG).all(axis=1)
    zero[is_point] = near
    if zero.any():
        made.shapes[zero] = None
        what, fix = tell("note.open.nowhere"), tell("fix.open.check_places")
        made.notes.append(Problem(where, what, fix, _rows(numbers, zero)))


def _by_numbers(
    made: Placed, x: NDArray[np.float64], y: NDArray[np.float64], wishes: Wishes, where: str
) -> CRS | None:
    """Find the CRS by the numbers alone; None where they are brought to degrees already."""
    if not x.size or are_degrees(x, y):
        made.basis = "assumed" if x.size else made.basis
        if x.size:
            made.notes.append(tell("note.open.degrees"))
        return PLACES
    readings = find_readings(x, y, wishes.box)
    if len(readings) != 1:
        what = tell("fault.open.crs", example=f"{x[0]:.12g}, {y[0]:.12g}")
        known = name_some([reading.name for reading in readings])
        fix = tell("fix.open.say_one_crs", known=known) if readings else tell("fix.open.say_crs")
        raise InputError(Problem(where, what, fix))
    reading = readings[0]
    made.shapes = _transform(made.shapes, lambda x, y: to_degrees(reading, x, y))
    made.crs, made.basis = reading.name, "numbers"
    key = "note.open.crs_turned" if reading.is_turned else "note.open.crs"
    made.notes.append(tell(key, crs=reading.name))
    return None


def _move(made: Placed, crs: CRS, numbers: NDArray[np.int64], where: str) -> None:
    """Bring shapes from their CRS to degrees, by the ways that the reader of layers takes."""
    filled = np.array(
        [shape is not None and not shape.is_empty for shape in made.shapes], dtype=bool
    )
    if not filled.any():
        return
    shapes = _without_zone(made, crs)[filled]
    rows = gpd.GeoDataFrame(
        {"row": [str(number) for number in numbers[filled]]}, geometry=shapes, crs=crs
    )
    moved = to_working_crs(rows, "wgs84", _ROWS, where, note=made.notes.append)
    made.shapes[filled] = moved.geometry.to_numpy()


def _without_zone(made: Placed, crs: CRS) -> Shapes:
    """Return shapes without the zone number of their eastings, where the CRS has none.

    A file may say the zone of 111 degrees and have eastings that begin with its number, 37.
    """
    x, _ = _numbers_of(made.shapes)
    is_bare = crs.is_projected and float(crs.to_cf().get("false_easting", 0.0)) < _ZONE_PREFIX_M
    if not is_bare or not x.size or crs.to_epsg() == 3857 or (x < _ZONE_PREFIX_M).any():  # noqa: PLR2004
        return made.shapes
    zones = split_zones(x)
    meridian = crs.to_cf().get("longitude_of_central_meridian")
    if len(zones) == 1 and meridian is not None:
        (code,) = zones
        if (
            abs(
                float(CRS.from_epsg(code).to_cf()["longitude_of_central_meridian"])
                - float(meridian)
            )
            < _NOWHERE_DEG
        ):
            number = np.floor(x[0] / 1e6)
            made.notes.append(tell("note.open.zone", zone=int(number)))
            return _transform(made.shapes, lambda x, y: (x - number * 1e6, y))
    return made.shapes  # refused in words by those who transform it


def _straighten(made: Placed, numbers: NDArray[np.int64], wishes: Wishes, where: str) -> None:
    """Mend axes that are surely swapped, and longitudes beyond 180 degrees; drop what is no place."""
    if not wishes.swap:
        _turn_back(made, numbers, wishes, where)
    bounds = shapely.bounds(made.shapes)
    lost = _is_beyond(bounds[:, [1, 3]], _POLE) | _is_beyond(bounds[:, [0, 2]], _TURN)
    if lost.any():
        made.shapes[lost] = None
        what, fix = tell("note.open.no_place"), tell("fix.open.check_places")
        made.questions.append(Problem(where, what, fix, _rows(numbers, lost)))
    beyond = np.asarray(~lost & (bounds[:, 0] > _HALF_TURN), dtype=bool)
    if beyond.any():
        made.shapes[beyond] = _transform(made.shapes[beyond], lambda x, y: (x - _TURN, y))


def _turn_back(made: Placed, numbers: NDArray[np.int64], wishes: Wishes, where: str) -> None:
    """Exchange lon and lat where they can be no other way; ask where it only seems so."""
    bounds = shapely.bounds(made.shapes)
    turned = bounds[:, [1, 0, 3, 2]]
    swapped = _is_beyond(bounds[:, [1, 3]], _POLE) & ~_is_beyond(turned[:, [1, 3]], _POLE)
    swapped &= ~_is_beyond(turned[:, [0, 2]], _TURN)
    if wishes.box is not None:
        outside = np.isfinite(bounds[:, 0]) & ~_within(bounds, wishes.box) & ~swapped
        by_box = np.asarray(outside & _within(turned, wishes.box), dtype=bool)
        if by_box.sum() == outside.sum():
            swapped |= by_box  # all that lies elsewhere lies in the box once turned
        elif by_box.any():
            what, fix = tell("note.open.maybe_swapped"), tell("fix.open.say_swap")
            made.questions.append(Problem(where, what, fix, _rows(numbers, by_box)))
    if swapped.any():
        made.shapes[swapped] = _turn(made.shapes[swapped])
        n_placed = int(np.isfinite(bounds[:, 0]).sum())
        rows = () if swapped.sum() == n_placed else _rows(numbers, swapped)
        what, fix = tell("note.open.swapped"), tell("fix.open.check_places")
        made.notes.append(Problem(where, what, fix, rows))


def _is_beyond(ends: NDArray[np.float64], most: float) -> NDArray[np.bool_]:
    """Tell which rows have an end that is farther out; those without ends have none."""
    beyond: NDArray[np.bool_] = np.zeros(len(ends), dtype=bool)
    for end in ends.T:
        beyond |= np.abs(end) > most
    return beyond


def _within(bounds: NDArray[np.float64], box: Bbox) -> NDArray[np.bool_]:
    west, south, east, north = box
    lon_low, lat_low, lon_high, lat_high = bounds.T
    if east < west:
        lon_low, lon_high = (np.where(lon < west, lon + _TURN, lon) for lon in (lon_low, lon_high))
        east += _TURN
    return np.asarray(
        (lon_low >= west) & (lon_high <= east) & (lat_low >= south) & (lat_high <= north)
    )
