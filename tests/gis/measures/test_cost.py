"""Cost in a plan: what the default one knows, what a full one comes to, and when it is scored."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from steppe.criteria.cost import PARTS, recover_capital
from steppe.layers.crs import GEOD
from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.measures.cost_table import tabulate_break_evens, tabulate_costs
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario

PRICED = {"Hohhot": 0.38, "Ulanqab": 0.26}
UNIT_COSTS = """
[cost.tie_line_cny_km]
value = 1e6
low = 0.8e6
reason = "a guess of mine"

[cost.fibre_cny_km]
value = 5e4
reason = "another"

[cost.land_ha_mw]
value = 0.2
reason = "our own design"

[cost.land_cny_m2]
value = 100.0
reason = "an offer"

[cost.water_cny_m3]
value = 4.0
reason = "an offer"

[cost.cities.Ulanqab.water_cny_m3]
value = 6.0
reason = "told by the city"
source_id = "ulanqab_results"
"""
CRITERION = """
[[criteria]]
name = "cost"
title_zh = "成本"
title_en = "Cost"
weight = 0.25

[[criteria.measures]]
id = "cost_cny_mw_year"
title_zh = "单位成本"
title_en = "Cost of a usable megawatt-year"
unit = "CNY/(MW·a)"
weight = 1.0
worst = 5e6
best = 2e6
reason = "a test"
"""


@pytest.fixture
def own_plan(light_pack: Path, tmp_path: Path) -> Path:
    """A copy of the light plan; returns its plan.toml."""
    return shutil.copytree(light_pack, tmp_path / "mine") / "plan.toml"


def put(plan: Path, text: str) -> None:
    """Put tables before that of the region."""
    whole = plan.read_text(encoding="utf-8")
    plan.write_text(whole.replace("[region]\n", f"{text}\n\n[region]\n", 1), encoding="utf-8")


def append(plan: Path, text: str) -> None:
    plan.write_text(plan.read_text(encoding="utf-8") + text, encoding="utf-8")


def price(plan: Path) -> SimpleNamespace:
    """What a plan costs and what that is worth, without the tables that none of this is about."""
    outcome = decide_scenario(read_inputs(read_plan(plan))).outcome
    return SimpleNamespace(
        layers=outcome.inputs.layers,
        measures=outcome.measures,
        scores=outcome.scores,
        costs=tabulate_costs(outcome.inputs.plan, outcome.survey.priced),
        break_evens=tabulate_break_evens(
            outcome.inputs, outcome.survey.priced, level="zone", ranked=[]
        ),
    )


def by_site(tables: PlanTables | SimpleNamespace, component: str) -> pd.DataFrame:
    costs = tables.costs
    return costs[costs["component"] == component].set_index("site_id")


@pytest.fixture(scope="module")
def full(light_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """The light plan with a price on everything, scored by it."""
    plan = shutil.copytree(light_pack, tmp_path_factory.mktemp("full") / "mine") / "plan.toml"
    put(plan, UNIT_COSTS)
    append(plan, CRITERION)
    return price(plan)


def test_the_default_plan_prices_energy_where_a_price_was_published(tables: PlanTables) -> None:
    cities = tables.layers["parks"].set_index("park_id")["city"]
    pue = tables.measures[tables.measures["measure_id"] == "pue"].set_index("site_id")
    for site_id, row in by_site(tables, "energy").iterrows():
        price = PRICED.get(cities[site_id])
        if price is None:
            assert row["status"] == "unknown"
            assert "nobody told" in row["reason_en"]
            continue
        for end, name in (("value", "cost"), ("low", "low"), ("high", "high")):
            by_hand = price * pue.loc[site_id, end] * 8_760_000
            assert row[f"{name}_cny_mw_year"] == pytest.approx(by_hand)
        assert row["status"] == "assumed"
        # A price bears its date: these are of 2015 and 2017.
        assert "told of the park as of 201" in row["reason_en"]


def test_the_default_plan_adds_up_to_no_total(tables: PlanTables) -> None:
    total = by_site(tables, "total")
    assert set(total["status"]) == {"unknown"}
    assert total["cost_cny_mw_year"].isna().all()
    for part in ("tie_line", "fibre", "land", "water"):
        rows = by_site(tables, part)
        assert set(rows["status"]) == {"unknown"}
        assert rows["reason_en"].str.contains("the plan gives no ").all()
        assert total["missing"].str.split().map(lambda names, part=part: part in names).all()
    energy, known = by_site(tables, "energy"), by_site(tables, "known")
    pd.testing.assert_series_equal(energy["cost_cny_mw_year"], known["cost_cny_mw_year"])


def test_cost_is_no_measure_unless_the_plan_lists_it(
    light_tables: PlanTables, full: SimpleNamespace, average
) -> None:
    assert "cost" not in set(light_tables.measures["criterion"])
    found = full.measures[full.measures["measure_id"] == "cost_cny_mw_year"].set_index("site_id")
    total = by_site(full, "total")
    assert list(found.index) == list(total.index)
    assert (found["status"] == total["status"]).all()
    assert found["value"].equals(total["cost_cny_mw_year"].rename("value"))
    rest = full.measures[full.measures["criterion"] != "cost"].reset_index(drop=True)
    pd.testing.assert_frame_equal(rest, light_tables.measures)
    scores = full.scores[full.scores["criterion"] == "cost"].set_index("site_id")["value"]
    priced = total["cost_cny_mw_year"].dropna()
    assert 0 < len(priced) < len(total)
    for site_id in priced.index:
        mean = average(found.loc[site_id], 5e6, 2e6)
        assert scores[site_id] == pytest.approx(mean, abs=1e-4)
    assert scores.drop(priced.index).isna().all()


def test_a_full_plan_by_hand(full: SimpleNamespace) -> None:
    """Ulanqab's park, from its measures and the plan's block of 150 MW."""
    m = full.measures.set_index(["site_id", "measure_id"])["value"].xs("ulanqab_zgc")
    expected = {
        "energy": 0.26 * m["pue"] * 8.76e6,
        "tie_line": m["tie_line_km"] * 1e6 * recover_capital(0.08, 30) / 150,
        "land": 0.2 * 10_000 * 100 * recover_capital(0.08, 50),
        "water": 6.0 * m["wue_l_per_kwh"] * 8760,
    }
    for part, value in expected.items():
        row = by_site(full, part).loc["ulanqab_zgc"]
        assert row["cost_cny_mw_year"] == pytest.approx(value)
    water = by_site(full, "water")
    assert "ulanqab_results" in water.loc["ulanqab_zgc", "source_ids"]
    assert "told by the city" not in water.loc["shengle", "reason_en"]
    line = by_site(full, "tie_line").loc["ulanqab_zgc"]
    assert "the plan's block, as no IT load is known" in line["reason_en"]
    low = full.measures.set_index(["site_id", "measure_id"])["low"]["ulanqab_zgc", "tie_line_km"]
    by_hand = low * 0.8e6 * recover_capital(0.08, 30) / 150
    assert line["low_cny_mw_year"] == pytest.approx(by_hand)
    total = by_site(full, "total").loc["ulanqab_zgc", "cost_cny_mw_year"]
    parts = [by_site(full, part).loc["ulanqab_zgc", "cost_cny_mw_year"] for part in PARTS]
    assert total == pytest.approx(sum(parts))


def test_new_fibre_is_the_way_of_the_backbone_to_the_node(full: SimpleNamespace) -> None:
    """1.5 times the geodesic (the planning rule below 1000 km), at 50 000 CNY a km."""
    rows = by_site(full, "fibre")
    parks = full.layers["parks"].set_index("park_id")
    homeless = parks.index[parks["node_id"].isna()]
    assert (rows.loc[homeless, "status"] == "unknown").all()
    nodes = full.layers["nodes"].set_index("node_id").geometry
    for site_id in parks.index.difference(homeless):
        park, node = parks.geometry[site_id], nodes[parks.loc[site_id, "node_id"]]
        km = GEOD.inv(park.x, park.y, node.x, node.y)[2] / 1000
        by_hand = 1.5 * km * 5e4 * recover_capital(0.08, 20) / 150
        assert rows.loc[site_id, "cost_cny_mw_year"] == pytest.approx(by_hand)
        assert rows.loc[site_id, "high_cny_mw_year"] > by_hand
        assert rows.loc[site_id, "status"] == "assumed"


def test_break_evens_are_of_the_ranked_parks_in_the_region(tables: PlanTables) -> None:
    pairs = tables.break_evens
    parks = tables.layers["parks"].set_index("park_id")
    ranked = set(pairs["site_id"])
    assert ranked == set(pairs["other_id"])
    assert set(parks.loc[list(ranked), "level"]) == {"zone"}
    assert not ranked & {"chengdu_tianfu", "shanxi_smart"}
    assert len(pairs) == len(ranked) * (len(ranked) - 1)
    pue = tables.measures[tables.measures["measure_id"] == "pue"].set_index("site_id")["value"]
    row = pairs.set_index(["site_id", "other_id"]).loc["ulanqab_zgc", "horinger_new_area"]
    ratio = pue["horinger_new_area"] / pue["ulanqab_zgc"]
    assert row["pue_ratio"] == pytest.approx(ratio)
    assert row["energy_cny_kwh"] == pytest.approx(0.38 * ratio)
    assert pd.isna(row["price_cny_kwh"])
    assert row["missing"] == "tie_line fibre land water"
    assert "2015" in row["reason_en"]


def test_the_break_even_price_makes_two_totals_the_same(full: SimpleNamespace) -> None:
    pue = full.measures[full.measures["measure_id"] == "pue"].set_index("site_id")["value"]
    total, energy = (by_site(full, name)["cost_cny_mw_year"] for name in ("total", "energy"))
    row = full.break_evens.set_index(["site_id", "other_id"]).loc["ulanqab_zgc", "shengle"]
    rest = total["ulanqab_zgc"] - energy["ulanqab_zgc"]
    there = rest + row["price_cny_kwh"] * pue["ulanqab_zgc"] * 8.76e6
    assert there == pytest.approx(total["shengle"], rel=1e-9)


def test_a_plan_without_the_table_prices_energy_alone(
    own_plan: Path, light_tables: PlanTables
) -> None:
    text = own_plan.read_text(encoding="utf-8")
    start, stop = text.index("# Cost of a usable"), text.index("[region]")
    own_plan.write_text(text[:start] + text[stop:], encoding="utf-8")
    pd.testing.assert_frame_equal(
        by_site(price(own_plan), "energy"), by_site(light_tables, "energy")
    )


def test_a_megawatt_of_the_parks_own_goes_before_the_block(own_plan: Path) -> None:
    parks = pd.read_csv(own_plan.parent / "parks.csv", dtype="str")
    parks.loc[parks["park_id"] == "ulanqab_zgc", "it_load_mw"] = "30"
    parks.to_csv(own_plan.parent / "parks.csv", index=False)
    put(own_plan, UNIT_COSTS)
    rows = by_site(price(own_plan), "tie_line")
    assert "for the park's own 30 MW" in rows.loc["ulanqab_zgc", "reason_en"]
    assert "150 MW" in rows.loc["shengle", "reason_en"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("value = 0.08", "value = 8", "cost.discount_rate.value: input should be less than or"),
        (
            "value = 150.0",
            "value = 0",
            "cost.usable_mw.value: input should be greater than or equal to 0.000000001",
        ),
        ("value = 150.0", "value = 150.0\nlow = 200", "cost.usable_mw: value must lie between"),
        ("[cost.usable_mw]", "[cost.useable_mw]", "cost.useable_mw: unknown key"),
        ('source_id = "scmp_apple_2017"', 'source_id = "x"', "usable_mw.source_id: unknown source"),
        (
            "[cost.fibre_years]",
            '[cost.cities.Atlantis.water_cny_m3]\nvalue = 1\nreason = "mine"\n\n[cost.fibre_years]',
            "cost.cities.Atlantis: no park lies in that city",
        ),
    ],
)
def test_a_wrong_number_is_told_in_one_line(own_plan: Path, old: str, new: str, told: str) -> None:
    text = own_plan.read_text(encoding="utf-8")
    assert old in text
    own_plan.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_inputs(read_plan(own_plan))
    (line,) = [str(problem) for problem in caught.value.problems]
    assert told in line
    assert "\n" not in line


def test_a_plan_that_scores_an_unknown_cost_ranks_nothing(own_plan: Path) -> None:
    append(own_plan, CRITERION)
    tables = price(own_plan)
    cost = tables.measures[tables.measures["criterion"] == "cost"]
    assert set(cost["status"]) == {"unknown"}
    assert cost["reason_en"].str.startswith("not known: ").all()
    total = tables.scores[tables.scores["criterion"] == "total"]
    assert total["rank"].isna().all()
