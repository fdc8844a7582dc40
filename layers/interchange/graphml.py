"""GraphML: XML that is hostile until it is read, and graphs that networkx reads."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.graphs import MALFORMED, Graph, malformed, to_network
from steppe.layers.interchange.read_network import ReadingOptions, ReadNetwork
from steppe.layers.interchange.xml_tally import XmlTally
from steppe.layers.wording import tell


@dataclass
class _Tally(XmlTally):
    """What GraphML holds, by name and number; graphs inside a node are groups."""

    n_graphs: int = 0
    n_edges: int = 0
    node_ids: Counter[str | None] = field(default_factory=Counter)
    keys: set[str | None] = field(default_factory=set)

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """Count an element that begins."""
        kind = name.rpartition(" ")[2]
        self.n_graphs += kind == "graph" and self.depth == 1
        self.n_edges += kind == "edge"
        if kind == "node":
            self.node_ids[attributes.get("id")] += 1
        if kind in ("node", "edge", "port"):
            self.keys = set()
        if kind == "data":
            self._take_key(attributes.get("key"))
        super().open(name, attributes)

    def _take_key(self, key: str | None) -> None:
        if key in self.keys:
            told = tell("told.network.key_twice", key=str(key))
            raise malformed(self.where, "GraphML", told)
        self.keys.add(key)


def read_graphml(path: Path, options: ReadingOptions = ReadingOptions()) -> ReadNetwork:  # noqa: B008 (frozen)
    """Read a GraphML file; a document type, and so any entity, is refused unread.

    Raises
    ------
    InputError
        For what is not GraphML, and for what cannot be a network of cables.
    """
    content = path.read_bytes()
    try:
        tally = _Tally(path.name)
        tally.read(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ports, and keys without a type, do no harm
            graph = nx.read_graphml(BytesIO(content), edge_key_type=str, force_multigraph=True)
    except MALFORMED as error:
        raise malformed(path.name, "GraphML", error) from None
    _refuse_lost(graph, tally, path.name)
    return to_network(graph, path.name, options)


def _refuse_lost(graph: Graph, tally: _Tally, where: str) -> None:
    """Refuse a file of which networkx did not keep everything apart.

    It reads the first graph alone, lets a later node or edge of the same id take the place of
    an earlier one, and makes nodes of the ends of edges that are not there.
    """
    problems = []
    if tally.n_graphs > 1:
        what = tell("fault.network.graphs", n_graphs=tally.n_graphs)
        problems.append(Problem(where, what, tell("fix.keep_one_graph")))
    twice = tuple(str(node) for node, times in tally.node_ids.items() if times > 1)
    absent = tuple(node for node in graph if node not in tally.node_ids)
    if None in tally.node_ids:
        what, fix = tell("fault.network.no_id"), tell("fix.give_each_its_own")
        problems.append(Problem(f"{where} › nodes", what, fix))
    elif twice:
        what, fix = tell("fault.id.occurs_twice"), tell("fix.give_each_node_its_own")
        problems.append(Problem(f"{where} › nodes", what, fix, twice))
    elif absent:
        what, fix = tell("fault.network.astray"), tell("fix.add_node")
        problems.append(Problem(f"{where} › nodes", what, fix, absent))
    if not problems and tally.n_edges != graph.number_of_edges():
        n_apart, n_edges = graph.number_of_edges(), tally.n_edges
        what = tell("fault.network.edges_alike", n_apart=n_apart, n_edges=n_edges)
        problems.append(Problem(where, what, tell("fix.tell_edges_apart")))
    if problems:
        raise InputError(problems)
