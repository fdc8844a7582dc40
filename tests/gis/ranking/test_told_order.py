import doctest

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from steppe.ranking import told_order


def test_the_examples_hold() -> None:
    assert doctest.testmod(told_order).failed == 0


@given(st.lists(st.integers(0, 5), max_size=12), st.integers(0, 2**32 - 1))
def test_no_rounding_moves_what_is_equal(numbers, seed) -> None:
    told = np.array(numbers, dtype=float) / 8
    off = np.random.default_rng(seed).uniform(-1e-12, 1e-12, len(told))
    expected = sorted(range(len(told)), key=lambda place: (told[place], place))
    assert told_order.order_least_first(told + off).tolist() == expected
