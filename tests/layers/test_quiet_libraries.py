"""Nothing that a library writes comes to the terminal, and what was open stays open."""

import logging
import os
import sys
import warnings
from pathlib import Path

import pytest

from steppe.layers.quiet_libraries import quiet

DESCRIPTORS = Path("/proc/self/fd")


def test_nothing_is_heard_within_and_everything_after(capfd) -> None:
    with quiet():
        os.write(2, b"from C\n")
        warnings.warn("a warning", stacklevel=1)
    assert capfd.readouterr() == ("", "")
    os.write(2, b"again\n")
    assert capfd.readouterr().err == "again\n"


def test_an_error_passes_and_all_is_as_before() -> None:
    hook, n_open = sys.unraisablehook, len(list(DESCRIPTORS.iterdir()))
    with pytest.raises(ZeroDivisionError), quiet():
        _ = 1 / 0
    assert sys.unraisablehook is hook
    assert len(list(DESCRIPTORS.iterdir())) == n_open


def test_the_logger_of_rasters_has_a_handler_that_says_nothing() -> None:
    """Without one, Python writes warnings of a library to the terminal by itself."""
    import steppe.layers.rasters  # noqa: F401, PLC0415

    handlers = logging.getLogger("rasterio").handlers
    assert any(isinstance(each, logging.NullHandler) for each in handlers)
