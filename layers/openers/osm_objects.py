"""Objects of OpenStreetMap: out of an .osm extract, an .osm.pbf, or Overpass.

OSMnx reads XML and asks Overpass; .osm.pbf is read by pyosmium, which is an extra.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax import SAXException

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from steppe.layers.crs import GEOD
from steppe.layers.dates import read_day
from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error
from steppe.layers.limits import FETCHED_BYTES, OSM_XML_BYTES
from steppe.layers.openers.boxes import Bbox, split
from steppe.layers.openers.downloads import OUR_NAME
from steppe.layers.quiet_libraries import quiet
from steppe.layers.safe_files import admit
from steppe.layers.wording import tell

Wanted = Mapping[str, Sequence[str]]
"""Keys of tags to the values that are wanted."""

_LETTERS = {"node": "n", "way": "w", "relation": "r"}
_DAY = re.compile(rb"timestamp=[\"']([0-9]{4}-[0-9]{2}-[0-9]{2})")
_HEAD_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EDGE = re.compile(rb"\b(minlon|minlat|maxlon|maxlat|lon|lat)=[\"'](-?[0-9.]+)[\"']")
# What one question to Overpass may cover, and all of them: more is what extracts are for.
_QUERY_M2, _MOST_KM2 = 20e9, 200_000.0
_CHUNK = 1 << 20
_LONGEST_ATTRIBUTE = 64


@dataclass(frozen=True)
class OsmObject:
    """One object: its id with the letter of its kind, its tags, and its shape in degrees."""

    osm_id: str
    tags: Mapping[str, str]
    shape: BaseGeometry


@dataclass(frozen=True)
class OsmExtract:
    """What was read.

    Parameters
    ----------
    objects
        Those that bear a wanted tag.
    box
        What the extract holds.
    as_of
        Of its newest edit; None where it tells none.
    n_broken
        Objects whose shape could not be made: rings that do not close.
    """

    objects: Sequence[OsmObject]
    box: Bbox
    as_of: date | None
    n_broken: int = 0


def read_osm(path: Path, wanted: Wanted) -> OsmExtract:
    """Read an extract by its suffix.

    Raises
    ------
    InputError
        One line: no such file, too large, damaged, or pyosmium is not installed.
    """
    if path.name.lower().endswith(".pbf"):
        return _read_pbf(path, wanted)
    return _read_xml(path, wanted)


def _damaged(where: str, error: Exception) -> InputError:
    what = tell("fetch.osm.damaged", told=tell_error(error))
    return InputError(Problem(where, what, tell("fetch.fix.extract_again")))


def _read_xml(path: Path, wanted: Wanted) -> OsmExtract:
    """Read an .osm extract with OSMnx."""
    admit(path, path.name, OSM_XML_BYTES)
    box, as_of = _scan(path)
    # Slow to import, and most commands need none of it.
    import osmnx  # noqa: PLC0415

    try:
        with quiet():
            found = osmnx.features_from_xml(path, tags=_tags(wanted))
    except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 (has no public name)
        return OsmExtract((), box, as_of)
    except (ParseError, SAXException, ValueError, KeyError, TypeError, OSError) as error:
        raise _damaged(path.name, error) from None
    return OsmExtract(list(_unfold(found)), box, as_of)


def _tags(wanted: Wanted) -> dict[str, bool | str | list[str]]:
    return {key: list(values) for key, values in wanted.items()}


def _scan(path: Path) -> tuple[Bbox, date | None]:
    """Return what an .osm file covers, its bounds or its nodes, and the day of its newest edit."""
    edges: dict[str, list[float]] = {}
    newest, rest = b"", b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            text = rest + chunk
            newest = max([newest, *_DAY.findall(text)])
            for name, number in _EDGE.findall(text):
                try:
                    value = float(number)
                except ValueError:
                    continue
                ends = edges.setdefault(name.decode(), [value, value])
                ends[:] = [min(ends[0], value), max(ends[1], value)]
            rest = text[-_LONGEST_ATTRIBUTE:]
    try:
        if "minlon" in edges:
            box = (edges["minlon"][0], edges["minlat"][0], edges["maxlon"][1], edges["maxlat"][1])
        else:
            box = (edges["lon"][0], edges["lat"][0], edges["lon"][1], edges["lat"][1])
    except KeyError:
        what = tell("fetch.osm.no_nodes")
        raise InputError(Problem(path.name, what, tell("fetch.fix.extract_again"))) from None
    return box, read_day(newest.decode()) if newest else None


def _unfold(found: gpd.GeoDataFrame) -> Iterator[OsmObject]:
    names = [name for name in found.columns if name not in {"geometry", "nodes", "ways"}]
    for (kind, number), shape, *values in zip(
        found.index, found.geometry, *(found[name] for name in names), strict=True
    ):
        tags = {
            name: value for name, value in zip(names, values, strict=True) if isinstance(value, str)
        }
        yield OsmObject(f"{_LETTERS[kind]}{number}", tags, shape)


def _read_pbf(path: Path, wanted: Wanted) -> OsmExtract:
    """Read an .osm.pbf with pyosmium: nodes, open and closed ways, multipolygons."""
    admit(path, path.name, FETCHED_BYTES)
    try:
        import osmium  # noqa: PLC0415 (an extra)
    except ImportError:
        what = tell("fetch.osm.no_osmium")
        raise InputError(Problem(path.name, what, tell("fetch.fix.osmium"))) from None

    keep = osmium.filter.TagFilter(
        *((key, value) for key, values in wanted.items() for value in values)
    )
    try:
        processor = osmium.FileProcessor(str(path)).with_areas(keep).with_filter(keep)
        box = _box_of(processor.header.box())
        return _gather(osmium, processor, box)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise _damaged(path.name, error) from None


def _box_of(box: Any) -> Bbox | None:
    if not box.valid():
        return None
    low, high = box.bottom_left, box.top_right
    return (low.lon, low.lat, high.lon, high.lat)


def _gather(osmium: Any, processor: Any, box: Bbox | None) -> OsmExtract:
    shapes = osmium.geom.WKBFactory()
    objects: list[OsmObject] = []
    newest, n_broken = "", 0
    # A closed way comes twice, as a line and as an area: what it is hangs on what it stands for.
    for each in processor:
        if each.is_relation():
            continue
        newest = max(newest, each.timestamp.date().isoformat())
        shape: BaseGeometry
        try:
            if each.is_node():
                shape, osm_id = shapely.Point(each.lon, each.lat), f"n{each.id}"
            elif each.is_way():
                shape, osm_id = _draw_way(each), f"w{each.id}"
            else:
                shape = shapely.from_wkb(shapes.create_multipolygon(each))
                osm_id = f"{'w' if each.from_way() else 'r'}{each.orig_id()}"
        except (RuntimeError, ValueError, osmium.InvalidLocationError):
            n_broken += 1
            continue
        objects.append(OsmObject(osm_id, {tag.k: tag.v for tag in each.tags}, shape))
    if box is None:
        bounds = shapely.total_bounds([each.shape for each in objects]) if objects else [0.0] * 4
        box = (float(bounds[0]), float(bounds[1]), float(bounds[2]), float(bounds[3]))
    # Of the whole planet where the head tells it; else of what is wanted.  The epoch stands where
    # the extract was written without times.
    header = processor.header
    told = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    newest = told[:10] if _HEAD_DAY.match(told) else newest
    as_of = read_day(newest) if newest > "1970-01-01" else None
    return OsmExtract(objects, box, as_of, n_broken)


def _draw_way(way: Any) -> BaseGeometry:
    """Return the line of a way; an extract may have cut nodes off it, which leaves its pieces.

    Raises
    ------
    ValueError
        Where less than two nodes are left side by side.
    """
    pieces: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            pieces[-1].append((node.lon, node.lat))
        elif pieces[-1]:
            pieces.append([])
    lines = [piece for piece in pieces if len(piece) > 1]
    if not lines:
        raise ValueError(way.id)
    return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)


def ask_overpass(box: Bbox, wanted: Wanted, *, cache: Path) -> OsmExtract:
    """Ask Overpass for the objects of a box, with OSMnx.

    Parameters
    ----------
    box
        What is asked for.
    wanted
        Tags.
    cache
        Folder in which answers are kept.

    Raises
    ------
    InputError
        One line where nobody answers.
    """
    import osmnx  # noqa: PLC0415
    import requests  # noqa: PLC0415 (comes with OSMnx)

    sides = split(box)
    if sum(_area_km2(side) for side in sides) > _MOST_KM2:
        what = tell("fetch.osm.large", km2=_MOST_KM2)
        raise InputError(Problem("--bbox", what, tell("fetch.fix.extract")))
    objects: list[OsmObject] = []
    with _asking(osmnx.settings, cache) as url:
        for side in sides:
            try:
                with quiet():
                    objects += _unfold(osmnx.features_from_bbox(side, _tags(wanted)))
            except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 (nothing there)
                continue
            except (osmnx._errors.ResponseStatusCodeError, requests.RequestException) as error:  # noqa: SLF001
                what = tell("fetch.no_answer", told=tell_error(error))
                raise InputError(Problem(url, what, tell("fetch.fix.offline"))) from None
    return OsmExtract(objects, box, None)


@contextmanager
def _asking(settings: Any, cache: Path) -> Iterator[str]:
    """Let OSMnx ask in our name, in few large questions, and keep answers; give whom it asks."""
    ours = {
        "use_cache": True,
        "cache_folder": cache,
        "http_user_agent": OUR_NAME,
        "http_referer": OUR_NAME,
        "max_query_area_size": _QUERY_M2,
    }
    before = {name: getattr(settings, name) for name in ours}
    for name, value in ours.items():
        setattr(settings, name, value)
    try:
        yield str(settings.overpass_url)
    finally:
        for name, value in before.items():
            setattr(settings, name, value)


def _area_km2(box: Bbox) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.box(*box))[0]) / 1e6
