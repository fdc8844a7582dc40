"""A plan of two parks that data are fetched into."""

from __future__ import annotations

from pathlib import Path

PLAN = """\
# a plan of somebody's
name = "somewhere"  # its name
bbox = [111.0, 40.0, 113.0, 42.0]
view = [111.5, 40.5, 112.5, 41.5]

[layers.parks]
file = "parks.csv"  # typed
crs = "EPSG:4326"

[[criteria]]
name = "power"

[[criteria.measures]]
id = "grid_220_km"
worst = 30.0
best = 0.0
"""
PARKS = """\
park_id,level,name_zh,name_en,city,status,location_basis,accuracy_m,source_id,as_of,lon,lat
a,campus,甲,A,Hohhot,planned,said,100,us,2024-01-01,111.7,40.8
b,campus,乙,B,Hohhot,planned,said,100,us,2024-01-01,112.0,41.0
"""


def write_plan(folder: Path) -> Path:
    """Write the plan and its parks into a new folder."""
    folder.mkdir()
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    (folder / "parks.csv").write_text(PARKS, encoding="utf-8")
    return folder
