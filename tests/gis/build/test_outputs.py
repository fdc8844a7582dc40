"""What the layers bear of the results, so that they can be seen on the map."""

from __future__ import annotations

import pandas as pd
import pytest

from gis.build.outputs import with_results
from layers.results import LAYERS
from layers.tables import PlanTables
from maps.captions import aliases


@pytest.fixture(scope="module")
def shown(tables: PlanTables) -> PlanTables:
    return with_results(tables)


def test_the_layers_of_the_plan_itself_stay_as_they_are(tables: PlanTables) -> None:
    before = {name: list(frame.columns) for name, frame in tables.layers.items()}
    with_results(tables)
    assert {name: list(frame.columns) for name, frame in tables.layers.items()} == before


def test_rows_keep_their_order_and_their_place(tables: PlanTables, shown: PlanTables) -> None:
    for name, frame in shown.layers.items():
        read = tables.layers[name]
        pd.testing.assert_frame_equal(pd.DataFrame(frame)[list(read.columns)], pd.DataFrame(read))


@pytest.mark.parametrize(("layer", "key"), [("parks", "park_id"), ("nodes", "node_id")])
def test_a_place_bears_its_round_trip_to_the_first_target(
    tables: PlanTables, shown: PlanTables, layer: str, key: str
) -> None:
    trips = tables.latency.set_index(["from_id", "to_id"])
    titles = {each.class_id: each.title_en for each in tables.info.classes}
    n_known = 0
    for row in shown.layers[layer].to_dict("records"):
        pair = (row[key], tables.info.targets[0])
        if pair not in trips.index:
            assert pd.isna(row["rtt_ms"])
            continue
        trip = trips.loc[pair]
        for name in ("rtt_ms", "rtt_low_ms", "rtt_high_ms", "floor_rtt_ms", "floor_ratio"):
            assert row[name] == trip[name] or (pd.isna(row[name]) and pd.isna(trip[name]))
        met = row["class_en"] if pd.notna(row["class_en"]) else None
        assert met == titles.get(trip["class_id"])
        n_known += pd.notna(row["rtt_ms"])
    assert n_known > 8


def test_a_park_bears_the_routes_of_its_node(shown: PlanTables) -> None:
    nodes = shown.layers["nodes"].set_index("node_id")
    parks = shown.layers["parks"].dropna(subset="node_id")
    for name in ("nominal_low", "nominal_high", "effective_low", "effective_high"):
        at_node = nodes[name].reindex(parks["node_id"])
        assert parks[name].fillna(-1).tolist() == at_node.fillna(-1).tolist()
    # Four cables join Hohhot and Beijing themselves, but they share corridors.
    hohhot = nodes.loc["hohhot"]
    assert (hohhot["nominal_low"], hohhot["nominal_high"]) == (4, 4)
    assert hohhot["effective_high"] < 4
    assert "assumed" in hohhot["routes_reason"]


def test_a_cable_bears_the_worst_of_the_cuts_that_fell_it(
    tables: PlanTables, shown: PlanTables
) -> None:
    cuts = tables.cuts
    ranked = cuts[
        (cuts["to_id"] == tables.info.targets[0]) & (cuts["n_units"] == 1) & cuts["rank"].notna()
    ]
    assert sorted(ranked["rank"]) == list(range(1, 11))
    for row in shown.layers["fibre"].to_dict("records"):
        felling = ranked[[row["cable_id"] in cables.split() for cables in ranked["cables"]]]
        if felling.empty:
            assert pd.isna(row["worst_cut_rank"])
            assert pd.isna(row["worst_cut_en"])
            continue
        worst = felling.loc[felling["rank"].idxmin()]
        assert row["worst_cut_rank"] == worst["rank"]
        assert (row["worst_cut_zh"], row["worst_cut_en"]) == (worst["name_zh"], worst["name_en"])


def test_every_further_column_has_its_words(tables: PlanTables, shown: PlanTables) -> None:
    scores = {f"score_{criterion.name}" for criterion in tables.info.criteria}
    for name, frame in shown.layers.items():
        further = set(frame.columns) - set(LAYERS[name].columns) - set(tables.layers[name].columns)
        assert set(aliases(further)) == further - scores
