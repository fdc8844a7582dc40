"""What the ends of new routes are called: ids, places, and words that stand for many."""

from __future__ import annotations

import math

PARKS, TARGETS, PROPOSED = "parks", "targets", "proposed"
GRID, MESH, TREE = "grid", "mesh", "tree"
"""What stands for many ends: parks and targets of the plan, sites of a screening, stations of the grid,
each other, and all of them by one tree."""

ROUTE_ENDS = ("nodes", "parks", "towns", "substations")
"""Layers whose rows may be ends, by their ids."""


def is_place(asked: str) -> bool:
    """Tell whether a text is `lon,lat`, of a place on the earth or not."""
    try:
        lon, lat = (float(part) for part in asked.split(","))
    except ValueError:
        return False
    return math.isfinite(lon) and math.isfinite(lat)


def part_names(asked: str) -> list[str]:
    """Part names at commas; two numbers in a row are one place.

    >>> part_names("hohhot,113.1,41.0,jining")
    ['hohhot', '113.1,41.0', 'jining']
    """
    names: list[str] = []
    parts = [part.strip() for part in asked.split(",")]
    while parts:
        if is_place(",".join(parts[:2])):
            names.append(",".join(parts[:2]))
            del parts[:2]
        else:
            names.append(parts.pop(0))
    return [name for name in names if name] or [asked]
