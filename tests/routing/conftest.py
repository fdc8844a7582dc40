"""What to test with: backbones, lines laid out by kilometres, and bundles of any lines."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import LineString, box

from steppe.routing.backbone import Cable, Node, build_graph
from steppe.routing.features import Barrier, CableLine

GEOD = Geod(ellps="GRS80")
HOME = (111.0, 41.0)


def _cable(cable_id: str, from_node: str, to_node: str, length_km: float = 100.0, **other) -> Cable:
    fields = {
        "low_km": length_km,
        "high_km": length_km,
        "corridors": (),
        "corridor_basis": "said",
        "existence": "said",
        "status": "in_service",
        "year": 2024,
        "schematic": False,
    }
    return Cable(
        cable_id=cable_id,
        from_node=from_node,
        to_node=to_node,
        length_km=length_km,
        **{**fields, **other},
    )


def _graph(cables) -> nx.MultiGraph:
    ends = dict.fromkeys(end for cable in cables for end in (cable.from_node, cable.to_node))
    return build_graph([Node(end, 0.0, 0.0) for end in ends], cables)


@pytest.fixture(scope="session")
def make_cable():
    return _cable


@pytest.fixture(scope="session")
def graph_of():
    return _graph


@pytest.fixture(scope="session")
def toy() -> nx.MultiGraph:
    """Four parallel cables from H to B, and a way round by O, whose own cables are three."""
    return _graph(
        [
            _cable("hb_480", "H", "B", 480),
            _cable("hb_500", "H", "B", 500),
            _cable("hb_530", "H", "B", 530),
            _cable("hb_560", "H", "B", 560),
            _cable("ho_300", "H", "O", 300),
            _cable("ob_700", "O", "B", 700),
            _cable("ob_710", "O", "B", 710),
        ]
    )


@pytest.fixture(scope="session")
def multigraphs():
    """Small multigraphs with parallel cables, cables of no length, and cables to themselves.

    Lengths are eighths of a kilometre, whose sums are exact.
    """

    def build(n_nodes: int, ends: list[tuple[int, int, int]]) -> nx.MultiGraph:
        return build_graph(
            [Node(f"n{index}", 0.0, 0.0) for index in range(n_nodes)],
            [
                _cable(f"c{index}", f"n{start % n_nodes}", f"n{end % n_nodes}", eighths / 8)
                for index, (start, end, eighths) in enumerate(ends)
            ],
        )

    place = st.integers(0, 5)
    return st.builds(
        build,
        st.integers(2, 6),
        st.lists(st.tuples(place, place, st.integers(0, 24)), max_size=11),
    )


def _move(lon, lat, *, east_km=0.0, north_km=0.0):
    lon, lat, _ = GEOD.fwd(lon, lat, 90.0, east_km * 1000.0)
    lon, lat, _ = GEOD.fwd(lon, lat, 0.0, north_km * 1000.0)
    return lon, lat


def _km(a, b):
    return GEOD.inv(*a, *b)[2] / 1000.0


def _path(start, *steps):
    """A line from a start by steps of (east_km, north_km)."""
    stops = [start]
    for east_km, north_km in steps:
        stops.append(_move(*stops[-1], east_km=east_km, north_km=north_km))
    return LineString(stops)


def _north(start, *, east_km, km=20.0):
    return _path(_move(*start, east_km=east_km), (0.0, km))


def _crossers(*east_km, **fields):
    """Cables that go 20 km north across a river that flows east, far from one another."""
    river = _path(_move(*HOME, east_km=-60.0, north_km=10.0), *[(15.0, 0.0)] * 12)
    cables = [
        CableLine(f"c{index}", _north(HOME, east_km=east), **fields)
        for index, east in enumerate(east_km)
    ]
    return cables, Barrier("r1", "Huang He", river)


def _countries(**fields):
    middle = _move(*HOME, north_km=10.0)[1]
    return (
        Barrier("S", "Southland", box(105, 38, 117, middle), **fields),
        Barrier("N", "Northland", box(105, middle, 117, 45), **fields),
    )


def _plane(lon, lat):
    return Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="GRS80", units="km")


FLAT = _plane(111.5, 41.0)
STEP_KM = 0.05


def _bent(line, leg_km=5.0):
    """The line with a vertex every few kilometres along the geodesics between its vertices."""
    stops = list(line.coords)
    points = [stops[0]]
    for a, b in pairwise(stops):
        n_between = int(_km(a, b) / leg_km)
        points += [*(GEOD.npts(*a, *b, n_between) if n_between else ()), b]
    return LineString(points)


def _flat(line, plane=FLAT):
    """The line in a plane that is true to 1e-4 within 100 km, its strokes bent as needed."""
    return shapely.transform(_bent(line), plane, interleaved=False)


def _beside_km(first, second, *, beside_km, gap_km, shortest_km, end_km):
    """Measure stretches by walking the first line in steps; their total length, km."""
    first, second = _flat(first), _flat(second)
    n_steps = max(int(first.length / STEP_KM), 1)
    at = (np.arange(n_steps) + 0.5) / n_steps * first.length
    steps = shapely.line_interpolate_point(first, at)
    near = shapely.distance(steps, second) <= beside_km
    for end in (end for line in (first, second) for end in shapely.get_parts(line.boundary)):
        near &= shapely.distance(steps, end) >= end_km
    inside = np.flatnonzero(near)
    if not len(inside):
        return 0.0
    step_km = first.length / n_steps
    gaps_km = (np.diff(inside) - 1) * step_km
    total = 0.0
    for group in np.split(inside, np.flatnonzero(gaps_km >= gap_km) + 1):
        unbroken = np.split(group, np.flatnonzero(np.diff(group) > 1) + 1)
        if max(map(len, unbroken)) * step_km >= shortest_km:
            total += len(group) * step_km
    return total


DEGREES = st.tuples(st.floats(111.0, 112.0), st.floats(40.6, 41.4))
SHIFTS = st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03))


@st.composite
def _bundles(draw, max_lines=5):
    """Lines, some of which are one line shifted, bent a little, or turned round."""
    base = draw(st.lists(DEGREES, min_size=2, max_size=5, unique=True))
    lines = []
    for _ in range(draw(st.integers(2, max_lines))):
        if draw(st.booleans()):
            stops = [
                (lon + east, lat + north)
                for (lon, lat), (east, north) in zip(
                    base, [draw(SHIFTS) for _ in base], strict=True
                )
            ]
            lines.append(LineString(stops[:: draw(st.sampled_from((1, -1)))]))
        else:
            lines.append(LineString(draw(st.lists(DEGREES, min_size=2, max_size=4, unique=True))))
    return lines


@pytest.fixture(scope="session")
def ground():
    """Lines laid out by kilometres, and oracles that measure them in a plane."""
    return SimpleNamespace(
        home=HOME,
        move=_move,
        km=_km,
        path=_path,
        north=_north,
        crossers=_crossers,
        countries=_countries,
        plane=_plane,
        flatten=FLAT,
        flat=_flat,
        bent=_bent,
        beside_km=_beside_km,
    )


@pytest.fixture(scope="session")
def bundles():
    """Return the strategy of bundles of lines."""
    return _bundles
