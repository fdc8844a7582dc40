"""Columns that hold the tags of OpenStreetMap together, each made a column for every tag."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from steppe.layers.errors import Note
from steppe.layers.geojson import as_column
from steppe.layers.wording import tell

# As GDAL calls them (other_tags, all_tags), Overpass and osm2pgsql (tags).
_COLUMNS = ("other_tags", "all_tags", "tags")
_MOST_TAGS = 200
_MOST_LETTERS = 20_000
# "key"=>"value" of PostgreSQL's hstore; a quotation mark within is escaped.
_PAIR = re.compile(r'\s*"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|NULL)\s*(?:,|$)')


def spread_tags(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Note]]:
    """Return rows with a column for each tag, the rarest of over 200 columns left together.

    Parameters
    ----------
    frame
        Rows; a column called `tags`, `other_tags` or `all_tags` is taken for tags where each of its
        cells is an object in JSON, a dictionary as Python prints it, or an hstore.

    Returns
    -------
    tuple
        The rows; a tag whose column is there already with the same cells makes none. What was
        left together.
    """
    notes: list[Note] = []
    for name in _COLUMNS:
        if name not in frame.columns:
            continue
        rows = [_read_tags(cell) for cell in frame[name]]
        if any(rows) and all(row is not None for row in rows):
            frame, told = _spread(frame, name, [row or {} for row in rows])
            notes += told
    return frame, notes


def _read_tags(cell: object) -> dict[str, str] | None:
    r"""Return the tags of a cell; None where it holds something else.

    >>> _read_tags('"power"=>"line","name"=>"a \\"b\\""')
    {'power': 'line', 'name': 'a "b"'}
    >>> _read_tags("{'voltage': '115000'}"), _read_tags('{"voltage": 115}'), _read_tags("115")
    ({'voltage': '115000'}, {'voltage': '115'}, None)
    """
    if isinstance(cell, Mapping):
        return {str(key): str(value) for key, value in cell.items()}
    if not isinstance(cell, str):
        return {} if pd.isna(cell) else None  # type: ignore[call-overload]
    text = cell.strip()
    if not text:
        return {}
    if len(text) > _MOST_LETTERS:
        return None
    return _read_hstore(text) if text.startswith('"') else _read_object(text)


def _read_hstore(text: str) -> dict[str, str] | None:
    tags: dict[str, str] = {}
    at = 0
    while at < len(text):
        pair = _PAIR.match(text, at)
        if pair is None:
            return None
        if pair[2] is not None:
            tags[re.sub(r"\\(.)", r"\1", pair[1])] = re.sub(r"\\(.)", r"\1", pair[2])
        at = pair.end()
    return tags


def _read_object(text: str) -> dict[str, str] | None:
    if not text.startswith("{"):
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, dict):
            return {
                str(key): value if isinstance(value, str) else json.dumps(value, default=str)
                for key, value in found.items()
                if value is not None
            }
    return None


def _spread(
    frame: pd.DataFrame, column: str, tags: Sequence[Mapping[str, str]]
) -> tuple[pd.DataFrame, list[Note]]:
    counts = Counter(name for row in tags for name in row)
    kept = frame.drop(columns=column)
    own: dict[str, str] = {}
    for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        if len(kept.columns) + len(own) >= _MOST_TAGS:
            break
        if name not in kept.columns:
            own[name] = name
        elif _differs(kept[name], [row.get(name) for row in tags]):
            own[name] = f"{name}_2"
    made = {
        own[name]: as_column([row.get(name) for row in tags]).set_axis(frame.index)
        for name in sorted(own)
        if own[name] not in kept.columns
    }
    told = {name for name in counts if name in own or name in kept.columns}
    rest = [{key: value for key, value in row.items() if key not in told} for row in tags]
    notes: list[Note] = []
    if any(rest):
        texts = [json.dumps(row, ensure_ascii=False) if row else None for row in rest]
        made[column] = pd.Series(texts, index=frame.index, dtype=object)
        notes.append(tell("note.open.rare_tags", n=len(counts) - len(told), column=column))
    return pd.concat([kept, pd.DataFrame(made, index=frame.index)], axis="columns"), notes


def _differs(column: pd.Series, values: Sequence[str | None]) -> bool:
    return any(
        value is not None and str(cell) != value for cell, value in zip(column, values, strict=True)
    )
