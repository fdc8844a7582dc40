"""Sites for a load: the best compact land of a screening, and who could feed each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window
from shapely.geometry import Polygon

from steppe.decision.back_test import find_percentiles
from steppe.layers.crs import WORKING_CRS, distance_km
from steppe.layers.disks import Points
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, join, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.request_entry import ask
from steppe.screening.area_lost_table import name_clause, read_area_lost
from steppe.screening.compact_blocks import Block, find_blocks
from steppe.screening.result import (
    ACCEPTABILITY,
    KNOWN,
    SCORE,
    Screening,
)

PROPOSED_ID = "proposed_"
"""What ids of proposed sites begin with, before their number."""
_HA_PER_KM2 = 100.0
_ROUNDED_KM2 = 0.001  # areas are written so
N_FEEDERS = 3


@dataclass(frozen=True)
class Feeder:
    """A station that could feed a site.

    Parameters
    ----------
    grid_id
        Station of the layer of substations.
    voltage_kv
        Its voltage; NaN where it is not told.
    distance_km
        From the middle of the site, geodesic.
    """

    grid_id: str
    voltage_kv: float
    distance_km: float


@dataclass(frozen=True)
class FoundSite:
    """Land that a screening found for a load.

    Parameters
    ----------
    site_id
        `proposed_1` is the best.
    lon, lat
        Middle, degrees.
    outline
        Polygon, degrees (EPSG:4490).
    area_ha
        Its area on the ellipsoid, ha: of whole cells, so not below what the load takes.
    score, known_share, percentile
        Mean score of its cells; share of the weight that is known of them; share of the free
        cells that it scores above.
    acceptability
        Mean over its cells of the share of the drawn weights with which one is in the best 1 % of
        the free cells.
    measures
        Mean of each surface over its cells; None where one of them is not known.
    feeders
        Stations within reach, the highest voltage first, at most `N_FEEDERS`.
    accuracy_m
        Half the diagonal of the block.
    reasons
        Why it is there, who could feed it, and what is not known of it.
    """

    site_id: str
    lon: float
    lat: float
    outline: Polygon
    area_ha: float
    score: float
    known_share: float
    percentile: float
    acceptability: float
    measures: Mapping[str, float | None]
    feeders: tuple[Feeder, ...]
    accuracy_m: float
    reasons: tuple[Words, ...]


def size_sites(inputs: Inputs, demand_mw: float | None) -> float | None:
    """Return the land that surely holds a load, ha: at the most that a megawatt takes.

    Parameters
    ----------
    inputs
        What was read.
    demand_mw
        IT load of a site, MW; None where nobody wants one, as is the land then.

    Raises
    ------
    InputError
        For a load that cannot be, and a plan that does not say what land a megawatt takes.
    """
    if demand_mw is None:
        return None
    request = ask(inputs.plan.request, demand_mw=demand_mw, year=None)
    if request is None or request.ha_per_mw is None:
        raise InputError(
            Problem("request.ha_per_mw", tell("request.land.no_rate"), tell("fix.give_land_rate"))
        )
    return demand_mw * request.ha_per_mw.high


def find_sites(screening: Screening, inputs: Inputs, *, demand_mw: float | None) -> list[FoundSite]:
    """Return the best sites for a load, the best first; fewer where the land gives no more.

    How many, and the least geodesic distance between the middles of two, is what the plan says.

    Parameters
    ----------
    screening
        Of the plan.
    inputs
        What was read.
    demand_mw
        IT load of each site, MW; none are found without one.

    Raises
    ------
    InputError
        For a load that cannot be, and a plan that does not say what land a megawatt takes.
    """
    wanted_ha = size_sites(inputs, demand_mw)
    if wanted_ha is None or demand_mw is None:
        return []
    request, entry = inputs.plan.request, inputs.plan.screening
    cell_ha = (screening.cell_m / 1000.0) ** 2 * _HA_PER_KM2
    free = screening.find_free()
    scores = screening.open(SCORE)
    to_degrees = Transformer.from_crs(CRS.from_wkt(screening.crs_wkt), WORKING_CRS, always_xy=True)

    def place(middles: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x, y = _to_metres(screening, middles[:, 0], middles[:, 1])
        lons, lats = to_degrees.transform(x, y)
        return np.asarray(lons), np.asarray(lats)

    def far_enough(middle: tuple[float, float], others: NDArray[np.float64]) -> NDArray[np.bool_]:
        lon, lat = place(np.array([middle]))
        return distance_km(float(lon[0]), float(lat[0]), *place(others)) >= entry.spacing_km

    # One part in 10^9 less, so that an area of whole cells takes no further one by rounding.
    n_cells = max(1, math.ceil(wanted_ha / cell_ha * (1.0 - 1e-9)))
    blocks = find_blocks(scores, free, n_cells, entry.n_sites, far_enough)
    shares = find_percentiles([block.score for block in blocks], scores[free])
    reach_km = 0.0 if request is None else request.reach_km
    untold = _tell_untold(screening, inputs)
    sites = []
    for number, (block, share) in enumerate(zip(blocks, shares, strict=True), start=1):
        lon, lat = (float(each[0]) for each in place(np.array([block.middle])))
        window = Window.from_slices((block.top, block.bottom), (block.left, block.right))
        feeders = find_feeders(inputs, lon, lat, reach_km=reach_km)
        area_ha, known_share = (
            block.n_cells * cell_ha,
            float(np.nanmean(screening.open(KNOWN, window))),
        )
        acceptability = float(screening.open(ACCEPTABILITY, window).mean(dtype=float))
        told = [
            tell("proposed.land", ha=area_ha, mw=demand_mw, rate=wanted_ha / demand_mw),
            tell("proposed.score", score=block.score, share=100.0 * float(share)),
            tell("proposed.acceptability", share=100.0 * acceptability),
            _tell_feeders(feeders, reach_km),
            tell("proposed.known", share=100.0 * known_share),
            *untold,
        ]
        sites.append(
            FoundSite(
                f"{PROPOSED_ID}{number}",
                lon,
                lat,
                _outline(screening, block, to_degrees),
                area_ha,
                block.score,
                known_share,
                float(share),
                acceptability,
                _find_means(screening, window),
                feeders,
                screening.cell_m
                * math.hypot(block.bottom - block.top, block.right - block.left)
                / 2.0,
                tuple(told),
            )
        )
    return sites


def find_feeders(inputs: Inputs, lon: float, lat: float, *, reach_km: float) -> tuple[Feeder, ...]:
    """Return the stations within reach of a place: the highest voltage first, then the nearest.

    Those without a voltage come last; spare capacity is what no layer tells.
    """
    if "substations" not in inputs.layers:
        return ()
    layer = inputs.layers["substations"]
    points = Points.of(layer)
    rows = points.find_in_box(lon, lat, reach_km)
    away = distance_km(lon, lat, points.lons[rows], points.lats[rows])
    volts = layer["voltage_kv"].to_numpy(dtype=float, na_value=np.nan)[rows]
    names = layer["grid_id"].astype(str).to_numpy()[rows]
    near = [
        Feeder(str(name), float(kv), float(km))
        for name, kv, km in zip(names, volts, away, strict=True)
        if km <= reach_km
    ]
    near.sort(key=lambda each: (-np.nan_to_num(each.voltage_kv), each.distance_km, each.grid_id))
    return tuple(near[:N_FEEDERS])


def _tell_feeders(feeders: tuple[Feeder, ...], reach_km: float) -> Words:
    if not feeders:
        return tell("proposed.no_feeder", km=reach_km)
    best = feeders[0]
    if math.isnan(best.voltage_kv):
        return tell("proposed.feeder_without_voltage", km=best.distance_km)
    return tell("proposed.feeder", kv=best.voltage_kv, km=best.distance_km)


def _tell_untold(screening: Screening, inputs: Inputs) -> list[Words]:
    """Tell which killing clauses no layer shows anywhere in the region."""
    rows = [row for row in read_area_lost(screening) if row["kills"] == "yes"]
    region_km2 = screening.record["area_km2"]["region"]
    gone = [row for row in rows if float(row["unknown_km2"]) >= region_km2 - _ROUNDED_KM2]
    if not gone:
        return []
    names = [name_clause(inputs, row["rule_id"]) for row in gone]
    return [tell("proposed.untold", names=join(names, "join.semicolon"))]


def _find_means(screening: Screening, window: Window) -> dict[str, float | None]:
    """Return the mean of each surface over some cells; only these are read."""
    means = {
        name: float(screening.open(name, window).mean())
        for name in sorted(screening.measures)
        if screening.path(name).exists()
    }
    return {name: None if math.isnan(mean) else mean for name, mean in means.items()}


def _outline(screening: Screening, block: Block, to_degrees: Transformer) -> Polygon:
    rows = np.array([block.top, block.top, block.bottom, block.bottom], dtype=float)
    columns = np.array([block.left, block.right, block.right, block.left], dtype=float)
    return Polygon(np.column_stack(to_degrees.transform(*_to_metres(screening, rows, columns))))


def _to_metres(
    screening: Screening, rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where corners of cells lie in the CRS of the grid, m."""
    grid = screening.transform
    return grid.c + grid.a * columns, grid.f + grid.e * rows
