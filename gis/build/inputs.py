"""Reading all that a plan names, and checking that it hangs together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gis.build.plan import Plan
from layers.contracts import INPUT_LAYERS
from layers.errors import InputError, Problem
from layers.facts import read_facts, unknown_sources
from layers.reader import read_layer, read_raster, read_table
from layers.sources import Source, foreign_licences, read_sources
from layers.tables import Raster


@dataclass(frozen=True)
class Inputs:
    """Everything that was read, checked row by row and against each other."""

    plan: Plan
    sources: Mapping[str, Source]
    facts: pd.DataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    claim_texts: pd.DataFrame
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


def read_inputs(plan: Plan) -> Inputs:
    """Read every file of a plan.

    Raises
    ------
    InputError
        With every fault of every file, not just the first.
    """
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    facts: list[pd.DataFrame] = []
    layers: dict[str, gpd.GeoDataFrame] = {}
    rasters: dict[str, Raster] = {}
    claim_texts = pd.DataFrame(columns=list(INPUT_LAYERS["claim_texts"].columns))
    try:
        sources = read_sources(plan.folder / plan.sources)
    except InputError as error:
        problems += error.problems
    for name in plan.facts:
        try:
            facts.append(read_facts(plan.folder / name))
        except InputError as error:
            problems += error.problems
    for name, entry in plan.layers.items():
        contract, path = INPUT_LAYERS[name], plan.folder / entry.file
        try:
            if contract.geometry is None:
                claim_texts = read_table(path, contract)
            else:
                layers[name] = read_layer(
                    path, contract, bbox=plan.bbox, crs=entry.crs, datum=entry.datum,
                    table=entry.table,
                )  # fmt: skip
        except InputError as error:
            problems += error.problems
    for raster_name, grid in plan.rasters.items():
        try:
            rasters[raster_name] = read_raster(
                plan.folder / grid.file, name=raster_name, title_zh=grid.title_zh,
                title_en=grid.title_en, unit=grid.unit, source_id=grid.source_id,
            )  # fmt: skip
        except InputError as error:
            problems += error.problems
    every_fact = pd.concat(facts, ignore_index=True) if facts else pd.DataFrame()
    inputs = Inputs(plan, sources, every_fact, layers, claim_texts, rasters)
    if sources:
        problems += _source_problems(inputs)
    problems += _link_problems(inputs) + _plan_problems(inputs)
    if problems:
        raise InputError(problems)
    return inputs


def _source_problems(inputs: Inputs) -> list[Problem]:
    plan, sources = inputs.plan, inputs.sources
    problems = []
    tables: dict[str, pd.DataFrame] = {**inputs.layers, "claim_texts": inputs.claim_texts}
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
