"""What the page tells of the questions for new routes beside the layer of their routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from steppe.layers.wording import name_columns
from steppe.maps.run_payload import list_records

if TYPE_CHECKING:
    from steppe.layers.tables import PlanTables

_TOLD = ("question_id", *name_columns("title"), "n_routes", "cell_m", *name_columns("text"))


def pack_questions(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the questions for new routes in the order of the plan; none where it asks none.

    Parameters
    ----------
    tables
        The plan's tables.
    """
    return list_records(tables.route_questions[list(_TOLD)])
