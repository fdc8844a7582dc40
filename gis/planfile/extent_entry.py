"""What a plan.toml may say of where a layer speaks: `extent` of a `[layers.NAME]`."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from steppe.criteria.key_types import Finite, Share, Strict
from steppe.criteria.settings import Bbox
from steppe.layers.errors import UnfitError
from steppe.layers.wording import join, tell

MAX_LON, MAX_LAT = 180, 90
MAX_POINTS = 10_000
_CORES = ("box", "points", "boundary_id", "layer")
_EVERYWHERE = "everywhere"


def check_box(box: Bbox, name: str) -> None:
    """Refuse a box that is not west, south, east, north on the globe, by its name.

    Over 180 degrees the west is more than the east (RFC 7946, section 5.2).
    """
    west, south, east, north = box
    on_globe = max(abs(west), abs(east)) <= MAX_LON and -MAX_LAT <= south < north <= MAX_LAT
    if not on_globe or west == east:
        raise UnfitError(tell("fault.bbox.order", name=name))


class ExtentEntry(Strict):
    """A shape, and all within a distance of it; without any shape it is everywhere.

    Parameters
    ----------
    box
        West, south, east, north in degrees.
    points
        Longitude and latitude of each, degrees.
    boundary_id
        An outline of the layer `boundaries`.
    layer
        A layer whose features are the shape.
    within_km
        How far round the shape.
    """

    box: Bbox | None = None
    points: Annotated[tuple[tuple[Finite, Finite], ...], Field(max_length=MAX_POINTS)] = ()
    boundary_id: str = ""
    layer: str = ""
    within_km: Share = 0.0

    @property
    def is_everywhere(self) -> bool:
        """Whether nothing bounds it."""
        return not any(getattr(self, name) for name in _CORES)

    @model_validator(mode="after")
    def _one_core(self) -> Self:
        if sum(bool(getattr(self, name)) for name in _CORES) != 1:
            raise UnfitError(tell("fault.extent.core", known=join(_CORES)))
        if self.box is not None:
            check_box(self.box, "box")
        if any(abs(lon) > MAX_LON or abs(lat) > MAX_LAT for lon, lat in self.points):
            raise UnfitError(tell("fault.extent.globe"))
        if self.points and self.within_km == 0:
            raise UnfitError(tell("fault.extent.points"))
        return self


def _read(raw: object) -> object:
    if isinstance(raw, str):
        if raw != _EVERYWHERE:
            raise UnfitError(tell("fault.extent.text"))
        return ExtentEntry.model_construct()
    return raw


ExtentKey = Annotated[ExtentEntry, BeforeValidator(_read)]
