"""JSON Schemas of what the command answers with `--json`, made of the entries of the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from steppe.layers.columns import NAMES, PARK_LEVELS, Column, number, text, whole
from steppe.layers.contracts import RESULT_TABLES
from steppe.layers.errors import InputError, Problem
from steppe.layers.schemas import DIALECT
from steppe.layers.wording import join, tell
from steppe.outputs.command_tables import METHODS
from steppe.outputs.compared_sites import comparison_schema
from steppe.outputs.json_answers import BESIDE_SCORES
from steppe.outputs.json_head import FORMAT_VERSION
from steppe.outputs.json_rows import row_schema
from steppe.outputs.land_schemas import edges_schema, route_schema, screen_schema
from steppe.planfile.cut_units import CIRCLE, KINDS

_PLACES = {"from_id": text("park or node"), "to_id": text("node")}
_RANK = "rank of nine draws in ten"
_RANKING = {
    "rank": whole("rank by the method", low=1, empty=True),
    "site_id": text("park"),
    **NAMES,
    "score": number("what the method gives", unit="1", low=0, high=1, empty=True),
    "low": number("score with every measure at its worse end", unit="1", empty=True),
    "high": number("score with every measure at its better end", unit="1", empty=True),
    "coverage": number("share of the weight that is known", unit="1", low=0, high=1),
    "weighted_sum": number("weighted sum of expected values", unit="1", low=0, high=1, empty=True),
    "at_values": number(
        "weighted sum without the bands", unit="1", low=0, high=1, empty=True
    ),
    "at_values_rank": whole("rank by it", low=1, empty=True),
    "topsis": number("closeness by TOPSIS", unit="1", low=0, high=1, empty=True),
    "first_share": number(
        "share of draws in which it is first, with the plan's weights",
        unit="1", low=0, high=1, empty=True,
    ),
    "low_rank": whole(f"best {_RANK}", low=1, empty=True),
    "high_rank": whole(f"worst {_RANK}", low=1, empty=True),
    "first_share_any": number(
        "share of draws in which it is first, with any weights", unit="1", low=0, high=1, empty=True
    ),
    "first_share_assumed": number(
        "share of draws in which it is first, assumed numbers drawn too",
        unit="1", low=0, high=1, empty=True,
    ),
    "excluded_by": text("rules that keep it from a rank", empty=True),
}  # fmt: skip
_LONGER = {
    **_PLACES,
    "before_ms": number("round trip without the cut", unit="ms", low=0),
    "after_ms": number("with it; null where no way is left", unit="ms", low=0, empty=True),
}
_FEWER = {
    **_PLACES,
    **{
        f"{name}_{end}_{when}": whole(f"{what}, {when} the cut", low=0, empty=True)
        for name, what in (
            ("nominal", "cables that join the two themselves"),
            ("to_cut", "cables to cut"),
            ("effective", "routes that nothing shared takes down together"),
        )
        for when in ("before", "after")
        for end in ("low", "high")
    },
}
_SOURCES = {
    "source_id": text("source"),
    "title": text("title"),
    "publisher": text("who published it"),
    "year": whole("year", unit="a"),
    "licence": text("licence"),
    "attribution": text("who is owed thanks"),
    "accuracy": text("how sure it is"),
    "as_of": text("date that it speaks of"),
    "url": text("where it lies", empty=True),
    "note": text("note", empty=True),
    "used_by": text("layers, tables and facts that name it", empty=True),
}

_PLANS = {
    "quantity": text("measure, or own_score, common_score, unknown"),
    "title_zh": text("what people read"),
    "title_en": text("what people read"),
    "unit": text("unit of the value"),
    "plan": text("plan"),
    "site_id": text("its best site", empty=True),
    "site_zh": text("name of the site", empty=True),
    "site_en": text("name of the site", empty=True),
    "value": number("value at the site; of unknown, how many numbers are", empty=True),
    "low": number("low end of its band", empty=True),
    "high": number("high end of its band", empty=True),
    "score": number(
        "value by the function that all plans share, 0 to 1", low=0, high=1, empty=True
    ),
    "status": text("whether it is observed, derived, assumed or unknown", empty=True),
    "reason_zh": text("why", empty=True),
    "reason_en": text("why", empty=True),
}

_OF_TEST = ("test", "can_mw", "cannot_mw", "source_ids")

ANSWERS = (
    *("score", "compare", "compare_plans", "compare_sites", "backbone"),
    *("screen", "screen_edges", "route", "sources"),
)
"""Commands that have `--json`; `compare` answers otherwise of plans, and of one, than of scenarios,
`screen` otherwise with `--edge`."""


def json_schema(command: str) -> dict[str, Any]:
    """Return the schema of what a command of `ANSWERS` prints with `--json`, draft 2020-12.

    Raises
    ------
    InputError
        For a command that has no `--json`.
    """
    if command not in ANSWERS:
        what, fix = (
            tell("fault.answer.unknown", command=command),
            tell("fix.one_of", known=join(ANSWERS)),
        )
        raise InputError(Problem("json_schema", what, fix))
    ranks = command in ("score", "compare")
    share = {"type": "number", "minimum": 0, "maximum": 1}
    properties: dict[str, Any] = {
        "format_version": {"const": FORMAT_VERSION},
        "plan": {"type": "string"},
        "scenario": {"type": "null" if command in ("sources", "compare_plans") else "string"},
        "level": {"enum": list(PARK_LEVELS)} if ranks else {"type": "null"},
        "method": {"enum": list(METHODS)} if ranks else {"type": "null"},
        "weights": {"type": "object", "additionalProperties": share} if ranks else {"type": "null"},
        **_FURTHER[command](),
    }
    return {
        "$schema": DIALECT,
        "title": f"steppe {command.partition('_')[0]} --json",
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _score() -> dict[str, Any]:
    row = row_schema(_RANKING)
    value = {"type": ["number", "null"], "minimum": 0, "maximum": 1, "x-unit": "1"}
    row["properties"]["criteria"] = {
        "type": "object",
        "additionalProperties": value,
        "description": "score of each criterion",
    }
    row["required"].append("criteria")
    row["properties"]["request"] = _request_of_site()
    row["required"].append("request")
    wanted = {
        name: RESULT_TABLES["requests"].columns[name] for name in ("demand_mw", "wanted_year")
    }
    beside = {
        name: _list(row_schema(_without_run(RESULT_TABLES[name].columns))) for name in BESIDE_SCORES
    }
    return {"request": _or_null(row_schema(wanted)), "rows": _list(row), **beside}


def _request_of_site() -> dict[str, Any]:
    """Return what a park's row tells of the request; null where nobody asks."""
    columns = RESULT_TABLES["requests"].columns
    told = {name: columns[name] for name in columns if name.startswith(("verdict", "reason"))}
    tests = {name: columns[name] for name in columns if name in _OF_TEST or name in told}
    site = row_schema(told)
    site["properties"]["tests"] = _list(row_schema(tests))
    site["required"].append("tests")
    return _or_null(site)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]}


