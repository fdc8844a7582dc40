"""A plan of more parks than tables of pairs hold whole: what is told, what is not, and that it says so."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from pyproj import Geod

from steppe.layers.tables import PlanTables
from steppe.outputs.plan_tables import build_tables
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan

N_PARKS, GEOD = 90, Geod(ellps="GRS80")
MOVED = ("cooling.dryness_k.value", "power.route_factor")


def load_growth() -> ModuleType:
    """The seeded plans of the benchmarks."""
    path = Path(__file__).parents[2] / "benchmarks" / "growth.py"
    spec = importlib.util.spec_from_file_location("steppe_growth", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> PlanTables:
    """What a plan of ninety parks comes to, of one kind of facility and in one scenario."""
    growth, folder = load_growth(), tmp_path_factory.mktemp("many")
    make = growth.make_settings

    def make_less(size, layers):
        values = make(size, layers)
        values["cooling"] |= {"facilities": ["hyperscale_air", "hyperscale_water"], "n_draws": 20}
        values["robustness"] = {"n_draws": 200, "seed": 6, "assumed": []}
        ranges = [{"path": path, "low": 1.0, "high": 3.0, "reason": "made"} for path in MOVED]
        values["robustness"]["assumed"] = ranges
        return values | {"scenarios": []}

    growth.make_settings = make_less
    path = growth.write_made_plan(folder, growth.Size(N_PARKS, 12, 300))
    return build_tables(read_inputs(read_plan(path)))


def test_each_park_is_told_with_its_nearest(many: PlanTables) -> None:
    parks = many.layers["parks"].set_index("park_id").geometry
    trips = many.latency[many.latency["to_id"].isin(parks.index)]
    pairs = {frozenset(pair) for pair in zip(trips["from_id"], trips["to_id"], strict=True)}
    assert len(pairs) == len(trips) < N_PARKS * (N_PARKS - 1) / 2
    for park in parks.index:
        km = {
            other: GEOD.inv(parks[park].x, parks[park].y, parks[other].x, parks[other].y)[2]
            for other in parks.index
            if other != park
        }
        # The sphere may take another for the tenth where two are equally far.
        assert all(
            frozenset((park, other)) in pairs for other in sorted(km, key=km.__getitem__)[:8]
        )


def test_each_park_is_held_against_the_first_ones(many: PlanTables) -> None:
    totals = many.scores[(many.scores["criterion"] == "total") & many.scores["rank"].notna()]
    assert len(totals) > 50  # or nothing is left out
    first = totals.sort_values(["rank", "site_id"])["site_id"].head(10)
    even = many.break_evens
    assert set(even["other_id"]) == set(first)
    assert len(even) == 10 * N_PARKS - 10
    shares = many.acceptability
    assert shares["rank"].max() <= 20
    assert (shares["share"] > 0).all()
    leader = first.iloc[0]
    own = shares[(shares["site_id"] == leader) & (shares["weights"] == "plan")]
    told = many.robustness.set_index("site_id")["first_share"]
    assert own.loc[own["rank"] == 1, "share"].tolist() == [told[leader]]


def test_what_is_left_out_is_counted(many: PlanTables) -> None:
    said = [note.say("en") for note in many.notes]
    n_trips = int(many.latency["to_id"].isin(many.layers["parks"]["park_id"]).sum())
    left = N_PARKS * (N_PARKS - 1) // 2 - n_trips
    assert any(f"{left} other pairs of parks are left out" in note for note in said)
    assert any(
        f"{N_PARKS * (N_PARKS - 1) - len(many.break_evens)} other pairs" in note for note in said
    )
    for table in ("acceptability", "assumptions", "measures"):
        assert any(note.startswith(f"{table}:") for note in said)
    moved = many.tables["assumptions"].set_index("parameter")
    assert np.isfinite(moved.loc[list(MOVED), ["lead_low", "lead_high"]].astype(float)).all(
        axis=None
    )
