"""The decision as the page carries it: answers, how sure each rank is, scenarios, costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from steppe.layers.wording import name_columns
from steppe.maps.plain_values import plain

if TYPE_CHECKING:
    from steppe.layers.tables import PlanInfo, PlanTables

SHOWN_OF_DECISION: dict[str, tuple[str, ...]] = {
    "answers": ("question", "title_zh", "title_en", "text_zh", "text_en"),
    "robustness": (
        *("site_id", "topsis_rank", "first_share", "low_rank", "high_rank", "first_share_any"),
        *("first_share_assumed", "at_values", "at_values_rank"),
    ),
    "assumptions": (
        *("parameter", "kind", "title_zh", "title_en", "low", "high", "unit"),
        *("lead", "lead_low", "lead_high", "turns", "new_first_id"),
    ),
    "spread": ("measure_id", "criterion", "weight", "share"),
    "weight_ranges": ("site_id", "criterion", "low", "high"),
    "explanations": ("site_id", "kind", "text_zh", "text_en"),
    "scenarios": (
        *("scenario", "title_zh", "title_en", "why_zh", "why_en", "first_id", "first_share"),
        "n_changes",
    ),
    "changes": (
        *("scenario", "kind", "id", "name_zh", "name_en", "quantity", "before", "after", "unit"),
    ),
    "costs": (
        *("site_id", "component", "cost_cny_mw_year", "low_cny_mw_year", "high_cny_mw_year"),
        *("status", "missing", *name_columns("reason"), "source_ids"),
    ),
    "break_evens": (
        *("site_id", "other_id", "pue_ratio", "energy_cny_kwh", "price_cny_kwh", "missing"),
    ),
}
"""Columns of the tables of the decision that the page shows."""

TOLD_CHANGES = ("rank", "score", "rtt", "routes", "site", "cost")
"""Kinds of changes that the page tells; the others stand in changes.csv."""


def of_run(table: pd.DataFrame, info: PlanInfo) -> pd.DataFrame:
    """Return the rows of the plan's own scenario and year."""
    return table[(table["scenario"] == info.scenario) & (table["year"] == info.year)]


def value_rows(frame: pd.DataFrame, fields: tuple[str, ...] | list[str]) -> list[list[Any]]:
    """Return the values of some columns, row by row, as JSON can hold them."""
    columns = [[plain(value) for value in frame[field].tolist()] for field in fields]
    return [list(row) for row in zip(*columns, strict=True)]


def _first_ids(tables: PlanTables) -> set[str]:
    """Return the park that the others' costs are held against: of several first ones, one."""
    totals = of_run(tables.scores, tables.info).query("criterion == 'total' and rank == 1")
    firsts = totals.loc[totals["level"] == tables.info.level, "site_id"]
    return set(firsts.sort_values().head(1))


def _told_changes(tables: PlanTables) -> pd.DataFrame:
    """Drop what no planner asks for: other targets, and scores that bear no rank."""
    changes = tables.changes[tables.changes["kind"].isin(TOLD_CHANGES)]
    far = (changes["kind"] == "rtt") & ~changes["quantity"].isin(tables.info.targets[:1])
    ranked = {
        *tables.robustness["site_id"],
        *changes.loc[changes["kind"] == "rank", "id"],
    }
    idle = (changes["kind"] == "score") & ~changes["id"].isin(ranked)
    return changes[~far & ~idle]


def _told_ranges(tables: PlanTables) -> pd.DataFrame:
    ranges = of_run(tables.weight_ranges, tables.info)
    return ranges[ranges["low"].notna()]


def number_texts(costs: pd.DataFrame, texts: dict[str, int]) -> pd.DataFrame:
    """Return costs with the numbers of their reasons and sources, which are added to `texts`."""
    numbered = costs.copy()
    for field in (*name_columns("reason"), "source_ids"):
        numbered[field] = [
            None if plain(text) is None else texts.setdefault(text, len(texts))
            for text in costs[field]
        ]
    return numbered


def list_shares(tables: PlanTables) -> dict[str, dict[str, list[float]]]:
    """Return by park and by whose weights the share of each rank, the first rank first.

    A rank that the table leaves out between two others was never reached.
    """
    packed: dict[str, dict[str, list[float]]] = {}
    rows = of_run(tables.acceptability, tables.info).sort_values("rank")
    for site, weights, rank, share in value_rows(rows, ["site_id", "weights", "rank", "share"]):
        shares = packed.setdefault(site, {}).setdefault(weights, [])
        shares += [0.0] * (rank - 1 - len(shares)) + [share]
    return packed


def pack_decision(tables: PlanTables, texts: dict[str, int]) -> dict[str, Any]:
    """Pack the tables of the decision, by columns.

    Parameters
    ----------
    tables
        The checked tables.
    texts
        Long texts to their numbers; reasons and sources of costs are added here.

    Returns
    -------
    dict
        Each table of `SHOWN_OF_DECISION` as `fields` and `rows`, and `acceptability`.
    """
    info = tables.info
    break_evens = of_run(tables.break_evens, info)
    explanations = of_run(tables.explanations, info)
    frames = {
        "answers": of_run(tables.answers, info).sort_values("place"),
        "robustness": of_run(tables.robustness, info),
        "assumptions": of_run(tables.assumptions, info).sort_values("place"),
        "spread": of_run(tables.spread, info),
        "weight_ranges": _told_ranges(tables),
        "explanations": explanations.sort_values("place", kind="stable"),
        "scenarios": tables.scenarios,
        "changes": _told_changes(tables),
        "costs": number_texts(of_run(tables.costs, info), texts),
        "break_evens": break_evens[break_evens["other_id"].isin(_first_ids(tables))],
    }
    packed: dict[str, Any] = {
        name: {"fields": list(fields), "rows": value_rows(frames[name], fields)}
        for name, fields in SHOWN_OF_DECISION.items()
    }
    return {**packed, "acceptability": list_shares(tables)}
