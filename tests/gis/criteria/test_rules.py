"""Rules: verdicts by the whole band, nothing excluded but by a hard clause that was read."""

import math
import operator
from itertools import product

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, Point, box

from steppe.criteria.nearby import measure_nearby
from steppe.criteria.rule_editions import select_in_force
from steppe.criteria.rule_faults import find_rule_faults
from steppe.criteria.rules import (
    RuleSettings,
    check_rules,
    exclusions,
    name_distances,
)
from steppe.layers.columns import COMPARISONS, RULE_STRENGTHS
from steppe.layers.conformity import conform
from steppe.layers.contracts.documents import RULES
from steppe.layers.contracts.scores import MEASURES
from steppe.layers.errors import InputError
from steppe.layers.extents import EVERYWHERE

GEOD = Geod(ellps="GRS80")
HERE = (111.0, 41.0)
NAN = float("nan")


def rule(rule_id: str = "r", **fields: object) -> dict:
    return {
        "rule_id": rule_id, "name_zh": "距铁路", "name_en": "From a railway", "kind": "siting",
        "strength": "hard", "applies_to": "*", "threshold": 0.8, "unit": "km", "edition": 2017,
        "clause": "annex A", "grade": None, "measure": "railway_km", "comparison": "at_least",
        "condition": None, "region": None, "superseded_by": None, "confirmed": "yes", "confirmation": None, "source_id": "gb",
        "as_of": "2018-01-01",
    } | fields  # fmt: skip


def rules(*rows: dict) -> pd.DataFrame:
    return conform(pd.DataFrame(rows or [rule()], dtype=object), RULES)


def world(rail_km: float = 5.0, *, accuracy_m: float = 100.0, **park: object) -> dict:
    """A park, and a railway that runs from west to east so many kilometres north of it."""
    lon, lat, _ = GEOD.fwd(*HERE, 0, 1000 * rail_km)
    columns = {"park_id": ["p"], "parent_id": [None], "node_id": ["jining"], "town_id": [None],
               "accuracy_m": [accuracy_m], "source_id": ["plan"], "area_ha": [NAN],
               "it_load_mw": [NAN], "racks": [NAN], "servers": [NAN], "centre_racks": [NAN],
               "level": ["zone"]}  # fmt: skip
    columns |= {name: [value] for name, value in park.items()}
    same = {"source_id": ["map"], "accuracy_m": [0.0]}
    return {
        "parks": gpd.GeoDataFrame(columns, geometry=[Point(HERE)], crs=4490),
        "railways": gpd.GeoDataFrame(
            same, geometry=[LineString([(lon - 0.0001, lat), (lon + 0.0001, lat)])], crs=4490
        ),
        "boundaries": gpd.GeoDataFrame(
            {"boundary_id": ["CN-15"], **same}, geometry=[box(110, 40, 112, 42)], crs=4490
        ),
    }


def measures(**values: tuple[float, float, float]) -> pd.DataFrame:
    rows = [
        {"site_id": "p", "measure_id": name, "scenario": "base", "year": 2017, "unit": "km",
         "criterion": "geology", "value": value, "low": low, "high": high, "band": "range",
         "status": "unknown" if math.isnan(value) else "derived", "reason_zh": "按测算值", "reason_en": "as measured",
         "source_ids": "gem"}
        for name, (value, low, high) in values.items()
    ]  # fmt: skip
    return conform(pd.DataFrame(rows, columns=list(MEASURES.columns)), MEASURES)


def check(
    layers: dict | None = None, table=None, found=None, incomplete=None, **terms: object
) -> pd.DataFrame:
    layers, table = layers or world(), rules() if table is None else table
    names = name_distances(table, grades=terms.get("grades", ()))
    distances = measure_nearby(
        layers["parks"], layers, dict.fromkeys(layers, EVERYWHERE), names=names,
        incomplete=incomplete or {},
    )  # fmt: skip
    found = measures() if found is None else found
    terms = {"scenario": "base", "year": 2017} | terms
    return check_rules(layers, table, found, distances, settings=RuleSettings(**terms))


