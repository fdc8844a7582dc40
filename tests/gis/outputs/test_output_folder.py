"""What the layers bear of the results, so that they can be seen on the map."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from steppe.layers import antimeridian
from steppe.layers.contracts import LAYERS
from steppe.layers.tables import PlanTables
from steppe.layers.writer import write_geopackage
from steppe.maps.captions import aliases
from steppe.outputs.output_folder import find_renamed, settle, with_results


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
    assert "assumed" in hohhot["routes_reason_en"]
    assert "假定" in hohhot["routes_reason_zh"]


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


def _with_further(tables: PlanTables, layer: str, further: dict[str, str]) -> PlanTables:
    frame = tables.layers[layer].assign(**further)
    return dataclasses.replace(tables, layers=dict(tables.layers) | {layer: frame})


# As QGIS, Shapefile and hand-made tables leave them: keys, shapes, names in another case, results.
FURTHER = {
    name: f"my {name}"
    for name in (
        *("fid", "FID", "geom", "GEOM", "NAME_EN", "Name_En", "rank", "RANK", "score", "rtt_ms"),
        *("score_climate", "rowid", "ogc_fid", "remark", "Remark", 'a"b', "index"),
    )
}


def test_a_users_column_is_never_overwritten(tables: PlanTables, tmp_path: Path) -> None:
    named = _with_further(tables, "parks", FURTHER)
    renamed = find_renamed(named)["parks"]
    assert {"fid", "FID", "geom", "NAME_EN", "rank", "rtt_ms", "score_climate"} <= set(renamed)
    assert "remark" not in renamed
    shown = with_results(settle(named))
    path = tmp_path / "plan.gpkg"
    write_geopackage(path, {"parks": shown.layers["parks"]}, titles={}, date="2017-12-31")
    back = gpd.read_file(path, layer="parks", fid_as_index=True)
    for name, text in FURTHER.items():
        assert set(back[renamed.get(name, name)]) == {text}
    plain = with_results(settle(tables)).layers["parks"]
    for name in ("name_en", "rank", "score", "rtt_ms", "score_climate"):
        told = back[name].tolist()
        assert [a for a in told if pd.notna(a)] == [a for a in plain[name] if pd.notna(a)]


@pytest.mark.parametrize("layer", ["nodes", "fibre", "towns", "rules", "figures"])
def test_every_table_gives_further_columns_a_free_name(tables: PlanTables, layer: str) -> None:
    further = {"FID": "x", "geom": "x", "class_zh": "x", "worst_cut_rank": "x", "SOURCE_ID": "x"}
    if layer in tables.layers:
        shown = with_results(_with_further(tables, layer, further)).layers[layer]
    else:
        frame = getattr(tables, layer).assign(**further)
        shown = getattr(with_results(tables.with_tables(**{layer: frame})), layer)
    folded = [name.casefold() for name in (*shown.columns, "fid", "geom")]
    assert len(set(folded)) == len(folded)


def test_the_columns_of_results_are_those_that_are_kept_free(tables: PlanTables) -> None:
    shown = with_results(tables)
    for layer in ("parks", "nodes", "fibre"):
        borne = set(shown.layers[layer].columns) - set(tables.layers[layer].columns)
        everything = _with_further(tables, layer, dict.fromkeys(borne, "x"))
        assert set(find_renamed(everything)[layer]) == borne


def test_a_plan_without_further_columns_renames_nothing(tables: PlanTables) -> None:
    assert find_renamed(tables) == {}


def test_every_number_of_an_output_is_settled_once(tables: PlanTables) -> None:
    settled = settle(tables)
    again = settle(settled)
    for name in ("scores", "latency", "costs"):
        pd.testing.assert_frame_equal(
            getattr(settled, name), getattr(again, name), check_exact=True
        )
        pd.testing.assert_frame_equal(getattr(settled, name), getattr(tables, name), rtol=1e-11)
    assert sum(each.weight for each in settled.info.criteria) == pytest.approx(1.0, abs=1e-11)


def test_a_cable_over_180_lies_in_the_geopackage_in_parts(
    tables: PlanTables, tmp_path: Path
) -> None:
    fibre = settle(tables).layers["fibre"].iloc[:2].copy()
    drawn = np.array(
        [shapely.LineString([(172, 50), (-172, 52)]), shapely.LineString([(1, 1), (2, 2)])]
    )
    lines = antimeridian.settle(drawn)
    fibre = fibre.set_geometry(gpd.GeoSeries(lines, index=fibre.index, crs=fibre.crs))
    write_geopackage(tmp_path / "plan.gpkg", {"fibre": fibre}, titles={}, date="2017-12-31")
    back = gpd.read_file(tmp_path / "plan.gpkg", layer="fibre")
    west, east = shapely.get_parts(back.geometry.iloc[0])
    assert (west.bounds[0], west.bounds[2]) == (172, 180)
    assert (east.bounds[0], east.bounds[2]) == (-180, -172)
    assert west.coords[-1][1] == pytest.approx(east.coords[0][1])
    geod = pyproj.Geod(ellps="GRS80")
    *_, length_m = geod.inv(172, 50, -172, 52)
    assert geod.geometry_length(back.geometry.iloc[0]) == pytest.approx(length_m, rel=1e-5)
    assert back["length_km"].tolist() == fibre["length_km"].tolist()
