"""What the assumed numbers do to the lead of the first park: a tornado."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from steppe.charts.ranked_places import name_places
from steppe.charts.sheet import BAD, GOOD, SOFT, WASH, Sheet, lay_sheet, measure_mm
from steppe.layers.tables import PlanTables
from steppe.layers.wording import hear, say, tell
from steppe.ranking.number_format import spell_range

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PITCH_MM = 11.2
_BAR_MM = 2.6


def pick_swings(tables: PlanTables, *, most: int) -> pd.DataFrame:
    """Return the assumed numbers that move the lead, those that move it most first."""
    table = tables.assumptions.dropna(subset=["lead_low", "lead_high"]).sort_values("place")
    moving = (table["lead_low"] != table["lead"]) | (table["lead_high"] != table["lead"])
    return table[moving].head(most)


def spell_reach(row: Mapping[Hashable, Any]) -> str:
    """Return over which range an assumed number was moved, with its unit."""
    scale, unit = (100, " %") if row["kind"] in ("weight", "share") else (1, f" {row['unit']}")
    unit = "" if unit == " 1" else unit
    return f"{spell_range(_spell(scale * row['low']), _spell(scale * row['high']))}{unit}"


def _spell(number: float) -> str:
    return f"{number:,.4f}".rstrip("0").rstrip(".").replace(",", "\u2009")


def draw_tornado(
    tables: PlanTables, *, language: str, width_mm: float = 92.0, most: int = 8
) -> Figure | None:
    """Draw over which stretch each assumed number moves the lead of the first park.

    Left of the line at 0, red, another park is first; the dashed line is the lead as the plan
    has it.  Contract `ASSUMPTIONS`.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm
        Width of the figure.
    most
        So many numbers are drawn, those that move the lead most.

    Returns
    -------
    Figure or None
        None where no assumed number moves a lead.
    """
    rows = pick_swings(tables, most=most).to_dict("records")
    if not rows:
        return None
    leads = [0.0, *(row[name] for row in rows for name in ("lead", "lead_low", "lead_high"))]
    least, spread = min(leads), (max(leads) - min(leads)) or 1.0
    left, right = 1.0, width_mm - 1.0
    height = 6.0 + _PITCH_MM * len(rows)

    def at(lead: float) -> float:
        return left + (right - left) * (lead - least) / spread

    sheet = lay_sheet(width_mm, height, language=language)
    names = name_places(tables, layers=("parks",))
    for place, row in enumerate(rows):
        y = 5.0 + _PITCH_MM * place
        sheet.write(0.0, y + 1.8, hear("title", row), room_mm=width_mm)
        ends = row["lead"], row["lead_low"], row["lead_high"]
        low, high = min(ends), max(ends)
        sheet.block(left, y + 3.8, right - left, _BAR_MM, colour=WASH)
        if low < 0:
            sheet.block(at(low), y + 3.8, at(min(high, 0.0)) - at(low), _BAR_MM, colour=BAD)
        if high > 0:
            start = at(max(low, 0.0))
            sheet.block(start, y + 3.8, at(high) - start, _BAR_MM, colour=GOOD)
        told = f"{spell_reach(row)}: {row['lead_low']:+.3f} … {row['lead_high']:+.3f}"
        told = told.replace("-", "−")
        rival = names.get(row["new_first_id"])
        colour = SOFT
        if rival is not None:
            told, colour = f"{told} → {say(rival, language)}", BAD
        sheet.write(0.0, y + 8.4, told, room_mm=width_mm, colour=colour)
    lead = float(rows[0]["lead"])
    for x, dashes in ((at(0.0), ()), (at(lead), (2.0, 1.5))):
        for place in range(len(rows)):
            y = 5.0 + _PITCH_MM * place
            sheet.stroke([(x, y + 3.2), (x, y + 7.0)], width_pt=0.9, dashes=dashes)
    _write_key(sheet, f"{lead:+.3f}".replace("-", "−"))
    return sheet.figure


def _write_key(sheet: Sheet, lead: str) -> None:
    """Say above the bars what the two lines and the red are."""
    now = say(tell("chart.lead_now", lead=lead), sheet.language)
    level = say(tell("chart.lead_level"), sheet.language)
    x = 1.0
    for dashes, words in (((2.0, 1.5), now), ((), level)):
        sheet.stroke([(x, 0.2), (x, 3.8)], width_pt=0.9, dashes=dashes)
        sheet.write(x + 1.2, 2.0, words, colour=SOFT)
        x += measure_mm(words) + 5.0
    sheet.block(x - 0.8, 0.9, 2.4, 2.4, colour=BAD)
    sheet.write(x + 2.6, 2.0, tell("chart.other_first"), colour=SOFT)
