"""Crossings of segments, counted so that how often two lines cross is even or odd for certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from steppe.routing.tangent_plane import divide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from steppe.routing.nearness import Floats

SHIFT_KM = 1e-5
_ODD = np.array([78.233, 37.719, 51.127])  # any three numbers that no grid is a multiple of


def find_crossings(segments: Floats, others: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Tell which segments cross others, pair by pair.

    Which side of a great circle a point lies on is the sign of a determinant, which is the same
    for both segments that meet at a vertex.  The vertices of the others are moved by a centimetre
    at most, each always by the same, so that none lies on a line: two lines that run along one stroke cross there as
    often, but for even numbers, as they change sides (Edelsbrunner and Muecke, Simulation of
    simplicity, ACM Transactions on Graphics 9, 1990, 66-104, in its plainest form).

    Parameters
    ----------
    segments, others
        Start and end through the Earth, kilometres, shape (n, 2, 3).

    Returns
    -------
    tuple
        Whether they cross, and which share of the segment lies before that, shape (n,).
    """
    others = others + SHIFT_KM * (np.modf(others * _ODD)[0])
    start, stop = segments[:, 0], segments[:, 1]
    across = np.cross(others[:, 0], others[:, 1])
    along = np.cross(start, stop)
    here, there = (np.einsum("ij,ij->i", across, each) for each in (start, stop))
    left, right = (np.einsum("ij,ij->i", along, others[:, end]) for end in (0, 1))
    crosses = ((here >= 0) != (there >= 0)) & ((left >= 0) != (right >= 0))
    return crosses, np.clip(divide(here, here - there), 0.0, 1.0)
