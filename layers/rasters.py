"""Grids: reading them, and writing them as GeoTIFF."""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError  # what GDAL says, where rasterio has no name for it
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import CRSError, RasterioError
from rasterio.transform import from_origin
from rasterio.windows import Window

from steppe.layers.errors import InputError, Problem
from steppe.layers.grids import QUANTITIES, spell_unit
from steppe.layers.limits import CELLS, MB, RASTER_BYTES
from steppe.layers.quiet_libraries import quiet
from steppe.layers.reprojection import SAME_NUMBERS
from steppe.layers.safe_files import admit
from steppe.layers.tables import Bbox, Raster
from steppe.layers.wording import join, tell

NO_DATA = -9999.0
NO_VALUE = -32768

_LEAST_STEP_DEG, _MOST_STEP_DEG = 1e-6, 90.0  # a cell of a hand's breadth, and of a quarter globe
_STEP_DIFFERENCE_DEG, _STEP_RATIO = 1e-9, 1e-6
_CELLS_AT_ONCE = 2**22
# Numbers that other programs write where they know nothing; the last two are the ends of float32.
_FILLS = (
    -32768,
    -32767,
    32767,
    -9999,
    9999,
    -99999,
    99999,
    65535,
    1e20,
    -3.4028235e38,
    3.4028235e38,
)

# A file beside the grid must not change what the grid says: neither its statistics, scale and
# CRS (.aux.xml), nor its place (.tfw, .tab), mask (.msk) or overviews (.ovr).  The cache is that
# of GDAL, by default a share of the machine's memory.
ALONE: dict[str, str | int] = {
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_GEOREF_SOURCES": "INTERNAL",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_CACHEMAX": 64 * MB,
}

OF_THE_FILE = (RasterioError, CPLE_BaseError, CRSError, UnicodeDecodeError)

# What GDAL has to say of a file is said in the one line; nothing is to reach the terminal by
# the handler that the standard library falls back on.
logging.getLogger("rasterio").addHandler(logging.NullHandler())


def read_raster(
    path: Path, *, name: str, title_zh: str, title_en: str, unit: str, source_id: str
) -> Raster:
    """Read a single-band north-up GeoTIFF in EPSG:4490 or 4326 with square cells.

    Scale and offset of the band are applied, its mask and its nodata are unknown.

    Parameters
    ----------
    path
        A GeoTIFF; nothing else, whatever its suffix, and nothing that lies beside it.
    name
        Name of the grid in the plan; what it may hold stands in `steppe.layers.grids.QUANTITIES`.
    title_zh, title_en, unit, source_id
        As in the plan.

    Raises
    ------
    InputError
        One line: missing, too large, another kind of grid, or values that cannot be.
    """
    where = f"{path.name} › {name}"
    admit(path, where, RASTER_BYTES)
    _refuse_unit(name, unit, where)
    with _opened(path, where) as grid:
        _refuse_layout(grid, where)
        _refuse_tag(grid.units[0], unit, where)
        west, north, step_deg = _place(grid, where)
        values = _read_values(grid, where)
    found = Raster(name, values, west, north, step_deg, unit, title_zh, title_en, source_id)
    _refuse_values(found, where)
    return found


@contextmanager
def _opened(path: Path, where: str) -> Iterator[Any]:
    """Open a grid by the driver of GeoTIFF alone, and tell what fails in it as the user's fault."""
    with quiet(), rasterio.Env(**ALONE):
        try:
            # By a path and not a text, which might name a web address or an archive.
            grid = rasterio.open(path.absolute(), driver="GTiff", sharing=False)
        except OF_THE_FILE:
            what = tell("fault.grid.no_geotiff")
            raise InputError(Problem(where, what, tell("fix.save_as_geotiff"))) from None
        with grid:
            try:
                yield grid
            except OF_THE_FILE:
                what = tell("fault.grid.damaged")
                raise InputError(Problem(where, what, tell("fix.save_or_send_again"))) from None


def _refuse_unit(name: str, unit: str, where: str) -> None:
    known = QUANTITIES.get(name)
    if known is not None and unit not in known.units:
        fix = tell("fix.give_in_one_of", units=join(known.units))
        raise InputError(Problem(where, tell("fault.grid.unit", unit=unit), fix))


