"""What hangs on a scenario, as the page carries it: long tables, measures and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.coded_columns import code_column
from steppe.maps.decision_payload import value_rows
from steppe.maps.plain_values import plain

SHOWN: dict[str, tuple[str, ...]] = {
    "latency": (
        *("from_id", "to_id", "rtt_ms", "rtt_low_ms", "rtt_high_ms"),
        *("glass_rtt_ms", "equipment_rtt_ms", "floor_rtt_ms"),
        *("class_id", "class_best_id", "route_km", "status", *name_columns("reason")),
    ),
    "redundancy": (
        *("from_id", "to_id", "nominal_low", "nominal_high", "to_cut_low", "to_cut_high"),
        *("effective_low", "effective_high", *name_columns("reason"), "evidence", "risk_ids"),
    ),
    "disjoint": (
        *("from_id", "to_id", "apart", "route", "rtt_ms", "route_km", "path", "shared", "unsure"),
        *name_columns("reason"),
    ),
    "cuts": (
        *("cut_id", "to_id", "n_units", "rank", *name_columns("name"), "cables"),
        *("n_isolated", "isolated", "n_doubtful", "doubtful", "n_slower", "slower"),
        *("worst_id", "worst_before_ms", "worst_after_ms"),
    ),
}
"""Columns of the long tables that the page shows; what follows from them the page finds itself."""

SHARED_TEXTS = (*name_columns("reason"), "source_ids")
"""Columns of the measures whose texts many rows share."""


def list_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table without what is empty, and without the run that they are of."""
    names = [str(name) for name in table.columns if name not in {"scenario", "year"}]
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in value_rows(table, names)
    ]


def by_columns(table: pd.DataFrame, fields: Sequence[str]) -> dict[str, Any]:
    """Return some columns of a table, each in the form that is shorter."""
    columns = [code_column([plain(value) for value in table[field].tolist()]) for field in fields]
    return {"fields": list(fields), "columns": columns, "n_rows": len(table)}


def _grouped(records: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record[key], []).append(record)
    return groups


def pack_measures(measures: pd.DataFrame, texts: dict[str, int]) -> dict[str, Any]:
    """Group measures by site; long texts that many of them share become numbers in `texts`."""
    groups = _grouped(list_records(measures.drop(columns=list(name_columns("method")))), "site_id")
    for records in groups.values():
        for record in records:
            del record["site_id"]
            for field in SHARED_TEXTS:
                if field in record:
                    record[field] = texts.setdefault(record[field], len(texts))
    return groups


def pack_scores(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the score of each site in each criterion; the totals follow from the weights."""
    packed: dict[str, dict[str, dict[str, Any]]] = {}
    parts = scores[scores["criterion"] != "total"]
    names = ("value", "low", "high", "coverage")
    for site, criterion, *numbers in value_rows(parts, ("site_id", "criterion", *names)):
        packed.setdefault(site, {})[criterion] = dict(zip(names, numbers, strict=True))
    return packed
