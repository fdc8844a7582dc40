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


class Way(_Strict):
    """How the line of one corridor is found.

    `via` names stations, or gives points [lon, lat] that the way must pass, in order.
    """

    corridor_id: str
    via: tuple[str | tuple[float, float], ...] = ()


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
        Substations and plants are kept within this distance of a park.
    untagged_km
        Substations without a voltage are kept within this distance of a park.
    min_voltage_kv, min_plant_mw
        Smallest tagged voltage and smallest plant that are kept.
    station_km
        Weather stations are kept within this distance of a park.
    station_height_m
        Weather stations whose stated height is further than this from the elevation grid
        are dropped: their place or height is wrong.
    min_magnitude
        Smallest earthquake that is kept.
    elevation_step_deg
        Cell of the elevation grid.
    simplify_deg
        Tolerance of the generalised outlines.
    installed_by
        Year for which installed capacity is summed up, to check a claim.
    boundaries, ways
        Outlines and corridors.
    """

    region_iso: str
    region_name: str
    bbox: Bbox
    base_bbox: Bbox
    grid_km: float
    untagged_km: float
    min_voltage_kv: float
    min_plant_mw: float
    station_km: float
    station_height_m: float
    min_magnitude: float
    elevation_step_deg: float
    simplify_deg: float
    installed_by: int
    boundaries: tuple[Boundary, ...]
    ways: tuple[Way, ...]


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; a fault in it is a fault of the pack's author and is raised as such."""
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
