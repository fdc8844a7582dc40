"""Power, ground and rules of a whole plan: the same world drawn otherwise, and clauses on parks."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.criteria.power_measures import FIRM, RENEWABLE
from steppe.layers.crs import GEOD
from steppe.layers.disks import spread_points
from steppe.layers.errors import InputError
from steppe.layers.rasters import read_raster, write_grid
from steppe.layers.tables import PlanTables, Raster
from steppe.layers.writer import write_csv
from steppe.maps.payload import pack_tables
from steppe.outputs.command_tables import rank_table
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import Decision, decide_scenario
from steppe.report.report_page import render_report


@pytest.fixture
def own(tmp_path: Path, light_pack: Path) -> Path:
    """A copy of the light plan; returns its folder."""
    return shutil.copytree(light_pack, tmp_path / "mine")


@pytest.fixture
def own_whole(tmp_path: Path, pack: Path) -> Path:
    """A copy of the default plan, with every park; returns its folder."""
    return shutil.copytree(pack, tmp_path / "whole")


def decide(folder: Path) -> Decision:
    """The base of a plan alone, without the tables that none of this is about."""
    return decide_scenario(read_inputs(read_plan(folder / "plan.toml")))


def measure(folder: Path) -> pd.DataFrame:
    return decide(folder).outcome.measures


def replace(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def redraw(folder: Path, layer: str, crs: str) -> None:
    """Write a layer of the plan anew as a GeoPackage in another CRS."""
    plan = read_plan(folder / "plan.toml")
    entry = plan.layers[layer]
    frame = read_inputs(plan, only=[layer]).layers[layer]
    name = f"{layer}.gpkg"
    # The two datums bear the same numbers here; a shift between them is not the subject.
    frame.set_crs(4326, allow_override=True).to_crs(crs).to_file(folder / name, layer=layer)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    table = re.search(rf"\[layers\.{layer}\]\n(?:.+\n)+", text)
    assert table
    new = table[0].replace(f'"{entry.file}"', f'"{name}"')
    new = "".join(line for line in new.splitlines(keepends=True) if not line.startswith("crs"))
    (folder / "plan.toml").write_text(text.replace(table[0], new), encoding="utf-8")


def split(path: Path, parts: int) -> None:
    """Write a grid anew in smaller cells that hold the same."""
    old = read_raster(path, name="x", title_zh="x", title_en="x", unit="x", source_id="x")
    fine = np.kron(old.values, np.ones((parts, parts), dtype=np.float32))
    step_deg = old.step_deg / parts
    write_grid(path, Raster("x", fine, old.west, old.north, step_deg, "x", "x", "x", "x"))


def test_the_same_world_in_another_crs_and_in_finer_cells_gives_the_same_measures(
    own_whole: Path, tables: PlanTables
) -> None:
    for layer, crs in (
        ("substations", "EPSG:32649"), ("plants", "EPSG:32650"), ("earthquakes", "EPSG:32648"),
        ("faults", "EPSG:32648"), ("railways", "EPSG:32650"), ("airports", "EPSG:32649"),
    ):  # fmt: skip
        redraw(own_whole, layer, crs)
    split(own_whole / "slope.tif", 3)
    again = decide(own_whole).outcome
    key = ["site_id", "measure_id"]
    both = tables.measures.merge(again.measures, on=key, suffixes=("", "_again"))
    assert len(both) == len(tables.measures)
    assert (both["status"] == both["status_again"]).all()
    is_slope = both["measure_id"] == "slope_deg"
    for end in ("value", "low", "high"):
        one, other = both.loc[~is_slope, end], both.loc[~is_slope, f"{end}_again"]
        np.testing.assert_allclose(one, other, atol=1e-3, rtol=1e-6)
    # Cells on the rim of the circle are cut otherwise; nothing else changes.
    np.testing.assert_allclose(
        both.loc[is_slope, "value"], both.loc[is_slope, "value_again"], atol=0.1
    )
    numbers = ["value", "low", "high"]
    checks = tables.rule_checks[tables.rule_checks["scenario"] == "base"]
    pd.testing.assert_frame_equal(checks.drop(columns=numbers), again.checks.drop(columns=numbers))


def test_what_lies_beyond_the_border_of_the_region_counts(tables: PlanTables) -> None:
    """Ulanqab's firm capacity, station by station: much of it stands in Shanxi and Hebei."""
    region = tables.layers["boundaries"].set_index("boundary_id").geometry["CN-15"]
    park = tables.layers["parks"].set_index("park_id").geometry["ulanqab_zgc"]
    plants = tables.layers["plants"]
    there = (plants["start_year"] <= 2017) & ~(plants["retired_year"] <= 2017).fillna(value=False)
    there &= (plants["status"] == "operating") | plants["retired_year"].notna()
    firm = plants[plants["energy"].isin(FIRM) & there.fillna(value=False)]
    # The same points of the disk of 18 km, laid out on the ellipsoid.
    spots = 1000 * spread_points(18.0)
    bearings = np.degrees(np.arctan2(spots[:, 0], spots[:, 1]))
    n = len(spots)
    lon, lat, _ = GEOD.fwd(np.full(n, park.x), np.full(n, park.y), bearings, np.hypot(*spots.T))
    near = np.array(
        [GEOD.inv(lon, lat, np.full(n, at.x), np.full(n, at.y))[2] for at in firm.geometry]
    ).T <= 100_000  # fmt: skip
    found = tables.measures.set_index(["site_id", "measure_id"])["value"]
    capacity = firm["capacity_mw"].to_numpy()
    assert found["ulanqab_zgc", "firm_100km_mw"] == np.median(near @ capacity)
    inside = near[:, firm.within(region).to_numpy()] @ capacity[firm.within(region).to_numpy()]
    assert np.median(inside) < found["ulanqab_zgc", "firm_100km_mw"]
    assert not set(FIRM) & set(RENEWABLE)


