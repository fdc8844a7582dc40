"""Climate, earthquakes and faults."""

from __future__ import annotations

from steppe.layers.columns import (
    ACCURACY,
    AS_OF,
    NAMES,
    SOURCE,
    YEARS_OF_NATURE,
    Contract,
    date,
    number,
    text,
    whole,
)

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

STATIONS = Contract(
    "stations",
    "point",
    ("station_id",),
    {
        "station_id": text("USAF-WBAN number", zh="站号", en="Station id", made="id"),
        "name": text("name", made="name"),
        "elevation_m": number(
            "height above sea level, m",
            zh="海拔（米）",
            en="Elevation (m)",
            low=-200,
            high=9000,
            unit="m",
        ),
        "temp_mean_c": number(
            "yearly mean air temperature, °C",
            zh="年均温（°C）",
            en="Yearly mean (°C)",
            low=-40,
            high=40,
            unit="°C",
            made="mean_of_months",
        ),
        **{
            f"temp_{month:02d}_c": number(
                f"mean of month {month}, °C",
                zh=f"{month} 月均温（°C）",
                en=f"{name} mean (°C)",
                low=-60,
                high=50,
                unit="°C",
            )
            for month, name in enumerate(_MONTHS, start=1)
        },
        "diurnal_range_k": number(
            "yearly mean of each day's maximum less minimum, K",
            empty=True,
            zh="气温日较差（K）",
            en="Daily range (K)",
            low=0,
            high=40,
            unit="K",
        ),
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
        "event_id": text("identifier in the catalogue", zh="地震编号", en="Event id", made="id"),
        "time": date(
            "origin time, UTC", zh="发震时刻（UTC）", en="Origin time (UTC)", years=YEARS_OF_NATURE
        ),
        "year": whole(
            "year",
            low=YEARS_OF_NATURE[0],
            high=YEARS_OF_NATURE[1],
            unit="a",
            made="year_of_time",
        ),
        "magnitude": number("magnitude", zh="震级", en="Magnitude", low=0, high=10, unit="1"),
        "magnitude_type": text(
            "scale of the magnitude, as the catalogue names it",
            zh="震级标度",
            en="Scale of the magnitude",
            assumed="not stated",
        ),
        "depth_km": number(
            "depth, km", zh="深度（公里）", en="Depth (km)", low=0, high=800, unit="km", empty=True
        ),
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
        "fault_id": text("identifier in the catalogue", zh="断层编号", en="Fault id", made="id"),
        "name": text("name as the source writes it", empty=True),
        "slip_type": text(
            "sense of slip as the source writes it", zh="滑动性质", en="Sense of slip", empty=True
        ),
        "slip_rate_mm_a": number(
            "slip rate, mm a year",
            zh="滑动速率（毫米/年）",
            en="Slip rate (mm a year)",
            low=0,
            high=1000,
            unit="mm/a",
            empty=True,
        ),
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
        "extent_id": text("identifier", zh="范围编号", en="Extent id", made="id"),
        **NAMES,
        **ACCURACY,
        **SOURCE,
        **AS_OF,
    },
)

LAYERS = (STATIONS, EARTHQUAKES, FAULTS, FAULT_EXTENT)
