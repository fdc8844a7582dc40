"""What a screening came to, as tables: the area that each clause takes, and the whole in one row."""

from __future__ import annotations

import csv
import math
from typing import Any

import pandas as pd

from steppe.decision.back_test import BackTest
from steppe.layers.conformity import conform
from steppe.layers.contracts.screenings import AREA_LOST as AREA_LOST_TABLE
from steppe.layers.contracts.screenings import SCREENING
from steppe.layers.wording import Words, pair, say_all
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.result import AREA_LOST, Screening

_NUMBERS = ("threshold", "lost_km2", "alone_km2", "jointly_km2", "unknown_km2")
_FITS = {
    "pue_off_at_most": "pue",
    "wue_off_at_most": "wue_l_per_kwh",
    "free_cooling_off_at_most": "free_cooling_h",
}


def read_area_lost(screening: Screening) -> list[dict[str, str]]:
    """Return the rows of `area_lost.csv`, as they are written."""
    with (screening.folder / AREA_LOST).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name_clause(inputs: Inputs, rule_id: str) -> Words:
    """Return what a rule, or a clause of `[screening]`, asks, in words."""
    rules = inputs.tables["rules"].set_index("rule_id")
    if rule_id in rules.index:
        rule = rules.loc[rule_id]
        return pair(str(rule["name_zh"]), str(rule["name_en"]))
    (own,) = (each for each in inputs.plan.screening.clauses if each.id == rule_id)
    return pair(own.title_zh, own.title_en)


def tabulate_area_lost(screening: Screening, inputs: Inputs) -> pd.DataFrame:
    """Return what each clause takes of the region, contract `AREA_LOST`.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read; it names the clauses.
    """
    rows = []
    for row in read_area_lost(screening):
        numbers = {name: float(row[name]) if row[name] else math.nan for name in _NUMBERS}
        told: dict[str, Any] = {name: text or None for name, text in row.items() if name != "code"}
        told["place"] = int(row["code"])
        rows.append({**told, **numbers, **say_all("name", name_clause(inputs, row["rule_id"]))})
    return conform(pd.DataFrame(rows, columns=list(AREA_LOST_TABLE.columns)), AREA_LOST_TABLE)


def tabulate_screening(
    screening: Screening,
    inputs: Inputs,
    *,
    demand_mw: float,
    shown_m: float,
    trial: BackTest,
) -> pd.DataFrame:
    """Return what a screening came to in one row, contract `SCREENING`.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read, as the scenario has it.
    demand_mw
        IT load that sites were looked for, MW.
    shown_m
        Cells of the surfaces that are shown, about, m.
    trial
        The named parks against the land that no rule takes.
    """
    plan, areas = inputs.plan, screening.record["area_km2"]
    fits = screening.record["fit_off_at_most"]
    row = {
        "scenario": plan.scenario.name,
        "year": plan.scenario.year,
        "demand_mw": demand_mw,
        "spacing_km": plan.screening.spacing_km,
        "cell_m": screening.cell_m,
        "shown_m": shown_m,
        "region_km2": areas["region"],
        "lost_km2": areas["lost"],
        "unknown_km2": areas["not_known"],
        "kept_km2": areas["kept"],
        "n_parks": trial.n_places,
        "n_cities": trial.n_cities,
        "auc": trial.auc,
        "auc_low": trial.low,
        "auc_high": trial.high,
        **{name: fits.get(measure, math.nan) for name, measure in _FITS.items()},
    }
    return conform(pd.DataFrame([row]), SCREENING)
