"""`steppe fetch`: published files become layers of a plan, with sources, or nothing changes."""

from __future__ import annotations

import gzip
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from steppe.criteria.nearby import measure_nearby
from steppe.intake import fetch_writing
from steppe.intake.fetch_writing import describe_source
from steppe.intake.fetching import Request, fetch
from steppe.layers.crs import distance_km
from steppe.layers.errors import InputError
from steppe.layers.openers import catalogue
from steppe.layers.openers.downloads import Download, Downloader, digest
from steppe.layers.openers.fetched import Fetched
from steppe.layers.rasters import read_raster
from steppe.layers.sources import Source
from steppe.planfile.input_reading import open_inputs
from steppe.planfile.layer_extents import find_extents
from tests.gis.intake.fetch_files import PARKS, PLAN, write_plan

OSM = """\
<osm version="0.6"><bounds minlat="39.0" minlon="109.0" maxlat="43.0" maxlon="115.0"/>
<node id="1" timestamp="2024-05-06T00:00:00Z" lat="40.9" lon="111.6"/>
<node id="2" timestamp="2024-05-06T00:00:00Z" lat="40.9" lon="114.5"/>
<node id="3" timestamp="2024-05-06T00:00:00Z" lat="40.85" lon="111.75">
<tag k="power" v="substation"/><tag k="voltage" v="220000"/></node>
<node id="4" timestamp="2024-05-06T00:00:00Z" lat="40.81" lon="111.71"/>
<node id="5" timestamp="2024-05-06T00:00:00Z" lat="40.82" lon="111.71"/>
<node id="6" timestamp="2024-05-06T00:00:00Z" lat="40.82" lon="111.72"/>
<way id="10" timestamp="2024-05-06T00:00:00Z"><nd ref="1"/><nd ref="2"/>
<tag k="railway" v="rail"/><tag k="usage" v="main"/><tag k="name" v="A &amp; &lt;b&gt;"/></way>
<way id="11" timestamp="2024-05-06T00:00:00Z"><nd ref="1"/><nd ref="3"/>
<tag k="highway" v="trunk"/></way>
<way id="12" timestamp="2024-05-06T00:00:00Z"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/>
<tag k="landuse" v="residential"/></way></osm>
"""


@pytest.fixture
def plan(tmp_path) -> Path:
    return write_plan(tmp_path / "plan")


@pytest.fixture
def extract(tmp_path) -> Path:
    path = tmp_path / "region.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


@pytest.fixture
def offline(tmp_path) -> Downloader:
    return Downloader(tmp_path / "cache", schemes=())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_an_extract_makes_layers_and_the_plan_still_reads(plan, extract, offline) -> None:
    done = fetch(Request("osm", [extract]), str(plan), offline)
    inputs = open_inputs(plan / "plan.toml")
    assert {"railways", "roads", "substations", "land_use"} <= set(inputs.layers)
    assert "rivers" not in inputs.layers
    assert inputs.layers["railways"]["name"].tolist() == ["A & <b>"]
    source = inputs.sources["openstreetmap"]
    assert (source.licence, source.year) == ("ODbL-1.0", 2024)
    assert "OpenStreetMap contributors" in source.attribution
    assert digest(extract) in source.note
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    for line in PLAN.splitlines():
        assert line in text or line.startswith("bbox")
    assert done[-1].key == "fetch.licence"


def test_the_plan_holds_what_lies_round_it_and_the_layer_says_up_to_where(
    plan, extract, offline
) -> None:
    done = fetch(Request("railways", [extract]), str(plan), offline)
    found = open_inputs(plan / "plan.toml").plan
    west, south, east, north = found.layers["railways"].extent.box
    # 200 km round the view, as far as the extract reaches.
    for lat in (40.5, 41.5):
        assert distance_km(111.5, lat, [west], [lat])[0] > 200.0
    assert (south, north) == (39.0, 43.0)
    assert (west, east) == (pytest.approx(109.06, abs=0.1), pytest.approx(114.94, abs=0.1))
    assert found.bbox == (111.0, 40.0, 114.5, 42.0)
    assert "fetch.bbox_moved" in [each.key for each in done]


