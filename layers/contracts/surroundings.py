"""What parks have around them: the grid, towns, ports, airports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    MAX_KV,
    MAX_MW,
    NAMES,
    SOURCE,
    YEARS,
    Column,
    Contract,
    number,
    text,
    whole,
)


def _grid(name: str, kind: str, years: Mapping[str, Column] = MappingProxyType({})) -> Contract:
    return Contract(
        name,
        "point",
        ("grid_id",),
        {
            "grid_id": text("identifier", zh="编号", en="Id", made="id"),
            "name": text("name as the source writes it", empty=True),
            "kind": text("kind", values=(kind,), made="only_choice"),
            "voltage_kv": number(
                "highest tagged voltage, kV", low=0.1, high=MAX_KV, unit="kV", empty=True
            ),
            "capacity_mw": number(
                "capacity, MW",
                zh="容量（兆瓦）",
                en="Capacity (MW)",
                low=0.001,
                high=MAX_MW,
                unit="MW",
                empty=True,
            ),
            "energy": text("energy carrier", zh="能源", en="Energy carrier", empty=True),
            "operator": text("operator", empty=True),
            "grid": text("grid it belongs to", empty=True),
            "status": text("status as the source writes it", assumed="not stated"),
            **years,
            **ACCURACY,
            **SOURCE,
            **AS_OF,
        },
    )


SUBSTATIONS = _grid("substations", "substation")
PLANTS = _grid(
    "plants",
    "plant",
    {
        "start_year": whole(
            "year in which it began to run; may be left out",
            zh="投产年份",
            en="Began in",
            low=YEARS[0],
            high=YEARS[1],
            unit="a",
            empty=True,
        ),
        "retired_year": whole(
            "year in which it was closed for good; may be left out",
            zh="退役年份",
            en="Closed in",
            low=YEARS[0],
            high=YEARS[1],
            unit="a",
            empty=True,
        ),
    },
)


def _extent(name: str) -> Contract:
    return Contract(
        name,
        "polygon",
        ("extent_id",),
        {
            "extent_id": text("identifier", zh="范围编号", en="Extent id", made="id"),
            **NAMES,
            **ACCURACY,
            **SOURCE,
            **AS_OF,
        },
    )


SUBSTATION_EXTENT = _extent("substation_extent")
PLANT_EXTENT = _extent("plant_extent")
STATION_EXTENT = _extent("station_extent")

TOWNS = Contract(
    "towns",
    "point",
    ("town_id",),
    {
        "town_id": text("identifier", made="id"),
        **NAMES,
        "pga_g": number(
            "basic design acceleration of the code's list, g",
            zh="设计基本地震加速度（g）",
            en="Design acceleration (g)",
            low=0,
            high=1,
            unit="g",
            empty=True,
        ),
        "pga_edition": text(
            "edition of the code that was read", zh="规范版本", en="Edition of the code", empty=True
        ),
        "population": whole(
            "people", zh="人口", en="Population", low=1, high=100_000_000, empty=True
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

PORTS = Contract(
    "ports",
    "point",
    ("port_id",),
    {
        "port_id": text("identifier", zh="口岸编号", en="Port id", made="id"),
        **NAMES,
        "neighbour": text("country on the other side", zh="对侧国家", en="Neighbour", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

AIRPORTS = Contract(
    "airports",
    "point",
    ("airport_id",),
    {
        "airport_id": text("identifier", zh="机场编号", en="Airport id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "kind": text("kind as the source writes it", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (
    SUBSTATIONS,
    PLANTS,
    SUBSTATION_EXTENT,
    PLANT_EXTENT,
    STATION_EXTENT,
    TOWNS,
    PORTS,
    AIRPORTS,
)
