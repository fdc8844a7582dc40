"""The recipe of a pack: everything of one region that compiling it needs."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

Bbox = tuple[float, float, float, float]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Boundary(_Strict):
    """One outline: its ISO code, its kind and its names."""

    iso: str
    kind: str
    name_zh: str
    name_en: str


class CorridorRecipe(_Strict):
    """How the line of one corridor is found.

    `via` names stations, or gives points [lon, lat] that the way must pass, in order.
    """

    corridor_id: str
    via: tuple[str | tuple[float, float], ...] = ()


class SameEvent(_Strict):
    """When rows of two earthquake catalogues are one event.

    Parameters
    ----------
    seconds, km
        Both times are known to the hour or better.
    day_km
        One time is known to the day only; the other lies within a day of it.
    twin_seconds, twin_km
        Nearer than this two events cannot be told apart, even when both catalogues are sure.
    """

    seconds: float
    km: float
    day_km: float
    twin_seconds: float
    twin_km: float


class Grid(_Strict):
    """One electricity grid and the prefectures (GeoNames admin2 codes) that it supplies."""

    name: str
    prefectures: tuple[str, ...]


class Recipe(_Strict):
    """The recipe of a pack, read from `recipe.toml`.

    Parameters
    ----------
    region_iso
        ISO 3166-2 code of the region.
    region_name
        Name of the region in the trackers of power plants.
    bbox
        West, south, east, north of everything that is kept, degrees.
    base_bbox
        The same for the base map.
    grid_km
        Substations and plants are kept within this distance of the region or of a park.
    min_voltage_kv, min_plant_mw
        Smallest tagged voltage and smallest plant that are kept.
    station_km
        Weather stations are kept within this distance of the region or of a park.
    station_height_m
        Weather stations whose stated height is further than this from the elevation grid
        are dropped: their place or height is wrong.
    min_magnitude
        Smallest earthquake that is kept.
    same_event
        When rows of two catalogues are one earthquake.
    fault_reach_km
        How far from a known fault the catalogue of faults is taken to know its surroundings.
    min_lake_km2
        Smallest lake that is kept.
    region_admin1
        GeoNames admin1 code of the region.
    grids, grids_reason
        Grids that divide the region, and why the division is taken for true.
    elevation_step_deg
        Cell of the elevation grid.
    simplify_deg
        Tolerance of the generalised outlines.
    installed_by
        Years for which installed capacity is summed up, to check claims.
    boundaries, ways
        Outlines and corridors.
    """

    region_iso: str
    region_name: str
    bbox: Bbox
    base_bbox: Bbox
    grid_km: float
    min_voltage_kv: float
    min_plant_mw: float
    station_km: float
    station_height_m: float
    min_magnitude: float
    same_event: SameEvent
    fault_reach_km: float
    min_lake_km2: float
    region_admin1: int
    grids: tuple[Grid, ...]
    grids_reason: str
    elevation_step_deg: float
    simplify_deg: float
    installed_by: tuple[int, ...]
    boundaries: tuple[Boundary, ...]
    ways: tuple[CorridorRecipe, ...]


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; a fault in it is a fault of the pack's author and is raised as such."""
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