def only(checks: pd.DataFrame) -> pd.Series:
    (row,) = [row for _, row in checks.iterrows()]
    return row


KEEPS = {"at_least": operator.ge, "at_most": operator.le, "below": operator.lt}


# Tables are slow to check and rows are not: each example holds its band against many clauses.
@settings(max_examples=20)
@given(
    st.floats(0, 100), st.floats(0, 20), st.floats(0, 20),
    st.lists(st.floats(0, 120), min_size=4, max_size=8, unique=True),
)  # fmt: skip
def test_a_verdict_needs_the_whole_band(value, less, more, thresholds) -> None:
    """Pass or fail holds at both ends of the band; what holds at one end only is unknown."""
    low, high = max(0.0, value - less), value + more
    clauses = {
        f"{comparison} {threshold}": (comparison, threshold)
        for comparison, threshold in product(KEEPS, (*thresholds, low, high))
    }
    table = rules(
        *(
            rule(name, measure="fault_km", comparison=comparison, threshold=threshold)
            for name, (comparison, threshold) in clauses.items()
        )
    )
    checks = check(table=table, found=measures(fault_km=(value, low, high)))
    assert set(checks["rule_id"]) == set(clauses)
    for name, verdict in zip(checks["rule_id"], checks["verdict"], strict=True):
        comparison, threshold = clauses[name]
        ends = {KEEPS[comparison](end, threshold) for end in (low, high)}
        assert verdict == ("unknown" if len(ends) > 1 else "pass" if ends == {True} else "fail")


@settings(max_examples=20)
@given(
    ends=st.tuples(st.none() | st.floats(0, 50), st.none() | st.floats(50, 100)),
    thresholds=st.lists(st.floats(1, 99), min_size=4, max_size=8, unique=True),
)
def test_a_bound_of_an_unknown_decides_only_what_it_decides_alone(ends, thresholds) -> None:
    """Whatever the number is between its bounds, an open one as far as it may go, the verdict holds."""
    clauses = {f"{each} {at}": (each, at) for each, at in product(KEEPS, thresholds)}
    table = rules(
        *(
            rule(name, measure="fault_km", comparison=comparison, threshold=threshold)
            for name, (comparison, threshold) in clauses.items()
        )
    )
    low, high = (NAN if end is None else end for end in ends)
    checks = check(table=table, found=measures(fault_km=(NAN, low, high)))
    least, most = (-1e9 if math.isnan(low) else low), (1e9 if math.isnan(high) else high)
    for row in checks.to_dict("records"):
        comparison, threshold = clauses[row["rule_id"]]
        true = {KEEPS[comparison](end, threshold) for end in (least, most)}
        assert row["verdict"] == (
            "unknown" if len(true) > 1 else "pass" if true == {True} else "fail"
        )
        assert math.isnan(row["value"])
        is_bound = ends != (None, None)
        assert ("decides only what it decides alone" in row["reason_en"]) == is_bound


def test_what_is_no_farther_than_this_breaks_a_clause_that_wants_it_farther() -> None:
    table = rules(rule(measure="fault_km", threshold=50.0))
    assert only(check(table=table, found=measures(fault_km=(NAN, NAN, 40.0))))["verdict"] == "fail"
    assert (
        only(check(table=table, found=measures(fault_km=(NAN, NAN, 60.0))))["verdict"] == "unknown"
    )
    assert only(check(table=table, found=measures(fault_km=(NAN, 55.0, NAN))))["verdict"] == "pass"


