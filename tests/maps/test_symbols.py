"""The symbology: complete over the contracts, legible, and honest about the unknown."""

from __future__ import annotations

import functools
import itertools
import math
import re
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.columns import PARK_LEVELS, RISK_KINDS, STATUSES
from steppe.layers.contracts import CONTRACTS, LAYERS
from steppe.maps.dark_colours import turn_dark
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, Rule, Symbol, When, drawing_levels, holds, pick
from steppe.maps.words import knows, list_words

BY_LAYER = {style.layer: style for style in STYLES}
GEOMETRY = {"point": "marker", "line": "line", "polygon": "fill"}
SHOWN = {
    *("parks", "nodes", "ports", "fibre", "corridors"),
    *("boundaries", "railways", "rivers", "lakes"),
}
HIDDEN = {
    *("risks", "substations", "plants", "airports"),
    *("towns", "earthquakes", "stations", "faults", "fault_extent"),
}


def _rule(layer: str, **row: object) -> Rule:
    blank = dict.fromkeys(LAYERS[layer].columns)
    return pick(BY_LAYER[layer], blank | row)


def test_every_layer_with_geometry_has_one_style_of_its_kind():
    spatial = {name: GEOMETRY[c.geometry] for name, c in LAYERS.items() if c.geometry}
    assert {style.layer: style.geometry for style in STYLES} == spatial
    assert len(STYLES) == len(BY_LAYER)


def test_the_plan_and_its_network_are_shown_at_first_and_nothing_of_hazard_and_power():
    shown = {style.layer for style in STYLES if style.visible}
    assert shown >= SHOWN
    assert shown.isdisjoint(HIDDEN)
    assert {style.layer for style in RASTERS if style.visible} == {"relief"}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_rules_speak_of_columns_of_the_contract_and_the_last_one_always_holds(style):
    columns = LAYERS[style.layer].columns
    fields = {when.field for rule in style.rules for when in rule.when}
    assert fields | ({style.offset_field} - {""}) <= set(columns)
    assert [place for place, rule in enumerate(style.rules) if not rule.when] == [
        len(style.rules) - 1
    ]
    ids = [rule.rule_id for rule in style.rules]
    assert len(set(ids)) == len(ids)
    assert all(rule.label_zh.strip() and rule.label_en.strip() for rule in style.rules)
    assert pick(style, dict.fromkeys(columns)) in style.rules


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_the_legend_tells_the_rules_apart(style):
    assert len({rule.symbol for rule in style.rules}) == len(style.rules)
    assert len({rule.label_zh for rule in style.rules}) == len(style.rules)
    assert len({rule.label_en for rule in style.rules}) == len(style.rules)


def test_no_known_park_cable_or_node_falls_to_other():
    for level, status in itertools.product(PARK_LEVELS, STATUSES):
        assert _rule("parks", level=level, status=status).rule_id == f"{level}_{status}"
    kinds = itertools.product(
        ("corridor", "schematic"), ("said", "one_reading", "assumed"), STATUSES
    )
    for geometry_kind, existence, status in kinds:
        kind = "schematic" if geometry_kind == "schematic" else existence
        cable = {"geometry_kind": geometry_kind, "existence": existence, "status": status}
        for ends_basis in ("said", None):
            found = _rule("fibre", **cable, ends_basis=ends_basis)
            assert found.rule_id == f"{kind}_{status}"
        found = _rule("fibre", **cable, ends_basis="assumed")
        assert found.rule_id == f"{'ends_assumed' if kind == 'said' else kind}_{status}"
    for kind in ("core", "metro", "junction", "border", "target"):
        assert _rule("nodes", kind=kind).rule_id == kind


def test_every_kind_of_risk_has_a_sign_of_its_own_in_one_colour():
    rules = [_rule("risks", kind=kind) for kind in RISK_KINDS]
    assert len({rule.rule_id for rule in rules}) == len(RISK_KINDS)
    assert len({rule.symbol.shape for rule in rules}) == len(RISK_KINDS)
    assert len({rule.symbol.fill for rule in rules}) == 1
    statuses = {_rule("parks", level="zone", status=status).symbol.fill for status in STATUSES}
    assert rules[0].symbol.fill not in statuses


