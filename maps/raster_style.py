"""The looks of the rasters, which lie below every layer."""

from __future__ import annotations

from steppe.maps.symbols import THEMES, RasterStyle, Stop

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
    RasterStyle(
        "relief",
        "地形晕渲",
        "Relief",
        "base",
        # Flat ground, the sine of 45°, is seen through.
        (
            Stop(0.0, (38, 34, 28, 170), "0"),
            Stop(0.45, (70, 62, 50, 84), "0.45"),
            Stop(0.69, (120, 112, 100, 0), "0.69"),
            Stop(0.73, (255, 255, 255, 0), "0.73"),
            Stop(1.0, (255, 255, 255, 150), "1"),
        ),
        opacity=0.7,
        visible=True,
        themes=THEMES,
        levels=18,
    ),
    RasterStyle(
        "air_temp",
        "年平均气温（°C，按台站与海拔推算）",
        "Yearly mean air temperature (°C, from stations and height)",
        "hazard",
        # Blue to red without green, ColorBrewer's RdYlBu.
        (
            Stop(-8.0, (49, 54, 149, 255), "-8"),
            Stop(-4.0, (69, 117, 180, 255), "-4"),
            Stop(0.0, (116, 173, 209, 255), "0"),
            Stop(4.0, (171, 217, 233, 255), "4"),
            Stop(8.0, (254, 224, 144, 255), "8"),
            Stop(12.0, (244, 109, 67, 255), "12"),
            Stop(16.0, (165, 0, 38, 255), "16"),
        ),
        opacity=0.6,
        visible=False,
    ),
    RasterStyle(
        "quake_rate",
        "300公里内强震年发生率（次/年）",
        "Great earthquakes within 300 km (events a year)",
        "hazard",
        (
            Stop(0.0, (255, 255, 255, 0), "0"),
            Stop(0.05, (253, 204, 138, 255), "0.05"),
            Stop(0.2, (252, 141, 89, 255), "0.2"),
            Stop(0.4, (215, 48, 31, 255), "0.4"),
            Stop(0.7, (127, 0, 0, 255), "0.7"),
        ),
        opacity=0.6,
        visible=False,
        themes=("hazard",),
    ),
    RasterStyle(
        "hazard",
        "地震动峰值加速度（g）",
        "Peak ground acceleration (g)",
        "hazard",
        # The classes of GB 18306.
        (
            Stop(0.0, (255, 255, 255, 0), "0"),
            Stop(0.05, (254, 240, 217, 255), "0.05"),
            Stop(0.1, (253, 204, 138, 255), "0.10"),
            Stop(0.2, (252, 141, 89, 255), "0.20"),
            Stop(0.4, (179, 0, 0, 255), "0.40"),
        ),
        opacity=0.6,
        visible=False,
        themes=("hazard",),
    ),
)
