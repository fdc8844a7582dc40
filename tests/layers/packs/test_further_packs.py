"""The packs of Shanxi and Chengdu: compiled to the same bytes, sourced, every place of their documents."""

from __future__ import annotations

import shutil
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from steppe.layers.facts import read_facts
from steppe.layers.packs.compile import COMPILED, compile_pack
from steppe.layers.sources import read_sources
from steppe.planfile.input_reading import open_inputs

TYPED = ("sources.toml", "recipe.toml", "plan.toml", "claims.csv")
PACKS = ("shanxi", "chengdu")
# As the documents write them; the plan of Shanxi 2(3) and 3(1), that of Chengdu 1(2) and 2(2).
PLACES = {
    "shanxi": {
        ("百度云计算（阳泉）中心", "Yangquan", "facility"),
        ("吕梁云计算中心", "Lüliang", "facility"),
        ("北斗导航数据中心", "Taiyuan", "facility"),
        ("罗克佳华物联网产业园数据中心", "Taiyuan", "facility"),
        ("“智慧山西”大数据中心", "Taiyuan", "facility"),
        ("山西转型综改示范区", "Taiyuan", "zone"),
    },
    "chengdu": {
        ("天府新区", "Chengdu", "zone"),
        ("高新西区", "Chengdu", "zone"),
        ("成都国际数据保税港", "Chengdu", "zone"),
        ("成都云计算中心", "Chengdu", "facility"),
        ("中国电信西部信息中心", "Chengdu", "facility"),
        ("万国数据（成都）", "Chengdu", "facility"),
        ("中立数据（成都）", "Chengdu", "facility"),
    },
}
DOCUMENTS = ("shanxi_cloud_plan", "chengdu_cloud_plan")


@pytest.fixture(params=PACKS)
def further(request: pytest.FixtureRequest, pack: Path) -> Path:
    return pack.parent / request.param


def facts_of(folder: Path) -> pd.DataFrame:
    return pd.concat([read_facts(path) for path in sorted(folder.glob("facts_*.csv"))])


@pytest.mark.packs
def test_compiling_again_gives_the_pack_byte_for_byte(
    further: Path, datasets: Path, tmp_path: Path
) -> None:
    typed = [path for path in further.glob("facts_*.csv") if path.name != COMPILED]
    for path in [*(further / name for name in TYPED), *typed]:
        shutil.copy(path, tmp_path / path.name)
    compile_pack(datasets, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in further.iterdir()}
    for path in sorted(further.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_plan_passes_every_check_and_holds_every_place(further: Path) -> None:
    inputs = open_inputs(further / "plan.toml")
    parks = inputs.layers["parks"]
    assert {*zip(parks["name_zh"], parks["city"], parks["level"], strict=True)} == PLACES[
        further.name
    ]
    assert set(parks["node_id"]) <= set(inputs.layers["nodes"]["node_id"])
    assert sum(path.stat().st_size for path in further.iterdir()) < 2e6
    # A working map of China says that it was not reviewed.
    assert inputs.plan.review_number == ""


def test_every_fact_has_a_source_and_what_is_assumed_a_reason(further: Path) -> None:
    facts, sources = facts_of(further), read_sources(further / "sources.toml")
    assert set(facts["source_id"]) <= set(sources)
    assumed = facts[facts["kind"] == "assumed"]
    assert assumed["reason"].fillna("").str.len().gt(0).all()
    said = facts[(facts["kind"] == "said") & facts["source_id"].isin(DOCUMENTS)]
    assert said["place_in_text"].fillna("").str.len().gt(0).all()


def test_what_two_packs_say_of_one_place_is_the_same(further: Path, pack: Path) -> None:
    """What a document says is typed in both packs; only what it is to the plan may differ."""
    keys = ["layer", "id", "field", "source_id"]
    ours, theirs = (
        facts[facts["kind"] == "said"].set_index(keys)["value"]
        for facts in (facts_of(further), facts_of(pack))
    )
    both = ours.index.intersection(theirs.index)
    assert len(both) > 20
    assert ours[both].equals(theirs[both])
    own = ours[ours.index.get_level_values("source_id").isin(DOCUMENTS)]
    assert set(own.index) <= set(theirs.index)


def test_a_requirement_is_a_claim_and_weaknesses_are(pack: Path) -> None:
    shanxi = open_inputs(pack.parent / "shanxi" / "plan.toml")
    (claim,) = shanxi.tables["claim_texts"].to_dict("records")
    assert (claim["check"], claim["high"]) == ("park_pue:CN-14", 1.4)
    (figure,) = shanxi.tables["figures"].to_dict("records")
    assert (figure["value"], figure["bound"], figure["standing"]) == (1.4, "under", "target")
    chengdu = open_inputs(pack.parent / "chengdu" / "plan.toml")
    texts = " ".join(chengdu.tables["claim_texts"]["text_zh"])
    assert "网络带宽费用和电价相对较高" in texts
    assert "出口带宽超过400Gbps" in texts
    figures = chengdu.tables["figures"].set_index("quantity")["value"]
    assert figures["metro_bandwidth"] == 3200
    assert figures["city_exit_bandwidth"] == 400
    assert figures["machine_room_area"] == 90_000


@pytest.mark.packs
def test_cables_of_2010_are_links_of_the_map(further: Path, datasets: Path) -> None:
    zoo = nx.read_graphml(datasets / "networks" / "topology_zoo" / "Chinanet.graphml")
    called = nx.get_node_attributes(zoo, "label")
    links = {frozenset((called[a], called[b])) for a, b in zoo.edges()}
    facts = facts_of(further)
    fibre = facts[(facts["layer"] == "fibre") & (facts["source_id"] == "chinanet_2010")]
    ends = fibre[fibre["field"].isin(["from_node", "to_node"])]
    nodes = facts[(facts["layer"] == "nodes") & (facts["field"] == "name_en")]
    names = nodes.set_index("id")["value"]
    pairs = ends.groupby("id")["value"].agg(lambda both: frozenset(names[node] for node in both))
    assert len(pairs) >= 3
    assert set(pairs) <= links
