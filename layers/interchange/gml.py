"""GML, the Graph Modelling Language, read in one pass that no file makes longer than its size.

The grammar is that of Himsolt (1996, GML: A portable graph file format, Universität Passau):
keys followed by a number, a text or a list of keys in brackets.  Texts may go over lines; a
word stands for a text where networkx writes one.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import networkx as nx

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.graphs import READ_NAMES, Graph, malformed, to_network
from steppe.layers.interchange.read_network import ReadingOptions, ReadNetwork, Record
from steppe.layers.limits import NESTING, NETWORK_PARTS, NETWORK_ROWS, TEXT_LENGTH, Limit
from steppe.layers.wording import Message, join, tell

# Each token but a blank by its kind.  All quantifiers are possessive: nothing is tried twice.
_TOKEN = re.compile(
    r"""(?:\s++|\#[^\n]*+)*+ (?:
      (?P<key>[A-Za-z]\w*+)
    | (?P<number>[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[Ee][+-]?\d++)?|[+-]INF\b)
    | (?P<text>"[^"]*+")
    | (?P<open>\[) | (?P<close>\])
    | (?P<end>\Z))""",
    re.VERBOSE | re.ASCII,
)
_ENTITY = re.compile(r"&(?:[0-9A-Za-z]{1,32}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});")
_MOST_DIGITS = 400  # more than the greatest float has
_WORDS_FOR_TEXT = frozenset({"id", "label", "source", "target"})
_NO_NUMBERS = {"NAN": math.nan, "INF": math.inf}


def read_gml(path: Path, options: ReadingOptions = ReadingOptions()) -> ReadNetwork:  # noqa: B008 (frozen)
    """Read a GML file (Graph Modelling Language), with or without its mark of a multigraph.

    Raises
    ------
    InputError
        For what is not GML, and for what cannot be a network of cables.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        what = tell("fault.encoding.other", encoding="UTF-8")
        raise InputError(Problem(path.name, what, tell("fix.save_in_utf_8"))) from None
    graphs = _values(_Reading(text, path.name).read(), "graph")
    if len(graphs) != 1 or not isinstance(graphs[0], list):
        several = tell("told.gml.graphs", n_graphs=len(graphs))
        told = several if graphs else tell("told.gml.no_graph")
        raise malformed(path.name, "GML", told)
    return to_network(_build(graphs[0], path.name), path.name, options)


_Entries = list[tuple[str, Any]]


class _Reading:
    """One pass through a text, token by token."""

    def __init__(self, text: str, where: str) -> None:
        self._text, self._where = text, where
        self._place = 0

    def read(self) -> _Entries:
        """Return the keys of the whole with their values; a list is such entries again."""
        outer: list[_Entries] = []
        entries: _Entries = []
        names: dict[str, str] = {}
        n_lists = 0
        while True:
            kind, token = self._next()
            if kind == "close" and outer:
                entries = outer.pop()
            elif kind == "end" and not outer:
                return entries
            elif kind == "key":
                key = names.setdefault(token, token)
                kind, token = self._next()
                if kind == "open":
                    inner: _Entries = []
                    entries.append((key, inner))
                    outer.append(entries)
                    entries = inner
                    n_lists += 1
                    self._hold(NETWORK_PARTS, n_lists)
                    self._hold(NESTING, len(outer))
                else:
                    entries.append((key, self._value(key, kind, token)))
            else:
                before = token or tell("told.gml.end")
                self._refuse(tell("told.gml.no_key", before=before))

    def _next(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._place)
        if match is None:
            rest = self._text[self._place : self._place + 1000].strip()[:10]
            unclosed = rest.startswith('"')
            endless, strange = tell("told.gml.text"), tell("told.gml.strange", rest=rest)
            self._refuse(endless if unclosed else strange)
        self._place = match.end()
        kind = str(match.lastgroup)
        return kind, match[kind]

    def _value(self, key: str, kind: str, token: str) -> object:
        if kind == "text":
            self._hold(TEXT_LENGTH, len(token) - 2)
            return _ENTITY.sub(lambda match: html.unescape(match[0]), token[1:-1])
        if kind == "number":
            return self._number(token)
        if kind == "key" and token in _NO_NUMBERS:
            return _NO_NUMBERS[token]
        if kind == "key" and key in _WORDS_FOR_TEXT:
            return token
        return self._refuse(tell("told.gml.no_value", key=key))

    def _number(self, token: str) -> float:
        if len(token) > _MOST_DIGITS:
            self._refuse(tell("told.number.digits", n_digits=len(token)))
        if token.lstrip("+-").isdigit():
            return int(token)
        number = float(token.lower())
        if math.isinf(number) and not token.endswith("INF"):
            self._refuse(tell("told.number.too_large", number=token))
        return number

    def _hold(self, limit: Limit, n_found: int) -> None:
        if n_found > limit.most:  # to count the lines takes as long as to read them
            limit.refuse_over(n_found, self._line())

    def _line(self) -> Message:
        number = self._text.count("\n", 0, self._place) + 1
        return tell("place.comma_line", where=self._where, number=number)

    def _refuse(self, told: Message) -> NoReturn:
        raise malformed(self._line(), "GML", told)


def _values(entries: _Entries, wanted: str) -> list[Any]:
    return [value for key, value in entries if key == wanted]


def _build(entries: _Entries, where: str) -> Graph:
    """Build the multigraph: the Topology Zoo writes parallel edges without saying so."""
    nodes, edges = (_values(entries, name) for name in ("node", "edge"))
    NETWORK_ROWS.refuse_over(len(nodes) + len(edges), where)
    settings = _record([entry for entry in entries if entry[0] not in ("node", "edge")], where)
    graph: Graph = nx.MultiDiGraph() if settings.get("directed") in (1, "1") else nx.MultiGraph()
    for number, node in enumerate(nodes):
        data = _record(node, f"{where} › node #{number}")
        node_id = _take(data, "id", f"{where} › node #{number}")
        if node_id in graph:
            raise malformed(where, "GML", tell("told.gml.id_twice", node_id=repr(node_id)))
        graph.add_node(node_id, **data)
    for number, edge in enumerate(edges):
        place = f"{where} › edge #{number}"
        data = _record(edge, place)
        ends = [_take(data, name, place) for name in ("source", "target")]
        for name, end in zip(("source", "target"), ends, strict=True):
            if end not in graph:
                told = tell("told.gml.undefined", name=name, end=repr(end))
                raise malformed(place, "GML", told)
        key = data.pop("key", None)
        if key is not None and graph.has_edge(*ends, key):
            raise malformed(place, "GML", tell("told.gml.key_twice", key=repr(key)))
        graph.add_edge(*ends, key, **data)
    return graph


def _take(data: Record, name: str, where: str) -> Any:
    value = data.pop(name, None)
    if not isinstance(value, str | int | float):
        raise malformed(where, "GML", tell("told.gml.lacks", name=name))
    return value


def _record(entries: Any, where: str) -> Record:
    """Return entries by key; what is said more than once is a list, which no column takes."""
    if not isinstance(entries, list):
        raise malformed(where, "GML", tell("told.gml.no_list"))
    record: dict[str, list[Any]] = {}
    for key, value in entries:
        record.setdefault(key, []).append(value)
    _refuse_twice((key for key, values in record.items() if len(values) > 1), where)
    return {key: values[0] if len(values) == 1 else values for key, values in record.items()}


def _refuse_twice(keys: Iterable[str], where: str) -> None:
    twice = sorted(key for key in keys if key.lower() in READ_NAMES)
    if twice:
        raise malformed(where, "GML", tell("told.gml.said_twice", names=join(twice)))
