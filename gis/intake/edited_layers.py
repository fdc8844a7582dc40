"""Layers of a plan's own GeoPackage as they came back, edited."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from steppe.intake.import_entry import date_of
from steppe.intake.import_request import JOIN_KM, ImportRequest
from steppe.layers.cells import read_texts
from steppe.layers.columns import Contract
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.crs import WORKING_CRS, line_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.filling import Gaps, fill, measure_ha
from steppe.layers.geometries import geometry_faults
from steppe.layers.geopackage import read_geopackage
from steppe.layers.importing.edited_rows import Edits
from steppe.layers.importing.line_ends import join_ends
from steppe.layers.wording import join, tell
from steppe.planfile.input_reading import read_layer_of
from steppe.planfile.network_ends import join_to_nearest
from steppe.planfile.plan_schema import Plan


def refuse_options(request: ImportRequest) -> None:
    """Refuse what says how a file of anyone's is read; a plan's own is read as it was written."""
    given = {
        "--sheet": request.sheet,
        "--table": request.table,
        "--columns": request.columns,
        "--words": request.words,
        "--crs": request.crs,
        "--datum": request.datum,
        "--swap": request.swap,
        "--encoding": request.encoding,
        "--unplaced": request.unplaced,
    }
    names = [name for name, value in given.items() if value]
    if names:
        what = tell("fault.import.back_options", names=join(names))
        raise InputError(Problem(request.file.name, what, tell("fix.import.back_options")))


def without_nearest(
    plan: Plan, own: gpd.GeoDataFrame, edited: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return parks without the nodes that a build assumed for them, which nobody edited."""
    within_km = plan.network.nearest_node_km
    if within_km is None or "node_id" not in edited.columns:
        return edited
    nodes = gpd.GeoDataFrame(read_layer_of(plan, "nodes", []))
    joined, _ = join_to_nearest(own, nodes, within_km=within_km)
    is_assumed = own["node_id"].isna() & joined["node_id"].notna()
    nearest = {
        str(park): str(node)
        for park, node in zip(
            joined["park_id"][is_assumed], joined["node_id"][is_assumed], strict=True
        )
    }
    is_same = [
        nearest.get(str(park), "") == str(node)
        for park, node in zip(edited["park_id"], edited["node_id"], strict=True)
    ]
    kept = edited["node_id"].astype(object).mask(pd.Series(is_same, edited.index), None)
    return gpd.GeoDataFrame(edited.assign(node_id=kept))


def lacks_source(edited: gpd.GeoDataFrame, edits: Edits, contract: Contract) -> bool:
    """Tell whether rows that are new say nothing of whose they are."""
    new = edited[edited[contract.key[0]].astype("str").isin(set(edits.added))]
    return "source_id" in contract.columns and (
        "source_id" not in new.columns
        or any(not text for text in read_texts(new["source_id"]).cells())
    )


def read_edited(
    request: ImportRequest, contract: Contract, own: gpd.GeoDataFrame, where: str
) -> gpd.GeoDataFrame:
    """Read a layer as it came back, with what its new rows do not tell."""
    edited = read_geopackage(request.file, contract, where, table=contract.name)
    problems = geometry_faults(edited, contract, where)
    if problems:
        raise InputError(problems)
    edited = edited.to_crs(WORKING_CRS)
    key = contract.key[0]
    if key not in edited.columns:
        what = tell("fault.import.no_key", name=key)
        raise InputError(Problem(where, what, tell("fix.import.no_key")))
    ids = pd.Series(read_texts(edited[key]).cells(), dtype=object)
    twice = tuple(dict.fromkeys(ids[ids.duplicated() & ids.map(bool)]))
    if twice:
        what = tell("fault.id.twice", name=key)
        raise InputError(Problem(where, what, tell("fix.import.twice"), twice))
    is_new = ~edited[key].astype("str").isin(set(own[key].astype("str")))
    if not is_new.any():
        return edited
    known = [name for name in edited.columns if name in contract.columns or name == "geometry"]
    new = gpd.GeoDataFrame(edited.loc[is_new, known])
    if contract.name == "fibre":
        new = _with_ends(new, request, where)
    gaps = Gaps(
        {},
        source_id=request.source_id or "",
        as_of=(request.as_of or date_of(request.file)).isoformat(),
        in_cells=True,
    )
    filled, _ = fill(new, contract, gaps, where)
    both = pd.concat([edited[~is_new], filled], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=WORKING_CRS)


def _with_ends(new: gpd.GeoDataFrame, request: ImportRequest, where: str) -> gpd.GeoDataFrame:
    """Give cables that somebody drew the nodes at their ends.

    Raises
    ------
    InputError
        For an end that no node of the edited file is near to.
    """
    nodes = read_geopackage(request.file, INPUT_LAYERS["nodes"], where, table="nodes")
    places = nodes.geometry.get_coordinates().to_numpy()
    lines = [shapely.get_geometry(shape, 0) for shape in new.geometry]
    reach = JOIN_KM if request.join_km is None else request.join_km
    ends = join_ends(
        lines, list(nodes["node_id"]), places, join_km=reach, named=[("", "")] * len(lines)
    )
    if ends.made:
        what = tell("fault.import.no_node", join_km=reach)
        rows = tuple(f"{each.lon:.4f} {each.lat:.4f}" for each in ends.made)
        raise InputError(Problem(where, what, tell("fix.import.no_node"), rows))
    drawn = new.set_geometry(list(ends.lines), crs=new.crs)
    for name, found in (("from_node", ends.starts), ("to_node", ends.stops)):
        given = drawn[name] if name in drawn.columns else pd.Series(None, drawn.index, dtype=object)
        drawn[name] = given.where(given.notna(), pd.Series(found, index=drawn.index))
    return gpd.GeoDataFrame(drawn)


def take_over(
    own: gpd.GeoDataFrame, edited: gpd.GeoDataFrame, edits: Edits, contract: Contract
) -> gpd.GeoDataFrame:
    """Return the plan's own rows with what was changed of them."""
    key = contract.key[0]
    made = own[~own[key].isin(list(edits.removed))].set_index(key, drop=False).astype(object)
    source = edited.set_index(edited[key].astype("str"), drop=False)
    for (row, name), (_, now) in edits.cells.items():
        made.loc[row, name] = now
    shapes = list(made.geometry) if isinstance(made, gpd.GeoDataFrame) else list(made["geometry"])
    order = {row: place for place, row in enumerate(made.index)}
    for row in edits.moved:
        shape = source["geometry"].loc[row]
        shapes[order[row]] = shape
        if "length_km" in contract.columns:
            made.loc[row, "length_km"] = line_km(shape)
        if "measured_ha" in contract.columns:
            made.loc[row, "measured_ha"] = measure_ha(shape)
    frame = gpd.GeoDataFrame(
        pd.DataFrame(made.drop(columns="geometry")), geometry=shapes, crs=WORKING_CRS
    )
    added = source.loc[list(edits.added)]
    known = [name for name in added.columns if name in contract.columns or name == "geometry"]
    both = pd.concat([frame, added[known]], ignore_index=True) if len(added) else frame
    return gpd.GeoDataFrame(both.reset_index(drop=True), geometry="geometry", crs=WORKING_CRS)
