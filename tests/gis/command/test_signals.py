"""A build that is asked to end: nothing is left, the old folder stands, the code says why."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# A command that builds until it is ended, run as `steppe` runs its own.
BUILD = """
import sys, time
from pathlib import Path
from steppe.outputs.publishing import publish
from steppe.command.app import app, main

@app.command()
def linger() -> None:
    with publish(Path("o")) as staging:
        (staging / "map.html").write_text("half")
        print("begun", flush=True)
        # Short naps: a signal that comes just before a sleep begins is heard when it ends.
        while True:
            time.sleep(0.05)

sys.argv = ["steppe", "linger"]
main()
"""


@pytest.fixture
def lingering(tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    def start(*before: str) -> subprocess.Popen[str]:
        build = subprocess.Popen(
            [*before, sys.executable, "-c", BUILD],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert build.stdout is not None
        while (line := build.stdout.readline()) and line != "begun\n":
            pass
        assert (tmp_path / ".o.steppe-new" / "map.html").exists()
        return build

    return start


def test_ctrl_c_leaves_nothing_and_says_so_in_one_line(lingering, tmp_path: Path) -> None:
    build = lingering()
    build.send_signal(signal.SIGINT)
    build.send_signal(signal.SIGINT)
    _, said = build.communicate(timeout=300)
    assert build.returncode == 128 + signal.SIGINT
    assert said == "steppe: stopped; no output is half written\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_build_that_is_asked_to_end_leaves_nothing(lingering, tmp_path: Path, ending) -> None:
    build = lingering()
    build.send_signal(ending)
    _, said = build.communicate(timeout=300)
    assert build.returncode == 128 + ending
    assert said == ""
    assert list(tmp_path.iterdir()) == []


def test_two_signals_at_once_leave_nothing(lingering, tmp_path: Path) -> None:
    build = lingering()
    build.send_signal(signal.SIGHUP)
    build.send_signal(signal.SIGTERM)
    _, said = build.communicate(timeout=300)
    assert said == ""
    assert build.returncode in {128 + signal.SIGHUP, 128 + signal.SIGTERM}
    assert list(tmp_path.iterdir()) == []


def test_what_nohup_lets_pass_is_let_pass(lingering, tmp_path: Path) -> None:
    build = lingering("nohup")
    build.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        build.wait(timeout=0.5)
    build.send_signal(signal.SIGTERM)
    build.communicate(timeout=300)
    assert build.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
