"""What the command answers as JSON: one object of one form for every question.

docs/json.md tells it field by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from steppe.layers.tables import PlanInfo
from steppe.layers.written_values import round_number, writable_frame
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.decision_tables import Decision
from steppe.ranking.scenario_comparison import Alternative

FORMAT_VERSION = 1
"""Counted up when a field is renamed, taken away or changes its meaning; new ones may come."""

# Columns whose cells hold several ids, and what stands between them in a table.
_LISTS = {
    **dict.fromkeys(("path", "shared", "evidence", "risk_ids", "untold", "excluded_by"), " "),
    **dict.fromkeys(("source_ids", "cables"), " "),
    "used_by": ", ",
}


def answer_score(decision: Decision, ranking: pd.DataFrame, *, method: str) -> dict[str, Any]:
    """Return the answer to `steppe score`: a row for each park, best first.

    Parameters
    ----------
    decision
        What a scenario decides.
    ranking
        Of it, see `steppe.outputs.command_tables.rank_table`.
    method
        The method that ranks.
    """
    info = decision.outcome.info
    criteria = [each.name for each in info.criteria]
    rows = make_rows(ranking.drop(columns=criteria))
    values = make_rows(ranking[criteria])
    for row, by_criterion in zip(rows, values, strict=True):
        row["criteria"] = by_criterion
    return {
        **_head(decision.outcome.inputs, info.scenario),
        "level": info.level,
        "method": method,
        "weights": _weights(info),
        "rows": rows,
    }


def answer_compare(
    before: Alternative, after: Alternative, changes: pd.DataFrame
) -> dict[str, Any]:
    """Return the answer to `steppe compare`: a row for each change."""
    info = after.outcome.info
    return {
        **_head(after.outcome.inputs, info.scenario),
        "level": info.level,
        "method": "weighted_sum",
        "weights": _weights(info),
        "compared_with": before.outcome.info.scenario,
        "rows": make_rows(changes.drop(columns="scenario")),
    }


def answer_backbone(
    inputs: Inputs,
    *,
    cut: tuple[str, ...],
    latency: pd.DataFrame,
    redundancy: pd.DataFrame,
    changed: Mapping[str, pd.DataFrame],
) -> dict[str, Any]:
    """Return the answer to `steppe backbone`: a row for each round trip, and redundancy beside.

    Parameters
    ----------
    inputs
        What was read.
    cut
        The cables that are cut.
    latency, redundancy
        Without them.
    changed
        What that changes in either, by its name; empty where nothing is cut.
    """
    run = ["scenario", "year"]
    return {
        **_head(inputs, inputs.plan.scenario.name),
        "cut": sorted(set(cut)),
        "rows": make_rows(latency.drop(columns=run)),
        "redundancy": make_rows(redundancy.drop(columns=run)),
        "changed": {name: make_rows(frame) for name, frame in changed.items()},
    }


def answer_sources(inputs: Inputs, sources: pd.DataFrame) -> dict[str, Any]:
    """Return the answer to `steppe sources`: a row for each source."""
    return {**_head(inputs, None), "rows": make_rows(sources)}


def _head(inputs: Inputs, scenario: str | None) -> dict[str, Any]:
    """Return what every answer begins with; null is what has no meaning for the question."""
    return {
        "format_version": FORMAT_VERSION,
        "plan": inputs.plan.name,
        "scenario": scenario,
        "level": None,
        "method": None,
        "weights": None,
    }


def _weights(info: PlanInfo) -> dict[str, float]:
    return {each.name: round_number(each.weight) for each in info.criteria}


def make_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table for JSON.

    Numbers have the digits that the files have; what is unknown is null; ids in one cell are a
    list; the two ends of a range, as `rtt_low_ms` and `rtt_high_ms`, are one field `rtt_range_ms`
    of two numbers, null where neither end is known.

    >>> make_rows(pd.DataFrame({"path": ["x y"], "low": [1.0], "high": [2.0], "score": [None]}))
    [{'path': ['x', 'y'], 'range': [1.0, 2.0], 'score': None}]
    """
    ranges = dict(_find_ranges(list(map(str, frame.columns))))
    highs = {high for high, _ in ranges.values()}
    columns: dict[str, list[Any]] = {}
    frame = writable_frame(frame)
    cells = {str(name): _plain(column) for name, column in frame.items()}
    for name, values in cells.items():
        if name in ranges:
            high, field = ranges[name]
            ends = zip(values, cells[high], strict=True)
            columns[field] = [None if each == (None, None) else list(each) for each in ends]
        elif name in _LISTS:
            columns[name] = [_split(value, _LISTS[name]) for value in values]
        elif name not in highs:
            columns[name] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _find_ranges(names: Collection[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the columns that are lower ends of ranges, with the upper end and the field of both."""
    for name in names:
        words = name.split("_")
        high = "_".join("high" if word == "low" else word for word in words)
        if high != name and high in names:
            ordered = [*words[1:], "low"] if words[0] == "low" else words
            yield name, (high, "_".join("range" if word == "low" else word for word in ordered))


def _split(value: str | None, separator: str) -> list[str]:
    return [] if value is None else [part for part in value.split(separator) if part]


def _plain(column: pd.Series) -> list[Any]:
    cells = column.astype(object).where(column.notna() & (column != ""), None)
    return [value.item() if isinstance(value, np.generic) else value for value in cells]
