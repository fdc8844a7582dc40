"""Coordinate systems of others: read where a way to WGS 84 is known, else one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from pyproj import CRS, Geod, Transformer

from steppe.layers.contracts.surroundings import PORTS
from steppe.layers.errors import InputError
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.reader import read_layer

OPTIONS = ReadingOptions()
BBOX = (95.0, 29.0, 127.0, 54.0)
GEOD = Geod(ellps="GRS80")
ESRI = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_{lon}E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["{datum}",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["{method}"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",{lon}.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def read(path: Path, crs: str, options: ReadingOptions = OPTIONS) -> gpd.GeoDataFrame:
    return read_layer(path, PORTS, bbox=BBOX, crs=crs, options=options)


def away_m(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> np.ndarray:
    ends = one.geometry.x, one.geometry.y, other.geometry.x, other.geometry.y
    return np.asarray(GEOD.inv(*ends)[2])


@pytest.mark.parametrize(
    "crs",
    [
        "EPSG:3857", "EPSG:3395", "EPSG:4526", "EPSG:4547", "EPSG:32649", "EPSG:4491", "EPSG:4502",
        "EPSG:4480", "EPSG:4979", "EPSG:9057", "ESRI:102025", "OGC:CRS84",
        "WGS84", "EPSG:4490+5737", "EPSG:4326+5773", "EPSG:3857+5773",
        "+proj=tmerc +lon_0=114 +x_0=500000 +ellps=GRS80 +units=m",
        "+proj=utm +zone=49 +datum=WGS84", "+proj=laea +lat_0=45 +lon_0=110 +ellps=WGS84",
        ESRI.format(lon=114, datum="D_China_2000", method="Gauss_Kruger"),
        ESRI.format(lon=114, datum="China_2000", method="Gauss_Kruger"),
        ESRI.format(lon=114, datum="CGCS_2000", method="Transverse_Mercator"),
    ],
)  # fmt: skip
def test_a_crs_of_the_same_datum_comes_back_to_its_place(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path], crs: str
) -> None:
    known = CRS.from_user_input(crs)
    flat = known.sub_crs_list[0] if known.is_compound else known
    geodetic = flat.geodetic_crs.to_2d()
    step = Transformer.from_crs(geodetic, flat.to_2d(), always_xy=True)
    x, y = step.transform(ports.geometry.x, ports.geometry.y)
    there = ports.set_geometry(gpd.points_from_xy(x, y))
    assert away_m(read(write_csv(there), crs), ports).max() < 0.01


def test_pulkovo_1942_moves_as_the_register_says(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path]
) -> None:
    """By way of EPSG:4326 Manzhouli moves by 79.4 m; straight to 4490 it moved by 0."""
    moved = read(write_csv(ports), "EPSG:4284")
    assert away_m(moved, ports)[1] == pytest.approx(79.4, abs=0.1)


@pytest.mark.parametrize(
    "crs",
    ["EPSG:4610", "EPSG:4214", "EPSG:2379", "EPSG:2431", "EPSG:4258", "+proj=longlat +ellps=krass"],
)
def test_numbers_of_a_datum_without_a_known_way_are_taken_as_they_are_and_that_is_told(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path], crs: str
) -> None:
    there, notes = ports.to_crs(crs), list[str]()
    moved = read(
        write_csv(there), crs, ReadingOptions(tell=lambda note: notes.append(note.say("en")))
    )
    assert away_m(moved, ports).max() < 1.0
    (note,) = notes
    assert "ports: no way is published from" in note
    assert "move the layer to EPSG:4490" in note


def test_nothing_is_told_of_a_datum_with_a_known_way(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path]
) -> None:
    notes = list[str]()
    for crs in ("EPSG:4284", "EPSG:3857", "EPSG:4491", "EPSG:4326"):
        read(
            write_csv(ports.to_crs(crs)),
            crs,
            ReadingOptions(tell=lambda note: notes.append(note.say("en"))),
        )
    assert notes == []


LOCAL = 'ENGCRS["a",EDATUM["b"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]'
NO_PLACE = {
    "local": ('LOCAL_CS["site",UNIT["metre",1]]', "no place on a map"),
    "engineering": (LOCAL, "no place on a map"),
    "vertical": ("EPSG:5773", "no place on a map"),
    "geocentric": ("EPSG:4978", "no place on a map"),
    "unknown code": ("EPSG:99999", "unknown CRS"),
    "empty": ("", "unknown CRS"),
    "words": ("the usual one", "unknown CRS"),
    "cut": ("GEOGCRS[", "unknown CRS"),
    "JSON": ('{"type": 1}', "unknown CRS"),
    "NUL": ("EPSG:4490\0", "unknown CRS"),
    "nested": ("GEOGCRS[" * 5_000, "unknown CRS"),
    "long": ("x" * 70_000, "70 000 characters"),
    "grids": ("+proj=longlat +ellps=intl +nadgrids=/etc/passwd", "unknown CRS"),
    "geoid": ("+proj=longlat +ellps=intl +geoidgrids = /etc/passwd", "unknown CRS"),
    "init": ("+init=/etc/passwd:x", "unknown CRS"),
    "init without a plus": ("init=/etc/passwd:x", "unknown CRS"),
    "an operation": ("urn:ogc:def:coordinateOperation:EPSG::1671", "unknown CRS"),
    "another body": ("IAU_2015:30100", "no place on a map of the earth"),
    "a pipeline": ("+proj=pipeline +step +proj=merc", ""),
}  # fmt: skip


@pytest.mark.parametrize(("crs", "words"), NO_PLACE.values(), ids=NO_PLACE)
def test_a_crs_that_gives_no_place_is_one_line(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path], crs: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(write_csv(ports), crs)
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert len(str(problem)) < 300


@pytest.mark.parametrize("crs", ["EPSG:4527", "EPSG:4547", "EPSG:32649"])
def test_places_where_a_crs_does_not_hold_are_one_line(
    ports: gpd.GeoDataFrame, write_csv: Callable[..., Path], crs: str
) -> None:
    far = ports.set_geometry(gpd.points_from_xy([1e200, 5e5], [1e200, 4.8e6]))
    with pytest.raises(InputError) as caught:
        read(write_csv(far), crs)
    assert len(caught.value.problems) == 1
    assert "rows a" in str(caught.value) or "zone number" in str(caught.value)
