"""A plan of tables that a script holds is read and checked like a plan of files."""

from __future__ import annotations

import tomllib
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

import steppe
from steppe.layers.tables import PlanTables
from steppe.layers.toml_writing import toml_text

MERCATOR = "EPSG:3857"
IRENET = "EPSG:2157"
POWER = [{"name": "power", "measures": [{"id": "grid_220_km", "worst": 30.0, "best": 0.0}]}]
POWER_OF_LUCK = [{"name": "power", "measures": [{"id": "luck", "worst": 30.0, "best": 0.0}]}]


@pytest.fixture(scope="module")
def files(light_pack: Path, light_tables: PlanTables) -> steppe.OpenPlan:
    opened = steppe.open_plan(light_pack)
    # What was computed once for all tests is what its first question would compute.
    vars(opened)["tables"] = light_tables
    return opened


@pytest.fixture(scope="module")
def said(light_pack: Path) -> dict:
    """What the plan of files says, less what names its layers."""
    values = tomllib.loads((light_pack / "plan.toml").read_text(encoding="utf-8"))
    for table in values["layers"].values():
        for key in ("file", "crs", "table", "encoding"):
            table.pop(key, None)
    for raster in values["rasters"].values():
        raster["file"] = str(light_pack / raster["file"])
    for record in values.get("cooling", {}).get("weather", {}).values():
        record["file"] = str(light_pack / record["file"])
    return values


def read_facts(light_pack: Path, said: dict) -> list[pd.DataFrame]:
    return [pd.read_csv(light_pack / name, dtype=str) for name in said["facts"]]


def make(files, light_pack: Path, said: dict, **changed) -> steppe.OpenPlan:
    layers: dict = {**files.layers, **files.inputs.tables}
    layers["parks"] = layers["parks"].to_crs(MERCATOR)
    sources = tomllib.loads((light_pack / "sources.toml").read_text(encoding="utf-8"))
    given = {
        "layers": {name: frame for name, frame in layers.items() if name in said["layers"]},
        "criteria": said["criteria"],
        "name": said["name"],
        "keys": {name: each for name, each in said.items() if name not in ("criteria", "facts")},
        "sources": sources,
        "facts": read_facts(light_pack, said),
        "allow_outside": True,
    }
    return steppe.make_plan(**(given | changed))


def test_tables_in_any_crs_are_the_plan_that_their_files_are(files, light_pack, said) -> None:
    made = make(files, light_pack, said)
    assert set(made.layers) == set(files.layers)
    for name, layer in files.layers.items():
        ours = made.layers[name]
        assert ours.crs == layer.crs
        apart = shapely.hausdorff_distance(ours.geometry.to_numpy(), layer.geometry.to_numpy())
        assert (apart < 1e-7).all()
        same = [each for each in layer.columns if each != "geometry"]
        pd.testing.assert_frame_equal(
            pd.DataFrame(ours[same]).astype(object).where(ours[same].notna(), None),
            pd.DataFrame(layer[same]).astype(object).where(layer[same].notna(), None),
        )
    key = ["site_id", "measure_id"]
    pd.testing.assert_frame_equal(
        made.score().set_index("site_id"), files.score().set_index("site_id"), rtol=1e-6
    )
    assert len(made.measures.set_index(key)) == len(files.measures)


def test_a_plan_that_was_made_lies_in_its_folder_with_the_same_bytes(
    files, light_pack, said, tmp_path
) -> None:
    for name in ("one", "two"):
        make(files, light_pack, said, folder=tmp_path / name)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "two")
    )
    assert one == two
    assert steppe.open_plan(tmp_path / "one", allow_outside=True).name == said["name"]
    with pytest.raises(steppe.InputError, match="the folder is not empty"):
        make(files, light_pack, said, folder=tmp_path / "one")


def without(column: str):
    return lambda parks: parks.drop(columns=column)


FAULTS = {
    "no_crs": (lambda parks: parks.set_crs(None, allow_override=True), "parks: has no CRS"),
    "no_id": (without("park_id"), "park_id"),
    "no_shape": (lambda parks: pd.DataFrame(parks.drop(columns="geometry")), "CRS"),
    "empty_shape": (lambda parks: parks.set_geometry([None] * len(parks), crs=4326), "geometry"),
    "twice": (lambda parks: pd.concat([parks, parks]), "park_id"),
    "level": (lambda parks: parks.assign(level="moon"), "level"),
    "number": (lambda parks: parks.assign(accuracy_m="far"), "accuracy_m"),
    "list": (lambda parks: parks.to_dict("records"), "is a list, no table"),
    "columns": (lambda parks: parks.rename(columns={"city": "level"}), "columns of one name"),
    "elsewhere": (lambda parks: parks.set_geometry(parks.geometry.translate(90)), "parks"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_table_is_the_fault_of_a_file(files, light_pack, said, fault) -> None:
    change, words = FAULTS[fault]
    layers = {name: frame for name, frame in files.layers.items() if name in said["layers"]}
    layers |= {name: frame for name, frame in files.inputs.tables.items() if name in said["layers"]}
    with pytest.raises(steppe.InputError, match=words) as caught:
        make(files, light_pack, said, layers=layers | {"parks": change(layers["parks"])})
    assert all(line.strip() for line in str(caught.value).splitlines())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"layers": {"../parks": pd.DataFrame()}, "keys": {}}, "unknown layer"),
        ({"criteria": []}, "criteria"),
        ({"criteria": POWER_OF_LUCK, "keys": {}}, "luck"),
        ({"name": "My Plan"}, "lower-case Latin letters"),
        ({"keys": {"network": {"targets": {1, 2}}}}, "holds a set"),
        ({"keys": {"nothing": 1}}, "unknown key"),
        ({"folder": "\0"}, "folder|NUL|null|cannot"),
    ],
)
def test_what_is_no_plan_is_told_in_lines(files, light_pack, said, change, words) -> None:
    with pytest.raises(steppe.InputError, match=words):
        make(files, light_pack, said, **change)


