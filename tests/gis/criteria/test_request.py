"""Whether a site can carry a load: the limits of each test, and the verdict of all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.finding import Finding
from steppe.criteria.request import (
    Stations,
    join_verdicts,
    judge_fibre,
    judge_year,
    limit_land,
    limit_plants,
    limit_spare,
    limit_voltage,
    natural_load_mw,
)

VERDICTS = ("can", "may", "unknown", "cannot")
PUE = Finding("a", "pue", "derived", value=1.25, low=1.2, high=1.5)
NO_PUE = Finding("a", "pue", "unknown", reason="no cooling")
MW = st.floats(0.01, 50_000)


def stations(*rows: tuple[float, float], slack_km: float = 2.0, speaks_km=150.0) -> Stations:
    """Stations as (voltage, distance)."""
    kv, away = np.array(rows, dtype=float).reshape(-1, 2).T
    return Stations(kv, np.maximum(away - slack_km, 0), away + slack_km, speaks_km, ("osm",))


def voltage(around: Stations, *, pue: Finding = PUE, reach_km: float = 50.0):
    return limit_voltage("a", around, reach_km=reach_km, pue=pue)


def test_the_natural_load_is_that_of_the_textbooks() -> None:
    """500 kV at 250 ohm is 1000 MW, 345 kV at 285 ohm 418 MW (EPRI, as tabulated: 1000, 420)."""
    assert natural_load_mw(500, 250) == 1000
    assert natural_load_mw(345, 285) == pytest.approx(420, rel=0.01)


def test_one_circuit_of_the_nearest_voltage_carries_the_load_and_its_cooling() -> None:
    """220² / 400 = 121 MW at the connection, at a PUE of 1.5 at most 80.67 MW of IT.

    Three times 220² / 250 = 580.8 MW, at a PUE of 1.2 at least 484 MW of IT.
    """
    found = voltage(stations((220.0, 10.0)))
    assert found.can_mw == pytest.approx(121 / 1.5)
    assert found.cannot_mw == pytest.approx(580.8 / 1.2)
    assert [found.judge(mw) for mw in (80, 81, 484, 485)] == ["can", "may", "may", "cannot"]


def test_a_station_that_may_be_in_reach_is_sure_of_nothing() -> None:
    found = voltage(stations((500.0, 49.0)))
    assert found.can_mw is None
    assert found.cannot_mw == pytest.approx(3000 / 1.2)
    assert found.judge(100) == "may"


@pytest.mark.parametrize(
    "around",
    [stations((220.0, 10.0), (np.nan, 12.0)), stations((220.0, 10.0), speaks_km=49.0)],
    ids=["a station without a voltage", "the layer ends before the reach"],
)
def test_what_is_not_known_rules_no_load_out(around: Stations) -> None:
    found = voltage(around)
    assert found.cannot_mw is None
    assert found.judge(50_000) == "may"


def test_no_station_at_all_in_a_layer_that_speaks_carries_nothing() -> None:
    far = voltage(stations((220.0, 90.0)))
    assert (far.can_mw, far.cannot_mw) == (None, 0)
    assert far.judge(1) == "cannot"
    for around in (stations((np.nan, 5.0)), stations((220.0, 90.0), speaks_km=10.0)):
        assert voltage(around).judge(1) == "unknown"


def test_without_a_pue_a_load_is_at_least_its_own() -> None:
    found = voltage(stations((220.0, 10.0)), pue=NO_PUE)
    assert (found.can_mw, found.cannot_mw) == (None, pytest.approx(580.8))


@given(
    st.lists(st.tuples(st.sampled_from([np.nan, 110.0, 220.0, 500.0]), st.floats(0, 120)), max_size=6),
    st.floats(0, 150), MW, MW,
)  # fmt: skip
def test_a_greater_load_never_fares_better(rows, speaks_km, one, other) -> None:
    order = {"can": 0, "may": 1, "cannot": 2}
    found = voltage(stations(*rows, speaks_km=speaks_km))
    said = [found.judge(mw) for mw in sorted((one, other))]
    assert said[0] == said[1] == "unknown" or order[said[0]] <= order[said[1]]


def test_land_is_by_the_hectares_that_a_megawatt_takes() -> None:
    """50 mu are 3.33 ha: at 0.28 to 0.89 ha a megawatt, 3.7 to 11.9 MW."""
    found = limit_land("a", 50 / 15, ha_mw=(0.28, 0.89), reason="r", source_ids=("s",))
    assert found.can_mw == pytest.approx(3.745, abs=1e-3)
    assert found.cannot_mw == pytest.approx(11.905, abs=1e-3)
    for area, rate in ((np.nan, (0.3, 0.9)), (100.0, None)):
        assert limit_land("a", area, ha_mw=rate, reason="", source_ids=()).judge(1) == "unknown"


def test_spare_capacity_decides_where_somebody_told_it() -> None:
    told = Finding("a", "spare_capacity_mw", "observed", value=300.0)
    found = limit_spare("a", told, pue=PUE)
    assert [found.judge(mw) for mw in (200, 201, 250, 251)] == ["can", "may", "may", "cannot"]
    untold = Finding("a", "spare_capacity_mw", "unknown", reason="nobody told")
    assert limit_spare("a", untold, pue=PUE).judge(1) == "unknown"


def test_plants_near_never_rule_a_site_out() -> None:
    firm = Finding("a", "firm_100km_mw", "derived", value=900.0, low=600.0, high=1000.0)
    found = limit_plants("a", firm, pue=PUE, radius_km=100.0)
    assert [found.judge(mw) for mw in (400, 401, 50_000)] == ["can", "may", "may"]
    gone = Finding("a", "firm_100km_mw", "unknown", reason="no plants")
    assert limit_plants("a", gone, pue=PUE, radius_km=100.0).judge(1) == "unknown"


@pytest.mark.parametrize(
    ("status", "opened", "verdict"),
    [
        ("in_service", "", "can"), ("building", "", "may"), ("planned", "", "may"),
        ("building", "2027-06", "can"), ("planned", "2028-01-01", "cannot"),
    ],
)  # fmt: skip
def test_a_year_is_met_by_the_opening_else_by_the_status(status, opened, verdict) -> None:
    found = judge_year("a", 2027, status=status, opened=opened, source_id="s")
    assert found.judge(1) == found.judge(1e4) == verdict


def test_a_cable_is_there_when_it_is_in_service_by_then() -> None:
    nan = float("nan")
    for cables, verdict in (
        ([("in_service", nan)], "can"),
        ([("in_service", 2028.0)], "may"),
        ([("building", 2018.0), ("planned", 2015.0)], "may"),
        ([], "unknown"),
    ):
        assert judge_fibre("a", 2027, node="n", cables=cables).judge(1) == verdict


def test_every_verdict_on_a_site_follows_from_its_tests() -> None:
    names = ("voltage", "plants", "spare", "land")
    for said in itertools.product(VERDICTS, repeat=4):
        if said[2] == "may":
            continue
        verdicts = dict(zip(names, said, strict=True))
        found = join_verdicts(verdicts)
        if "cannot" in said:
            assert found == "cannot"
        elif found == "can":
            assert verdicts["spare"] == verdicts["land"] == "can"
        elif found == "may":
            assert verdicts["land"] != "unknown"
            assert verdicts["spare"] == "can" or "unknown" not in said[:2]
        else:
            assert "unknown" in said
