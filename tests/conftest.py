"""Where the open data and the packs lie, what is built of them once, and a run of `steppe`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from steppe.layers.tables import PlanTables

# A shared machine stalls now and then, which is no fault of an example's.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

ROOT = Path(__file__).parents[1]
RUN = "from steppe.command.app import main; main()"

# Zones, facility and campus, among them one that is known by racks and one that lacks a measure.
LIGHT_PARKS = {
    "ulanqab_zgc", "ulanqab_huawei", "horinger_new_area", "shengle", "hohhot_mobile",
    "chifeng_cloud", "xilingol_bigdata",
}  # fmt: skip

Steppe = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def pack() -> Path:
    """The default pack."""
    return ROOT / "data" / "inner_mongolia"


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The open data that packs are compiled from, beside the checkout."""
    folder = ROOT.parent / "shared" / "datasets"
    if not folder.is_dir():
        reason = "the open datasets do not lie beside the checkout"
        if os.environ.get("STEPPE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def _replace(text: str, pattern: str, new: str) -> str:
    text, n_changes = re.subn(pattern, new, text, flags=re.MULTILINE)
    assert n_changes == 1, pattern
    return text


@pytest.fixture(scope="session")
def light_pack(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that is built in a third of the time, for what is true of any plan.

    It is the default pack less most of its parks, targets, draws and cells of its grids; to be
    read only, as is all that is built of it once.
    """
    from steppe.layers.rasters import read_raster, write_grid  # noqa: PLC0415  slow, as below

    folder = shutil.copytree(pack, tmp_path_factory.mktemp("light") / "light")
    of_parks = {
        "parks": "park_id",
        "facts_parks": "id",
        "facts_compiled": "id",
        "power_terms": "park_id",
    }
    tables = {
        name: pd.read_csv(folder / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in (*of_parks, "facts_power", "rules")
    }
    dropped = set(tables["parks"]["park_id"]) - LIGHT_PARKS
    assert len(dropped) + len(LIGHT_PARKS) == len(tables["parks"])
    terms = tables["power_terms"]
    gone = set(terms.loc[terms["park_id"].isin(dropped), "term_id"])
    tables["facts_power"] = tables["facts_power"][~tables["facts_power"]["id"].isin(gone)]
    places = tables["rules"]["applies_to"].str.split()
    kept_places = [" ".join(name for name in row if name not in dropped) for row in places]
    named = tables["rules"].assign(applies_to=kept_places)
    tables["rules"] = named[named["applies_to"] != ""]
    for name, table in tables.items():
        kept = table[~table[of_parks[name]].isin(dropped)] if name in of_parks else table
        kept.to_csv(folder / f"{name}.csv", index=False)
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = _replace(text, r"^\[cooling\.cities\.Chengdu\.dryness_k\]\n(.+\n)+", "")
    text = _replace(text, r"^targets = .*", 'targets = ["beijing"]')
    text = _replace(text, r"^n_draws = 256", "n_draws = 32")
    text = _replace(text, r"^n_draws = 10000", "n_draws = 500")
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    for path in folder.glob("*.tif"):
        fine = read_raster(path, name="", title_zh="", title_en="", unit="", source_id="")
        values = np.asarray(fine.values)[::4, ::4]
        write_grid(path, replace(fine, values=values, step_deg=4 * fine.step_deg))
    return folder


def _build_tables(folder: Path) -> PlanTables:
    # The rooms are slow to import, and most tests do without the whole of them.
    from steppe.outputs.plan_tables import build_tables  # noqa: PLC0415
    from steppe.planfile.input_reading import read_inputs  # noqa: PLC0415
    from steppe.planfile.plan_schema import read_plan  # noqa: PLC0415

    return build_tables(read_inputs(read_plan(folder / "plan.toml")))


@pytest.fixture(scope="session")
def default_tables(pack: Path) -> PlanTables:
    """The tables of the default plan."""
    return _build_tables(pack)


@pytest.fixture(scope="session")
def light_tables(light_pack: Path) -> PlanTables:
    """The tables of the light plan."""
    return _build_tables(light_pack)


def _run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.fixture
def process(tmp_path: Path) -> Steppe:
    """Run `steppe` in an empty folder and in a process of its own, which is returned."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return _run(tmp_path, *arguments, **environment)

    return run


@pytest.fixture(scope="session")
def first_build(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """`steppe build` alone: the process, and the folder that it ran in; to be read only."""
    folder = tmp_path_factory.mktemp("build")
    strange = {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    return _run(folder, "build", **strange), folder


@pytest.fixture(scope="session")
def built(first_build: tuple[subprocess.CompletedProcess[str], Path]) -> Path:
    """The output folder of the default plan; to be copied where a test changes it."""
    done, folder = first_build
    assert done.returncode == 0, done.stderr
    return folder / "out" / "inner_mongolia"


@pytest.fixture(scope="session")
def light_built(light_pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the light plan; to be copied where a test changes it."""
    folder = tmp_path_factory.mktemp("build")
    done = _run(folder, "build", str(light_pack), "--out", "o")
    assert done.returncode == 0, done.stderr
    return folder / "o"
