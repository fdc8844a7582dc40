"""What the default plan says of its backbone, held to facts that stand elsewhere."""

from __future__ import annotations

from itertools import combinations
from statistics import median
from types import SimpleNamespace

import networkx as nx
import pytest

from steppe.layers.table_limits import N_NAMED
from steppe.layers.tables import PlanTables
from steppe.network.srlg_layer import SharedBetween
from steppe.routing.latency import TRANSIT_FACTOR

LIGHT_KM_PER_MS = 299.792458


def of(tables: PlanTables, start: str, end: str = "beijing"):
    rows = tables.latency.set_index(["from_id", "to_id"])
    return rows.loc[(start, end)]


def test_a_round_trip_is_the_sum_of_its_parts_inside_its_band(tables: PlanTables) -> None:
    known = tables.latency.dropna(subset="rtt_ms")
    assert len(known) > 300
    parts = known["glass_rtt_ms"] + known["equipment_rtt_ms"]
    assert parts.to_numpy() == pytest.approx(known["rtt_ms"].to_numpy())
    assert (2 * known["one_way_ms"]).to_numpy() == pytest.approx(known["rtt_ms"].to_numpy())
    assert (known["rtt_low_ms"] <= known["rtt_ms"]).all()
    assert (known["rtt_ms"] <= known["rtt_high_ms"]).all()
    glass_ms = 2 * known["route_km"] * 1.4682 / LIGHT_KM_PER_MS
    assert known["glass_rtt_ms"].to_numpy() == pytest.approx(glass_ms.to_numpy())


def test_hohhot_lies_as_far_as_its_railway(tables: PlanTables) -> None:
    """659 km by the route table of the railway, 4 % of slack; 15 to 150 us for the ends."""
    row = of(tables, "hohhot")
    assert row["route_km"] == pytest.approx(659 * 1.04)
    assert 2 * 0.015 < row["equipment_rtt_ms"] < 2 * 0.15 + 0.01


@pytest.mark.parametrize(
    ("start", "sure", "at_best"),
    [
        # Between 3.5 and 5.2 ms: 5 ms of synchronous replication is met at best only.
        ("jining", "stretch_cluster", "sync_replication"),
        ("hohhot", "stretch_cluster", "stretch_cluster"),
        ("shanghai", "hub_target", "hub_target"),
    ],
)
def test_the_class_is_the_hardest_limit_that_the_band_keeps(
    tables: PlanTables, start: str, sure: str, at_best: str
) -> None:
    row = of(tables, start)
    assert (row["class_id"], row["class_best_id"]) == (sure, at_best)
    limits = {each.class_id: each.limit_rtt_ms for each in tables.info.classes}
    assert row["rtt_high_ms"] <= limits[sure]
    harder = [limit for limit in limits.values() if limit < limits[sure]]
    assert all(row["rtt_high_ms"] > limit for limit in harder)


def test_parks_of_the_ranked_level_are_told_to_each_other(tables: PlanTables) -> None:
    parks = tables.layers["parks"]
    zones = parks[(parks["level"] == "zone") & parks["node_id"].notna()]
    between = tables.latency[tables.latency["to_id"].isin(zones["park_id"])]
    assert len(between) == len(zones) * (len(zones) - 1) // 2
    # Both hang on the exchange of Hohhot, 47 km from each other: no cable lies between.
    near = of(tables, "hongsheng", "horinger_new_area")
    assert near["path"] == ""
    assert near["status"] == "assumed"
    # Both stand for Horinger town: nobody says how far apart they are.
    assert of(tables, "horinger_new_area", "shengle")["status"] == "unknown"


