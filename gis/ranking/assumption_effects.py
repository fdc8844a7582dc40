"""What the first place hangs on: every assumed number of a plan moved over its range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.geology import next_classes
from steppe.criteria.registry import tabulate
from steppe.criteria.surroundings import Surroundings
from steppe.decision.assumptions import AssumedModel, AssumedNumber, Effect, search
from steppe.decision.expectation import expect
from steppe.decision.variance_shares import share_spread
from steppe.layers.progress import count
from steppe.layers.table_limits import MOST_WHOLE, N_RANKS
from steppe.layers.wording import Words, tell
from steppe.measures.moved_settings import hangs_on, measure_moved
from steppe.measures.site_survey import look_around
from steppe.planfile.assumed_faults import fitting_ranges
from steppe.planfile.assumed_numbers import find_kind, list_assumed, list_numbers
from steppe.planfile.weight_entries import AssumedRange
from steppe.ranking.banded_measures import read_bands
from steppe.ranking.robustness import Robust
from steppe.ranking.scenario_outcome import Outcome
from steppe.ranking.told_order import N_DECIMALS

Floats = NDArray[np.float64]
Kind = Literal["weight", "share", "function", "setting", "class"]

_CLASS = "pga_g"
_N_STEPS = 4  # of a radius: what lies within it comes and goes
_N_HALVINGS = 6  # each measures sites anew: a turn is told to a 64th of the way
_N_FIRST = 3  # sites that are measured at once; the rest where they could be ahead


@dataclass(frozen=True)
class Assumed:
    """One assumed number and what it does; without a range it is held fixed.

    Parameters
    ----------
    path
        Of the number in plan.toml, or `towns.TOWN.pga_g`.
    kind
        What it is for.
    value, low, high
        What it is, and its range, NaN where it is held fixed.
    reason
        Why the range is such.
    effect
        What it does to the lead of the first park, None where it is held fixed.
    """

    path: str
    kind: Kind
    value: float
    low: float = np.nan
    high: float = np.nan
    reason: Words = ""
    effect: Effect | None = None


@dataclass(frozen=True)
class Assumptions:
    """All that is assumed behind a ranking, the ranked sites in the order of `Robust.ranked`.

    Parameters
    ----------
    numbers
        The assumed numbers, those first that lower the lead most; those held fixed last.
    first_shares
        Shape (n,): share of draws of bands and assumed numbers in which each is first; None
        where no number has a range.
    spread
        Shape (k,): share of each measure in the variance of the totals.
    """

    numbers: tuple[Assumed, ...]
    first_shares: Floats | None
    spread: Floats


def find_assumptions(outcome: Outcome, robust: Robust) -> Assumptions:
    """Move every assumed number of a plan over its range.

    Parameters
    ----------
    outcome
        What is looked at.
    robust
        Its ranking, of two parks or more.
    """
    model = _build_model(robust)
    expected = model.expect()
    moving = _Moving(outcome, robust, model, expected)
    weights = model.shares * model.weights[model.criteria]
    spread = share_spread(expected, weights)
    numbers = list(moving.list_all())
    settings = outcome.inputs.plan.robustness
    moved = [each for each in moving.list_moved() if each.low < each.high]
    shares = None
    if moved:
        rng = np.random.default_rng([settings.seed, 1])
        shares = model.draw_first_shares(moved, n_draws=settings.n_draws, rng=rng)
    return Assumptions(tuple(sorted(numbers, key=_order)), shares, spread)


def _order(each: Assumed) -> tuple[float, str]:
    # Of two measures the shares say the same, but for roundings, which no processor may order.
    return (np.inf if each.effect is None else round(each.effect.least_lead, N_DECIMALS), each.path)


def _build_model(robust: Robust) -> AssumedModel:
    names = [criterion.name for criterion in robust.info.criteria]
    return AssumedModel(
        tuple(each.pick(robust.ranked) for each in robust.banded),
        np.array([names.index(criterion.name) for criterion, _ in robust.measures]),
        robust.shares.max(axis=1),
        robust.weights,
        leader=0,
    )


@dataclass(frozen=True)
class _Moving:
    """The numbers of one outcome, and how each is moved."""

    outcome: Outcome
    robust: Robust
    model: AssumedModel
    expected: Floats

    @property
    def sites(self) -> list[str]:
        return [self.robust.sites[site] for site in self.robust.ranked]

    @property
    def wanted(self) -> list[str]:
        return [measure.measure_id for _, measure in self.robust.measures]

    def list_all(self) -> Iterator[Assumed]:
        """Give every assumed number with what it does."""
        plan = self.outcome.inputs.plan
        ranges = fitting_ranges(plan)
        values = {**list_assumed(plan), **_keep(list_numbers(plan), ranges)}
        by_path = dict(zip(self._list_paths(), self.list_moved(), strict=True))
        for path in count(values):
            value = values[path]
            known = by_path.get(path)
            own = ranges.get(path)
            if known is not None:
                # What the command line or a scenario weighs stands in the place of the plan's.
                value = known.value
            if own is None or not own.low <= value <= own.high:
                yield Assumed(path, find_kind(path), value)
                continue
            effect = (
                self.model.find_effect(known, self.expected)
                if known is not None
                else self._move_setting(path, value, own)
            )
            yield Assumed(path, find_kind(path), value, own.low, own.high, own.reason, effect)
        yield from self._list_classes()

    def list_moved(self) -> list[AssumedNumber]:
        """Return the numbers of the model that have a range about them."""
        return [number for number in self._list_model().values() if number is not None]

    def _list_paths(self) -> list[str]:
        return [path for path, number in self._list_model().items() if number is not None]

    def _list_model(self) -> Mapping[str, AssumedNumber | None]:
        info, robust = self.robust.info, self.robust
        ranges = fitting_ranges(self.outcome.inputs.plan)
        found: dict[str, AssumedNumber | None] = {}

        def add(path: str, kind: Literal["weight", "share", "function"], place: int, part: str, value: float) -> None:  # fmt: skip
            own = ranges.get(path)
            inside = own is not None and own.low <= value <= own.high
            ends = (own.low, own.high) if own is not None and inside else (value, value)
            found[path] = AssumedNumber(kind, place, part, value, *ends)

        for place, criterion in enumerate(info.criteria):
            if criterion.weight > 0:
                add(f"criteria.{criterion.name}.weight", "weight", place, "", criterion.weight)
        for place, (criterion, measure) in enumerate(robust.measures):
            if criterion.weight <= 0:
                continue
            at = f"criteria.{criterion.name}.{measure.measure_id}"
            add(f"{at}.weight", "share", place, "", measure.weight)
            for part in ("worst", "best", "steepness"):
                if (value := getattr(measure, part)) is not None:
                    add(f"{at}.{part}", "function", place, part, value)
            for number, point in enumerate(measure.points):
                for of, value in zip(("measured", "value"), point, strict=True):
                    part = f"points.{number}.{of}"
                    add(f"{at}.{part}", "function", place, part, value)
        return found

    def _move_setting(self, path: str, value: float, own: AssumedRange) -> Effect:
        """Measure anew at either end, of a radius between too; half-way only where that turns."""
        if not (hangs_on(path, self.wanted) and self._is_here(path)):
            lead, _ = self.model.find_lead(self._total(self.expected))
            return Effect(lead, lead)
        return search(
            lambda at: self._lead_with(path, at), value, own.low, own.high,
            n_steps=_N_STEPS if path.endswith("_km") else 1, n_halvings=_N_HALVINGS,
        )  # fmt: skip

    def _is_here(self, path: str) -> bool:
        """Tell whether a number is not that of a city alone in which no ranked park lies."""
        city = path.removeprefix("cooling.cities.").rpartition(".")[0].rpartition(".")[0]
        parks = self.outcome.inputs.layers["parks"]
        ranked = parks["park_id"].isin(self.sites)
        return city not in set(parks["city"]) - set(parks.loc[ranked, "city"])

    @cached_property
    def surroundings(self) -> Surroundings:
        """What the measures are found from as it is."""
        survey = self.outcome.survey
        return look_around(self.outcome.inputs, survey.latency, survey.extents)

    def _total(self, values: Floats) -> Floats:
        return values @ (self.model.shares * self.model.weights[self.model.criteria])

    def _lead_with(self, path: str, at: float) -> tuple[float, int]:
        """Return the lead with a setting moved; who cannot be ahead by it is not measured anew.

        Of many ranked sites the rival is looked for among the first (`N_RANKS`).
        """
        wanted = [each for each in self.wanted if hangs_on(path, [each])]
        columns = [self.wanted.index(each) for each in wanted]
        values = self.expected.copy()
        # At most what changes is worth all that it can be.
        best = values.copy()
        best[:, columns] = 1.0
        most, done = self._total(best), np.zeros(len(values), dtype=bool)
        if len(values) > MOST_WHOLE:
            most[N_RANKS:] = -np.inf  # of many sites the first ones alone are measured anew
        batch = np.arange(min(_N_FIRST, len(values)))
        while len(batch):
            self._measure(path, at, values, columns, batch)
            done[batch] = True
            totals = np.where(done, self._total(values), -np.inf)
            lead, rival = self.model.find_lead(totals)
            batch = np.flatnonzero(~done & (most > totals[self.model.leader] - lead))
        return lead, rival

    def _measure(
        self, path: str, at: float, values: Floats, columns: list[int], batch: NDArray[np.intp]
    ) -> None:
        """Put what some sites measure with a setting moved into the columns of the values."""
        sites = [self.sites[n] for n in batch]
        wanted = [self.wanted[column] for column in columns]
        survey, around = self.outcome.survey, self.surroundings
        found = measure_moved(survey, around, path, at, sites=sites, wanted=wanted)
        info = self.robust.info
        table = tabulate(found, scenario=info.scenario, year=info.year, criteria={})
        scored = [self.robust.measures[column][1] for column in columns]
        banded = read_bands(table, sites, scored)
        for column, name in zip(columns, wanted, strict=True):
            values[batch, column] = expect(banded[name])

    def _list_classes(self) -> Iterator[Assumed]:
        """Give the class of the ground of each town that a ranked park takes it from."""
        parks = self.outcome.inputs.layers["parks"].set_index("park_id")
        if _CLASS not in self.wanted or "town_id" not in parks.columns:
            return
        column = self.wanted.index(_CLASS)
        measure = self.model.measures[column]
        towns = parks["town_id"].reindex(self.sites)
        for town_id in sorted(set(towns.dropna())):
            own = (towns == town_id).to_numpy() & measure.has_band
            if not own.any():
                continue
            value = float(measure.value[own][0])
            low, high = next_classes(value)
            find_lead = self._lead_by_class(own, column)
            effect = search(find_lead, value, low, high, n_steps=1, n_halvings=0)
            why = tell("assumed.class_reason")
            yield Assumed(f"towns.{town_id}.{_CLASS}", "class", value, low, high, why, effect)

    def _lead_by_class(
        self, own: NDArray[np.bool_], column: int
    ) -> Callable[[float], tuple[float, int]]:
        def find(at: float) -> tuple[float, int]:
            values = self.expected.copy()
            values[own, column] = self.model.measures[column].function.rate(np.array([at]))
            return self.model.find_lead(self._total(values))

        return find


def _keep(numbers: Mapping[str, float], ranges: Mapping[str, AssumedRange]) -> dict[str, float]:
    return {path: value for path, value in numbers.items() if path in ranges}
