"""Well-known binary of others: walked through before it is parsed.

The parser of GEOS calls itself for each level of a collection, and a blob of a megabyte that
nests collections ends the process.  The layouts are those of OGC 06-103r4, and PostGIS's flags.
"""

from __future__ import annotations

import struct
from typing import Any

import shapely

from steppe.layers.errors import UnfitError
from steppe.layers.wording import tell

_POINT, _LINE, _POLYGON = 1, 2, 3
_MULTI = {4: _POINT, 5: _LINE, 6: _POLYGON}
_COLLECTION = 7
_OTHERS = {
    7: "GeometryCollection",
    8: "CircularString",
    9: "CompoundCurve",
    10: "CurvePolygon",
    11: "MultiCurve",
    12: "MultiSurface",
    15: "PolyhedralSurface",
    16: "TIN",
    17: "Triangle",
}
_HAS_Z, _HAS_M, _HAS_SRID = 0x8000_0000, 0x4000_0000, 0x2000_0000
_PER_ISO_DIMENSION = 1000
_ORDERS = {0: ">", 1: "<"}


def from_wkb(blob: bytes, *, most_levels: int = 0) -> Any:
    """Make a geometry of well-known binary.

    Parameters
    ----------
    blob
        As a file holds it.
    most_levels
        So deeply may collections nest; none are taken by default.

    Raises
    ------
    ValueError
        For a deeper collection, a curve, or what is cut off.
    shapely.GEOSException
        For what is no geometry.
    """
    try:
        _walk(blob, 0, None, most_levels)
    except (struct.error, KeyError):
        raise UnfitError(tell("told.geometry.cut_off")) from None
    return shapely.from_wkb(blob)


def _walk(blob: bytes, at: int, wanted: int | None, most_levels: int) -> int:
    """Return where a geometry ends that starts at a place."""
    order = _ORDERS[int.from_bytes(blob[at : at + 1] or b"\xff")]
    (code,) = struct.unpack_from(f"{order}I", blob, at + 1)
    iso, kind = divmod(code & 0xFFFF, _PER_ISO_DIMENSION)
    n_dimensions = 2 + (bool(code & _HAS_Z) or iso in {1, 3}) + (bool(code & _HAS_M) or iso >= 2)  # noqa: PLR2004
    point_size = 8 * n_dimensions
    at += 5 + (4 if code & _HAS_SRID else 0)
    is_taken = kind == _COLLECTION and wanted is None and most_levels > 0
    if (kind in _OTHERS and not is_taken) or (wanted is not None and kind != wanted):
        if kind in _OTHERS:
            raise UnfitError(tell("told.geometry.kind", kind=_OTHERS[kind]))
        raise UnfitError(tell("told.geometry.several_kinds"))
    if kind == _POINT:
        return at + point_size
    (n_parts,) = struct.unpack_from(f"{order}I", blob, at)
    at += 4
    if kind == _LINE:
        return at + n_parts * point_size
    for _ in range(n_parts):
        if kind == _POLYGON:
            (n_points,) = struct.unpack_from(f"{order}I", blob, at)
            at += 4 + n_points * point_size
        else:
            at = _walk(blob, at, _MULTI.get(kind), most_levels - 1)
    return at
