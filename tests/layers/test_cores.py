"""Work spread over cores: answers in the order of the things, and the first fault told."""

import pytest

from steppe.layers.cores import spread_over_cores


def test_answers_come_in_the_order_of_the_things() -> None:
    assert spread_over_cores(lambda number: number**2, list(range(200))) == [
        n**2 for n in range(200)
    ]
    assert spread_over_cores(str, []) == []


def test_a_fault_in_one_is_the_fault_of_all() -> None:
    with pytest.raises(ZeroDivisionError):
        spread_over_cores(lambda number: 1 / number, [3, 2, 1, 0, 1])
