"""What an import would do, for people to read: which field is which column, with a sample of rows."""

from __future__ import annotations

import math

import pandas as pd

from steppe.intake.import_proposal import Proposal
from steppe.layers.errors import cut
from steppe.layers.mapped_columns import read_cells
from steppe.layers.sources import UNSAID
from steppe.layers.wording import Message, join, tell

_SAMPLE = 3
_MOST_SIGNS = 24


def tabulate_preview(proposal: Proposal, language: str) -> pd.DataFrame:
    """Return a row for each column: its title, its field, the unit, and what some rows say.

    Parameters
    ----------
    proposal
        What would be written.
    language
        Of the heads.
    """
    heads = [tell(f"import.head.{name}").say(language) for name in ("column", "field", "unit")]
    rows = []
    for match in proposal.matches:
        column = proposal.contract.columns[match.column]
        source = match.source
        sample = ["" if source.value is None else str(source.value)] * _SAMPLE
        if source.field:
            cells = proposal.frame[source.field].head(_SAMPLE)
            sample = [
                _spell(each) for each in read_cells(cells, column, source, proposal.contract)[0]
            ]
        sample += [""] * (_SAMPLE - len(sample))
        unit = source.unit or column.unit
        told = f"{unit} → {column.unit}" if source.unit and source.unit != column.unit else unit
        field = source.field + ("" if match.is_certain else " ?")
        rows.append([match.column, field, told if told != "1" else "", *sample])
    samples = [tell("import.head.row", n=n).say(language) for n in range(1, _SAMPLE + 1)]
    return pd.DataFrame(rows, columns=[*heads, *samples], dtype=object)


def _spell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    return cut(f"{value:g}" if isinstance(value, float) else str(value), _MOST_SIGNS)


def tell_summary(proposal: Proposal) -> list[Message]:
    """Return the lines beside the table: what the file is, what stays, under what it stands."""
    raw, entry = proposal.raw, proposal.entry
    lines = [
        tell(
            "import.found",
            file=proposal.request.file.name,
            kind=raw.format,
            part=f" › {raw.layer}" if raw.layer else "",
            n=len(proposal.frame),
            layer=proposal.contract.name,
        )
    ]
    if raw.crs:
        lines.append(tell("import.crs", crs=raw.crs, datum=raw.datum))
    used = {each.source.field for each in proposal.matches}
    kept = [str(name) for name in proposal.frame.columns if name not in used and name != "geometry"]
    if kept:
        lines.append(tell("import.kept", fields=join(kept)))
    defaults = entry["defaults"]
    if defaults:
        told = join(f"{name} = {value}" for name, value in defaults.items())
        lines.append(tell("import.defaults", told=told))
    if proposal.areas is not None:
        lines.append(tell("import.areas"))
    return [*lines, tell_licence(entry["licence"])]


def tell_licence(licence: str) -> Message:
    """Return the line on a licence, in words that its reader understands."""
    return tell("import.licence.unsaid" if licence == UNSAID else "import.licence", licence=licence)
