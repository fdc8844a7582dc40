"""What falls as one, by the name that somebody gives it: a cable, a corridor, a city, a circle."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import geopandas as gpd

from steppe.layers.crs import lonlats
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Message, join, tell
from steppe.planfile.near_names import hint_name
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.circles import Circle, find_lines_within, find_points_within
from steppe.routing.cuts import CutUnit
from steppe.routing.features import CableLine, Place
from steppe.routing.risk_evidence import Risk
from steppe.routing.risks import find_visits

CABLE, CIRCLE, RISK = "cable", "circle", "risk"
KINDS = (CABLE, "corridor", "city", "operator", "country", RISK)
"""What a name without its kind is looked for among, in this order."""

_KIND = "|".join((*KINDS, CIRCLE))
_FORM = re.compile(rf"({_KIND}):(.+)", re.DOTALL)
# Units that fall together, as `cut_id` of the table of cuts joins them.
_JOINT = re.compile(rf"\+(?=(?:{_KIND}):)")
_N_OF_CIRCLE = 3
# Among more names than this the nearest one is not looked for.
_MAX_CHOICE = 20_000


@dataclass(frozen=True)
class _Choice:
    """Everything that may be cut, by kind and name.

    Parameters
    ----------
    inputs
        What was read.
    lines
        Rows of `fibre` that count.
    find_risks
        Finds what those cables share; None where that is not known.
    where
        What asks, for the messages.
    """

    inputs: Inputs
    lines: gpd.GeoDataFrame
    find_risks: Callable[[], Sequence[Risk]] | None
    where: str

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Names by kind, but for risks, which take long to be found."""
        nodes, fibre = self.inputs.layer("nodes"), self.inputs.layer("fibre")
        return {
            CABLE: frozenset(fibre["cable_id"]),
            "corridor": frozenset(self.inputs.layer("corridors")["corridor_id"]),
            "city": frozenset(nodes["node_id"]),
            "operator": frozenset(fibre["operator"].dropna()),
            "country": frozenset(nodes["country"]),
        }

    @cached_property
    def risks(self) -> Mapping[str, Risk]:
        """What cables share, by its id."""
        return {} if self.find_risks is None else {each.risk_id: each for each in self.find_risks()}

    def holds(self, kind: str, name: str) -> bool:
        """Return whether there is something of a kind by a name."""
        return name in (self.risks if kind == RISK else self.names[kind])

    def find(self, kind: str, name: str) -> CutUnit:
        """Return what falls with something that is there."""
        unit = partial(CutUnit, f"{kind}:{name}", kind)
        lines = self.lines
        match kind:
            case "corridor":
                recorded = lines["corridors"].fillna("").str.split()
                return unit(_ids(lines[[name in each for each in recorded]]))
            case "operator":
                return unit(_ids(lines[lines["operator"] == name]))
            case "country":
                nodes = self.inputs.layer("nodes")
                return unit(frozenset(), frozenset(nodes.loc[nodes["country"] == name, "node_id"]))
            case "city":
                return unit(find_passing(self.inputs, self.lines, [name])[0], frozenset({name}))
            case "risk":
                risk = self.risks[name]
                fallen = frozenset({risk.place_id} if risk.place_id is not None else ())
                return unit(frozenset(risk.cables), fallen)
        if name not in set(lines["cable_id"]):
            what = tell("fault.cut.absent", cables=name, scenario=self.inputs.plan.scenario.name)
            raise InputError(Problem(self.where, what, tell("fix.cut_other_cable")))
        return unit(frozenset({name}))

    def draw(self, text: str, circle: Circle) -> CutUnit:
        """Return what is drawn in a circle: cables that come into it, and nodes."""
        nodes = self.inputs.layer("nodes")
        inside = find_lines_within(_drawn(self.lines), circle)
        fallen = find_points_within(lonlats(nodes.geometry), circle)
        cables, stand = _ids(self.lines.iloc[list(inside)]), nodes["node_id"].iloc[list(fallen)]
        return CutUnit(text, CIRCLE, cables, frozenset(stand))


def find_passing(
    inputs: Inputs, lines: gpd.GeoDataFrame, nodes: Sequence[str]
) -> list[frozenset[str]]:
    """Return by node the cables that come through it, as the risk of a city counts them."""
    frame = inputs.layer("nodes")
    at = dict(zip(frame["node_id"], lonlats(frame.geometry), strict=True))
    reach_km = inputs.plan.network.city_reach_km
    places = [Place(node, node, at[node][0], at[node][1], reach_km) for node in nodes]
    columns = (lines[name] for name in ("cable_id", "accuracy_m", "geometry_kind"))
    cables = [
        CableLine(name, line, accuracy_m=float(accuracy_m), schematic=kind == "schematic")
        for name, accuracy_m, kind, line in zip(*columns, _drawn(lines), strict=True)
    ]
    return [frozenset(found) for found in find_visits(cables, places)[0]]


