"""`steppe`: its commands, and how it ends; everything heavy is imported when it is needed."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from steppe.command.backbone_command import backbone
from steppe.command.compare_command import compare
from steppe.command.export_commands import export
from steppe.command.fetch_command import fetch
from steppe.command.import_command import import_
from steppe.command.init_command import init
from steppe.command.output_commands import build, check, map_, qgis
from steppe.command.printing import prepare_streams, say
from steppe.command.question_commands import score, sources
from steppe.command.report_command import report
from steppe.command.route_command import route
from steppe.command.screen_command import screen

if TYPE_CHECKING:
    from collections.abc import Iterator

USER_ERROR = 2
SIGNALLED = 128  # plus the number of the signal, as shells have it
ENDING = ("SIGINT", "SIGTERM", "SIGHUP")

app = typer.Typer(
    name="steppe",
    help="Plan data-centre parks and the fibre that reaches them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for each in (build, check, score, compare, backbone, screen, route):
    app.command()(each)
app.command("map")(map_)
app.command("import")(import_)
app.command()(qgis)
app.command()(report)
app.command()(sources)
app.command()(export)
app.command()(fetch)
app.command()(init)


class _Ended(SystemExit):
    """The command was asked to end by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(SIGNALLED + number)
        self.number = number


@contextmanager
def clearing_up() -> Iterator[None]:
    """Let what is asked to end, at Ctrl-C or by others, clear up after itself.

    A signal that the caller has set to be ignored, as nohup does, stays so.
    """
    untouched = (signal.SIG_DFL, signal.default_int_handler)
    ending = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in ending}
    before = {each: handler for each, handler in before.items() if handler in untouched}

    def end(number: int, _: object) -> None:
        # Whoever hangs up sends two signals at times, and impatience presses Ctrl-C again: what
        # comes while it ends must not cut the clearing short.
        found = sys.exception()
        while found is not None and not isinstance(found, _Ended):
            found = found.__context__
        if found is None:
            raise _Ended(number)

    for each in before:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def main() -> None:
    """Run the command; a fault of the user's ends in one line each and exit code 2."""
    from steppe.layers.errors import InputError
    from steppe.layers.wording import find_reader, tell

    # A command is short-lived and frees nothing worth a search: a quarter of a quick answer.
    gc.disable()
    prepare_streams()
    try:
        with clearing_up():
            app()
    except InputError as error:
        for line in error.lines():
            say(f"steppe: {line}", is_error=True)
        sys.exit(USER_ERROR)
    except _Ended as ended:
        if ended.number == signal.SIGINT:
            say(f"steppe: {tell('command.stopped').say(find_reader())}", is_error=True)
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
