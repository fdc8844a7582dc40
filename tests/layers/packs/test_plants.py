"""Plants of the pack: all that the files have where the layer speaks, each once, with its years."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

from steppe.layers.crs import GEOD

NATIONAL = ("solar", "gas", "bioenergy", "oil")


@pytest.fixture(scope="module")
def plants(pack: Path) -> pd.DataFrame:
    return pd.read_csv(pack / "plants.csv")


@pytest.fixture(scope="module")
def extent(pack: Path) -> dict[str, shapely.Geometry]:
    names = ("plant_extent", "substation_extent", "station_extent")
    return {name: gpd.read_file(pack / f"{name}.geojson").geometry[0] for name in names}


def away_km(lon: float, lat: float, shape: shapely.Geometry) -> float:
    """Geodesic distance to the nearest corner of an outline whose corners lie close together."""
    corners = shapely.get_coordinates(shapely.segmentize(shape, 0.02))
    n = len(corners)
    return GEOD.inv(np.full(n, lon), np.full(n, lat), *corners.T)[2].min() / 1000


@pytest.mark.packs
@pytest.mark.parametrize(
    ("energy", "name"),
    [("coal", "gem_coal_units_2023-07_bbox"), ("wind", "gem_wind_2023-05_bbox"),
     ("hydro", "gem_hydro_2023-05_bbox"), ("nuclear", "gem_nuclear_2023-10_bbox")],
)  # fmt: skip
def test_every_unit_of_the_trackers_inside_the_extent_is_there(
    datasets: Path, plants, extent, energy: str, name: str
) -> None:
    raw = pd.read_csv(datasets / "power" / f"{name}.csv", low_memory=False)
    raw = raw[raw["Status"].isin(["operating", "retired", "mothballed", "construction"])]
    well_in = shapely.buffer(extent["plant_extent"], -0.1)
    raw = raw[shapely.contains_xy(well_in, raw["Longitude"], raw["Latitude"])]
    whole_mw = raw.groupby("GEM location ID")["Capacity (MW)"].transform("sum")
    raw = raw[(whole_mw >= 20) | (energy == "nuclear")]
    ours = plants[plants["energy"] == energy]
    ours = ours[ours["grid_id"].str.split("_").str[0].isin(raw["GEM location ID"])]
    for status in raw["Status"].unique():
        of_status = ours[ours["status"] == status]
        theirs_mw = raw.loc[raw["Status"] == status, "Capacity (MW)"].sum()
        inside = shapely.contains_xy(well_in, of_status["lon"], of_status["lat"])
        assert of_status.loc[inside, "capacity_mw"].sum() == pytest.approx(theirs_mw, rel=1e-3)


def test_years_are_in_order_and_only_what_ran_and_stopped_has_an_end(plants) -> None:
    both = plants.dropna(subset=["start_year", "retired_year"])
    assert len(both) > 100
    assert (both["start_year"] <= both["retired_year"]).all()
    assert set(plants.loc[plants["retired_year"].notna(), "status"]) == {"retired"}
    assert plants["start_year"].dropna().between(1900, 2035).all()


def test_no_plant_of_the_national_tables_is_there_twice(plants) -> None:
    rows = plants[plants["energy"].isin(NATIONAL)]
    assert set(rows["source_id"]) == {"wri_plants"}
    for _, one in rows.groupby("energy"):
        lon, lat = one["lon"].to_numpy(), one["lat"].to_numpy()
        a, b = np.triu_indices(len(one), k=1)
        assert (GEOD.inv(lon[a], lat[a], lon[b], lat[b])[2] > 1990).all()


def test_what_the_region_had_in_2015_agrees_with_the_fact_that_claims_are_held_against(
    pack: Path, plants
) -> None:
    """The fact goes by province and counts small plants too; the layer by outline, from 20 MW.

    Three coal plants of 2 300 MW stand beside the border, beyond the generalised outline; places
    of wind farms are known to 20 km.
    """
    facts = pd.read_csv(pack / "facts_compiled.csv")
    facts = facts[facts["field"] == "installed_2015_mw"].set_index("source_id")["value"]
    inside = plants[plants["grid"].notna()]
    ran = (inside["start_year"] <= 2015) & ~(inside["retired_year"] <= 2015)
    ran &= (inside["status"] != "retired") | inside["retired_year"].notna()
    ran &= inside["status"] != "construction"
    for source_id, beyond_mw, share in (("gem_coal", 2300, 0.01), ("gem_wind", 0, 0.05)):
        ours_mw = inside.loc[ran & (inside["source_id"] == source_id), "capacity_mw"].sum()
        assert ours_mw + beyond_mw == pytest.approx(float(facts[source_id]), rel=share), source_id


def test_the_extents_reach_as_far_as_anything_is_sought(pack: Path, extent) -> None:
    """200 km and 40 km of accuracy round every place of the region, but for the data's own box."""
    frame = gpd.read_file(pack / "boundaries.geojson").set_index("boundary_id")
    region = frame.geometry["CN-15"]
    parks = pd.read_csv(pack / "parks.csv")
    corners = shapely.get_coordinates(region)[::40]
    places = [*corners, *parks[["lon", "lat"]].drop_duplicates().to_numpy()]
    for lon, lat in places:
        on_box = shapely.box(95, 29, 127, 54).boundary.buffer(1e-3)
        for name, reach_km in (("plant_extent", 240), ("station_extent", 290)):
            free = shapely.difference(extent[name].boundary, on_box)
            assert away_km(lon, lat, free) > reach_km, (name, lon, lat)
            assert shapely.contains_xy(extent[name], lon, lat)


