"""The command run in this process, and a plan of one's own to break."""

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from steppe.command.app import main

Steppe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def steppe(
    tmp_path: Path,
    process: Steppe,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Steppe:
    """Run `steppe` in an empty folder, and return what a process that ran it would be.

    It is run here, for the imports would take longer than the answer; where the environment
    matters, in a process of its own. `process` always runs one.
    """

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        if environment:
            return process(*arguments, **environment)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["steppe", *arguments])
        capfd.readouterr()
        try:
            with pytest.raises(SystemExit) as ended:
                main()
        finally:
            gc.enable()  # the command does without, and this process goes on
        said = capfd.readouterr()
        code = int(ended.value.code or 0)
        return subprocess.CompletedProcess(["steppe", *arguments], code, said.out, said.err)

    return run


@pytest.fixture
def own_plan(tmp_path: Path, pack: Path) -> Path:
    """A copy of the default plan in a folder of the user's; returns its plan.toml."""
    shutil.copytree(pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"


@pytest.fixture
def own_light_plan(tmp_path: Path, light_pack: Path) -> Path:
    """A copy of the light plan in a folder of the user's; returns its plan.toml."""
    shutil.copytree(light_pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"
