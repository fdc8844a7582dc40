"""What the map costs in Chromium, beside plain folium with the same features, in one run.

    python tests/benchmarks/page.py                       # the default plan
    python tests/benchmarks/page.py 2000/5000/10000       # a plan of growth.py, which takes minutes to build
    python tests/benchmarks/page.py PLAN                  # any plan.toml or its folder
    python tests/benchmarks/page.py --keep FOLDER PLAN    # pages that are there already are not made again

Both pages hold the features that ours carries, and a line is printed only after both were found
to hold as many.  Plain folium is `folium.GeoJson` with a tooltip of the names for each layer, markers
as circles, what ours hides at first hidden; its files of the network are put into it, as in ours.

Times are seconds of CPU of the page's own thread, and beside them those of the clock: on a busy
machine the clock tells of the others' work.  `interactive` is the time from the opening until the
map stands and, of ours, the first ranks; `slider` from the event to the end of the next frame, the
median of six, each begun at rest; `zoom` the same for three steps in and three out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
from growth import Size, say, write_made_plan
from playwright.sync_api import CDPSession, Page, sync_playwright
from xstatic.pkg import leaflet

import steppe
from steppe.layers.crs import PAGE_CRS
from steppe.layers.tables import PlanTables
from steppe.maps.page import render_page
from steppe.maps.page_points import find_shown
from steppe.maps.style import STYLES

PACK = Path(__file__).parents[2] / "data" / "inner_mongolia"
CHROMIUM = "/usr/bin/chromium"
PATIENCE_S = 300
SETTLED_MS = 1000  # what was drawn before is on the screen, and the map no longer moves to its view
WINDOW = {"width": 1366, "height": 768}
FRAME = """const frame = () => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done();
  channel.port2.postMessage(0);
}));"""
# When the map stands, and of ours the first ranks: told at the end of the frame that shows them.
READY = """(() => {
  const look = () => {
    let ready = false;
    try { ready = window.steppe ? window.steppe.map && document.querySelector("#ranking li") : window.plainMap; } catch {}
    if (!ready) return requestAnimationFrame(look);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.readyAt = performance.now(); };
    channel.port2.postMessage(0);
  };
  requestAnimationFrame(look);
})();"""
SLIDE = f"""async (k) => {{ {FRAME}
  const slider = document.querySelectorAll("#weights input[type=range]")[k % 3];
  const begun = performance.now();
  slider.value = String((Number(slider.value) + 7) % 100);
  slider.dispatchEvent(new Event("input", {{ bubbles: true }}));
  await frame();
  return performance.now() - begun;
}}"""
ZOOM = f"""async (step) => {{ {FRAME}
  const map = window.steppe ? window.steppe.map : window.plainMap;
  const begun = performance.now(), before = map.getZoom();
  map.setZoom(before + step, {{ animate: false }});
  await frame();
  if (map.getZoom() === before) throw new Error("the map did not zoom");
  return performance.now() - begun;
}}"""
COUNT = """() => {
  if (window.steppe) return Object.values(window.steppe.picks()).flat().length;
  let n = 0;
  const walk = (layer) => (layer.eachLayer && !layer.feature ? layer.eachLayer(walk) : n += 1);
  window.plainLayers.forEach(walk);
  return n;
}"""


@dataclass(frozen=True)
class Times:
    """Milliseconds of one kind of step: of the page's thread, and of the clock."""

    cpu_ms: float
    clock_ms: float

    def __str__(self) -> str:
        return f"{self.cpu_ms:.0f} ({self.clock_ms:.0f})"


def shown_layers(tables: PlanTables) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers as our page carries them, with their names, in the page's coordinates."""
    layers = {}
    for style in STYLES:
        if style.layer not in tables.layers:
            continue
        frame = tables.layers[style.layer]
        if style.page_km:
            frame = frame[find_shown(frame, style, tables.layers["parks"])[0]]
        names = [name for name in ("name_zh", "name_en", "name") if name in frame.columns]
        layers[style.layer] = frame[[*names, frame.geometry.name]].to_crs(PAGE_CRS)
    return layers


def render_plain(tables: PlanTables) -> str:
    """Return a page of plain folium with the same features, its files of the network put in."""
    west, south, east, north = tables.info.view
    plain = folium.Map(tiles=None)
    plain.fit_bounds([[south, west], [north, east]])
    groups = []
    for style in STYLES:
        frame = shown_layers(tables).get(style.layer)
        if frame is None or frame.empty:
            continue
        names = [name for name in frame.columns if name != frame.geometry.name]
        group = folium.FeatureGroup(name=style.layer, show=style.visible)
        folium.GeoJson(
            frame.to_json(),
            marker=folium.CircleMarker(radius=4),
            tooltip=folium.GeoJsonTooltip(names) if names else None,
            style_function=lambda _: {"weight": 2},
        ).add_to(group)
        group.add_to(plain)
        groups.append(group.get_name())
    folium.LayerControl().add_to(plain)
    html = plain.get_root().render()
    script = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text(encoding="utf-8")
    script = script.replace("</script", "<\\/script")
    html = re.sub(r'<script src="[^"]*"></script>|<link rel="stylesheet" href="[^"]*"/>', "", html)
    told = f"window.plainLayers = [{', '.join(groups)}]; window.plainMap = {plain.get_name()};"
    html = html.replace("<head>", f"<head><script>{script}</script>", 1)
    return html.replace("</html>", f"<script>{told}</script></html>")


