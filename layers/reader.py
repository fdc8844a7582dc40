"""Reading layers: one set of CRS rules, one datum rule, every fault named in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.columns import Contract
from layers.conformity import check, checked
from layers.contracts import GEOMETRY_TYPES
from layers.crs import WORKING_CRS
from layers.datum import DATUMS, to_wgs84
from layers.errors import InputError, Problem, unreadable
from layers.interchange.formats import read_network_layer
from layers.interchange.network import Terms
from layers.tables import Bbox

_ZONE_PREFIX_M = 1e7  # eastings above this bear the number of their Gauss-Krueger zone
_CRS84 = CRS.from_user_input("OGC:CRS84")
SAME_NUMBERS = {4326, 4490}  # CGCS2000 and WGS 84 agree within about a metre


def read_layer(  # noqa: PLR0913 (one for each key of a layer in plan.toml)
    path: Path,
    contract: Contract,
    *,
    bbox: Bbox,
    crs: str | None = None,
    datum: str = "cgcs2000",
    table: str | None = None,
    terms: Terms = Terms(),  # noqa: B008 (frozen)
) -> gpd.GeoDataFrame:
    """Read one layer, bring it to EPSG:4490 (lon, lat) and check it.

    Parameters
    ----------
    path
        CSV with columns `lon` and `lat`, GeoJSON, GeoPackage or Shapefile; for nodes and
        fibre also a network of another tool, see `layers.interchange.formats`.
    contract
        What it must hold.
    bbox
        Where its features may lie: west, south, east, north in degrees.
    crs
        CRS of a CSV; forbidden for formats that say it themselves, unless it agrees.
    datum
        One of `layers.datum.DATUMS`; `gcj02` and `bd09` are undone here, once.
    table
        Layer inside a GeoPackage that holds several.
    terms
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
        raise InputError(
            Problem(where, f"unknown datum {datum!r}", f"use one of {', '.join(DATUMS)}")
        )
    with _reading(path, contract, where):
        frame = read_network_layer(path, contract, terms)
        if frame is None:
            is_csv = path.suffix == ".csv"
            frame = _read_csv(path, crs, where) if is_csv else _read_shapes(path, table, where)
    if path.suffix != ".csv" and crs is not None and _parse_crs(crs, where) != frame.crs:
        raise InputError(
            Problem(
                where,
                f"the file says {_name(frame.crs)}, plan.toml says {crs}",
                "drop crs from plan.toml",
            )
        )
    _raise_if(_geometry_faults(frame, contract, where))
    frame = _to_working_crs(frame, datum, where)
    problems, made = check(pd.DataFrame(frame.drop(columns="geometry")), contract, where=where)
    _raise_if([*_place_faults(frame, contract, bbox, where), *problems])
    return gpd.GeoDataFrame(made, geometry=frame.geometry, crs=WORKING_CRS)


def read_table(path: Path, contract: Contract) -> pd.DataFrame:
    """Read a CSV without geometry and check it.

    Raises
    ------
    InputError
        Naming every fault that was found.
    """
    where = f"{path.name} › {contract.name}"
    with _reading(path, contract, where):
        frame = _csv_rows(path)
    return checked(frame, contract, where=where)


@contextmanager
def _reading(path: Path, contract: Contract, where: str) -> Iterator[None]:
    """Turn what may go wrong with the file itself into one line."""
    if not path.exists():
        fix = f"put it beside plan.toml or correct [layers.{contract.name}]"
        raise InputError(Problem(where, "file not found", fix))
    try:
        yield
    except UnicodeDecodeError:
        raise InputError(Problem(where, "is not in UTF-8", "save it as CSV UTF-8")) from None
    except OSError as error:
        raise unreadable(where, error) from None
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        ValueError,
    ) as error:
        raise InputError(Problem(where, f"cannot be read: {error}", "check the file")) from None


def _raise_if(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _name(crs: CRS | None) -> str:
    if crs is None:
        return "no CRS"
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.name)


def _parse_crs(crs: str, where: str) -> CRS:
    try:
        return CRS.from_user_input(crs)
    except CRSError:
        raise InputError(Problem(where, f"unknown CRS {crs!r}", "give an EPSG code")) from None


def _csv_rows(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    return frame.replace("", None)


def _read_csv(path: Path, crs: str | None, where: str) -> gpd.GeoDataFrame:
    if crs is None:
        raise InputError(
            Problem(
                where,
                "a CSV says nothing of its CRS",
                'add crs = "EPSG:4490" (or its own) to plan.toml',
            )
        )
    known = _parse_crs(crs, where)
    frame = _csv_rows(path)
    missing = [name for name in ("lon", "lat") if name not in frame.columns]
    if missing:
        raise InputError(
            Problem(
                where,
                f"lacks the column {' and '.join(missing)}",
                "name the coordinates lon and lat",
            )
        )
    numbers = frame[["lon", "lat"]].apply(pd.to_numeric, errors="coerce")
    bad = numbers.isna().any(axis=1)
    if bad.any():
        rows = tuple(str(number + 2) for number in np.flatnonzero(bad))
        raise InputError(Problem(where, "lon or lat is not a number", "correct these lines", rows))
    points = gpd.points_from_xy(numbers["lon"], numbers["lat"])
    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=points, crs=known)


