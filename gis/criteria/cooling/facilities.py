"""Kinds of facilities, the published ranges of their parameters, and draws from them.

The ranges are those of N. Lei, E. Masanet, Resources, Conservation and Recycling 182 (2022)
106323, table of inputs, cases 1, 2, 3, 4, 5 and 8; each row of parameters.csv names the
references that the authors give for it.  How far the chiller of case 8 is off the curve,
-60 to -20 %, is as the authors' own calculator has it (GitHub,
nuoaleon/UEcalculator_dash_app, src/app.py).  Their cases 6, 7, 9 and 10 rest on curves of
air-cooled machines that were never printed, and are left out.  `hyperscale_evaporative` has
the ranges of case 1 and the control of the authors' first paper, Energy 201 (2020) 117556.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from steppe.criteria.cooling.plant import AirSide, DryAirSide, LimitedAirSide, Plant, WaterSide

SOURCE = "Lei and Masanet 2022, doi 10.1016/j.resconrec.2022.106323"

# How the air of the tower follows from its ratio, by the edition whose balance it is.
_EDITION_2020 = (("ratio_of_evaporated", False),)
_EDITION_2022 = (("ratio_of_evaporated", True),)
# A facility without an exchanger to the tower: nothing comes through it, no pump runs.
_NO_ECONOMISER = (
    *_EDITION_2022,
    ("exchanger_approach_k", float("inf")),
    ("economiser_pump_pa", 0.0),
    ("economiser_pump_efficiency", 1.0),
)


@dataclass(frozen=True)
class Range:
    """The published range of a parameter; `references` as its authors cite them."""

    low: float
    high: float
    unit: str
    references: str


@dataclass(frozen=True)
class Facility:
    """A kind of facility.

    Parameters
    ----------
    facility_id
        As in parameters.csv.
    case
        Number in the 2022 paper.
    plant
        Which heat balance it has.
    fixed
        Parameters that do not vary.
    """

    facility_id: str
    case: int
    plant: type[Plant]
    fixed: tuple[tuple[str, float], ...] = _EDITION_2022


FACILITIES = (
    Facility("hyperscale_air", 1, LimitedAirSide),
    Facility("hyperscale_water", 2, WaterSide),
    Facility("colocation_air", 3, DryAirSide),
    Facility("colocation_water", 4, WaterSide),
    Facility("colocation_chiller", 5, WaterSide, _NO_ECONOMISER),
    Facility("small_chiller", 8, WaterSide, _NO_ECONOMISER),
    Facility("hyperscale_evaporative", 1, AirSide, _EDITION_2020),
)


@cache
def _table() -> dict[tuple[str, str], Range]:
    text = resources.files(__package__).joinpath("parameters.csv").read_text(encoding="utf-8")
    return {
        (facility_id, row["parameter"]): Range(
            float(row["low"]), float(row["high"]), row["unit"], row["references"]
        )
        for row in csv.DictReader(text.splitlines())
        for facility_id in row["facilities"].split()
    }


def list_ranges(facility: Facility) -> dict[str, Range]:
    """Return the published range of each parameter that varies, in the order of the plant."""
    fixed = dict(facility.fixed)
    names = [field.name for field in fields(facility.plant) if field.name not in fixed]
    return {name: _table()[facility.facility_id, name] for name in names}


@cache
def typify(facility: Facility) -> Plant:
    """Return the plant with every parameter in the middle of its range."""
    middles: dict[str, Any] = {
        name: (span.low + span.high) / 2.0 for name, span in list_ranges(facility).items()
    }
    return facility.plant(**middles | dict(facility.fixed))


@lru_cache(maxsize=32)  # the same plants stand at every site
def draw(facility: Facility, n_draws: int, *, seed: int) -> Plant:
    """Draw plants by Latin hypercube, every parameter uniform over its range.

    Each range is cut into `n_draws` equal strata, each stratum is hit once, and the strata of
    different parameters are paired at random (McKay, Beckman and Conover 1979).

    Parameters
    ----------
    facility
        One of `FACILITIES`.
    n_draws
        How many.
    seed
        The same seed gives the same plants.

    Returns
    -------
    Plant
        Fields of shape (n_draws, 1).
    """
    spans = list_ranges(facility)
    dice = np.random.default_rng(seed)
    strata = dice.permuted(np.tile(np.arange(n_draws), (len(spans), 1)), axis=1)
    uniform = (strata + dice.random(strata.shape)) / n_draws
    values: dict[str, Any] = {
        name: (span.low + row * (span.high - span.low))[:, np.newaxis]
        for row, (name, span) in zip(uniform, spans.items(), strict=True)
    }
    return facility.plant(**values | dict(facility.fixed))
