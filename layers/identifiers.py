"""What may be the id of a row: something that everybody sees, and tells from every other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from steppe.layers.cells import has_controls, is_unseen
from steppe.layers.limits import ID_LENGTH
from steppe.layers.wording import Message, tell

# Letters of other scripts that are drawn as Latin ones: the single letters of Unicode's table of
# confusables (UTS 39) for Cyrillic and Greek, which keyboards of the region write.
_LOOKS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧονιρυ",
    "ABESIJKMHOPCTYXaesijopcyxdqwhABEZHIKMNOPTYXovipu",
)


@dataclass(frozen=True)
class IdFault:
    """What keeps a text from being an id, to be read after the column's name, and what to do."""

    what: Message
    fix: Message


_TOO_LONG = IdFault(
    tell("fault.text.too_long", most=ID_LENGTH.most, counted=ID_LENGTH.counted),
    tell("fix.shorten"),
)
_BLANK = IdFault(tell("fault.id.blank"), tell("fix.use_no_blank"))
_CONTROL = IdFault(tell("fault.text.control"), tell("fix.take_out"))
_UNSEEN = IdFault(tell("fault.id.unseen"), tell("fix.take_out"))
_APART = IdFault(tell("fault.id.apart"), tell("fix.compose"))


def find_id_fault(text: str) -> IdFault | None:
    """Return what keeps a text from being an id.

    >>> find_id_fault("hohhot"), find_id_fault("和林格尔")
    (None, None)
    >>> find_id_fault("hoh\u200bhot").what.say("en")
    'holds a sign that is not seen'
    """
    if text.isascii() and text.isprintable() and " " not in text:
        return None if len(text) <= ID_LENGTH.most else _TOO_LONG
    if any(sign.isspace() for sign in text):
        return _BLANK
    if has_controls(text):
        return _CONTROL
    if any(is_unseen(sign) for sign in text):
        return _UNSEEN
    if unicodedata.normalize("NFC", text) != text:
        return _APART
    return None if len(text) <= ID_LENGTH.most else _TOO_LONG


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
