"""A grid can be made more or less opaque, by keyboard too, and a link shows it so."""

import pytest

pytestmark = pytest.mark.browser

SLIDER = "input[data-opacity=elevation]"
DRAWN = "() => Number(getComputedStyle(document.querySelector('img.leaflet-image-layer')).opacity)"


def test_a_slider_of_the_legend_fades_a_grid_and_the_address_keeps_it(visit, page_uri):
    page = visit(f"{page_uri}#show=elevation&opacity=elevation:30+slope:900+sky:5&lang=en")
    assert page.evaluate(DRAWN) == pytest.approx(0.3)
    slider = page.locator(SLIDER)
    assert slider.input_value() == "30"
    assert slider.get_attribute("aria-label") == "Opacity: Elevation (m)"
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(DRAWN) == pytest.approx(0.35)
    page.wait_for_function("() => location.hash.includes('opacity=elevation%3A35')")
    page.keyboard.press("Home")
    assert page.evaluate(DRAWN) == 0.0
    # As its style has it, a grid needs no word in the address.
    page.evaluate("steppe.change({fades: {}})")
    assert page.evaluate(DRAWN) == pytest.approx(0.8)
    assert slider.input_value() == "80"
    page.wait_for_function("() => !location.hash.includes('opacity')")
