"""What the command prints: lines, tables, JSON and CSV, whatever the data and the terminal hold."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import typer

from steppe.layers.texts import acts, printable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

_ABOVE: ContextVar[Console | None] = ContextVar("_ABOVE", default=None)

_STAND_INS = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "×": "x", "·": ".", "→": "->", "≥": ">=", "≤": "<=", "’": "'"}
)


def prepare_streams() -> None:
    """Let standard output and error take any text, in whatever encoding the terminal has.

    Chinese Windows has GBK and the Western one cp1252, which lack signs that we print: those
    get a plain stand-in, or are written as their escape.
    """
    codecs.register_error("plain", _stand_in)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


def _stand_in(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    plain = error.object[error.start : error.end].translate(_STAND_INS)
    return plain.encode("ascii", "backslashreplace").decode("ascii"), error.end


def say(text: str, *, is_error: bool = False) -> None:
    """Print one line, in which no sign acts on the terminal."""
    console = _ABOVE.get()
    if is_error and console is not None:
        from rich.text import Text

        console.print(Text(printable(text)), soft_wrap=True)
    else:
        typer.echo(printable(text), err=is_error)


@contextmanager
def printing_above(console: Console) -> Iterator[None]:
    """Let errors and notes of the block stand above what a console keeps in its last line."""
    token = _ABOVE.set(console)
    try:
        yield
    finally:
        _ABOVE.reset(token)


def say_json(value: object) -> None:
    """Print JSON; signs that would act on a terminal are escaped.

    Raises
    ------
    ValueError
        A number is not finite: what is not known must be null by now.
    """
    text = json.dumps(value, ensure_ascii=not _takes_chinese(), allow_nan=False)
    typer.echo("".join(json.dumps(sign)[1:-1] if acts(sign) else sign for sign in text))


def _takes_chinese() -> bool:
    """Tell whether all that JSON may hold can be written as it is."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    return codecs.lookup(encoding).name.startswith(("utf", "gb18030"))


def say_csv(frame: pd.DataFrame) -> None:
    """Print CSV with the cells that `steppe.layers.writer` writes into files."""
    from steppe.layers.writer import csv_text

    texts = [name for name in frame.columns if frame[name].dtype in ("str", object)]
    shown = frame.assign(**{name: frame[name].map(_printable_cell) for name in texts})
    typer.echo(csv_text(shown), nl=False)


def _printable_cell(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def print_table(frame: pd.DataFrame) -> None:
    """Print a table as text: aligned, on a terminal within its width, whole when piped."""
    import pandas as pd

    heads = [printable(str(name)) for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns]
    if sys.stdout.isatty():
        _print_on_terminal(heads, rows, numeric)
    else:
        _print_whole(heads, rows, numeric)


def _print_on_terminal(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for head, is_number in zip(heads, numeric, strict=True):
        table.add_column(Text(head), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table)


def _print_whole(
    heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]
) -> None:
    from rich.cells import cell_len

    lines = [heads, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = (
            " " * (width - cell_len(text)) + text
            if is_number
            else text + " " * (width - cell_len(text))
            for text, width, is_number in zip(line, widths, numeric, strict=True)
        )
        sys.stdout.write("  ".join(padded) + "\n")


def _cell(value: object) -> str:
    import pandas as pd

    if pd.isna(value):  # type: ignore[call-overload]
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else printable(str(value))