def test_published_round_trips_and_the_factors_that_follow_from_them(tables: PlanTables) -> None:
    trips = tables.calibration.set_index("trip_id")
    services = trips[trips["kind"] == "service"]
    assert len(services) >= 6
    # The factors of transit lines are the median and the greatest of what is published.
    assert TRANSIT_FACTOR[1] == pytest.approx(median(services["floor_ratio"]), abs=0.01)
    assert TRANSIT_FACTOR[2] == pytest.approx(services["floor_ratio"].max(), abs=0.01)
    # The pair that the backbone joins was not fitted by itself: 147 ms lies in its band.
    pair = trips.loc["shanghai_frankfurt"]
    assert pair["model_low_ms"] < pair["rtt_ms"] == 147 < pair["model_high_ms"]
    assert abs(pair["model_residual_pct"]) < 15
    rule = 100 * (1 - trips["rule_rtt_ms"] / trips["rtt_ms"])
    assert trips["rule_residual_pct"].to_numpy() == pytest.approx(rule.to_numpy())


def test_redundancy_of_every_node_to_every_target(tables: PlanTables) -> None:
    rows = tables.redundancy.set_index(["from_id", "to_id"])
    assert set(tables.info.targets) == set(tables.redundancy["to_id"])
    # Four cables are named; said to be nowhere apart, they may all lie in one trench.
    hohhot = rows.loc[("hohhot", "beijing")]
    assert (hohhot["nominal_low"], hohhot["nominal_high"]) == (4, 4)
    assert (hohhot["effective_low"], hohhot["effective_high"]) == (1, 2)
    # The documents say "ring" of Jining and "dual route" of Ordos: two routes, if well laid.  But a
    # stretch beside the railway at Datong takes down both of Ordos, and no source names a corridor.
    for start in ("jining", "ordos"):
        assert rows.loc[(start, "beijing"), "effective_low"] == 1
        assert rows.loc[(start, "beijing"), "to_cut_low"] == 2
    # One way leads to Mongolia.
    assert rows.loc[("hohhot", "ulaanbaatar"), "effective_high"] == 1
    risks = set(tables.layers["risks"]["risk_id"])
    named = {risk for cell in tables.redundancy["risk_ids"].dropna() for risk in cell.split()}
    assert named <= risks
    # Counts take a cable from end to end; that others may be joined there is told.
    assert (
        "Not counted: Ordos–Beijing channel 1, route B"
        in rows.loc[("baotou", "beijing"), "reason_en"]
    )
    assert "Not counted" not in rows.loc[("ordos", "beijing"), "reason_en"]
    # What cables that lead elsewhere share is no risk of the pair; what those farther on share is.
    assert not rows.loc[("beijing", "shanghai"), "risk_ids"]
    corridor = "corridor-jingbao_hohhot_jining"
    for start in ("hohhot", "baotou", "wuhai"):
        assert corridor in rows.loc[(start, "beijing"), "risk_ids"].split()
    assert (tables.redundancy["effective_low"] <= tables.redundancy["effective_high"]).all()
    assert (tables.redundancy["effective_high"] <= tables.redundancy["to_cut_high"]).all()


def test_what_one_cut_can_part_has_one_sure_route_at_most(tables: PlanTables) -> None:
    """Whatever falls: a cable, corridor, stretch, crossing, city or country."""
    rows = tables.redundancy.set_index(["to_id", "from_id"])
    singles = tables.cuts[tables.cuts["n_units"] == 1]
    parted = {
        (cut.to_id, node)
        for cut in singles.dropna(subset="isolated").itertuples()
        for node in cut.isolated.split()
    }
    assert ("beijing", "ordos") in parted
    assert rows.loc[sorted(parted), "effective_low"].max() == 1
    assert rows.loc[sorted(parted), "to_cut_low"].max() > 1


def test_disjoint_routes_share_what_they_say_and_nothing_else(tables: PlanTables) -> None:
    risks = tables.layers["risks"].set_index("risk_id")["cables"].str.split()
    pairs = tables.disjoint.groupby(["from_id", "to_id", "apart"])
    assert {apart for _, _, apart in pairs.groups} >= {"cables", "nodes", "risks"}
    for (start, end, apart), both in pairs:
        first, second = (set(path.split()) for path in both.sort_values("route")["path"])
        assert both["rtt_ms"].is_monotonic_increasing
        assert first.isdisjoint(second), (start, end, apart)
        if apart == "risks":
            ends = {f"city-{start}", f"city-{end}"}
            shared = {
                risk
                for risk, cables in risks.items()
                if risk not in ends
                and not first.isdisjoint(cables)
                and not second.isdisjoint(cables)
            }
            told = {name for cell in both["shared"].dropna() for name in cell.split()}
            # What a corridor implies is not told once more.
            assert told <= shared
            assert bool(told) == bool(shared)


