"""Facts: one row per value, each with its source, its place in the text and how it is known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from layers.columns import FACT_KINDS
from layers.conformity import checked
from layers.contracts import FACTS
from layers.csvfiles import read_csv_rows
from layers.errors import Problem
from layers.sources import Source

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
    frame = read_csv_rows(path, path.name, missing="name the facts file in plan.toml")
    return checked(frame, FACTS, where=path.name)


def best_facts(facts: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Keep one fact for each layer, id and field.

    Measured beats derived beats said beats assumed; among equals the newer source counts,
    then the source's id in alphabetical order.

    Returns
    -------
    DataFrame
        Rows of `facts`, one per (layer, id, field).
    """
    ordered = facts.assign(
        _strength=facts["kind"].map(_STRENGTH),
        _age=[-sources[source_id].as_of.toordinal() for source_id in facts["source_id"]],
    ).sort_values(["layer", "id", "field", "_strength", "_age", "source_id"], kind="stable")
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
            f"unknown source {source_id!r}",
            "add it to sources.toml or correct the name",
            tuple(dict.fromkeys(group[id_column].astype("str"))),
        )
        for source_id, group in unknown.groupby("source_id", sort=True)
    ]
