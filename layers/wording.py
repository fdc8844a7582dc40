"""What people read: messages by key with parameters, said in every language of the catalogues.

A catalogue is one file, `layers/words/LANGUAGE.json`: key to text, in which `{name}` or
`{name:.1f}` stands for a parameter.  English has every key; what another language lacks is said
in English.  A new language is a new file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "words"
BASE = "en"


@cache
def find_languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue: Chinese, English, then the rest by code."""
    codes = sorted(path.stem for path in FOLDER.glob("*.json"))
    return tuple(sorted(codes, key=("zh", BASE, *codes).index))


@cache
def read_catalogue(language: str) -> Mapping[str, str]:
    """Return a language's texts by key."""
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))


def has_words(key: str) -> bool:
    """Tell whether the catalogues have a key."""
    return key in read_catalogue(BASE)


def read_text(key: str, language: str) -> str:
    """Return the text of a key with its blanks; in English where the language lacks it."""
    texts = read_catalogue(language)
    return texts[key] if key in texts else read_catalogue(BASE)[key]


@dataclass(frozen=True)
class Message:
    """A text of the catalogues by its key, with the parameters that it names.

    Numbers are formatted as the text says, other messages are said in the same language, and
    texts stand as they are.  See `tell`.
    """

    key: str
    params: tuple[tuple[str, Param], ...] = ()

    def say(self, language: str) -> str:
        """Return the text in a language.

        Raises
        ------
        KeyError
            For a key that English does not have, or a parameter that was not given.
        """
        given = {
            name: value if isinstance(value, (int, float)) else say(value, language)
            for name, value in self.params
        }
        return read_text(self.key, language).format_map(given)


@dataclass(frozen=True)
class Texts:
    """What data themselves say in several languages, as a name in Chinese and English."""

    by_language: tuple[tuple[str, str], ...]

    def say(self, language: str) -> str:
        """Return the text in a language; in English, else any, where that one is not there."""
        texts = dict(self.by_language)
        return texts.get(language) or texts.get(BASE) or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Joined:
    """Pieces one after the other, with a separator that the catalogues have."""

    pieces: tuple[Words, ...]
    separator: str = "join.comma"

    def say(self, language: str) -> str:
        """Return the text in a language."""
        return (
            Message(self.separator).say(language).join(say(each, language) for each in self.pieces)
        )


Words = str | Message | Texts | Joined
"""What can be said; plain text is the same in every language."""
Param = Words | int | float


def tell(key: str, /, **params: Param) -> Message:
    """Return the message of a key.

    >>> tell("join.semicolon").say("zh")
    '；'
    """
    return Message(key, tuple(params.items()))


def pair(zh: str, en: str) -> Texts:
    """Return what data say in Chinese and English."""
    return Texts((("zh", zh), ("en", en)))


def join(pieces: Iterable[Words], separator: str = "join.comma") -> Joined:
    """Return pieces as one text, empty ones left out."""
    return Joined(tuple(each for each in pieces if each != ""), separator)


def say(words: Words, language: str) -> str:
    """Return words in a language."""
    return words if isinstance(words, str) else words.say(language)


def say_all(name: str, words: Words) -> dict[str, str | None]:
    """Return words in every language, by the columns that hold them; empty is None.

    >>> say_all("text", pair("北京", "Beijing"))
    {'text_zh': '北京', 'text_en': 'Beijing'}
    """
    texts = (say(words, language) or None for language in find_languages())
    return dict(zip(name_columns(name), texts, strict=True))


def name_columns(name: str) -> tuple[str, ...]:
    """Return the columns that hold a text in every language.

    >>> name_columns("reason")[:2]
    ('reason_zh', 'reason_en')
    """
    return tuple(f"{name}_{language}" for language in find_languages())


def hear(name: str, row: Mapping[Any, object]) -> Words:
    """Return what a row tells in the columns of a name; the other way round of `say_all`."""
    told = ((language, row[f"{name}_{language}"]) for language in find_languages())
    texts = tuple((language, text) for language, text in told if isinstance(text, str))
    return Texts(texts) if texts else ""


def find_reader() -> str:
    """Return the language of whoever runs the command, as the locale has it, else English."""
    named = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), ""
    )
    code = named.partition("_")[0].partition(".")[0].lower()
    return code if code in find_languages() else BASE
