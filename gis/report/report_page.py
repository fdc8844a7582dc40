"""The report: what the plan comes to on a few sheets of paper, from the same tables as the map."""

from __future__ import annotations

from steppe.charts.network_charts import name_target
from steppe.layers.tables import PlanTables
from steppe.report import (
    report_clauses,
    report_decision,
    report_evidence,
    report_land,
    report_network,
    report_routes,
)
from steppe.report.report_figures import draw_figures
from steppe.report.report_names import SourceNumbers, gather_sources
from steppe.report.report_template import render


def render_report(tables: PlanTables, language: str) -> str:
    """Return the report as one self-contained HTML page that prints on A4.

    Two to four sheets tell the decision in words and charts; the tables behind them follow as an
    annex, and the sources by number.  What a plan does not have is not spoken of.

    Parameters
    ----------
    tables
        The plan's tables.
    language
        One of `steppe.layers.wording.find_languages`.
    """
    ways = report_network.list_ways(tables)
    several = report_network.pick_several(ways)
    return render(
        "report.html",
        language,
        SourceNumbers(tables),
        info=tables.info,
        figures=draw_figures(tables, language),
        answers=report_decision.list_answers(tables),
        ranking=report_decision.rank_parks(tables),
        request=report_decision.tell_request(tables),
        requests=report_decision.group_requests(tables),
        scenarios=report_decision.compare_scenarios(tables),
        swings=report_decision.list_swings(tables),
        spread=report_decision.list_spread(tables),
        proposed=report_land.list_proposed(tables),
        screened=report_land.tell_screening(tables),
        asked=report_routes.list_questions(tables),
        new_routes=report_routes.list_routes(tables),
        target=name_target(tables),
        told=report_network.tell_network(tables),
        ways=ways,
        several=several,
        shared=report_network.list_shared(tables, several),
        cuts=[report_network.list_cuts(tables, n_units) for n_units in (1, 2)],
        trips=report_network.list_trips(tables),
        shown=report_evidence.list_shown(tables),
        measures=report_evidence.show_measures(tables),
        bases=report_evidence.source_measures(tables),
        unknown=report_evidence.list_unknown(tables),
        costs=report_evidence.compare_costs(tables),
        loads=report_evidence.list_loads(tables),
        load_sources=gather_sources(tables.loads["source_ids"]),
        targets=report_evidence.list_targets(tables),
        clauses=report_clauses.count_clauses(tables),
        editions=report_clauses.tell_editions(tables),
        claims=report_evidence.list_claims(tables),
        notes=report_evidence.list_notes(tables),
        verdicts=report_evidence.count_verdicts(tables.claims),
    )