@pytest.mark.parametrize(
    ("rail_km", "accuracy_m", "verdict"),
    [(5.0, 100.0, "pass"), (0.5, 100.0, "fail"), (0.75, 100.0, "unknown"), (5.0, 20_000.0, "unknown")],
)  # fmt: skip
def test_a_railway_is_near_far_or_the_point_does_not_tell(rail_km, accuracy_m, verdict) -> None:
    row = only(check(world(rail_km, accuracy_m=accuracy_m)))
    assert row["verdict"] == verdict
    if accuracy_m <= 100.0:
        assert row["value"] == pytest.approx(rail_km, abs=1e-3)
    assert row["low"] == pytest.approx(max(0.0, rail_km - accuracy_m / 1000), abs=1e-3)


def test_a_layer_with_gaps_can_show_what_is_near_but_never_that_nothing_is() -> None:
    gaps = {"incomplete": {"railways": "no high-speed lines"}}
    far, near = only(check(world(50.0), **gaps)), only(check(world(0.5), **gaps))
    assert (far["verdict"], far["low"]) == ("unknown", 0.0)
    assert "no high-speed lines" in far["reason_en"]
    assert near["verdict"] == "fail"


def test_nothing_within_reach_of_a_full_layer_is_far_and_of_an_empty_one_unknown() -> None:
    row = only(check(world(500.0)))
    assert row["verdict"] == "pass"
    assert pd.isna(row["value"])
    layers = world()
    del layers["railways"]
    row = only(check(layers))
    assert (row["verdict"], pd.isna(row["low"])) == ("unknown", True)


@pytest.mark.parametrize("rail_km", [0.5, 0.75, 5.0])
def test_only_a_confirmed_hard_clause_that_fails_excludes(rail_km) -> None:
    kinds = dict(
        enumerate(
            product(
                RULE_STRENGTHS,
                ("yes", "no", None),
                (None, "inside a flight path, which no layer tells"),
            )
        )
    )
    table = rules(
        *(
            rule(f"r{number}", strength=strength, confirmed=confirmed, condition=condition)
            for number, (strength, confirmed, condition) in kinds.items()
        )
    )
    checks = check(world(rail_km), table)
    (the_one,) = (number for number, kind in kinds.items() if kind == ("hard", "yes", None))
    assert exclusions(checks) == ({"p": f"r{the_one}"} if rail_km == 0.5 else {})
    rows = checks.set_index("rule_id")
    assert len(rows) == len(kinds)
    for number, (_, confirmed, _) in kinds.items():
        row = rows.loc[f"r{number}"]
        excludes = number == the_one and rail_km == 0.5
        assert row["excludes"] == ("yes" if excludes else "no")
        if confirmed != "yes":
            assert "excludes nothing" in row["reason_en"]


@pytest.mark.parametrize("name", ["r", "annex A"])
def test_relaxing_a_rule_or_its_clause_lifts_the_exclusion_and_keeps_the_verdict(name) -> None:
    row = only(check(world(0.5), relaxed=frozenset({name})))
    assert (row["verdict"], row["excludes"]) == ("fail", "no")
    assert "relaxed" in row["reason_en"]


def test_a_clause_to_relax_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="annex Z"):
        check(relaxed=frozenset({"annex Z"}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "raillway_km"},
        {"comparison": "over"},
        {"confirmed": "maybe"},
        {"comparison": "named"},
        {"superseded_by": "old"},
    ],
)
def test_a_rule_that_cannot_be_held_against_anything_is_named(wrong) -> None:
    table = rules(rule(), rule("old", edition=2011), rule("bad", **wrong))
    (problem,) = find_rule_faults(table, ["pga_g"], where="rules.csv")
    assert problem.rows == ("bad",)
    why = {"named": "no region", "old": "older edition"}
    (name, value), *_ = wrong.items()
    assert why.get(value, name) in problem.what.say("en")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"threshold": None}, "no figure"),
        ({"unit": "m"}, "the clause is in m"),
        ({"measure": None, "comparison": None}, "nothing in this plan"),
        ({"measure": "chemical_plant_km"}, "no layer of this plan"),
        ({"measure": "access_roads", "unit": "1"}, "no layer of this plan"),
        ({"measure": "racks", "unit": "racks"}, "nobody told"),
    ],
)
def test_what_cannot_be_told_is_unknown_with_a_reason(change, why: str) -> None:
    row = only(check(table=rules(rule(**change))))
    assert (row["verdict"], row["excludes"]) == ("unknown", "no")
    assert why in row["reason_en"]


