"""Compile the symbology to QML, the style language of QGIS.

The same elements serve two homes: inside `<qgis>` they are a QML, for `layer_styles` and
for the file beside a raster; inside `<maplayer>` they are the style of a project's layer.
Everything is written at the level of QGIS 3.22, which newer versions read.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from steppe.maps.captions import alias_element, area_labeling, labeling, map_tip, two_tongues
from steppe.maps.expressions import quote_field, rule_filters
from steppe.maps.symbols import LayerStyle, RasterStyle, Symbol, drawing_levels
from steppe.maps.xml_elements import (
    QGIS_VERSION,
    colour,
    data_defined,
    document,
    element,
    option_map,
    scale_of,
)


def _symbol_options(symbol: Symbol, geometry: str) -> tuple[str, dict[str, Any]]:
    if geometry == "line":
        options: dict[str, Any] = {
            "line_color": colour(symbol.stroke),
            "line_width": symbol.width_mm,
            "line_width_unit": "MM",
            "line_style": "solid",
            "capstyle": "flat" if symbol.dash_mm else "round",
            "joinstyle": "round",
        }
        if symbol.dash_mm:
            options |= {
                "use_custom_dash": 1,
                "customdash": ";".join(str(part) for part in symbol.dash_mm),
                "customdash_unit": "MM",
            }
        return "SimpleLine", options
    outline = {
        "color": colour(symbol.fill),
        "outline_color": colour(symbol.stroke),
        "outline_width": symbol.width_mm,
        "outline_width_unit": "MM",
        "outline_style": "solid" if symbol.stroke[3] else "no",
        "joinstyle": "round",
    }
    if geometry == "fill":
        return "SimpleFill", outline | {"style": "solid" if symbol.fill[3] else "no"}
    return "SimpleMarker", outline | {
        "name": symbol.shape,
        "size": symbol.size_mm,
        "size_unit": "MM",
    }


def _symbol(style: LayerStyle, place: int, *, level: int) -> ET.Element:
    kind, options = _symbol_options(style.rules[place].symbol, style.geometry)
    drawn = element(
        "layer", None, option_map(options), class_=kind, enabled=1, locked=0, **{"pass": level}
    )
    if style.offset_field:
        shift = f"coalesce({quote_field(style.offset_field)}, 0) * {style.offset_mm!r}"
        drawn.append(data_defined("data_defined_properties", {"offset": shift}))
    return element(
        "symbol",
        None,
        drawn,
        type=style.geometry,
        name=place,
        alpha=1,
        clip_to_extent=1,
        force_rhr=0,
    )


def renderer(style: LayerStyle) -> ET.Element:
    """Return the rule-based renderer of a layer."""
    levels = drawing_levels(style)
    rules = [
        element(
            "rule",
            key=f"{style.layer}_{rule.rule_id}",
            symbol=place,
            label=two_tongues(rule.label_zh, rule.label_en),
            **({"filter": condition} if condition else {}),
        )
        for place, (rule, condition) in enumerate(
            zip(style.rules, rule_filters(style), strict=True)
        )
    ]
    symbols = [_symbol(style, place, level=levels[place]) for place in range(len(style.rules))]
    return element(
        "renderer-v2",
        None,
        element("rules", None, *rules, key=f"{style.layer}_rules"),
        element("symbols", None, *symbols),
        type="RuleRenderer",
        symbollevels=1,
        forceraster=0,
        enableorderby=0,
    )


def style_attributes(style: LayerStyle) -> dict[str, str]:
    """Return the attributes that a style puts on `<qgis>` or `<maplayer>`."""
    return {
        "labelsEnabled": "1" if style.labels or style.area_labels else "0",
        "hasScaleBasedVisibilityFlag": "1" if style.min_zoom else "0",
        "minScale": scale_of(style.min_zoom),
        "maxScale": "0",
    }


def style_elements(style: LayerStyle, names: Mapping[str, str]) -> list[ET.Element]:
    """Return the children that a style puts into `<qgis>` or `<maplayer>`.

    Parameters
    ----------
    style
        The layer's style.
    names
        Column to alias, see `aliases`.
    """
    heads = [quote_field(column) for column in ("name_zh", "name") if column in names]
    children = [renderer(style)]
    if style.labels:
        children.append(labeling(style))
    elif style.area_labels:
        children.append(area_labeling(style))
    children += [alias_element(names), element("mapTip", map_tip(style, names), enabled=1)]
    if heads:
        children.append(element("previewExpression", heads[0]))
    return children


def layer_qml(style: LayerStyle, names: Mapping[str, str]) -> str:
    """Return the whole QML of a vector layer."""
    root = element("qgis", version=QGIS_VERSION, styleCategories="AllStyleCategories")
    root.attrib.update(style_attributes(style))
    root.extend(style_elements(style, names))
    return document(root)


def raster_elements(style: RasterStyle) -> list[ET.Element]:
    """Return the children that a raster's style puts into `<qgis>` or `<maplayer>`."""
    low, high = style.stops[0].value, style.stops[-1].value
    ramp = element(
        "colorrampshader",
        None,
        *(
            element(
                "item",
                value=stop.value,
                color="#{:02x}{:02x}{:02x}".format(*stop.colour[:3]),
                alpha=stop.colour[3],
                label=stop.label,
            )
            for stop in style.stops
        ),
        colorRampType="INTERPOLATED",
        classificationMode=1,
        clip=0,
        minimumValue=low,
        maximumValue=high,
    )
    drawn = element(
        "rasterrenderer",
        None,
        element("rastershader", None, ramp),
        type="singlebandpseudocolor",
        band=1,
        alphaBand=-1,
        opacity=style.opacity,
        nodataColor="",
        classificationMin=low,
        classificationMax=high,
    )
    smooth = element(
        "rasterresampler",
        zoomedInResampler="bilinear",
        zoomedOutResampler="bilinear",
        maxOversampling=2,
    )
    return [element("pipe", None, drawn, smooth)]


def raster_qml(style: RasterStyle) -> str:
    """Return the whole QML of a raster, for the file beside it."""
    root = element("qgis", version=QGIS_VERSION, styleCategories="AllStyleCategories")
    root.extend(raster_elements(style))
    return document(root)
