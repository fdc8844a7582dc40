"""Sources: who says it, under which licence, how sure and how old it is."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from layers.errors import InputError, Problem

SHARE_ALIKE = ("ODbL-1.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0")


class Source(BaseModel):
    """One reviewed source; without licence and attribution it does not pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str
    title: str
    publisher: str
    year: int
    licence: str
    attribution: str
    accuracy: str
    as_of: date
    url: str = ""
    note: str = ""

    @field_validator("title", "publisher", "licence", "attribution", "accuracy")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
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
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            Problem(path.name, "file not found", "write one table per source in it")
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(Problem(path.name, f"not TOML: {error}", "correct that line")) from None
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for source_id, fields in raw.items():
        if not isinstance(fields, dict):
            problems.append(
                Problem(f"{path.name} › {source_id}", "is not a table", "write [source_id]")
            )
            continue
        try:
            sources[source_id] = Source(source_id=source_id, **fields)
        except ValidationError as error:
            problems.extend(
                Problem(
                    f"{path.name} › {source_id}.{'.'.join(str(part) for part in fault['loc'])}",
                    fault["msg"].lower(),
                    "fill it in: title, publisher, year, licence, attribution, accuracy, as_of",
                )
                for fault in error.errors()
            )
    if problems:
        raise InputError(problems)
    return sources


def share_alike_mixes(table: str, used: Mapping[str, Source]) -> list[Problem]:
    """Find a share-alike licence that shares a table with another licence.

    Parameters
    ----------
    table
        Name of the table, for the message.
    used
        The sources that the table's rows name.
    """
    licences = sorted({source.licence for source in used.values()})
    if len(licences) > 1 and any(licence in SHARE_ALIKE for licence in licences):
        return [
            Problem(
                table,
                f"mixes the licences {', '.join(licences)}",
                "put the share-alike rows into a table of their own",
            )
        ]
    return []
