"""What a cut changes: round trips that get longer, and ranges of ways that get narrower."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.connections import REDUNDANCY
from steppe.layers.wording import tell
from steppe.network.cut_backbone import CutBackbone
from steppe.network.cut_counts import tabulate_counts
from steppe.network.latency_table import pair_targets, tabulate_trips
from steppe.routing.cut_search import CutSearch
from steppe.routing.joints import list_keys
from steppe.routing.step_limit import TABLE_STEPS, Work

_ENDS = ["from_id", "to_id"]

RANGES = ("nominal", "to_cut", "effective")
"""What the redundancy table tells as ranges: each has a column `_low` and one `_high`."""

MOST_COUNTED = 500
"""Of more cables a cut tells the cables to cut, and effective routes as what follows from them alone:
what cables share is found for all of them, which takes longer than a question should."""


@dataclass(frozen=True)
class CutChanges:
    """What a cut changes.

    Parameters
    ----------
    latency, redundancy
        Contracts `LATENCY` and `REDUNDANCY` with the cables cut, of the pairs that it changes.
    longer, fewer
        The same pairs before and after, see `find_longer` and `find_fewer`.
    n_unchanged
        How many other pairs there are, by the name of the table.
    """

    latency: pd.DataFrame
    redundancy: pd.DataFrame
    longer: pd.DataFrame
    fewer: pd.DataFrame
    n_unchanged: Mapping[str, int]


def find_changes(cut: CutBackbone) -> CutChanges:
    """Find what a cut changes of the round trips to every target and of the ways to the first.

    Notes
    -----
    Whose round trip changes is known from one search of shortest ways to each target
    (`steppe.routing.cut_search`), and only these are told in full.  Of at most `MOST_COUNTED` cables the
    effective routes of every node are counted before and after; of more see
    `steppe.network.cut_counts`.
    """
    latency, longer, n_trips = _find_trips(cut)
    redundancy, fewer, n_ways = _find_ways(cut)
    return CutChanges(
        latency=latency,
        redundancy=redundancy,
        longer=longer,
        fewer=fewer,
        n_unchanged={"latency": n_trips - len(longer), "redundancy": n_ways - len(fewer)},
    )


def _find_trips(cut: CutBackbone) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the round trips that change, before and after, and how many there are."""
    graph = cut.whole.joined
    keys = list_keys(graph)
    fallen = frozenset().union(*(keys[cable_id] for cable_id in cut.fallen))
    pairs = pair_targets(cut.inputs)
    nodes = tuple(sorted({start.node_id for start, _ in pairs if start.node_id is not None}))
    lost: set[tuple[str, str]] = set()
    for target in cut.inputs.plan.network.targets:
        search = CutSearch(graph, nodes, target, Work(TABLE_STEPS, tell("work.single_cuts")))
        after = search.lose(fallen, search.intact)
        lost |= {(node, target) for node in after.isolated}
        lost |= {(node, target) for node, _ in after.longer}
    felt = [pair for pair in pairs if (pair[0].node_id, pair[1].start_id) in lost]
    before, latency = (
        tabulate_trips(cut.inputs, backbone, felt) for backbone in (cut.whole, cut.backbone)
    )
    longer = find_longer(latency, before)
    return _keep(latency, longer), longer, len(pairs)


def _keep(rows: pd.DataFrame, changed: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the pairs that change."""
    told = set(zip(changed["from_id"], changed["to_id"], strict=True))
    ends = zip(rows["from_id"], rows["to_id"], strict=True)
    kept = np.array([pair in told for pair in ends], dtype=bool)
    return rows[kept].reset_index(drop=True)


def _find_ways(cut: CutBackbone) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return the ways to the first target that change, before and after, and how many there are."""
    targets = cut.inputs.plan.network.targets[:1]
    if not targets:
        none = conform(pd.DataFrame(columns=list(REDUNDANCY.columns)), REDUNDANCY)
        return none, find_fewer(none, none), 0
    if len(cut.whole.cables) > MOST_COUNTED:
        after, before, n_ways = tabulate_counts(cut, targets[0])
        return after, find_fewer(after, before), n_ways
    # What counts loads slowly.
    from steppe.network.redundancy_table import tabulate_redundancy  # noqa: PLC0415
    from steppe.network.srlg_layer import find_cable_risks, find_corridor_risks  # noqa: PLC0415

    of_corridors = find_corridor_risks(cut.inputs)
    after, before = (
        tabulate_redundancy(
            cut.inputs,
            backbone,
            find_cable_risks(cut.inputs, backbone),
            targets=targets,
            corridor_risks=of_corridors,
        )
        for backbone in (cut.backbone, cut.whole)
    )
    fewer = find_fewer(after, before)
    return _keep(after, fewer), fewer, len(before)


def find_longer(latency: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the round trips that a cut makes longer or takes away.

    Parameters
    ----------
    latency, whole
        Contract `LATENCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id, before_ms, after_ms`: after is empty where no way is left.
    """
    both = _side_by_side(whole, latency, ["rtt_ms"])
    both.columns = pd.Index([*_ENDS, "before_ms", "after_ms"])
    changed = both["before_ms"].notna() & (both["before_ms"] != both["after_ms"])
    return both[changed].reset_index(drop=True)


def find_fewer(redundancy: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges of cables and routes that a cut changes.

    Parameters
    ----------
    redundancy, whole
        Contract `REDUNDANCY`, with the cables cut, and with none cut.

    Returns
    -------
    DataFrame
        `from_id, to_id`, and both ends of each of `RANGES` before and after, as
        `nominal_low_before`; after is empty where no way is left.
    """
    columns = [f"{name}_{end}" for name in RANGES for end in ("low", "high")]
    both = _side_by_side(whole, redundancy, columns)
    ends = [
        both[[f"{name}_{when}" for name in columns]].astype("Float64").fillna(-1.0).to_numpy()
        for when in ("before", "after")
    ]
    return both[(ends[0] != ends[1]).any(axis=1)].reset_index(drop=True)


def _side_by_side(
    before: pd.DataFrame, after: pd.DataFrame, columns: Sequence[str]
) -> pd.DataFrame:
    """Return columns of two tables by pair, before and after, those that the second lacks too."""
    wanted = [*_ENDS, *columns]
    both = before[wanted].merge(after[wanted], on=_ENDS, how="left", suffixes=("_before", "_after"))
    order = [f"{name}_{when}" for name in columns for when in ("before", "after")]
    return both[[*_ENDS, *order]]
