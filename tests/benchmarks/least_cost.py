"""Measure least cost over a grid beside scikit-image, xarray-spatial and GRASS, answers compared.

Prints tables in Markdown; each line is measured in a process of its own, and stands only after its costs
were found equal to ours at 4 096 cells.  The surface is lognormal and smooth, without barriers (seed 0).
The peers are no dependencies: name an interpreter that has scikit-image and xarray-spatial with
`--peers PYTHON`; one that is absent, and GRASS where there is no `grass`, is said to be so.

    python tests/benchmarks/least_cost.py --sides 1000 2000 4000 8000 --peers PYTHON
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

SEED, SIGMA_CELLS, STRETCH, LEAST = 0, 8, 8.0, 0.1
SINGLE_FROM = 4001
"""Surfaces of this side and over are drawn in float32."""
TOLERANCE = 1e-6
WITHIN = 0.001
N_FROMS, N_TOS, MATRIX_SIDE = 20, 10, 4000
GRASS_MB = 8000
# Within one run of GRASS, so that neither its start nor our import of the map counts.
GRASS_RUN = (
    "import json, resource, subprocess, sys, time; start = time.perf_counter();"
    "subprocess.run(sys.argv[1:], check=True, capture_output=True);"
    "clock = time.perf_counter() - start; used = resource.getrusage(resource.RUSAGE_CHILDREN);"
    "print(json.dumps([clock, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
)


@dataclass(frozen=True)
class Tool:
    """What is measured: how it is called, by whose interpreter, and with how many neighbours."""

    name: str
    runs: Callable[[Path, int], dict[str, Any]]
    is_peer: bool
    neighbours: int


def measure(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Return what some work gives, and the clock and CPU seconds that it took."""
    clock, cpu = time.perf_counter(), time.process_time()
    given = work()
    used = {"clock_s": time.perf_counter() - clock, "cpu_s": time.process_time() - cpu}
    return given, used


def sample(costs: Any) -> list[float]:
    """Return costs at 64 x 64 cells, the last corner among them."""
    at = np.linspace(0, len(costs) - 1, 64).astype(int)
    return np.asarray(costs)[np.ix_(at, at)].astype(float).ravel().tolist()


