"""The files of the ten-minute walk, small, each to the format in which it is published.

Places are those of Kenya to about a kilometre; lines and figures are made up.
"""

from __future__ import annotations

import json
import re
import shlex
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from tests.layers.importing.made_files import write_xlsx

BOX = (35.8, -2.4, 37.6, 0.2)
TOWNS = {
    "Nairobi": (36.82, -1.29, 4_397_073),
    "Thika": (37.08, -1.04, 251_407),
    "Naivasha": (36.43, -0.72, 198_444),
    "Nakuru": (36.07, -0.30, 570_674),
}
HEAD = ["Name", "Longitude", "Latitude", "IT load (MW)", "Area (ha)"]
PARKS = (
    ("Tatu City", 36.90, -1.16, 30, 40),
    ("Konza Technopolis", 37.17, -1.69, 40, 150),
    ("Olkaria", 36.30, -0.89, 100, 60),
)
# Substations: name, place, volts.
STATIONS = (
    ("Dandora", (36.90, -1.25), "220000;132000"),
    ("Olkaria II", (36.29, -0.87), "220000"),
    ("Isinya", (36.85, -1.67), "400000;220000"),
)
LINES = (("Olkaria - Suswa - Isinya", ((36.29, -0.87), (36.35, -1.10), (36.85, -1.67)), "400000"),)
CABLES = (
    ("Nairobi", "Thika"),
    ("Nairobi", "Naivasha"),
    ("Naivasha", "Nakuru"),
    ("Thika", "Nakuru"),
)


def write_walk_files(folder: Path) -> None:
    """Write a spreadsheet, a GeoNames dump, a railway, a network and an extract of OpenStreetMap."""
    write_xlsx(folder / "parks.xlsx", {"Parks": [HEAD, *PARKS]})
    _write_geonames(folder / "KE.zip")
    _write_railway(folder / "railway.geojson")
    (folder / "network.json").write_text(json.dumps(_make_network()), encoding="utf-8")
    _write_extract(folder / "kenya.osm.pbf")


def list_commands(page: Path, section: str) -> list[list[str]]:
    """Return the arguments of each command of `steppe` that a section of a page tells in its blocks."""
    told = page.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```\n(.*?)^```", told, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("steppe ")]


def _write_geonames(path: Path) -> None:
    """Write the 19 columns of the dump's table `geoname`."""
    rows = []
    for number, (name, (lon, lat, people)) in enumerate(TOWNS.items(), start=1):
        cells = [number, name, name, "", lat, lon, "P", "PPLA", "KE", "", "30", "", "", "", people,
                 "", 1700, "Africa/Nairobi", "2024-05-01"]  # fmt: skip
        rows.append("\t".join(map(str, cells)) + "\n")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("KE.txt", "".join(rows))


def _write_railway(path: Path) -> None:
    way = LineString([(36.82, -1.36), (36.60, -1.30), (36.45, -1.00), (36.40, -0.75)])
    frame = gpd.GeoDataFrame({"name": ["Nairobi - Naivasha"]}, geometry=[way], crs="EPSG:4326")
    frame.to_file(path)


def _make_network() -> dict[str, object]:
    """Return a network of the Open Fibre Data Standard 0.3."""
    place = {name: [lon, lat] for name, (lon, lat, _) in TOWNS.items()}
    nodes = [
        {"id": str(number), "name": name, "status": "operational", "type": ["accessPoint"],
         "location": {"type": "Point", "coordinates": place[name]}}
        for number, name in enumerate(TOWNS, start=1)
    ]  # fmt: skip
    ids = {str(each["name"]): {"id": each["id"], "name": each["name"]} for each in nodes}
    spans = [
        {"id": f"s{number}", "name": f"{start} - {end}", "status": "operational",
         "readyForServiceDate": "2019-06-01", "start": ids[start], "end": ids[end],
         "route": {"type": "LineString", "coordinates": [place[start], place[end]]}}
        for number, (start, end) in enumerate(CABLES, start=1)
    ]  # fmt: skip
    network = {
        "id": "fd7b30d6-f514-4cd0-a5ac-29a774f53a43",
        "name": "A network",
        "publicationDate": "2024-02-01",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "publisher": {"name": "A publisher"},
        "crs": {
            "name": "urn:ogc:def:crs:OGC::CRS84",
            "uri": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        },
        "nodes": nodes,
        "spans": spans,
    }
    return {"networks": [network]}


def _write_extract(path: Path) -> None:
    osmium = pytest.importorskip("osmium")
    mutable = osmium.osm.mutable
    stamp = "2024-05-06T07:08:09Z"
    number = 0
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(*BOX))
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for name, place, volts in STATIONS:
            number += 1
            tags = {"power": "substation", "name": name, "voltage": volts}
            writer.add_node(
                mutable.Node(id=number, location=place, tags=tags, version=1, timestamp=stamp)
            )
        ways = []
        for name, places, volts in LINES:
            refs = []
            for place in places:
                number += 1
                refs.append(number)
                writer.add_node(mutable.Node(id=number, location=place, version=1, timestamp=stamp))
            tags = {"power": "line", "name": name, "voltage": volts}
            ways.append(mutable.Way(id=900, nodes=refs, tags=tags, version=1, timestamp=stamp))
        for way in ways:
            writer.add_way(way)
