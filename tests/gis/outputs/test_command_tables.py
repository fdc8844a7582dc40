"""What `steppe backbone` tells, and the part of a plan that it reads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.errors import InputError
from steppe.layers.tables import PlanTables
from steppe.network.cut_changes import find_fewer, find_longer
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import build_backbone
from steppe.network.redundancy_table import tabulate_redundancy
from steppe.network.srlg_layer import find_corridor_risks
from steppe.outputs.backbone_tables import backbone_tables, spell_fewer
from steppe.planfile.input_reading import read_inputs
from steppe.planfile.plan_inputs import BACKBONE, Inputs
from steppe.planfile.plan_reading import read_plan

CUT = ("hohhot_beijing_1", "jining_beijing_2")


@pytest.fixture(scope="module")
def inputs(pack: Path) -> Inputs:
    return read_inputs(read_plan(pack / "plan.toml"), only=BACKBONE)


@pytest.fixture(scope="module")
def after_cut(inputs: Inputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    net = build_backbone(inputs).without(CUT)
    return tabulate_latency(inputs, net), tabulate_redundancy(
        inputs,
        net,
        (),
        targets=inputs.plan.network.targets[:1],
        corridor_risks=find_corridor_risks(inputs),
    )


def test_a_part_of_the_plan_gives_the_same_round_trips_as_the_whole(
    inputs: Inputs, tables: PlanTables
) -> None:
    alone = tabulate_latency(inputs, build_backbone(inputs)).set_index(["from_id", "to_id"])
    whole = tables.latency.set_index(["from_id", "to_id"])
    pd.testing.assert_frame_equal(alone, whole.loc[alone.index])


def test_the_text_tells_band_floor_ratio_class_and_standing(
    inputs: Inputs, tables: PlanTables
) -> None:
    redundancy = tables.redundancy[tables.redundancy["to_id"] == "beijing"]
    trips, routes = backbone_tables(inputs, latency=tables.latency, redundancy=redundancy)
    hohhot = trips.set_index(["from", "to"]).loc[("Hohhot", "Beijing")]
    low, high = (float(end) for end in hohhot["band_ms"].split("–"))
    assert hohhot["floor_ms"] <= low <= hohhot["rtt_ms"] <= high
    assert hohhot["ratio"] == pytest.approx(hohhot["rtt_ms"] / hohhot["floor_ms"])
    limits = {each.class_id: each.limit_rtt_ms for each in tables.info.classes}
    assert hohhot["rtt_ms"] <= limits[hohhot["class"]]
    assert hohhot["status"] == "assumed"
    to_beijing = routes.set_index("from").loc["Hohhot"]
    assert (to_beijing["nominal"], to_beijing["to_cut"]) == ("4", "4–5")


def test_a_cut_tells_what_it_makes_longer_and_what_it_takes_away(
    after_cut: tuple[pd.DataFrame, pd.DataFrame], tables: PlanTables
) -> None:
    latency, redundancy = after_cut
    longer = find_longer(latency, tables.latency).set_index(["from_id", "to_id"])
    # Jining has two cables of its own to Beijing, and the longer one stands.
    jining = longer.loc[("jining", "beijing")]
    assert jining["after_ms"] > jining["before_ms"]
    assert (longer["after_ms"].isna() | (longer["after_ms"] > longer["before_ms"])).all()
    # A parallel cable in the same corridor is as long as the one that is cut.
    assert ("hohhot", "beijing") not in longer.index
    whole = tables.redundancy[tables.redundancy["to_id"] == "beijing"]
    fewer = spell_fewer(find_fewer(redundancy, whole)).set_index("from_id")
    assert (fewer.loc["hohhot", "nominal_before"], fewer.loc["hohhot", "nominal_after"]) == (
        "4",
        "3",
    )
    assert "shanghai" not in fewer.index


def test_no_cut_changes_nothing(tables: PlanTables) -> None:
    assert find_longer(tables.latency, tables.latency).empty
    assert find_fewer(tables.redundancy, tables.redundancy).empty


def test_a_round_trip_that_a_cut_takes_away_is_told_as_empty(inputs: Inputs) -> None:
    whole = tabulate_latency(inputs, build_backbone(inputs))
    cut = tabulate_latency(inputs, build_backbone(inputs).without(["wuhai_linhe_backbone"]))
    lost = find_longer(cut, whole).set_index(["from_id", "to_id"])
    assert pd.isna(lost.loc[("wuhai", "beijing"), "after_ms"])


@pytest.fixture
def own(pack: Path, tmp_path: Path) -> Path:
    shutil.copytree(pack, tmp_path / "mine")
    return tmp_path / "mine" / "plan.toml"


def test_only_what_is_asked_for_is_read(own: Path) -> None:
    plan = read_plan(own)
    for name in ("plants", "earthquakes"):
        (plan.folder / plan.layers[name].file).unlink()
    (plan.folder / plan.rasters["elevation"].file).unlink()
    assert set(read_inputs(plan, only=BACKBONE).layers) == set(BACKBONE)
    with pytest.raises(InputError) as error:
        read_inputs(plan)
    assert len(error.value.problems) == 3


def test_what_is_read_is_held_against_each_other(own: Path) -> None:
    path = own.parent / "fibre.geojson"
    lines = json.loads(path.read_text(encoding="utf-8"))
    lines["features"][0]["properties"]["from_node"] = "nowhere"
    path.write_text(json.dumps(lines), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_inputs(read_plan(own), only=BACKBONE)
    assert any("'nowhere' is not in nodes" in str(each) for each in error.value.problems)
