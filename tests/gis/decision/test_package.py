"""The decision package: the QGIS plugin has numpy, and not much more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

from gis import decision

ROOT = Path(decision.__file__).parents[2]
OTHERS = {
    "geopandas",
    "layers",
    "maps",
    "networkx",
    "pandas",
    "pandera",
    "pydantic",
    "routing",
    "scipy",
    "shapely",
}


def test_every_module_of_it_needs_numpy_alone():
    names = [f"gis.decision.{module.name}" for module in iter_modules(decision.__path__)]
    assert "gis.decision.scoring" in names
    code = (
        f"import sys, {', '.join(names)}; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"numpy", "gis"} <= loaded
    assert not loaded & OTHERS
