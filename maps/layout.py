"""The print layout of the QGIS project: one A3 sheet that says what it is and how sure."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

from steppe.layers.tables import PlanInfo
from steppe.maps.expressions import literal_text
from steppe.maps.extents import fit_bounds
from steppe.maps.layout_items import (
    LEGEND,
    PAGE,
    RIGHT,
    SCALE_BAR,
    TOP,
    Box,
    font,
    item,
    label,
    map_item,
    text_style,
)
from steppe.maps.symbols import RGBA
from steppe.maps.words import join_words, knows
from steppe.maps.xml_elements import colour, element, option_map

# Left, top, width, height on A3 across, millimetres.
_SHEET: Box = (0, 0, 420, 297)
_TITLE: Box = (12, 8, 300, 10)
_SUBTITLE: Box = (12, 18, 220, 7)
_RUN: Box = (238, 18, 170, 7)
_MAP_BOX: Box = (12, 28, 306, 240)
_LEGEND_BOX: Box = (321, 28, 87, 200)
_OVERVIEW_BOX: Box = (321, 235, 57, 33)
_BAR_BOX: Box = (15, 254, 90, 11)
_NOTE: Box = (12, 270, 268, 6)
_PROJECTION: Box = (282, 270, 126, 6)
_SOURCES: Box = (12, 276, 396, 15)

_MARK: RGBA = (178, 34, 34, 255)
_MARGIN = 0.04
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
    region
        Bounds of the region of the plan in metres, or None where no boundary tells it.
    overview
        Elements `Layer` of a layout's map: what a small map of the region shows.
    """

    info: PlanInfo
    extent: Box
    legend: Sequence[ET.Element]
    attributions: Sequence[str]
    has_cables: bool
    region: Box | None
    overview: Sequence[ET.Element]


def fit_extent(bounds: Box) -> Box:
    """Widen bounds in metres to the shape of the sheet's map, at a round scale."""
    return fit_bounds(bounds, _MAP_BOX, step=_NICE_SCALE)


def overview_extent(region: Box | None, shown: Box) -> Box | None:
    """Return what the small map shows, or None where the sheet shows the region whole.

    Parameters
    ----------
    region
        Bounds of the region in metres, None where they are not known.
    shown
        The sheet's own extent.
    """
    if region is None:
        return None
    west, south, east, north = region
    if shown[0] <= west and shown[1] <= south and east <= shown[2] and north <= shown[3]:
        return None
    pad = _MARGIN * max(east - west, north - south)
    padded = (west - pad, south - pad, east + pad, north + pad)
    return fit_bounds(padded, _OVERVIEW_BOX, step=_NICE_SCALE)


def _overview(extent: Box, layers: Sequence[ET.Element]) -> ET.Element:
    """Return the small map of the whole region, with the sheet's own extent marked on it."""
    frame = element("symbol", None, type="fill", name="", alpha=1, clip_to_extent=1, force_rhr=0)
    options = {"style": "no", "outline_color": colour(_MARK), "outline_width": 0.5}
    frame.append(
        element(
            "layer",
            None,
            option_map(options | {"outline_style": "solid", "outline_width_unit": "MM"}),
            class_="SimpleFill",
            enabled=1,
            locked=0,
            **{"pass": 0},
        )
    )
    mark = element(
        "ComposerMapOverview",
        None,
        frame,
        name="sheet_mark",
        uuid="{sheet_mark}",
        frameMap="{sheet_map}",
        show=1,
        position=3,
        inverted=0,
        centered=0,
        blendMode=0,
    )
    return map_item(
        "sheet_overview",
        _OVERVIEW_BOX,
        extent,
        element("LayerSet", None, *layers),
        mark,
        keepLayerSet="true",
        zValue=5,
    )


def _legend(layers: Sequence[ET.Element]) -> ET.Element:
    styles = element(
        "styles",
        None,
        *(
            element(
                "style",
                None,
                element("styleFont", description=font(size_pt, bold=bold), style=""),
                text_style(size_pt, bold=bold),
                name=name,
                alignment=1,
                indent=0,
                **margins,
            )
            for name, size_pt, bold, margins in (
                ("title", 11, True, {"marginBottom": 1.5}),
                ("group", 9, True, {"marginTop": 1.8}),
                ("subgroup", 8, True, {"marginTop": 0.8}),
                ("symbol", 7, False, {"marginTop": 0.36, "marginLeft": 2.2}),
                ("symbolLabel", 7, False, {"marginTop": 0.36, "marginLeft": 2.8}),
            )
        ),
    )
    title = join_words("note.legend")
    return item(
        LEGEND,
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
    return item(
        SCALE_BAR,
        "sheet_scale_bar",
        _BAR_BOX,
        text_style(8),
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
    """Return what a map says of its review, where the plan asks for that: its number, or none."""
    if info.review_number is None:
        return ""
    if info.review_number:
        return f"{join_words('note.review_number')}: {info.review_number}"
    return join_words("note.not_reviewed", " / ")


def run_note(info: PlanInfo) -> str:
    """Return which run the sheet shows, and of which date its data are."""
    key = f"value.{info.scenario}"
    scenario = join_words(key) if knows(key) else info.scenario
    named = f"{join_words('field.scenario')} {scenario} · {info.year}"
    return f"{named}   {join_words('note.as_of')} {info.as_of}"


def print_layout(sheet: Sheet) -> ET.Element:
    """Return the `<Layout>` of one sheet."""
    info = sheet.info
    sources = f"{join_words('note.sources')}: {'; '.join(sheet.attributions)}"
    scale = (
        "1 : [% format_number(round(map_get(item_variables('sheet_map'), 'map_scale')"
        " / 1000) * 1000, 0) %]"
    )
    projection = f"{join_words('note.projection')}   {scale}"
    notes = [note for note in (review_note(info),) if note]
    if sheet.has_cables:
        notes.append(join_words("page.indicative", " / "))
    second = info.title_en if info.title_en != info.title_zh else ""
    page = item(PAGE, "sheet_page", _SHEET, background="true")
    items = [
        label("sheet_title", _TITLE, literal_text(info.title_zh), size_pt=20, bold=True),
        label("sheet_subtitle", _SUBTITLE, literal_text(second), size_pt=11),
        label("sheet_run", _RUN, literal_text(run_note(info)), size_pt=9, halign=RIGHT),
        label("sheet_note", _NOTE, literal_text("   ".join(notes)), size_pt=8.5, bold=True),
        label("sheet_projection", _PROJECTION, projection, size_pt=8, halign=RIGHT),
        label(
            "sheet_sources",
            _SOURCES,
            literal_text(sources),
            size_pt=6.5,
            valign=TOP,
        ),
        _scale_bar(sheet.extent),
        _legend(sheet.legend),
        map_item("sheet_map", _MAP_BOX, sheet.extent, element("LayerSet")),
    ]
    around = overview_extent(sheet.region, sheet.extent)
    if around:
        items.append(_overview(around, sheet.overview))
    return element(
        "Layout",
        None,
        element("PageCollection", None, page),
        *items,
        element("customproperties", None, option_map({})),
        name=join_words("qgis.layout"),
        units="mm",
        printResolution=200,
        worldFileMap="",
    )
