"""The other scenarios as the page carries them: of each what differs from the base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from steppe.layers.contracts import LAYERS
from steppe.maps.coded_columns import code_column
from steppe.maps.decision_payload import (
    SHOWN_OF_DECISION,
    list_shares,
    number_texts,
    of_run,
    value_rows,
)
from steppe.maps.plain_values import plain
from steppe.maps.request_payload import pack_requests
from steppe.maps.run_payload import SHOWN, pack_measures, pack_scores

if TYPE_CHECKING:
    import pandas as pd

    from steppe.layers.tables import PlanInfo, PlanTables

Records = Mapping[str, list[dict[str, Any]]]

MOVED = {"parks": ("parent_id",), "fibre": ("status", "year")}
"""Layers of which a scenario may lack features, and the fields that it may set."""


def _pack_run(info: PlanInfo) -> dict[str, Any]:
    """Tell what a scenario is: its name and year, and its weights by criterion."""
    return {
        "scenario": info.scenario,
        "year": info.year,
        "weights": {criterion.name: criterion.weight for criterion in info.criteria},
    }


def find_changed_rows(
    base: pd.DataFrame, other: pd.DataFrame, fields: Sequence[str], *, n_key: int
) -> dict[str, Any]:
    """Return the rows of a table that are not as in the base, by columns.

    Parameters
    ----------
    base, other
        The table in both.
    fields
        What the page shows, the key first.
    n_key
        How many fields are the key.

    Returns
    -------
    dict
        `fields`, `columns` and `n_rows` of what is new or another, and `gone`: keys that are no
        longer there.
    """
    before = {tuple(row[:n_key]): row for row in value_rows(base, list(fields))}
    after = {tuple(row[:n_key]): row for row in value_rows(other, list(fields))}
    changed = [row for key, row in after.items() if before.get(key) != row]
    columns = zip(*changed, strict=True) if changed else [[] for _ in fields]
    return {
        "fields": list(fields),
        "columns": [code_column(list(column)) for column in columns],
        "n_rows": len(changed),
        "gone": [list(key) for key in before if key not in after],
    }


def find_changed_records(base: Records, other: Records) -> dict[str, list[dict[str, Any]]]:
    """Return by site the measures that are not as in the base; none is ever gone."""
    changed = {}
    for site, records in other.items():
        before = {record["measure_id"]: record for record in base.get(site, [])}
        moved = [record for record in records if before.get(record["measure_id"]) != record]
        if moved:
            changed[site] = moved
    return changed


def find_changed_parts(
    base: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the entries of a table of tables that are not as in the base."""
    changed = {
        key: {name: part for name, part in parts.items() if base.get(key, {}).get(name) != part}
        for key, parts in other.items()
    }
    return {key: parts for key, parts in changed.items() if parts}


def find_changed_request(
    base: dict[str, Any] | None, other: dict[str, Any] | None
) -> dict[str, Any] | None:
    """Return a request with the parks alone that are not as in the base, and `gone`."""
    if base is None or other is None:
        return other
    moved = {site: rows for site, rows in other["sites"].items() if base["sites"].get(site) != rows}
    gone = [site for site in base["sites"] if site not in other["sites"]]
    return {**other, "sites": moved, "gone": gone}


def find_changed_features(
    base: PlanTables, other: PlanTables, name: str, fields: Sequence[str]
) -> dict[str, Any]:
    """Return of a layer which features are gone, and which of some fields are others, by id."""
    frame, moved = base.layer(name), other.layer(name)
    if moved is frame:
        return {"gone": [], "rows": {}}
    key = LAYERS[name].key[0]
    before, after = (
        {row[0]: dict(zip(fields, row[1:], strict=True)) for row in value_rows(one, [key, *fields])}
        for one in (frame, moved)
    )
    rows = {
        one: {field: value for field, value in row.items() if before[one][field] != value}
        for one, row in after.items()
    }
    return {
        "gone": [plain(one) for one in before if one not in after],
        "rows": {one: row for one, row in rows.items() if row},
    }


def pack_variants(
    tables: PlanTables, packed: dict[str, Any], texts: dict[str, int]
) -> dict[str, Any]:
    """Pack of each other scenario what differs from the base, which `packed` holds."""
    info = tables.info
    costs = SHOWN_OF_DECISION["costs"]
    found = {}
    for other in tables.variants:
        long = {
            name: find_changed_rows(
                of_run(getattr(tables, name), info), getattr(other, name), SHOWN[name], n_key=2
            )
            for name in ("latency", "redundancy")
        }
        found[other.info.scenario] = {
            **_pack_run(other.info),
            "counted": list(other.counted),
            "layers": {
                name: find_changed_features(tables, other, name, fields)
                for name, fields in MOVED.items()
                if name in tables.layers
            },
            "scores": find_changed_parts(packed["scores"], pack_scores(other.scores)),
            "measures": find_changed_records(
                packed["measures"], pack_measures(other.measures, texts)
            ),
            **long,
            "costs": find_changed_rows(
                number_texts(of_run(tables.costs, info), texts),
                number_texts(other.costs, texts),
                costs,
                n_key=2,
            ),
            "acceptability": list_shares(other),
        }
        request = pack_requests(other.requests, texts)
        if request != packed["request"]:
            found[other.info.scenario]["request"] = find_changed_request(packed["request"], request)
    return found