def _undefined_in_geopackage(path: Path, table: str) -> bool:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        row = base.execute(
            "select srs_id from gpkg_geometry_columns where table_name = ?", (table,)
        ).fetchone()
    return row is None or row[0] in (0, -1)


def _read_shapes(path: Path, table: str | None, where: str) -> gpd.GeoDataFrame:
    names = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
    if table is None and len(names) > 1:
        raise InputError(
            Problem(
                where, f"holds the layers {', '.join(names)}", "say which with table = in plan.toml"
            )
        )
    if table is not None and table not in names:
        raise InputError(
            Problem(
                where,
                f"has no layer {table!r}",
                f"it holds {', '.join(names) or 'none with a geometry'}",
            )
        )
    table = table or (names[0] if names else None)
    frame = gpd.read_file(path, layer=table)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(Problem(where, "has no geometry", "give a layer with geometry"))
    undefined = (
        path.suffix == ".gpkg" and table is not None and _undefined_in_geopackage(path, table)
    )
    if frame.crs is None or undefined:
        raise InputError(
            Problem(
                where,
                "has no CRS",
                "define it in QGIS (Layer › Set CRS) and save again; it is never guessed",
            )
        )
    if path.suffix in {".geojson", ".json"} and frame.crs.to_epsg() == 4326:  # noqa: PLR2004
        frame = frame.set_crs(_CRS84, allow_override=True)
    return frame


def _geometry_faults(frame: gpd.GeoDataFrame, contract: Contract, where: str) -> list[Problem]:
    shapes, key = frame.geometry, contract.key[0]
    ids = frame[key] if key in frame.columns else pd.Series(range(1, len(frame) + 1))
    wanted = str(contract.geometry)
    empty = (shapes.isna() | shapes.is_empty).to_numpy()
    other = ~empty & ~shapes.geom_type.isin(GEOMETRY_TYPES[wanted]).to_numpy()
    infinite = ~empty & ~np.isfinite(shapes.bounds.to_numpy()).all(axis=1)
    areas = shapes.geom_type.isin(GEOMETRY_TYPES["polygon"]).to_numpy()
    broken = ~empty & areas & ~shapes.is_valid.to_numpy()
    kinds = ", ".join(sorted(set(shapes.geom_type[other])))
    found = (
        (empty, "has no geometry", "draw or drop these rows"),
        (other, f"holds {kinds}, wanted {wanted}s", "give that kind of geometry"),
        (infinite, "has a coordinate that is not finite", "correct it"),
        (broken, "has a polygon that crosses itself", "repair it in QGIS (Fix geometries)"),
    )
    return [
        Problem(where, what, fix, tuple(ids[rows].astype("str")))
        for rows, what, fix in found
        if rows.any()
    ]


def _to_working_crs(frame: gpd.GeoDataFrame, datum: str, where: str) -> gpd.GeoDataFrame:
    crs = CRS.from_user_input(frame.crs)
    if crs.is_geographic and (crs.to_epsg() in SAME_NUMBERS or crs == _CRS84):
        moved = frame.set_crs(WORKING_CRS, allow_override=True)
    else:
        if (
            crs.is_projected
            and (frame.geometry.bounds["maxx"] > _ZONE_PREFIX_M).any()
            and not _prefixed(crs)
        ):
            raise InputError(
                Problem(
                    where,
                    f"eastings bear a zone number, but {_name(crs)} has none",
                    "set the Gauss-Krueger CRS with the zone prefix (EPSG:4513 to 4533)",
                )
            )
        moved = frame.to_crs(WORKING_CRS)
    if datum in {"gcj02", "bd09"}:
        shifted = shapely.transform(
            moved.geometry.to_numpy(),
            lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum=datum)),
        )
        moved = moved.set_geometry(gpd.GeoSeries(shifted, index=moved.index, crs=WORKING_CRS))
    return moved


def _prefixed(crs: CRS) -> bool:
    return float(crs.to_cf().get("false_easting", 0.0)) >= _ZONE_PREFIX_M


def _place_faults(
    frame: gpd.GeoDataFrame, contract: Contract, bbox: Bbox, where: str
) -> list[Problem]:
    west, south, east, north = bbox
    bounds = frame.geometry.bounds
    outside = ~(
        (bounds["minx"] >= west)
        & (bounds["maxx"] <= east)
        & (bounds["miny"] >= south)
        & (bounds["maxy"] <= north)
    )
    if not outside.any():
        return []
    key = contract.key[0]
    ids = tuple(frame.loc[outside, key].astype("str")) if key in frame.columns else ()
    swapped = (
        (bounds["miny"] >= west)
        & (bounds["maxy"] <= east)
        & (bounds["minx"] >= south)
        & (bounds["maxx"] <= north)
    )
    if (swapped & outside).sum() == outside.sum():
        return [
            Problem(
                where,
                "lon and lat are swapped",
                "exchange them; they are never turned silently",
                ids,
            )
        ]
    return [
        Problem(
            where,
            f"lies outside the plan's bbox {west:g}, {south:g}, {east:g}, {north:g}",
            "correct the rows, their CRS, or the bbox",
            ids,
        )
    ]
