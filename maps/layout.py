"""The print layout of the QGIS project: one A3 sheet that says what it is and how sure."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from layers.tables import PlanInfo
from maps.elements import FONT, colour, element, option_map
from maps.expressions import literal_text
from maps.rules import INK
from maps.symbols import RGBA
from maps.words import WORDS

Box = tuple[float, float, float, float]

# Types of layout items, from QgsLayoutItemRegistry.
_PAGE, _MAP, _LABEL, _LEGEND, _SCALE_BAR = 65638, 65639, 65641, 65642, 65646
_LEFT, _RIGHT, _TOP, _MIDDLE = 1, 2, 32, 128

# Left, top, width, height on A3 across, millimetres.
_SHEET: Box = (0, 0, 420, 297)
_TITLE: Box = (12, 8, 300, 10)
_SUBTITLE: Box = (12, 18, 220, 7)
_RUN: Box = (238, 18, 170, 7)
_MAP_BOX: Box = (12, 28, 306, 240)
_LEGEND_BOX: Box = (321, 28, 87, 240)
_BAR_BOX: Box = (15, 254, 90, 11)
_NOTE: Box = (12, 270, 268, 6)
_PROJECTION: Box = (282, 270, 126, 6)
_SOURCES: Box = (12, 276, 396, 15)

_GREY: RGBA = (96, 96, 96, 255)
_NICE_SCALE = 250_000
_BAR_SEGMENT_MM = 26.0


@dataclass(frozen=True)
class Sheet:
    """What the sheet shows: words, the extent, and the layers of its legend.

    Parameters
    ----------
    info
        The plan's titles and dates.
    extent
        West, south, east, north in metres of the project's CRS, of the map's own shape.
    legend
        Elements of a layer tree: what the legend lists.
    attributions
        What the sources want to be said.
    has_cables
        Whether it must say that cables do not lie where they are drawn.
    """

    info: PlanInfo
    extent: Box
    legend: Sequence[ET.Element]
    attributions: Sequence[str]
    has_cables: bool


def fit_extent(bounds: Box) -> Box:
    """Widen bounds in metres to the shape of the sheet's map, at a round scale."""
    west, south, east, north = bounds
    width_mm, height_mm = _MAP_BOX[2:]
    needed = max((east - west) / width_mm, (north - south) / height_mm) * 1000.0
    scale = math.ceil(needed / _NICE_SCALE) * _NICE_SCALE / 1000.0
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    half_x, half_y = scale * width_mm / 2, scale * height_mm / 2
    return (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)


def extent_element(tag: str, extent: Box) -> ET.Element:
    """Return an extent as attributes, the way layouts write it."""
    names = ("xmin", "ymin", "xmax", "ymax")
    values = (repr(round(value, 3)) for value in extent)
    return element(tag, **dict(zip(names, values, strict=True)))


def _item(
    kind: int, uuid: str, box: Box, /, *children: ET.Element, **attributes: Any
) -> ET.Element:
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


def _font(size_pt: float, *, bold: bool) -> str:
    return f"{FONT},{size_pt},-1,5,{75 if bold else 50},0,0,0,0,0"


def _text_style(size_pt: float, *, bold: bool = False, rgba: RGBA = INK) -> ET.Element:
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


def _label(
    uuid: str, box: Box, text: str, /, *, size_pt: float, bold: bool = False, **aligned: int
) -> ET.Element:
    rgba = INK if bold else _GREY
    red, green, blue, alpha = rgba
    # QGIS 3.22 reads LabelFont and FontColor, 3.24 and later text-style.
    return _item(
        _LABEL,
        uuid,
        box,
        element("LabelFont", description=_font(size_pt, bold=bold), style=""),
        element("FontColor", red=red, green=green, blue=blue, alpha=alpha),
        _text_style(size_pt, bold=bold, rgba=rgba),
        labelText=text,
        htmlState=0,
        marginX=0,
        marginY=0,
        zValue=5,
        **({"halign": _LEFT, "valign": _MIDDLE} | aligned),
    )


def _map(extent: Box) -> ET.Element:
    return _item(
        _MAP,
        "sheet_map",
        _MAP_BOX,
        extent_element("Extent", extent),
        element("LayerSet"),
        element("FrameColor", red=92, green=84, blue=76, alpha=255),
        keepLayerSet="false",
        followPreset="false",
        followPresetName="",
        drawCanvasItems="false",
        mapRotation=0,
        frame="true",
        background="true",
        outlineWidthM="0.3,mm",
        zValue=1,
    )


