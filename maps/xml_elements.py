"""The few XML elements that QML and projects are made of."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

from steppe.maps.symbols import RGBA

QGIS_VERSION = "3.22.0"
FONT = "Noto Sans CJK SC"
# What XML 1.0 has no way to write (section 2.2, Char), not even as a reference.
_NO_CHAR = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"

# Scale denominator of zoom 0 in the OGC's GoogleMapsCompatible tile matrix set
# (OGC 07-057r7, annex E.4), for pixels of 0.28 mm.
_ZOOM_0_SCALE = 559_082_264.028_717_8


def element(tag: str, text: str | None = None, /, *children: ET.Element, **attributes: Any) -> Any:
    """Return an XML element; a trailing underscore in an attribute's name is dropped."""
    made = ET.Element(tag, {name.rstrip("_"): str(value) for name, value in attributes.items()})
    made.text = text
    made.extend(children)
    return made


def option_map(options: Mapping[str, Any]) -> ET.Element:
    """Return the `<Option type="Map">` that holds a symbol layer's properties."""
    return element(
        "Option",
        None,
        *(element("Option", type="QString", name=name, value=options[name]) for name in options),
        type="Map",
    )


def data_defined(tag: str, properties: Mapping[str, str]) -> ET.Element:
    """Return the element that lets expressions set properties, row by row."""
    entries = [
        element(
            "Option",
            None,
            element("Option", type="bool", name="active", value="true"),
            element("Option", type="QString", name="expression", value=expression),
            element("Option", type="int", name="type", value=3),
            type="Map",
            name=name,
        )
        for name, expression in properties.items()
    ]
    return element(
        tag,
        None,
        element(
            "Option",
            None,
            element("Option", type="QString", name="name", value=""),
            element("Option", None, *entries, type="Map", name="properties"),
            element("Option", type="QString", name="type", value="collection"),
            type="Map",
        ),
    )


def colour(rgba: RGBA) -> str:
    """Return a colour as QGIS writes it."""
    return ",".join(str(part) for part in rgba)


def scale_of(zoom: int) -> str:
    """Return the scale denominator that a zoom of the page has, 0 for zoom 0."""
    return f"{_ZOOM_0_SCALE / 2**zoom:.0f}" if zoom else "0"


def document(root: ET.Element) -> str:
    """Return the text of a QGIS document; a sign that XML cannot hold becomes U+FFFD."""
    return DOCTYPE + _NO_CHAR.sub("\ufffd", ET.tostring(root, encoding="unicode"))
