"""Tags that a file holds in one column are columns of their own, whoever wrote them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.importing.fields_matching import match_fields
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.tag_columns import spread_tags

TAGS = st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=5)


def as_hstore(tags: dict[str, str]) -> str:
    """As the manual of PostgreSQL writes it: quotation marks and backslashes bear a backslash."""
    return ", ".join(f"{quote(key)}=>{quote(value)}" for key, value in tags.items())


def quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@given(st.lists(TAGS, min_size=1, max_size=4), st.sampled_from([json.dumps, repr, as_hstore]))
def test_tags_come_back_from_any_writing(rows: list[dict[str, str]], write) -> None:
    frame = pd.DataFrame({"tags": [write(row) for row in rows]}, dtype=object)
    spread, notes = spread_tags(frame)
    assert not notes
    for name in {name for row in rows for name in row}:
        column = spread["tags" if name == "tags" else name]
        assert [None if pd.isna(cell) else cell for cell in column] == [r.get(name) for r in rows]


@pytest.mark.parametrize("cell", ["[1, 2]", "{not one}", "power=line", '"a"=>', "{" * 5000, "7"])
def test_what_is_no_tags_stays_as_it_is(cell: str) -> None:
    frame = pd.DataFrame({"tags": ["{'a': 'b'}", cell]})
    spread, _ = spread_tags(frame)
    assert list(spread["tags"]) == ["{'a': 'b'}", cell]


def test_a_tag_that_contradicts_its_column_is_kept_beside_it() -> None:
    frame = pd.DataFrame({"power": ["line", "line"], "tags": ['{"power": "cable"}', "{}"]})
    spread, _ = spread_tags(frame)
    assert list(spread["power"]) == ["line", "line"]
    assert spread["power_2"][0] == "cable"


def test_of_two_fields_of_names_the_fuller_one_is_taken() -> None:
    frame = pd.DataFrame(
        {"name:en": [None, None, "Cochabamba"], "name": ["Potosí", "Sucre", "Quchapampa"]}
    )
    found = {each.column: each for each in match_fields(frame, INPUT_LAYERS["towns"], {}, basis={})}
    assert found["name_en"].source.field == "name"


@pytest.mark.packs
def test_voltages_of_a_grid_are_found_among_its_tags(datasets: Path) -> None:
    path = datasets / "messy" / "grid_bolivia" / "osm_brut_power_substation.gpkg"
    raw = open_file(path)
    matches = match_fields(raw.frame, INPUT_LAYERS["substations"], {}, basis={})
    found = {each.column: each.source for each in matches}
    assert (found["voltage_kv"].field, found["voltage_kv"].unit) == ("voltage", "V")
    # The source of the data, which more rows tell, is no source of energy.
    assert found["energy"].field == "generator:source"
