"""Flat tables for the command line: ranking, scenarios side by side, and the backbone."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import hear, join, pair, say, tell
from steppe.measures.request_table import TOTAL
from steppe.ranking.decision_tables import Decision
from steppe.ranking.number_format import NOTHING, spell, spell_digits, spell_ranges, spell_with
from steppe.ranking.plan_comparison import COMMON_SCORE, OWN_SCORE, UNKNOWN, PlanComparison
from steppe.ranking.scenario_comparison import Alternative
from steppe.ranking.score_table import read_totals

_ROBUST = [
    "at_values",
    "at_values_rank",
    "topsis",
    "first_share",
    "low_rank",
    "high_rank",
    "first_share_any",
    "first_share_assumed",
]


# Method to rank by, and the column that holds what it gives.
METHODS = {"weighted_sum": "weighted_sum", "topsis": "topsis", "smaa": "first_share"}


def refuse_unknown(option: str, value: str | None, known: Collection[str]) -> None:
    """Refuse what an option, or an argument of its name, does not know; None is the default."""
    if value is not None and value not in known:
        what = tell(f"fault.option.{option}", value=value)
        raise InputError(Problem(f"--{option}", what, tell("fix.one_of", known=join(known))))


def rank_table(decision: Decision, *, method: str = "weighted_sum") -> pd.DataFrame:
    """Return the parks of the ranked level, best first, those that lack a measure last.

    Parameters
    ----------
    decision
        What a scenario decides.
    method
        One of `METHODS`; `smaa` orders by the share of draws in which a park is first.

    Returns
    -------
    DataFrame
        `rank` and `score` by the method; `site_id, name_zh, name_en`; `low` and `high`, the band
        of a score by `weighted_sum`, empty for the other methods; `coverage`, the share of the
        weight that is known; what each method gives: `weighted_sum`, of expected values, beside
        it `at_values` and `at_values_rank` without the bands, the closeness by `topsis`, and
        `first_share` of the draws with the plan's weights; `low_rank` and `high_rank` of
        nine draws in ten, `first_share_any` with any weights, `first_share_assumed` with all that is assumed drawn, one column for each criterion, and
        `excluded_by` where a rule keeps a park from a rank.
    """
    outcome = decision.outcome
    scores, info = outcome.scores, outcome.info
    totals = read_totals(scores, info)
    frame = totals[["site_id", "rank", "value", "low", "high", "coverage", "excluded_by"]]
    frame = frame.rename(columns={"value": "weighted_sum"})
    robust = decision.tables["robustness"][["site_id", *_ROBUST]]
    frame = frame.merge(robust, on="site_id", how="left")
    parks = outcome.inputs.layers["parks"].set_index("park_id")
    for name in ("name_zh", "name_en"):
        frame[name] = parks[name].reindex(frame["site_id"]).array
    for criterion in info.criteria:
        rows = scores[scores["criterion"] == criterion.name].set_index("site_id")
        frame[criterion.name] = rows["value"].reindex(frame["site_id"]).array
    frame["score"] = frame[METHODS[method]]
    if method != "weighted_sum":
        frame["rank"] = frame["score"].rank(ascending=False, method="min").astype("Int64")
        frame[["low", "high"]] = float("nan")
    by = ["rank", "weighted_sum", "site_id"]
    ordered = frame.sort_values(by, ascending=[True, False, True], na_position="last")
    criteria = [criterion.name for criterion in info.criteria]
    columns = ["rank", "site_id", "name_zh", "name_en", "score", "low", "high", "coverage"]
    columns.append("weighted_sum")
    return ordered[[*columns, *_ROBUST, *criteria, "excluded_by"]].reset_index(drop=True)


def add_verdicts(table: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """Return a table of parks with the verdict on the request; as it is where nobody asks.

    Parameters
    ----------
    table
        A row for each park, `site_id`.
    requests
        Contract `REQUESTS`.
    """
    if requests.empty:
        return table
    totals = requests[requests["test"] == TOTAL].set_index("site_id")["verdict"]
    return table.assign(request=totals.reindex(table["site_id"]).array)


def tell_ranking(
    decision: Decision, *, method: str, language: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return the ranking for a screen, and beneath it what the page says of it.

    Parameters
    ----------
    decision
        What a scenario decides.
    method
        As in `rank_table`.
    language
        Language of names and sentences.
    """
    table = rank_table(decision, method=method)
    ranks = spell_ranges(table["low_rank"], table["high_rank"])
    criteria = [criterion.name for criterion in decision.outcome.info.criteria]
    shown = pd.DataFrame(
        {
            "rank": table["rank"],
            "site_id": table["site_id"],
            "name": _say_names(table, language),
            "score": table["score"],
            "known": [f"{share:.0%}" for share in table["coverage"]],
            "first": [NOTHING if pd.isna(each) else f"{each:.0%}" for each in table["first_share"]],
            "ranks": ranks,
            **{
                name: table[name]
                for name in ("weighted_sum", "at_values", "topsis")
                if name != method
            },
            **{name: table[name] for name in criteria},
        }
    )
    if table["excluded_by"].notna().any():
        shown["excluded_by"] = table["excluded_by"]
    told = [
        " ".join(say(hear(name, row), language) for name in ("title", "text"))
        for row in decision.tables["answers"].to_dict("records")
    ]
    return shown, told


