"""Which datum coordinates are in, judged by places whose true place is known.

Each datum is tried: its shift is undone, and what is left between the places and their partners of
the reference is weighed.  Under the right one the rest is as large as the two are inexact; under a
wrong one the shift, some 500 m for GCJ-02 and 1 km for BD-09, is added to it.  How likely a reading is
follows from the rests as draws of a t distribution in the plane with two degrees of freedom,
whose scale is the one that fits best (Lange, Little and Taylor, JASA 84, 1989, robust
estimation by the t distribution).  One reading is named only where it is so many times as likely
as the next that chance does not make it, and where most places say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from steppe.layers.crs import GEOD
from steppe.layers.datum import to_wgs84
from steppe.layers.wording import Message, tell

Floats = NDArray[np.float64]

READINGS = ("wgs84", "gcj02", "bd09")
NAMES = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}
_SCALES_M = np.geomspace(1.0, 20_000.0, 60)
_FREEDOM = 2.0
_LEAST_ODDS = np.log(1000.0)
_LEAST_SIGMAS = 3.0
_LEAST_PAIRS = 3
_SAME_NAME_KM = 30.0  # farther apart two places of one name are two places
_NEAR_KM = 3.0
_SHIFTED_M = 30.0  # where a reading moves a place by less it says nothing
_LOOKED_AT = 5_000


@dataclass(frozen=True)
class Suspicion:
    """What a reference says of the datum of places.

    Parameters
    ----------
    datum
        `wgs84`, `gcj02` or `bd09`; None where it cannot be told.
    n_pairs
        How many places had a partner.
    by_names
        Whether partners were found by their names, else as the nearest.
    rest_m
        Median distance to the partners under each reading, metres.
    words
        What is to be told.
    """

    datum: str | None
    n_pairs: int
    by_names: bool
    rest_m: Mapping[str, float]
    words: Message


def suspect_datum(
    places: Floats,
    reference: Floats,
    *,
    names: Sequence[object] = (),
    reference_names: Sequence[object] = (),
) -> Suspicion:
    """Tell in which datum places are, by a reference in WGS 84.

    Parameters
    ----------
    places
        Longitude and latitude as they stand, degrees, shape (n, 2).
    reference
        Longitude and latitude of known places in WGS 84, shape (m, 2): stations, substations,
        towns, parks.
    names, reference_names
        Of both, by which partners are found; where fewer than three are, the nearest is taken.
    """
    points = places[np.isfinite(places).all(axis=1)][:_LOOKED_AT] if not len(names) else places
    tried = {datum: np.column_stack(to_wgs84(*points.T, datum=datum)) for datum in READINGS}
    moved = _are_moved(tried)
    if moved.sum() < _LEAST_PAIRS:
        return Suspicion(None, 0, False, {}, tell("note.datum.abroad"))  # noqa: FBT003 (a field)
    partners = _by_names(points, reference, names, reference_names)
    by_names = sum(moved[place] for place, _ in partners) >= _LEAST_PAIRS
    if by_names:
        rows = np.array([pair for pair in partners if moved[pair[0]]])
        rests = {
            datum: _distance_m(at[rows[:, 0]], reference[rows[:, 1]]) for datum, at in tried.items()
        }
    else:
        rests = _to_nearest({datum: at[moved] for datum, at in tried.items()}, reference)
    return _judge(rests, by_names=by_names)


def are_shifted(places: Floats) -> bool:
    """Tell whether places lie where maps of the web are shifted, as many as it takes to tell a datum."""
    points = places[np.isfinite(places).all(axis=1)][:_LOOKED_AT]
    tried = {datum: np.column_stack(to_wgs84(*points.T, datum=datum)) for datum in READINGS}
    return bool(_are_moved(tried).sum() >= _LEAST_PAIRS)


def _are_moved(tried: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Tell which places lie elsewhere under each of the readings."""
    lon, lat = tried["wgs84"].T
    sound: NDArray[np.bool_] = np.asarray(np.isfinite(lon) & np.isfinite(lat), dtype=np.bool_)
    moved: NDArray[np.bool_] = np.zeros(len(lon), dtype=np.bool_)
    at = tried["wgs84"][sound]
    far = [_distance_m(at, tried[datum][sound]) > _SHIFTED_M for datum in READINGS[1:]]
    moved[sound] = np.logical_and(*far)
    return moved


