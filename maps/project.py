"""The QGIS project, written by hand so that no PyQGIS is needed to make it.

It is written at the level of QGIS 3.22.  QGIS passes over some faults without a word:
a layer id of ten characters or fewer leaves a dead entry in the tree, and an `authid`
without `srsid` an empty CRS.  tests/qgis holds that neither happens here.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from pyproj import CRS, Transformer

from layers.contracts import INPUT_LAYERS, RESULT_TABLES
from layers.crs import WORKING_CRS
from layers.tables import Bbox, PlanTables
from maps.captions import alias_element, aliases, two_tongues
from maps.elements import QGIS_VERSION, document, element
from maps.layout import Box, Sheet, extent_element, fit_extent, print_layout
from maps.qml import raster_elements, style_attributes, style_elements
from maps.style import RASTERS, STYLES
from maps.symbols import LayerStyle, RasterStyle
from maps.words import WORDS

GEOPACKAGE = "plan.gpkg"
RASTER_FOLDER = "rasters"

_BASE = ("railways", "rivers", "boundaries")
THEMES: dict[str, tuple[str, ...]] = {
    "siting": ("parks", "ports", "corridors", *_BASE, "elevation"),
    "backbone": ("parks", "nodes", "ports", "fibre", "corridors", *_BASE),
    "power": ("parks", "substations", "plants", *_BASE),
    "hazard": ("parks", "towns", "earthquakes", *_BASE),
}
TABLES: tuple[str, ...] = (
    *RESULT_TABLES,
    *(name for name, contract in INPUT_LAYERS.items() if contract.geometry is None),
)
# A zip must bear some date; this is the earliest it can.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def layer_id(name: str) -> str:
    """Return a layer's id: QGIS needs more than ten characters."""
    return f"steppe_layer_{name}"


def _words(key: str) -> str:
    return two_tongues(*WORDS[key])


def _title(style: LayerStyle | RasterStyle) -> str:
    return two_tongues(style.title_zh, style.title_en)


def _epsg(crs: CRS) -> ET.Element:
    # QGIS believes an authid only beside a srsid above 0.
    return element(
        "spatialrefsys",
        None,
        element("srsid", "1"),
        element("authid", ":".join(crs.to_authority() or ())),
    )


def _custom(crs: CRS) -> ET.Element:
    return element(
        "spatialrefsys",
        None,
        element("wkt", crs.to_wkt()),
        element("description", _words("qgis.crs")),
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
        *(element("rights", right) for right in rights),
    )


def _source_ids(frame: pd.DataFrame) -> list[str]:
    """Return the sources that a frame's rows name, sorted."""
    column = next((name for name in ("source_id", "source_ids") if name in frame), None)
    if column is None:
        return []
    return sorted({part for cell in frame[column].dropna() for part in str(cell).split()})


def _attributions(tables: PlanTables, source_ids: Iterable[str]) -> list[str]:
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


def _table_source(name: str) -> str:
    return f"./{GEOPACKAGE}|layername={name}"


def _vector_layer(style: LayerStyle, tables: PlanTables) -> ET.Element:
    frame = tables.layers[style.layer]
    columns = [name for name in frame.columns if name != frame.geometry.name]
    geometry = {"marker": "Point", "line": "Line", "fill": "Polygon"}[style.geometry]
    rights = _attributions(tables, _source_ids(frame))
    made = _map_layer(
        style.layer,
        _title(style),
        _table_source(style.layer),
        element("srs", None, _epsg(WORKING_CRS)),
        element("provider", "ogr", encoding="UTF-8"),
        _metadata(_title(style), f"{len(frame)} × {style.layer}", rights=rights),
        type="vector",
        geometry=geometry,
        **style_attributes(style),
    )
    made.extend(style_elements(style, aliases(columns, table=style.layer)))
    return made


def _table_layer(name: str, frame: pd.DataFrame, tables: PlanTables) -> ET.Element:
    title = _words(f"table.{name}")
    rights = _attributions(tables, _source_ids(frame))
    return _map_layer(
        name,
        title,
        _table_source(name),
        element("provider", "ogr", encoding="UTF-8"),
        _metadata(title, f"{len(frame)} × {name}", rights=rights),
        alias_element(aliases(frame.columns, table=name)),
        type="vector",
        geometry="No geometry",
    )


def _raster_source(name: str) -> str:
    return f"./{RASTER_FOLDER}/{name}.tif"