def _refuse_tag(tag: str | None, unit: str, where: str) -> None:
    said = spell_unit(tag or "")
    if said is not None and spell_unit(unit) not in {None, said}:
        what = tell("fault.grid.two_units", in_file=said, in_plan=unit)
        raise InputError(Problem(where, what, tell("fix.correct_unit_or_convert")))


def _refuse_layout(grid: Any, where: str) -> None:
    """Refuse by its head what is no grid of one number a cell, or too large to be read."""
    block_rows, block_columns = grid.block_shapes[0]
    CELLS.refuse_over(max(grid.width * grid.height, block_rows * block_columns), where)
    crs = grid.crs
    one_band = tell("fix.give_one_band")
    is_placed = bool(grid.gcps[0]) or grid.rpcs is not None
    is_elsewhere = crs is None or crs.to_epsg() not in SAME_NUMBERS
    found = (
        (grid.count != 1, tell("fault.grid.bands", n_bands=grid.count), one_band),
        (bool(grid.subdatasets), tell("fault.grid.images"), one_band),
        (
            grid.colorinterp[0] == ColorInterp.palette or grid.dtypes[0].startswith("complex"),
            tell("fault.grid.colours"),
            tell("fix.give_plain_numbers"),
        ),
        (is_placed, tell("fault.grid.control_points"), tell("fix.warp")),
        (is_elsewhere, tell("fault.grid.crs"), tell("fix.warp")),
    )
    for is_wrong, what, fix in found:
        if is_wrong:
            raise InputError(Problem(where, what, fix))


def _place(grid: Any, where: str) -> tuple[float, float, float]:
    """Return the western and northern edge and the step, degrees, of a grid that lies straight."""
    shift = grid.transform
    step_x, step_y = shift.a, -shift.e
    turn = max(abs(shift.b), abs(shift.d))
    apart = abs(step_x - step_y)
    east, south = shift.c + grid.width * step_x, shift.f - grid.height * step_y
    fix = tell("fix.warp")
    # In this order: what is no number fails the comparisons after it.
    found = (
        (shift.is_identity, tell("fault.grid.no_place"), fix),
        (not all(map(math.isfinite, shift)), tell("fault.grid.place"), fix),
        (turn > _STEP_RATIO * max(abs(step_x), abs(step_y)), tell("fault.grid.rotated"), fix),
        (step_x <= 0 or step_y <= 0, tell("fault.grid.north_up"), fix),
        (
            apart > _STEP_DIFFERENCE_DEG or apart > _STEP_RATIO * step_x,
            tell("fault.grid.not_square"),
            fix,
        ),
        (
            not _LEAST_STEP_DEG <= step_x <= _MOST_STEP_DEG,
            tell("fault.grid.step", step_deg=step_x),
            tell("fix.give_step", least_deg=_LEAST_STEP_DEG, most_deg=_MOST_STEP_DEG),
        ),
        (
            max(abs(south), abs(shift.f)) > 90 + step_x,
            tell("fault.grid.latitudes", south=south, north=shift.f),
            tell("fix.swap_axes"),
        ),
        (
            max(abs(shift.c), abs(east)) > 180 + step_x,
            tell("fault.grid.longitudes", west=shift.c, east=east),
            tell("fix.warp_to_180"),
        ),
    )
    for is_wrong, what, fix_it in found:
        if is_wrong:
            raise InputError(Problem(where, what, fix_it))
    return shift.c, shift.f, step_x


