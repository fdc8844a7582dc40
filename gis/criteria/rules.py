"""Rules: each clause held against what was measured at each site; unknown stays unknown.

A scenario holds the clauses of its own year, see `rule_editions`.  Only a clause that is hard, and whose own text was read, keeps a site from a rank, and only
where it fails for certain: with the whole band of what was measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.criteria.finding import spell_sources
from steppe.criteria.nearby import DISTANCES, Quantity
from steppe.criteria.rule_editions import select_in_force
from steppe.criteria.rule_quantities import gather_quantities, is_pue
from steppe.layers.conformity import conform
from steppe.layers.contracts.evidence import RULE_CHECKS
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Message, Words, has_words, join, say_all, tell

EVERYWHERE = "*"
_HARD = "hard"
_RATIOS = {"1", "kWh/kWh"}  # one dimension, two ways to write it


@dataclass(frozen=True)
class RuleSettings:
    """How rules are held against sites.

    Parameters
    ----------
    scenario, year
        Scenario, and its year: only rules that hold in it are checked.
    grades
        Grades of data centre that the parks are to be; rules of other grades are not checked.
    relaxed
        Rule ids or clauses that exclude nothing.
    """

    scenario: str
    year: int
    grades: tuple[str, ...] = ()
    relaxed: frozenset[str] = frozenset()


def check_rules(
    layers: Mapping[str, gpd.GeoDataFrame],
    rules: pd.DataFrame,
    measures: pd.DataFrame,
    distances: Mapping[tuple[str, str], Quantity],
    *,
    settings: RuleSettings,
) -> pd.DataFrame:
    """Hold every rule that applies to a park against what is known of the park.

    ============ ===============================================================
    verdict      when
    ============ ===============================================================
    `pass`       the whole band keeps the clause
    `fail`       none of it does, and the clause hangs on nothing that no layer tells
    `unknown`    anything else
    ============ ===============================================================

    A clause that names the places that it wants (`named`) is kept there.  Any other park of its
    `region` breaks it, where the clause has a threshold only from that size on: a park that is
    known to be smaller keeps it, one of unknown size is unknown.

    Parameters
    ----------
    layers
        Layers of the plan, `parks` among them, and `boundaries` where there are some.
    rules
        Contract `RULES`.
    measures
        Contract `MEASURES` of one run.
    distances
        What `measure_nearby` measured of the names that `name_distances` gives.
    settings
        How they are held against sites.

    Returns
    -------
    DataFrame
        Contract `RULE_CHECKS`.

    Raises
    ------
    InputError
        For a clause to relax that is not there.
    """
    parks = layers["parks"]
    _refuse_strangers(_list_rules(rules), settings.relaxed)
    rows = _list_rules(select_in_force(rules, settings.year))
    checked = [rule for rule in rows if _is_checked(rule, settings.grades)]
    asked = {rule["measure"] for rule in checked}
    spoken = measures["measure_id"].map(lambda name: name in asked or is_pue(name))
    known = gather_quantities(parks, measures[spoken.astype(bool)], distances)
    places = _places(parks, layers.get("boundaries"))
    found = [
        _check(park_id, rule, known, is_named=_names(rule, places[park_id][0]), settings=settings)
        for park_id in parks["park_id"]
        for rule in checked
        if _applies(rule, *places[park_id])
    ]
    table = pd.DataFrame(found, columns=list(RULE_CHECKS.columns))
    ordered = table.sort_values(list(RULE_CHECKS.key)).reset_index(drop=True)
    return conform(ordered, RULE_CHECKS)


def exclusions(checks: pd.DataFrame) -> dict[str, str]:
    """Return the excluded parks, each with the rules that exclude it, separated by blanks."""
    rows = checks[checks["excludes"] == "yes"]
    return {
        str(site_id): spell_sources(group["rule_id"])
        for site_id, group in rows.groupby("site_id", sort=True)
    }


def _is_checked(rule: Mapping[str, Any], grades: Collection[str]) -> bool:
    meant = bool(rule["measure"] or rule["comparison"] or rule["kind"] == "siting")
    return meant and (not rule["grade"] or rule["grade"] in grades)


def name_distances(rules: pd.DataFrame, *, grades: Collection[str]) -> list[str]:
    """Return the distances of `DISTANCES` that rules of these grades are held against."""
    checked = {rule["measure"] for rule in _list_rules(rules) if _is_checked(rule, grades)}
    return [name for name in DISTANCES if name in checked]


def _refuse_strangers(rules: Sequence[Mapping[str, Any]], relaxed: Collection[str]) -> None:
    there = {str(rule[name]) for rule in rules for name in ("rule_id", "clause") if rule[name]}
    strange = sorted(set(relaxed) - there)
    if strange:
        raise InputError(
            Problem("--relax", tell("fault.rule.unknown", name=name), tell("fix.name_rule"))
            for name in strange
        )


def _list_rules(rules: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows, None where a cell is empty."""
    return rules.astype(object).where(rules.notna(), None).to_dict("records")  # type: ignore[return-value]