def _legend(layers: Sequence[ET.Element]) -> ET.Element:
    styles = element(
        "styles",
        None,
        *(
            element(
                "style",
                None,
                element("styleFont", description=_font(size_pt, bold=bold), style=""),
                _text_style(size_pt, bold=bold),
                name=name,
                alignment=1,
                indent=0,
                **margins,
            )
            for name, size_pt, bold, margins in (
                ("title", 11, True, {"marginBottom": 1.5}),
                ("group", 9, True, {"marginTop": 2.6}),
                ("subgroup", 8, True, {"marginTop": 1.6}),
                ("symbol", 7, False, {"marginTop": 0.8, "marginLeft": 2.2}),
                ("symbolLabel", 7, False, {"marginTop": 0.8, "marginLeft": 2.8}),
            )
        ),
    )
    title = " ".join(WORDS["note.legend"])
    return _item(
        _LEGEND,
        "sheet_legend",
        _LEGEND_BOX,
        styles,
        element("layer-tree-group", None, element("customproperties"), *layers),
        title=title,
        map_uuid="{sheet_map}",
        legendFilterByMap=1,
        resizeToContents=1,
        columnCount=1,
        boxSpace=1,
        symbolWidth=7,
        symbolHeight=3.2,
        symbolAlignment=1,
        titleAlignment=1,
        lineSpacing=0.8,
        fontColor="#262a30",
        zValue=4,
    )


def bar_segment_km(extent: Box) -> float:
    """Return the length of one segment of the scale bar: 1, 2 or 5 times a power of ten."""
    wanted = (extent[2] - extent[0]) / _MAP_BOX[2] * _BAR_SEGMENT_MM / 1000.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return max(power * step for step in (1, 2, 5) if power * step <= wanted)


def _scale_bar(extent: Box) -> ET.Element:
    return _item(
        _SCALE_BAR,
        "sheet_scale_bar",
        _BAR_BOX,
        _text_style(8),
        element("fillColor", red=38, green=42, blue=48, alpha=255),
        element("lineColor", red=38, green=42, blue=48, alpha=255),
        element("BackgroundColor", red=255, green=255, blue=255, alpha=210),
        style="Single Box",
        mapUuid="{sheet_map}",
        unitType="km",
        unitLabel="km",
        numMapUnitsPerScaleBarUnit=1,
        segmentSizeMode=0,
        numUnitsPerSegment=repr(bar_segment_km(extent)),
        segmentMillimeters=_BAR_SEGMENT_MM,
        minBarWidth=30,
        maxBarWidth=150,
        numSegments=2,
        numSegmentsLeft=0,
        height=2,
        labelBarSpace=1,
        boxContentSpace=1.5,
        outlineWidth=0.2,
        alignment=0,
        background="true",
        zValue=6,
    )


def review_note(info: PlanInfo) -> str:
    """Return what every map must say: its review number, or that it has none."""
    if info.review_number:
        return f"{' '.join(WORDS['note.review_number'])}: {info.review_number}"
    return " / ".join(WORDS["note.not_reviewed"])


def run_note(info: PlanInfo) -> str:
    """Return which run the sheet shows, and of which date its data are."""
    scenario = " ".join(WORDS.get(f"value.{info.scenario}", (info.scenario,)))
    named = f"{' '.join(WORDS['field.scenario'])} {scenario} · {info.year}"
    return f"{named}   {' '.join(WORDS['note.as_of'])} {info.as_of}"


def print_layout(sheet: Sheet) -> ET.Element:
    """Return the `<Layout>` of one sheet."""
    info = sheet.info
    sources = f"{' '.join(WORDS['note.sources'])}: {'; '.join(sheet.attributions)}"
    scale = (
        "1 : [% format_number(round(map_get(item_variables('sheet_map'), 'map_scale')"
        " / 1000) * 1000, 0) %]"
    )
    projection = f"{' '.join(WORDS['note.projection'])}   {scale}"
    notes = [review_note(info)]
    if sheet.has_cables:
        notes.append(" / ".join(WORDS["page.indicative"]))
    page = _item(_PAGE, "sheet_page", _SHEET, background="true")
    items = (
        _label("sheet_title", _TITLE, literal_text(info.title_zh), size_pt=20, bold=True),
        _label("sheet_subtitle", _SUBTITLE, literal_text(info.title_en), size_pt=11),
        _label("sheet_run", _RUN, literal_text(run_note(info)), size_pt=9, halign=_RIGHT),
        _label("sheet_note", _NOTE, literal_text("   ".join(notes)), size_pt=8.5, bold=True),
        _label("sheet_projection", _PROJECTION, projection, size_pt=8, halign=_RIGHT),
        _label(
            "sheet_sources",
            _SOURCES,
            literal_text(sources),
            size_pt=6.5,
            valign=_TOP,
        ),
        _scale_bar(sheet.extent),
        _legend(sheet.legend),
        _map(sheet.extent),
    )
    return element(
        "Layout",
        None,
        element("PageCollection", None, page),
        *items,
        element("customproperties", None, option_map({})),
        name=" ".join(WORDS["qgis.layout"]),
        units="mm",
        printResolution=200,
        worldFileMap="",
    )
