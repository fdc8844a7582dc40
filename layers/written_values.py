"""Frames as they are written: numbers to the digits that hold everywhere, texts that files hold.

Processors with and without fused multiply-add (FMA, AVX2) come to last digits of their own, and
libraries choose by processor.  What is written bears fewer digits than a double has, so that the
same plan gives the same bytes on all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import pandas as pd

Frame = TypeVar("Frame", bound=pd.DataFrame)

SIGNIFICANT_DIGITS = 12
"""Digits of every number that is written; a double bears 15 to 17.

Two results that differ in their last bit, a part in 2^52, straddle a rounding at 12 digits once
in ten thousand cells or rarer; at 15 digits it would be one in ten.
"""

# NUL, at which GDAL and spreadsheets end a text, and halves of pairs, which UTF-8 cannot hold.
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def round_number(value: float) -> float:
    """Return a number to `SIGNIFICANT_DIGITS`.

    >>> round_number(2.0 / 3.0), round_number(1500.0)
    (0.666666666667, 1500.0)
    """
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def is_writable(text: str) -> bool:
    r"""Tell whether a file can hold every sign of a text.

    >>> [is_writable(text) for text in ("a\tb", "a\0b", "a\ud800b")]
    [True, False, False]
    """
    return _UNWRITABLE.search(text) is None


def writable_text(text: str) -> str:
    """Return a text with U+FFFD for each sign that a file cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def _settle_cell(value: Any) -> Any:
    if isinstance(value, str):
        return writable_text(value)
    return round_number(value) if isinstance(value, float) else value


def writable_frame(frame: Frame) -> Frame:
    """Return a frame as it is written; its index, geometry and types stay."""
    settled: dict[str, Any] = {}
    for name, column in frame.items():
        settle = _settler(column)
        if settle is not None:
            cells = [settle(value) for value in column.tolist()]
            settled[str(name)] = pd.Series(cells, index=column.index, dtype=column.dtype)
    return frame.assign(**settled)


def _settler(column: pd.Series) -> Callable[[Any], Any] | None:
    """Return what settles the cells of a column; None for whole numbers, dates and shapes.

    None too for texts that files hold, as nearly all do: one look at all of a column.
    """
    if column.dtype == "float64":
        return round_number
    if column.dtype == "str" and not _UNWRITABLE.search("".join(column.dropna().tolist())):
        return None
    return _settle_cell if column.dtype in ("str", object) else None
