"""Proposed sites of a plan: beside the parks, measured as they are, and never among them."""

from __future__ import annotations

import html
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from steppe.decision.draws import BandedMeasure
from steppe.layers.crs import GEOD, distance_km
from steppe.layers.tables import Measure, PlanTables
from steppe.outputs.output_folder import settle
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.input_reading import open_inputs
from steppe.ranking.banded_measures import function_of
from steppe.report.report_page import render_report
from steppe.screening.compared_ranks import fill_unknown
from steppe.screening.found_sites import FoundSite
from steppe.screening.proposed_sites import evaluate_sites, note_missing


@pytest.fixture(scope="module")
def sites(light_tables: PlanTables):
    return light_tables.layers["proposed_sites"]


def test_proposed_sites_stand_in_no_table_of_the_parks(light_tables, sites):
    ids = set(sites["site_id"])
    assert ids
    assert ids.isdisjoint(light_tables.layers["parks"]["park_id"])
    for name in ("measures", "scores", "requests", "costs", "rule_checks", "robustness"):
        assert ids.isdisjoint(getattr(light_tables, name)["site_id"])
    assert ids.isdisjoint(light_tables.latency["from_id"])
    parks = light_tables.layers["parks"]
    n_ranked = int((parks["level"] == light_tables.info.level).sum())
    assert light_tables.screening["n_parks"].iloc[0] <= n_ranked


def test_each_is_marked_as_proposed_and_bears_no_rank_of_the_parks(light_tables, sites):
    assert set(sites["level"]) == set(sites["status"]) == {"proposed"}
    assert set(light_tables.proposed_scores["level"]) == {"proposed"}
    assert light_tables.proposed_scores["rank"].isna().all()
    n_sites = sites["n_compared"].iloc[0]
    assert ((sites["low_rank"] >= 1) & (sites["low_rank"] <= sites["high_rank"])).all()
    assert (sites["high_rank"] <= n_sites).all()
    assert sites["first_share"].between(0.0, 1.0).all()
    assert sites["first_share"].sum() <= 1.0 + 1e-9


def test_the_land_holds_the_load_and_sites_keep_their_distance(light_tables, sites):
    areas = light_tables.layers["proposed_areas"]
    on_ground_ha = [abs(GEOD.geometry_area_perimeter(each)[0]) / 1e4 for each in areas.geometry]
    assert np.allclose(on_ground_ha, sites["area_ha"], rtol=0.01)
    assert areas.geometry.contains(sites.geometry).all()
    spacing = light_tables.screening["spacing_km"].iloc[0]
    places = shapely.get_coordinates(sites.geometry.to_numpy())
    for place, (lon, lat) in enumerate(places[:-1]):
        rest = places[place + 1 :]
        assert (distance_km(lon, lat, rest[:, 0], rest[:, 1]) >= spacing).all()


def test_what_a_clause_takes_is_what_it_takes_alone_and_with_others(light_tables):
    lost = light_tables.area_lost
    assert np.allclose(lost["lost_km2"], lost["alone_km2"] + lost["jointly_km2"], atol=0.002)
    whole = light_tables.screening.iloc[0]
    killing = lost[lost["kills"] == "yes"]
    assert (
        killing["alone_km2"].sum() - 0.01 <= whole["lost_km2"] <= killing["lost_km2"].sum() + 0.01
    )
    parts = whole[["lost_km2", "unknown_km2", "kept_km2"]].sum()
    assert parts == pytest.approx(whole["region_km2"], abs=0.01)