@pytest.mark.packs
def test_weather_stations_are_all_that_the_file_has_in_their_extent(
    datasets: Path, pack: Path, extent
) -> None:
    raw = pd.read_csv(datasets / "climate" / "chelsa_v1_1979_2013_at_isd_stations.csv")
    well_in = shapely.buffer(extent["station_extent"], -0.1)
    raw = raw[shapely.contains_xy(well_in, raw["LON"], raw["LAT"])].dropna(
        subset=["ELEV(M)", "CHELSA_bio1_1979-2013_V1_1"]
    )
    # On the rim between two cells either may be taken: the test leaves those out.
    on_rim = [np.abs((raw[at] / 0.05 + 0.5) % 1 - 0.5) < 1e-6 for at in ("LON", "LAT")]
    raw = raw[~(on_rim[0] | on_rim[1])]
    with rasterio.open(pack / "elevation.tif") as grid:
        ground_m = [float(v[0]) for v in grid.sample(zip(raw["LON"], raw["LAT"], strict=True))]
    agrees = np.abs(np.array(ground_m) - raw["ELEV(M)"]) <= 150
    ours = set(pd.read_csv(pack / "stations.csv")["station_id"])
    assert set(raw.loc[agrees, "STNID"]) <= ours
    assert not set(raw.loc[~agrees, "STNID"]) & ours
    assert agrees.sum() > 120


def test_the_stations_speak_of_china_alone(pack: Path, extent) -> None:
    inside = extent["substation_extent"]
    ulaanbaatar, chita, hohhot, hailar = (106.9, 47.9), (113.5, 52.0), (111.66, 40.8), (119.7, 49.2)
    assert [shapely.contains_xy(inside, *place) for place in (ulaanbaatar, chita)] == [False] * 2
    assert [shapely.contains_xy(inside, *place) for place in (hohhot, hailar)] == [True] * 2
    assert shapely.contains_xy(extent["plant_extent"], 113.5, 46.0)  # plants of Mongolia too
    stations = pd.read_csv(pack / "substations.csv")
    held = shapely.contains_xy(shapely.buffer(inside, 0.1), stations["lon"], stations["lat"])
    assert held.mean() > 0.999
