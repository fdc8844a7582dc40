"""What charts and report call things, and which parks they rank."""

from __future__ import annotations

import pandas as pd

from steppe.layers.tables import PlanTables
from steppe.layers.wording import Texts, find_languages, pair
from steppe.maps.words import list_words
from steppe.ranking.score_table import read_totals

_NAMED = (("boundaries", "boundary_id"), ("nodes", "node_id"), ("parks", "park_id"))


def find_words(key: str) -> Texts:
    """Return the words of a key, as the user interface has them."""
    return Texts(tuple(zip(find_languages(), list_words(key), strict=True)))


def name_places(tables: PlanTables, *, layers: tuple[str, ...] = ()) -> dict[str, Texts]:
    """Return what people call each park, node and outline.

    Parameters
    ----------
    tables
        The plan's tables.
    layers
        Names of the layers whose places are named; all when empty.
    """
    names: dict[str, Texts] = {}
    for layer, key in _NAMED:
        if layer in tables.layers and (not layers or layer in layers):
            frame = tables.layers[layer]
            told = map(pair, frame["name_zh"], frame["name_en"])
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
