"""TOML that somebody sent: what the parser would choke on is told in one line, the rest is read."""

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers import toml
from steppe.layers.errors import InputError
from steppe.layers.sources import read_sources
from steppe.layers.toml import read_toml


def refusal(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    with pytest.raises(InputError) as caught:
        read_toml(path, missing="write it")
    (problem,) = caught.value.problems
    assert len(str(problem)) < 300
    return str(problem)


HARMFUL = {
    "an integer of 5 000 digits": ("a = 1\nb = " + "7" * 5_000, "line 2: holds 5 000 digits"),
    "a hexadecimal one": ("b = 0x" + "f" * 5_000, "5 000 digits"),
    "one with underscores": ("b = 1" + "_1" * 5_000, "10 001 digits"),
    "a float of as many": ("b = 0." + "7" * 5_000, "5 000 digits"),
    "nested arrays": ("a = " + "[" * 1_000 + "]" * 1_000, "65 levels, at most 64"),
    "nested tables": ("a = " + "{a = " * 1_000 + "1" + "}" * 1_000, "65 levels"),
    "nested by turns": ("a = " + "[{a = " * 500 + "1" + "}]" * 500, "65 levels"),
    "a key of a million parts": ("a." * 1_000_000 + "a = 1", "17 parts, at most 16"),
    "with blanks between": ("a . " * 100_000 + "a = 1", "17 parts"),
    "in a head": ("[" + "a." * 1_000 + "a]", "17 parts"),
    "in quotation marks": ("'a'." * 1_000 + "a = 1", "17 parts"),
    "in a table in a line": ("a = {" + "b." * 1_000 + "b = 1}", "17 parts"),
    "a long text": ("a = '" + "x" * 40_000 + "'", "40 000 characters"),
    "a text never closed": ('a = "' + '\\"' * 100_000, "characters"),
    "a text of lines never closed": ("a = '''" + "'\n" * 1_000, "not TOML"),
    "4 MB": ("#" * (4 << 20), "bytes"),
    "UTF-16": ("a = 1".encode("utf-16"), "not TOML"),
    "a NUL": ("a = '\0'", "not TOML"),
    "a day that is none": ("a = 2017-02-30", "not TOML"),
}


@pytest.mark.parametrize(("content", "words"), HARMFUL.values(), ids=HARMFUL)
def test_what_would_not_end_is_one_line(tmp_path: Path, content: str | bytes, words: str) -> None:
    assert words in refusal(tmp_path / "plan.toml", content)


HARMLESS = {
    "brackets in texts": "a = '" + "[" * 100 + "'\nb = \"" + "{" * 100 + '\\""',
    "brackets in texts of lines": "a = '''" + "[" * 100 + "''''\nb = \"\"\"" + "[" * 100 + '\\""""',
    "brackets in a comment": "# " + "[" * 100 + " it's\na = 1",
    "dots in texts": "a = '" + "." * 100 + "'",
    "dots of numbers": "a = [" + "1.5, " * 100 + "]",
    "as deep as it may be": "a = " + "[" * 64 + "]" * 64,
    "as many parts as there may be": "a." * 15 + "a = 1",
    "as many digits as there may be": "a = " + "7" * 300,
    "a text as long as it may be": "a = '" + "x" * 32_767 + "'",
    "lines of another system": "a = 1\r\nb = '''x\r\ny'''\r\n",
    "many tables": "".join(f"[[a.b]]\nc = {n}\n" for n in range(2_000)),
}


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_what_is_within_the_limits_is_read(tmp_path: Path, content: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(content.encode("utf-8"))
    assert read_toml(path, missing="") == tomllib.loads(content)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("\ufeffa = '甲'", encoding="utf-8")
    assert read_toml(path, missing="") == {"a": "甲"}


@given(st.text(alphabet=string.ascii_letters + "[]{}'\"\\#.=, \n\r_019-", max_size=200))
def test_any_text_is_read_as_the_parser_reads_it_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode("utf-8"))
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(InputError):
            read_toml(path, missing="")
    else:
        assert read_toml(path, missing="") == expected


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plan\.toml: file not found; write it"):
        read_toml(tmp_path / "plan.toml", missing="write it")


FIELDS = "\n".join(
    f'{name} = "x"' for name in ("title", "publisher", "licence", "attribution", "accuracy")
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            f'[s]\nsource_id = "t"\nyear = 2017\nas_of = 2017-12-31\n{FIELDS}',
            "s.source_id: unknown",
        ),
        ("s = 1", "is not a table"),
        ("[[s]]\na = 1", "is not a table"),
        (f"[s]\nyear = 'x'\nas_of = 2017-12-31\n{FIELDS}", "s.year"),
        (f"[s]\nyear = inf\nas_of = 2017-12-31\n{FIELDS}", "s.year"),
        (f"[s]\nyear = {'9' * 300}\nas_of = 2017-12-31\n{FIELDS}", "s.year"),
        (f"[s]\nyear = 2017\nas_of = 2017-12-31T10:00:00\n{FIELDS}", "s.as_of"),
        (f"[s]\nyear = 2017\nas_of = 10:00:00\n{FIELDS}", "s.as_of"),
        (f"[s]\nyear = 2017\nas_of = nan\n{FIELDS}", "s.as_of"),
        (f"[s]\nyear = 2017\nas_of = [2017-12-31]\n{FIELDS}", "s.as_of"),
        (f"[s]\nyear = 2017\nas_of = 86400\n{FIELDS}", "s.as_of: is no day; write it as"),
        (f"[s]\nyear = 2017\nas_of = '20171231'\n{FIELDS}", "s.as_of: is no day"),
        (f"[s]\nyear = 2017\nas_of = 2017-12-31\nid = 's'\n{FIELDS}", "s.id: unknown key"),
        (f"[s]\nyear = 2017\n{FIELDS}", "s.as_of: is missing"),
    ],
)
def test_a_source_of_a_wrong_kind_is_one_line(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_sources(path)
    (problem,) = caught.value.problems
    assert words in str(problem)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ('title = "a\\u0000b"', "title"),
        ('a.b = [1, ["x", "\\u001b[31m"]]', "a.b.1.1"),
        ('[[a]]\nb = { c = "\\u0085" }', "a.0.b.c"),
        ('a = "\\uFFFE"', "a"),
        ('"a\\u0001" = 1', "a\\x01"),
    ],
)
def test_a_control_character_is_told_where_it_stands(
    tmp_path: Path, content: str, place: str
) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        toml.read_toml(path, missing="")
    assert caught.value.lines() == [f"plan.toml › {place}: holds a control character; take it out"]


def test_lines_and_tabs_are_no_controls(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('a = "1\\t2\\n3\\r\\n名\\u200d"', encoding="utf-8")
    assert toml.read_toml(path, missing="") == {"a": "1\t2\n3\r\n名\u200d"}


def test_the_look_over_takes_time_as_the_text_is_long() -> None:
    """Tokens are possessive: a quotation mark that is never closed is passed over once."""
    for piece in ('"', "'", '"""', "'''", '\\"', '"\\', "'\n", "#", "0x_", "a.\n", "[]"):
        tokens = list(toml._TOKEN.finditer(piece * 5_000))
        assert len(tokens) <= len(piece) * 5_000


@pytest.mark.parametrize(
    "line", ['a = "x\\u0000y"', 'a = ["\\u0007"]', '"x\\u001b[2J" = 1', 'a = "\\u009b1m"']
)
def test_signs_that_no_table_keeps_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"[b]\n{line}\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"plan.toml › b.*: holds a control character; take it out"
    ):
        toml.read_toml(path, missing="")


def test_lines_and_tabs_of_a_text_stay(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text('a = "x\\n\\ty"', encoding="utf-8")
    assert toml.read_toml(path, missing="") == {"a": "x\n\ty"}
