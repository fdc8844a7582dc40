"""Heads and cells of tables as people keep them: each field is taken for the right column, or asked."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.columns import STATUSES
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.siting import PARKS
from steppe.layers.importing.fields_heads import split_head
from steppe.layers.importing.fields_layers import guess_layer
from steppe.layers.importing.fields_matching import Match, match_fields

# Layer, the table by its heads, what each column is to come from (field, unit), what is asked.
TABLES = {
    "a developer's list": (
        "parks",
        {"项目名称": ["和林一号", "集宁二号"], "占地面积（亩）": ["1,500", "800"], "建设状态": ["在建", "规划"]},
        {"name_zh": ("项目名称", ""), "area_ha": ("占地面积（亩）", "mu"), "status": ("建设状态", "")},
        [],
    ),
    "English, units in brackets": (
        "parks",
        {"Site Name": ["A", "B"], "Area (ha)": ["12", "5"], "IT load (kW)": ["20000", "500"], "City": ["X", "Y"]},
        {"name_en": ("Site Name", ""), "area_ha": ("Area (ha)", ""), "it_load_mw": ("IT load (kW)", "kW"), "city": ("City", "")},
        [],
    ),
    "an area without a unit": ("parks", {"name": ["A"], "area": ["120"]}, {"name_en": ("name", "")}, ["area_ha"]),
    "an area whose cells name it": ("parks", {"name": ["A"], "area": ["120亩"]}, {"area_ha": ("area", "")}, []),
    "ten thousands of racks": (
        "parks",
        {"园区名称": ["甲", "乙"], "机架数（万架）": ["3.5", "12"], "投用时间": ["2023年5月", "2024/1/1"]},
        {"name_zh": ("园区名称", ""), "racks": ("机架数（万架）", "万"), "opened": ("投用时间", "")},
        [],
    ),
    "names in both languages": (
        "parks",
        {"中文名": ["甲"], "英文名": ["A"], "所在盟市": ["乌兰察布"]},
        {"name_zh": ("中文名", ""), "name_en": ("英文名", ""), "city": ("所在盟市", "")},
        [],
    ),
    "a status of unknown words": ("parks", {"name": ["A"], "status": ["mothballed"]}, {}, ["status"]),
    "numbers that are none": ("parks", {"name": ["A"], "racks": ["many"]}, {"name_en": ("name", "")}, []),
    "a running number is no id": (
        "parks", {"ID": ["1", "2"], "name": ["A", "B"]}, {"name_en": ("name", ""), "park_id": None}, [],
    ),
    "ids of its own": (
        "parks", {"ID": ["NM-01", "NM-02"], "name": ["A", "B"]}, {"park_id": ("ID", "")}, [],
    ),
    "volts": (
        "substations",
        {"name": ["A", "B"], "voltage": ["500000", "220000;110000"]},
        {"name": ("name", ""), "voltage_kv": ("voltage", "V")},
        [],
    ),
    "kilovolts": (
        "substations",
        {"站名": ["和林站", "乌兰站"], "电压等级(千伏)": ["500", "220"], "运行状态": ["在运", "在建"]},
        {"name": ("站名", ""), "voltage_kv": ("电压等级(千伏)", ""), "status": ("运行状态", "")},
        [],
    ),
    "ten letters of dBASE": (
        "parks",
        {"PARK_NAME": ["A", "B"], "IT_LOAD_MW": ["5", "6"], "LOCATION_B": ["measured", "said"]},
        {"it_load_mw": ("IT_LOAD_MW", ""), "location_basis": ("LOCATION_B", "")},
        [],
    ),
    "plants in ten thousand kilowatts": (
        "plants",
        {"电厂名称": ["甲", "乙"], "装机容量/万千瓦": ["66", "120"], "投产年份": ["2008", "2015年"], "能源类型": ["煤", "风"]},
        {"name": ("电厂名称", ""), "capacity_mw": ("装机容量/万千瓦", "万千瓦"), "start_year": ("投产年份", ""), "energy": ("能源类型", "")},
        [],
    ),
    "plants of a world database": (
        "plants",
        {"name": ["A", "B"], "capacity_mw": [100.0, 50.5], "primary_fuel": ["Hydro", "Gas"], "commissioning_year": [1990.0, None]},
        {"name": ("name", ""), "capacity_mw": ("capacity_mw", ""), "energy": ("primary_fuel", ""), "start_year": ("commissioning_year", "")},
        [],
    ),
    "a capacity without a unit": ("plants", {"name": ["A"], "capacity": ["600"]}, {}, ["capacity_mw"]),
    "a transformer's MVA is no MW": ("substations", {"name": ["A"], "容量(MVA)": ["750"]}, {"capacity_mw": None}, []),
    "cables": (
        "fibre",
        {"光缆段名称": ["甲乙", "乙丙"], "芯数": ["96", "48芯"], "权属单位": ["电信", "移动"], "状态": ["已建成", "规划"]},
        {"name_zh": ("光缆段名称", ""), "fibres": ("芯数", ""), "operator": ("权属单位", ""), "status": ("状态", "")},
        [],
    ),
    "cables of an operator": (
        "fibre",
        {"line_id": ["x-1", "x-2"], "status": ["Operational", "Planned"], "Capacity (Gbps)": ["100", "8x100G"], "distance": ["55804", "26071"]},
        {"cable_id": ("line_id", ""), "status": ("status", ""), "capacity_gbps": ("Capacity (Gbps)", "Gbps"), "length_km": None, "route_km": None},
        [],
    ),
    "nodes": (
        "nodes",
        {"node_id": ["n-1", "n-2"], "name": ["A", "B"], "country": ["Ghana", "Cote d'Ivoire"]},
        {"node_id": ("node_id", ""), "name_en": ("name", ""), "country": ("country", "")},
        [],
    ),
    "weather stations": (
        "stations",
        {"站号": ["53463", "53480"], "站名": ["呼和浩特", "集宁"], "海拔高度": ["1063", "1419"], "1月平均气温": ["-11.6", "-12.0"]},
        {"name": ("站名", ""), "elevation_m": ("海拔高度", ""), "temp_01_c": ("1月平均气温", "")},
        [],
    ),
    "earthquakes": (
        "earthquakes",
        {"发震时刻": ["1996-05-03 11:32:47", "2013/4/22"], "震级(M)": ["6.4", "5.3"], "震源深度(千米)": ["26", "6"]},
        {"time": ("发震时刻", ""), "magnitude": ("震级(M)", ""), "depth_km": ("震源深度(千米)", "")},
        [],
    ),
    "towns": (
        "towns",
        {"name": ["Potosí", "Sucre"], "population": [176022, 237480], "wikidata": ["Q1", "Q2"]},
        {"name_en": ("name", ""), "population": ("population", "")},
        [],
    ),
}  # fmt: skip


def matched(layer: str, table: dict[str, list]) -> dict[str, Match]:
    frame = pd.DataFrame(table)
    found = match_fields(frame, INPUT_LAYERS[layer], {}, basis={})
    return {match.column: match for match in found}


@pytest.mark.parametrize(("layer", "table", "wanted", "asked"), TABLES.values(), ids=TABLES)
def test_fields_are_mapped_right_or_asked(
    layer: str, table: dict[str, list], wanted: dict, asked: list[str]
) -> None:
    found = matched(layer, table)
    for column, source in wanted.items():
        if source is None:
            assert column not in found
        else:
            assert (found[column].source.field, found[column].source.unit) == source
            assert found[column].is_certain, found[column]
    assert [column for column, match in found.items() if not match.is_certain] == asked


@given(
    st.sampled_from(["Voltage", "电压", "VOLT"]),
    st.sampled_from([("kV", "kV"), ("V", "V"), ("千伏", "kV")]),
    st.sampled_from(["{} ({})", "{}（{}）", "{}[{}]", "{}/{}", "{}_{}", "{} {}", "{}, {}"]),
)
def test_a_unit_is_found_however_it_is_written(head: str, unit: tuple[str, str], form: str) -> None:
    assert split_head(form.format(head, unit[0]), "kV") == (head, unit[1])


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6, unique=True), st.text(max_size=10))
def test_any_head_is_one_column_or_none(heads: list[str], cell: str) -> None:
    found = match_fields(pd.DataFrame({head: [cell, "1"] for head in heads}), PARKS, {}, basis={})
    fields = [match.source.field for match in found]
    assert len(set(fields)) == len(fields)
    assert set(fields) <= set(heads)
    assert all(match.column in PARKS.columns for match in found)


def test_words_of_one_status_are_none_of_another() -> None:
    cells = ["在建", "已投产", "规划", "前期"]
    (match,) = [
        each for each in matched("parks", {"状态": cells}).values() if each.column == "status"
    ]
    assert not match.strange
    assert len(STATUSES) == len(cells)


def test_a_file_of_nothing_known_is_no_layer_for_sure() -> None:
    guess = guess_layer(pd.DataFrame({"a": [1], "b": ["x"]}), "data")
    assert not guess.is_certain
