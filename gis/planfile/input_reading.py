"""Reading all that a plan names, and checking that it hangs together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import pandas as pd

from steppe.layers.conformity import make_empty_layer
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.documents import FACTS
from steppe.layers.errors import InputError, Note, Problem
from steppe.layers.facts import read_facts, unknown_sources
from steppe.layers.filling import Gaps
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.progress import count
from steppe.layers.reader import read_layer, read_table
from steppe.layers.sources import Source, foreign_licences, read_sources
from steppe.layers.tables import Raster
from steppe.layers.wording import BASE, Message, join, say, tell
from steppe.planfile.assumed_faults import assumed_notes
from steppe.planfile.column_entry import read_columns
from steppe.planfile.completion import cited_sources, complete, name_own_sources
from steppe.planfile.consistency import cross_faults
from steppe.planfile.given_weather import read_weather
from steppe.planfile.id_namespaces import find_ambiguous
from steppe.planfile.layer_extents import extent_faults, extent_notes
from steppe.planfile.measure_faults import measure_notes
from steppe.planfile.network_ends import find_targets, join_to_nearest
from steppe.planfile.plan_inputs import TABLES, Inputs
from steppe.planfile.plan_reading import try_plan
from steppe.planfile.plan_schema import LayerFile, Plan
from steppe.planfile.quantities import quantity_faults
from steppe.planfile.references import ABSENCES, reference_faults
from steppe.planfile.scenario_inputs import check_variants

T = TypeVar("T")


class _Faults:
    """Collects the faults of many files, so that the user sees all of them at once."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def take(self, read: Callable[[], T]) -> T | None:
        """Return what a reader gives, or None when it finds fault."""
        try:
            return read()
        except InputError as error:
            self.problems += error.problems
            return None


def open_inputs(
    path: Path, *, allow_outside: bool = False, only: Collection[str] | None = None
) -> Inputs:
    """Read a plan.toml and the files that it names.

    Parameters
    ----------
    path, allow_outside
        See `read_plan`.
    only
        See `read_inputs`.

    Raises
    ------
    InputError
        With every fault of the plan.toml and of all files, in one round.
    """
    plan, problems = try_plan(path, allow_outside=allow_outside)
    if plan is not None and not problems:
        return read_inputs(plan, only=only)
    if plan is not None:
        try:
            read_inputs(plan, only=only)
        except InputError as error:
            # A layer whose entry is at fault is not missing.
            is_lost = any("› layers." in say(each.where, BASE) for each in problems)
            found = [each for each in error.problems if not (is_lost and _is_of_absence(each))]
            problems += found
    raise InputError(problems)


def _is_of_absence(problem: Problem) -> bool:
    return isinstance(problem.what, Message) and problem.what.key in ABSENCES


def read_inputs(plan: Plan, *, only: Collection[str] | None = None) -> Inputs:
    """Read the files of a plan.

    Parameters
    ----------
    plan
        The plan file.
    only
        Layers, tables and rasters to read; None for all.  Sources are read always, facts
        only with all; what is read is held against each other as ever.

    Raises
    ------
    InputError
        With every fault of every file that is read, not just the first.
    """
    faults = _Faults()
    sources: Mapping[str, Source] | None = None
    if plan.sources:
        sources = faults.take(lambda: read_sources(plan.folder / plan.sources))
    # Facts say where values come from, which no answer from some layers alone tells.
    wanted = plan.facts if only is None else ()
    facts = {name: faults.take(partial(read_facts, plan.folder / name)) for name in wanted}
    notes: list[Note] = []
    layers = {
        name: faults.take(partial(read_layer_of, plan, name, notes))
        for name in count([name for name in plan.layers if only is None or name in only])
    }
    frames = {name: frame for name, frame in layers.items() if frame is not None}
    if "parks" not in plan.layers and (only is None or "parks" in only):
        layers["parks"] = make_empty_layer(INPUT_LAYERS["parks"])
    parks = layers.get("parks")
    if isinstance(parks, gpd.GeoDataFrame):
        plan = complete(plan, parks, frames.values())
        if parks.empty:
            notes.append(tell("answer.no_park"))
        plan = _find_ends(plan, layers, notes)
    # Grids are held to the box of the region, which may follow from the parks.
    rasters = {
        name: faults.take(partial(_read_raster, plan, name))
        for name in plan.rasters
        if only is None or name in only
    }
    weather = None
    if only is None and plan.cooling is not None and isinstance(parks, gpd.GeoDataFrame):
        ground = rasters.get("elevation")
        weather = faults.take(
            partial(
                read_weather,
                plan.cooling,
                parks,
                ground,
                folder=plan.folder,
                search_km=plan.climate.search_km,
            )
        )
    read = {name: table for name, table in facts.items() if table is not None}
    if not plan.sources:
        sources = name_own_sources(plan, frames, read.values())
    inputs = Inputs(
        plan=plan,
        sources=sources or {},
        facts=pd.concat(read.values(), ignore_index=True)
        if read
        else pd.DataFrame(columns=list(FACTS.columns)),
        layers={
            name: layer for name, layer in layers.items() if isinstance(layer, gpd.GeoDataFrame)
        },
        tables={name: _table_or_empty(layers.get(name), name) for name in TABLES},
        rasters={name: grid for name, grid in rasters.items() if grid is not None},
        weather=weather or {},
        notes=tuple(
            dict.fromkeys(
                [
                    *measure_notes(plan.criteria, where=plan.file),
                    *assumed_notes(plan, where=plan.file),
                    *extent_notes(plan),
                    *notes,
                ]
            )
        ),
    )
    if sources is not None:
        faults.problems += _source_problems(inputs)
        if only is None and "parks" in inputs.layers and _is_whole(inputs, "fibre"):
            faults.problems += check_variants(inputs)
    faults.problems += reference_faults(plan, frames, read, sources)
    faults.problems += extent_faults(plan, frames)
    faults.problems += quantity_faults(plan, frames)
    faults.problems += cross_faults(plan, inputs.layers, inputs.facts, sources or {})
    faults.problems += find_ambiguous(plan, inputs.layers)
    if faults.problems:
        raise InputError(faults.problems)
    return inputs


