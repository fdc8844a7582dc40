"""What a measure is: its unit, where it counts, what it needs, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from steppe.criteria.finding import Finding
from steppe.criteria.surroundings import Surroundings
from steppe.layers.wording import Words

Direction = Literal["higher", "lower", "neither"]
Changing = Literal["year", "latency", "power_terms", "costs"]


@dataclass(frozen=True)
class KnownMeasure:
    """A measure that plans may list and rules may be held against.

    Parameters
    ----------
    measure_id
        Name in plan.toml and in the tables; it ends in the unit.
    unit
        Unit, as `steppe.layers.units` knows it.
    title_zh, title_en
        What people read, unless the plan has titles of its own.
    criterion
        Criterion that it serves where the plan does not list it; a plan may list it anywhere.
    direction
        Which numbers are better at a site: `higher`, `lower`, or `neither` of itself.
    meaning
        What it is, with the source of formulas and constants, for docs/model.md.
    method
        How it is found, in a few words, for the tables.
    layers
        Layers, tables and grids of the plan that it is found from, beside the parks.
    """

    measure_id: str
    unit: str
    title_zh: str
    title_en: str
    criterion: str
    direction: Direction
    meaning: str
    method: Words
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeasureGroup:
    """Measures that one function finds together, at every site.

    A module of `steppe.criteria` whose name ends in `_measures` lists them as `GROUPS`; that is
    all that the registry needs.

    Parameters
    ----------
    measures
        What is found.
    find
        From the surroundings of the sites to their findings.
    after
        Measures of other groups that these are made of.
    changing
        What these hang on that a scenario may change; without any they are found once.
    settings
        Tables or keys of the plan, such as `power.route_factor`, whose numbers these are found with:
        found anew where one of them is another.
    copes
        Whether the function itself tells why a measure is unknown without its layers;
        otherwise that is said for it, and it is not called.
    """

    measures: tuple[KnownMeasure, ...]
    find: Callable[[Surroundings], Iterable[Finding]]
    after: tuple[str, ...] = ()
    changing: tuple[Changing, ...] = ()
    settings: tuple[str, ...] = ()
    copes: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the names of the measures."""
        return tuple(each.measure_id for each in self.measures)

    @property
    def layers(self) -> tuple[str, ...]:
        """Return the layers, tables and grids that they are found from."""
        return tuple(dict.fromkeys(name for each in self.measures for name in each.layers))
