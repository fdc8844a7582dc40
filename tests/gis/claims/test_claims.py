"""Claims are judged by where the data lie, and left open where nothing answers them."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.claims.claim_checks import Evidence, judge, quantity_in_words
from steppe.layers.conformity import conform
from steppe.layers.contracts.documents import CLAIM_TEXTS
from steppe.layers.contracts.evidence import CLAIMS
from steppe.layers.errors import InputError
from steppe.layers.wording import say

NAN = float("nan")


def _claims(*rows) -> pd.DataFrame:
    base = {
        "source_id": "plan",
        "place_in_text": "ch. 2",
        "text_zh": "全年平均气温为0～8℃",
        "text_en": "The yearly mean temperature is 0 to 8 °C",
        "check": "temperature",
        "low": 0.0,
        "high": 8.0,
        "unit": "°C",
        "reason": None,
    }
    filled = [{"claim_id": f"c{index}", **base, **row} for index, row in enumerate(rows)]
    return conform(pd.DataFrame(filled), CLAIM_TEXTS)


def _evidence(low: float, high: float, **other) -> Evidence:
    fields = {"text": "as measured", "source_ids": ("ghcn", "chelsa"), "unit": "°C", **other}
    return Evidence(low, high, **fields)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (2, 6, "holds"),
        (0, 8, "holds"),
        (5, 5, "holds"),
        (-1, 6, "undecided"),
        (2, 9, "undecided"),
        (-5, 20, "undecided"),
        (8, 9, "undecided"),
        (8.1, 9, "fails"),
        (-3, -0.1, "fails"),
    ],
)
def test_the_verdict_is_where_the_data_lie(low, high, verdict):
    found = judge(_claims({}), {"temperature": _evidence(low, high)})
    assert found["verdict"].tolist() == [verdict]
    assert found["found_en"].tolist() == ["as measured"]
    assert found["source_ids"].tolist() == ["ghcn chelsa"]
    assert f"{low:g}" in found["reason_en"][0]


@pytest.mark.parametrize(
    ("bounds", "value", "verdict"),
    [
        ({"low": NAN}, -40, "holds"),
        ({"low": NAN}, 9, "fails"),
        ({"high": NAN}, 40, "holds"),
        ({"high": NAN}, -1, "fails"),
    ],
)
def test_an_empty_bound_is_no_bound(bounds, value, verdict):
    found = judge(_claims(bounds), {"temperature": _evidence(value, value)})
    assert found["verdict"].tolist() == [verdict]


def test_a_claim_without_check_gives_its_reason():
    claims = _claims({"check": None, "reason": "no flood record is open"}, {"check": ""})
    found = judge(claims, {"temperature": _evidence(2, 6)})
    assert found["verdict"].tolist() == ["cannot_be_checked"] * 2
    assert found["reason_en"].tolist() == ["no flood record is open", "no check is known"]


def test_a_check_without_evidence_says_so():
    claims = _claims({"check": "flood", "reason": "a remark on the bounds"})
    found = judge(claims, {"temperature": _evidence(2, 6)})
    assert found["verdict"].tolist() == ["cannot_be_checked"]
    assert "flood" in found["reason_en"][0]


def test_evidence_that_knows_nothing_says_why():
    nothing = _evidence(NAN, NAN, text="no station lies within 100 km")
    found = judge(_claims({}), {"temperature": nothing})
    assert found["verdict"].tolist() == ["cannot_be_checked"]
    assert found["reason_en"].tolist() == ["no station lies within 100 km"]


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (1145077, 1145077, "km2", "1,145,000 km²"),
        (3.7448, 9.391, "°C", "3.74 to 9.39 °C"),
        (0.1, 0.2, "g", "0.1 to 0.2 g"),
        (999.4, 1000.4, "MW", "999 to 1,000 MW"),
        (7552, math.inf, "MW", "7,552 MW or more"),
        (8, 8, "1", "8"),
        (0, 0, "km", "0 km"),
    ],
)
def test_figures_read_well(low, high, unit, words):
    assert say(quantity_in_words(low, high, unit), "en") == words


@pytest.mark.parametrize(
    ("places", "verdict"),
    [
        ([(2, 6), (7, 8)], "holds"),
        ([(2, 6), (9, 10)], "partly"),
        ([(-5, -1), (9, 10)], "fails"),  # they span the claim, and none lies within
        ([(-1, 6), (9, 10)], "undecided"),  # no place is known to lie within
        ([(2, 6), (7, 9)], "undecided"),  # nor any to lie outside
        ([(2, 6), (7, 9), (9, 10)], "partly"),
    ],
)
def test_a_claim_holds_partly_where_some_places_keep_it_and_others_do_not(places, verdict):
    ends = [end for place in places for end in place]
    found = _evidence(min(ends), max(ends), places=tuple(places))
    assert judge(_claims({}), {"temperature": found})["verdict"].tolist() == [verdict]


def test_a_figure_known_from_below_says_nothing_of_what_may_lie_above():
    """A least of 5 shows "5 or more" and refutes "4 at most"; all else it leaves open."""
    found = {"temperature": _evidence(5, math.inf)}
    claims = _claims(
        {"high": NAN}, {}, {"low": NAN, "high": 4.0}, {"low": 6.0, "high": NAN}, {"low": NAN}
    )
    told = judge(claims, found)
    assert told["verdict"].tolist() == ["holds", "undecided", "fails", "undecided", "undecided"]
    assert "a least only" in told["reason_en"][1]


def test_a_remark_on_the_bounds_is_kept():
    found = judge(_claims({"reason": "5 % either way"}), {"temperature": _evidence(2, 6)})
    assert found["reason_en"][0].endswith("; 5 % either way")


def test_rows_keep_their_order_and_the_contract():
    found = judge(
        _claims({"claim_id": "z"}, {"claim_id": "a", "check": None}),
        {"temperature": _evidence(2, 6)},
    )
    assert found["claim_id"].tolist() == ["z", "a"]
    assert list(found.columns) == list(CLAIMS.columns)
    assert judge(_claims({}).iloc[:0], {}).empty


def test_units_must_match():
    with pytest.raises(InputError, match=r"c0.*write the bounds in the unit"):
        judge(_claims({}), {"temperature": _evidence(35, 45, unit="°F")})


@pytest.mark.parametrize(
    ("change", "said"),
    [({"low": NAN, "high": NAN}, "no bound"), ({"low": 9.0, "high": 1.0}, "low is above high")],
)
def test_bounds_that_claim_nothing_are_refused(change, said):
    with pytest.raises(InputError, match=said):
        judge(_claims(change), {"temperature": _evidence(2, 6)})


def test_every_faulty_claim_is_named_at_once():
    rows = ({"unit": "K"}, {}, {"low": 9.0, "high": 1.0})
    with pytest.raises(InputError) as error:
        judge(_claims(*rows), {"temperature": _evidence(2, 6)})
    assert [problem.rows for problem in error.value.problems] == [("c0",), ("c2",)]


@pytest.mark.parametrize(("low", "high"), [(2, 1), (NAN, 1), (1, NAN)])
def test_evidence_is_a_range(low, high):
    with pytest.raises(ValueError, match="no range"):
        _evidence(low, high)


@given(*[st.integers(-9, 9) for _ in range(4)])
def test_the_verdict_is_that_of_the_points(one, two, three, four):
    # Over half integers, which show an overlap of closed ranges of whole ends.
    low, high = sorted((one, two))
    data_low, data_high = sorted((three, four))
    inside = [low <= half / 2 <= high for half in range(2 * data_low, 2 * data_high + 1)]
    verdict = "holds" if all(inside) else "undecided" if any(inside) else "fails"
    claims = _claims({"low": float(low), "high": float(high)})
    found = judge(claims, {"temperature": _evidence(data_low, data_high)})
    assert found["verdict"].tolist() == [verdict]


ENDS = st.floats(-1e6, 1e6)


@given(ENDS, ENDS, st.sampled_from(["both", "least", "greatest"]), ENDS,
       st.floats(0, 1e6), st.booleans())  # fmt: skip
def test_every_kind_of_claim_can_hold_fail_and_stay_open(one, two, kind, start, width, is_open):
    """Closed and outside: fails. Closed and inside: holds. On both sides or open: neither, but
    for what a least alone settles."""
    low, high = sorted((one, two))
    bounds = {"low": NAN if kind == "greatest" else low, "high": NAN if kind == "least" else high}
    low, high = (-math.inf if kind == "greatest" else low), (math.inf if kind == "least" else high)
    end = math.inf if is_open else start + width
    (verdict,) = judge(_claims(bounds), {"temperature": _evidence(start, end)})["verdict"]
    if end < low or start > high:
        assert verdict == "fails"
    elif start >= low and end <= high:
        assert verdict == "holds"
    else:
        assert verdict == "undecided"
    if is_open and kind != "least":
        assert verdict != "holds"
    if is_open and kind == "least":
        assert verdict != "fails"
