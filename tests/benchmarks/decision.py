"""Time TOPSIS and SMAA beside their peers, in one run.

Prints a table in Markdown.  The peers take the ends of TOPSIS from the sites: an ideal and a
worst site among them make those the fixed ends of ours.  None of them has SMAA: one draw
after the other goes through their method, for a share of the draws, extrapolated to all.  Each
line is printed only after all answers of it were found equal.  Run it by `make bench`.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata

import numpy as np
import skcriteria
from numpy.typing import NDArray
from pymcdm import methods, normalizations
from skcriteria.agg import simple, topsis

from steppe.decision.draws import BandedMeasure, ValueSampler
from steppe.decision.smaa import accept
from steppe.decision.topsis import rate_closeness
from steppe.decision.values import Linear
from steppe.decision.weights import draw_uniform

PACKAGES = ("numpy", "pymcdm", "scikit-criteria", "scipy", "pandas")
N_CRITERIA = 8
N_SITES = 500
N_DRAWS = 10_000
N_LOOPED = 300
N_ROUNDS = 5

Floats = NDArray[np.float64]
BENEFITS = np.ones(N_CRITERIA)


def draw_table(n_sites: int) -> Floats:
    """Draw values, the first site ideal and the second the worst there can be."""
    table = np.random.default_rng(0).random((n_sites, N_CRITERIA))
    table[0], table[1] = 1.0, 0.0
    return table


def to_skc(table: Floats, weights: Floats) -> skcriteria.DecisionMatrix:
    """Build the object that scikit-criteria takes."""
    return skcriteria.mkdm(table, [max] * N_CRITERIA, weights=weights)


def pymcdm_topsis(table: Floats, weights: Floats) -> Floats:
    """Ask pymcdm; its own norm by least and greatest changes nothing between 0 and 1."""
    return methods.TOPSIS()(table, weights, BENEFITS, validation=False)


def pymcdm_sum(table: Floats, weights: Floats) -> Floats:
    """Ask pymcdm for the weighted sum of the same."""
    model = methods.WSM(normalizations.minmax_normalization)
    return model(table, weights, BENEFITS, validation=False)


def skc_topsis(table: Floats, weights: Floats) -> Floats:
    """Ask scikit-criteria, conversion included."""
    return topsis.TOPSIS().evaluate(to_skc(table, weights)).e_.similarity


def skc_sum(table: Floats, weights: Floats) -> Floats:
    """Ask scikit-criteria for the weighted sum, conversion included."""
    return simple.WeightedSumModel().evaluate(to_skc(table, weights)).e_.score


def seconds(run: Callable[[], object], n_rounds: int = N_ROUNDS) -> float:
    """Return how long something takes, at best."""
    best = float("inf")
    for _ in range(n_rounds):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def topsis_rows() -> Iterator[list[str]]:
    """Yield one line per number of sites."""
    weights = np.random.default_rng(1).dirichlet(BENEFITS)
    for n_sites in (1_000, 100_000, 1_000_000):
        table = draw_table(n_sites)
        ours = rate_closeness(table, weights)
        for peer in (pymcdm_topsis, skc_topsis):
            if not np.allclose(peer(table, weights), ours, rtol=0, atol=1e-12):
                sys.exit(f"{peer.__name__} and ours differ on {n_sites} sites")
        times = [
            seconds(lambda way=way, table=table: way(table, weights))  # type: ignore[misc]
            for way in (rate_closeness, pymcdm_topsis, skc_topsis)
        ]
        yield [f"TOPSIS, {n_sites} sites", *(f"{taken:.3g}" for taken in times)]


def loop(method: Callable[[Floats, Floats], Floats], table: Floats, weights: Floats) -> Floats:
    """Return how often each site has each rank, one draw after the other."""
    n_sites = len(table)
    counts = np.zeros((n_sites, n_sites))
    for weight in weights:
        order = np.argsort(-method(table, weight))
        counts[order, np.arange(n_sites)] += 1
    return counts / len(weights)


def sampler(table: Floats) -> ValueSampler:
    """Give every value an even band of a tenth."""
    line = Linear(0.0, 1.0)
    measures = [
        BandedMeasure(
            line, column, np.maximum(column - 0.05, 0), np.minimum(column + 0.05, 1), "range"
        )
        for column in table.T
    ]
    return ValueSampler(tuple(measures), np.eye(N_CRITERIA), np.random.default_rng(2))


def smaa_rows() -> Iterator[list[str]]:
    """Yield the ranks over drawn weights, and ours over drawn values too."""
    table = np.random.default_rng(0).random((N_SITES, N_CRITERIA))
    # The ends for the norm of pymcdm; both sites are first and last, and change no other.
    table[0], table[1] = 1.0, 0.0
    weights = draw_uniform(N_DRAWS, N_CRITERIA, rng=np.random.default_rng(1))
    few = weights[:N_LOOPED]
    expected = accept(table, few).rank_shares
    closeness = loop(rate_closeness, table, few)
    scale = N_DRAWS / N_LOOPED
    additive, distances = [], []
    for peer, ours, times in (
        (pymcdm_sum, expected, additive),
        (skc_sum, expected, additive),
        (pymcdm_topsis, closeness, distances),
        (skc_topsis, closeness, distances),
    ):
        if not np.allclose(loop(peer, table, few), ours, rtol=0, atol=1e-12):
            sys.exit(f"the ranks of {peer.__name__} and ours differ")
        taken = seconds(lambda peer=peer: loop(peer, table, few), 1)  # type: ignore[misc]
        times.append(f"~{taken * scale:.3g}")
    name = f"{N_SITES} sites, {N_DRAWS} draws"
    fixed = seconds(lambda: accept(table, weights))
    drawn = seconds(lambda: accept(sampler(table), weights), 3)
    looped = seconds(lambda: loop(rate_closeness, table, few), 3) * scale
    yield [f"SMAA-2, {name} of weights", f"{fixed:.3g}", *additive]
    yield [f"SMAA-2, {name} of weights and values", f"{drawn:.3g}", "–", "–"]
    yield [f"ranks by TOPSIS, {name} of weights", f"~{looped:.3g}", *distances]


def main() -> None:
    """Print the machine and the table."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores, {memory_gb:.0f} GiB, {platform.machine()}"
    head = [f"{N_CRITERIA} criteria", "ours, s", "pymcdm, s", "scikit-criteria, s"]
    rows = (head, ["--"] * len(head), *topsis_rows(), *smaa_rows())
    lines = [f"| {' | '.join(row)} |" for row in rows]
    python = f"Python {platform.python_version()}"
    sys.stdout.write("\n".join([f"{machine}; {python}, {versions}.", "", *lines, ""]))


if __name__ == "__main__":
    main()
