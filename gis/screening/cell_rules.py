"""The clauses of a plan over cells: which kills a cell, which it keeps, and what is not known."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.rule_editions import select_in_force
from steppe.criteria.rules import EVERYWHERE
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.cell_field import Cells
from steppe.screening.grid import PARTS
from steppe.screening.result import ScreenRule

STRENGTHS = ("hard", "assumed", "required", "in_principle", "should", "mainly", "as_needed", "aim")
"""From the strongest on; `assumed` are the clauses of `[screening]`."""
MOST_RULES = 254
_RATIOS = {"1", "kWh/kWh", "°", "deg"}

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class CellRule:
    """A clause as it is held against cells.

    Parameters
    ----------
    rule
        Its code, name, strength, and whether it kills.
    comparison, threshold, unit
        What is asked; NaN where nothing can be told.
    why
        Why no cell can be told, empty where some can.
    is_relaxed
        Whether it would kill, were it not for `--relax`.
    confirmed
        Whether its own text was read: `yes` or `no`.
    source_id
        Who says so; empty where it is assumed.
    """

    rule: ScreenRule
    comparison: str
    threshold: float
    unit: str
    why: Words
    is_relaxed: bool
    confirmed: str
    source_id: str


def list_cell_rules(
    inputs: Inputs, *, measured: Mapping[str, str], relax: Collection[str] = ()
) -> list[CellRule]:
    """Return the clauses that speak of a place of the region, the strongest first.

    Clauses that name places, and those of parks, speak of no cell and are left out.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    measured
        What is measured over cells, and its unit.
    relax
        Rule ids or clauses that are to kill nothing.

    Raises
    ------
    InputError
        For a clause to relax that is not there, and for more clauses than codes.
    """
    entry, plan = inputs.plan.screening, inputs.plan
    in_force = select_in_force(inputs.tables["rules"], plan.scenario.year)
    rows: list[dict[str, Any]]
    rows = in_force.astype(object).where(in_force.notna(), None).to_dict("records")  # type: ignore[assignment]
    here = {EVERYWHERE, plan.region.boundary_id}
    asked: list[dict[str, Any]] = [
        {**row, "unit": row["unit"] or ""}
        for row in rows
        if row["kind"] in {"siting", "efficiency"}
        and row["measure"]
        and row["comparison"] != "named"
        and (not row["grade"] or row["grade"] in plan.rules.grades)
        and here & set(str(row["applies_to"]).split())
    ]
    asked += [
        {
            "rule_id": each.id,
            "clause": f"screening.clauses: {each.id}",
            "strength": "assumed" if each.is_assumed else "hard",
            "measure": each.measure,
            "comparison": each.comparison,
            "threshold": each.threshold,
            "unit": "",
            "confirmed": "yes",
            "source_id": each.source_id or "",
        }
        for each in entry.clauses
    ]
    there = {str(row[name]) for row in asked for name in ("rule_id", "clause")}
    strange = sorted(set(relax) - there)
    if strange:
        raise InputError(
            Problem("--relax", tell("fault.rule.unknown", name=name), tell("fix.name_rule"))
            for name in strange
        )
    if len(asked) > MOST_RULES:
        what = tell("fault.screen.rules", n=len(asked), most=MOST_RULES)
        raise InputError(Problem(plan.file, what, tell("fix.correct")))
    killing = {*entry.strengths, "assumed"}
    asked.sort(key=lambda row: (STRENGTHS.index(row["strength"]), row["rule_id"]))
    return [
        _make(number, row, measured, killing, set(relax))
        for number, row in enumerate(asked, start=1)
    ]


def _make(
    number: int,
    row: Mapping[str, Any],
    measured: Mapping[str, str],
    killing: Collection[str],
    relax: Collection[str],
) -> CellRule:
    name, clause = str(row["rule_id"]), str(row["clause"])
    measure, unit = str(row["measure"]), str(row["unit"])
    would_kill = row["strength"] in killing
    is_relaxed = would_kill and not {name, clause}.isdisjoint(relax)
    why: Words = ""
    if measure not in measured:
        why = tell("screen.rule_unmeasured", measure=measure)
    elif row["threshold"] is None or not row["comparison"]:
        why = tell("rule.no_figure")
    elif row.get("condition"):
        why = tell("screen.rule_condition", condition=str(row["condition"]))
    elif unit and unit != measured[measure] and not {unit, measured[measure]} <= _RATIOS:
        why = tell("rule.units", unit=unit, other=measured[measure])
    return CellRule(
        ScreenRule(
            number, name, clause, str(row["strength"]), measure, would_kill and not is_relaxed
        ),
        str(row["comparison"] or ""),
        float("nan") if row["threshold"] is None else float(row["threshold"]),
        unit or measured.get(measure, ""),
        why,
        is_relaxed,
        str(row["confirmed"] or "no"),
        str(row["source_id"] or ""),
    )


def hold(
    rule: CellRule, cells: Cells, slacks_km: Mapping[str, tuple[float, bool]]
) -> tuple[Bools, Bools]:
    """Return which cells of a tile break a clause, and of which it is not known.

    A cell breaks a clause by its middle, as the features are drawn: a proposal must keep off what it
    may lie on.  What is broken only within how true the features are drawn, and what a layer that
    lacks some, or ends, does not show, is not known.

    Parameters
    ----------
    rule
        The clause.
    cells
        What was measured.
    slacks_km
        Distance to how true its features are drawn, and whether some may be missing.
    """
    if rule.why:
        none = np.zeros(cells.fraction.shape, dtype=bool)
        return none, ~none
    measure, threshold = rule.rule.measure, rule.threshold
    if measure not in slacks_km:
        values = cells.values[measure]
        unknown = np.isnan(values)
        with np.errstate(invalid="ignore"):
            breaks = {
                "at_least": values < threshold,
                "at_most": values > threshold,
                "below": values >= threshold,
            }[rule.comparison]
        return breaks & ~unknown, unknown
    away, reach = cells.judge(measure), cells.reach[measure]
    slack_km, is_lacking = slacks_km[measure]
    if rule.comparison == "at_least":
        breaks = away.is_nearer(threshold)
        unsure = away.is_nearer(threshold + slack_km) if slack_km else breaks
        unseen = (reach < threshold) | is_lacking
        return breaks, ~breaks & (unsure | unseen)
    beyond = away.is_farther(threshold)
    seen = (reach >= threshold) & (not is_lacking)
    breaks = beyond & seen
    return breaks, (beyond & ~seen) | (~beyond & away.is_farther(threshold - slack_km))


def tally(
    kills: Sequence[Bools],
    unknown: Sequence[Bools],
    is_killing: Sequence[bool],
    parts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Return what of the region each clause takes in a tile, and the code of the first killer.

    All areas are counted in parts of cells, whole numbers, so that their sums are the same in any
    order and on any machine.

    Parameters
    ----------
    kills, unknown
        Of each clause, of the shape of the tile.
    is_killing
        Which clauses count for the region that is lost.
    parts
        Parts of each cell that lie in the region.

    Returns
    -------
    tuple
        For each clause the parts that break it, break it and no other killing one, break it and
        another, and are not known, shape (clauses, 4); parts of the region, lost by any, not
        lost and not known of a killing clause, and kept, shape (4,); codes, 0 for none.
    """
    n_lost, code = np.zeros(parts.shape, dtype=np.uint8), np.zeros(parts.shape, dtype=np.uint8)
    unsure = np.zeros(parts.shape, dtype=bool)
    for number in range(len(kills) - 1, -1, -1):
        if is_killing[number]:
            n_lost += kills[number]
            unsure |= unknown[number]
            np.copyto(code, np.uint8(number + 1), where=kills[number])
    is_all = parts == PARTS**2
    # Cells of the edge are few: all others are counted, not added up.
    at_edge = np.flatnonzero((parts > 0) & ~is_all)
    edge = parts.ravel()[at_edge]

    def weigh(cells: Bools) -> int:
        n_all = int(np.count_nonzero(cells & is_all))
        return PARTS**2 * n_all + int(edge[cells.ravel()[at_edge]].sum())

    table = np.zeros((len(kills), 4), dtype=np.int64)
    by_one = {False: n_lost == 0, True: n_lost == 1}
    for number, kill in enumerate(kills):
        lost, alone = weigh(kill), weigh(kill & by_one[bool(is_killing[number])])
        table[number] = lost, alone, lost - alone, weigh(unknown[number])
    free = by_one[False]
    whole = [int(parts.sum()), weigh(~free), weigh(free & unsure), weigh(free & ~unsure)]
    return table, np.array(whole, dtype=np.int64), code