@pytest.mark.parametrize(
    "values",
    [
        {"name": 'a "b" \\ c\n\t\x7f\x01 é 呼', "n": 3, "x": 1e-300, "yes": True},
        {"a b": {"c.d": [1, 2.5, "z"], "empty": {}}, "list": []},
    ],
)
def test_toml_says_what_was_given(values) -> None:
    assert tomllib.loads(toml_text(values, "plan")) == values


BROKEN = {"half of a pair": "x\ud800y", "nul": "x\0y"}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize(
    ("give", "where"),
    [
        (lambda text, parks: {"layers": {"parks": parks.assign(name_en=text)}}, "parks › name_en"),
        (lambda text, parks: {"layers": {"parks": parks.rename(columns={"city": text})}}, "parks"),
        (lambda text, _: {"facts": [pd.DataFrame({"id": [text]})]}, "facts_0 › id"),
        (lambda text, _: {"name": text}, "plan.toml › name"),
        (lambda text, _: {"keys": {"title_en": text}}, "plan.toml › title_en"),
        (lambda text, _: {"keys": {text: 1}}, "plan.toml"),
        (lambda text, _: {"sources": {"s": {"title": text}}}, "sources.toml › s.title"),
        (lambda text, _: {"sources": {text: {}}}, "sources.toml"),
    ],
)
def test_a_sign_that_no_file_can_hold_is_refused_by_where_it_stands(files, text, give, where):
    parks = files.layers["parks"]
    with pytest.raises(steppe.InputError, match="no file can hold") as caught:
        steppe.make_plan(**{"layers": {"parks": parks}, "criteria": POWER} | give(text, parks))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(where)
    assert line.isprintable()


@pytest.fixture(scope="module")
def least() -> steppe.OpenPlan:
    """Three parks, two substations and one criterion; no network, no facts, no sources."""
    own = {"accuracy_m": 500, "source_id": "own", "as_of": "2025-03-01"}
    parks = {"park_id": ["grange", "clonee", "athlone"], "level": "campus", "city": "Leinster"}
    names = ["Grange Castle", "Clonee", "Athlone"]
    parks |= {"name_zh": names, "name_en": names, "status": "planned", "location_basis": "said"}
    stations = {"grid_id": ["woodland", "shannonbridge"], "kind": "substation"}
    stations |= {"voltage_kv": [400, 220], "status": "operating"}
    at_parks = gpd.points_from_xy([-6.42, -6.43, -7.94], [53.32, 53.41, 53.43], crs=4326)
    at_stations = gpd.points_from_xy([-6.60, -8.04], [53.47, 53.28], crs=4326)
    layers = {
        "parks": gpd.GeoDataFrame(parks | own, geometry=at_parks).to_crs(IRENET),
        "substations": gpd.GeoDataFrame(stations | own, geometry=at_stations),
    }
    covered = {"substations": {"extent": {"box": [-10.7, 51.3, -5.3, 55.5]}}}
    return steppe.make_plan(layers, POWER, name="leinster", keys={"layers": covered})


def test_three_parks_and_a_criterion_are_a_plan(least, tmp_path: Path) -> None:
    assert least.check() == []
    # Woodland lies 13 km from Clonee and 20 km from Grange; Shannonbridge 18 km from Athlone.
    assert least.score()["site_id"].tolist()[0] == "clonee"
    assert type(least.map()) is folium.Map
    assert (least.build(tmp_path / "out") / "map.html").is_file()
    assert least.connectivity() == (0, 0)
    for table in (least.latency(), least.redundancy(), least.disjoint(), least.distances()):
        assert table.empty
    assert least.cut_sets().empty
    assert least.cuts.empty
    assert least.compare("base", "base").empty


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("write", [steppe.OpenPlan.build, steppe.OpenPlan.report])
def test_a_path_that_no_disk_has_is_one_line(least, tmp_path, write, text) -> None:
    with pytest.raises(steppe.InputError, match="no file can hold") as caught:
        write(least, str(tmp_path / text))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda plan: plan.score(level="moon"), "unknown level 'moon'; one of zone, campus"),
        (lambda plan: plan.compare("base", "base", level="moon"), "unknown level 'moon'"),
        (lambda plan: plan.score(weights={"luck": 1}), "unknown criterion luck"),
        (lambda plan: plan.score(weights={"power": "much"}), "'power=much' is not NAME=NUMBER"),
        (lambda plan: plan.score(weights={"power": None}), "is not NAME=NUMBER"),
        (lambda plan: plan.score(relax=["luck"]), "no rule or clause 'luck'"),
        (lambda plan: plan.latency("grange", "moon"), "unknown park or node 'moon'"),
        (lambda plan: plan.latency(cut="moon"), r"there is no 'moon'"),
        (lambda plan: plan.disjoint("grange", "clonee"), "the park 'grange' hangs on no node"),
        (lambda plan: plan.cut_sets("grange", "clonee"), "the park 'grange' hangs on no node"),
    ],
)
def test_what_the_least_plan_lacks_is_one_line(least, ask, words) -> None:
    with pytest.raises(steppe.InputError, match=words) as caught:
        ask(least)
    assert len(str(caught.value).splitlines()) == 1


def test_a_plan_without_parks_opens_and_ranks_nothing(files, light_pack, said) -> None:
    assert make(files, light_pack, said, layers={}, keys={}).score().empty
