"""The scripts of the page: ES modules, joined into one script that is read from a file.

A browser loads no module from a `file://` address, so the modules are put into the page one
after the other, each in a function of its own that sees what it imports and nothing else of
ours.  What is joined is a part of the language that can be read line by line:

- `import { a, b } from "./other.js";`, on one line or more, without renaming;
- `export const a = ...` and `export function a(...)`, at the beginning of a line.

Of the rest of the language one thing is shut out: marks that folium would run as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from posixpath import dirname, join, normpath

ENTRY = "start.js"
"""The module that starts the page; the others are what it imports, near or far."""
FLOORS = ("pure", "state", "views", "")
"""Folders of scripts from the lowest; none imports from a higher one.  `pure` computes, `state`
holds the data and what is chosen, `views` draw; above them the page starts."""

_IMPORT = re.compile(
    r'^import \{(\s*[\w$]+(?:,\s*[\w$]+)*,?\s*)\} from "(\.{1,2}/[\w./-]+)";$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:const|function) ([\w$]+)(?![\w$]))", re.MULTILINE)
_DECLARATION = re.compile(r"^(?:const|let|function|class) ([\w$]+|[{\[].*?[}\]])", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*|\bimport[(.].*", re.MULTILINE)
_TEMPLATE_MARK = re.compile(r"\{[{%#]")
_NAME_AT_END = re.compile(r"[\w$]+$")


class ScriptError(Exception):
    """A module that cannot be joined: which, and why."""


@dataclass(frozen=True)
class Module:
    """One script: what it takes from which others, what it gives, and the rest of its text."""

    name: str
    imports: tuple[tuple[str, tuple[str, ...]], ...]
    exports: tuple[str, ...]
    body: str


def _split_names(text: str) -> tuple[str, ...]:
    # Of `kept: as_this` the second is the name that is declared.
    parts = (part.strip() for part in text.strip("{}[] \n").split(","))
    return tuple(name[0] for part in parts if (name := _NAME_AT_END.search(part)))


def read_module(name: str, text: str) -> Module:
    r"""Read the imports and exports of a module.

    Parameters
    ----------
    name
        Its path in the folder of scripts, with forward slashes.
    text
        Its source.

    Raises
    ------
    ScriptError
        When it imports or exports in another form, a name stands twice at its top, or folium
        would take a part of it for a template.

    Examples
    --------
    >>> module = read_module("a.js", 'import { f } from "./b.js";\nexport const x = f(1);\n')
    >>> module.imports, module.exports, module.body
    ((('b.js', ('f',)),), ('x',), 'const x = f(1);\n')
    """
    imports = tuple(
        (normpath(join(dirname(name), path)), _split_names(names))
        for names, path in _IMPORT.findall(text)
    )
    exports = tuple(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub("", text)).lstrip("\n")
    if left := _LEFT_OVER.search(body):
        msg = f"{name}: not a form that is joined: {left[0].strip()}"
        raise ScriptError(msg)
    if mark := _TEMPLATE_MARK.search(text):
        msg = f"{name}: {mark[0]} would begin a template; put a blank between"
        raise ScriptError(msg)
    declared = [one for found in _DECLARATION.findall(body) for one in _split_names(found)]
    top = [one for _, names in imports for one in names] + declared
    if twice := sorted({one for one in top if top.count(one) > 1}):
        msg = f"{name}: more than once at the top: {', '.join(twice)}"
        raise ScriptError(msg)
    return Module(name, imports, exports, body)


def _find_faults(modules: Mapping[str, Module]) -> Iterator[str]:
    for module in modules.values():
        for path, names in module.imports:
            if path not in modules:
                yield f"{module.name}: there is no {path}"
                continue
            for name in names:
                if name not in modules[path].exports:
                    yield f"{module.name}: {path} exports no {name}"


def order_modules(modules: Mapping[str, Module], entry: str = ENTRY) -> list[Module]:
    """Return the modules so that each comes after those that it imports.

    Raises
    ------
    ScriptError
        When a module or a name is imported that is not there, when modules import one another
        in a circle, or when one is not needed by `entry`.
    """
    if faults := list(_find_faults(modules)):
        raise ScriptError("; ".join(faults))
    graph = {
        name: sorted({path for path, _ in module.imports})
        for name, module in sorted(modules.items())
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        msg = f"modules import one another in a circle: {' < '.join(error.args[1])}"
        raise ScriptError(msg) from None
    needed = {entry}
    for name in reversed(order):
        if name in needed:
            needed.update(graph[name])
    if idle := sorted(set(order) - needed):
        msg = f"nothing imports {', '.join(idle)}"
        raise ScriptError(msg)
    return [modules[name] for name in order]


def join_modules(sources: Mapping[str, str], entry: str = ENTRY) -> str:
    """Join modules into one script that leaves no name behind.

    Parameters
    ----------
    sources
        The texts of the modules by their path.
    entry
        The module that starts.

    Returns
    -------
    str
        A list of functions with the places of those whose exports they take, run in order.
    """
    ordered = order_modules({name: read_module(name, sources[name]) for name in sources}, entry)
    places = {module.name: place for place, module in enumerate(ordered)}
    parts = []
    for module in ordered:
        uses = ", ".join(str(places[path]) for path, _ in module.imports)
        takes = ", ".join(f"{{ {', '.join(names)} }}" for _, names in module.imports)
        gives = f"return {{ {', '.join(module.exports)} }};\n" if module.exports else "return {};\n"
        parts.append(f"// {module.name}\n[[{uses}], ({takes}) => {{\n{module.body}{gives}}}],\n")
    run = ".reduce((made, [uses, run]) => [...made, run(...uses.map((place) => made[place]))], [])"
    return f'(() => {{\n"use strict";\n[\n{"".join(parts)}]{run};\n}})();'


def read_sources() -> dict[str, str]:
    """Return the texts of all scripts of the page by their path."""
    root = resources.files(__package__) / "assets" / "scripts"
    return {
        f"{folder}/{file.name}".lstrip("/"): file.read_text(encoding="utf-8")
        for folder in FLOORS
        for file in (root / folder if folder else root).iterdir()
        if file.name.endswith(".js")
    }


@cache
def join_scripts() -> str:
    """Return the script of the page."""
    return join_modules(read_sources())
