from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

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


def test_the_wheel_alone_writes_the_bytes_of_the_checkout(lone_command, built, tmp_path):
    empty = tmp_path / "an empty 空 folder"
    empty.mkdir()
    bare = {"PATH": os.defpath, "HOME": str(empty)}
    strange = {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "123", "LC_ALL": "C"}
    subprocess.run([lone_command, "build"], check=True, cwd=empty, env=bare | strange)
    written = digest_tree(empty / "out" / PLAN)
    assert {"map.html", "plan.gpkg", "plan.qgz", "report.html", "run.json"} <= written.keys()
    assert written == digest_tree(built)
    assert [path.name for path in empty.iterdir()] == ["out"]
