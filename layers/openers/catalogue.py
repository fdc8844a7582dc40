"""The openers: whose data, on which terms, from where, and what they make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from steppe.layers.openers import (
    climate_grids,
    geonames,
    grids,
    natural_earth,
    osm,
    power_plants,
    seismic,
    weather,
)
from steppe.layers.openers.fetched import Asked, Fetched, Origin
from steppe.layers.openers.origins import ORIGINS
from steppe.layers.openers.osm_layers import OSM_LAYERS

Get = Callable[[str], Path]


@dataclass(frozen=True)
class Opener:
    """One opener.

    Parameters
    ----------
    name
        What the command calls it.
    origin
        Whose data, on which terms.
    makes
        Layers and grids that it can make; hours of parks as `weather`.
    open
        Makes them of published files.
    files
        What the files are called, for `--from`.
    size_mb
        How much a fetch takes, about, MB; 0 for what hangs on the box.
    margin_km
        How far round the region the measures that use it look.
    list_files
        Fetches the files of a box; None for what is not fetched file by file.
    ask
        Asks a service for a box instead.
    """

    name: str
    origin: Origin
    makes: tuple[str, ...]
    open: Callable[[Sequence[Path], Asked, Origin], Fetched]
    files: str
    size_mb: float
    margin_km: float
    list_files: Callable[[Asked, Get], list[Path]] | None = None
    ask: Callable[..., Fetched] | None = None

    @property
    def is_fetched(self) -> bool:
        """Whether it can be fetched, or is given out to whoever asks by a form alone."""
        return self.list_files is not None or self.ask is not None


def _one(url: str) -> Callable[[Asked, Get], list[Path]]:
    return lambda _, get: [get(url)]


_NE_URL = "https://naciscdn.org/naturalearth/10m/{kind}/{name}.zip"
_NE_KINDS = {"rivers": "physical", "lakes": "physical"}


def _list_natural_earth(asked: Asked, get: Get) -> list[Path]:
    return [
        get(_NE_URL.format(kind=_NE_KINDS.get(theme.layer, "cultural"), name=theme.files[0]))
        for theme in natural_earth.THEMES
        if theme.layer in asked.only
    ]


def _list_geonames(_: Asked, get: Get) -> list[Path]:
    base = "https://download.geonames.org/export/dump"
    return [get(f"{base}/{name}.zip") for name in ("cities1000", "alternateNamesV2")]


def _list_usgs(asked: Asked, get: Get) -> list[Path]:
    from steppe.layers.openers.boxes import split  # noqa: PLC0415

    return [
        get(
            "https://earthquake.usgs.gov/fdsnws/event/1/query?format=csv&starttime=1900-01-01"
            f"&minmagnitude=5&minlongitude={west}&minlatitude={south}"
            f"&maxlongitude={east}&maxlatitude={north}"
        )
        for west, south, east, north in split(asked.box)
    ]


_WORLDCLIM_DAY, _CHELSA_DAY = date(2000, 12, 31), date(2010, 12, 31)

_ALL = (
    Opener(
        "osm",
        ORIGINS["openstreetmap"],
        tuple(OSM_LAYERS),
        osm.open_osm,
        "NAME.osm, NAME.osm.pbf",
        0,
        200.0,
        ask=osm.ask_osm,
    ),
    Opener(
        "natural_earth",
        ORIGINS["natural_earth"],
        tuple(dict.fromkeys(theme.layer for theme in natural_earth.THEMES)),
        natural_earth.open_natural_earth,
        ", ".join(f"{theme.files[0]}.zip" for theme in natural_earth.THEMES),
        40,
        200.0,
        list_files=_list_natural_earth,
    ),
    Opener(
        "geonames",
        ORIGINS["geonames"],
        ("towns",),
        geonames.open_geonames,
        "cities500.zip to cities15000.zip, XX.zip of a country, alternateNamesV2.zip",
        220,
        100.0,
        list_files=_list_geonames,
    ),
    Opener(
        "gem_plants",
        ORIGINS["gem_plants"],
        ("plants",),
        power_plants.open_gem_plants,
        "workbooks of the trackers (.xlsx), or a sheet as .csv",
        0,
        150.0,
    ),
    Opener(
        "wri_plants",
        ORIGINS["wri_plants"],
        ("plants",),
        power_plants.open_wri_plants,
        "global_power_plant_database.csv",
        12,
        150.0,
        list_files=_one(
            "https://raw.githubusercontent.com/wri/global-power-plant-database/master/"
            "output_database/global_power_plant_database.csv"
        ),
    ),
    Opener(
        "gem_faults",
        ORIGINS["gem_faults"],
        ("faults", "fault_extent"),
        seismic.open_gem_faults,
        "gem_active_faults.geojson, gem_active_faults_harmonized.gpkg, .shp",
        20,
        200.0,
        list_files=_one(
            "https://raw.githubusercontent.com/GEMScienceTools/gem-global-active-faults/master/"
            "geojson/gem_active_faults.geojson"
        ),
    ),
    Opener(
        "isc_gem",
        ORIGINS["isc_gem"],
        ("earthquakes",),
        seismic.open_isc_gem,
        "isc-gem-cat.csv",
        0,
        350.0,
    ),
    Opener(
        "usgs",
        ORIGINS["usgs"],
        ("earthquakes",),
        seismic.open_usgs,
        "query.csv",
        1,
        350.0,
        list_files=_list_usgs,
    ),
    Opener(
        "isd_lite",
        ORIGINS["isd_lite"],
        ("stations",),
        weather.open_isd_lite,
        "isd-history.csv with USAF-WBAN-YEAR.gz",
        10,
        300.0,
        list_files=weather.list_isd_lite,
    ),
    Opener(
        "epw",
        ORIGINS["epw"],
        ("weather",),
        weather.open_epw,
        "NAME.epw",
        0,
        0.0,
    ),
    Opener(
        "worldclim",
        ORIGINS["worldclim"],
        ("stations",),
        partial(climate_grids.open_climate, as_of=_WORLDCLIM_DAY),
        "wc2.1_10m_tavg.zip with wc2.1_10m_elev.zip, also wc2.1_10m_tmin.zip and _tmax.zip",
        110,
        350.0,
        list_files=climate_grids.list_worldclim,
    ),
    Opener(
        "chelsa",
        ORIGINS["chelsa"],
        ("stations",),
        partial(climate_grids.open_climate, as_of=_CHELSA_DAY),
        "CHELSA_tas_01_1981-2010_V.2.1.tif to _12_, in a plan that has heights",
        1800,
        350.0,
        list_files=climate_grids.list_chelsa,
    ),
    Opener(
        "copernicus_dem",
        ORIGINS["copernicus_dem"],
        ("elevation", "slope"),
        grids.open_dem,
        "Copernicus_DSM_COG_30_N40_00_E111_00_DEM.tif, one or more",
        0,
        20.0,
        list_files=grids.list_dem_tiles,
    ),
    Opener(
        "gem_hazard",
        ORIGINS["gem_hazard"],
        ("hazard",),
        grids.open_hazard,
        "GEM-GSHM_PGA-475y-rock_v2023.zip, v2023_1_pga_475_rock_3min.tif",
        30,
        20.0,
        list_files=_one(
            "https://zenodo.org/records/8409647/files/GEM-GSHM_PGA-475y-rock_v2023.zip?download=1"
        ),
    ),
    Opener(
        "aqueduct",
        ORIGINS["aqueduct"],
        ("water_stress",),
        grids.open_aqueduct,
        "aqueduct-4-0-water-risk-data.zip; its layer baseline_annual as .gpkg, .shp or .geojson",
        260,
        20.0,
        list_files=_one("https://files.wri.org/aqueduct/aqueduct-4-0-water-risk-data.zip"),
    ),
)

OPENERS: dict[str, Opener] = {opener.name: opener for opener in _ALL}
"""Each opener by its name."""


def find_opener(name: str) -> tuple[Opener, frozenset[str]] | None:
    """Return an opener and what is wanted of it; the name of a layer or grid means it alone.

    Of several openers that make a layer the first of the list is meant.
    """
    if name in OPENERS:
        return OPENERS[name], frozenset(OPENERS[name].makes)
    found = next((opener for opener in _ALL if name in opener.makes), None)
    return None if found is None else (found, frozenset({name}))
