"""What a file does not tell and a plan need not ask for: computed where it follows, else assumed.

Each column of a contract says by `Column.made` what makes it and by `Column.assumed` what is
assumed where nothing does.  What is computed is told by docs/files.md; what is assumed is told
to the user as well, every time.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.polygon import orient

from steppe.layers.cells import is_unseen, read_numbers, read_texts
from steppe.layers.columns import Column, Contract
from steppe.layers.crs import GEOD, line_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.field_words import plain_name
from steppe.layers.identifiers import look
from steppe.layers.lines import spread_lanes
from steppe.layers.wording import Message, Words, join, tell

SOURCE, DATE = "source_id", "as_of"
_NAMES = ("name_zh", "name_en", "name")
_STRAIGHT = 1.001  # times the way between its ends, within which a line is a stroke
# Half of the last place of a coordinate along and across, in metres of a degree of latitude.
_HALF_DIAGONAL_M = math.sqrt(0.5) * 111_320.0
_PLACES = range(5)


@dataclass(frozen=True)
class Gaps:
    """What fills a layer beside its contract.

    Parameters
    ----------
    defaults
        Column to the value that holds wherever the file has none, as the plan says.
    source_id
        Source of the rows that name none; empty where they have to.
    as_of
        Date of the rows that bear none; empty where they have to.
    in_cells
        Whether single cells are filled as well, where the column is there.
    drawn_m
        How far the ground of each row reaches from its point, m, where a polygon was given;
        shape (n,).
    """

    defaults: Mapping[str, object]
    source_id: str = ""
    as_of: str = ""
    in_cells: bool = False
    drawn_m: np.ndarray[Any, np.dtype[np.float64]] | None = None


NOTHING = Gaps({})
Frame = TypeVar("Frame", bound=pd.DataFrame)
Maker = Callable[[pd.DataFrame, Column, Contract, Gaps], "list[Any] | None"]


def fill(frame: Frame, contract: Contract, gaps: Gaps, where: str) -> tuple[Frame, Message | None]:
    """Return rows with what follows from the others, or is said or assumed of all of them.

    Parameters
    ----------
    frame
        Rows as read; a layer has its shapes in EPSG:4490.
    contract
        What they are to hold.
    gaps
        What the plan says of the layer.
    where
        File and layer, for the messages.

    Returns
    -------
    tuple
        The rows, and what was assumed; None where nothing was.

    Raises
    ------
    InputError
        For a default of a column that the layer does not have.
    """
    strange = sorted(set(gaps.defaults) - set(contract.columns))
    if strange:
        what = tell("fault.defaults.strange", names=join(strange))
        fix = tell("fix.defaults_may", names=join(contract.columns))
        raise InputError(Problem(f"plan.toml › layers.{contract.name}.defaults", what, fix))
    said = {name: _plain(value) for name, value in gaps.defaults.items()}
    said |= {SOURCE: gaps.source_id} if gaps.source_id and SOURCE not in said else {}
    said |= {DATE: gaps.as_of} if gaps.as_of and DATE not in said else {}
    for name, value in said.items():
        if name in contract.columns:
            frame = _put(frame, name, [value] * len(frame), in_cells=True)
    assumed: list[Words] = []
    # Names before ids, which are made of them; all else in the order of the contract.
    order = sorted(contract.columns, key=lambda name: contract.columns[name].made != "name")
    meant = set() if gaps.in_cells else {plain_name(str(each)) for each in frame.columns}
    for name in order:
        column = contract.columns[name]
        gap = _gap(frame, name, gaps)
        # `Status` beside no `status` is a slip of the head, and told as one.
        is_slip = name not in frame.columns and plain_name(name) in meant
        if column.is_optional or is_slip or not gap.any():
            continue
        made = MAKERS[column.made](frame, column, contract, gaps) if column.made else None
        if made is None and column.assumed is not None:
            made = [column.assumed] * len(frame)
            assumed.append(tell("note.filled.one", name=name, value=str(column.assumed)))
        elif column.made == "accuracy" and made is not None:
            assumed.append(tell("note.filled.one", name=name, value=_range(made, gap)))
        if made is not None:
            frame = _put(frame, name, made, in_cells=gaps.in_cells)
    return frame, tell("note.filled", where=where, told=join(assumed)) if assumed else None


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else str(value)


def _range(values: Iterable[float], gap: Any) -> str:
    found = [value for value, is_lacking in zip(values, gap, strict=True) if is_lacking]
    low, high = min(found), max(found)
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def _gap(frame: pd.DataFrame, name: str, gaps: Gaps) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which cells nothing stands in and may be filled."""
    if name not in frame.columns:
        return np.ones(len(frame), dtype=bool)
    return _is_empty(frame[name]) if gaps.in_cells else np.zeros(len(frame), dtype=bool)


