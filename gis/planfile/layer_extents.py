"""What the layers of a plan cover, as plan.toml says it or as it is taken to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.criteria.registry import known_measures
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Problem, cut
from steppe.layers.extents import EVERYWHERE, Extent, hull_extent, unite
from steppe.layers.wording import tell
from steppe.planfile.extent_entry import ExtentEntry
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_schema import Plan

_OUTLINES = "boundaries"
# No measure asks what lies round a park in these.
_WHOLE = ("parks", "nodes", "corridors", "fibre", "towns", _OUTLINES)


def find_extents(inputs: Inputs) -> dict[str, Extent]:
    """Return what each layer of a plan covers, by name.

    A layer of which plan.toml says nothing covers the convex hull of its own features.
    """
    found = {}
    for name, layer in inputs.layers.items():
        said = inputs.plan.layers.get(name)  # parks are a layer before there are any
        entry = None if said is None else said.extent
        if entry is None:
            found[name] = hull_extent(layer.geometry)
        elif entry.is_everywhere:
            found[name] = EVERYWHERE
        else:
            found[name] = Extent(_draw(entry, inputs), entry.within_km)
    return found


def _draw(entry: ExtentEntry, inputs: Inputs) -> BaseGeometry:
    if entry.box is not None:
        west, south, east, north = entry.box
        if west < east:
            return shapely.box(*entry.box)
        sides = ((west, south, 180.0, north), (-180.0, south, east, north))  # over 180°
        return shapely.MultiPolygon([shapely.box(*side) for side in sides])
    if entry.points:
        return shapely.multipoints(list(entry.points))
    if entry.layer:
        return unite(inputs.layer(entry.layer).geometry)
    outlines = inputs.layer(_OUTLINES)
    return unite(outlines.geometry[outlines["boundary_id"] == entry.boundary_id])


def extent_notes(plan: Plan) -> list[Problem]:
    """Find the layers that listed measures look round a park in, and whose extent nobody says."""
    known = known_measures()
    listed = [each.id for entry in plan.criteria for each in entry.measures if each.id in known]
    asked = dict.fromkeys(name for each in listed for name in known[each].layers)
    return [
        Problem(
            f"{plan.file} › layers.{name}",
            tell("note.extent.unsaid", name=tell(f"layer.{name}")),
            tell("fix.say_extent", layer=name),
        )
        for name in asked
        if name in plan.layers
        and plan.layers[name].extent is None
        and INPUT_LAYERS[name].geometry is not None
        and name not in _WHOLE
    ]


def extent_faults(plan: Plan, frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Find the outlines and layers that an extent names and that are not there.

    Parameters
    ----------
    plan
        The plan file.
    frames
        Layers and tables that were read, by name; what an extent is drawn of and was not read
        is not looked into.
    """
    return [
        problem
        for name, entry in plan.layers.items()
        if entry.extent is not None
        for problem in _faults(plan, frames, name, entry.extent)
    ]


def _faults(
    plan: Plan, frames: Mapping[str, pd.DataFrame], name: str, entry: ExtentEntry
) -> Iterator[Problem]:
    where = f"{plan.file} › layers.{name}.extent"
    if INPUT_LAYERS[name].geometry is None:
        yield Problem(where, tell("fault.extent.table"), tell("fix.remove"))
        return
    drawn = [each for each in plan.layers if INPUT_LAYERS[each].geometry is not None]
    others = [each for each in drawn if each != name]
    if entry.layer and entry.layer not in others:
        yield Problem(
            where, tell("fault.extent.layer", name=cut(entry.layer)), hint_name(entry.layer, others)
        )
    if entry.boundary_id and _OUTLINES not in plan.layers:
        what = tell("fault.extent.no_outlines", name=cut(entry.boundary_id))
        yield Problem(where, what, tell("fix.add_layer", layer=_OUTLINES, other="boundary_id"))
    elif entry.boundary_id and _OUTLINES in frames:
        there = [str(each) for each in frames[_OUTLINES]["boundary_id"]]
        if entry.boundary_id not in there:
            what = tell("fault.extent.outline", name=cut(entry.boundary_id))
            yield Problem(where, what, hint_name(entry.boundary_id, there))
