"""The default pack: compiled twice to the same bytes, sourced, and where it should be."""

import shutil
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from steppe.layers.crs import GEOD
from steppe.layers.facts import read_facts
from steppe.layers.packs.compile import COMPILED, compile_pack
from steppe.layers.sources import read_sources

TYPED = ("sources.toml", "recipe.toml", "plan.toml", "claims.csv")


@pytest.fixture(scope="module")
def facts(pack: Path) -> pd.DataFrame:
    return pd.concat([read_facts(path) for path in sorted(pack.glob("facts_*.csv"))])


@pytest.fixture(scope="module")
def corridors(pack: Path) -> pd.DataFrame:
    return gpd.read_file(pack / "corridors.geojson").set_index("corridor_id")


@pytest.mark.packs
def test_compiling_again_gives_the_pack_byte_for_byte(
    pack: Path, datasets: Path, tmp_path: Path
) -> None:
    typed = [path for path in pack.glob("facts_*.csv") if path.name != COMPILED]
    for path in [*(pack / name for name in TYPED), *typed]:
        shutil.copy(path, tmp_path / path.name)
    compile_pack(datasets, tmp_path)
    tracked = {path.name for path in pack.iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == tracked
    for name in sorted(tracked):
        assert (tmp_path / name).read_bytes() == (pack / name).read_bytes(), name


def test_the_pack_is_small(pack: Path) -> None:
    assert sum(path.stat().st_size for path in pack.iterdir()) < 8e6


def test_every_fact_has_a_source_and_assumptions_have_reasons(pack: Path, facts) -> None:
    sources = read_sources(pack / "sources.toml")
    assert set(facts["source_id"]) <= set(sources)
    assumed = facts[facts["kind"] == "assumed"]
    assert not assumed.empty
    assert assumed["reason"].fillna("").str.len().gt(0).all()


def test_what_a_document_says_names_its_place_in_the_text(pack: Path, facts) -> None:
    sources = read_sources(pack / "sources.toml")
    plans = {name for name, source in sources.items() if source.licence == "citation"} - {
        "wikipedia_ceke",
        "wikipedia_horinger",
    }
    said = facts[(facts["kind"] == "said") & facts["source_id"].isin(plans)]
    assert len(said) > 100
    assert said["place_in_text"].fillna("").str.len().gt(0).all()


def test_every_value_of_a_park_leads_to_a_fact(pack: Path, facts) -> None:
    parks = pd.read_csv(pack / "parks.csv", dtype="str").set_index("park_id")
    known = set(
        facts.loc[facts["layer"] == "parks", ["id", "field"]].itertuples(index=False, name=None)
    )
    renamed = {"town_id": "at_town", "location_basis": "at_town"}
    derived = {"source_id", "as_of"}
    for park_id, row in parks.iterrows():
        for column, value in row.items():
            if pd.notna(value) and column not in derived:
                assert (park_id, renamed.get(column, column)) in known, (park_id, column)


@pytest.mark.parametrize(
    ("park_id", "field", "value"),
    [
        ("shengle", "area_ha", 2000.0),
        ("hongsheng", "area_ha", 500.0),
        ("ordos_silicon_valley", "area_ha", 1000.0),
        ("ulanqab_zgc", "area_ha", 1300.0),
        ("baotou_binhe", "area_ha", 2500 / 15),
        ("ulanqab_huawei", "racks", 1500),
        ("ulanqab_huawei", "servers", 20000),
        ("ulanqab_huawei", "area_ha", 50 / 15),
    ],
)
def test_figures_of_the_documents(pack: Path, park_id: str, field: str, value: float) -> None:
    parks = pd.read_csv(pack / "parks.csv").set_index("park_id")
    assert parks.loc[park_id, field] == pytest.approx(value, rel=2e-3)


def test_a_park_never_holds_itself_or_one_of_a_higher_level(pack: Path) -> None:
    parks = pd.read_csv(pack / "parks.csv").set_index("park_id")
    order = {"zone": 0, "campus": 1, "facility": 2}
    children = parks.dropna(subset="parent_id")
    assert len(children) >= 5
    for park_id, row in children.iterrows():
        assert order[parks.loc[row["parent_id"], "level"]] < order[row["level"]], park_id


def test_the_cables_of_the_documents(pack: Path) -> None:
    """NM-data 1: four Hohhot-Beijing cables; Ulanqab 3(1): two ways with 144 fibres in the first."""
    fibre = gpd.read_file(pack / "fibre.geojson")
    there = fibre[fibre["status"].isin(["in_service", "building"])]
    to_beijing = there[(there["to_node"] == "beijing") & (there["existence"] == "said")]
    assert to_beijing["from_node"].value_counts().to_dict() == {
        "hohhot": 4,
        "jining": 2,
        "ordos": 2,
    }
    wider = there[(there["to_node"] == "beijing") & (there["existence"] != "assumed")]
    assert (wider["from_node"] == "ordos").sum() == 4
    first = fibre.set_index("cable_id").loc["jining_beijing_1"]
    assert int(first["fibres"]) == 144
    assert set(fibre["corridor_basis"]) == {"assumed"}  # no source names a corridor


def test_no_end_is_said_that_no_text_names(facts) -> None:
    """The border cable without places, lines from the region, level-1 nodes."""
    fibre = facts[facts["layer"] == "fibre"].set_index(["id", "field"])
    kinds = fibre["kind"].to_dict()
    ends = ("from_node", "to_node")
    nowhere = ("cmr_china", "cmr_mongolia", "cmr_russia")  # 中蒙俄国际光缆: six ends
    mesh = [name for name, field in kinds if name.startswith("mesh_") and field == "year"]
    assert len(mesh) == 6
    assert {kinds[name, end] for name in (*nowhere, *mesh) for end in ends} == {"assumed"}
    # 自治区通往…, 通过二连浩特和满洲里: where they lead is said, where they begin is not.
    lines = [f"backbone_{city}" for city in ("beijing", "shanghai", "guangzhou", "shenyang")]
    for name in (*lines, "backbone_tianjin", "erenhot_exit", "manzhouli_exit"):
        assert [kinds[name, end] for end in ends] == ["assumed", "said"], name
    bases = fibre["value"].xs("ends_basis", level="field").to_dict()
    said = {name for name, basis in bases.items() if basis == "said"}
    assert said == {name for name in bases if {kinds[name, end] for end in ends} == {"said"}}


def test_cables_that_share_a_corridor_are_drawn_in_lanes_of_their_own(pack: Path) -> None:
    fibre = gpd.read_file(pack / "fibre.geojson")
    seen: dict[tuple[str, int], str] = {}
    for row in fibre.itertuples():
        for corridor in str(row.corridors).split():
            assert (corridor, row.lane) not in seen, (row.cable_id, seen.get((corridor, row.lane)))
            seen[corridor, row.lane] = row.cable_id


def test_lengths_lie_within_a_tenth_of_what_is_published(corridors) -> None:
    """Each `rail_km` is a fact with its source; drawn lines are generalised and come out short.

    The railway from Taiyuan to Shijiazhuang winds through gorges that the layer of scale
    1:10 000 000 cuts: it is drawn 14 % short, so cables take the published length.
    """
    drawn_by_published = corridors["length_km"] / corridors["rail_km"].astype(float)
    assert drawn_by_published.notna().all()
    beyond = drawn_by_published[(drawn_by_published - 1).abs() > 0.1]
    assert list(beyond.index) == ["taiyuan_shijiazhuang"]
    assert beyond.iloc[0] == pytest.approx(209 / 243, abs=0.01)


@pytest.mark.parametrize(
    ("ids", "cited_km"),
    [
        # Route table of the Beijing-Baotou railway by the old line: 834 km in all.
        (
            (
                "jingbao_zhangjiakou_beijing",
                "jingbao_datong_zhangjiakou",
                "jingbao_jining_datong",
                "jingbao_hohhot_jining",
                "baotou_hohhot",
            ),
            834,
        ),
        # Measured over the same railway layer by others.
        (("jingbao_jining_datong", "daqin_fengsha"), 453),
        (("chifeng_beijing",), 469),
        (("chifeng_beijing_east",), 562),
        (("jining_erenhot", "erenhot_ulaanbaatar"), 1008),
        (("manzhouli_chita",), 447),
        (
            (
                "chifeng_beijing",
                "tongliao_chifeng",
                "tongliao_hailar",
                "hailar_manzhouli",
                "manzhouli_chita",
            ),
            2342,
        ),
    ],
)
def test_drawn_lengths_of_whole_ways(corridors, ids, cited_km: float) -> None:
    assert sum(corridors.loc[name, "length_km"] for name in ids) == pytest.approx(cited_km, rel=0.1)


def test_cables_take_the_published_length_of_their_corridors(pack: Path) -> None:
    fibre = gpd.read_file(pack / "fibre.geojson").set_index("cable_id")
    # Hohhot lies 659 km from Beijing in the route table of the railway by Datong.
    assert fibre.loc["hohhot_beijing_1", "route_km"] == 659
    assert fibre.loc[fibre["geometry_kind"] == "schematic", "route_km"].isna().all()


def test_a_long_straight_stroke_is_schematic(corridors) -> None:
    for name, row in corridors.iterrows():
        points = list(row.geometry.coords)
        longest_km = max(GEOD.inv(*a, *b)[2] for a, b in pairwise(points)) / 1000
        assert longest_km < 70 or row.basis == "schematic", (name, longest_km)


def test_no_corridor_turns_back_on_itself(corridors) -> None:
    for name, line in corridors.geometry.items():
        points = list(line.coords)
        for a, b, c in zip(points, points[1:], points[2:], strict=False):
            turn = abs((GEOD.inv(*b, *c)[0] - GEOD.inv(*a, *b)[0] + 180) % 360 - 180)
            shorter_km = min(GEOD.inv(*a, *b)[2], GEOD.inv(*b, *c)[2]) / 1000
            assert turn < 150 or shorter_km < 1, (name, b)
        assert len(set(points)) == len(points), name


def test_the_two_ways_from_jining_part(corridors) -> None:
    """They meet at their ends only: nowhere else nearer than 10 km in the middle third."""
    north = corridors.loc["zhangji_xinghe", "geometry"]
    south = corridors.loc["jingbao_jining_datong", "geometry"]
    middle = north.interpolate(0.5, normalized=True)
    nearest = south.interpolate(south.project(middle))
    assert GEOD.inv(middle.x, middle.y, nearest.x, nearest.y)[2] > 40_000


@pytest.mark.parametrize(
    ("node_id", "lon", "lat"),
    [("erenhot_border", 111.93, 43.70), ("manzhouli_border", 117.36, 49.62)],
)
def test_the_border_is_crossed_where_the_railway_crosses_it(pack: Path, node_id, lon, lat) -> None:
    nodes = pd.read_csv(pack / "nodes.csv").set_index("node_id")
    away_m = GEOD.inv(nodes.loc[node_id, "lon"], nodes.loc[node_id, "lat"], lon, lat)[2]
    assert away_m <= 2000


@pytest.mark.parametrize(
    ("town", "pga_g"),
    [("hohhot", 0.20), ("baotou", 0.20), ("horinger", 0.15), ("jining", 0.10), ("dongsheng", 0.10),
     ("chifeng", 0.15), ("wuhai", 0.20), ("manzhouli", 0.05), ("salaqi", 0.30)],
)  # fmt: skip
def test_hazard_classes_of_the_code(pack: Path, town: str, pga_g: float) -> None:
    towns = pd.read_csv(pack / "towns.csv").set_index("town_id")
    assert towns.loc[town, "pga_g"] == pga_g


@pytest.mark.packs
def test_each_park_lies_within_its_accuracy_of_its_town(pack: Path, datasets: Path) -> None:
    gazetteer = pd.read_csv(datasets / "places" / "geonames_cities15000_bbox.csv")
    parks = pd.read_csv(pack / "parks.csv")
    for park in parks.itertuples():
        km = min(
            GEOD.inv(park.lon, park.lat, town.longitude, town.latitude)[2] / 1000
            for town in gazetteer.itertuples()
            if abs(town.longitude - park.lon) < 1 and abs(town.latitude - park.lat) < 1
        )
        # Horinger is no town of the gazetteer; its county seat lies 47 km from Hohhot.
        limit_km = 60 if park.town_id == "horinger" else park.accuracy_m / 1000
        assert km <= limit_km, park.park_id


def test_a_base_of_two_readings_holds_both(pack: Path, facts) -> None:
    """NM-data 5(2) names 中国联通西北云计算基地 without a city; NM-cloud 6(1)2 two zones of Hohhot."""
    parks = pd.read_csv(pack / "parks.csv").set_index("park_id")
    base = parks.loc["hohhot_unicom"]
    for zone in ("shengle", "hongsheng"):
        there = parks.loc[zone]
        metres = GEOD.inv(base["lon"], base["lat"], there["lon"], there["lat"])[2]
        assert metres <= base["accuracy_m"], zone
    told = facts[(facts["layer"] == "parks") & (facts["id"] == "hohhot_unicom")].set_index("field")
    for field in ("city", "at_town", "parent_id"):
        assert told.loc[field, "kind"] == "assumed", field
        assert told.loc[field, "reason"].strip(), field


def test_points_are_credited_to_whoever_gives_them(facts) -> None:
    """GeoNames' cities of 15 000 and over do not hold Horinger: its point is Wikipedia's."""
    points = facts[(facts["layer"] == "parks") & facts["field"].isin(["lon", "lat"])]
    towns = facts[(facts["layer"] == "parks") & (facts["field"] == "at_town")]
    at_horinger = set(towns.loc[towns["value"] == "horinger", "id"])
    assert {"shengle", "horinger_new_area"} <= at_horinger
    credited = points.groupby(points["id"].isin(at_horinger))["source_id"].agg(set).to_dict()
    assert credited == {True: {"wikipedia_horinger"}, False: {"geonames"}}