def _places(
    parks: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame | None
) -> dict[str, tuple[set[str], set[str]]]:
    """Return for each park what names it, and the outlines that hold its point."""
    columns = ("park_id", "parent_id", "node_id", "town_id")
    around: list[set[str]] = [set() for _ in range(len(parks))]
    if boundaries is not None:
        at = parks.geometry.to_numpy()
        for name, shape in zip(boundaries["boundary_id"], boundaries.geometry, strict=True):
            shapely.prepare(shape)
            for park in np.flatnonzero(shapely.covers(shape, at)).tolist():
                around[park].add(name)
    rows = parks[list(columns)].itertuples(index=False, name=None)
    return {
        str(row[0]): ({str(name) for name in row if pd.notna(name)}, outlines)
        for row, outlines in zip(rows, around, strict=True)
    }


def _names(rule: Mapping[str, Any], own: set[str]) -> bool:
    return not own.isdisjoint(str(rule["applies_to"]).split())


def _applies(rule: Mapping[str, Any], own: set[str], around: set[str]) -> bool:
    is_named, everything = rule["comparison"] == "named", own | around | {EVERYWHERE}
    reach = set(str((rule["region"] or "") if is_named else rule["applies_to"]).split())
    return not reach.isdisjoint(everything) or (is_named and _names(rule, own))


def _check(
    park_id: str,
    rule: Mapping[str, Any],
    known: Mapping[tuple[str, str], Quantity],
    *,
    is_named: bool,
    settings: RuleSettings,
) -> dict[str, Any]:
    quantity = known.get((park_id, rule["measure"] or ""))
    judged = (
        _judge_named(rule, quantity, is_named=is_named) if rule["comparison"] == "named" else None
    )
    verdict, reason = judged or _judge(rule, quantity)
    confirmed, more = rule["confirmed"] or "no", list[Message]()
    excludes = verdict == "fail" and rule["strength"] == _HARD and confirmed == "yes"
    if excludes and {rule["rule_id"], rule["clause"]} & settings.relaxed:
        excludes, more = False, [tell("rule.relaxed")]
    if confirmed == "no":
        more.append(tell("rule.not_read"))
    if rule["edition"] is None:
        more.append(tell("rule.no_year"))
    shown = quantity if quantity is not None and quantity.is_known else None
    kept = ("rule_id", "clause", "edition", "grade", "measure", "comparison", "strength")
    return {
        **{name: rule[name] for name in kept},
        "scenario": settings.scenario,
        "year": settings.year,
        "site_id": park_id,
        **{
            name: None if shown is None or not math.isfinite(getattr(shown, name))
            else getattr(shown, name)
            for name in ("value", "low", "high")
        },
        "threshold": rule["threshold"],
        "unit": rule["unit"] or (quantity.unit if quantity is not None else None),
        "verdict": verdict,
        "confirmed": confirmed,
        "excludes": "yes" if excludes else "no",
        **say_all("reason", join([reason, *more], "join.semicolon")),
        "source_ids": spell_sources(
            [rule["source_id"], *(shown.source_ids if shown is not None else ())]
        ),
    }  # fmt: skip


def _judge(rule: Mapping[str, Any], quantity: Quantity | None) -> tuple[str, Words]:
    """Return the verdict and why."""
    if quantity is None:
        what = rule["measure"]
        return "unknown", _tell_lack(str(what)) if what else tell("rule.nothing")
    keeps, breaks, why = _compare(rule, quantity)
    if keeps:
        return "pass", quantity.reason
    if breaks and rule["condition"]:
        short = tell("rule.short", condition=rule["condition"], reason=quantity.reason)
        return "unknown", short
    if breaks:
        return "fail", quantity.reason
    return "unknown", join([why, quantity.reason], "join.semicolon")


def _judge_named(
    rule: Mapping[str, Any], quantity: Quantity | None, *, is_named: bool
) -> tuple[str, Words]:
    """Return the verdict on a clause that names the places that it wants, and why."""
    if is_named:
        return "pass", tell("rule.named")
    elsewhere = tell("rule.elsewhere")
    if not rule["measure"]:
        return "fail", elsewhere
    if quantity is None:
        return "unknown", join([elsewhere, _tell_lack(str(rule["measure"]))], "join.semicolon")
    # The clause speaks of what is as large as its threshold, so that it is broken from there on.
    is_large, is_small, why = _compare({**rule, "comparison": "at_least"}, quantity)
    if is_small:
        return "pass", tell("rule.too_small", reason=quantity.reason)
    reasons = [elsewhere, *([] if is_large or not why else [why]), quantity.reason]
    return "fail" if is_large else "unknown", join(reasons, "join.semicolon")


def _tell_lack(what: str) -> Message:
    key = f"column.{what}"
    return tell("rule.no_layer", what=tell(key) if has_words(key) else what)


def _compare(rule: Mapping[str, Any], quantity: Quantity) -> tuple[bool, bool, Words]:
    """Tell whether the whole band keeps the clause, whether all of it breaks it, or why neither."""
    comparison, unit = rule["comparison"], rule["unit"]
    if not quantity.is_known:
        return False, False, ""
    if rule["threshold"] is None or not comparison:
        return False, False, tell("rule.no_figure")
    if unit and unit != quantity.unit and not {unit, quantity.unit} <= _RATIOS:
        return False, False, tell("rule.units", unit=unit, other=quantity.unit)
    threshold = float(rule["threshold"])
    keeps, breaks = {
        "at_least": (quantity.low >= threshold, quantity.high < threshold),
        "at_most": (quantity.high <= threshold, quantity.low > threshold),
        "below": (quantity.high < threshold, quantity.low >= threshold),
    }[comparison]
    return keeps, breaks, tell("rule.both_sides")
