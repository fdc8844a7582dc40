"""A small layer that is right, to be broken in one way at a time."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point

BBOX = (95.0, 29.0, 127.0, 54.0)


@pytest.fixture
def ports() -> gpd.GeoDataFrame:
    rows = {
        "port_id": ["a", "b"],
        "name_zh": ["甲", "乙"],
        "name_en": ["A", "B"],
        "neighbour": ["MN", "RU"],
        "accuracy_m": [100.0, 100.0],
        "source_id": ["s", "s"],
        "as_of": ["2020-01-01", "2020-01-01"],
    }
    points = [Point(111.98, 43.65), Point(117.43, 49.60)]
    return gpd.GeoDataFrame(rows, geometry=points, crs="EPSG:4490")


@pytest.fixture
def write_csv(tmp_path: Path):
    def write(frame: gpd.GeoDataFrame, name: str = "ports.csv") -> Path:
        table = frame.drop(columns="geometry").assign(lon=frame.geometry.x, lat=frame.geometry.y)
        table.to_csv(tmp_path / name, index=False)
        return tmp_path / name

    return write
