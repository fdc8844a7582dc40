import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.texts import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb\nc\td\x00", r"a\rb\nc\td\x00"),
        ("\x07\x08\x7f\x85", r"\x07\x08\x7f\x85"),
        ("\u202eabc\u2066", r"\u202eabc\u2066"),
        ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("\ud83d", r"\ud83d"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_acts_on_a_terminal_is_shown_instead(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "呼伦贝尔 Hulunbuir",
        "ᠬᠥᠯᠥᠨ\u202fᠪᠤᠶᠢᠷ\u180e",
        "می\u200cخواهم",
        "a b\u3000c",
        "\\x1b",
        "🏔️",
        "",
    ],
)
def test_names_of_any_script_pass(text):
    assert printable(text) == text


@given(st.text())
def test_nothing_that_acts_is_left(text):
    left = {
        unicodedata.category(sign) for sign in printable(text) if sign not in "\u180e\u200c\u200d"
    }
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
