"""Cables that are drawn as lines and name no node: their ends joined, nodes made where none is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.intake.import_request import JOIN_KM, ImportRequest
from steppe.layers.cells import read_texts
from steppe.layers.contracts.network import NODES
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.field_words import plain_name
from steppe.layers.importing.fields_matching import Match
from steppe.layers.importing.line_ends import Ends, MadeNode, join_ends
from steppe.layers.interchange.countries import UNKNOWN, country_code
from steppe.layers.mapped_columns import ColumnSource, is_unknown
from steppe.layers.wording import tell

_FROM = (
    "from",
    "start",
    "a end",
    "a",
    "origin",
    "from site",
    "site a",
    "起点",
    "a端",
    "起始站",
    "始端",
    "本端",
)
_TO = (
    "to",
    "end",
    "z end",
    "b end",
    "b",
    "z",
    "destination",
    "to site",
    "site b",
    "终点",
    "z端",
    "b端",
    "终止站",
    "末端",
    "对端",
)
_COUNTRY = ("country", "country code", "iso2", "国家", "国别")
_MADE = ("from_node", "to_node", "joints")


@dataclass(frozen=True)
class MadeEnds:
    """Nodes that an import makes.

    Parameters
    ----------
    nodes
        Contract `NODES`: the plan's own, then those that were made.
    n_made
        How many were made.
    """

    nodes: gpd.GeoDataFrame
    n_made: int


def join_cables(
    frame: pd.DataFrame,
    matches: Sequence[Match],
    nodes: gpd.GeoDataFrame | None,
    request: ImportRequest,
    where: str,
    note: Callable[[Note], None],
) -> tuple[MadeEnds | None, pd.DataFrame, tuple[Match, ...]]:
    """Return cables with the nodes at their ends.

    Parameters
    ----------
    frame
        The cables, as the file has them.
    matches
        Which field is which column.
    nodes
        Nodes of the plan; None where it has none.
    request
        What was asked.
    where
        File, for the messages.
    note
        Takes one line on what was done.

    Returns
    -------
    tuple
        The nodes that are to be added, None for none; the cables, a row for each line, with
        fields for their ends; and which field is which.

    Raises
    ------
    InputError
        Where no line has two ends.
    """
    frame = _one_line_each(gpd.GeoDataFrame(frame), matches, where, note)
    own = nodes if nodes is not None else None
    ids = [] if own is None else list(own["node_id"].astype("str"))
    places = np.empty((0, 2)) if own is None else np.column_stack([own.geometry.x, own.geometry.y])
    named = list(zip(_read(frame, _FROM), _read(frame, _TO), strict=True))
    ends = join_ends(list(frame.geometry), ids, places, join_km=_reach(request), named=named)
    names = _free_fields(frame)
    values = {
        "from_node": ends.starts,
        "to_node": ends.stops,
        "joints": [each or None for each in ends.joints],
    }
    fields = {
        names[name]: pd.Series(cells, index=frame.index, dtype=object)
        for name, cells in values.items()
    }
    frame = frame.assign(**fields).set_geometry(list(ends.lines), crs=frame.crs)
    loops = np.array([not start for start in ends.starts], dtype=bool)
    if loops.all():
        raise InputError(Problem(where, tell("fault.import.loops"), tell("fix.import.join_km")))
    _tell(ends, frame, loops, request, where, note)
    made = tuple(Match(name, ColumnSource(names[name]), 1.0, "shape") for name in _MADE)
    made += tuple(
        Match(name, ColumnSource(value="assumed"), 1.0, "shape")
        for name in ("ends_basis", "joints_basis")
    )
    found = {each.column for each in matches}
    made = tuple(each for each in made if each.column in _MADE or each.column not in found)
    added = _to_nodes(ends.made, frame, own, request) if ends.made else None
    return added, frame[~loops].reset_index(drop=True), made


def _reach(request: ImportRequest) -> float:
    return JOIN_KM if request.join_km is None else request.join_km


def _one_line_each(
    frame: gpd.GeoDataFrame, matches: Sequence[Match], where: str, note: Callable[[Note], None]
) -> gpd.GeoDataFrame:
    """Return a row for each line: what is drawn in pieces that do not meet is as many cables."""
    n_parts = shapely.get_num_geometries(frame.geometry.to_numpy())
    if not (n_parts > 1).any():
        return frame
    apart = frame.explode(index_parts=True)
    key = next((each.source.field for each in matches if each.column == "cable_id"), "")
    if key:
        numbers = apart.index.get_level_values(1) + 1
        several = n_parts[apart.index.get_level_values(0)] > 1
        apart[key] = [
            f"{cell}_{number}" if is_part else cell
            for cell, number, is_part in zip(apart[key], numbers, several, strict=True)
        ]
    note(tell("note.import.parts", where=where, n=int((n_parts > 1).sum()), n_lines=len(apart)))
    return apart.reset_index(drop=True)


def _find(frame: pd.DataFrame, names: Sequence[str]) -> str | None:
    plain = {plain_name(str(name)): str(name) for name in frame.columns if name != "geometry"}
    return next((plain[name] for name in names if name in plain), None)


def _read(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    field = _find(frame, names)
    if field is None:
        return [""] * len(frame)
    cells = read_texts(frame[field]).cells()
    return ["" if cell is None or is_unknown(cell) else cell.strip() for cell in cells]


def _free_fields(frame: pd.DataFrame) -> dict[str, str]:
    """Return what the fields that are made are called, beside the source's own."""
    taken = {str(name).casefold() for name in frame.columns}
    return {name: name if name not in taken else f"steppe_{name}" for name in _MADE}


