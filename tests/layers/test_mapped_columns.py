"""Fields of others as columns: units, words, dates, what is not there; the source's own file stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from steppe.layers.columns import STATUSES
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.network import FIBRE
from steppe.layers.contracts.siting import PARK_AREAS, PARKS
from steppe.layers.contracts.surroundings import SUBSTATIONS
from steppe.layers.errors import InputError
from steppe.layers.field_words import find_choice_word
from steppe.layers.filling import Gaps, make_id, measure_ha
from steppe.layers.identifiers import find_id_fault
from steppe.layers.interchange.read_network import ReadingOptions
from steppe.layers.mapped_columns import ColumnSource, column_faults
from steppe.layers.reader import read_layer
from steppe.layers.units import convert, find_unit, name_unit
from steppe.layers.written_numbers import read_amount, read_written_date, read_written_year

WORLD = (-180.0, -90.0, 180.0, 90.0)


@dataclass
class Reading:
    """Reads rows of a file of somebody's with what a plan says of its fields."""

    folder: Path
    notes: list = field(default_factory=list)

    def __call__(
        self, frame: gpd.GeoDataFrame, contract, columns: dict, **defaults
    ) -> gpd.GeoDataFrame:
        path = self.folder / "given.gpkg"
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(frame, path, layer="anything")
        return read_layer(
            path,
            contract,
            bbox=WORLD,
            gaps=Gaps(defaults, source_id="given", as_of="2025-03-01", in_cells=True),
            columns=columns,
            options=ReadingOptions(tell=self.notes.append),
        )

    def told(self) -> str:
        return "\n".join(note.say("en") for note in self.notes)


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return Reading(tmp_path)


@pytest.fixture
def stations() -> gpd.GeoDataFrame:
    """Substations as the analysts of a utility keep them."""
    return gpd.GeoDataFrame(
        {
            "站名": ["和林 500千伏变", "盛乐变", "<NA>"],
            "VOLT": ["500000", "220000;110000", "-"],
            "status": ["在运", "在建", "无"],
            "note": ["a", None, "b"],
        },
        geometry=[Point(111.8, 40.4), Point(111.9, 40.5), Point(112.0, 40.6)],
        crs="EPSG:4326",
    )


STATION_COLUMNS = {
    "name": ColumnSource("站名"),
    "voltage_kv": ColumnSource("VOLT", "V"),
    "status": ColumnSource("status"),
}


def test_a_utilitys_file_is_read_as_it_stands(reading, stations) -> None:
    read = reading(stations, SUBSTATIONS, STATION_COLUMNS)
    # The highest of several voltages counts, as the column says.
    assert list(read["voltage_kv"])[:2] == [500.0, 220.0]
    assert pd.isna(read["voltage_kv"].iloc[2])
    assert list(read["name"])[:2] == ["和林 500千伏变", "盛乐变"]
    assert pd.isna(read["name"].iloc[2])
    # The contract takes the status as the source writes it.
    assert list(read["status"]) == ["在运", "在建", "not stated"]
    assert read["note"].iloc[0] == "a"
    assert set(read["kind"]) == {"substation"}
    assert list(read["grid_id"]) == ["和林_500千伏变", "盛乐变", "substations_3"]
    assert set(read["source_id"]) == {"given"}
    assert set(read["as_of"]) == {"2025-03-01"}
    # A tenth of a degree, written: off by half of that either way, 7 872 m at the most.
    assert "accuracy_m 7872" in reading.told()


def test_a_field_that_is_gone_is_one_line(reading, stations) -> None:
    with pytest.raises(InputError) as caught:
        reading(stations.drop(columns="VOLT"), SUBSTATIONS, STATION_COLUMNS)
    (line,) = caught.value.lines()
    assert "no field 'VOLT'" in line
    assert "站名" in line


