"""Positions on a plane: graphs drawn or simulated on a sheet, whose numbers are no degrees."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping
from typing import Any

from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.read_network import MAX_LAT, to_number
from steppe.layers.wording import tell

MAX_LON = 360.0  # a full turn, counted either way
# Lengths are written to two digits; an arc of degrees is never as many kilometres as degrees.
_ROUNDING_KM = 0.02
_ROUNDING = 0.005


def refuse_plane(
    where: str,
    places: Mapping[Hashable, tuple[Any, Any]],
    edges: Collection[tuple[Hashable, Hashable, Any]],
) -> None:
    """Raise the user's error where positions lie on a plane.

    They do where one is beyond what degrees can be, and where the length of every edge of more
    than a kilometre is the straight distance of its ends in the numbers themselves.

    Parameters
    ----------
    where
        The file.
    places
        Node to its position, x and y; what is no number has none.
    edges
        Both nodes and the length that the file states, km.
    """
    at = {
        node: (x, y)
        for node, place in places.items()
        if (x := to_number(place[0])) is not None and (y := to_number(place[1])) is not None
    }
    told = [
        (math.dist(at[a], at[b]), km)
        for a, b, length in edges
        if a in at and b in at and (km := to_number(length)) is not None and km > 1.0
    ]
    is_beyond = any(abs(x) > MAX_LON or abs(y) > MAX_LAT for x, y in at.values())
    is_straight = bool(told) and all(
        abs(straight - km) <= _ROUNDING_KM + _ROUNDING * km for straight, km in told
    )
    if is_beyond or is_straight:
        what, fix = tell("fault.network.plane"), tell("fix.give_node_degrees")
        raise InputError(Problem(f"{where} › nodes", what, fix))
