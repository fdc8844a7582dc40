"""Writing a plan of tables that a script holds, so that it is read like any other plan."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import InputError, Problem, show_values
from steppe.layers.library_words import tell_error
from steppe.layers.quiet_libraries import quiet
from steppe.layers.toml_writing import toml_text
from steppe.layers.wording import tell
from steppe.layers.written_values import is_writable
from steppe.planfile.plan_schema import Plan

PLAN_FILE = "plan.toml"
_SOURCES_FILE = "sources.toml"
# Stands for every time in a file, so that bytes repeat.
_DATE = "2000-01-01T00:00:00.000Z"


def copy_inputs(plan: Plan, folder: Path) -> None:
    """Copy the files that a plan reads, itself among them, into a folder; what lacks stays lacking.

    Parameters
    ----------
    plan
        A plan whose files lie in its folder.
    folder
        Where they go, under the same names.
    """
    for relative, path in plan.inputs().items():
        if path.is_file():
            to = folder / relative
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)


def write_plan(
    folder: Path,
    values: Mapping[str, object],
    *,
    layers: Mapping[str, pd.DataFrame],
    sources: Mapping[str, Mapping[str, object]] | None = None,
    facts: Sequence[pd.DataFrame] = (),
) -> Path:
    """Write a plan.toml and the files that it names, and return it.

    Parameters
    ----------
    folder
        An empty folder.
    values
        Keys of plan.toml as they stand there; under `layers` what is to be said of a layer
        beside its file.
    layers
        Layer or table name to its rows: a GeoDataFrame in any CRS, or a DataFrame.
    sources
        Fields of each source by its id, as in sources.toml.
    facts
        Tables of facts.

    Raises
    ------
    InputError
        For what cannot be written; what is wrong with it is found when it is read.
    """
    entries = _read_entries(values.get("layers"))
    for name, frame in layers.items():
        # A name that nobody knows is refused at reading, and is the name of no file before.
        file = write_frame(folder, name, frame) if name in INPUT_LAYERS else ""
        entries[name] = {**entries.get(name, {}), "file": file}
    keys = {**values, "layers": entries}
    if sources is not None:
        keys["sources"] = _SOURCES_FILE
        _write_text(folder / _SOURCES_FILE, toml_text(sources, _SOURCES_FILE))
    if facts:
        keys["facts"] = [
            write_frame(folder, f"facts_{number}", frame) for number, frame in enumerate(facts)
        ]
    path = folder / PLAN_FILE
    _write_text(path, toml_text(keys, PLAN_FILE))
    return path


def _read_entries(said: object) -> dict[str, dict[str, object]]:
    """Return what is said of layers beside their files."""
    if not isinstance(said, Mapping):
        return {}
    return {str(name): dict(each) for name, each in said.items() if isinstance(each, Mapping)}


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def write_frame(folder: Path, name: str, frame: object) -> str:
    """Write a table with every cell as text, as CSV has it, and return the name of its file.

    Parameters
    ----------
    folder
        Where to.
    name
        What the file is called, without a suffix: `.gpkg` of what has shapes, else `.csv`.
    frame
        A GeoDataFrame in any CRS, or a DataFrame.

    Raises
    ------
    InputError
        For what is none, or cannot be written.
    """
    if not isinstance(frame, pd.DataFrame):
        what = tell("fault.frame.kind", kind=type(frame).__name__)
        raise InputError(Problem(name, what, tell("fix.give_frame")))
    twice = find_duplicates(map(str, frame.columns))
    if twice:
        what = tell("fault.frame.columns_twice", names=show_values(twice))
        raise InputError(Problem(name, what, tell("fix.give_each_its_own")))
    shape = _find_shape(frame)
    told = pd.DataFrame(
        {str(each): _spell_cells(frame[each]) for each in frame.columns if each != shape}
    )
    _refuse_unwritable(name, told)
    if shape is None:
        told.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        return f"{name}.csv"
    if frame.crs is None:
        raise InputError(Problem(name, tell("fault.crs.lacking"), tell("fix.set_crs_of_frame")))
    drawn = gpd.GeoDataFrame(told, geometry=gpd.GeoSeries(frame[shape].array, crs=frame.crs))
    _write_shapes(folder / f"{name}.gpkg", name, drawn)
    return f"{name}.gpkg"


def _refuse_unwritable(name: str, told: pd.DataFrame) -> None:
    """Refuse what no file can hold, of which writing would lose a part or end in a trace."""
    texts = {str(name): [cell for cell in told[name] if isinstance(cell, str)] for name in told}
    bad = {
        column: [text for text in (column, *cells) if not is_writable(text)]
        for column, cells in texts.items()
    }
    problems = [
        Problem(
            f"{name} › {column}",
            tell("fault.text.unwritable", value=show_values(found)),
            tell("fix.take_out"),
        )
        for column, found in bad.items()
        if found
    ]
    if problems:
        raise InputError(problems)


def _find_shape(frame: pd.DataFrame) -> object | None:
    """Return the column that holds the shapes of a layer, if it has one."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        return None
    return frame.active_geometry_name


def _write_shapes(path: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _DATE})
    try:
        with quiet():
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                layer_options={"FID": "_steppe_row", "GEOMETRY_NAME": "_steppe_shape"},
            )
    except (pyogrio.errors.DataSourceError, ValueError) as error:
        what = tell("fault.frame.unwritable", reason=tell_error(error))
        raise InputError(Problem(name, what, tell("fix.give_frame"))) from None
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _spell_cells(column: pd.Series) -> list[str | None]:
    lacking = column.isna()
    return [
        None if is_lacking else _spell(value)
        for value, is_lacking in zip(column, lacking, strict=True)
    ]


def _spell(value: object) -> str:
    if isinstance(value, datetime) and value == datetime(value.year, value.month, value.day):  # noqa: DTZ001
        return value.date().isoformat()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004
        return str(int(value))  # whole numbers beside empty cells are floats to pandas
    return str(value)
