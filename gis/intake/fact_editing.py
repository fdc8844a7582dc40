"""Facts beside rows that were changed: which no longer agree, and another word in their place."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import line_km
from steppe.layers.importing.edited_rows import Edits
from steppe.planfile.plan_schema import Plan


@dataclass(frozen=True)
class FactEdit:
    """A fact that no longer agrees with its cell.

    Parameters
    ----------
    line
        Line of the file where it begins.
    layer, id, field, value
        What it says.
    now
        What the cell says now; None where its row is gone.
    """

    line: int
    layer: str
    id: str
    field: str
    value: str
    now: str | None

    @staticmethod
    def replace_in(path: Path, edits: Sequence[FactEdit], source_id: str) -> bytes:
        """Return a table of facts with another word in place of some, all else byte for byte.

        Of several facts on one cell the first is replaced, the others go.
        """
        content = path.read_bytes().decode("utf-8-sig")
        by_line = {each.line: each for each in edits}
        told: set[tuple[str, str, str]] = set()
        out = []
        for start, raw, row in _records(content):
            edit = by_line.get(start)
            if edit is None:
                out.append(raw)
                continue
            cell = (edit.layer, edit.id, edit.field)
            if edit.now is None or cell in told:
                continue
            told.add(cell)
            head = _head(content)
            fresh = dict(zip(head, row, strict=False)) | {
                "value": edit.now,
                "unit": INPUT_LAYERS[edit.layer].unit(edit.field),
                "source_id": source_id,
                "place_in_text": "",
                "kind": "said",
                "reason": "",
            }
            if edit.field in ("lon", "lat"):
                fresh["unit"] = "deg"
            out.append(_spell([fresh.get(name, "") for name in head], raw))
        mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        return mark + "".join(out).encode()


def _head(content: str) -> list[str]:
    return next(csv.reader(io.StringIO(content)))


def _spell(row: list[str], raw: str) -> str:
    end = "\r\n" if raw.endswith("\r\n") else "\n"
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerow(row)
    return text.getvalue()


def _records(content: str) -> list[tuple[int, str, list[str]]]:
    """Return each record of a CSV: its first line, its text, and its cells."""
    lines = content.splitlines(keepends=True)
    reader = csv.reader(lines)
    found, start = [], 0
    for row in reader:
        found.append((start + 1, "".join(lines[start : reader.line_num]), row))
        start = reader.line_num
    return found


def find_disagreeing(
    plan: Plan, edits: Mapping[str, Edits], frames: Mapping[str, gpd.GeoDataFrame]
) -> dict[str, list[FactEdit]]:
    """Return the facts that no longer agree with what was changed, by the file that they stand in.

    Parameters
    ----------
    plan
        Names the tables of facts.
    edits
        Layer to what was changed of it.
    frames
        Layer to its rows as they would be.
    """
    now: dict[tuple[str, str, str], str | None] = {}
    for layer, changed in edits.items():
        for (row, name), (_, value) in changed.cells.items():
            now[layer, row, name] = value
        frame = frames[layer].set_index(INPUT_LAYERS[layer].key[0])
        for row in changed.moved:
            shape = frame["geometry"].loc[row]
            if shape.geom_type == "Point":
                now[layer, row, "lon"], now[layer, row, "lat"] = f"{shape.x:.6f}", f"{shape.y:.6f}"
            elif "length_km" in frame.columns:
                now[layer, row, "length_km"] = f"{line_km(shape):.12g}"
    gone = {(layer, row) for layer, changed in edits.items() for row in changed.removed}
    found: dict[str, list[FactEdit]] = {}
    for file in plan.facts:
        content = (plan.folder / file).read_bytes().decode("utf-8-sig", errors="replace")
        head = _head(content)
        for line, _, record in _records(content)[1:]:
            cells = dict(zip(head, record, strict=False))
            layer, row_id, name = (cells.get(each, "") for each in ("layer", "id", "field"))
            is_changed = (layer, row_id, name) in now
            if is_changed or (layer, row_id) in gone:
                told = now.get((layer, row_id, name))
                edit = FactEdit(line, layer, row_id, name, cells.get("value", ""), told)
                found.setdefault(file, []).append(edit)
    return found
