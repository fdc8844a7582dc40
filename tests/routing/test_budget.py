"""The latency budget: a vendor's worked example, and what always holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.routing.budget import CENTRAL, HIGH, LOW, Equipment, spend, spend_at_once
from steppe.routing.latency import one_way_ms, rtt_ms

lengths = st.floats(0, 30_000, allow_nan=False)


def test_the_worked_example_of_a_vendor() -> None:
    """Huawei: 2000 km with 4 regenerations and 30 amplifiers: 400 and 3 microseconds."""
    # Spans of 70 km make 29, so 30 amplifiers; a reach of 400 km asks for 4 regenerations.
    budget = spend(2000.0, Equipment(70.0, 0.1, 400.0, 100.0, 0.0))
    assert budget.regenerators_ms == pytest.approx(0.400)
    assert budget.amplifiers_ms == pytest.approx(0.003)
    assert budget.glass_ms == pytest.approx(10.0, rel=0.03)  # the example takes 5 us/km


def test_parts_add_up_and_a_round_trip_is_two_ways() -> None:
    budget = spend(1234.0)
    parts = budget.glass_ms + budget.amplifiers_ms + budget.regenerators_ms + budget.transponders_ms
    assert budget.one_way_ms == pytest.approx(parts)
    assert budget.rtt_ms == pytest.approx(2 * parts)


@given(lengths)
def test_no_case_beats_the_glass_and_the_cases_are_in_order(km: float) -> None:
    low, central, high = (spend(km, case).rtt_ms for case in (LOW, CENTRAL, HIGH))
    assert rtt_ms(km) <= low <= central <= high
    assert spend(km).glass_ms == one_way_ms(km)


@given(lengths, lengths)
def test_a_longer_route_takes_longer(km: float, more: float) -> None:
    assert spend(km).one_way_ms <= spend(km + more).one_way_ms


@given(st.lists(lengths, min_size=1, max_size=20))
def test_many_routes_cost_what_each_costs(km: list[float]) -> None:
    for case in (LOW, CENTRAL, HIGH):
        at_once = spend_at_once(np.array(km), case)
        assert at_once == pytest.approx([spend(each, case).rtt_ms for each in km])
    assert np.isnan(spend_at_once(np.array([np.nan]))).all()


def test_at_the_door_nothing_is_in_the_way() -> None:
    assert spend(0.0).rtt_ms == 0.0


@pytest.mark.parametrize("bad", [-1.0, float("nan"), float("inf")])
def test_a_length_that_is_none_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="a length is a number from 0 up"):
        spend(bad)
