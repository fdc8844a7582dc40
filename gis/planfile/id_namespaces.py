"""Ids of several layers that stand in one column, where the same id would mean two things."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_schema import Plan

SHARED = (
    ("parks", "nodes"),
    ("parks", "boundaries"),
    ("nodes", "boundaries"),
    ("parks", "towns"),
)
"""Layers whose ids meet: ends of round trips, subjects of figures, `applies_to` of rules.

A node and the town that it stands in may share theirs: they are one place.
"""


def find_ambiguous(plan: Plan, layers: Mapping[str, gpd.GeoDataFrame]) -> list[Problem]:
    """Name the rows whose id is also that of another kind of place.

    Parameters
    ----------
    plan
        Names the files.
    layers
        Layers that were read; the others are not held against each other.
    """
    problems = []
    for layer, other in SHARED:
        if layer not in layers or other not in layers:
            continue
        own, others = (
            layers[name][INPUT_LAYERS[name].key[0]].astype("str") for name in (layer, other)
        )
        twice = tuple(own[own.isin(set(others))])
        if twice:
            problems.append(
                Problem(
                    f"{plan.layers[layer].file} › {layer}",
                    tell("fault.id.shared", name=INPUT_LAYERS[layer].key[0], layer=other),
                    tell("fix.give_another_id"),
                    twice,
                )
            )
    return problems
