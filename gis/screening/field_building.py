"""From a plan to what is measured over cells: each measure by the layers that it is found from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from steppe.criteria.grid import LEAST_KV, RADII_KM
from steppe.criteria.nearby import DISTANCES, WITHIN_KM, Feature
from steppe.criteria.plant_years import find_running
from steppe.criteria.power_measures import FIRM, RENEWABLE
from steppe.criteria.seismicity import REACH_KM, Window, choose_window, pick_events
from steppe.layers.crs import lonlats, to_earth_km
from steppe.layers.extents import Extent
from steppe.layers.grids import QUANTITIES
from steppe.layers.nearest import REACH_KM as FAULT_REACH_KM
from steppe.measures.site_survey import ask_cooling
from steppe.network.plan_backbone import build_backbone, node_starts
from steppe.planfile.layer_extents import find_extents
from steppe.planfile.plan_inputs import Inputs
from steppe.routing.shortest_ways import ShortestWays
from steppe.screening.areas import Areas
from steppe.screening.cell_climate import CellClimate, fit_climate
from steppe.screening.cell_field import CellField, Nearest, RoundTrip, Within, points_of
from steppe.screening.covers import Cover
from steppe.screening.grid import ScreenGrid, project
from steppe.screening.reach import Sides

MORE_DISTANCES = {
    "lake_km": Feature(("lakes",)),
    "river_km": Feature(("rivers",)),
    "town_km": Feature(("towns",)),
    "plant_km": Feature(("plants",)),
    "border_km": Feature(("boundaries",), "kind", ("country",)),
    "fault_km": Feature(("faults",)),
    "protected_km": Feature(("protected_areas",)),
}
"""Distances beside those of the rules: `border_km` is to the nearest neighbouring country."""
RASTERS = {
    "elevation": "elevation_m",
    "slope": "slope_deg",
    "hazard": "hazard_pga_g",
    "flood": "flood_depth_m",
    "water_stress": "water_stress",
}
_STATIONED = ("substations", "plants", "earthquakes")
_NOT_OF_CLIMATE = frozenset(RASTERS.values()) | {"rtt_ms"}
_N_PROBES = 40  # places to a side of the region's box that the climate is fitted among


def build_field(inputs: Inputs, grid: ScreenGrid, *, wanted: frozenset[str]) -> CellField:
    """Return what is measured over the cells of a region, as arrays.

    Parameters
    ----------
    inputs
        What was read, as the scenario has it.
    grid
        The cells.
    wanted
        Measures that are asked for; those that a place alone does not decide are not among the
        answers.
    """
    extents = find_extents(inputs)
    names = [*_STATIONED, *_layers_of(wanted)]
    covers = _lay_covers({name: extents[name] for name in names if name in extents}, grid)
    return CellField(
        grid,
        {
            **_find_stations(inputs, covers, wanted),
            **_find_features(inputs, covers, wanted, grid),
        },
        _find_amounts(inputs, covers, wanted),
        {
            RASTERS[name]: (raster, QUANTITIES[name].units[raster.unit])
            for name, raster in inputs.rasters.items()
            if name in RASTERS and RASTERS[name] in wanted
        },
        _find_climate(inputs, extents, wanted),
        _find_round_trip(inputs) if "rtt_ms" in wanted else None,
    )


def _lay_covers(extents: Mapping[str, Extent], grid: ScreenGrid) -> dict[str, Cover]:
    """Return what each layer covers; layers that cover the same share it."""
    laid: dict[tuple[bytes | None, float], Cover] = {}
    found = {}
    for name, extent in extents.items():
        core = None if extent.core is None else shapely.to_wkb(shapely.normalize(extent.core))
        key = core, extent.within_km
        laid[key] = laid.get(key) or Cover.of(extent, grid)
        found[name] = laid[key]
    return found


def list_features() -> Mapping[str, Feature]:
    """Return every distance that a clause may speak of, and what it leads to."""
    return {**DISTANCES, **MORE_DISTANCES}


def _layers_of(wanted: frozenset[str]) -> list[str]:
    known = list_features()
    return sorted({layer for name in wanted if name in known for layer in known[name].layers})


def _find_stations(
    inputs: Inputs, covers: Mapping[str, Cover], wanted: frozenset[str]
) -> dict[str, Nearest]:
    stations, power = inputs.layer("substations"), inputs.plan.power
    asked = {
        "grid_220_km": (220.0, 1.0),
        "grid_500_km": (500.0, 1.0),
        "tie_line_km": (LEAST_KV, power.route_factor),
    }
    if stations.empty:
        return {}
    return {
        name: Nearest(
            Sides.of(stations.geometry[stations["voltage_kv"] >= least_kv]),
            Areas.of([]),
            (covers["substations"],),
            factor=factor,
        )
        for name, (least_kv, factor) in asked.items()
        if name in wanted
    }


def _find_features(
    inputs: Inputs, covers: Mapping[str, Cover], wanted: frozenset[str], grid: ScreenGrid
) -> dict[str, Nearest]:
    found, incomplete = {}, inputs.plan.rules.incomplete
    for name, feature in list_features().items():
        held = [each for each in feature.layers if each in inputs.layers]
        if name not in wanted or not held:
            continue
        frames = [_take_kinds(inputs.layers[each], feature) for each in held]
        shapes = [shape for frame in frames for shape in frame.geometry]
        slack_m = [float(frame["accuracy_m"].max()) for frame in frames if len(frame)]
        found[name] = Nearest(
            Sides.of(shapes),
            Areas.of(project(shape, grid.crs) for shape in shapes),
            tuple(covers[each] for each in held if each in covers),
            max(slack_m, default=0.0) / 1000.0,
            is_lacking=len(held) < len(feature.layers)
            or any(each in incomplete or inputs.layers[each].empty for each in held),
            within_km=FAULT_REACH_KM if name == "fault_km" else WITHIN_KM,
        )
    return found


def _take_kinds(frame: gpd.GeoDataFrame, feature: Feature) -> gpd.GeoDataFrame:
    if not feature.column:
        return frame
    return gpd.GeoDataFrame(frame[frame[feature.column].isin(list(feature.kinds))])


def _find_amounts(
    inputs: Inputs, covers: Mapping[str, Cover], wanted: frozenset[str]
) -> tuple[Within, ...]:
    plan, found = inputs.plan, list[Within]()
    plants, stations = inputs.layer("plants"), inputs.layer("substations")
    if not plants.empty:
        kinds: dict[str, Sequence[str]] = {
            "operating_100km_mw": (),
            "firm_100km_mw": FIRM,
            "renewable_100km_mw": RENEWABLE,
        }
        kinds = {name: each for name, each in kinds.items() if name in wanted}
        amounts = [
            find_running(
                plants,
                plants["energy"].isin(each).to_numpy(dtype=bool)
                if each
                else np.ones(len(plants), dtype=bool),
                year=plan.scenario.year,
            ).value_mw
            for each in kinds.values()
        ]
        if amounts:
            at, near_km = points_of(plants), plan.power.capacity_km
            table = np.column_stack(amounts)
            found.append(Within(at, table, tuple(kinds), near_km, covers["plants"]))
    tagged = gpd.GeoDataFrame(stations[stations["voltage_kv"] >= LEAST_KV])
    for radius_km in RADII_KM:
        name = f"substations_{radius_km:g}km"
        if name in wanted and not stations.empty:
            ones = np.ones((len(tagged), 1))
            cover = covers["substations"]
            found.append(Within(points_of(tagged), ones, (name,), radius_km, cover))
    return (*found, *_find_earthquakes(inputs, covers, wanted))


def _find_earthquakes(
    inputs: Inputs, covers: Mapping[str, Cover], wanted: frozenset[str]
) -> tuple[Within, ...]:
    geology, events = inputs.plan.geology, inputs.layer("earthquakes")
    windows = [
        Window(each.magnitude, each.from_year, each.to_year, each.source_id)
        for each in geology.complete
    ]
    window = choose_window(windows, geology.rate_magnitude)
    if window is None or events.empty or "quake_rate_300km" not in wanted:
        return ()
    picked = pick_events(events, window, geology.rate_magnitude)
    amounts = np.full((len(picked), 1), 1.0 / window.n_years)
    names = ("quake_rate_300km",)
    return (Within(points_of(picked), amounts, names, REACH_KM, covers["earthquakes"]),)


def _find_climate(
    inputs: Inputs, extents: Mapping[str, Extent], wanted: frozenset[str]
) -> CellClimate | None:
    stations, elevation = inputs.layer("stations"), inputs.rasters.get("elevation")
    asked = wanted - _NOT_OF_CLIMATE - {*list_features()}
    if stations.empty or elevation is None or not asked:
        return None
    west, south, east, north = inputs.plan.region.box
    east += 360.0 if east < west else 0.0
    lons, lats = np.meshgrid(
        np.linspace(west, east, _N_PROBES), np.linspace(south, north, _N_PROBES)
    )
    outline = inputs.layer("boundaries").set_index("boundary_id").geometry
    inside = shapely.intersects_xy(
        outline[inputs.plan.region.boundary_id], lons.ravel(), lats.ravel()
    )
    return fit_climate(
        stations,
        extents["stations"],
        elevation,
        lons.ravel()[inside],
        lats.ravel()[inside],
        climate=inputs.plan.climate,
        cooling=inputs.plan.cooling,
        asked=None if asked == {"air_temp_mean_c"} else ask_cooling(inputs),
    )


def _find_round_trip(inputs: Inputs) -> RoundTrip | None:
    """Return the ways from every node where a park may join to the first target."""
    target = next(iter(inputs.plan.network.targets), "")
    nodes = inputs.layer("nodes")
    at = dict(zip(nodes["node_id"], lonlats(nodes.geometry), strict=True))
    starts = node_starts(inputs)
    if target not in at or not starts:
        return None
    ways = ShortestWays(build_backbone(inputs).joined, [target])
    km, n_cables = np.full(len(starts), np.nan), np.zeros(len(starts), dtype=np.int64)
    for number, start in enumerate(starts):
        if start.start_id == target:
            km[number] = 0.0
            continue
        route = ways.find(start.start_id, target)
        if route is not None:
            km[number], n_cables[number] = route.km, len(route.cables)
    places = np.array([[start.lon, start.lat] for start in starts], dtype=float)
    goal = to_earth_km(np.array([at[target][0]]), np.array([at[target][1]]))[0]
    return RoundTrip(to_earth_km(places[:, 0], places[:, 1]), km, n_cables, goal)
