"""What the map lies on: boundaries, railways, roads, waters, lines of the grid, use of the land."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    MAX_KV,
    NAMES,
    SOURCE,
    Contract,
    number,
    text,
    whole,
)

BOUNDARIES = Contract(
    "boundaries",
    "polygon",
    ("boundary_id",),
    {
        "boundary_id": text("ISO code", zh="代码", en="Code", made="id"),
        **NAMES,
        "kind": text("kind", values=("region", "province", "country"), assumed="region"),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)


def _base_lines(name: str) -> Contract:
    return Contract(
        name,
        "line",
        ("line_id",),
        {
            "line_id": text("identifier", zh="编号", en="Id", made="id"),
            "name": text("name as the source writes it", empty=True),
            "rank": whole("cartographic rank, 0 most important", low=0, high=1000, assumed=0),
            **ACCURACY,
            **SOURCE,
            **AS_OF,
        },
    )


ROADS = Contract(
    "roads",
    "line",
    ("line_id",),
    {
        "line_id": text("identifier", zh="编号", en="Id", made="id"),
        "name": text("number or name as the source writes it", empty=True),
        "kind": text("kind", values=("motorway", "trunk", "primary", "secondary")),
        "rank": whole("cartographic rank, 0 most important", low=0, high=1000, assumed=0),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

POWER_LINES = Contract(
    "power_lines",
    "line",
    ("line_id",),
    {
        "line_id": text("identifier", zh="编号", en="Id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "voltage_kv": number(
            "highest tagged voltage, kV", low=0.1, high=MAX_KV, unit="kV", empty=True
        ),
        "operator": text("operator", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

PROTECTED_AREAS = Contract(
    "protected_areas",
    "polygon",
    ("area_id",),
    {
        "area_id": text("identifier", zh="编号", en="Id", made="id"),
        **NAMES,
        "kind": text("kind as the source writes it", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAND_USE = Contract(
    "land_use",
    "polygon",
    ("area_id",),
    {
        "area_id": text("identifier", zh="编号", en="Id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "kind": text(
            "kind", values=("housing", "industry", "chemical_plant", "explosives", "car_park")
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

RAILWAYS = _base_lines("railways")
RIVERS = _base_lines("rivers")

LAKES = Contract(
    "lakes",
    "polygon",
    ("lake_id",),
    {
        "lake_id": text("identifier", zh="湖泊编号", en="Lake id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "rank": whole("cartographic rank, 0 most important", low=0, high=1000, assumed=0),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (BOUNDARIES, RAILWAYS, ROADS, RIVERS, LAKES, POWER_LINES, PROTECTED_AREAS, LAND_USE)
