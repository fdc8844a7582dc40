"""Network: the round trip from a park to the first target, beside its physical floor."""

from __future__ import annotations

import pandas as pd

from steppe.criteria.finding import Finding
from steppe.layers.wording import hear, tell

METHOD = tell("method.round_trip")


def measure_round_trip(latency: pd.DataFrame, *, parks: list[str], target: str) -> list[Finding]:
    """Measure `rtt_ms` and `rtt_floor_ms` of every park from the latency table.

    Parameters
    ----------
    latency
        Contract `LATENCY`.
    parks
        Parks to measure.
    target
        Node that the round trip goes to.
    """
    to_target = latency[latency["to_id"] == target]
    rows = to_target.set_index("from_id", drop=False).to_dict("index")
    findings = []
    for park_id in parks:
        row = rows[park_id]
        unknown = row["status"] == "unknown"
        sources = () if unknown else tuple(row["source_ids"].split())
        findings.append(
            Finding(
                park_id,
                "rtt_ms",
                row["status"],
                value=None if unknown else float(row["rtt_ms"]),
                low=None if unknown else float(row["rtt_low_ms"]),
                high=None if unknown else float(row["rtt_high_ms"]),
                band="none" if unknown else "range",
                reason=hear("reason", row),
                source_ids=sources,
            )
        )
        findings.append(
            Finding(
                park_id,
                "rtt_floor_ms",
                "derived",
                value=float(row["floor_rtt_ms"]),
                reason=tell("latency.floor"),
            )
        )
    return findings
