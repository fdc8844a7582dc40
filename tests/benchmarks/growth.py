"""What a plan of so many parks, cables and grid nodes costs: a seeded plan, built and measured.

    python tests/benchmarks/growth.py                  # the ladder of docs/benchmarks.md
    python tests/benchmarks/growth.py 100/200/1000     # parks/cables/grid nodes, any number of them
    python tests/benchmarks/growth.py 100/200/1000 --plan FOLDER    # writes the plan, builds nothing
    python tests/benchmarks/growth.py --score 2000/5000/100000      # `steppe score` in place of build
    python tests/benchmarks/growth.py --cut c7 20/5000/1000    # `steppe backbone --cut c7` in its place

Each plan is built by a process of its own, of which CPU seconds, the clock and the greatest memory
are read; then the sizes of what it wrote.  The growth is that of the seconds of CPU per doubling of
the line before: 2 is linear where everything doubled, 4 is the square.

The land is a square in a projection of its own, in the south of the Andes, and grows with the grid
nodes, so that a park has as many around it in each plan.  Nodes, half as many as cables, lie on a
shaken lattice; corridors join neighbours, and each cable follows one to three of them, half of the
cables by an assumed corridor.  Criteria, ranges, cooling and cost are those of the default pack.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
from numpy.random import Generator
from shapely import LineString, box, points

from steppe.planfile.plan_writing import write_plan

PACK = Path(__file__).parents[2] / "data" / "inner_mongolia"
CRS = "+proj=laea +lat_0=-34 +lon_0=-66 +datum=WGS84 +units=m"
SEED = 14
NODE_KM = 12.65  # a grid node in 160 km²
LADDER = ("100/200/1000", "200/400/2000", "500/1000/10000", "2000/5000/100000")
ROW = {"accuracy_m": 500.0, "source_id": "made", "as_of": "2017-06-30"}
SOURCES = {
    "made": {
        "title": "a made plan", "publisher": "tests/benchmarks/growth.py", "year": 2017,
        "licence": "CC0-1.0", "attribution": "none", "accuracy": "exact", "as_of": "2017-06-30",
    }
}  # fmt: skip
# What the default pack says of its own region.
OWN = (
    "bbox", "view", "facts", "region", "layers", "rasters", "scenarios", "rules", "geology", "review_number",
)  # fmt: skip
LICENCE = "CC0-1.0"
HEIGHTS = "elevation.tif"
FULL = ("substations", "plants", "stations")  # hold all that there is in the box


@dataclass(frozen=True)
class Size:
    """How many parks, cables and grid nodes."""

    n_parks: int
    n_cables: int
    n_grid: int

    @classmethod
    def read(cls, text: str) -> Size:
        """Read `parks/cables/grid nodes`."""
        return cls(*(int(part) for part in text.split("/")))

    def __str__(self) -> str:
        return f"{self.n_parks}/{self.n_cables}/{self.n_grid}"

    @property
    def side_m(self) -> float:
        """Side of the land."""
        return 1000.0 * NODE_KM * math.sqrt(self.n_grid)


def write_made_plan(folder: Path, size: Size, *, seed: int = SEED) -> Path:
    """Write a plan of a size into an empty folder, and return its plan.toml."""
    rng = np.random.default_rng([seed, size.n_parks, size.n_cables, size.n_grid])
    nodes = make_nodes(size, rng)
    corridors, cables = make_lines(size, nodes, rng)
    layers = {
        "parks": make_parks(size, nodes, rng),
        "nodes": nodes,
        "corridors": corridors,
        "fibre": cables,
        **make_grid(size, rng),
        "towns": make_towns(size, rng),
        "stations": make_stations(size, rng),
        "boundaries": place(
            pd.DataFrame({"boundary_id": ["XX-1"], "kind": "region", **name(["land"]), **ROW}),
            [box(*_edges(size))],
        ),
        "power_terms": make_terms(),
        "rules": read_rules(),
    }
    settings = make_settings(size, layers)
    write_heights(folder / HEIGHTS, settings["bbox"])
    return write_plan(folder, settings, layers=layers, sources=SOURCES)


def name(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the two columns of names."""
    return {"name_zh": [f"名{each}" for each in names], "name_en": list(names)}


