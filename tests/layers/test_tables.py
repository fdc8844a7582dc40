"""The tables of a plan go by the list of contracts."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest

from steppe.layers.conformity import make_empty
from steppe.layers.contracts import PLAN_TABLES
from steppe.layers.crs import albers
from steppe.layers.tables import PlanInfo, PlanTables

BBOX = (95.0, 29.0, 127.0, 54.0)
INFO = PlanInfo(
    "p", "规划", "Plan", "2017-12-31", BBOX, BBOX, albers(BBOX), "base", 2017, "zone", "", ()
)
COUNTS = make_empty(PLAN_TABLES["loads"])


@pytest.fixture
def plan() -> PlanTables:
    return PlanTables(INFO, {}, {"loads": COUNTS}, {}, {})


@pytest.mark.parametrize("name", PLAN_TABLES)
def test_a_table_that_is_not_given_is_there_and_empty(plan: PlanTables, name: str) -> None:
    table = getattr(plan, name)
    assert list(table.columns) == list(PLAN_TABLES[name].columns)
    assert len(table) == 0
    assert table is plan.tables[name]


def test_the_order_is_that_of_the_contracts(plan: PlanTables) -> None:
    assert list(plan.tables) == list(PLAN_TABLES)


def test_one_table_is_put_in_the_place_of_another(plan: PlanTables) -> None:
    table = pd.DataFrame({"claim_id": ["c1"]})
    other = plan.with_tables(claims=table)
    assert other.claims is table
    assert other.loads is plan.loads
    assert len(plan.claims) == 0


def test_a_name_that_is_no_table_is_refused(plan: PlanTables) -> None:
    with pytest.raises(AttributeError, match="loadz"):
        plan.loadz  # noqa: B018
    with pytest.raises(ValueError, match="loadz"):
        plan.with_tables(loadz=COUNTS)


@pytest.mark.parametrize("clone", [copy.copy, lambda plan: pickle.loads(pickle.dumps(plan))])
def test_a_copy_has_the_tables_too(plan: PlanTables, clone) -> None:
    assert list(clone(plan).loads.columns) == list(COUNTS.columns)
