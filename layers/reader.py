"""Reading layers: one way for each suffix, every fault named in one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.antimeridian import settle
from steppe.layers.columns import Contract
from steppe.layers.conformity import check, checked
from steppe.layers.crs import WORKING_CRS, name_crs, parse_crs
from steppe.layers.csvfiles import read_csv_rows
from steppe.layers.datum import DATUMS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.filling import NOTHING, Gaps, fill
from steppe.layers.geojson import read_geojson
from steppe.layers.geometries import geometry_faults, place_faults, with_shapes
from steppe.layers.geopackage import read_geopackage
from steppe.layers.interchange.formats import read_network_layer
from steppe.layers.interchange.frames import DEFAULTS
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.library_words import unreadable
from steppe.layers.limits import COLUMNS, LAYER_BYTES, ROWS, TEXT_LENGTH, VERTICES
from steppe.layers.mapped_columns import PLACE, Columns, map_columns
from steppe.layers.representative import find_reaches, to_kind, to_points
from steppe.layers.reprojection import to_working_crs
from steppe.layers.safe_files import admit
from steppe.layers.shapefile import read_shapefile
from steppe.layers.tables import Bbox
from steppe.layers.wording import Message, join, tell

_CSV = ".csv"
Frame = TypeVar("Frame", bound=pd.DataFrame)


def read_layer(  # noqa: PLR0913 (one for each key of a layer in plan.toml)
    path: Path,
    contract: Contract,
    *,
    bbox: Bbox,
    crs: str | None = None,
    datum: str = "cgcs2000",
    table: str | None = None,
    encoding: str | None = None,
    gaps: Gaps = NOTHING,
    columns: Columns = MappingProxyType({}),
    options: ReadingOptions = ReadingOptions(),  # noqa: B008 (frozen)
) -> gpd.GeoDataFrame:
    """Read one layer, bring it to EPSG:4490 (lon, lat) and check it.

    Parameters
    ----------
    path
        CSV with columns `lon` and `lat`, GeoJSON, GeoPackage or Shapefile; for nodes and
        fibre also a network of another tool, see `steppe.layers.interchange.formats`.
    contract
        What it must hold.
    bbox
        Where its features may lie: west, south, east, north in degrees.
    crs
        CRS of a CSV; forbidden for formats that say it themselves, unless it agrees.
    datum
        One of `steppe.layers.datum.DATUMS`; `gcj02` and `bd09` are undone here, once.
    table
        Layer inside a GeoPackage that holds several.
    encoding
        One of `steppe.layers.encodings.ENCODINGS`, where the file does not say it.
    gaps
        What fills what the file does not tell.
    columns
        Which fields of the file the columns are, where it is not of our own.
    options
        What the plan says of a network of another tool because its file does not.

    Returns
    -------
    GeoDataFrame
        In EPSG:4490, conforming to the contract.

    Raises
    ------
    InputError
        Naming every fault that was found.
    """
    where = f"{path.name} › {contract.name}"
    if datum not in DATUMS:
        what = tell("fault.datum.unknown", datum=datum)
        raise InputError(Problem(where, what, tell("fix.use_one_of", known=join(DATUMS))))
    admit(path, where, LAYER_BYTES, missing=_missing(contract))
    is_csv = path.suffix.lower() == _CSV
    frame = _read_network(path, contract, options, where)
    is_drawn = frame is None
    if frame is None:
        frame = (
            _read_points(path, crs, where, encoding=encoding, columns=columns)
            if is_csv
            else _read_shapes(path, contract, where, table=table, encoding=encoding)
        )
    if not is_csv and crs is not None and parse_crs(crs, where) != frame.crs:
        what = tell("fault.crs.two", in_file=name_crs(frame.crs), in_plan=crs)
        raise InputError(Problem(where, what, tell("fix.drop_crs")))
    _refuse_large(frame, where)
    if is_drawn:
        own = {name: each for name, each in columns.items() if name not in PLACE}
        frame = map_columns(frame, contract, own, where)
        if columns:
            frame = frame.set_geometry(to_kind(frame.geometry.to_numpy()), crs=frame.crs)
    if columns and contract.geometry == "point":
        frame, gaps = _to_points(frame, gaps, where, options.tell)
    _raise_if(geometry_faults(frame, contract, where, is_drawn=is_drawn))
    frame = to_working_crs(frame, datum, contract, where, note=options.tell)
    frame = frame.set_geometry(settle(frame.geometry.to_numpy()), crs=WORKING_CRS)
    if is_drawn:
        frame = _fill(frame, contract, gaps, where, options.tell)
    rows = pd.DataFrame(frame.drop(columns="geometry"))
    problems, made = check(rows, contract, where=where)
    _raise_if([*place_faults(frame, contract, bbox, where), *problems])
    return gpd.GeoDataFrame(made, geometry=frame.geometry, crs=WORKING_CRS)


def read_table(
    path: Path,
    contract: Contract,
    *,
    encoding: str | None = None,
    gaps: Gaps = NOTHING,
    columns: Columns = MappingProxyType({}),
    note: Callable[[Note], None] = lambda _: None,
) -> pd.DataFrame:
    """Read a CSV without geometry and check it.

    Parameters
    ----------
    path, contract, encoding, gaps, columns
        See `read_layer`.
    note
        Takes one line on what was assumed.

    Raises
    ------
    InputError
        Naming every fault that was found.
    """
    where = f"{path.name} › {contract.name}"
    if path.suffix.lower() != _CSV:
        raise InputError(Problem(where, tell("fault.csv.by_name"), tell("fix.give_csv")))
    frame = read_csv_rows(path, where, encoding=encoding, missing=_missing(contract))
    frame = map_columns(frame.replace("", None), contract, columns, where)
    return checked(_fill(frame, contract, gaps, where, note), contract, where=where)


def _fill(
    frame: Frame, contract: Contract, gaps: Gaps, where: str, note: Callable[[Note], None]
) -> Frame:
    """Return rows with what their file does not tell, and say what of it is assumed."""
    filled, assumed = fill(frame, contract, gaps, where)
    if assumed is not None:
        note(assumed)
    return filled


def _to_points(
    frame: gpd.GeoDataFrame, gaps: Gaps, where: str, note: Callable[[Note], None]
) -> tuple[gpd.GeoDataFrame, Gaps]:
    """Return rows with a point in the ground of each that is a polygon, and how far that reaches."""
    grounds = frame.geometry.to_numpy()
    points = to_points(grounds)
    n_made = int((points != grounds).sum())
    if not n_made or frame.crs is None:
        return frame, gaps
    note(tell("note.points_made", where=where, n=n_made))
    reaches = find_reaches(frame.geometry.to_crs(WORKING_CRS).to_numpy())
    return frame.set_geometry(points, crs=frame.crs), replace(gaps, drawn_m=reaches)


def _missing(contract: Contract) -> Message:
    return tell("fix.put_layer_beside_plan", layer=contract.name)


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _read_network(
    path: Path, contract: Contract, options: ReadingOptions, where: str
) -> gpd.GeoDataFrame | None:
    try:
        return read_network_layer(path, contract, options)
    except OSError as error:
        raise unreadable(where, error) from None


def _read_points(
    path: Path, crs: str | None, where: str, *, encoding: str | None, columns: Columns
) -> gpd.GeoDataFrame:
    if crs is None:
        raise InputError(Problem(where, tell("fault.crs.of_csv"), tell("fix.add_crs")))
    known = parse_crs(crs, where)
    frame = read_csv_rows(path, where, encoding=encoding).replace("", None)
    frame = frame.rename(columns={columns[name].field: name for name in PLACE if name in columns})
    missing = [name for name in ("lon", "lat") if name not in frame.columns]
    if missing:
        what = tell("fault.column.lacking", name=join(missing, "join.and"))
        raise InputError(Problem(where, what, tell("fix.name_lon_and_lat")))
    numbers = frame[["lon", "lat"]].apply(pd.to_numeric, errors="coerce")
    bad = numbers.isna().any(axis=1)
    if bad.any():
        rows = tuple(str(number + 2) for number in np.flatnonzero(bad))
        what = tell("fault.geometry.no_number")
        raise InputError(Problem(where, what, tell("fix.correct_lines"), rows))
    points = gpd.points_from_xy(numbers["lon"], numbers["lat"])
    return with_shapes(frame.drop(columns=["lon", "lat"]), points, known, where)


def _read_shapes(
    path: Path, contract: Contract, where: str, *, table: str | None, encoding: str | None
) -> gpd.GeoDataFrame:
    """Read a file by the one way that its suffix stands for, whatever it may hold."""
    match path.suffix.lower():
        case ".geojson" | ".json":
            frame = read_geojson(path, contract, where, encoding=encoding)
        case ".gpkg":
            frame = read_geopackage(path, contract, where, table=table)
        case ".shp":
            frame = read_shapefile(path, contract, where, encoding=encoding)
        case _:
            is_network = contract.name in DEFAULTS
            fix = tell("fix.give_layer_or_network") if is_network else tell("fix.give_layer")
            raise InputError(Problem(where, tell("fault.file.format"), fix))
    if frame.crs is None:
        raise InputError(Problem(where, tell("fault.crs.lacking"), tell("fix.define_crs")))
    return frame


def _refuse_large(frame: gpd.GeoDataFrame, where: str) -> None:
    ROWS.refuse_over(len(frame), where)
    COLUMNS.refuse_over(len(frame.columns), where)
    VERTICES.refuse_over(int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum()), where)
    for name in frame.columns.drop("geometry"):
        if frame[name].dtype.kind in "iufbM":
            continue  # holds no text
        cells = frame[name].to_numpy(dtype=object)
        lengths = [len(value) for value in cells if isinstance(value, str | bytes)]
        TEXT_LENGTH.refuse_over(max(lengths, default=0), f"{where}.{name}")