def test_the_region_stays_where_it_was_however_often_is_fetched(plan, extract, offline) -> None:
    text = "".join(f"{line}\n" for line in PLAN.splitlines() if not line.startswith("view"))
    text = text.replace("[111.0, 40.0, 113.0, 42.0]", "[111.5, 40.5, 112.5, 41.5]")
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    for name in ("railways", "roads", "substations"):
        fetch(Request(name, [extract]), str(plan), offline)
    found = open_inputs(plan / "plan.toml").plan
    assert found.view == (111.5, 40.5, 112.5, 41.5)
    assert len({found.layers[name].extent.box for name in ("railways", "roads")}) == 1


def test_a_plan_without_parks_takes_data_in(plan, extract, offline) -> None:
    text = PLAN.replace(
        """[layers.parks]
file = "parks.csv"  # typed
crs = "EPSG:4326"
""",
        "",
    )
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    fetch(Request("roads", [extract]), str(plan), offline)
    assert "roads" in open_inputs(plan / "plan.toml").layers


def test_a_plan_without_a_list_of_sources_keeps_its_own(plan, extract, offline) -> None:
    fetch(Request("roads", [extract]), str(plan), offline)
    assert set(open_inputs(plan / "plan.toml").sources) == {"us", "openstreetmap"}


def test_distances_of_rules_are_told_by_what_was_fetched(plan, extract, offline) -> None:
    fetch(Request("osm", [extract]), str(plan), offline)
    inputs = open_inputs(plan / "plan.toml")
    incomplete = inputs.plan.rules.incomplete
    assert set(incomplete) == {"land_use"}
    names = ["road_km", "housing_km", "car_park_km"]
    found = measure_nearby(
        inputs.layers["parks"],
        inputs.layers,
        find_extents(inputs),
        names=names,
        incomplete=incomplete,
    )
    road, home, cars = (found["a", name] for name in names)
    assert 0 < road.low < road.value < road.high < 10
    # What volunteers map with gaps tells that something is near, never that nothing nearer is.
    assert home.low == 0.0
    assert 0.5 < home.value < 2.5
    assert np.isnan(cars.value)


def test_what_the_plan_has_stays_unless_it_is_to_be_replaced(plan, extract, offline) -> None:
    fetch(Request("osm", [extract], only=("roads",)), str(plan), offline)
    before = contents(plan)
    with pytest.raises(InputError, match="--replace"):
        fetch(Request("roads", [extract]), str(plan), offline)
    assert contents(plan) == before
    done = fetch(Request("osm", [extract], only=("roads", "railways")), str(plan), offline)
    assert "fetch.kept" in [each.key for each in done]
    extract.write_text(OSM.replace("trunk", "primary"), encoding="utf-8")
    done = fetch(Request("roads", [extract], is_replacing=True), str(plan), offline)
    assert [each.params for each in done if each.key == "fetch.left"] == [(("file", "roads.gpkg"),)]
    assert open_inputs(plan / "plan.toml").layers["roads"]["kind"].tolist() == ["primary"]


@pytest.mark.parametrize(
    "request_",
    [
        Request("nonsense"),
        Request("isc_gem"),
        Request("osm", only=("faults",)),
        Request("osm", [Path("not_there.osm")]),
        Request("geonames", [Path("not_there.zip")]),
        Request("epw", [Path("not_there.epw")]),
        Request("natural_earth"),
    ],
)
def test_a_fault_is_one_line_and_changes_nothing(plan, offline, request_) -> None:
    before = contents(plan)
    with pytest.raises(InputError) as error:
        fetch(request_, str(plan), offline)
    assert len(error.value.problems) == 1
    assert contents(plan) == before


def test_a_file_of_elsewhere_changes_nothing(plan, extract, offline) -> None:
    before = contents(plan)
    with pytest.raises(InputError):
        fetch(Request("osm", [extract], bbox=(0.0, 0.0, 1.0, 1.0)), str(plan), offline)
    assert contents(plan) == before


