"""The files of new routes: GeoJSON, KML, Open Fibre Data Standard, and the profile as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from rasterio.io import MemoryFile

from steppe.layers.interchange.ofds_writing import to_package
from steppe.layers.whole_files import write_file
from steppe.layers.wording import say
from steppe.outputs.json_routes import draw, make_row
from steppe.planfile.plan_inputs import Inputs
from steppe.routes.answering import Answer
from steppe.routes.candidates import make_cables, make_nodes
from steppe.routes.cost_surface import Ground
from steppe.routes.told_route import ToldRoute
from steppe.routing.terrain.near_best import NearBest

GEOJSON, KML, OFDS, PROFILE = "routes.geojson", "routes.kml", "routes_ofds.json", "profile.csv"
CORRIDOR = "corridor.tif"
_KML = "http://www.opengis.net/kml/2.2"


def write_routes(inputs: Inputs, folder: Path, answer: Answer) -> list[Path]:
    """Write the files of some routes, each whole, and return them.

    Parameters
    ----------
    inputs
        What was read.
    folder
        Where they go, there or not.
    answer
        What was found; of alternatives what the ways through each cell cost goes into `corridor.tif`.

    Raises
    ------
    InputError
        Where the folder cannot be written.
    """
    routes = answer.routes
    contents: dict[str, str | bytes] = {
        GEOJSON: _dump(to_features(routes)),
        KML: to_kml(routes, title=inputs.plan.title_en or inputs.plan.name),
        OFDS: _dump(_to_ofds(inputs, routes)),
        PROFILE: to_profile(routes),
    }
    if answer.near is not None:
        contents[CORRIDOR] = _to_tiff(answer.grounds[0], answer.near)
    return [write_file(folder / name, content) for name, content in contents.items()]


def _to_tiff(ground: Ground, near: NearBest) -> bytes:
    """Return by how much the cheapest way through each cell is dearer than the best, %, as a COG.

    NaN where it is more than was asked for.
    """
    extra = near.extra_pct.astype(np.float32)
    extra[~np.isfinite(extra)] = np.nan
    rows, columns = extra.shape
    told = {
        "driver": "COG", "dtype": "float32", "count": 1, "width": columns, "height": rows,
        "crs": ground.grid.crs.to_wkt(), "transform": ground.grid.transform, "nodata": np.nan,
        "compress": "DEFLATE",
    }  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**told) as out:
            out.write(extra, 1)
        return bytes(memory.read())


def to_features(routes: Sequence[ToldRoute]) -> dict[str, Any]:
    """Return routes as a FeatureCollection (RFC 7946), and the places of their amplifiers."""
    features = []
    for each in routes:
        told = make_row(each, geometry=False)
        amplifiers = told.pop("amplifiers")
        features.append({"type": "Feature", "properties": told, "geometry": draw(each)})
        for number, site in enumerate(amplifiers, start=1):
            place = [site["lon"], site["lat"]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "route_id": each.route.route_id,
                        "amplifier": number,
                        **{name: site[name] for name in ("at_km", "power_km", "road_km")},
                    },
                    "geometry": {"type": "Point", "coordinates": place},
                }
            )
    return {"type": "FeatureCollection", "features": features}


def to_kml(routes: Sequence[ToldRoute], *, title: str) -> str:
    """Return routes as KML 2.2 (OGC 07-147r2): a placemark each, clamped to the ground."""
    ET.register_namespace("", _KML)
    kml = ET.Element(f"{{{_KML}}}kml")
    document = _add(kml, "Document")
    _add(document, "name", title)
    for each in routes:
        mark = _add(document, "Placemark")
        _add(mark, "name", each.route.route_id)
        _add(mark, "description", say(each.note, "en"))
        line = _add(mark, "LineString")
        _add(line, "tessellate", "1")
        places = (f"{lon},{lat},0" for lon, lat in draw(each)["coordinates"])
        _add(line, "coordinates", " ".join(places))
    ET.indent(kml, " ")
    return ET.tostring(kml, encoding="unicode", xml_declaration=True) + "\n"


def to_profile(routes: Sequence[ToldRoute]) -> str:
    """Return height and slope along routes as CSV; empty where unknown."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["route_id", "at_km", "lon", "lat", "height_m", "slope_deg"])
    for each in routes:
        route = each.route
        places = shapely.get_coordinates(route.line)
        for (lon, lat), at_km, height_m, slope_deg in zip(
            places.tolist(),
            route.at_km.tolist(),
            route.heights_m.tolist(),
            route.slopes_deg.tolist(),
            strict=True,
        ):
            writer.writerow(
                [
                    route.route_id,
                    f"{at_km:.3f}",
                    f"{lon:.6f}",
                    f"{lat:.6f}",
                    "" if math.isnan(height_m) else f"{height_m:.1f}",
                    "" if math.isnan(slope_deg) else f"{slope_deg:.2f}",
                ]
            )
    return text.getvalue()


def _to_ofds(inputs: Inputs, routes: Sequence[ToldRoute]) -> dict[str, Any]:
    """Return routes as a network of their own: proposed spans between the ends."""
    about = inputs.plan
    written = to_package(
        make_nodes(inputs, routes),
        make_cables(inputs, routes),
        name=f"{about.name}_new_routes",
        title=about.title_en or about.name,
        date=about.as_of.isoformat(),
    )
    return dict(written.package)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_KML}}}{name}")
    child.text = text
    return child


def _dump(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
