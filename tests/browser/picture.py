"""The picture of the map in the README: `python tests/browser/picture.py map.html docs/map.png`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1600, 1000
MOST_BYTES = 400_000
# Colours of the picture; two shades more or less cannot be told apart.
N_COLOURS = 256
CHROMIUM = "/usr/bin/chromium"


def take(page_file: Path) -> bytes:
    """Return what the page shows in a window as it opens, in English and light, as PNG."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="en-US",
            color_scheme="light",
            reduced_motion="reduce",
            offline=True,
        ).new_page()
        page.goto(page_file.resolve().as_uri())
        page.wait_for_function("() => window.steppe?.map")
        # Two frames, so that all that follows the opening is drawn.
        page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        page.wait_for_function("() => [...document.images].every((one) => one.complete)")
        picture = page.screenshot(animations="disabled", caret="hide")
        browser.close()
    return picture


def shrink(picture: bytes) -> bytes:
    """Return a PNG of few colours."""
    import io  # noqa: PLC0415

    from PIL import Image  # noqa: PLC0415

    shown = Image.open(io.BytesIO(picture)).convert("RGB")
    few = shown.quantize(N_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def main() -> None:
    """Write the picture, and refuse one that is too large for a README."""
    page_file, target = (Path(each) for each in sys.argv[1:3])
    picture = shrink(take(page_file))
    if len(picture) > MOST_BYTES:
        sys.exit(f"{target}: {len(picture)} bytes, over {MOST_BYTES}")
    target.write_bytes(picture)


if __name__ == "__main__":
    main()