# ../shared/reference/siting.md, section 5; the standards themselves were not read.
# Of measures whose layer may end nearer than they ask.
BOUNDED = {
    *("grid_220_km", "grid_500_km", "tie_line_km", "substations_30km", "substations_50km"),
    *("operating_100km_mw", "firm_100km_mw", "renewable_100km_mw", "independent_substations"),
    *("quake_largest_m", "quake_nearest_km", "quake_rate_300km", "fault_km"),
}

THRESHOLDS = {
    "gb50174_car_park_a": (0.02, "hard"), "gb50174_car_park_b": (0.01, "should"),
    "gb50174_railway_a": (0.8, "hard"), "gb50174_railway_b": (0.1, "should"),
    "gb50174_metro_a": (0.1, "should"), "gb50174_metro_b": (0.08, "should"),
    "gb50174_airport_a": (8.0, "should"), "gb50174_airport_b": (1.6, "should"),
    "gb50174_plants_a": (2.0, "hard"), "gb50174_explosives_a": (3.0, "hard"),
    "gb50174_nuclear_a": (40.0, "hard"), "gb50174_housing_a": (0.1, "should"),
    "gb50174_flood_period_a": (100.0, "should"), "gb50174_flood_period_b": (50.0, "should"),
    "tia942_water_3": (0.091, "should"), "tia942_water_4": (0.8, "should"),
    "tia942_roads_3": (0.091, "should"), "tia942_roads_4": (0.8, "should"),
    "tia942_airport_least_3": (1.6, "should"), "tia942_airport_least_4": (8.0, "should"),
    "tia942_airport_most_3": (48.0, "should"), "tia942_airport_most_4": (48.0, "should"),
    "tia942_city_3": (48.0, "should"), "tia942_city_4": (16.0, "should"),
    "tia942_flood_3": (0.091, "should"), "tia942_flood_4": (0.091, "should"),
}  # fmt: skip


def test_the_clauses_of_the_standards_have_the_figures_of_the_notes(tables: PlanTables) -> None:
    rules = tables.rules.set_index("rule_id")
    standards = rules[rules.index.str.startswith(("gb50174", "tia942"))]
    figures = standards.dropna(subset="threshold")
    told = {
        name: (row["threshold"], row["strength"])
        for name, row in figures.iterrows()
        if row["measure"] not in ("flood_depth_m", "access_roads")
    }
    assert told == THRESHOLDS
    assert standards.loc["gb50174_roads_a", "threshold"] == 2
    assert set(standards.loc[standards["confirmed"] == "yes"].index) == {
        "gb50174_flood_period_a", "gb50174_flood_period_b",
    }  # fmt: skip
    assert standards["confirmation"].str.len().gt(0).all()
    # What a report, a paper or a memory tells of a document was not read in it.
    quoted = {"pue_west_hub", "pue_hub_2024", "pue_large_2023", "gb40879_limit", "role_hub_2021"}
    assert (rules.loc[sorted(quoted), "confirmed"] == "no").all()
    own = rules.drop([*standards.index, *quoted])
    assert (own["confirmed"] == "yes").all()
    assert not (own["strength"] == "hard").any()