def _say_names(table: pd.DataFrame, language: str) -> list[str]:
    names = map(pair, table["name_zh"], table["name_en"])
    return [each.say(language) for each in names]


def tell_changes(
    before: Alternative, after: Alternative, changes: pd.DataFrame, *, language: str
) -> tuple[str, pd.DataFrame]:
    """Return a line on what two scenarios come to, and what differs, for a screen.

    Round trips of nodes are told to the first target alone.
    """
    first = before.outcome.info.targets[:1]
    changes = changes[(changes["kind"] != "rtt") | changes["quantity"].isin(first)]
    ends = []
    for each in (before, after):
        info, robust = each.outcome.info, each.standing
        title = pair(info.scenario_zh, info.scenario_en).say(language)
        name = NOTHING
        if robust is not None and len(robust.ranked):
            name = pair(*robust.names[robust.sites[robust.ranked[0]]]).say(language)
        ends.append(f"{info.scenario} ({title}): {name}")
    shown = changes.drop(columns=["scenario", "name_zh", "name_en"])
    shown.insert(2, "name", _say_names(changes, language))
    for end in ("before", "after"):
        shown[end] = [
            _spell_end(value, str(kind), str(unit))
            for value, kind, unit in zip(
                changes[end], changes["kind"], changes["unit"], strict=True
            )
        ]
    return "\n".join(ends), shown


def _spell_end(value: float, kind: str, unit: str) -> str:
    if pd.notna(value) and kind in {"rank", "routes", "site"}:
        return f"{value:.0f}"
    return f"{value:.3f}" if kind == "score" and pd.notna(value) else spell(value, unit=unit)


def tabulate_plans(comparison: PlanComparison, *, language: str) -> pd.DataFrame:
    """Return plans side by side for a screen: a row for each quantity, a column for each plan."""
    rows = comparison.rows
    table: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        title = pair(str(row["title_zh"]), str(row["title_en"])).say(language)
        value = None if pd.isna(row["value"]) else float(row["value"])
        if row["quantity"] in (OWN_SCORE, COMMON_SCORE):
            cell = spell_digits(value, 3)
        elif row["quantity"] == UNKNOWN:
            cell = spell_digits(value, 0)
        else:
            cell = spell_with(value, unit=str(row["unit"]))
        if pd.notna(row["score"]):
            cell = f"{cell} ({row['score']:.3f})"
        table.setdefault(str(row["quantity"]), {"": title})[str(row["plan"])] = cell
    best = {
        str(row["plan"]): pair(str(row["site_zh"]), str(row["site_en"])).say(language)
        for row in rows.drop_duplicates("plan").to_dict("records")
        if pd.notna(row["site_id"])
    }
    head = {"": tell("compare.best").say(language), **best}
    return pd.DataFrame([head, *table.values()]).fillna(NOTHING)
