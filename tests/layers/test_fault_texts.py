"""Texts of faults: every one that is raised is there, in Chinese too, and none is left over."""

from __future__ import annotations

import errno
import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from steppe.layers.errors import InputError, Problem, name_some, show_values
from steppe.layers.library_words import tell_error, tell_system
from steppe.layers.limits import LIMITS
from steppe.layers.wording import find_reader, read_catalogue, say, tell

ROOT = Path(__file__).parents[2]
ENGLISH, CHINESE = read_catalogue("en"), read_catalogue("zh")
ROOMS = ("fault", "fix", "told", "note", "place", "work", "system", "library", "unit", "weather")
# Keys that are put together of a room and a name that data, a library or the system has.
OF_NAMES = ("fault.value.", "fault.cell.", "fault.option.", "library.", "system.", "unit.")
HAN = re.compile("[\u4e00-\u9fff]")
# Names and examples that stay as they are in any language.
NAMES = re.compile(r"Open Fibre Data Standard|Export › Save Features As|\"[^\"]*\"|<[^>]*>")
ENGLISH_WORDS = re.compile(r"\b[a-z]+,? [a-z]+,? [a-z]+\b")


def sources() -> str:
    files = (path for room in ("gis", "layers", "routing") for path in (ROOT / room).rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_message_that_is_told_is_in_the_catalogues() -> None:
    told = set(re.findall(r'\btell\(\s*"([^"]+)"', sources()))
    assert len(told) > 300
    assert told <= set(ENGLISH)


def test_no_text_of_a_fault_is_left_over() -> None:
    named = set(re.findall(r'"([a-z]+(?:\.[A-Za-z0-9_]+)+)"', sources()))
    keys = {key for key in ENGLISH if key.partition(".")[0] in {*ROOMS} - {"note"}}
    assert not {key for key in keys - named if not key.startswith(OF_NAMES)}


@pytest.mark.parametrize("key", sorted(k for k in ENGLISH if k.partition(".")[0] in ROOMS))
def test_chinese_says_each_fault_in_chinese(key: str) -> None:
    words = re.sub(r"\{[^}]*\}", "", CHINESE[key])
    is_frame = not re.search(r"[A-Za-z]", words)
    assert HAN.search(words) or is_frame
    assert not ENGLISH_WORDS.search(NAMES.sub("", words))


def test_a_fault_is_said_in_the_language_of_the_locale(monkeypatch) -> None:
    problem = Problem("a.csv › parks", tell("fault.csv.empty"), tell("fix.write_head"), ("x", "y"))
    english = "a.csv › parks: is empty (rows x, y); write the names of the columns first"
    for locale, line in (
        ("zh_CN.UTF-8", "a.csv › parks：是空文件（行：x、y）；请先在首行写上列名"),
        ("C.UTF-8", english),
        ("de_DE.UTF-8", english),
    ):
        monkeypatch.setenv("LC_ALL", locale)
        assert str(problem) == line
        assert InputError(problem).lines() == [line]


def test_the_locale_is_asked_in_the_order_of_posix(monkeypatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert find_reader() == "en"
    monkeypatch.setenv("LANG", "zh_TW")
    assert find_reader() == "zh"
    monkeypatch.setenv("LC_MESSAGES", "en_GB.UTF-8")
    assert find_reader() == "en"
    monkeypatch.setenv("LC_ALL", "zh")
    assert find_reader() == "zh"


def test_faults_are_of_one_order_in_every_language() -> None:
    faults = [
        Problem("a", tell("fault.csv.empty"), tell("fix.write_head")),
        Problem("a", tell("fault.file.not_found"), tell("fix.put_beside_plan")),
        Problem("b", tell("fault.cell.empty"), tell("fix.correct")),
    ]
    told = [problem.say("en") for problem in faults]
    assert [problem.say("en") for problem in sorted(faults)] == sorted(told)


def test_a_fault_that_is_found_twice_is_told_once() -> None:
    twice = [
        Problem("a", tell("fault.option.level", value=name), tell("fix.correct")) for name in "xx"
    ]
    assert len(InputError(twice).lines()) == 1


def test_very_many_faults_are_counted_in_either_language(monkeypatch) -> None:
    faults = [Problem(f"{n}", tell("fault.csv.empty"), tell("fix.correct")) for n in range(203)]
    assert InputError(faults).lines()[-1] == "and 3 more faults"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert InputError(faults).lines()[-1] == "另有 3 处错误"


def test_nothing_of_the_data_is_read_as_a_text() -> None:
    """A name is never a format, whether it stands in a message or in a fault."""
    strange = "{what} {0} {x!r:>99} %s \x1b[31m"
    problem = Problem(strange, tell("fault.crs.unknown", crs=strange), tell("fix.correct"))
    for language in ("en", "zh"):
        line = problem.say(language)
        assert "{what} {0} {x!r:>99} %s" in line
        assert "\x1b" not in line


def test_values_are_listed_as_the_language_does() -> None:
    assert say(show_values(["a", "b", "c", "d"]), "en") == "'a', 'b', 'c' and others"
    assert say(show_values(["a", "b", "c", "d"]), "zh") == "'a'、'b'、'c' 等"
    assert say(name_some(["a", "b"]), "en") == "a, b"


def test_each_limit_names_what_it_counts() -> None:
    for limit in LIMITS.values():
        assert say(limit.counted, "en") == limit.unit
        assert HAN.search(say(limit.counted, "zh"))


def _caught(call) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 (of any kind)
        call()
    return caught.value


@pytest.mark.parametrize(
    "call",
    [
        lambda: json.loads("{"),
        lambda: json.loads('{"a" 1}'),
        lambda: tomllib.loads("a = "),
        lambda: tomllib.loads("[a\n"),
        lambda: tomllib.loads('a = "x'),
        lambda: tomllib.loads("a = 2020-13-01"),
        lambda: float("north"),
        lambda: b"\xff".decode("utf-8"),
        lambda: b"\xe4\xb8".decode("utf-8"),
    ],
)
def test_what_a_library_says_is_word_for_word_in_english_and_said_in_chinese(call) -> None:
    error = _caught(call)
    assert say(tell_error(error), "en") == str(error)
    chinese = say(tell_error(error), "zh")
    assert HAN.search(chinese)
    assert not ENGLISH_WORDS.search(chinese)


def test_what_the_system_says_is_its_own_text_in_english() -> None:
    for name in ("EACCES", "ENOENT", "ENOSPC", "EISDIR", "ELOOP", "ENAMETOOLONG", "EROFS"):
        number = getattr(errno, name)
        error = OSError(number, os.strerror(number))
        assert HAN.search(say(tell_system(error), "zh"))
        assert say(tell_system(error), "en")
    assert tell_system(OSError("something else")) == "something else"