HUB = {"horinger_new_area", "hohhot_mobile", "hohhot_telecom", "ulanqab_zgc",
       "ulanqab_apple", "ulanqab_huawei"}  # fmt: skip
LARGE_ELSEWHERE = {"chifeng_cloud", "ordos_hightech", "ordos_silicon_valley"}


def verdicts_of(tables: PlanTables, scenario: str, rule_id: str) -> dict[str, set[str]]:
    checks = tables.rule_checks
    rows = checks[(checks["scenario"] == scenario) & (checks["rule_id"] == rule_id)]
    return {name: set(group["site_id"]) for name, group in rows.groupby("verdict")}


def test_each_scenario_holds_the_rules_of_its_year(tables: PlanTables) -> None:
    """No rule of 2021 is held in 2017, none of 2011 that the plan of 2017 took the place of."""
    checks = tables.rule_checks
    assert (checks["edition"] <= checks["year"]).all()
    assert dict(checks.groupby("scenario")["year"].first()) == {"base": 2017, "today": 2025}
    held = {name: set(rows["rule_id"]) for name, rows in checks.groupby("scenario")}
    hub = {"siting_hub_2024", "siting_hub_national_2021", "pue_hub_2024", "green_hub_2025"}
    assert not hub & held["base"]
    assert hub <= held["today"]
    assert not {"siting_cluster_2011", "siting_others_2011"} & (held["base"] | held["today"])
    assert held["base"] - held["today"] == {"siting_large_2017"}


def test_today_is_the_newest_year_of_what_the_plan_knows(tables: PlanTables) -> None:
    """Substations of 2025 are the newest layer; no rule and no plant is of a later year."""
    year = tables.scenarios.set_index("scenario").loc["today", "year"]
    dates = [
        str(tables.layers[name]["as_of"].astype(str).max()) for name in ("substations", "plants")
    ]
    assert int(max(dates)[:4]) == year
    assert tables.rules["edition"].max() <= year


def test_large_centres_outside_the_named_parks_break_the_clause_of_2017(tables: PlanTables) -> None:
    """The plan of 2011 means Ordos Silicon Valley for 大型互联网数据中心; that of 2017 names other parks."""
    found = verdicts_of(tables, "base", "siting_large_2017")
    assert found["fail"] == {"ordos_silicon_valley"}
    assert found["pass"] == HUB | LARGE_ELSEWHERE - found["fail"]
    parks = tables.layers["parks"]
    zones = parks[(parks["level"] == "zone") & parks["city"].isin(["Baotou", "Wuhai", "Xilingol"])]
    assert set(zones["park_id"]) <= found["unknown"]


def test_large_centres_outside_the_cluster_break_the_rules_of_the_hub(tables: PlanTables) -> None:
    for rule_id in ("siting_hub_2024", "siting_hub_national_2021"):
        found = verdicts_of(tables, "today", rule_id)
        assert found["fail"] == LARGE_ELSEWHERE
        assert found["pass"] == HUB
    # What centres use nobody tells; what all centres reach hangs on their kinds.
    for rule_id in ("green_hub_2025", "green_cluster_2024", "pue_hub_2025", "pue_mean_2020"):
        assert set(verdicts_of(tables, "today", rule_id)) == {"unknown"}


def test_nothing_is_excluded_and_no_unconfirmed_clause_could(tables: PlanTables) -> None:
    checks = tables.rule_checks
    assert set(checks["site_id"]) == set(tables.layers["parks"]["park_id"])
    assert (checks["excludes"] == "no").all()
    assert tables.scores["excluded_by"].isna().all()
    unknown = checks[checks["verdict"] == "unknown"]
    assert len(unknown) > 300
    assert unknown["reason_en"].str.len().gt(0).all()
    for ids in checks["source_ids"]:
        assert set(ids.split()) <= set(tables.sources)


