"""The page as a file: whole, the same every time, and shut to the network."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import zlib
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers import columns
from steppe.layers.contracts import LAYERS, RESULT_TABLES
from steppe.layers.crs import GEOD, WORKING_CRS
from steppe.layers.wording import read_catalogue
from steppe.maps import page as page_module
from steppe.maps.coded_columns import code_column
from steppe.maps.page import outside_links, render_page
from steppe.maps.payload import SHOWN, pack_layer, pack_tables
from steppe.maps.style import STYLES
from steppe.maps.words import knows

PAGE_BUDGET_BYTES = 3_000_000


class _Reader(HTMLParser):
    """Reads elements in order, and the text of scripts by their id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.scripts: dict[str, str] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            name = self.tags[-1][1].get("id", str(len(self.tags)))
            self.scripts[name] = self.scripts.get(name, "") + data


def _no_constant(name: str) -> None:
    pytest.fail(f"{name} is not JSON")


def _data(html: str) -> dict:
    return json.loads(_Reader(html).scripts["data"], parse_constant=_no_constant)


@pytest.fixture(scope="module")
def html(tables) -> str:
    return render_page(tables)


def test_the_same_tables_give_the_same_page(tables, html):
    assert render_page(tables) == html


def test_no_random_id_of_folium_is_left(html):
    # A random id would be 32 digits long; none stands outside of the data and the pictures.
    assert re.findall(r"\b(?:map|page_map|macro_element|figure)_[0-9a-f]{32}\b", html) == []
    ids = [attrs["id"] for _, attrs in _Reader(html).tags if "id" in attrs]
    assert len(set(ids)) == len(ids)


def test_the_policy_stands_before_anything_that_could_be_fetched(html):
    tags = _Reader(html).tags
    policy = [
        i for i, (_, a) in enumerate(tags) if a.get("http-equiv") == "Content-Security-Policy"
    ]
    first = min(i for i, (tag, _) in enumerate(tags) if tag in {"script", "style", "link", "body"})
    assert len(policy) == 1
    assert policy[0] < first
    rules = dict(part.strip().split(" ", 1) for part in tags[policy[0]][1]["content"].split(";"))
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "script-src", "style-src", "img-src", "font-src"}
    assert "http" not in tags[policy[0]][1]["content"]


def test_nothing_is_fetched(html):
    assert outside_links(html) == []
    assert re.findall(r"""(?:src|href)\s*=\s*["']?https?:""", html) == []
    assert re.findall(r"@import|sourceMappingURL", html) == []
    assert all(url.startswith("data:") for url in re.findall(r"url\(([^)#][^)]*)\)", html))
    assert not re.search("jquery|bootstrap|fontawesome", html, flags=re.IGNORECASE)


def test_leaflet_comes_with_its_licence_note(html):
    assert "Leaflet 1.9" in html
    assert "Vladimir Agafonkin" in html


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://example.org/a.js"></script>',
        "<link rel=stylesheet href=a.css>",
        "<img srcset='b.png 2x'>",
        "<form action='/send'>",
    ],
)
def test_a_link_to_the_outside_is_found(element):
    assert len(outside_links(f"<p>{element}")) == 1


def test_a_file_that_is_not_packaged_stops_the_build(tables, monkeypatch):
    scripts = [("other", "https://leaflet.invalid/other.js")]
    monkeypatch.setattr(page_module._PageMap, "default_js", scripts)
    page_module._render_frame.cache_clear()
    with pytest.raises(KeyError):
        render_page(tables)


def test_names_cannot_leave_the_data(tables, hostile_tables):
    honest, hostile = _Reader(render_page(tables)), _Reader(render_page(hostile_tables))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in honest.tags]
    data = json.loads(hostile.scripts["data"])
    for name, column in (("parks", "name_zh"), ("risks", "evidence_zh"), ("risks", "evidence_en")):
        packed = next(layer for layer in data["layers"] if layer["style"]["layer"] == name)
        texts = _values(packed, column)
        assert texts == hostile_tables.layers[name][column].tolist()
    ranked = hostile_tables.cuts.dropna(subset="rank")
    assert _column(data["cuts"], "name_zh") == ranked["name_zh"].tolist()
    titles = [[one.title_zh, one.title_en] for one in hostile_tables.info.classes]
    assert [one["title"] for one in data["info"]["classes"]] == titles


