"""OpenStreetMap, out of extracts or of Overpass."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.openers.boxes import Bbox, meet, widen
from steppe.layers.openers.fetched import Asked, Fetched, FetchedLayer, Origin
from steppe.layers.openers.osm_layers import OSM_LAYERS, make_layer, wanted_tags
from steppe.layers.openers.osm_objects import OsmExtract, ask_overpass, read_osm
from steppe.layers.openers.published import day_of
from steppe.layers.wording import Message, tell


def open_osm(files: Sequence[Path], asked: Asked, origin: Origin) -> Fetched:
    """Make layers of extracts: `.osm` with OSMnx, `.osm.pbf` with pyosmium."""
    wanted = wanted_tags(_names(asked))
    notes: list[Message] = []
    extracts = []
    for path in files:
        extract = read_osm(path, wanted)
        if extract.n_broken:
            notes.append(tell("fetch.osm.broken", name=path.name, n=extract.n_broken))
        if meet(asked.box, extract.box) is None:
            notes.append(tell("fetch.nothing_here", name=path.name))
            continue
        if extract.as_of is None:
            notes.append(tell("fetch.no_date", name=path.name))
        extracts.append((extract, extract.as_of or day_of(path)))
    if not extracts:
        return Fetched(origin, max(day_of(path) for path in files), notes=notes)
    as_of = max(day for _, day in extracts)
    layers = []
    for name in _names(asked):
        boxes = [(each, meet(_box_of(name, asked), each.box)) for each, _ in extracts]
        held = [(each, box) for each, box in boxes if box is not None]
        if held:
            layers.append(_gather(name, held, origin, as_of.isoformat()))
    return Fetched(origin, as_of, layers, notes=notes)


def ask_osm(asked: Asked, origin: Origin, *, cache: Path) -> Fetched:
    """Make layers of what Overpass answers, as of today: answers of another day are asked anew."""
    today = datetime.now(UTC).date()
    for old in cache.glob("*"):
        if old.name != today.isoformat():
            shutil.rmtree(old, ignore_errors=True)
    cache = cache / today.isoformat()
    by_box: dict[Bbox, list[str]] = {}
    for name in _names(asked):
        by_box.setdefault(_box_of(name, asked), []).append(name)
    layers = []
    for box, names in by_box.items():
        extract = ask_overpass(box, wanted_tags(names), cache=cache)
        layers += [_gather(name, [(extract, box)], origin, today.isoformat()) for name in names]
    return Fetched(origin, today, layers)


def _names(asked: Asked) -> list[str]:
    return [name for name in OSM_LAYERS if name in asked.only]


def _box_of(name: str, asked: Asked) -> Bbox:
    """Return the box of a layer: the region and as far round it as its measures look."""
    if asked.region is None:
        return asked.box
    return widen(asked.region, OSM_LAYERS[name].margin_km)


def _gather(
    name: str, extracts: Sequence[tuple[OsmExtract, Bbox]], origin: Origin, as_of: str
) -> FetchedLayer:
    frames = [
        make_layer(name, extract.objects, box, source_id=origin.source_id, as_of=as_of)
        for extract, box in extracts
    ]
    (key,) = INPUT_LAYERS[name].key
    frame = frames[0]
    if len(frames) > 1:
        held = [each for each in frames if len(each)] or frames[:1]
        frame = gpd.GeoDataFrame(pd.concat(held, ignore_index=True).drop_duplicates(key))
    # Several extracts side by side have no box in common that they fill.
    box = extracts[0][1]
    lacks = tell("fetch.osm.gaps") if OSM_LAYERS[name].has_gaps else None
    return FetchedLayer(name, frame, box, is_whole=len(extracts) == 1, lacks=lacks)
