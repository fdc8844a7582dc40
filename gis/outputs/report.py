"""The report: what the plan comes to on three sheets of paper, from the same tables as the map."""

from __future__ import annotations

from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from steppe.layers.tables import PlanTables
from steppe.layers.wording import find_languages, pair
from steppe.outputs import report_clauses, report_decision, report_evidence, report_network
from steppe.outputs.report_names import find_words, gather_sources, show
from steppe.ranking.first_look import tell_left_out
from steppe.ranking.number_format import NOTHING


def _read_template(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def render_report(tables: PlanTables) -> str:
    """Return the report as one self-contained HTML page that prints on A4.

    The default plan takes three sheets: the decision, the network, the evidence. What a greater
    plan has more flows on.

    Parameters
    ----------
    tables
        The plan's tables.
    """
    attributions = sorted(
        {source.attribution for source in tables.sources.values() if source.licence != "citation"}
    )
    ways = report_network.list_ways(tables)
    several = report_network.pick_several(ways)
    environment = Environment(
        loader=FunctionLoader(_read_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "w": lambda key: show(find_words(key)),
        "t": show,
        "pair": pair,
        "languages": find_languages(),
        "named_languages": find_words("page.language").by_language,
        "nothing": NOTHING,
    }
    return (
        environment.get_template("report.html").render(
            info=tables.info,
            answers=report_decision.list_answers(tables),
            ranking=report_decision.rank_parks(tables),
            request=report_decision.tell_request(tables),
            scenarios=report_decision.compare_scenarios(tables),
            swings=report_decision.list_swings(tables),
            spread=report_decision.list_spread(tables),
            left_out=tell_left_out(tables.info),
            target=report_network.name_target(tables),
            ways=ways,
            several=several,
            shared=report_network.list_shared(tables, several),
            cuts=[report_network.list_cuts(tables, n_units) for n_units in (1, 2)],
            trips=report_network.list_trips(tables),
            shown=report_evidence.list_shown(tables),
            measures=report_evidence.show_measures(tables),
            bases=report_evidence.source_measures(tables),
            costs=report_evidence.compare_costs(tables),
            loads=report_evidence.list_loads(tables),
            load_sources=gather_sources(tables.loads["source_ids"]),
            targets=report_evidence.list_targets(tables),
            clauses=report_clauses.count_clauses(tables),
            editions=report_clauses.tell_editions(tables),
            claims=report_evidence.list_claims(tables),
            notes=report_evidence.list_notes(tables),
            verdicts=report_evidence.count_verdicts(tables.claims),
            attributions="; ".join(attributions),
        )
        + "\n"
    )
