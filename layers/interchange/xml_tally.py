"""XML that is hostile until it is read: counted element by element, and held to the limits."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import NESTING, NETWORK_PARTS, NETWORK_ROWS, TEXT_LENGTH
from steppe.layers.wording import tell

_ROWS = frozenset({"node", "edge", "link"})


@dataclass
class XmlTally:
    """What an XML document holds, by number; a reader adds what it wants to know of it.

    It is read through once before anything is made of it, so that what is over a limit costs
    nothing.  A document type, and so any entity, is refused unread.
    """

    where: str
    depth: int = 0
    n_elements: int = 0
    n_rows: int = 0
    n_signs: int = 0

    def read(self, content: bytes) -> None:
        """Read a document through.

        Raises
        ------
        InputError
            For a document type, and for what is over a limit.
        expat.ExpatError
            For what is no XML.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self.open, self.close
        parser.CharacterDataHandler = self.take_text
        parser.Parse(content, True)  # noqa: FBT003 (expat takes no keywords)

    def open(self, name: str, attributes: dict[str, str]) -> None:
        """Count an element that begins."""
        self.depth += 1
        self.n_elements += 1
        self.n_rows += name.rpartition(" ")[2] in _ROWS
        self.n_signs = 0
        NESTING.refuse_over(self.depth, self.where)
        NETWORK_PARTS.refuse_over(self.n_elements, self.where)
        NETWORK_ROWS.refuse_over(self.n_rows, self.where)
        TEXT_LENGTH.refuse_over(max(map(len, attributes.values()), default=0), self.where)

    def close(self, _: str) -> None:
        """Count an element that ends."""
        self.depth -= 1
        self.n_signs = 0

    def take_text(self, text: str) -> None:
        """Count the signs of an element, which may come in many pieces."""
        self.n_signs += len(text)
        TEXT_LENGTH.refuse_over(self.n_signs, self.where)

    def refuse_doctype(self, *_: object) -> None:
        """Refuse what may hide files and bombs."""
        what = tell("fault.network.doctype")
        raise InputError(Problem(self.where, what, tell("fix.remove_doctype")))
