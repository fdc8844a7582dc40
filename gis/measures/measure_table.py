"""The measures of a scenario as a table, and its rules held against its parks."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steppe.criteria.registry import tabulate
from steppe.criteria.rules import RuleSettings, check_rules
from steppe.layers.tables import PlanInfo
from steppe.measures.site_survey import Survey


def tabulate_measures(survey: Survey, info: PlanInfo) -> pd.DataFrame:
    """Return the measures of a scenario, contract `MEASURES`.

    Parameters
    ----------
    survey
        Of the scenario.
    info
        Its key, and the criteria under which the plan lists measures.
    """
    criteria = {
        measure.measure_id: criterion.name
        for criterion in info.criteria
        for measure in criterion.measures
    }
    return tabulate(survey.findings, scenario=info.scenario, year=info.year, criteria=criteria)


def find_verdicts(
    survey: Survey, measures: pd.DataFrame, *, relax: Collection[str] = ()
) -> pd.DataFrame:
    """Hold the plan's rules of the scenario's year against its parks, contract `RULE_CHECKS`.

    Parameters
    ----------
    survey
        Of the scenario.
    measures
        Contract `MEASURES`.
    relax
        Rule ids or clauses that are to exclude nothing.

    Raises
    ------
    InputError
        For a clause to relax that is not there.
    """
    inputs = survey.inputs
    scenario = inputs.plan.scenario
    settings = RuleSettings(
        scenario.name, scenario.year, inputs.plan.rules.grades, frozenset(relax)
    )
    return check_rules(
        inputs.layers, inputs.tables["rules"], measures, survey.distances, settings=settings
    )
