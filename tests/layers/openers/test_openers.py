"""Openers on tiny files of the published formats: what each row becomes."""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError, Problem
from steppe.layers.openers.catalogue import OPENERS, find_opener
from steppe.layers.openers.downloads import NotThereError
from steppe.layers.openers.fetched import Asked
from steppe.layers.openers.line_joining import join_lines

# GeoNames, table `geoname`: 19 columns parted by tabs, no head (export/dump/readme.txt).
PLACES = [
    "2036892\tHohhot\tHohhot\tHu-ho-hao-t'e,Huhehaote,Хөх хот,呼和浩特\t40.81056\t111.65222\tP\tPPLA\tCN\t\t20\t\t\t\t774477\t\t1065\tAsia/Shanghai\t2024-03-01",
    "1\tOld place\tOld place\t\t40.9\t111.9\tP\tPPLH\tCN\t\t20\t\t\t\t9000\t\t1\tAsia/Shanghai\t2020-01-01",
    "2\tA hill\tA hill\t\t40.9\t111.9\tT\tHLL\tCN\t\t20\t\t\t\t0\t\t1\tAsia/Shanghai\t2020-01-01",
    "3\tHamlet\tHamlet\t\t40.9\t111.9\tP\tPPL\tCN\t\t20\t\t\t\t12\t\t1\tAsia/Shanghai\t2020-01-01",
    "4\tFar town\tFar town\t\t10.0\t20.0\tP\tPPL\tTD\t\t20\t\t\t\t50000\t\t1\tAfrica/Ndjamena\t2023-01-01",
    "5\tNear end\tNear end\t\t45.0\t130.0\tP\tPPL\tCN\t\t20\t\t\t\t50000\t\t1\tAsia/Shanghai\t2023-01-01",
]
# alternateNamesV2: 10 columns.
NAMES = [
    "1\t2036892\tzh\t呼和浩特市\t\t\t\t\t\t",
    "2\t2036892\tzh-CN\t呼和浩特\t1\t\t\t\t\t",
    "3\t2036892\tzh\t归绥\t1\t\t\t1\t\t",
    "4\t2036892\tde\tHohhot\t1\t\t\t\t\t",
]


def zipped(path: Path, member: str, text: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "what this is")
        archive.writestr(member, text)
    return path


def test_towns_of_geonames_are_places_where_people_live(tmp_path, layer) -> None:
    dump = zipped(tmp_path / "CN.zip", "CN.txt", "\n".join(PLACES) + "\n")
    towns = layer("geonames", dump)
    assert not towns.is_whole, "of the neighbours it holds no towns"
    world = zipped(tmp_path / "cities1000.zip", "cities1000.txt", "\n".join(PLACES) + "\n")
    assert layer("geonames", world).is_whole
    (town,) = towns.frame.to_dict("records")
    assert (town["town_id"], town["name_en"]) == ("geonames_2036892", "Hohhot")
    assert town["name_zh"] == "呼和浩特"
    assert town["population"] == 774_477
    assert town["as_of"] == "2024-03-01"
    assert (town["geometry"].x, town["geometry"].y) == (111.65222, 40.81056)


def test_chinese_names_are_the_preferred_ones_of_today(tmp_path, opened) -> None:
    place = PLACES[0].replace("呼和浩特", "")
    dump = tmp_path / "cities1000.txt"
    dump.write_text(place + "\n" + PLACES[4] + "\n" + PLACES[5] + "\n", encoding="utf-8")
    names = zipped(tmp_path / "alternateNamesV2.zip", "alternateNamesV2.txt", "\n".join(NAMES))
    found = opened("geonames", dump, names)
    (towns,) = found.layers
    assert towns.frame["name_zh"].tolist() == ["呼和浩特"]
    assert not found.notes
    without = opened("geonames", dump)
    assert without.layers[0].frame["name_zh"].tolist() == ["Hohhot"]
    assert [note.key for note in without.notes] == ["fetch.geonames.no_names"]


