"""Changing a TOML file so that comments, order and spelling of all else stay as they are."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Item, Table

from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import TOML_BYTES
from steppe.layers.safe_files import is_there, read_bytes
from steppe.layers.toml import parse_toml
from steppe.layers.whole_files import write_file
from steppe.layers.wording import tell

SUB_TABLES = ("columns",)
"""Keys of a table that become tables of their own, with a line for each of theirs."""
_BOM = "\ufeff"
_FIRST_KEY = re.compile(r"^[^\S\n]*[^\s#]", re.MULTILINE)


@dataclass
class TomlEdit:
    """A TOML file and how it is to read.

    `values` is what it says with all changes so far, `raw` what lay there when it was read.
    """

    path: Path
    values: dict[str, Any]
    raw: bytes
    _document: tomlkit.TOMLDocument
    _first: dict[str, object] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> TomlEdit:
        """Read a file; one that is not there is empty.

        Raises
        ------
        InputError
            As `steppe.layers.toml.read_toml`.
        """
        raw = read_bytes(path, path.name, TOML_BYTES) if is_there(path) else b""
        values = parse_toml(raw, path.name)
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        try:
            document = tomlkit.parse(text)
        except TOMLKitError:
            raise _cannot_change(path.name) from None
        return cls(path, values, raw, document)

    def set_table(
        self, place: Sequence[str], entry: Mapping[str, object], *, keep: Sequence[str] = ()
    ) -> None:
        """Add a table, or replace what stands there.

        Parameters
        ----------
        place
            Its name, as ("layers", "parks").
        entry
            Its keys; those without a value are left out.
        keep
            Keys that stay as they stand where `entry` does not name them.

        Raises
        ------
        InputError
            Where the file says the table in a form that cannot be added to.
        """
        told = {key: _plain(value) for key, value in entry.items() if value is not None}
        parent: Any = self._document
        values: Any = self.values
        try:
            for name in place[:-1]:
                if name not in parent:
                    parent[name] = tomlkit.table(is_super_table=True)
                parent, values = parent[name], values.setdefault(name, {})
            name = place[-1]
            if name in parent:
                table = parent[name]
                for key in [each for each in table if each not in told and each not in keep]:
                    del table[key]
                _fill(table, told)
            else:
                parent[name] = _fill(tomlkit.table(), told, is_new=True)
            kept = {key: each for key, each in values.get(name, {}).items() if key in keep}
            values[name] = {**kept, **told}
        except (TOMLKitError, ValueError, TypeError, AttributeError):
            raise _cannot_change(self.path.name) from None

    def add_row(self, key: str, entry: Mapping[str, object]) -> None:
        """Add a table to an array of tables of the top, behind those that it has.

        Raises
        ------
        InputError
            Where the file says the array in a form that cannot be added to.
        """
        told = {name: _plain(value) for name, value in entry.items() if value is not None}
        try:
            if key not in self._document:
                self._document[key] = tomlkit.aot()
            rows: Any = self._document[key]
            rows.append(_fill(tomlkit.table(), told, is_new=True))
        except (TOMLKitError, ValueError, TypeError, AttributeError):
            raise _cannot_change(self.path.name) from None
        self.values.setdefault(key, []).append(told)

    def set_first(self, key: str, value: object) -> None:
        """Set a key of the top: where it stands, else before the first key of the file."""
        if key in self.values:
            self._document[key] = _plain(value)
        else:
            self._first[key] = _plain(value)
        self.values[key] = _plain(value)

    def spell(self) -> bytes:
        """Return the file as it is to be, with its marks of line and byte order.

        Raises
        ------
        InputError
            Where it would not read as the changes want it; over the limits of TOML.
        """
        text = tomlkit.dumps(self._document)
        lines = tomlkit.dumps(self._first) if self._first else ""
        first = _FIRST_KEY.search(text)
        at = first.start() if first else len(text)
        text = text[:at] + lines + text[at:]
        if b"\r\n" in self.raw:
            text = text.replace("\n", "\r\n")
        raw = (_BOM + text if self.raw.startswith(_BOM.encode()) else text).encode("utf-8")
        TOML_BYTES.refuse_over(len(raw), self.path.name)
        if parse_toml(raw, self.path.name) != self.values:
            raise _cannot_change(self.path.name)
        return raw

    def refuse_moved(self) -> None:
        """Refuse to write over what another program wrote since this was read.

        Raises
        ------
        InputError
            One line.
        """
        path = self.path
        if (read_bytes(path, path.name, TOML_BYTES) if is_there(path) else b"") != self.raw:
            what, fix = tell("fault.edit.moved"), tell("fix.try_again_unwritten")
            raise InputError(Problem(path.name, what, fix))

    def write(self) -> None:
        """Put the changed file in the place of the old one, whole."""
        raw = self.spell()
        if raw != self.raw:
            self.refuse_moved()
            write_file(self.path, raw)


def _cannot_change(where: str) -> InputError:
    return InputError(Problem(where, tell("fault.edit.form"), tell("fix.edit.form")))


def _fill(table: Any, told: Mapping[str, Any], *, is_new: bool = False) -> Table:
    """Write keys into a table, those that are tables of their own last."""
    last = table
    for key, value in sorted(told.items(), key=lambda pair: pair[0] in SUB_TABLES):
        if key in SUB_TABLES and isinstance(value, Mapping) and key not in table:
            last = tomlkit.table()
            for name, each in value.items():
                last.add(name, _item(each))
            table[key] = last
        elif key in SUB_TABLES and isinstance(value, Mapping):
            for name in [each for each in table[key] if each not in value]:
                del table[key][name]
            _fill(table[key], value)
        elif key not in table or table[key] != value:
            table[key] = _item(value)
    if is_new or last is not table:
        last.add(tomlkit.nl())
    return table


def _item(value: Any) -> Item:
    if isinstance(value, Mapping):
        made = tomlkit.inline_table()
        for key, each in value.items():
            made.append(key, _item(each))
        return made
    return tomlkit.item(value)


def _plain(value: object) -> Any:
    """Return a value as TOML reads it again.

    Raises
    ------
    TypeError
        For what TOML does not know.
    """
    match value:
        case np.generic():
            return _plain(value.item())
        case bool() | int() | float() | str() | datetime() | date():
            return copy.copy(value)
        case Path():
            return value.as_posix()
        case Mapping():
            return {str(key): _plain(each) for key, each in value.items() if each is not None}
        case list() | tuple():
            return [_plain(each) for each in value]
    raise TypeError(type(value).__name__)
