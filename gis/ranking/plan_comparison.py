"""Plans side by side: the best site of each, by the measures that all of them define alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from steppe.criteria.registry import list_groups
from steppe.decision.expectation import expect
from steppe.layers.tables import Measure
from steppe.layers.wording import Message, Words, join, pair, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.plan_schema import Plan
from steppe.ranking.banded_measures import read_bands
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.score_table import list_by_rank, read_totals

TRIP = "rtt_ms"
_SHOWN = (TRIP, "pue", "grid_220_km")
"""Measures that are told of every plan that lists them, also where no common score can be."""
_FACILITY = ("cooling.facility", "cooling.tower", "cooling.allowable.envelope")
_OF_THE_PLACE = tuple(
    f"cooling.{key}"
    for key in (
        "cities", "diurnal_range_k", "range_share", "day_spread_k", "persistence", "dryness_k"
    )
)  # fmt: skip
OWN_SCORE, COMMON_SCORE, UNKNOWN = "own_score", "common_score", "unknown"
COLUMNS = (
    "quantity", "title_zh", "title_en", "unit", "plan", "site_id", "site_zh", "site_en",
    "value", "low", "high", "score", "status", "reason_zh", "reason_en",
)  # fmt: skip


@dataclass(frozen=True)
class PlanComparison:
    """What plans come to beside each other.

    Parameters
    ----------
    rows
        One row for each quantity and plan, of its best site: columns `COLUMNS`; `score` is the
        value of a measure that all define alike, 0 to 1.
    notes
        Which measures are not compared, and why; by whose weights the common score is.
    """

    rows: pd.DataFrame
    notes: tuple[Words, ...]


def compare_plans(outcomes: Sequence[Outcome]) -> PlanComparison:
    """Put plans side by side.

    A measure is common where every plan scores it with the same unit and value function, and sets
    the same of how it is found; the round trip, also to a first target of the same name.  The
    common score is the mean of the common measures at the best site of each plan, weighted as the
    first plan weighs them; it is unknown where one of them is.

    Parameters
    ----------
    outcomes
        What the base of each plan comes to, with its backbone to the first target.
    """
    listed = [_list_measures(each) for each in outcomes]
    common, notes = _find_common(outcomes, listed)
    shares = _share_weights(outcomes[0], common)
    if common:
        first = outcomes[0].inputs.plan
        notes = [tell("compare.plans_weights", plan=first.name, n=len(shares)), *notes]
    else:
        notes = [tell("compare.plans_none"), *notes]
    rows = [
        row
        for outcome, measures in zip(outcomes, listed, strict=True)
        for row in _tell_plan(outcome, measures, shares)
    ]
    order = {each: n for n, each in enumerate(dict.fromkeys(row["quantity"] for row in rows))}
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return PlanComparison(
        frame.sort_values("quantity", key=lambda told: told.map(order), kind="stable").reset_index(
            drop=True
        ),
        tuple(notes),
    )


def _list_measures(outcome: Outcome) -> dict[str, Measure]:
    return {
        measure.measure_id: measure
        for criterion in outcome.info.criteria
        for measure in criterion.measures
    }


def _find_common(
    outcomes: Sequence[Outcome], listed: Sequence[dict[str, Measure]]
) -> tuple[list[str], list[Words]]:
    """Return the measures that all score alike, and why the others that all list are not."""
    shared = [name for name in listed[0] if all(name in each for each in listed[1:])]
    notes: list[Words] = []
    only = sorted({name for each in listed for name in each if each[name].worst is not None})
    lone = [name for name in only if name not in shared]
    if lone:
        notes.append(tell("compare.plans_lone", measures=join(lone)))
    common = []
    for name in shared:
        functions = [
            (each.unit, each.worst, each.best, each.shape, each.steepness, each.points)
            for each in (measures[name] for measures in listed)
        ]
        if all(each[name].worst is None for each in listed) and name not in _SHOWN:
            continue
        plans = [each.inputs.plan for each in outcomes]
        differing = [key for key in _settings(name) if len({_spell(p, key) for p in plans}) > 1]
        if any(function != functions[0] for function in functions):
            notes.append(tell("compare.plans_ends", measure=name))
        elif differing:
            notes.append(tell("compare.plans_settings", measure=name, keys=join(differing)))
        elif name == TRIP and len({_name_target(each.inputs) for each in outcomes}) > 1:
            notes.append(tell("compare.plans_targets", measure=name))
        elif all(measures[name].worst is not None or measures[name].points for measures in listed):
            common.append(name)
    return common, notes


def _settings(measure_id: str) -> tuple[str, ...]:
    """Return the settings that define a measure; what they say of the weather of a place is its own."""
    groups = {measure: group for group in list_groups() for measure in group.ids}
    settings = groups[measure_id].settings
    kinds = _FACILITY if any(key.startswith("cooling.") for key in settings) else ()
    return (*kinds, *(key for key in settings if key not in _OF_THE_PLACE))


def _spell(plan: Plan, key: str) -> str:
    """Return what a plan sets at a key, as `power.route_factor`, for comparison."""
    found: Any = plan
    for part in key.split("."):
        found = getattr(found, part, None)
    if isinstance(found, BaseModel):
        return found.model_dump_json(exclude={"reason", "route_reason", "source_id", "assumed"})
    return repr(found)


def _name_target(inputs: Inputs) -> str:
    targets, nodes = inputs.plan.network.targets, inputs.layer("nodes").set_index("node_id")
    if not targets:
        return ""
    return str(nodes["name_en"].get(targets[0], targets[0])).casefold()


def _share_weights(outcome: Outcome, common: Sequence[str]) -> dict[str, float]:
    """Return the shares of common measures, as a plan weighs them; alike where it weighs none."""
    weights = {
        measure.measure_id: criterion.weight * measure.weight
        for criterion in outcome.info.criteria
        for measure in criterion.measures
        if measure.measure_id in common
    }
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(common, 1.0 / len(common)) if common else {}
    return {name: weight / total for name, weight in weights.items() if weight}


def _tell_plan(
    outcome: Outcome, listed: dict[str, Measure], shares: dict[str, float]
) -> Iterator[dict[str, Any]]:
    plan, parks = outcome.inputs.plan, outcome.inputs.layers["parks"].set_index("park_id")
    ranked = list_by_rank(outcome.scores, outcome.info)
    totals = read_totals(outcome.scores, outcome.info).set_index("site_id")
    site = ranked[0] if ranked else None
    head: dict[str, Any] = {
        "plan": plan.name,
        "site_id": site,
        "site_zh": parks["name_zh"].get(site) if site else None,
        "site_en": parks["name_en"].get(site) if site else None,
    }
    own = totals.loc[site] if site else None
    yield head | {
        "quantity": OWN_SCORE,
        **_titled(tell("compare.own_score")),
        "unit": "1",
        **({end: own[end] for end in ("value", "low", "high")} if own is not None else {}),
    }
    told = outcome.measures[outcome.measures["site_id"] == site].set_index("measure_id")
    banded = [listed[name] for name in shares]
    rated = (
        {
            name: float(np.asarray(expect(found))[0])
            for name, found in read_bands(outcome.measures, [site], banded).items()
        }
        if site
        else {}
    )
    mean = sum(share * rated[name] for name, share in shares.items()) if rated else np.nan
    common = None if np.isnan(mean) else mean
    yield head | {
        "quantity": COMMON_SCORE,
        **_titled(tell("compare.common_score")),
        "unit": "1",
        "value": common,
    }
    for name in dict.fromkeys((*_SHOWN, *shares)):
        if name not in listed:
            continue
        row: dict[str, Any] = {
            "quantity": name,
            "unit": listed[name].unit,
            "score": rated.get(name),
        }
        row |= {"title_zh": listed[name].title_zh, "title_en": listed[name].title_en}
        if name in told.index:
            found = told.loc[name]
            row |= {end: found[end] for end in ("value", "low", "high", "status")}
            row |= {end: found[end] for end in ("reason_zh", "reason_en")}
        yield head | row
    level = outcome.measures["site_id"].isin(parks.index[parks["level"] == outcome.info.level])
    known = outcome.measures[level & outcome.measures["measure_id"].isin(list(listed))]
    yield head | {
        "quantity": UNKNOWN,
        **_titled(tell("compare.unknown")),
        "unit": "1",
        "value": float((known["status"] == "unknown").sum()),
    }


def _titled(words: Message) -> dict[str, str]:
    return {f"title_{language}": words.say(language) for language in ("zh", "en")}


def tell_first(outcome: Outcome) -> Words:
    """Return a line on the best site of a plan."""
    info, plan = outcome.info, outcome.inputs.plan
    ranked = list_by_rank(outcome.scores, info)
    title = pair(info.title_zh, info.title_en)
    if not ranked:
        return tell("compare.plan_unranked", plan=plan.name, title=title)
    parks = outcome.inputs.layers["parks"].set_index("park_id")
    name = pair(*(str(parks[f"name_{each}"][ranked[0]]) for each in ("zh", "en")))
    totals = read_totals(outcome.scores, info)
    return tell(
        "compare.plan", plan=plan.name, title=title, site=name, n_ranked=len(ranked), n=len(totals)
    )
