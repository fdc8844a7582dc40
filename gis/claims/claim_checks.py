"""Claims: what a document says, held against what the data say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.documents import CLAIM_TEXTS
from steppe.layers.contracts.evidence import CLAIMS
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, join, say_all, tell

if TYPE_CHECKING:
    from collections.abc import Hashable

WHERE = "claim_texts"

_LARGE = 1000.0
_UNITS = {"km2": "km²", "m2": "m²", "1": ""}


@dataclass(frozen=True)
class Evidence:
    """What the data say to one check.

    Parameters
    ----------
    low, high
        Range of the data, in `unit`; equal for a single figure; `high` is infinite for a
        figure that is known from below only; NaN when nothing is known.
    text
        The finding in words, or why nothing is known.
    source_ids
        Sources of the data.
    unit
        Unit of the range.
    places
        Range of each place, where the data are of several: a claim may hold at some of them.
        Without, the range is what one figure may be.

    Raises
    ------
    ValueError
        When one end alone is NaN, or `low` is above `high`.
    """

    low: float
    high: float
    text: Words
    source_ids: tuple[str, ...]
    unit: str
    places: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse a range that is none."""
        if math.isnan(self.low) != math.isnan(self.high) or self.low > self.high:
            msg = f"evidence from {self.low} to {self.high} is no range"
            raise ValueError(msg)

    @property
    def is_known(self) -> bool:
        """Whether the data say anything."""
        return not math.isnan(self.low)


def judge(claim_texts: pd.DataFrame, evidence: Mapping[str, Evidence]) -> pd.DataFrame:
    """Hold every claim against its evidence.

    ==================== =============================================================
    verdict              when
    ==================== =============================================================
    `holds`              the whole range of the data lies within the bounds, ends included
    `fails`              none of it does
    `partly`             some places lie within, others do not at all
    `undecided`          what a figure may be lies on both sides of a bound; so does one that
                         is known from below only, where the claim names a greatest above it
    `cannot_be_checked`  there is no check or no evidence
    ==================== =============================================================

    An empty bound is no bound.

    Parameters
    ----------
    claim_texts
        Contract `CLAIM_TEXTS`.
    evidence
        Evidence by the name of the check.

    Returns
    -------
    pandas.DataFrame
        Contract `CLAIMS`, one row per claim in the same order.

    Raises
    ------
    InputError
        For a claim with a check but no bound, bounds the wrong way round, or a unit that
        is not that of the evidence.
    """
    claims: list[dict[Hashable, Any]] = conform(claim_texts, CLAIM_TEXTS).to_dict("records")
    problems = [problem for claim in claims for problem in _faults(claim, evidence)]
    if problems:
        raise InputError(problems)
    kept = ("claim_id", "source_id", "place_in_text", "text_zh", "text_en")
    rows = [{name: claim[name] for name in kept} | _judge_one(claim, evidence) for claim in claims]
    return conform(pd.DataFrame(rows, columns=list(CLAIMS.columns)), CLAIMS)


def _faults(claim: Mapping[Hashable, Any], evidence: Mapping[str, Evidence]) -> Iterator[Problem]:
    check = _text(claim["check"])
    if not check:
        return
    rows = (str(claim["claim_id"]),)
    low, high = _bounds(claim)
    if low == -math.inf and high == math.inf:
        yield Problem(WHERE, tell("fault.claim.no_bound"), tell("fix.give_bounds"), rows)
    if low > high:
        yield Problem(WHERE, tell("fault.claim.low_above_high"), tell("fix.exchange"), rows)
    found = evidence.get(check)
    if found is not None and _text(claim["unit"]) != found.unit:
        unit = _text(claim["unit"])
        what = tell("fault.claim.unit", unit=unit, check=check, wanted=found.unit)
        yield Problem(WHERE, what, tell("fix.write_bounds_in_unit"), rows)


def _judge_one(
    claim: Mapping[Hashable, Any], evidence: Mapping[str, Evidence]
) -> dict[str, str | None]:
    check, note = _text(claim["check"]), _text(claim["reason"])
    found = evidence.get(check)
    if not check:
        return _unchecked(note or tell("claim.no_check"), None)
    if found is None or not found.is_known:
        said = found.text if found is not None else ""
        return _unchecked(said or tell("claim.unanswered", check=check), found)
    low, high = _bounds(claim)
    verdict, how = _hold(found, low, high)
    data = quantity_in_words(found.low, found.high, found.unit)
    if low == high and verdict == "holds":
        reason = tell("claim.as_claimed", data=data)
    else:
        reason = tell(how, data=data, claimed=_claimed(low, high))
    return {
        **say_all("found", found.text),
        "verdict": verdict,
        **say_all("reason", join([reason, note], "join.semicolon")),
        "source_ids": " ".join(found.source_ids),
    }


def _hold(found: Evidence, low: float, high: float) -> tuple[str, str]:
    """Return the verdict on the bounds, and the key of the words for it."""
    if low <= found.low and found.high <= high:
        return "holds", "claim.within"
    places = found.places or ((found.low, found.high),)
    outside = [most < low or least > high for least, most in places]
    if all(outside):
        return "fails", "claim.outside"
    if any(outside) and any(low <= least and most <= high for least, most in places):
        return "partly", "claim.partly_within"
    return "undecided", "claim.known_from_below" if found.high == math.inf else "claim.undecided"


def _unchecked(reason: Words, found: Evidence | None) -> dict[str, str | None]:
    return {
        **say_all("found", found.text if found is not None else ""),
        "verdict": "cannot_be_checked",
        **say_all("reason", reason),
        "source_ids": " ".join(found.source_ids) if found is not None else "",
    }


def _text(value: Any) -> str:
    # An empty cell of a text column comes as None or NaN.
    return value.strip() if isinstance(value, str) else ""


def _bounds(claim: Mapping[Hashable, Any]) -> tuple[float, float]:
    low, high = float(claim["low"]), float(claim["high"])
    return (-math.inf if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _number(value: float) -> str:
    # Four digits of a large number, three of a small one: more is not known.
    if abs(value) < _LARGE:
        return f"{value:.3g}"
    return f"{float(f'{value:.4g}'):,.0f}"


def quantity_in_words(low: float, high: float, unit: str) -> Words:
    """Write a range, or a single figure, so that it reads well.

    >>> from steppe.layers.wording import say
    >>> say(quantity_in_words(1145077, 1145077, "km2"), "en")
    '1,145,000 km²'
    >>> say(quantity_in_words(-0.4321, 8.8765, "°C"), "en")
    '-0.432 to 8.88 °C'
    >>> say(quantity_in_words(8, 8, "1"), "en")
    '8'
    >>> say(quantity_in_words(7552, math.inf, "MW"), "zh")
    '7,552 MW及以上'
    """
    number: Words = _number(low) if high == math.inf else _range(low, high)
    shown = _UNITS.get(unit, unit)
    if unit == "month":
        number = tell("claim.months", number=number)
    elif shown:
        number = tell("claim.with_unit", number=number, unit=shown)
    return tell("claim.or_more", what=number) if high == math.inf else number


def _range(low: float, high: float) -> Words:
    first, last = _number(low), _number(high)
    return first if first == last else tell("claim.range", low=first, high=last)


def _claimed(low: float, high: float) -> Words:
    if high == math.inf:
        return tell("claim.or_more", what=_number(low))
    if low == -math.inf:
        return tell("claim.or_less", what=_number(high))
    return _range(low, high)
