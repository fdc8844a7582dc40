"""What measures are found from: the parks, what lies round them, and what the plan sets."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd

from steppe.criteria.cooling.findings import CoolingSources, GivenWeather, YearInputs
from steppe.criteria.cooling.loads import Load, LoadRates
from steppe.criteria.cooling.survey import Question
from steppe.criteria.cost import SiteCost
from steppe.criteria.coverage import name_layer
from steppe.criteria.finding import Finding
from steppe.criteria.settings import Climate, Geology, Power
from steppe.layers.extents import Extent
from steppe.layers.grids import QUANTITIES
from steppe.layers.tables import Raster
from steppe.layers.wording import Message, Words, tell


@dataclass(frozen=True)
class CoolingAsked:
    """What `[cooling]` asks of every site: facilities, sources, rates, and by park its year."""

    question: Question
    sources: CoolingSources
    rates: LoadRates
    years: Mapping[str, YearInputs]


@dataclass(frozen=True)
class Surroundings:
    """What the functions of the measures get.

    Parameters
    ----------
    parks
        Contract `PARKS`, EPSG:4490: the sites.
    layers, tables, rasters
        What the plan has, by name, each as its contract wants it.
    extents
        What each layer of the plan covers, by name.
    facts
        The best facts, contract `FACTS`.
    power, climate, geology
        What the plan sets of them.
    year
        The year of the scenario.
    target
        Node that the scored round trip leads to; empty where the plan has none.
    cooling
        What the plan asks of cooling, if anything.
    listed
        Measures that the plan lists.
    weather
        Park to the hours that the plan gives for it.
    latency
        Contract `LATENCY` of the scenario.
    redundancy
        Contract `REDUNDANCY` of the scenario.
    loads
        Park to its IT load in the scenario's year.
    found
        Park and measure to what earlier groups found.
    costs
        Cost of each site, once it is reckoned.
    """

    parks: gpd.GeoDataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]
    rasters: Mapping[str, Raster]
    extents: Mapping[str, Extent]
    facts: pd.DataFrame
    power: Power
    climate: Climate
    geology: Geology
    year: int
    target: str = ""
    cooling: CoolingAsked | None = None
    listed: Collection[str] = ()
    weather: Mapping[str, GivenWeather] = field(default_factory=dict)
    latency: pd.DataFrame = field(default_factory=pd.DataFrame)
    redundancy: pd.DataFrame = field(default_factory=pd.DataFrame)
    loads: Mapping[str, Load] = field(default_factory=dict)
    found: Mapping[tuple[str, str], Finding] = field(default_factory=dict)
    costs: Sequence[SiteCost] = ()

    def read(self, park_id: str, measure_id: str) -> Finding:
        """Return what an earlier group found at a park, unknown where it found nothing."""
        why = tell("missing.measure", measure_id=measure_id)
        unknown = Finding(park_id, measure_id, "unknown", reason=why)
        return self.found.get((park_id, measure_id), unknown)

    def tell_unknown(self, measures: Collection[str], why: Words) -> list[Finding]:
        """Return the measures that the plan lists as unknown at every park, with the reason."""
        return [
            Finding(park_id, measure_id, "unknown", reason=why)
            for park_id in self.parks["park_id"].astype(str)
            for measure_id in measures
            if measure_id in self.listed
        ]

    def has_all(self, names: Collection[str]) -> bool:
        """Tell whether the plan has each of some layers, tables and grids, with rows or without."""
        return {*names} <= {*self.layers, *self.tables, *self.rasters}

    def find_missing(self, names: Collection[str]) -> list[Message]:
        """Return which layers, tables and grids this plan does not have, or has without a row."""
        rows = {**self.layers, **self.tables}
        missing = []
        for name in names:
            if name in QUANTITIES and name not in self.rasters:
                missing.append(tell("missing.grid", title=tell(f"grid.{name}")))
            elif name not in QUANTITIES and name not in rows:
                missing.append(tell("missing.layer", name=name_layer(name)))
            elif name not in QUANTITIES and rows[name].empty:
                missing.append(tell("missing.rows", name=name_layer(name)))
        return missing
