"""The layers of the QGIS project: where each lies, its CRS, its style and who is owed thanks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from pyproj import CRS

from steppe.layers.crs import WORKING_CRS
from steppe.layers.tables import PlanTables
from steppe.maps.captions import alias_element, aliases, two_tongues
from steppe.maps.expressions import html_literal, quote_text
from steppe.maps.qml import raster_elements, style_attributes, style_elements
from steppe.maps.symbols import LayerStyle, RasterStyle
from steppe.maps.words import join_words
from steppe.maps.xml_elements import element

GEOPACKAGE = "plan.gpkg"
RASTER_FOLDER = "rasters"


def layer_id(name: str) -> str:
    """Return a layer's id: QGIS needs more than ten characters."""
    return f"steppe_layer_{name}"


def title_of(style: LayerStyle | RasterStyle) -> str:
    """Return a layer's title in both languages."""
    return two_tongues(style.title_zh, style.title_en)


def _epsg(crs: CRS) -> ET.Element:
    # QGIS believes an authid only beside a srsid above 0.
    return element(
        "spatialrefsys",
        None,
        element("srsid", "1"),
        element("authid", ":".join(crs.to_authority() or ())),
    )


def custom_crs(crs: CRS) -> ET.Element:
    """Return a CRS that no register knows, by its WKT."""
    return element(
        "spatialrefsys",
        None,
        element("wkt", crs.to_wkt()),
        element("description", join_words("qgis.crs")),
        element("geographicflag", "false"),
    )


def _metadata(title: str, abstract: str, *, rights: Sequence[str]) -> ET.Element:
    return element(
        "resourceMetadata",
        None,
        element("identifier"),
        element("type", "dataset"),
        element("title", title),
        element("abstract", abstract),
        # QGIS shows rights as HTML, without escaping them.
        *(element("rights", html_literal(right)) for right in rights),
    )


def source_ids_of(frame: pd.DataFrame) -> list[str]:
    """Return the sources that a frame's rows name, sorted."""
    column = next((name for name in ("source_id", "source_ids") if name in frame), None)
    if column is None:
        return []
    return sorted({part for cell in frame[column].dropna() for part in str(cell).split()})


def attributions(tables: PlanTables, source_ids: Iterable[str]) -> list[str]:
    """Return what sources want to be said, with their licences."""
    found = [tables.sources[name] for name in source_ids if name in tables.sources]
    return list(dict.fromkeys(f"{source.attribution} ({source.licence})" for source in found))


def _map_layer(name: str, title: str, source: str, /, *children: ET.Element, **kind: Any) -> Any:
    return element(
        "maplayer",
        None,
        element("id", layer_id(name)),
        element("datasource", source),
        element("layername", title),
        *children,
        **kind,
    )


def table_source(name: str) -> str:
    """Return where a layer or table lies, seen from the project."""
    return f"./{GEOPACKAGE}|layername={name}"


def _score_names(columns: Iterable[str], tables: PlanTables) -> dict[str, str]:
    """Return the names of the columns that hold the scores of criteria, where there are some."""
    titles = {
        f"score_{criterion.name}": two_tongues(criterion.title_zh, criterion.title_en)
        for criterion in tables.info.criteria
    }
    return {
        name: f"{join_words('field.score')}: {titles[name]}" for name in columns if name in titles
    }


def vector_layer(style: LayerStyle, tables: PlanTables) -> ET.Element:
    """Return the `<maplayer>` of a layer with geometry."""
    frame = tables.layers[style.layer]
    columns = [name for name in frame.columns if name != frame.geometry.name]
    geometry = {"marker": "Point", "line": "Line", "fill": "Polygon"}[style.geometry]
    rights = attributions(tables, source_ids_of(frame))
    made = _map_layer(
        style.layer,
        title_of(style),
        table_source(style.layer),
        element("srs", None, _epsg(WORKING_CRS)),
        element("provider", "ogr", encoding="UTF-8"),
        _metadata(title_of(style), f"{len(frame)} × {style.layer}", rights=rights),
        type="vector",
        geometry=geometry,
        **style_attributes(style),
    )
    names = aliases(columns, table=style.layer) | _score_names(columns, tables)
    made.extend(style_elements(style, names))
    return made


def _sorting(name: str, tables: PlanTables) -> dict[str, Any]:
    """Return how QGIS is to sort a table at first; nothing for one that lies in order."""
    if name != "cuts":
        return {}
    targets = ", ".join(quote_text(target) for target in tables.info.targets)
    keys = (f'array_find(array({targets}), "to_id")', '"n_units"', 'coalesce("rank", 99999)')
    # One expression must hold all keys, so each is a text of one length.
    texts = (f"lpad(to_string({key}), 5, '0')" for key in keys)
    return {"sortExpression": " || ".join(texts), "sortOrder": 0}


def table_layer(name: str, frame: pd.DataFrame, tables: PlanTables) -> ET.Element:
    """Return the `<maplayer>` of a table without geometry."""
    title = join_words(f"table.{name}")
    sorting = _sorting(name, tables)
    rights = attributions(tables, source_ids_of(frame))
    return _map_layer(
        name,
        title,
        table_source(name),
        element("provider", "ogr", encoding="UTF-8"),
        _metadata(title, f"{len(frame)} × {name}", rights=rights),
        alias_element(aliases(frame.columns, table=name)),
        *([element("attributetableconfig", **sorting)] if sorting else []),
        type="vector",
        geometry="No geometry",
    )


def raster_source(name: str) -> str:
    """Return where a raster lies, seen from the project."""
    return f"./{RASTER_FOLDER}/{name}.tif"


def raster_layer(style: RasterStyle, tables: PlanTables) -> ET.Element:
    """Return the `<maplayer>` of a raster."""
    rights = attributions(tables, [tables.rasters[style.layer].source_id])
    return _map_layer(
        style.layer,
        title_of(style),
        raster_source(style.layer),
        element("srs", None, _epsg(WORKING_CRS)),
        element("provider", "gdal"),
        _metadata(title_of(style), style.layer, rights=rights),
        *raster_elements(style),
        type="raster",
    )