def test_a_failure_halfway_changes_nothing(plan, extract, offline, monkeypatch) -> None:
    before = contents(plan)
    n_written = []

    def fail(*_: object, **__: object) -> None:
        n_written.append(1)
        if len(n_written) > 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetch_writing, "write_layer", fail)
    with pytest.raises((InputError, OSError)):
        fetch(Request("osm", [extract]), str(plan), offline)
    assert contents(plan) == before


def test_a_pack_that_is_shipped_is_not_changed(extract, offline) -> None:
    with pytest.raises(InputError, match="init"):
        fetch(Request("osm", [extract]), "inner_mongolia", offline)


def test_a_plan_that_lies_nowhere_is_asked_for_its_box(plan, extract, offline) -> None:
    text = "".join(
        f"{line}\n" for line in PLAN.splitlines() if not line.startswith(("bbox", "view"))
    )
    (plan / "plan.toml").write_text(text, encoding="utf-8")
    fetch(Request("roads", [extract]), str(plan), offline)  # its parks tell
    assert "roads" in open_inputs(plan / "plan.toml").layers


def test_a_grid_is_taken_in_with_its_unit(plan, tmp_path, offline) -> None:
    basins = gpd.GeoDataFrame(
        {"bws_raw": [0.42]}, geometry=[shapely.box(109.0, 38.0, 115.0, 43.0)], crs=4326
    )
    path = tmp_path / "baseline_annual.gpkg"
    basins.to_file(path, layer="baseline_annual")
    fetch(Request("water_stress", [path]), str(plan), offline)
    entry = open_inputs(plan / "plan.toml").plan.rasters["water_stress"]
    assert (entry.unit, entry.source_id) == ("1", "aqueduct")
    grid = read_raster(
        plan / entry.file, name="water_stress", title_zh="", title_en="", unit="1", source_id=""
    )
    assert grid.at(111.7, 40.8) == pytest.approx(0.42)


def test_hours_of_a_park_want_a_plan_that_cools(plan, tmp_path, offline) -> None:
    path = tmp_path / "x.epw"
    path.write_text("LOCATION,X\n")
    with pytest.raises(InputError, match="cooling"):
        fetch(Request("epw", [path]), str(plan), offline)


@pytest.mark.packs
def test_a_real_epw_is_that_of_the_park_next_to_it(plan, datasets, offline) -> None:
    text = PLAN.replace("[111.0, 40.0, 113.0, 42.0]", "[138.0, 34.0, 141.0, 37.0]")
    text = text.replace("[111.5, 40.5, 112.5, 41.5]", "[139.0, 35.0, 140.0, 36.0]")
    cooling = """
[cooling]
facility = "hyperscale_air"
facilities = ["hyperscale_air"]
tower = "hyperscale_water"
reason = "a test"
source_ids = ["us"]
n_draws = 20
seed = 5

[cooling.free_cooling_c]
value = 18.0
reason = "a test"

[cooling.allowable]
envelope = "allowable_a2"
reason = "a test"

[cooling.diurnal_range_k]
value = 8.0
reason = "a test"

[cooling.day_spread_k]
value = 3.0
reason = "a test"

[cooling.persistence]
value = 0.7
reason = "a test"

[cooling.dryness_k]
value = 0.0
reason = "a test"

[cooling.range_share]
value = 1.0
reason = "a test"
"""
    (plan / "plan.toml").write_text(text + cooling, encoding="utf-8")
    places = PARKS.replace("111.7,40.8", "139.7,35.7").replace("112.0,41.0", "139.8,35.8")
    (plan / "parks.csv").write_text(places, encoding="utf-8")
    fetch(Request("epw", [datasets / "messy/weather/tokyo.epw"]), str(plan), offline)
    inputs = open_inputs(plan / "plan.toml")
    assert set(inputs.weather) == {"a", "b"}
    assert [path.name for path in plan.glob("*.epw")] == ["tokyo.epw"]
    assert inputs.weather["a"].source_ids == ("epw",)


