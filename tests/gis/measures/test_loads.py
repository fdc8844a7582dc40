"""Loads by year and targets against sums: worked out by hand on a world of four parks."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from steppe.criteria.cooling.loads import Count, LoadRates, Rate, find_load
from steppe.layers.crs import WORKING_CRS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import say
from steppe.measures.load_table import check_targets, find_loads, gather_counts, tabulate_loads
from steppe.planfile.plan_inputs import Inputs

RATES = LoadRates(
    rack_kw=Rate(2.5, "a rack", ("norm",), assumed=True),
    server_kw=Rate(0.2, "a server", (), assumed=True),
)


def _park(park_id: str, level: str, *, lon: float = 110.5, **told: object) -> dict[str, object]:
    blank = dict.fromkeys(
        ("parent_id", "node_id", "town_id", "opened", "it_load_mw", "racks", "servers")
    )
    where = {
        "level": level,
        "as_of": "2017-12-31",
        "source_id": "register",
        "geometry": Point(lon, 41),
    }
    return {"park_id": park_id, **blank, **where, **told}


def _figure(
    figure_id: str, quantity: str, value: float, year: int, **more: str
) -> dict[str, object]:
    row = {"figure_id": figure_id, "quantity": quantity, "value": value, "year": year}
    names = {"name_zh": figure_id, "name_en": figure_id, "subject": "R", "unit": "1"}
    return {**row, **names, "standing": "target", "source_id": "plan", **more}


@pytest.fixture
def world() -> Inputs:
    """Two zones and a campus of the first one inside region R, and one zone outside."""
    parks = gpd.GeoDataFrame(
        [
            _park("a", "zone", servers=700),
            _park("b", "zone", servers=400, racks=10, opened="2016-05-01"),
            _park("c", "campus", parent_id="a", servers=700),
            _park("out", "zone", lon=120.0, servers=5000),
        ],
        crs=WORKING_CRS,
    )
    outlines = gpd.GeoDataFrame(
        [{"boundary_id": "R", "geometry": box(110, 40, 112, 42)}], crs=WORKING_CRS
    )
    figures = pd.DataFrame(
        [
            _figure("t2015", "servers", 1000, 2015),
            _figure("t2020", "servers", 1000, 2020),
            _figure("area", "data_centre_area", 500, 2020, unit="m2"),
            _figure("b2018", "racks", 40, 2018, subject="b", standing="reached"),
            _figure("c2014", "racks", 8, 2014, subject="c", standing="reached"),
        ]
    )
    plan = SimpleNamespace(
        level="zone",
        scenario=SimpleNamespace(year=2017),
        cooling=SimpleNamespace(rates=RATES),
    )
    layers = {"parks": parks, "boundaries": outlines}
    return Inputs(plan, {}, pd.DataFrame(), layers, {"figures": figures}, {}, {})


def _verdicts(world: Inputs) -> dict[tuple[str, str], str]:
    table = check_targets(world)
    return {(row.figure_id, row.level): row.verdict for row in table.itertuples()}


def test_a_zone_is_never_added_to_its_own_campus(world) -> None:
    told = check_targets(world).set_index(["figure_id", "level"])["told"]
    assert told["t2020", "zone"] == 1100
    assert told["t2020", "campus"] == 700


def test_a_target_is_reached_missed_or_unknown(world) -> None:
    verdicts = _verdicts(world)
    assert verdicts["t2020", "zone"] == "reached"
    # b opened after 2015, so zone a alone stood, and it tells: 700 of 1000.
    assert verdicts["t2015", "zone"] == "missed"
    assert verdicts["t2020", "campus"] == "missed"
    # Nobody tells an area.
    assert verdicts["area", "zone"] == "unknown"


def test_what_is_not_told_is_never_taken_for_nothing(world) -> None:
    world.layers["parks"].loc[0, "servers"] = None
    row = check_targets(world).set_index(["figure_id", "level"]).loc[("t2020", "zone")]
    assert (row["verdict"], row["n_parks"], row["n_told"], row["told"]) == ("unknown", 2, 1, 400)


def test_what_later_years_count_is_no_load_of_this_year(world) -> None:
    loads = find_loads(world, RATES)
    # b: the 40 racks of 2018 do not count in 2017; its own 10 racks go before its servers.
    assert loads["b"].it_mw == pytest.approx(10 * 2.5 / 1000)
    # c: 8 racks of 2014 go before 700 servers.
    assert loads["c"].it_mw == pytest.approx(8 * 2.5 / 1000)
    assert loads["a"].it_mw == pytest.approx(700 * 0.2 / 1000)
    world.plan.scenario.year = 2018
    assert find_loads(world, RATES)["b"].it_mw == pytest.approx(40 * 2.5 / 1000)


def test_megawatts_go_before_racks_and_plans_are_no_load() -> None:
    counts = [
        Count("racks", 100, 2016, "reached", "s", "f"),
        Count("it_load_mw", 3, 2015, "reached", "s", "g"),
        Count("it_load_mw", 30, 2016, "planned", "s", "h"),
    ]
    load = find_load(counts, RATES, year=2017)
    assert (load.it_mw, load.assumed) == (3, False)
    assert find_load(counts[2:], RATES, year=2017).it_mw is None


def test_a_count_without_a_rate_is_unknown_and_says_so() -> None:
    bare = LoadRates(rack_kw=None, server_kw=None)
    load = find_load([Count("racks", 1500, 2016, "reached", "s", "f")], bare, year=2017)
    assert load.it_mw is None
    assert "1,500 racks in 2016 are known, but the plan gives no rack_kw" in say(load.reason, "en")


def test_energy_by_year_is_megawatts_times_hours_times_pue(world) -> None:
    """40 racks of 2.5 kW are 0.1 MW: 0.876 GWh at the racks, 1.0512 GWh at a PUE of 1.2."""
    base = {
        "status": "derived", "reason_zh": "理", "reason_en": "r", "source_ids": "w", "band": "range",
    }  # fmt: skip
    measures = pd.DataFrame(
        [
            {"site_id": park_id, "measure_id": name, "unit": unit, "value": value, "low": low, "high": high, **base}
            for park_id, pue in (("a", 1.1), ("b", 1.2), ("c", 1.3), ("out", 9.0))
            for name, unit, value, low, high in (
                ("pue", "1", pue, pue - 0.05, pue + 0.05),
                ("wue_l_per_kwh", "L/kWh", 0.5, 0.4, 0.6),
            )
        ]
    )  # fmt: skip
    loads = tabulate_loads(world, measures).set_index(["subject_id", "said_in", "counted"])
    racks = loads.loc[("b", "b2018", "racks")]
    assert racks["it_mw"] == pytest.approx(0.1)
    assert racks["energy_gwh"] == pytest.approx(1.0512)
    assert racks["water_m3"] == pytest.approx(0.876e6 * 0.5 / 1000)
    assert racks["status"] == "assumed"
    # The region: median PUE of its two zones, ends of both bands; 1000 servers are 0.2 MW.
    region = loads.loc[("R", "t2015", "servers")]
    assert region["energy_gwh"] == pytest.approx(0.2 * 8.76 * 1.15)
    assert region["energy_low_gwh"] == pytest.approx(0.2 * 8.76 * 1.05)
    assert region["energy_high_gwh"] == pytest.approx(0.2 * 8.76 * 1.25)


def test_every_count_of_the_default_plan_names_its_figure(tables: PlanTables) -> None:
    figures = set(tables.figures["figure_id"]) | {"parks"}
    assert set(tables.loads["said_in"]) <= figures
    assert {"CN-15", "ulanqab_huawei", "hohhot_mobile"} <= set(tables.loads["subject_id"])
    assert (tables.loads["status"] == "assumed").all()
    by_figure = tables.loads.set_index("said_in")["number"]
    assert by_figure["hohhot_mobile_racks_2016"] == 6000


def test_counts_of_a_park_come_from_its_row_and_from_figures(world) -> None:
    said_in = [each.said_in for each in gather_counts(world)["b"]]
    assert sorted(said_in) == ["b2018", "parks", "parks"]