def _find_ends(plan: Plan, layers: dict[str, pd.DataFrame | None], notes: list[Note]) -> Plan:
    """Return the plan with the nodes that its targets mean, and join parks to the nearest node."""
    parks, nodes = layers.get("parks"), layers.get("nodes")
    targets: tuple[str, ...] = ()
    if "nodes" in plan.layers:
        if not isinstance(parks, gpd.GeoDataFrame) or not isinstance(nodes, gpd.GeoDataFrame):
            return plan
        targets = find_targets(plan.network.targets, nodes)
        within_km = plan.network.nearest_node_km
        if within_km is not None:
            layers["parks"], note = join_to_nearest(parks, nodes, within_km=within_km)
            notes += [] if note is None else [note]
    elif plan.network.targets:
        notes.append(tell("note.targets.no_nodes", names=join(plan.network.targets)))
    network = plan.network.model_copy(update={"targets": targets})
    return plan.model_copy(update={"network": network})


def _is_whole(inputs: Inputs, name: str) -> bool:
    """Tell whether a layer was read, or is none of the plan's."""
    return name in inputs.layers or name not in inputs.plan.layers


def _table_or_empty(found: pd.DataFrame | None, name: str) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(INPUT_LAYERS[name].columns))
    return empty if found is None else found


def read_layer_of(plan: Plan, name: str, notes: list[Note]) -> pd.DataFrame:
    """Read one layer or table of a plan.

    Parameters
    ----------
    plan
        The plan file.
    name
        A layer that it names.
    notes
        What is told of it is added here.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    contract, entry = INPUT_LAYERS[name], plan.layers[name]
    path = plan.folder / entry.file
    columns = read_columns(entry.columns)
    gaps = Gaps(
        entry.defaults,
        # A plan with a list of its sources has them named.
        source_id="" if plan.sources else name,
        as_of=_find_date(plan, entry),
        in_cells=bool(columns),
    )
    if contract.geometry is None:
        return read_table(
            path,
            contract,
            encoding=entry.encoding,
            gaps=gaps,
            columns=columns,
            note=notes.append,
        )
    return read_layer(
        path,
        contract,
        bbox=plan.bbox,
        crs=entry.crs,
        datum=entry.datum,
        table=entry.table,
        encoding=entry.encoding,
        gaps=gaps,
        columns=columns,
        options=ReadingOptions(
            entry.defaults,
            entry.statuses,
            unplaced=entry.unplaced,
            join_km=entry.join_km,
            tell=notes.append,
        ),
    )


def _find_date(plan: Plan, entry: LayerFile) -> str:
    """Return the date of the rows of a layer that bear none: the layer's, else the plan's."""
    if entry.as_of is not None:
        return entry.as_of.isoformat()
    return plan.as_of.isoformat() if "as_of" in plan.model_fields_set else ""


def _read_raster(plan: Plan, name: str) -> Raster:
    # What reads no raster need not wait for what could.
    from steppe.layers.rasters import read_raster, refuse_elsewhere  # noqa: PLC0415

    entry = plan.rasters[name]
    grid = read_raster(
        plan.folder / entry.file,
        name=name,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        unit=entry.unit,
        source_id=entry.source_id,
    )
    refuse_elsewhere(grid, plan.region.box, where=f"{entry.file} › {name}")
    return grid


def _source_problems(inputs: Inputs) -> list[Problem]:
    plan, sources = inputs.plan, inputs.sources
    problems = []
    tables: dict[str, pd.DataFrame] = {**inputs.layers, **inputs.tables}
    for name, frame in tables.items():
        if name not in plan.layers or name not in INPUT_LAYERS:
            continue
        where = f"{plan.layers[name].file} › {name}"
        problems += unknown_sources(
            frame, sources, where=where, id_column=INPUT_LAYERS[name].key[0]
        )
        if not plan.sources:
            # The plan's own sources have the licences of the layers that they stand in.
            continue
        used = [
            sources[source_id] for source_id in frame["source_id"].unique() if source_id in sources
        ]
        problems += foreign_licences(where, used, licence=plan.layers[name].licence)
    if not inputs.facts.empty:
        problems += unknown_sources(inputs.facts, sources, where="facts", id_column="id")
    problems += [
        Problem(
            f"plan.toml › {place}",
            tell("fault.source.unknown", source_id=source_id),
            tell("fix.add_source"),
        )
        for place, source_id in cited_sources(plan)
        if source_id not in sources
    ]
    return problems
