"""The desk for cuts: whatever one may cut, by mouse and by keyboard, and what follows from it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SOUTH = {"hohhot_beijing_1", "hohhot_beijing_2", "hohhot_beijing_3"}
FALLEN = "steppe.cutOutcome()?.graph.cables.filter((_, i) => steppe.cutOutcome().fallen[i]) ?? []"


@pytest.fixture(scope="module")
def _shared_desk(visit_once, page_uri):
    return visit_once(f"{page_uri}#lang=zh")


@pytest.fixture
def desk(_shared_desk):
    _shared_desk.evaluate("steppe.change({cuts: [], site: null, cable: null, target: 'beijing'})")
    return _shared_desk


def _fallen(page) -> set[str]:
    return set(page.evaluate(FALLEN))


def test_a_name_found_and_entered_is_cut_and_its_chip_restores_it(desk):
    field = desk.locator("#cut-field")
    field.click()
    desk.keyboard.type("nobody")
    assert desk.locator("#cut-list [role=option]").count() == 1
    desk.keyboard.press("Enter")
    assert desk.evaluate("steppe.state.cuts") == ["operator:nobody"]
    assert _fallen(desk) == {"erenhot_exit"}
    assert "cut=operator" in desk.evaluate("location.hash")
    desk.locator(".cut-chip[data-unit='operator:nobody'] button").click()
    assert _fallen(desk) == set()
    assert desk.locator(".cut-chip").count() == 0


def test_arrows_walk_the_list_and_escape_closes_it(desk):
    desk.locator("#cut-field").click()
    desk.keyboard.type("cable")
    n_shown = desk.locator("#cut-list [role=option]").count()
    assert n_shown == 6
    desk.keyboard.press("ArrowDown")
    wanted = desk.locator("#cut-list [aria-selected=true]").get_attribute("data-unit")
    desk.keyboard.press("Escape")
    assert desk.locator("#cut-list").is_hidden()
    assert desk.evaluate("steppe.state.cuts") == []
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert desk.locator("#cut-list [aria-selected=true]").get_attribute("data-unit") == wanted
    desk.keyboard.press("Enter")
    assert desk.evaluate("steppe.state.cuts") == [wanted]
    desk.locator("#cut-field").fill("")
    desk.keyboard.press("Escape")


def test_a_card_cuts_its_cable_and_restores_it(desk):
    desk.evaluate("steppe.change({cable: 'mongolia', site: null}, {origin: 'map'})")
    button = desk.locator("#card [data-cut-this]")
    button.click()
    assert _fallen(desk) == {"mongolia"}
    assert button.get_attribute("aria-pressed") == "true"
    assert button.evaluate("one => one === document.activeElement")
    button.click()
    assert _fallen(desk) == set()


def test_a_cable_clicked_with_shift_is_cut_and_once_more_restored(desk):
    press = """() => document.querySelector('path[data-cable=mongolia]')
      .dispatchEvent(new MouseEvent('click', {bubbles: true, shiftKey: true}))"""
    desk.evaluate(press)
    assert _fallen(desk) == {"mongolia"}
    assert desk.locator("#card").is_hidden()
    desk.evaluate(press)
    assert _fallen(desk) == set()


@pytest.mark.parametrize(
    ("layer", "name", "unit"),
    [("corridors", "hohhot_jining", "corridor"), ("risks", "city-jining", "risk"),
     ("nodes", "hohhot", "city")],
)  # fmt: skip
def test_cards_of_corridors_risks_and_nodes_cut_what_they_speak_of(desk, layer, name, unit):
    desk.evaluate(
        "([layer, id]) => steppe.change({site: null, cable: null, feature: {layer, id}})",
        [layer, name],
    )
    desk.locator("#card [data-cut-this]").click()
    assert desk.evaluate("steppe.state.cuts") == [f"{unit}:{name}"]
    assert _fallen(desk) == SOUTH


def test_undo_goes_back_step_by_step_and_reset_restores_all(desk):
    # What other tests did can be undone too: the last steps count.
    for cuts in (["cable:mongolia"], ["cable:mongolia", "cable:erenhot_exit"]):
        desk.evaluate("(cuts) => steppe.change({ cuts })", cuts)
    desk.locator("#cut-undo").click()
    assert desk.evaluate("steppe.state.cuts") == ["cable:mongolia"]
    assert desk.evaluate("document.activeElement.id") == "cut-undo"
    desk.locator("#cut-undo").click()
    assert desk.evaluate("steppe.state.cuts") == []
    desk.evaluate("steppe.change({cuts: ['cable:mongolia', 'city:jining']})")
    desk.locator("#cut-reset").click()
    assert desk.evaluate("steppe.state.cuts") == []
    assert desk.locator("#cut-result").inner_text() == ""


def test_a_circle_is_drawn_by_hand_and_fells_what_is_in_it(desk):
    desk.evaluate("void steppe.map.setView([41.5, 111.5], 6, {animate: false})")
    box = desk.locator(".map").bounding_box()
    at = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    desk.locator("#cut-circle").click()
    desk.mouse.move(*at)
    desk.mouse.down()
    desk.mouse.move(at[0] + 60, at[1])
    desk.mouse.move(at[0] + 90, at[1])
    desk.mouse.up()
    (unit,) = desk.evaluate("steppe.state.cuts")
    lon, lat, km = (float(part) for part in unit.removeprefix("circle:").split(","))
    assert (lon, lat) == pytest.approx((111.5, 41.5), abs=0.02)
    # 90 px at this zoom: 40 075 km round the equator, 256 · 2⁶ px.
    assert km == pytest.approx(90 * 40075 / 256 / 2**6 * 0.749, rel=0.02)
    assert desk.locator(f"path[data-circle='{unit}']").count() == 1
    assert _fallen(desk) >= SOUTH
    assert desk.evaluate("steppe.map.dragging.enabled()") is True
    assert desk.evaluate("steppe.state.site") is None


def test_a_circle_is_given_by_numbers_and_odd_ones_are_refused(desk):
    desk.locator("#cut-circle").click()
    for name, value in (("lon", "111.65"), ("lat", "95"), ("km", "5")):
        desk.locator(f"#cut-{name}").fill(value)
    desk.keyboard.press("Enter")
    assert desk.locator(".cut-circle [role=alert]").is_visible()
    assert desk.evaluate("steppe.state.cuts") == []
    desk.locator("#cut-lat").fill("40.81")
    desk.keyboard.press("Enter")
    assert desk.evaluate("steppe.state.cuts") == ["circle:111.65,40.81,5"]
    assert _fallen(desk) == SOUTH


def test_a_cut_is_told_in_the_desk_in_cards_and_aloud(desk):
    desk.evaluate("steppe.change({cuts: ['corridor:hohhot_jining']})")
    # Every ranked park, three and eight in one place, hangs on Hohhot, whose cables fall.
    rows = desk.locator("#cut-result > table tbody tr")
    assert rows.count() == 5
    assert "失联" in rows.first.inner_text()
    assert "2–3 → 0" in rows.first.inner_text()
    assert "11 个园区失联" in desk.locator("#cut-news").text_content()
    desk.evaluate("steppe.change({site: 'zgc', cable: null}, {origin: 'map'})")
    trip = desk.locator("#card .latency-row[data-to=beijing], #card .latency-row.unknown").first
    assert "切断后失联" in trip.inner_text()
    desk.evaluate("steppe.change({cuts: []})")
    assert "切断后失联" not in desk.locator("#card").inner_text()


def test_cuts_survive_a_link_and_back_lifts_the_last(visit, page_uri):
    page = visit(f"{page_uri}#cut=cable%3Amongolia%2Bcircle%3A113.11%2C41.03%2C2")
    cuts = ["cable:mongolia", "circle:113.11,41.03,2"]
    assert page.evaluate("steppe.state.cuts") == cuts
    page.evaluate("steppe.change({cuts: [...steppe.state.cuts, 'operator:nobody']})")
    page.go_back()
    assert page.evaluate("steppe.state.cuts") == cuts
