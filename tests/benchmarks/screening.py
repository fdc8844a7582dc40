"""Measure what a screening is made of beside peers, answers compared.

Prints a table in Markdown.  Each line is measured in a process of its own, with the most memory that it
held, and stands only after its answer was held against the peer's or against one worked out by hand.
The peers are no dependencies: gdal_calc.py comes with GDAL; name an interpreter that has atlite and
xarray-spatial with `--peers PYTHON`.  What is absent is said to be so.

    python tests/benchmarks/screening.py --peers PYTHON
"""

# ruff: noqa: PLC0415 (peers run in an interpreter of their own, without what only Steppe needs)

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

SIDE, CELL_M, BLOCK, N_LAYERS = 5000, 100.0, 512, 8
N_DRAWS, N_SMAA, BEST = 1000, 1000, 0.01
N_SITES, SITE_CELLS, SPACING_CELLS = 20, 29, 100.0
# Kind, how many, km long or across, setback in m.
FEATURES = (
    ("line", 20_000, 5.0, 1000.0), ("line", 5000, 5.0, 500.0), ("line", 2000, 10.0, 300.0),
    ("line", 1000, 20.0, 800.0), ("line", 500, 50.0, 2000.0), ("line", 200, 100.0, 1000.0),
    ("area", 2000, 2.0, 1000.0), ("area", 1000, 4.0, 500.0), ("area", 500, 5.0, 2000.0),
    ("area", 200, 10.0, 1000.0), ("area", 100, 20.0, 3000.0), ("area", 50, 20.0, 5000.0),
)  # fmt: skip
MIDDLE = "+proj=aea +lat_1=40 +lat_2=44 +lat_0=42 +lon_0=111 +ellps=GRS80 +units=m"
TRANSFORM = from_origin(-SIDE * CELL_M / 2, SIDE * CELL_M / 2, CELL_M, CELL_M)
PLACE = {
    "driver": "GTiff", "width": SIDE, "height": SIDE, "count": 1, "crs": MIDDLE,
    "transform": TRANSFORM, "tiled": True, "blockxsize": BLOCK, "blockysize": BLOCK,
}  # fmt: skip


