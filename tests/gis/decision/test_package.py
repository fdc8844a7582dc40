"""The decision package: the QGIS plugin has numpy, and not much more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from pkgutil import iter_modules

from steppe import decision

ROOT = Path(decision.__file__).parents[2]
OTHERS = {
    "geopandas",
    "networkx",
    "pandas",
    "pandera",
    "pydantic",
    "scipy",
    "shapely",
    "steppe.layers",
    "steppe.maps",
    "steppe.routing",
}


def test_every_module_of_it_needs_numpy_alone():
    names = [f"steppe.decision.{module.name}" for module in iter_modules(decision.__path__)]
    assert "steppe.decision.scoring" in names
    code = (
        f"import sys, {', '.join(names)}; "
        "ours = lambda name: 2 if name.startswith('steppe') else 1; "
        "print(*sorted({'.'.join(name.split('.')[: ours(name)]) for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"numpy", "steppe.decision"} <= loaded
    assert not loaded & OTHERS
