"""The backbone: corridors, cables and nodes."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    MAX_KM,
    NAMES,
    SOURCE,
    STATUSES,
    YEARS,
    Contract,
    number,
    text,
    whole,
)

CORRIDORS = Contract(
    "corridors",
    "line",
    ("corridor_id",),
    {
        "corridor_id": text("identifier", zh="通道编号", en="Corridor id", made="id"),
        **NAMES,
        "from_node": text("node at its start", names=("nodes",)),
        "to_node": text("node at its end", names=("nodes",)),
        "basis": text(
            "what the line follows",
            zh="依据",
            en="Basis",
            values=("railway", "stations", "schematic"),
            assumed="schematic",
        ),
        "length_km": number(
            "geodesic length of the drawn line, km", low=0, high=MAX_KM, unit="km", made="length"
        ),
        "rail_km": number(
            "length of the railway as published, km",
            zh="铁路公布里程（公里）",
            en="Published length of the railway (km)",
            low=0.01,
            high=MAX_KM,
            unit="km",
            empty=True,
        ),
        "shared": text(
            "stretches in common: corridor and km, separated by semicolons",
            names=("corridors",),
            listed="stretches",
            empty=True,
        ),
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
        "cable_id": text("identifier", zh="光缆编号", en="Cable id", made="id"),
        **NAMES,
        "from_node": text("node at its start", names=("nodes",)),
        "to_node": text("node at its end", names=("nodes",)),
        "ends_basis": text(
            "whether a source names both ends, or one of them is assumed; said where nothing is given",
            zh="端点依据",
            en="Basis of ends",
            values=("said", "assumed"),
            empty=True,
        ),
        "corridors": text(
            "corridors that it follows, in order, separated by blanks",
            zh="所经通道",
            en="Corridors",
            names=("corridors",),
            listed="blanks",
            empty=True,
        ),
        "joints": text(
            "nodes on its way where it can be joined, separated by blanks",
            zh="途中可接入节点",
            en="Joined on its way at",
            names=("nodes",),
            listed="blanks",
            empty=True,
        ),
        "joints_basis": text(
            "whether a source says that it can be joined there; assumed where nothing is given",
            zh="途中接入依据",
            en="Basis of joints",
            values=("said", "assumed"),
            empty=True,
        ),
        "apart_from": text(
            "cables from which a source says it is apart, separated by blanks",
            zh="所述分路对象",
            en="Said to be apart from",
            names=("fibre",),
            listed="blanks",
            empty=True,
        ),
        "corridor_basis": text(
            "who names the corridor",
            zh="通道依据",
            en="Corridor basis",
            values=("said", "assumed"),
            assumed="assumed",
        ),
        "geometry_kind": text(
            "what the line is",
            zh="线形性质",
            en="Kind of line",
            values=("corridor", "schematic"),
            made="kind_of_line",
        ),
        "existence": text(
            "whether the cable itself is said to exist, is one reading of the text, or assumed",
            zh="是否存在",
            en="Existence",
            values=("said", "one_reading", "assumed"),
            assumed="said",
        ),
        "status": text("status", values=STATUSES),
        "year": whole(
            "year of that status", low=YEARS[0], high=YEARS[1], unit="a", made="year_of_row"
        ),
        "fibres": whole(
            "fibres in the cable", zh="纤芯数", en="Fibres", low=1, high=100_000, empty=True
        ),
        "capacity_gbps": number(
            "capacity, Gbit/s",
            zh="容量（Gbit/s）",
            en="Capacity (Gbit/s)",
            low=1e-6,
            high=1e7,
            unit="Gbit/s",
            empty=True,
        ),
        "length_km": number(
            "geodesic length of the drawn line, km", low=0, high=MAX_KM, unit="km", made="length"
        ),
        "route_km": number(
            "length of its route as stated, or of its corridors as published, km; as drawn where none is",
            low=0.01,
            high=MAX_KM,
            unit="km",
            empty=True,
        ),
        "fibre_km": number(
            "length of the fibre in it, as the source states it",
            zh="光纤长度（公里）",
            en="Length of the fibre (km)",
            low=0.01,
            high=MAX_KM,
            unit="km",
            empty=True,
        ),
        "operator": text("operator", empty=True),
        "lane": whole(
            "place beside its parallel cables when drawn, 0 in the middle",
            zh="并排位次",
            en="Lane",
            low=-1000,
            high=1000,
            made="lane",
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
        "node_id": text("identifier", made="id"),
        **NAMES,
        "kind": text(
            "kind", values=("core", "metro", "junction", "border", "target"), assumed="core"
        ),
        "country": text(
            "ISO 3166-1 alpha-2 code of its country; ZZ where it is not known",
            zh="国家代码",
            en="Country",
            assumed="ZZ",
        ),
        "gateways": text(
            "gateways and exchange points that the sources place there",
            zh="出入口局与直联点",
            en="Gateways",
            empty=True,
        ),
        "population": whole(
            "people whom a park serves there, for targets that latency is weighted over",
            zh="服务人口",
            en="Population served",
            low=0,
            high=100_000_000,
            empty=True,
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (CORRIDORS, FIBRE, NODES)
