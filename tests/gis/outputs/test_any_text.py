"""Any text in any field of a plan: every output holds it, and nothing that came of it."""

from __future__ import annotations

import csv
import dataclasses
import html
import importlib.util
import io
import json
import re
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from steppe.layers.contracts import LAYERS, RESULT_TABLES
from steppe.layers.tables import PlanTables
from steppe.layers.writer import csv_text, write_geopackage
from steppe.maps.page import render_page
from steppe.maps.payload import pack_tables
from steppe.maps.qgis_project import project_xml
from steppe.outputs.output_folder import settle, with_results
from steppe.report.report_page import render_report

# What the languages that a text passes through would take for their own.
FRAGMENTS = (
    *("{{ 7 * 7 }}", "{{", "}}", "{% raw %}", "{% endraw %}", "{%", "%}", "{# a #}", "{#", "#}"),
    *(
        "${window.probe=1}",
        "`",
        "[% 6 * 7 %]",
        "[%",
        "%]",
        "'",
        "''",
        "\\",
        '"',
        "\\n",
        "%25",
        "%s",
    ),
    *("<b>", "</script>", "<script>window.probe=2</script>", "<!--", "-->", "]]>", "<![CDATA["),
    *("<img src=x onerror=window.probe=3>", "&amp;", "&lt;b&gt;", "&#60;", "&", "<", ">", "<?xml"),
    *("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", ",", ";"),
    *(
        "\x00",
        "\x01",
        "\x1b[2J",
        "\x7f",
        "\x85",
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
        "名",
        "\U0001f3d4",
    ),
    *(
        "{{ lipsum.__globals__.os.popen('id').read() }}",
        "<!-- data -->",
        "<!-- title -->",
        " ",
        "a",
    ),
)
N_TEXTS = 40
# Columns of identifiers, of several of them, and of dates: these name things, people read others.
NO_TEXT = re.compile(
    r".*_ids?$|.*_node$|as_of|opened|time|scenario|country|neighbour|energy|slip_type|magnitude_type|"
    r"corridors|cables|path|shared|isolated|slower|kinds|evidence|apart_from|missing|"
    r"routes_evidence|measure|status|role|kind|level|criterion|component|band|quantity|unit|value"
)

