"""Pages as PDF, printed by a Chromium of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
)  # fmt: skip
_PATIENCE_S = 300.0  # a browser that hangs is ended; what it prints does not hang on it
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--disable-background-networking",
    "--disable-extensions",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def find_browser() -> str:
    """Return the path of a browser that prints.

    Raises
    ------
    InputError
        Where there is none.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise InputError(
            Problem("--pdf", tell("fault.pdf.no_browser"), tell("fix.install_browser"))
        )
    return found


def print_pdf(page: str) -> bytes:
    """Return a self-contained page as PDF; the browser gets no network and a profile of its own.

    Parameters
    ----------
    page
        HTML.

    Raises
    ------
    InputError
        Where there is no browser, or it prints nothing.
    """
    browser = find_browser()
    # A browser of root has no sandbox; the page has no script and forbids every request.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with TemporaryDirectory(prefix="steppe-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8", newline="\n")
        command = [
            browser,
            *_FLAGS,
            *(["--no-sandbox"] if root else []),
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        with suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, check=False, capture_output=True, timeout=_PATIENCE_S)  # noqa: S603 (no shell; the page is a file of ours)
        if not target.is_file() or not target.stat().st_size:
            what = tell("fault.pdf.not_printed", browser=browser)
            raise InputError(Problem("--pdf", what, tell("fix.print_html")))
        return target.read_bytes()
