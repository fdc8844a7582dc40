from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

ROOMS = ("gis", "layers", "routing", "maps", "data")
WHERE = {"gis": "", "data": "packs_data/"} | {
    room: f"{room}/" for room in ("layers", "routing", "maps")
}
PLAN = "inner_mongolia"


def name_in_wheel(name: str) -> str:
    room, _, rest = name.partition("/")
    return f"steppe/{WHERE[room]}{rest}"


def test_the_wheel_holds_every_tracked_file_of_the_rooms_and_nothing_else(wheel, tracked):
    of_rooms = {name_in_wheel(name) for name in tracked if name.split("/")[0] in ROOMS}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert of_rooms - held == set()
    assert held - of_rooms == set()
    assert {name.split("/")[0] for name in held} == {"steppe"}


def test_the_wheel_holds_the_bytes_of_the_checkout(wheel, tracked, root):
    with zipfile.ZipFile(wheel) as archive:
        changed = [
            name
            for name in tracked
            if name.split("/")[0] in ROOMS
            and archive.read(name_in_wheel(name)) != (root / name).read_bytes()
        ]
    assert changed == []


@pytest.fixture(scope="module")
def lone_command(wheel, root, tmp_path_factory) -> Path:
    """`steppe` of an environment that holds the wheel and what it asks for, nothing else."""
    folder = tmp_path_factory.mktemp("lone") / "环境 venv"
    venv.create(folder)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder)
    # Of what is installed, a build compiles the little that it imports.
    subprocess.run(
        [*pip, "install", "--quiet", "--no-compile", "-c", root / "constraints.txt", wheel],
        check=True,
        stderr=subprocess.PIPE,
    )
    subprocess.run([*pip, "check"], check=True)
    return folder / "bin" / "steppe"


def digest_tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def older_processor() -> dict[str, str]:
    """Return what makes numpy, OpenBLAS and the C library compute as without AVX2 and FMA."""
    there = [name for name in __cpu_dispatch__ if __cpu_features__[name]]
    return {
        "NPY_DISABLE_CPU_FEATURES": " ".join(there),
        "OPENBLAS_CORETYPE": "Nehalem",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX512VL,-AVX2_Usable,-FMA_Usable",
    }


def test_the_wheel_alone_writes_the_bytes_of_the_checkout(
    lone_command, light_pack, light_built, tmp_path
):
    """Also in another place, with another order of sets, and on an older processor."""
    empty = tmp_path / "an empty 空 folder"
    empty.mkdir()
    # Matplotlib keeps a list of the fonts that there are at home.
    bare = {"PATH": os.defpath, "HOME": str(tmp_path / "home")}
    strange = {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "123", "LC_ALL": "C"}
    env = bare | strange | older_processor()
    subprocess.run(
        [lone_command, "build", light_pack, "--out", "out"], check=True, cwd=empty, env=env
    )
    written = digest_tree(empty / "out")
    assert {"map.html", "plan.gpkg", "plan.qgz", "report.zh.html", "run.json"} <= written.keys()
    assert written == digest_tree(light_built)
    assert [path.name for path in empty.iterdir()] == ["out"]
    # And the packs are found where it brings them.
    told = subprocess.run(
        [lone_command, "score", PLAN, "--json"], check=True, cwd=empty, env=env, capture_output=True
    )
    assert json.loads(told.stdout)["plan"] == PLAN
