"""The QGIS project, written by hand so that no PyQGIS is needed to make it.

It is written at the level of QGIS 3.22.  QGIS passes over some faults without a word:
a layer id of ten characters or fewer leaves a dead entry in the tree, and an `authid`
without `srsid` an empty CRS.  tests/qgis holds that neither happens here.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd
from pyproj import CRS

from steppe.layers.contracts import RESULT_TABLES
from steppe.layers.sources import Source
from steppe.layers.tables import PlanTables
from steppe.maps.captions import two_tongues
from steppe.maps.extents import region_bounds, view_bounds
from steppe.maps.layout import Sheet, fit_extent, print_layout
from steppe.maps.layout_items import Box, extent_element
from steppe.maps.qgis_layers import (
    attributions,
    custom_crs,
    layer_id,
    raster_layer,
    raster_source,
    source_ids_of,
    table_layer,
    table_source,
    title_of,
    vector_layer,
)
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.maps.symbols import THEMES, LayerStyle, RasterStyle
from steppe.maps.words import join_words
from steppe.maps.xml_elements import QGIS_VERSION, document, element

_OVERVIEW = ("ports", "fibre", "boundaries")
SOURCES = "sources"
# A zip must bear some date; this is the earliest it can.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def _tree_layer(name: str, title: str, *, source: str, shown: bool) -> ET.Element:
    return element(
        "layer-tree-layer",
        None,
        element("customproperties"),
        id=layer_id(name),
        name=title,
        checked="Qt::Checked" if shown else "Qt::Unchecked",
        expanded=0,
        source=source,
        providerKey="gdal" if source.endswith(".tif") else "ogr",
    )


def _tree_group(title: str, entries: Sequence[ET.Element], *, expanded: bool) -> ET.Element:
    return element(
        "layer-tree-group",
        None,
        element("customproperties"),
        *entries,
        name=title,
        checked="Qt::Checked",
        expanded=int(expanded),
    )


def _styled_groups(styles: Sequence[LayerStyle | RasterStyle]) -> list[ET.Element]:
    """Return the tree's groups, in the order in which the layers are drawn."""
    groups = []
    for group in dict.fromkeys(style.group for style in styles):
        entries = [
            _tree_layer(
                style.layer,
                title_of(style),
                source=raster_source(style.layer)
                if isinstance(style, RasterStyle)
                else table_source(style.layer),
                shown=style.visible,
            )
            for style in styles
            if style.group == group
        ]
        groups.append(_tree_group(join_words(f"group.{group}"), entries, expanded=True))
    return groups


def _themes(present: Collection[str], groups: Sequence[ET.Element]) -> ET.Element:
    shown_groups = element(
        "checked-group-nodes",
        None,
        *(element("checked-group-node", id=group.get("name")) for group in groups),
    )
    themes = []
    for theme in THEMES:
        named = [style.layer for style in STYLES if theme in style.themes]
        named += [style.layer for style in RASTERS if theme in style.themes]
        rows = [
            element("layer", id=layer_id(name), style="default", visible=1, expanded=0)
            for name in named
            if name in present
        ]
        attributes = {"has-expanded-info": 1, "has-checked-group-info": 1}
        themes.append(
            element(
                "visibility-preset", None, *rows, shown_groups, name=join_words(f"theme.{theme}"),
                **attributes,
            )
        )  # fmt: skip
    return element("visibility-presets", None, *themes)


def _property(name: str, value: str, kind: str) -> ET.Element:
    return element(name, value, type=kind)


def _properties() -> ET.Element:
    canvas = [f"CanvasColor{part}Part" for part in ("Red", "Green", "Blue")]
    return element(
        "properties",
        None,
        element("SpatialRefSys", None, _property("ProjectionsEnabled", "1", "int")),
        element("Paths", None, _property("Absolute", "false", "bool")),
        element("Gui", None, *(_property(name, "255", "int") for name in canvas)),
        element("Measure", None, _property("Ellipsoid", "EPSG:7019", "QString")),
        element("PAL", None, _property("PlacementEngineVersion", "1", "int")),
    )


def _project_metadata(tables: PlanTables, owed: Sequence[str]) -> ET.Element:
    info = tables.info
    title = two_tongues(info.title_zh, info.title_en)
    as_of = f"{join_words('note.as_of')} {info.as_of}"
    return element(
        "projectMetadata",
        None,
        element("identifier", info.name),
        element("language", "zh"),
        element("type", "project"),
        element("title", title),
        # A project's metadata knows no rights; its abstract is where people look.
        element("abstract", "\n".join([as_of, f"{join_words('note.sources')}:", *owed])),
    )


