"""Parks, the places that are ranked."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    FACT_KINDS,
    MAX_MW,
    NAMES,
    PARK_LEVELS,
    SOURCE,
    STATUSES,
    Contract,
    date,
    number,
    text,
    whole,
)

PARKS = Contract(
    "parks",
    "point",
    ("park_id",),
    {
        "park_id": text("identifier", made="id"),
        "parent_id": text(
            "park that holds this one", zh="上级园区", en="Parent", names=("parks",), empty=True
        ),
        "level": text(
            "level; one level is ranked at a time", values=PARK_LEVELS, assumed=PARK_LEVELS[0]
        ),
        **NAMES,
        "city": text("city or league", zh="盟市", en="City or league", empty=True),
        "status": text("status", values=STATUSES, assumed="studied"),
        "role": text("role that the sources give it", zh="功能定位", en="Role", empty=True),
        "operator": text("operator or tenant", empty=True),
        "area_ha": number(
            "area, hectares",
            zh="面积（公顷）",
            en="Area (ha)",
            low=0.01,
            high=1e6,
            unit="ha",
            empty=True,
        ),
        "it_load_mw": number(
            "IT load, MW",
            zh="IT 负载（兆瓦）",
            en="IT load (MW)",
            low=0.001,
            high=MAX_MW,
            unit="MW",
            empty=True,
        ),
        "racks": whole("racks", zh="机架数", en="Racks", low=1, high=10_000_000, empty=True),
        "centre_racks": whole(
            "standard racks of the largest centre that stands there or is meant for it, at least",
            zh="单个数据中心机架数下限",
            en="Racks of the largest centre, at least",
            low=1,
            high=10_000_000,
            empty=True,
        ),
        "servers": whole(
            "servers", zh="服务器数", en="Servers", low=1, high=1_000_000_000, empty=True
        ),
        "opened": date("date in service", zh="投用日期", en="Opened", empty=True),
        "town_id": text("town whose hazard class applies", names=("towns",), empty=True),
        "node_id": text("backbone node that it hangs on", names=("nodes",), empty=True),
        "site_class": text(
            "ground class of GB 50011 and GB 18306: I0, I1, II, III, IV",
            zh="场地类别",
            en="Class of the ground",
            empty=True,
        ),
        "location_basis": text(
            "how the point was found",
            zh="位置依据",
            en="Location basis",
            values=FACT_KINDS,
            made="location_basis",
            assumed="assumed",
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

PARK_AREAS = Contract(
    "park_areas",
    "polygon",
    ("park_id",),
    {
        "park_id": text("park whose ground it is", names=("parks",), made="id"),
        **NAMES,
        "measured_ha": number(
            "geodesic area of the polygon, hectares",
            zh="量算面积（公顷）",
            en="Area as drawn (ha)",
            low=0,
            high=1e7,
            unit="ha",
            made="area",
        ),
        "area_ha": number(
            "area as stated, hectares",
            zh="公布面积（公顷）",
            en="Area as stated (ha)",
            low=0.01,
            high=1e6,
            unit="ha",
            empty=True,
        ),
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (PARKS, PARK_AREAS)
