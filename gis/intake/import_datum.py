"""Whether places that are taken in are shifted: judged by what the plan knows already."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.intake.import_request import ImportRequest
from steppe.layers.errors import InputError, Problem
from steppe.layers.importing.datum_suspicion import NAMES, Suspicion, are_shifted, suspect_datum
from steppe.layers.importing.raw_table import RawTable
from steppe.layers.wording import tell
from steppe.planfile.input_reading import read_layer_of
from steppe.planfile.plan_schema import Plan

_KNOWN = ("substations", "stations", "towns", "nodes", "parks", "ports", "airports")
"""Layers of places, the most exact first."""
_NAMES = ("name_zh", "name_en")


def doubt_datum(plan: Plan, raw: RawTable, layer: str, request: ImportRequest) -> list[Problem]:
    """Return the doubt that places are in a shifted datum, where a layer of the plan says so.

    Parameters
    ----------
    plan
        The plan, as far as it can be read.
    raw
        The file, opened.
    layer
        That it becomes: its rows before are no reference.
    request
        What is asked; a datum that is said is believed.
    """
    frame = raw.frame
    if request.datum is not None or raw.datum != "wgs84" or not isinstance(frame, gpd.GeoDataFrame):
        return []
    points = frame[frame.geometry.geom_type == "Point"]
    places = np.column_stack([points.geometry.x, points.geometry.y])
    if not are_shifted(places):
        return []
    for name in _KNOWN:
        if name == layer or name not in plan.layers:
            continue
        found = _compare(plan, name, points, places)
        if found is not None and found.datum is not None:
            if found.datum == "wgs84":
                return []
            fix = tell("fix.import.datum", datum=found.datum, name=NAMES[found.datum])
            return [Problem(f"{request.file.name} › {name}", found.words, fix)]
    return []


def _compare(
    plan: Plan, name: str, points: pd.DataFrame, places: NDArray[np.float64]
) -> Suspicion | None:
    """Hold places against a layer of the plan, by the field whose names it knows best."""
    try:
        known = read_layer_of(plan, name, [])
    except InputError:  # told where the plan itself is checked
        return None
    if not isinstance(known, gpd.GeoDataFrame) or known.empty:
        return None
    reference = np.column_stack([known.geometry.x, known.geometry.y])
    texts = [known[column].tolist() for column in _NAMES if column in known.columns]
    fields = [points[column].tolist() for column in points.columns.drop("geometry")]
    pairs = [(field, text) for field in fields for text in texts]
    if not pairs:
        return suspect_datum(places, reference)
    field, text = max(pairs, key=lambda pair: len(set(map(str, pair[0])) & set(map(str, pair[1]))))
    return suspect_datum(places, reference, names=field, reference_names=text)
