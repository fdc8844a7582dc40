"""The inventory of the five documents, walked row by row: each thing that they name has its facts.

The rows are typed here from the documents, by the Chinese words and the figures that stand in
them; nothing is looked up by an identifier of the pack but the ids of cities and outlines.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.facts import read_facts

OLD, NEW, ULANQAB = "nm_cloud_plan", "nm_bigdata_plan", "ulanqab_results"
CHENGDU, SHANXI = "chengdu_cloud_plan", "shanxi_cloud_plan"
REGION = "CN-15"

# Name as written, city, level, and what else is said of it (yuan in 100 million).
ZONES = (
    ("呼和浩特盛乐现代服务业集聚区", "Hohhot", {"area_ha": 2000, "new_channel_gbps": 1000}),
    ("鸿盛两化融合示范区", "Hohhot", {"area_ha": 500}),
    ("和林格尔新区", "Hohhot", {}),
    ("包头国家级高新区滨河新区", "Baotou", {"area_ha": 2500 / 15}),
    ("包头大数据创新产业园区", "Baotou", {}),
    ("鄂尔多斯“草原硅谷”", "Ordos", {"area_ha": 1000}),
    ("鄂尔多斯高新技术产业园", "Ordos", {}),
    ("红山物流园区", "Chifeng", {"tenants": "IBM"}),
    ("赤峰云计算产业园", "Chifeng", {}),
    ("乌兰察布中关村科技产业园", "Ulanqab", {"area_ha": 1300, "distance_to_centre_km": 15}),
    ("锡林郭勒大数据产业园", "Xilingol", {}),
    ("巴彦淖尔大数据产业园", "Bayannur", {}),
    ("乌海大数据产业园", "Wuhai", {}),
    ("天府新区", "Chengdu", {}),
    ("高新西区", "Chengdu", {}),
    ("成都国际数据保税港", "Chengdu", {}),
    ("山西转型综改示范区", "Taiyuan", {}),
)
CAMPUSES = (
    ("中国电信内蒙古信息园", "Hohhot", {"investment_100m_cny": 140, "operator": "China Telecom"}),
    (
        "中国移动（呼和浩特）数据中心",
        "Hohhot",
        {"investment_100m_cny": 120, "operator": "China Mobile"},
    ),
    ("中国联通西北云计算基地", "Hohhot", {"investment_100m_cny": 100, "operator": "China Unicom"}),
    ("云泰互联鄂尔多斯国际绿色信息港", "Ordos", {}),
)
FACILITIES = (
    ("北京世纪互联鄂尔多斯云计算数据中心", "Ordos", {"investment_100m_cny": 100}),
    ("中兴能源集团鄂尔多斯国际绿色数据中心", "Ordos", {"investment_100m_cny": 200}),
    ("IBM赤峰蒙东云计算数据中心", "Chifeng", {"operator": "IBM"}),
    (
        "乌兰察布华为云数据中心",
        "Ulanqab",
        {
            "investment_100m_cny": 16,
            "area_ha": 50 / 15,
            "floor_area_m2": 24000,
            "racks": 1500,
            "servers": 20000,
            "opened": "2016-07-08",
            "status": "in_service",
        },
    ),
    ("苹果乌兰察布数据中心", "Ulanqab", {"operator": "Apple"}),
    ("成都云计算中心", "Chengdu", {"operations_per_s": 1.4e14}),
    ("中国电信西部信息中心", "Chengdu", {}),
    ("万国数据", "Chengdu", {}),
    ("中立数据", "Chengdu", {}),
    ("百度云计算（阳泉）中心", "Yangquan", {}),
    ("吕梁云计算中心", "Lüliang", {}),
    ("北斗导航数据中心", "Taiyuan", {}),
    ("罗克佳华物联网产业园数据中心", "Taiyuan", {}),
    ("“智慧山西”大数据中心", "Taiyuan", {}),
)
PLACES = [
    (name, city, level, said)
    for level, rows in (("zone", ZONES), ("campus", CAMPUSES), ("facility", FACILITIES))
    for name, city, said in rows
]

# What is named without a place: projects, rooms, forms, tenants.
PROJECTS = (
    "呼和浩特腾讯云计算处理器", "呼和浩特北京云基地可移动式数据中心设备", "呼和浩特华为云计算硬件设备",
    "包头综合物流信息系统", "2个四星级、1个三星级数据中心", "面向部门和企业内部使用的数据中心",
    "固定式数据中心", "集装箱式数据中心", "超级计算中心", "卫星接收地面设施",
    "百度", "阿里巴巴", "腾讯", "浪潮",
)  # fmt: skip

# From, to, how many, how far they are, whether said or one reading of the text.
CABLES = (
    ("集宁", "北京", 1, "in_service", "said"),
    ("集宁", "北京", 1, "building", "said"),
    ("呼和浩特", "北京", 4, "in_service", "said"),
    ("鄂尔多斯", "北京", 2, "building", "said"),
    ("鄂尔多斯", "北京", 2, "building", "one_reading"),
    ("集宁", "二连浩特", 1, "building", "said"),
    ("海拉尔", "满洲里", 1, "building", "said"),
    ("北京", "巴黎", 1, "studied", "said"),
    ("呼和浩特", "北京", 1, "planned", "said"),
    ("呼和浩特", "上海", 1, "planned", "said"),
    ("呼和浩特", "广州", 1, "planned", "said"),
    ("呼和浩特", "沈阳", 1, "planned", "said"),
    ("呼和浩特", "天津", 1, "planned", "said"),
    ("呼和浩特", "通辽", 1, "planned", "one_reading"),
    ("呼和浩特", "集宁", 1, "planned", "one_reading"),
    ("呼和浩特", "鄂尔多斯", 1, "planned", "one_reading"),
    ("集宁", "通辽", 1, "planned", "one_reading"),
    ("集宁", "鄂尔多斯", 1, "planned", "one_reading"),
    ("鄂尔多斯", "通辽", 1, "planned", "one_reading"),
)
THROUGH_MONGOLIA = 2  # parts at least of the China-Mongolia-Russia cable, in service

GATEWAYS = (
    "区域性国际通信出入口局", "骨干直联点", "国际互联网数据业务出入口", "国际出口局",
)  # fmt: skip

PORTS = ("满洲里", "二连浩特", "甘其毛都", "策克")

# City or region, what it is to be, strength, edition.
ROLES = (
    ("hohhot", "形成服务于全国的枢纽型云计算产业基地", "mainly", 2011),
    ("baotou", "工业软件和软件服务业", "aim", 2011),
    ("ordos", "超级大型云计算数据中心", "aim", 2011),
    ("chifeng", "蒙东云计算数据备份中心", "mainly", 2011),
    ("hohhot baotou ordos chifeng", "国家级数据灾备中心", "aim", 2011),
    ("jining", "京津数据灾备中心", "aim", 2017),
    ("hohhot manzhouli erenhot", "为重点", "mainly", 2017),
    ("hohhot tongliao jining ordos", "一级节点", "aim", 2017),
    ("hohhot", "骨干直联点", "aim", 2017),
    ("manzhouli erenhot ganqimaodu ceke", "重点口岸", "aim", 2011),
    (REGION, "直接连通到俄罗斯、蒙古、欧洲和东北亚", "aim", 2011),
    (REGION, "连接蒙古和俄罗斯的国际出口局", "aim", 2011),
    (REGION, "到2013年，建成自治区范围的高速光纤网络", "aim", 2011),
    (REGION, "2015年前积极争取建成国家骨干网络主节点", "aim", 2011),
    (REGION, "骨干网与全国重要城市直接联通", "aim", 2017),
    (REGION, "以特高压电网为骨干网架", "aim", 2011),
)

# Words, strength, edition, threshold, and names that it must apply to.
FOUR_PARKS = "和林格尔新区 赤峰云计算产业园 乌兰察布中关村科技产业园 鄂尔多斯高新技术产业园"
RULES = (
    ("大型以上数据中心（3000个标准机架以上）主要布局在", "mainly", 2017, 3000, FOUR_PARKS),
    ("其它盟市根据需求适度建设中小型数据中心", "as_needed", 2017, 3000, ""),
    ("原则上各旗县不新建数据中心", "in_principle", 2017, None, ""),
    ("呼和浩特市、包头市、鄂尔多斯市国家级特大型数据中心", "aim", 2011, None, ""),
    ("赤峰市蒙东云计算中心产业园区", "aim", 2011, None, ""),
    ("平均电能使用效率（PUE）值达到1.4以下", "aim", 2017, 1.4, ""),
    ("PUE水平普遍要达到1.4以下", "required", 2017, 1.4, ""),
    ("整合改造规模小、效率低、能耗高的分散数据中心", "aim", 2017, None, ""),
    ("余热利用、水循环利用", "aim", 2017, None, ""),
    ("分布式供能、自然冷源", "aim", 2017, None, ""),
    ("优先列入大用户直供电范围", "aim", 2011, None, ""),
    ("免缴土地使用税5年", "aim", 2011, 5, ""),
    ("全国工业用地出让最低价格标准", "required", 2011, None, ""),
    ("享受优惠电价政策", "aim", 2011, None, ""),
)

# Year, the quantity in the document's words, value, unit, bound.
TARGETS = (
    (2013, "数据中心", 600_000, "m2", "exactly", OLD),
    (2013, "服务器、路由器", 600_000, "1", "exactly", OLD),
    (2013, "投资", 230, "100 million CNY", "about", OLD),
    (2015, "数据中心", 1_000_000, "m2", "exactly", OLD),
    (2015, "服务器", 1_000_000, "1", "over", OLD),
    (2015, "数据中心收入", 270, "100 million CNY", "exactly", OLD),
    (2015, "云计算产业收入", 500, "100 million CNY", "exactly", OLD),
    (2015, "网络带宽", 2500, "Gbit/s", "over", OLD),
    (2015, "光缆长度", 400_000, "km", "over", OLD),
    (2015, "长途光缆", 80_000, "km", "over", OLD),
    (2018, "出区互联网总带宽", 5000, "Gbit/s", "over", NEW),
    (2020, "数据中心", 1_500_000, "m2", "over", OLD),
    (2020, "服务器装机能力", 3_000_000, "1", "exactly", NEW),
    (2020, "平均电能使用效率", 1.4, "1", "under", NEW),
    (2020, "互联网省际出口带宽", 9000, "Gbit/s", "exactly", NEW),
)

# Subject, year, quantity, value, unit, whether reached or planned.
FIGURES = (
    (REGION, 2016, "服务器装机能力", 900_000, "1", "reached"),
    (REGION, 2010, "光缆总长度", 201_000, "km", "reached"),
    (REGION, 2016, "光缆总长度", 580_000, "km", "reached"),
    (REGION, 2010, "发电装机", 65_000, "MW", "reached"),
    (REGION, 2010, "风电装机", 10_000, "MW", "reached"),
    (REGION, 2010, "外送电能力", 25_000, "MW", "reached"),
    (REGION, 2015, "发电装机", 133_000, "MW", "planned"),
    (REGION, 2015, "风电装机", 33_000, "MW", "planned"),
    (REGION, 2015, "水电", 4_000, "MW", "planned"),
    (REGION, 2015, "太阳能并网发电装机容量", 500, "MW", "planned"),
    (REGION, 2015, "生物质、沼气发电装机", 200, "MW", "planned"),
    (REGION, 2015, "外送电力", 47_000, "MW", "planned"),
    (REGION, 2015, "消耗电能", 1000, "MW", "planned"),
    (REGION, 2011, "全年平均气温", 0, "°C", "reached"),
    (REGION, 2011, "全年平均气温", 8, "°C", "reached"),
    (REGION, 2011, "不需要空调系统", 7, "month", "planned"),
    (REGION, 2011, "不需要空调系统", 8, "month", "planned"),
    (REGION, 2011, "日照时数", 2600, "h", "reached"),
    (REGION, 2011, "日照时数", 3400, "h", "reached"),
    (REGION, 2011, "总辐射量", 115, "kcal/cm2", "reached"),
    (REGION, 2011, "总辐射量", 167, "kcal/cm2", "reached"),
    (REGION, 2011, "总面积", 1_183_000, "km2", "reached"),
    (REGION, 2011, "大型油气田", 13, "1", "reached"),
    (REGION, 2011, "石油总资源量", 2000, "Mt", "reached"),
    (REGION, 2011, "石油总资源量", 3000, "Mt", "reached"),
    (REGION, 2011, "天然气", 270e9, "m3", "reached"),
    (REGION, 2011, "天然气", 1000e9, "m3", "reached"),
    ("hohhot", 2011, "互联网带宽", 320, "Gbit/s", "reached"),
    ("hohhot", 2011, "数据中心面积", 5000, "m2", "reached"),
    ("hohhot", 2011, "机架", 519, "1", "reached"),
    ("hohhot", 2011, "四星级", 2, "1", "reached"),
    ("hohhot", 2011, "三星级", 1, "1", "reached"),
    ("hohhot", 2011, "现有面积", 4000, "m2", "reached"),
    ("hohhot", 2011, "机架数量", 800, "1", "reached"),
    ("hohhot", 2015, "光纤宽带网络通道", 1000, "Gbit/s", "planned"),
    ("baotou", 2011, "互联网出口", 64, "Gbit/s", "reached"),
    ("ordos", 2011, "最大带宽", 40, "Gbit/s", "reached"),
    ("ordos", 2011, "光缆长度", 16_350, "km", "reached"),
    ("chifeng", 2011, "宽带容量", 80, "Gbit/s", "reached"),
    ("chifeng", 2011, "光缆长度", 17_700, "km", "reached"),
    ("chengdu", 2011, "城域网总带宽", 3200, "Gbit/s", "reached"),
    ("chengdu", 2011, "出口带宽", 400, "Gbit/s", "reached"),
    ("chengdu", 2011, "机房", 90_000, "m2", "reached"),
    ("CN-14", 2019, "PUE水平", 1.4, "1", "target"),
)

# Words of the claims that the inventory lists, stated weaknesses among them.
CLAIMS = (
    "远离地震带", "没有发生过大的洪涝灾害", "0～8℃", "7-8个月不需要空调系统", "2600～3400小时",
    "115～167千卡", "118.3万平方公里", "6500万千瓦", "风电装机1000万千瓦", "2500万千瓦",
    "1.33亿千瓦", "蒙西电网全国唯一独立电网", "电价远低于北京", "100万千瓦机组的年发电量",
    "稳定的地质结构", "地质环境稳定", "省际出口带宽规模偏小", "仅我区没有建设国家互联网骨干直联点",
    "90万台，居全国首位", "呼和浩特至北京的4条直通光缆", "市中心仅15公里", "144芯集宁-北京",
    "1500多个机柜", "网络带宽费用和电价相对较高", "普遍要达到1.4以下", "PUE）值达到1.4以下",
)  # fmt: skip


@pytest.fixture(scope="module")
def facts(pack: Path) -> pd.DataFrame:
    return pd.concat([read_facts(path) for path in sorted(pack.glob("facts_*.csv"))])


@pytest.fixture(scope="module")
def rows(facts: pd.DataFrame):
    """Give the facts of a layer: one row per id, one column per field; and those of one unit."""

    def of(layer: str) -> pd.DataFrame:
        found = facts[facts["layer"] == layer]
        wide = found.pivot_table(index="id", columns="field", values="value", aggfunc="first")
        units = found[found["field"] == "value"].set_index("id")["unit"]
        sources = found[found["field"] == "name_zh"].set_index("id")["source_id"]
        return wide.assign(unit=units, source_id=sources)

    return of


def _same(found: object, wanted: float | str) -> bool:
    if isinstance(wanted, str):
        return found == wanted
    return float(str(found)) == pytest.approx(wanted, rel=2e-3)


@pytest.mark.parametrize(("name", "city", "level", "said"), PLACES, ids=[p[0] for p in PLACES])
def test_every_park_campus_and_facility(rows, name: str, city: str, level: str, said: dict) -> None:
    parks = rows("parks")
    alias = parks["alias_zh"].fillna("").str.contains(name, regex=False)
    named = parks[parks["name_zh"].str.contains(name, regex=False) | alias]
    fits = named[(named["city"] == city) & (named["level"] == level)]
    assert len(fits) >= 1, named.index.tolist()
    assert any(
        all(_same(row.get(f), value) for f, value in said.items()) for _, row in fits.iterrows()
    )


def test_every_place_has_role_status_and_accuracy(rows) -> None:
    parks = rows("parks")
    assert parks["status"].notna().all()
    assert (parks["accuracy_m"].astype(float) >= 10_000).all()  # no document gives a point
    zones = parks[parks["level"] == "zone"]
    assert zones["role"].notna().all()


@pytest.mark.parametrize("name", PROJECTS)
def test_every_project_without_a_place_is_a_fact_and_no_point(rows, name: str) -> None:
    projects = rows("projects")
    assert projects["name_zh"].str.contains(name, regex=False).any()
    assert not {"lon", "lat", "at_town"} & set(projects.columns)


def _nodes(rows, name: str) -> set[str]:
    nodes = rows("nodes")
    return set(nodes.index[nodes["name_zh"].str.startswith(name)])


@pytest.mark.parametrize(("start", "end", "number", "status", "existence"), CABLES)
def test_every_cable(rows, start, end, number: int, status: str, existence: str) -> None:
    fibre = rows("fibre")
    ends = (_nodes(rows, start), _nodes(rows, end))
    there = fibre["from_node"].isin(ends[0]) & fibre["to_node"].isin(ends[1])
    back = fibre["from_node"].isin(ends[1]) & fibre["to_node"].isin(ends[0])
    fits = fibre[(there | back) & (fibre["status"] == status) & (fibre["existence"] == existence)]
    assert len(fits) == number, fits.index.tolist()


def test_the_cable_through_mongolia(rows) -> None:
    """NM-data 1: 中蒙俄国际光缆 is built; no source names its crossing."""
    parts = rows("fibre").pipe(lambda t: t[t["name_zh"].str.contains("中蒙俄")])
    assert len(parts) >= THROUGH_MONGOLIA
    assert set(parts["status"]) == {"in_service"}
    assert set(parts["corridor_basis"]) == {"assumed"}


def test_the_first_jining_cable_has_144_fibres(rows) -> None:
    fibre = rows("fibre")
    assert (fibre["fibres"].dropna().astype(float) == 144).sum() == 1


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_every_gateway(facts: pd.DataFrame, gateway: str) -> None:
    hohhot = facts[(facts["layer"] == "nodes") & (facts["field"].str.contains("gateway"))]
    assert hohhot["value"].str.contains(gateway).any()


@pytest.mark.parametrize("port", PORTS)
def test_every_port(rows, port: str) -> None:
    assert rows("ports")["name_zh"].str.startswith(port).sum() == 1


@pytest.mark.parametrize(("subject", "words", "strength", "edition"), ROLES)
def test_every_role(rows, subject: str, words: str, strength: str, edition: int) -> None:
    rules = rows("rules")
    roles = rules[(rules["kind"] == "role") & (rules["edition"] == str(edition))]
    fits = roles[roles["as_written"].str.contains(words, regex=False)]
    fits = fits[[set(subject.split()) <= set(ids.split()) for ids in fits["applies_to"]]]
    assert strength in set(fits["strength"]), fits.index.tolist()


@pytest.mark.parametrize(("words", "strength", "edition", "threshold", "applies"), RULES)
def test_every_rule_with_its_strength_and_edition(
    rows, words: str, strength: str, edition: int, threshold: float | None, applies: str
) -> None:
    rules, parks = rows("rules"), rows("parks")
    rules = rules[rules["edition"] == str(edition)]
    fits = rules[rules["as_written"].str.contains(words, regex=False)]
    assert strength in set(fits["strength"]), fits.index.tolist()
    if threshold is not None:
        assert threshold in set(fits["threshold"].astype(float))
    wanted = {parks.index[parks["name_zh"] == name][0] for name in applies.split()}
    assert any(wanted <= set(ids.split()) for ids in fits["applies_to"])
    if wanted:
        assert set(fits["applies_to"].iloc[0].split()) == wanted


@pytest.mark.parametrize("target", TARGETS, ids=lambda row: f"{row[1]}-{row[0]}")
def test_every_target_by_year_and_edition(rows, target: tuple) -> None:
    year, quantity, value, unit, bound, source = target
    figures = rows("figures")
    fits = figures[
        (figures["year"] == str(year))
        & (figures["quantity_zh"] == quantity)
        & (figures["unit"] == unit)
        & (figures["source_id"] == source)
        & (figures["standing"] == "target")
    ]
    assert [(float(v), b) for v, b in zip(fits["value"], fits["bound"], strict=True)] == [
        (value, bound)
    ]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda row: f"{row[0]}-{row[2]}-{row[1]}")
def test_every_figure(rows, figure: tuple) -> None:
    subject, year, quantity, value, unit, standing = figure
    figures = rows("figures")
    fits = figures[
        (figures["subject"] == subject)
        & (figures["year"] == str(year))
        & (figures["quantity_zh"] == quantity)
        & (figures["unit"] == unit)
        & (figures["standing"] == standing)
    ]
    assert value in set(fits["value"].astype(float))


def test_three_bandwidths_of_the_region_are_three_quantities(rows) -> None:
    figures = rows("figures")
    ours = figures[(figures["subject"] == REGION) & (figures["unit"] == "Gbit/s")]
    assert ours["quantity"].is_unique
    assert set(ours["quantity_zh"]) == {"网络带宽", "出区互联网总带宽", "互联网省际出口带宽"}
    cities = figures[(figures["subject"] != REGION) & (figures["unit"] == "Gbit/s")]
    assert not set(cities["quantity"]) & set(ours["quantity"])


def test_rules_and_figures_speak_of_places_that_the_pack_has(pack: Path, rows) -> None:
    outlines = json.loads((pack / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    known = {"CN", *(outline["properties"]["boundary_id"] for outline in outlines)}
    for layer in ("parks", "towns", "ports", "nodes"):
        known |= set(rows(layer).index)
    assert set(rows("figures")["subject"]) <= known
    known |= {"*"}  # a standard knows no region
    assert {each for ids in rows("rules")["applies_to"] for each in ids.split()} <= known


def test_figures_and_rules_of_the_pack_are_those_of_the_facts(pack: Path, rows) -> None:
    for layer, key in (("figures", "figure_id"), ("rules", "rule_id")):
        table = pd.read_csv(pack / f"{layer}.csv", dtype="str").set_index(key)
        wide = rows(layer)
        assert set(table.index) == set(wide.index)
        for name in set(table.columns) & set(wide.columns) - {"unit"}:
            left, right = table[name].sort_index(), wide[name].reindex(table.index).sort_index()
            assert left.dropna().tolist() == right.dropna().tolist(), (layer, name)


@pytest.mark.parametrize("words", CLAIMS)
def test_every_claim(pack: Path, words: str) -> None:
    claims = pd.read_csv(pack / "claims.csv")
    assert claims["text_zh"].str.contains(words, regex=False).any()


def test_a_claim_is_checked_or_says_why_not(pack: Path) -> None:
    claims = pd.read_csv(pack / "claims.csv")
    assert (
        claims[["source_id", "place_in_text", "text_zh", "text_en", "reason"]].notna().all().all()
    )
    bounds = claims["low"].notna() | claims["high"].notna()
    assert (bounds == claims["check"].notna()).all()


def test_the_count(pack: Path, rows, capsys: pytest.CaptureFixture[str]) -> None:
    """The least numbers that the inventory asks for."""
    levels = rows("parks")["level"].value_counts()
    fibre = rows("fibre")
    documents = fibre[fibre["source_id"].isin([OLD, NEW, ULANQAB])]
    figures = rows("figures")
    counts = {
        "zones": int(levels["zone"]),
        "campuses": int(levels["campus"]),
        "facilities": int(levels["facility"]),
        "projects without a place": len(rows("projects")),
        "cables that documents name": int((documents["existence"] != "assumed").sum()),
        "ports": len(rows("ports")),
        "targets": int((figures["standing"] == "target").sum()),
        "figures": len(figures),
        "rules": len(rows("rules")),
        "claims": len(pd.read_csv(pack / "claims.csv")),
    }
    with capsys.disabled():
        sys.stdout.write("\n" + ", ".join(f"{n} {what}" for what, n in counts.items()) + "\n")
    least = {"zones": 16, "campuses": 4, "facilities": 14, "ports": 4, "targets": 12, "claims": 25}
    assert {what: counts[what] >= number for what, number in least.items()} == dict.fromkeys(
        least, True
    )
    assert counts["cables that documents name"] >= 20
