"""Errors that a user can put right: one line each, saying what, where and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from steppe.layers.texts import printable

MAX_NAMED_ROWS = 5
MAX_NAMED_VALUES = 3
MAX_NAMED_FAULTS = 200
# A cell may hold a novel; enough of it is shown to find it.
MAX_SHOWN = 40
_MAX_PART = 1000


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in the input.

    Parameters
    ----------
    where
        File, and layer or key in it, as the user wrote it.
    what
        What is wrong.
    fix
        What to do about it.
    rows
        Identifiers of the rows concerned, at most a handful are shown.
    """

    where: str
    what: str
    fix: str
    rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold identifiers as text: a file may give numbers."""
        object.__setattr__(self, "rows", tuple(map(str, self.rows)))

    def __str__(self) -> str:
        """Return the one line that the command prints."""
        rows = ""
        if self.rows:
            shown = ", ".join(cut(row) for row in self.rows[:MAX_NAMED_ROWS])
            more = len(self.rows) - MAX_NAMED_ROWS
            rows = f" (rows {shown}{f' and {more} more' if more > 0 else ''})"
        where, what, fix = (cut(part, _MAX_PART) for part in (self.where, self.what, self.fix))
        return printable(" ".join(f"{where}: {what}{rows}; {fix}".split()))


class SteppeError(Exception):
    """Base of every error that Steppe raises on purpose."""


class InputError(SteppeError):
    """The input is at fault; carries every fault that was found, one line each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found: Sequence[Problem] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(found))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return one line for each fault; of very many the first, and how many there are more."""
        lines = [str(problem) for problem in self.problems[:MAX_NAMED_FAULTS]]
        more = len(self.problems) - MAX_NAMED_FAULTS
        return [*lines, f"and {more} more faults"] if more > 0 else lines


def unreadable(where: str, error: OSError) -> InputError:
    """Return the user's error for a file that the system does not let us read."""
    return InputError(Problem(where, f"cannot be read: {error.strerror}", "check the file"))


def cut(text: str, most: int = MAX_SHOWN) -> str:
    """Return a text of no more than so many signs, the last one dots where it is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def show_values(values: Iterable[object]) -> str:
    """Return some of the values in quotes, each once, as they stand in the file and in one line.

    >>> show_values(["a", "a", "b", "c", "d"])
    "'a', 'b', 'c' and others"
    """
    # A million bad cells are not all read for the sake of three.
    found = list(dict.fromkeys(_quote(value) for value in islice(values, _MAX_PART)))
    more = " and others" if len(found) > MAX_NAMED_VALUES else ""
    return ", ".join(found[:MAX_NAMED_VALUES]) + more


def _quote(value: object) -> str:
    if isinstance(value, str):
        return repr(cut(value))
    if isinstance(value, int) and value.bit_length() > _MAX_PART:
        # Python refuses to write out numbers of thousands of digits.
        return f"about {'-' if value < 0 else ''}1e{int(value.bit_length() * math.log10(2))}"
    return f"{value:.15g}" if isinstance(value, float) else cut(str(value))