def test_a_site_where_a_park_lies_measures_what_the_park_does(light_pack, light_tables):
    inputs = open_inputs(light_pack / "plan.toml", allow_outside=False)
    park = light_tables.layers["parks"].set_index("park_id").loc["ulanqab_zgc"]
    point = park.geometry
    there = FoundSite(
        "proposed_1", point.x, point.y, shapely.box(0, 0, 1, 1), 200.0, 0.5, 1.0, 0.5, 0.0, {}, (),
        float(park["accuracy_m"]), (),
    )  # fmt: skip
    found = evaluate_sites(inputs, [there], ["here"], demand_mw=200.0).measures
    mine = found.set_index("measure_id")
    its = light_tables.measures.query("site_id == 'ulanqab_zgc' and scenario == 'base'")
    its = its.set_index("measure_id")
    for name in ("grid_220_km", "operating_100km_mw", "quake_rate_300km", "slope_deg", "rtt_ms", "air_temp_mean_c"):  # fmt: skip
        for end in ("value", "low", "high"):
            assert mine.loc[name, end] == pytest.approx(its.loc[name, end], rel=1e-6), (name, end)


def test_a_load_without_an_outline_of_the_region_is_told(plan):
    """No site is found, and the log and the report say why in one line."""
    whole = plan.inputs.plan
    wanted = whole.screening.model_copy(update={"demand_mw": 200.0})
    lost = whole.region.model_copy(update={"boundary_id": None})
    without = whole.model_copy(update={"screening": wanted, "region": lost})
    tables = build_tables(replace(plan.inputs, plan=without))
    assert "proposed_sites" not in tables.layers
    for language in ("zh", "en"):
        told = [each.say(language) for each in tables.notes]
        (note,) = [each for each in told if "[screening]" in each]
        assert "boundary_id" in note
        assert "\n" not in note
        assert html.escape(note) in render_report(settle(tables), language)


@pytest.mark.parametrize(
    ("surface", "measure_id", "least", "most"),
    [
        ("land_pue", "pue", 1.0, np.inf),
        ("land_wue", "wue_l_per_kwh", 0.0, np.inf),
        ("land_free_cooling", "free_cooling_h", 0.0, 8760.0),
    ],
)
def test_a_surface_of_cooling_bears_a_band_like_that_of_the_sites(
    light_tables, sites, surface, measure_id, least, most
):
    grid = light_tables.rasters[surface]
    low, high = grid.band
    known = np.isfinite(low)
    assert known.sum() > 0.9 * np.isfinite(grid.values).sum()
    assert (low[known] <= grid.values[known]).all()
    assert (grid.values[known] <= high[known]).all()
    assert low[known].min() >= least
    assert high[known].max() <= most
    told = light_tables.proposed_measures
    told = told[told["measure_id"] == measure_id].sort_values("site_id")
    widths = (told["high"] - told["low"]).to_numpy(dtype=float)
    wide = high - low
    there = np.array([replace(grid, values=wide).at(each.x, each.y) for each in sites.geometry])
    # That of a site holds how sure its temperature is, too; that of a surface how far its fit is off.
    assert np.nanmin(there / widths) > 0.4
    assert np.nanmax(there / widths) < 1.5


def test_fewer_sites_than_are_wanted_are_told(light_pack, sites):
    inputs = open_inputs(light_pack / "plan.toml", allow_outside=False)
    found = SimpleNamespace(layers={"proposed_sites": sites})
    assert note_missing(inputs, found) == []
    one_less = SimpleNamespace(layers={"proposed_sites": sites.iloc[1:]})
    (note,) = note_missing(inputs, one_less)
    assert f"{len(sites) - 1} of the {len(sites)} sites" in note.say("en")


def test_what_is_unknown_is_drawn_from_the_worst_to_the_best():
    measure = Measure("grid_220_km", "", "", "km", 1.0, 30.0, 0.0, "")
    known = np.array([10.0, np.nan])
    banded = BandedMeasure(function_of(measure), known, known, known)
    drawn = fill_unknown(banded, measure).draw(4000, rng=np.random.default_rng(1))
    assert (drawn[:, 0] == drawn[0, 0]).all()
    # Uniform between 0 and 1: mean 1/2, variance 1/12.
    assert drawn[:, 1].mean() == pytest.approx(0.5, abs=0.02)
    assert drawn[:, 1].var() == pytest.approx(1 / 12, abs=0.005)
    assert drawn[:, 1].min() < 0.01
    assert drawn[:, 1].max() > 0.99
