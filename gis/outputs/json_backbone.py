"""What `steppe backbone` answers as JSON: the whole backbone, or what a cut changes of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from steppe.network.cut_changes import CutChanges
from steppe.outputs.json_head import answer_head
from steppe.outputs.json_rows import make_rows
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.cuts import CutUnit

_RUN = ["scenario", "year"]


def answer_backbone(
    inputs: Inputs, *, latency: pd.DataFrame, redundancy: pd.DataFrame
) -> dict[str, Any]:
    """Return the answer to `steppe backbone`: a row for each round trip, and redundancy beside.

    Parameters
    ----------
    inputs
        What was read.
    latency, redundancy
        Contracts `LATENCY` and `REDUNDANCY`.
    """
    return {
        **answer_head(inputs, inputs.plan.scenario.name),
        "cut": [],
        "cut_units": [],
        "rows": make_rows(latency.drop(columns=_RUN)),
        "redundancy": make_rows(redundancy.drop(columns=_RUN)),
        "changed": {},
        "unchanged": {},
    }


def answer_cut(
    inputs: Inputs, cut: Mapping[CutUnit, Collection[str]], changes: CutChanges
) -> dict[str, Any]:
    """Return the answer with something cut: the same, of the pairs that it changes alone.

    Parameters
    ----------
    inputs
        What was read.
    cut
        What is cut, each with the cables that fall with it.
    changes
        What that changes.
    """
    changed = {"latency": changes.longer, "redundancy": changes.fewer}
    return {
        **answer_backbone(inputs, latency=changes.latency, redundancy=changes.redundancy),
        "cut": sorted(set[str]().union(*cut.values())),
        "cut_units": [
            {
                "unit": unit.unit_id,
                "kind": unit.kind,
                "cables": sorted(cables),
                "nodes": sorted(unit.nodes),
            }
            for unit, cables in cut.items()
        ],
        "changed": {name: make_rows(frame) for name, frame in changed.items()},
        "unchanged": dict(changes.n_unchanged),
    }