def _raster_layer(style: RasterStyle, tables: PlanTables) -> ET.Element:
    rights = _attributions(tables, [tables.rasters[style.layer].source_id])
    return _map_layer(
        style.layer,
        _title(style),
        _raster_source(style.layer),
        element("srs", None, _epsg(WORKING_CRS)),
        element("provider", "gdal"),
        _metadata(_title(style), style.layer, rights=rights),
        *raster_elements(style),
        type="raster",
    )


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
                _title(style),
                source=_raster_source(style.layer)
                if isinstance(style, RasterStyle)
                else _table_source(style.layer),
                shown=style.visible,
            )
            for style in styles
            if style.group == group
        ]
        groups.append(_tree_group(_words(f"group.{group}"), entries, expanded=True))
    return groups


def _themes(present: Collection[str], groups: Sequence[ET.Element]) -> ET.Element:
    shown_groups = element(
        "checked-group-nodes",
        None,
        *(element("checked-group-node", id=group.get("name")) for group in groups),
    )
    themes = []
    for theme, names in THEMES.items():
        rows = [
            element("layer", id=layer_id(name), style="default", visible=1, expanded=0)
            for name in names
            if name in present
        ]
        attributes = {"has-expanded-info": 1, "has-checked-group-info": 1}
        themes.append(
            element(
                "visibility-preset", None, *rows, shown_groups, name=_words(f"theme.{theme}"),
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


def _project_metadata(tables: PlanTables, attributions: Sequence[str]) -> ET.Element:
    info = tables.info
    title = two_tongues(info.title_zh, info.title_en)
    as_of = f"{_words('note.as_of')} {info.as_of}"
    return element(
        "projectMetadata",
        None,
        element("identifier", info.name),
        element("language", "zh"),
        element("type", "project"),
        element("title", title),
        # A project's metadata knows no rights; its abstract is where people look.
        element("abstract", "\n".join([as_of, f"{_words('note.sources')}:", *attributions])),
    )


def view_bounds(view: Bbox, crs: CRS) -> Box:
    """Return the bounds of a view in degrees as metres of a CRS, curved edges included."""
    transformer = Transformer.from_crs(WORKING_CRS, crs, always_xy=True)
    return transformer.transform_bounds(*view, densify_pts=21)


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
        element("destinationsrs", None, _custom(crs)),
        name="theMapCanvas",
        annotationsVisible=1,
    )


def _default_view(extent: Box, crs: CRS) -> ET.Element:
    """Return the first view of programs that have no canvas, as the server of QGIS."""
    view = extent_element("DefaultViewExtent", extent)
    view.append(_custom(crs))
    return element("ProjectViewSettings", None, element("Scales"), view, UseProjectScales=0)


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
    frames: dict[str, pd.DataFrame] = {
        name: tables.layers[name] if name in tables.layers else getattr(tables, name)
        for name in TABLES
        if name in RESULT_TABLES or name in tables.layers
    }
    if present is None:
        present = {*tables.layers, *frames, *tables.rasters}
    vectors = [s for s in STYLES if s.layer in tables.layers and s.layer in present]
    rasters = [s for s in RASTERS if s.layer in tables.rasters and s.layer in present]
    frames = {name: frame for name, frame in frames.items() if name in present}
    styled: list[LayerStyle | RasterStyle] = [*vectors, *rasters]

    used = {source_id for style in vectors for source_id in _source_ids(tables.layers[style.layer])}
    used |= {tables.rasters[style.layer].source_id for style in rasters}
    attributions = _attributions(tables, sorted(used))
    extent = fit_extent(view_bounds(tables.info.view, tables.info.albers))
    groups = _styled_groups(styled)
    table_entries = [
        _tree_layer(name, _words(f"table.{name}"), source=_table_source(name), shown=False)
        for name in frames
    ]
    tree = [*groups, _tree_group(_words("group.tables"), table_entries, expanded=False)]
    legend = _styled_groups([style for style in vectors if style.visible])
    sheet = Sheet(info=tables.info, extent=extent, legend=legend, attributions=attributions)
    map_layers = [
        *(_vector_layer(style, tables) for style in vectors),
        *(_raster_layer(style, tables) for style in rasters),
        *(_table_layer(name, frame, tables) for name, frame in frames.items()),
    ]
    title = two_tongues(tables.info.title_zh, tables.info.title_en)
    root = element(
        "qgis",
        None,
        element("homePath", path=""),
        element("title", title),
        element("projectCrs", None, _custom(tables.info.albers)),
        element("layer-tree-group", None, element("customproperties"), *tree),
        _canvas(extent, tables.info.albers),
        element("projectlayers", None, *map_layers),
        element(
            "layerorder", None, *(element("layer", id=layer_id(style.layer)) for style in styled)
        ),
        _properties(),
        _themes({style.layer for style in styled}, groups),
        _project_metadata(tables, attributions),
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
