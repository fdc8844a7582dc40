"""Sources: who says it, under which licence, how sure and how old it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails

from steppe.layers.cells import is_unseen
from steppe.layers.dates import read_day
from steppe.layers.errors import InputError, Problem
from steppe.layers.toml import plain_fault, read_toml

FREE_LICENCES = ("citation", "public-domain", "CC0-1.0")


class Source(BaseModel):
    """One reviewed source; without licence and attribution it does not pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str
    title: str
    publisher: str
    year: Annotated[int, Field(ge=1000, le=2999)]
    licence: str
    attribution: str
    accuracy: str
    as_of: Annotated[date, BeforeValidator(read_day)]
    url: str = ""
    note: str = ""

    @field_validator("title", "publisher", "licence", "attribution", "accuracy")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if is_unseen(value):
            msg = "must not be empty"
            raise ValueError(msg)
        return value


def read_sources(path: Path) -> dict[str, Source]:
    """Read `sources.toml`: one table per source, its name the `source_id`.

    Raises
    ------
    InputError
        For a missing file, broken TOML, or a source that lacks a field.
    """
    raw = read_toml(path, missing="write one table per source in it")
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source_id, fields in raw.items():
        if not isinstance(fields, dict):
            problems.append(
                Problem(f"{path.name} › {source_id}", "is not a table", "write [source_id]")
            )
            continue
        if "source_id" in fields:
            fix = "remove it; the name of the table is the id"
            problems.append(Problem(f"{path.name} › {source_id}.source_id", "unknown key", fix))
            continue
        try:
            sources[source_id] = Source.model_validate({**fields, "source_id": source_id})
        except ValidationError as error:
            problems += [_plain(f"{path.name} › {source_id}", fault) for fault in error.errors()]
    if problems:
        raise InputError(problems)
    return sources


def _plain(where: str, fault: ErrorDetails) -> Problem:
    at = f"{where}.{'.'.join(map(str, fault['loc']))}"
    missing = "a source has title, publisher, year, licence, attribution, accuracy, as_of"
    return plain_fault(at, fault, missing=missing)


def foreign_licences(table: str, used: Iterable[Source], *, licence: str) -> list[Problem]:
    """Find rows whose licence does not let them stand in a table under another one.

    A table has one licence.  What is free of conditions (facts that are only cited, public
    domain, CC0) may stand under any; every other row must bear the table's own.

    Parameters
    ----------
    table
        Name of the table, for the message.
    used
        The sources that its rows name.
    licence
        The table's licence.
    """
    strange = sorted(
        source.source_id
        for source in used
        if source.licence not in FREE_LICENCES and source.licence != licence
    )
    if not strange:
        return []
    return [
        Problem(
            table,
            f"is under {licence}, but holds rows from {', '.join(strange)} under another licence",
            "put those rows into a table of their own",
        )
    ]
