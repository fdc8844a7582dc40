"""The round trip weighted by the people at the targets: by hand, and for any weights."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.criteria.service_measures import measure_service


def latency(*trips: tuple[str, float | None]) -> pd.DataFrame:
    rows = [
        {
            "from_id": "a", "to_id": target, "rtt_ms": rtt,
            "rtt_low_ms": None if rtt is None else rtt * 0.9,
            "rtt_high_ms": None if rtt is None else rtt * 1.2,
            "status": "unknown" if rtt is None else "derived", "source_ids": f"of_{target}",
        }
        for target, rtt in trips
    ]  # fmt: skip
    return pd.DataFrame(rows)


def found(table: pd.DataFrame, people: dict[str, float]):
    (one,) = measure_service(table, parks=["a"], people=people, source_ids=("census",))
    return one


def test_twice_the_people_count_twice() -> None:
    """20 million at 4 ms and 10 million at 19 ms: (80 + 190) / 30 = 9 ms."""
    one = found(latency(("b", 4.0), ("c", 19.0), ("d", 100.0)), {"b": 20e6, "c": 10e6})
    assert one.value == pytest.approx(9.0)
    assert (one.low, one.high) == pytest.approx((8.1, 10.8))
    assert one.source_ids == ("census", "of_b", "of_c")


@pytest.mark.parametrize("trips", [[("b", 4.0), ("c", None)], [("b", 4.0)]])
def test_a_target_without_a_way_is_not_left_out_in_silence(trips) -> None:
    one = found(latency(*trips), {"b": 20e6, "c": 10e6})
    assert (one.status, one.value) == ("unknown", None)
    assert "c" in one.reason.say("en")


@given(
    st.lists(st.tuples(st.floats(1, 3e7), st.floats(0.1, 300)), min_size=1, max_size=6),
    st.floats(0.1, 10),
)
def test_it_lies_among_the_round_trips_and_knows_no_unit_of_people(pairs, factor) -> None:
    names = [f"t{number}" for number in range(len(pairs))]
    table = latency(*((name, rtt) for name, (_, rtt) in zip(names, pairs, strict=True)))
    people = {name: each for name, (each, _) in zip(names, pairs, strict=True)}
    one = found(table, people)
    trips = [rtt for _, rtt in pairs]
    assert min(trips) * (1 - 1e-9) <= one.value <= max(trips) * (1 + 1e-9)
    assert one.low <= one.value <= one.high
    scaled = found(table, {name: factor * each for name, each in people.items()})
    assert scaled.value == pytest.approx(one.value)
