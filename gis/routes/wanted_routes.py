"""The questions for new routes that a plan asks of every build, and what each came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from steppe.layers.errors import InputError, Problem
from steppe.layers.progress import count
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_ends import PROPOSED
from steppe.planfile.route_entry import WantedRoute
from steppe.routes.answering import Answer, View
from steppe.routes.asking import Question, answer
from steppe.routes.ends import End


@dataclass(frozen=True, eq=False)
class WantedAnswer:
    """What a question of the plan came to.

    Parameters
    ----------
    wanted
        The question.
    answer
        Routes; None where there are none.
    faults
        Why there are none, or not all.
    """

    wanted: WantedRoute
    answer: Answer | None
    faults: tuple[Problem, ...]


def answer_wanted(inputs: Inputs, sites: gpd.GeoDataFrame | None) -> list[WantedAnswer]:
    """Answer the questions of a plan in its order; what cannot be answered is told.

    Parameters
    ----------
    inputs
        What was read.
    sites
        Sites that the screening of this plan proposes, contract `PROPOSED_SITES`; None where it was
        not screened.
    """
    proposed = [] if sites is None else _list_ends(sites)
    return [_answer(inputs, wanted, proposed) for wanted in count(inputs.plan.route.wanted)]


def _answer(inputs: Inputs, wanted: WantedRoute, proposed: Sequence[End]) -> WantedAnswer:
    question = Question(
        wanted.start,
        wanted.end,
        is_pair=wanted.pair,
        n_ways=wanted.alternatives,
        over=wanted.over,
        apart_km=wanted.apart_km,
        end_zone_km=wanted.end_zone_km,
        keep_off=wanted.keep_off,
    )
    if PROPOSED in wanted.names and not proposed:
        fault = Problem(
            wanted.question_id, tell("fault.route.proposed"), tell("fix.route.proposed")
        )
        return WantedAnswer(wanted, None, (fault,))
    try:
        found = answer(inputs, question, View(wanted.cell_m, wanted.margin_km), proposed=proposed)
    except InputError as none:
        return WantedAnswer(wanted, None, tuple(none.problems))
    return WantedAnswer(wanted, found, found.unanswered)


def _list_ends(sites: gpd.GeoDataFrame) -> list[End]:
    return [
        End(
            str(row["site_id"]),
            float(row["geometry"].x),
            float(row["geometry"].y),
            tell("route.proposed", number=row["place"]),
            PROPOSED,
        )
        for row in sites.to_dict("records")
    ]
