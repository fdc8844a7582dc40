"""Scenarios side by side: what each comes to, and what differs from the base."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.contracts.what_if import CHANGES, SCENARIOS
from steppe.layers.progress import count
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.scenario_inputs import apply_variant
from steppe.ranking.scenario_outcome import Outcome, build_network, evaluate
from steppe.ranking.score_table import read_totals
from steppe.ranking.standing import Standing, find_standing

Key = tuple[str, str, str]

# Numbers of the network that are compared, by table.
_TRIP = "rtt_ms"
_ROUTES = ("nominal_high", "to_cut_low", "to_cut_high", "effective_low", "effective_high")


@dataclass(frozen=True)
class Alternative:
    """A scenario beside the base: what it comes to, and where its parks stand."""

    outcome: Outcome
    standing: Standing | None


def evaluate_variants(
    inputs: Inputs,
    base: Outcome,
    *,
    level: str,
    weights: Mapping[str, float] | None = None,
    relax: Collection[str] = (),
) -> list[Alternative]:
    """Evaluate every other scenario of the plan, in its order.

    Parameters
    ----------
    inputs
        What was read.
    base
        What the base comes to; what a scenario has in common with it is taken from there.
    level
        Level that is ranked.
    weights
        Weights of the command line; a scenario's own go before them.
    relax
        Rule ids or clauses that are to exclude nothing.
    """
    found = []
    for variant in count(inputs.plan.scenarios):
        own = apply_variant(inputs, variant.name)
        network = base.network
        if variant.moves_cables:
            network = build_network(
                own,
                level=level,
                targets=inputs.plan.network.targets,
                corridor_risks=base.network.corridor_risks,
            )
        given = None if variant.weights else weights
        outcome = evaluate(own, network, base=base.survey, level=level, weights=given, relax=relax)
        found.append(Alternative(outcome, find_standing(outcome)))
    return found


def join_checks(base: Outcome, others: Sequence[Alternative]) -> pd.DataFrame:
    """Return the rules held in the base, and in the scenarios in whose year other rules hold.

    Returns
    -------
    pandas.DataFrame
        Contract `RULE_CHECKS`.
    """
    held = set(base.checks["rule_id"])
    further = [
        each.outcome.checks for each in others if set(each.outcome.checks["rule_id"]) != held
    ]
    return pd.concat([base.checks, *further], ignore_index=True)


def tabulate_changes(base: Outcome, other: Outcome) -> pd.DataFrame:
    """Return every number that differs between two scenarios, contract `CHANGES`.

    What is unknown in both does not differ; a park or a way that is not there is empty.

    Parameters
    ----------
    base, other
        What the two come to, of one plan and level.
    """
    rows = [
        {
            "scenario": other.info.scenario,
            "kind": kind,
            "id": key,
            "name_zh": name[0],
            "name_en": name[1],
            "quantity": quantity,
            "before": before,
            "after": after,
            "unit": unit,
        }
        for (kind, key, quantity), name, unit, before, after in _differences(base, other)
    ]
    frame = pd.DataFrame(rows, columns=list(CHANGES.columns))
    return conform(frame.sort_values(list(CHANGES.key)).reset_index(drop=True), CHANGES)


def tabulate_scenarios(
    base: Alternative, others: Sequence[Alternative], changes: pd.DataFrame
) -> pd.DataFrame:
    """Return one row for each scenario, the base first, contract `SCENARIOS`."""
    whys = {each.name: each for each in base.outcome.inputs.plan.scenarios}
    counts = changes["scenario"].value_counts()
    rows = []
    for each in (base, *others):
        info = each.outcome.info
        why = whys.get(info.scenario)
        totals = _totals(each.outcome)
        first = totals[totals["rank"] == 1].sort_values("site_id")
        rows.append(
            {
                "scenario": info.scenario,
                "title_zh": info.scenario_zh,
                "title_en": info.scenario_en,
                "why_zh": why.why_zh if why else None,
                "why_en": why.why_en if why else None,
                "year": info.year,
                "n_sites": len(totals),
                "n_ranked": int(totals["rank"].notna().sum()),
                "first_id": None if first.empty else first["site_id"].iloc[0],
                "score": None if first.empty else first["value"].iloc[0],
                "first_share": _first_share(each, first),
                "n_changes": int(counts.get(info.scenario, 0)),
            }
        )
    return conform(pd.DataFrame(rows, columns=list(SCENARIOS.columns)), SCENARIOS)


def _first_share(each: Alternative, first: pd.DataFrame) -> float | None:
    if each.standing is None or first.empty:
        return None
    places = [each.standing.sites.index(site_id) for site_id in first["site_id"]]
    return float(each.standing.planned.first_shares[places].sum())


def _totals(outcome: Outcome) -> pd.DataFrame:
    return read_totals(outcome.scores, outcome.info)


def _differences(
    base: Outcome, other: Outcome
) -> Iterator[tuple[Key, tuple[str, str], str, float | None, float | None]]:
    units = dict(zip(base.measures["measure_id"], base.measures["unit"], strict=True))
    for gather, unit_of, named in _NUMBERS:
        names = _names(base, named) | _names(other, named)
        before, after = gather(base), gather(other)
        for key in sorted(set(before) | set(after)):
            one, two = before.get(key), after.get(key)
            if one != two:
                yield key, names[key[1]], unit_of or units[key[2]], one, two


def _names(outcome: Outcome, layer: str) -> dict[str, tuple[str, str]]:
    frames = {**outcome.inputs.tables, **outcome.inputs.layers}
    if layer not in frames:
        return {}  # the plan has none, and so no number of them
    frame = frames[layer]
    keys = frame[INPUT_LAYERS[layer].key[0]].astype(str)
    return dict(zip(keys, zip(frame["name_zh"], frame["name_en"], strict=True), strict=True))


def _numbers(
    frame: pd.DataFrame, kind: str, key: str, column: str, *, quantity: str | None = None
) -> dict[Key, float]:
    """Return the known numbers of a column by kind, id and quantity."""
    known = frame[frame[column].notna()]
    named = known[quantity] if quantity else [column] * len(known)
    return {
        (kind, str(name), str(what)): float(value)
        for name, what, value in zip(known[key], named, known[column], strict=True)
    }


def _sites(outcome: Outcome) -> dict[Key, float]:
    return {("site", str(name), "there"): 1.0 for name in _totals(outcome)["site_id"]}


def _ranks(outcome: Outcome) -> dict[Key, float]:
    return _numbers(_totals(outcome), "rank", "site_id", "rank")


def _scores(outcome: Outcome) -> dict[Key, float]:
    return _numbers(_totals(outcome), "score", "site_id", "value")


def _measures(outcome: Outcome) -> dict[Key, float]:
    ranked = outcome.measures[outcome.measures["site_id"].isin(_totals(outcome)["site_id"])]
    return _numbers(ranked, "measure", "site_id", "value", quantity="measure_id")


def _trips(outcome: Outcome) -> dict[Key, float]:
    """Round trips of the nodes to the targets; those of the parks are among the measures."""
    nodes = set(outcome.inputs.layer("nodes")["node_id"])
    trips = outcome.network.latency
    known = trips["status"] != "unknown"
    trips = trips[known & trips["from_id"].isin(nodes) & trips["to_id"].isin(nodes)]
    return _numbers(trips, "rtt", "from_id", _TRIP, quantity="to_id")


def _routes(outcome: Outcome) -> dict[Key, float]:
    redundancy = outcome.network.redundancy
    first = redundancy[redundancy["to_id"].isin(outcome.info.targets[:1])]
    found: dict[Key, float] = {}
    for name in _ROUTES:
        found |= _numbers(first, "routes", "from_id", name)
    return found


def _costs(outcome: Outcome) -> dict[Key, float]:
    return {
        ("cost", each.inputs.site_id, part): amount.value
        for each in outcome.survey.priced
        for part, amount in each.parts.items()
        if amount.value is not None
    }


def _targets(outcome: Outcome) -> dict[Key, float]:
    return _numbers(outcome.survey.targets, "target", "figure_id", "told", quantity="level")


# What is compared, its unit (empty: that of the measure), and the layer that names it.
_NUMBERS: tuple[tuple[Callable[[Outcome], dict[Key, float]], str, str], ...] = (
    (_sites, "1", "parks"),
    (_ranks, "1", "parks"),
    (_scores, "1", "parks"),
    (_measures, "", "parks"),
    (_trips, "ms", "nodes"),
    (_routes, "1", "nodes"),
    (_costs, "CNY/(MW·a)", "parks"),
    (_targets, "1", "figures"),
)
