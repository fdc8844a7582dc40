"""Whole geometries in one cell: well-known text and binary, GeoJSON, lists of coordinates."""

from __future__ import annotations

import json
import re
from typing import Any

import shapely

from steppe.layers.errors import UnfitError
from steppe.layers.geojson import make_shape
from steppe.layers.library_words import tell_error
from steppe.layers.wkb import from_wkb
from steppe.layers.wording import tell

_WKT = re.compile(
    r"\s*(?:SRID=(?P<srid>\d+);)?\s*(?P<text>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*(?:ZM|Z|M)?\s*[(E].*"
    r"|GEOMETRYCOLLECTION\s*(?:ZM|Z|M)?\s*[(E].*)",
    re.IGNORECASE | re.DOTALL,
)
_WKB = re.compile(r"\s*(?:\\x|0x)?(?P<hex>0[01](?:[0-9A-Fa-f]{2}){20,})\s*")
_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_LIST = re.compile(rf"{_NUMBER},\s?{_NUMBER}(?:;\s?{_NUMBER},\s?{_NUMBER})+;?")
"""Two places and more, as tables of fibre spans have them: `lon,lat;lon,lat`."""
_DEEPEST = 8
_EWKB_SRID = 0x2000_0000


def parse_shape(cell: object) -> str | None:
    """Return in which way a cell writes a geometry: wkt, wkb, json or list; None for none.

    >>> parse_shape("LINESTRING (111 40, 112 41)"), parse_shape("Lineside")
    ('wkt', None)
    """
    if not isinstance(cell, str):
        return None
    if _WKT.fullmatch(cell):
        return "wkt"
    if _WKB.fullmatch(cell):
        return "wkb"
    text = cell.strip()
    if text.startswith("{") and '"coordinates"' in text:
        return "json"
    return "list" if _LIST.fullmatch(text) else None


def make_from_text(cell: str) -> Any:
    """Make the geometry that a cell writes.

    Raises
    ------
    ValueError
        For what is no geometry.
    shapely.GEOSException
        For one that is broken.
    """
    match parse_shape(cell):
        case "wkt":
            found = _WKT.fullmatch(cell)
            text = found["text"] if found else ""
            if text.count("(") and _depth(text) > _DEEPEST:
                raise UnfitError(tell("told.too_deep"))
            return shapely.from_wkt(text)
        case "wkb":
            found = _WKB.fullmatch(cell)
            return from_wkb(bytes.fromhex(found["hex"]) if found else b"")
        case "json":
            return _from_json(cell)
        case "list":
            pairs = [pair.split(",") for pair in cell.strip().strip(";").split(";")]
            return shapely.LineString([(float(lon), float(lat)) for lon, lat in pairs])
        case _:
            raise UnfitError(tell("told.open.no_shape"))


def find_srid(cell: str) -> int | None:
    """Return the SRID that PostGIS's forms of text and binary name; None where they name none."""
    text = _WKT.fullmatch(cell)
    if text is not None:
        return int(text["srid"]) if text["srid"] else None
    binary = _WKB.fullmatch(cell)
    if binary is None:
        return None
    blob = bytes.fromhex(binary["hex"])
    order = "little" if blob[0] else "big"
    kind = int.from_bytes(blob[1:5], order)  # type: ignore[arg-type]
    return int.from_bytes(blob[5:9], order) if kind & _EWKB_SRID else None  # type: ignore[arg-type]


def _depth(text: str) -> int:
    depth = deepest = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def _from_json(cell: str) -> Any:
    try:
        return make_shape(json.loads(cell))
    except RecursionError as error:
        raise UnfitError(tell("told.too_deep")) from error
    except (AttributeError, TypeError):
        raise UnfitError(tell("told.open.no_shape")) from None
    except json.JSONDecodeError as error:
        raise ValueError(str(tell_error(error))) from None
