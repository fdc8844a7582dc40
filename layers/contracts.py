"""The contracts: what each layer and table must hold.

Layers are plain GeoDataFrames in EPSG:4490; tables are plain DataFrames.  Each contract is
a pandera `DataFrameSchema` with its key, its geometry and what the columns mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandera.pandas as pa

GEOMETRY_TYPES = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}

STATUSES = ("in_service", "building", "planned", "studied")
FACT_KINDS = ("said", "measured", "derived", "assumed")
MEASURE_STATUSES = ("observed", "derived", "assumed", "unknown")
BANDS = ("p05_p95", "range", "none")
PARK_LEVELS = ("zone", "campus", "facility")
VERDICTS = ("holds", "fails", "partly", "cannot_be_checked")


@dataclass(frozen=True)
class Contract:
    """What one layer or table holds.

    Parameters
    ----------
    name
        Layer name, also the table name in GeoPackage.
    geometry
        `point`, `line`, `polygon`, or None for a table.
    key
        Columns that together are unique.
    columns
        Column name to (pandera column, meaning with unit), in writing order.
    """

    name: str
    geometry: str | None
    key: tuple[str, ...]
    columns: dict[str, tuple[pa.Column, str]]

    @property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema; further columns are let through."""
        return pa.DataFrameSchema(
            {name: column for name, (column, _) in self.columns.items()},
            name=self.name,
            coerce=True,
        )


def _text(meaning: str, *, values: tuple[str, ...] = (), empty: bool = False) -> Any:
    checks = [pa.Check.isin(values)] if values else []
    if not empty and not values:
        checks.append(pa.Check.str_length(min_value=1))
    if values:
        meaning = f"{meaning}: {', '.join(values)}"
    return pa.Column("str", checks, nullable=empty, required=not empty), meaning


def _number(
    meaning: str, *, low: float | None = None, high: float | None = None, empty: bool = False
) -> Any:
    checks = []
    if low is not None:
        checks.append(pa.Check.ge(low))
    if high is not None:
        checks.append(pa.Check.le(high))
    return pa.Column("float64", checks, nullable=empty, required=not empty), meaning


def _whole(meaning: str, *, low: int | None = None, empty: bool = False) -> Any:
    checks = [pa.Check.ge(low)] if low is not None else []
    return pa.Column("Int64", checks, nullable=empty, required=not empty), meaning


_NAMES = {"name_zh": _text("Chinese name"), "name_en": _text("English name")}
_SOURCE = {"source_id": _text("source of the row, see sources.toml")}
_ACCURACY = {"accuracy_m": _number("horizontal accuracy, metres", low=0)}
_AS_OF = {"as_of": _text("date that the row speaks of, ISO 8601")}
_RUN_KEY = {"scenario": _text("scenario of the plan"), "year": _whole("year of the scenario")}

