"""Which layer the rows of a file are: by their shapes, their fields, and what the file is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from steppe.layers.columns import GEOMETRY_TYPES, Contract
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.field_words import plain_name, words_of_layers
from steppe.layers.importing.fields_heads import CERTAIN
from steppe.layers.importing.fields_matching import match_fields

# What nearly every layer has tells nothing of which it is.
_COMMON = frozenset(
    {
        "name",
        "name_zh",
        "name_en",
        "source_id",
        "as_of",
        "accuracy_m",
        "operator",
        "country",
        "kind",
    }
    | {"status", "rank", "grid", "capacity_mw", "energy"}
)
_CALLED, _FIELD, _SOME = 3.0, 1.0, 0.25
_LEAD = 1.0
# Layers that are said of no file by guess: extents, and what only a planner draws.
_UNGUESSED = re.compile(r".*_extent|park_areas|corridors")
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Guess:
    """Which layer a file is.

    Parameters
    ----------
    layer
        The likeliest; None where nothing tells.
    is_certain
        Whether it leads the others by enough.
    others
        The next ones.
    """

    layer: str | None
    is_certain: bool
    others: tuple[str, ...] = ()


def kinds_of(frame: pd.DataFrame) -> dict[str, int]:
    """Return how many rows have points, lines and polygons."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return {}
    types = Counter(shape.geom_type for shape in frame.geometry if shape is not None)
    counts = {kind: sum(types[name] for name in names) for kind, names in GEOMETRY_TYPES.items()}
    return {kind: n for kind, n in counts.items() if n}


def may_hold(contract: Contract, kinds: Mapping[str, int] | Collection[str]) -> bool:
    """Tell whether a layer may be made of shapes: points also of polygons."""
    if contract.geometry == "point":
        return "point" in kinds or "polygon" in kinds
    return contract.geometry in kinds if contract.geometry else not kinds


def guess_layer(frame: pd.DataFrame, called: str) -> Guess:
    """Return which layer the rows of a file are.

    Parameters
    ----------
    frame
        The rows.
    called
        Names of the file and of the table in it.
    """
    kinds = kinds_of(frame)
    most = max(kinds, key=lambda kind: kinds[kind]) if kinds else None
    some = frame.head(500)
    scores: dict[str, float] = {}
    for name, contract in INPUT_LAYERS.items():
        if contract.geometry is None or _UNGUESSED.fullmatch(name):
            continue
        if not may_hold(contract, kinds):
            continue
        score = _score_name(called, name) + (_SOME if contract.geometry == most else 0.0)
        for match in match_fields(some, contract, {}, basis={}):
            if match.certainty >= CERTAIN:
                # A field that few rows have tells little of what all of them are.
                share = float(some[match.source.field].notna().mean())
                score += share * (_SOME if match.column in _COMMON else _FIELD)
        scores[name] = score
    order = sorted(scores, key=lambda name: -scores[name])
    if not order or scores[order[0]] < _LEAD:
        return Guess(None, is_certain=False, others=tuple(order))
    lead = scores[order[0]] - (scores[order[1]] if len(order) > 1 else 0.0)
    return Guess(order[0], is_certain=lead >= _LEAD, others=tuple(order[1:4]))


def _score_name(called: str, layer: str) -> float:
    plain = plain_name(re.sub(r"[_\-./\\]", " ", called))
    tokens = set(_WORD.findall(plain))
    for word in words_of_layers().get(layer, ()):
        if (word in plain) if not word.isascii() else (set(word.split()) <= tokens):
            return _CALLED
    return 0.0
