"""The items that a print layout is made of, as QGIS 3.22 and later read them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from steppe.maps.style_rules import INK
from steppe.maps.symbols import RGBA
from steppe.maps.xml_elements import FONT, colour, element

Box = tuple[float, float, float, float]

LEFT, RIGHT, TOP, MIDDLE = 1, 2, 32, 128

# Types of layout items, from QgsLayoutItemRegistry.
PAGE, MAP, LABEL, LEGEND, SCALE_BAR = 65638, 65639, 65641, 65642, 65646

_GREY: RGBA = (96, 96, 96, 255)


def extent_element(tag: str, extent: Box) -> ET.Element:
    """Return an extent as attributes, the way layouts write it."""
    names = ("xmin", "ymin", "xmax", "ymax")
    values = (repr(round(value, 3)) for value in extent)
    return element(tag, **dict(zip(names, values, strict=True)))


def item(kind: int, uuid: str, box: Box, /, *children: ET.Element, **attributes: Any) -> ET.Element:
    """Return a layout item; its box is left, top, width, height in millimetres."""
    left, top, width, height = box
    place = f"{left},{top},mm"
    common = {
        "type": kind,
        "uuid": f"{{{uuid}}}",
        "templateUuid": f"{{{uuid}}}",
        "id": uuid,
        "position": place,
        "positionOnPage": place,
        "size": f"{width},{height},mm",
        "visibility": 1,
        "frame": "false",
        "background": "false",
    }
    return element("LayoutItem", None, *children, **(common | attributes))


def map_item(uuid: str, box: Box, extent: Box, /, *children: ET.Element, **kept: Any) -> ET.Element:
    """Return a map in a frame, of the layers that are switched on unless told otherwise."""
    return item(
        MAP,
        uuid,
        box,
        extent_element("Extent", extent),
        element("FrameColor", red=92, green=84, blue=76, alpha=255),
        *children,
        **(
            {
                "keepLayerSet": "false",
                "followPreset": "false",
                "followPresetName": "",
                "drawCanvasItems": "false",
                "mapRotation": 0,
                "frame": "true",
                "background": "true",
                "outlineWidthM": "0.3,mm",
                "zValue": 1,
            }
            | kept
        ),
    )


def font(size_pt: float, *, bold: bool) -> str:
    """Return a font as Qt writes it."""
    return f"{FONT},{size_pt},-1,5,{75 if bold else 50},0,0,0,0,0"


def text_style(size_pt: float, *, bold: bool = False, rgba: RGBA = INK) -> ET.Element:
    """Return a text's style as QGIS 3.24 and later read it."""
    return element(
        "text-style",
        fontFamily=FONT,
        fontSize=size_pt,
        fontSizeUnit="Point",
        fontWeight=75 if bold else 50,
        namedStyle="Bold" if bold else "Regular",
        textColor=colour(rgba),
        textOpacity=1,
        multilineHeight=1,
    )


def label(
    uuid: str, box: Box, text: str, /, *, size_pt: float, bold: bool = False, **aligned: int
) -> ET.Element:
    """Return a label; what QGIS would evaluate in its text must be inert already."""
    rgba = INK if bold else _GREY
    red, green, blue, alpha = rgba
    # QGIS 3.22 reads LabelFont and FontColor, 3.24 and later text-style.
    return item(
        LABEL,
        uuid,
        box,
        element("LabelFont", description=font(size_pt, bold=bold), style=""),
        element("FontColor", red=red, green=green, blue=blue, alpha=alpha),
        text_style(size_pt, bold=bold, rgba=rgba),
        labelText=text,
        htmlState=0,
        marginX=0,
        marginY=0,
        zValue=5,
        **({"halign": LEFT, "valign": MIDDLE} | aligned),
    )
