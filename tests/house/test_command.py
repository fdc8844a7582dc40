from __future__ import annotations

import json
import os
import subprocess
import sys

HEAVY = (
    "branca",
    "folium",
    "geopandas",
    "networkx",
    "numpy",
    "osmnx",
    "pandas",
    "pandera",
    "pydantic",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)
HELP = """
import json, sys
from steppe.command.app import main
sys.argv = ["steppe", "--help"]
try:
    main()
finally:
    json.dump(sorted(sys.modules), sys.stderr)
"""


def ask_for_help(root) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", HELP],
        cwd=root,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        check=True,
        capture_output=True,
        text=True,
    )


def test_help_imports_nothing_heavy(root):
    answer = ask_for_help(root)
    modules = json.loads(answer.stderr)
    for name in ("build", "check", "score", "backbone", "map", "report", "qgis", "sources"):
        assert name in answer.stdout
    assert sorted({name.split(".")[0] for name in modules} & set(HEAVY)) == []
