"""Effective routes of a park: those of its node in the table of redundancy."""

from __future__ import annotations

import pandas as pd

from steppe.criteria.route_measures import measure_routes


def redundancy(*rows: tuple[str, str, int | None, int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "from_id": start, "to_id": end, "effective_low": low, "effective_high": high,
                "reason_zh": "理由", "reason_en": "why", "source_ids": "s t",
            }
            for start, end, low, high in rows
        ]
    )  # fmt: skip


def test_a_park_has_the_routes_of_its_node_to_the_first_target() -> None:
    table = redundancy(
        ("n", "t", 1, 3), ("n", "other", 5, 5), ("m", "t", 2, 2), ("u", "t", None, None)
    )
    nodes = {"a": "n", "b": "m", "c": "u", "d": "", "e": "nowhere"}
    found = {each.site_id: each for each in measure_routes(table, nodes=nodes, target="t")}
    assert [(found[x].value, found[x].low, found[x].high) for x in "ab"] == [(1, 1, 3), (2, 2, 2)]
    assert [found[x].status for x in "abcde"] == ["assumed", "derived", *["unknown"] * 3]
    assert found["a"].source_ids == ("s", "t")
