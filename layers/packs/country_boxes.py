"""Boxes of countries for plans that are begun, compiled from Natural Earth's countries.

    python -m steppe.layers.packs.country_boxes COUNTRIES BOXES

COUNTRIES is Natural Earth 1:50m admin 0 countries (4.1.0, public domain; any file that GDAL reads with
its columns `ISO_A2` and `ISO_A3`), BOXES the JSON that `steppe.layers.country_boxes` reads.

A box holds the largest part of a country and all parts that lie within 5 degrees of it or of each
other, no overseas ones; it is rounded outwards to a tenth of a degree, and is drawn nowhere.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

REACH_DEG = 5.0
_STEP = 10  # parts of a degree
_TURN = 360.0

Box = tuple[float, float, float, float]


def find_box(country: BaseGeometry) -> Box:
    """Return west, south, east, north of a country at home; over 180 degrees west is the greater.

    Parameters
    ----------
    country
        EPSG:4326, cut at 180 degrees.

    Examples
    --------
    >>> west, east = shapely.box(170, 60, 180, 70), shapely.box(-180, 60, -170, 70)
    >>> find_box(shapely.union_all([west, east, shapely.box(0, 0, 1, 1)]))
    (170.0, 60.0, -170.0, 70.0)
    """
    left = sorted(shapely.get_parts(country), key=lambda part: -part.area)
    home = [left.pop(0)]
    while near := [(part, there) for part in left if (there := _find_near(part, home)) is not None]:
        home += [there for _, there in near]
        left = [part for part in left if not any(part is each for each, _ in near)]
    west, south, east, north = shapely.total_bounds(home)
    low = [math.floor(_STEP * end) / _STEP for end in (west, south)]
    high = [math.ceil(_STEP * end) / _STEP for end in (east, north)]
    return (_turn(low[0]), max(low[1], -90.0), _turn(high[0]), min(high[1], 90.0))


def _find_near(part: BaseGeometry, home: list[BaseGeometry]) -> BaseGeometry | None:
    """Return a part where it lies near home, perhaps once round the earth."""
    for turn in (0.0, _TURN, -_TURN):
        there = translate(part, xoff=turn)
        if any(shapely.dwithin(there, each, REACH_DEG) for each in home):
            return there
    return None


def _turn(lon: float) -> float:
    return lon - math.copysign(_TURN, lon) if abs(lon) > _TURN / 2 else lon


def main(countries: str, boxes: str) -> None:
    """Compile the boxes from a file of countries, and write them."""
    read = gpd.read_file(countries).rename(columns=str.upper).set_geometry("GEOMETRY")
    found = {
        code: [code_3, *find_box(shape)]
        for code, code_3, shape in sorted(
            zip(read["ISO_A2"], read["ISO_A3"], read.geometry, strict=True)
        )
    }
    rows = (f" {json.dumps(code)}: {json.dumps(row)}" for code, row in found.items())
    Path(boxes).write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