def test_cells_that_are_no_number_are_told_with_their_field(reading, stations) -> None:
    stations.loc[0, "VOLT"] = "high"
    with pytest.raises(InputError) as caught:
        reading(stations, SUBSTATIONS, STATION_COLUMNS)
    (line,) = caught.value.lines()
    assert "field VOLT cannot be read as voltage_kv: 'high'" in line


@pytest.fixture
def offers() -> gpd.GeoDataFrame:
    """Three sites, two drawn as grounds and one as a point."""
    return gpd.GeoDataFrame(
        {
            "园区": ["和林格尔", "和林格尔", None],
            "Area": ["1,500亩", "12.5", ""],
            "State": ["Operational", "mothballed", "Planned"],
            "rank": [3, 1, 2],
        },
        geometry=[
            MultiPolygon([box(111.80, 40.40, 111.81, 40.41)]),
            Polygon([(111.9, 40.5), (111.92, 40.5), (111.92, 40.52), (111.9, 40.5)]),
            Point(112.0, 40.6),
        ],
        crs="EPSG:4490",
    )


OFFER_COLUMNS = {
    "name_zh": ColumnSource("园区"),
    "area_ha": ColumnSource("Area", "km2"),
    "status": ColumnSource("State", words={"mothballed": "building"}),
}


def test_grounds_become_points_within_them(reading, offers) -> None:
    read = reading(offers, PARKS, OFFER_COLUMNS)
    assert all(
        ground.covers(point) for ground, point in zip(offers.geometry, read.geometry, strict=True)
    )
    assert list(read["park_id"]) == ["和林格尔", "和林格尔_2", "parks_3"]
    assert list(read["name_en"]) == ["和林格尔", "和林格尔", "parks 3"]
    # A mu is a fifteenth of a hectare; the second cell names no unit and has that of the plan.
    assert list(read["area_ha"])[:2] == [pytest.approx(100.0), pytest.approx(1250.0)]
    assert list(read["status"]) == ["in_service", "building", "planned"]
    assert list(read["location_basis"]) == ["derived"] * 3
    # No point of the first ground is farther from any other than its diagonal.
    assert 0 < read["accuracy_m"].iloc[0] <= 1401
    assert "2 polygons are given as a point in each" in reading.told()


def test_what_a_word_means_is_asked_where_nobody_says(reading, offers) -> None:
    columns = {**OFFER_COLUMNS, "status": ColumnSource("State")}
    with pytest.raises(InputError) as caught:
        reading(offers, PARKS, columns)
    (line,) = caught.value.lines()
    assert "field State cannot be read as status: 'mothballed'" in line
    assert "in_service, building, planned, studied" in line


def test_rows_that_the_plan_leaves_out_are_gone(reading, offers) -> None:
    words = {"mothballed": "left_out"}
    read = reading(offers, PARKS, {**OFFER_COLUMNS, "status": ColumnSource("State", words=words)})
    assert len(read) == 2


def test_the_ground_keeps_both_areas(reading, offers) -> None:
    columns = {name: OFFER_COLUMNS[name] for name in ("name_zh", "area_ha")}
    read = reading(offers.iloc[:2], PARK_AREAS, columns)
    assert list(read["park_id"]) == ["和林格尔", "和林格尔_2"]
    assert list(read["area_ha"]) == [pytest.approx(100.0), pytest.approx(1250.0)]
    # A box of 0.01° at 40.405 N, by the radii of curvature of GRS80: 847.9 m by 1110.4 m.
    assert read["measured_ha"].iloc[0] == pytest.approx(94.3, abs=0.5)


def test_the_area_of_a_ground_with_a_hole_is_less_by_the_hole() -> None:
    ring, hole = box(111, 40, 112, 41), box(111.4, 40.4, 111.6, 40.6)
    with_hole = Polygon(ring.exterior.coords, [hole.exterior.coords])
    assert measure_ha(with_hole) == pytest.approx(measure_ha(ring) - measure_ha(hole))
    both = MultiPolygon([hole, box(113, 40, 114, 41)])
    assert measure_ha(both) == pytest.approx(measure_ha(hole) + measure_ha(box(113, 40, 114, 41)))


