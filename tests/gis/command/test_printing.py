"""What is printed acts on no terminal and fits into every encoding."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from steppe.command.printing import (
    prepare_streams,
    print_table,
    say,
    say_csv,
    say_json,
)
from steppe.outputs.json_rows import make_rows

ROOT = Path(__file__).parents[3]
HOSTILE = "a\x1b[2J\x1b]0;title\x07\rb\x9b31m\u202ec\u2066[red]d[/red]"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch):
    """Print on a standard output of some encoding, and return what came out."""

    def run(encoding: str, *steps) -> str:
        out = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="")
        monkeypatch.setattr(sys, "stdout", out)
        prepare_streams()
        for step in steps:
            step()
        out.flush()
        return out.buffer.getvalue().decode(encoding)

    return run


def _acting(text: str) -> set[str]:
    return {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf"} and sign != "\n"}


def test_no_sign_of_a_name_acts_on_the_terminal(printed) -> None:
    frame = pd.DataFrame({HOSTILE: [HOSTILE], "score": [0.5]})
    shown = printed(
        "utf-8",
        lambda: print_table(frame),
        lambda: say(HOSTILE),
        lambda: say_json(make_rows(frame)),
        lambda: say_csv(pd.DataFrame({"name": [HOSTILE]})),
    )
    assert _acting(shown) == set()
    # Nor is it markup of the printer's own.
    assert shown.count(r"a\x1b[2J\x1b]0;title\x07\rb\x9b31m\u202ec\u2066[red]d[/red]") == 4


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp1252", "ascii", "utf-16"])
def test_json_says_the_same_in_every_encoding(printed, encoding: str) -> None:
    told = {"name": f"呼和浩特 − é 🏔 {HOSTILE}"}
    assert json.loads(printed(encoding, lambda: say_json(told))) == told


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "−0.3 1–5 呼 é ᠮ"),
        ("gbk", r"-0.3 1–5 呼 é \u182e"),
        ("cp1252", r"-0.3 1–5 \u547c é \u182e"),
        ("ascii", r"-0.3 1-5 \u547c \xe9 \u182e"),
    ],
)
def test_what_an_encoding_lacks_is_replaced(printed, encoding: str, shown: str) -> None:
    text = "−0.3 1–5 呼 é ᠮ"
    table = pd.DataFrame({"name": [text]})
    assert printed(encoding, lambda: print_table(table)).split("\n")[1].strip() == shown
    if encoding != "ascii":  # there the printer of lines takes UTF-8, as Python 3.7 and later do
        assert printed(encoding, lambda: say(text)).strip() == shown


def test_a_number_that_is_not_finite_is_no_json(printed) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        printed("utf-8", lambda: say_json({"fault_km": float("inf")}))


def test_cells_of_csv_are_those_of_the_files(printed) -> None:
    frame = pd.DataFrame({"name": ["=1+1", "a\r=1"], "score": [1 / 3, -1.0]})
    rows = list(csv.reader(io.StringIO(printed("utf-8", lambda: say_csv(frame)))))
    assert rows == [["name", "score"], ["'=1+1", "0.333333333333"], [r"a\r=1", "-1.0"]]


def test_a_ranking_is_printed_on_a_chinese_windows(light_pack: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from steppe.command.app import main; main()", "score", light_pack],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    assert "园" in done.stdout.decode("gbk")
