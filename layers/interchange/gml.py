"""GML, the Graph Modelling Language: graphs that networkx reads, once they are marked."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx

from layers.errors import InputError, Problem
from layers.interchange.graphs import MALFORMED, malformed, to_network
from layers.interchange.network import Network

_HEAD = re.compile(r'"[^"]*"|^\s*#.*$|\bgraph\s*\[', re.MULTILINE)


def read_gml(path: Path) -> Network:
    """Read a GML file (Graph Modelling Language), with or without its mark of a multigraph.

    Raises
    ------
    InputError
        For what is not GML, and for what cannot be a network of cables.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Problem(path.name, "is not in UTF-8", "save it in UTF-8")) from None
    try:
        graph = nx.parse_gml(_mark_multigraph(text), label="id")
    except MALFORMED as error:
        raise malformed(path.name, "GML", error) from None
    return to_network(graph, path.name)


def _mark_multigraph(text: str) -> str:
    """Declare a multigraph: the Topology Zoo writes parallel edges without saying so."""
    for match in _HEAD.finditer(text):
        if match.group().startswith("graph"):
            return f"{text[: match.end()]} multigraph 1 {text[match.end() :]}"
    return text
