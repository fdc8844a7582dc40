"""Pieces of sentences about a ranking: parks, measures and criteria by name."""

from __future__ import annotations

from collections.abc import Sequence

from steppe.layers.tables import Criterion, Measure
from steppe.layers.wording import Texts, Words, join, pair, tell
from steppe.ranking.standing import Standing


def name_site(robust: Standing, site: int) -> Texts:
    """Return what a park is called."""
    return pair(*robust.names[robust.sites[site]])


def name_measure(measure: Measure) -> Texts:
    """Return a title as it stands at the head of a sentence."""
    return pair(measure.title_zh, measure.title_en)


def within_sentence(measure: Measure) -> Texts:
    """Return a title as it stands within a sentence: abbreviations keep their capitals."""
    title = measure.title_en
    lowered = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    return pair(measure.title_zh, lowered)


def name_criterion(criterion: Criterion) -> Texts:
    """Return the title of a criterion as it stands within a sentence."""
    return pair(criterion.title_zh, criterion.title_en.lower())


def list_leaders(robust: Standing) -> list[int]:
    """Return the parks at the top, more than one where they are level."""
    return [int(site) for site in robust.ranked if robust.total_rank[site] == 1]


def name_example(robust: Standing) -> Words:
    """Name the park that is spoken of where several are level at the top."""
    leaders = list_leaders(robust)
    return "" if len(leaders) == 1 else tell("answer.example", site=name_site(robust, leaders[0]))


def enumerate_words(pieces: Sequence[Words]) -> Words:
    """Return pieces as one enumeration, the last behind an "and" where the language has one."""
    if len(pieces) == 1:
        return pieces[0]
    return tell("join.last", rest=join(pieces[:-1]), last=pieces[-1])


def list_sites(robust: Standing, sites: Sequence[int]) -> Words:
    """Return the names of parks as one enumeration."""
    return enumerate_words([name_site(robust, site) for site in sites])
