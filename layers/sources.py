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
from steppe.layers.errors import InputError, Problem, UnfitError
from steppe.layers.toml import plain_fault, read_toml
from steppe.layers.wording import join, tell

UNSAID = "not stated"
"""Licence of what a plan gives without a word on its sources."""
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
            raise UnfitError(tell("fault.text.empty"))
        return value


def name_own_source(source_id: str, title: str, *, accuracy: str, as_of: date) -> Source:
    """Return what Steppe reckons from a plan as a source, of the plan's day.

    Parameters
    ----------
    source_id, title, accuracy
        As of any source.
    as_of
        The day that the plan speaks of.
    """
    return Source(
        source_id=source_id,
        title=title,
        publisher="Steppe",
        year=as_of.year,
        licence="citation",
        attribution="Steppe, computed from the layers of this plan",
        accuracy=accuracy,
        as_of=as_of,
    )


def read_sources(path: Path) -> dict[str, Source]:
    """Read `sources.toml`: one table per source, its name the `source_id`.

    Raises
    ------
    InputError
        For a missing file, broken TOML, or a source that lacks a field.
    """
    raw = read_toml(path, missing=tell("fix.write_sources"))
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source_id, fields in raw.items():
        if not isinstance(fields, dict):
            what, fix = tell("fault.source.no_table"), tell("fix.write_source_id")
            problems.append(Problem(f"{path.name} › {source_id}", what, fix))
            continue
        if "source_id" in fields:
            what, fix = tell("fault.key.unknown"), tell("fix.remove_source_id")
            problems.append(Problem(f"{path.name} › {source_id}.source_id", what, fix))
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
    return plain_fault(at, fault, missing=tell("fix.source_has"))


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
    what = tell("fault.source.licence", licence=licence, sources=join(strange))
    return [Problem(table, what, tell("fix.part_tables"))]
