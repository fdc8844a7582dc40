"""What the command answers as JSON: one object of one form for every question.

docs/json.md tells it field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from steppe.layers.tables import PlanInfo
from steppe.layers.wording import BASE, Words, say
from steppe.layers.written_values import round_number
from steppe.measures.request_table import TOTAL
from steppe.outputs.compared_sites import make_comparison
from steppe.outputs.json_head import answer_head
from steppe.outputs.json_rows import make_rows
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.decision_tables import Decision
from steppe.ranking.plan_comparison import PlanComparison
from steppe.ranking.scenario_comparison import Alternative
from steppe.ranking.scenario_outcome import Outcome
from steppe.screening.site_comparison import SiteComparison

BESIDE_SCORES = ("answers", "assumptions", "spread")
"""Tables that stand beside the rows of `steppe score`."""


def answer_score(
    decision: Decision, ranking: pd.DataFrame, requests: pd.DataFrame, *, method: str
) -> dict[str, Any]:
    """Return the answer to `steppe score`: a row for each park, best first.

    Parameters
    ----------
    decision
        What a scenario decides.
    ranking
        Of it, see `steppe.outputs.command_tables.rank_table`.
    requests
        Contract `REQUESTS`, empty where nobody asks.
    method
        The method that ranks.
    """
    info = decision.outcome.info
    criteria = [each.name for each in info.criteria]
    rows = make_rows(ranking.drop(columns=criteria))
    values = make_rows(ranking[criteria])
    tests = _group_tests(requests)
    for row, by_criterion in zip(rows, values, strict=True):
        row["criteria"] = by_criterion
        row["request"] = tests.get(row["site_id"])
    return {
        **answer_head(decision.outcome.inputs, info.scenario),
        "level": info.level,
        "method": method,
        "weights": _weights(info),
        "request": _tell_request(requests),
        "rows": rows,
        **{
            name: make_rows(decision.tables[name].drop(columns=["scenario", "year"]))
            for name in BESIDE_SCORES
        },
    }


def _tell_request(requests: pd.DataFrame) -> dict[str, Any] | None:
    """Return what is wanted; None where nobody asks."""
    wanted = make_rows(requests[["demand_mw", "wanted_year"]].head(1))
    return wanted[0] if wanted else None


def _group_tests(requests: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return by park the verdict on the request, and the tests that it is made of."""
    found: dict[str, dict[str, Any]] = {}
    rows = make_rows(requests.drop(columns=["scenario", "year", "demand_mw", "wanted_year"]))
    for row in rows:
        site = found.setdefault(row.pop("site_id"), {"tests": []})
        if row["test"] == TOTAL:
            site |= {
                "verdict": row["verdict"],
                "reason_zh": row["reason_zh"],
                "reason_en": row["reason_en"],
            }
        else:
            site["tests"].append(row)
    return found


def answer_compare(
    before: Alternative,
    after: Alternative,
    changes: pd.DataFrame,
    sites: Sequence[SiteComparison] = (),
) -> dict[str, Any]:
    """Return the answer to `steppe compare`: a row for each change, and the sites side by side."""
    info = after.outcome.info
    return {
        **answer_head(after.outcome.inputs, info.scenario),
        "level": info.level,
        "method": "weighted_sum",
        "weights": _weights(info),
        "compared_with": before.outcome.info.scenario,
        "rows": make_rows(changes.drop(columns="scenario")),
        "proposed": [make_comparison(each) for each in sites],
    }


def answer_compare_plans(
    outcomes: Sequence[Outcome],
    comparison: PlanComparison,
    sites: Sequence[SiteComparison] = (),
    notes: Sequence[Words] = (),
) -> dict[str, Any]:
    """Return the answer to `steppe compare` of plans: a row for each quantity and plan.

    Parameters
    ----------
    outcomes, comparison
        What the plans come to, and that side by side.
    sites, notes
        Proposed sites beside those of the first plan, and why others are not compared.
    """
    return {
        **answer_head(outcomes[0].inputs, None),
        "plans": [each.inputs.plan.name for each in outcomes],
        "notes": [say(each, BASE) for each in (*comparison.notes, *notes)],
        "rows": make_rows(comparison.rows),
        "proposed": [make_comparison(each) for each in sites],
    }


def answer_sources(inputs: Inputs, sources: pd.DataFrame) -> dict[str, Any]:
    """Return the answer to `steppe sources`: a row for each source."""
    return {**answer_head(inputs, None), "rows": make_rows(sources)}


def _weights(info: PlanInfo) -> dict[str, float]:
    return {each.name: round_number(each.weight) for each in info.criteria}
