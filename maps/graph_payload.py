"""What the page carries of a backbone, so that it answers cuts by itself.

Kilometres stay whole, since the round trips of the page are those of the tables to a billionth;
what is drawn is told to a millionth of a degree, a tenth of a metre.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.maps.coded_columns import code_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.layers.cut_graph import CutGraph

LINE_DECIMALS = 6
KM_DECIMALS = 9  # the last digit of a geodesic is another on another processor


def pack_graphs(graphs: Mapping[str, CutGraph]) -> dict[str, Any]:
    """Pack the graphs of scenarios: each by its name, and once the lines that they share."""
    lines: dict[str, int] = {}
    drawn: list[list[list[int]]] = []
    packed = {}
    for name, graph in graphs.items():
        at = []
        for parts in graph.lines:
            steps = [_step(part) for part in parts]
            place = lines.setdefault(repr(steps), len(lines))
            if place == len(drawn):
                drawn.append(steps)
            at.append(place)
        packed[name] = pack_graph(graph) | {"lines": at}
    return {"lines": drawn, "of": packed}


def pack_graph(graph: CutGraph) -> dict[str, Any]:
    """Pack one graph but for its lines."""
    low, km, high = _columns(graph.edge_km, 3)
    start_low, start_km, start_high = _columns(graph.start_km, 3)
    a, b = _columns(graph.edge_ends, 2)
    return {
        "nodes": list(graph.nodes),
        "at": np.round(graph.lonlats, LINE_DECIMALS).ravel().tolist(),
        "cables": list(graph.cables),
        "sure": code_column([int(each) for each in graph.sure]),
        "edges": {
            "cable": list(graph.edge_cable),
            "a": a,
            "b": b,
            "low": code_column(low),
            "km": code_column(km),
            "high": code_column(high),
            "assumed": code_column([int(each) for each in graph.edge_assumed]),
        },
        "starts": {
            "id": list(graph.starts),
            "node": list(graph.start_node),
            "low": code_column(start_low),
            "km": code_column(start_km),
            "high": code_column(start_high),
            "accuracy": code_column(list(graph.start_accuracy_km)),
        },
        "targets": list(graph.targets),
        "apart": [[round(km, KM_DECIMALS) for km in each] for each in graph.apart_km],
        "classes": [list(each) for each in graph.classes],
        "light_km_per_s": graph.light_km_per_s,
        "group_index": graph.group_index,
        "detour": graph.detour,
        "equipment": [list(astuple(each)) for each in graph.equipment],
        "units": {
            kind: {
                "names": list(units.names),
                "cables": [list(each) for each in units.cables],
                "nodes": [list(each) for each in units.nodes] if any(units.nodes) else [],
            }
            for kind, units in graph.units.items()
        },
    }


def _columns(rows: tuple[tuple[Any, ...], ...], n_columns: int) -> list[list[Any]]:
    return [[row[column] for row in rows] for column in range(n_columns)]


def _step(part: NDArray[np.float64]) -> list[int]:
    """Return a line as its first point and the steps from one to the next, in whole units."""
    whole = np.round(part * 10**LINE_DECIMALS).astype(np.int64)
    return np.diff(whole, axis=0, prepend=0).ravel().tolist()