@pytest.mark.parametrize("text", ["", "a\tb\n", "id,name\n1,x\n", "\x00\x00"])
def test_what_is_no_dump_is_one_line(tmp_path, opened, text) -> None:
    path = tmp_path / "XX.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        opened("geonames", path)
    assert len(error.value.problems) == 1


def shapefile(path: Path, frame: gpd.GeoDataFrame) -> Path:
    """Write a zipped Shapefile, as Natural Earth publishes its themes."""
    folder = path.with_suffix("")
    folder.mkdir()
    frame.to_file(folder / f"{path.stem}.shp", encoding="utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)
    return path


def test_themes_of_natural_earth_are_told_by_the_names_of_their_files(tmp_path, opened) -> None:
    rails = gpd.GeoDataFrame(
        {"scalerank": [4, 4, 8], "featurecla": "Railroad"},
        geometry=[
            shapely.LineString([(111, 41), (112, 41)]),
            shapely.LineString([(112, 41), (113, 41)]),
            shapely.LineString([(20, 10), (21, 10)]),
        ],
        crs=4326,
    )
    lakes = gpd.GeoDataFrame(
        {"scalerank": [7], "name": ["Dai Hai"], "featurecla": ["Lake"]},
        geometry=[shapely.box(112.6, 40.5, 112.8, 40.6)],
        crs=4326,
    )
    states = gpd.GeoDataFrame(
        {"ISO_A2": ["-99"], "ISO_A2_EH": ["CN"], "NAME_EN": ["China"], "NAME_ZH": ["中国"]},
        geometry=[shapely.box(80, 20, 130, 50)],
        crs=4326,
    )
    found = opened(
        "natural_earth",
        shapefile(tmp_path / "ne_10m_railroads.zip", rails),
        shapefile(tmp_path / "ne_10m_lakes.zip", lakes),
        shapefile(tmp_path / "ne_10m_admin_0_countries.zip", states),
        shapefile(tmp_path / "ne_10m_glaciated_areas.zip", lakes),
    )
    made = {each.name: each for each in found.layers}
    (rail,) = made["railways"].frame.to_dict("records")
    assert rail["rank"] == 4
    assert shapely.get_coordinates(rail["geometry"])[[0, -1]].tolist() == [[111, 41], [113, 41]]
    assert made["railways"].lacks is not None
    assert made["lakes"].frame["name"].tolist() == ["Dai Hai"]
    (china,) = made["boundaries"].frame.to_dict("records")
    assert (china["boundary_id"], china["name_zh"], china["kind"]) == ("CN", "中国", "country")
    assert china["geometry"].bounds == (110.0, 40.0, 114.0, 42.0)
    assert [note.key for note in found.notes] == ["fetch.other_theme"]


TRACKER = {
    "Plant name": ["Jining", "Jining", "Togtoh", "Nowhere"],
    "Plant name (local)": ["集宁", "集宁", "托克托", None],
    "Capacity (MW)": [350.0, 350.0, 600.0, 600.0],
    "Status": ["operating", "operating", "construction", "operating"],
    "Start year": [2010, 2010, None, 2000],
    "Retired year": [None, None, None, None],
    "GEM location ID": ["L1", "L1", "L2", "L3"],
    "Latitude": [41.0, 41.0, 40.3, None],
    "Longitude": [113.1, 113.1, 111.2, None],
    "Location accuracy": ["exact", "exact", "approximate", "exact"],
    "Owner": ["a", "a", "b", "c"],
    "Coal type": ["lignite"] * 4,
}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_units_of_a_tracker_are_summed_by_plant(tmp_path, opened, form) -> None:
    table = pd.DataFrame(TRACKER)
    path = tmp_path / f"Global-Coal-Plant-Tracker-July-2023.{form}"
    if form == "csv":
        table.to_csv(path, index=False)
    else:
        about = pd.DataFrame({"About": ["Licence: CC BY 4.0"]})
        pyogrio.write_dataframe(about, path, layer="About", driver="XLSX")
        pyogrio.write_dataframe(table, path, layer="Units", driver="XLSX", append=True)
    found = opened("gem_plants", path)
    (plants,) = found.layers
    assert found.as_of == date(2023, 7, 1)
    rows = plants.frame.set_index("grid_id")
    assert sorted(rows["capacity_mw"]) == [600.0, 700.0]
    jining = rows[rows["capacity_mw"] == 700.0].iloc[0]
    assert (jining["energy"], jining["status"], jining["start_year"]) == ("coal", "operating", 2010)
    assert jining["name"] == "集宁 Jining"
    assert rows["accuracy_m"].tolist() == [100.0, 10_000.0]
    assert [note.key for note in found.notes] == ["fetch.plants.unplaced"]


def test_the_database_of_plants_tells_its_carriers(tmp_path, layer) -> None:
    head = (
        "country,country_long,name,gppd_idnr,capacity_mw,latitude,longitude,primary_fuel,"
        "other_fuel1,other_fuel2,other_fuel3,commissioning_year,owner,source,url\n"
    )
    rows = (
        "CHN,China,Huitengxile,WRI1,300,41.1,112.6,Wind,,,,2009.5,,x,\n"
        "CHN,China,Refuse,WRI2,30,40.8,111.6,Waste,,,,,,x,\n"
        "TCD,Chad,Far,WRI3,30,10,20,Oil,,,,,,x,\n"
        "RUS,Russia,North,WRI4,30,60,130,Oil,,,,,,x,\n"
    )
    path = tmp_path / "global_power_plant_database.csv"
    path.write_text(head + rows, encoding="utf-8")
    plants = layer("wri_plants", path).frame.set_index("energy")
    assert plants["capacity_mw"].to_dict() == {"wind": 300.0, "bioenergy": 30.0}


def test_faults_tell_their_most_likely_rate_and_speak_round_themselves(tmp_path, opened) -> None:
    frame = gpd.GeoDataFrame(
        {
            "ogc_fid": [7, 8, 9],
            "name": ["Daqingshan Fault", None, None],
            "slip_type": ["Normal", None, None],
            "net_slip_rate": ["(1.8,0.9,2.5)", None, None],
        },
        geometry=[
            shapely.LineString([(110.5, 40.6), (111.5, 40.8)]),
            shapely.LineString([(0.0, 0.0), (1.0, 1.0)]),
            shapely.LineString([(169.0, 60.0), (170.0, 61.0)]),
        ],
        crs=4326,
    )
    path = tmp_path / "gem_active_faults.geojson"
    frame.to_file(path)
    extent, faults = opened("gem_faults", path).layers
    (row,) = faults.frame.to_dict("records")
    assert (row["fault_id"], row["name"]) == ("gem_7", "Daqingshan Fault")
    assert row["slip_rate_mm_a"] == 1.8
    assert faults.within == extent.name == "fault_extent"
    (shape,) = extent.frame.geometry
    at = [shapely.Point(lon, lat) for lon, lat in ((111.0, 41.5), (112.4, 41.0), (113.5, 41.0))]
    assert [shape.contains(each) for each in at] == [True, True, False]


ISC_GEM = """\
# ISC-GEM Global Instrumental Earthquake Catalogue
# Version 10.0
# date , lat , lon , smajax, sminax, strike, q, depth, unc, q, mw, unc, q, s, mo, fac, mo_auth, mpp, mpr, mrr, mrt, mtp, mtt, str1, dip1, rake1, str2, dip2, rake2, type, eventid
1976-07-27 19:42:54.70, 40.613,  112.094,  9.1, 7.2, 120.1, A,  15.0,  3.1, A, 7.57, 0.20, A, d, 2.770, 20, GCMT , , , , , , , , , , , , , , 711732
1929-01-14 02:35:37.20, 41.400,  111.300, 15.0, 9.0, 100.0, B,  15.0, , C, , , , , , , , , , , , , , , , , , , , , 907837
1960-05-22 19:11:20.50, -38.143, -73.407, 9.0, 7.0, 10.0, A,  25.0, , C, 9.62, 0.2, A, d, 2.0, 23, x , , , , , , , , , , , , , , 879136
"""


def test_the_first_of_columns_of_one_name_counts_in_isc_gem(tmp_path, opened) -> None:
    path = tmp_path / "isc-gem-cat.csv"
    path.write_text(ISC_GEM, encoding="utf-8")
    found = opened("isc_gem", path)
    (event,) = found.layers[0].frame.to_dict("records")
    assert event["event_id"] == "isc_gem_711732"
    assert (event["magnitude"], event["depth_km"], event["year"]) == (7.57, 15.0, 1976)
    assert event["time"] == "1976-07-27T19:42:54.70Z"
    assert found.layers[0].box == (110.0, 40.0, 114.0, 42.0)


COMCAT = """\
time,latitude,longitude,depth,mag,magType,nst,gap,dmin,rms,net,id,updated,place,type,horizontalError,depthError,magError,magNst,status,locationSource,magSource
2024-01-01T07:10:09.476Z,41.2,112.3,10,5.5,mww,,26,2.249,0.86,us,us6000m0xl,2024-04-02T15:30:59.040Z,"5 km N, of X",earthquake,40.5,1.8,0.036,73,reviewed,us,us
2024-01-02T07:10:09.476Z,41.2,112.4,0,5.1,ml,,26,2.249,0.86,us,us2,2024-04-02T15:30:59.040Z,"mine",quarry blast,5.68,1.835,0.036,73,reviewed,us,us
"""


def test_blasts_are_no_earthquakes_of_the_usgs(tmp_path, layer) -> None:
    path = tmp_path / "query.csv"
    path.write_text(COMCAT, encoding="utf-8")
    (event,) = layer("usgs", path, is_cut=True).frame.to_dict("records")
    assert (event["event_id"], event["magnitude_type"]) == ("usgs_us6000m0xl", "Mww")
    assert event["accuracy_m"] == 40_500.0


HISTORY = """\
"USAF","WBAN","STATION NAME","CTRY","STATE","ICAO","LAT","LON","ELEV(M)","BEGIN","END"
"534630","99999","BAITA","CH","","ZBHH","+40.851","+111.824","+1084.0","19570701","20241231"
"534640","99999","NOWHERE","CH","","","+00.000","+000.000","-0999.0","19570701","20241231"
"""


def isd_lite(path: Path, *, year: int, swing_c: float = 5.0, skip_month: int = 0) -> Path:
    """Write hours whose mean is the number of the month, swinging round it each day of the sun."""
    lines = []
    hour = datetime(year, 1, 1)  # noqa: DTZ001 (UTC by the format)
    while hour.year == year:
        local = hour + timedelta(hours=7)
        angle = 2 * np.pi * (local.hour + 0.5) / 24
        temp = local.month + swing_c * np.sin(angle)
        tenths = -9999 if hour.month == skip_month else round(10 * temp)
        lines.append(
            f"{hour.year:4d} {hour.month:02d} {hour.day:02d} {hour.hour:02d} {tenths:5d} -9999"
            " 10200   270    30     0 -9999 -9999"
        )
        hour += timedelta(hours=1)
    with gzip.open(path, "wt") as file:
        file.write("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("isd") / "isd-history.csv"
    path.write_text(HISTORY, encoding="utf-8")
    return path


def test_months_of_isd_lite_are_those_of_the_sun_at_the_station(tmp_path, layer, history) -> None:
    path = isd_lite(tmp_path / "534630-99999-2023.gz", year=2023)
    (row,) = layer("isd_lite", history, path).frame.to_dict("records")
    assert (row["station_id"], row["name"], row["elevation_m"]) == ("534630-99999", "BAITA", 1084.0)
    assert [row[f"temp_{month:02d}_c"] for month in range(1, 13)] == pytest.approx(
        list(range(1, 13)), abs=0.1
    )
    assert row["diurnal_range_k"] == pytest.approx(2 * 5.0 * np.sin(2 * np.pi * 6.5 / 24), abs=0.1)
    assert row["as_of"] == "2023-12-31"


def test_a_station_that_lacks_a_month_is_told_and_left_out(tmp_path, opened, history) -> None:
    path = isd_lite(tmp_path / "534630-99999-2023.gz", year=2023, skip_month=6)
    found = opened("isd_lite", history, path)
    assert found.layers[0].frame.empty
    assert [note.key for note in found.notes] == ["fetch.isd.thin"]


def test_without_the_list_of_stations_nobody_knows_where_they_are(tmp_path, opened) -> None:
    path = isd_lite(tmp_path / "534630-99999-2023.gz", year=2023)
    with pytest.raises(InputError, match="isd-history"):
        opened("isd_lite", path)


def epw(path: Path, lon: float, lat: float) -> Path:
    head = [f"LOCATION,X,-,CHN,CSWD,534630,{lat},{lon},8.0,1065.0", *("HOLIDAYS",) * 7]
    path.write_text("\n".join([*head, "2005,1,1,1,60,x,1.0"]), encoding="utf-8")
    return path


def test_each_park_within_reach_has_the_hours_of_the_nearest_file(tmp_path, opened) -> None:
    near, far = epw(tmp_path / "near.epw", 111.7, 40.8), epw(tmp_path / "far.epw", 116.3, 39.9)
    parks = {"a": (111.9, 40.5), "b": (116.0, 40.0), "c": (80.0, 40.0)}
    found = opened("epw", near, far, parks=parks)
    assert {each.park_id: each.file.name for each in found.hours} == {
        "a": "near.epw",
        "b": "far.epw",
    }


def test_what_is_no_epw_is_one_line(tmp_path, opened) -> None:
    path = tmp_path / "x.epw"
    path.write_text("hello\n")
    with pytest.raises(InputError) as error:
        opened("epw", path)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize("name", sorted(set(OPENERS) - {"osm"}))
@pytest.mark.parametrize("suffix", [".zip", ".csv", ".tif", ".exe"])
def test_no_opener_fails_on_garbage_but_in_one_line(tmp_path, name, suffix) -> None:
    opener = OPENERS[name]
    path = tmp_path / f"ne_10m_lakes{suffix}"
    path.write_bytes(b"PK\x03\x04 garbage \xff\xfe")
    with pytest.raises(InputError) as error:
        opener.open([path], Asked((0.0, 0.0, 1.0, 1.0), frozenset(opener.makes), {}), opener.origin)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize("suffix", [".geojson", ".shp", ".kml"])
def test_no_file_leads_to_another_one_whatever_it_is_called(tmp_path, suffix, is_packed) -> None:
    (tmp_path / "secret.csv").write_text("name,scalerank,WKT\nhidden,1,POINT(1 1)\n")
    text = (
        '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>'
        f"{tmp_path / 'secret.csv'}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
        '<kml "FeatureCollection"'
    )
    path = tmp_path / f"ne_10m_lakes{suffix}"
    if is_packed:
        path = zipped(tmp_path / "ne_10m_lakes.zip", path.name, text)
    else:
        path.write_text(text)
    opener = OPENERS["natural_earth"]
    with pytest.raises(InputError) as error:
        opener.open([path], Asked((0.0, 0.0, 2.0, 2.0), frozenset({"lakes"}), {}), opener.origin)
    assert [each.what.key for each in error.value.problems] == ["fetch.other_form"]


def test_names_without_places_are_one_line(tmp_path, opened) -> None:
    names = zipped(tmp_path / "alternateNamesV2.zip", "alternateNamesV2.txt", "\n".join(NAMES))
    with pytest.raises(InputError) as error:
        opened("geonames", names)
    assert len(error.value.problems) == 1


def test_a_station_without_a_file_of_the_year_does_not_end_the_fetch(tmp_path, history) -> None:
    rows = history.read_text().splitlines()
    other = rows[1].replace("534630", "534631")
    lists = tmp_path / history.name
    lists.write_text("\n".join([*rows, other]) + "\n")

    def get(url: str) -> Path:
        if "534631" in url:
            raise NotThereError([Problem(url, "404", "")])
        return lists if url.endswith(".csv") else tmp_path / url.rpartition("/")[2]

    opener = OPENERS["isd_lite"]
    asked = Asked((100.0, 30.0, 120.0, 50.0), frozenset({"stations"}), {})
    found = [path.name for path in opener.list_files(asked, get)]
    assert len(found) == 2
    assert found[0] == history.name
    assert found[1].startswith("534630-99999-")


def test_every_opener_says_whose_its_data_are() -> None:
    for opener in OPENERS.values():
        origin = opener.origin
        for text in (origin.title, origin.publisher, origin.licence, origin.attribution):
            assert text.strip()
        assert origin.url.startswith("https://")
        assert opener.makes


def test_a_name_that_would_act_on_a_terminal_shows_itself(tmp_path, layer) -> None:
    path = tmp_path / "CN.txt"
    rows = [PLACES[0].replace("Hohhot\t", "\x1b[31m" + "x" * 40_000 + "\t", 1), *PLACES[4:]]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (name,) = layer("geonames", path).frame["name_en"]
    assert name.startswith("\\x1b[31mxxx")


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=25))
@settings(max_examples=40, deadline=None)
def test_joining_pieces_loses_no_length_and_no_crossing(pairs) -> None:
    """Pieces between points of a plane: whatever is joined, all of it is there, once."""
    ends = {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}
    assume(ends)
    at = [(float(n), float(n * n)) for n in range(9)]  # no three in a line
    pieces = gpd.GeoDataFrame(
        {"line_id": [f"w{n}" for n in range(len(ends))], "name": None, "rank": 1},
        geometry=[shapely.LineString([at[a], at[b]]) for a, b in sorted(ends)],
        crs=4326,
    )
    made = join_lines(pieces, "line_id")
    lengths = [shapely.length(frame.geometry.to_numpy()).sum() for frame in (made, pieces)]
    assert lengths[0] == pytest.approx(lengths[1])
    assert made["line_id"].is_unique
    degree = Counter(end for pair in ends for end in pair)
    inner = {at[n] for n in degree if degree[n] == 2}
    tips = {line.coords[side] for line in made.geometry if not line.is_closed for side in (0, -1)}
    assert not tips & inner
    assert {at[n] for n in degree if degree[n] != 2} <= tips | inner | {
        line.coords[0] for line in made.geometry if line.is_closed
    }


