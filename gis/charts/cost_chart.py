"""What is known of the yearly cost at the ranked parks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from steppe.charts.ranked_places import list_ranked, name_places
from steppe.charts.score_chart import MOST_PARKS
from steppe.charts.sheet import HUES, INK, LINE, SOFT, lay_sheet, measure_mm
from steppe.layers.columns import COST_COMPONENTS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import say, tell
from steppe.ranking.number_format import spell_digits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SUMS = ("known", "total")
_PITCH_MM = 7.4
_TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 1e6)


def list_known_components(tables: PlanTables) -> list[str]:
    """Return what is paid and known at one of the ranked parks."""
    costs = tables.costs[tables.costs["site_id"].isin(list_ranked(tables))]
    known = set(costs.loc[costs["cost_cny_mw_year"].notna(), "component"])
    return [each for each in COST_COMPONENTS if each in known and each not in _SUMS]


def draw_costs(
    tables: PlanTables, *, language: str, width_mm: float = 92.0, most: int = MOST_PARKS
) -> Figure | None:
    """Draw what is known of the cost of a usable megawatt and year, in millions of CNY.

    The thin line is the band of what is known, `low` to `high`.  Contract `COSTS`.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written, as `en`.
    width_mm
        Width of the figure.
    most
        So many parks are drawn, the first ones.

    Returns
    -------
    Figure or None
        None where no cost of a ranked park is known.
    """
    components = list_known_components(tables)
    rows = tables.costs.set_index(["site_id", "component"]).to_dict("index")
    costs = {key: row for key, row in rows.items() if pd.notna(row["cost_cny_mw_year"])}
    parks = [site_id for site_id in list_ranked(tables) if (site_id, "known") in costs][:most]
    if not parks:
        return None
    top, height = 5.0, 5.0 + _PITCH_MM * len(parks) + 5.0
    sheet = lay_sheet(width_mm, height, language=language)
    sums = {site_id: costs[(site_id, "known")] for site_id in parks}
    ends = ("cost_cny_mw_year", "high_cny_mw_year")
    numbers = [float(row[end]) for row in sums.values() for end in ends if pd.notna(row[end])]
    span = max([each / 1e6 for each in numbers], default=1.0) * 1.02 or 1.0
    left, right = 0.5, width_mm - 11.0
    scale = (right - left) / span
    step = next(each for each in _TICKS if span / each <= 6)  # noqa: PLR2004
    for number in range(int(span / step) + 1):
        x = left + scale * step * number
        sheet.stroke([(x, top), (x, height - 4.6)], colour=LINE, width_pt=0.5)
        sheet.write(x, height - 2.2, f"{step * number:g}", colour=SOFT, align="center" if number else "left")  # fmt: skip
    x = 0.0
    for number, component in enumerate(components):
        text = say(tell(f"report.cost_{component}"), language)
        sheet.block(x, 0.8, 2.4, 2.4, colour=HUES[number % len(HUES)])
        sheet.write(x + 3.4, 2.0, text, colour=SOFT)
        x += 3.4 + measure_mm(text) + 3.0
    names = name_places(tables, layers=("parks",))
    for place, site_id in enumerate(parks):
        y = top + _PITCH_MM * place
        sheet.write(left, y + 1.7, names[site_id], room_mm=width_mm)
        x = left
        for number, component in enumerate(components):
            if (site_id, component) in costs:
                value = costs[(site_id, component)]["cost_cny_mw_year"]
                wide = scale * float(value) / 1e6
                sheet.block(x, y + 3.7, wide, 2.6, colour=HUES[number % len(HUES)])
                x += wide
        row = sums[site_id]
        if pd.notna(row["low_cny_mw_year"]) and pd.notna(row["high_cny_mw_year"]):
            band = [
                left + scale * float(row[f"{end}_cny_mw_year"]) / 1e6 for end in ("low", "high")
            ]
            for colour, width in (("#ffffff", 2.0), (INK, 0.9)):
                sheet.stroke([(each, y + 5.0) for each in band], colour=colour, width_pt=width)
        value = row["cost_cny_mw_year"]
        told = spell_digits(None if pd.isna(value) else float(value) / 1e6, 2)
        sheet.write(width_mm, y + 5.0, told, align="right")
    return sheet.figure
