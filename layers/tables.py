"""PlanTables: the checked tables of one plan, all that the drawers and writers get."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from steppe.layers.conformity import make_empty, make_empty_layer
from steppe.layers.contracts import LAYERS, PLAN_TABLES

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from pyproj import CRS

    from steppe.layers.cut_graph import CutGraph
    from steppe.layers.errors import Note
    from steppe.layers.sources import Source

Bbox = tuple[float, float, float, float]

KM_PER_DEG = 111.2  # length of a degree of latitude, near enough for a window


@dataclass(frozen=True)
class Measure:
    """One measure of a criterion and its value function.

    Parameters
    ----------
    measure_id
        Identifier.
    title_zh, title_en
        What people read.
    unit
        Unit of the measure.
    weight
        Share inside its criterion, summing to 1; 0 shows the measure without scoring it.
    worst, best
        Fixed ends of the value function (0 at worst, 1 at best), in `unit`; None for a measure
        that is not scored, or one of pieces.
    reason
        Where the ends come from.
    in_report
        Whether the report has a column for it.
    shape
        `linear`, `sigmoid` or `piecewise`.
    steepness
        Of the sigmoid; None for the others.
    points
        Of the pieces: measured and value, 0 to 1.
    is_band_shared
        Whether the band comes from what all sites share.
    """

    measure_id: str
    title_zh: str
    title_en: str
    unit: str
    weight: float
    worst: float | None
    best: float | None
    reason: str
    in_report: bool = True
    shape: str = "linear"
    steepness: float | None = None
    points: tuple[tuple[float, float], ...] = ()
    is_band_shared: bool = False


@dataclass(frozen=True)
class Criterion:
    """One criterion, its weight and its measures; weights of all criteria sum to 1."""

    name: str
    title_zh: str
    title_en: str
    weight: float
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class LatencyClass:
    """What a round trip is short enough for.

    Parameters
    ----------
    class_id
        Name as in the latency table.
    title_zh, title_en
        What people read.
    limit_rtt_ms
        Greatest round trip, ms.
    source_id
        Source of the limit.
    """

    class_id: str
    title_zh: str
    title_en: str
    limit_rtt_ms: float
    source_id: str


@dataclass(frozen=True)
class WeightsOrigin:
    """Who set the weights of the criteria, and why; by each expert how consistent.

    Parameters
    ----------
    who_zh, who_en, why_zh, why_en
        In words.
    ratios
        Expert to consistency ratio; empty for weights that were given.
    """

    who_zh: str
    who_en: str
    why_zh: str
    why_en: str
    ratios: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class PlanInfo:
    """What a drawer must know of the plan beside its tables.

    Parameters
    ----------
    name
        Name of the plan, also of its output folder.
    title_zh, title_en
        Titles.
    as_of
        Date that the plan speaks of, ISO 8601; the only date in any output.
    bbox
        West, south, east, north, degrees: where data may lie.
    view
        The same for the first view of the map.
    albers
        Equal-area CRS of the region.
    scenario, year
        The run's key.
    level
        Level of parks that is ranked.
    review_number
        审图号, or empty: then every map says that it was not reviewed; None for a plan of which
        no map tells of a review.
    criteria
        Criteria in order.
    targets
        Nodes that round trips lead to; the first one is scored.
    classes
        Latency classes, the hardest first.
    scenario_zh, scenario_en
        What the scenario is called.
    origin
        Where the weights come from; None when the plan does not say.
    left_out
        What was left out for a first look, see `steppe.ranking.first_look`.
    generalised_m
        To how many metres the lines are told, see `steppe.outputs.public_map`; None as they are.
    """

    name: str
    title_zh: str
    title_en: str
    as_of: str
    bbox: Bbox
    view: Bbox
    albers: CRS
    scenario: str
    year: int
    level: str
    review_number: str | None
    criteria: tuple[Criterion, ...]
    targets: tuple[str, ...] = ()
    classes: tuple[LatencyClass, ...] = ()
    scenario_zh: str = ""
    scenario_en: str = ""
    origin: WeightsOrigin | None = None
    left_out: tuple[str, ...] = ()
    generalised_m: float | None = None


@dataclass(frozen=True)
class Raster:
    """A north-up grid in EPSG:4490.

    Parameters
    ----------
    name
        Layer name.
    values
        Shape (rows, columns), float32, NaN where nothing is known.
    west, north
        Upper left corner, degrees.
    step_deg
        Cell size, degrees.
    unit
        Unit of the values.
    title_zh, title_en
        What people read.
    source_id
        Source.
    band
        Low and high ends of the values, in their shape, where they are known; else None.
    """

    name: str
    values: NDArray[np.float32]
    west: float
    north: float
    step_deg: float
    unit: str
    title_zh: str
    title_en: str
    source_id: str
    band: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None

    def spread(self, lon: float, lat: float, *, within_km: float) -> tuple[float, float]:
        """Return the least and the greatest known value of the cells around a point.

        Cells count whose centre lies within a box of twice `within_km` a side, and the cell
        that holds the point; NaN when nothing is known there.
        """
        reach_lat = within_km / KM_PER_DEG
        reach_lon = reach_lat / math.cos(math.radians(lat))
        rows, columns = self.values.shape
        top, bottom = (
            int((self.north - lat + d) // self.step_deg) for d in (-reach_lat, reach_lat)
        )
        left, right = (int((lon - self.west + d) // self.step_deg) for d in (-reach_lon, reach_lon))
        around = self.values[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
        known = around[around == around]  # noqa: PLR0124  NaN is unlike itself
        if bottom < 0 or right < 0 or top >= rows or left >= columns or known.size == 0:
            return float("nan"), float("nan")
        return float(known.min()), float(known.max())

    def at(self, lon: float, lat: float) -> float:
        """Return the value of the cell that holds a point; NaN outside."""
        column = int((lon - self.west) // self.step_deg)
        row = int((self.north - lat) // self.step_deg)
        rows, columns = self.values.shape
        if not (0 <= row < rows and 0 <= column < columns):
            return float("nan")
        return float(self.values[row, column])


@dataclass(frozen=True)
class PlanTables:
    """Everything that a plan came to, checked against their contracts.

    A table is also an attribute: `plan.measures` is `plan.tables["measures"]`.

    Parameters
    ----------
    info
        The plan's titles, dates and criteria.
    layers
        Layer name to GeoDataFrame (EPSG:4490), keys as in `steppe.layers.contracts.LAYERS`.
    tables
        Table name to DataFrame, keys as in `steppe.layers.contracts.PLAN_TABLES`; those that are
        not given are empty.
    sources
        `source_id` to source.
    rasters
        Raster name to grid.
    notes
        Lines on answers that are bounds, or left out, because they would take too long.
    read_notes
        Lines on what was not read as it stands, or not at all.
    graphs
        Scenario to its backbone as numbers, the plan's own first.
    counted
        Cables that count in the scenario, by their ids.
    variants
        The other scenarios of the plan, each with what hangs on it: its `info` and layers, its
        measures and scores, what rules and the request say, its round trips, redundancy and
        costs, and the shares of its ranks; without notes, sources and rasters, which are the plan's.
    proposed
        The plan with the sites that its screening proposes in the place of its parks, told as a
        variant is; None where it looks for none.
    """

    info: PlanInfo
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]
    sources: Mapping[str, Source]
    rasters: Mapping[str, Raster]
    notes: tuple[Note, ...] = ()
    read_notes: tuple[Note, ...] = ()
    graphs: Mapping[str, CutGraph] = field(default_factory=dict)
    counted: tuple[str, ...] = ()
    variants: tuple[PlanTables, ...] = ()
    proposed: PlanTables | None = None

    def __post_init__(self) -> None:
        """Put the tables in order, with an empty one for each that was not given."""
        strange = sorted(set(self.tables) - set(PLAN_TABLES))
        if strange:
            msg = f"no tables of a plan: {', '.join(strange)}"
            raise ValueError(msg)
        tables = {
            name: self.tables[name] if name in self.tables else make_empty(contract)
            for name, contract in PLAN_TABLES.items()
        }
        object.__setattr__(self, "tables", tables)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return a table by its name."""
        # Copies are made before there is a `tables`.
        tables: Mapping[str, pd.DataFrame] = self.__dict__.get("tables", {})
        if name not in tables:
            msg = f"a plan has no {name!r}"
            raise AttributeError(msg)
        return tables[name]

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer; one without rows where the plan has none."""
        return self.layers[name] if name in self.layers else make_empty_layer(LAYERS[name])

    def with_tables(self, **tables: pd.DataFrame) -> PlanTables:
        """Return the plan with other tables in the place of some."""
        return replace(self, tables={**self.tables, **tables})
