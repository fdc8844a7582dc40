"""Units: exact factors of published definitions, and kinds that are never mixed."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.units import _UNITS, convert, convert_text, is_convertible


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        (1, "km2", "ha", 100),
        (15, "mu", "ha", 1),  # 15 mu are a hectare
        (15, "亩", "m2", 10000),
        (100, "kW", "MW", 0.1),
        (650, "万千瓦", "MW", 6500),
        (1.2, "Tbit/s", "Gbit/s", 1200),
        (10, "Gbps", "Gbit/s", 10),
        (220000, "V", "kV", 220),
        (32, "°F", "°C", 0),
        (-40, "°F", "°C", -40),
        (0, "K", "°C", -273.15),
        (1, "g", "m/s2", 9.80665),  # standard gravity, 3rd CGPM 1901
        (5, "%", "1", 0.05),
        (380, "CNY/MWh", "CNY/kWh", 0.38),
        (3, "km²", "km2", 3),
    ],
)
def test_a_value_is_converted_exactly(value, unit, to, result) -> None:
    assert convert(value, unit, to) == result


@given(st.floats(-1e12, 1e12), st.sampled_from(sorted(_UNITS)), st.data())
def test_there_and_back_is_the_same(value: float, unit: str, data: st.DataObject) -> None:
    same = sorted(name for name in _UNITS if is_convertible(unit, name))
    to = data.draw(st.sampled_from(same))
    back = convert(convert(value, unit, to), to, unit)
    assert math.isclose(back, value, rel_tol=1e-12, abs_tol=1e-9)


def test_kinds_are_never_mixed() -> None:
    for one, other in itertools.product(_UNITS, repeat=2):
        if _UNITS[one].kind != _UNITS[other].kind:
            assert not is_convertible(one, other)
            with pytest.raises(ValueError, match="is nothing that can be told in"):
                convert(1, one, other)


@pytest.mark.parametrize(("text", "told"), [("0.1", "10"), ("abc", "abc"), ("1e-2", "1")])
def test_a_number_as_text_is_converted_as_it_is_written(text: str, told: str) -> None:
    assert convert_text(text, "km2", "ha") == told
