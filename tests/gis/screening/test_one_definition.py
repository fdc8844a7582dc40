"""What is measured over cells is what is measured at parks: a cell round each park has the park's measures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from pyproj import Transformer
from rasterio.windows import Window

import steppe
from steppe.measures.site_survey import Survey, survey_sites
from steppe.network.latency_table import tabulate_latency
from steppe.network.plan_backbone import build_backbone
from steppe.screening.cell_field import measure_cells
from steppe.screening.field_building import build_field
from steppe.screening.grid import lay_screen

pytestmark = pytest.mark.packs

CELL_M = 10.0
OFF_KM = 0.005  # of a distance over cells from the geodesic, up to 500 km
GRIDS = {"slope_deg", "air_temp_mean_c"}


@pytest.fixture(scope="module")
def surveyed(pack) -> Survey:
    """The default plan without cooling, whose parks lie just where they are drawn.

    Of one that may lie elsewhere the measures are those of all the ground that it may lie on.
    """
    inputs = steppe.open_plan(pack).inputs
    parks = inputs.layers["parks"].assign(accuracy_m=0.0)
    plan = inputs.plan.model_copy(update={"cooling": None})
    inputs = replace(inputs, plan=plan, layers={**inputs.layers, "parks": parks})
    return survey_sites(inputs, tabulate_latency(inputs, build_backbone(inputs)))


def test_a_cell_round_a_park_has_the_measures_of_the_park(surveyed) -> None:
    inputs, parks = surveyed.inputs, surveyed.inputs.layers["parks"]
    at_parks = {(each.site_id, each.measure_id): each.value for each in surveyed.findings}
    at_parks |= {key: each.value for key, each in surveyed.distances.items()}
    grid = lay_screen(inputs, CELL_M)
    field = build_field(inputs, grid, wanted=frozenset(name for _, name in at_parks))
    sums = [name for group in field.within for name in group.names]
    told = {*field.nearest, *field.rasters, *sums, "rtt_ms", "air_temp_mean_c"}
    to_metres = Transformer.from_crs(parks.crs, grid.crs, always_xy=True)
    compared = set()
    for park_id, place in zip(parks["park_id"], parks.geometry, strict=True):
        x, y = to_metres.transform(place.x, place.y)
        # Three by three cells, the middle of the one in the middle at the park.
        corner = {"west_m": x - 1.5 * CELL_M, "north_m": y + 1.5 * CELL_M}
        around = shapely.Point(x, y).buffer(100 * CELL_M)
        small = replace(grid, n_rows=3, n_columns=3, outline=around, **corner)
        cells = measure_cells(replace(field, grid=small), Window(0, 0, 3, 3), told=told, held={})
        assert set(cells.values) == told
        for name, values in cells.values.items():
            own = at_parks[park_id, name]
            own = np.nan if own is None else own
            if name == "rtt_ms" and np.isnan(own):
                continue  # nobody knows where the park joins; a cell joins the nearest node
            off, here = OFF_KM if name in field.nearest else 1e-6, values[1:2, 1:2]
            if name in GRIDS:
                # A park on the line between two cells of a grid has the value of either, a step aside.
                off, here = 1e-4, values
            assert np.isclose(here, own, rtol=0.0, atol=off, equal_nan=True).any(), (park_id, name)
            compared |= set() if np.isnan(own) else {name}
    # All but the way to a nuclear plant, which no park of the plan knows.
    assert told - compared == {"nuclear_km"}
