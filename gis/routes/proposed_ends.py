"""Sites that a screening of the plan proposes, as ends of routes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.route_ends import PROPOSED
from steppe.routes.ends import End
from steppe.screening.found_sites import find_sites
from steppe.screening.screening_run import screen


def list_proposed(inputs: Inputs, folder: Path | None = None) -> list[End]:
    """Return the sites that a screening finds for the load of the plan, the best first.

    Parameters
    ----------
    inputs
        What was read.
    folder
        Of a screening of the same plan, which is taken as it is; without one the plan is screened.

    Raises
    ------
    InputError
        For a plan that cannot be screened, or that wants no load, and where no site is found.
    """
    with TemporaryDirectory() as own:
        found = screen(inputs, Path(own) if folder is None else folder)
        sites = find_sites(found, inputs, demand_mw=inputs.plan.screening.demand_mw)
    if not sites:
        raise InputError(
            Problem(PROPOSED, tell("fault.route.proposed"), tell("fix.route.proposed"))
        )
    return [
        End(
            each.site_id,
            each.lon,
            each.lat,
            tell("route.proposed", number=each.site_id.rpartition("_")[2]),
            PROPOSED,
        )
        for each in sites
    ]