class Served(Downloader):
    """Gives files of a folder for addresses that end in their names."""

    def fetch(self, url: str) -> Download:
        path = self.cache / url.rpartition("/")[2].partition("?")[0]
        if not path.exists():
            raise InputError(())
        return Download(path, digest(path))


def test_what_is_fetched_is_asked_for_by_the_box_and_bears_its_sums(plan, tmp_path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    row = "1\tTown\tTown\t\t{lat}\t{lon}\tP\tPPL\tCN\t\t20\t\t\t\t50000\t\t1\tAsia/Shanghai\t2024-03-01\n"
    rows = row.format(lat=41.0, lon=112.0) + row.format(lat=10.0, lon=20.0).replace("1\t", "2\t", 1)
    with zipfile.ZipFile(shelf / "cities1000.zip", "w") as archive:
        archive.writestr("cities1000.txt", rows)
    with zipfile.ZipFile(shelf / "alternateNamesV2.zip", "w") as archive:
        archive.writestr("alternateNamesV2.txt", "1\t1\tzh\t镇\t\t\t\t\t\t\n")
    fetch(Request("geonames"), str(plan), Served(shelf))
    inputs = open_inputs(plan / "plan.toml")
    assert inputs.layers["towns"]["name_zh"].tolist() == ["镇"]
    note = inputs.sources["geonames"].note
    assert digest(shelf / "cities1000.zip") in note
    assert digest(shelf / "alternateNamesV2.zip") in note


def test_stations_nearest_to_the_middle_are_fetched_of_the_last_whole_year(plan, tmp_path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    head = (
        '"USAF","WBAN","STATION NAME","CTRY","STATE","ICAO","LAT","LON","ELEV(M)","BEGIN","END"\n'
    )
    row = '"{n}","99999","S{n}","CH","","","+{lat}","+{lon}","+1000.0","19570701","{end}"\n'
    rows = [
        row.format(n=534630, lat="40.851", lon="111.824", end="20240601"),
        row.format(n=534640, lat="40.900", lon="112.000", end="20200101"),
        row.format(n=999990, lat="10.000", lon="020.000", end="20240601"),
    ]
    (shelf / "isd-history.csv").write_text(head + "".join(rows), encoding="utf-8")
    hours = [
        f"2023 {month:02d} {day:02d} {hour:02d} {month * 10:5d} -9999 10200 270 30 0 -9999 -9999"
        for month in range(1, 13)
        for day in range(1, 29)
        for hour in range(0, 24, 6)
    ]
    with gzip.open(shelf / "534630-99999-2023.gz", "wt") as file:
        file.write("\n".join(hours) + "\n")
    fetch(Request("isd_lite"), str(plan), Served(shelf))
    stations = open_inputs(plan / "plan.toml").layers["stations"]
    assert stations["station_id"].tolist() == ["534630-99999"]
    assert stations["temp_05_c"].tolist() == [pytest.approx(5.0, abs=0.05)]


def test_the_files_of_a_plan_stay_where_an_opener_makes_nothing(plan, offline, monkeypatch) -> None:
    before = contents(plan)
    opener = catalogue.OPENERS["aqueduct"]

    def make_nothing(_files, _asked, origin) -> Fetched:
        return Fetched(origin, date(2020, 1, 1))

    monkeypatch.setitem(catalogue.OPENERS, "aqueduct", replace(opener, open=make_nothing))
    with pytest.raises(InputError):
        fetch(Request("aqueduct", [plan / "parks.csv"]), str(plan), offline)
    assert contents(plan) == before


@pytest.mark.parametrize("name", sorted(catalogue.OPENERS))
def test_every_origin_passes_as_a_source_of_a_plan(name) -> None:
    found = Fetched(catalogue.OPENERS[name].origin, date(2024, 5, 6))
    sums = [(f"{number}.tif", "0" * 64) for number in range(60)]
    told = describe_source(catalogue.OPENERS[name], found, sums)
    source = Source.model_validate({**told, "source_id": found.origin.source_id})
    assert source.attribution == catalogue.OPENERS[name].origin.attribution
    assert "0.tif, SHA-256 000" in source.note
    assert 2000 < source.year < 2030