def find_units(
    inputs: Inputs,
    names: Collection[str],
    *,
    lines: gpd.GeoDataFrame,
    where: str,
    find_risks: Callable[[], Sequence[Risk]] | None = None,
) -> tuple[CutUnit, ...]:
    """Return what falls, for each name that somebody gives.

    Parameters
    ----------
    inputs
        What was read.
    names
        Each `KIND:NAME` with one of `KINDS`, the id as the layers have it (the node of a city, the
        code of a country), or `circle:LON,LAT,RADIUS_KM`; or the name alone, which is a cable's
        where a cable has it.  Commas stand between several.
    lines
        Rows of `fibre` that count; a cable that is not among them is not there.
    where
        What asks, for the messages.
    find_risks
        Finds what these cables share: crossings, stretches; by default these cannot be named.

    Raises
    ------
    InputError
        For what is not there, what may be several things, and a circle that is none.
    """
    choice = _Choice(inputs, lines, find_risks, where)
    units: dict[str, CutUnit] = {}
    problems: list[Problem] = []
    for text in (part for name in names for part in _split(name.strip(), choice)):
        try:
            unit = _find_unit(text, choice)
        except InputError as error:
            problems += error.problems
        else:
            units[unit.unit_id] = unit
    if problems:
        raise InputError(problems)
    return tuple(units.values())


def fell_cables(units: Collection[CutUnit], lines: gpd.GeoDataFrame) -> frozenset[str]:
    """Return the cables that fall with some units, those that end or are joined at a fallen node too."""
    nodes = {node for unit in units for node in unit.nodes}
    ending = lines["from_node"].isin(nodes) | lines["to_node"].isin(nodes)
    if "joints" in lines:
        passing = lines["joints"].map(lambda text: text.split() if isinstance(text, str) else [])
        ending |= passing.map(lambda joints: not nodes.isdisjoint(joints)).astype(bool)
    return _ids(lines[ending]).union(*(unit.cables for unit in units))


def _drawn(lines: gpd.GeoDataFrame) -> list[Any]:
    """Return the lines, whose types the contract has checked."""
    return list(lines.geometry)


def _ids(lines: gpd.GeoDataFrame) -> frozenset[str]:
    return frozenset(lines["cable_id"])


def _split(text: str, choice: _Choice) -> Iterator[str]:
    """Yield the names that commas part, but for a name that holds one, and a circle's numbers."""
    kind, name = _parse(text)
    if any(name in choice.names[each] for each in choice.names if kind in {None, each}):
        yield text
        return
    parts = [part.strip() for part in text.split(",")]
    if _looks_like_circle(text) and not any(choice.holds(CABLE, part) for part in parts):
        yield text
        return
    while parts:
        n_parts = _N_OF_CIRCLE if parts[0].startswith(f"{CIRCLE}:") else 1
        yield from _JOINT.split(",".join(parts[:n_parts]))
        del parts[:n_parts]


def _parse(text: str) -> tuple[str | None, str]:
    """Return the kind that a text gives, and the name."""
    match = _FORM.fullmatch(text)
    return (None, text) if match is None else (match[1], match[2].strip())


def _find_unit(text: str, choice: _Choice) -> CutUnit:
    kind, name = _parse(text)
    if kind == CIRCLE:
        return choice.draw(text, _read_circle(name, choice.where))
    if kind is not None:
        if not choice.holds(kind, name):
            raise _unknown(text, choice, kinds=(kind,))
        return choice.find(kind, name)
    if name in choice.names[CABLE]:
        return choice.find(CABLE, name)
    found = [each for each in choice.names if name in choice.names[each]]
    if len(found) > 1:
        forms = [f"{each}:{name}" for each in found]
        what = tell("fault.cut.several", name=name)
        raise InputError(Problem(choice.where, what, tell("fix.write_one", known=join(forms))))
    if not found and choice.holds(RISK, name):
        found = [RISK]
    if not found:
        raise _unknown(text, choice, kinds=KINDS)
    return choice.find(found[0], name)


def _read_circle(numbers: str, where: str) -> Circle:
    try:
        circle = Circle(*(float(part) for part in numbers.split(",")))
    except (ValueError, TypeError):
        circle = None
    if circle is None or not circle.is_sound:
        what = tell("fault.cut.circle", text=f"{CIRCLE}:{numbers}")
        raise InputError(Problem(where, what, tell("fix.cut_circle")))
    return circle


def _unknown(text: str, choice: _Choice, *, kinds: Sequence[str]) -> InputError:
    """Return the user's error for what is not there, with the nearest name that is."""
    name = _parse(text)[1]
    if choice.find_risks is None and kinds == (RISK,):
        what, fix = tell("fault.cut.no_risks", name=name), tell("fix.name_its_cables")
        return InputError(Problem(choice.where, what, fix))
    if len(kinds) > 1 and _looks_like_circle(name):
        fix = tell("fix.do_you_mean", near=f"{CIRCLE}:{text}")
        return InputError(Problem(choice.where, tell("fault.cut.unknown", name=text), fix))
    known = [
        each if len(kinds) > 1 else f"{kind}:{each}"
        for kind in kinds
        for each in sorted(choice.risks if kind == RISK else choice.names[kind])
    ]
    few = known if len(known) <= _MAX_CHOICE else []
    fix = hint_name(name if len(kinds) > 1 else text, few, otherwise=tell("fix.cut_forms"))
    return InputError(Problem(choice.where, tell("fault.cut.unknown", name=text), fix))


def _looks_like_circle(text: str) -> bool:
    """Return whether a text is three numbers."""
    try:
        return len([float(part) for part in text.split(",")]) == _N_OF_CIRCLE
    except ValueError:
        return False


def tell_unit(unit: CutUnit, cables: Collection[str]) -> Message:
    """Return what falls with a unit in one line: the cables, and the nodes."""
    listed = " ".join(sorted(cables)) or "–"
    nodes = " ".join(sorted(unit.nodes))
    key = "backbone.falls_with_nodes" if nodes else "backbone.falls"
    return tell(key, unit=unit.unit_id, n=len(cables), cables=listed, nodes=nodes)
