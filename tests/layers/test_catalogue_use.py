"""Every message that code names is in the catalogues, and none of theirs is idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from steppe.layers.wording import read_catalogue

ROOT = Path(__file__).parents[2]
ROOMS = ("gis", "layers", "maps", "routing")
KEYS = read_catalogue("en")
# Words for values and columns of data and for what libraries say, named one by one nowhere.
_BY_DATA = ("field.", "layer.", "library.", "table.", "value.")


def _sources(ending: str) -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob(f"*{ending}")):
            yield path.read_text(encoding="utf-8")


def _trees() -> Iterator[ast.AST]:
    return map(ast.parse, _sources(".py"))


def _pattern(parts: list[ast.expr]) -> str:
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts
    )


def _told(node: ast.expr) -> Iterator[str]:
    """Yield the keys that an argument of `tell` names outright."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _told(node.body)
        yield from _told(node.orelse)


def test_every_message_that_code_tells_is_in_the_catalogue():
    told = {
        key
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"tell", "join_words", "list_words", "Message"}
        and node.args
        for key in _told(node.args[0])
    }
    assert len(told) > 200
    titles = {key for key in told if key.startswith(("field.", "table."))}
    assert sorted(told - titles - set(KEYS)) == []


@pytest.fixture(scope="module")
def named() -> tuple[set[str], re.Pattern[str]]:
    """All texts of the code, and the form of those that it puts together."""
    texts, forms = set(), set()
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                forms.add(_pattern(node.values))
    for ending in (".js", ".html"):
        for source in _sources(ending):
            texts.update(re.findall(r"""["']([\w.]+)["']""", source))
            forms.update(
                re.escape(stem) + ".+" for stem in re.findall(r'[`"](\w+\.\w*)(?:\$|" ~)', source)
            )
    # A form tells something where it begins with a room of the catalogues.
    rooms = "|".join(sorted({re.escape(key.split(".")[0]) for key in KEYS}))
    kept = sorted(form for form in forms if re.match(rf"(?:{rooms})\\\.", form))
    return texts, re.compile("|".join(kept))


def test_no_message_of_the_catalogue_is_idle(named):
    texts, forms = named
    idle = [
        key
        for key in KEYS
        if key not in texts and not forms.fullmatch(key) and not key.startswith(_BY_DATA)
    ]
    assert idle == []
