"""Reading all that a plan names, and checking that it hangs together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

import geopandas as gpd
import pandas as pd

from gis.build.plan import Plan
from layers.contracts import INPUT_LAYERS
from layers.errors import InputError, Problem
from layers.facts import read_facts, unknown_sources
from layers.reader import read_layer, read_raster, read_table
from layers.sources import Source, foreign_licences, read_sources
from layers.tables import Raster

T = TypeVar("T")

TABLES = tuple(name for name, contract in INPUT_LAYERS.items() if contract.geometry is None)


@dataclass(frozen=True)
class Inputs:
    """Everything that was read, checked row by row and against each other."""

    plan: Plan
    sources: Mapping[str, Source]
    facts: pd.DataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]
    rasters: Mapping[str, Raster]


# Column of a layer, the layer it points into, and whether it may be empty.
_LINKS = (
    ("parks", "parent_id", "parks"),
    ("parks", "node_id", "nodes"),
    ("parks", "town_id", "towns"),
    ("corridors", "from_node", "nodes"),
    ("corridors", "to_node", "nodes"),
    ("fibre", "from_node", "nodes"),
    ("fibre", "to_node", "nodes"),
)


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


def read_inputs(plan: Plan) -> Inputs:
    """Read every file of a plan.

    Raises
    ------
    InputError
        With every fault of every file, not just the first.
    """
    faults = _Faults()
    sources = faults.take(lambda: read_sources(plan.folder / plan.sources))
    facts = [faults.take(partial(read_facts, plan.folder / name)) for name in plan.facts]
    layers = {name: faults.take(partial(_read_layer, plan, name)) for name in plan.layers}
    rasters = {name: faults.take(partial(_read_raster, plan, name)) for name in plan.rasters}
    read = [table for table in facts if table is not None]
    inputs = Inputs(
        plan=plan,
        sources=sources or {},
        facts=pd.concat(read, ignore_index=True) if read else pd.DataFrame(),
        layers={
            name: layer for name, layer in layers.items() if isinstance(layer, gpd.GeoDataFrame)
        },
        tables={name: _table_or_empty(layers.get(name), name) for name in TABLES},
        rasters={name: grid for name, grid in rasters.items() if grid is not None},
    )
    if sources is not None:
        faults.problems += _source_problems(inputs)
    faults.problems += _link_problems(inputs) + _plan_problems(inputs)
    if faults.problems:
        raise InputError(faults.problems)
    return inputs


def _table_or_empty(found: pd.DataFrame | None, name: str) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(INPUT_LAYERS[name].columns))
    return empty if found is None else found


def _read_layer(plan: Plan, name: str) -> pd.DataFrame:
    contract, entry = INPUT_LAYERS[name], plan.layers[name]
    path = plan.folder / entry.file
    if contract.geometry is None:
        return read_table(path, contract)
    return read_layer(
        path, contract, bbox=plan.bbox, crs=entry.crs, datum=entry.datum, table=entry.table
    )


def _read_raster(plan: Plan, name: Literal["elevation", "slope"]) -> Raster:
    entry = plan.rasters[name]
    return read_raster(
        plan.folder / entry.file,
        name=name,
        title_zh=entry.title_zh,
        title_en=entry.title_en,
        unit=entry.unit,
        source_id=entry.source_id,
    )


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
        used = [
            sources[source_id] for source_id in frame["source_id"].unique() if source_id in sources
        ]
        problems += foreign_licences(where, used, licence=plan.layers[name].licence)
    if not inputs.facts.empty:
        problems += unknown_sources(inputs.facts, sources, where="facts", id_column="id")
    problems += [
        Problem(
            f"plan.toml › rasters.{name}.source_id",
            f"unknown source {grid.source_id!r}",
            "add it to sources.toml or correct the name",
        )
        for name, grid in plan.rasters.items()
        if grid.source_id not in sources
    ]
    return problems


def _link_problems(inputs: Inputs) -> list[Problem]:
    layers = inputs.layers
    problems = []
    for layer, column, target in _LINKS:
        if layer not in layers or target not in layers:
            continue
        frame, key = layers[layer], INPUT_LAYERS[layer].key[0]
        known = set(layers[target][INPUT_LAYERS[target].key[0]])
        astray = frame[frame[column].notna() & ~frame[column].isin(known)]
        for value, rows in astray.groupby(column, sort=True):
            problems.append(
                Problem(
                    f"{inputs.plan.layers[layer].file} › {layer}",
                    f"{column} {value!r} is not in {target}",
                    f"add it to {target} or correct it",
                    tuple(rows[key]),
                )
            )
    if "fibre" in layers and "corridors" in layers:
        known = set(layers["corridors"]["corridor_id"])
        for cable_id, text in zip(
            layers["fibre"]["cable_id"], layers["fibre"]["corridors"], strict=True
        ):
            strange = [
                name for name in str(text if pd.notna(text) else "").split() if name not in known
            ]
            if strange:
                problems.append(
                    Problem(
                        f"{inputs.plan.layers['fibre'].file} › fibre",
                        f"corridors {', '.join(strange)} are not in corridors",
                        "add them or correct the names",
                        (cable_id,),
                    )
                )
    return problems


def _plan_problems(inputs: Inputs) -> list[Problem]:
    plan, layers = inputs.plan, inputs.layers
    problems = []
    if "nodes" in layers:
        known = set(layers["nodes"]["node_id"])
        problems += [
            Problem("plan.toml › network.targets", f"{target!r} is not in nodes", "name a node_id")
            for target in plan.network.targets
            if target not in known
        ]
    if "boundaries" in layers and plan.region.boundary_id not in set(
        layers["boundaries"]["boundary_id"]
    ):
        problems.append(
            Problem(
                "plan.toml › region.boundary_id",
                f"{plan.region.boundary_id!r} is not in boundaries",
                "name a boundary_id",
            )
        )
    if "parks" in layers and not (layers["parks"]["level"] == plan.level).any():
        problems.append(
            Problem(
                "plan.toml › level", f"no park is a {plan.level}", "rank a level that has parks"
            )
        )
    return problems