def peak_mb() -> float:
    """Return the most memory that this process held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_steppe(file: Path, neighbours: int) -> dict[str, Any]:
    """Accumulate with Steppe."""
    grids = importlib.import_module("steppe.routing.terrain.cost_grid")
    accumulation = importlib.import_module("steppe.routing.terrain.accumulation")
    cost = np.load(file)
    accumulation.accumulate(grids.CostGrid(cost[:64, :64].copy(), 1000.0), [(0, 0)])
    given, used = measure(
        lambda: accumulation.accumulate(
            grids.CostGrid(cost, 1000.0), [(0, 0)], neighbours=neighbours
        )
    )
    return {**used, "peak_mb": peak_mb(), "costs": sample(given.cost)}


def run_way(file: Path, neighbours: int) -> dict[str, Any]:
    """Find the way from corner to corner with Steppe."""
    grids = importlib.import_module("steppe.routing.terrain.cost_grid")
    ways = importlib.import_module("steppe.routing.terrain.point_to_point")
    cost = np.load(file)
    ways.find_way(grids.CostGrid(cost[:300, :300].copy(), 1000.0), (0, 0), (99, 99))
    corner = (len(cost) - 1, len(cost) - 1)
    way, used = measure(
        lambda: ways.find_way(
            grids.CostGrid(cost, 1000.0), (0, 0), corner, neighbours=neighbours, within=WITHIN
        )
    )
    told = {"cost": way.cost, "bound": way.lower_bound, "touched": way.n_cells_touched / cost.size}
    return {**used, "peak_mb": peak_mb(), **told}


def run_matrix(file: Path, neighbours: int) -> dict[str, Any]:
    """Find the ways between 20 and 10 random cells with Steppe."""
    grids = importlib.import_module("steppe.routing.terrain.cost_grid")
    matrices = importlib.import_module("steppe.routing.terrain.matrix")
    cost = np.load(file)
    matrices.find_matrix(grids.CostGrid(cost[:64, :64].copy(), 1000.0), [(0, 0)], [(9, 9)])
    rng = np.random.default_rng(SEED)
    froms, tos = (rng.integers(0, len(cost), (n, 2)) for n in (N_FROMS, N_TOS))
    given, used = measure(
        lambda: matrices.find_matrix(
            grids.CostGrid(cost, 1000.0), froms, tos, neighbours=neighbours
        )
    )
    return {**used, "peak_mb": peak_mb(), "cost": float(given.costs.mean())}


def run_skimage(file: Path, neighbours: int) -> dict[str, Any]:
    """Accumulate with MCP_Geometric of scikit-image."""
    graph = importlib.import_module("skimage.graph")
    cost = np.load(file)
    given, used = measure(
        lambda: graph.MCP_Geometric(cost, fully_connected=neighbours > 4).find_costs([(0, 0)])[0]
    )
    return {**used, "peak_mb": peak_mb(), "costs": sample(given)}


def run_xrspatial(file: Path, neighbours: int) -> dict[str, Any]:
    """Accumulate with cost_distance of xarray-spatial, compiled before."""
    xarray = importlib.import_module("xarray")
    cost_distance = importlib.import_module("xrspatial").cost_distance

    def search(costs: Any) -> Any:
        along = np.arange(len(costs), dtype=float)
        friction = xarray.DataArray(costs, dims=["y", "x"], coords={"y": along, "x": along})
        source = xarray.zeros_like(friction)
        source[0, 0] = 1.0
        return cost_distance(source, friction, connectivity=neighbours).values

    cost = np.load(file)
    search(cost[:64, :64].copy())
    given, used = measure(lambda: search(cost))
    return {**used, "peak_mb": peak_mb(), "costs": sample(given)}


def run_grass(file: Path, neighbours: int) -> dict[str, Any]:
    """Accumulate with r.cost of GRASS, with -k for 16 neighbours."""
    cost = np.load(file)
    side = len(cost)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "xy")
        raw, out = Path(folder, "cost.bin"), Path(folder, "out.bin")
        cost.astype(np.float32).tofile(raw)

        def call(*command: str) -> str:
            line = ["grass", str(place / "PERMANENT"), "--exec", *command]
            return subprocess.run(line, check=True, capture_output=True, text=True).stdout

        subprocess.run(["grass", "-c", "XY", "-e", str(place)], check=True, capture_output=True)
        edges = [f"north={side}", "south=0", f"east={side}", "west=0"]
        size = [f"rows={side}", f"cols={side}"]
        call("r.in.bin", "-f", f"input={raw}", "output=cost", "bytes=4", *edges, *size)
        call("g.region", "raster=cost")
        knights = ["-k"] if neighbours > 8 else []
        start = f"start_coordinates=0.5,{side - 0.5}"
        options = ["input=cost", "output=out", start, f"memory={GRASS_MB}"]
        told = call(sys.executable, "-c", GRASS_RUN, "r.cost", *knights, *options)
        clock_s, cpu_s, most_mb = json.loads(told)
        call("r.out.bin", "-f", "input=out", f"output={out}", "bytes=8")
        costs = sample(np.fromfile(out, dtype=np.float64).reshape(side, side))
    return {"clock_s": clock_s, "cpu_s": cpu_s, "peak_mb": most_mb, "costs": costs}


TOOLS = {
    "steppe 8": Tool("Steppe", run_steppe, is_peer=False, neighbours=8),
    "skimage 8": Tool("scikit-image MCP_Geometric", run_skimage, is_peer=True, neighbours=8),
    "xrspatial 8": Tool("xarray-spatial cost_distance", run_xrspatial, is_peer=True, neighbours=8),
    "grass 8": Tool("GRASS r.cost", run_grass, is_peer=False, neighbours=8),
    "steppe 16": Tool("Steppe", run_steppe, is_peer=False, neighbours=16),
    "grass 16": Tool("GRASS r.cost -k", run_grass, is_peer=False, neighbours=16),
    "way 8": Tool("Steppe, from corner to corner", run_way, is_peer=False, neighbours=8),
    "way 16": Tool("Steppe, from corner to corner", run_way, is_peer=False, neighbours=16),
    "matrix 8": Tool("Steppe, 20 x 10 ways", run_matrix, is_peer=False, neighbours=8),
    "matrix 16": Tool("Steppe, 20 x 10 ways", run_matrix, is_peer=False, neighbours=16),
}


def draw_surface(side: int) -> Any:
    """Return lognormal smooth costs, shape (side, side)."""
    gaussian_filter = importlib.import_module("scipy.ndimage").gaussian_filter
    rng = np.random.default_rng(SEED)
    if side >= SINGLE_FROM:
        noise = rng.standard_normal((side, side), dtype=np.float32)
    else:
        noise = rng.standard_normal((side, side))
    smooth = np.exp(STRETCH * gaussian_filter(noise, SIGMA_CELLS))
    return smooth.astype(np.float32) + np.float32(LEAST)


def ask(key: str, file: Path, peers: str | None) -> dict[str, Any] | str:
    """Return what a process of its own measures, or why it does not."""
    tool = TOOLS[key]
    if tool.is_peer and peers is None:
        return "absent: no --peers"
    if key.startswith("grass") and shutil.which("grass") is None:
        return "absent: no grass"
    python = (peers if tool.is_peer else None) or sys.executable
    line = [python, __file__, "--one", key, str(file)]
    done = subprocess.run(line, check=False, capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1]
    return json.loads(done.stdout)


def tell(key: str, side: int, found: dict[str, Any], costs: dict[int, list[float]]) -> list[str]:
    """Return a line of the table, after the costs were found equal to ours."""
    tool = TOOLS[key]
    ours = costs.setdefault(tool.neighbours, found.get("costs", [found.get("cost", 0.0)]))
    if "costs" in found:
        theirs, known = np.array(found["costs"]), np.array(ours)
        apart = np.max(np.abs(theirs - known) / np.maximum(known, 1.0))
        if not apart <= TOLERANCE:
            sys.exit(f"{key}, {side}: costs differ by {apart:.2g}")
        note = f"corner {theirs[-1]:.2f}; apart from ours by {apart:.1g} at most"
    elif "bound" in found:
        over = found["cost"] / found["bound"] - 1.0
        if found["cost"] > ours[-1] * (1.0 + WITHIN):
            sys.exit(f"{key}, {side}: {found['cost']} is over the optimum {ours[-1]}")
        note = (
            f"cost {found['cost']:.2f}, bound {100 * over:.3f} %, truly "
            f"{100 * abs(found['cost'] / ours[-1] - 1):.3f} % over; {100 * found['touched']:.0f} % of the cells"
        )
    else:
        note = f"mean {found['cost']:.2f}"
    figures = [f"{found['clock_s']:.2f}", f"{found['cpu_s']:.2f}", f"{found['peak_mb']:.0f}"]
    return [f"{side * side / 1e6:g} M", str(tool.neighbours), tool.name, *figures, note]


def main() -> None:
    """Print the machine and the table, or measure one tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", nargs="+", type=int, default=[1000, 2000, 4000])
    parser.add_argument("--peers", help="interpreter with scikit-image and xarray-spatial")
    parser.add_argument("--only", nargs="+", choices=TOOLS, default=list(TOOLS), metavar="TOOL")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        key, file = asked.one
        sys.stdout.write(json.dumps(TOOLS[key].runs(Path(file), TOOLS[key].neighbours)))
        return
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("numba", "numpy"))
    cores = len(os.sched_getaffinity(0))
    sys.stdout.write(f"{cores} cores, Python {platform.python_version()}, {versions}.\n\n")
    head = ["cells", "neighbours", "tool", "clock, s", "CPU, s", "peak, MB", "answer"]
    for row in (head, ["--"] * len(head)):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "surface.npy")
        for side in asked.sides:
            np.save(file, draw_surface(side))
            costs: dict[int, list[float]] = {}
            for key, tool in TOOLS.items():
                if key not in asked.only or (key.startswith("matrix") and side != MATRIX_SIDE):
                    continue
                found = ask(key, file, asked.peers)
                if isinstance(found, str):
                    cells = [f"{side * side / 1e6:g} M", str(tool.neighbours), tool.name]
                    row = [*cells, "–", "–", "–", found]
                else:
                    row = tell(key, side, found, costs)
                sys.stdout.write(f"| {' | '.join(row)} |\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
