"""Backbones to test with: the toy of four parallel cables, and any small multigraph."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import settings
from hypothesis import strategies as st

from routing.backbone import Cable, Node, build_graph

# A shared machine stalls now and then, which is no fault of an example's.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


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
