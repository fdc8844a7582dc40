"""Weather files that a user might give, and rankings made by hand."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import CRS
from scipy import stats
from shapely.geometry import Point, box

from steppe.criteria.cooling.weather import MONTH_DAYS
from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure
from steppe.criteria.registry import tabulate
from steppe.layers.tables import Criterion, Measure, PlanInfo, PlanTables, WeightsOrigin
from steppe.measures.site_survey import Survey
from steppe.planfile import input_reading
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.weight_entries import Robustness
from steppe.ranking.scenario_outcome import Outcome, ScenarioNetwork
from steppe.ranking.score_table import tabulate_scores

# Files of the packs that are held as read: more of them than these are made up by tests.
MOST_KNOWN = 300

# What a park measures: a number, one with low and high ends, or None for unknown.
Measured = float | tuple[float, float, float] | None

HEAD = (
    "LOCATION,Somewhere,-,CHN,TMY,534630,40.85,111.8,8.0,1063.0\n"
    "DESIGN CONDITIONS,0\nTYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\n"
    "HOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,\nCOMMENTS 2,\n"
    "DATA PERIODS,1,1,Data,Sunday,1/1,12/31\n"
)


def _write_epw(path, *, temp=15.0, dew=5.0, pressure=89000, cut=None, blank_months=()):
    lines = []
    for month, days in enumerate(MONTH_DAYS, start=1):
        for day in range(1, days + 1):
            for hour in range(1, 25):
                shown = 99.9 if month in blank_months else temp
                values = [1999, month, day, hour, 60, "A7", shown, dew, 50, pressure]
                lines.append(",".join(map(str, values + [0] * 25)))
    path.write_text(HEAD + "\n".join(lines[:cut]) + "\n", encoding="utf-8")
    return path


def _name_reading(path: Path, *others: Any, options: Any = None, **named: Any) -> Hashable:
    """Return what a reading hangs on; None where the file is not a plain one."""
    try:
        if not path.is_file() or path.resolve() != path.absolute():
            return None
        digest = hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None
    told = dataclasses.astuple(dataclasses.replace(options, tell=_tell_nobody)) if options else ()
    return path.name, digest, *map(id, others), repr((named, told))


def _tell_nobody(_: object) -> None:
    pass


def _read_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """Return a reader that reads the same bytes in the same way once."""
    known: dict[Hashable, Any] = {}

    def give(path: Path, *others: Any, **named: Any) -> Any:
        name = _name_reading(path, *others, **named)
        if name in known:
            return known[name].copy()
        notes: list[object] = []
        options = named.get("options")
        if options is not None:
            named["options"] = dataclasses.replace(options, tell=notes.append)
        found = read(path, *others, **named)
        for note in notes:
            options.tell(note)
        if name is not None and not notes and len(known) < MOST_KNOWN:
            known[name] = found.copy()
        return found

    return give


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_once() -> Iterator[None]:
    """Have a file of the packs that many plans hold, unchanged, read and checked once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("read_layer", "read_table", "read_facts"):
            patch.setattr(input_reading, name, _read_once(getattr(input_reading, name)))
        yield


@pytest.fixture(scope="session")
def write_epw() -> Callable[..., Path]:
    """Write a year of equal hours as EPW: `temp`, `dew` in °C, `pressure` in Pa."""
    return _write_epw


def _criterion(name, weight, *, shared=False, title=None, **function) -> Criterion:
    """One criterion of one measure of its name, 0 at 0 and 1 at 1 unless told otherwise."""
    ends = {"worst": 0.0, "best": 1.0} | function
    title = title or name.title()
    measure = Measure(
        f"{name}_m", f"{name}度", f"{title} measured", "km", 1.0, reason="by hand",
        is_band_shared=shared, **ends,
    )  # fmt: skip
    return Criterion(name, f"{name}准则", title, weight, (measure,))


