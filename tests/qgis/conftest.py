"""Build a plan's folder, and have the system's QGIS look at it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from steppe.layers.contracts import RESULT_TABLES
from steppe.layers.rasters import write_cog
from steppe.layers.tables import PlanTables
from steppe.layers.writer import write_geopackage
from steppe.maps.geopackage_styles import write_styles
from steppe.maps.qgis_project import write_qgz
from steppe.maps.qml import raster_qml
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.outputs.output_folder import with_results

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"

Look = Callable[..., dict[str, Any]]


def _small_plan() -> ModuleType:
    """Load the plan that tests/maps makes; a conftest cannot be imported by its name."""
    path = HERE.parent / "maps" / "conftest.py"
    spec = importlib.util.spec_from_file_location("small_plan", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def small_plan() -> ModuleType:
    return _small_plan()


@pytest.fixture(scope="session")
def tables(small_plan: ModuleType) -> PlanTables:
    return small_plan.make_tables()


@pytest.fixture(scope="session")
def hostile_tables(small_plan: ModuleType, tables: PlanTables) -> PlanTables:
    return small_plan.make_hostile(tables)


def _has_qgis() -> bool:
    if not Path(SYSTEM_PYTHON).exists():
        return False
    asked = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="session")
def look(tmp_path_factory: pytest.TempPathFactory) -> Look:
    """Return a function that opens a project in QGIS and returns what QGIS made of it."""
    if not _has_qgis():
        reason = f"{SYSTEM_PYTHON} has no PyQGIS (Debian: python3-qgis)"
        if os.environ.get("STEPPE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)

    def run(project: Path, **job: Any) -> dict[str, Any]:
        out = tmp_path_factory.mktemp("look")
        (out / "job.json").write_text(json.dumps(job), encoding="utf-8")
        keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        done = subprocess.run(
            [SYSTEM_PYTHON, str(HERE / "look.py"), str(project), str(out)],
            env={**keep, "HOME": str(runtime), "XDG_RUNTIME_DIR": str(runtime)},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads((out / "report.json").read_text(encoding="utf-8")) | {"out": out}

    return run


def _write_plan(folder: Path, tables: PlanTables) -> Path:
    tables = with_results(tables)
    frames = {**tables.layers, **{name: getattr(tables, name) for name in RESULT_TABLES}}
    date = tables.info.as_of
    write_geopackage(folder / "plan.gpkg", frames, titles={}, date=date)
    write_styles(folder / "plan.gpkg", styles=STYLES, date=date)
    (folder / "rasters").mkdir()
    for style in (one for one in RASTERS if one.layer in tables.rasters):
        write_cog(folder / "rasters" / f"{style.layer}.tif", tables.rasters[style.layer])
        (folder / "rasters" / f"{style.layer}.qml").write_text(raster_qml(style), encoding="utf-8")
    present = {*frames, *tables.rasters}
    write_qgz(folder / "plan.qgz", tables, present=present)
    return folder


@pytest.fixture(scope="session")
def write_plan() -> Callable[[Path, PlanTables], Path]:
    return _write_plan


@pytest.fixture(scope="session")
def plan_folder(tmp_path_factory: pytest.TempPathFactory, tables: PlanTables) -> Path:
    return _write_plan(tmp_path_factory.mktemp("plan"), tables)
