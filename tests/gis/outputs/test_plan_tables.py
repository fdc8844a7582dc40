"""From the default plan to its tables: the same answers when worked out by hand."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from steppe.layers.conformity import faults
from steppe.layers.contracts import CONTRACTS, LAYERS, RESULT_TABLES
from steppe.layers.crs import GEOD
from steppe.layers.schemas import table_schema
from steppe.layers.tables import PlanTables
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario


def test_every_table_keeps_its_contract(tables: PlanTables) -> None:
    for name, contract in RESULT_TABLES.items():
        assert list(faults(getattr(tables, name), contract, where=name)) == []
    for name, layer in tables.layers.items():
        assert layer.crs.to_epsg() == 4490
        frame = pd.DataFrame(layer.drop(columns="geometry"))
        assert list(faults(frame, LAYERS[name], where=name)) == []


def test_every_source_that_a_row_names_is_known(tables: PlanTables) -> None:
    for name in ("measures", "latency", "redundancy", "claims"):
        for ids in getattr(tables, name)["source_ids"].dropna():
            assert set(ids.split()) <= set(tables.sources), name


def test_every_park_has_every_measure_once(tables: PlanTables) -> None:
    wanted = {m.measure_id for c in tables.info.criteria for m in c.measures}
    found = tables.measures.groupby("site_id")["measure_id"].agg(set)
    assert set(found.index) == set(tables.layers["parks"]["park_id"])
    assert all(ids == wanted for ids in found)


def test_the_score_of_a_park_worked_out_by_hand(tables: PlanTables, average) -> None:
    """The weighted sum of means of docs/model.md for Ulanqab, from its rows of measures."""
    rows = tables.measures.set_index(["site_id", "measure_id"]).xs("ulanqab_zgc")
    ends = {
        "pue": (1.342, 1.077), "free_cooling_h": (0, 8760), "grid_220_km": (30, 0),
        "grid_500_km": (100, 0), "operating_100km_mw": (0, 20_000), "pga_g": (0.40, 0.05),
        "rtt_ms": (20, 0),
    }  # fmt: skip
    mean = {name: average(rows.loc[name], *ends[name]) for name in ends}
    by_hand = {
        "climate": 0.7 * mean["pue"] + 0.3 * mean["free_cooling_h"],
        "power": 0.3 * mean["grid_220_km"]
        + 0.3 * mean["grid_500_km"]
        + 0.4 * mean["operating_100km_mw"],
        "geology": mean["pga_g"],
        "network": mean["rtt_ms"],
    }
    scores = tables.scores.set_index(["site_id", "criterion"])["value"].xs("ulanqab_zgc")
    for name, value in by_hand.items():
        assert scores[name] == pytest.approx(value, abs=1e-4)
    assert scores["total"] == pytest.approx(np.mean(list(by_hand.values())), abs=1e-4)


def test_a_park_without_a_measure_has_less_coverage_and_no_rank(tables: PlanTables) -> None:
    totals = tables.scores[tables.scores["criterion"] == "total"].set_index("site_id")
    scored = {m.measure_id for c in tables.info.criteria for m in c.measures if m.weight > 0}
    unknown = tables.measures[
        (tables.measures["status"] == "unknown") & tables.measures["measure_id"].isin(scored)
    ]
    lacking = set(unknown["site_id"])
    assert lacking
    for site_id, row in totals.iterrows():
        assert (row["coverage"] < 1) == (site_id in lacking)
        assert pd.isna(row["rank"]) == (site_id in lacking)


def test_a_band_holds_its_value(tables: PlanTables) -> None:
    banded = tables.measures.dropna(subset=["low", "high"])
    bounded = banded[banded["value"].isna()]
    assert set(bounded["status"]) <= {"unknown"}
    assert (bounded["low"] <= bounded["high"]).all()
    banded = banded[banded["value"].notna()]
    assert len(banded) > 100
    assert (banded["low"] <= banded["value"]).all()
    assert (banded["value"] <= banded["high"]).all()
    scores = tables.scores.dropna(subset="value")
    assert (scores["low"] <= scores["value"] + 1e-12).all()
    assert (scores["value"] <= scores["high"] + 1e-12).all()


def test_no_round_trip_beats_light_on_the_geodesic(tables: PlanTables) -> None:
    known = tables.latency.dropna(subset="rtt_ms")
    assert len(known) > 20
    assert (known["rtt_low_ms"] >= known["floor_rtt_ms"]).all()
    nodes = tables.layers["nodes"].set_index("node_id").geometry
    row = tables.latency.set_index(["from_id", "to_id"]).loc[("hohhot", "beijing")]
    a, b = nodes["hohhot"], nodes["beijing"]
    km = GEOD.inv(a.x, a.y, b.x, b.y)[2] / 1000
    assert row["floor_rtt_ms"] == pytest.approx(2 * km * 1.4682 / 299.792458, rel=1e-12)


def test_what_rests_on_an_assumption_says_so(tables: PlanTables) -> None:
    fibre = tables.layers["fibre"].set_index("cable_id")
    for row in tables.latency.dropna(subset="path").itertuples():
        cables = fibre.loc[row.path.split()]
        guessed = (cables["corridor_basis"] == "assumed") | (cables["existence"] == "assumed")
        # Two parks on one exchange: their ways to it are planned, not known.
        assert (row.standing == "assumed") == (guessed.any() or not row.path)
        # A way that is none to plan with is unknown, whatever it stands on.
        known = "assumed" if row.standing == "assumed" else "derived"
        assert row.status in {known, "unknown"}
        assert row.reason_zh
        assert row.reason_en


def test_claims_are_judged_by_the_data_and_not_all_hold(tables: PlanTables) -> None:
    claims = tables.claims.set_index("claim_id")
    assert len(claims) >= 25
    assert set(claims["verdict"]) >= {"holds", "partly", "cannot_be_checked"}
    # What the trackers have is a least, below the figure: that neither upholds nor refutes it.
    assert claims.loc["installed_2010", "verdict"] == "undecided"
    assert claims.loc["wind_2010", "verdict"] == "undecided"
    assert claims.loc["neighbour_provinces", "verdict"] == "holds"
    # Wuhai's yearly mean is above 8 °C; Hohhot and Baotou lie in the class of 0.20 g.
    assert claims.loc["temp_mean", "verdict"] == "partly"
    assert claims.loc["stable_geology", "verdict"] == "partly"
    # The official area is 1.183 million km²; Natural Earth's outline is within 5 %.
    assert claims.loc["area", "verdict"] == "holds"
    assert claims.loc["no_flood", "verdict"] == "cannot_be_checked"
    assert claims[["reason_zh", "reason_en"]].map(len).gt(0).all().all()


def test_taking_a_park_away_moves_no_other(tables: PlanTables, pack: Path) -> None:
    inputs = read_inputs(read_plan(pack / "plan.toml"))
    parks = inputs.layers["parks"]
    fewer = {
        **inputs.layers,
        "parks": parks[parks["park_id"] != "wuhai_bigdata"].reset_index(drop=True),
    }
    object.__setattr__(inputs, "layers", fewer)
    again = decide_scenario(inputs).outcome.scores
    again = again.set_index(["site_id", "criterion"])["value"]
    before = tables.scores.set_index(["site_id", "criterion"])["value"]
    pd.testing.assert_series_equal(again, before.loc[again.index])


def test_weights_are_scale_free(tables: PlanTables, pack: Path) -> None:
    inputs = read_inputs(read_plan(pack / "plan.toml"))
    tenfold = {criterion.name: 10 * criterion.weight for criterion in tables.info.criteria}
    again = decide_scenario(inputs, weights=tenfold).outcome.scores["value"]
    pd.testing.assert_series_equal(again, tables.scores["value"])


TYPES = {"string": str, "integer": int, "number": (int, float), "null": type(None)}


def fits(cell: object, told: dict) -> bool:
    """Whether a cell fits its JSON Schema, worked out by hand from draft 2020-12."""
    kinds = told["type"] if isinstance(told["type"], list) else [told["type"]]
    if isinstance(cell, bool) or not any(isinstance(cell, TYPES[kind]) for kind in kinds):
        return False
    if cell is None or "enum" in told:
        return cell in told.get("enum", [None])
    return isinstance(cell, str) or (
        told.get("minimum", -np.inf) <= cell <= told.get("maximum", np.inf)
    )


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_row_of_the_default_plan_fits_its_schema(tables: PlanTables, name: str) -> None:
    schema = table_schema(CONTRACTS[name])["items"]["properties"]
    frame = tables.layers.get(name, tables.tables.get(name))
    for column, told in schema.items() if frame is not None else ():
        cells = frame[column].astype(object)
        cells = cells.where(cells.notna(), None).unique()
        assert [cell for cell in cells if not fits(cell, told)] == [], column
        wrong: list[object] = [["x"], True, {"x": 1}]
        wrong += [0.5] if "string" in str(told["type"]) else ["x"]
        wrong += [told["maximum"] + abs(told["maximum"]) + 1] if "maximum" in told else []
        wrong += ["neither"] if "enum" in told else []
        assert [cell for cell in wrong if fits(cell, told)] == [], column


def test_what_is_prose_in_english_is_chinese_in_chinese(tables: PlanTables, pack: Path) -> None:
    # What a table or plan.toml says in words of its own stands as it is.
    own = set(pd.read_csv(pack / "claims.csv")["reason"].dropna())
    own |= {each.reason for each in read_plan(pack / "plan.toml").robustness.assumed}
    n_told = 0
    for name, frame in {**tables.tables, "risks": tables.layers["risks"]}.items():
        for column in (str(each) for each in frame.columns if str(each).endswith("_en")):
            both = frame[[f"{column.removesuffix('en')}zh", column]].dropna().drop_duplicates()
            for zh, en in both.itertuples(index=False):
                if en not in own and re.search(r"\b[a-z]{3,}\b", en):
                    n_told += 1
                    assert re.search(r"[\u4e00-\u9fff]", zh), (name, column, zh)
    assert n_told > 500
