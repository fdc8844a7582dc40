"""Where the open data and the packs lie, and when a missing part fails a test."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine stalls now and then, which is no fault of an example's.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def pack() -> Path:
    """The default pack."""
    return ROOT / "data" / "inner_mongolia"


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The open data that packs are compiled from, beside the checkout."""
    folder = ROOT.parent / "shared" / "datasets"
    if not folder.is_dir():
        reason = "the open datasets do not lie beside the checkout"
        if os.environ.get("STEPPE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
