"""Opening a file with an opener of the catalogue, as the command does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from steppe.layers.openers.catalogue import OPENERS
from steppe.layers.openers.fetched import Asked, Fetched
from steppe.layers.openers.writing import write_layer

BOX = (110.0, 40.0, 114.0, 42.0)
Opened = Callable[..., Fetched]


@pytest.fixture
def opened(tmp_path_factory) -> Opened:
    """Return what an opener makes of files; every layer is read back as a plan does."""

    def make(name: str, *files: Path, box=BOX, only=(), **asked) -> Fetched:
        opener = OPENERS[name]
        wanted = frozenset(only or opener.makes)
        parks = asked.pop("parks", {})
        found = opener.open(files, Asked(box, wanted, parks, **asked), opener.origin)
        for layer in found.layers:
            if layer.frame.empty:
                continue
            path = tmp_path_factory.mktemp("written") / "layer.gpkg"
            read = write_layer(path, layer.name, layer.frame, as_of=found.as_of.isoformat())
            assert len(read) == len(layer.frame)
            assert set(layer.frame["source_id"]) <= {opener.origin.source_id}
        return found

    return make


@pytest.fixture
def layer(opened) -> Callable[..., object]:
    """Return the one layer that an opener makes of files."""

    def make(name: str, *files: Path, **asked) -> object:
        (found,) = opened(name, *files, **asked).layers
        return found

    return make
