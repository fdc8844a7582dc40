"""Mutations: a file that is right, broken in ways that follow from one whole number.

What a number makes of a file never changes, so that a fault is told by its number alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

MOST_MUTATIONS = 4
N_CUTS = 5

TOKENS: dict[str, tuple[bytes, ...]] = {
    "any": (
        *(
            b"\x00",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\xed\xa0\x80",
            b"\r",
            b"\n",
            b" " * 300,
            b"\x1b[31m",
        ),
        *(b"-1", b"0", b"1e308", b"1e999", b"-0.0", b"NaN", b"Infinity", b"inf", b"9" * 400),
        *(b"{{7*7}}", b"{% raw %}", b"${x}", b"[% 1 %]", b"=1+1", b"<script>", b"\xe2\x80\xae"),
        *(b"null", b"true", b"../x", b"/etc/passwd", b"http://127.0.0.1:9/x", b"''", b'""'),
    ),
    "json": (
        *(b"[" * 70, b'{"a":' * 70, b"[]", b"{}", b'"\\ud800"', b'"\\u0000"', b"1" * 5000, b","),
        *(b'"coordinates"', b'"type"', b'"networks"', b'"id"', b'"Point"', b'"LineString"', b"-"),
    ),
    "xml": (
        *(
            b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
            b"&b;",
            b"<![CDATA[x]]>",
            b"<?php x?>",
            b"<!-- -- -->",
        ),
        *(b"<a>" * 70, b"</graph>", b"<node/>", b"<edge/>", b"<data key='d1'>x</data>", b"&#0;"),
        *(b"<graph edgedefault='directed'>", b"<port name='p'/>", b"<hyperedge/>", b"&#xD800;"),
    ),
    "gml": (
        *(b"[", b"]", b"[ " * 70, b'"', b"&quot;", b"&#55296;", b"&unknown;", b"node [ id 0 ]"),
        *(b"edge [ source 0 target 0 ]", b"directed 1", b"#", b"multigraph 1", b"label", b"id"),
    ),
    "toml": (
        *(b"[[", b"]]", b"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q = 1\n", b'"""', b"= ", b"1979-05-27"),
        *(b"[layers]\n", b"[layers.nodes.defaults]\n", b"inf", b"nan", b"0x10", b"9" * 5000, b"{"),
    ),
    "table": (b",", b";", b"\t", b'"', b'"\n"', b"\r\n", b",,,,,,,,", b"lon", b"lat", b"source_id"),
    "binary": (b"\x00" * 16, b"\xff" * 16, b"\x7f\xf0\x00\x00\x00\x00\x00\x00", b"GP\x00\x01"),
}
"""What breaks readers, by the kind of file that it belongs to; `any` belongs to all."""

_Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutate(content: bytes, number: int, *, kind: str = "any") -> bytes:
    """Return the content as a whole number breaks it: once to `MOST_MUTATIONS` times.

    Parameters
    ----------
    content
        A file that is right.
    number
        Any whole number; the same one always breaks the file in the same way.
    kind
        Key of `TOKENS` whose tokens are put in beside those of any file.
    """
    dice = random.Random(number)
    tokens = TOKENS["any"] + (TOKENS[kind] if kind != "any" else ())
    for _ in range(dice.randint(1, MOST_MUTATIONS)):
        content = dice.choice(_MUTATIONS)(dice, content, tokens)
    return content


def cut_short(content: bytes) -> Iterator[bytes]:
    """Yield the content cut at five places: after nothing, and after each further fifth."""
    for part in range(N_CUTS):
        yield content[: len(content) * part // N_CUTS]


def _flip(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """Turn over one bit, some of the time in a few places."""
    changed = bytearray(content)
    for _ in range(dice.choice((1, 1, 8)) if content else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _cut(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _drop(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _span(dice, content)
    return content[:start] + content[stop:]


def _repeat(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    start, stop = _span(dice, content)
    return content[:stop] + content[start:stop] * dice.choice((1, 1, 3, 20)) + content[stop:]


def _splice(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    """Put one piece of the file in the place of another."""
    start, stop = _span(dice, content)
    other_start, other_stop = _span(dice, content)
    return content[:start] + content[other_start:other_stop] + content[stop:]


def _insert(dice: random.Random, content: bytes, tokens: Sequence[bytes]) -> bytes:
    place = dice.randrange(len(content) + 1)
    return content[:place] + dice.choice(tokens) + content[place:]


def _replace_word(dice: random.Random, content: bytes, tokens: Sequence[bytes]) -> bytes:
    """Put a token in the place of a word or a number, so that the syntax often stays whole."""
    start = dice.randrange(len(content) + 1)
    while start < len(content) and not _in_word(content[start]):
        start += 1
    stop = start
    while stop < len(content) and _in_word(content[stop]):
        stop += 1
    return content[:start] + dice.choice(tokens) + content[stop:]


def _swap_lines(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _in_word(byte: int) -> bool:
    return chr(byte).isalnum() or byte in b"._+-"


def _span(dice: random.Random, content: bytes) -> tuple[int, int]:
    """Return where a piece of the content starts and stops; most pieces are short."""
    start = dice.randrange(len(content) + 1)
    longest = dice.choice((4, 32, 256, len(content)))
    return start, min(len(content), start + dice.randint(0, max(longest, 1)))


_MUTATIONS: tuple[_Mutation, ...] = (
    *(_flip, _cut, _drop, _repeat, _splice),
    *(_insert, _insert, _replace_word, _replace_word, _swap_lines),
)
