"""Work on many things of a kind, spread over the cores of the machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Answer = TypeVar("Answer")


def spread_over_cores(work: Callable[[Thing], Answer], things: Sequence[Thing]) -> list[Answer]:
    """Return what a function makes of each thing, in their order.

    Threads share the work: what it computes in arrays runs side by side.  The function must
    change nothing that another call reads, so that the answers hang on no order.

    >>> spread_over_cores(str, [3, 1, 2])
    ['3', '1', '2']
    """
    n_workers = min(os.cpu_count() or 1, len(things))
    if n_workers < 2:  # noqa: PLR2004
        return [work(thing) for thing in things]
    with ThreadPoolExecutor(n_workers) as pool:
        try:
            return list(pool.map(work, things))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
