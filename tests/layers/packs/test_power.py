"""Which grid a substation belongs to, and how many of them bear a voltage."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from steppe.layers.packs.power import grid_facts, with_grid
from steppe.layers.packs.recipe import read_recipe

WEST, EAST = "蒙西电网 West Inner Mongolia grid", "蒙东电网 East Inner Mongolia grid"


def _points(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    points = [shapely.Point(place) for place in places]
    return gpd.GeoDataFrame({"voltage_kv": [220.0] * len(points)}, geometry=points, crs=4490)


@pytest.fixture(scope="module")
def recipe(pack: Path):
    return read_recipe(pack / "recipe.toml")


@pytest.fixture(scope="module")
def boundaries(pack: Path):
    return gpd.read_file(pack / "boundaries.geojson").set_crs(4490, allow_override=True)


@pytest.mark.packs
def test_every_prefecture_seat_hangs_on_the_grid_of_its_prefecture(
    datasets: Path, recipe, boundaries
) -> None:
    seats = {
        (111.66, 40.84): WEST,  # Hohhot
        (109.84, 40.65): WEST,  # Baotou
        (109.98, 39.83): WEST,  # Ordos
        (113.12, 41.02): WEST,  # Ulanqab
        (107.42, 40.74): WEST,  # Bayannur
        (106.82, 39.67): WEST,  # Wuhai
        (105.67, 38.84): WEST,  # Alxa
        (116.08, 43.95): WEST,  # Xilingol
        (118.95, 42.27): EAST,  # Chifeng
        (122.26, 43.62): EAST,  # Tongliao
        (122.08, 46.08): EAST,  # Hinggan
        (119.74, 49.22): EAST,  # Hulunbuir
    }
    found = with_grid(_points(*seats), datasets, recipe, boundaries=boundaries)
    assert dict(zip(seats, found["grid"], strict=True)) == seats


@pytest.mark.packs
def test_outside_the_region_the_grid_is_empty(datasets: Path, recipe, boundaries) -> None:
    beijing_datong_yinchuan = _points((116.4, 39.9), (113.3, 40.09), (106.23, 38.49))
    found = with_grid(beijing_datong_yinchuan, datasets, recipe, boundaries=boundaries)
    assert found["grid"].isna().all()


def test_each_of_the_twelve_prefectures_has_one_grid(recipe) -> None:
    """Twelve prefectures; their codes are those of GB/T 2260."""
    codes = [code for grid in recipe.grids for code in grid.prefectures]
    cities = {f"150{number}" for number in range(1, 10)}
    assert sorted(codes) == sorted(cities | {"1522", "1525", "1529"})


def test_tagged_and_untagged_are_counted_inside_the_region_only(recipe, boundaries) -> None:
    made = _points((111.66, 40.84), (109.84, 40.65), (116.4, 39.9))
    made["voltage_kv"] = [500.0, None, None]
    facts = grid_facts(made, recipe, boundaries=boundaries).set_index(["layer", "field"])
    assert facts.loc[("region", "n_tagged"), "value"] == "1"
    assert facts.loc[("region", "n_untagged"), "value"] == "1"
    assumed = facts.loc["prefectures"]
    assert set(assumed["kind"]) == {"assumed"}
    assert assumed["reason"].str.len().gt(0).all()


@pytest.mark.parametrize("layer", ["substations", "plants"])
def test_the_pack_parts_west_and_east(pack: Path, layer: str) -> None:
    """West of 113 E nothing hangs on the eastern grid, east of 121.5 E nothing on the western."""
    rows = pd.read_csv(pack / f"{layer}.csv")
    assert set(rows["grid"].dropna()) == {WEST, EAST}
    assert set(rows.loc[rows["lon"] < 113, "grid"].dropna()) == {WEST}
    assert WEST not in set(rows.loc[rows["lon"] > 121.5, "grid"].dropna())


def test_the_facts_count_what_the_layer_holds(pack: Path) -> None:
    facts = pd.read_csv(pack / "facts_compiled.csv").set_index(["layer", "field"])["value"]
    rows = pd.read_csv(pack / "substations.csv")
    # Whatever lies inside the region has a grid.
    inside = rows[rows["grid"].notna()]
    assert int(facts[("region", "n_tagged")]) == inside["voltage_kv"].notna().sum()
    assert int(facts[("region", "n_untagged")]) == inside["voltage_kv"].isna().sum()
