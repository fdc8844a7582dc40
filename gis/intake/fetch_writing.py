"""What a fetch writes into a plan: files, tables of layers and grids, the source, the box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from shutil import copyfile

import numpy as np

from steppe.intake.plan_editing import PlanEdit
from steppe.layers.grids import QUANTITIES
from steppe.layers.openers.catalogue import Opener
from steppe.layers.openers.fetched import Fetched, FetchedLayer
from steppe.layers.openers.writing import DATUM, write_layer
from steppe.layers.rasters import write_cog
from steppe.layers.tables import Raster
from steppe.layers.wording import Message, find_reader, join, tell
from steppe.planfile.plan_schema import Plan

_MOST_NAMED = 4  # files whose sums a source names one by one


def tell_left(edit: PlanEdit, plan: Plan) -> list[Message]:
    """Tell which files of layers and grids the plan no longer names; they may be the user's own."""
    named = {
        str(entry["file"])
        for table in ("layers", "rasters")
        for entry in edit.values.get(table, {}).values()
    }
    before = [
        *(layer.file for layer in plan.layers.values()),
        *(grid.file for grid in plan.rasters.values()),
    ]
    return [tell("fetch.left", file=file) for file in dict.fromkeys(before) if file not in named]


def title_of(name: str) -> Message:
    """Return what a layer or grid is called."""
    return tell(f"grid.{name}" if name in QUANTITIES else f"layer.{name}")


def take_in(edit: PlanEdit, found: Fetched) -> list[Message]:
    """Write layers, grids and hours beside the plan and into it; tell each in one line."""
    done = []
    day = found.as_of.isoformat()
    for layer in found.layers:
        if layer.frame.empty:
            done.append(tell("fetch.empty", title=title_of(layer.name)))
            continue
        write = partial(write_layer, name=layer.name, frame=layer.frame, as_of=day)
        file = edit.put_file(f"{layer.name}.gpkg", write)
        entry = {
            "file": file,
            "datum": DATUM,
            "licence": found.origin.licence,
            "extent": _extent(layer),
        }
        edit.set_layer(layer.name, entry)
        if layer.lacks is not None:
            lacks = dict(edit.values.get("rules", {}).get("incomplete", {}))
            lacks.setdefault(layer.name, layer.lacks.say(find_reader()))
            edit.set_table(("rules", "incomplete"), lacks)
        whose, n_rows = found.origin.publisher, len(layer.frame)
        title = title_of(layer.name)
        done.append(tell("fetch.added", title=title, n=n_rows, publisher=whose, file=file))
    for grid in found.grids:
        file = edit.put_file(f"{grid.name}.tif", partial(write_cog, grid=grid))
        edit.set_raster(grid.name, _grid_entry(grid, file))
        done.append(
            tell(
                "fetch.added_grid",
                title=title_of(grid.name),
                publisher=found.origin.publisher,
                file=file,
            )
        )
    copied: dict[Path, str] = {}
    for hours in found.hours:
        if hours.file not in copied:
            copied[hours.file] = edit.put_file(hours.file.name, partial(copyfile, hours.file))
        file = copied[hours.file]
        edit.set_table(("cooling", "weather", hours.park_id), {"file": file, **hours.entry})
        done.append(tell("fetch.added_hours", file=file, park=hours.park_id))
    return done


def _extent(layer: FetchedLayer) -> Mapping[str, object] | None:
    if layer.within:
        return {"layer": layer.within}
    if not layer.is_whole:
        return None
    return {"box": [round(float(edge), 6) for edge in layer.box]}


def _grid_entry(grid: Raster, file: str) -> dict[str, object]:
    return {
        "file": file,
        "title_zh": grid.title_zh,
        "title_en": grid.title_en,
        "unit": grid.unit,
        "source_id": grid.source_id,
    }


def describe_source(
    opener: Opener, found: Fetched, sums: Sequence[tuple[str, str]]
) -> dict[str, object]:
    """Return a source as sources.toml has it, with the name and SHA-256 of each file."""
    origin = opener.origin
    named = [f"{name}, SHA-256 {sha256}" for name, sha256 in sums[:_MOST_NAMED]]
    if more := len(sums) - len(named):
        named.append(f"… +{more}")
    return {
        "title": origin.title,
        "publisher": origin.publisher,
        "year": origin.year or found.as_of.year,
        "licence": origin.licence,
        "attribution": origin.attribution,
        "accuracy": origin.accuracy,
        "as_of": found.as_of,
        "url": origin.url,
        "note": "; ".join(named) or None,
    }


def hold_box(edit: PlanEdit, plan: Plan, found: Fetched) -> Message | None:
    """Let the plan's `bbox` hold what was fetched round it; tell so where it did not."""
    ends = [layer.frame.total_bounds for layer in found.layers if len(layer.frame)]
    west, south, east, north = plan.bbox
    if "bbox" not in plan.model_fields_set or not ends or west > east:
        return None
    low, high = np.min(ends, axis=0)[:2], np.max(ends, axis=0)[2:]
    tenths = (*np.floor(low * 10) / 10, *np.ceil(high * 10) / 10)
    box = [
        west if low[0] >= west else max(float(tenths[0]), -180.0),
        south if low[1] >= south else max(float(tenths[1]), -90.0),
        east if high[0] <= east else min(float(tenths[2]), 180.0),
        north if high[1] <= north else min(float(tenths[3]), 90.0),
    ]
    if tuple(box) == plan.bbox:
        return None
    edit.set_key("bbox", box)
    # The region itself stays where it was, for the next fetch and for the first view.
    if "view" not in plan.model_fields_set and "box" not in plan.region.model_fields_set:
        edit.set_key("view", list(plan.bbox))
    return tell("fetch.bbox_moved", box=join([f"{each:g}" for each in box]))