PARKS = Contract(
    "parks",
    "point",
    ("park_id",),
    {
        "park_id": _text("identifier"),
        "parent_id": _text("park that holds this one", empty=True),
        "level": _text("level; one level is ranked at a time", values=PARK_LEVELS),
        **_NAMES,
        "city": _text("city or league"),
        "status": _text("status", values=STATUSES),
        "role": _text("role that the sources give it", empty=True),
        "operator": _text("operator or tenant", empty=True),
        "area_ha": _number("area, hectares", low=0, empty=True),
        "it_load_mw": _number("IT load, MW", low=0, empty=True),
        "racks": _whole("racks", low=0, empty=True),
        "servers": _whole("servers", low=0, empty=True),
        "opened": _text("date in service, ISO 8601", empty=True),
        "town_id": _text("town whose hazard class applies", empty=True),
        "node_id": _text("backbone node that it hangs on", empty=True),
        "location_basis": _text("how the point was found", values=FACT_KINDS),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

CORRIDORS = Contract(
    "corridors",
    "line",
    ("corridor_id",),
    {
        "corridor_id": _text("identifier"),
        **_NAMES,
        "from_node": _text("node at its start"),
        "to_node": _text("node at its end"),
        "basis": _text("what the line follows", values=("railway", "stations", "schematic")),
        "length_km": _number("geodesic length, km", low=0),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

FIBRE = Contract(
    "fibre",
    "line",
    ("cable_id",),
    {
        "cable_id": _text("identifier"),
        **_NAMES,
        "from_node": _text("node at its start"),
        "to_node": _text("node at its end"),
        "corridors": _text("corridors that it follows, in order, separated by blanks", empty=True),
        "corridor_basis": _text("who names the corridor", values=("said", "assumed")),
        "geometry_kind": _text("what the line is", values=("corridor", "schematic")),
        "existence": _text(
            "whether the cable itself is said to exist, is one reading of the text, or assumed",
            values=("said", "one_reading", "assumed"),
        ),
        "status": _text("status", values=STATUSES),
        "year": _whole("year of that status"),
        "fibres": _whole("fibres in the cable", low=1, empty=True),
        "capacity_gbps": _number("capacity, Gbit/s", low=0, empty=True),
        "length_km": _number("geodesic length of the drawn line, km", low=0),
        "operator": _text("operator", empty=True),
        "lane": _whole("place beside its parallel cables when drawn, 0 in the middle"),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

NODES = Contract(
    "nodes",
    "point",
    ("node_id",),
    {
        "node_id": _text("identifier"),
        **_NAMES,
        "kind": _text("kind", values=("core", "metro", "junction", "border", "target")),
        "country": _text("ISO 3166-1 alpha-2 code of its country"),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)


def _grid(name: str, kind: str) -> Contract:
    return Contract(
        name,
        "point",
        ("grid_id",),
        {
            "grid_id": _text("identifier"),
            "name": _text("name as the source writes it", empty=True),
            "kind": _text("kind", values=(kind,)),
            "voltage_kv": _number("highest tagged voltage, kV", low=0, empty=True),
            "capacity_mw": _number("capacity, MW", low=0, empty=True),
            "energy": _text("energy carrier", empty=True),
            "operator": _text("operator", empty=True),
            "grid": _text("grid it belongs to", empty=True),
            "status": _text("status as the source writes it"),
            **_ACCURACY,
            **_SOURCE,
            **_AS_OF,
        },
    )


SUBSTATIONS = _grid("substations", "substation")
PLANTS = _grid("plants", "plant")

TOWNS = Contract(
    "towns",
    "point",
    ("town_id",),
    {
        "town_id": _text("identifier"),
        **_NAMES,
        "pga_g": _number(
            "basic design acceleration of the code's list, g", low=0, high=1, empty=True
        ),
        "pga_edition": _text("edition of the code that was read", empty=True),
        "population": _whole("people", low=0, empty=True),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

PORTS = Contract(
    "ports",
    "point",
    ("port_id",),
    {
        "port_id": _text("identifier"),
        **_NAMES,
        "neighbour": _text("country on the other side"),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

STATIONS = Contract(
    "stations",
    "point",
    ("station_id",),
    {
        "station_id": _text("USAF-WBAN number"),
        "name": _text("name"),
        "elevation_m": _number("height above sea level, m", low=-200, high=9000),
        "temp_mean_c": _number("yearly mean air temperature, °C", low=-40, high=40),
        **{
            f"temp_{month:02d}_c": _number(f"mean of month {month}, °C", low=-60, high=50)
            for month in range(1, 13)
        },
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

EARTHQUAKES = Contract(
    "earthquakes",
    "point",
    ("event_id",),
    {
        "event_id": _text("identifier in the catalogue"),
        "time": _text("origin time, UTC, ISO 8601"),
        "year": _whole("year"),
        "magnitude": _number("moment magnitude Mw", low=0, high=10),
        "depth_km": _number("depth, km", low=0, high=800, empty=True),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)

BOUNDARIES = Contract(
    "boundaries",
    "polygon",
    ("boundary_id",),
    {
        "boundary_id": _text("ISO code"),
        **_NAMES,
        "kind": _text("kind", values=("region", "province", "country")),
        **_ACCURACY,
        **_SOURCE,
        **_AS_OF,
    },
)


def _base_lines(name: str) -> Contract:
    return Contract(
        name,
        "line",
        ("line_id",),
        {
            "line_id": _text("identifier"),
            "name": _text("name as the source writes it", empty=True),
            "rank": _whole("cartographic rank, 0 most important", low=0),
            **_ACCURACY,
            **_SOURCE,
            **_AS_OF,
        },
    )


RAILWAYS = _base_lines("railways")
RIVERS = _base_lines("rivers")

CLAIM_TEXTS = Contract(
    "claim_texts",
    None,
    ("claim_id",),
    {
        "claim_id": _text("identifier"),
        "source_id": _text("document"),
        "place_in_text": _text("chapter and section"),
        "text_zh": _text("the claim as written"),
        "text_en": _text("the claim in English"),
        "check": _text("the check that is run", empty=True),
        "low": _number("lower bound of what is claimed, in the check's unit", empty=True),
        "high": _number("upper bound of what is claimed", empty=True),
        "unit": _text("unit of the bounds", empty=True),
        "reason": _text("why it cannot be checked", empty=True),
    },
)

FACTS = Contract(
    "facts",
    None,
    ("layer", "id", "field", "source_id"),
    {
        "layer": _text("layer that the value belongs to"),
        "id": _text("row"),
        "field": _text("column"),
        "value": _text("the value as text"),
        "unit": _text("unit", empty=True),
        "source_id": _text("source, see sources.toml"),
        "place_in_text": _text("where in the source", empty=True),
        "kind": _text("how it is known", values=FACT_KINDS),
        "reason": _text("why, for derived and assumed values", empty=True),
    },
)

MEASURES = Contract(
    "measures",
    None,
    ("site_id", "measure_id", "scenario", "year"),
    {
        "site_id": _text("park"),
        "measure_id": _text("measure"),
        **_RUN_KEY,
        "criterion": _text("criterion that it serves"),
        "value": _number("value in `unit`; empty when unknown", empty=True),
        "text": _text("value as text, for classes and names", empty=True),
        "unit": _text("unit"),
        "low": _number("lower end of the band", empty=True),
        "high": _number("upper end of the band", empty=True),
        "band": _text("what low and high are", values=BANDS),
        "status": _text("how it is known", values=MEASURE_STATUSES),
        "reason": _text("why it is unknown or assumed", empty=True),
        "source_ids": _text("sources, separated by blanks", empty=True),
        "method": _text("method, see docs/model.md", empty=True),
    },
)

SCORES = Contract(
    "scores",
    None,
    ("site_id", "criterion", "scenario", "year"),
    {
        "site_id": _text("park"),
        "criterion": _text("criterion, or `total`"),
        **_RUN_KEY,
        "level": _text("level of the park", values=PARK_LEVELS),
        "value": _number("score, 0 worst to 1 best; empty when unknown", low=0, high=1, empty=True),
        "low": _number("score with every measure at its worse end", low=0, high=1, empty=True),
        "high": _number("score with every measure at its better end", low=0, high=1, empty=True),
        "weight": _number("weight of the criterion, summing to 1; 1 for `total`", low=0, high=1),
        "coverage": _number("share of the weight that is known", low=0, high=1),
        "rank": _whole("rank in its level, only on `total` with full coverage", empty=True),
    },
)

LATENCY = Contract(
    "latency",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": _text("park or node"),
        "to_id": _text("target node"),
        **_RUN_KEY,
        "rtt_ms": _number("round-trip time in glass, ms", low=0, empty=True),
        "rtt_low_ms": _number("lower end, ms", low=0, empty=True),
        "rtt_high_ms": _number("upper end, ms", low=0, empty=True),
        "floor_rtt_ms": _number("round trip on the geodesic in glass, ms", low=0),
        "route_km": _number("length of the route, km", low=0, empty=True),
        "path": _text("cables of the route, separated by blanks", empty=True),
        "status": _text("how it is known", values=MEASURE_STATUSES),
        "reason": _text("why unknown or assumed", empty=True),
        "source_ids": _text("sources, separated by blanks", empty=True),
    },
)

REDUNDANCY = Contract(
    "redundancy",
    None,
    ("from_id", "to_id", "scenario", "year"),
    {
        "from_id": _text("node"),
        "to_id": _text("target node"),
        **_RUN_KEY,
        "nominal_low": _whole("cables to cut, each counted by itself, sure ones only", low=0),
        "nominal_high": _whole("the same with every reading of the text", low=0),
        "effective_low": _whole("routes if all lie in the likeliest corridor", low=0),
        "effective_high": _whole("routes if spread over the corridors that exist", low=0),
        "reason": _text("why a range"),
        "evidence": _text("corridors that they share, separated by blanks", empty=True),
        "source_ids": _text("sources, separated by blanks", empty=True),
    },
)

CLAIMS = Contract(
    "claims",
    None,
    ("claim_id",),
    {
        "claim_id": _text("identifier"),
        "source_id": _text("document"),
        "place_in_text": _text("chapter and section"),
        "text_zh": _text("the claim as written"),
        "text_en": _text("the claim in English"),
        "found": _text("what the data say", empty=True),
        "verdict": _text("verdict", values=VERDICTS),
        "reason": _text("why"),
        "source_ids": _text("sources of the check, separated by blanks", empty=True),
    },
)

INPUT_LAYERS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        PARKS,
        CORRIDORS,
        FIBRE,
        NODES,
        SUBSTATIONS,
        PLANTS,
        TOWNS,
        PORTS,
        STATIONS,
        EARTHQUAKES,
        BOUNDARIES,
        RAILWAYS,
        RIVERS,
        CLAIM_TEXTS,
    )
}

RESULT_TABLES: dict[str, Contract] = {
    contract.name: contract for contract in (MEASURES, SCORES, LATENCY, REDUNDANCY, CLAIMS, FACTS)
}
