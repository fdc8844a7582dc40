"""Cliques: pairs that exclude each other, put together to groups of which one alone may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def join_groups(groups: Iterable[Collection[int]]) -> list[list[int]]:
    """Return fewer groups in which the same things stand together two by two.

    Greedy: each pair that no group holds yet is widened by whatever stands together with all
    of it, the first number first.

    Parameters
    ----------
    groups
        Groups of numbers; those of fewer than two say nothing.

    Returns
    -------
    list
        Sorted groups of two or more, such that any two numbers stand in one of them if and
        only if they do in one of `groups`.

    Examples
    --------
    >>> join_groups([(1, 2), (2, 3), (1, 3), (3, 4), (5,)])
    [[1, 2, 3], [3, 4]]
    """
    beside: dict[int, set[int]] = {}
    for group in groups:
        for number in group:
            beside.setdefault(number, set()).update(group)
    for number, others in beside.items():
        others.discard(number)
    joined: list[list[int]] = []
    left = {number: set(others) for number, others in beside.items()}
    for number in sorted(beside):
        while left[number]:
            clique = [number]
            # What is not in a group with this number yet comes first.
            fresh = sorted(left[number])
            for other in [*fresh, *sorted(beside[number] - left[number])]:
                if beside[other].issuperset(clique):
                    clique.append(other)
            for one in clique:
                left[one].difference_update(clique)
            joined.append(sorted(clique))
    return joined
