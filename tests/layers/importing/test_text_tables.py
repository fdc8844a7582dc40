"""Text tables in every dialect come back cell by cell; pandas reads what it is told, we find it."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.layers.importing.file_opening import open_file
from steppe.layers.importing.numerals import parse_number
from steppe.layers.importing.text_encodings import find_encoding
from steppe.layers.importing.text_tables import read_text_table

# Words and signs of cells: Chinese, quotes, the separators themselves, ends of lines.
WORDS = st.sampled_from(
    (
        "和林格尔",
        "集宁区",
        "数据中心",
        "乌兰察布市",
        "云计算基地",
        "220kV",
        "a b",
        "x;y",
        "1|2",
        "u,v",
        'say "no"',
        "two\nlines",
        "tab\there",
        "甲；乙",
    )
)
CELLS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
TABLES = st.lists(st.tuples(CELLS, CELLS, st.integers(-(10**6), 10**6)), min_size=2, max_size=8)
HEAD = ("名称", "说明", "负荷", "lon", "lat")


def written(rows, sign: str, quoting: int, ends: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=sign, quoting=quoting, lineterminator=ends).writerows(rows)
    return text.getvalue()


@settings(max_examples=40)
@given(
    table=TABLES,
    dialect=st.tuples(
        st.sampled_from((",", ";", "\t", "|")),
        st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
        st.sampled_from(("\n", "\r\n")),
    ),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")),
    decimal=st.sampled_from((".", ",")),
)
def test_any_dialect_comes_back(tmp_path_factory, table, dialect, encoding, decimal) -> None:
    sign, quoting, ends = dialect
    rows = [
        (
            name,
            words,
            f"{number / 64:.6f}".replace(".", decimal),
            f"{100 + n}.5".replace(".", decimal),
            f"{40 + n}.25".replace(".", decimal),
        )
        for n, (name, words, number) in enumerate(table)
    ]
    path = tmp_path_factory.mktemp("dialect") / "a.csv"
    path.write_bytes(written([HEAD, *rows], sign, quoting, ends).encode(encoding))
    raw = open_file(path)
    told = pd.read_csv(path, sep=sign, encoding=encoding, dtype=str, keep_default_na=False)
    assert raw.separator == sign
    assert raw.decimal == decimal
    assert raw.fields == list(told.columns)
    for name in HEAD:
        # Ends of lines within a cell are as they stand; pandas makes them all alike.
        assert [cell.replace("\r\n", "\n") for cell in raw.frame[name]] == [
            cell.replace("\r\n", "\n") for cell in told[name]
        ]
    loads = [parse_number(cell, raw.decimal) for cell in raw.frame["负荷"]]
    assert loads == [round(number / 64, 6) for _, _, number in table]
    assert raw.frame.geometry.x.tolist() == [100.5 + n for n in range(len(table))]


@settings(max_examples=30)
@given(
    st.lists(WORDS, min_size=1, max_size=20),
    st.sampled_from(("gbk", "gb18030", "big5", "utf-8", "utf-16")),
)
def test_an_encoding_that_is_named_reads_the_text_back(words: list[str], encoding: str) -> None:
    text = " ".join(words)
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:  # signs of the mainland that Big5 has not
        return
    found = find_encoding(content)
    assert found is None or content.decode("utf-8-sig" if found == "utf-8" else found) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Abidjan,Côte d'Ivoire\nLomé,Togo\n", "cp1252"), ("Улан-Батор,Чита\n", "cp1251"), ("København;Århus\n", "iso8859-1"),
        ("ガリ,東京\n", "shift_jis"), ("서울특별시,부산광역시,인천광역시\n", "cp949"), ("データセンター,北海道\n", "euc_jp"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_not_guessed(text: str, encoding: str) -> None:
    assert find_encoding(text.encode(encoding)) in {None, encoding}


def test_rows_of_another_width_are_kept() -> None:
    grid, sign = read_text_table("a,b,c\n1,2\n3,4,5,6\n", "x")
    assert sign == ","
    assert grid.rows == [["a", "b", "c"], ["1", "2"], ["3", "4", "5", "6"]]


def test_lines_are_numbered_as_in_the_file() -> None:
    grid, _ = read_text_table('sep=;\na;b\n\n"x\ny";1\nz;2\n', "x")
    assert [number for number, row in zip(grid.numbers, grid.rows, strict=True) if row] == [2, 4, 6]


@pytest.mark.parametrize("text", ["a,b\n1,\0\n", 'a,b\n"1,2\n', "a,b\n" + "x" * 40_000 + ",1\n"])
def test_what_is_no_table_is_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_text_table(text, "x")
    assert len(caught.value.lines()) == 1
