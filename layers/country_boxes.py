"""Boxes of countries by their codes of ISO 3166-1, and whether a box touches China.

The boxes stand in `country_boxes.json`, compiled from Natural Earth 1:50m countries 4.1.0 (public
domain) by `steppe.layers.packs.country_boxes`: what lies within 5 degrees of the largest part of a
country, rounded outwards to a tenth of a degree.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import shapely

from steppe.layers.datum import shift_extent

Box = tuple[float, float, float, float]
_TAIWAN = "TW"  # no web map shifts it, and maps of it are reviewed as well


@cache
def _read_boxes() -> Mapping[str, Box]:
    path = Path(__file__).with_name("country_boxes.json")
    rows = json.loads(path.read_text(encoding="utf-8"))
    by_two = {code: tuple(row[1:]) for code, row in rows.items()}
    return {**{rows[code][0]: box for code, box in by_two.items()}, **by_two}


def find_country(code: str) -> Box | None:
    """Return west, south, east, north of a country; over 180 degrees west is the greater.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-2 or alpha-3, in either case.

    Examples
    --------
    >>> find_country("fin") == find_country("FI")
    True
    >>> find_country("ZZ") is None
    True
    """
    return _read_boxes().get(code.upper())


def touches_china(box: Box) -> bool:
    """Tell whether a box touches China, for maps of it are reviewed (审图号).

    China is the outline that `steppe.layers.datum` shifts web maps in, with the sea near it, and the
    box of Taiwan; a strip of 2.5 km beyond the border counts too.

    Parameters
    ----------
    box
        West, south, east, north; over 180 degrees west is the greater.

    Examples
    --------
    >>> touches_china((111.0, 40.0, 113.0, 41.5)), touches_china((106.5, 47.5, 107.5, 48.3))
    (True, False)
    """
    west, south, east, north = box
    sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    drawn = shapely.union_all([shapely.box(left, south, right, north) for left, right in sides])
    china = [shift_extent(), shapely.box(*_read_boxes()[_TAIWAN])]
    return bool(shapely.intersects(drawn, china).any())
