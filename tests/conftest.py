"""Where the open data and the packs lie, what is built of them once, and a run of `steppe`."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock
from hypothesis import settings

if TYPE_CHECKING:
    from steppe.layers.tables import PlanTables

# A shared machine stalls now and then, which is no fault of an example's.
settings.register_profile("patient", deadline=None, max_examples=24)
settings.register_profile("thorough", deadline=None, max_examples=300)
settings.load_profile("patient")

# What the command says is in the language of the locale.
os.environ["LC_ALL"] = "C.UTF-8"

ROOT = Path(__file__).parents[1]
ROOMS = ("gis", "layers", "maps", "routing", "data")
RUN = "from steppe.command.app import main; main()"
# A run that also keeps the tables of the plan, for the tests that look at no file.
RUN_AND_KEEP = f"""
import pickle, sys
from pathlib import Path
from steppe.outputs import plan_tables

kept, make = Path(sys.argv.pop(1)), plan_tables.build_tables

def keep(*arguments, **named):
    tables = make(*arguments, **named)
    kept.write_bytes(pickle.dumps(tables))
    return tables

plan_tables.build_tables = keep
{RUN}
"""

# Zones, facility and campus, among them one that is known by racks and one that lacks a measure.
LIGHT_PARKS = {
    "ulanqab_zgc", "ulanqab_huawei", "horinger_new_area", "shengle", "hohhot_mobile",
    "chifeng_cloud", "xilingol_bigdata",
}  # fmt: skip

Steppe = Callable[..., subprocess.CompletedProcess[str]]
Share = Callable[[str, Callable[[Path], None]], Path]


# Three parks and one criterion: all that a plan needs.
LEAST_PARKS = """\
park_id,level,name_zh,name_en,city,status,location_basis,lon,lat,accuracy_m,source_id,as_of
grange,campus,Grange Castle,Grange Castle,Dublin,in_service,said,-6.42,53.32,500,own,2025-03
clonee,campus,Clonee,Clonee,Meath,in_service,said,-6.43,53.41,500,own,2025-03-01
athlone,zone,Athlone,Athlone,Athlone,planned,said,-7.94,53.43,800,survey,2024
"""
LEAST_PLAN = """\
name = "leinster"

[layers.parks]
file = "parks.csv"
crs = "EPSG:4326"

[[criteria]]
name = "power"

[[criteria.measures]]
id = "grid_220_km"
worst = 30.0
best = 0.0
"""


@pytest.fixture(scope="session")
def pack() -> Path:
    """The default pack."""
    return ROOT / "data" / "inner_mongolia"


def _beside(name: str, reason: str) -> Path:
    folder = ROOT.parent / "shared" / name
    if not folder.is_dir():
        if os.environ.get("STEPPE_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The open data that packs are compiled from, beside the checkout."""
    return _beside("datasets", "the open datasets do not lie beside the checkout")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The documents that the facts of the default pack are taken from, beside the checkout."""
    return _beside("seeds", "the source documents do not lie beside the checkout")


def _replace(text: str, pattern: str, new: str) -> str:
    text, n_changes = re.subn(pattern, new, text, flags=re.MULTILINE)
    assert n_changes == 1, pattern
    return text


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Share:
    """Give a folder that is made once for all runs of one state of the checkout.

    It lies under a digest of what it hangs on, so it is never stale.  Of runs side by side
    one makes it and the others wait; each has a copy, which no other run can spoil.
    """
    cache = getattr(request.config, "cache", None)
    shelf = cache.mkdir("made") if cache else tmp_path_factory.mktemp("made")
    digest = _digest_checkout()

    def give(name: str, make: Callable[[Path], None]) -> Path:
        made, begun = shelf / f"{name}-{digest}", shelf / f"{name}-begun"
        with FileLock(shelf / f"{name}.lock"):
            if not made.is_dir():
                for left in shelf.glob(f"{name}-*"):
                    shutil.rmtree(left)
                begun.mkdir()
                make(begun)
                begun.rename(made)
            return shutil.copytree(made, tmp_path_factory.mktemp(name) / name)

    return give


def _digest_checkout() -> str:
    """Return a digest of the product, the packs, this module, Python and all that is installed."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + (ROOT / "setup.cfg").read_bytes())
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    installed = sorted(f"{each.name} {each.version}" for each in distributions())
    digest.update("\n".join([sys.version, *installed]).encode())
    return digest.hexdigest()[:32]


@pytest.fixture(scope="session")
def light_pack(pack: Path, share: Share) -> Path:
    """A pack that is built in a third of the time, for what is true of any plan.

    It is the default pack less most of its parks, targets, draws and cells of its grids; to be
    read only, as is all that is built of it once.
    """
    return share("light", lambda folder: _lighten(pack, folder))


def _lighten(pack: Path, folder: Path) -> None:
    # The rooms are slow to import, and most tests do without the whole of them.
    from steppe.layers.rasters import read_raster, write_grid  # noqa: PLC0415

    shutil.copytree(pack, folder, dirs_exist_ok=True)
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
    text = _replace(text, r"^    \{ path = \"cooling\.cities\.Chengdu\.dryness_k\.value\".+\n", "")
    text = _replace(text, r"^targets = .*", 'targets = ["beijing"]')
    text = _replace(text, r"^n_draws = 256", "n_draws = 32")
    text = _replace(text, r"^n_draws = 10000", "n_draws = 500")
    text = _replace(text, r"^\[screening\]\ncell_m = 1000\.0", "[screening]\ncell_m = 20000.0")
    text = _replace(text, r"^n_sites = 10", "n_sites = 3")
    text = _replace(
        text, r"^\[route\]\ncell_m = 1000\.0", "[route]\ncell_m = 4000.0\ntie_cell_m = 1000.0"
    )
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    for path in folder.glob("*.tif"):
        fine = read_raster(path, name="", title_zh="", title_en="", unit="", source_id="")
        values = np.asarray(fine.values)[::4, ::4]
        write_grid(path, replace(fine, values=values, step_deg=4 * fine.step_deg))


