"""What may be the id of a row: something that everybody sees, and tells from every other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from steppe.layers.cells import has_controls, is_unseen
from steppe.layers.limits import ID_LENGTH

# Letters of other scripts that are drawn as Latin ones: the single letters of Unicode's table of
# confusables (UTS 39) for Cyrillic and Greek, which keyboards of the region write.
_LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιρυ",
    "ABESIJKMHOPCTYXaesijopcyxdqwhABEZHIKMNOPTYXovipu",
)


def find_id_fault(text: str) -> str:
    """Return what keeps a text from being an id; empty where nothing does.

    >>> find_id_fault("hohhot"), find_id_fault("和林格尔")
    ('', '')
    >>> find_id_fault("hoh\u200bhot")
    'holds a sign that is not seen'
    """
    if text.isascii() and text.isprintable() and " " not in text:
        return "" if len(text) <= ID_LENGTH.most else _TOO_LONG
    if any(sign.isspace() for sign in text):
        return "holds a blank"
    if has_controls(text):
        return "holds a control character"
    if any(is_unseen(sign) for sign in text):
        return "holds a sign that is not seen"
    if unicodedata.normalize("NFC", text) != text:
        return "is written with signs apart that Unicode has as one"
    return "" if len(text) <= ID_LENGTH.most else _TOO_LONG


_TOO_LONG = f"is longer than {ID_LENGTH.most} {ID_LENGTH.unit}"
FIXES = {
    "holds a blank": "ids are listed with blanks between them; use another character",
    "is written with signs apart that Unicode has as one": "write it composed (Unicode NFC)",
    _TOO_LONG: "shorten it",
}
FIX = "take it out"


def look(text: str) -> str:
    """Return what an id looks like: width, composition, case and script told apart no more."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).translate(_LOOKS).casefold()


def find_lookalikes(ids: Iterable[str]) -> list[str]:
    """Return the ids that look like another one of them, in the order of their first."""
    groups: dict[str, list[str]] = {}
    for each in dict.fromkeys(ids):
        groups.setdefault(look(each), []).append(each)
    return [each for group in groups.values() if len(group) > 1 for each in group]
