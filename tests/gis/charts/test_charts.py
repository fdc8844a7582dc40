"""Charts show the numbers of the tables, hold any name as text, and are the same bytes each time."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree as ET

import pytest

from steppe.charts import assumption_chart, cost_chart, network_charts, region_map, score_chart
from steppe.charts.sheet import HUES, measure_mm, render_svg, shorten, wrap
from steppe.layers.tables import PlanTables

DRAWERS = (
    region_map.draw_region, score_chart.draw_scores, score_chart.draw_ranks, assumption_chart.draw_tornado,
    network_charts.draw_routes, network_charts.draw_round_trips, network_charts.draw_cuts, cost_chart.draw_costs,
)  # fmt: skip
PROBES = (
    "$\\frac{1}{0}$ $x^2$", "</text><script>alert(1)</script>", "<!-- ]]> &amp; &#60;", "a\nb\x00\x1b[2J",
    "\u202eevol", "\U0001f3d4 园区", "长" * 5000, "w" * 10_000, "' onload='alert(1)", "{{ 7 * 7 }} ${1}",
)  # fmt: skip


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter("text")]


def render(figure) -> str:
    return str(render_svg(figure, key="probe", title="a title", description="a description"))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lit = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


@pytest.mark.parametrize("colour", HUES)
def test_each_hue_has_three_to_one_on_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 3.0


def test_a_bar_is_as_long_as_weight_times_value(tables: PlanTables) -> None:
    figure = score_chart.draw_scores(tables, language="en", width_mm=76.0)
    assert figure is not None
    bars = [each for each in figure.axes[0].patches if each.get_height() == pytest.approx(2.6)]
    totals = tables.scores.query("criterion == 'total' and level == @tables.info.level")
    ranked = totals.dropna(subset="rank").sort_values(["rank", "site_id"])
    values = tables.scores.set_index(["site_id", "criterion"])["value"]
    by_hand = [
        each.weight * values[(site_id, each.name)]
        for site_id in ranked["site_id"]
        for each in tables.info.criteria
    ]
    scale = 76.0 - 11.0 - 5.5
    assert [bar.get_width() / scale for bar in bars] == pytest.approx(by_hand)
    assert [bar.get_facecolor() for bar in bars[:4]] != [bars[0].get_facecolor()] * 4
    shown = texts(render(figure))
    assert [text for text in shown if re.fullmatch(r"0\.\d{3}", text)] == [
        f"{v:.3f}" for v in ranked["value"]
    ]


def test_ranks_shares_and_trips_are_those_of_the_tables(tables: PlanTables) -> None:
    shown = texts(render(score_chart.draw_ranks(tables, language="en")))
    first = tables.robustness.sort_values(["rank", "site_id"]).iloc[0]
    assert f"{100 * first['first_share']:.0f} %" in shown
    shown = texts(render(network_charts.draw_round_trips(tables, language="zh")))
    trip = tables.latency.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    assert shown[shown.index("呼和浩特") :].count(f"{trip['rtt_ms']:.1f}") == 1


def test_every_ranked_park_bears_its_rank_on_the_map(tables: PlanTables) -> None:
    shown = texts(render(region_map.draw_region(tables, language="en")))
    ranks = tables.scores.query("criterion == 'total' and level == @tables.info.level")["rank"]
    assert [text for text in shown if text.isdigit()] == [
        f"{rank}" for rank in sorted(ranks.dropna())
    ]
    assert {"Beijing", "Hohhot", "200 km"} <= set(shown)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width_mm", [104.0, 110.0])
def test_the_key_of_a_map_has_room_on_its_sheet(tables: PlanTables, language, width_mm) -> None:
    figure = region_map.draw_region(tables, language=language, width_mm=width_mm, height_mm=54.0)
    assert figure is not None
    keys = [each for each in figure.axes[0].texts if each.get_position()[1] > 54.0 - 5.2]
    assert len(keys) == 4
    ends = [each.get_position()[0] + measure_mm(each.get_text()) for each in keys]
    assert max(ends) <= width_mm
    begins = [each.get_position()[0] for each in keys[1:]]
    assert all(end < begin for end, begin in zip(ends, begins, strict=False))


def test_discs_of_parks_in_one_place_do_not_lie_on_each_other(tables: PlanTables) -> None:
    parks = tables.layers["parks"].copy()
    parks["geometry"] = [parks.geometry.iloc[0]] * len(parks)
    crowded = dataclasses.replace(tables, layers={**tables.layers, "parks": parks})
    figure = region_map.draw_region(crowded, language="en")
    assert figure is not None
    discs = [
        each.center
        for each in figure.axes[0].patches
        if getattr(each, "radius", 0) == pytest.approx(1.95)
    ]
    assert len(discs) == len(tables.robustness)
    for number, one in enumerate(discs):
        for other in discs[:number]:
            assert (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 >= (2 * 1.95) ** 2 - 1e-9


@pytest.mark.parametrize("probe", PROBES, ids=range(len(PROBES)))
def test_any_name_is_text_and_stays_on_the_sheet(tables: PlanTables, probe: str) -> None:
    figure = score_chart.draw_scores(rename(tables, probe), language="en")
    svg = render(figure)
    root = ET.fromstring(svg)
    assert {each.tag for each in root.iter()} <= {"svg", "title", "desc", "g", "path", "text"}
    assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]
    assert max(measure_mm(text) for text in texts(svg)) <= 76.0
    begun = re.sub(r"[\x00-\x1f]", "", probe)[:5]
    assert any(
        re.sub("[\ufffd ]", "", text).startswith(begun.replace(" ", "")) for text in texts(svg)
    )


def rename(tables: PlanTables, name: str) -> PlanTables:
    layers = {
        layer: frame.assign(name_zh=name, name_en=name) if "name_zh" in frame else frame
        for layer, frame in tables.layers.items()
    }
    return dataclasses.replace(tables, layers=layers)


def test_two_drawings_are_the_same_bytes_and_leave_matplotlib_as_it_was(tables: PlanTables) -> None:
    import matplotlib as mpl  # noqa: PLC0415 (what is not drawn does not need it)

    before = dict(mpl.rcParams)
    for draw in DRAWERS:
        svgs = [render(draw(tables, language="zh")) for _ in range(2)]
        assert svgs[0] == svgs[1]
        assert "DejaVu" not in svgs[0]
    assert dict(mpl.rcParams) == before


def test_what_a_plan_lacks_is_not_drawn(tables: PlanTables) -> None:
    empty = {name: table.head(0) for name, table in tables.tables.items()}
    bare = dataclasses.replace(tables, layers={}, tables=empty)
    assert [draw(bare, language="en") for draw in DRAWERS] == [None] * len(DRAWERS)


def test_a_short_text_keeps_whole_and_a_long_one_ends_in_dots() -> None:
    assert shorten("园区", 10.0) == "园区"
    assert shorten("园区" * 9, 10.0) == "园区园…"
    assert wrap("one two three", 100.0) == ["one two three"]
    assert [len(each) > 0 for each in wrap("呼和浩特" * 30, 30.0)] == [True, True]
    assert max(map(measure_mm, wrap("word " * 100, 40.0))) <= 40.0
