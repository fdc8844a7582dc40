"""What the report calls things: parks, nodes and outlines by their names, words of both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.ranking.score_table import read_totals

Words = tuple[str, str]

_NAMED = (("boundaries", "boundary_id"), ("nodes", "node_id"), ("parks", "park_id"))


def name_places(tables: PlanTables, *, layers: tuple[str, ...] = ()) -> dict[str, Words]:
    """Return what people call each park, node and outline, Chinese and English.

    Parameters
    ----------
    tables
        The plan's tables.
    layers
        Names of the layers whose places are named; all when empty.
    """
    names: dict[str, Words] = {}
    for layer, key in _NAMED:
        if layer in tables.layers and (not layers or layer in layers):
            frame = tables.layers[layer]
            told = zip(frame["name_zh"], frame["name_en"], strict=True)
            names.update(zip(frame[key], told, strict=True))
    return names


def order_totals(tables: PlanTables) -> pd.DataFrame:
    """Return the totals of the ranked level, contract `SCORES`: by rank, then those without."""
    return read_totals(tables.scores, tables.info).sort_values(
        ["rank", "value", "site_id"], ascending=[True, False, True], na_position="last"
    )


def list_ranked(tables: PlanTables) -> list[str]:
    """Return the parks that bear a rank, the first one first."""
    totals = order_totals(tables)
    return [str(site_id) for site_id in totals.loc[totals["rank"].notna(), "site_id"]]


def gather_sources(cells: Iterable[Any]) -> str:
    """Return the source ids of several cells, each once, sorted, separated by commas."""
    found = {name for cell in cells if pd.notna(cell) for name in str(cell).split()}
    return ", ".join(sorted(found))
