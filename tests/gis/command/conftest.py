"""The command run as a user runs it, and a plan of one's own to break."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RUN = "from gis.command.app import main; main()"

Steppe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def steppe(tmp_path: Path) -> Steppe:
    """Run `steppe` in an empty folder; returns the finished process."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", RUN, *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )  # fmt: skip

    return run


@pytest.fixture
def own_plan(tmp_path: Path, pack: Path) -> Path:
    """A copy of the default plan in a folder of the user's; returns its plan.toml."""
    shutil.copytree(pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"
