"""What a layer says in QGIS: labels, column names and map tips."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping

from steppe.layers.contracts import CONTRACTS
from steppe.maps.expressions import (
    columns_of,
    html_line,
    html_other,
    html_text,
    quote_field,
    rule_filters,
)
from steppe.maps.symbols import RGBA, Labels, LayerStyle
from steppe.maps.words import join_words, knows
from steppe.maps.xml_elements import FONT, colour, data_defined, element, scale_of

# Chinese has no blanks to break at; a label is cut after so many characters.
_LABEL_ROW = 12
_LABEL_BOTH = 16
# Marks that must not begin a row.
_CLOSING = "，。、；：）》」』”’"
_LABEL_SCALE = 1_500_000
# What map tips tell beside the names and what the symbol speaks of: key of the words, pattern.
_WAY = (
    ("tip.rtt", "{rtt_ms:1} ({rtt_low_ms:1}–{rtt_high_ms:1}) ms"),
    ("tip.ratio", "{floor_ratio:2} × {floor_rtt_ms:1} ms"),
    ("tip.class", "{class_zh|class_en}"),
    ("report.nominal", "{nominal_low~nominal_high}"),
    ("report.effective", "{effective_low~effective_high}"),
    ("field.routes_reason", "{routes_reason_zh|routes_reason_en}"),
)
_TOLD: dict[str, tuple[tuple[str, str], ...]] = {
    "parks": (
        ("tip.rank", "{rank} ({score:3})"),
        ("tip.rank_range", "{low_rank~high_rank}"),
        ("tip.first_share", "{first_share:2}"),
        ("tip.request", "{request_zh|request_en} ({request_reason_zh|request_reason_en})"),
        *_WAY,
    ),
    "nodes": _WAY,
    "fibre": (("tip.worst_cut", "{worst_cut_rank}: {worst_cut_zh|worst_cut_en}"),),
    "risks": (
        ("tip.evidence", "{evidence_zh|evidence_en}"),
        ("field.cables", "{cables}"),
        ("field.standing", "{standing}"),
    ),
}
# On a smaller map the names of areas would hide the areas.
_AREA_LABEL_SCALE = 30_000_000


def two_tongues(zh: str, en: str) -> str:
    """Return a text in both languages, once where they are the same."""
    return zh if zh == en else f"{zh} {en}"


def _label_text(labels: Labels) -> str:
    """Return the expression of a label.

    Both names where they are short or the map is large; else the Chinese one, in rows of
    even length.  A place with one name shows it once.
    """
    zh, en = quote_field(labels.field_zh), quote_field(labels.field_en)
    one = f"coalesce({zh}, {en})"
    row = f"ceil(length({one}) / ceil(length({one}) / {_LABEL_ROW}.0))"
    rows = f"regexp_replace({one}, '(.{{' || {row} || '}})(?=[^{_CLOSING}])', '\\\\1\\n')"
    short = f"length({zh}) + length({en}) <= {_LABEL_BOTH}"
    both = f"if({short} OR @map_scale < {_LABEL_SCALE}, {zh} || '\\n' || {en}, {rows})"
    return f"if({zh} = {en}, {rows}, {both})"


def _text_style(expression: str, *, size_pt: float, rgba: RGBA, bold: bool = False) -> ET.Element:
    halo = element(
        "text-buffer",
        bufferDraw=1,
        bufferSize=0.8,
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity=0.85,
        bufferJoinStyle=128,
    )
    return element(
        "text-style",
        None,
        halo,
        fieldName=expression,
        isExpression=1,
        allowHtml=0,
        fontFamily=FONT,
        namedStyle="Bold" if bold else "Regular",
        fontWeight=75 if bold else 50,
        fontSize=size_pt,
        fontSizeUnit="Point",
        textColor=colour(rgba),
        textOpacity=1,
        multilineHeight=0.9,
    )


def area_labeling(style: LayerStyle) -> ET.Element:
    """Return the names of areas: level, inside, and giving way to every other label."""
    labels = style.area_labels
    if labels is None:
        msg = f"{style.layer} has no labels of areas"
        raise ValueError(msg)
    sizes_pt = dict(labels.sizes_pt)
    smallest_pt = min(sizes_pt.values())
    cases = " ".join(
        f"WHEN {condition or 'true'} THEN {sizes_pt.get(rule.rule_id, smallest_pt)!r}"
        for rule, condition in zip(style.rules, rule_filters(style), strict=True)
    )
    one = f"coalesce({quote_field(labels.field_zh)}, {quote_field(labels.field_en)})"
    # Placement 4 is "horizontal"; flag 2 keeps the text inside.
    placement = element("placement", placement=4, polygonPlacementFlags=2, priority=0)
    # An area that were an obstacle would drive the labels of all points out of it.
    rendering = element(
        "rendering",
        drawLabels=1,
        displayAll=0,
        obstacle=0,
        fitInPolygonOnly=1,
        zIndex=-1,
        scaleVisibility=1,
        scaleMin=0,
        scaleMax=_AREA_LABEL_SCALE,
    )
    settings = element(
        "settings",
        None,
        _text_style(one, size_pt=smallest_pt, rgba=labels.colour),
        placement,
        rendering,
        data_defined("dd_properties", {"Size": f"CASE {cases} END"}),
    )
    return element("labeling", None, settings, type="simple")


def labeling(style: LayerStyle) -> ET.Element:
    """Return the labels of a layer: plain text with a halo; the larger symbol goes first."""
    labels = style.labels
    if labels is None:
        msg = f"{style.layer} has no labels"
        raise ValueError(msg)
    largest = max(rule.symbol.size_mm for rule in style.rules)
    cases = " ".join(
        f"WHEN {condition or 'true'} THEN {10 * rule.symbol.size_mm / largest:.1f}"
        for rule, condition in zip(style.rules, rule_filters(style), strict=True)
    )
    text = _text_style(
        _label_text(labels), size_pt=labels.size_pt, rgba=labels.colour, bold=labels.bold
    )
    placement = element(
        "placement",
        placement=6,
        predefinedPositionOrder="R,L,TR,BR,TL,BL,TSR,BSR",
        offsetType=1,
        dist=0.6,
        distUnits="MM",
        priority=5,
    )
    rendering = element(
        "rendering",
        drawLabels=1,
        displayAll=0,
        obstacle=1,
        scaleVisibility=1 if labels.min_zoom else 0,
        scaleMin=0,
        scaleMax=scale_of(labels.min_zoom),
    )
    text_format = element("text-format", multilineAlign=3)
    settings = element(
        "settings",
        None,
        text,
        text_format,
        placement,
        rendering,
        data_defined("dd_properties", {"Priority": f"CASE {cases} END"}),
    )
    return element("labeling", None, settings, type="simple")


def aliases(columns: Iterable[str], *, table: str = "") -> dict[str, str]:
    """Return what people read at the head of each column, Chinese and English.

    Those of the table's contract go before the words for a name; a column that neither knows
    keeps its name.
    """
    known = CONTRACTS[table].columns if table in CONTRACTS else {}
    found = {}
    for name in columns:
        if name in known:
            found[name] = " ".join(dict.fromkeys(known[name].titles))
        elif knows(f"field.{name}"):
            found[name] = join_words(f"field.{name}")
    return found


def alias_element(names: Mapping[str, str]) -> ET.Element:
    """Return the `<aliases>` of a layer."""
    rows = [
        element("alias", field=field, name=name, index=index)
        for index, (field, name) in enumerate(names.items())
    ]
    return element("aliases", None, *rows)


def map_tip(style: LayerStyle, names: Mapping[str, str]) -> str:
    """Return the HTML of a layer's map tip.

    It shows the names, what the symbol speaks of, what the plan found, and how sure the row
    is; QGIS fills in the values, which come from data and are escaped by the expression
    itself.

    Parameters
    ----------
    style
        The layer's style.
    names
        Column to alias, for the columns that the layer has.
    """
    heads = [column for column in ("name_zh", "name_en", "name") if column in names]
    spoken = [when.field for rule in style.rules for when in rule.when]
    told = [
        html_line(join_words(key), pattern)
        for key, pattern in _TOLD.get(style.layer, ())
        if columns_of(pattern) <= set(names)
    ]
    shown = [f"<b>{html_text(column)}</b><br>" for column in heads]
    if {"name_zh", "name_en"} <= set(heads):
        second = heads.index("name_en")
        shown[second] = html_other("name_en", "name_zh", before="<b>", after="</b><br>")
    shown += [_row(column, names) for column in dict.fromkeys(spoken)]
    shown += [*told, *(_row(column, names) for column in ("accuracy_m", "source_id", "as_of"))]
    return "".join(shown).removesuffix("<br>")


def _row(column: str, names: Mapping[str, str]) -> str:
    return f"{names[column]}: {html_text(column)}<br>" if column in names else ""
