"""Which columns of a table say where its rows lie: by their names, then by what they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

import pandas as pd

from steppe.layers.importing.angles import parse_angle, parse_pair
from steppe.layers.importing.shape_texts import parse_shape

Form = Literal["apart", "parts", "pair", "shape"]

_LON = frozenset({
    "lon", "long", "lng", "longitude", "longtitude", "longitud", "longitudine", "lontitude", "x", "e",
    "easting", "eastings", "east", "经度", "經度", "东经", "東經", "долгота", "longitude_e", "横坐标",
})  # fmt: skip
_LAT = frozenset({
    "lat", "latitude", "latitute", "latitud", "latitudine", "y", "n", "northing", "northings", "north",
    "纬度", "緯度", "北纬", "北緯", "широта", "纵坐标",
})  # fmt: skip
_PAIR = frozenset({
    "latlon", "latlng", "latlong", "lonlat", "lnglat", "longlat", "coordinates", "coordinate", "coords",
    "coord", "location", "position", "gps", "经纬度", "坐标", "位置", "座標", "координаты", "point",
})  # fmt: skip
_LON_FIRST = re.compile(r"lo?ng?.*lat|经.*纬|经纬|經緯")
_LAT_FIRST = re.compile(r"lat.*lo?ng?|纬.*经")
# Words that may stand beside those without meaning another place.
_BESIDE = frozenset({
    "wgs84", "wgs", "84", "gcj02", "gcj", "02", "bd09", "bd", "09", "cgcs2000", "2000", "dd", "deg",
    "degree", "degrees", "decimal", "coord", "coordinate", "coords", "point", "gps", "geo", "map", "m",
    "dms", "e", "w", "n", "s", "东", "北", "坐标", "site", "location", "position", "度", "centre", "center", "gaode", "amap", "baidu",
    "百度", "高德", "火星", "google",
})  # fmt: skip
_DATUM_WORDS = (
    ("bd09", re.compile(r"bd-?_?09|百度|baidu|^bd_|_bd$")),
    ("gcj02", re.compile(r"gcj-?_?02|火星|高德|gaode|amap|^gcj_|_gcj$|腾讯|tencent")),
    ("cgcs2000", re.compile(r"cgcs-?_?2000|国家2000|大地2000")),
    ("wgs84", re.compile(r"wgs-?_?84")),
)
_PARTS = (
    re.compile(r"(?:deg|degrees?|d|度)$"),
    re.compile(r"(?:min|minutes?|m|分)$"),
    re.compile(r"(?:sec|seconds?|s|秒)$"),
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_MOST_LOOKED_AT = 300
_SHARE = 0.5
_SHARE_UNNAMED = 0.95
_MERIDIANS = re.compile(r"[°º度'′分]|[NSEWnsew]\b|[东西南北]")


@dataclass(frozen=True)
class PlaceColumns:
    """Where a table says its places.

    Parameters
    ----------
    form
        `apart` in two columns, `parts` in degrees, minutes and seconds of two, `pair` in one,
        `shape` in one that holds whole geometries.
    columns
        Their names: x then y where they are apart; degrees, minutes, seconds of each in `parts`.
    datum
        As their names say.
    rivals
        Other columns that would do as well.
    first
        Which of a pair stands first by the column's name.
    """

    form: Form
    columns: tuple[str, ...]
    datum: str | None = None
    rivals: tuple[str, ...] = ()
    first: Literal["lon", "lat"] | None = field(default=None)


def find_place_columns(frame: pd.DataFrame, decimal: str) -> PlaceColumns | None:
    """Return the columns that say where the rows lie; None where none do.

    Parameters
    ----------
    frame
        The fields of a table.
    decimal
        The sign before the fraction of a number that is a text.
    """
    shape = _find_shape(frame)
    if shape is not None:
        return shape
    parts = _find_parts(frame, decimal)
    return parts or _find_apart(frame, decimal) or _find_pair(frame, decimal)


def _words(name: str) -> list[str]:
    """Return the words of a column's name, those of Chinese whole."""
    plain = unicodedata.normalize("NFKC", name)
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower()
    words = []
    for piece in re.split(r"[\W_]+", plain):
        words += _HAN.findall(piece)
        words += [word for word in _HAN.split(piece) if word]
    return words


def _read_name(name: str, known: frozenset[str]) -> tuple[int, tuple[str, ...]] | None:
    """Return how well a name says an axis, and the words beside the one that says it."""
    words = _words(name)
    for word in words:
        said = word if word in known else None
        if said is None and _HAN.fullmatch(word):
            said = next((each for each in known if len(each) > 1 and each in word), None)
        if said is None:
            continue
        rest = tuple(each for each in (*words, word.replace(said, "")) if each not in {word, ""})
        others = [each for each in rest if each not in _BESIDE]
        if len(said) == 1 and others:  # x, y, e, n beside another word may mean anything
            continue
        return (3 if not rest else 2 if not others else 1), tuple(others)
    return None