def _compare() -> dict[str, Any]:
    changes = _without_run(RESULT_TABLES["changes"].columns)
    return {
        "compared_with": {"type": "string"},
        "rows": _list(row_schema(changes)),
        "proposed": _list(comparison_schema()),
    }


def _compare_plans() -> dict[str, Any]:
    texts = {"type": "array", "items": {"type": "string"}}
    return {
        "plans": texts,
        "notes": texts,
        "rows": _list(row_schema(_PLANS)),
        "proposed": _list(comparison_schema()),
    }


def _compare_sites() -> dict[str, Any]:
    told = dict(comparison_schema()["properties"])
    return {"rows": told.pop("sites"), **told}


def _backbone() -> dict[str, Any]:
    changed = {
        "latency": _list(row_schema(_LONGER)),
        "redundancy": _list(row_schema(_FEWER)),
    }
    ids = {"type": "array", "items": {"type": "string"}}
    unit = {
        "unit": {"type": "string", "description": "its kind and name, or the circle"},
        "kind": {"enum": [*KINDS, CIRCLE]},
        "cables": {**ids, "description": "cables that fall with it"},
        "nodes": {**ids, "description": "nodes that fall, with all cables that end there"},
    }
    return {
        "cut": ids,
        "cut_units": _list(
            {
                "type": "object",
                "properties": unit,
                "required": [*unit],
                "additionalProperties": False,
            }
        ),
        "rows": _list(row_schema(_without_run(RESULT_TABLES["latency"].columns))),
        "redundancy": _list(row_schema(_without_run(RESULT_TABLES["redundancy"].columns))),
        "changed": {"type": "object", "properties": changed, "additionalProperties": False},
        "unchanged": {
            "type": "object",
            "properties": {name: {"type": "integer", "minimum": 0} for name in changed},
            "additionalProperties": False,
            "description": "how many pairs the cut does not change",
        },
    }


_FURTHER: Mapping[str, Callable[[], dict[str, Any]]] = {
    "score": _score,
    "compare": _compare,
    "compare_plans": _compare_plans,
    "compare_sites": _compare_sites,
    "backbone": _backbone,
    "screen": screen_schema,
    "screen_edges": edges_schema,
    "route": route_schema,
    "sources": lambda: {"rows": _list(row_schema(_SOURCES))},
}


def _without_run(columns: Mapping[str, Column]) -> dict[str, Column]:
    """Return columns less those that are told once for the whole answer."""
    return {name: column for name, column in columns.items() if name not in ("scenario", "year")}


def _list(row: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": row}
