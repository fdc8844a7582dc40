"""Whether the layers of a plan hang together: lengths, ends, levels, and what the facts say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.cells import read_texts
from steppe.layers.columns import PARK_LEVELS
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import GEOD, lines_km, lonlats
from steppe.layers.errors import Problem
from steppe.layers.facts import best_facts, unit_faults
from steppe.layers.sources import Source
from steppe.layers.wording import join, tell
from steppe.planfile.plan_schema import Plan
from steppe.planfile.quantities import END_TOLERANCE_M

Layers = Mapping[str, gpd.GeoDataFrame]

# A length that is given may differ from the drawn line by this share: rounding, no more.
LENGTH_TOLERANCE = 0.01
# Coordinates in files are rounded to four places.
DEGREE_TOLERANCE = 2e-4


def cross_faults(
    plan: Plan, layers: Layers, facts: pd.DataFrame, sources: Mapping[str, Source]
) -> list[Problem]:
    """Find what does not hang together, over all layers that could be read.

    Parameters
    ----------
    plan
        The plan file.
    layers
        Layers that were read.
    facts
        Contract `FACTS`, or empty.
    sources
        Sources that were read.
    """
    problems = _line_problems(plan, layers) + _end_problems(plan, layers)
    problems += _joint_problems(plan, layers)
    problems += _level_problems(plan, layers)
    problems += unit_faults(facts)
    if not facts.empty and set(facts["source_id"]) <= set(sources):
        problems += _fact_problems(plan, layers, best_facts(facts, sources))
    return problems


def _line_problems(plan: Plan, layers: Layers) -> list[Problem]:
    """Hold given lengths to the drawn lines, and said corridors to being named."""
    problems = []
    for name in ("corridors", "fibre"):
        if name not in layers:
            continue
        frame, key = layers[name], INPUT_LAYERS[name].key[0]
        drawn = lines_km(frame.geometry.to_numpy()).tolist()
        off = [
            not math.isclose(given, km, rel_tol=LENGTH_TOLERANCE, abs_tol=0.1)
            for given, km in zip(frame["length_km"], drawn, strict=True)
        ]
        if any(off):
            wrong = frame.loc[off]
            shown = join(
                tell("fault.length.for", given=float(given), km=km)
                for given, km, bad in zip(frame["length_km"], drawn, off, strict=True)
                if bad
            )
            problems.append(
                Problem(
                    f"{plan.layers[name].file} › {name}",
                    tell("fault.length.not_drawn", lengths=shown),
                    tell("fix.give_geodesic"),
                    tuple(wrong[key]),
                )
            )
    if "fibre" in layers:
        fibre = layers["fibre"]
        bare = (fibre["corridor_basis"] == "said") & fibre["corridors"].fillna("").eq("")
        if bare.any():
            problems.append(
                Problem(
                    f"{plan.layers['fibre'].file} › fibre",
                    tell("fault.fibre.no_corridor"),
                    tell("fix.name_corridors"),
                    tuple(fibre.loc[bare, "cable_id"]),
                )
            )
    return problems


def _end_problems(plan: Plan, layers: Layers) -> list[Problem]:
    """Hold the ends of lines to the nodes that they name."""
    if "nodes" not in layers:
        return []
    problems: list[Problem] = []
    nodes = layers["nodes"]
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    slack_m = dict(zip(nodes["node_id"], nodes["accuracy_m"], strict=True))
    for name in ("corridors", "fibre"):
        if name not in layers:
            continue
        frame, key = layers[name], INPUT_LAYERS[name].key[0]
        away = np.zeros(len(frame), dtype=bool)
        for end in ("from_node", "to_node"):
            given = frame[end].to_numpy(dtype=object)
            named = np.array([node in at for node in given], dtype=bool)
            named &= (frame.geometry.geom_type == "LineString").to_numpy()
            lines = frame.geometry.to_numpy()[named]
            places = np.array([at[node] for node in given[named]]).reshape(-1, 2)
            stops = shapely.get_coordinates(
                np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
            ).reshape(2, -1, 2)
            off_m = np.min([GEOD.inv(*places.T, *stop.T)[2] for stop in stops], axis=0)
            slack = np.array([slack_m[node] for node in given[named]], dtype=float)
            away[named] |= off_m > END_TOLERANCE_M + slack
        astray = tuple(frame.loc[away, key])
        if astray:
            problems.append(
                Problem(
                    f"{plan.layers[name].file} › {name}",
                    tell("fault.line.ends"),
                    tell("fix.draw_to_nodes"),
                    astray,
                )
            )
    return problems


def _joint_problems(plan: Plan, layers: Layers) -> list[Problem]:
    """Hold that a cable passes the nodes where it can be joined, and ends at none of them."""
    if "nodes" not in layers or "fibre" not in layers:
        return []
    nodes, fibre = layers["nodes"], layers["fibre"]
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    slack_m = dict(zip(nodes["node_id"], nodes["accuracy_m"], strict=True))
    joined = fibre[fibre["joints"].fillna("").ne("")]
    columns = ("cable_id", "from_node", "to_node", "joints", "accuracy_m")
    astray = []
    for cable_id, start, end, joints, accuracy_m, line in zip(
        *(joined[name] for name in columns), joined.geometry, strict=True
    ):
        for node in set(joints.split()) & set(at):
            place = shapely.Point(at[node])
            away_m = _away_m(at[node], shapely.get_point(shapely.shortest_line(place, line), -1))
            if node in (start, end) or away_m > END_TOLERANCE_M + slack_m[node] + accuracy_m:
                astray.append(f"{cable_id} › {node}")
    if not astray:
        return []
    where, fix = f"{plan.layers['fibre'].file} › fibre", tell("fix.joints_on_line")
    return [Problem(where, tell("fault.fibre.joints"), fix, tuple(sorted(astray)))]


def _away_m(place: tuple[float, float], point: shapely.Point) -> float:
    return float(GEOD.inv(place[0], place[1], point.x, point.y)[2])


def _level_problems(plan: Plan, layers: Layers) -> list[Problem]:
    """Hold that a park lies in one of a higher level, never in itself or a lower one."""
    if "parks" not in layers:
        return []
    parks = layers["parks"]
    order = dict(zip(parks["park_id"], parks["level"].map(PARK_LEVELS.index), strict=True))
    wrong = tuple(
        park_id
        for park_id, parent_id in zip(parks["park_id"], parks["parent_id"], strict=True)
        if parent_id in order and order[parent_id] >= order[park_id]
    )
    if not wrong:
        return []
    return [
        Problem(
            f"{plan.layers['parks'].file} › parks",
            tell("fault.parent.level"),
            tell("fix.levels"),
            wrong,
        )
    ]


def _fact_problems(plan: Plan, layers: Layers, best: pd.DataFrame) -> list[Problem]:
    """Name the cells that say other than their own fact."""
    problems = []
    for name, frame in layers.items():
        key = INPUT_LAYERS[name].key[0]
        own = best[best["layer"] == name]
        rows = frame[frame[key].isin(list(own["id"]))]
        for field, group in own.groupby("field", sort=True):
            cells = _cells(rows, str(field))
            if cells is None:
                continue
            told = dict(zip(rows[key], cells, strict=True))
            astray = tuple(
                row_id
                for row_id, value in zip(group["id"], group["value"], strict=True)
                if row_id in told and not _same(told[row_id], value, str(field))
            )
            if astray:
                problems.append(
                    Problem(
                        f"{plan.layers[name].file} › {name}",
                        tell("fault.fact.other", field=str(field)),
                        tell("fix.change_fact_or_cell"),
                        astray,
                    )
                )
    return problems


def _cells(rows: gpd.GeoDataFrame, field: str) -> Iterable[str | None] | None:
    """Return a field of the rows as text; None where they have no such field."""
    if field in ("lon", "lat") and (rows.geom_type == "Point").all():
        return read_texts(rows.geometry.x if field == "lon" else rows.geometry.y).cells()
    return read_texts(rows[field]).cells() if field in rows.columns else None


def _same(cell: str | None, value: str, field: str) -> bool:
    """Compare as numbers where both are, else as texts; a further column may hold either."""
    if cell is None:
        return False
    tolerance = DEGREE_TOLERANCE if field in ("lon", "lat") else 1e-9
    try:
        return math.isclose(float(cell), float(value), rel_tol=1e-9, abs_tol=tolerance)
    except ValueError:
        return cell == value
