"""What the assumed numbers are called, and what of them turns the first place, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from steppe.layers.tables import Criterion
from steppe.layers.wording import Texts, Words, has_words, join, pair, tell
from steppe.ranking.assumption_effects import Assumed, Assumptions
from steppe.ranking.number_format import spell_change, spell_unit, tell_share
from steppe.ranking.phrases import enumerate_words, name_criterion, name_site, within_sentence
from steppe.ranking.robustness import Robust
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.told_order import order_least_first

_MOST = 4  # what a sentence lists
_IDLE = 0.2  # a criterion that makes less than this part of its weight decides nothing


def name_number(number: Assumed, robust: Robust, towns: Mapping[str, Texts]) -> Words:
    """Return what an assumed number is called within a sentence."""
    parts = number.path.split(".")
    if number.kind == "class":
        return tell("assumed.name.class", town=towns.get(parts[1], pair(parts[1], parts[1])))
    if number.kind == "setting":
        return _name_setting(number.path.removesuffix(".value"))
    criterion = next(each for each in robust.info.criteria if each.name == parts[1])
    named = name_criterion(criterion)
    if number.kind == "weight":
        return tell("assumed.name.weight", criterion=named)
    measure = next(each for each in criterion.measures if each.measure_id == parts[2])
    title = within_sentence(measure)
    if number.kind == "share":
        return tell("assumed.name.share", measure=title, criterion=named)
    if parts[3] == "points":
        n = int(parts[4]) + 1
        return tell(f"assumed.name.point_{parts[5]}", measure=title, number=n)
    return tell(f"assumed.name.{parts[3]}", measure=title)


def _name_setting(path: str) -> Words:
    """Return what a setting is called; by its key where the catalogues have no words for it."""
    parts = path.split(".")
    if parts[:2] == ["cooling", "cities"]:
        whole = _name_setting(f"cooling.{parts[3]}")
        return tell("assumed.name.at_city", name=whole, city=parts[2])
    return (
        tell(f"setting.{path}")
        if has_words(f"setting.{path}")
        else tell("assumed.name.setting", path=path)
    )


def unit_of(number: Assumed, robust: Robust) -> str:
    """Return the unit of an assumed number; 1 for shares, and where its key tells the unit."""
    if number.kind == "class":
        return "g"
    if number.kind != "function" or number.path.endswith((".steepness", ".value")):
        return "1"
    measure_id = number.path.split(".")[2]
    return next(each.unit for _, each in robust.measures if each.measure_id == measure_id)


def tell_assumed(robust: Robust, found: Assumptions, towns: Mapping[str, Texts]) -> Words:
    """Tell which assumed numbers turn the first place, by how little, and to whom."""
    moved = [each for each in found.numbers if each.effect is not None]
    if not moved:
        return ""
    turning = sorted(
        (each for each in moved if each.effect is not None and each.effect.turn is not None),
        key=_way_to_turn,
    )
    n_fixed = len(found.numbers) - len(moved)
    told: list[Words] = []
    if turning:
        shown = [_tell_turn(each, robust, towns) for each in turning[:_MOST]]
        told.append(
            tell(
                "answer.assumed_turns" if len(turning) <= _MOST else "answer.assumed_turns_most",
                n=len(moved),
                n_turns=len(turning),
                n_rest=len(moved) - len(turning),
                told=join(shown, "join.semicolon"),
            )
        )
    else:
        least = moved[0]
        assert least.effect is not None
        told.append(
            tell(
                "answer.assumed_least",
                n=len(moved),
                name=name_number(least, robust, towns),
                lead=least.effect.least_lead,
            )
        )
    if found.first_shares is not None:
        told.append(tell("answer.assumed_all", share=tell_share(_share_of_first(robust, found))))
    if n_fixed:
        told.append(tell("answer.assumed_fixed", n=n_fixed))
    return join(told, "join.sentence")


def _share_of_first(robust: Robust, found: Assumptions) -> float:
    assert found.first_shares is not None
    is_first = robust.total_rank[robust.ranked] == 1
    return float(found.first_shares[is_first].sum())


def _way_to_turn(each: Assumed) -> tuple[float, str]:
    """Return how much of its range on that side a number goes before it turns the first place."""
    assert each.effect is not None
    assert each.effect.turn is not None
    side = each.low if each.effect.turn < each.value else each.high
    way = abs(each.effect.turn - each.value) / abs(side - each.value) if side != each.value else 0.0
    return way, each.path


def _tell_turn(each: Assumed, robust: Robust, towns: Mapping[str, Texts]) -> Words:
    assert each.effect is not None
    assert each.effect.turn is not None
    assert each.effect.rival is not None
    unit = unit_of(each, robust)
    scale, sign = (100.0, " %") if each.kind in ("weight", "share") else (1.0, spell_unit(unit))
    before, after = spell_change(scale * each.value, scale * each.effect.turn, unit=unit)
    return tell(
        "answer.assumed_turn",
        name=name_number(each, robust, towns),
        before=f"{before}{sign}",
        after=f"{after}{sign}",
        site=name_site(robust, robust.ranked[each.effect.rival]),
    )


def tell_spread(robust: Robust, found: Assumptions) -> Words:
    """Tell what sets the ranked parks apart, and which criterion decides nothing."""
    if np.isnan(found.spread).any():
        return ""
    order = order_least_first(-found.spread)[:_MOST]
    parts = [
        tell(
            "answer.spread_part",
            measure=within_sentence(robust.measures[k][1]),
            share=100 * float(found.spread[k]),
        )
        for k in order
        if found.spread[k] > 0
    ]
    idle: Sequence[Words] = [
        tell(
            "answer.spread_idle",
            criterion=pair(criterion.title_zh, criterion.title_en),
            weight=100 * criterion.weight,
            share=100 * share,
        )
        for criterion, share in _by_criterion(robust, found)
        if share < _IDLE * criterion.weight
    ]
    return join([tell("answer.spread", told=enumerate_words(parts)), *idle], "join.sentence")


def _by_criterion(robust: Robust, found: Assumptions) -> list[tuple[Criterion, float]]:
    return [
        (each, float(sum(share for (own, _), share in zip(robust.measures, found.spread, strict=True) if own is each)))
        for each in robust.info.criteria
        if each.weight > 0
    ]  # fmt: skip


def name_towns(outcome: Outcome) -> dict[str, Texts]:
    """Return the towns of a plan by name."""
    if "towns" not in outcome.inputs.layers:
        return {}
    towns = outcome.inputs.layers["towns"]
    rows = zip(towns["town_id"], towns["name_zh"], towns["name_en"], strict=True)
    return {str(town_id): pair(str(zh), str(en)) for town_id, zh, en in rows}
