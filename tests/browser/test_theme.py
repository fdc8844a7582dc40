"""Light, dark, and the system's own colours: the page follows, and says the same in each."""

from __future__ import annotations

import pytest

from steppe.maps.leaflet import compile_style
from steppe.maps.style import STYLES
from steppe.maps.symbols import pick

pytestmark = pytest.mark.browser

PARKS = next(style for style in STYLES if style.layer == "parks")
GROUND = "getComputedStyle(document.querySelector('.leaflet-container')).backgroundColor"
SHOWN = """() => ({
  theme: document.documentElement.dataset.theme,
  scheme: getComputedStyle(document.documentElement).colorScheme,
  fill: document.querySelector('path[data-park="chifeng"]').getAttribute("fill"),
  stroke: document.querySelector('path[data-park="chifeng"]').getAttribute("stroke"),
  swatch: getComputedStyle([...document.querySelectorAll(".legend .swatch path")][0]).fill,
  label: getComputedStyle(document.querySelector(".label")).color,
})"""


def _signs(tables) -> tuple[dict, dict]:
    parks = tables.layers["parks"]
    row = parks[parks["park_id"] == "chifeng"].iloc[0].to_dict()
    rules = {rule["id"]: rule["symbol"] for rule in compile_style(PARKS)["rules"]}
    symbol = rules[pick(PARKS, row).rule_id]
    light = {"fill": symbol["fill"], "stroke": symbol["stroke"]}
    return light, dict(zip(("fill", "stroke"), symbol["dark"], strict=True))


def _system(page, scheme: str, *, follows: bool = True) -> None:
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "scheme => matchMedia(`(prefers-color-scheme: ${scheme})`).matches", arg=scheme
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    if follows:
        # The page hears of it with a later frame where the machine is busy.
        page.wait_for_function(
            "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
        )


def test_the_page_follows_the_system_until_a_theme_is_chosen(visit, page_uri, tables):
    page = visit(page_uri, color_scheme="dark")
    light, dark = _signs(tables)
    first = page.evaluate(SHOWN)
    assert (first["theme"], first["scheme"]) == ("dark", "dark")
    assert {name: first[name] for name in dark} == dark
    _system(page, "light")
    second = page.evaluate(SHOWN)
    assert (second["theme"], second["scheme"]) == ("light", "light")
    assert {name: second[name] for name in light} == light
    for name in ("swatch", "label"):
        assert first[name] != second[name]
    _system(page, "dark")
    assert page.evaluate(SHOWN) == first
    # Chosen, it stays whatever the system does, and a link carries it.
    page.locator("#theme button").click()
    assert page.evaluate(SHOWN) == second
    page.wait_for_function("hash => location.hash === hash", arg="#theme=light")
    page.locator("#theme button").click()
    _system(page, "light", follows=False)
    assert page.evaluate(SHOWN)["theme"] == "dark"
    page.wait_for_function("hash => location.hash === hash", arg="#theme=dark")
    # Paper is white.
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(SHOWN)["fill"] == light["fill"]
    assert page.evaluate(GROUND) == "rgb(246, 244, 238)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(SHOWN)["theme"] == "dark"
    page.wait_for_function("hash => location.hash === hash", arg="#theme=dark")
    page.locator("#theme button").click()
    page.wait_for_function("hash => location.hash === hash", arg="")
    assert page.evaluate(SHOWN)["theme"] == "light"


