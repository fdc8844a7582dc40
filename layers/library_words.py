"""What the system and libraries say of a file, as messages; what nobody foresaw stands as it is."""

from __future__ import annotations

import errno
import json
import re
import tomllib
from functools import cache
from xml.parsers import expat

from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.wording import BASE, Words, read_catalogue, tell

_PREFIX = "library."
_TOML_PLACE = re.compile(
    r"(?P<told>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL
)
# Texts that go on with what the file holds; other languages say what is wrong alone.
_BEGINNINGS = {
    "Could not decode to UTF-8 column": "told.text_of_other_encoding",
    "Exceeds the limit (": "told.long_number",
    "could not convert string to float": "told.no_number",
    "malformed database schema": "told.broken_schema",
    "type must be array": "told.no_list",
    "type must be number": "told.no_number",
}
_TOML_END = re.compile(r"(?P<told>.*) \(at end of document\)", re.DOTALL)


@cache
def _keys() -> dict[str, str]:
    """Return the keys of libraries' texts by their English, which is the libraries' own."""
    texts = read_catalogue(BASE)
    return {text: key for key, text in texts.items() if key.startswith(_PREFIX)}


def tell_text(text: str) -> Words:
    """Return a library's text as a message, where it is a known one.

    >>> tell_text("Expecting value").say("zh")
    '此处缺少值'
    """
    if key := _keys().get(text):
        return tell(key)
    key = next((each for start, each in _BEGINNINGS.items() if text.startswith(start)), None)
    return text if key is None else tell(key, told=text)


def tell_system(error: OSError) -> Words:
    """Return why the system refuses, as far as it says."""
    key = f"system.{errno.errorcode.get(error.errno or 0)}"
    return tell(key) if key in read_catalogue(BASE) else error.strerror or str(error)


def tell_error(error: Exception) -> Words:
    """Return what an error says: its words, the place in the file, a library's text."""
    found: Words
    match error:
        case UnfitError():
            found = error.words
        case RecursionError():
            found = tell("told.too_deep")
        case UnicodeDecodeError():
            found = _tell_bytes(error)
        case json.JSONDecodeError():
            told = tell_text(error.msg)
            place = {"line": error.lineno, "column": error.colno, "sign": error.pos}
            found = tell("told.json_place", told=told, **place)
        case expat.ExpatError():
            told = tell_text(expat.ErrorString(error.code) or "")
            found = tell("told.xml_place", told=told, line=error.lineno, column=error.offset)
        case tomllib.TOMLDecodeError():
            found = _tell_toml(str(error))
        case _:
            found = tell_text(str(error))
    return found


def _tell_toml(text: str) -> Words:
    if place := _TOML_PLACE.fullmatch(text):
        told, line, column = tell_text(place["told"]), int(place["line"]), int(place["column"])
        return tell("told.toml_place", told=told, line=line, column=column)
    if end := _TOML_END.fullmatch(text):
        return tell("told.toml_end", told=tell_text(end["told"]))
    return tell_text(text)


def _tell_bytes(error: UnicodeDecodeError) -> Words:
    reason, encoding, last = tell_text(error.reason), error.encoding, error.end - 1
    if last > error.start:
        return tell("told.bytes", encoding=encoding, first=error.start, last=last, reason=reason)
    byte = f"{error.object[error.start]:02x}"
    return tell("told.byte", encoding=encoding, byte=byte, first=error.start, reason=reason)


def unreadable(where: Words, error: OSError) -> InputError:
    """Return the user's error for a file that the system does not let us read."""
    what = tell("fault.file.unreadable", reason=tell_system(error))
    return InputError(Problem(where, what, tell("fix.check_file")))
