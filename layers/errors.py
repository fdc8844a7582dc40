"""Errors that a user can put right: one line each, saying what, where and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MAX_NAMED_ROWS = 5


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

    def __str__(self) -> str:
        """Return the one line that the command prints."""
        rows = ""
        if self.rows:
            shown = ", ".join(self.rows[:MAX_NAMED_ROWS])
            more = len(self.rows) - MAX_NAMED_ROWS
            rows = f" (rows {shown}{f' and {more} more' if more > 0 else ''})"
        line = f"{self.where}: {self.what}{rows}; {self.fix}"
        return " ".join(line.split())


class SteppeError(Exception):
    """Base of every error that Steppe raises on purpose."""


class InputError(SteppeError):
    """The input is at fault; carries every fault that was found, one line each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found: Sequence[Problem] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(found))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def unreadable(where: str, error: OSError) -> InputError:
    """Return the user's error for a file that the system does not let us read."""
    return InputError(Problem(where, f"cannot be read: {error.strerror}", "check the file"))
