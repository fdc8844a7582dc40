"""The plan file: what a plan.toml may say, and where the packs lie."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from steppe.criteria.key_types import Positive, Strict, Words, refuse_twice
from steppe.criteria.settings import Bbox, Climate, Geology, Power
from steppe.layers.columns import PARK_LEVELS, STATUSES, YEARS
from steppe.layers.dates import read_day
from steppe.layers.datum import DATUMS
from steppe.layers.encodings import ENCODINGS
from steppe.layers.errors import UnfitError
from steppe.layers.interchange.read_network import LEFT_OUT, UNPLACED
from steppe.layers.safe_files import go_with
from steppe.layers.sources import UNSAID
from steppe.layers.wording import tell
from steppe.planfile.column_entry import ColumnKey
from steppe.planfile.cooling_entry import Cooling
from steppe.planfile.cost_entry import Cost
from steppe.planfile.extent_entry import MAX_LAT, MAX_LON, ExtentKey, check_box
from steppe.planfile.request_entry import Request
from steppe.planfile.route_entry import RouteEntry
from steppe.planfile.scenario_entries import Scenario, Variant
from steppe.planfile.screening_entry import ScreeningEntry
from steppe.planfile.weight_entries import CriterionEntry, Robustness, Weighting, find_weights

MAX_JOIN_KM = 100.0  # what lies farther apart is no one place
MAX_SCENARIOS = 100  # each is a plan of its own to be worked out
RASTERS = ("elevation", "slope", "hazard", "flood", "water_stress")


def _check_scalar(value: object) -> object:
    if not isinstance(value, str | int | float | date):
        raise UnfitError(tell("fault.defaults.kind"))
    return value


class LayerFile(Strict):
    """Where a layer lies and how to read it; `licence` holds for the whole table.

    `columns` is which fields of the file the columns are, `defaults` what holds where it says
    nothing.  `statuses` are the words of a network file of another tool; `unplaced` and `join_km`
    are how it is read, see `steppe.layers.interchange.read_network.ReadingOptions`.
    `extent` is where the layer speaks, see `steppe.layers.extents`; `as_of` is the date of the rows
    that bear none.
    """

    file: str
    licence: Words = UNSAID
    crs: str | None = None
    datum: Literal[DATUMS] = "cgcs2000"  # type: ignore[valid-type]
    table: str | None = None
    encoding: Literal[ENCODINGS] | None = None  # type: ignore[valid-type]
    columns: dict[str, ColumnKey] = Field(default_factory=dict)
    defaults: dict[str, Annotated[object, AfterValidator(_check_scalar)]] = Field(
        default_factory=dict
    )
    statuses: dict[str, Literal[(*STATUSES, LEFT_OUT)]] = Field(  # type: ignore[valid-type]
        default_factory=dict
    )
    unplaced: Literal[UNPLACED] = UNPLACED[0]  # type: ignore[valid-type]
    join_km: Annotated[float, Field(gt=0, le=MAX_JOIN_KM, allow_inf_nan=False)] | None = None
    extent: ExtentKey | None = None
    as_of: Annotated[date, BeforeValidator(read_day)] | None = None


class RasterFile(Strict):
    """Where a grid lies and what its values are."""

    file: str
    title_zh: Words
    title_en: Words
    unit: str
    source_id: str


class LatencyClass(Strict):
    """What a round trip, or one way of it, is short enough for."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title_zh: Words
    title_en: Words
    limit_ms: Positive
    way: Literal["round_trip", "one_way"]
    source_id: str

    @property
    def limit_rtt_ms(self) -> float:
        """Return the limit as a round trip."""
        return self.limit_ms * (1.0 if self.way == "round_trip" else 2.0)


class NetworkEntry(Strict):
    """Targets of latency, of which the first one is scored, and the classes it is told in."""

    targets: tuple[str, ...] = ()
    classes: tuple[LatencyClass, ...] = ()
    # Two routes are apart when they keep this distance outside the end zones.
    apart_km: Positive = 10.0
    end_zone_km: Positive = 30.0
    # What comes nearer to a node than this comes through its city.
    city_reach_km: Positive = 8.0
    # A park that names no node hangs on the nearest one that is not farther than this.
    nearest_node_km: Positive | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        refuse_twice("targets", self.targets)
        refuse_twice("classes", [each.id for each in self.classes])
        return self


