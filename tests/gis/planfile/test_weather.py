"""Hours of a plan: those of another place are refused, those from near by say how far."""

from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point

from steppe.criteria.cooling.findings import GivenWeather
from steppe.layers.errors import InputError
from steppe.layers.tables import Raster
from steppe.layers.wording import say
from steppe.planfile.cooling_entry import WeatherFile
from steppe.planfile.given_weather import read_weather

# A degree north of the station of the test files, whose height is 1063 m.
PARK = Point(111.8, 41.85)
DEGREE_KM = 111.0


def read(folder: Path, name: str, *, ground_m: float | None = 1000.0, **entry) -> GivenWeather:
    """Read the file of one park, which lies at a height."""
    parks = gpd.GeoDataFrame({"park_id": ["p"]}, geometry=[PARK], crs=4490)
    ground = None
    if ground_m is not None:
        cells = np.full((4, 4), ground_m, dtype=np.float32)
        ground = Raster("elevation", cells, 110.0, 43.0, 1.0, "m", "", "", "s")
    cooling = SimpleNamespace(weather={"p": WeatherFile(file=name, **entry)})
    return read_weather(cooling, parks, ground, folder=folder, search_km=300.0)["p"]


def move(path: Path, lat: str, lon: str) -> Path:
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("40.85,111.8", f"{lat},{lon}"), encoding="utf-8")
    return path


def test_hours_from_near_by_say_how_far_and_how_high(tmp_path: Path, write_epw) -> None:
    write_epw(tmp_path / "a.epw")

    def words(**more: object) -> str:
        return say(read(tmp_path, "a.epw", **more).words, "en")

    assert words(source_id="s") == f"a.epw ({DEGREE_KM:.0f} km away, 63 m higher)"
    assert "137 m lower" in words(ground_m=1200.0)
    assert "m higher" not in words(ground_m=None)
    assert "names no source" in words()


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("-12.42", "130.89"), ("52.31", "4.76"), ("0", "0"), ("40.85", "-111.8"), ("-40.85", "111.8")],
)
def test_hours_of_another_place_are_refused_with_the_distance(
    tmp_path: Path, write_epw, lat: str, lon: str
) -> None:
    """Darwin, Amsterdam, nowhere, and the right numbers with another sign."""
    move(write_epw(tmp_path / "far.epw"), lat, lon)
    with pytest.raises(InputError, match=r"cooling\.weather\.p: .* km away; .*search_km") as caught:
        read(tmp_path, "far.epw")
    assert len(caught.value.problems) == 1


def test_the_suffix_of_a_file_may_be_in_capitals(tmp_path: Path, write_epw) -> None:
    write_epw(tmp_path / "A.EPW")
    assert read(tmp_path, "A.EPW").weather.temp_c.size == 8760
    (tmp_path / "B.CSV").write_text("DATE,TMP\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the columns DEW"):
        read(tmp_path, "B.CSV")


def test_without_a_height_a_csv_needs_one(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("DATE,TMP\n", encoding="utf-8")
    with pytest.raises(InputError, match="add height_m"):
        read(tmp_path, "b.csv", ground_m=None)
