"""What `--quick` leaves out of a plan for a first look, and how that is said."""

from __future__ import annotations

import pandas as pd

from steppe.layers.contracts.answers import ANSWERS
from steppe.layers.tables import PlanInfo
from steppe.layers.wording import Message, join, say_all, tell
from steppe.planfile.plan_schema import Plan
from steppe.ranking.robustness_tables import tabulate_run

SURENESS = "robustness"
DISJOINT = "disjoint"
DOUBLE_CUTS = "double_cuts"
LEFT_OUT = (SURENESS, "scenarios", DISJOINT, DOUBLE_CUTS)
"""What a build for a first look leaves out: it takes most of the time of a greater plan."""
PROPOSALS = "proposals"
"""Left out of it where the plan looks for sites."""
ROUTES = "routes"
"""Left out of it where the plan asks for new routes."""


def list_left_out(plan: Plan) -> tuple[str, ...]:
    """Return what a first look at a plan leaves out."""
    proposals = () if plan.screening.demand_mw is None else (PROPOSALS,)
    return (*LEFT_OUT, *proposals, *((ROUTES,) if plan.route.wanted else ()))


def tell_left_out(info: PlanInfo) -> Message | None:
    """Return in words what is left out of a plan; None where nothing is."""
    if not info.left_out:
        return None
    parts = join([tell(f"quick.part_{name}") for name in info.left_out], "join.semicolon")
    return tell("quick.left_out", parts=parts)


def tabulate_left_out(info: PlanInfo) -> pd.DataFrame:
    """Return what is left out as the one answer that a first look gives, contract `ANSWERS`."""
    row = {
        "question": "left_out",
        "place": 1,
        **say_all("title", tell("answer.question_left_out")),
        **say_all("text", tell_left_out(info) or ""),
    }
    return tabulate_run(info, ANSWERS, [row])
