"""How true a line is that was drawn straight because nobody tells its route."""

from __future__ import annotations

from steppe.layers.crs import line_km
from steppe.layers.interchange.read_network import Record, to_number

SCHEMATIC_M_PER_KM = 250.0
"""The way between two places may be off by a quarter of the distance between them."""


def blur_straight(cable: Record) -> Record:
    """Return a cable, its accuracy that of a straight stroke where the route is not known.

    What a file says of its accuracy is of its coordinates, and not of the way between them.
    """
    if cable["geometry"] is None or cable["geometry_kind"] != "schematic":
        return cable
    off_m = SCHEMATIC_M_PER_KM * line_km(cable["geometry"])
    return {**cable, "accuracy_m": max(off_m, to_number(cable["accuracy_m"]) or 0.0)}
