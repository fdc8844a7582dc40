"""What the report calls things: parks, nodes and outlines by their names, words by their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from steppe.layers.tables import PlanTables
from steppe.layers.wording import BASE, Texts, Words, find_languages, pair, say
from steppe.maps.words import list_words
from steppe.ranking.score_table import read_totals

_NAMED = (("boundaries", "boundary_id"), ("nodes", "node_id"), ("parks", "park_id"))


def find_words(key: str) -> Texts:
    """Return the words of a key, as the user interface has them."""
    return Texts(tuple(zip(find_languages(), list_words(key), strict=True)))


def show(words: Words) -> Markup:
    """Return words in every language, of which the page shows its reader's; once where alike."""
    texts = {language: say(words, language) for language in find_languages()}
    if len(set(texts.values())) == 1:
        return escape(texts[BASE])
    parts = [Markup('<span lang="{}">{}</span>').format(*each) for each in texts.items()]
    return Markup(" ").join(parts)


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


def gather_sources(cells: Iterable[Any]) -> str:
    """Return the source ids of several cells, each once, sorted, separated by commas."""
    found = {name for cell in cells if pd.notna(cell) for name in str(cell).split()}
    return ", ".join(sorted(found))
