"""What every answer of the command as JSON begins with."""

from __future__ import annotations

from typing import Any

from steppe.planfile.plan_inputs import Inputs

FORMAT_VERSION = 1
"""Counted up when a field is renamed, taken away or changes its meaning; new ones may come."""


def answer_head(inputs: Inputs, scenario: str | None) -> dict[str, Any]:
    """Return what every answer begins with; null is what has no meaning for the question."""
    return {
        "format_version": FORMAT_VERSION,
        "plan": inputs.plan.name,
        "scenario": scenario,
        "level": None,
        "method": None,
        "weights": None,
    }