any_text = st.one_of(
    st.text(max_size=30), st.lists(st.sampled_from(FRAGMENTS), max_size=5).map("".join)
)
many_texts = st.lists(any_text, min_size=N_TEXTS, max_size=N_TEXTS)
a_part = settings(
    max_examples=3,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
ten_thousand = settings(a_part, max_examples=10_000 // N_TEXTS)


def _small_plan() -> ModuleType:
    # The small plan of the maps' own tests; pytest shows a conftest to its folder only.
    path = Path(__file__).parents[2] / "maps" / "conftest.py"
    spec = importlib.util.spec_from_file_location("small_plan_of_texts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


HONEST: PlanTables = dataclasses.replace(_small_plan().make_tables(), rasters={})


def _free_columns(name: str) -> list[str]:
    contract = LAYERS.get(name) or RESULT_TABLES[name]
    return [
        name
        for name, column in contract.columns.items()
        if column.kind in ("text", "date")
        and name not in contract.key
        and not column.choices
        and not NO_TEXT.fullmatch(name)
    ]


def _fill(frame: pd.DataFrame, name: str, texts: Iterator[str]) -> pd.DataFrame:
    filled = {
        column: [next(texts) for _ in range(len(frame))]
        for column in _free_columns(name)
        if column in frame
    }
    return frame.assign(**filled)


def fill(texts: list[str]) -> PlanTables:
    """Return the small plan with texts in all its fields of text, in turn."""
    more = cycle(texts)
    info = dataclasses.replace(
        HONEST.info,
        **{
            name: next(more)
            for name in ("title_zh", "title_en", "scenario_zh", "scenario_en", "review_number")
        },
        criteria=tuple(
            dataclasses.replace(
                each,
                title_zh=next(more),
                title_en=next(more),
                measures=tuple(
                    dataclasses.replace(one, title_zh=next(more), reason=next(more))
                    for one in each.measures
                ),
            )
            for each in HONEST.info.criteria
        ),
        classes=tuple(
            dataclasses.replace(each, title_zh=next(more), title_en=next(more))
            for each in HONEST.info.classes
        ),
    )
    told = ("title", "publisher", "attribution", "accuracy", "note", "url")
    sources = {
        name: source.model_copy(update={field: next(more) for field in told})
        for name, source in HONEST.sources.items()
    }
    frames: dict[str, Any] = {
        name: _fill(table, name, more) for name, table in HONEST.tables.items()
    }
    layers = {name: _fill(layer, name, more) for name, layer in HONEST.layers.items()}
    told_of = dataclasses.replace(HONEST, info=info, sources=sources, layers=layers)
    return settle(told_of.with_tables(**frames))


class _Document(HTMLParser):
    """The elements of a document by name and names of attributes, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.by_id: dict[str, str] = {}
        self._id = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *sorted(name for name, _ in attrs)))
        self._id = dict(attrs).get("id") or tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        self.by_id[self._id] = self.by_id.get(self._id, "") + data


def _check_page(tables: PlanTables) -> None:
    honest, shown = _Document(render_page(HONEST)), _Document(render_page(tables))
    assert shown.elements == honest.elements
    assert json.loads(shown.by_id["data"]) == json.loads(json.dumps(pack_tables(tables)))
    titles = dict.fromkeys((tables.info.title_zh, tables.info.title_en))  # each once
    assert shown.by_id["title"].startswith(" ".join(titles))


def _check_report(tables: PlanTables) -> None:
    for language in ("zh", "en"):
        honest, shown = (_Document(render_report(each, language)) for each in (HONEST, tables))
        assert set(shown.elements) <= set(honest.elements)
        said = "".join(shown.texts)
        told = [getattr(tables.info, f"{name}_{language}") for name in ("title", "scenario")]
        told += [*tables.claims[f"text_{language}"], *tables.answers[f"text_{language}"]]
        told += [source.title for source in tables.sources.values()]
        assert [text for text in told if text not in said] == []


def _as_xml(text: str) -> str:
    """Return a text as XML can hold it: XML 1.0, sections 2.2 and 2.11."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _shown_by_qgis(text: str) -> str:
    """Return what QGIS makes of a label: the text, or that of the one constant in `[% %]`."""
    if "[%" not in text:
        return text
    found = re.fullmatch(r"\[% (.*) %\]", text, re.DOTALL)
    assert found is not None
    assert "%]" not in found[1], "QGIS would end the expression there"
    parts = re.fullmatch(
        r"'((?:[^'\\]|''|\\.)*)'(?: \|\| '((?:[^'\\]|''|\\.)*)')*", found[1], re.DOTALL
    )
    assert parts is not None, "more than constants"
    constants = re.findall(r"'((?:[^'\\]|''|\\.)*)'", found[1].replace("' || '", "\0"), re.DOTALL)
    return re.sub(r"''|\\(.)", lambda sign: sign[1] or "'", "".join(constants).replace("\0", ""))


def _check_project(tables: PlanTables) -> None:
    honest, shown = (ET.fromstring(project_xml(with_results(each))) for each in (HONEST, tables))
    outline = [(part.tag, *sorted(part.attrib)) for part in honest.iter()]
    assert [(part.tag, *sorted(part.attrib)) for part in shown.iter() if part.tag != "rights"] == [
        part for part in outline if part[0] != "rights"
    ]
    labels = {part.get("id"): part.get("labelText", "") for part in shown.iter("LayoutItem")}
    # An attribute keeps its ends of lines, for they are written as references.
    title = _as_xml_attribute(tables.info.title_zh)
    assert _shown_by_qgis(labels["sheet_title"] or "") == title
    attributions = [source.attribution for source in tables.sources.values()]
    rights = [part.text or "" for part in shown.iter("rights")]
    assert rights
    for right in rights:
        assert _Document(right).elements == []
        assert any(_as_xml(text) in html.unescape(right) for text in attributions)


def _as_xml_attribute(text: str) -> str:
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _check_geopackage(tables: PlanTables) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.gpkg"
        written = {"parks": tables.layers["parks"], "claims": tables.claims}
        write_geopackage(path, written, titles={}, date="2017-12-31")
        with closing(sqlite3.connect(path)) as base:
            for name, frame in written.items():
                for column in _free_columns(name):
                    rows = base.execute(f'SELECT "{column}" FROM {name} ORDER BY fid')
                    held = [text for (text,) in rows]
                    assert held == [None if pd.isna(text) else text for text in frame[column]]


def _check_csv(tables: PlanTables) -> None:
    for name in ("claims", "answers", "measures"):
        frame = getattr(tables, name)
        rows = list(csv.DictReader(io.StringIO(csv_text(frame), newline="")))
        assert len(rows) == len(frame)
        for column in _free_columns(name):
            for row, text in zip(rows, frame[column], strict=True):
                plain = "" if pd.isna(text) else text.replace("\r\n", "\n").replace("\r", "\n")
                assert row[column].replace("'", "") == plain.replace("'", "")
                assert not re.match(r"[=@＝＋－＠\t\r\n]|[+-](?![0-9.]+$)", row[column])


def check_texts(texts: list[str]) -> None:
    tables = fill(texts)
    _check_page(tables)
    _check_report(tables)
    _check_project(tables)
    _check_geopackage(tables)
    _check_csv(tables)


def test_the_fields_that_people_read_are_filled() -> None:
    filled = {
        (name, column) for name in {**LAYERS, **RESULT_TABLES} for column in _free_columns(name)
    }
    assert {
        ("parks", "name_zh"),
        ("parks", "operator"),
        ("claims", "found_zh"),
        ("rules", "clause"),
    } <= filled
    assert len(filled) > 60


@a_part
@given(many_texts)
@example(["".join(FRAGMENTS)] * N_TEXTS)
@example(["".join(reversed(FRAGMENTS))] * N_TEXTS)
@example([f"{FRAGMENTS[number]}1" for number in range(-N_TEXTS, 0)])
@example(["<b>a</b>&amp;", "\x01[% 6 * 7 %]'", "</title><script>", "+1\n=1"] * (N_TEXTS // 4))
def test_every_output_holds_any_text_and_nothing_that_came_of_it(texts: list[str]) -> None:
    check_texts(texts)


@pytest.mark.soak
@ten_thousand
@given(many_texts)
def test_every_output_holds_ten_thousand_texts(texts: list[str]) -> None:
    check_texts(texts)