@pytest.mark.parametrize(
    ("layer", "field", "value", "rule_id"),
    [
        ("substations", "voltage_kv", 1000.0, "kv_1000"),
        ("substations", "voltage_kv", 750.0, "kv_500"),
        ("substations", "voltage_kv", 500.0, "kv_500"),
        ("substations", "voltage_kv", 499.9, "kv_220"),
        ("substations", "voltage_kv", 110.0, "other"),
        ("substations", "voltage_kv", None, "untagged"),
        ("substations", "voltage_kv", math.nan, "untagged"),
        ("towns", "pga_g", 0.40, "pga_40"),
        ("towns", "pga_g", 0.30, "pga_30"),
        ("towns", "pga_g", 0.20, "pga_20"),
        ("towns", "pga_g", 0.15, "pga_15"),
        ("towns", "pga_g", 0.10, "pga_10"),
        ("towns", "pga_g", 0.05, "pga_05"),
        ("towns", "pga_g", 0.04, "other"),
        ("towns", "pga_g", None, "unknown"),
        ("earthquakes", "magnitude", 7.0, "mw_7"),
        ("earthquakes", "magnitude", 6.99, "mw_6"),
        ("stations", "temp_mean_c", -0.1, "temp_below_00"),
        ("stations", "temp_mean_c", 0.0, "temp_00"),
    ],
)
def test_breaks_belong_to_the_class_above_and_empty_cells_to_a_class_of_their_own(
    layer, field, value, rule_id
):
    assert _rule(layer, **{field: value}).rule_id == rule_id


@pytest.mark.parametrize("op", ["eq", "ne", "lt", "le", "gt", "ge", "in", "null"])
@pytest.mark.parametrize("empty", [None, math.nan])
def test_an_empty_cell_meets_null_alone(op, empty):
    value = ("a",) if op == "in" else 1.0
    assert holds(When("field", op, value), {"field": empty}) == (op == "null")


def test_the_first_rule_that_holds_wins():
    first = Rule("first", (When("n", "ge", 2.0),), Symbol(), "一", "one")
    last = Rule("last", (), Symbol(), "二", "two")
    style = LayerStyle("l", "层", "layer", "plan", "marker", (first, last))
    assert pick(style, {"n": 2.0}) is first
    assert pick(style, {"n": 1.0}) is last
    bare = LayerStyle("l", "层", "layer", "plan", "marker", (first,))
    with pytest.raises(LookupError):
        pick(bare, {"n": 1.0})


