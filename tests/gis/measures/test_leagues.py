"""Parks in leagues that have none: the pack measures there as the whole source files do."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from pyproj import Geod

from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario

pytestmark = pytest.mark.packs

GEOD = Geod(ellps="GRS80")
PLACES = {
    "tongliao_new": (122.26, 43.62),
    "hailar_new": (119.74, 49.21),
    "alxa_new": (105.67, 38.84),
    "xilinhot_east_new": (117.40, 43.90),
    "zhongwei_new": (105.14, 37.53),
}
# Coal, wind and hydro in operation in 2023, MW, and the nearest 220 kV, km.
TOLD_MW = {"tongliao_new": 7379, "hailar_new": 6260, "alxa_new": 10149, "zhongwei_new": 14791}
TOLD_KM = {"tongliao_new": 9.6, "hailar_new": 5.8}
TRACKERS = {
    "coal": ("gem_coal_units_2023-07_bbox", "Start year", "Retired year"),
    "wind": ("gem_wind_2023-05_bbox", "Start year", None),
    "hydro": ("gem_hydro_2023-05_bbox", "Start Year", None),
    "nuclear": ("gem_nuclear_2023-10_bbox", "Start Year", None),
}
FUELS = {"Solar", "Natural Gas", "Coal Mine Methane", "Oil", "Landfill gas"}


def away_km(place: tuple[float, float], lon: pd.Series, lat: pd.Series) -> np.ndarray:
    return GEOD.inv(*(np.full(len(lon), part) for part in place), lon, lat)[2] / 1000


def units_of(datasets: Path) -> pd.DataFrame:
    """Every unit of a plant of 20 MW and over that ever ran, straight from the source files."""
    found = []
    for energy, (name, start, retired) in TRACKERS.items():
        raw = pd.read_csv(datasets / "power" / f"{name}.csv", low_memory=False)
        raw = raw[raw["Status"].isin(["operating", "retired", "mothballed", "construction"])]
        whole_mw = raw.groupby("GEM location ID")["Capacity (MW)"].transform("sum")
        raw = raw[(whole_mw >= 20) & (raw["Status"] != "construction")]
        found.append(
            pd.DataFrame(
                {
                    "energy": energy, "status": raw["Status"], "mw": raw["Capacity (MW)"],
                    "start": pd.to_numeric(raw[start], errors="coerce"),
                    "end": pd.to_numeric(raw[retired], errors="coerce") if retired else np.nan,
                    "lon": raw["Longitude"], "lat": raw["Latitude"],
                }
            )
        )  # fmt: skip
    raw = pd.read_csv(datasets / "power" / "wri_power_plants_chn_mng_rus_bbox.csv")
    raw = raw[raw["Fuel"].isin(FUELS) & (raw["Capacity (MW)"] >= 20)]
    found.append(
        pd.DataFrame(
            {
                "energy": "national", "status": "operating", "mw": raw["Capacity (MW)"],
                "start": pd.to_numeric(raw["Commissioning Date"], errors="coerce"), "end": np.nan,
                "lon": raw["Longitude"], "lat": raw["Latitude"],
            }
        )
    )  # fmt: skip
    return pd.concat(found, ignore_index=True)


@pytest.fixture(scope="module")
def own(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the default plan with five more parks, each known to the metre."""
    folder = shutil.copytree(pack, tmp_path_factory.mktemp("leagues") / "mine")
    parks = pd.read_csv(folder / "parks.csv", dtype="str")
    model = parks[parks["level"] == "zone"].iloc[[0]]
    new = [
        model.assign(
            park_id=name, name_en=name, name_zh=name, lon=str(lon), lat=str(lat), accuracy_m="1",
            parent_id=None, town_id=None, node_id=None,
        )
        for name, (lon, lat) in PLACES.items()
    ]  # fmt: skip
    pd.concat([parks, *new]).to_csv(folder / "parks.csv", index=False)
    return folder


def measure(folder: Path, year: int) -> pd.DataFrame:
    plan = read_plan(folder / "plan.toml")
    scenario = plan.scenario.model_copy(update={"year": year})
    plan = plan.model_copy(update={"scenario": scenario})
    measures = decide_scenario(read_inputs(plan)).outcome.measures
    return measures.set_index(["site_id", "measure_id"])


@pytest.fixture(scope="module")
def today(own: Path) -> pd.DataFrame:
    return measure(own, 2026)


@pytest.fixture(scope="module")
def base(own: Path) -> pd.DataFrame:
    return measure(own, 2017)


