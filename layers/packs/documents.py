"""Figures, rules and terms of the documents: facts without a place on the map, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from steppe.layers.columns import Contract
from steppe.layers.contracts.documents import FIGURES, POWER_TERMS, ROUND_TRIPS, RULES
from steppe.layers.facts import layer_rows
from steppe.layers.sources import Source


def _compile(
    best: pd.DataFrame, sources: Mapping[str, Source], contract: Contract, *, quantity: str
) -> pd.DataFrame:
    """Turn the facts of one table into rows; its unit is the unit of the fact `quantity`."""
    key = contract.key[0]
    rows = layer_rows(best, contract.name).rename(columns={"id": key})
    facts = best[(best["layer"] == contract.name) & (best["field"] == quantity)]
    units = facts.set_index("id")["unit"]
    rows = rows.assign(
        unit=units.reindex(rows[key]).to_numpy(),
        as_of=[sources[name].as_of.isoformat() for name in rows["source_id"]],
    )
    further = sorted(set(rows.columns) - set(contract.columns))
    rows = rows.reindex(columns=[*contract.columns, *further])  # optional ones that no fact fills
    return rows.sort_values(key).reset_index(drop=True)


def compile_figures(best: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the figures of region and cities, contract `FIGURES`, values as the facts write them.

    Parameters
    ----------
    best
        Contract `FACTS`, one row for each layer, id and field.
    sources
        By id.
    """
    return _compile(best, sources, FIGURES, quantity="value")


def compile_rules(best: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return the rules on siting, efficiency, roles and cost, contract `RULES`.

    Parameters
    ----------
    best
        Contract `FACTS`, one row for each layer, id and field.
    sources
        By id.
    """
    return _compile(best, sources, RULES, quantity="threshold")


def compile_round_trips(best: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return round trips as published, contract `ROUND_TRIPS`.

    Parameters
    ----------
    best
        Contract `FACTS`, one row for each layer, id and field.
    sources
        By id.
    """
    rows = layer_rows(best, ROUND_TRIPS.name).rename(columns={"id": "trip_id"})
    measured = best[(best["layer"] == ROUND_TRIPS.name) & (best["field"] == "rtt_ms")]
    of = measured.set_index("id")["source_id"].reindex(rows["trip_id"]).to_list()
    rows = rows.assign(source_id=of, as_of=[sources[name].as_of.isoformat() for name in of])
    return rows[list(ROUND_TRIPS.columns)].sort_values("trip_id").reset_index(drop=True)


def compile_power_terms(best: pd.DataFrame, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Return what is told of the supply of power, contract `POWER_TERMS`.

    Parameters
    ----------
    best
        Contract `FACTS`, one row for each layer, id and field.
    sources
        By id.
    """
    rows = layer_rows(best, POWER_TERMS.name).rename(columns={"id": "term_id"})
    told = best[(best["layer"] == POWER_TERMS.name) & (best["field"] == "value")].set_index("id")
    of = told["source_id"].reindex(rows["term_id"]).to_list()
    rows = rows.reindex(columns=list(POWER_TERMS.columns)).assign(
        unit=told["unit"].reindex(rows["term_id"]).to_numpy(),
        source_id=of,
        as_of=[sources[name].as_of.isoformat() for name in of],
    )
    return rows.sort_values("term_id").reset_index(drop=True)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table without geometry as CSV, in the order that it has."""
    frame.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
