"""A map for everybody: reviewed where the plan asks for it, its lines not told more nearly than is wished."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from steppe.layers.cut_graph import CutGraph
from steppe.layers.errors import InputError, Problem
from steppe.layers.generalising import Grid
from steppe.layers.tables import PlanTables
from steppe.layers.wording import tell
from steppe.planfile.plan_schema import Plan

DEFAULT_M = 1000.0
"""Assumed: a line that is told to a kilometre is of no use for digging, and a region's map the same."""
LEAST_M, MOST_M = 100.0, 100_000.0
"""Less is hardly more than the ten metres to which the page tells places; more leaves no lines."""

# A cable may lie along any of these, so that one told as it is would tell the others.
_LINES = ("fibre", "corridors", "power_lines", "railways", "roads", "proposed_routes")
# Places on cables.
_POINTS = ("risks", "proposed_amplifiers")


def choose_width(plan: Plan, *, public: bool, generalise_m: float | None) -> float | None:
    """Return to how many metres lines are told; None for a map that tells them as they are.

    Parameters
    ----------
    plan
        The plan.
    public
        Whether the map is for everybody.
    generalise_m
        What was asked for.

    Raises
    ------
    InputError
        For a public map of a plan that asks for a review and has no number of one, and for a width
        that is out of bounds.
    """
    if public and plan.review_number is not None and not plan.review_number.strip():
        what, fix = tell("fault.public.no_review"), tell("fix.give_review_number")
        raise InputError(Problem(f"{plan.file} › review_number", what, fix))
    if generalise_m is None:
        return DEFAULT_M if public else None
    if not (math.isfinite(generalise_m) and LEAST_M <= generalise_m <= MOST_M):
        what = tell("fault.public.width", m=f"{generalise_m:g}")
        fix = tell("fix.give_metres_between", low=LEAST_M, high=MOST_M)
        raise InputError(Problem("--generalise-m", what, fix))
    return generalise_m


def generalise(tables: PlanTables, width_m: float) -> PlanTables:
    """Return the plan with its lines, and the places on them, moved to a grid of so many metres.

    Lengths, round trips and whatever else was computed of the true lines stay as they are; how near
    a line is told to its place (`accuracy_m`) grows by the width.

    Parameters
    ----------
    tables
        The plan.
    width_m
        Side of a cell, in metres of the plan's equal-area CRS.
    """
    lines = {name: tables.layers[name] for name in _LINES if name in tables.layers}
    hidden = [shapely.get_coordinates(frame.geometry.to_numpy()) for frame in lines.values()]
    nodes = shapely.get_coordinates(tables.layer("nodes").geometry.to_numpy())
    grid = Grid(tables.info.albers, width_m, np.vstack([*hidden, np.empty((0, 2))]), nodes)
    moved = {name: _put(frame, grid.move_lines, width_m) for name, frame in lines.items()}
    moved |= {
        name: _put(tables.layers[name], grid.move_points, width_m)
        for name in _POINTS
        if name in tables.layers
    }
    graphs = {name: _move_graph(graph, grid) for name, graph in tables.graphs.items()}
    info = dataclasses.replace(tables.info, generalised_m=width_m)
    layers = {**tables.layers, **moved}
    return dataclasses.replace(tables, info=info, layers=layers, graphs=graphs)


def _move_graph(graph: CutGraph, grid: Grid) -> CutGraph:
    """Return a graph whose cables lie on the grid; what is cut by a circle is then as near as it."""
    moved = []
    for parts in graph.lines:
        lines = np.empty(len(parts), dtype=object)
        lines[:] = [shapely.LineString(part) for part in parts]
        there = shapely.get_parts(grid.move_lines(lines))
        moved.append(tuple(shapely.get_coordinates(line) for line in there))
    return dataclasses.replace(graph, lines=tuple(moved))


def _put(
    frame: gpd.GeoDataFrame, move: Callable[[NDArray[Any]], NDArray[Any]], width_m: float
) -> gpd.GeoDataFrame:
    moved = frame.assign(accuracy_m=frame["accuracy_m"] + width_m)
    return gpd.GeoDataFrame(moved.set_geometry(move(frame.geometry.to_numpy()), crs=frame.crs))
