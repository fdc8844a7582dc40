"""Facts: one row per value, each with its source, its place in the text and how it is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from steppe.layers.columns import FACT_KINDS
from steppe.layers.conformity import checked
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.documents import FACTS
from steppe.layers.csvfiles import read_csv_rows
from steppe.layers.errors import Problem, show_values
from steppe.layers.sources import Source
from steppe.layers.units import convert_text, is_convertible
from steppe.layers.wording import tell

# What facts may speak of beside layers, and the layer whose ids they then bear; empty for ids of
# their own: what the region comes to, whose grid a prefecture hangs on, projects of the documents.
FURTHER_SUBJECTS = {"region": "boundaries", "prefectures": "", "projects": ""}
# Fields from which columns of a layer are compiled without being columns themselves.
COMPILED_FIELDS = {
    **dict.fromkeys(("parks", "nodes", "ports"), ("at_town", "lon", "lat")),
    "towns": ("geonameid", "lon", "lat"),
    "fibre": ("chain",),
}

# What is measured beats what is said: a source's word never overwrites a measurement.
_STRENGTH = {kind: rank for rank, kind in enumerate(("measured", "derived", "said", "assumed"))}
assert set(_STRENGTH) == set(FACT_KINDS)


def read_facts(path: Path) -> pd.DataFrame:
    """Read a table of facts and check it against the contract `FACTS`.

    Raises
    ------
    InputError
        For a missing file or rows that do not fit.
    """
    frame = read_csv_rows(path, path.name, missing=tell("fix.name_facts"))
    return checked(frame, FACTS, where=path.name)


def column_unit(layer: str, field: str) -> str:
    """Return the unit that a layer holds a field in; empty where it has none."""
    if field in ("lon", "lat"):
        return "deg"
    return INPUT_LAYERS[layer].unit(field) if layer in INPUT_LAYERS else ""


def unit_faults(facts: pd.DataFrame) -> list[Problem]:
    """Name the facts whose unit is nothing that the column can be told in."""
    problems = []
    for (layer, field, unit), rows in _foreign_units(facts):
        wanted = column_unit(layer, field)
        if not is_convertible(unit, wanted):
            what = tell("fault.fact.unit", field=field, layer=layer, unit=show_values([unit]))
            fix = tell("fix.give_in", unit=wanted)
            problems.append(Problem("facts", what, fix, tuple(rows["id"])))
    return problems


def _foreign_units(facts: pd.DataFrame) -> Iterator[tuple[tuple[str, str, str], pd.DataFrame]]:
    """Return the facts that are in another unit than their column, by layer, field and unit."""
    told = facts[facts["unit"].fillna("") != ""]
    for key, rows in told.groupby(["layer", "field", "unit"], sort=True):
        layer, field, unit = map(str, key)
        if column_unit(layer, field) not in ("", unit):
            yield (layer, field, unit), rows


def _in_units_of_columns(facts: pd.DataFrame) -> pd.DataFrame:
    made = facts.copy()
    for (layer, field, unit), rows in _foreign_units(facts):
        wanted = column_unit(layer, field)
        if is_convertible(unit, wanted):
            values = [convert_text(value, unit, wanted) for value in rows["value"]]
            made.loc[rows.index, "value"] = values
            made.loc[rows.index, "unit"] = wanted
    return made


def best_facts(facts: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Keep one fact for each layer, id and field.

    Measured beats derived beats said beats assumed; among equals the newer source counts,
    then the source's id in alphabetical order.

    Returns
    -------
    DataFrame
        Rows of `facts`, one per (layer, id, field), values in the unit of their column.
    """
    ordered = (
        _in_units_of_columns(facts)
        .assign(
            _strength=facts["kind"].map(_STRENGTH),
            _age=[-sources[source_id].as_of.toordinal() for source_id in facts["source_id"]],
        )
        .sort_values(["layer", "id", "field", "_strength", "_age", "source_id"], kind="stable")
    )
    best = ordered.drop_duplicates(["layer", "id", "field"])
    return best.drop(columns=["_strength", "_age"]).reset_index(drop=True)


def layer_rows(best: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Turn the facts of a layer into one row per id, one column per field (all text).

    The row's `source_id` is the source that names it (field `name_zh`).
    """
    rows = best[best["layer"] == layer]
    wide = rows.pivot_table(index="id", columns="field", values="value", aggfunc="first")
    named = rows[rows["field"] == "name_zh"].set_index("id")["source_id"]
    return wide.assign(source_id=named).reset_index().sort_values("id").reset_index(drop=True)


def unknown_sources(
    frame: pd.DataFrame, sources: Mapping[str, Source], *, where: str, id_column: str
) -> list[Problem]:
    """Name the rows whose `source_id` is not in the sources."""
    unknown = frame[~frame["source_id"].isin(list(sources))]
    return [
        Problem(
            where,
            tell("fault.source.unknown", source_id=str(source_id)),
            tell("fix.add_source"),
            tuple(dict.fromkeys(group[id_column].astype("str"))),
        )
        for source_id, group in unknown.groupby("source_id", sort=True)
    ]
