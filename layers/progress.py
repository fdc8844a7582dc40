"""How far long work has come: told by what works, seen by whoever watches, if anybody does.

Work marks its steps (`begin`) and counts the parts of what takes long (`count`), which may lie in
each other. That changes numbers of the course that `watch` gives, and does nothing where nobody
watches. Whoever shows the course looks at it as often as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from steppe.layers.wording import Message

T = TypeVar("T")


@dataclass(eq=False)
class Count:
    """How many parts some work has, and how many of them are done."""

    n_parts: int
    n_done: int = 0


@dataclass
class Course:
    """Where long work stands.

    Parameters
    ----------
    begun
        Called with the words of each step as it begins.
    step
        The step at work.
    counts
        What of it is counted, each within a part of the one before.
    """

    begun: Callable[[Message], None] = lambda _: None
    step: Message | None = None
    counts: list[Count] = field(default_factory=list)

    def done_frac(self) -> float | None:
        """Return the done fraction of the step, 0 to 1; None where nothing of it is counted."""
        counts = list(self.counts)
        if not counts:
            return None
        done, part = 0.0, 1.0
        for each in counts:
            done += part * each.n_done / each.n_parts
            part /= each.n_parts
        return min(done, 1.0)

    def tell_counts(self) -> list[tuple[int, int]]:
        """Return how many parts are done, of how many, the widest count first."""
        return [(each.n_done, each.n_parts) for each in list(self.counts)]


_WATCHED: ContextVar[Course | None] = ContextVar("_WATCHED", default=None)


@contextmanager
def watch(begun: Callable[[Message], None] = lambda _: None) -> Iterator[Course]:
    """Give the course of all work in the block.

    Parameters
    ----------
    begun
        See `Course`.
    """
    course = Course(begun)
    token = _WATCHED.set(course)
    try:
        yield course
    finally:
        _WATCHED.reset(token)


def begin(words: Message) -> None:
    """Mark that a step begins, which ends the one before."""
    course = _WATCHED.get()
    if course is not None:
        course.counts.clear()
        course.step = words
        course.begun(words)


def count(parts: Collection[T]) -> Iterable[T]:
    """Return parts of the step at work, counted as they are gone through.

    Parameters
    ----------
    parts
        What is gone through; itself where nobody watches.
    """
    course = _WATCHED.get()
    return parts if course is None or not len(parts) else _count(course, parts)


def _count(course: Course, parts: Collection[T]) -> Iterator[T]:
    found = Count(len(parts))
    course.counts.append(found)
    try:
        for part in parts:
            yield part
            _forget_after(course, found)
            found.n_done += 1
    finally:
        _forget_after(course, found)
        if course.counts[-1:] == [found]:
            course.counts.pop()


def _forget_after(course: Course, found: Count) -> None:
    """Take out what was counted within a part, also where that was broken off."""
    if found in course.counts:
        del course.counts[course.counts.index(found) + 1 :]
