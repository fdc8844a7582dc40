"""The looks of the rasters, which lie below every layer."""

from __future__ import annotations

from steppe.maps.symbols import RasterStyle, Stop

RASTERS: tuple[RasterStyle, ...] = (
    RasterStyle(
        "elevation",
        "海拔（米）",
        "Elevation (m)",
        "base",
        (
            Stop(0.0, (214, 226, 206, 255), "0"),
            Stop(500.0, (233, 234, 208, 255), "500"),
            Stop(1000.0, (246, 236, 204, 255), "1000"),
            Stop(1500.0, (237, 217, 178, 255), "1500"),
            Stop(2000.0, (222, 195, 155, 255), "2000"),
            Stop(3000.0, (201, 170, 138, 255), "3000"),
            Stop(4500.0, (238, 234, 230, 255), "4500"),
        ),
        opacity=0.8,
        visible=False,
        themes=("siting",),
    ),
    RasterStyle(
        "slope",
        "坡度（度，约2公里分辨率，仅供参考）",
        "Slope (°, resolution about 2 km, indicative)",
        "base",
        # Tenths of a degree, as the grid holds them.
        (
            Stop(0.0, (255, 255, 255, 0), "0"),
            Stop(20.0, (254, 227, 145, 255), "2"),
            Stop(50.0, (251, 154, 41, 255), "5"),
            Stop(100.0, (204, 76, 2, 255), "10"),
            Stop(200.0, (102, 37, 6, 255), "20"),
        ),
        opacity=0.8,
        visible=False,
        themes=("hazard",),
    ),
)