class Rules(Strict):
    """Which grades the rules are held against, and what layers lack."""

    grades: tuple[str, ...] = ()
    reason: str = ""
    incomplete: dict[str, str] = Field(default_factory=dict)


class Region(Strict):
    """Outline that the claims speak of, and the box that the projection is fitted to.

    Without an outline every park is in the region.
    """

    boundary_id: str = ""
    box: Bbox = (-MAX_LON, -MAX_LAT, MAX_LON, MAX_LAT)


class Plan(Strict):
    """A plan.toml, read and checked; `folder` is where it lies, `file` its name there.

    A plan needs a name and one criterion.  What else it leaves out follows from the parks, as
    long as there are none from its box (see `complete`), or is not there.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]  # a folder's too
    title_zh: Words = ""
    title_en: Words = ""
    as_of: Annotated[date, BeforeValidator(read_day)] = date.min
    bbox: Bbox = (-MAX_LON, -MAX_LAT, MAX_LON, MAX_LAT)
    view: Bbox = (-MAX_LON, -MAX_LAT, MAX_LON, MAX_LAT)
    level: Literal[PARK_LEVELS] = PARK_LEVELS[0]  # type: ignore[valid-type]
    review_number: str | None = None
    sources: str = ""
    facts: tuple[str, ...] = ()
    scenario: Scenario = Scenario(
        name="base", title_zh="基准", title_en="Base", year=YEARS[1], statuses=STATUSES
    )
    scenarios: Annotated[tuple[Variant, ...], Field(max_length=MAX_SCENARIOS)] = ()
    network: NetworkEntry = NetworkEntry()
    power: Power = Power()
    climate: Climate = Climate()
    cooling: Cooling | None = None
    cost: Cost = Cost()
    request: Request | None = None
    region: Region = Region()
    screening: ScreeningEntry = ScreeningEntry()
    route: RouteEntry = RouteEntry()
    geology: Geology = Geology()
    rules: Rules = Rules()
    layers: dict[str, LayerFile] = Field(default_factory=dict)
    rasters: dict[Literal[RASTERS], RasterFile] = Field(  # type: ignore[valid-type]
        default_factory=dict
    )
    weights: Weighting | None = None
    robustness: Robustness = Robustness()
    criteria: Annotated[tuple[CriterionEntry, ...], Field(min_length=1)]
    folder: Path = Field(exclude=True)
    file: str = Field(exclude=True)

    @model_validator(mode="after")
    def _boxes(self) -> Self:
        refuse_twice("criteria", [entry.name for entry in self.criteria])
        refuse_twice("measures", [each.id for entry in self.criteria for each in entry.measures])
        for name, box in (
            ("bbox", self.bbox),
            ("view", self.view),
            ("region.box", self.region.box),
        ):
            check_box(box, name)
        refuse_twice("scenarios", [self.scenario.name, *(each.name for each in self.scenarios)])
        find_weights(self.criteria, self.weights)
        return self

    def named_files(self) -> Iterator[tuple[str, str]]:
        """Give every file that the plan names, each with the key that names it."""
        if self.sources:
            yield "sources", self.sources
        for number, name in enumerate(self.facts):
            yield f"facts.{number}", name
        for layer, entry in self.layers.items():
            yield f"layers.{layer}.file", entry.file
        for raster, grid in self.rasters.items():
            yield f"rasters.{raster}.file", grid.file
        for park, record in (self.cooling.weather if self.cooling else {}).items():
            yield f"cooling.weather.{park}", record.file

    def inputs(self) -> dict[str, Path]:
        """Return every file that the plan reads: name relative to the folder, and path."""
        names = {self.file, *(name for _, name in self.named_files())}
        names |= {
            str(Path(name).with_name(part.name))
            for name in names
            for part in go_with(self.folder / name)
        }
        return {self._relative(name): self.folder / name for name in sorted(names)}

    def _relative(self, name: str) -> str:
        """Return a name relative to the folder; only with --allow-outside may it be absolute."""
        if not Path(name).is_absolute():
            return name
        return Path(os.path.relpath(name, self.folder)).as_posix()