def measure(client: CDPSession, step: Any) -> Times:
    """Measure one step: what it returns is milliseconds of the clock."""
    before = read_metrics(client)["TaskDuration"]
    clock_ms = step()
    return Times(1000.0 * (read_metrics(client)["TaskDuration"] - before), clock_ms)


def take_step(client: CDPSession, page: Page, script: str, by: float) -> Times:
    """Measure a step of a page at rest: a frame waits until the one before it is drawn."""
    page.wait_for_timeout(SETTLED_MS)
    return measure(client, lambda: page.evaluate(script, by))


def read_metrics(client: CDPSession) -> dict[str, float]:
    """Read the browser's own measures of the page."""
    return {one["name"]: one["value"] for one in client.send("Performance.getMetrics")["metrics"]}


def middle(times: list[Times]) -> Times:
    """Return the median of several steps."""
    return Times(
        statistics.median(one.cpu_ms for one in times),
        statistics.median(one.clock_ms for one in times),
    )


def open_page(page: Page, path: Path) -> float:
    """Open a page and return when it was ready, ms after its opening."""
    page.goto(path.as_uri())
    given_up = time.monotonic() + PATIENCE_S
    while not page.evaluate("window.readyAt || 0"):
        if time.monotonic() > given_up:
            sys.exit(f"{path}: no map after {PATIENCE_S} s")
        time.sleep(0.05)
    return float(page.evaluate("window.readyAt"))


def examine(browser: Any, path: Path) -> tuple[int, str]:
    """Return how many features a page holds, and its figures in a line of the table."""
    context = browser.new_context(viewport=WINDOW, offline=True, locale="en-IE")
    context.set_default_timeout(600_000)
    page = context.new_page()
    page.add_init_script(READY)
    client = context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    opened = measure(client, lambda: open_page(page, path))
    n_features = int(page.evaluate(COUNT))
    slid = "–"
    if page.locator("#weights input").count():
        slid = str(middle([take_step(client, page, SLIDE, k) for k in range(6)]))
    steps = (0.75, 0.75, 0.75, -0.75, -0.75, -0.75)
    zoomed = middle([take_step(client, page, ZOOM, by) for by in steps])
    client.send("HeapProfiler.enable")
    client.send("HeapProfiler.collectGarbage")
    heap_mb = read_metrics(client)["JSHeapUsedSize"] / 1e6
    context.close()
    size_mb = path.stat().st_size / 1e6
    return n_features, f"{size_mb:.1f} | {opened} | {slid} | {zoomed} | {heap_mb:.0f}"


def make_pages(name: str, folder: Path) -> dict[str, Path]:
    """Write both pages of a plan, or of a made one of a size, unless they are there."""
    paths = {"ours": folder / "ours.html", "plain folium": folder / "folium.html"}
    if all(path.is_file() for path in paths.values()):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    plan = Path(name)
    if re.fullmatch(r"\d+/\d+/\d+", name):
        plan = folder / "plan"
        plan.mkdir()
        write_made_plan(plan, Size.read(name))
    tables = steppe.open_plan(plan).tables
    paths["ours"].write_text(render_page(tables), encoding="utf-8")
    paths["plain folium"].write_text(render_plain(tables), encoding="utf-8")
    return paths


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("plans", nargs="*", default=[str(PACK)])
    parser.add_argument("--keep", type=Path, help="folder in which the pages stay")
    asked = parser.parse_args()
    say(f"{os.cpu_count()} cores, {platform.machine()}; folium {folium.__version__}.\n")
    say("| plan | features | page | MB | interactive, ms | slider, ms | zoom, ms | heap, MB |")
    say("| -- | -- | -- | -- | -- | -- | -- | -- |")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for number, name in enumerate(asked.plans):
            pages = make_pages(name, (asked.keep or Path(scratch)) / str(number))
            lines = {kind: examine(browser, path) for kind, path in pages.items()}
            counts = {kind: n for kind, (n, _) in lines.items()}
            if len(set(counts.values())) > 1:
                sys.exit(f"{name}: not the same features: {json.dumps(counts)}")
            for kind, (n, figures) in lines.items():
                say(f"| {name} | {n} | {kind} | {figures} |")
        browser.close()


if __name__ == "__main__":
    main()
