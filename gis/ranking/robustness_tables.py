"""How sure the ranking is, as tables: each park, its shares of the ranks, weights, methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.decision.agreement import compare_tops, correlate_ranks
from steppe.decision.scoring import rank
from steppe.decision.smaa import Acceptability
from steppe.layers.columns import Contract
from steppe.layers.conformity import conform
from steppe.layers.contracts.answers import ACCEPTABILITY, AGREEMENT, ROBUSTNESS, WEIGHT_RANGES
from steppe.layers.table_limits import MOST_WHOLE, N_RANKS
from steppe.layers.tables import PlanInfo
from steppe.ranking.robustness import Robust
from steppe.ranking.standing import Standing

SUM, TOPSIS, SMAA = "weighted_sum", "topsis", "smaa_mean_rank"


def tabulate_robustness(
    robust: Robust, first_shares: NDArray[np.float64] | None = None
) -> dict[str, pd.DataFrame]:
    """Return the tables `robustness`, `acceptability`, `weight_ranges` and `agreement`.

    Parameters
    ----------
    robust
        What is known of the ranking.
    first_shares
        Share of the draws of bands and of all assumed numbers in which each ranked park is first,
        in the order of `Robust.ranked`, if there are such draws.
    """
    assumed = [None] * len(robust.ranked) if first_shares is None else first_shares.tolist()
    told: tuple[tuple[Contract, Iterable[dict[str, Any]]], ...] = (
        (
            ROBUSTNESS,
            (
                _tell_site(robust, site) | {"first_share_assumed": share}
                for site, share in zip(robust.ranked, assumed, strict=True)
            ),
        ),
        (ACCEPTABILITY, _tell_shares(robust, plan=robust.planned, any=robust.any_weights)),
        (WEIGHT_RANGES, _tell_ranges(robust)),
        (AGREEMENT, _tell_agreement(robust)),
    )
    return {contract.name: tabulate_run(robust.info, contract, rows) for contract, rows in told}


def tabulate_acceptability(standing: Standing) -> pd.DataFrame:
    """Return the shares of the ranks under the plan's weights alone, contract `ACCEPTABILITY`."""
    return tabulate_run(standing.info, ACCEPTABILITY, _tell_shares(standing, plan=standing.planned))


def tabulate_run(
    info: PlanInfo, contract: Contract, rows: Iterable[dict[str, Any]]
) -> pd.DataFrame:
    """Return rows of one run as a table of a contract, sorted by its key."""
    run = {"scenario": info.scenario, "year": info.year}
    frame = pd.DataFrame([row | run for row in rows], columns=list(contract.columns))
    return conform(frame.sort_values(list(contract.key)).reset_index(drop=True), contract)


def _tell_site(robust: Robust, site: int) -> dict[str, Any]:
    planned, any_weights = robust.planned, robust.any_weights
    return {
        "site_id": robust.sites[site],
        "level": robust.info.level,
        "rank": robust.total_rank[site],
        "score": robust.total[site],
        "at_values_rank": robust.at_values_rank[site],
        "at_values": robust.at_values[site],
        "topsis_rank": robust.closeness_rank[site],
        "topsis": robust.closeness[site],
        "first_share": planned.first_shares[site],
        "low_rank": planned.low_rank[site],
        "high_rank": planned.high_rank[site],
        "first_share_any": any_weights.first_shares[site],
        "best_rank": any_weights.best_rank[site],
        "worst_rank": any_weights.worst_rank[site],
        "confidence": any_weights.confidence[site],
    }


def _tell_shares(standing: Standing, **by_weights: Acceptability) -> Iterator[dict[str, Any]]:
    """Give the shares of every rank; of many parks those of the first ranks that it has at all."""
    n_ranked = len(standing.ranked)
    is_whole = n_ranked <= MOST_WHOLE
    for name, found in by_weights.items():
        told = found.rank_shares[standing.ranked, : n_ranked if is_whole else N_RANKS]
        for number, place in np.argwhere(is_whole | (told > 0)).tolist():
            yield {
                "site_id": standing.sites[standing.ranked[number]],
                "weights": name,
                "rank": place + 1,
                "share": min(told[number, place], 1.0),
            }


def _tell_ranges(robust: Robust) -> Iterator[dict[str, Any]]:
    for site in robust.ranked:
        for number, criterion in enumerate(robust.info.criteria):
            yield {
                "site_id": robust.sites[site],
                "criterion": criterion.name,
                "weight": robust.weights[number],
                "central": robust.any_weights.central_weights[site, number],
                "low": robust.low[site, number],
                "high": robust.high[site, number],
            }


def _tell_agreement(robust: Robust) -> Iterator[dict[str, Any]]:
    ranks = {
        SUM: robust.total_rank,
        TOPSIS: robust.closeness_rank,
        SMAA: rank(-robust.planned.mean_rank),
    }
    for (method, one), (other, two) in combinations(ranks.items(), 2):
        both = ~np.isnan(one) & ~np.isnan(two)
        yield {
            "method": method,
            "other": other,
            "n_sites": int(both.sum()),
            "kendall_tau": correlate_ranks(one, two),
            "ws": compare_tops(one, two),
            "same_first": "yes" if ((one == 1) & (two == 1)).any() else "no",
        }