def confirm(own: Path, *, confirmed: str) -> None:
    """Ask for 60 km from a railway: a park with one within 40 km then fails for certain."""
    rules = pd.read_csv(own / "rules.csv", dtype="str", keep_default_na=False)
    row = rules["rule_id"] == "gb50174_railway_a"
    rules.loc[row, ["threshold", "confirmed"]] = ["60", confirmed]
    rules.to_csv(own / "rules.csv", index=False)


def test_an_excluded_park_keeps_its_score_bears_no_rank_and_says_why(
    own: Path, light_tables: PlanTables
) -> None:
    confirm(own, confirmed="yes")
    inputs = read_inputs(read_plan(own / "plan.toml"))
    decision = decide_scenario(inputs)
    scores, checks = decision.outcome.scores, decision.outcome.checks
    barred = set(checks.loc[checks["excludes"] == "yes", "site_id"])
    assert "ulanqab_zgc" in barred
    totals = scores[scores["criterion"] == "total"].set_index("site_id")
    before = light_tables.scores.query("criterion == 'total'").set_index("site_id")
    pd.testing.assert_series_equal(totals["value"], before["value"])
    assert totals.loc[sorted(barred), "rank"].isna().all()
    assert set(totals.loc[sorted(barred), "excluded_by"]) == {"gb50174_railway_a"}
    ranked = rank_table(decision)
    assert set(ranked.loc[ranked["rank"].notna(), "site_id"]).isdisjoint(barred)
    first = ranked[ranked["rank"].notna()]
    assert list(first["rank"]) == list(first["score"].rank(method="min", ascending=False))
    # It stands on the page and on paper too.
    found = light_tables.with_tables(scores=scores, rule_checks=checks)
    packed = pack_tables(found)["checks"]
    place = packed["fields"].index("excludes")
    shown = {site for site, rows in packed["sites"].items() if any(r[place] == "yes" for r in rows)}
    assert shown == barred
    name = inputs.tables["rules"].set_index("rule_id").loc["gb50174_railway_a", "name_en"]
    assert f"Excluded by {name}" in render_report(found, "en")
    for clause in ("gb50174_railway_a", "GB 50174-2017 annex A"):
        relaxed = decide_scenario(inputs, relax=(clause,)).outcome
        pd.testing.assert_frame_equal(relaxed.scores, light_tables.scores)


def test_the_same_clause_unconfirmed_fails_and_excludes_nothing(
    own: Path, light_tables: PlanTables
) -> None:
    confirm(own, confirmed="no")
    found = decide(own).outcome
    checks = found.checks.set_index(["site_id", "rule_id"])
    assert checks.loc[("ulanqab_zgc", "gb50174_railway_a"), "verdict"] == "fail"
    pd.testing.assert_frame_equal(found.scores, light_tables.scores)


def test_unknown_stays_unknown_from_file_to_table(tables: PlanTables, tmp_path: Path) -> None:
    for name in ("measures", "rule_checks"):
        write_csv(tmp_path / f"{name}.csv", getattr(tables, name))
        read = pd.read_csv(tmp_path / f"{name}.csv", dtype="str", keep_default_na=False)
        column = "status" if name == "measures" else "verdict"
        unknown = read[read[column] == "unknown"]
        assert len(unknown) > 100
        assert (unknown["reason_en"] != "").all()
        if name == "measures":
            assert (unknown["value"] == "").all()
            # A bound is told where a layer ends, and nowhere else.
            assert set(unknown.query("low != '' or high != ''")["measure_id"]) <= BOUNDED


def test_every_measure_of_the_default_plan_is_known_somewhere(default_tables) -> None:
    """What no data can fill is in the registry, and for plans that have the data."""
    measures = default_tables.measures
    told = measures[measures["status"] != "unknown"]["measure_id"]
    assert set(measures["measure_id"]) == set(told)


