"""The backbone's section: one target at a time, and what its tables say of it."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from steppe.maps.page import render_page
from steppe.network.latency_table import pair_targets, tabulate_trips
from steppe.network.plan_backbone import build_backbone

pytestmark = pytest.mark.browser

TELLING = ["border_crossing", "stretch", "crossing", "corridor", "river_crossing", "city"]
FALLEN = "path[data-fallen]"


@pytest.fixture
def backbone(page):
    page.evaluate("steppe.openSection('backbone-section')")
    return page


def _ids(page, selector: str, name: str) -> list[str]:
    return page.locator(selector).evaluate_all(
        "(all, name) => all.map((one) => one.getAttribute(name))", name
    )


def _marked(page) -> dict[str, set[str]]:
    names = ("data-fallen", "data-isolated", "data-slowed", "data-on-route")
    return {name: set(_ids(page, f"[{name}]", name)) for name in names}


def _choose(page, target: str) -> None:
    page.locator("#target").select_option(target)


@pytest.fixture(scope="module")
def trips_without(tables, plans):
    """Return what gives the round trips to a target without some cables, by node and ranked park."""
    network = plans.open_network(tables.layers, tables.info)
    backbone, pairs = build_backbone(network), pair_targets(network)
    parks = tables.layers["parks"].query("level == 'zone'")["park_id"]

    def tell(target: str, cables: set[str]) -> pd.Series:
        rows = tabulate_trips(network, backbone.without(cables), pairs)
        shown = rows["from_id"].isin([*tables.layers["nodes"]["node_id"], *parks])
        return rows[shown & (rows["to_id"] == target)].set_index("from_id")["rtt_ms"]

    return tell


# ---------------------------------------------------------------------------- the target


def test_the_first_target_is_chosen_and_all_can_be(backbone, tables):
    assert backbone.locator("#target").input_value() == tables.info.targets[0]
    assert _ids(backbone, "#target option", "value") == list(tables.info.targets)
    assert "北京" in backbone.locator("#target option").first.inner_text()


@pytest.mark.parametrize("target", ["beijing", "ulaanbaatar"])
def test_the_section_speaks_of_the_target_chosen(backbone, tables, target):
    _choose(backbone, target)
    backbone.evaluate("steppe.unfoldAll()")
    wanted = tables.redundancy.query("to_id == @target")["from_id"]
    assert sorted(_ids(backbone, "#backbone .pair", "data-pair")) == sorted(wanted)
    nodes = set(tables.layers["nodes"]["node_id"])
    trips = tables.latency.query("to_id == @target")
    trips = trips[trips["from_id"].isin(nodes)].sort_values("rtt_ms")
    assert _ids(backbone, "#backbone .latency-row", "data-from") == trips["from_id"].tolist()


def test_the_target_is_part_of_the_address(backbone, visit):
    _choose(backbone, "ulaanbaatar")
    again = visit(backbone.evaluate("location.href"))
    assert again.locator("#target").input_value() == "ulaanbaatar"
    again.evaluate("steppe.openSection('backbone-section')")
    _choose(again, "beijing")
    assert "target" not in again.evaluate("location.hash")


def test_a_plan_of_one_target_asks_nothing(visit, tables, tmp_path):
    info = dataclasses.replace(tables.info, targets=("beijing",))
    path = tmp_path / "map.html"
    path.write_text(render_page(dataclasses.replace(tables, info=info)), encoding="utf-8")
    one = visit(path.as_uri())
    one.evaluate("steppe.openSection('backbone-section')")
    one.evaluate("steppe.unfoldAll()")
    assert one.locator("#target").is_hidden()
    assert one.locator("#backbone .pair").count() == 3


# ---------------------------------------------------------------------------- evidence


@pytest.mark.parametrize(("lang", "column"), [("zh", "evidence_zh"), ("en", "evidence_en")])
def test_evidence_is_told_in_the_pages_language_most_telling_first(
    visit, page_uri, tables, lang, column
):
    page = visit(f"{page_uri}#lang={lang}")
    page.evaluate("steppe.openSection('backbone-section')")
    risks = tables.layers["risks"].set_index("risk_id")
    for row in tables.redundancy.query("to_id == 'beijing'").dropna(subset="risk_ids").itertuples():
        evidence = page.locator(f".pair[data-pair={row.from_id}] .evidence")
        assert evidence.get_attribute("open") is None
        evidence.locator("summary").click()
        shown = evidence.locator("li")
        shown.first.wait_for()
        order = _ids(page, f".pair[data-pair={row.from_id}] [data-risk]", "data-risk")
        assert sorted(order) == sorted(row.risk_ids.split())
        kinds = [TELLING.index(risks["kind"][risk]) for risk in order]
        assert kinds == sorted(kinds)
        for place, risk in enumerate(order):
            assert risks[column][risk] in shown.nth(place).inner_text()


def test_a_shared_risk_opens_its_card_and_its_layer(backbone, tables):
    backbone.locator(".pair[data-pair=hohhot] .evidence summary").click()
    risk = tables.layers["risks"].set_index("risk_id").loc["stretch-datong"]
    assert backbone.locator("input[data-layer=risks]").is_checked() is False
    backbone.locator(".pair[data-pair=hohhot] [data-risk=stretch-datong] button").click()
    assert backbone.locator("input[data-layer=risks]").is_checked() is True
    card = backbone.locator("#card").inner_text()
    assert risk["evidence_zh"] in card
    fibre = tables.layers["fibre"].set_index("cable_id")["name_zh"]
    for cable in risk["cables"].split():
        assert fibre[cable] in card
        assert cable not in card
    backbone.locator("#language").click()
    assert risk["evidence_en"] in backbone.locator("#card").inner_text()
    assert risk["evidence_zh"] not in backbone.locator("#card").inner_text()


# ---------------------------------------------------------------------------- second routes


def test_a_route_lights_its_cables_and_no_other(backbone, tables):
    assert backbone.locator("[data-route]").count() == len(tables.disjoint)
    for row in tables.disjoint.itertuples():
        button = backbone.locator(f'[data-route="{row.from_id} {row.apart} {row.route}"]')
        assert f"{row.rtt_ms:g} ms" in button.inner_text()
        assert f"{row.route_km:g} km" in button.inner_text()
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        assert _marked(backbone)["data-on-route"] == set(row.path.split())
        assert set(_ids(backbone, "path.on", "data-cable")) == set(row.path.split())
        assert backbone.locator("[data-route][aria-pressed=true]").count() == 1
    button.click()
    assert _marked(backbone)["data-on-route"] == set()
    assert backbone.locator("path.on").count() == 0


def test_what_two_routes_share_all_the_same_is_named(backbone):
    card = backbone.locator(".pair[data-pair=hohhot] .apart").inner_text()
    assert "仍共用：集宁；大同并行段" in card
    assert card.count("仍共用") == 1
    assert card.count("没有这样的两条路由") == 2  # neither by nodes nor by distance
    assert backbone.locator(".pair[data-pair=jining] .apart").count() == 0


# ---------------------------------------------------------------------------- classes


def test_class_badges_are_the_tables(backbone, tables):
    titles = {one.class_id: one.title_zh for one in tables.info.classes}
    trips = tables.latency[tables.latency["from_id"].isin(tables.layers["nodes"]["node_id"])]
    seen = set()
    for row in trips.itertuples():
        _choose(backbone, row.to_id)
        badges = backbone.locator(f"#backbone .latency-row[data-from={row.from_id}] .badge")
        sure = None if pd.isna(row.class_id) else row.class_id
        best = None if pd.isna(row.class_best_id) else row.class_best_id
        wanted = [titles[sure]] if sure else []
        wanted += [f"最好：{titles[best]}"] if best and best != sure else []
        assert badges.all_inner_texts() == (wanted or ["超出各等级"])
        seen.add((sure is not None, best is not None, best == sure))
    # Sure alone, sure and better at best, at best alone, none: the tables hold all four.
    assert len(seen) == 4


def test_a_round_trip_bears_its_ratio_and_its_parts(backbone, tables):
    row = tables.latency.query("from_id == 'jining' and to_id == 'beijing'").iloc[0]
    shown = backbone.locator("#backbone .latency-row[data-from=jining]")
    assert f"3 ms × {row['floor_ratio']:g}" in shown.inner_text()
    title = shown.locator(".latency-value").get_attribute("title")
    for name in ("rtt_ms", "glass_rtt_ms", "equipment_rtt_ms", "one_way_ms"):
        assert str(row[name]) in title
    assert "光纤" in title
    assert "设备" in title


def test_a_park_without_a_node_says_so_and_bears_no_class(page):
    page.evaluate("steppe.change({site: 'huawei', cable: null}, {origin: 'map'})")
    row = page.locator("#card .latency-row")
    assert "未知" in row.inner_text()
    assert "来源未说明其节点" in row.inner_text()
    assert "3.1 ms" in row.inner_text()
    assert row.locator(".badge").count() == 0


def test_a_ranked_park_lists_the_parks_nearest_by_round_trip(page):
    page.locator("li[data-site=horinger] button").click()
    # Of a pair the table holds one direction: one row leads from here, the other to here.
    assert _ids(page, "#card [data-near]", "data-near") == ["zgc", "chifeng"]
    near = page.locator("#card [data-near=zgc]")
    assert "2.25 ms" in near.inner_text()
    assert near.locator(".badge").all_inner_texts() == ["近处（<5 ms）"]
    near.locator("button").click()
    assert page.locator("#card h2").inner_text() == "乌兰察布中关村科技产业园"


# ---------------------------------------------------------------------------- cuts


@pytest.mark.parametrize("target", ["beijing", "ulaanbaatar"])
def test_the_worst_cuts_stand_in_the_order_of_the_table(backbone, tables, target):
    _choose(backbone, target)
    ranked = tables.cuts.query("to_id == @target").dropna(subset="rank").sort_values("rank")
    for units in (1, 2):
        wanted = ranked[ranked["n_units"] == units]
        rows = f".cuts[data-units='{units}'] li"
        assert _ids(backbone, rows, "data-cut") == wanted["cut_id"].tolist()
        shown = backbone.locator(f"{rows} .rank").all_inner_texts()
        assert shown == [str(rank) for rank in wanted["rank"]]


def test_a_cut_says_what_it_does(backbone):
    first = backbone.locator('li[data-cut="corridor:hohhot_jining"]').inner_text()
    assert "3 个园区失联：呼和浩特" in first
    assert "2 个园区变慢，最重：集宁 3.9 → 8.25 ms" in first
    second = backbone.locator('li[data-cut="cable:jining_beijing_2"]').inner_text()
    assert "失联" not in second


def test_a_cut_marks_whom_routing_finds_cut_off_and_slower_and_clears(
    backbone, tables, trips_without
):
    for target in tables.info.targets:
        _choose(backbone, target)
        for row in tables.cuts.query("to_id == @target").dropna(subset="rank").itertuples():
            button = backbone.locator(f'li[data-cut="{row.cut_id}"] button')
            button.click()
            assert button.get_attribute("aria-pressed") == "true"
            before = trips_without(target, set()).dropna()
            after = trips_without(target, set(row.cables.split()))[before.index]
            assert _marked(backbone) == {
                "data-fallen": set(row.cables.split()),
                "data-isolated": set(before.index[after.isna()]),
                "data-slowed": set(before.index[after > before]),
                "data-on-route": set(),
            }
            button.click()
            assert button.get_attribute("aria-pressed") == "false"
            assert set().union(*_marked(backbone).values()) == set()
            assert backbone.locator("#mark").is_hidden()


def test_marks_follow_the_map(backbone):
    backbone.locator('li[data-cut="corridor:hohhot_jining"] button').click()
    for zoom in (6, 9):
        backbone.evaluate(f"void steppe.map.setView([40.8, 112.0], {zoom}, {{animate: false}})")
        apart = backbone.evaluate(
            """() => {
              const middle = (selector) => {
                const box = document.querySelector(selector).getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
              };
              const [a, b] = [middle('[data-isolated=horinger]'), middle('path[data-park=horinger]')];
              return Math.hypot(a[0] - b[0], a[1] - b[1]);
            }"""
        )
        assert apart < 2.0


def test_keys_alone_choose_a_cut_and_escape_clears_it(backbone):
    button = backbone.locator(".cuts li button").first
    button.focus()
    backbone.keyboard.press("Enter")
    assert backbone.locator(FALLEN).count() == 3
    assert button.evaluate("one => one === document.activeElement")
    backbone.keyboard.press("Escape")
    assert backbone.locator(FALLEN).count() == 0
    assert backbone.evaluate("location.hash") == ""
    backbone.keyboard.press("Space")
    assert backbone.locator(FALLEN).count() == 3


def test_escape_closes_the_card_before_it_clears_a_cut(backbone):
    backbone.locator(".cuts li button").first.click()
    backbone.locator("li[data-site=zgc] button").click()
    assert backbone.locator(FALLEN).count() == 3
    backbone.keyboard.press("Escape")
    assert backbone.locator("#card").is_hidden()
    assert backbone.locator(FALLEN).count() == 3
    backbone.keyboard.press("Escape")
    assert backbone.locator(FALLEN).count() == 0


def test_a_cable_and_a_route_are_never_lit_together_and_lift_no_cut(backbone):
    backbone.locator("li[data-cable=mongolia] button").click()
    backbone.locator(".cuts li button").first.click()
    assert backbone.locator("path.chosen-line, path.on").count() == 0
    backbone.locator("[data-route]").first.click()
    assert backbone.locator(FALLEN).count() == 3
    backbone.locator("li[data-cable=mongolia] button").click()
    assert _ids(backbone, "path.on", "data-cable") == ["mongolia"]
    assert backbone.locator("[data-route][aria-pressed=true]").count() == 0
    assert backbone.locator(FALLEN).count() == 3


@pytest.mark.parametrize("kind", ["cut", "route"])
def test_a_mark_is_part_of_the_address(backbone, visit, kind):
    button = ".cuts[data-units='2'] li button" if kind == "cut" else "[data-route]"
    backbone.locator(button).last.click()
    again = visit(backbone.evaluate("location.href"))
    assert _marked(again) == _marked(backbone)
    assert any(_marked(again).values())
    assert again.locator("#mark").inner_text() == backbone.locator("#mark").inner_text()


@pytest.mark.parametrize(
    "address",
    ["cut=none&to=nowhere", "cut=constructor", "cut=cable:constructor", "cut=circle:1,2",
     "route=hohhot cables 9"],
)  # fmt: skip
def test_a_mark_that_the_tables_do_not_know_is_none(visit, page_uri, address):
    odd = visit(f"{page_uri}#{address}")
    assert set().union(*_marked(odd).values()) == set()
    assert odd.locator("#mark").is_hidden()


def test_a_cut_stays_under_another_target_and_speaks_of_it(backbone, trips_without):
    backbone.locator(".cuts li button").first.click()
    fallen = _marked(backbone)["data-fallen"]
    _choose(backbone, "ulaanbaatar")
    assert _marked(backbone)["data-fallen"] == fallen
    before, after = (trips_without("ulaanbaatar", some) for some in (set(), fallen))
    cut_off = set(before.index[before.notna() & after.isna()])
    assert _marked(backbone)["data-isolated"] == cut_off
    assert "乌兰巴托" in backbone.locator("#cut-result").inner_text()


def test_a_fallen_cable_is_drawn_unlike_any_other(backbone):
    backbone.locator(".cuts li button").first.click()
    fallen = backbone.locator(FALLEN).first
    style = fallen.evaluate(
        "one => [getComputedStyle(one).stroke, one.getAttribute('stroke-dasharray')]"
    )
    assert style == ["rgb(198, 39, 24)", "5 4"]
    others = backbone.locator("path[data-cable]").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).stroke)"
    )
    assert style[0] not in others


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (400, 800)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_mark_lies_on_nothing_and_nothing_overflows(visit, page_uri, width, height, lang):
    page = visit(f"{page_uri}#lang={lang}", width=width, height=height)
    page.evaluate("steppe.unfoldAll(document.querySelector('.panel'))")
    page.locator(".cuts[data-units='2'] li button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "(() => { const p = document.querySelector('.panel'); return p.scrollWidth <= p.clientWidth; })()"
    )
    boxes = {
        name: page.locator(name).bounding_box() for name in ("#mark", "#note", "#legend", ".stage")
    }
    mark, note, legend, stage = boxes.values()
    assert stage["y"] <= mark["y"]
    assert mark["y"] + mark["height"] <= note["y"]
    assert mark["x"] + mark["width"] <= stage["x"] + stage["width"]
    assert legend["y"] + legend["height"] <= mark["y"]
    # On a narrow page the map is scrolled into view, so that the mark is seen.
    assert 0 <= mark["y"] < height


def test_paper_bears_the_mark(backbone):
    backbone.locator(".cuts li button").first.click()
    inside = backbone.evaluate(
        """() => {
          window.dispatchEvent(new Event("beforeprint"));
          const box = (id) => document.getElementById(id).getBoundingClientRect();
          const map = document.querySelector(".map").getBoundingClientRect();
          const seen = [document.getElementById("mark").checkVisibility(),
            map.bottom <= box("mark").top && box("mark").bottom <= box("note").top,
            box("paper-sources").bottom <= document.querySelector(".stage").getBoundingClientRect().bottom];
          window.dispatchEvent(new Event("afterprint"));
          return seen;
        }"""
    )
    assert inside == [True, True, True]


# ---------------------------------------------------------------------------- method


def test_published_round_trips_stand_beside_rule_and_model(page, tables):
    page.evaluate("steppe.openSection('method-section')")
    for row in tables.calibration.itertuples():
        text = page.locator(f"[data-trip={row.trip_id}]").inner_text()
        assert f"{row.from_zh} – {row.to_zh}" in text
        for number in (row.rtt_ms, row.floor_rtt_ms, row.floor_ratio):
            assert f"{float(f'{number:.3g}'):g}" in text
        residual_pct = 100 * (row.rtt_ms - row.rule_rtt_ms) / row.rtt_ms
        assert f"{residual_pct:+.3g}" in text
        assert tables.sources[row.source_id].attribution in text
    known, unknown = (
        page.locator(f"[data-trip={one}]").inner_text()
        for one in ("beijing_frankfurt", "london_tokyo")
    )
    assert "201" in known
    assert "95.5–181" in known
    # 191.5 ms published, 201.25 by the model.
    assert "−5.09" in known
    assert "–\n" in f"{unknown}\n"
    method = page.locator("#method").inner_text()
    assert "没有呼和浩特至北京的实测往返时延" in method
