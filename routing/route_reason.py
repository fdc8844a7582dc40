"""The reason of a range of independent routes, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from steppe.layers.wording import Joined, Message, Words, join, tell
from steppe.routing.backbone import SAID, Cable
from steppe.routing.shared_risk import Count

MAX_NAMED = 3


class Doubts(NamedTuple):
    """What is in doubt about some cables.

    Parameters
    ----------
    n_cables
        How many they are.
    told
        The doubts.
    at_low, at_high
        What these mean for the low end and for the high end.
    """

    n_cables: int
    told: list[Message]
    at_low: list[Message]
    at_high: list[Message]


def give_reason(
    between: Doubts,
    low: Count,
    high: Count,
    *,
    shared: Sequence[str],
    ends: tuple[str, str],
    names: Mapping[str, Words],
) -> Message:
    """Return why so many routes are independent.

    Parameters
    ----------
    between
        Of the cables on some route between two nodes.
    low, high
        Bounds of either end of the range.
    shared
        Corridors recorded for more than one of the cables.
    ends
        The two nodes.
    names
        What people call a node or a corridor, by id.
    """
    a, b = (names.get(end, end) for end in ends)
    if not between.n_cables:
        return tell("routes.none", a=a, b=b)
    told = {
        "a": a,
        "b": b,
        "routes": tell("routes.one") if low.low == 1 else tell("routes.several", n=low.low),
        "together": tell("routes.together", names=_some(shared, names)) if shared else "",
        "more": tell("routes.more", n=high.high) if high.high > low.low else tell("routes.no_more"),
    }
    if between.told:
        told |= {
            "doubts": join(between.told, "join.also"),
            "at_low": join(between.at_low, "join.also"),
            "at_high": join(between.at_high, "join.also"),
        }
        reason = tell("routes.doubted", **told)
    elif high.high > low.low:
        reason = tell("routes.said_but_risks", **told)
    else:
        reason = tell("routes.said", **told)
    if low.low < low.high or high.low < high.high:
        return tell("routes.bound", reason=reason, low=low.high, high=high.low)
    return reason


def find_doubts(cables: Sequence[Cable]) -> Doubts:
    """Return what is in doubt about some cables."""
    n_cables = len(cables)
    n_assumed = sum(cable.corridor_basis != SAID for cable in cables)
    n_unsure = sum(cable.existence != SAID for cable in cables)
    n_loose = sum(cable.ends_basis != SAID for cable in cables)
    doubts, at_low, at_high = list[Message](), list[Message](), list[Message]()
    if n_assumed:
        doubts.append(tell("routes.doubt_corridor", part=_part(n_assumed, n_cables)))
        apart = any(cable.apart_from for cable in cables)
        at_low.append(tell("routes.closest_but" if apart else "routes.closest"))
        at_high.append(tell("routes.spread"))
    if n_unsure:
        doubts.append(tell("routes.doubt_existence", part=_part(n_unsure, n_cables)))
    if n_loose:
        doubts.append(tell("routes.doubt_ends", part=_part(n_loose, n_cables)))
    if n_unsure or n_loose:
        at_low.append(tell("routes.sure_only"))
        at_high.append(tell("routes.with_all"))
    return Doubts(n_cables, doubts, at_low, at_high)


def _part(number: int, whole: int) -> Message:
    if whole == 1:
        return tell("routes.part_single")
    if number == whole == 2:  # noqa: PLR2004
        return tell("routes.part_both")
    if number == whole:
        return tell("routes.part_all", n=whole)
    return tell("routes.part_some", n=number, all=whole)


def _some(corridors: Sequence[str], names: Mapping[str, Words]) -> Joined | Message:
    more = len(corridors) - MAX_NAMED
    some = join([names.get(each, each) for each in corridors[:MAX_NAMED]])
    return tell("list.more", names=some, n=more) if more > 0 else some
