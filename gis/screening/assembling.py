"""From the parts of the tiles to the surfaces of the region: one cloud-optimised GeoTIFF each."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.windows import Window

from steppe.layers.cores import spread_over_cores
from steppe.layers.wording import say_all
from steppe.screening.cell_rules import CellRule
from steppe.screening.grid import PARTS, TILE_CELLS
from steppe.screening.result import CACHE_MB, FRACTION, MEASURES, OUTSIDE, RULE
from steppe.screening.tile_work import TileTask, read_counts

_PLAIN = {
    "driver": "GTiff", "tiled": True, "blockxsize": TILE_CELLS, "blockysize": TILE_CELLS,
    "sparse_ok": True, "BIGTIFF": "YES",
}  # fmt: skip
_COG = {
    "driver": "COG", "compress": "DEFLATE", "level": 1, "blocksize": TILE_CELLS,
    "sparse_ok": True, "bigtiff": "IF_SAFER",
}  # fmt: skip


def assemble(task: TileTask, windows: Sequence[tuple[int, int, int, int]], folder: Path) -> None:
    """Write every surface into a folder, band by band and tile by tile.

    The bytes hang on the parts alone: options are fixed, and blocks stand in one order.

    Parameters
    ----------
    task
        What the parts were worked out from.
    windows
        All tiles.
    folder
        Where the surfaces go; `measures` in it.
    """
    (folder / MEASURES).mkdir(parents=True, exist_ok=True)

    def write(named: tuple[int, str]) -> None:
        band, name = named
        inner = "" if band <= 4 else f"{MEASURES}/"  # noqa: PLR2004 (the leading four)
        path = folder / f"{inner}{name}.tif"
        flat = path.with_name(f".{name}.flat.tif")
        _lay_flat(task, windows, band, name, flat)
        finish(flat, path, name)

    spread_over_cores(write, list(enumerate(task.bands, start=1)))


def lay(path: Path, place: Mapping[str, Any], *, is_code: bool) -> Any:
    """Open a plain surface to write, of codes or of numbers.

    Parameters
    ----------
    path
        Where it goes.
    place
        `width`, `height`, `crs` and `transform`.
    is_code
        Whether it holds codes.
    """
    shape = {name: place[name] for name in ("width", "height", "crs", "transform")}
    kind = (
        {"dtype": "uint8", "nodata": OUTSIDE} if is_code else {"dtype": "float32", "nodata": np.nan}
    )
    return rasterio.open(path, "w", count=1, **kind, **shape, **_PLAIN)


def finish(flat: Path, path: Path, name: str) -> None:
    """Turn a plain surface into a cloud-optimised one, and take it away."""
    with rasterio.Env(GDAL_CACHEMAX=CACHE_MB):
        resampling = "NEAREST" if name == RULE else "AVERAGE"
        rasterio.shutil.copy(flat, path, overview_resampling=resampling, **_COG)
    flat.unlink()


def _lay_flat(
    task: TileTask, windows: Sequence[tuple[int, int, int, int]], band: int, name: str, path: Path
) -> None:
    grid = task.known.grid
    place = {
        "width": grid.n_columns,
        "height": grid.n_rows,
        "crs": grid.crs.to_wkt(),
        "transform": grid.transform,
    }
    with rasterio.Env(GDAL_CACHEMAX=CACHE_MB), lay(path, place, is_code=name == RULE) as out:
        for window in windows:
            with rasterio.open(task.part(window)) as part:
                values = part.read(band)
            out.write(_shape(values, name), 1, window=Window(*window))


def _shape(values: NDArray[np.float32], name: str) -> NDArray[np.generic]:
    if name == RULE:
        return values.astype(np.uint8)
    if name == FRACTION:
        return np.where(values > 0, values, np.nan).astype(np.float32)
    return values


def add_up(
    task: TileTask, windows: Sequence[tuple[int, int, int, int]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return km2 for each clause, shape (clauses, 4), and of the region, shape (4,), see `tally`."""
    table = np.zeros((len(task.rules), 4), dtype=np.int64)
    whole = np.zeros(4, dtype=np.int64)
    for window in windows:
        counts = read_counts(task.part(window))
        table += np.array(counts["rules"], dtype=np.int64).reshape(table.shape)
        whole += np.array(counts["whole"], dtype=np.int64)
    scale = task.known.grid.cell_km2 / PARTS**2
    return table.astype(np.float64) * scale, whole.astype(np.float64) * scale


def write_area_lost(path: Path, rules: Sequence[CellRule], table: NDArray[np.float64]) -> None:
    """Write what of the region each clause takes: alone, with others, and where nobody knows."""
    head = ["code", "rule_id", "clause", "strength", "measure", "comparison", "threshold", "unit"]
    head += ["kills", "lost_km2", "alone_km2", "jointly_km2", "unknown_km2", "confirmed"]
    head += ["reason_zh", "reason_en", "source_id"]
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(head)
    for each, areas in zip(rules, table, strict=True):
        rule, said = each.rule, say_all("reason", each.why)
        kills = "relaxed" if each.is_relaxed else ("yes" if rule.is_killing else "no")
        threshold = "" if np.isnan(each.threshold) else f"{each.threshold:g}"
        asked = [rule.measure, each.comparison, threshold, each.unit]
        told = [f"{area:.3f}" for area in areas.tolist()]
        why = [said["reason_zh"], said["reason_en"]]
        row = [rule.code, rule.rule_id, rule.clause, rule.strength, *asked, kills, *told]
        rows.writerow([*row, each.confirmed, *why, each.source_id])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")


def put_in_place(new: Path, folder: Path, record: str) -> None:
    """Put the new surfaces in the place of the old ones; the record goes first and comes last."""
    (folder / record).unlink(missing_ok=True)
    shutil.rmtree(folder / MEASURES, ignore_errors=True)
    for path in sorted(new.iterdir()):
        if path.name != record:
            path.replace(folder / path.name)
    (new / record).replace(folder / record)