def _column(packed: dict, field: str) -> list:
    return _values({**packed, "shapes": range(packed["n_rows"])}, field)


def test_only_the_worst_cuts_are_carried(tables, html):
    cuts = _data(html)["cuts"]
    ranked = tables.cuts.dropna(subset="rank")
    assert 0 < len(ranked) < len(tables.cuts)
    assert _column(cuts, "cut_id") == ranked["cut_id"].tolist()
    assert _column(cuts, "rank") == ranked["rank"].tolist()


def test_long_tables_carry_what_is_shown_whole_and_nothing_else(tables):
    third = 1.0 / 3.0
    latency = tables.latency.assign(rtt_ms=third)
    packed = _data(render_page(tables.with_tables(latency=latency)))
    assert set(_column(packed["latency"], "rtt_ms")) == {third}
    text = _assets(".js")
    for name, fields in SHOWN.items():
        assert packed[name]["fields"] == list(fields)
        assert set(fields) <= set(RESULT_TABLES[name].columns)
        # Columns of languages are told by what their names have in common.
        stems = {re.sub("_(zh|en)$", "", field) for field in fields}
        assert [stem for stem in stems if not re.search(rf"\b{stem}\b", text)] == []
        assert packed[name]["n_rows"] > 0


def test_the_later_scenarios_routes_and_cuts_are_left_out(tables, html):
    later = {
        name: pd.concat([getattr(tables, name), getattr(tables, name).assign(scenario="later")])
        for name in SHOWN
    }
    packed = _data(render_page(tables.with_tables(**later)))
    for name in SHOWN:
        assert packed[name] == _data(html)[name]


def test_targets_and_classes_are_the_plans(tables, html):
    info = _data(html)["info"]
    assert info["targets"] == list(tables.info.targets)
    assert [one["id"] for one in info["classes"]] == [one.class_id for one in tables.info.classes]


def _values(packed: dict, field: str) -> list:
    """Return a column of a layer, as the page's script reads it."""
    column = packed["columns"][packed["fields"].index(field)]
    if isinstance(column, list):
        return column
    return [column["of"][place] for place in column.get("at", [0] * len(packed["shapes"]))]


@given(
    st.lists(
        st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "", "1", "a"])
    )
)
def test_a_coded_column_says_the_same_in_no_more_signs(values):
    coded = code_column(values)
    packed = {"fields": ["x"], "columns": [json.loads(json.dumps(coded))], "shapes": values}
    told = _values(packed, "x")
    assert json.dumps(told) == json.dumps(values)
    if isinstance(coded, dict):
        assert len(coded["of"]) < max(2, len(values))


def test_of_a_grid_the_page_carries_what_is_near_a_park_and_counts_the_rest(tables):
    style = next(style for style in STYLES if style.layer == "substations")
    stations, parks = tables.layers["substations"], tables.layers["parks"].iloc[:1]
    seat = parks.geometry.iloc[0]
    places = [GEOD.fwd(seat.x, seat.y, 30, 1000 * km)[:2] for km in (0, 99.9, 100.1, 900)]
    stations = gpd.GeoDataFrame(
        pd.concat([stations.iloc[:1]] * 4, ignore_index=True).assign(grid_id=list("abcd")),
        geometry=[shapely.Point(place) for place in places],
        crs=stations.crs,
    )
    packed = pack_layer(stations, style, parks)
    assert (_values(packed, "grid_id"), packed["left_out"]) == (["a", "b"], 2)
    assert packed["near_km"] == 100.0
    other = next(style for style in STYLES if style.layer == "towns")
    towns = tables.layers["towns"]
    assert pack_layer(towns, other, parks)["left_out"] == 0


