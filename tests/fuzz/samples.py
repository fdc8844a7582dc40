"""One small file of each format that a plan reads, and what reads it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import Point

from steppe.criteria.cooling.weather_files import open_epw, open_isd
from steppe.layers.contracts.network import FIBRE, NODES
from steppe.layers.contracts.surroundings import PORTS
from steppe.layers.facts import read_facts
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.rasters import read_raster
from steppe.layers.reader import read_layer
from steppe.layers.sources import read_sources
from steppe.planfile.plan_reading import read_plan

WORLD = (-180.0, -90.0, 180.0, 90.0)
_COMMON = {"accuracy_m": 5000, "source_id": "s", "as_of": "2020-01-01"}
_NODE_OPTIONS = ReadingOptions({"kind": "core", **_COMMON})
_CABLE_OPTIONS = ReadingOptions(
    {"status": "in_service", "year": 2015, "existence": "said", **_COMMON}
)
_PORT = {
    "port_id": "erenhot",
    "name_zh": "二连浩特",
    "name_en": "Erenhot",
    "neighbour": "MN",
    "accuracy_m": 100.0,
    "source_id": "s",
    "as_of": "2020-01-01",
}
_GRAPHML = """<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key attr.name="lat" attr.type="double" for="node" id="d1"/>
<key attr.name="lon" attr.type="double" for="node" id="d2"/>
<key attr.name="dist" attr.type="double" for="edge" id="d3"/>
<graph edgedefault="undirected">
<node id="0"><data key="d1">40.84</data><data key="d2">111.75</data></node>
<node id="1"><data key="d1">39.91</data><data key="d2">116.40</data></node>
<edge source="0" target="1"><data key="d3">480</data></edge><edge source="0" target="1"/>
</graph></graphml>
"""
_N2P = """<?xml version='1.0' encoding='UTF-8'?>
<network name="two" version="6">
<node id="2" name="Hohhot" xCoord="111.75" yCoord="40.84"><tag value="a"/></node>
<node id="3" name="Beijing" xCoord="116.40" yCoord="39.91"/>
<layer id="1" name="WDM" linkCapacityUnitsName="Gbps">
<link id="5" originNodeId="2" destinationNodeId="3" capacity="10" lengthInKm="480" bidirectionalPairId="6"/>
<link id="6" originNodeId="3" destinationNodeId="2" capacity="10" lengthInKm="480" bidirectionalPairId="5"/>
</layer><layer id="4" name="IP"><link id="7" originNodeId="2" destinationNodeId="3"/></layer>
<srg id="8"><link linkId="5"/></srg></network>
"""
_NODE_LINK = {
    "directed": False,
    "multigraph": False,
    "graph": {"name": "two"},
    "nodes": [
        {"id": 0, "name": "Hohhot", "pos": [111.75, 40.84]},
        {"id": 1, "name": "Beijing", "pos": [116.40, 39.91], "type": "City"},
    ],
    "edges": [{"source": 0, "target": 1, "dist": 410.5, "ecmp_fwd": {"uni": 1.0}}],
}
_GML = """graph [
  node [ id 0 label "Hohhot" Longitude 111.75 Latitude 40.84 ]
  node [ id 1 label "A &amp; B" Longitude 116.40 Latitude 39.91 ]
  edge [ source 0 target 1 dist 480 ]
  edge [ source 0 target 1 id "e2" ]
]
"""
_ROUTE = [[111.75, 40.84], [113.3, 40.9], [116.4, 39.91]]
_OFDS = {
    "networks": [
        {
            "id": "n",
            "crs": {"name": "urn:ogc:def:crs:OGC::CRS84"},
            "nodes": [
                {"id": "a", "location": {"type": "Point", "coordinates": _ROUTE[0]}},
                {"id": "b", "location": {"type": "Point", "coordinates": _ROUTE[-1]}},
            ],
            "spans": [
                {"id": "s", "start": "a", "end": "b", "status": "operational",
                 "transmissionMedium": ["fibre"],
                 "route": {"type": "LineString", "coordinates": _ROUTE}},
            ],
        }
    ]
}  # fmt: skip
_SOURCES = """[s]
title = "A survey"
publisher = "Office"
year = 2020
licence = "CC-BY-4.0"
attribution = "Office 2020"
accuracy = "100 m"
as_of = 2020-01-01
"""


@dataclass(frozen=True)
class Sample:
    """A small file that is right, the tokens that break its kind, and what reads it."""

    name: str
    kind: str
    content: bytes
    read: Callable[[Path], object]
    beside: tuple[tuple[str, bytes], ...] = ()

    def attempt(self, content: bytes, folder: Path) -> object:
        """Read other content under the sample's name in a folder of its own."""
        inside = Path(tempfile.mkdtemp(dir=folder))
        try:
            for name, other in self.beside:
                (inside / name).write_bytes(other)
            (inside / self.name).write_bytes(content)
            return self.read(inside / self.name)
        finally:
            shutil.rmtree(inside)


