"""`steppe`: its commands, and how it ends; everything heavy is imported when it is needed."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from steppe.command.output_commands import build, check, map_, qgis
from steppe.command.printing import prepare_streams, say
from steppe.command.question_commands import backbone, compare, score, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

USER_ERROR = 2
SIGNALLED = 128  # plus the number of the signal, as shells have it

app = typer.Typer(
    name="steppe",
    help="Plan data-centre parks and the fibre that reaches them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for each in (build, check, score, compare, backbone):
    app.command()(each)
app.command("map")(map_)
app.command()(qgis)
app.command()(sources)


@contextmanager
def _clearing_up() -> Iterator[None]:
    """Let what is asked to end clear up after itself, as it does at Ctrl-C.

    A signal that the caller has set to be ignored, as nohup does, stays so.
    """
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    ending = [each for each in ending if signal.getsignal(each) is signal.SIG_DFL]

    def end(number: int, _: object) -> None:
        # Whoever hangs up sends both at times; the second must not cut the clearing short.
        for each in ending:
            signal.signal(each, lambda *_: None)
        sys.exit(SIGNALLED + number)

    for each in ending:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each in ending:
            if signal.getsignal(each) is end:
                signal.signal(each, signal.SIG_DFL)


def main() -> None:
    """Run the command; a fault of the user's ends in one line each and exit code 2."""
    from steppe.layers.errors import InputError

    # A command is short-lived and frees nothing worth a search: a quarter of a quick answer.
    gc.disable()
    prepare_streams()
    try:
        with _clearing_up():
            app()
    except InputError as error:
        for line in error.lines():
            say(f"steppe: {line}", is_error=True)
        sys.exit(USER_ERROR)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