def test_a_cut_does_what_the_table_says(tables: PlanTables) -> None:
    """networkx on a copy of the graph, without the cables that fall."""
    fibre = tables.layers["fibre"]
    there = fibre[fibre["status"].isin(["in_service", "building"]) & (fibre["year"] <= 2017)]
    graph = nx.MultiGraph()
    assumed_pieces = []
    for row in there.itertuples():
        graph.add_edge(row.from_node, row.to_node, key=row.cable_id)
        joints = row.joints.split() if isinstance(row.joints, str) else []
        assert not joints or row.joints_basis == "assumed"
        for a, b in combinations([row.from_node, *joints, row.to_node], 2):
            if joints and {a, b} != {row.from_node, row.to_node}:
                graph.add_edge(a, b, key=row.cable_id)
                assumed_pieces.append((a, b, row.cable_id))
    assert assumed_pieces
    sure = (there["existence"] == "said") & (there["ends_basis"] == "said")
    unsure = set(there.loc[~sure, "cable_id"])
    cuts = tables.cuts[tables.cuts["rank"].notna()]
    assert (cuts["n_doubtful"] > 0).any()
    assert len(cuts[(cuts["to_id"] == "beijing") & (cuts["n_units"] == 1)]) == 10
    for cut in cuts.itertuples():
        rest = graph.copy()
        fallen = set(cut.cables.split())
        rest.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[2] in fallen])
        isolated = set(cut.isolated.split())
        for node in isolated:
            assert not nx.has_path(rest, node, cut.to_id), (cut.cut_id, node)
        for node in set(cut.slower.split()):
            assert nx.has_path(rest, node, cut.to_id), (cut.cut_id, node)
        bare = rest.copy()
        bare.remove_edges_from([edge for edge in rest.edges(keys=True) if edge[2] in unsure])
        bare.remove_edges_from(assumed_pieces)
        doubtful = set(cut.doubtful.split())
        for node in doubtful:  # saved by cables alone whose ends or existence is assumed
            assert nx.has_path(rest, node, cut.to_id), (cut.cut_id, node)
            assert not nx.has_path(bare, node, cut.to_id), (cut.cut_id, node)
        assert cut.n_isolated >= len(isolated)
        assert cut.n_doubtful >= len(doubtful)
        assert isolated or doubtful or cut.slower


def test_a_cut_is_said_where_a_source_says_what_falls_with_it(tables: PlanTables) -> None:
    """That a cable is there, or that its two ends lie in a country; no corridor is said."""
    fibre = tables.layers["fibre"].set_index("cable_id")
    cuts = tables.cuts
    single = cuts[cuts["kinds"] == "cable"]
    assert {"said", "assumed"} == set(single["standing"])
    for row in single.itertuples():
        assert (row.standing == "said") == (fibre.loc[row.cables, "existence"] == "said")
    kinds = cuts["kinds"].str.split()
    assert set(cuts.loc[kinds.map(lambda some: "corridor" in some), "standing"]) == {"assumed"}
    assert set(cuts.loc[kinds.map(lambda some: "border_crossing" in some), "standing"]) == {"said"}