def test_coordinates_are_cut_and_every_other_number_is_whole(tables):
    third = 1.0 / 3.0
    parks = tables.layers["parks"].copy()
    parks["geometry"] = [shapely.Point(110 + third, 40 + third)] * len(parks)
    parks["area_ha"] = third
    measures = tables.measures.copy()
    measures["value"] = third
    layers = dict(tables.layers) | {"parks": parks}
    data = _data(
        render_page(dataclasses.replace(tables, layers=layers).with_tables(measures=measures))
    )
    packed = next(layer for layer in data["layers"] if layer["style"]["layer"] == "parks")
    assert packed["shapes"][0] == [110.3333, 40.3333]
    assert _values(packed, "area_ha")[0] == third
    assert data["measures"]["horinger"][0]["value"] == third


def test_what_is_empty_is_absent_and_never_zero(tables):
    measures = tables.measures.copy()
    measures.loc[0, ["value", "low", "high"]] = np.nan
    measures.loc[0, "status"] = "unknown"
    scores = tables.scores.copy()
    scores.loc[0, "value"] = np.nan
    data = _data(render_page(tables.with_tables(measures=measures, scores=scores)))
    assert "value" not in data["measures"]["horinger"][0]
    assert data["scores"]["horinger"]["climate"]["value"] is None


def test_only_the_plans_own_scenario_and_year_are_carried(tables):
    later = tables.scores.assign(scenario="later", value=0.0)
    another_year = tables.scores.assign(year=2030, value=0.0)
    scores = pd.concat([later, another_year, tables.scores], ignore_index=True)
    assert (
        _data(render_page(tables.with_tables(scores=scores)))["scores"]
        == (_data(render_page(tables))["scores"])
    )


def test_a_cable_over_180_is_drawn_as_one_on_a_map_that_is_cut_open_elsewhere(tables):
    fibre = tables.layers["fibre"].copy()
    style = next(style for style in STYLES if style.layer == "fibre")
    line = shapely.MultiLineString([[(172, 50), (180, 51)], [(-180, 51), (-172, 52)]])
    fibre["geometry"] = gpd.GeoSeries([line] * len(fibre), crs=WORKING_CRS)
    packed = pack_layer(fibre, style, seam=0.0)
    assert packed["shapes"][0] == [[172.0, 50.0, 180.0, 51.0, 188.0, 52.0]]
    assert _values(packed, "length_km") == fibre["length_km"].tolist()
    parts = pack_layer(fibre, style)
    assert parts["shapes"][0] == [[172.0, 50.0, 180.0, 51.0], [-180.0, 51.0, -172.0, 52.0]]


def test_facts_are_carried_for_what_a_card_shows(tables):
    idle = tables.facts.assign(field="name_zh")
    other = tables.facts.assign(layer="towns")
    more = pd.concat([tables.facts, idle, other], ignore_index=True)
    facts = _data(render_page(tables.with_tables(facts=more)))["facts"]
    assert _column(facts, "layer") == ["parks"]
    assert _column(facts, "id") == ["horinger"]
    assert _column(facts, "field") == ["area_ha"]


def test_a_rule_may_not_compare_numbers_with_text(tables):
    style = next(style for style in STYLES if style.layer == "parks")
    parks = tables.layers["parks"].assign(status=1.0)
    with pytest.raises(TypeError, match="numbers of status with text"):
        pack_layer(parks, style)


