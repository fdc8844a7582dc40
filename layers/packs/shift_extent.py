"""Where web maps shift coordinates: China's outline, compiled from Natural Earth's countries.

    python -m steppe.layers.packs.shift_extent COUNTRIES OUTLINE

COUNTRIES is Natural Earth 1:10m admin 0 countries (5.1.1, public domain; any file that GDAL reads),
OUTLINE the GeoJSON that `steppe.layers.datum` reads.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

SHIFTED = ("China", "Hong Kong S.A.R.", "Macao S.A.R")
SEA_DEG = 0.3  # web maps shift what lies off the coast too
BORDER_M = 2500.0  # how coarse the border is, measured at the crossings of Inner Mongolia
COARSE_DEG, STEP_DEG, LEAST_DEG2, LEAST_HOLE_DEG2 = 0.003, 0.001, 0.02, 0.01
_AROUND = (70.0, 0.0, 140.0, 56.0)  # where neighbours matter
_FLAT = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=36 +lon_0=104 +ellps=GRS80"


def compile_outline(countries: gpd.GeoDataFrame) -> BaseGeometry:
    """Return where the shift holds: land, the sea near it, and a strip beyond the land border.

    Parameters
    ----------
    countries
        With the column `ADMIN`, EPSG:4326.
    """
    at_home = countries["ADMIN"].isin(SHIFTED)
    land = shapely.union_all(countries[at_home].geometry.to_numpy())
    abroad = shapely.union_all(countries[~at_home].clip(shapely.box(*_AROUND)).geometry.to_numpy())
    sea = shapely.simplify(shapely.buffer(land, SEA_DEG, quad_segs=2), 0.1)
    reach = shapely.segmentize(shapely.union_all([land, shapely.difference(sea, abroad)]), 0.1)
    flat = gpd.GeoSeries([reach], crs="EPSG:4326").to_crs(_FLAT)
    wide = flat.buffer(BORDER_M, quad_segs=2).to_crs("EPSG:4326").iloc[0]
    plain = _large_parts(shapely.simplify(wide, COARSE_DEG))
    return shapely.normalize(shapely.set_precision(plain, STEP_DEG))


def _large_parts(outline: BaseGeometry) -> BaseGeometry:
    """Leave out islands and holes that are smaller than the outline is true to."""
    return shapely.MultiPolygon(
        [
            shapely.Polygon(
                part.exterior,
                [hole for hole in part.interiors if shapely.Polygon(hole).area > LEAST_HOLE_DEG2],
            )
            for part in shapely.get_parts(outline)
            if part.area > LEAST_DEG2
        ]
    )


def main(countries: str, outline: str) -> None:
    """Compile the outline from a file of countries, and write it."""
    drawn = compile_outline(gpd.read_file(countries))
    places = json.loads(shapely.to_geojson(drawn), parse_float=lambda text: round(float(text), 3))
    Path(outline).write_text(json.dumps(places, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
