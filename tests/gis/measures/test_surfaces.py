"""Surfaces: relief by hand, and cells under the parks beside the parks' own measures."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from steppe.criteria.climate import LAPSE_K_PER_M
from steppe.criteria.settings import Climate
from steppe.criteria.surface_grid import lay_grid
from steppe.layers.conformity import make_empty_layer
from steppe.layers.contracts import LAYERS
from steppe.layers.crs import distance_km
from steppe.layers.tables import KM_PER_DEG, Raster
from steppe.measures.relief_shade import STEEPER, shade
from steppe.measures.surfaces import make_surfaces

FLAT = math.sin(math.radians(45.0))
HALF_CELL_KM = 15.0  # from the middle of a cell of 0.2 degrees to its corner, at 40 degrees north


def _value(tables, park_id: str, measure_id: str) -> float:
    rows = tables.measures
    rows = rows[(rows["site_id"] == park_id) & (rows["measure_id"] == measure_id)]
    (value,) = rows["value"].astype(float)
    return value


def _heights(tables) -> Raster:
    elevation = tables.rasters["elevation"]
    grid = lay_grid(elevation)
    cells = grid.heights_m.astype(np.float32)
    return Raster("h", cells, grid.west, grid.north, grid.step_deg, "m", "", "", "")


def test_the_temperature_under_a_park_is_the_parks_but_for_height_and_half_a_cell(default_tables):
    """At one height a cell and a park in it differ by what stations weigh within half a cell."""
    heights, elevation = _heights(default_tables), default_tables.rasters["elevation"]
    surface = default_tables.rasters["air_temp"]
    seen = 0
    for park in default_tables.layers["parks"].itertuples():
        at = park.geometry.x, park.geometry.y
        own, cell = _value(default_tables, park.park_id, "air_temp_mean_c"), surface.at(*at)
        if math.isnan(own) or math.isnan(cell):
            continue
        lifted = own + LAPSE_K_PER_M * elevation.at(*at)
        assert cell + LAPSE_K_PER_M * heights.at(*at) == pytest.approx(lifted, abs=0.75)
        seen += 1
    assert seen > 20


def test_the_rate_under_a_park_is_the_parks_but_for_events_at_the_rim(default_tables):
    surface, events = default_tables.rasters["quake_rate"], default_tables.layers["earthquakes"]
    events = events[(events["magnitude"] >= 5.5) & events["year"].between(1960, 2016)]
    seen = 0
    for park in default_tables.layers["parks"].itertuples():
        at = park.geometry.x, park.geometry.y
        own, cell = _value(default_tables, park.park_id, "quake_rate_300km"), surface.at(*at)
        if math.isnan(own) or math.isnan(cell):
            continue
        away = distance_km(*at, events.geometry.x, events.geometry.y)
        n_rim = (np.abs(away - 300.0) <= HALF_CELL_KM + park.accuracy_m / 1000.0).sum()
        assert abs(cell - own) * 57 <= n_rim + 1e-3
        seen += 1
    assert seen > 20


def test_every_surface_names_a_source_and_lies_in_the_elevations_box(default_tables):
    ground = default_tables.rasters["elevation"]
    for name in ("relief", "air_temp", "quake_rate"):
        surface = default_tables.rasters[name]
        assert surface.source_id in default_tables.sources
        assert (surface.west, surface.north) == (ground.west, ground.north)
        rows, columns = surface.values.shape
        assert rows * surface.step_deg == pytest.approx(500 * 0.05)
        assert columns * surface.step_deg == pytest.approx(640 * 0.05)


def tilt(east: float, north: float) -> Raster:
    """Make a plane at the equator that rises so much over a way eastwards and northwards."""
    step_m = 0.1 * KM_PER_DEG * 1000.0
    rows, columns = np.mgrid[0:9, 0:9]
    heights = (east * columns - north * rows) * step_m / STEEPER
    return Raster("elevation", heights.astype(np.float32), 0.0, 0.45, 0.1, "m", "", "", "made")


@pytest.mark.parametrize(
    ("east", "north", "bright"),
    [
        (0.0, 0.0, FLAT),
        # A slope of 45 degrees that looks at the sun, and one that looks away from it.
        (math.sqrt(0.5), -math.sqrt(0.5), 1.0),
        (-math.sqrt(0.5), math.sqrt(0.5), 0.0),
        # Across the sun: the normal leans aside by 45 degrees.
        (math.sqrt(0.5), math.sqrt(0.5), FLAT * FLAT),
        (1.0, 0.0, (FLAT + FLAT * FLAT) * FLAT),
    ],
)
def test_a_plane_is_as_bright_as_its_angle_to_the_sun_says(east, north, bright):
    shaded = shade(tilt(east, north)).values[2:-2, 2:-2]
    assert shaded == pytest.approx(np.full(shaded.shape, bright), abs=2e-3)


def test_what_is_unknown_stays_so_and_does_not_spread_far():
    ground = tilt(0.0, 0.0)
    ground.values[4, 4] = np.nan
    unknown = np.isnan(shade(ground).values)
    assert unknown[3:6, 3:6].sum() >= 8
    assert not unknown[:2].any()
    assert not unknown[:, 7:].any()


def _inputs(rasters, **layers):
    given = {name: layers.get(name, make_empty_layer(LAYERS[name])) for name in LAYERS}
    plan = SimpleNamespace(
        layers={}, climate=Climate(), geology=SimpleNamespace(complete=(), rate_magnitude=5.5)
    )
    return SimpleNamespace(rasters=rasters, layers=layers, layer=given.get, plan=plan)


def test_without_heights_there_is_no_surface_and_without_layers_relief_alone(default_tables):
    assert make_surfaces(_inputs({})) == {}
    relief = make_surfaces(_inputs({"elevation": tilt(0.1, 0.0)}))
    assert list(relief) == ["relief"]
    # A catalogue of which nobody says since when it is complete tells no rate.
    events = default_tables.layers["earthquakes"]
    drawn = make_surfaces(_inputs({"elevation": tilt(0.1, 0.0)}, earthquakes=events))
    assert list(drawn) == ["relief"]


def test_a_grid_of_ground_motion_is_drawn_in_g():
    grid = Raster("hazard", np.array([[9.80665]], np.float32), 0, 0, 1, "m/s²", "", "", "made")
    found = make_surfaces(_inputs({"hazard": grid}))["hazard"]
    assert found.unit == "g"
    assert found.values == pytest.approx(1.0)
