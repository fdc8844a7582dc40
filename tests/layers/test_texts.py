import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.texts import printable, set_apart


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


@given(st.text("a1\u05d0\u0627\u202e\u202c\u2066\u2067\u2068\u2069 ", max_size=12))
def test_a_text_set_apart_keeps_its_marks_to_itself(text):
    """Isolates are counted as Unicode Standard Annex 9 matches them (BD9)."""
    depth, depths = 0, []
    for sign in set_apart(text):
        depth += unicodedata.bidirectional(sign) in {"LRI", "RLI", "FSI"}
        depth -= sign == "\u2069" and depth > 0
        depths.append(depth)
    turns = any(unicodedata.bidirectional(sign) not in {"L", "EN", "WS"} for sign in text)
    assert depth == 0
    assert not turns or all(depths[:-1])
    assert turns or set_apart(text) == text
    assert text in set_apart(text)
