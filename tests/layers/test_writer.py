"""CSV that a spreadsheet opens: texts stay texts, rows stay rows, numbers stay numbers."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from steppe.layers.writer import csv_text, write_csv

# What starts a formula in Excel, LibreOffice or WPS, as OWASP lists it ("CSV injection").
FORMULAS = [
    *("=1+1", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "\r\n=1"),
    *(
        "＝1+1",
        "＋1+1",
        "－1+1",
        "＠SUM(1)",
        "﹦1",
        " =1+1",
        "\u3000=1",
        "\u200b=1",
        "+1\n=1",
        "\ufeff=1",
    ),
]


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_starts_a_formula_gets_an_apostrophe(text: str) -> None:
    (head,), (cell,) = _read(csv_text(pd.DataFrame({text: [text]})))
    assert cell.startswith("'")
    assert head == cell


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_no_end_of_line_in_a_cell_starts_a_row_with_a_formula(end: str) -> None:
    written = csv_text(pd.DataFrame({"name": [f"a{end}=1+1"], "other": ["b"]}))
    assert "\r" not in written
    assert not any(line.startswith(("=", '"=')) for line in written.splitlines())
    assert _read(written)[1] == ["a\n'=1+1", "b"]


@pytest.mark.parametrize(
    "text", ["a=1", "呼和浩特", "1-2", "'=1", "-5", "+3.25", "", "–", "(=1)", "−5"]
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert _read(csv_text(pd.DataFrame({"name": [text], "other": ["b"]})))[1] == [text, "b"]


def test_numbers_stay_numbers() -> None:
    frame = pd.DataFrame(
        {
            "decimal": [-1.5, None],
            "whole": pd.array([-3, None], dtype="Int64"),
            "mixed": pd.Series([-2.5, "-x"], dtype=object),
        }
    )
    assert _read(csv_text(frame))[1:] == [["-1.5", "-3", "-2.5"], ["", "", "'-x"]]


def test_the_file_has_a_mark_for_excel_and_lf_everywhere(tmp_path) -> None:
    write_csv(tmp_path / "a.csv", pd.DataFrame({"name": ["呼和浩特"]}))
    assert (tmp_path / "a.csv").read_bytes() == "\ufeffname\n呼和浩特\n".encode()


@given(st.lists(st.text(), min_size=1))
@example(["\r=1+1", "a\r\n\t=1"])
def test_whatever_the_texts_rows_and_signs_are_kept(texts: list[str]) -> None:
    rows = _read(csv_text(pd.DataFrame({"first": texts, "last": "z"})))[1:]
    assert [row[1:] for row in rows] == [["z"]] * len(texts)
    for text, (cell, _) in zip(texts, rows, strict=True):
        plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        assert cell.replace("'", "") == plain.replace("'", "")