def _share(values: pd.Series, reads: Callable[[object], object]) -> float:
    found = (value for value in values if value is not None and value == value)  # noqa: PLR0124 (NaN)
    filled = list(islice(found, _MOST_LOOKED_AT))
    return sum(reads(value) is not None for value in filled) / max(len(filled), 1)


def find_datum_word(names: tuple[str, ...]) -> str | None:
    """Return the datum that names of columns speak of, if they do.

    >>> find_datum_word(("gcj02_lng", "gcj02_lat"))
    'gcj02'
    """
    text = " ".join(unicodedata.normalize("NFKC", name).lower() for name in names)
    return next((datum for datum, word in _DATUM_WORDS if word.search(text)), None)


def _find_apart(frame: pd.DataFrame, decimal: str) -> PlaceColumns | None:
    names = [str(name) for name in frame.columns]
    lons = {name: read for name in names if (read := _read_name(name, _LON))}
    lats = {name: read for name in names if (read := _read_name(name, _LAT))}
    pairs = [
        (min(lon_read[0], lat_read[0]), lon, lat)
        for lon, lon_read in lons.items()
        for lat, lat_read in lats.items()
        if lon != lat
        and lon_read[1] == lat_read[1]
        and find_datum_word((lon,)) == find_datum_word((lat,))
    ]
    good = [
        (score, lon, lat)
        for score, lon, lat in pairs
        if all(
            _share(frame[name], lambda cell: parse_angle(cell, decimal)) > _SHARE
            for name in (lon, lat)
        )
    ]
    if not good:
        return None
    # WGS 84 before a shifted datum, for it needs nothing undone; then the plainer names.
    shifted = ("gcj02", "bd09")
    good.sort(key=lambda each: (find_datum_word(each[1:]) in shifted, -each[0]))
    best = good[0]
    datums = {find_datum_word(each[1:]) for each in good}
    rivals = (
        tuple(f"{lon}, {lat}" for score, lon, lat in good[1:] if score == best[0])
        if len(datums) == 1
        else ()
    )
    return PlaceColumns("apart", best[1:], find_datum_word(best[1:]), rivals)


def _find_parts(frame: pd.DataFrame, decimal: str) -> PlaceColumns | None:
    """Find degrees, minutes and seconds of lon and of lat, each in a column of its own."""
    found: list[str] = []
    for known in (_LON, _LAT):
        for part in _PARTS:
            name = next(
                (
                    str(name)
                    for name in frame.columns
                    if str(name) not in found
                    and _says_part(str(name), known, part)
                    and _share(frame[name], lambda cell: parse_angle(cell, decimal)) > _SHARE
                ),
                None,
            )
            if name is None:
                return None
            found.append(name)
    return PlaceColumns("parts", tuple(found), find_datum_word(tuple(found)))


def _says_part(name: str, known: frozenset[str], part: re.Pattern[str]) -> bool:
    words = _words(name)
    says_axis = any(
        word in known or any(len(each) > 1 and each in word for each in known) for word in words
    )
    return says_axis and bool(words) and part.search(words[-1]) is not None


def _find_pair(frame: pd.DataFrame, decimal: str) -> PlaceColumns | None:
    for name in map(str, frame.columns):
        words = _words(name)
        is_named = (
            not _PAIR.isdisjoint(words)
            or any(each in word for word in words if _HAN.fullmatch(word) for each in _PAIR)
            or _says_both(name)
        )
        wanted = _SHARE if is_named else _SHARE_UNNAMED
        if (
            _share(frame[name], lambda cell: parse_pair(cell, decimal)) < wanted
            or frame[name].isna().all()
        ):
            continue
        if not is_named and _share(frame[name], lambda cell: _MERIDIANS.search(str(cell))) < wanted:
            continue
        is_geojson = (
            name.endswith("coordinates") and f"{name.removesuffix('coordinates')}type" in frame
        )
        first = "lon" if is_geojson else _first(name)
        return PlaceColumns("pair", (name,), find_datum_word((name,)), first=first)
    return None


def _says_both(name: str) -> bool:
    return _first(name) is not None


def _first(name: str) -> Literal["lon", "lat"] | None:
    text = unicodedata.normalize("NFKC", name).lower()
    if _LAT_FIRST.search(text):
        return "lat"
    return "lon" if _LON_FIRST.search(text) else None


def _find_shape(frame: pd.DataFrame) -> PlaceColumns | None:
    """Find a column of well-known text or binary, GeoJSON, or lists of coordinates."""
    found = [
        str(name)
        for name in frame.columns
        if frame[name].dtype == object
        and frame[name].notna().any()
        and _share(frame[name], _starts_as_shape) >= _SHARE_UNNAMED
    ]
    return PlaceColumns("shape", (found[0],), None, tuple(found[1:])) if found else None


def _starts_as_shape(cell: object) -> object | None:
    return parse_shape(cell) if isinstance(cell, str) else None
