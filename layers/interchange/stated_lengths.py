"""What the lengths are that a network file states: of fibre, of a route, or through the air."""

from __future__ import annotations

from collections.abc import Sequence

from steppe.layers.crs import GEOD
from steppe.layers.interchange.read_network import ReadingOptions, Record, to_number
from steppe.layers.wording import tell

AIR_SHARE = 0.02
"""Stated and measured distance through the air differ by less: a sphere for the ellipsoid (0.6 %), and
places given to a kilometre."""
_LEAST_KM = 0.01


def tell_lengths(cables: Sequence[Record], options: ReadingOptions, where: str) -> list[Record]:
    """Return the cables with `route_km` and `fibre_km` where the file states them.

    A length that a file calls one of fibre is that, `fibre_km`.  One that it calls a length or a
    distance, `said_length_km`, may be the air's: it is where half of the lengths of the file or more are
    within `AIR_SHARE` of the distance between the ends, and tells nothing then.  Elsewhere it is
    longer than the air, so that of a route or of the fibre on it, and stands as `route_km`.  One
    shorter than the air is neither: it is left out, and a note names it.
    """
    air_km = [_air_km(cable) for cable in cables]
    said = [to_number(cable.get("said_length_km")) for cable in cables]
    shares = [km / air for km, air in zip(said, air_km, strict=True) if km is not None and air > 0]
    n_air = sum(abs(share - 1.0) <= AIR_SHARE for share in shares)
    is_air = 2 * n_air >= len(shares)
    told: list[Record] = []
    short: list[str] = []
    for cable, km, air in zip(cables, said, air_km, strict=True):
        fibre_km = to_number(cable.get("fibre_km"))
        stated = {"fibre_km": fibre_km, "route_km": None if is_air else km}
        if any(each is not None and each < air * (1.0 - AIR_SHARE) for each in stated.values()):
            short.append(str(cable["cable_id"]))
        lasting = {
            name: each
            for name, each in stated.items()
            if each is not None and each >= max(air, _LEAST_KM)
        }
        told.append({**cable, "fibre_km": None, "route_km": None, **lasting})
    what, why = tell("note.lengths_left_out"), tell("note.why.shorter_than_air")
    options.note(where, what, why=why, rows=short)
    return told


def _air_km(cable: Record) -> float:
    ends = cable["geometry"].coords
    return float(GEOD.inv(*ends[0][:2], *ends[-1][:2])[2]) / 1000.0
