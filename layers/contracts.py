"""The contracts of what a plan reads: layers in EPSG:4490, and tables.

Layers are plain GeoDataFrames; each contract is a pandera `DataFrameSchema` with its key, its
geometry and what the columns mean.
"""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    COMPARISONS,
    FACT_KINDS,
    FIGURE_STANDINGS,
    NAMES,
    PARK_LEVELS,
    POWER_FIELDS,
    RULE_STRENGTHS,
    SOURCE,
    STATUSES,
    YEARS,
    YEARS_OF_NATURE,
    Contract,
    date,
    number,
    text,
    whole,
)

# The possible, with room: the longest cable and the largest station and voltage of the world are
# a fifth to a half of these.  What lies beyond is a slip of the unit or of the keyboard.
MAX_KM, MAX_MW, MAX_KV = 50_000, 50_000, 1_500
MAX_TERM = 1e6
MAX_VALUE = 1e18

GEOMETRY_TYPES = {
    "point": ("Point",),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}

PARKS = Contract(
    "parks",
    "point",
    ("park_id",),
    {
        "park_id": text("identifier"),
        "parent_id": text("park that holds this one", empty=True),
        "level": text("level; one level is ranked at a time", values=PARK_LEVELS),
        **NAMES,
        "city": text("city or league"),
        "status": text("status", values=STATUSES),
        "role": text("role that the sources give it", empty=True),
        "operator": text("operator or tenant", empty=True),
        "area_ha": number("area, hectares", low=0.01, high=1e6, unit="ha", empty=True),
        "it_load_mw": number("IT load, MW", low=0.001, high=MAX_MW, unit="MW", empty=True),
        "racks": whole("racks", low=1, high=10_000_000, empty=True),
        "servers": whole("servers", low=1, high=1_000_000_000, empty=True),
        "opened": date("date in service", empty=True),
        "town_id": text("town whose hazard class applies", empty=True),
        "node_id": text("backbone node that it hangs on", empty=True),
        "site_class": text(
            "ground class of GB 50011 and GB 18306: I0, I1, II, III, IV", empty=True
        ),
        "location_basis": text("how the point was found", values=FACT_KINDS),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

CORRIDORS = Contract(
    "corridors",
    "line",
    ("corridor_id",),
    {
        "corridor_id": text("identifier"),
        **NAMES,
        "from_node": text("node at its start"),
        "to_node": text("node at its end"),
        "basis": text("what the line follows", values=("railway", "stations", "schematic")),
        "length_km": number("geodesic length of the drawn line, km", low=0, high=MAX_KM, unit="km"),
        "rail_km": number(
            "length of the railway as published, km", low=0.01, high=MAX_KM, unit="km", empty=True
        ),
        "shared": text("stretches in common: corridor and km, separated by semicolons", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

FIBRE = Contract(
    "fibre",
    "line",
    ("cable_id",),
    {
        "cable_id": text("identifier"),
        **NAMES,
        "from_node": text("node at its start"),
        "to_node": text("node at its end"),
        "corridors": text("corridors that it follows, in order, separated by blanks", empty=True),
        "apart_from": text(
            "cables from which a source says it is apart, separated by blanks", empty=True
        ),
        "corridor_basis": text("who names the corridor", values=("said", "assumed")),
        "geometry_kind": text("what the line is", values=("corridor", "schematic")),
        "existence": text(
            "whether the cable itself is said to exist, is one reading of the text, or assumed",
            values=("said", "one_reading", "assumed"),
        ),
        "status": text("status", values=STATUSES),
        "year": whole("year of that status", low=YEARS[0], high=YEARS[1], unit="a"),
        "fibres": whole("fibres in the cable", low=1, high=100_000, empty=True),
        "capacity_gbps": number("capacity, Gbit/s", low=1e-6, high=1e7, unit="Gbit/s", empty=True),
        "length_km": number("geodesic length of the drawn line, km", low=0, high=MAX_KM, unit="km"),
        "route_km": number(
            "length of its corridors as published, km; as drawn where none is",
            low=0.01,
            high=MAX_KM,
            unit="km",
            empty=True,
        ),
        "operator": text("operator", empty=True),
        "lane": whole(
            "place beside its parallel cables when drawn, 0 in the middle", low=-1000, high=1000
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

NODES = Contract(
    "nodes",
    "point",
    ("node_id",),
    {
        "node_id": text("identifier"),
        **NAMES,
        "kind": text("kind", values=("core", "metro", "junction", "border", "target")),
        "country": text("ISO 3166-1 alpha-2 code of its country"),
        "gateways": text("gateways and exchange points that the sources place there", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)


def _grid(name: str, kind: str) -> Contract:
    return Contract(
        name,
        "point",
        ("grid_id",),
        {
            "grid_id": text("identifier"),
            "name": text("name as the source writes it", empty=True),
            "kind": text("kind", values=(kind,)),
            "voltage_kv": number(
                "highest tagged voltage, kV", low=0.1, high=MAX_KV, unit="kV", empty=True
            ),
            "capacity_mw": number("capacity, MW", low=0.001, high=MAX_MW, unit="MW", empty=True),
            "energy": text("energy carrier", empty=True),
            "operator": text("operator", empty=True),
            "grid": text("grid it belongs to", empty=True),
            "status": text("status as the source writes it"),
            **ACCURACY,
            **SOURCE,
            **AS_OF,
        },
    )


SUBSTATIONS = _grid("substations", "substation")
PLANTS = _grid("plants", "plant")

TOWNS = Contract(
    "towns",
    "point",
    ("town_id",),
    {
        "town_id": text("identifier"),
        **NAMES,
        "pga_g": number(
            "basic design acceleration of the code's list, g", low=0, high=1, unit="g", empty=True
        ),
        "pga_edition": text("edition of the code that was read", empty=True),
        "population": whole("people", low=1, high=100_000_000, empty=True),
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
        "port_id": text("identifier"),
        **NAMES,
        "neighbour": text("country on the other side"),
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
        "airport_id": text("identifier"),
        "name": text("name as the source writes it", empty=True),
        "kind": text("kind as the source writes it", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

STATIONS = Contract(
    "stations",
    "point",
    ("station_id",),
    {
        "station_id": text("USAF-WBAN number"),
        "name": text("name"),
        "elevation_m": number("height above sea level, m", low=-200, high=9000, unit="m"),
        "temp_mean_c": number("yearly mean air temperature, °C", low=-40, high=40, unit="°C"),
        **{
            f"temp_{month:02d}_c": number(f"mean of month {month}, °C", low=-60, high=50, unit="°C")
            for month in range(1, 13)
        },
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

EARTHQUAKES = Contract(
    "earthquakes",
    "point",
    ("event_id",),
    {
        "event_id": text("identifier in the catalogue"),
        "time": date("origin time, UTC", years=YEARS_OF_NATURE),
        "year": whole("year", low=YEARS_OF_NATURE[0], high=YEARS_OF_NATURE[1], unit="a"),
        "magnitude": number("magnitude", low=0, high=10, unit="1"),
        "magnitude_type": text("scale of the magnitude, as the catalogue names it"),
        "depth_km": number("depth, km", low=0, high=800, unit="km", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

BOUNDARIES = Contract(
    "boundaries",
    "polygon",
    ("boundary_id",),
    {
        "boundary_id": text("ISO code"),
        **NAMES,
        "kind": text("kind", values=("region", "province", "country")),
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
            "line_id": text("identifier"),
            "name": text("name as the source writes it", empty=True),
            "rank": whole("cartographic rank, 0 most important", low=0, high=1000),
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
        "lake_id": text("identifier"),
        "name": text("name as the source writes it", empty=True),
        "rank": whole("cartographic rank, 0 most important", low=0, high=1000),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

FAULTS = Contract(
    "faults",
    "line",
    ("fault_id",),
    {
        "fault_id": text("identifier in the catalogue"),
        "name": text("name as the source writes it", empty=True),
        "slip_type": text("sense of slip as the source writes it", empty=True),
        "slip_rate_mm_a": number("slip rate, mm a year", low=0, high=1000, unit="mm/a", empty=True),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

FAULT_EXTENT = Contract(
    "fault_extent",
    "polygon",
    ("extent_id",),
    {
        "extent_id": text("identifier"),
        **NAMES,
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

FIGURES = Contract(
    "figures",
    None,
    ("figure_id",),
    {
        "figure_id": text("identifier"),
        **NAMES,
        "subject": text("region, city or park that it is of"),
        "quantity": text("what is counted; figures of different quantities make no series"),
        "value": number("value in `unit`", low=-MAX_VALUE, high=MAX_VALUE),
        "bound": text("how the source words it", values=("exactly", "about", "over", "under")),
        "unit": text("unit"),
        "year": whole("year that it speaks of", low=YEARS[0], high=YEARS[1], unit="a"),
        "standing": text("what it is", values=FIGURE_STANDINGS),
        **SOURCE,
        **AS_OF,
    },
)

RULES = Contract(
    "rules",
    None,
    ("rule_id",),
    {
        "rule_id": text("identifier"),
        **NAMES,
        "kind": text("what it bears on", values=("siting", "efficiency", "role", "cost")),
        "strength": text(
            "how strongly the source words it",
            values=RULE_STRENGTHS,
        ),
        "applies_to": text("park, city or region ids, separated by blanks; * for every park"),
        "threshold": number("threshold in `unit`", low=-MAX_VALUE, high=MAX_VALUE, empty=True),
        "unit": text("unit of the threshold", empty=True),
        "edition": whole("year of the edition", low=YEARS[0], high=YEARS[1], unit="a"),
        "clause": text("clause of the document", empty=True),
        "grade": text("grade of data centre that it is for; empty for all", empty=True),
        "measure": text("what it is held against, see docs/plans.md", empty=True),
        "comparison": text(
            f"how it is held against it: {', '.join(COMPARISONS)}; named: a park that "
            "`applies_to` names keeps it",
            empty=True,
        ),
        "condition": text("what it hangs on that no layer tells", empty=True),
        "confirmed": text("whether the text of the clause itself was read: yes, no", empty=True),
        "confirmation": text("who read what", empty=True),
        **SOURCE,
        **AS_OF,
    },
)

POWER_TERMS = Contract(
    "power_terms",
    None,
    ("term_id",),
    {
        "term_id": text("identifier"),
        "field": text("what is told", values=POWER_FIELDS),
        "park_id": text("park that it is of; empty for a whole grid", empty=True),
        "grid": text("grid that it is of, as substations write it", empty=True),
        "voltage_kv": number(
            "voltage of the supply that it is of, kV", low=0.1, high=MAX_KV, unit="kV", empty=True
        ),
        "value": number("value in `unit`; direct supply: 1 yes, 0 no", low=0, high=MAX_TERM),
        "unit": text("unit", values=("MW", "1", "CNY/kWh")),
        "reason": text("what is to be known about it", empty=True),
        **SOURCE,
        **AS_OF,
    },
)

ROUND_TRIPS = Contract(
    "round_trips",
    None,
    ("trip_id",),
    {
        "trip_id": text("identifier"),
        "from_zh": text("place at the one end, Chinese"),
        "from_en": text("place at the one end, English"),
        "from_node": text("its node; empty outside the backbone", empty=True),
        "from_lon": number(
            "its longitude where it is no node, degrees", low=-180, high=180, unit="deg", empty=True
        ),
        "from_lat": number(
            "its latitude where it is no node, degrees", low=-90, high=90, unit="deg", empty=True
        ),
        "to_zh": text("place at the other end, Chinese"),
        "to_en": text("place at the other end, English"),
        "to_node": text("its node; empty outside the backbone", empty=True),
        "to_lon": number(
            "its longitude where it is no node, degrees", low=-180, high=180, unit="deg", empty=True
        ),
        "to_lat": number(
            "its latitude where it is no node, degrees", low=-90, high=90, unit="deg", empty=True
        ),
        "rtt_ms": number("round trip as published, ms", low=0.001, high=10_000, unit="ms"),
        "kind": text("what it is of", values=("service", "internet")),
        **SOURCE,
        **AS_OF,
    },
)

CLAIM_TEXTS = Contract(
    "claim_texts",
    None,
    ("claim_id",),
    {
        "claim_id": text("identifier"),
        "source_id": text("document"),
        "place_in_text": text("chapter and section"),
        "text_zh": text("the claim as written"),
        "text_en": text("the claim in English"),
        "check": text("the check that is run", empty=True),
        "low": number(
            "lower bound of what is claimed, in the check's unit",
            low=-MAX_VALUE,
            high=MAX_VALUE,
            empty=True,
        ),
        "high": number(
            "upper bound of what is claimed", low=-MAX_VALUE, high=MAX_VALUE, empty=True
        ),
        "unit": text("unit of the bounds", empty=True),
        "reason": text("why it cannot be checked", empty=True),
    },
)

FACTS = Contract(
    "facts",
    None,
    ("layer", "id", "field", "source_id"),
    {
        "layer": text("layer that the value belongs to"),
        "id": text("row"),
        "field": text("column"),
        "value": text("the value as text"),
        "unit": text("unit", empty=True),
        "source_id": text("source, see sources.toml"),
        "place_in_text": text("where in the source", empty=True),
        "kind": text("how it is known", values=FACT_KINDS),
        "reason": text("why, for derived and assumed values", empty=True),
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
        AIRPORTS,
        STATIONS,
        EARTHQUAKES,
        FAULTS,
        FAULT_EXTENT,
        BOUNDARIES,
        RAILWAYS,
        RIVERS,
        LAKES,
        FIGURES,
        RULES,
        POWER_TERMS,
        ROUND_TRIPS,
        CLAIM_TEXTS,
    )
}
