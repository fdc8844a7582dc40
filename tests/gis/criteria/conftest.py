"""The published tables that the cooling model is held against."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def published(datasets) -> Path:
    """The authors' ranges and results, beside the open data."""
    folder = datasets.parent / "reference"
    if not folder.is_dir():
        reason = "the published tables do not lie beside the open datasets"
        if os.environ.get("STEPPE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
