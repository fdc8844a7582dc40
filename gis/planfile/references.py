"""Whether every name that layers, tables, facts and plan give is the name of something."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from steppe.criteria.registry import known_measures
from steppe.criteria.rule_faults import find_rule_faults
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Problem, cut, show_values
from steppe.layers.facts import COMPILED_FIELDS, FURTHER_SUBJECTS
from steppe.layers.interchange.countries import CODES
from steppe.layers.shapefile import NAME_LENGTH
from steppe.layers.sources import Source
from steppe.layers.wording import Message, Words, join, tell
from steppe.planfile.claim_names import find_strange_check
from steppe.planfile.plan_schema import Plan
from steppe.planfile.route_ends import PARKS, PROPOSED, ROUTE_ENDS, TARGETS, is_place

Frames = Mapping[str, pd.DataFrame]

# Among more names than this the nearest one is not looked for.
_MAX_CHOICE = 2000
EVERYWHERE = "*"
NETWORK = ("corridors", "fibre")
# Keys of what is told of a layer that a plan does not have.
ABSENCES = ("fault.reference.no_layer",)
_COUNTRY = "[A-Z]{2}"
# A stretch that a corridor shares: its corridor and a length.
_STRETCH = re.compile(r"\s*(\S+)\s+\d+(\.\d+)?\s+km\s*", re.ASCII)


def _one(text: str) -> list[str]:
    return [text] if text else []


def _stretches(text: str) -> list[str]:
    found = [(part, _STRETCH.fullmatch(part)) for part in text.split(";") if part.strip()]
    return [part.strip() if match is None else match[1] for part, match in found]


@dataclass(frozen=True)
class Reference:
    """A column whose cells name rows of other layers.

    Parameters
    ----------
    layer, column
        Where it stands.
    targets
        Layers whose ids it may name, or other columns as `layer.column`.
    split
        How the names of a cell are told apart.
    further
        What else it may say.
    """

    layer: str
    column: str
    targets: tuple[str, ...]
    split: Callable[[str], list[str]]
    further: tuple[str, ...]


_SPLITS: dict[str, Callable[[str], list[str]]] = {
    "one": _one,
    "blanks": str.split,
    "stretches": _stretches,
}
_FURTHER: dict[str, Collection[str]] = {"countries": CODES, "everywhere": (EVERYWHERE,)}

REFERENCES = tuple(
    Reference(
        contract.name,
        column.name,
        tuple(name for name in column.names if name not in _FURTHER),
        _SPLITS[column.listed],
        tuple(sorted(word for name in column.names for word in _FURTHER.get(name, ()))),
    )
    for contract in INPUT_LAYERS.values()
    for column in contract.columns.values()
    if column.names
)
"""What the entries of columns say that they name."""


def reference_faults(
    plan: Plan, frames: Frames, facts: Frames, sources: Mapping[str, Source] | None
) -> list[Problem]:
    """Find every name that names nothing, over all that could be read.

    Parameters
    ----------
    plan
        The plan file.
    frames
        Layers and tables that were read, by name.
    facts
        Contract `FACTS`, by the name of the file.
    sources
        Sources; None where they could not be read.
    """
    problems = [problem for each in REFERENCES for problem in _strangers(each, plan, frames)]
    problems += [problem for each in REFERENCES for problem in _rootless(each, plan, frames)]
    problems += _country_problems(plan, frames)
    for file, table in facts.items():
        problems += _fact_problems(file, table, plan, frames)
    problems += _check_problems(plan, frames, facts, sources)
    return problems + list(_plan_problems(plan, frames))


def _known(target: str, frames: Frames) -> set[str]:
    layer, _, column = target.partition(".")
    return set(frames[layer][column or INPUT_LAYERS[layer].key[0]].dropna())


def _find_known(targets: Collection[str], frames: Frames) -> set[str] | None:
    """Return what may be named; None where some of it is not there, so that nothing is sure.

    A layer that was left out of the plan may have held the name, one that could not be read may.
    """
    if any(target.partition(".")[0] not in frames for target in targets):
        return None
    return {name for target in targets for name in _known(target, frames)}


def _strangers(reference: Reference, plan: Plan, frames: Frames) -> Iterator[Problem]:
    known = _find_known(reference.targets, frames)
    if reference.layer not in frames or known is None:
        return
    frame, key = frames[reference.layer], INPUT_LAYERS[reference.layer].key[0]
    known |= set(reference.further)
    cells = frame[reference.column].dropna()
    strange = {
        text: names
        for text in pd.unique(cells.to_numpy(dtype=object))
        if (names := [name for name in reference.split(text) if name not in known])
    }
    if not strange:
        return
    names = list(dict.fromkeys(name for found in strange.values() for name in found))
    layers = join(dict.fromkeys(each.partition(".")[0] for each in reference.targets), "join.or")
    given: dict[str, Words] = {"column": reference.column, "names": show_values(names)}
    what = tell("fault.reference.several_strange", **given, layers=layers)
    if len(names) == 1:
        what = tell("fault.reference.strange", **given, layers=layers)
    yield Problem(
        f"{plan.layers[reference.layer].file} › {reference.layer}",
        what,
        _hint(tell("fix.add_to_layers", layers=layers), names[0], known),
        tuple(frame.loc[cells.index[cells.isin(list(strange))], key]),
    )


def _rootless(reference: Reference, plan: Plan, frames: Frames) -> Iterator[Problem]:
    """Hold that what is drawn from place to place has the layer of these places."""
    lacking = [each for each in reference.targets if each not in plan.layers]
    if reference.layer not in (*NETWORK, "round_trips") or reference.layer not in frames:
        return
    if lacking and frames[reference.layer][reference.column].notna().any():
        yield Problem(
            f"{plan.layers[reference.layer].file} › {reference.layer}",
            tell("fault.reference.no_layer", column=reference.column, layer=join(lacking)),
            tell("fix.add_layer", layer=join(lacking), other=reference.layer),
        )


def _country_problems(plan: Plan, frames: Frames) -> Iterator[Problem]:
    """Hold countries of nodes to codes: `cn` beside `CN` would make a border between them."""
    if "nodes" not in frames:
        return
    nodes = frames["nodes"]
    strange = nodes[~nodes["country"].str.fullmatch(_COUNTRY)]
    if len(strange):
        where = f"{plan.layers['nodes'].file} › nodes"
        what = tell("fault.country.no_code", countries=show_values(strange["country"]))
        yield Problem(where, what, tell("fix.write_two_capitals"), tuple(strange["node_id"]))


def _hint(fix: Message, name: str, known: Collection[str]) -> Message:
    """Return what to do, and which of the known names is like the one that is not."""
    if len(known) > _MAX_CHOICE:
        return fix
    near = difflib.get_close_matches(cut(name), sorted(known), n=1)
    return tell("fix.with_hint", fix=fix, near=near[0]) if near else fix


def _fact_problems(file: str, facts: pd.DataFrame, plan: Plan, frames: Frames) -> Iterator[Problem]:
    """Hold layer, id and field of facts to what the plan has."""
    known_layers = {*INPUT_LAYERS, *FURTHER_SUBJECTS}
    strange = facts[~facts["layer"].isin(list(known_layers))]
    if len(strange):
        names = strange["layer"].unique()
        what = tell("fault.fact.layer", names=show_values(names))
        fix = _hint(tell("fix.name_layer_of_docs"), names[0], known_layers)
        yield Problem(file, what, fix, tuple(strange["id"].unique()))
    for layer, group in facts.groupby("layer", sort=True):
        name = str(layer)
        target = FURTHER_SUBJECTS.get(name, name)
        if target in frames:
            known = _known(target, frames)
            astray = group.loc[~group["id"].isin(list(known)), "id"].unique()
            if len(astray):
                what = tell("fault.fact.astray", layer=target)
                fix = _hint(tell("fix.drop_facts"), astray[0], known)
                yield Problem(file, what, fix, tuple(astray))
        if name in frames and name in plan.layers:
            columns = {*frames[name].columns, *COMPILED_FIELDS.get(name, ())}
            wrong = group[~group["field"].isin(list(columns))]
            if len(wrong):
                fields = wrong["field"].unique()
                what = tell("fault.fact.field", fields=show_values(fields), layer=name)
                fix = _hint(tell("fix.correct"), fields[0], columns)
                if _is_cut(plan.layers[name].file, fields, columns):
                    fix = tell("fix.give_as_geopackage")
                yield Problem(file, what, fix, tuple(wrong["id"].unique()))


def _is_cut(file: str, fields: Collection[str], columns: Collection[str]) -> bool:
    """Tell whether all fields that are missing are there as a Shapefile spells them."""
    is_shapefile = file.lower().endswith(".shp")
    return is_shapefile and all(field[:NAME_LENGTH] in columns for field in fields)


def _check_problems(
    plan: Plan, frames: Frames, facts: Frames, sources: Mapping[str, Source] | None
) -> Iterator[Problem]:
    """Hold the checks of claims to those that a plan like this one may answer."""
    if not {"claim_texts", "parks", "boundaries"} <= set(frames):
        return
    if sources is None or not set(plan.facts) <= set(facts):
        return  # what is not read may hold what a check names
    groups = {*frames["parks"]["city"], *frames["boundaries"]["boundary_id"]}
    region = [table.loc[table["layer"] == "region", "field"] for table in facts.values()]
    fields = {str(field) for found in region for field in found}
    claims = frames["claim_texts"].dropna(subset="check")
    for check, rows in claims.groupby("check", sort=True):
        fault = find_strange_check(str(check), groups=groups, fields=fields, sources=sources)
        if fault:
            yield Problem(
                f"{plan.layers['claim_texts'].file} › claim_texts",
                tell("fault.check", check=show_values([check]), fault=fault),
                tell("fix.name_check"),
                tuple(rows["claim_id"]),
            )


def _plan_problems(plan: Plan, frames: Frames) -> Iterator[Problem]:
    """Hold the lists of the plan to the layers."""
    if "nodes" in frames:
        known = _known("nodes", frames)
        for target in plan.network.targets:
            if target not in known:
                fix = _hint(tell("fix.name_node"), target, known)
                what = tell("fault.target.unknown", name=show_values([target]))
                yield Problem("plan.toml › network.targets", what, fix)
    region = plan.region.boundary_id
    if region and "boundaries" in frames and region not in (known := _known("boundaries", frames)):
        fix = _hint(tell("fix.name_boundary"), region, known)
        what = tell("fault.boundary.unknown", name=show_values([region]))
        yield Problem("plan.toml › region.boundary_id", what, fix)
    yield from _route_problems(plan, frames)
    yield from _rule_problems(plan, frames)
    if "parks" in frames:
        yield from _park_problems(plan, frames["parks"])


def _route_problems(plan: Plan, frames: Frames) -> Iterator[Problem]:
    """Hold the ends and cables of the routes that are wanted to the layers."""
    # A plan that was stripped of its nodes or cables is built, and its answers say what lacks.
    known = _find_known(["nodes", *(each for each in ROUTE_ENDS if each in plan.layers)], frames)
    cables = _find_known(["fibre"], frames)
    named = _find_known([each for each in ROUTE_ENDS[:-1] if each in plan.layers], frames) or set()
    by_name = {
        name
        for layer in ROUTE_ENDS[:-1]
        if layer in frames
        for column in ("name_zh", "name_en")
        for name in frames[layer][column].dropna()
    }
    for wanted in plan.route.wanted:
        where = f"plan.toml › route.wanted.{wanted.question_id}"
        words = (PARKS, TARGETS, PROPOSED)
        strange = [name for name in wanted.names if not is_place(name) and name not in words]
        for name in strange if known is not None else ():
            if name not in (known or ()) and name not in by_name:
                what = tell("fault.route.end", name=show_values([name]))
                yield Problem(where, what, _hint(tell("fix.route.end"), name, named))
        for name in wanted.keep_off if cables is not None else ():
            if name not in (cables or ()):
                what = tell("fault.route.cable", name=show_values([name]))
                yield Problem(where, what, _hint(tell("fix.correct"), name, cables or ()))
        if PROPOSED in wanted.names and plan.screening.demand_mw is None:
            yield Problem(where, tell("fault.route.no_load"), tell("fix.route.proposed"))


def _rule_problems(plan: Plan, frames: Frames) -> Iterator[Problem]:
    for name in plan.rules.incomplete:
        if name not in INPUT_LAYERS:
            what, fix = tell("fault.layer.none"), _hint(tell("fix.name_layer"), name, INPUT_LAYERS)
            yield Problem(f"plan.toml › rules.incomplete.{name}", what, fix)
    if "rules" in frames:
        where = f"{plan.layers['rules'].file} › rules"
        yield from find_rule_faults(frames["rules"], known_measures(), where=where)
        grades = set(frames["rules"]["grade"].dropna())
        for name in plan.rules.grades:
            if name not in grades:
                what = tell("fault.grade.unknown", name=show_values([name]))
                fix = _hint(tell("fix.correct"), name, grades)
                yield Problem("plan.toml › rules.grades", what, fix)


def _park_problems(plan: Plan, parks: pd.DataFrame) -> Iterator[Problem]:
    if len(parks) and not (parks["level"] == plan.level).any():
        what = tell("fault.level.no_park", level=plan.level)
        yield Problem("plan.toml › level", what, tell("fix.rank_level_with_parks"))
    cities = sorted(set(parks["city"].dropna()))
    for table, named in _cities(plan).items():
        for city in named:
            if city not in cities:
                fix = tell("fix.write_as_parks_do", cities=join(cities))
                yield Problem(f"plan.toml › {table}.{city}", tell("fault.city.no_park"), fix)


def _cities(plan: Plan) -> dict[str, Collection[str]]:
    """Return the tables of the plan that speak of cities, and which."""
    named: dict[str, Collection[str]] = {"cost.cities": sorted(plan.cost.cities)}
    if plan.cooling is not None:
        named["cooling.cities"] = sorted(plan.cooling.cities)
    return named
