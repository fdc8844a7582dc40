"""Texts from data on a terminal: what a sign could do there is shown instead of done."""

from __future__ import annotations

import unicodedata

# Controls, formats (among them marks of direction), halves of pairs, ends of line and paragraph.
_ACTING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Formats that Mongolian, Persian and Indic words are written with: they join signs, no more.
_JOINERS = frozenset("\u180e\u200c\u200d")


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
        sign.encode("unicode_escape").decode("ascii")
        if unicodedata.category(sign) in _ACTING and sign not in _JOINERS
        else sign
        for sign in text
    )