def test_an_unknown_measure_leaves_the_verdict_unknown() -> None:
    table = rules(rule(measure="fault_km"))
    row = only(check(table=table, found=measures(fault_km=(NAN, NAN, NAN))))
    assert (row["verdict"], pd.isna(row["value"]), row["reason_en"]) == (
        "unknown", True, "as measured",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("applies_to", "comparison", "n_rows"),
    [("*", "at_least", 1), ("p", "at_least", 1), ("q jining", "at_least", 1), ("q", "at_least", 0),
     ("CN-15", "at_least", 1), ("CN-14", "at_least", 0), ("jining", "named", 1),
     ("q", "named", 0)],
)  # fmt: skip
def test_a_rule_speaks_of_parks_places_or_regions(applies_to, comparison, n_rows) -> None:
    checks = check(table=rules(rule(applies_to=applies_to, comparison=comparison)))
    assert len(checks) == n_rows


def test_only_rules_of_the_grades_asked_for_are_held_against_a_park() -> None:
    table = rules(rule("a", grade="gb_a"), rule("b", grade="gb_b"), rule("c"))
    assert list(check(table=table, grades=("gb_a",))["rule_id"]) == ["a", "c"]


def test_hostile_names_stay_names() -> None:
    evil = "<script>alert(1)</script>=1+1"
    row = only(check(world(0.5), rules(rule(clause=evil, name_en=evil))))
    assert row["clause"] == evil
    assert row["excludes"] == "yes"


def test_comparisons_are_those_that_the_contract_names() -> None:
    assert set(COMPARISONS) == {"at_least", "at_most", "below", "named"}


def test_a_feature_outside_the_region_counts() -> None:
    """The railway lies north of the region's border, and its distance reaches in."""
    layers = world(0.5)
    layers["boundaries"] = layers["boundaries"].set_geometry([box(110, 40, 112, 41.001)])
    found = measure_nearby(
        layers["parks"], layers, dict.fromkeys(layers, EVERYWHERE), names=["railway_km"],
        incomplete={},
    )  # fmt: skip
    assert found["p", "railway_km"].value == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("band", "verdict"),
    [((1.12, 1.06, 1.19), "pass"), ((1.3, 1.19, 1.6), "unknown"), ((1.5, 1.45, 1.6), "fail")],
)
def test_a_limit_of_the_pue_is_held_though_its_unit_is_written_as_1(band, verdict) -> None:
    found = measures(pue=band).assign(unit="kWh/kWh")
    limit = rule(kind="efficiency", measure="pue", comparison="at_most", threshold=1.4, unit="1")
    assert only(check(table=rules(limit), found=found))["verdict"] == verdict