def _tell(
    ends: Ends,
    frame: pd.DataFrame,
    loops: np.ndarray,
    request: ImportRequest,
    where: str,
    note: Callable[[Note], None],
) -> None:
    n_lines = len(frame)
    note(
        tell(
            "note.import.ends",
            where=where,
            n_lines=n_lines,
            n_made=len(ends.made),
            join_km=_reach(request),
            n_drawn_on=ends.n_drawn_on,
            farthest_km=ends.farthest_km,
        )
    )
    if loops.any():
        rows = tuple(str(row + 1) for row in np.flatnonzero(loops))
        what = tell("note.counted", n=len(rows), what=tell("note.import.loops"))
        note(Problem(where, what, tell("fix.import.join_km"), rows))
    n_joints = sum(bool(each) for each in ends.joints)
    if n_joints:
        note(tell("note.import.joints", where=where, n=n_joints))


def _to_nodes(
    made: Sequence[MadeNode],
    frame: pd.DataFrame,
    own: gpd.GeoDataFrame | None,
    request: ImportRequest,
) -> MadeEnds:
    countries = [country_code(each) if each else UNKNOWN for each in _read(frame, _COUNTRY)]
    rows = gpd.GeoDataFrame(
        {
            "node_id": [each.node_id for each in made],
            "name_zh": [each.name for each in made],
            "name_en": [each.name for each in made],
            # Where nobody names a place, nothing but lines is known to meet.
            "kind": ["metro" if each.is_named else "junction" for each in made],
            "country": [countries[each.line] for each in made],
            "accuracy_m": float(round(1000 * _reach(request))),
        },
        geometry=gpd.points_from_xy([each.lon for each in made], [each.lat for each in made]),
        crs=frame.crs if isinstance(frame, gpd.GeoDataFrame) else None,
    )
    if own is None:
        return MadeEnds(rows, len(made))
    # Both datums are one to a decimetre: the numbers are the same.
    known = own.set_crs(rows.crs, allow_override=True) if rows.crs is not None else own
    both = gpd.GeoDataFrame(pd.concat([known, rows], ignore_index=True))
    kept = [name for name in both.columns if name in NODES.columns or name == "geometry"]
    return MadeEnds(gpd.GeoDataFrame(both[kept], crs=rows.crs), len(made))
