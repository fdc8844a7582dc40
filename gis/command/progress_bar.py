"""Where long work stands, on a terminal: the step at work, how far it is, and what is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from steppe.command.printing import printing_above, say
from steppe.layers.progress import Course, watch
from steppe.layers.texts import printable
from steppe.layers.wording import Message, find_reader, tell

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

BAR_SIGNS = 20
LOOKS_PER_S = 8
# The first parts alone tell little of how long the rest takes.
ESTIMATED_AFTER_S = 1.0


@contextmanager
def showing_progress() -> Iterator[None]:
    """Show where the work of the block stands, on standard error if that is a terminal.

    A terminal that moves no cursor (`TERM=dumb`) gets a line for each step; what is no terminal
    gets nothing. Colours are left out where `NO_COLOR` says so.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_dumb_terminal:
        with watch(lambda words: say(_begin_line(words), is_error=True)):
            yield
        return
    from rich.live import Live

    shown = _Shown(console)
    # What the command prints may go elsewhere than to the terminal, so it is left alone.
    live = Live(
        get_renderable=shown.draw,
        console=console,
        refresh_per_second=LOOKS_PER_S,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with watch(shown.begin) as shown.course, printing_above(console), live:
        yield
        shown.end()


class _Shown:
    """The course of the work as the terminal shows it."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.course = Course()
        self.language = find_reader()
        self.step: Message | None = None
        self.begun_s = time.monotonic()

    def begin(self, words: Message) -> None:
        """Leave a line of the step before, and begin another."""
        self.end()
        self.step, self.begun_s = words, time.monotonic()

    def end(self) -> None:
        """Leave a line of the step that is over."""
        from rich.text import Text

        if self.step is not None:
            took = tell("progress.took", seconds=time.monotonic() - self.begun_s)
            line = f"{_begin_line(self.step)}  {took.say(self.language)}"
            self.console.print(Text(line, style="dim"), soft_wrap=True)
        self.step = None

    def draw(self) -> Table:
        """Return the step at work, its bar, how many of its parts are done, and what is left."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        row = Table.grid(padding=(0, 1))
        step, done_frac = self.step, self.course.done_frac()
        if step is None:
            return row
        took_s = time.monotonic() - self.begun_s
        cells: list[RenderableType] = [Text(_begin_line(step), no_wrap=True, overflow="ellipsis")]
        if done_frac is not None:
            parts = " ".join(f"{n_done}/{n_parts}" for n_done, n_parts in self.course.tell_counts())
            cells += [ProgressBar(1.0, done_frac, width=BAR_SIGNS), Text(parts)]
        left = estimate_left(took_s, done_frac) or tell("progress.took", seconds=took_s)
        row.add_row(*cells, Text(left.say(self.language)))
        return row


def _begin_line(words: Message) -> str:
    return f"· {printable(words.say(find_reader()))}"


def estimate_left(took_s: float, done_frac: float | None) -> Message | None:
    """Return how long a step goes on if it goes on as it did; None where too little is done.

    Parameters
    ----------
    took_s
        How long it has taken, s.
    done_frac
        How much of it is done, 0 to 1, if that is known.
    """
    if not done_frac or took_s < ESTIMATED_AFTER_S:
        return None
    left_s = took_s * (1 - done_frac) / done_frac
    if left_s < 60:  # noqa: PLR2004 (seconds of a minute)
        return tell("progress.left_seconds", seconds=left_s)
    return tell("progress.left_minutes", minutes=left_s / 60)
