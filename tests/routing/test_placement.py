"""Bands of cables that may lie elsewhere: as wide as the corridors allow, and no wider."""

import pytest

from steppe.routing.backbone import Cable, Corridor
from steppe.routing.placement import widen_bands

CORRIDORS = [
    Corridor("north", "H", "B", 532.0),
    Corridor("south_1", "H", "D", 281.0),
    Corridor("south_2", "D", "B", 391.0),
]


def cable(
    name: str,
    corridors: tuple[str, ...],
    *,
    km: float,
    basis: str = "assumed",
    schematic: bool = False,
) -> Cable:
    return Cable(
        name, "H", "B", length_km=1.04 * km, low_km=km, high_km=1.06 * km, corridors=corridors,
        corridor_basis=basis, existence="said", status="in_service", year=2017, schematic=schematic,
    )  # fmt: skip


def test_a_cable_of_assumed_corridor_may_lie_in_the_shortest() -> None:
    (found,) = widen_bands([cable("a", ("south_1", "south_2"), km=672.0)], CORRIDORS)
    assert (found.low_km, found.length_km, found.high_km) == (532.0, 1.04 * 672, 1.06 * 672)


def test_it_may_lie_where_its_neighbour_is_recorded() -> None:
    pair = [cable("a", ("north",), km=532.0), cable("b", ("south_1", "south_2"), km=672.0)]
    first, second = widen_bands(pair, CORRIDORS)
    assert first.high_km == pytest.approx(672 * 1.06)
    assert second.low_km == 532.0


def test_a_said_corridor_and_a_schematic_line_keep_their_bands() -> None:
    kept = [
        cable("said", ("south_1", "south_2"), km=672.0, basis="said"),
        cable("line", (), km=415.0, schematic=True),
    ]
    assert list(widen_bands(kept, CORRIDORS)) == kept


def test_without_a_chain_of_corridors_the_band_stays() -> None:
    (found,) = widen_bands([cable("a", ("south_1", "south_2"), km=672.0)], CORRIDORS[1:2])
    assert found.low_km == 672.0
