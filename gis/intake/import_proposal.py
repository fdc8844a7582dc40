"""What an import would do with a file: shown before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.intake.import_cables import MadeEnds, join_cables
from steppe.intake.import_datum import doubt_datum
from steppe.intake.import_entry import is_next, make_areas, make_entry, refuse_open
from steppe.intake.import_request import ImportRequest, Told, read_told, read_words
from steppe.intake.import_rows import take_rows
from steppe.layers.cells import read_texts
from steppe.layers.columns import Contract
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import InputError, Note, Problem, show_values
from steppe.layers.importing.fields_layers import guess_layer, may_hold
from steppe.layers.importing.fields_matching import Match, match_fields
from steppe.layers.importing.fields_refused import find_refused
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.numerals import parse_number
from steppe.layers.importing.raw_table import ChoiceError, RawTable
from steppe.layers.mapped_columns import ColumnSource, column_faults, find_choice, is_unknown
from steppe.layers.wording import join, tell
from steppe.planfile.column_entry import read_columns
from steppe.planfile.plan_schema import Plan

_CABLES = "fibre"
_MOST_WORDS = 60


@dataclass(frozen=True)
class Proposal:
    """What an import would write.

    Parameters
    ----------
    request
        What was asked.
    raw
        The file, opened.
    contract
        The layer.
    frame
        Rows as they would lie in the plan: the source's own fields.
    matches
        Which field is which column.
    entry
        `[layers.NAME]` but for the name of the file.
    areas
        The same of `park_areas`; None where no park is given as a polygon.
    ends
        Nodes that cables need; None where they need none.
    source
        Id and fields of the source, for a plan with a list of sources.
    notes
        What was found and done.
    doubts
        What is not certain and would be taken with a yes.
    """

    request: ImportRequest
    raw: RawTable
    contract: Contract
    frame: pd.DataFrame
    matches: tuple[Match, ...]
    entry: Mapping[str, Any]
    areas: Mapping[str, Any] | None
    ends: MadeEnds | None
    source: tuple[str, Mapping[str, object]] | None
    notes: tuple[Note, ...] = ()
    doubts: tuple[Problem, ...] = field(default=())


def propose(plan: Plan, request: ImportRequest, nodes: gpd.GeoDataFrame | None) -> Proposal:
    """Return what an import would do.

    Parameters
    ----------
    plan
        The plan, as far as it can be read.
    request
        What is asked.
    nodes
        Nodes of the plan, contract `NODES`; None where it has none.

    Raises
    ------
    InputError
        For what cannot be taken, whatever is answered.
    """
    where = request.file.name
    notes: list[Note] = []
    doubts: list[Problem] = []
    contract, raw = _open(plan, request, doubts)
    notes += raw.notes
    doubts += raw.questions
    doubts += doubt_datum(plan, raw, contract.name, request)
    frame = take_rows(raw, contract, plan.bbox, where, notes.append)
    frame = _plain_numbers(frame, raw.decimal)
    told, given = _read_given(plan, request, contract, frame)
    basis = {name: "said" if name in told.sources else "plan" for name in given}
    matches = _with_words(
        match_fields(frame, contract, given, basis=basis, spare=told.spare),
        request,
        contract,
        frame,
    )
    for each in find_refused(frame, contract, matches, told.spare):
        what = tell(
            "fault.columns.strange",
            field=each.field,
            name=each.column,
            values=show_values(each.bad),
        )
        if each.has_good:
            fix = tell("fix.import.refused", field=each.field)
            doubts.append(Problem(where, what, fix))
        else:
            notes.append(tell("note.import.refused", where=where, what=what))
    ends = None
    if contract.name == _CABLES and not {"from_node", "to_node"} <= {
        each.column for each in matches
    }:
        ends, frame, made = join_cables(frame, matches, nodes, request, where, notes.append)
        matches = (
            *(each for each in matches if each.column not in {m.column for m in made}),
            *made,
        )
    doubts += _doubts(matches, contract, where)
    before = plan.layers.get(contract.name)
    is_there = before is not None and (plan.folder / before.file).exists()
    if before is not None and is_there and request.layer is None and not is_next(before, frame):
        what = tell("doubt.import.replaces", layer=contract.name, file=before.file)
        doubts.append(Problem(where, what, tell("fix.import.as", layers=contract.name)))
    entry, source = make_entry(plan, request, contract, frame, matches, told)
    refuse_open(contract, matches, entry, frame, where)
    areas = make_areas(contract, frame, entry)
    return Proposal(
        request,
        raw,
        contract,
        frame,
        matches,
        entry,
        areas,
        ends,
        source,
        tuple(notes),
        tuple(doubts),
    )


def _open(plan: Plan, request: ImportRequest, doubts: list[Problem]) -> tuple[Contract, RawTable]:
    if request.layer is not None and request.layer not in INPUT_LAYERS:
        known = tell("fix.known", known=join(INPUT_LAYERS))
        raise InputError(Problem(f"--as {request.layer}", tell("fault.layer.unknown"), known))
    wanted = None if request.layer is None else INPUT_LAYERS[request.layer]

    def read(layer: str | None) -> RawTable:
        return open_file(
            request.file,
            sheet=request.sheet,
            layer=layer,
            crs=request.crs,
            encoding=request.encoding,
            datum=request.datum,
            swap=request.swap,
            box=plan.bbox if "bbox" in plan.model_fields_set else None,
        )

    try:
        raw = read(request.table)
    except ChoiceError as error:
        fitting = [each.name for each in error.choices if wanted and may_hold(wanted, each.kinds)]
        if len(fitting) != 1:
            raise
        raw = read(fitting[0])
    if wanted is not None:
        return wanted, raw
    called = f"{request.file.stem} {raw.layer or ''}"
    guess = guess_layer(raw.frame, called)
    where = request.file.name
    if guess.layer is None:
        fix = tell("fix.import.as", layers=join(guess.others or INPUT_LAYERS, "join.or"))
        raise InputError(Problem(where, tell("fault.import.layer"), fix))
    if not guess.is_certain:
        what = tell("doubt.import.layer", layer=guess.layer)
        likely = join((guess.layer, *guess.others), "join.or")
        doubts.append(Problem(where, what, tell("fix.import.as", layers=likely)))
    return INPUT_LAYERS[guess.layer], raw


def _plain_numbers(frame: pd.DataFrame, decimal: str) -> pd.DataFrame:
    """Write numbers with a decimal comma as every reader takes them; bare digits may be a code."""
    if decimal == ".":
        return frame
    made = {}
    for name in frame.columns.drop("geometry", errors="ignore"):
        cells = [_plain_number(cell, decimal) for cell in frame[name]]
        made[name] = pd.Series(cells, index=frame.index, dtype=object)
    return frame.assign(**made)


def _plain_number(cell: object, decimal: str) -> object:
    if not isinstance(cell, str) or cell.isdecimal():
        return cell
    number = parse_number(cell, decimal)
    return cell if number is None else f"{number:.0f}" if number.is_integer() else repr(number)


def _read_given(
    plan: Plan, request: ImportRequest, contract: Contract, frame: pd.DataFrame
) -> tuple[Told, dict[str, ColumnSource]]:
    """Return what was typed, and beside it what the plan says of the layer's file before it."""
    fields = [str(name) for name in frame.columns if name != "geometry"]
    told = read_told(request.columns, fields, contract)
    before = plan.layers.get(contract.name)
    kept = read_columns(before.columns) if before else {}
    known = {
        name: each
        for name, each in kept.items()
        if name in contract.columns and (each.field in fields or _is_none(name, each, fields))
    }
    used = {each.field for each in told.sources.values()}
    known = {name: each for name, each in known.items() if each.field not in used}
    given = {**known, **told.sources}
    problems = list(column_faults(contract, given, "--columns"))
    if problems:
        raise InputError(problems)
    return told, given


