"""Evidence for the claims: geometry worked out by hand, and what an atlas says of the region."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from steppe.claims.claim_checks import judge
from steppe.claims.claim_evidence import gather_evidence
from steppe.layers.conformity import conform
from steppe.layers.contracts.documents import CLAIM_TEXTS
from steppe.layers.crs import GEOD, WORKING_CRS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import say
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_reading import read_plan

SAME = {"source_id": "atlas", "accuracy_m": 1000.0}
PUE_CLAIM = conform(
    pd.DataFrame([{"claim_id": "pue", "source_id": "plan", "place_in_text": "3", "text_zh": "PUE值达到1.4以下", "text_en": "PUE at most 1.4", "check": "park_pue", "high": 1.4, "unit": "1"}]),
    CLAIM_TEXTS,
)  # fmt: skip


def _frame(rows: list[dict]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame([SAME | row for row in rows], crs=WORKING_CRS)


def _measure(site_id: str, measure_id: str, value: float, *, by: float = math.nan) -> dict:
    row = {"site_id": site_id, "measure_id": measure_id, "value": value, "unit": "g"}
    return {**row, "low": value - by, "high": value + by, "source_ids": "code"}


def _fact(field: str, value: str, source_id: str, unit: str = "MW") -> dict[str, str]:
    row = {"layer": "region", "id": "R", "field": field, "value": value, "unit": unit}
    return {**row, "source_id": source_id}


@pytest.fixture
def world() -> SimpleNamespace:
    """A region from 110 to 112 E; a province touches it, one lies 50 km off, a country north."""
    outlines = _frame(
        [
            {"boundary_id": "R", "kind": "region", "name_zh": "R", "name_en": "R", "geometry": box(110, 40, 112, 42)},
            {"boundary_id": "P", "kind": "province", "name_zh": "P", "name_en": "P", "geometry": box(112, 40, 113, 42)},
            {"boundary_id": "Q", "kind": "province", "name_zh": "Q", "name_en": "Q", "geometry": box(108, 40, 109.4, 42)},
            {"boundary_id": "C", "kind": "country", "name_zh": "C", "name_en": "C", "geometry": box(109, 42, 114, 44)},
        ]
    )  # fmt: skip
    parks = _frame(
        [
            {"park_id": "a", "city": "A", "geometry": Point(110.5, 41)},
            {"park_id": "b", "city": "B", "geometry": Point(111.5, 41)},
            {"park_id": "far", "city": "B", "geometry": Point(112.5, 41)},
        ]
    )
    railways = _frame(
        [
            {"geometry": LineString([(111, 41), (111, 43)])},  # leaves for the country
            {"geometry": LineString([(111.5, 41), (111.5, 41.9)])},  # ends before the border
            {"geometry": LineString([(112.5, 41), (112.5, 43)])},  # of the province
            # Leaves through the province, 80 km beyond the region's border.
            {"geometry": LineString([(111.8, 41.5), (113, 41.5), (113, 43)])},
        ]
    )
    faults = _frame([{"geometry": LineString([(110.7, 40), (110.7, 42)])}])
    extent = _frame([{"geometry": box(110, 40, 111, 42)}])
    layers = {
        "boundaries": outlines,
        "parks": parks,
        "railways": railways,
        "faults": faults,
        "fault_extent": extent,
    }
    facts = pd.DataFrame(
        [
            _fact("area_km2", "1000", "atlas", "km2"),
            _fact("installed_2010_mw", "70", "coal"),
            _fact("installed_2010_mw", "30", "wind"),
            _fact("motto", "ever onwards", "atlas", ""),
        ]
    )
    plan = SimpleNamespace(region=SimpleNamespace(boundary_id="R"), criteria=())
    return Inputs(plan, {}, facts, layers, {}, {}, {})


@pytest.fixture
def measures() -> pd.DataFrame:
    rows = [("a", 0.1), ("b", 0.2), ("far", 0.4)]
    return pd.DataFrame([_measure(name, "pga_g", value) for name, value in rows])


def test_only_sites_inside_the_region_speak_for_it(world, measures):
    found = gather_evidence(world, measures)
    assert (found["park_pga_g"].low, found["park_pga_g"].high) == (0.1, 0.2)
    assert say(found["park_pga_g"].text, "en") == "0.1 to 0.2 g at 2 sites"
    # A city's sites speak for the city, wherever they lie.
    assert (found["park_pga_g:B"].low, found["park_pga_g:B"].high) == (0.2, 0.4)
    assert say(found["park_pga_g:A"].text, "en") == "0.1 g at 1 site"


def test_an_outline_speaks_by_its_id(world, measures):
    found = gather_evidence(world, measures)
    assert (found["park_pga_g:P"].low, found["park_pga_g:P"].high) == (0.4, 0.4)
    assert "park_pga_g:C" not in found


def test_what_a_fleet_reaches_is_open_while_kinds_of_plant_disagree(world):
    """The best kind cannot uphold a claim about all, nor the worst refute it."""

    def judge_mean(**kinds: tuple[float, float]) -> tuple[str, str]:
        rows = [
            _measure(site, name, value, by=by)
            for name, (value, by) in kinds.items()
            for site in ("a", "b")
        ]
        found = gather_evidence(world, pd.DataFrame(rows))
        pue = found["park_pue"]
        assert (pue.low, pue.high) == (
            pytest.approx(min(value - by for value, by in kinds.values())),
            pytest.approx(max(value + by for value, by in kinds.values())),
        )
        (row,) = judge(PUE_CLAIM, found).to_dict("records")
        return row["verdict"], row["found_en"]

    best, worst, between = (1.1, 0.05), (1.6, 0.1), (1.35, 0.1)
    verdict, told = judge_mean(pue=best, pue_small_chiller=worst)
    assert verdict == "undecided"
    assert "1.05 to 1.15" in told
    assert "1.5 to 1.7" in told
    assert judge_mean(pue=best, pue_colocation_air=(1.2, 0.1))[0] == "holds"
    assert judge_mean(pue=worst, pue_small_chiller=(1.9, 0.1))[0] == "fails"
    assert judge_mean(pue=best, pue_colocation_air=between)[0] == "undecided"


def test_months_without_air_conditioning_are_those_of_the_envelope_and_the_kinder_are_shown(world):
    """730 hours are a month: the air keeps the envelope for 6 and 7.5 of them."""
    months = {"ashrae_recommended_h": (6, 7.5), "free_cooling_h": (8, 9),
              "free_cooling_wet_full_h": (10, 11)}  # fmt: skip
    rows = [
        _measure(site, name, number * 730.0)
        for name, numbers in months.items()
        for site, number in zip("ab", numbers, strict=True)
    ]
    found = gather_evidence(world, pd.DataFrame(rows))["park_free_cooling_months"]
    assert (found.low, found.high) == (pytest.approx(6.0), pytest.approx(7.5))
    assert found.places == ((pytest.approx(6.0),) * 2, (pytest.approx(7.5),) * 2)
    assert "8 to 9" in say(found.text, "en")
    assert "10 to 11" in say(found.text, "en")


def test_a_site_of_unknown_value_is_counted_as_such(world, measures):
    measures.loc[measures["site_id"] == "b", "value"] = float("nan")
    found = gather_evidence(world, measures)
    assert say(found["park_pga_g"].text, "en") == "0.1 g at 1 site, unknown at 1"
    measures["value"] = float("nan")
    assert "park_pga_g" not in gather_evidence(world, measures)


def test_facts_of_the_region_are_summed_and_kept_apart_by_source(world, measures):
    found = gather_evidence(world, measures)
    # What trackers sum up is known from below: small plants are not in them.
    assert (found["installed_2010_mw"].low, found["installed_2010_mw"].high) == (100, math.inf)
    assert found["installed_2010_mw"].source_ids == ("coal", "wind")
    assert say(found["installed_2010_mw:wind"].text, "en") == "30 MW or more"
    assert say(found["region_area_km2"].text, "en") == "1,000 km²"
    assert "region_motto" not in found


def test_neighbours_are_those_that_touch(world, measures):
    found = gather_evidence(world, measures)
    assert say(found["region_provinces"].text, "en") == "1 adjoining province: P"
    assert say(found["region_countries"].text, "en") == "1 adjoining country: C"


def test_outlines_that_miss_each_other_by_less_than_their_accuracy_adjoin(world, measures):
    # At 41 N a degree of longitude is 84 km; 0.01 degrees lie within 1 km, 0.02 do not.
    for shift, number in ((0.01, 1), (0.02, 0)):
        outlines = world.layers["boundaries"].copy()
        outlines.loc[1, "geometry"] = box(112 + shift, 40, 113, 42)
        world = dataclasses.replace(world, layers=world.layers | {"boundaries": outlines})
        assert gather_evidence(world, measures)["region_provinces"].low == number


def test_a_railway_counts_where_it_crosses_the_regions_own_border(world, measures):
    assert say(gather_evidence(world, measures)["region_railway_crossings"].text, "en") == (
        "1 railway crossing: 1 to C"
    )


def test_faults_speak_only_where_they_are_known_and_with_the_sites_accuracy(world, measures):
    found = gather_evidence(world, measures)["park_fault_km"]
    # Park a lies 0.2 degrees of longitude from the fault; its point and the line are good to 1 km each.
    km = GEOD.inv(110.5, 41, 110.7, 41)[2] / 1000
    assert found.low == pytest.approx(km - 2, abs=0.05)
    assert found.high == pytest.approx(km + 2, abs=0.05)
    assert say(found.text, "en").endswith("unknown at 1")
    nowhere = world.layers["fault_extent"].assign(geometry=box(120, 40, 121, 41))
    world = dataclasses.replace(world, layers=world.layers | {"fault_extent": nowhere})
    assert "park_fault_km" not in gather_evidence(world, measures)


def test_layers_that_a_plan_lacks_give_no_evidence(world, measures):
    world = dataclasses.replace(
        world, layers={name: world.layers[name] for name in ("parks", "boundaries")}
    )
    found = gather_evidence(world, measures)
    assert not {"park_fault_km", "region_railway_crossings"} & set(found)


@pytest.fixture(scope="module")
def evidence(pack: Path, tables: PlanTables):
    inputs = read_inputs(read_plan(pack / "plan.toml"))
    return gather_evidence(inputs, tables.measures)


def test_the_neighbours_of_inner_mongolia(evidence):
    """Any atlas: eight provinces and two countries."""
    assert say(evidence["region_provinces"].text, "en").partition(": ")[2].split(", ") == [
        "Gansu", "Hebei", "Heilongjiang", "Jilin", "Liaoning", "Ningxia", "Shaanxi", "Shanxi",
    ]  # fmt: skip
    assert say(evidence["region_countries"].text, "en").endswith(": Mongolia, Russia")


def test_two_railways_of_2012_leave_inner_mongolia(evidence):
    """By Erenhot to Mongolia and by Manzhouli to Russia; the coal lines came later."""
    assert say(evidence["region_railway_crossings"].text, "en").endswith(
        ": 1 to Mongolia, 1 to Russia"
    )


def test_the_trackers_stay_below_the_official_figure_of_wind(evidence):
    """The plan counts 10 GW on the grid in 2010; a tracker of the larger farms holds less."""
    assert 5000 < evidence["installed_2010_mw:gem_wind"].low < 10_000


def test_claims_about_what_stands_are_not_upheld_by_the_best_kind_of_plant(evidence):
    """The scored kind stays below 1.2 and chillers alone above 1.5: a mean of 1.4 is open."""
    for check in ("park_pue", "park_pue:CN-14"):
        assert evidence[check].low < 1.4 < evidence[check].high


def test_air_conditioning_rests_for_less_than_seven_months(tables, evidence):
    """Mixed to 18 °C, or behind a tower, it rests for 7 and more at all; kept as recommended not."""
    months = evidence["park_free_cooling_months"]
    assert 6 < min(least for least, _ in months.places) < 6.5
    assert 6.5 < max(most for _, most in months.places) < 7
    verdicts = tables.claims.set_index("claim_id")["verdict"]
    assert verdicts["free_cooling"] == "fails"
    assert verdicts[["pue_2020", "shanxi_pue", "wind_2010"]].tolist() == ["undecided"] * 3
