"""What the page carries of a backbone, so that it answers cuts by itself.

Kilometres stay whole, since the round trips of the page are those of the tables to a billionth;
what is drawn is told to a millionth of a degree, a tenth of a metre.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

import numpy as np

from steppe.maps.coded_columns import code_column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.layers.cut_graph import CutGraph

LINE_DECIMALS = 6
_OF_PARTS = ("edges", "starts", "units")  # tables, whose columns are parts
KM_DECIMALS = 9  # the last digit of a geodesic is another on another processor


def pack_graphs(graphs: Mapping[str, CutGraph]) -> dict[str, Any]:
    """Pack the graphs of scenarios, and once whatever they share.

    Returns
    -------
    dict
        `lines`, as they are drawn, and `parts`, each written once; `of`: scenario to its graph,
        in which the place of each part in `parts` stands for the part.
    """
    lines, parts = _Once(), _Once()
    packed = {}
    for name, graph in graphs.items():
        at = [lines.place([_step(part) for part in line]) for line in graph.lines]
        whole = pack_graph(graph) | {"lines": at}
        packed[name] = {
            key: {inner: parts.place(each) for inner, each in part.items()}
            if key in _OF_PARTS
            else parts.place(part)
            for key, part in whole.items()
        }
    return {"lines": lines.values, "parts": parts.values, "of": packed}


class _Once:
    """Values, each kept once: scenarios of a plan differ in a few cables."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        """Return the place of a value, which is added where it is new."""
        place = self._places.setdefault(json.dumps(value), len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


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