def _overview_layers(styles: Sequence[LayerStyle]) -> list[ET.Element]:
    return [
        element(
            "Layer",
            layer_id(style.layer),
            name=title_of(style),
            source=table_source(style.layer),
            provider="ogr",
        )
        for style in styles
        if style.layer in _OVERVIEW
    ]


def _canvas(extent: Box, crs: CRS) -> ET.Element:
    names = ("xmin", "ymin", "xmax", "ymax")
    return element(
        "mapcanvas",
        None,
        element("units", "meters"),
        element(
            "extent",
            None,
            *(
                element(name, repr(round(value, 3)))
                for name, value in zip(names, extent, strict=True)
            ),
        ),
        element("rotation", "0"),
        element("destinationsrs", None, custom_crs(crs)),
        name="theMapCanvas",
        annotationsVisible=1,
    )


def _default_view(extent: Box, crs: CRS) -> ET.Element:
    """Return the first view of programs that have no canvas, as the server of QGIS."""
    view = extent_element("DefaultViewExtent", extent)
    view.append(custom_crs(crs))
    return element("ProjectViewSettings", None, element("Scales"), view, UseProjectScales=0)


def _frames(tables: PlanTables) -> dict[str, pd.DataFrame]:
    """Return the tables without geometry, in the order in which the tree lists them."""
    results = {name: tables.tables[name] for name in RESULT_TABLES}
    sources = pd.DataFrame(columns=list(Source.model_fields), index=list(tables.sources))
    return {**results, SOURCES: sources}


def _table_group(frames: Mapping[str, pd.DataFrame]) -> ET.Element:
    entries = [
        _tree_layer(name, join_words(f"table.{name}"), source=table_source(name), shown=False)
        for name in frames
    ]
    return _tree_group(join_words("group.tables"), entries, expanded=False)


def project_xml(tables: PlanTables, *, present: Collection[str] | None = None) -> str:
    """Return the project as the text of a `.qgs` file.

    The project lies beside `plan.gpkg` and `rasters/`, and names them by relative paths.

    Parameters
    ----------
    tables
        The plan.
    present
        Names of the layers, tables and rasters that were written; None for all.

    Returns
    -------
    str
        XML that QGIS 3.22 and later read.
    """
    frames = _frames(tables)
    if present is None:
        present = {*tables.layers, *frames, *tables.rasters}
    vectors = [s for s in STYLES if s.layer in tables.layers and s.layer in present]
    rasters = [s for s in RASTERS if s.layer in tables.rasters and s.layer in present]
    frames = {name: frame for name, frame in frames.items() if name in present}
    styled: list[LayerStyle | RasterStyle] = [*vectors, *rasters]
    groups = _styled_groups(styled)
    tree = [*groups, _table_group(frames)]
    used = {source for style in vectors for source in source_ids_of(tables.layers[style.layer])}
    used |= {tables.rasters[style.layer].source_id for style in rasters}
    extent = fit_extent(view_bounds(tables.info.view, tables.info.albers))
    sheet = Sheet(
        info=tables.info,
        extent=extent,
        legend=_styled_groups([style for style in vectors if style.visible]),
        attributions=tuple(
            dict.fromkeys(tables.sources[name].attribution for name in sorted(used))
        ),
        has_cables=any(style.layer == "fibre" for style in vectors),
        region=region_bounds(tables),
        overview=_overview_layers(vectors),
    )
    map_layers = [
        *(vector_layer(style, tables) for style in vectors),
        *(raster_layer(style, tables) for style in rasters),
        *(table_layer(name, frame, tables) for name, frame in frames.items()),
    ]
    title = two_tongues(tables.info.title_zh, tables.info.title_en)
    root = element(
        "qgis",
        None,
        element("homePath", path=""),
        element("title", title),
        element("projectCrs", None, custom_crs(tables.info.albers)),
        element("layer-tree-group", None, element("customproperties"), *tree),
        _canvas(extent, tables.info.albers),
        element("projectlayers", None, *map_layers),
        element(
            "layerorder", None, *(element("layer", id=layer_id(style.layer)) for style in styled)
        ),
        _properties(),
        _themes({style.layer for style in styled}, groups),
        _project_metadata(tables, attributions(tables, sorted(used))),
        _default_view(extent, tables.info.albers),
        element("Layouts", None, print_layout(sheet)),
        version=QGIS_VERSION,
        projectname=title,
    )
    return document(root)


def write_qgz(path: Path, tables: PlanTables, *, present: Collection[str] | None = None) -> None:
    """Write the project as a `.qgz` file, the same bytes for the same plan.

    Parameters
    ----------
    path
        File to write, in the folder that holds `plan.gpkg` and `rasters/`.
    tables, present
        As in `project_xml`.
    """
    entry = zipfile.ZipInfo(f"{path.stem}.qgs", _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, project_xml(tables, present=present).encode())
