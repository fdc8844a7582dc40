"""XML of anyone's, element by element: without a document type, and no deeper than is sane."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from steppe.layers.errors import InputError, Problem
from steppe.layers.importing.text_encodings import find_encoding
from steppe.layers.library_words import tell_error
from steppe.layers.limits import NESTING
from steppe.layers.wording import tell

_DECLARED = re.compile(r"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""", re.ASCII)
_FIRST_TAG = re.compile(r"<[A-Za-z_]")
_DOCUMENT_TYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# What XML 1.0 forbids (section 2.2), and some programs write all the same.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_elements(
    content: bytes, where: str, *, whole: frozenset[str], encoding: str | None = None
) -> Iterator[tuple[str, ET.Element]]:
    """Yield the elements of a document in order.

    Parameters
    ----------
    content
        The document.
    where
        The file, for the messages.
    whole
        Names, without their space, of elements that are yielded once, with all that is in them.
    encoding
        As the user says; else as it says itself.

    Yields
    ------
    tuple
        `open` and `close` with an element's name and attributes, or `whole` with all of it.

    Raises
    ------
    InputError
        For a document type, an encoding that does not fit, what is no XML, or nests too deeply.
    """
    stream = io.BytesIO(_prepare(content, where, encoding))
    parents: list[ET.Element] = []
    inside = 0
    try:
        for event, element in ET.iterparse(stream, events=("start", "end")):  # noqa: S314 (no document type)
            is_whole = local_name(element) in whole
            if event == "start":
                parents.append(element)
                NESTING.refuse_over(len(parents), where)
                inside += is_whole
                if not inside:
                    yield "open", element
                continue
            parents.pop()
            inside -= is_whole
            if inside:
                continue
            yield ("whole" if is_whole else "close"), element
            element.clear()
            if parents:
                parents[-1].remove(element)
    except ET.ParseError as error:
        what = tell("fault.open.broken_xml", told=tell_error(error))
        raise InputError(Problem(where, what, tell("fix.save_or_send_again"))) from None


def _prepare(content: bytes, where: str, encoding: str | None) -> bytes:
    """Return a document in UTF-8, without its declaration and what XML forbids."""
    text = _decode(content, where, encoding)
    first = _FIRST_TAG.search(text)
    if _DOCUMENT_TYPE.search(text[: first.start() if first else None]):
        raise InputError(Problem(where, tell("fault.network.doctype"), tell("fix.remove_doctype")))
    return _FORBIDDEN.sub("", _DECLARATION.sub("", text, count=1)).lstrip().encode()


def local_name(element: ET.Element) -> str:
    """Return the name of an element without its space."""
    return element.tag.rpartition("}")[2]


def _decode(content: bytes, where: str, encoding: str | None) -> str:
    declared = _DECLARED.match(content[:200].decode("latin-1"))
    said = encoding or (declared[1] if declared else None)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        said = "utf-16"
    name = (said or find_encoding(content) or "utf-8").lower()
    if name in {"gb2312", "gbk"}:
        name = "gb18030"
    for each in dict.fromkeys((name, find_encoding(content) or name)):
        try:
            return content.decode("utf-8-sig" if each in {"utf-8", "utf8"} else each)
        except (UnicodeError, LookupError):
            continue
    what = tell("fault.encoding.other", encoding=name.upper())
    raise InputError(Problem(where, what, tell("fix.open.say_encoding")))