def _distance_m(one: Floats, other: Floats) -> Floats:
    return np.asarray(GEOD.inv(*one.T, *other.T)[2], dtype=float)


def _key(name: object) -> str:
    return "".join(str(name).casefold().split()) if isinstance(name, str) else ""


def _by_names(
    points: Floats, reference: Floats, names: Sequence[object], others: Sequence[object]
) -> list[tuple[int, int]]:
    """Return the pairs of a name that stands once on each side, where they lie near each other."""
    keys, other_keys = [_key(name) for name in names], [_key(name) for name in others]
    counts, other_counts = Counter(keys), Counter(other_keys)
    at = {key: row for row, key in enumerate(other_keys) if key and other_counts[key] == 1}
    pairs = [(row, at[key]) for row, key in enumerate(keys) if key in at and counts[key] == 1]
    if not pairs:
        return []
    rows = np.array(pairs)
    here, there = points[rows[:, 0]], reference[rows[:, 1]]
    sound = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
    near = np.zeros(len(rows), dtype=bool)
    near[sound] = _distance_m(here[sound], there[sound]) < 1000.0 * _SAME_NAME_KM
    return [pair for pair, is_near in zip(pairs, near, strict=True) if is_near]


def _to_nearest(tried: Mapping[str, Floats], reference: Floats) -> dict[str, Floats]:
    """Return the distances to the nearest of the reference, of places near one under any reading."""
    known = reference[np.isfinite(reference).all(axis=1)]
    n_places = len(next(iter(tried.values())))
    if not len(known):
        return {datum: np.empty(0) for datum in tried}
    # Scaled so that the nearest in degrees is the nearest on the ground, as far as it matters.
    scale = np.array([np.cos(np.radians(float(np.median(known[:, 1])))), 1.0])
    tree = shapely.STRtree(shapely.points(known * scale))
    rests = {}
    for datum, at in tried.items():
        nearest = tree.query_nearest(shapely.points(at * scale), all_matches=False)[1]
        rests[datum] = _distance_m(at, known[nearest])
    near = np.zeros(n_places, dtype=bool)
    for rest in rests.values():
        near |= rest < 1000.0 * _NEAR_KM
    return {datum: rest[near] for datum, rest in rests.items()}


def _densities(rest_m: Floats) -> Floats:
    """Return the logarithm of the density of each rest under the scale that fits all best."""
    squares = (rest_m[None, :] / _SCALES_M[:, None]) ** 2
    logs = -2.0 * np.log(_SCALES_M)[:, None] - (1.0 + _FREEDOM / 2.0) * np.log1p(squares / _FREEDOM)
    best: Floats = logs[int(np.argmax(logs.sum(axis=1)))]
    return best


def _judge(rests: Mapping[str, Floats], *, by_names: bool) -> Suspicion:
    n_pairs = len(rests["wgs84"])
    if n_pairs < _LEAST_PAIRS:
        return Suspicion(None, n_pairs, by_names, {}, tell("note.datum.no_pairs", n=n_pairs))
    medians = {datum: float(np.median(rest)) for datum, rest in rests.items()}
    logs = {datum: _densities(rest) for datum, rest in rests.items()}
    first, second = sorted(logs, key=lambda datum: -float(logs[datum].sum()))[:2]
    gain = logs[first] - logs[second]
    spread = float(gain.std(ddof=1)) / np.sqrt(n_pairs)
    is_sure = gain.sum() >= _LEAST_ODDS and float(gain.mean()) >= _LEAST_SIGMAS * spread
    shown = {f"{datum}_m": round(medians[datum]) for datum in READINGS}
    if not is_sure:
        return Suspicion(
            None, n_pairs, by_names, medians, tell("note.datum.unsure", n=n_pairs, **shown)
        )
    words = tell("note.datum.found", datum=NAMES[first], n=n_pairs, **shown)
    return Suspicion(first, n_pairs, by_names, medians, words)