def _is_empty(column: pd.Series) -> np.ndarray[Any, np.dtype[np.bool_]]:
    texts = read_texts(column)
    return np.asarray(texts.is_empty | texts.where(is_unseen))


def _put(frame: Frame, name: str, values: list[Any], *, in_cells: bool) -> Frame:
    """Return a frame with values where it has none."""
    made = pd.Series(values, index=frame.index, dtype=object)
    if name in frame.columns:
        if not in_cells:
            return frame
        empty = _is_empty(frame[name])
        if not empty.any():
            return frame
        made = frame[name].astype(object).where(~empty, made)
    return frame.assign(**{name: made})


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    """Return the texts of a column, empty where there is none."""
    if name not in frame.columns:
        return [""] * len(frame)
    cells = read_texts(frame[name]).cells()
    return ["" if cell is None or is_unseen(cell) else cell.strip() for cell in cells]


def make_id(text: str) -> str:
    """Return a name as an id: composed, blanks and commas as `_`, what is not seen left out.

    >>> make_id("Ulan Qab, Jining"), make_id("和林格尔 新区")
    ('Ulan_Qab_Jining', '和林格尔_新区')
    """
    composed = unicodedata.normalize("NFC", text)
    joined = re.sub(r"[\s,，、;；]+", "_", composed.strip())
    seen = "".join(sign for sign in joined if not is_unseen(sign))
    return seen.strip("_")[:200]


def _make_ids(frame: pd.DataFrame, column: Column, contract: Contract, _: Gaps) -> list[Any]:
    """Make ids of names: the first that bears a name has it alone, the next ones a number."""
    own = _texts(frame, column.name)
    by_column = {name: _texts(frame, name) for name in ("name_en", "name_zh", "name")}
    taken = {look(each) for each in own if each}
    made = []
    for row, given in enumerate(own):
        if given:
            made.append(given)
            continue
        name = next((texts[row] for texts in by_column.values() if texts[row]), "")
        base = make_id(name) or f"{contract.name}_{row + 1}"
        free, number = base, 2
        while look(free) in taken:
            free, number = f"{base}_{number}", number + 1
        taken.add(look(free))
        made.append(free)
    return made


def _make_names(frame: pd.DataFrame, column: Column, contract: Contract, _: Gaps) -> list[Any]:
    """Take the name that there is in another language, else the id, else what the layer is."""
    others = [*_NAMES, contract.key[0]]
    texts = [_texts(frame, name) for name in others if name != column.name]
    return [
        next((each for each in found if each), f"{contract.name} {row}")
        for row, found in enumerate(zip(*texts, strict=True), start=1)
    ]


def _shapes(frame: pd.DataFrame) -> Any:
    assert isinstance(frame, gpd.GeoDataFrame)
    return frame.geometry.to_numpy()


def _measure_lengths(frame: pd.DataFrame, *_: object) -> list[Any]:
    return [line_km(line) for line in _shapes(frame)]


