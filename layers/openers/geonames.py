"""Towns of GeoNames: the dumps `citiesNNN`, of a country, or of all, and their Chinese names.

The columns are those of the table `geoname` in the readme of the dump
(download.geonames.org/export/dump/readme.txt): tab-delimited UTF-8, without a head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import shapely

from steppe.layers.dates import read_day
from steppe.layers.openers.boxes import Bbox, holds, meet
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin, fit_layer
from steppe.layers.openers.published import damaged, open_bytes, refuse_suffix
from steppe.layers.wording import tell

_COLUMNS = (
    *("geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude"),
    *("feature_class", "feature_code", "country_code", "cc2", "admin1_code", "admin2_code"),
    *("admin3_code", "admin4_code", "population", "elevation", "dem", "timezone"),
    "modification_date",
)
_NAME_COLUMNS = (
    *("alternateNameId", "geonameid", "isolanguage", "alternate_name", "is_preferred"),
    *("is_short", "is_colloquial", "is_historic", "since", "until"),
)
_CHINESE = ("zh-CN", "zh-Hans", "zh", "zh-Hant", "zh-TW")
# Sections of places, and what was a place once.
_NO_TOWNS = ("PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH")
_SEATS = ("PPLC", "PPLA", "PPLA2", "PPLA3")
_LEAST_PEOPLE = 1000
_TOWN_M = 1000.0  # GeoNames gives none; half the width of a small town
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_AT_ONCE = 200_000
_NAMES_FILE = "alternateNames"
_OF_THE_WORLD = ("cities", "allCountries")


def open_geonames(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make towns of dumps.

    Parameters
    ----------
    files
        Dumps; one called `alternateNames...` tells the Chinese names.
    asked
        What is wanted.
    origin
        Of the opener.
    """
    names = [path for path in files if path.name.startswith(_NAMES_FILE)]
    dumps = [path for path in files if path not in names]
    if not dumps:
        raise refuse_suffix(names[0])
    parts, box = [], None
    for path in dumps:
        found, held = _read_towns(path, asked.box)
        parts.append(found)
        box = meet(asked.box, held) if box is None else box
    towns = pd.concat(parts, ignore_index=True).drop_duplicates("geonameid")
    spelled = _read_names(names, set(towns["geonameid"]))
    zh = [
        spelled.get(number) or _find_han(others) or name
        for number, others, name in zip(
            towns["geonameid"], towns["alternatenames"], towns["name"], strict=True
        )
    ]
    people = pd.to_numeric(towns["population"], errors="coerce")
    frame = pd.DataFrame(
        {
            "town_id": "geonames_" + towns["geonameid"],
            "name_zh": zh,
            "name_en": towns["name"],
            "population": people.where(people > 0),
            "accuracy_m": _TOWN_M,
            "source_id": origin.source_id,
            "as_of": towns["modification_date"],
        }
    )
    points = shapely.points(towns["longitude"].astype(float), towns["latitude"].astype(float))
    # The dump of a country holds none of its neighbours' towns.
    is_whole = all(path.name.startswith(_OF_THE_WORLD) for path in dumps)
    layer = FetchedLayer(
        "towns", fit_layer("towns", frame, points), box or asked.box, is_whole=is_whole
    )
    notes = [] if spelled else [tell("fetch.geonames.no_names")]
    return Fetched(origin, _newest(towns), (layer,), notes=notes)


def _newest(towns: pd.DataFrame) -> date:
    return read_day(max(towns["modification_date"], default="2000-01-01"))


def _read_towns(path: Path, box: Bbox) -> tuple[pd.DataFrame, Bbox]:
    """Return the towns within a box, and the box of all that the dump holds."""
    kept = []
    west = south = float("inf")
    east = north = float("-inf")
    for rows in _read_table(path, _COLUMNS):
        lon, lat = (pd.to_numeric(rows[name]) for name in ("longitude", "latitude"))
        west, east = min(west, lon.min()), max(east, lon.max())
        south, north = min(south, lat.min()), max(north, lat.max())
        is_town = (rows["feature_class"] == "P") & ~rows["feature_code"].isin(_NO_TOWNS)
        people = pd.to_numeric(rows["population"], errors="coerce").fillna(0)
        is_large = (people >= _LEAST_PEOPLE) | rows["feature_code"].isin(_SEATS)
        kept.append(rows[is_town & is_large & holds(box, lon, lat)])
    if not west <= east:
        raise refuse_suffix(path)
    return pd.concat(kept, ignore_index=True), (west, south, east, north)


def _read_table(path: Path, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Give the rows of a tab-delimited file some at a time, all as text."""
    try:
        with (
            open_bytes(path, member=f"{path.stem}.txt") as stream,
            pd.read_csv(
                stream,
                sep="\t",
                names=list(columns),
                dtype=str,
                quoting=3,
                keep_default_na=False,
                chunksize=_AT_ONCE,
                encoding_errors="replace",
                on_bad_lines="error",
            ) as chunks,
        ):
            for rows in chunks:
                if rows[columns[-1]].isna().any() or not rows[columns[0]].str.isdecimal().all():
                    raise ValueError(path.name)  # noqa: TRY301 (told below, like what pandas finds)
                yield rows
    except ValueError as error:
        raise damaged(path.name, error) from None


def _read_names(files: Sequence[Path], wanted: set[str]) -> dict[str, str]:
    """Return the Chinese names of some places: preferred ones first, then by the form of script."""
    best: dict[str, tuple[int, int, str]] = {}
    for path in files:
        for rows in _read_table(path, _NAME_COLUMNS):
            is_ours = rows["geonameid"].isin(wanted) & rows["isolanguage"].isin(_CHINESE)
            for row in rows[is_ours & (rows["is_historic"] != "1")].itertuples(index=False):
                order = (
                    0 if row.is_preferred == "1" else 1,
                    _CHINESE.index(str(row.isolanguage)),
                    str(row.alternate_name),
                )
                place = str(row.geonameid)
                best[place] = min(best.get(place, order), order)
    return {place: name for place, (_, _, name) in best.items()}


def _find_han(others: str) -> str:
    """Return the first name in Chinese signs of a list, where nothing tells its language."""
    return next((name for name in others.split(",") if _HAN.fullmatch(name)), "")