def test_a_cable_lands_where_it_is_joined_on_its_way(tables: PlanTables) -> None:
    """Baotou to Ordos along the railway of 105.3 km and 4 % of slack, not by way of Beijing."""
    row = of(tables, "baotou_binhe", "ordos_silicon_valley")
    assert row["path"] == "ordos_beijing_1b"
    assert row["route_km"] == pytest.approx(105.3 * 1.04, abs=0.01)
    assert row["glass_rtt_ms"] == pytest.approx(
        2 * 105.3 * 1.04 * 1.4682 / LIGHT_KM_PER_MS, rel=1e-3
    )
    assert (row["status"], row["standing"], row["length_basis"]) == ("assumed", "assumed", "route")
    assert "can be joined on its way at Baotou" in row["reason_en"]
    # What whole cables join is as far as it was.
    assert of(tables, "baotou")["path"] == "baotou_hohhot_backbone hohhot_beijing_1"


def test_a_pair_without_a_cable_has_no_round_trip_to_plan_with(tables: PlanTables) -> None:
    """Horinger to Ulanqab by the Mongolian border: the way is told, and that it is none."""
    row = of(tables, "horinger_new_area", "ulanqab_zgc")
    assert (row["status"], row["path"]) == ("unknown", "cmr_china erenhot_exit")
    assert row["floor_ratio"] > 7
    assert row["reason_en"].startswith("no cable is named between Horinger")
    assert "没有资料记载" in row["reason_zh"]
    trips = tables.latency
    told = trips[trips["status"] != "unknown"]
    assert (told["floor_ratio"].dropna() < 3.2).all()  # equipment is not in the length
    detours = trips[(trips["status"] == "unknown") & trips["rtt_ms"].notna()]
    assert 10 < len(detours) < 31
    assert detours["class_id"].isna().all()
    assert detours["class_best_id"].isna().all()
    measures = tables.measures.set_index(["site_id", "measure_id"])
    served = measures.loc[("chifeng_cloud", "rtt_population_ms")]  # Shenyang is one of its targets
    assert served["status"] == "unknown"


def test_the_worst_come_first(tables: PlanTables) -> None:
    for _, rows in tables.cuts.dropna(subset="rank").groupby(["to_id", "n_units"]):
        ordered = rows.sort_values("rank")
        assert list(ordered["rank"]) == list(range(1, len(ordered) + 1))
        n_isolated = [len(cell.split()) for cell in ordered["isolated"]]
        assert n_isolated == sorted(n_isolated, reverse=True)


def test_risks_bear_their_evidence(tables: PlanTables) -> None:
    risks = tables.layers["risks"]
    assert {"corridor", "stretch", "border_crossing", "city"} <= set(risks["kind"])
    assert risks["evidence_zh"].str.endswith("。").all()
    assert risks["evidence_en"].str.endswith(".").all()
    for row in risks.itertuples():
        assert row.n_cables == len(row.cables.split()) >= 2
    # The crossing at Erenhot is the only way to Mongolia.
    border = risks[risks["kind"] == "border_crossing"].iloc[0]
    assert abs(border.geometry.x - 111.93) < 0.1
    assert abs(border.geometry.y - 43.70) < 0.1


def test_of_many_shared_risks_those_that_take_most_down_are_named() -> None:
    def risk(number: int, n_cables: int, place_id: str | None = None) -> SimpleNamespace:
        cables = tuple(f"c{each}" for each in range(n_cables))
        return SimpleNamespace(risk_id=f"r{number:03}", cables=cables, place_id=place_id)

    risks = [risk(number, 2 + number % 3) for number in range(90)]
    risks += [risk(90, 4, "a"), risk(91, 1), risk(92, 4, "far")]
    names, n_risks = SharedBetween(tuple(risks)).name_risks(
        frozenset({"c0", "c1", "c2", "c3"}), "ab"
    )
    assert n_risks == 91
    assert len(names) == N_NAMED == 50
    # All that take four down, then those of three in order; neither the place of an end nor a single one.
    fours = [f"r{number:03}" for number in [*range(2, 90, 3), 92]]
    threes = [f"r{number:03}" for number in range(1, 90, 3)][: 50 - len(fours)]
    assert names == sorted([*fours, *threes])
    few, n_few = SharedBetween(tuple(risks[:3])).name_risks(frozenset({"c0", "c1", "c2"}), "ab")
    assert (few, n_few) == (["r000", "r001", "r002"], 3)
