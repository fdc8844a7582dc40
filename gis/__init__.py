"""Steppe: planning of data-centre parks and of the fibre that reaches them.

    >>> import steppe
    >>> plan = steppe.open_plan("inner_mongolia")
    >>> plan.score().head(3)[["site_id", "score"]]  # doctest: +SKIP

docs/api.md shows the rest.  The rooms below are importable too: `steppe.layers`, `steppe.routing`,
`steppe.maps`, `steppe.decision` and `steppe.criteria`.  Nothing heavy is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from steppe.layers.errors import InputError
    from steppe.outputs.json_schemas import json_schema
    from steppe.plan_opening import check_plan, make_plan, open_plan
    from steppe.workbench import OpenPlan

__all__ = ["InputError", "OpenPlan", "check_plan", "json_schema", "make_plan", "open_plan"]

_HOMES = {
    "InputError": "steppe.layers.errors",
    "OpenPlan": "steppe.workbench",
    "check_plan": "steppe.plan_opening",
    "json_schema": "steppe.outputs.json_schemas",
    "make_plan": "steppe.plan_opening",
    "open_plan": "steppe.plan_opening",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that the command starts at once."""
    if name not in _HOMES:
        msg = f"module 'steppe' has no attribute {name!r}"
        raise AttributeError(msg)
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOMES[name]), name)