def _run(
    folder: Path, *arguments: str, code: str = RUN, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )  # fmt: skip


@pytest.fixture
def process(tmp_path: Path) -> Steppe:
    """Run `steppe` in an empty folder and in a process of its own, which is returned."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return _run(tmp_path, *arguments, **environment)

    return run


def _build(folder: Path, *arguments: str, **environment: str) -> None:
    """Run `steppe build` in the folder `ran`; beside it lie what it said and its tables."""
    (folder / "ran").mkdir()
    arguments = (str(folder / "tables.pickle"), "build", *arguments)
    done = _run(folder / "ran", *arguments, code=RUN_AND_KEEP, **environment)
    assert done.returncode == 0, done.stderr
    (folder / "done.pickle").write_bytes(pickle.dumps(done))


def _unpickle(path: Path) -> Any:
    return pickle.loads(path.read_bytes())


@pytest.fixture(scope="session")
def _default_build(share: Share) -> Path:
    strange = {"TZ": "America/St_Johns", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"}
    return share("default_build", lambda folder: _build(folder, **strange))


@pytest.fixture(scope="session")
def _light_build(share: Share, light_pack: Path) -> Path:
    return share("light_build", lambda folder: _build(folder, str(light_pack), "--out", "o"))


@pytest.fixture(scope="session", params=["shanxi", "chengdu"])
def further_built(request: pytest.FixtureRequest, pack: Path, share: Share) -> Path:
    """The output folder of a pack beside the default one, as a first look; to be read only."""
    folder = str(pack.parent / request.param)
    built = share(
        f"{request.param}_build", lambda into: _build(into, folder, "--quick", "--out", "o")
    )
    return built / "ran" / "o"


@pytest.fixture(scope="session")
def first_build(_default_build: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    """`steppe build` alone: the process, and the folder that it ran in; to be read only."""
    return _unpickle(_default_build / "done.pickle"), _default_build / "ran"


@pytest.fixture(scope="session")
def built(_default_build: Path) -> Path:
    """The output folder of the default plan; to be copied where a test changes it."""
    return _default_build / "ran" / "out" / "inner_mongolia"


@pytest.fixture(scope="session")
def light_built(_light_build: Path) -> Path:
    """The output folder of the light plan; to be copied where a test changes it."""
    return _light_build / "ran" / "o"


@pytest.fixture(scope="session")
def default_tables(_default_build: Path) -> PlanTables:
    """The tables of the default plan."""
    return _unpickle(_default_build / "tables.pickle")


@pytest.fixture(scope="session")
def light_tables(_light_build: Path) -> PlanTables:
    """The tables of the light plan."""
    return _unpickle(_light_build / "tables.pickle")


def _write_least(folder: Path) -> Path:
    (folder / "parks.csv").write_text(LEAST_PARKS, encoding="utf-8")
    (folder / "plan.toml").write_text(LEAST_PLAN, encoding="utf-8")
    return folder


@pytest.fixture
def least_plan(tmp_path: Path) -> Path:
    """The folder of a plan of three parks and one criterion, and nothing else."""
    return _write_least(tmp_path)


# All commands of the walk in one process: the imports of eight would take most of the time.
WALK = """
import sys, json
from typer.testing import CliRunner
from steppe.command.app import app
for words in json.loads(sys.argv[1]):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, (words, done.output, done.exception)
"""


def _walk(folder: Path, section: str) -> Path:
    """Perform the commands of a section of docs/ten_minutes.md where its files lie."""
    from tests.gis.intake.walk_files import list_commands  # noqa: PLC0415

    return _perform(folder, list_commands(ROOT / "docs" / "ten_minutes.md", section))


@pytest.fixture(scope="session")
def begun_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a plan that was only begun: it has no park and no layer."""
    begin = ["init", "begun", "--bbox", "24.0,59.9,25.5,60.5"]
    folder = _perform(tmp_path_factory.mktemp("begun"), [begin, ["build", "begun"]])
    return folder / "out" / "begun"


def _perform(folder: Path, commands: list[list[str]]) -> Path:
    """Perform commands in a folder, and return it."""
    done = _run(folder, json.dumps(commands), code=WALK, LC_ALL="C.UTF-8")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the walk of docs/ten_minutes.md was performed."""
    from tests.gis.intake.walk_files import write_walk_files  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("walked")
    (folder / "came").mkdir()
    for place in (folder, folder / "came"):
        write_walk_files(place)
    return _walk(folder, "The walk")


@pytest.fixture(scope="session")
def walked_country(tmp_path_factory: pytest.TempPathFactory, datasets: Path) -> Path:
    """The folder in which its whole country was performed, with the real network."""
    from tests.gis.intake.walk_files import write_walk_files  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("country")
    write_walk_files(folder)
    network = datasets / "ofds" / "Kenya" / "Liquid_Intelligent_Technologies"
    shutil.copyfile(network / "ofds_liquid_kenya.json", folder / "ofds_liquid_kenya.json")
    return _walk(folder, "A whole country")


@pytest.fixture(scope="session")
def least_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of that plan; to be copied where a test changes it."""
    folder = _write_least(tmp_path_factory.mktemp("least"))
    _build(folder, str(folder), "--out", "o")
    return folder / "ran" / "o"
