"""Work: how many steps an answer may take before it is left unknown.

Steps are counted, not timed, so that the same plan has the same answers on any machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Message, tell

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

_STOPPED = 1
_HOW = tell("fix.leave_out_unserving")


ANSWER_STEPS = 6_000_000  # a second or two
TABLE_STEPS = 100_000_000  # for all answers of a table together: half a minute or so
PROGRAMME_STEPS = 50  # for each entry of a programme's matrix and each node of its search tree
ROOT_NODES = 4  # what the first node of a search takes beside the others, in nodes


def is_stopped(answer: OptimizeResult) -> bool:
    """Tell whether the solver used up the nodes of its search, whatever it had found by then."""
    # A stop that leaves a good, unproven answer has a status of HiGHS that SciPy does not know.
    return answer.status == _STOPPED or "limit reached" in answer.message


class TooMuchWorkError(InputError):
    """An answer that would take more steps than are allowed: it is unknown, and the rest stands.

    Parameters
    ----------
    what
        Why, without a full stop.
    where, fix
        See `steppe.layers.errors.Problem`.
    """

    def __init__(self, what: Message, *, where: str = "fibre", fix: Message = _HOW) -> None:
        super().__init__(Problem(where, what, fix))
        self.told = what


class Work:
    """Steps that are left for some answers together.

    Parameters
    ----------
    steps
        How many they are.
    what
        What they are for, for the reason.
    """

    def __init__(self, steps: int, what: Message) -> None:
        self.left = self._all = steps
        self._what = what

    @property
    def spent(self) -> int:
        """Return how many steps were made."""
        return self._all - self.left

    def spend(self, steps: int = 1) -> None:
        """Take steps off what is left.

        Raises
        ------
        TooMuchWorkError
            When none is left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooMuchWorkError(tell("work.too_much", what=self._what))

    def take(self, steps: int) -> None:
        """Take steps off that were made already; they may be more than are left."""
        self.left -= steps

    def part(self, most: int) -> Work:
        """Return the work of one answer: at most so many steps, and no more than are left."""
        return Work(min(most, max(self.left, 0)), self._what)

    def take_part(self, part: Work) -> None:
        """Take off what a part has spent."""
        self.take(part.spent)

    def count_branches(self, n_entries: int) -> int:
        """Return how many nodes of its search tree a programme may have.

        Parameters
        ----------
        n_entries
            Entries of its matrix that are not 0.

        Raises
        ------
        TooMuchWorkError
            When there is not work left for one.
        """
        n_branches = self.left // (PROGRAMME_STEPS * max(n_entries, 1)) - ROOT_NODES
        if n_branches < 1:
            raise TooMuchWorkError(tell("work.too_much", what=self._what))
        return n_branches

    def take_branches(self, n_entries: int, n_branches: int | None) -> None:
        """Take off what a programme took; None where it ended before its search began."""
        n_nodes = 1 if n_branches is None else n_branches + ROOT_NODES
        self.take(PROGRAMME_STEPS * n_entries * n_nodes)
