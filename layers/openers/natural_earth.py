"""Natural Earth 1:10 million: outlines, railways, rivers, lakes, towns, airports.

Columns are those of versions 4 and 5 in any case; the theme of a file is told by its name
(`ne_10m_railroads`), as published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from steppe.layers.openers.boxes import Bbox, clip, meet
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin, fit_layer
from steppe.layers.openers.line_joining import join_lines
from steppe.layers.openers.published import measure_shapes, read_shapes, refuse_columns
from steppe.layers.wording import Message, tell

_LINE_M = 5000.0  # drawn for 1:10 000 000, half a millimetre
_POINT_M = 2000.0
_SMOOTH_DEG = 0.005

AS_OF = date(2023, 1, 1)  # version 5.1.2


@dataclass(frozen=True)
class Theme:
    """One theme: its layer, the names of its files, and how rows are made of its columns."""

    layer: str
    files: tuple[str, ...]
    geometry: str
    make: Callable[[pd.DataFrame, str], pd.DataFrame]
    accuracy_m: float
    lacks: Message | None = None


def _column(frame: pd.DataFrame, *names: str) -> pd.Series:
    """Return the first of some columns that there is, texts without blanks around; else nothing."""
    for name in names:
        if name in frame and not frame[name].isna().all():
            found = frame[name].astype(object)
            texts = [each.strip() if isinstance(each, str) else each for each in found]
            return pd.Series(
                [None if each in ("", "-99") else each for each in texts],
                index=frame.index,
                dtype=object,
            )
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def _ranks(frame: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(_column(frame, "scalerank"), errors="coerce").fillna(10).astype(int)


def _make_lines(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    refuse_columns(frame, ("scalerank",), where)
    ids = frame.groupby(_ranks(frame)).cumcount() + 1
    return pd.DataFrame(
        {
            "line_id": [
                f"ne_{rank:02d}_{number:05d}"
                for rank, number in zip(_ranks(frame), ids, strict=True)
            ],
            "name": _column(frame, "name", "name_en"),
            "rank": _ranks(frame),
        },
        index=frame.index,
    )


def _make_railways(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    return _make_lines(frame, where).assign(name=None)


def _make_lakes(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    refuse_columns(frame, ("scalerank", "name"), where)
    return pd.DataFrame(
        {
            "lake_id": [f"ne_{number:05d}" for number in range(1, len(frame) + 1)],
            "name": _column(frame, "name", "name_en"),
            "rank": _ranks(frame),
        },
        index=frame.index,
    )


def _make_airports(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    refuse_columns(frame, ("type", "name", "gps_code"), where)
    codes = _column(frame, "gps_code", "iata_code")
    return pd.DataFrame(
        {
            "airport_id": "ne_" + codes.astype("str"),
            "name": _column(frame, "name_en", "name"),
            "kind": _column(frame, "type").str.replace(" ", "_"),
        },
        index=frame.index,
    )[codes.notna()]


def _make_towns(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    refuse_columns(frame, ("name", "pop_max"), where)
    en = _column(frame, "name_en", "nameascii").fillna(_column(frame, "name"))
    people = pd.to_numeric(frame["pop_max"], errors="coerce")
    return pd.DataFrame(
        {
            "town_id": [
                f"ne_town_{name}_{number}"
                for number, name in enumerate(_slugs(_column(frame, "nameascii", "name")), start=1)
            ],
            "name_zh": _column(frame, "name_zh").fillna(en),
            "name_en": en,
            "population": people.where(people > 0),
        },
        index=frame.index,
    )


def _slugs(names: pd.Series) -> pd.Series:
    return names.fillna("").str.lower().str.replace(r"[^a-z0-9]+", "_", regex=True).str.strip("_")


def _make_outlines(kind: str, *codes: str) -> Callable[[pd.DataFrame, str], pd.DataFrame]:
    def make(frame: pd.DataFrame, where: str) -> pd.DataFrame:
        code = _column(frame, *codes)
        if code.isna().all():
            refuse_columns(frame, codes[:1], where)
        en = _column(frame, "name_en", "namelong", "name").fillna(code)
        return pd.DataFrame(
            {
                "boundary_id": code,
                "name_zh": _column(frame, "name_zh").fillna(en),
                "name_en": en,
                "kind": kind,
            },
            index=frame.index,
        )[code.notna()]

    return make


_COUNTRIES = _make_outlines("country", "iso_a2_eh", "iso_a2", "isoa2")
_PROVINCES = _make_outlines("province", "iso_3166_2")

THEMES = (
    Theme("boundaries", ("ne_10m_admin_0_countries",), "polygon", _COUNTRIES, _LINE_M),
    Theme("boundaries", ("ne_10m_admin_1_states_provinces",), "polygon", _PROVINCES, _LINE_M),
    Theme(
        "railways",
        ("ne_10m_railroads",),
        "line",
        _make_railways,
        _LINE_M,
        tell("fetch.natural_earth.railways"),
    ),
    Theme(
        "rivers",
        ("ne_10m_rivers_lake_centerlines",),
        "line",
        _make_lines,
        _LINE_M,
        tell("fetch.natural_earth.rivers"),
    ),
    Theme(
        "lakes",
        ("ne_10m_lakes",),
        "polygon",
        _make_lakes,
        _LINE_M,
        tell("fetch.natural_earth.lakes"),
    ),
    Theme("towns", ("ne_10m_populated_places",), "point", _make_towns, _POINT_M),
    Theme(
        "airports",
        ("ne_10m_airports",),
        "point",
        _make_airports,
        _POINT_M,
        tell("fetch.natural_earth.airports"),
    ),
)
"""What is read of Natural Earth, and what each theme is known to lack."""

_ALIASES = {
    "ne_10m_admin0_countries": "ne_10m_admin_0_countries",
    "ne_10m_admin1_china_russia": "ne_10m_admin_1_states_provinces",
}


def find_theme(path: Path) -> Theme | None:
    """Return the theme that a file is called after; None for one of another theme."""
    stem = _ALIASES.get(path.stem.lower(), path.stem.lower())
    named = [theme for theme in THEMES if stem.startswith(theme.files[0])]
    return max(named, key=lambda theme: len(theme.files[0]), default=None)


def open_natural_earth(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make layers of files of Natural Earth; files of other themes are told and left out."""
    parts: dict[str, list[gpd.GeoDataFrame]] = {}
    boxes: dict[str, Bbox] = {}
    lacks: dict[str, Message | None] = {}
    notes: list[Message] = []
    for path in files:
        theme = find_theme(path)
        if theme is None:
            notes.append(tell("fetch.other_theme", name=path.name))
            continue
        if theme.layer not in asked.only:
            continue
        box = meet(asked.box, measure_shapes(path))
        if box is None:
            notes.append(tell("fetch.nothing_here", name=path.name))
            continue
        parts.setdefault(theme.layer, []).append(_read(path, theme, box, origin))
        boxes[theme.layer] = box
        lacks[theme.layer] = theme.lacks
    layers = [
        FetchedLayer(name, _join(name, frames), boxes[name], lacks=lacks[name])
        for name, frames in parts.items()
    ]
    return Fetched(origin, AS_OF, layers, notes=notes)


def _read(path: Path, theme: Theme, box: Bbox, origin: Origin) -> gpd.GeoDataFrame:
    raw = clip(read_shapes(path, box), box, kind=theme.geometry)
    raw = raw.reset_index(drop=True)
    rows = theme.make(pd.DataFrame(raw.drop(columns="geometry")), path.name)
    frame = gpd.GeoDataFrame(rows, geometry=raw.geometry.loc[rows.index], crs=raw.crs)
    if theme.geometry == "line":
        frame = join_lines(frame, "line_id")
    if theme.geometry != "point":
        frame = frame.set_geometry(frame.geometry.simplify(_SMOOTH_DEG))
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(
        accuracy_m=theme.accuracy_m, source_id=origin.source_id, as_of=AS_OF.isoformat()
    )
    return fit_layer(theme.layer, table, np.asarray(frame.geometry))


def _join(name: str, frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    key = {"boundaries": "boundary_id", "towns": "town_id", "airports": "airport_id"}.get(
        name, "lake_id" if name == "lakes" else "line_id"
    )
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return gpd.GeoDataFrame(frame.drop_duplicates(key).sort_values(key).reset_index(drop=True))