def _decide(
    parks: Mapping[str, Mapping[str, Measured]],
    *,
    criteria: tuple[Criterion, ...] = (),
    excluded: Mapping[str, str] | None = None,
    n_draws: int = 2000,
    seed: int = 6,
    band: str = "range",
    names: Mapping[str, tuple[str, str]] | None = None,
    outside: tuple[str, ...] = (),
    scenario: str = "base",
) -> Outcome:
    """What a plan of parks comes to, each with what it measures by criterion.

    By default every criterion has one measure of 0 to 1 and the same weight.  Parks lie in the
    region unless they are named as `outside`.
    """
    wanted = list(dict.fromkeys(name for park in parks.values() for name in park))
    criteria = criteria or tuple(_criterion(name, 1 / len(wanted)) for name in wanted)
    info = PlanInfo(
        "toy", "玩具", "Toy", "2017-12-31", (0, 0, 9, 9), (0, 0, 9, 9), CRS.from_epsg(4490),
        scenario, 2017, "zone", "", criteria, ("capital",), (), f"{scenario}情景", f"The {scenario}",
        WeightsOrigin("我们", "us", "练习", "for practice"),
    )  # fmt: skip
    findings = []
    for site, park in parks.items():
        for criterion in criteria:
            (measure,) = criterion.measures
            found = park[criterion.name]
            value, low, high = found if isinstance(found, tuple) else (found, None, None)
            is_banded = isinstance(found, tuple)
            findings.append(
                Finding(
                    site, measure.measure_id,
                    "unknown" if value is None else "observed", value=value, low=low, high=high,
                    band=band if is_banded else "none", reason="nobody told",
                )
            )  # fmt: skip
    frame = gpd.GeoDataFrame(
        {
            "park_id": list(parks),
            "level": "zone",
            "name_zh": [(names or {}).get(site, (f"{site}园", ""))[0] for site in parks],
            "name_en": [(names or {}).get(site, ("", f"Park {site}"))[1] for site in parks],
        },
        geometry=[Point(8 if site in outside else 1, 1) for site in parks],
        crs=4490,
    )
    region = gpd.GeoDataFrame({"boundary_id": ["R"]}, geometry=[box(0, 0, 5, 5)], crs=4490)
    plan = SimpleNamespace(
        robustness=Robustness(n_draws=n_draws, seed=seed),
        region=SimpleNamespace(boundary_id="R"),
        scenarios=(),
    )
    layers = {"parks": frame, "boundaries": region}
    inputs = Inputs(plan, {}, pd.DataFrame(), layers, {}, {}, {})
    known = {
        measure.measure_id: KnownMeasure(
            measure.measure_id, measure.unit, measure.title_zh, measure.title_en, criterion.name,
            "neither", "by hand", "by hand",
        )
        for criterion in criteria
        for measure in criterion.measures
    }  # fmt: skip
    measures = tabulate(findings, scenario=scenario, year=2017, criteria={}, measures=known)
    scores = tabulate_scores(info, frame, measures, excluded=excluded)
    nothing = pd.DataFrame()
    network = ScenarioNetwork(None, (), nothing, nothing, {})
    survey = Survey(inputs, nothing, {}, [], {}, nothing)
    return Outcome(inputs, info, network, survey, measures, scores, nothing)


def _average(row: pd.Series, worst: float, best: float) -> float:
    """Average the value over a band, the densities of docs/model.md gone through finely."""
    quantile = (np.arange(100_000) + 0.5) / 100_000
    normal = stats.norm.ppf(quantile) / stats.norm.ppf(0.95)
    step = {"none": 0 * quantile, "range": 2 * quantile - 1, "p05_p95": normal}[row["band"]]
    value = float(row["value"])
    low, high = (value if pd.isna(row[end]) else float(row[end]) for end in ("low", "high"))
    measured = value + step * np.where(step < 0, value - low, high - value)
    return float(np.clip((measured - worst) / (best - worst), 0, 1).mean())


@pytest.fixture(scope="session")
def average() -> Callable[[pd.Series, float, float], float]:
    """Average what a row of the measures is worth along a line: row, worst, best; to 0.0001."""
    return _average


@pytest.fixture(scope="session")
def criterion() -> Callable[..., Criterion]:
    """Make a criterion of one measure: name, weight, `shared` band, value function."""
    return _criterion


@pytest.fixture(scope="session")
def decide() -> Callable[..., Outcome]:
    """Score parks made by hand: park to criterion to what it measures there."""
    return _decide


@pytest.fixture(scope="session")
def tables(default_tables: PlanTables) -> PlanTables:
    """The tables of the default plan."""
    return default_tables