@pytest.mark.parametrize("name", PLACES)
def test_today_all_that_operates_within_100_km_is_counted(datasets, today, name: str) -> None:
    units = units_of(datasets)
    near = units[away_km(PLACES[name], units["lon"], units["lat"]) <= 100]
    near = near[near["status"] == "operating"]
    tracked_mw = near.loc[near["energy"] != "national", "mw"].sum()
    assert TOLD_MW.get(name, tracked_mw) == pytest.approx(tracked_mw, abs=0.5)
    found = today.loc[(name, "operating_100km_mw")]
    assert (found["status"], found["value"]) == ("derived", pytest.approx(near["mw"].sum()))
    assert near["mw"].sum() > 1000
    wind_mw = today.loc[(name, "renewable_100km_mw"), "value"]
    assert wind_mw >= near.loc[near["energy"] == "wind", "mw"].sum()


@pytest.mark.parametrize("name", PLACES)
def test_2017_counts_what_had_begun_and_was_not_closed(datasets, base, name: str) -> None:
    units = units_of(datasets)
    near = units[away_km(PLACES[name], units["lon"], units["lat"]) <= 100]
    there = (near["start"] <= 2017) & ~(near["end"] <= 2017)
    surely = there & ((near["status"] == "operating") | near["end"].notna())
    found = base.loc[(name, "operating_100km_mw")]
    assert found["value"] == pytest.approx(near.loc[surely, "mw"].sum())
    maybe = ~(near["start"] > 2017) & ~(near["end"] <= 2017)
    assert found["high"] == pytest.approx(near.loc[maybe, "mw"].sum())
    assert "2017" in found["reason_en"]


@pytest.mark.parametrize("name", PLACES)
def test_stations_are_those_of_the_whole_file(datasets, today, name: str) -> None:
    stations = pd.read_csv(datasets / "power" / "osm_substations_2025_points.csv")
    stations = stations[stations["max_kv"] <= 1100]
    away = pd.Series(away_km(PLACES[name], stations["lon"], stations["lat"]), index=stations.index)
    for kv in (220, 500):
        nearest_km = away[stations["max_kv"] >= kv].min()
        found = today.loc[(name, f"grid_{kv}_km")]
        # Coordinates of the pack are cut to some ten metres.
        assert (found["status"], found["value"]) == ("derived", pytest.approx(nearest_km, abs=0.02))
        if kv == 220 and name in TOLD_KM:
            assert round(nearest_km, 1) == TOLD_KM[name]
    for reach_km in (30, 50):
        n = ((stations["max_kv"] >= 220) & (away <= reach_km)).sum()
        assert today.loc[(name, f"substations_{reach_km}km"), "value"] == n


def height_m(pack: Path, lon: pd.Series, lat: pd.Series) -> np.ndarray:
    """Heights of the pack's grid, read by another reader than the code's own."""
    with rasterio.open(pack / "elevation.tif") as grid:
        held = grid.read(1, masked=True).astype(float).filled(np.nan)
        return np.array([held[grid.index(*place)] for place in zip(lon, lat, strict=True)])


@pytest.mark.parametrize("name", PLACES)
def test_the_climate_is_that_of_the_stations_of_the_whole_file(
    datasets, pack, today, name: str
) -> None:
    raw = pd.read_csv(datasets / "climate" / "chelsa_v1_1979_2013_at_isd_stations.csv")
    raw = raw[raw["ELEV(M)"].notna() & raw["CHELSA_bio1_1979-2013_V1_1"].notna()]
    raw = raw[raw["LON"].between(96, 126) & raw["LAT"].between(30, 53)]
    raw = raw[np.abs(height_m(pack, raw["LON"], raw["LAT"]) - raw["ELEV(M)"]) <= 150]
    away = away_km(PLACES[name], raw["LON"], raw["LAT"])
    nearest = np.argsort(away)[:6]
    assert away[nearest].max() < 300
    means = raw["CHELSA_bio1_1979-2013_V1_1"].to_numpy()[nearest]
    at_sea_c = means + 0.0065 * raw["ELEV(M)"].to_numpy()[nearest]
    here_m = height_m(pack, *([part] for part in PLACES[name]))[0]
    expected_c = np.average(at_sea_c, weights=away[nearest] ** -2.0) - 0.0065 * here_m
    found = today.loc[(name, "air_temp_mean_c")]
    assert (found["status"], found["value"]) == ("derived", pytest.approx(expected_c, abs=0.01))
    assert found["low"] < found["value"] < found["high"]


def test_added_parks_have_a_pue_and_hours_of_free_cooling(today) -> None:
    pue = today.xs("pue", level="measure_id").loc[list(PLACES)]
    assert pue["value"].between(1.05, 1.3).all()
    assert (pue["low"] < pue["value"]).all()
    assert (pue["value"] < pue["high"]).all()
    free_h = today.xs("free_cooling_h", level="measure_id").loc[list(PLACES), "value"]
    assert free_h.between(5000, 8760).all()
    assert free_h["hailar_new"] > free_h["tongliao_new"]
    assert free_h["xilinhot_east_new"] > free_h["alxa_new"]
