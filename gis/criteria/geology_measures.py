"""The measures of the ground: the acceleration that the code asks for, and what grids tell."""

from __future__ import annotations

from collections.abc import Callable

from steppe.criteria.finding import Finding
from steppe.criteria.geology import (
    METHOD,
    SITE_METHOD,
    measure_acceleration,
    measure_site_acceleration,
)
from steppe.criteria.ground import METHOD as GRID_METHOD
from steppe.criteria.ground import measure_grid_cells
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.surroundings import Surroundings
from steppe.layers.grids import QUANTITIES


def _find_basic(at: Surroundings) -> list[Finding]:
    return measure_acceleration(at.parks, at.layers["towns"], at.facts)


def _find_at_site(at: Surroundings) -> list[Finding]:
    basic = [at.read(park_id, "pga_g") for park_id in at.parks["park_id"]]
    geology = at.geology
    return measure_site_acceleration(
        at.parks, basic, factors=geology.site_factors, source_id=geology.factors_source_id
    )


def _find_in(grid: str, measure_id: str) -> Callable[[Surroundings], list[Finding]]:
    return lambda at: measure_grid_cells(at.parks, at.rasters[grid], measure_id=measure_id)


def _grid_group(
    grid: str, measure_id: str, title_zh: str, title_en: str, meaning: str
) -> MeasureGroup:
    measure = KnownMeasure(
        measure_id,
        QUANTITIES[grid].unit,
        title_zh,
        title_en,
        "geology",
        "lower",
        f"{meaning}: mean of the grid's cells within the accuracy of the point; band: the least "
        "and the greatest of them",
        GRID_METHOD,
        (grid,),
    )
    return MeasureGroup((measure,), _find_in(grid, measure_id))


GROUPS = (
    MeasureGroup(
        (
            KnownMeasure(
                "pga_g",
                "g",
                "设计基本地震加速度",
                "Basic design ground acceleration",
                "geology",
                "lower",
                "basic design acceleration of the class of the park's town (GB 50011-2010, "
                "annex A, as the pack's list has it); band: one class down to one class up where the "
                "edition is superseded, or the park may lie in another township",
                METHOD,
                ("towns",),
            ),
        ),
        _find_basic,
    ),
    MeasureGroup(
        (
            KnownMeasure(
                "pga_site_g",
                "g",
                "按场地类别调整的加速度",
                "Acceleration by class of the ground",
                "geology",
                "lower",
                "`pga_g` times the factor of the ground's class (GB 18306-2015, annex E); unknown "
                "until a survey tells the class",
                SITE_METHOD,
                ("towns",),
            ),
        ),
        _find_at_site,
        after=("pga_g",),
        settings=("geology",),
    ),
    _grid_group("slope", "slope_deg", "坡度", "Slope", "slope of the ground"),
    _grid_group(
        "hazard",
        "hazard_pga_g",
        "地震危险性栅格",
        "Hazard by a grid",
        "peak ground acceleration by a grid of seismic hazard",
    ),
    _grid_group(
        "flood", "flood_depth_m", "洪水深度", "Flood depth", "depth of water by a grid of floods"
    ),
    _grid_group(
        "water_stress",
        "water_stress",
        "用水压力",
        "Water stress",
        "withdrawals over what is there, by a grid of water stress",
    ),
)
