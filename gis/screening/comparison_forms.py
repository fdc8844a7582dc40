"""What the tables of two screenings side by side hold, column by column."""

from __future__ import annotations

from typing import Any

from steppe.layers.columns import NAMES, Column, number, text, whole

KEPT, MOVED, GAINED, LOST = "kept", "moved", "gained", "lost"
WHEN = ("before", "after")


def _both(name: str, make: Any, meaning: str, *, unit: str = "", **more: Any) -> dict[str, Column]:
    """Return a column for each side; its name ends in the unit, which the numbers have anyway."""
    last = f"_{unit}" if unit in ("km2", "ha") else ""
    return {
        f"{name}_{when}{last}": make(
            f"{meaning}, {when}", empty=True, **({"unit": unit} if unit else {}), **more
        )
        for when in WHEN
    }


SITES = {
    "change": text(
        "what became of it; of a site that moved the two share no ground",
        values=(KEPT, MOVED, GAINED, LOST),
    ),
    **_both("site_id", text, "proposed site"),
    **NAMES,
    "lon": number("middle, of the later one where there are two", unit="deg", low=-180, high=180),
    "lat": number("middle, of the later one where there are two", unit="deg", low=-90, high=90),
    "moved_km": number("how far the middle moved", unit="km", low=0, empty=True),
    **_both("place", whole, "place among the sites of its screening", low=1),
    **_both("area", number, "area of its cells", unit="ha", low=0),
    **_both("land_score", number, "mean score of its cells", unit="1", low=0, high=1),
    **_both("score", number, "score as the parks have it, of what is known", unit="1"),
}  # fmt: skip
SCORES = {
    **_both("site_id", text, "proposed site"),
    "criterion": text("criterion"),
    **_both("score", number, "score of what is known", unit="1", low=0, high=1),
}
CLAUSES = {
    "rule_id": text("rule of the table of rules, or clause of `[screening]`"),
    "name_zh": text("what it asks"),
    "name_en": text("what it asks"),
    "unit": text("unit of its threshold; empty where nothing measures it", empty=True),
    **_both("threshold", number, "threshold"),
    **_both("kills", text, "whether no site may lie where it is broken; null where it is not held"),
    **_both("lost", number, "what breaks it", unit="km2", low=0),
    **_both("alone", number, "what no other killing clause breaks", unit="km2", low=0),
    **_both("unknown", number, "where nobody knows whether it is broken", unit="km2", low=0),
}
WHOLE = {
    "quantity": text("column of the table `screening`"),
    "title_zh": text("what people read"),
    "title_en": text("what people read"),
    "unit": text("unit of the value"),
    "before": number("value before", empty=True),
    "after": number("value after", empty=True),
}
FORMS = {"sites": SITES, "scores": SCORES, "clauses": CLAUSES, "whole": WHOLE}
"""Tables of a comparison, by their names."""
