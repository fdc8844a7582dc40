"""How often a cell is among the best: every draw ranked by hand, and one criterion alone."""

from __future__ import annotations

import math
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.screening import best_shares
from steppe.screening.best_shares import PackedCells, share_best
from steppe.screening.drawn_kernels import QUANTA


def share_by_hand(groups, weights, best):
    """Rank all cells under each draw; a score is told down to a part of `QUANTA`."""
    scores = []
    for values, known in groups:
        drawn = (weights / (weights @ known)[:, None]).astype(np.float32)
        total = np.zeros((len(weights), values.shape[1]), dtype=np.float32)
        for kind, line in enumerate(values):
            total += drawn[:, kind, None] * line
        scores.append(np.floor(total * np.float32(QUANTA)).astype(np.int64))
    every = np.concatenate(scores, axis=1)
    wanted = math.ceil(best * every.shape[1])
    least = np.sort(every, axis=1)[:, -wanted]
    return [(each >= least[:, None]).mean(axis=0) for each in scores]


def make_groups(rng, sizes, n_criteria, n_levels):
    groups = []
    for size in sizes:
        known = rng.integers(0, 3, n_criteria) / 2.0
        known[rng.integers(n_criteria)] = 1.0
        values = rng.integers(0, n_levels + 1, (n_criteria, size)) / n_levels * known[:, None]
        groups.append((values.astype(np.float32), known))
    return groups


def share(folder, groups, weights, best):
    with closing(PackedCells(weights.shape[1], folder)) as packed:
        for tile, (values, known) in enumerate(groups):
            packed.add(tile, np.arange(values.shape[1], dtype=np.int32), values, known)
        return [shares for _, _, shares in share_best(packed, weights, best=best)]


@given(
    st.lists(st.integers(1, 150), min_size=1, max_size=4), st.integers(1, 5),
    st.sampled_from([(1, 8), (4, 2**16), (10_000, 8)]), st.floats(0.001, 1.0), st.integers(0, 2**32 - 1),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_shares_are_those_of_ranking_every_draw(
    tmp_path_factory, sizes, n_criteria, kind, best, seed
) -> None:
    """With many ties, with criteria that are known in part, and with a sample that may mislead."""
    n_levels, sample = kind
    rng = np.random.default_rng(seed)
    groups = make_groups(rng, sizes, n_criteria, n_levels)
    weights = rng.dirichlet(np.ones(n_criteria), 20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_shares, "_SAMPLE", sample)
        found = share(tmp_path_factory.getbasetemp(), groups, weights, best)
    for one, other in zip(found, share_by_hand(groups, weights, best), strict=True):
        assert one == pytest.approx(other, abs=1e-6)


def test_of_two_criteria_that_oppose_each_other_half_the_weights_are_for_each(tmp_path) -> None:
    """One cell is the best of the one, another of the other; under even weights each wins half."""
    values = np.full((2, 100), 0.1, dtype=np.float32)
    values[:, 0], values[:, 1] = (1.0, 0.0), (0.0, 1.0)
    weights = np.random.default_rng(1).dirichlet([1.0, 1.0], 4000)
    (found,) = share(tmp_path, [(values, np.ones(2))], weights, 0.01)
    assert found[:2] == pytest.approx([0.5, 0.5], abs=0.04)
    assert found[:2].sum() == pytest.approx(1.0)
    assert not found[2:].any()


def test_with_one_criterion_the_best_are_those_of_the_score(done) -> None:
    shares, codes, scores = (done.open(name) for name in ("acceptability", "rule", "score"))
    free = (codes == 0) & (done.open("fraction") >= 1.0)
    assert (np.isfinite(shares) == free).all()
    wanted = math.ceil(0.01 * free.sum())
    least = np.sort(scores[free])[-wanted]
    assert (shares[free] == (scores[free] >= least)).all()
    assert done.record["acceptability"]["n_cells"] == free.sum()
