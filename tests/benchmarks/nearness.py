"""Time shared risk from geometry beside geopandas and plain pairs of shapely, on seeded networks.

    python tests/benchmarks/nearness.py              # 500, 1 000, 2 000 and 5 000 cables
    python tests/benchmarks/nearness.py 5000         # any number of them

Prints a table in Markdown: CPU seconds for all that runs beside each other and crosses among so many
cables (`steppe.routing.contacts`), drawn exactly and drawn true to 0.1, 1 or 5 km.  The peers answer the
first question alone, how long each two lines are within 1.5 km of each other outside 5 km round
their ends, in one projection: `geopandas` joins lines with the buffers of the others by its tree and
intersects them, `pairs` asks shapely for every two lines.  A line is printed only after the length of
each pair was found to lie between those that geopandas gives for limits 0.4 % stricter and laxer.

Cables join towns to near ones on a plain of as many towns to the area, whatever their number, 40 to
150 km a cable with a vertex about every 3 km; every third runs beside the one before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import Generator
from pyproj import CRS, Transformer
from scipy.spatial import KDTree

from steppe.routing.contacts import Contact, find_contacts

SIZES = (500, 1_000, 2_000, 5_000)
MOST_PAIRS = 1_000  # cables; above that every pair takes minutes
SEED = 14
BESIDE_KM, SHORTEST_KM, END_KM = 1.5, 4.0, 5.0
LIMITS = {"beside_km": BESIDE_KM, "shortest_km": SHORTEST_KM, "end_km": END_KM}
KM2_A_TOWN = 600.0
STEP_KM = 3.0
STRICT = 0.004  # the plane is true to 0.003 at the sides of the largest plain
PLANE = CRS.from_proj4("+proj=tmerc +lon_0=111 +lat_0=41 +k_0=0.998 +ellps=GRS80 +units=km")

Lines = np.ndarray[Any, Any]
Lengths = dict[tuple[int, int], float]


def make_lines(n_cables: int, rng: Generator) -> Lines:
    """Draw cables in the plane, km."""
    n_towns = max(n_cables // 2, 8)
    side_km = np.sqrt(n_towns * KM2_A_TOWN)
    towns = rng.uniform(-side_km / 2, side_km / 2, (n_towns, 2))
    _, near = KDTree(towns).query(towns, k=min(8, n_towns))
    lines: list[Any] = []
    for number in range(n_cables):
        if number % 3 == 2:
            course = shapely.get_coordinates(lines[-1]) + rng.uniform(-2, 2, 2)
            lines.append(shapely.LineString(course))
            continue
        town = rng.integers(n_towns)
        stops = towns[[town, near[town, rng.integers(3, near.shape[1])]]]
        way = stops[1] - stops[0]
        n_steps = max(int(np.hypot(*way) / STEP_KM), 2)
        share = np.linspace(0, 1, n_steps + 1)[:, None]
        sway = rng.normal(0, 1, 3) @ np.sin(np.pi * np.outer([1, 2, 5], share[:, 0]))
        aside = np.array([-way[1], way[0]]) / np.hypot(*way)
        course = stops[0] + way * share + aside * sway[:, None] * np.hypot(*way) / 12
        lines.append(shapely.LineString(course))
    return np.array(lines, dtype=object)


def ask_ours(lines: Sequence[Any], accuracy_km: Sequence[float]) -> list[Contact]:
    """Find all contacts."""
    return find_contacts(lines, accuracy_km, **LIMITS)


def ask_geopandas(lines: Lines, strict: float = 0.0) -> Lengths:
    """Join lines with the buffers of the others, and measure what they have in common.

    `strict` asks for so much nearer and longer, as a share, and for so much less of a gap.
    """
    buffers = shapely.buffer(lines, BESIDE_KM * (1 - strict), quad_segs=32)
    joined = gpd.GeoDataFrame(geometry=list(lines)).sjoin(gpd.GeoDataFrame(geometry=list(buffers)))
    i, j = joined.index.to_numpy(), joined["index_right"].to_numpy()
    return measure(lines, buffers, i[i < j], j[i < j], strict)


def ask_pairs(lines: Lines) -> Lengths:
    """Ask for every two lines how far apart they are, and measure those that are near."""
    buffers = shapely.buffer(lines, BESIDE_KM, quad_segs=32)
    found: Lengths = {}
    for first in range(len(lines) - 1):
        other = np.arange(first + 1, len(lines))
        near = other[shapely.distance(lines[first], lines[other]) <= BESIDE_KM]
        found |= measure(lines, buffers, np.full(len(near), first), near)
    return found


def measure(lines: Lines, buffers: Lines, i: Any, j: Any, strict: float = 0.0) -> Lengths:
    """Measure pairs that have a stretch: the first line within the buffer of the second."""
    discs = shapely.buffer(shapely.boundary(lines), END_KM * (1 + strict), quad_segs=64)
    parts = shapely.intersection(lines[i], buffers[j])
    parts = shapely.difference(shapely.difference(parts, discs[i]), discs[j])
    found: Lengths = {}
    for first, second, part in zip(i.tolist(), j.tolist(), parts, strict=True):
        pieces = shapely.get_parts(shapely.line_merge(part))
        if not len(pieces):
            continue
        ends = [shapely.get_point(pieces, end) for end in (0, -1)]
        at = np.sort([shapely.line_locate_point(lines[first], end) for end in ends], axis=0).T
        at = at[np.argsort(at[:, 0])]
        # A shorter gap goes on, and a stretch has one piece that is long enough.
        gaps = at[1:, 0] - at[:-1, 1] >= SHORTEST_KM * (1 - strict)
        lengths = [each[:, 1] - each[:, 0] for each in np.split(at, np.flatnonzero(gaps) + 1)]
        told = [each.sum() for each in lengths if each.max() >= SHORTEST_KM * (1 + strict)]
        if told:
            found[first, second] = float(sum(told))
    return found


def check(ours: Sequence[Contact], lines: Lines) -> None:
    """Refuse answers that do not lie between those to a question a little stricter or laxer.

    Raises
    ------
    ValueError
        With some of the pairs of which they do not.
    """
    km: Lengths = {}
    for contact in ours:
        if not contact.crosses:
            pair = contact.first, contact.second
            km[pair] = km.get(pair, 0.0) + contact.km
    low, high = (ask_geopandas(lines, strict) for strict in (STRICT, -STRICT))
    odd = [
        (pair, low.get(pair), km.get(pair), high.get(pair))
        for pair in sorted(km.keys() | low.keys())
        if not low.get(pair, 0.0) * (1 - STRICT)
        <= km.get(pair, 0.0)
        <= high.get(pair, 0.0) * (1 + STRICT)
    ]
    if odd:
        msg = f"{len(odd)} of {len(km)} pairs differ: {odd[:5]}"
        raise ValueError(msg)


def spend(ask: Any, *given: Any) -> tuple[Any, float]:
    """Return an answer and the CPU seconds that it took."""
    begun = time.process_time()
    return ask(*given), time.process_time() - begun


def main() -> None:
    """Print the table."""
    sizes = [int(each) for each in sys.argv[1:]] or SIZES
    print(  # noqa: T201
        "| cables | segments | stretches, crossings | ours, s | ours, in bands, s | geopandas, s "
        "| pairs, s |\n| -- | -- | -- | -- | -- | -- | -- |"
    )
    for n_cables in sizes:
        rng = np.random.default_rng([SEED, n_cables])
        flat = make_lines(n_cables, rng)
        accuracy_km = rng.choice([0.1, 1.0, 5.0], n_cables)
        degrees = Transformer.from_crs(PLANE, CRS.from_epsg(4490), always_xy=True)
        lines = list(shapely.transform(flat, degrees.transform, interleaved=False))
        ours, ours_s = spend(ask_ours, lines, np.zeros(n_cables))
        bands, bands_s = spend(ask_ours, lines, accuracy_km)
        _, theirs_s = spend(ask_geopandas, flat)
        check(ours, flat)
        pairs_s = ""
        if n_cables <= MOST_PAIRS:
            _, taken_s = spend(ask_pairs, flat)
            pairs_s = f"{taken_s:.1f}"
        n_stretches = [sum(not each.crosses for each in some) for some in (ours, bands)]
        counts = f"{n_stretches[0]}, {len(ours) - n_stretches[0]}"
        n_segments = int(shapely.get_num_coordinates(flat).sum()) - n_cables
        print(  # noqa: T201
            f"| {n_cables} | {n_segments} | {counts} | {ours_s:.2f} | {bands_s:.2f} "
            f"| {theirs_s:.2f} | {pairs_s} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
