"""Bringing what was read to EPSG:4490: one set of CRS rules, one datum rule, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import ProjError

from steppe.layers.columns import Contract
from steppe.layers.crs import CRS84, GEOD, PAGE_CRS, WORKING_CRS, name_crs
from steppe.layers.datum import to_wgs84
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.geometries import row_ids
from steppe.layers.wording import tell

TakeNote = Callable[[Note], None]

SAME_NUMBERS = {4326, 4490}  # CGCS2000 and WGS 84 agree within about a metre
_SHIFTED = {"gcj02", "bd09"}
_ZONE_PREFIX_M = 1e7  # eastings above this bear the number of their Gauss-Krueger zone
_EARTH_LIKE = 0.01  # every ellipsoid of the earth in the register is within this of GRS80
_CGCS2000 = re.compile(r"cgcs.?2000|china.*2000", re.IGNORECASE)
_TRANSVERSE_MERCATOR = "9807"  # the code of the method at EPSG


def to_working_crs(
    frame: gpd.GeoDataFrame,
    datum: str,
    contract: Contract,
    where: str,
    *,
    note: TakeNote = lambda _: None,
) -> gpd.GeoDataFrame:
    """Bring a layer to EPSG:4490 (lon, lat), and undo the shift of its datum.

    Parameters
    ----------
    frame
        As read, with its own CRS.
    datum
        One of `steppe.layers.datum.DATUMS`.
    contract
        Its key names the rows in messages.
    where
        File and layer, for the messages.
    note
        Called with a note where no way is known from the datum to WGS 84, so that the numbers
        are taken as they are.

    Raises
    ------
    InputError
        For a CRS that does not lie on the earth, or rows that do not lie where it holds.
    """
    crs = _horizontal(CRS.from_user_input(frame.crs), where)
    shapes = frame.geometry.to_numpy()
    if not _is_working(crs):
        _refuse_zone_prefix(frame, crs, where)
        shapes = _transform(shapes, _step(frame, crs, where, note))
        points, rows = shapely.get_coordinates(shapes, return_index=True)
        lost = np.unique(rows[~np.isfinite(points).all(axis=1)])
        if lost.size:
            what = tell("fault.crs.beyond", crs=name_crs(crs))
            ids = tuple(row_ids(frame, contract).iloc[lost])
            raise InputError(Problem(where, what, tell("fix.correct_rows_or_crs"), ids))
    if datum in _SHIFTED:
        shapes = _transform(shapes, lambda x, y: to_wgs84(x, y, datum=datum))
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=WORKING_CRS)


def _transform(shapes: NDArray[Any], step: Any) -> NDArray[Any]:
    moved: NDArray[Any] = shapely.transform(
        shapes, lambda points: np.column_stack(step(points[:, 0], points[:, 1]))
    )
    return moved


def _horizontal(crs: CRS, where: str) -> CRS:
    """Return what a CRS says of lon and lat, or of x and y, less heights."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    is_of_earth = crs.ellipsoid is not None and (
        abs(crs.ellipsoid.semi_major_metre / GEOD.a - 1.0) < _EARTH_LIKE
    )
    if crs.is_geocentric or not (crs.is_geographic or crs.is_projected) or not is_of_earth:
        what = tell("fault.crs.no_place", crs=name_crs(crs), kind=crs.type_name)
        raise InputError(Problem(where, what, tell("fix.save_in_4490")))
    return crs.to_2d()


def _is_working(crs: CRS) -> bool:
    return bool(crs.is_geographic) and (crs.to_epsg() in SAME_NUMBERS or crs == CRS84)


def _refuse_zone_prefix(frame: gpd.GeoDataFrame, crs: CRS, where: str) -> None:
    operation = crs.coordinate_operation
    if operation is None or operation.method_code != _TRANSVERSE_MERCATOR:
        return
    is_prefixed = float(crs.to_cf().get("false_easting", 0.0)) >= _ZONE_PREFIX_M
    if not is_prefixed and (frame.geometry.bounds["maxx"] > _ZONE_PREFIX_M).any():
        what = tell("fault.crs.zone", crs=name_crs(crs))
        raise InputError(Problem(where, what, tell("fix.set_zone_crs")))


def _step(frame: gpd.GeoDataFrame, crs: CRS, where: str, note: TakeNote) -> Any:
    """Return the best way of PROJ to WGS 84 or CGCS2000, whose numbers are the same.

    The register of EPSG leads from other datums to WGS 84, hardly ever to CGCS2000.  Where it
    leads nowhere, as from Xi'an 1980, PROJ takes the numbers over as they are ("ballpark"),
    which may be wrong by a hundred metres and more, and the user is told.
    """
    area = _area(frame, crs)
    if not _has_same_numbers(crs):
        try:
            return _way(crs, PAGE_CRS, area, allow_ballpark=False)
        except ProjError:
            note(tell("note.crs.no_way", where=where, crs=name_crs(crs)))
    return _way(crs, WORKING_CRS, area, allow_ballpark=True)


def _way(crs: CRS, target: CRS, area: AreaOfInterest | None, *, allow_ballpark: bool) -> Any:
    return Transformer.from_crs(
        crs,
        target,
        always_xy=True,
        area_of_interest=area,  # type: ignore[arg-type]  # its public name
        allow_ballpark=allow_ballpark,
    ).transform


def _has_same_numbers(crs: CRS) -> bool:
    """Tell whether a datum is CGCS2000, or none is named beside an ellipsoid of its size."""
    datum, ellipsoid = crs.datum, crs.ellipsoid
    if datum is None or ellipsoid is None:
        return False
    is_named = _CGCS2000.search(datum.name) is not None
    is_unnamed = datum.name.lower().startswith("unknown")
    return (is_named or is_unnamed) and ellipsoid.semi_major_metre == GEOD.a


def _area(frame: gpd.GeoDataFrame, crs: CRS) -> AreaOfInterest | None:
    """Return where the rows lie, by which PROJ chooses among the ways of one datum."""
    west, south, east, north = (float(end) for end in frame.total_bounds)
    if not crs.is_geographic:
        geodetic = crs.geodetic_crs
        if geodetic is None:
            return None
        to_degrees = Transformer.from_crs(crs, geodetic.to_2d(), always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(west, south, east, north)
    if not np.isfinite((west, south, east, north)).all() or max(abs(south), abs(north)) > 90:  # noqa: PLR2004
        return None
    return AreaOfInterest(west, south, east, north)
