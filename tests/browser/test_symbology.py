"""The page picks the rules that Python picks, and draws what the rules say."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from steppe.layers.crs import GEOD
from steppe.maps.leaflet import PX_PER_MM, compile_style
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, Rule, Symbol, Value, When, holds, pick

pytestmark = pytest.mark.browser


def _rows(frame) -> list[dict]:
    return frame.drop(columns="geometry").to_dict("records")


def test_the_page_picks_pythons_rule_for_every_feature(still, tables):
    picked = still.evaluate("steppe.picks()")
    drawn = [style for style in STYLES if style.layer in tables.layers]
    assert set(picked) == {style.layer for style in drawn} == set(tables.layers)
    parks = tables.layers["parks"].geometry
    for style in drawn:
        frame = tables.layers[style.layer]
        if style.page_km:
            away_m = [[GEOD.inv(a.x, a.y, b.x, b.y)[2] for a in parks] for b in frame.geometry]
            frame = frame[np.min(away_m, axis=1) <= 1000 * style.page_km]
        rows = _rows(frame)
        assert picked[style.layer] == [pick(style, row).rule_id for row in rows], style.layer


def _around(style: LayerStyle) -> list[dict]:
    """Rows at, just below and just above every constant of a style, and with gaps."""
    values: dict[str, dict] = {}
    for when in (when for rule in style.rules for when in rule.when):
        found = values.setdefault(when.field, {None: None})
        if isinstance(when.value, float):
            found |= dict.fromkeys((when.value, when.value - 1e-9, when.value + 1e-9))
        else:
            found |= dict.fromkeys(
                [when.value] if isinstance(when.value, str) else when.value or ()
            )
            found["something else"] = None
    return [
        dict(zip(values, row, strict=True))
        for row in itertools.product(*(list(found) for found in values.values()))
    ]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.layer)
def test_the_page_picks_pythons_rule_at_every_break(still, style):
    rows = [row for row in _around(style) if _is_comparable(style, row)]
    picked = still.evaluate(
        "([rules, rows]) => JSON.parse(rows).map((row) => steppe.pick(rules, row).id)",
        [compile_style(style)["rules"], json.dumps(rows)],
    )
    assert picked == [pick(style, row).rule_id for row in rows]


@pytest.mark.parametrize("op", ["eq", "ne", "lt", "le", "gt", "ge", "in", "null"])
def test_every_comparison_holds_where_pythons_does(still, op):
    constants: list[Value] = {"in": [("a", "b"), ()], "null": [None]}.get(op, [2.0, -0.5])
    if op in {"eq", "ne"}:
        constants = [*constants, "a"]
    for constant in constants:
        when = When("field", op, constant)
        texts = isinstance(constant, str | tuple)
        values = ["a", "b", "", "A", None] if texts else [1.0, 2, 2.0, -0.5, 2.5, None]
        rule = Rule("only", (when,), Symbol(), "", "")
        rest = Rule("rest", (), Symbol(), "", "")
        style = LayerStyle("parks", "", "", "plan", "marker", (rule, rest))
        picked = still.evaluate(
            "([rules, rows]) => rows.map((row) => steppe.pick(rules, row).id === 'only')",
            [compile_style(style)["rules"], [{"field": value} for value in values]],
        )
        assert picked == [holds(when, {"field": value}) for value in values], constant


def _is_comparable(style: LayerStyle, row: dict) -> bool:
    # A contract's column holds numbers or text, never both.
    return not any(
        isinstance(when.value, float) and isinstance(row[when.field], str)
        for rule in style.rules
        for when in rule.when
    )


def test_every_marker_has_its_rules_colour(still, tables):
    style = next(style for style in STYLES if style.layer == "parks")
    compiled = {rule["id"]: rule["symbol"] for rule in compile_style(style)["rules"]}
    for row in _rows(tables.layers["parks"]):
        path = still.locator(f'path[data-park="{row["park_id"]}"]')
        assert path.get_attribute("fill") == compiled[pick(style, row).rule_id]["fill"]


def test_the_legend_shows_the_rules_that_occur_and_no_other(still, tables):
    style = next(style for style in STYLES if style.layer == "fibre")
    occurring = {pick(style, row).label_zh for row in _rows(tables.layers["fibre"])}
    legend = still.locator(".legend-layer").filter(has=still.locator("input[data-layer=fibre]"))
    assert set(legend.locator(".legend-rule").all_inner_texts()) == occurring


@pytest.mark.parametrize("zoom", [5, 7, 9])
def test_parallel_cables_are_seen_side_by_side(page, zoom):
    style = next(style for style in STYLES if style.layer == "fibre")
    lane_px = style.offset_mm * PX_PER_MM
    page.evaluate(f"void steppe.map.setView([41, 112.4], {zoom}, {{animate: false}})")
    apart = page.evaluate(
        """() => {
          const line = (id) => document.querySelector(`path[data-cable="${id}"]`);
          const sample = (path) => {
            const length = path.getTotalLength(), points = [];
            for (let k = 0; k <= 4000; k += 1) points.push(path.getPointAtLength((length * k) / 4000));
            return points;
          };
          const at = line("hohhot_beijing_1");
          const here = at.getPointAtLength(at.getTotalLength() * 0.12);
          return ["hohhot_beijing_2", "hohhot_beijing_3"].map((id) =>
            Math.min(...sample(line(id)).map((p) => Math.hypot(p.x - here.x, p.y - here.y))));
        }"""
    )
    assert apart == pytest.approx([lane_px, lane_px], abs=0.35)


def test_a_shifted_line_keeps_its_distance_and_its_side(still):
    # Right of the way east is south, which on a screen is down.
    shifted = still.evaluate(
        """steppe.shiftLine([[0, 0], [100, 0], [100, 100]].map(([x, y]) => L.point(x, y)), 5)
             .map((p) => [p.x, p.y])"""
    )
    assert shifted == [pytest.approx([0, 5]), pytest.approx([95, 5]), pytest.approx([95, 100])]


def test_a_shifted_line_makes_no_loops(still):
    # Inside a bend tighter than the shift a naive parallel runs backwards.
    line = still.evaluate(
        """() => {
          const bend = [...Array(13).keys()].map((k) => (Math.PI * k) / 24)
            .map((turn) => L.point(100 + 8 * Math.sin(turn), 8 - 8 * Math.cos(turn)));
          return steppe.shiftLine([L.point(0, 0), ...bend, L.point(108, 108)], 12)
            .map((p) => [p.x, p.y]);
        }"""
    )
    assert line[0] == pytest.approx([0, 12])
    assert line[-1] == pytest.approx([96, 108])
    assert all(b[0] >= a[0] - 1e-9 and b[1] >= a[1] - 1e-9 for a, b in itertools.pairwise(line))


def test_a_dead_end_is_not_followed_by_the_parallel(still):
    # Into a station and back: a parallel would stick out on both sides.
    reach = still.evaluate(
        """() => Math.max(...steppe.shiftLine(
             [[0, 0], [50, 0], [52, -9], [54, 0], [100, 0]].map(([x, y]) => L.point(x, y)), -4)
             .map((p) => -p.y))"""
    )
    assert reach == pytest.approx(4, abs=1)


def test_layers_are_switched_by_the_legend(page):
    assert page.locator('path[data-cable="mongolia"]').count() == 1
    page.locator("input[data-layer=fibre]").uncheck()
    assert page.locator('path[data-cable="mongolia"]').count() == 0
    page.locator("input[data-layer=fibre]").check()
    assert page.locator('path[data-cable="mongolia"]').count() == 1


def test_a_group_of_the_legend_folds_and_stays_so_in_another_language(page):
    group = page.locator("details.legend-group").first
    group.locator("summary").focus()
    page.keyboard.press("Enter")
    assert page.locator(".legend-group").first.locator("input").first.is_hidden()
    page.locator("#language button").click()
    page.wait_for_timeout(50)
    assert page.locator(".legend-group").first.locator("input").first.is_hidden()
    assert page.locator(".legend-group").nth(1).locator("input").first.is_visible()
    # On paper it has its place; afterwards it is folded again.
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".legend-group").first.locator(".legend-rule").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".legend-group").first.locator("input").first.is_hidden()
