"""Messages: what both catalogues say, and that nothing of a parameter is read as a text."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers import wording
from steppe.layers.wording import find_languages, join, pair, read_catalogue, say, say_all, tell

ENGLISH, CHINESE = read_catalogue("en"), read_catalogue("zh")


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_chinese_and_english_have_the_same_keys_in_order():
    assert list(ENGLISH) == sorted(ENGLISH)
    assert list(CHINESE) == sorted(CHINESE)
    assert set(ENGLISH) == set(CHINESE)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_chinese_names_what_english_does_and_nothing_but_names(key):
    # Where English is a library's own text, other languages have the parameters of its fault.
    assert _named(CHINESE[key]) <= _named(ENGLISH[key]) or ENGLISH[key] == "{told}"
    assert all(name.isidentifier() for name in _named(ENGLISH[key]) | _named(CHINESE[key]))
    assert ENGLISH[key].strip("\n") == ENGLISH[key] != ""


@given(st.text())
def test_a_parameter_stands_as_it_is(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "read_catalogue", lambda _: {"key": "a {name} {km:.1f} b"})
        assert say(tell("key", name=text, km=1.25), "en") == f"a {text} 1.2 b"


def test_a_message_within_a_message_is_said_in_its_language(monkeypatch):
    texts = {
        "en": {"in": "{n} km", "out": "far: {of}"},
        "zh": {"in": "{n} 公里", "out": "远：{of}"},
    }
    monkeypatch.setattr(wording, "read_catalogue", lambda language: texts[language])
    nested = tell("out", of=tell("in", n=3))
    assert say_all("reason", nested) == {"reason_zh": "远：3 公里", "reason_en": "far: 3 km"}


def test_what_a_language_lacks_is_said_in_english(monkeypatch):
    monkeypatch.setattr(
        wording, "read_catalogue", lambda code: {"key": "so"} if code == "en" else {}
    )
    assert tell("key").say("fr") == "so"
    assert pair("北京", "Beijing").say("fr") == "Beijing"


def test_pieces_are_joined_as_the_language_does():
    assert say(join(["a", pair("乙", "b"), ""]), "zh") == "a、乙"
    assert say(join(["a", pair("乙", "b")]), "en") == "a, b"
    assert say(join(["甲。", "乙。"], "join.sentence"), "zh") == "甲。乙。"
    assert say(join(["A.", "B."], "join.sentence"), "en") == "A. B."
    assert find_languages()[:2] == ("zh", "en")
