"""Pieces of sentences about a ranking, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence

from steppe.ranking.robustness import Robust

Words = tuple[str, str]


def name_site(robust: Robust, site: int) -> Words:
    """Return what a park is called."""
    return robust.names[robust.sites[site]]


def list_leaders(robust: Robust) -> list[int]:
    """Return the parks at the top, more than one where they are level."""
    return [int(site) for site in robust.ranked if robust.total_rank[site] == 1]


def name_example(robust: Robust) -> Words:
    """Name the park that is spoken of where several are level at the top."""
    leaders = list_leaders(robust)
    if len(leaders) == 1:
        return "", ""
    zh, en = name_site(robust, leaders[0])
    return f"以并列的{zh}为例。", f"Of those level, take {en}. "


def join_names(names: Sequence[Words]) -> Words:
    """Return names as one enumeration."""
    zh = "、".join(name[0] for name in names)
    en = [name[1] for name in names]
    return zh, en[0] if len(en) == 1 else f"{', '.join(en[:-1])} and {en[-1]}"
