"""The clauses of the documents in the report: how parks stand to them, and in which year they hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from steppe.charts.ranked_places import name_places, order_totals
from steppe.criteria.rule_editions import select_in_force
from steppe.layers.columns import RULE_VERDICTS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import Words, join, pair, tell
from steppe.report.report_names import gather_sources

_MOST_NAMED = 2


def count_clauses(tables: PlanTables) -> list[dict[str, Any]]:
    """Return how the parks of the ranked level stand to each clause, those that fail first.

    Behind those of the base stand the clauses that hold in other scenarios only: those that a park
    fails, and the rest in one row; the first of a scenario bears its title as `heading`.
    """
    checks = tables.rule_checks
    checks = checks[checks["site_id"].isin(order_totals(tables)["site_id"])]
    own = checks["scenario"] == tables.info.scenario
    titles = {
        row["scenario"]: pair(row["title_zh"], row["title_en"])
        for row in tables.scenarios.to_dict("records")
    }
    rows = _count_each(tables, checks[own])
    further = checks[~own & ~checks["rule_id"].isin(set(checks.loc[own, "rule_id"]))]
    for scenario, found in further.groupby("scenario", sort=False):
        first, *others = _gather_rest(_count_each(tables, found))
        rows += [first | {"heading": titles.get(str(scenario), str(scenario))}, *others]
    return rows


def _gather_rest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the clauses that no park fails into one row."""
    shown, rest = ([row for row in rows if bool(row["failed"]) is fails] for fails in (True, False))
    if not rest[1:]:
        return [*shown, *rest]
    counts = [sum(each) for each in zip(*(row["counts"] for row in rest), strict=True)]
    summed = {
        "name": tell("report.clauses_rest", n=len(rest)),
        "clause": "",
        "source_ids": "",
        "heading": "",
        "n_rules": sum(row["n_rules"] for row in rest),
        "counts": counts,
        "failed": "",
    }
    return [*shown, summed]


def _count_each(tables: PlanTables, checks: pd.DataFrame) -> list[dict[str, Any]]:
    names = name_places(tables, layers=("parks",))
    rules = {row["rule_id"]: _name_rule(row) for row in tables.rules.to_dict("records")}
    rows = []
    for clause, found in checks.groupby(checks["clause"].fillna(checks["rule_id"])):
        failed = found.loc[found["verdict"] == "fail", "site_id"].drop_duplicates()
        counts = [int((found["verdict"] == each).sum()) for each in RULE_VERDICTS]
        rows.append(
            {
                "name": _name_rules(
                    [rules[rule] for rule in dict.fromkeys(found["rule_id"]) if rule in rules]
                ),
                "clause": "" if clause in rules else str(clause),
                "source_ids": gather_sources(found["source_ids"]),
                "heading": "",
                "n_rules": found["rule_id"].nunique(),
                "counts": counts,
                "failed": join((names[site_id] for site_id in failed), "join.semicolon")
                if len(failed)
                else "",
            }
        )
    passed, fails = RULE_VERDICTS.index("pass"), RULE_VERDICTS.index("fail")
    return sorted(rows, key=lambda row: (-row["counts"][fails], -row["counts"][passed]))


def _name_rules(names: list[Words]) -> Words:
    """Return what a clause asks for: the names of its rules, the first ones where they are many."""
    told = join(names[:_MOST_NAMED], "join.semicolon")
    more = len(names) - _MOST_NAMED
    return tell("report.clause_more", names=told, n=more) if more > 0 else told


def tell_editions(tables: PlanTables) -> list[Words]:
    """Return in which year the clauses were held, and which are held nowhere, with the reason."""
    rules, year = tables.rules, tables.info.year
    rules = rules[rules["comparison"].notna() | (rules["kind"] == "siting")]
    by_id = {str(row["rule_id"]): row for row in tables.rules.to_dict("records")}
    held = {*select_in_force(rules, year)["rule_id"], *tables.rule_checks["rule_id"]}
    later = rules[(rules["edition"] > year).fillna(value=False) & ~rules["rule_id"].isin(held)]
    gone = rules[~rules["rule_id"].isin({*held, *later["rule_id"]})]
    lines: list[Words] = [tell("report.clauses_year", year=year)]
    if len(gone):
        replaced = join(
            (
                tell(
                    "report.clause_replaced",
                    old=_name_rule(row),
                    new=join(
                        _name_rule(by_id[name])
                        for name in row["superseded_by"].split()
                        if name in by_id
                    ),
                )
                for row in gone.to_dict("records")
            ),
            "join.semicolon",
        )
        lines.append(tell("report.clauses_superseded", year=year, rules=replaced))
    if len(later):
        named = join((_name_rule(row) for row in later.to_dict("records")), "join.semicolon")
        lines.append(tell("report.clauses_later", rules=named))
    return lines


def _name_rule(row: Mapping[Hashable, Any]) -> Words:
    name = pair(row["name_zh"], row["name_en"])
    if pd.isna(row["edition"]):
        return name
    return tell("report.clause_named", name=name, year=int(row["edition"]))
