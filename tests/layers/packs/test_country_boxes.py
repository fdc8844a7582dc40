"""Boxes of countries: home without overseas, over 180 degrees, rounded outwards."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from steppe.layers.packs.country_boxes import find_box, main


@pytest.mark.parametrize(
    ("parts", "box"),
    [
        ([(0, 40, 9, 50), (8.5, 41, 9.6, 43), (-54, 2, -52, 6)], (0, 40, 9.6, 50)),  # overseas
        ([(177, -19, 180, -16), (-180, -17, -179, -15)], (177, -19, -179, -15)),
        ([(30, 41, 180, 77), (-180, 64, -169.5, 71)], (30, 41, -169.5, 77)),
        ([(0.01, 0.01, 1.01, 1.01)], (0.0, 0.0, 1.1, 1.1)),
        ([(0, 0, 4, 4), (8, 0, 9, 1), (13, 0, 14, 1), (20, 0, 21, 1)], (0, 0, 14, 4)),  # a chain
    ],
)
def test_a_box_holds_home_alone(parts, box) -> None:
    country = shapely.union_all([shapely.box(*part) for part in parts])
    assert find_box(country) == pytest.approx(box)


def test_boxes_are_compiled_from_a_file_of_countries(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"ISO_A2": ["ZB", "ZA"], "ISO_A3": ["ZZB", "ZZA"]},
        geometry=[shapely.box(1, 1, 2, 2), shapely.box(0, 0, 1, 1)],
        crs="EPSG:4326",
    )
    frame.to_file(tmp_path / "countries.gpkg")
    main(str(tmp_path / "countries.gpkg"), str(tmp_path / "boxes.json"))
    told = json.loads((tmp_path / "boxes.json").read_text(encoding="utf-8"))
    assert told == {"ZA": ["ZZA", 0.0, 0.0, 1.0, 1.0], "ZB": ["ZZB", 1.0, 1.0, 2.0, 2.0]}
    assert list(told) == ["ZA", "ZB"]
