"""Cost of a usable megawatt-year: published annuities, sums by hand, and what must always hold."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.break_even import compare_sites
from steppe.criteria.cost import (
    PARTS,
    Amount,
    SiteCost,
    SiteInputs,
    UnitCosts,
    price_site,
    recover_capital,
)
from steppe.layers.wording import say

UNKNOWN = Amount(None, "nobody told")


def exact(value: float, *, assumed: bool = False) -> Amount:
    return Amount(value, f"{value:g} as told", source_ids=("src",), assumed=assumed)


SITE = SiteInputs(
    "here",
    price_cny_kwh=exact(0.3),
    pue=exact(1.2),
    wue_l_per_kwh=exact(0.5),
    tie_line_km=exact(10.0),
    fibre_km=exact(30.0),
    usable_mw=exact(50.0),
)
COSTS = UnitCosts(
    tie_line_cny_km=exact(1e6),
    fibre_cny_km=exact(1e5),
    land_ha_mw=exact(0.2),
    land_cny_m2=exact(100.0),
    water_cny_m3=exact(4.0),
    discount_rate=exact(0.0),
    tie_line_years=exact(20.0),
    fibre_years=exact(20.0),
    land_years=exact(50.0),
)


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    [
        # Engineers Edge, Annual Capital Recovery Factors, Table 1.0.
        (0.08, 10, 0.14903),
        (0.08, 18, 0.10670),
        (0.10, 2, 0.57619),
        (0.035, 10, 0.12024),
        # Discrete cash flow: compound interest factors, table 1 (0.25 %), A/P.
        (0.0025, 1, 1.00250),
        (0.0025, 20, 0.05132),
        (0.0, 20, 0.05),
    ],
)
def test_annuities_are_those_of_the_tables(rate: float, years: float, factor: float) -> None:
    assert recover_capital(rate, years) == pytest.approx(factor, abs=5.1e-6)


@given(st.floats(0, 0.5), st.integers(1, 60))
def test_the_payments_are_worth_what_was_paid(rate: float, years: int) -> None:
    payment = recover_capital(rate, years)
    worth = math.fsum(payment / (1 + rate) ** year for year in range(1, years + 1))
    assert worth == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(("rate", "years"), [(-0.1, 10), (0.1, 0), (math.nan, 10), (0.1, math.inf)])
def test_a_rate_below_0_and_a_life_of_0_are_refused(rate: float, years: float) -> None:
    with pytest.raises(ValueError, match="a rate is 0 or more and a life above 0"):
        recover_capital(rate, years)


def test_every_part_is_what_it_is_by_hand() -> None:
    """0.3 CNY/kWh x 1.2 x 8.76 million kWh, and so on, without interest."""
    cost = price_site(SITE, COSTS)
    by_hand = {
        "energy": 3_153_600.0,
        "tie_line": 10 * 1e6 / 20 / 50,
        "fibre": 30 * 1e5 / 20 / 50,
        "land": 2000 * 100 / 50,
        "water": 4.0 * 4380,
    }
    assert set(by_hand) == set(PARTS)
    for name, value in by_hand.items():
        assert cost.parts[name].value == pytest.approx(value)
        assert cost.parts[name].status == "derived"
        assert cost.parts[name].source_ids == ("src",)
    assert cost.total.value == pytest.approx(sum(by_hand.values()))
    assert cost.missing == ()


def test_what_rests_on_an_assumption_says_so() -> None:
    costs = dataclasses.replace(COSTS, discount_rate=exact(0.08, assumed=True))
    parts = price_site(SITE, costs).parts
    told = {name for name, amount in parts.items() if amount.status == "assumed"}
    assert told == {"tie_line", "fibre", "land"}
    assert "0.08 as told" in say(parts["land"].reason, "en")
    assert price_site(SITE, costs).total.status == "assumed"


# What no part can do without.
NEEDS = {
    "price_cny_kwh": {"energy"},
    "pue": {"energy"},
    "wue_l_per_kwh": {"water"},
    "water_cny_m3": {"water"},
    "tie_line_km": {"tie_line"},
    "tie_line_cny_km": {"tie_line"},
    "tie_line_years": {"tie_line"},
    "fibre_km": {"fibre"},
    "fibre_cny_km": {"fibre"},
    "fibre_years": {"fibre"},
    "land_ha_mw": {"land"},
    "land_cny_m2": {"land"},
    "land_years": {"land"},
    "discount_rate": {"tie_line", "fibre", "land"},
    "usable_mw": {"tie_line", "fibre"},
}


def without(name: str) -> SiteCost:
    lost = {name: Amount(None, f"no {name}")}
    if hasattr(SITE, name):
        return price_site(dataclasses.replace(SITE, **lost), COSTS)
    return price_site(SITE, dataclasses.replace(COSTS, **lost))


@pytest.mark.parametrize("name", NEEDS)
def test_what_lacks_an_input_is_unknown_and_names_it(name: str) -> None:
    cost = without(name)
    assert set(cost.missing) == NEEDS[name]
    for part in cost.missing:
        assert cost.parts[part].status == "unknown"
        assert say(cost.parts[part].reason, "en") == f"no {name}"
    assert cost.total.value is None
    assert cost.total.status == "unknown"
    held = [cost.parts[part].value for part in PARTS if part not in cost.missing]
    assert cost.known.value == pytest.approx(sum(held))


def test_every_input_stands_in_the_list_above() -> None:
    fields = {each.name for kind in (SITE, COSTS) for each in dataclasses.fields(kind)}
    assert set(NEEDS) == fields - {"site_id"}


def test_of_nothing_nothing_is_known() -> None:
    lost = dict.fromkeys((f.name for f in dataclasses.fields(COSTS)), UNKNOWN)
    cost = price_site(dataclasses.replace(SITE, price_cny_kwh=UNKNOWN), UnitCosts(**lost))
    assert cost.known.value is None
    assert cost.missing == PARTS


@st.composite
def amounts(draw: st.DrawFn, *, low: float = 0.0, high: float = 1e3) -> Amount:
    ends = sorted(draw(st.tuples(*[st.floats(low, high)] * 3)))
    return Amount(ends[1], "drawn", ends[0], ends[2])


@st.composite
def sites(draw: st.DrawFn) -> SiteInputs:
    above = {"pue": (1.0, 3.0), "usable_mw": (1.0, 1e3), "price_cny_kwh": (0.0, 2.0)}
    drawn = {
        each.name: draw(amounts(low=low, high=high))
        for each in dataclasses.fields(SiteInputs)[1:]
        for low, high in [above.get(each.name, (0.0, 1e3))]
    }
    return SiteInputs("drawn", **drawn)


@st.composite
def unit_costs(draw: st.DrawFn) -> UnitCosts:
    drawn = {}
    for each in dataclasses.fields(UnitCosts):
        low, high = 0.0, 1e6
        if each.name.endswith("years"):
            low, high = 1.0, 60.0
        if each.name == "discount_rate":
            low, high = 0.0, 0.3
        drawn[each.name] = draw(amounts(low=low, high=high))
    return UnitCosts(**drawn)


@given(sites(), unit_costs(), st.data())
def test_whatever_the_inputs_are_within_their_bands_so_is_the_cost(site, costs, data) -> None:
    def settle(amount: Amount) -> Amount:
        return Amount(data.draw(st.floats(*amount.ends)), "settled")

    banded = price_site(site, costs)
    settled = price_site(
        SiteInputs("s", *(settle(getattr(site, f.name)) for f in dataclasses.fields(site)[1:])),
        UnitCosts(*(settle(getattr(costs, f.name)) for f in dataclasses.fields(costs))),
    )
    for name in PARTS:
        low, high = banded.parts[name].ends
        assert low <= banded.parts[name].value <= high
        slack = 1e-9 * high
        assert low - slack <= settled.parts[name].value <= high + slack


@given(sites(), unit_costs(), st.floats(0, 2), st.floats(0, 2))
def test_a_dearer_kilowatt_hour_makes_no_site_cheaper(site, costs, one, other) -> None:
    cheap, dear = (
        price_site(dataclasses.replace(site, price_cny_kwh=exact(price)), costs).total.value
        for price in sorted((one, other))
    )
    assert cheap <= dear


@given(sites(), sites(), unit_costs(), unit_costs())
def test_at_the_break_even_price_both_cost_the_same(one, other, costs_one, costs_other) -> None:
    there = price_site(other, costs_other)
    found = compare_sites(price_site(one, costs_one), there)
    assert found.missing == ()
    here = price_site(
        dataclasses.replace(one, price_cny_kwh=Amount(found.price_cny_kwh, "break-even")), costs_one
    )
    scale = max(there.total.value, *(part.value for part in here.parts.values()))
    assert here.total.value == pytest.approx(there.total.value, abs=1e-9 * max(scale, 1.0))


def test_without_prices_the_break_even_is_the_ratio_of_pue_and_the_known_rest() -> None:
    """PUE 1.25 here and 1.2 there: power may cost 4 % less here."""
    told = dataclasses.replace(SITE, price_cny_kwh=UNKNOWN)
    here = price_site(
        dataclasses.replace(told, pue=exact(1.25), tie_line_km=exact(0.0)),
        dataclasses.replace(COSTS, land_cny_m2=UNKNOWN),
    )
    found = compare_sites(here, price_site(told, COSTS))
    assert found.pue_ratio == pytest.approx(0.96)
    assert found.energy_cny_kwh is None
    assert found.price_cny_kwh is None
    assert found.compared == ("tie_line", "fibre", "water")
    assert found.missing == ("land",)
    # The line that is not built here: 10 000 CNY a year on 1.25 x 8.76 million kWh.
    assert found.rest_cny_kwh == pytest.approx(10_000 / 10_950_000)
    assert "power may cost 4 % less here" in say(found.reason, "en")
    assert "nobody told" in say(found.reason, "en")


def test_a_site_without_pue_has_no_break_even() -> None:
    blind = price_site(dataclasses.replace(SITE, pue=Amount(None, "no stations near")), COSTS)
    for pair in ((blind, price_site(SITE, COSTS)), (price_site(SITE, COSTS), blind)):
        found = compare_sites(*pair)
        assert found.status == "unknown"
        assert say(found.reason, "en") == "no stations near"
        assert found.pue_ratio is found.price_cny_kwh is found.rest_cny_kwh is None


def test_what_power_costs_here_now_is_not_asked() -> None:
    there = price_site(SITE, COSTS)
    free = price_site(dataclasses.replace(SITE, price_cny_kwh=UNKNOWN), COSTS)
    assert compare_sites(free, there).price_cny_kwh == pytest.approx(0.3)
