"""Texts from data on a terminal and within other texts: what a sign could do there is not done."""

from __future__ import annotations

import re
import unicodedata

# Controls, formats (among them marks of direction), halves of pairs, ends of line and paragraph.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Formats that Mongolian, Persian and Indic words are written with: they join signs, no more.
_JOINERS = frozenset("\u180e\u200c\u200d")

# Scripts that run from right to left, and the marks that turn a text round.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BEGINS, _BEGIN, _END = frozenset("\u2066\u2067\u2068"), "\u2068", "\u2069"


def set_apart(text: str) -> str:
    r"""Return a text for within another, which it must not turn round.

    One that could is set between the marks FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE
    (Unicode Standard Annex 9, 2.4), whatever marks of its own it leaves open or ends too often.

    >>> set_apart("Baotou"), set_apart("a\u202eb"), set_apart("\u2069\u05d0")
    ('Baotou', '\u2068a\u202eb\u2069', '\u2068\u2068\u2069א\u2069')
    """
    if _TURNS.search(text) is None:
        return text
    n_ended = n_open = 0
    for sign in text:
        if sign in _BEGINS:
            n_open += 1
        elif sign == _END and n_open:
            n_open -= 1
        elif sign == _END:
            n_ended += 1
    return _BEGIN * (1 + n_ended) + text + _END * (1 + n_open)


def acts(sign: str) -> bool:
    """Tell whether a sign does something where it is printed, instead of showing itself."""
    if sign.isprintable():
        return False
    return unicodedata.category(sign) in _ACTING and sign not in _JOINERS


def printable(text: str) -> str:
    r"""Return a text whose every sign shows itself and moves nothing else.

    A name may hold ESC, which colours, clears or retitles a terminal, or a mark that turns the
    direction of all that follows; each is written as its escape.  Names of any script pass.

    >>> printable("a\x1b[31mb\u202ec")
    'a\\x1b[31mb\\u202ec'
    """
    if text.isprintable():
        return text
    return "".join(
        sign.encode("unicode_escape").decode("ascii") if acts(sign) else sign for sign in text
    )
