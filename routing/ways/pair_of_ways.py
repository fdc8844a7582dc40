"""Two ways between the same ends, and what is proven of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

W = TypeVar("W")
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class PairOfWays(Generic[W]):
    """Two ways that were to cost least together.

    Parameters
    ----------
    first, second
        The first costs no more than the second.
    cost
        Of both together.
    lower_bound
        No two ways that are as they were asked for cost less.
    """

    first: W
    second: W
    cost: float
    lower_bound: float

    @property
    def is_proven(self) -> bool:
        """Return whether no pair costs less, to rounding."""
        return is_least(self.cost, self.lower_bound)


def is_least(cost: float, lower_bound: float) -> bool:
    """Tell whether a bound proves that nothing costs less, to rounding."""
    return cost - lower_bound <= _ROUNDING * cost
