"""Cooling of the default plan: published bands, given weather, unknown and assumed."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.criteria.climate import interpolate_climate
from steppe.criteria.cooling.weather import smooth_daily
from steppe.layers.extents import EVERYWHERE
from steppe.layers.tables import PlanTables
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario

SITES = ("horinger_new_area", "ulanqab_zgc")
LOADS = ("energy_gwh", "water_m3", "co2_kt")

# Lei and Masanet 2022, PUE of ASHRAE climate zone 6B, 5th and 95th percentile, by case.
ZONE_6B = {
    "pue": (1.0838, 1.1791),
    "pue_hyperscale_water": (1.078, 1.190),
    "pue_colocation_water": (1.280, 1.520),
}
# ANSI/ASHRAE Standard 169: heating degree days at 18 °C of zone 6.
ZONE_6_K_DAYS = (4000.0, 5000.0)


def build(plan: Path) -> pd.DataFrame:
    """The measures of a plan, by park and measure."""
    measures = decide_scenario(read_inputs(read_plan(plan))).outcome.measures
    return measures.set_index(["site_id", "measure_id"])


@pytest.fixture(scope="module")
def measures(tables: PlanTables) -> pd.DataFrame:
    return tables.measures.set_index(["site_id", "measure_id"])


@pytest.fixture(scope="module")
def light_measures(light_tables: PlanTables) -> pd.DataFrame:
    return light_tables.measures.set_index(["site_id", "measure_id"])


@pytest.fixture
def own_plan(light_pack: Path, tmp_path: Path) -> Path:
    """A copy of the light plan; returns its plan.toml."""
    return shutil.copytree(light_pack, tmp_path / "mine") / "plan.toml"


def put(plan: Path, text: str) -> None:
    """Put tables before that of the region."""
    whole = plan.read_text(encoding="utf-8")
    plan.write_text(whole.replace("[region]\n", f"{text}\n\n[region]\n", 1), encoding="utf-8")


@pytest.mark.parametrize("site_id", SITES)
@pytest.mark.parametrize("measure_id", ZONE_6B)
def test_pue_lies_within_the_published_band_of_the_zone(measures, site_id, measure_id) -> None:
    low, high = ZONE_6B[measure_id]
    assert low < measures.loc[(site_id, measure_id), "value"] < high


def test_the_two_clusters_lie_in_zone_6(pack: Path) -> None:
    inputs = read_inputs(read_plan(pack / "plan.toml"))
    climates = interpolate_climate(
        inputs.layers["parks"],
        inputs.layers["stations"],
        EVERYWHERE,
        inputs.rasters["elevation"],
        n_stations=6,
        search_km=300.0,
    )
    for climate in climates:
        if climate.park_id in SITES:
            cold = np.maximum(18.0 - smooth_daily(climate.temp_monthly_c), 0.0).sum()
            assert ZONE_6_K_DAYS[0] < cold < ZONE_6_K_DAYS[1]


def test_measures_without_measured_weather_name_what_is_assumed(measures) -> None:
    for site_id in SITES:
        row = measures.loc[(site_id, "pue")]
        assert row["status"] == "assumed"
        for words in ("synthetic year", "half of what the stations' model", "persistence 0.7"):
            assert words in row["reason_en"]
        assert {"chelsa_v1", "ghcnd_beijing", "lei_masanet_2022"} <= set(row["source_ids"].split())
        assert row["band"] == "p05_p95"


def test_what_a_megawatt_needs_is_unknown_without_one(measures) -> None:
    """Documents count racks at two parks alone."""
    counted = ["hohhot_mobile", "ulanqab_huawei"]
    for name in LOADS:
        rows = measures.xs(name, level="measure_id")
        others = rows.drop(index=counted)
        assert set(others["status"]) == {"unknown"}
        assert others["value"].isna().all()
        assert others["reason_en"].str.startswith("no IT load is known").all()
        assert set(rows.loc[counted, "status"]) == {"assumed"}
    assert "1,500 racks" in measures.loc[("ulanqab_huawei", "energy_gwh"), "reason_en"]


def test_racks_become_megawatts_by_an_assumption_that_shows(own_plan: Path) -> None:
    """1500 racks of 4 kW are 6 MW: 52.56 GWh a year at the racks, times PUE."""
    whole = own_plan.read_text(encoding="utf-8")
    first, _, rest = whole.partition("[cooling.rack_kw]\n")
    own_plan.write_text(first + rest[rest.index("[cooling.server_kw]") :], encoding="utf-8")
    put(
        own_plan,
        '[cooling.rack_kw]\nvalue = 4.0\nreason = "a guess of mine"',
    )
    found = build(own_plan).loc["ulanqab_huawei"]
    assert found.loc["energy_gwh", "value"] == pytest.approx(52.56 * found.loc["pue", "value"])
    assert found.loc["energy_gwh", "high"] == pytest.approx(52.56 * found.loc["pue", "high"])
    water = 52.56e3 * found.loc["wue_l_per_kwh", "value"]
    assert found.loc["water_m3", "value"] == pytest.approx(water)
    # Inner Mongolia's factor of 2023, kg/kWh.
    assert found.loc["co2_kt", "value"] == pytest.approx(0.6479 * found.loc["energy_gwh", "value"])
    for name in LOADS:
        assert found.loc[name, "status"] == "assumed"
        assert "a guess of mine" in found.loc[name, "reason_en"]
    assert "average of the province" in found.loc["co2_kt", "reason_en"]


def test_given_hours_go_before_the_synthetic_year(
    own_plan: Path, light_measures: pd.DataFrame, write_epw
) -> None:
    """A year of 34 °C with a dew point of 32 °C: no hour cools freely by any count."""
    write_epw(own_plan.parent / "hot.epw", temp=34.0, dew=32.0)
    put(
        own_plan,
        '[cooling.weather]\nulanqab_zgc = "hot.epw"\n'
        'horinger_new_area = { file = "hot.epw", source_id = "steppe" }',
    )
    found = build(own_plan)
    for site_id in SITES:
        here = found.loc[site_id]
        assert here.loc["pue", "value"] > light_measures.loc[(site_id, "pue"), "value"] + 0.05
        assert here.loc["free_cooling_h", "value"] == 0.0
        assert here.loc["ashrae_recommended_h", "value"] == 0.0
        assert here.loc["pue", "status"] == "derived"
        assert "hours of hot.epw" in here.loc["pue", "reason_en"]
        assert "assumed" not in here.loc["pue", "reason_en"]
    assert "steppe" in found.loc[("horinger_new_area", "pue"), "source_ids"].split()
    assert "names no source" in found.loc[("ulanqab_zgc", "pue"), "reason_en"]
    others = found.drop(index=list(SITES), level="site_id")
    assert not others.empty
    pd.testing.assert_frame_equal(others, light_measures.loc[others.index])


def test_far_from_all_stations_cooling_is_unknown_and_the_park_not_ranked(own_plan: Path) -> None:
    text = own_plan.read_text(encoding="utf-8")
    own_plan.write_text(
        text.replace("n_stations = 6\nsearch_km = 300.0", "n_stations = 6\nsearch_km = 0.1", 1),
        encoding="utf-8",
    )
    outcome = decide_scenario(read_inputs(read_plan(own_plan))).outcome
    climate = outcome.measures[outcome.measures["criterion"] == "climate"]
    assert set(climate["status"]) == {"unknown"}
    assert climate["reason_en"].str.len().gt(0).all()
    total = outcome.scores[outcome.scores["criterion"] == "total"]
    assert total["rank"].isna().all()


def test_without_cooling_its_measures_are_unknown_with_that_reason(own_plan: Path) -> None:
    text = own_plan.read_text(encoding="utf-8")
    start, stop = text.index("[cooling]"), text.index("[region]")
    own_plan.write_text(text[:start] + text[stop:], encoding="utf-8")
    measures = decide_scenario(read_inputs(read_plan(own_plan))).outcome.measures
    told = measures[measures["measure_id"].isin(["pue", "free_cooling_h", "energy_gwh"])]
    assert len(told) == 3 * measures["site_id"].nunique()
    assert set(told["status"]) == {"unknown"}
    assert set(told["reason_en"]) == {"plan.toml has no [cooling]"}
