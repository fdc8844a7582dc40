"""The formats of anyone's files that are opened, and what is to be done with others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from steppe.layers.importing.driver_formats import (
    open_dxf,
    open_flatgeobuf,
    open_mapinfo,
    open_osm,
)
from steppe.layers.importing.gps_exchange import open_gpx
from steppe.layers.importing.keyhole import open_kml, open_kmz
from steppe.layers.importing.open_documents import open_document
from steppe.layers.importing.opened import Opened, Request
from steppe.layers.importing.plain_formats import (
    open_gpkg,
    open_json,
    open_shapefile,
    open_text_table,
)
from steppe.layers.importing.workbooks import open_workbook
from steppe.layers.wording import Message, tell

Opener = Callable[[Request], Opened]

OPENERS: Mapping[str, Opener] = {
    "csv": open_text_table,
    "json": open_json,
    "gpkg": open_gpkg,
    "shapefile": open_shapefile,
    "xlsx": open_workbook,
    "ods": open_document,
    "kml": open_kml,
    "kmz": open_kmz,
    "gpx": open_gpx,
    "osm": open_osm,
    "mapinfo": open_mapinfo,
    "flatgeobuf": open_flatgeobuf,
    "dxf": open_dxf,
}
"""What opens each kind of file that `find_format` tells."""

FORMATS: Mapping[str, str] = {
    "csv": "CSV, TSV, TXT",
    "json": "JSON",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "shapefile": "Shapefile",
    "xlsx": "XLSX",
    "ods": "ODS",
    "kml": "KML",
    "kmz": "KMZ",
    "gpx": "GPX",
    "osm": "OpenStreetMap",
    "mapinfo": "MapInfo",
    "flatgeobuf": "FlatGeobuf",
    "dxf": "DXF",
}
"""What a user calls each format that a raw table may come from."""

UNFIT: Mapping[str, tuple[Message, Message]] = {
    "epw": (tell("fault.open.epw"), tell("fix.open.name_epw")),
    "geotiff": (tell("fault.open.geotiff"), tell("fix.open.name_raster")),
    "netcdf": (tell("fault.open.netcdf"), tell("fix.open.convert_raster")),
    "xls": (tell("fault.open.xls"), tell("fix.open.save_as_xlsx")),
    "xml_sheet": (tell("fault.open.xls"), tell("fix.open.save_as_xlsx")),
    "pdf": (tell("fault.open.pdf"), tell("fix.open.give_table")),
    "document": (tell("fault.open.document"), tell("fix.open.give_table")),
    "image": (tell("fault.open.image"), tell("fix.open.draw")),
    "dwg": (tell("fault.open.dwg"), tell("fix.open.save_as_dxf")),
    "dxf_binary": (tell("fault.open.dwg"), tell("fix.open.save_as_dxf")),
    "archive": (tell("fault.open.archive"), tell("fix.open.unpack")),
    "html": (tell("fault.open.html"), tell("fix.open.save_as_xlsx")),
    "gml": (tell("fault.open.gml"), tell("fix.open.save_as_gpkg")),
    "xml": (tell("fault.open.xml"), tell("fix.open.give_known")),
    "network": (tell("fault.open.network"), tell("fix.open.name_network")),
    "part": (tell("fault.open.part"), tell("fix.open.give_shp")),
}
"""What is known and not opened: what it is, and what to do with it."""