def measure(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what some work gives, and clock and CPU seconds, those of its own processes too."""
    start, before = time.perf_counter(), used_s()
    given = work()
    return given, {"clock_s": time.perf_counter() - start, "cpu_s": used_s() - before}


def used_s() -> float:
    """Return the CPU seconds of this process and of those that it has seen end."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))


def refuse(what: str, ours: float, other: float) -> None:
    """End, as an answer is not that of the other way."""
    sys.exit(f"{what}: {ours}, the other way {other}")


def windows(size: int = BLOCK) -> list[tuple[int, int, int, int]]:
    """Return column, row, columns and rows of the tiles."""
    return [
        (left, top, min(size, SIDE - left), min(size, SIDE - top))
        for top in range(0, SIDE, size)
        for left in range(0, SIDE, size)
    ]


def draw_surface(seed: int, side: int) -> np.ndarray:
    """Draw a smooth surface of 0 to 1, its grain a few dozen cells."""
    from scipy.ndimage import zoom

    coarse = np.random.default_rng(seed).random((side // 25 + 2, side // 25 + 2))
    drawn = zoom(coarse.astype(np.float32), 25, order=1)[:side, :side]
    return np.ascontiguousarray(drawn)


def draw_layers(folder: Path) -> None:
    """Write the rasters of the overlay and the mask, as plain tiles."""
    for number in range(N_LAYERS):
        with rasterio.open(folder / f"{number}.tif", "w", dtype="float32", **PLACE) as out:
            out.write(draw_surface(number, SIDE), 1)
    with rasterio.open(folder / "mask.tif", "w", dtype="uint8", **PLACE) as out:
        out.write((draw_surface(99, SIDE) < 0.7).astype(np.uint8), 1)


def overlay(folder: Path) -> dict[str, Any]:
    """Overlay with Steppe: value functions, mask, known share, by windows on all cores."""
    from steppe.decision.values import Linear
    from steppe.screening.tile_work import score_cells

    functions = {str(n): (Linear(0.1 + 0.01 * n, 0.9), 1.0 + n) for n in range(N_LAYERS)}
    whole = sum(weight for _, weight in functions.values())
    every, lock = windows(), threading.Lock()
    score_cells({"0": np.zeros((4, 4), np.float32)}, functions, whole)

    def work(own: list[tuple[int, int, int, int]], out: Any) -> None:
        with ExitStack() as stack:
            names = [*functions, "mask"]
            files = {n: stack.enter_context(rasterio.open(folder / f"{n}.tif")) for n in names}
            for place in own:
                window = Window(*place)
                read = {n: file.read(1, window=window) for n, file in files.items()}
                free = read.pop("mask") == 1
                mean, _ = score_cells(read, functions, whole)
                with lock:
                    out.write(np.where(free, mean, np.nan).astype(np.float32), 1, window=window)

    def run() -> None:
        with (
            rasterio.Env(GDAL_CACHEMAX=64),
            rasterio.open(folder / "ours.tif", "w", dtype="float32", **PLACE) as out,
        ):
            n = os.cpu_count() or 1
            threads = [threading.Thread(target=work, args=(every[i::n], out)) for i in range(n)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    used = measure(run)[1]
    window = Window(1024, 2048, 700, 700)
    with rasterio.open(folder / "ours.tif") as out, rasterio.open(folder / "mask.tif") as mask:
        found, free = out.read(1, window=window), mask.read(1, window=window) == 1
    sums = np.zeros(found.shape)
    for name, (line, weight) in functions.items():
        with rasterio.open(folder / f"{name}.tif") as file:
            along = (file.read(1, window=window) - line.worst) / (line.best - line.worst)
        sums += weight / whole * np.clip(along, 0.0, 1.0)
    np.testing.assert_allclose(found, np.where(free, sums, np.nan), atol=1e-6)
    return used


def overlay_gdal(folder: Path) -> dict[str, Any]:
    """Sum the same rasters with gdal_calc.py, without value functions and mask."""
    letters = "ABCDEFGH"
    files = [
        part for n, one in enumerate(letters) for part in (f"-{one}", str(folder / f"{n}.tif"))
    ]
    out = folder / "gdal.tif"
    options = ["--type=Float32", "--co=TILED=YES", "--quiet", "--overwrite"]
    calls = ["gdal_calc.py", *files, f"--outfile={out}", f"--calc={'+'.join(letters)}", *options]
    used = measure(lambda: subprocess.run(calls, check=True, capture_output=True))[1]
    window = Window(1024, 2048, 700, 700)
    sums = sum(rasterio.open(folder / f"{n}.tif").read(1, window=window) for n in range(N_LAYERS))
    np.testing.assert_allclose(rasterio.open(out).read(1, window=window), sums, atol=1e-5)
    return used


def draw_features(folder: Path) -> None:
    """Write the features of each rule in the projection of the grid, also round its edge."""
    import geopandas as gpd
    import shapely

    rng = np.random.default_rng(7)
    half = SIDE * CELL_M / 2 + 5000.0
    for number, (kind, n, size_km, _) in enumerate(FEATURES):
        at, angle = rng.uniform(-half, half, (n, 2)), rng.uniform(0, 2 * np.pi, n)
        reach = size_km * 500.0
        aside = reach * np.column_stack([np.cos(angle), np.sin(angle)])
        if kind == "line":
            shapes = shapely.linestrings(np.stack([at - aside, at + aside], axis=1))
        else:
            turns = angle[:, None] + np.sort(rng.uniform(0, 2 * np.pi, (n, 7)), axis=1)
            ring = at[:, None, :] + reach * np.stack([np.cos(turns), np.sin(turns)], axis=2)
            shapes = shapely.polygons(ring)
        gpd.GeoDataFrame(geometry=shapes, crs=MIDDLE).to_file(folder / f"{number}.gpkg")


def lay_rules(folder: Path) -> Any:
    """Return the task of the rules: 12 setbacks over the whole grid, nothing scored."""
    import geopandas as gpd
    import shapely
    from pyproj import CRS

    from steppe.screening.areas import Areas
    from steppe.screening.cell_field import CellField, Nearest
    from steppe.screening.cell_rules import CellRule
    from steppe.screening.grid import ScreenGrid
    from steppe.screening.reach import Sides
    from steppe.screening.result import ScreenRule
    from steppe.screening.tile_work import TileTask

    box = shapely.box(*rasterio.transform.array_bounds(SIDE, SIDE, TRANSFORM))
    grid = ScreenGrid(
        TRANSFORM.c, TRANSFORM.f, CELL_M, SIDE, SIDE, CRS.from_user_input(MIDDLE), box
    )
    nearest, rules = {}, []
    for number, (_, _, _, setback_m) in enumerate(FEATURES):
        flat = gpd.read_file(folder / f"{number}.gpkg").geometry
        # Sides are straight in the grid, and break up before they are turned into degrees.
        degrees = gpd.GeoSeries(shapely.segmentize(flat.array, 2000.0), crs=MIDDLE).to_crs(4490)
        name, km = f"rule_{number}", setback_m / 1000.0
        nearest[name] = Nearest(Sides.of(degrees), Areas.of(flat), ())
        rule = ScreenRule(number + 1, name, name, "hard", name, is_killing=True)
        rules.append(
            CellRule(
                rule, "at_least", km, "km", "", is_relaxed=False, confirmed="yes", source_id="own"
            )
        )
    known = CellField(grid, nearest, (), {}, None, None)
    return TileTask(known, tuple(rules), {}, 1.0, (), folder / "parts")


def rules(folder: Path) -> dict[str, Any]:
    """Hold 12 rules against all cells with Steppe, and count what each takes alone and jointly."""
    from steppe.screening.assembling import add_up
    from steppe.screening.grid import TILE_CELLS
    from steppe.screening.screening_run import work_tiles

    task, every = lay_rules(folder), windows(TILE_CELLS)
    task.folder.mkdir()
    work_tiles(task, every[:1])  # what is compiled is read from its cache

    def run() -> Any:
        work_tiles(task, every)
        return add_up(task, every)

    (table, whole), used = measure(run)
    used["peak_mb"] = peak_mb()
    killed = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for place in every:
        with rasterio.open(task.part(place)) as part:
            left, top, columns, rows = place
            killed[top : top + rows, left : left + columns] = part.read(4)
    least, lost_km2 = hold_against_buffers(folder, table, killed)
    share = whole[1] / whole[0]
    if abs(lost_km2 / whole[0] - share) > 1e-3:
        refuse("lost of the whole", share, lost_km2 / whole[0])
    np.save(folder / "killed.npy", killed > 0)
    return {**used, "note": f"least IoU of a rule {least:.4f}; {100 * share:.1f} % lost"}


def hold_against_buffers(
    folder: Path, table: np.ndarray, killed: np.ndarray
) -> tuple[float, float]:
    """Compare with shapely's buffers at the middles of cells; return the least IoU, and the km2 lost."""
    import geopandas as gpd
    import shapely
    from rasterio.features import rasterize

    any_, least, cell_km2 = np.zeros((SIDE, SIDE), dtype=bool), 1.0, (CELL_M / 1000.0) ** 2
    own = np.zeros((SIDE, SIDE), dtype=np.uint8)
    for number, (_, _, _, setback_m) in enumerate(FEATURES):
        flat = gpd.read_file(folder / f"{number}.gpkg").geometry
        buffers = shapely.buffer(flat.array, setback_m, quad_segs=32)
        inside = rasterize(buffers, out_shape=(SIDE, SIDE), transform=TRANSFORM, dtype="uint8") == 1
        first = killed == number + 1  # the first rule that takes a cell
        apart = int((first & ~inside).sum() + (inside & ~any_ & ~first).sum())
        least = min(least, 1.0 - apart / max(int((inside & ~any_).sum()), 1))
        least = min(least, 1.0 - abs(table[number, 0] / (inside.sum() * cell_km2) - 1.0))
        any_ |= inside
        own += inside
    for number, (_, _, _, setback_m) in enumerate(FEATURES[:2]):
        flat = gpd.read_file(folder / f"{number}.gpkg").geometry
        buffers = shapely.buffer(flat.array, setback_m, quad_segs=32)
        inside = rasterize(buffers, out_shape=(SIDE, SIDE), transform=TRANSFORM, dtype="uint8") == 1
        alone = int((inside & (own == 1)).sum()) * cell_km2
        if abs(table[number, 1] / alone - 1.0) > 0.01:
            refuse(f"rule {number} alone", table[number, 1], alone)
    return least, float(any_.sum() * cell_km2)


def rules_atlite(folder: Path) -> dict[str, Any]:
    """Take the same buffers with atlite's container, nothing counted by rule."""
    import geopandas as gpd
    import shapely
    from atlite.gis import ExclusionContainer, shape_availability

    frames = [gpd.read_file(folder / f"{n}.gpkg") for n in range(len(FEATURES))]
    box = gpd.GeoSeries(
        [shapely.box(*rasterio.transform.array_bounds(SIDE, SIDE, TRANSFORM))], crs=MIDDLE
    )

    def run() -> Any:
        container = ExclusionContainer(crs=MIDDLE, res=CELL_M)
        for frame, (_, _, _, setback_m) in zip(frames, FEATURES, strict=True):
            container.add_geometry(frame, buffer=setback_m)
        return shape_availability(box, container)[0]

    free, used = measure(run)
    np.save(folder / "atlite.npy", np.asarray(free, dtype=bool))
    return {**used, "note": f"{100 * (1 - free.mean()):.1f} % lost"}


def rules_atlite_circular(folder: Path) -> dict[str, Any]:
    """Take four rasters of the same features with atlite's circular buffers."""
    import geopandas as gpd
    import shapely
    from atlite.gis import ExclusionContainer, shape_availability
    from rasterio.features import rasterize

    container = ExclusionContainer(crs=MIDDLE, res=CELL_M)
    for number in range(4):
        flat = gpd.read_file(folder / f"{number}.gpkg").geometry
        cells = rasterize(
            flat, out_shape=(SIDE, SIDE), transform=TRANSFORM, dtype="uint8", all_touched=True
        )
        path = folder / f"atlite_{number}.tif"
        with rasterio.open(path, "w", dtype="uint8", **PLACE) as out:
            out.write(cells, 1)
        container.add_raster(
            path, codes=1, buffer=FEATURES[number][3], buffer_geometry="circular", crs=MIDDLE
        )
    box = gpd.GeoSeries(
        [shapely.box(*rasterio.transform.array_bounds(SIDE, SIDE, TRANSFORM))], crs=MIDDLE
    )
    free, used = measure(lambda: shape_availability(box, container)[0])
    return {**used, "note": f"{100 * (1 - free.mean()):.1f} % lost"}


def sites(folder: Path) -> dict[str, Any]:
    """Find 20 compact sites with Steppe; the same ones by running means of SciPy."""
    from scipy.ndimage import minimum_filter, uniform_filter

    from steppe.screening.compact_blocks import find_blocks, shape_block

    scores, free = draw_surface(5, SIDE), draw_surface(99, SIDE) < 0.7

    def far_enough(middle: tuple[float, float], others: np.ndarray) -> np.ndarray:
        return np.hypot(*(others - np.array(middle)).T) >= SPACING_CELLS

    found, used = measure(lambda: find_blocks(scores, free, SITE_CELLS, N_SITES, far_enough))
    del folder
    used["peak_mb"] = peak_mb()
    short, long = shape_block(SITE_CELLS)
    ranked = []
    for height, width in ((short, long), (long, short)):
        means = uniform_filter(scores.astype(float), (height, width), mode="constant")
        means[~minimum_filter(free, (height, width), mode="constant", cval=False)] = -1.0
        ranked.append(means)
    for number, block in enumerate(found):
        best = max(float(means.max()) for means in ranked)
        if abs(best - block.score) > 1e-6:
            refuse(f"site {number}", block.score, best)
        for means, (height, width) in zip(ranked, ((short, long), (long, short)), strict=True):
            rows, columns = np.ogrid[:SIDE, :SIDE]
            row = rows - height // 2 + height / 2 - block.middle[0]
            column = columns - width // 2 + width / 2 - block.middle[1]
            means[row**2 + column**2 < SPACING_CELLS**2] = -1.0
    return {**used, "note": f"{len(found)} sites, best {found[0].score:.4f}"}


def draw_criteria(folder: Path) -> None:
    """Write 8 criteria of a million cells, without any grain: nothing is passed over."""
    values = np.random.default_rng(3).random((N_LAYERS, N_SMAA * N_SMAA), dtype=np.float32)
    np.save(folder / "criteria.npy", values)


def draws(folder: Path) -> dict[str, Any]:
    """Find how often each cell is in the best 1 % with Steppe; 50 of the draws by sorting."""
    from steppe.decision.weights import draw_uniform
    from steppe.screening.best_shares import PackedCells, share_best

    values = np.load(folder / "criteria.npy")
    weights = draw_uniform(N_DRAWS, N_LAYERS, rng=np.random.default_rng(6))

    def run(drawn: np.ndarray, n_cells: int) -> np.ndarray:
        with closing(PackedCells(N_LAYERS, folder)) as packed:
            for tile, start in enumerate(range(0, n_cells, 2**16)):
                part = values[:, start : start + 2**16]
                numbers = np.arange(part.shape[1], dtype=np.int32)
                packed.add(tile, numbers, part, np.ones(N_LAYERS))
            return np.concatenate([each[2] for each in share_best(packed, drawn, best=BEST)])

    run(weights[:2], 1000)
    n_cells = values.shape[1]
    shares, used = measure(lambda: run(weights, n_cells))
    used["peak_mb"] = peak_mb()
    few = run(weights[:50], n_cells)
    hits = np.zeros(n_cells)
    for weight in weights[:50].astype(np.float32):
        total = np.zeros(n_cells, dtype=np.float32)
        for line, one in zip(values, weight, strict=True):
            total += one * line
        total = np.floor(total * 2**20)
        wanted = math.ceil(BEST * n_cells)
        hits += total >= np.partition(total, n_cells - wanted)[n_cells - wanted]
    np.testing.assert_allclose(few, hits / 50, atol=1e-6)
    return {**used, "note": f"{100 * (shares > 0).mean():.1f} % of the cells ever among the best"}


def draws_xarray(folder: Path) -> dict[str, Any]:
    """Draw as many weights with xarray-spatial, which tells how the score varies, not who is best."""
    import xarray as xr
    from xrspatial.mcda import sensitivity

    values = np.load(folder / "criteria.npy").reshape(N_LAYERS, N_SMAA, N_SMAA)
    layers = xr.Dataset({str(n): (("y", "x"), each) for n, each in enumerate(values)})
    weights = {str(n): 1.0 / N_LAYERS for n in range(N_LAYERS)}
    found, used = measure(
        lambda: sensitivity(layers, weights, method="monte_carlo", n_samples=N_DRAWS)
    )
    return {**used, "note": f"variation of the score alone, mean {float(found.mean()):.3f}"}


def peak_mb() -> float:
    """Return the most memory that this process or one that it has seen end held, MB."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


DRAWN = {"overlay": draw_layers, "rules": draw_features, "sites": None, "draws": draw_criteria}
JOBS: dict[str, tuple[str, str, Callable[[Path], dict[str, Any]], str]] = {
    "overlay": ("overlay", "Steppe: value functions, mask", overlay, "own"),
    "overlay_gdal": ("overlay", "gdal_calc.py: bare sum", overlay_gdal, "gdal"),
    "rules": ("rules", "Steppe: 12 rules, accounting", rules, "own"),
    "rules_atlite": ("rules", "atlite: 12 buffers, no accounting", rules_atlite, "peers"),
    "rules_circular": ("rules", "atlite circular: 4 rasters", rules_atlite_circular, "peers"),
    "sites": ("sites", "Steppe: 20 sites", sites, "own"),
    "draws": ("draws", "Steppe: in the best 1 %", draws, "own"),
    "draws_xarray": ("draws", "xarray-spatial Monte Carlo", draws_xarray, "peers"),
}


def run_job(name: str, folder: Path, python: str) -> str:
    """Measure one line in a process of its own; return it."""
    kind, title, _, _ = JOBS[name]
    # The draws of one line are no other's memory.
    calls = [python, __file__, "--job", name, "--folder", str(folder)]
    done = subprocess.run(calls, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"| {kind} | {title} | failed: {done.stderr.strip().splitlines()[-1]} | | | |"
    told = json.loads(done.stdout.strip().splitlines()[-1])
    numbers = f"{told['clock_s']:.2f} | {told['cpu_s']:.2f} | {told['peak_mb']:.0f}"
    return f"| {kind} | {title} | {numbers} | {told.get('note', '')} |"


def main() -> None:
    """Print the table, or work out one line of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="interpreter with atlite and xarray-spatial")
    parser.add_argument("--only", nargs="*", choices=DRAWN, default=list(DRAWN))
    parser.add_argument("--job", choices=JOBS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.job:
        told = JOBS[asked.job][2](asked.folder)
        sys.stdout.write(json.dumps({"peak_mb": peak_mb(), **told}) + "\n")
        return
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("numpy", "numba", "rasterio")
    )
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"{os.cpu_count()} cores, load {load:.1f}; {platform.machine()}; {versions}\n\n"
    )
    sys.stdout.write(
        "| what | by | clock, s | CPU, s | peak MB | |\n| -- | -- | -- | -- | -- | -- |\n"
    )
    for kind in asked.only:
        with tempfile.TemporaryDirectory() as folder:
            draw = DRAWN[kind]
            if draw:
                draw(Path(folder))
            for name, (own, title, _, whose) in JOBS.items():
                if own != kind:
                    continue
                python = {"own": sys.executable, "gdal": sys.executable, "peers": asked.peers}[
                    whose
                ]
                if python is None or (whose == "gdal" and not shutil.which("gdal_calc.py")):
                    sys.stdout.write(f"| {kind} | {title} | absent | | | |\n")
                    continue
                sys.stdout.write(run_job(name, Path(folder), python) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