def test_a_layer_means_the_first_opener_that_makes_it() -> None:
    opener, wanted = find_opener("railways")
    assert (opener.name, wanted) == ("osm", {"railways"})
    opener, wanted = find_opener("natural_earth")
    assert wanted == set(opener.makes)
    assert find_opener("nonsense") is None


@pytest.mark.packs
@pytest.mark.parametrize(
    ("name", "files", "n_rows"),
    [
        ("gem_plants", ["power/gem_coal_units_2023-07_bbox.csv"], 100),
        ("gem_plants", ["power/gem_wind_2023-05_bbox.csv"], 100),
        ("gem_plants", ["power/gem_hydro_2023-05_bbox.csv"], 3),
        ("gem_faults", ["seismic/gem_active_faults_2021.gpkg"], 5),
        ("natural_earth", ["transport/ne_10m_railroads.gpkg"], 20),
        ("natural_earth", ["hydrography/ne_10m_rivers_lake_centerlines.gpkg"], 3),
        ("natural_earth", ["hydrography/ne_10m_lakes.gpkg"], 1),
        ("natural_earth", ["airports/ne_10m_airports.gpkg"], 1),
        ("natural_earth", ["places/ne_10m_populated_places.gpkg"], 4),
        ("natural_earth", ["boundaries/ne_10m_admin0_countries.gpkg"], 1),
    ],
)  # fmt: skip
def test_real_files_open(datasets, opened, name, files, n_rows) -> None:
    box = (108.0, 38.0, 118.0, 44.0)
    made = opened(name, *(datasets / file for file in files), box=box).layers[-1]
    assert len(made.frame) >= n_rows
