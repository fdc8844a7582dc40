"""Place medians and coverage beside spopt on seeded instances, in one run, answers compared.

Prints a table in Markdown; each line only after both optima were compared.  spopt is installed
for it alone: `pip install spopt`.
"""

from __future__ import annotations

import os
import platform
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from importlib import metadata

import numpy as np
import pulp
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from spopt.locate import MCLP, PMedian

from steppe.routing.facilities import Placement, place_coverage, place_medians

INSTANCES = ((200, 50, 5, 0), (300, 100, 6, 1), (500, 200, 8, 0))
WITHIN = 0.1
PACKAGES = ("spopt", "pulp", "numpy", "scipy")
TOLERANCE = 1e-6


def questions(
    away: NDArray[np.float64], weights: NDArray[np.int64], n_sites: int
) -> list[tuple[str, Callable[[], Placement], Callable[[], PMedian | MCLP]]]:
    """Return what is asked, by us and of the peer."""
    return [
        (
            "p-median",
            lambda: place_medians(away, weights, n_sites),
            lambda: PMedian.from_cost_matrix(away, weights, p_facilities=n_sites),
        ),
        (
            f"coverage within {WITHIN:g}",
            lambda: place_coverage(away, weights, n_sites, within=WITHIN),
            lambda: MCLP.from_cost_matrix(away, weights, WITHIN, p_facilities=n_sites),
        ),
    ]


def rows() -> Iterator[list[str]]:
    """Yield one line of the table per instance and question."""
    for n_demands, n_candidates, n_sites, seed in INSTANCES:
        rng = np.random.default_rng(seed)
        at, sites = rng.random((n_demands, 2)), rng.random((n_candidates, 2))
        away, weights = cdist(at, sites), rng.integers(1, 100, n_demands)
        for name, ours, theirs in questions(away, weights, n_sites):
            start = time.perf_counter()
            value = ours().value
            between = time.perf_counter()
            model = theirs()
            model.solve(pulp.PULP_CBC_CMD(msg=False))
            our_s, peer_s = between - start, time.perf_counter() - between
            other = abs(float(model.problem.objective.value()))
            if abs(value - other) > TOLERANCE * value:
                sys.exit(f"{name}: {value} is ours, {other} is that of spopt")
            size = f"{n_demands} x {n_candidates}, {n_sites} sites, seed {seed}"
            yield [name, size, f"{value:.6f}", f"{our_s:.3g}", f"{peer_s:.3g}"]


def main() -> None:
    """Print the machine and the table."""
    warnings.simplefilter("ignore")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    head = ["question", "instance", "optimum of both", "ours, s", "spopt with CBC, s"]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["--"] * len(head), *rows())]
    told = f"{cores} cores, {platform.machine()}; Python {platform.python_version()}, {versions}."
    sys.stdout.write("\n".join([told, "", *lines, ""]))


if __name__ == "__main__":
    main()
