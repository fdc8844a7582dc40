"""How templates become pages of one language."""

from __future__ import annotations

import re
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from steppe.charts.ranked_places import find_words
from steppe.layers.texts import set_apart
from steppe.layers.wording import BASE, Words, pair, say
from steppe.ranking.number_format import NOTHING
from steppe.report.report_names import SourceNumbers


def _read_template(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


_HAN = "[\u4e00-\u9fff]"
_ASIDE = re.compile(rf"[(（]([^()（）]*{_HAN}[^()（）]*)[)）]")


def quote_in(text: str, language: str) -> str:
    """Return a reference, which documents bear in one form, as it suits a page of a language.

    A page in Chinese leaves out those that are English prose, but for the Chinese number or
    name in brackets behind it; numbers and signs suit any.

    >>> [quote_in(each, "zh") for each in ("2(2)3", "GB 50174-2017", "annex A", "附录A")]
    ['2(2)3', 'GB 50174-2017', '', '附录A']
    >>> quote_in("plan on 5G of 2021 (发改高技〔2021〕1742号)", "zh")
    '发改高技〔2021〕1742号'
    """
    if language == BASE or re.search("[a-z]{3}", text) is None:
        return text
    aside = _ASIDE.search(text)
    if aside is not None and re.search(_HAN, text[: aside.start()]) is None:
        return aside[1]
    return text if re.search(_HAN, text) is not None else ""


def _finish(value: object) -> object:
    # What is drawn, and what a macro made, is done already.
    return set_apart(value) if type(value) is str else value


def render(template: str, language: str, numbers: SourceNumbers, **values: object) -> str:
    """Return a page that says everything in one language.

    Parameters
    ----------
    template
        Name of a file beside this module.
    language
        One of `steppe.layers.wording.find_languages`.
    numbers
        What the page cites.
    values
        What the template speaks of.
    """
    environment = Environment(
        loader=FunctionLoader(_read_template),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finish,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def speak(words: Words) -> str:
        return say(words, language)

    def quote(text: object) -> str:
        return quote_in(text, language) if isinstance(text, str) else ""

    environment.globals |= {
        "quote": quote,
        "w": lambda key: speak(find_words(key)),
        "t": speak,
        "pair": pair,
        "cite": numbers.cite,
        "numbers": numbers,
        "language": language,
        "nothing": NOTHING,
    }
    return environment.get_template(template).render(**values) + "\n"
