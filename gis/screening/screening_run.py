"""A screening from a plan to its folder: tiles on this machine or many, and resumed where it stopped."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from typing import Any

from steppe.criteria.nearby import DISTANCES
from steppe.criteria.registry import known_measures
from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error
from steppe.layers.progress import begin, count
from steppe.layers.wording import say_all, tell
from steppe.planfile.plan_info import describe
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.banded_measures import function_of
from steppe.screening.acceptability import N_DRAWS, Drawing, write_acceptability
from steppe.screening.assembling import add_up, assemble, put_in_place, write_area_lost
from steppe.screening.cell_field import CellField
from steppe.screening.cell_rules import list_cell_rules
from steppe.screening.field_building import MORE_DISTANCES, build_field
from steppe.screening.grid import lay_screen
from steppe.screening.result import AREA_LOST, RECORD, Screening
from steppe.screening.tile_work import TileTask, work_tile

SURFACES = (
    "pue", "wue_l_per_kwh", "free_cooling_h", "air_temp_mean_c", "grid_220_km", "grid_500_km",
    "operating_100km_mw", "rtt_ms", "quake_rate_300km", "hazard_pga_g", "fault_km", "slope_deg",
)  # fmt: skip
"""Measures that are written as surfaces where the plan lists them, beside those that are scored."""
_LIBRARIES = ("numpy", "pyproj", "rasterio", "scipy", "shapely", "steppe-planner")
ANSWER_S = 10
"""So long a scheduler may take to answer."""

Window4 = tuple[int, int, int, int]


def screen(
    inputs: Inputs,
    folder: Path,
    *,
    cell_m: float | None = None,
    relax: Collection[str] = (),
    scheduler: str | None = None,
) -> Screening:
    """Score every cell of the region of a plan, and put surfaces and accounting into a folder.

    What is stopped, by whatever, goes on where it stood when it is asked for again: each tile that
    is done lies whole in the folder.  A screening of the same plan that is there is taken as it is.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    folder
        Where it goes, there or not.
    cell_m
        Side of a cell, m; the plan's by default.
    relax
        Rule ids or clauses that are to kill nothing.
    scheduler
        Address of a Dask scheduler whose workers see the folder under the same name; this machine
        by default.

    Raises
    ------
    InputError
        For a plan that cannot be screened, a clause that is not there, a folder that cannot be
        written, and a scheduler that does not answer.
    """
    grid = lay_screen(inputs, inputs.plan.screening.cell_m if cell_m is None else cell_m)
    begin(tell("progress.screen_field"))
    mark = _fingerprint(inputs, grid.cell_m, relax)
    if (folder / RECORD).is_file():
        there = Screening.load(folder)
        if there.record.get("fingerprint") == mark:
            return there
    info = describe(inputs.plan)
    criteria = [
        {
            each.measure_id: (function_of(each), each.weight)
            for each in criterion.measures
            if each.weight > 0
        }
        for criterion in info.criteria
        if criterion.weight > 0
    ]
    heavy = [criterion.weight for criterion in info.criteria if criterion.weight > 0]
    scored = {
        name: (function, weight * share)
        for weight, criterion in zip(heavy, criteria, strict=True)
        for name, (function, share) in criterion.items()
    }
    listed = [each.measure_id for criterion in info.criteria for each in criterion.measures]
    asked = {str(name) for name in inputs.tables["rules"]["measure"].dropna()}
    asked |= {each.measure for each in inputs.plan.screening.clauses}
    known = build_field(inputs, grid, wanted=frozenset({*listed, *asked}))
    measured = _list_measured(known)
    rules = tuple(list_cell_rules(inputs, measured=measured, relax=relax))
    shown = tuple(
        name for name in listed if name in measured and (name in scored or name in SURFACES)
    )
    parts = folder / f".parts-{mark[:16]}"
    try:
        parts.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = tell("fault.out.unwritable", reason=tell_error(error))
        raise InputError(Problem(str(folder), what, tell("fix.give_empty_folder"))) from None
    task = TileTask(
        known, rules, scored, sum(weight for _, weight in scored.values()), shown, parts.resolve()
    )
    windows = [
        (int(each.col_off), int(each.row_off), int(each.width), int(each.height))
        for each in grid.windows()
    ]
    begin(tell("progress.screen_tiles"))
    work_tiles(task, windows, scheduler)
    begin(tell("progress.screen_surfaces"))
    new = parts / "new"
    shutil.rmtree(new, ignore_errors=True)
    assemble(task, windows, new)
    table, whole = add_up(task, windows)
    write_area_lost(new / AREA_LOST, rules, table)
    begin(tell("progress.screen_draws"))
    drawing = Drawing(criteria, inputs.plan.robustness.seed)
    drawn = write_acceptability(new, windows, drawing)
    record = {**_record(task, mark, listed, whole.tolist(), measured), "acceptability": drawn}
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (new / RECORD).write_text(text, encoding="utf-8", newline="\n")
    put_in_place(new, folder, RECORD)
    for left in folder.glob(".parts-*"):
        shutil.rmtree(left, ignore_errors=True)
    return replace(Screening.load(folder), climate=known.climate)


def work_tiles(task: TileTask, windows: Sequence[Window4], scheduler: str | None = None) -> None:
    """Work out all tiles, on the cores of this machine or by the workers of a Dask scheduler.

    Parameters
    ----------
    task
        What they are worked out from.
    windows
        Column, row, columns and rows of each.
    scheduler
        Address of a scheduler.

    Raises
    ------
    InputError
        For a scheduler that does not answer, or cannot be asked.
    """
    if scheduler is not None:
        _work_elsewhere(task, windows, scheduler)
        return
    # Threads: nearly all of a tile is compiled or in libraries, and a process takes seconds to start.
    with ThreadPoolExecutor(cpu_count() or 1) as pool:
        try:
            for _ in zip(
                count(list(windows)), pool.map(partial(work_tile, task), windows), strict=True
            ):
                pass
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _work_elsewhere(task: TileTask, windows: Sequence[Window4], scheduler: str) -> None:
    """Let the workers of a Dask cluster work the tiles; what a dead one held, another takes up."""
    try:
        from distributed import Client, as_completed  # noqa: PLC0415 (an extra)
    except ImportError:
        what = tell("fault.screen.no_dask")
        raise InputError(Problem("--scheduler", what, tell("fix.install_dask"))) from None
    try:
        client = Client(scheduler, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        what = tell("fault.screen.scheduler", reason=str(error))
        raise InputError(Problem("--scheduler", what, tell("fix.start_scheduler"))) from None
    with client:
        held = client.scatter(task, broadcast=True)
        asked = [client.submit(work_tile, held, each, pure=False, retries=3) for each in windows]
        for _, done in zip(
            count(list(windows)), as_completed(asked, loop=client.loop), strict=True
        ):
            done.result()


def _list_measured(known: CellField) -> dict[str, str]:
    """Return what is measured over cells, and its unit."""
    units = {name: each.unit for name, each in known_measures().items()}
    units |= dict.fromkeys([*DISTANCES, *MORE_DISTANCES], "km")
    units["elevation_m"] = "m"
    names = [*known.nearest, *known.rasters]
    names += [name for group in known.within for name in group.names]
    if known.climate is not None:
        names += ["air_temp_mean_c", *known.climate.fits]
    if known.round_trip is not None:
        names.append("rtt_ms")
    return {name: units[name] for name in names}


def _fingerprint(inputs: Inputs, cell_m: float, relax: Collection[str]) -> str:
    """Return a digest of all that the bytes of a screening hang on."""
    found = hashlib.sha256()
    for name, path in inputs.plan.inputs().items():
        found.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    settings: dict[str, Any] = {
        "cell_m": cell_m,
        "draws": N_DRAWS,
        "relax": sorted(relax),
        "scenario": inputs.plan.scenario.name,
        "libraries": {name: version(name) for name in _LIBRARIES},
    }
    found.update(json.dumps(settings, sort_keys=True).encode())
    return found.hexdigest()


def _record(
    task: TileTask,
    mark: str,
    listed: Sequence[str],
    whole: Sequence[float],
    measured: Collection[str],
) -> dict[str, Any]:
    grid, climate = task.known.grid, task.known.climate
    why = tell("screen.parks_alone")
    return {
        "fingerprint": mark,
        "grid": {
            "transform": list(grid.transform)[:6],
            "crs_wkt": grid.crs.to_wkt(),
            "n_rows": grid.n_rows,
            "n_columns": grid.n_columns,
            "cell_m": grid.cell_m,
        },
        "rules": [vars(each.rule) for each in task.rules],
        "weights": {name: task.functions.get(name, (None, 0.0))[1] for name in task.shown},
        "unknown": {name: say_all("reason", why) for name in listed if name not in measured},
        "known_weight": sum(
            weight for name, (_, weight) in task.functions.items() if name in measured
        )
        / task.all_weight,
        "fit_off_at_most": {} if climate is None else dict(climate.bounds),
        "area_km2": dict(zip(("region", "lost", "not_known", "kept"), whole, strict=True)),
        "libraries": {name: version(name) for name in _LIBRARIES},
    }
