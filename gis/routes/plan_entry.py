"""New routes taken into a plan: rows of its cables, and a scenario in which they are in service."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.intake.plan_editing import editing, locate_own_plan
from steppe.layers.crs import WORKING_CRS
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import join, say, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_writing import write_frame
from steppe.routes.candidates import SOURCE_ID, make_cables
from steppe.routes.told_route import ToldRoute

_CABLES = "fibre"


def refuse_ends(routes: Sequence[ToldRoute]) -> None:
    """Refuse routes whose ends are no nodes: a cable of a plan joins two of them.

    Raises
    ------
    InputError
        One line that names the ends.
    """
    ends = {end.end_id: end for each in routes for end in (each.route.start, each.route.end)}
    strange = [name for name, end in ends.items() if end.layer != "nodes"]
    if strange:
        what = tell("fault.route.into_ends", names=join(strange))
        raise InputError(Problem("--into", what, tell("fix.route.into_ends")))


def add_to_plan(into: str, inputs: Inputs, routes: Sequence[ToldRoute]) -> str:
    """Write routes into a plan of the user's, and return the name of their scenario.

    The cables as they were and the new ones go into a file of their own, which the plan names from
    then on; what the user has stays.  All of it is done or nothing.

    Parameters
    ----------
    into
        The plan, as commands name one.
    inputs
        What was read of it.
    routes
        Between nodes of the plan.

    Raises
    ------
    InputError
        For a plan that may not be changed, and ends that are no nodes.
    """
    refuse_ends(routes)
    path = locate_own_plan(into)
    new = make_cables(inputs, routes)
    frame = gpd.GeoDataFrame(
        pd.concat([inputs.layer(_CABLES), new], ignore_index=True), crs=WORKING_CRS
    )
    ids = [each.route.route_id for each in routes]
    scenario = f"with_{ids[0]}"
    licence = inputs.plan.layers[_CABLES].licence if _CABLES in inputs.plan.layers else None
    with TemporaryDirectory() as folder, editing(path) as edit:
        file = write_frame(Path(folder), _CABLES, frame)
        given = edit.put_file(file, partial(shutil.copyfile, Path(folder) / file))
        before: dict[str, Any] = dict(edit.values.get("layers", {}).get(_CABLES, {}))
        kept: dict[str, Any] = {key: before[key] for key in ("licence", "as_of") if key in before}
        edit.set_layer(_CABLES, {"file": given, **kept}, keep=("extent",))
        ends = routes[0].route.start.title, routes[0].route.end.title
        title = tell("route.scenario", a=ends[0], b=ends[1])
        why = tell("route.scenario_why", n=len(routes))
        edit.add_row(
            "scenarios",
            {
                "name": scenario,
                "title_zh": say(title, "zh"),
                "title_en": say(title, "en"),
                "why_zh": say(why, "zh"),
                "why_en": say(why, "en"),
                "build": ids,
            },
        )
        if "sources" in edit.values:
            edit.add_source(SOURCE_ID, _describe(inputs, licence))
    return scenario


def _describe(inputs: Inputs, licence: str | None) -> dict[str, object]:
    about = inputs.plan
    whose = about.title_en or about.name
    return {
        "title": "New routes, searched by steppe route over the layers of this plan",
        "publisher": whose,
        "year": about.as_of.year,
        "licence": licence or "",
        "attribution": whose,
        "accuracy": "indicative: true to the side of a cell, by costs that are partly assumed",
        "as_of": about.as_of,
    }