def _many_points(frame: gpd.GeoDataFrame, key: str, count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(11)
    many = pd.concat([frame] * (count // len(frame) + 1), ignore_index=True).iloc[:count].copy()
    many[key] = [f"{key}_{number:05d}" for number in range(count)]
    xy = rng.uniform((97, 37), (126, 53), (count, 2))
    return gpd.GeoDataFrame(many, geometry=gpd.points_from_xy(*xy.T), crs=WORKING_CRS)


def _long_lines(frame: gpd.GeoDataFrame, key: str, count: int, vertices: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(12)
    many = pd.concat([frame] * count, ignore_index=True).iloc[:count].copy()
    many[key] = [f"{key}_{number}" for number in range(count)]
    lines = [
        shapely.LineString(rng.uniform((97, 37), (126, 53), (vertices, 2))) for _ in range(count)
    ]
    return gpd.GeoDataFrame(many, geometry=lines, crs=WORKING_CRS)


def test_a_plan_of_full_size_stays_within_the_budget(tables):
    layers = dict(tables.layers)
    layers["substations"] = _many_points(layers["substations"], "grid_id", 800)
    layers["plants"] = _many_points(layers["plants"], "grid_id", 700)
    layers["parks"] = _many_points(layers["parks"], "park_id", 40)
    layers["fibre"] = _long_lines(layers["fibre"], "cable_id", 20, 400)
    layers["railways"] = _long_lines(layers["railways"], "line_id", 700, 12)
    measures = pd.concat(
        [
            tables.measures.assign(site_id=name, reason_zh="之" * 60, reason_en="x" * 120)
            for name in layers["parks"].park_id
        ]
    )
    latency = pd.concat(
        [
            tables.latency.assign(from_id=name, reason_zh="之" * 60, reason_en="y" * 120)
            for name in [*layers["parks"].park_id, *layers["nodes"].node_id]
        ]
    )
    sites = layers["parks"].park_id
    told = {
        name: pd.concat([getattr(tables, name).assign(site_id=site) for site in sites])
        for name in ("robustness", "acceptability", "weight_ranges", "explanations", "costs")
    }
    noise = np.random.default_rng(13).uniform(0, 4000, (500, 640)).astype("float32")
    raster = dataclasses.replace(tables.rasters["elevation"], values=noise, step_deg=0.05)
    full = dataclasses.replace(
        tables, layers=layers, rasters={"elevation": raster}, variants=()
    ).with_tables(measures=measures, latency=latency, **told)
    assert len(render_page(full).encode("utf-8")) < PAGE_BUDGET_BYTES


# ---------------------------------------------------------------------------- words


def _assets(ending: str) -> str:
    folder = resources.files("maps") / "assets"
    files = sorted(Path(str(folder)).rglob(f"*{ending}"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_more_data_than_the_limit_come_packed_and_are_the_same(tables, html, monkeypatch):
    monkeypatch.setattr(page_module, "PLAIN_MB", 0.001)
    packed = render_page(tables)
    text = _Reader(packed).scripts["data"]
    assert json.loads(zlib.decompress(base64.b64decode(text))) == _data(html)
    assert len(packed) < len(html)
    assert outside_links(packed) == []


def test_every_word_that_the_page_asks_for_is_in_the_catalogue():
    asked = re.findall(r'(?:word|fill)\("([a-z._]+)"', _assets(".js"))
    asked += re.findall(r'"((?:page|note|field|table|value|group)\.[a-z_]+)"', _assets(".js"))
    asked += re.findall(r'data-(?:word|label)="([^"]+)"', _assets(".html"))
    assert len(asked) > 40
    assert sorted(key for key in set(asked) if not knows(key)) == []


def test_no_word_of_the_page_is_idle():
    text = _assets(".js") + _assets(".html")
    assert [
        key for key in read_catalogue("en") if key.startswith("page.") and key not in text
    ] == []


def test_scripts_and_frame_hold_no_words_of_their_own():
    # Chinese in the code, or English between tags, would not follow the language switch.
    assert re.findall(r"[\u4e00-\u9fff]", _assets(".js") + _assets(".html")) == []
    assert re.findall(r">\s*[A-Za-z][^<>{}]*<", _assets(".html")) == []


def test_values_of_closed_lists_have_words():
    values = {
        *columns.STATUSES, *columns.FACT_KINDS, *columns.MEASURE_STATUSES,
        *columns.PARK_LEVELS, *columns.VERDICTS, *columns.RISK_KINDS, *(set(columns.BANDS) - {"none"}),
    }  # fmt: skip
    assert sorted(value for value in values if not knows(f"value.{value}")) == []


def test_fields_of_cards_are_columns_with_words():
    for style in STYLES:
        assert {*style.card, *style.card_texts} <= set(LAYERS[style.layer].columns)
        assert [field for field in style.card if not knows(f"field.{field}")] == []
    assert sum(bool(style.card) for style in STYLES) > 10


def test_every_group_of_layers_has_words(tables):
    packed = pack_tables(tables)
    groups = {part["style"]["group"] for part in (*packed["layers"], *packed["rasters"])}
    assert [group for group in groups if not knows(f"group.{group}")] == []
