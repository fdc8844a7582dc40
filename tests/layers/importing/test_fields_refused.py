"""A head that names a column, with cells that are none: told by field and cell, not passed over."""

from __future__ import annotations

import pandas as pd
import pytest

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.importing.fields_matching import match_fields
from steppe.layers.importing.fields_refused import find_refused

# Layer, head, cells, the column that is meant, its bad cells, whether some can be read.
CASES = [
    ("parks", "area_ha", ["12", "-5", "abc", "1e400"], "area_ha", ("-5", "abc", "1e400"), True),
    (
        "parks",
        "面积(亩)",
        ["600", "待定", "另行通知", "见附表"],
        "area_ha",
        ("另行通知", "见附表"),
        True,
    ),
    ("parks", "racks", ["many"], "racks", ("many",), False),
    ("substations", "voltage", ["高压", "220"], "voltage_kv", ("高压",), True),
    ("substations", "电压等级", ["高压", "中压"], "voltage_kv", ("高压", "中压"), False),
    ("plants", "装机容量(万千瓦)", ["132", "二期", "三期"], "capacity_mw", ("二期", "三期"), True),
]


@pytest.mark.parametrize(("layer", "head", "cells", "column", "bad", "has_good"), CASES)
def test_the_field_and_its_bad_cells_are_named(layer, head, cells, column, bad, has_good) -> None:
    frame = pd.DataFrame({"name": [f"N{i}" for i in range(len(cells))], head: cells})
    contract = INPUT_LAYERS[layer]
    matches = match_fields(frame, contract, {}, basis={})
    assert column not in {each.column for each in matches}
    (found,) = find_refused(frame, contract, matches)
    assert (found.field, found.column, found.has_good) == (head, column, has_good)
    assert set(found.bad) == set(bad)
    assert find_refused(frame, contract, matches, frozenset([head])) == ()


@pytest.mark.parametrize(
    ("head", "cells"),
    [("Zone of area", ["North", "South"]), ("容量(MVA)", ["x"]), ("备注", ["5"]), ("racks", ["", "-"]), ("racks", ["100", "200"])],
)  # fmt: skip
def test_other_fields_are_no_ones_business(head, cells) -> None:
    frame = pd.DataFrame({"name": [f"N{i}" for i in range(len(cells))], head: cells})
    contract = INPUT_LAYERS["parks"]
    assert find_refused(frame, contract, match_fields(frame, contract, {}, basis={})) == ()
