"""The symbology compiled for the page: plain rules that its script evaluates.

The page's `pick` gives what `steppe.maps.symbols.pick` gives: the first rule whose comparisons
all hold, an empty field meeting `null` alone.
"""

from __future__ import annotations

from typing import Any

from steppe.maps.dark_colours import turn_dark
from steppe.maps.symbols import RGBA, Labels, LayerStyle, RasterStyle, Rule, Symbol

PX_PER_MM = 3.78  # 96 px to the inch
PX_PER_PT = 96.0 / 72.0
OPAQUE = 255


def _hex(colour: RGBA) -> str:
    red, green, blue, _ = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def _opacity(colour: RGBA) -> float:
    return round(colour[3] / OPAQUE, 4)


def _px(length_mm: float) -> float:
    return round(length_mm * PX_PER_MM, 2)


def compile_symbol(symbol: Symbol) -> dict[str, Any]:
    """Compile a symbol: lengths in CSS pixels, colours as `#rrggbb` beside an opacity.

    `dark` holds fill and stroke as they are on a dark ground.
    """
    return {
        "fill": _hex(symbol.fill),
        "fill_opacity": _opacity(symbol.fill),
        "stroke": _hex(symbol.stroke),
        "stroke_opacity": _opacity(symbol.stroke),
        "width_px": _px(symbol.width_mm),
        "size_px": _px(symbol.size_mm),
        "shape": symbol.shape,
        "dash_px": [_px(length_mm) for length_mm in symbol.dash_mm],
        "dark": [_hex(turn_dark(symbol.fill)), _hex(turn_dark(symbol.stroke))],
    }


def _compile_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.rule_id,
        "when": [
            [when.field, when.op, list(when.value) if isinstance(when.value, tuple) else when.value]
            for when in rule.when
        ],
        "symbol": compile_symbol(rule.symbol),
        "label": [rule.label_zh, rule.label_en],
    }


def _compile_labels(labels: Labels) -> dict[str, Any]:
    return {
        "fields": [labels.field_zh, labels.field_en],
        "size_px": round(labels.size_pt * PX_PER_PT, 2),
        "colour": _hex(labels.colour),
        "dark": _hex(turn_dark(labels.colour)),
        "bold": labels.bold,
        "min_zoom": labels.min_zoom,
    }


def compile_style(style: LayerStyle) -> dict[str, Any]:
    """Compile the looks of a vector layer for the page.

    Parameters
    ----------
    style
        The style; lengths in millimetres.

    Returns
    -------
    dict
        Values that JSON can carry; lengths in CSS pixels, colours as `#rrggbb` beside an
        opacity from 0 to 1.  `rules` keep their order: the first that holds is picked.
    """
    return {
        "layer": style.layer,
        "title": [style.title_zh, style.title_en],
        "group": style.group,
        "geometry": style.geometry,
        "rules": [_compile_rule(rule) for rule in style.rules],
        "labels": _compile_labels(style.labels) if style.labels else None,
        "visible": style.visible,
        "min_zoom": style.min_zoom,
        "offset_field": style.offset_field,
        "offset_px": _px(style.offset_mm),
        "is_cased": style.is_cased,
    }


def compile_ramp(style: RasterStyle) -> dict[str, Any]:
    """Compile the looks of a raster layer for the page's legend and switches."""
    return {
        "layer": style.layer,
        "title": [style.title_zh, style.title_en],
        "group": style.group,
        "opacity": style.opacity,
        "visible": style.visible,
        "stops": [
            {
                "value": stop.value,
                "colour": _hex(stop.colour),
                "opacity": _opacity(stop.colour),
                "label": stop.label,
            }
            for stop in style.stops
        ],
    }


def rule_fields(style: LayerStyle) -> tuple[str, ...]:
    """Return the columns that the rules of a style look at, in order of appearance."""
    return tuple(dict.fromkeys(when.field for rule in style.rules for when in rule.when))


def text_fields(style: LayerStyle) -> tuple[str, ...]:
    """Return the columns that the rules of a style compare with text.

    Such a column must hold text: Python writes the number 500.0 as `500.0`, a browser as
    `500`, and the two would pick different rules.
    """
    return tuple(
        dict.fromkeys(
            when.field
            for rule in style.rules
            for when in rule.when
            if isinstance(when.value, str | tuple)
        )
    )