TERMS = """term_id,field,park_id,grid,voltage_kv,value,unit,reason,source_id,as_of
a,spare_capacity_mw,ulanqab_zgc,,,300,MW,=1+1<script>,geonames,2025-01-01
b,price_cny_kwh,,蒙西电网 West Inner Mongolia grid,220,0.3,CNY/kWh,,geonames,2025-01-01
"""
PRICE = '[[criteria.measures]]\nid = "price_cny_kwh"'
LISTED = '[[criteria.measures]]\nid = "{}"\nweight = 0.0\n\n'
LAYER = '[layers.power_terms]\nfile = "power_terms.csv"\nlicence = '


def test_what_a_utility_told_comes_from_its_table(own: Path) -> None:
    (own / "power_terms.csv").write_text(TERMS, encoding="utf-8")
    replace(
        own / "plan.toml",
        (f'{LAYER}"citation"', f'{LAYER}"CC-BY-4.0"'),
        ('"facts_power.csv", ', ""),
        (PRICE, LISTED.format("spare_capacity_mw") + PRICE),
    )
    found = measure(own).set_index(["site_id", "measure_id"])
    spare = found.loc[("ulanqab_zgc", "spare_capacity_mw")]
    assert (spare["value"], spare["status"], spare["source_ids"]) == (300, "observed", "geonames")
    assert spare["reason_en"].endswith("=1+1<script>")
    assert found.loc[("ulanqab_zgc", "price_cny_kwh"), "value"] == 0.3
    assert found.loc[("chifeng_cloud", "price_cny_kwh"), "status"] == "unknown"  # the East grid
    (own / "power_terms.csv").write_text(TERMS.replace("ulanqab_zgc", "ulanqab"), encoding="utf-8")
    with pytest.raises(InputError, match="park_id 'ulanqab' is not in parks"):
        measure(own)


def test_a_grid_of_hazard_is_read_when_it_is_given(own: Path) -> None:
    flat = np.full((250, 320), 2.0, dtype=np.float32)
    write_grid(own / "stress.tif", Raster("x", flat, 95, 54, 0.1, "%", "x", "x", "x"))
    entry = '[rasters.water_stress]\nfile = "stress.tif"\ntitle_zh = "用水压力"\n'
    entry += 'title_en = "Water stress"\nunit = "UNIT"\nsource_id = "srtm30"\n\n[[criteria]]\nname = "climate"'
    replace(
        own / "plan.toml",
        ('[[criteria]]\nname = "climate"', entry.replace("UNIT", "%")),
        (PRICE, LISTED.format("water_stress") + PRICE),
    )
    found = measure(own).set_index(["measure_id", "site_id"])["value"]["water_stress"]
    assert found.to_numpy() == pytest.approx(0.02)
    replace(own / "plan.toml", ('unit = "%"', 'unit = "buckets"'))
    with pytest.raises(InputError, match="buckets"):
        measure(own)


def test_the_page_carries_each_clause_and_each_reason_once(tables: PlanTables) -> None:
    packed = pack_tables(tables)["checks"]
    ids = [rule["rule_id"] for rule in packed["rules"]]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(tables.rule_checks["rule_id"])
    hub = next(rule for rule in packed["rules"] if rule["rule_id"] == "siting_hub_2024")
    assert hub["edition"] == 2024
    runs = {"base": packed["sites"], **packed["scenarios"]}
    held = {
        name: {ids[row[0]] for rows in sites.values() for row in rows}
        for name, sites in runs.items()
    }
    assert [name for name, rules in held.items() if "siting_hub_2024" in rules] == ["today"]
    assert len(set(ids) - held["base"]) == 9
    assert len(set(packed["reasons"])) == len(packed["reasons"])
    base = tables.rule_checks.query("scenario == 'base'")
    assert sum(map(len, packed["sites"].values())) == len(base)
    # Of another year the rows of those parks alone of which it says something else.
    for variant in tables.variants:
        counts = variant.rule_checks["site_id"].value_counts()
        for site, rows in packed["scenarios"][variant.info.scenario].items():
            assert len(rows) == counts[site]
            assert rows != packed["sites"].get(site)
    assert len(json.dumps(packed, ensure_ascii=False)) < 150_000


def test_grids_of_the_parks_are_those_of_their_region(tables: PlanTables) -> None:
    found = tables.measures.set_index(["measure_id", "site_id"])["text_zh"]["grid_share"]
    assert "West" in found["horinger_new_area"]
    assert "East" in found["chifeng_cloud"]
    assert pd.isna(found["chengdu_tianfu"])
