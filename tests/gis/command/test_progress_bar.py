"""What a terminal shows of long work, and that nothing else is shown it."""

from __future__ import annotations

import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from steppe.command.printing import say
from steppe.command.progress_bar import estimate_left, showing_progress
from steppe.layers.progress import begin, count
from steppe.layers.wording import find_languages, tell

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
MOVE = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]")


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Do some work with a terminal as standard error, and return what it was sent."""

    def run(work: Callable[[], object], **environment: str) -> str:
        shown = Terminal()
        with monkeypatch.context() as here:
            for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
                here.delenv(name, raising=False)
            for name, value in {"TERM": "xterm-256color", **environment}.items():
                here.setenv(name, value)
            here.setattr(sys, "stderr", shown)
            work()
        return shown.getvalue()

    return run


def _work() -> None:
    with showing_progress():
        begin(tell("progress.reading"))
        for _ in count(range(3)):
            for _ in count(range(2)):
                pass
        say("note: between", is_error=True)
        begin(tell("progress.page"))


def _last_screen(shown: str) -> list[str]:
    """What stays: lines that no later move of the cursor takes back."""
    shown = re.sub(r"[^\n]*\n\x1b\[\?25h\r\x1b\[1A\x1b\[2K", "", shown)
    kept = [re.split(r"\r\x1b\[2K|\r", line)[-1] for line in shown.split("\n")]
    return [text for line in kept if (text := MOVE.sub("", COLOUR.sub("", line)).strip())]


def test_steps_and_notes_stay_on_the_terminal_and_the_bar_goes(on_terminal) -> None:
    shown = on_terminal(_work)
    note, reading, page = _last_screen(shown)
    assert re.fullmatch(r"· reading the plan  \d+\.\d s", reading)
    assert note == "note: between"
    assert re.fullmatch(r"· map  \d+\.\d s", page)
    # The cursor is back.
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0


def _count_until_seen() -> None:
    with showing_progress():
        begin(tell("progress.scores"))
        for part in count(range(4)):
            while part == 2 and "2/4" not in sys.stderr.getvalue():
                time.sleep(0.02)


def test_a_bar_tells_how_many_parts_are_done(on_terminal) -> None:
    drawn = COLOUR.sub("", on_terminal(_count_until_seen))
    assert re.search(r"· measures and scores ━*[╸╺]?━* 2/4", drawn)


def _styles(shown: str) -> set[str]:
    return {one for code in re.findall(r"\x1b\[([0-9;]+)m", shown) for one in code.split(";")}


def test_no_colour_where_none_is_wanted(on_terminal) -> None:
    plain = {"0", "1", "2"}  # bold and faint are no colours
    assert not _styles(on_terminal(_count_until_seen)) <= plain
    assert _styles(on_terminal(_count_until_seen, NO_COLOR="1")) <= plain


def test_a_terminal_that_moves_no_cursor_gets_lines(on_terminal) -> None:
    shown = on_terminal(_work, TERM="dumb")
    assert shown == "· reading the plan\nnote: between\n· map\n"


def test_what_is_no_terminal_gets_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    _work()
    out, err = capfd.readouterr()
    assert (out, err) == ("", "note: between\n")


def _break_off() -> None:
    with showing_progress():
        begin(tell("progress.reading"))
        raise ZeroDivisionError


def _break_off_and_say() -> None:
    with pytest.raises(ZeroDivisionError):
        _break_off()
    say("steppe: a fault", is_error=True)


def test_work_that_breaks_off_leaves_the_cursor_and_a_free_line(on_terminal) -> None:
    shown = on_terminal(_break_off_and_say)
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0
    assert _last_screen(shown) == ["steppe: a fault"]


@pytest.mark.parametrize("command", ["score", "build"])
def test_a_command_shows_its_steps_beside_its_answer(
    steppe, least_plan: Path, on_terminal, command: str
) -> None:
    options = ["--json"] if command == "score" else ["--out", "o"]
    done = []
    sent = on_terminal(lambda: done.append(steppe(command, str(least_plan), *options)))
    assert done[0].returncode == 0
    shown = _last_screen(sent)
    assert shown[0].startswith("· reading the plan")
    assert any(line.startswith("· measures and scores") for line in shown)
    assert any(line.startswith("· report") for line in shown) == (command == "build")
    if command == "score":
        assert json.loads(done[0].stdout)["rows"]
    else:
        assert done[0].stdout == f"{Path('o', 'map.html')}\n"


@pytest.mark.parametrize(
    ("took_s", "done_frac", "told"),
    [
        (9.0, None, None),
        (9.0, 0.0, None),
        (0.5, 0.5, None),
        (2.0, 0.25, "about 6 s left"),
        (50.0, 0.5, "about 50 s left"),
        (100.0, 0.25, "about 5 min left"),
        (5.0, 1.0, "about 0 s left"),
    ],
)
def test_what_is_left_goes_by_what_is_done(took_s, done_frac, told) -> None:
    left = estimate_left(took_s, done_frac)
    assert (None if left is None else left.say("en")) == told
    assert left is None or all(left.say(language) for language in find_languages())