def test_lines_are_measured_and_told_what_they_are(reading) -> None:
    lines = gpd.GeoDataFrame(
        {"a": ["x", "x"], "b": ["y", "y"], "Status": ["Operational", "Operational"]},
        geometry=[LineString([(0, 0), (1, 0)]), LineString([(0, 0), (0.5, 0.2), (1, 0)])],
        crs="EPSG:4326",
    )
    columns = {
        "from_node": ColumnSource("a"),
        "to_node": ColumnSource("b"),
        "status": ColumnSource("Status"),
    }
    read = reading(lines, FIBRE, columns)
    # A degree of the equator of GRS80, whose radius is 6 378 137 m.
    assert read["length_km"].iloc[0] == pytest.approx(111.319, abs=0.001)
    assert list(read["geometry_kind"]) == ["schematic", "corridor"]
    assert list(read["lane"]) == [0, 1]
    assert set(read["year"]) == {2025}
    assert set(read["corridor_basis"]) == {"assumed"}


def test_a_default_fills_what_is_empty(reading, stations) -> None:
    read = reading(stations, SUBSTATIONS, STATION_COLUMNS, accuracy_m=50, operator="蒙西电网")
    assert set(read["accuracy_m"]) == {50.0}
    assert set(read["operator"]) == {"蒙西电网"}
    with pytest.raises(InputError, match=r"layers\.substations\.defaults: colour"):
        reading(stations, SUBSTATIONS, STATION_COLUMNS, colour="red")


def test_of_all_columns_of_layers_few_have_to_be_told() -> None:
    told = {
        contract.name: [
            name
            for name, column in contract.columns.items()
            if not (column.is_optional or column.made or column.assumed is not None)
            and name not in ("source_id", "as_of")
        ]
        for contract in INPUT_LAYERS.values()
        if contract.geometry
    }
    asked = {name: columns for name, columns in told.items() if columns}
    months = [f"temp_{month:02d}_c" for month in range(1, 13)]
    assert asked == {
        "corridors": ["from_node", "to_node"],
        "fibre": ["from_node", "to_node", "status"],
        "stations": ["elevation_m", *months],
        "earthquakes": ["time", "magnitude"],
        "roads": ["kind"],
        "land_use": ["kind"],
    }


def test_what_a_plan_says_of_columns_is_held_to_the_contract() -> None:
    columns = {
        "volts": ColumnSource("V"),
        "voltage_kv": ColumnSource("V", "ha"),
        "status": ColumnSource("S", words={"x": "anything"}),
        "kind": ColumnSource("K", words={"x": "station"}),
    }
    lines = [each.say("en") for each in column_faults(SUBSTATIONS, columns, "plan.toml › x")]
    assert len(lines) == 3
    assert "substations has no column volts" in lines[0]
    assert "ha is no unit of voltage_kv" in lines[1]
    assert "'station' is nothing that kind may be" in lines[2]


AMOUNTS = [
    ("1500", "亩", "ha", 100.0),
    ("1 500 mu", "", "ha", 100.0),
    ("3.2 km²", "", "ha", 320.0),
    ("3.2平方公里", "", "ha", 320.0),
    ("45,000 m2", "", "ha", 4.5),
    ("3万平方米", "", "ha", 3.0),
    ("220 kV", "", "kV", 220.0),
    ("110000", "V", "kV", 110.0),
    ("500千伏", "", "kV", 500.0),
    ("220000;110000", "V", "kV", 220.0),
    ("3.5", "万千瓦", "MW", 35.0),
    ("12.5万千瓦", "", "MW", 125.0),
    ("1.2GW", "", "MW", 1200.0),
    ("800 kW", "", "MW", 0.8),
    ("100G", "", "Gbit/s", 100.0),
    ("10 Gbps", "", "Gbit/s", 10.0),
    ("622 Mbps", "", "Gbit/s", 0.622),
    ("3.2T", "", "Gbit/s", 3200.0),
    ("80x100G", "", "Gbit/s", 8000.0),
    ("12 mi", "", "km", 19.312128),
    ("5500 m", "", "km", 5.5),
    ("12万架", "", "1", 120_000.0),
    ("1.5亿", "", "1", 150_000_000.0),
    ("约30万台", "", "1", 300_000.0),
    ("１２００", "", "1", 1200.0),
    ("12,5", "", "ha", 12.5),
    ("-3.5", "", "°C", -3.5),
    ("high", "", "kV", None),
    ("3 apples", "", "ha", None),
    ("100 MW", "", "ha", None),
    ("", "", "ha", None),
]