def _is_none(name: str, source: ColumnSource, fields: list[str]) -> bool:
    """Tell whether a plan says that no field is the column, though one is called so in other words."""
    return not source.field and source.value is None and name not in fields


def _with_words(
    matches: tuple[Match, ...], request: ImportRequest, contract: Contract, frame: pd.DataFrame
) -> tuple[Match, ...]:
    """Return matches with what the words of their fields mean, as typed or by the catalogue."""
    said = read_words(request.words)
    made = []
    for match in matches:
        column = contract.columns[match.column]
        if match.column == "country" and match.source.field:
            there = set(frame[match.source.field])
            told = {word: code for word, code in said.items() if word in there}
            source = replace(match.source, words={**match.source.words, **told})
            made.append(replace(match, source=source))
            continue
        if not column.choices or not match.source.field:
            made.append(match)
            continue
        texts = [
            text for text in read_texts(frame[match.source.field]).uniques if not is_unknown(text)
        ]
        own = {**match.source.words, **{word: said[word] for word in said if word in texts}}
        meant = {text: find_choice(text.strip(), column, own) for text in texts[:_MOST_WORDS]}
        words = {text: choice for text, choice in meant.items() if choice and choice != text}
        strange = tuple(text for text, choice in meant.items() if choice is None)
        source = replace(match.source, words={**own, **words})
        made.append(replace(match, source=source, strange=strange))
    return tuple(made)


def _doubts(matches: tuple[Match, ...], contract: Contract, where: str) -> list[Problem]:
    doubts = []
    for match in matches:
        name, column = match.source.field, contract.columns[match.column]
        if match.strange:
            what = tell(
                "fault.columns.strange",
                field=name,
                name=match.column,
                values=show_values(match.strange),
            )
            fix = tell("fix.import.cells", field=name, column=match.column)
            if column.choices:
                fix = tell("fix.import.say_words", choices=join(column.choices))
            raise InputError(Problem(where, what, fix))
        if match.is_unit_open:
            unit = match.source.unit or column.unit
            what = tell("doubt.import.unit", field=name, column=match.column, unit=unit)
            fix = tell("fix.import.unit", field=name, column=match.column, unit=unit)
            doubts.append(Problem(where, what, fix))
        elif not match.is_certain:
            what = tell("doubt.import.field", field=name, column=match.column)
            fix = tell("fix.import.field", field=name, column=match.column)
            doubts.append(Problem(where, what, fix))
    return doubts