def make_samples(pack: Path, folder: Path) -> dict[str, Sample]:
    """Return the samples by their format.

    Parameters
    ----------
    pack
        The default pack, whose plan.toml is that sample.
    folder
        An empty folder to write in.
    """
    ports = gpd.GeoDataFrame([_PORT], geometry=[Point(111.98, 43.65)], crs="EPSG:4490")
    for name in ("ports.gpkg", "ports.geojson", "ports.shp"):
        ports.to_file(folder / name)
    ports.drop(columns="geometry").assign(lon=111.98, lat=43.65).to_csv(
        folder / "ports.csv", index=False
    )
    _write_grid(folder / "grid.tif")
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    shape = tuple(
        (name, content[name]) for name in content if name.startswith("ports.") and name[-3:] in
        {"dbf", "shx", "prj", "cpg", "shp"}
    )  # fmt: skip
    toml = (pack / "plan.toml").read_bytes()
    return {
        "plan": Sample("plan.toml", "toml", toml, read_plan),
        "sources": Sample("sources.toml", "toml", _SOURCES.encode(), read_sources),
        "facts": Sample("facts.csv", "table", _head(pack / "facts_parks.csv"), read_facts),
        "csv": Sample("ports.csv", "table", content["ports.csv"], _read_csv),
        "geojson": Sample("ports.geojson", "json", content["ports.geojson"], _read_ports),
        "gpkg": Sample("ports.gpkg", "binary", content["ports.gpkg"], _read_ports),
        "shp": Sample("ports.shp", "binary", content["ports.shp"], _read_ports, shape),
        "dbf": Sample("ports.dbf", "binary", content["ports.dbf"], _read_beside, shape),
        "graphml": Sample("net.graphml", "xml", _GRAPHML.encode(), _read_network),
        "gml": Sample("net.gml", "gml", _GML.encode(), _read_network),
        "n2p": Sample("net.n2p", "xml", _N2P.encode(), _read_network),
        "node_link": Sample(
            "net.json", "json", json.dumps(_NODE_LINK, indent=0).encode(), _read_network
        ),
        "ofds": Sample("net.json", "json", json.dumps(_OFDS, indent=0).encode(), _read_network),
        "tif": Sample("grid.tif", "binary", content["grid.tif"], _read_grid),
        "epw": Sample("a.epw", "table", _EPW, open_epw),
        "isd": Sample("a.csv", "table", _ISD, _open_isd),
    }


def _head(path: Path, n_lines: int = 8) -> bytes:
    return b"".join(path.read_bytes().splitlines(keepends=True)[:n_lines])


def _write_grid(path: Path) -> None:
    shape = {"driver": "GTiff", "width": 6, "height": 5, "count": 1, "dtype": "float32"}
    place = {"crs": "EPSG:4326", "transform": from_origin(110, 42, 0.1, 0.1), "nodata": -9999.0}
    with rasterio.open(path, "w", **shape, **place) as grid:
        grid.write(np.arange(30, dtype=np.float32).reshape(5, 6), 1)


def _read_network(path: Path) -> object:
    nodes = read_layer(path, NODES, bbox=WORLD, options=_NODE_OPTIONS)
    return nodes, read_layer(path, FIBRE, bbox=WORLD, options=_CABLE_OPTIONS)


def _read_csv(path: Path) -> object:
    return read_layer(path, PORTS, bbox=WORLD, crs="EPSG:4490")


def _read_ports(path: Path) -> object:
    return read_layer(path, PORTS, bbox=WORLD)


def _read_beside(path: Path) -> object:
    return _read_ports(path.with_suffix(".shp"))


def _read_grid(path: Path) -> object:
    words = {"name": "elevation", "title_zh": "高程", "title_en": "Elevation"}
    return read_raster(path, **words, unit="m", source_id="s")


def _open_isd(path: Path) -> object:
    return open_isd(path, height_m=1065.0)


def _hours(step_h: int) -> list[datetime]:
    first = datetime(2019, 1, 1)  # noqa: DTZ001 (local standard time, as EPW has it)
    return [first + timedelta(hours=number) for number in range(0, 8760, step_h)]


# A whole year each: less is refused before anything else is looked at.
_EPW = (
    "LOCATION,Ulanqab,NM,CHN,x,534800,40.99,113.13,8.0,1065.0\n"
    "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,a\nCOMMENTS 2,b\n"
    "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n"
    + "".join(
        f"2019,{at.month},{at.day},{at.hour + 1},0,?9?9,-5.0,-9.0,70,89500{',0' * 25}\n"
        for at in _hours(1)
    )
).encode()
_ISD = (
    "STATION,DATE,SOURCE,LATITUDE,LONGITUDE,ELEVATION,TMP,DEW,SLP\n"
    + "".join(
        f'"53480",{at.isoformat()},4,40.99,113.13,1065.0,"-0050,1","-0090,1","10250,1"\n'
        for at in _hours(3)
    )
).encode()
