"""The charts of a report as SVG, each told in words to whom does not see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from steppe.charts import (
    assumption_chart,
    cost_chart,
    land_charts,
    network_charts,
    region_map,
    route_map,
    score_chart,
)
from steppe.charts.ranked_places import find_words, list_ranked, name_places, order_totals
from steppe.charts.sheet import MM_PER_INCH, render_svg
from steppe.layers.tables import PlanTables
from steppe.layers.wording import join, say, tell
from steppe.ranking.number_format import spell_digits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DRAWERS: dict[str, Callable[..., Figure | None]] = {
    "map": region_map.draw_region,
    "scores": score_chart.draw_scores,
    "land": land_charts.draw_surface,
    "lost": land_charts.draw_lost,
    "next_cable": route_map.draw_new_routes,
    "ranks": score_chart.draw_ranks,
    "tornado": assumption_chart.draw_tornado,
    "routes": network_charts.draw_routes,
    "trips": network_charts.draw_round_trips,
    "cuts": network_charts.draw_cuts,
    "costs": cost_chart.draw_costs,
}


@dataclass(frozen=True)
class Drawn:
    """A chart as it stands in a page, and how wide it is on paper."""

    svg: Markup
    width_mm: float


def draw_figures(tables: PlanTables, language: str) -> dict[str, Drawn]:
    """Return each chart that has something to show, by its name.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        In which words are written.
    """
    found = {}
    for name, draw in _DRAWERS.items():
        figure = draw(tables, language=language)
        if figure is not None:
            svg = render_svg(
                figure,
                key=f"chart-{name}",
                title=say(find_words(f"chart.title_{name}"), language),
                description=_describe(name, tables, language),
            )
            found[name] = Drawn(svg, round(float(figure.get_figwidth()) * MM_PER_INCH, 1))
    return found


def _describe(name: str, tables: PlanTables, language: str) -> str:
    """Return what a chart shows, with the parks by rank where it is about these."""
    told = tell(f"chart.text_{name}").say(language)
    if name not in ("map", "scores"):
        return told
    names = name_places(tables, layers=("parks",))
    totals = order_totals(tables).set_index("site_id").to_dict("index")
    parks = join(
        (
            tell(
                "chart.park_score",
                rank=int(totals[site]["rank"]),
                name=names[site],
                score=spell_digits(totals[site]["value"], 3),
            )
            for site in list_ranked(tables)[: score_chart.MOST_PARKS]
        ),
        "join.semicolon",
    )
    return f"{told} {parks.say(language)}"
