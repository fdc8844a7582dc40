"""Errors that a user can put right: one line each, saying what, where and what to do."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from steppe.layers.texts import printable
from steppe.layers.wording import BASE, Message, Words, find_reader, join, say, tell

MAX_NAMED_ROWS = 5
MAX_NAMED_VALUES = 3
MAX_NAMED_FAULTS = 200
# A cell may hold a novel; enough of it is shown to find it.
MAX_SHOWN = 40
_MAX_PART = 1000


@dataclass(frozen=True)
class Problem:
    """One fault in the input, said in the language of whoever reads it; in order of the English.

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

    where: Words
    what: Message
    fix: Message
    rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold identifiers as text: a file may give numbers."""
        object.__setattr__(self, "rows", tuple(map(str, self.rows)))

    def __lt__(self, other: Problem) -> bool:
        """Tell whether it comes before another one, in every language alike."""
        return self._sort_key() < other._sort_key()

    def __str__(self) -> str:
        """Return the line in the reader's language."""
        return self.say(find_reader())

    def say(self, language: str) -> str:
        """Return the one line that the command prints."""
        where, what, fix = (
            cut(say(part, language), _MAX_PART) for part in (self.where, self.what, self.fix)
        )
        line = tell("fault.line", where=where, what=what, rows=self._tell_rows(), fix=fix)
        return printable(" ".join(line.say(language).split()))

    def _tell_rows(self) -> Words:
        shown = join([cut(row) for row in self.rows[:MAX_NAMED_ROWS]])
        more = len(self.rows) - MAX_NAMED_ROWS
        if more > 0:
            return tell("fault.line.rows_and_more", rows=shown, n_more=more)
        return tell("fault.line.rows", rows=shown) if self.rows else ""

    def _sort_key(self) -> tuple[object, ...]:
        return (*(say(part, BASE) for part in (self.where, self.what, self.fix)), self.rows)


Note = Message | Problem
"""What is no fault and yet not as it stands in the plan, or unknown."""


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
        language = find_reader()
        lines = [problem.say(language) for problem in self.problems[:MAX_NAMED_FAULTS]]
        more = len(self.problems) - MAX_NAMED_FAULTS
        if more > 0:
            lines.append(tell("fault.more_faults", n_more=more).say(language))
        return lines


class UnfitError(ValueError):
    """A value that cannot be; whoever knows where it stands makes a `Problem` of its words."""

    def __init__(self, words: Message) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        """Return the words in English, as other errors have them."""
        return self.words.say(BASE)


def at_line(where: str, number: int) -> Message:
    """Return a line of a file as the place of a fault."""
    return tell("place.line", where=where, number=number)


def cut(text: str, most: int = MAX_SHOWN) -> str:
    """Return a text of no more than so many signs, the last one dots where it is cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def show_values(values: Iterable[object]) -> Words:
    """Return some of the values in quotes, each once, as they stand in the file and in one line.

    >>> show_values(["a", "a", "b", "c", "d"]).say("en")
    "'a', 'b', 'c' and others"
    """
    # A million bad cells are not all read for the sake of three.
    found = list(dict.fromkeys(_quote(value) for value in islice(values, _MAX_PART)))
    return name_some(found)


def name_some(pieces: Sequence[Words]) -> Words:
    """Return the first of some pieces as one text, which says where there are others."""
    shown = join(pieces[:MAX_NAMED_VALUES])
    return tell("list.and_others", values=shown) if len(pieces) > MAX_NAMED_VALUES else shown


def _quote(value: object) -> str:
    if isinstance(value, str):
        return repr(cut(value))
    if isinstance(value, int) and value.bit_length() > _MAX_PART:
        # Python refuses to write out numbers of thousands of digits.
        return f"about {'-' if value < 0 else ''}1e{int(value.bit_length() * math.log10(2))}"
    return f"{value:.15g}" if isinstance(value, float) else cut(str(value))
