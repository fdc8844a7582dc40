"""Which CRS numbers without one may be in: by their size, and by where they would come to lie.

A Gauss-Krueger easting with a zone number has eight digits before the point, of which the first
two are the zone: 13 to 23 of six degrees, 25 to 45 of three over China (GB/T 17798; CGCS2000
in the register of EPSG: 4491 to 4501 and 4513 to 4533).  Without it every zone has the same
numbers, and only where the plan lies can tell them apart.  Web Mercator (EPSG:3857) reaches
20 037 508 m each way.  Of the datum numbers tell nothing: CGCS2000 is taken, which surveys in China
have had to use since July 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from steppe.layers.crs import PAGE_CRS
from steppe.layers.tables import Bbox

Floats = NDArray[np.float64]

_MILLION = 1_000_000.0
_SIX_DEGREES, _THREE_DEGREES = range(13, 24), range(25, 46)
_FIRST_CODE = {13: 4491, 25: 4513}
# Zones of three degrees without their number; those of six have the same meridians.
_BARE_MERIDIANS = {4534 + number: 75.0 + 3.0 * number for number in range(21)}
_DEGREE_M, _MERIDIAN_DEGREE_M = 111_320.0, 111_000.0
_ROUGHLY_DEG = 1.5
_WEB_MERCATOR = 3857
_MERCATOR_M = 20_037_508.35
_MERCATOR_NORTH_M = 20_048_966.2
_EASTING_M = (100_000.0, 900_000.0)  # with 500 000 m on the meridian, no zone is wider
_NORTHING_M = (300_000.0, 6_300_000.0)  # of China and around: 3 to 57 degrees
_NORTHING_UTM_M = 10_000_000.0
_LOOKED_AT = 2_000
_INSIDE = 0.9
_MARGIN_DEG = 0.5
_BEYOND_DEG = 6.0
_DEGREES = (360.0, 90.0)


@dataclass(frozen=True)
class Reading:
    """One way to read plane numbers.

    Parameters
    ----------
    codes
        Codes of EPSG; several where rows lie in several zones.
    is_turned
        Whether the northing stands first.
    """

    codes: tuple[int, ...]
    is_turned: bool

    @property
    def name(self) -> str:
        """How a user says it."""
        return ", ".join(f"EPSG:{code}" for code in self.codes)


def are_degrees(x: Floats, y: Floats) -> bool:
    """Tell whether numbers may be degrees, in either order."""
    turn, pole = _DEGREES
    fits = (np.abs(x) <= turn) & (np.abs(y) <= turn)
    return bool(fits.all()) and bool(((np.abs(y) <= pole) | (np.abs(x) <= pole)).all())


def zone_code(zone: int) -> int | None:
    """Return the code of the CGCS2000 zone whose eastings bear its number.

    >>> zone_code(37), zone_code(19), zone_code(24)
    (4525, 4497, None)
    """
    for zones in (_SIX_DEGREES, _THREE_DEGREES):
        if zone in zones:
            return _FIRST_CODE[zones[0]] + zone - zones[0]
    return None


def find_readings(x: Floats, y: Floats, box: Bbox | None) -> list[Reading]:
    """Return the ways to read plane numbers that make sense, those within the plan's box alone.

    Parameters
    ----------
    x, y
        The numbers as they stand, shape (n,), finite.
    box
        Where the rows should lie: west, south, east, north; None where nobody knows.
    """
    found = []
    for is_turned in (False, True):
        east, north = (y, x) if is_turned else (x, y)
        if box is None and _is_bare(east, north):
            return []  # any zone of the earth has such numbers, and Web Mercator too
        codes = _zones(east, north)
        if codes:
            found.append(Reading(codes, is_turned))
        if _is_mercator(east, north) and not (is_turned and box is None):
            found.append(Reading((_WEB_MERCATOR,), is_turned))
        if box is not None and _is_bare(east, north):
            found += [Reading((code,), is_turned) for code in _bare_codes(east, north, box)]
    if box is None:
        return found
    step = max(1, len(x) // _LOOKED_AT)
    return [each for each in found if _lies_in(each, x[::step], y[::step], box)]


def split_zones(east: Floats) -> dict[int, NDArray[np.bool_]]:
    """Return which eastings bear the number of which zone, by the code of the zone."""
    zones = np.floor(east / _MILLION).astype(int)
    codes = {zone: zone_code(int(zone)) for zone in np.unique(zones)}
    return {code: zones == zone for zone, code in codes.items() if code is not None}


def _zones(east: Floats, north: Floats) -> tuple[int, ...]:
    low, high = _NORTHING_M
    within = east % _MILLION
    if not ((north >= low) & (north <= high)).all():
        return ()
    if not ((within >= _EASTING_M[0]) & (within <= _EASTING_M[1])).all():
        return ()
    zones = np.unique(np.floor(east / _MILLION).astype(int))
    codes = [zone_code(int(zone)) for zone in zones]
    is_one_width = len({zone in _SIX_DEGREES for zone in zones}) == 1
    return tuple(code for code in codes if code is not None) if all(codes) and is_one_width else ()


def _is_mercator(east: Floats, north: Floats) -> bool:
    is_within = (np.abs(east) <= _MERCATOR_M).all() and (np.abs(north) <= _MERCATOR_NORTH_M).all()
    return bool(is_within and max(np.abs(east).max(), np.abs(north).max()) > _DEGREES[0])


def _is_bare(east: Floats, north: Floats) -> bool:
    low, high = _EASTING_M
    is_easting = ((east >= low) & (east <= high)).all()
    return bool(is_easting and ((north >= 0) & (north <= _NORTHING_UTM_M)).all())


def _bare_codes(east: Floats, north: Floats, box: Bbox) -> list[int]:
    """Return the zones, of CGCS2000 and UTM, that may lead numbers without a zone into a box."""
    west, south, far, top = box
    far += 360.0 if far < west else 0.0
    lat = float(np.median(north)) / _MERIDIAN_DEGREE_M
    off = (float(np.median(east)) - 500_000.0) / (_DEGREE_M * np.cos(np.radians(min(lat, 80.0))))
    meridians = dict(_BARE_MERIDIANS)
    if top > 0:
        meridians |= {32600 + zone: 6.0 * zone - 183.0 for zone in range(1, 61)}
    if south < 0:
        meridians |= {32700 + zone: 6.0 * zone - 183.0 for zone in range(1, 61)}
    return [
        code
        for code, meridian in meridians.items()
        if any(
            west - _ROUGHLY_DEG <= meridian + off + turn <= far + _ROUGHLY_DEG
            for turn in (0.0, 360.0)
        )
    ]


def _lies_in(reading: Reading, x: Floats, y: Floats, box: Bbox) -> bool:
    return _are_in(*to_degrees(reading, x, y), box)


def _are_in(lon: Floats, lat: Floats, box: Bbox) -> bool:
    """Tell whether places lie in a box, but for a few, and half a degree round it."""
    west, south, east, north = box
    lon = np.where((east < west) & (lon < west - _MARGIN_DEG), lon + 360.0, lon)
    east += 360.0 if east < west else 0.0
    inside = (lon >= west - _MARGIN_DEG) & (lon <= east + _MARGIN_DEG)
    inside &= (lat >= south - _MARGIN_DEG) & (lat <= north + _MARGIN_DEG)
    return bool(inside.mean() >= _INSIDE)


def to_degrees(reading: Reading, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return lon and lat of numbers that are read in one way; infinite where it does not hold."""
    east, north = (y, x) if reading.is_turned else (x, y)
    lon, lat = np.full_like(east, np.inf), np.full_like(north, np.inf)
    if len(reading.codes) == 1:
        rows = {reading.codes[0]: np.ones(len(east), dtype=bool)}
    else:
        rows = split_zones(east)
    for code, here in rows.items():
        way = Transformer.from_crs(CRS.from_epsg(code), PAGE_CRS, always_xy=True)
        lon[here], lat[here] = way.transform(east[here], north[here])
    return lon, lat


