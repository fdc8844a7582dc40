"""Silence while a library reads a file of somebody's: what is wrong is told in one line of ours."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2


@contextmanager
def quiet() -> Iterator[None]:
    """Keep warnings, and what C libraries write past Python, from the terminal.

    libtiff writes some of its errors straight to file descriptor 2, and rasterio's own logger
    fails at messages that are not in UTF-8, which Python reports as unraisable.
    """
    try:
        kept = os.dup(_STDERR)
    except OSError:  # closed: nobody listens
        yield
        return
    hook = sys.unraisablehook
    with open(os.devnull, "wb") as nothing, warnings.catch_warnings():  # noqa: PTH123 (no path)
        warnings.simplefilter("ignore")
        os.dup2(nothing.fileno(), _STDERR)
        sys.unraisablehook = lambda _: None
        try:
            yield
        finally:
            sys.unraisablehook = hook
            os.dup2(kept, _STDERR)
            os.close(kept)
