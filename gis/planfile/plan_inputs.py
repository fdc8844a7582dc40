"""What a plan reads, checked: the one value that everything is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from steppe.criteria.cooling.findings import GivenWeather
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import Note
from steppe.layers.sources import Source
from steppe.layers.tables import Raster
from steppe.planfile.plan_schema import Plan

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