def place(table: pd.DataFrame, shapes: Any) -> gpd.GeoDataFrame:
    """Return rows at places of the land."""
    return gpd.GeoDataFrame(table, geometry=list(shapes), crs=CRS)


def scatter(size: Size, n: int, rng: Generator) -> Any:
    """Return random points of the land."""
    return points(rng.uniform(-0.5, 0.5, (n, 2)) * size.side_m)


def _edges(size: Size) -> tuple[float, float, float, float]:
    half = size.side_m / 2
    return (-half, -half, half, half)


def make_nodes(size: Size, rng: Generator) -> gpd.GeoDataFrame:
    """Return nodes on a shaken lattice, row by row; the first three are targets."""
    n = max(9, size.n_cables // 2)
    n_columns = math.ceil(math.sqrt(n))
    step = size.side_m / n_columns
    number = np.arange(n)
    at = np.column_stack([number % n_columns, number // n_columns]) + 0.5
    at = at * step - size.side_m / 2 + rng.uniform(-0.3, 0.3, (n, 2)) * step
    ids = [f"n{each}" for each in number]
    kinds = np.where(number < 3, "target", "metro")
    table = {
        "node_id": ids,
        "kind": kinds,
        "country": "AR",
        "population": 1000000,
        **name(ids),
        **ROW,
    }
    return place(pd.DataFrame(table), points(at))


def make_lines(
    size: Size, nodes: gpd.GeoDataFrame, rng: Generator
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return corridors between neighbours, and cables along one to three of them."""
    n, n_columns = len(nodes), math.ceil(math.sqrt(len(nodes)))
    at = np.column_stack([nodes.geometry.x, nodes.geometry.y])
    pairs = [(one, one + 1) for one in range(n - 1) if (one + 1) % n_columns]
    pairs += [(one, one + n_columns) for one in range(n - n_columns)]
    lines, beside = [], [list[tuple[int, int]]() for _ in range(n)]
    for number, (one, two) in enumerate(pairs):
        beside[one].append((two, number))
        beside[two].append((one, number))
        bend = (at[one] + at[two]) / 2 + rng.uniform(-0.1, 0.1, 2) * (at[two] - at[one])[::-1]
        lines.append(np.array([at[one], bend, at[two]]))
    ids = [f"k{number}" for number in range(len(pairs))]
    km = lengths_km(lines)
    table = {
        "corridor_id": ids, "basis": "railway", "length_km": km, "shared": None,
        "from_node": [f"n{one}" for one, _ in pairs], "to_node": [f"n{two}" for _, two in pairs],
        **name(ids), **ROW,
    }  # fmt: skip
    corridors = place(pd.DataFrame(table), map(LineString, lines))
    cables, ways = [], []
    for number in range(size.n_cables):
        start = at_node = number % n if number < n else int(rng.integers(n))
        way, line, seen = list[int](), [at[start]], {start}
        for _ in range(int(rng.integers(1, 4))):
            further = [each for each in beside[at_node] if each[0] not in seen]
            if not further:
                break
            to, corridor = further[int(rng.integers(len(further)))]
            bend = lines[corridor][1]
            line += [bend, at[to]]
            way.append(corridor)
            seen.add(to)
            at_node = to
        cables.append((f"n{start}", f"n{at_node}", " ".join(ids[each] for each in way), number))
        ways.append(np.array(line))
    frame = pd.DataFrame(cables, columns=["from_node", "to_node", "corridors", "number"])
    number = frame.pop("number")
    ids = [f"c{each}" for each in number]
    km = lengths_km(ways)
    frame = frame.assign(
        cable_id=ids, corridor_basis=np.where(number % 2, "assumed", "said"), ends_basis="said",
        geometry_kind="corridor", existence="said", status="in_service", year=2015, length_km=km,
        route_km=km, lane=0, apart_from=None, **name(ids), **ROW,
    )  # fmt: skip
    return corridors, place(frame, map(LineString, ways))


def lengths_km(lines: Sequence[Any]) -> list[float]:
    """Return geodesic lengths of lines of the land, to a metre."""
    shapes = gpd.GeoSeries([LineString(each) for each in lines], crs=CRS).to_crs("EPSG:4490")
    geod = shapes.crs.get_geod()
    return [round(geod.geometry_length(each) / 1000, 3) for each in shapes]


def make_parks(size: Size, nodes: gpd.GeoDataFrame, rng: Generator) -> gpd.GeoDataFrame:
    """Return parks within 20 km of a node, each of a town; a tenth of them with racks."""
    n = size.n_parks
    node = rng.integers(len(nodes), size=n)
    at = np.column_stack([nodes.geometry.x, nodes.geometry.y])[node] + rng.uniform(
        -2e4, 2e4, (n, 2)
    )
    at = np.clip(at, *(edge * 0.999 for edge in (-size.side_m / 2, size.side_m / 2)))
    ids = [f"p{number}" for number in range(n)]
    table = {
        "park_id": ids, "level": "zone", "city": [f"City {number % 40}" for number in range(n)],
        "status": "in_service", "node_id": [f"n{each}" for each in node],
        "town_id": [f"t{number % n_towns(size)}" for number in range(n)],
        "area_ha": rng.uniform(20, 2000, n).round(1),
        "it_load_mw": np.where(np.arange(n) % 10 == 0, rng.uniform(10, 300, n).round(1), np.nan),
        "location_basis": "assumed", **name(ids), **ROW,
    }  # fmt: skip
    return place(pd.DataFrame({**table, "accuracy_m": 5000.0}), points(at))


def make_grid(size: Size, rng: Generator) -> dict[str, gpd.GeoDataFrame]:
    """Return substations, two thirds of the grid nodes, and plants."""
    n_plants = size.n_grid // 3
    n_stations = size.n_grid - n_plants
    id_s, id_e = (
        [f"{letter}{number}" for number in range(n)]
        for letter, n in (("s", n_stations), ("e", n_plants))
    )
    substations = {
        "grid_id": id_s, "name": id_s, "kind": "substation", "status": "mapped", "grid": "north",
        "voltage_kv": rng.choice([110.0, 220.0, 500.0], n_stations, p=[0.6, 0.3, 0.1]), **ROW,
    }  # fmt: skip
    plants = {
        "grid_id": id_e, "name": id_e, "kind": "plant", "status": "operating", "grid": None,
        "capacity_mw": rng.uniform(1, 600, n_plants).round(1),
        "energy": rng.choice(["coal", "wind", "solar", "hydro", "gas"], n_plants),
        "start_year": rng.integers(1990, 2018, n_plants), **ROW,
    }  # fmt: skip
    return {
        "substations": place(pd.DataFrame(substations), scatter(size, n_stations, rng)),
        "plants": place(pd.DataFrame(plants), scatter(size, n_plants, rng)),
    }


def n_towns(size: Size) -> int:
    """Return a town for twenty parks."""
    return max(5, size.n_parks // 20)


def make_towns(size: Size, rng: Generator) -> gpd.GeoDataFrame:
    """Return towns with a class of the ground each."""
    n = n_towns(size)
    ids = [f"t{number}" for number in range(n)]
    pga = rng.choice([0.05, 0.1, 0.15, 0.2], n)
    table = {"town_id": ids, "pga_g": pga, "pga_edition": "made", **name(ids), **ROW}
    return place(pd.DataFrame(table), scatter(size, n, rng))


def make_stations(size: Size, rng: Generator) -> gpd.GeoDataFrame:
    """Return weather stations, one in 80 km by 80 km, on a lattice."""
    n_columns = max(4, math.ceil(size.side_m / 80000))
    n = n_columns**2
    number = np.arange(n)
    at = np.column_stack([number % n_columns, number // n_columns]) + 0.5
    at = (at / n_columns - 0.5) * size.side_m
    ids = [f"w{each}" for each in number]
    mean = rng.uniform(2, 8, n) - at[:, 1] / 4e5
    months = {
        f"temp_{month + 1:02d}_c": (mean - 14 * math.cos(2 * math.pi * (month - 0.5) / 12)).round(2)
        for month in range(12)
    }
    table = {
        "station_id": ids, "name": ids, "elevation_m": rng.uniform(100, 1500, n).round(),
        "temp_mean_c": mean.round(2), **months, "diurnal_range_k": rng.uniform(9, 14, n).round(1), **ROW,
    }  # fmt: skip
    return place(pd.DataFrame(table), points(at))


def write_heights(path: Path, bbox: Sequence[float]) -> None:
    """Write a grid of heights, waves of 100 to 1500 m, in cells of a tenth of a degree."""
    west, south, east, north = bbox
    lon, lat = np.arange(west, east, 0.1), np.arange(north, south, -0.1)
    height = 800 + 350 * (np.sin(lon / 2)[None, :] + np.cos(lat / 2)[:, None])
    place_of = rasterio.transform.from_origin(west, north, 0.1, 0.1)
    with rasterio.open(
        path, "w", driver="GTiff", count=1, dtype="int16", crs="EPSG:4490", transform=place_of,
        width=len(lon), height=len(lat), nodata=-32768,
    ) as grid:  # fmt: skip
        grid.write(height.astype("int16"), 1)


def make_terms() -> pd.DataFrame:
    """Return what a MWh of the grid costs and emits."""
    terms = [("price_cny_kwh", 0.35, "CNY/kWh"), ("grid_co2_kg_mwh", 700.0, "kg/MWh")]
    rows = [
        {"term_id": field, "field": field, "grid": "north", "value": value, "unit": unit,
         "reason": "made", "source_id": "made", "as_of": "2017-06-30"}
        for field, value, unit in terms
    ]  # fmt: skip
    return pd.DataFrame(rows)


def read_rules() -> pd.DataFrame:
    """Return the clauses of the default pack that hold for any park."""
    rules = pd.read_csv(PACK / "rules.csv", dtype=str)
    kept = (rules["applies_to"] == "*") & rules["region"].isna()
    ids = rules["superseded_by"].isna() | rules["superseded_by"].isin(rules.loc[kept, "rule_id"])
    return rules[kept & ids].assign(source_id="made")


def make_settings(size: Size, layers: dict[str, Any]) -> dict[str, Any]:
    """Return the plan.toml of the default pack, with the region and the scenarios of the land."""
    values = tomllib.loads((PACK / "plan.toml").read_text(encoding="utf-8"))
    values = {key: each for key, each in _with_own_source(values).items() if key not in OWN}
    west, south, east, north = (
        gpd.GeoSeries([box(*_edges(size)).segmentize(20000)], crs=CRS)
        .to_crs("EPSG:4490")
        .total_bounds
    )
    corners = [float(each) for each in (west, south, east, north)]
    values["name"] = "made_" + str(size).replace("/", "_")
    values["bbox"] = [corners[0] - 1, corners[1] - 1, corners[2] + 1, corners[3] + 1]
    values["region"] = {"boundary_id": "XX-1", "box": corners}
    values["network"]["targets"] = ["n0", "n1", "n2"]
    values["route"].pop("wanted")  # which names nodes of the default plan
    values["cooling"].pop("cities")
    ranges = values["robustness"]["assumed"]
    values["robustness"]["assumed"] = [each for each in ranges if ".cities." not in each["path"]]
    removed = [f"c{number}" for number in range(0, size.n_cables, 50)]
    values["scenarios"] = [
        {"name": "later", **_titles("later"), "year": 2025},
        {"name": "fewer", **_titles("fewer"), "remove": removed},
        {"name": "power_first", **_titles("power first"), "weights": {"power": 0.5}},
    ]
    values["layers"] = {
        key: {"licence": LICENCE, **({"extent": {"box": values["bbox"]}} if key in FULL else {})}
        for key in layers
    }
    values["rasters"] = {
        "elevation": {
            "file": HEIGHTS, "title_zh": "海拔", "title_en": "Elevation", "unit": "m", "source_id": "made",
        }
    }  # fmt: skip
    values["criteria"] = [_without_slope(entry) for entry in values["criteria"]]
    return values


def _titles(text: str) -> dict[str, str]:
    return {"title_zh": f"名{text}", "title_en": text, "why_zh": f"名{text}", "why_en": text}


def _without_slope(entry: dict[str, Any]) -> dict[str, Any]:
    lacking = ("slope_deg", "quake_largest_m", "quake_nearest_km", "quake_rate_300km", "fault_km")
    return {**entry, "measures": [each for each in entry["measures"] if each["id"] not in lacking]}


def _with_own_source(value: Any) -> Any:
    """Return values whose sources are the one of the made plan."""
    if isinstance(value, dict):
        made = {"source_id": "made", "source_ids": ["made"], "factors_source_id": "made"}
        return {key: made.get(key) or _with_own_source(each) for key, each in value.items()}
    return [_with_own_source(each) for each in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Cost:
    """What a run took, and what it wrote."""

    cpu_s: float
    clock_s: float
    memory_mb: float
    sizes_mb: dict[str, float]


def measure(size: Size, command: Sequence[str]) -> Cost:
    """Make a plan in a folder of its own, build it and measure that, or another command."""
    with tempfile.TemporaryDirectory() as scratch:
        plan, out = Path(scratch) / "plan", Path(scratch) / "out"
        plan.mkdir()
        write_made_plan(plan, size)
        name, *options = command or ("build", "--out", str(out))
        told = [name, str(plan), *options]
        # A run's greatest memory is told of the greatest of all children: one child each.
        code = "import sys; from steppe.command.app import main; main()"
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", code, *told], stdout=subprocess.DEVNULL, env=_environment()
        )
        _, status, used = os.wait4(process.pid, 0)
        clock_s = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{size}: exit {process.returncode}")
        return Cost(used.ru_utime + used.ru_stime, clock_s, used.ru_maxrss / 1024, _weigh(out))


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8"}


def _weigh(out: Path) -> dict[str, float]:
    if not out.is_dir():
        return {}
    files = {path.name: path.stat().st_size / 1e6 for path in out.iterdir() if path.is_file()}
    tables = {key: mb for key, mb in files.items() if key.endswith(".csv")}
    greatest = max(tables, key=lambda key: tables[key])
    told = {"page": files["map.html"], "gpkg": files["plan.gpkg"], "tables": sum(tables.values())}
    return {**told, f"{greatest}": tables[greatest]}


def growth(before: tuple[Size, Cost] | None, now: tuple[Size, Cost]) -> str:
    """Return how many times the CPU grows per doubling of parks, cables and grid nodes together."""
    if before is None:
        return "–"
    one, two = (size.n_parks * size.n_cables * size.n_grid for size, _ in (before, now))
    doublings = math.log2(two / one) / 3
    return f"{(now[1].cpu_s / before[1].cpu_s) ** (1 / doublings):.2f}" if doublings else "–"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", default=list(LADDER))
    parser.add_argument("--plan", type=Path, help="write the plan of one size there, build nothing")
    parser.add_argument("--score", action="store_true", help="measure `steppe score`")
    parser.add_argument("--cut", help="measure `steppe backbone` without this cable")
    asked = parser.parse_args()
    sizes = [Size.read(text) for text in asked.sizes]
    if asked.plan is not None:
        asked.plan.mkdir(parents=True)
        say(str(write_made_plan(asked.plan, sizes[0])))
        return
    say(f"{os.cpu_count()} cores, {platform.machine()}; Python {platform.python_version()}.\n")
    say("| parks/cables/grid nodes | CPU, s | per doubling | clock, s | memory, MB | sizes, MB |")
    say("| -- | -- | -- | -- | -- | -- |")
    command = ("score",) if asked.score else ("backbone", "--cut", asked.cut) if asked.cut else ()
    before = None
    for size in sizes:
        cost = measure(size, command)
        sizes_mb = ", ".join(f"{key} {mb:.1f}" for key, mb in cost.sizes_mb.items())
        rise = growth(before, (size, cost))
        say(f"| {size} | {cost.cpu_s:.1f} | {rise} | {cost.clock_s:.1f} | {cost.memory_mb:.0f} | {sizes_mb} |")  # fmt: skip
        before = (size, cost)


if __name__ == "__main__":
    main()