def is_turned(crs: CRS, x: Floats, y: Floats) -> bool:
    """Tell whether numbers lie where a projected CRS holds only with the northing first.

    Surveys in China call the northing X and the easting Y.

    Parameters
    ----------
    crs
        That the numbers are in.
    x, y
        The numbers as they stand, shape (n,), finite; an easting may bear the number of its zone.
    """
    area = crs.area_of_use
    if not crs.is_projected or area is None or not x.size:
        return False
    step = max(1, len(x) // _LOOKED_AT)
    way = Transformer.from_crs(crs, PAGE_CRS, always_xy=True)
    # Zones are used well beyond their edges; a turned northing leads over half a continent.
    bounds = (
        area.west - _BEYOND_DEG,
        area.south - _BEYOND_DEG,
        area.east + _BEYOND_DEG,
        area.north + _BEYOND_DEG,
    )

    def fits(east: Floats, north: Floats) -> bool:
        is_prefixed = bool((east > 10.0 * _MILLION).all()) and crs.to_epsg() != _WEB_MERCATOR
        lon, lat = way.transform(east % _MILLION if is_prefixed else east, north)
        return _are_in(np.asarray(lon), np.asarray(lat), bounds)

    return fits(y[::step], x[::step]) and not fits(x[::step], y[::step])
