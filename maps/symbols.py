"""The symbology as frozen data: ordered rules with a closed predicate and fixed breaks.

Nothing here draws.  `steppe.maps.style` holds the rules of every layer; `steppe.maps.qml` and
`steppe.maps.leaflet` compile them for QGIS and for the page, and both must pick the rule that
`pick` picks.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

RGBA = tuple[int, int, int, int]
Op = Literal["eq", "ne", "lt", "le", "gt", "ge", "in", "null"]
Shape = Literal["circle", "square", "diamond", "triangle", "star", "cross"]
Value = str | float | tuple[str, ...] | None

Theme = Literal["siting", "backbone", "power", "hazard"]

THEMES: tuple[Theme, ...] = ("siting", "backbone", "power", "hazard")
"""Themes of the QGIS project: what is shown together."""

TRANSPARENT: RGBA = (0, 0, 0, 0)

_COMPARE: dict[Op, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


@dataclass(frozen=True)
class When:
    """One comparison of a field with a constant.

    An empty field (None, NaN) meets `null` only; every other comparison with it is false.

    Parameters
    ----------
    field
        Column of the layer.
    op
        Comparison.
    value
        Constant: text, number, a tuple of texts for `in`, None for `null`.
    """

    field: str
    op: Op
    value: Value = None


@dataclass(frozen=True)
class Symbol:
    """How a feature looks; lengths in millimetres on paper (the page takes 1 mm as 3.78 px).

    Parameters
    ----------
    fill
        Fill of markers and polygons.
    stroke
        Outline of markers and polygons, colour of lines.
    width_mm
        Width of the line or outline.
    size_mm
        Diameter of a marker.
    shape
        Shape of a marker.
    dash_mm
        Dash pattern (on, off, ...), empty for a solid line.
    """

    fill: RGBA = TRANSPARENT
    stroke: RGBA = TRANSPARENT
    width_mm: float = 0.3
    size_mm: float = 3.0
    shape: Shape = "circle"
    dash_mm: tuple[float, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A symbol, when it holds, and its words in the legend.

    `when` lists comparisons that must all hold; an empty tuple always holds.
    """

    rule_id: str
    when: tuple[When, ...]
    symbol: Symbol
    label_zh: str
    label_en: str


@dataclass(frozen=True)
class Labels:
    """Labels of a layer: the fields to write and from which zoom of the page on."""

    field_zh: str
    field_en: str
    size_pt: float = 9.0
    colour: RGBA = (40, 40, 40, 255)
    min_zoom: int = 0
    bold: bool = False


@dataclass(frozen=True)
class AreaLabels:
    """Names written inside areas, for QGIS alone: the page places labels beside points.

    Parameters
    ----------
    field_zh, field_en
        The fields to write: the first, or the second where that is empty.
    sizes_pt
        Rule id to size of the text; a rule that is not named has the smallest.
    colour
        Colour of the text.
    """

    field_zh: str
    field_en: str
    sizes_pt: tuple[tuple[str, float], ...]
    colour: RGBA


@dataclass(frozen=True)
class LayerStyle:
    """Everything about the looks of one vector layer.

    Parameters
    ----------
    layer
        Layer name in `PlanTables.layers`.
    title_zh, title_en
        Title in legend, layer tree and panel.
    group
        Group in the layer tree: `plan`, `network`, `power`, `hazard`, `base`.
    geometry
        `marker`, `line` or `fill`.
    rules
        First match wins; the last rule always holds.
    labels
        Labels or None.
    visible
        Whether it is switched on at first.
    min_zoom
        First zoom of the page at which it is drawn (QGIS: the matching scale).
    page_km
        The page carries what lies within this distance of a park; 0 for all of it.
    offset_field
        Column with the number of lanes to shift a line aside, or empty.
    offset_mm
        Shift per lane.
    area_labels
        Names written inside the areas of a `fill`, or None.
    is_cased
        Whether the page draws its lines on a band of the ground's colour, so that they are
        read on any raster below them.
    themes
        Themes of QGIS that show it.
    card
        Columns that the page's card of a feature shows; empty for a layer without cards.
    card_texts
        Columns that a card tells as a sentence of the page's language.
    """

    layer: str
    title_zh: str
    title_en: str
    group: str
    geometry: Literal["marker", "line", "fill"]
    rules: tuple[Rule, ...]
    labels: Labels | None = None
    visible: bool = True
    min_zoom: int = 0
    page_km: float = 0.0
    offset_field: str = ""
    offset_mm: float = 0.0
    area_labels: AreaLabels | None = None
    is_cased: bool = False
    themes: tuple[Theme, ...] = ()
    card: tuple[str, ...] = ()
    card_texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """One stop of a raster ramp: from `value` on this colour (linear between stops)."""

    value: float
    colour: RGBA
    label: str


@dataclass(frozen=True)
class RasterStyle:
    """The looks of one raster layer.

    `levels` is the number of colours that the page draws it in; finer steps cannot be told apart
    under the map.
    """

    layer: str
    title_zh: str
    title_en: str
    group: str
    stops: tuple[Stop, ...]
    opacity: float = 1.0
    visible: bool = True
    themes: tuple[Theme, ...] = ()
    levels: int = 64


def _empty(value: Any) -> bool:
    return value is None or value != value or str(value) == "<NA>"  # noqa: PLR0124  NaN


def holds(when: When, row: Mapping[str, Any]) -> bool:
    """Tell whether one comparison holds for a row.

    >>> holds(When("voltage_kv", "ge", 500.0), {"voltage_kv": 750.0})
    True
    >>> holds(When("voltage_kv", "lt", 500.0), {"voltage_kv": None})
    False
    """
    value = row[when.field]
    if _empty(value) or when.op == "null":
        return _empty(value) and when.op == "null"
    constant: Any = when.value
    if when.op == "in":
        return str(value) in constant
    if isinstance(constant, str):
        value = str(value)
    return bool(_COMPARE[when.op](value, constant))


def pick(style: LayerStyle, row: Mapping[str, Any]) -> Rule:
    """Return the first rule that holds for a row.

    Raises
    ------
    LookupError
        When none holds, which a style with a last rule that always holds cannot cause.
    """
    for rule in style.rules:
        if all(holds(when, row) for when in rule.when):
            return rule
    msg = f"no rule of {style.layer} holds"
    raise LookupError(msg)


def drawing_levels(style: LayerStyle) -> tuple[int, ...]:
    """Return, per rule, the place in which it is drawn, 0 undermost.

    Small markers lie above large ones, so that a facility shows on its zone; beyond that
    an earlier rule lies above a later one, so that the region's outline, or a cable in
    service, is not cut by its neighbours.
    """
    count = len(style.rules)
    below_to_above = sorted(
        range(count), key=lambda place: (-style.rules[place].symbol.size_mm, -place)
    )
    levels = [0] * count
    for level, place in enumerate(below_to_above):
        levels[place] = level
    return tuple(levels)
