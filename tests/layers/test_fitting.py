"""What fits a contract is what its pandera schema lets through, and comes out as it does there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.columns import Contract, date, number, text, whole
from steppe.layers.conformity import conform
from steppe.layers.contracts import CONTRACTS
from steppe.layers.fitting import fit

KINDS = Contract(
    "kinds",
    None,
    ("id",),
    {
        "id": text("identifier"),
        "words": text("any", empty=True),
        "choice": text("one of two", values=("a", "b")),
        "maybe": text("one of two or nothing", values=("a", "b"), empty=True),
        "day": date("day"),
        "km": number("km", low=0, high=10),
        "free": number("any number", empty=True),
        "n": whole("number", low=1),
        "few": whole("number or nothing", high=5, empty=True),
    },
)
NOTHING = [None, math.nan, pd.NA]
CELLS: dict[str, list[Any]] = {
    "id": ["x", "", 7, *NOTHING],
    "words": ["x", "", 1.5, *NOTHING],
    "choice": ["a", "b", "c", "", None],
    "maybe": ["a", "c", None, math.nan],
    "day": ["2017-01-01", "", None],
    "km": [0, 10.0, "3", "x", -1, 10.1, math.inf, *NOTHING],
    "free": [0.5, -1e300, math.inf, -math.inf, *NOTHING],
    "n": [1, 2.0, 0, 1.5, None],
    "few": [5, 6, -3, None, math.nan],
}


def by_schema(frame: pd.DataFrame, contract: Contract) -> pd.DataFrame | None:
    try:
        return contract.schema.validate(frame, lazy=True)
    except (pandera.errors.SchemaErrors, TypeError, ValueError):
        return None


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    n_rows = draw(st.integers(0, 4))
    columns = {}
    for name, cells in CELLS.items():
        # Mostly what fits, so that whole frames do.
        right = cells[: 2 if name != "id" else 1]
        pool = draw(st.sampled_from([right, right, right, right, cells]))
        rows = draw(st.lists(st.sampled_from(pool), min_size=n_rows, max_size=n_rows))
        columns[name] = pd.Series(rows, dtype=draw(st.sampled_from([object, None])))
    dropped = draw(st.sets(st.sampled_from(list(CELLS)), max_size=1))
    return pd.DataFrame({name: cells for name, cells in columns.items() if name not in dropped})


@given(frames())
def test_what_fits_is_what_the_schema_lets_through(frame: pd.DataFrame) -> None:
    found, wanted = fit(frame, KINDS), by_schema(frame, KINDS)
    if found is None:  # then the schema decides
        return
    assert wanted is not None
    pd.testing.assert_frame_equal(found, wanted)


@given(frames())
def test_what_the_schema_lets_through_comes_out_of_conform(frame: pd.DataFrame) -> None:
    wanted = by_schema(frame.assign(more=1), KINDS)
    if wanted is not None:
        made = conform(frame.assign(more=1), KINDS)
        assert list(made.dtypes[list(wanted)]) == list(wanted.dtypes)


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_rows_of_every_contract_fit_and_each_wrong_cell_does_not(contract: Contract) -> None:
    rows: dict[str, Any] = {}
    for name, column in contract.columns.items():
        is_text = column.kind in ("text", "date")
        rows[name] = (
            (column.choices or ("x",))[0] if is_text else max(column.low, min(column.high, 1))
        )
    frame = pd.DataFrame([rows, rows])
    found = fit(frame, contract)
    assert found is not None
    pd.testing.assert_frame_equal(found, contract.schema.validate(frame, lazy=True))
    for name, column in contract.columns.items():
        wrong: list[Any] = [] if column.is_optional else [None]
        wrong += ["no such choice"] if column.choices else []
        wrong += [np.inf] if column.kind == "number" else []
        wrong += (
            [column.low - max(1, abs(column.low))]
            if math.isfinite(column.low) and column.kind != "date"
            else []
        )
        wrong += (
            [column.high + max(1, abs(column.high))]
            if math.isfinite(column.high) and column.kind != "date"
            else []
        )
        for cell in wrong:
            broken = frame.assign(**{name: pd.Series([rows[name], cell], dtype=object)})
            assert fit(broken, contract) is None, (name, cell)
            if column.derive is not None:
                continue  # what is given is made anew
            with pytest.raises((pandera.errors.SchemaErrors, ValueError, TypeError)):
                conform(broken, contract)