def _linear(rgba: tuple[int, ...]) -> np.ndarray:
    """Return linear light; IEC 61966-2-1 (sRGB)."""
    share = np.array(rgba[:3]) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _lab(light: np.ndarray) -> np.ndarray:
    """Return CIE L*a*b* of linear sRGB light under D65 (CIE 15:2004)."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    ratio = (to_xyz @ light) / np.array([0.95047, 1.0, 1.08883])
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


# Full protanopia and deuteranopia in linear sRGB: Machado, Oliveira and Fernandes, IEEE
# TVCG 15(6), 2009, table of severity 1.0.
_EYES = {
    "common": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip


def _seen(rgba: tuple[int, ...], eye: str) -> np.ndarray:
    return _lab(np.clip(_EYES[eye] @ _linear(rgba), 0, 1))


def _cable(status: str, **row: object) -> Symbol:
    return _rule(
        "fibre", **{"geometry_kind": "corridor", "existence": "said"} | row, status=status
    ).symbol


_THEMES = {"light": lambda colour: colour, "dark": turn_dark}


@pytest.mark.parametrize("theme", _THEMES)
@pytest.mark.parametrize("eye", _EYES)
def test_every_eye_tells_the_colours_of_status_apart(eye, theme):
    colours = [_THEMES[theme](_cable(status).stroke) for status in STATUSES]
    for one, two in itertools.combinations(colours, 2):
        # 15 is several times a just noticeable difference (2.3, Mahy et al. 1994).
        assert np.linalg.norm(_seen(one, eye) - _seen(two, eye)) > 15


@pytest.mark.parametrize("level", PARK_LEVELS)
def test_the_status_of_a_park_is_told_without_its_colour(level):
    def told(status: str) -> tuple[str, bool]:
        symbol = _rule("parks", level=level, status=status).symbol
        return symbol.shape, _luminance(symbol.fill) < 0.5

    assert len({told(status) for status in STATUSES}) == len(STATUSES)
    colours = [_cable(status).stroke for status in STATUSES]
    signs = [_rule("parks", level=level, status=status).symbol for status in STATUSES]
    assert all(colour in (s.fill, s.stroke) for colour, s in zip(colours, signs, strict=True))


def test_a_cable_that_is_less_than_in_service_is_a_thinner_line():
    for kind in ({}, {"existence": "assumed"}, {"geometry_kind": "schematic"}):
        widths = [_cable(status, **kind).width_mm for status in STATUSES]
        assert all(one - two > 0.05 for one, two in itertools.pairwise(widths))


@functools.cache
def _luminance(rgba: tuple[int, ...]) -> float:
    """Return the relative luminance of WCAG 2.1."""
    return float(_linear(rgba) @ [0.2126, 0.7152, 0.0722])


def _contrast(one: tuple[int, ...], two: tuple[int, ...]) -> float:
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def _over(top: tuple[int, ...], ground: tuple[int, ...]) -> tuple[int, ...]:
    share = top[3] / 255
    return tuple(round(a * share + b * (1 - share)) for a, b in zip(top[:3], ground, strict=False))


def _grounds(theme: str) -> list[tuple[int, ...]]:
    """Every ground that a line may lie on: bare, an area of land, a lake, and a corridor on these."""
    sheet = (resources.files("steppe.maps") / "assets" / "styles").joinpath
    name = {"light": "base.css", "dark": "themes.css"}[theme]
    written = re.search(r"--ground: #(\w{6});", sheet(name).read_text(encoding="utf-8"))
    assert written
    bare = tuple(bytes.fromhex(written[1]))
    turn = _THEMES[theme]
    areas = [
        rule.symbol.fill for layer in ("boundaries", "lakes") for rule in BY_LAYER[layer].rules
    ]
    land = [bare, *(_over(turn(fill), bare) for fill in areas)]
    bands = [turn(rule.symbol.stroke) for rule in BY_LAYER["corridors"].rules]
    return [*land, *(_over(band, ground) for band in bands for ground in land)]


@pytest.mark.parametrize("theme", _THEMES)
def test_cables_and_parks_stand_out_from_every_ground(theme):
    # WCAG 2.1, success criterion 1.4.11: at least 3 to 1 for what is needed to understand.
    turn = _THEMES[theme]
    lines = {rule.rule_id: turn(rule.symbol.stroke) for rule in BY_LAYER["fibre"].rules}
    for rule in BY_LAYER["parks"].rules:
        symbol = rule.symbol
        lines[rule.rule_id] = turn(min(symbol.fill, symbol.stroke, key=_luminance))
    faint = {
        (rule_id, ground, round(_contrast(colour, ground), 2))
        for rule_id, colour in lines.items()
        for ground in _grounds(theme)
        if _contrast(colour, ground) < 3.0
    }
    assert faint == set()


def _named(theme: str, name: str) -> tuple[int, ...]:
    sheet = {"light": "base.css", "dark": "themes.css"}[theme]
    text = (resources.files("steppe.maps") / "assets" / "styles" / sheet).read_text("utf-8")
    written = re.search(rf"--{name}: #(\w{{6}});", text)
    assert written
    return tuple(bytes.fromhex(written[1]))


def _shades(raster: str, theme: str) -> list[tuple[int, ...]]:
    """Every shade that a raster takes over bare ground and over land, at its first opacity."""
    style = next(each for each in RASTERS if each.layer == raster)
    at = [stop.value for stop in style.stops]
    levels = np.linspace(at[0], at[-1], style.levels)
    bands = [np.interp(levels, at, [s.colour[band] for s in style.stops]) for band in range(4)]
    bare, turn = _named(theme, "ground"), _THEMES[theme]
    land = [_over(turn(rule.symbol.fill), bare) for rule in BY_LAYER["boundaries"].rules]
    shades = {
        _over((*rgb, alpha * style.opacity), ground)
        for *rgb, alpha in zip(*bands, strict=True)
        for ground in (bare, *land)
    }
    return sorted(shades)


# What only tells where one is may be faint; a corridor is the ground of its cables.
_BACKDROP = {"corridors", "roads", "railways", "rivers"}
_SYMBOLS = [style for style in STYLES if style.geometry != "fill" and style.layer not in _BACKDROP]


@pytest.mark.parametrize("theme", _THEMES)
@pytest.mark.parametrize("raster", [style.layer for style in RASTERS])
def test_symbols_stand_out_from_every_shade_of_a_raster(raster, theme):
    # WCAG 2.1, success criterion 1.4.11: 3 to 1 with the shade, or within the symbol: a marker
    # with its edge, a line with the band that the page lays below it.
    turn, halo = _THEMES[theme], _named(theme, "halo")
    shades = _shades(raster, theme)
    faint = set()
    for style in _SYMBOLS:
        for rule in style.rules:
            fill, stroke = turn(rule.symbol.fill), turn(rule.symbol.stroke)
            for shade in shades:
                inner = _over(stroke, shade) if style.geometry == "line" else _over(fill, shade)
                beside = halo if style.is_cased else _over(stroke, shade)
                if max(_contrast(inner, shade), _contrast(inner, beside)) < 3.0:
                    faint.add((style.layer, rule.rule_id))
    assert faint == set()


@pytest.mark.parametrize("layer", ["parks", "nodes", "ports"])
def test_labels_are_read_on_every_ground(layer):
    # WCAG 2.1, success criterion 1.4.3, without counting on the halo.
    colour = BY_LAYER[layer].labels.colour
    for theme, turn in _THEMES.items():
        assert min(_contrast(turn(colour), ground) for ground in _grounds(theme)) > 4.5


@pytest.mark.parametrize(
    "rgba", [(0, 0, 0, 255), (255, 255, 255, 60), (200, 30, 30, 7), (0, 255, 0, 0)]
)
def test_on_a_dark_ground_light_and_dark_change_places_and_opacity_stays(rgba):
    turned = turn_dark(rgba)
    assert turned[3] == rgba[3]
    assert (_lab(_linear(turned))[0] > 50) == (_lab(_linear(rgba))[0] < 65)
    assert all(0 <= part <= 255 for part in turned)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_a_colour_keeps_its_hue_on_a_dark_ground(rgb):
    one, two = (_lab(_linear(colour))[1:] for colour in (rgb, turn_dark((*rgb, 255))))
    if min(np.linalg.norm(one), np.linalg.norm(two)) < 15:
        return  # grey has no hue
    apart = math.degrees(
        math.acos(np.clip(one @ two / np.linalg.norm(one) / np.linalg.norm(two), -1, 1))
    )
    # CIE L*a*b* bends blue towards purple (Moroney 2003), Oklab does not.
    assert apart < 45


@pytest.mark.parametrize("eye", _EYES)
def test_hazard_darkens_with_acceleration_for_every_eye(eye):
    classes = [_rule("towns", pga_g=g).symbol.fill for g in (0.05, 0.10, 0.15, 0.20, 0.30, 0.40)]
    lightness = [_seen(fill, eye)[0] for fill in classes]
    assert all(one - two > 3 for one, two in itertools.pairwise(lightness))
    # On a dark ground the more is the brighter.
    turned = [_seen(turn_dark(fill), eye)[0] for fill in classes]
    assert all(two - one > 3 for one, two in itertools.pairwise(turned))


def test_unknown_is_grey_and_hollow_not_a_place_on_the_scale():
    for layer, field in (("towns", "pga_g"), ("substations", "voltage_kv")):
        symbol = _rule(layer, **{field: None}).symbol
        assert symbol.fill == (255, 255, 255, 255)
        assert len(set(symbol.stroke[:3])) == 1


def test_only_a_cable_that_is_said_to_exist_and_has_a_corridor_is_solid():
    for rule in BY_LAYER["fibre"].rules:
        assert bool(rule.symbol.dash_mm) != rule.rule_id.startswith("said_")
    for status in STATUSES:
        kinds = ({"ends_basis": "assumed"}, {"existence": "one_reading"}, {"existence": "assumed"},
                 {"geometry_kind": "schematic"})  # fmt: skip
        dashes = [_cable(status, **kind).dash_mm[0] for kind in kinds]
        assert dashes == sorted(dashes, reverse=True)
        assert len(set(dashes)) == len(dashes)


def test_cables_lie_beside_each_other_on_a_corridor_that_holds_them():
    fibre, corridors = BY_LAYER["fibre"], BY_LAYER["corridors"]
    widest = max(rule.symbol.width_mm for rule in fibre.rules)
    assert fibre.offset_field == "lane"
    assert fibre.offset_mm > widest
    assert _rule("corridors", basis="railway").symbol.width_mm > 4 * fibre.offset_mm
    assert STYLES.index(fibre) < STYLES.index(corridors)


@pytest.mark.parametrize("status", STATUSES)
def test_parks_grow_with_their_level_and_a_full_one_has_a_white_halo(status):
    zone, campus, facility = (
        _rule("parks", level=level, status=status).symbol for level in PARK_LEVELS
    )
    # Each ring stays visible around the next level that lies on it.
    assert zone.size_mm - campus.size_mm > 2 * campus.width_mm
    assert campus.size_mm - facility.size_mm > 2 * facility.width_mm
    for symbol in (zone, campus, facility):
        is_full = _luminance(symbol.fill) < 0.5
        assert (symbol.stroke == (255, 255, 255, 255)) == is_full


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_drawing_levels_put_small_on_large_and_earlier_on_later(style):
    levels = drawing_levels(style)
    assert sorted(levels) == list(range(len(style.rules)))
    for one, two in itertools.combinations(range(len(style.rules)), 2):
        small, large = style.rules[one].symbol.size_mm, style.rules[two].symbol.size_mm
        assert (levels[one] > levels[two]) == (small <= large)


def test_raster_stops_rise():
    for style in RASTERS:
        values = [stop.value for stop in style.stops]
        assert values == sorted(set(values))


def test_every_group_and_every_column_of_a_name_has_its_words():
    assert [style.group for style in (*STYLES, *RASTERS) if not knows(f"group.{style.group}")] == []
    for name in {name for contract in CONTRACTS.values() for name in contract.columns}:
        heads = {each.columns[name].titles for each in CONTRACTS.values() if name in each.columns}
        assert list_words(f"field.{name}") in heads
