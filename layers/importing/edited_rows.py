"""What was changed of a layer that was written, edited elsewhere, and is read again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from steppe.layers.cells import read_texts
from steppe.layers.columns import Column, Contract
from steppe.layers.crs import GEOD
from steppe.layers.written_values import writable_frame

_SAME_DEG = 1e-9  # a tenth of a millimetre; what writing and reading leaves alone
_FOLLOWS = ("length_km", "measured_ha")


@dataclass(frozen=True)
class Edits:
    """What was changed of a layer.

    Parameters
    ----------
    added, removed
        Ids of rows.
    moved
        Id to how far the shape was moved, metres: the farthest of its corners from the shape before.
    cells
        Id and column to what stands there before and after, as texts; None for nothing.
    passed_over
        Columns of the edited layer that the plan's own does not have.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    moved: dict[str, float]
    cells: dict[tuple[str, str], tuple[str | None, str | None]]
    passed_over: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether nothing was changed."""
        return not (self.added or self.removed or self.moved or self.cells)


def compare_rows(own: gpd.GeoDataFrame, edited: gpd.GeoDataFrame, contract: Contract) -> Edits:
    """Return what was changed of a layer.

    Parameters
    ----------
    own
        The layer as the plan reads it, EPSG:4490.
    edited
        The layer as it came back, in degrees; columns that the contract does not know are results,
        or somebody's own, and are passed over.
    contract
        The layer.
    """
    key = contract.key[0]
    before = writable_frame(own).set_index(read_texts(own[key]).cells())
    after = edited.set_index(read_texts(edited[key]).cells())
    rows = [each for each in after.index if each in before.index]
    columns = [name for name in contract.columns if name in after.columns and name != key]
    cells: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    for name in columns:
        if name in _FOLLOWS:
            continue
        old, new = (_spell(frame.loc[rows], name) for frame in (before, after))
        for row, was, now in zip(rows, old, new, strict=True):
            if was != now and not _is_one_number(was, now, contract.columns[name]):
                cells[row, name] = (was, now)
    moved = {}
    for row in rows:
        metres = _move_m(before.geometry.loc[row], after.geometry.loc[row])
        if metres is not None:
            moved[row] = metres
    known = {*contract.columns, "geometry"}
    return Edits(
        added=tuple(str(each) for each in after.index if each not in before.index),
        removed=tuple(str(each) for each in before.index if each not in after.index),
        moved=moved,
        cells=cells,
        passed_over=tuple(str(name) for name in after.columns if name not in known),
    )


def _is_one_number(was: str | None, now: str | None, column: Column) -> bool:
    """Tell whether two texts are one number, as 144 and 144.0 are."""
    if column.kind not in ("number", "whole") or was is None or now is None:
        return False
    try:
        return math.isclose(float(was), float(now), rel_tol=1e-11, abs_tol=0.0)
    except ValueError:
        return False


def _spell(frame: gpd.GeoDataFrame, name: str) -> list[str | None]:
    return [text or None for text in read_texts(frame[name]).cells()]


def _move_m(before: Any, after: Any) -> float | None:
    """Return how far a shape was moved, metres; None where it stands as it did."""
    one, other = shapely.get_coordinates(before), shapely.get_coordinates(after)
    if one.shape == other.shape and np.allclose(one, other, rtol=0.0, atol=_SAME_DEG):
        return None
    nearest = shapely.get_coordinates(shapely.shortest_line(shapely.points(other), before))[1::2]
    if shapely.get_type_id(before) == shapely.GeometryType.POINT:
        nearest = np.repeat(one, len(other), axis=0)
    return float(np.max(GEOD.inv(*other.T, *nearest.T)[2], initial=0.0))
