"""The plan as an ordinary `folium.Map`: for a notebook, and for layers of one's own on top.

folium passes what it draws through a template and shows tips as HTML, so every text of the
data is written in character references before folium sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import folium
import geopandas as gpd
import shapely
from branca.element import Figure
from folium.plugins import PolyLineOffset
from shapely.geometry.base import BaseGeometry

from steppe.layers.antimeridian import open_at, open_box
from steppe.layers.crs import PAGE_CRS
from steppe.layers.tables import PlanTables, Raster
from steppe.maps.extents import map_seam
from steppe.maps.layout import review_note
from steppe.maps.leaflet import compile_style, compile_symbol
from steppe.maps.overlay import draw_overlay
from steppe.maps.qgis_layers import title_of
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, RasterStyle, Symbol, pick
from steppe.maps.words import join_words

_PLAIN = frozenset(" .,-()/:")
_TIPS = ("name_zh", "name_en", "name")


def write_safe(text: str) -> str:
    """Return a text whose every sign but letters and digits is a character reference.

    >>> write_safe("{{7*7}} 包头")
    '&#123;&#123;7&#42;7&#125;&#125; 包头'
    """
    return "".join(sign if sign.isalnum() or sign in _PLAIN else f"&#{ord(sign)};" for sign in text)


def draw_map(tables: PlanTables) -> folium.Map:
    """Draw the layers of a plan in its own symbology.

    Parameters
    ----------
    tables
        With results as columns of the layers, see `steppe.outputs.output_folder.with_results`.

    Returns
    -------
    folium.Map
        Without a ground of tiles, which would come from the network; add one where wanted.
        Each layer is a `FeatureGroup`, each grid an `ImageOverlay`, that the control switches.
    """
    seam = map_seam(tables)
    west, south, east, north = open_box(tables.info.view, seam)
    drawn = folium.Map(tiles=None, attribution_control=False)
    for raster_style in RASTERS:
        if raster_style.layer in tables.rasters:
            _draw_grid(raster_style, tables.rasters[raster_style.layer]).add_to(drawn)
    for style in reversed(STYLES):
        if style.layer in tables.layers and len(tables.layers[style.layer]):
            _draw_layer(style, tables.layers[style.layer], seam).add_to(drawn)
    folium.LayerControl(collapsed=True).add_to(drawn)
    page = drawn.get_root()
    assert isinstance(page, Figure)
    page.html.add_child(folium.Element(_note(tables)))
    drawn.fit_bounds([(south, west), (north, east)])
    return drawn


def _note(tables: PlanTables) -> str:
    """Return what stands below every map: review, that cables are indicative, and the sources."""
    cited = {
        source_id
        for style in STYLES
        if style.layer in tables.layers and "source_id" in tables.layers[style.layer]
        for source_id in tables.layers[style.layer]["source_id"]
    }
    thanks = sorted({tables.sources[name].attribution for name in cited if name in tables.sources})
    review = review_note(tables.info)
    lines = [review] if review else []
    if "fibre" in tables.layers:
        lines.append(join_words("page.indicative", " / "))
    lines.append(f"{join_words('note.sources')}: {'; '.join(thanks)}")
    return (
        f'<p style="font: 12px sans-serif; margin: 4px">{"<br>".join(map(write_safe, lines))}</p>'
    )


def _draw_grid(style: RasterStyle, raster: Raster) -> folium.raster_layers.ImageOverlay:
    """Return a grid as a picture in the map's own projection, as the page has it."""
    overlay = draw_overlay(raster, style)
    south, west, north, east = overlay.bounds
    return folium.raster_layers.ImageOverlay(
        image=overlay.uri,
        bounds=[[south, west], [north, east]],
        opacity=style.opacity,
        name=title_of(style),
        show=style.visible,
    )


def _draw_layer(style: LayerStyle, frame: gpd.GeoDataFrame, seam: float) -> folium.FeatureGroup:
    title = title_of(style)
    group = folium.FeatureGroup(name=title, show=style.visible and style.min_zoom == 0)
    shapes = open_at(frame.geometry.to_crs(PAGE_CRS).to_numpy(), seam)
    rows: list[dict[str, Any]] = frame.drop(columns="geometry").to_dict("records")  # type: ignore[assignment]
    for shape, row in zip(shapes, rows, strict=True):
        symbol, tip = pick(style, row).symbol, _tip(row)
        if style.geometry == "marker":
            _marker(symbol, shape.y, shape.x, tip).add_to(group)
        elif style.geometry == "line":
            for line in _lines(symbol, shape, tip, offset_px=_offset_px(style, row)):
                line.add_to(group)
        else:
            _area(symbol, shape, tip).add_to(group)
    return group


def _offset_px(style: LayerStyle, row: dict[str, Any]) -> float:
    """Return how far a line is drawn beside its place, so that parallel cables are told apart."""
    lane = row.get(style.offset_field) if style.offset_field else 0
    return float(compile_style(style)["offset_px"]) * int(lane or 0)


def _lines(
    symbol: Symbol, shape: BaseGeometry, tip: str, *, offset_px: float
) -> Iterator[PolyLineOffset]:
    looks = _looks(symbol)
    for part in shapely.get_parts(shape):
        yield PolyLineOffset(
            [(lat, lon) for lon, lat in shapely.get_coordinates(part)],
            offset=offset_px,
            color=looks["color"],
            opacity=looks["opacity"],
            weight=looks["weight"],
            dash_array=looks["dashArray"],
            tooltip=tip or None,
        )


def _area(symbol: Symbol, shape: BaseGeometry, tip: str) -> folium.GeoJson:
    looks = _looks(symbol)
    return folium.GeoJson(
        {"type": "Feature", "properties": {}, "geometry": shape.__geo_interface__},
        style_function=lambda _: looks,
        tooltip=tip or None,
    )


def _looks(symbol: Symbol) -> dict[str, Any]:
    compiled = compile_symbol(symbol)
    return {
        "color": compiled["stroke"],
        "opacity": compiled["stroke_opacity"],
        "weight": compiled["width_px"],
        "fillColor": compiled["fill"],
        "fillOpacity": compiled["fill_opacity"],
        "dashArray": " ".join(map(str, compiled["dash_px"])) or None,
    }


def _marker(symbol: Symbol, lat: float, lon: float, tip: str) -> folium.CircleMarker:
    looks = _looks(symbol)
    return folium.CircleMarker(
        (lat, lon),
        radius=compile_symbol(symbol)["size_px"] / 2,
        color=looks["color"],
        opacity=looks["opacity"],
        weight=looks["weight"],
        fill=True,
        fill_color=looks["fillColor"],
        fill_opacity=looks["fillOpacity"],
        tooltip=tip or None,
    )


def _tip(row: dict[str, Any]) -> str:
    """Return the names of a row, each once."""
    names = [row.get(name) for name in _TIPS]
    return write_safe(" ".join(dict.fromkeys(name for name in names if isinstance(name, str))))