def test_every_layer_is_drawn_anew_in_the_dark(visit, page_uri):
    page = visit(f"{page_uri}#lang=en")
    page.evaluate(
        "steppe.change({layers: new Set([...document.querySelectorAll('[data-layer]')]"
        ".map((one) => one.dataset.layer))})"
    )
    painted = """() => [...document.querySelectorAll(".leaflet-pane[class*=steppe-]")].map((pane) =>
      [pane.className, [...pane.querySelectorAll("path:not(.unseen, .leader, .graticule path)")].map((one) =>
        one.getAttribute("stroke") + one.getAttribute("fill")).join()])"""
    light = dict(page.evaluate(painted))
    page.evaluate("steppe.change({theme: 'dark'})")
    dark = dict(page.evaluate(painted))
    drawn = {name for name, colours in light.items() if colours}
    assert len(drawn) > 15
    assert {name for name in drawn if light[name] == dark[name]} == set()
    page.evaluate("steppe.change({theme: 'light'})")
    assert dict(page.evaluate(painted)) == light


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_below_every_cable_lies_a_wider_band_of_the_grounds_colour(visit, page_uri, theme):
    page = visit(f"{page_uri}#theme={theme}")
    seen = page.evaluate(
        """() => {
          const paths = [...document.querySelectorAll(".leaflet-steppe-fibre-pane path:not(.unseen)")];
          const told = (path) => [path.getAttribute("d"), parseFloat(getComputedStyle(path).strokeWidth)];
          const colour = (path) => getComputedStyle(path).stroke;
          const bands = paths.filter((path) => path.matches(".casing"));
          return {
            bands: bands.map(told), cables: paths.slice(bands.length).map(told),
            below: paths.slice(0, bands.length).every((path) => path.matches(".casing")),
            colours: [...new Set(bands.map(colour))],
            opacities: [...new Set(bands.map((path) => getComputedStyle(path).strokeOpacity))],
          };
        }"""
    )
    assert seen["below"]
    assert len(seen["cables"]) == len(seen["bands"]) > 5
    for (line, width), (band, wide) in zip(seen["cables"], seen["bands"], strict=True):
        assert band == line
        assert wide >= width + 2
    assert seen["opacities"] == ["1"]
    assert seen["colours"] == [{"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 27)"}[theme]]


def test_in_the_systems_own_colours_nothing_speaks_by_its_ground_alone(visit, page_uri):
    page = visit(page_uri, forced_colors="active")
    page.evaluate("steppe.unfoldAll()")
    page.locator("li[data-site=horinger] button").click()
    bare = page.evaluate(
        """() => [...document.querySelectorAll(".badge, .tag, .verdict, .warning, .legend, .card, .note")]
          .filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
          .map((one) => one.className)"""
    )
    assert bare == []
    # Bars, chips and the map keep their colours, which are all that tells them apart.
    kept = page.evaluate(
        """() => {
          const ground = (one) => getComputedStyle(one).backgroundColor;
          const chips = [...document.querySelectorAll("#weights .chip, #ranking .piece")].map(ground);
          const marker = document.querySelector('path[data-park="horinger"]');
          return [new Set(chips).size, ground(document.querySelector(".leaflet-container")), getComputedStyle(marker).fill];
        }"""
    )
    assert kept[0] >= 2
    assert kept[1] == "rgb(246, 244, 238)"
    assert kept[2] == "rgb(0, 72, 148)"
    chosen = page.locator("li[data-site=horinger] .row")
    assert chosen.evaluate("(one) => getComputedStyle(one).outlineStyle") == "solid"


def test_meridians_and_parallels_are_drawn_on_wish_where_they_lie(visit, page_uri):
    page = visit(f"{page_uri}#show=graticule&lang=en")
    page.evaluate("void steppe.map.setView([40.6, 111.4], 7, {animate: false})")
    told = page.evaluate(
        """() => [...document.querySelectorAll(".degrees")].map((one) => {
          const box = one.getBoundingClientRect(), frame = steppe.map.getContainer().getBoundingClientRect();
          const at = steppe.map.containerPointToLatLng([box.x + box.width / 2 - frame.x, box.y + box.height / 2 - frame.y]);
          return [one.textContent, one.matches(".meridian") ? at.lng : at.lat];
        })"""
    )
    assert len(told) > 6
    for text, degrees in told:
        assert float(text[:-2]) == pytest.approx(degrees, abs=0.05)
        assert float(text[:-2]) % 1 == 0
    assert {text[-1] for text, _ in told} == {"E", "N"}
    page.evaluate("steppe.change({layers: new Set()})")
    assert page.locator(".degrees, .graticule path").count() == 0
