"""One finding: the value of one measure at one site, with its band, status and sources."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from steppe.layers.conformity import conform
from steppe.layers.contracts.scores import MEASURES


@dataclass(frozen=True)
class Finding:
    """A row of the measures table, but for the run's key.

    An unknown has `value` None, status `unknown` and a reason; it is never filled in.
    See `steppe.layers.contracts.scores.MEASURES` for the fields.
    """

    site_id: str
    measure_id: str
    criterion: str
    unit: str
    status: str
    value: float | None = None
    text: str | None = None
    low: float | None = None
    high: float | None = None
    band: str = "none"
    reason: str = ""
    source_ids: tuple[str, ...] = ()
    method: str = ""

    def __post_init__(self) -> None:
        """Hold the unknown to its rule: no value, and a reason; and a number to being one."""
        if not all(math.isfinite(end or 0.0) for end in (self.value, self.low, self.high)):
            msg = f"{self.site_id} {self.measure_id}: what is not finite is unknown"
            raise ValueError(msg)
        if (self.value is None) != (self.status == "unknown"):
            msg = f"{self.site_id} {self.measure_id}: unknown means no value, and the reverse"
            raise ValueError(msg)
        if self.status in {"unknown", "assumed"} and not self.reason:
            msg = f"{self.site_id} {self.measure_id}: {self.status} needs a reason"
            raise ValueError(msg)


def spell_sources(ids: Iterable[str]) -> str:
    """Return source ids as one text: sorted, each once, separated by blanks."""
    return " ".join(sorted(set(ids)))


def tabulate(findings: Sequence[Finding], *, scenario: str, year: int) -> pd.DataFrame:
    """Return the findings as the measures table of one run, sorted by its key."""
    rows = [
        {
            **asdict(finding),
            "source_ids": spell_sources(finding.source_ids),
            "scenario": scenario,
            "year": year,
        }
        for finding in findings
    ]
    frame = pd.DataFrame(rows, columns=list(MEASURES.columns))
    ordered = frame.sort_values(list(MEASURES.key)).reset_index(drop=True)
    return conform(ordered, MEASURES)