def measure_ha(shape: Any) -> float:
    """Return the geodesic area of a polygon in hectares (Karney 2013, as GeographicLib has it)."""
    parts = (orient(part) for part in shapely.get_parts(shape))
    return sum(abs(float(GEOD.geometry_area_perimeter(part)[0])) for part in parts) / 10_000.0


def _measure_areas(frame: pd.DataFrame, *_: object) -> list[Any]:
    return [measure_ha(shape) for shape in _shapes(frame)]


def _tell_kind_of_line(frame: pd.DataFrame, *_: object) -> list[Any]:
    """Take a line that goes straight for a stroke from end to end, any other for a drawn way."""
    shapes = _shapes(frame)
    ends = np.array([shapely.get_coordinates(line)[[0, -1]].ravel() for line in shapes])
    straight_km = GEOD.inv(*ends.T)[2] / 1000.0 if len(ends) else []
    return [
        "corridor" if line_km(line) > _STRAIGHT * km else "schematic"
        for line, km in zip(shapes, straight_km, strict=True)
    ]


def _spread(frame: pd.DataFrame, *_: object) -> list[Any]:
    ends = zip(_texts(frame, "from_node"), _texts(frame, "to_node"), strict=True)
    return list(spread_lanes([[" ".join(sorted(pair))] for pair in ends]))


def _year(text: str) -> int | None:
    found = re.match(r"[+-]?\d{4}", text, re.ASCII)
    return int(found[0]) if found else None


def _make_years(frame: pd.DataFrame, name: str) -> list[Any] | None:
    years = [_year(text) for text in _texts(frame, name)]
    return None if None in years else years


def _make_year_of_row(frame: pd.DataFrame, *_: object) -> list[Any] | None:
    return _make_years(frame, DATE)


def _make_year_of_time(frame: pd.DataFrame, *_: object) -> list[Any] | None:
    return _make_years(frame, "time")


def _mean_of_months(frame: pd.DataFrame, *_: object) -> list[Any] | None:
    names = [f"temp_{month:02d}_c" for month in range(1, 13)]
    if not set(names) <= set(frame.columns):
        return None
    months = np.column_stack([read_numbers(frame[name])[0] for name in names])
    means = months.mean(axis=1)
    return [None if math.isnan(mean) else float(mean) for mean in means]


def _make_location_basis(frame: pd.DataFrame, _: Column, __: Contract, gaps: Gaps) -> Any:
    return None if gaps.drawn_m is None else ["derived"] * len(frame)


def _make_accuracy(frame: pd.DataFrame, column: Column, _: Contract, gaps: Gaps) -> list[Any]:
    """Assume an accuracy no finer than the coordinates are written, or the ground reaches."""
    assert isinstance(column.assumed, float)
    coordinates = shapely.get_coordinates(_shapes(frame))
    places = next(
        (n for n in _PLACES if np.allclose(coordinates, coordinates.round(n), atol=1e-9)), 5
    )
    written_m = _HALF_DIAGONAL_M * 10.0**-places if len(coordinates) else 0.0
    if gaps.drawn_m is not None:
        return [float(math.ceil(max(reach, written_m))) for reach in gaps.drawn_m]
    return [float(math.ceil(max(column.assumed, written_m)))] * len(frame)


def _only_choice(frame: pd.DataFrame, column: Column, *_: object) -> list[Any]:
    return [column.choices[0]] * len(frame)


MAKERS: dict[str, Maker] = {
    "id": _make_ids,
    "name": _make_names,
    "length": _measure_lengths,
    "area": _measure_areas,
    "kind_of_line": _tell_kind_of_line,
    "lane": _spread,
    "year_of_row": _make_year_of_row,
    "year_of_time": _make_year_of_time,
    "mean_of_months": _mean_of_months,
    "location_basis": _make_location_basis,
    "accuracy": _make_accuracy,
    "only_choice": _only_choice,
}
"""What makes a column, by the name that `Column.made` bears."""
