"""One finding: the value of one measure at one site, with its band, status and sources."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property

from steppe.layers.wording import Words, say_all


@dataclass(frozen=True)
class Finding:
    """What was found of a measure at a site, in the measure's unit.

    An unknown has `value` None, status `unknown` and a reason; it is never filled in.
    See `steppe.layers.contracts.scores.MEASURES` for the fields.
    """

    site_id: str
    measure_id: str
    status: str
    value: float | None = None
    text: Words | None = None
    low: float | None = None
    high: float | None = None
    band: str = "none"
    reason: Words = ""
    source_ids: tuple[str, ...] = ()

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

    @cached_property
    def row(self) -> dict[str, object]:
        """What the table of measures tells of it, in every language.

        Spelled once, for the scenarios share what they have in common.
        """
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            **say_all("text", self.text or ""),
            **say_all("reason", self.reason),
            "source_ids": spell_sources(self.source_ids),
        }


def spell_sources(ids: Iterable[str]) -> str:
    """Return source ids as one text: sorted, each once, separated by blanks."""
    return " ".join(sorted(set(ids)))