@pytest.mark.parametrize(("text", "unit", "to", "amount"), AMOUNTS)
def test_amounts_are_read_in_the_unit_that_is_wanted(
    text: str, unit: str, to: str, amount: float | None
) -> None:
    assert read_amount(text, unit or to, to) == (None if amount is None else pytest.approx(amount))


@given(
    st.floats(1e-3, 1e6).map(lambda number: float(f"{number:.6g}")),
    st.sampled_from(
        [("mu", "ha"), ("km2", "ha"), ("V", "kV"), ("万千瓦", "MW"), ("Tbit/s", "Gbit/s")]
    ),
)
def test_an_amount_with_its_unit_is_the_conversion(number: float, units: tuple[str, str]) -> None:
    unit, to = units
    wanted = pytest.approx(convert(number, unit, to))
    assert read_amount(f"{number!r} {unit}", to, to) == wanted
    assert read_amount(repr(number), unit, to) == wanted


def test_every_spelling_of_a_unit_is_of_its_kind() -> None:
    for text, kin in (
        ("千米", "m"),
        ("SQ KM", "ha"),
        ("Hectares", "ha"),
        ("GBIT/S", "Gbit/s"),
        ("℃", "°C"),
    ):
        found = name_unit(text, kin)
        assert found is not None
        assert find_unit(found).kind == find_unit(kin).kind
    assert name_unit("MW", "ha") is None


DATES = [
    ("2023-05-01", "2023-05-01"),
    ("2023/5/1", "2023-05-01"),
    ("2023.05.01", "2023-05-01"),
    ("2023年5月1日", "2023-05-01"),
    ("2023年5月", "2023-05"),
    ("2023年", "2023"),
    ("20230501", "2023-05-01"),
    ("2023-05-01 00:00:00", "2023-05-01"),
    ("31/12/2017", "2017-12-31"),
    ("1996/5/3 11:32:47", "1996-05-03T11:32:47"),
    ("1996-05-03 9:05", "1996-05-03T09:05"),
    ("1996-05-03 25:05", None),
    ("12/31/2017", "2017-12-31"),
    ("05/05/2017", "2017-05-05"),
    ("03/04/2017", None),  # the third of April, or the fourth of March
    ("2023-13-01", None),
    ("soon", None),
]


@pytest.mark.parametrize(("text", "date"), DATES)
def test_dates_are_read_where_they_are_one(text: str, date: str | None) -> None:
    assert read_written_date(text) == date


def test_years_are_read_out_of_dates() -> None:
    assert [
        read_written_year(text) for text in ("2016", "2016.0", "2016年", "2016/5/1", "<NA>")
    ] == [
        *[2016] * 4,
        None,
    ]


WORDS = {
    "in_service": ("Operational", "已投产", "IN SERVICE"),
    "building": ("under_construction", "在建"),
    "planned": ("Planned", "规划"),
    "studied": ("proposed",),
    None: ("decommissioned", "退役"),
}


@pytest.mark.parametrize("status", WORDS)
def test_statuses_by_the_table_of_words(status: str | None) -> None:
    assert {find_choice_word(word, STATUSES) for word in WORDS[status]} == {status}


@given(st.text(max_size=40))
def test_an_id_that_is_made_of_a_name_may_be_one(name: str) -> None:
    made = make_id(name)
    assert not made or find_id_fault(made) is None