# Each kind of clause, the world in which a park breaks it, keeps it, and neither is known.
LIMIT = {"measure": "fault_km", "unit": "km", "threshold": 10.0}
PLACES = {"comparison": "named", "region": "CN-15", "applies_to": "q r"}
LARGE = PLACES | {"measure": "centre_racks", "threshold": 3000.0, "unit": "racks"}
EFFICIENCY = {"measure": "fleet_pue", "comparison": "at_most", "threshold": 1.4, "unit": "1"}
KINDS = [
    ("at least", LIMIT | {"comparison": "at_least"}, {"fault_km": (5, 4, 6)}, {"fault_km": (12, 11, 13)}, {"fault_km": (10, 9, 11)}),
    ("at most", LIMIT | {"comparison": "at_most"}, {"fault_km": (12, 11, 13)}, {"fault_km": (5, 4, 6)}, {"fault_km": (10, 9, 11)}),
    ("below", LIMIT | {"comparison": "below"}, {"fault_km": (12, 10, 13)}, {"fault_km": (5, 4, 6)}, {"fault_km": (9, 8, 10)}),
    ("a park told", LIMIT | {"measure": "racks", "unit": "racks", "comparison": "below"}, {"racks": 10.0}, {"racks": 9.0}, {"racks": NAN}),
    ("named places", PLACES | {"measure": None, "threshold": None, "unit": None}, {}, {"node_id": "r"}, None),
    ("named, from a size on", LARGE, {"centre_racks": 3000.0}, {"node_id": "r", "centre_racks": 3000.0}, {}),
    ("named, one centre counted", LARGE, {"level": "facility", "racks": 6000.0}, {"level": "facility", "racks": 1500.0}, {"level": "zone", "racks": 6000.0}),
    ("whatever kind of plant", EFFICIENCY, {"pue": (1.5, 1.45, 1.6), "pue_b": (1.9, 1.8, 2.0)}, {"pue": (1.1, 1.0, 1.2), "pue_b": (1.3, 1.2, 1.4)}, {"pue": (1.1, 1.0, 1.2), "pue_b": (1.9, 1.8, 2.0)}),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "broken", "kept", "open_"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS])  # fmt: skip
def test_each_kind_of_clause_fails_passes_and_stays_unknown(fields, broken, kept, open_) -> None:
    for verdict, known in (("fail", broken), ("pass", kept), ("unknown", open_)):
        if known is None:
            continue  # whether a place is named is always known
        bands = {name: band for name, band in known.items() if isinstance(band, tuple)}
        told = {name: value for name, value in known.items() if name not in bands}
        found = measures(**bands)
        row = only(check(world(**told), rules(rule(**fields)), found if "pue" not in bands else found.assign(unit="kWh/kWh")))  # fmt: skip
        assert row["verdict"] == verdict, (verdict, row["reason_en"])


def test_every_comparison_stands_in_the_table_of_kinds() -> None:
    assert {kind[1]["comparison"] for kind in KINDS} == set(COMPARISONS)


@given(st.floats(0, 20), st.floats(0, 10), st.booleans())
@settings(max_examples=20)
def test_a_band_outside_fails_inside_passes_and_an_open_end_decides_nothing(low, width, is_open):
    """For every comparison: a threshold of 10, and a band that may be open above."""
    high = math.inf if is_open else low + width
    table = rules(*(rule(name, **LIMIT | {"comparison": name}) for name in KEEPS))
    found = measures(fault_km=(low, low, low)).assign(high=high)
    verdicts = check(table=table, found=found).set_index("rule_id")["verdict"]
    for name, keeps in KEEPS.items():
        ends = {keeps(low, 10.0), keeps(high, 10.0)}
        assert verdicts[name] == (
            "unknown" if len(ends) > 1 else "pass" if ends == {True} else "fail"
        )


YEARS = st.one_of(st.none(), st.integers(2000, 2030))


@given(YEARS, YEARS, st.integers(1995, 2035))
def test_a_rule_holds_from_its_edition_until_a_later_one_takes_its_place(first, second, year):
    table = rules(rule("old", edition=first, superseded_by="new"), rule("new", edition=second))
    held = set(select_in_force(table, year)["rule_id"])
    new = second is None or second <= year
    old = (first is None or first <= year) and not new
    assert held == {name for name, is_held in (("old", old), ("new", new)) if is_held}


def test_a_check_says_its_year_and_that_a_rule_has_none() -> None:
    table = rules(rule("dated"), rule("undated", edition=None), rule("later", edition=2024))
    checks = check(table=table, year=2017, scenario="base").set_index("rule_id")
    assert list(checks.index) == ["dated", "undated"]
    assert set(checks["year"]) == {2017}
    assert set(checks["scenario"]) == {"base"}
    assert "its year is not known" in checks.loc["undated", "reason_en"]
    assert set(check(table=table, year=2025)["rule_id"]) == {"dated", "undated", "later"}
