"""How far tables go whose rows grow with the square of the parks: every pair of few, the near of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from steppe.layers.nearest import to_sphere

MOST_WHOLE = 50
"""Up to so many parks a table of pairs holds all of them, and one of ranks every rank."""
N_PARTNERS = 10
"""Of more, each park is told with so many others."""
N_RANKS = 20
"""Of more, the shares of so many ranks are told."""
N_NAMED = 50
"""So many ids are named at most in one cell of a row for a pair of nodes."""


def pair_near(places: Sequence[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """Give the pairs of places that are told: all of few, of many each with the nearest.

    Parameters
    ----------
    places
        Longitude and latitude of each, degrees.

    Yields
    ------
    tuple
        Numbers of two places, the lesser first, in order; near by the chord of a sphere.
    """
    if len(places) <= MOST_WHOLE:
        yield from combinations(range(len(places)), 2)
        return
    from scipy.spatial import KDTree  # noqa: PLC0415 (few plans have so many, and it loads slowly)

    at = to_sphere(*zip(*places, strict=True))
    near = np.asarray(KDTree(at).query(at, k=N_PARTNERS + 1)[1])
    # At one place with many others a park may not be among its own nearest.
    found = (
        (min(one, two), max(one, two))
        for one, others in enumerate(near.tolist())
        for two in [other for other in others if other != one][:N_PARTNERS]
    )
    yield from sorted(set(found))
