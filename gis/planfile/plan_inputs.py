"""What a plan reads, checked: the one value that everything is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from steppe.layers.conformity import make_empty_layer
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Note
from steppe.layers.sources import Source
from steppe.layers.tables import Raster
from steppe.planfile.plan_schema import Plan

if TYPE_CHECKING:
    from steppe.criteria.cooling.findings import GivenWeather

TABLES = tuple(name for name, contract in INPUT_LAYERS.items() if contract.geometry is None)

BACKBONE = ("parks", "nodes", "fibre", "corridors", "rivers", "boundaries")
"""What latency, redundancy and shared risks are made of."""


@dataclass(frozen=True)
class Inputs:
    """Everything that was read, checked row by row and against each other.

    `notes` are lines on what was not read as it stands, or not at all.
    """

    plan: Plan
    sources: Mapping[str, Source]
    facts: pd.DataFrame
    layers: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]
    rasters: Mapping[str, Raster]
    weather: Mapping[str, GivenWeather]
    notes: tuple[Note, ...] = ()

    def layer(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer as it was read; one without rows where the plan has none."""
        return self.layers[name] if name in self.layers else make_empty_layer(INPUT_LAYERS[name])

    def is_in_region(self) -> pd.Series:
        """Return for each park whether it lies in the region; all do where the plan has none."""
        parks, region = self.layers["parks"], self.plan.region.boundary_id
        outlines = self.layer("boundaries").set_index("boundary_id").geometry
        if region not in outlines.index:
            return pd.Series(data=True, index=parks.index)
        return parks.within(outlines[region])