def _read_values(grid: Any, where: str) -> NDArray[np.float32]:
    """Return the values with scale and offset, NaN where the file knows none."""
    scale, offset = grid.scales[0], grid.offsets[0]
    if not (math.isfinite(scale) and math.isfinite(offset) and scale != 0):
        what = tell("fault.grid.scale", scale=scale, offset=offset)
        raise InputError(Problem(where, what, tell("fix.correct_scale")))
    values = np.empty((grid.height, grid.width), dtype=np.float32)
    is_masked = grid.mask_flag_enums[0] != [MaskFlags.all_valid]
    block_rows = grid.block_shapes[0][0]
    n_rows = block_rows * max(1, _CELLS_AT_ONCE // (grid.width * block_rows))
    # In strips, so that the numbers as they stand in the file are never held as a whole.
    for top in range(0, grid.height, n_rows):
        window = Window(0, top, grid.width, min(n_rows, grid.height - top))
        raw = grid.read(1, window=window)
        strip = values[top : top + window.height]
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large is refused as such
            strip[...] = raw if (scale, offset) == (1.0, 0.0) else raw * scale + offset
        if is_masked:
            strip[grid.read_masks(1, window=window) == 0] = np.nan
        # A mask in the file lets GDAL forget the nodata.
        if grid.nodata is not None:
            strip[raw == grid.nodata] = np.nan
    return values


def refuse_elsewhere(grid: Raster, region: Bbox, *, where: str) -> None:
    """Refuse a grid that does not touch a region (west, south, east, north in degrees).

    Raises
    ------
    InputError
        One line with what the grid covers.
    """
    rows, columns = grid.values.shape
    west, south, east, north = region
    grid_east, grid_south = grid.west + columns * grid.step_deg, grid.north - rows * grid.step_deg
    sides = [(west, east)] if west < east else [(west, 180.0), (-180.0, east)]
    misses = all(grid.west >= there or grid_east <= here for here, there in sides)
    if misses or grid_south >= north or grid.north <= south:
        what = tell(
            "fault.grid.elsewhere",
            west=grid.west,
            east=grid_east,
            south=grid_south,
            north=grid.north,
        )
        raise InputError(Problem(where, what, tell("fix.give_grid_of_region")))


def _refuse_values(grid: Raster, where: str) -> None:
    """Refuse a grid without a value, or with one that cannot be: most often untold nodata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all unknown
        least, most = float(np.nanmin(grid.values)), float(np.nanmax(grid.values))
    if math.isnan(least):
        fix = tell("fix.give_another_or_drop")
        raise InputError(Problem(where, tell("fault.grid.no_value"), fix))
    known = QUANTITIES.get(grid.name)
    low, high = (-math.inf, math.inf) if known is None else known.ends_in(grid.unit)
    for value, is_wrong in ((least, not low <= least), (most, not most <= high)):
        if is_wrong or math.isinf(value):
            title = tell(f"grid.{grid.name}") if known else tell("grid.value")
            what = tell("fault.grid.value", title=title, value=value, unit=grid.unit)
            fix = tell("fix.check_unit_and_scale", low=low, high=high, unit=grid.unit)
            if math.isinf(value) or any(math.isclose(value, fill, rel_tol=1e-6) for fill in _FILLS):
                fix = tell("fix.set_nodata", value=value)
            raise InputError(Problem(where, what, fix))


def write_cog(path: Path, grid: Raster) -> None:
    """Write a grid as a cloud-optimised GeoTIFF, with its unit and description.

    Where the values have a band, it stands beside them: 2 is the low end, 3 the high one.
    """
    options: dict[str, Any] = {
        "predictor": "YES",
        "blocksize": 256,
        "overview_resampling": "AVERAGE",
    }
    title = f"{grid.title_zh} {grid.title_en}"
    told = {title: grid.values}
    if grid.band is not None:
        told |= {f"{title}, 下限 low": grid.band[0], f"{title}, 上限 high": grid.band[1]}
    options |= {"driver": "COG", "dtype": "float32", "nodata": NO_DATA, "count": len(told)}
    with _open(path, grid, **options) as out:
        for number, (text, values) in enumerate(told.items(), start=1):
            out.write(np.where(np.isnan(values), NO_DATA, values).astype("float32"), number)
            out.set_band_description(number, text)
        out.units = (grid.unit,) * len(told)


def write_grid(path: Path, grid: Raster) -> None:
    """Write a grid as a small GeoTIFF of whole units, for a pack."""
    whole = np.where(np.isnan(grid.values), NO_VALUE, np.rint(grid.values)).astype("int16")
    options = {"predictor": 2, "zlevel": 9}
    with _open(
        path, grid, driver="GTiff", dtype="int16", nodata=NO_VALUE, count=1, **options
    ) as out:
        out.write(whole, 1)


def _open(path: Path, grid: Raster, **options: Any) -> Any:
    rows, columns = grid.values.shape
    place = from_origin(grid.west, grid.north, grid.step_deg, grid.step_deg)
    return rasterio.open(
        path,
        "w",
        width=columns,
        height=rows,
        crs="EPSG:4490",
        transform=place,
        compress="DEFLATE",
        **options,
    )
