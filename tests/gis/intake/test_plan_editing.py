"""A plan is changed whole or not at all, and nothing of the user's is lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tomllib
from pathlib import Path

import pytest

from steppe.intake.plan_editing import editing
from steppe.layers.errors import InputError
from steppe.planfile.plan_reading import read_plan

SOURCE = {
    "title": "Roads", "publisher": "x", "year": 2024, "licence": "ODbL-1.0",
    "attribution": "© x", "accuracy": "10 m", "as_of": "2024-01-01",
}  # fmt: skip


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def add_roads(path: Path, text: str = "new") -> str:
    with editing(path) as edit:
        name = edit.put_file("roads.csv", lambda file: file.write_text(text, encoding="utf-8"))
        edit.set_layer("railways", {"file": name, "licence": "ODbL-1.0", "crs": "EPSG:4326"})
        edit.add_source("roads", SOURCE)
    return name


def test_a_layer_its_file_and_its_source_come_together(least_plan: Path) -> None:
    path = least_plan / "plan.toml"
    before = snapshot(least_plan)
    assert add_roads(path) == "roads.csv"
    plan = read_plan(path)
    assert plan.layers["railways"].file == "roads.csv"
    assert plan.sources == "sources.toml"
    listed = tomllib.loads((least_plan / "sources.toml").read_text(encoding="utf-8"))
    assert listed["roads"]["title"] == "Roads"
    assert set(snapshot(least_plan)) == {*before, "roads.csv", "sources.toml"}


def test_a_file_of_the_same_name_is_never_written_over(least_plan: Path) -> None:
    path = least_plan / "plan.toml"
    add_roads(path)
    assert add_roads(path) == "roads.csv"  # the very same bytes
    assert add_roads(path, "newer") == "roads_2.csv"
    assert (least_plan / "roads.csv").read_text(encoding="utf-8") == "new"
    assert read_plan(path).layers["railways"].file == "roads_2.csv"


def test_what_fails_on_the_way_leaves_all_as_it_was(least_plan: Path) -> None:
    path = least_plan / "plan.toml"
    before = snapshot(least_plan)

    def fail(file: Path) -> None:
        file.write_text("half", encoding="utf-8")
        raise InputError([])

    with pytest.raises(InputError), editing(path) as edit:
        edit.put_file("roads.csv", fail)
    with pytest.raises(InputError, match=r"layers\.railways\.file"), editing(path) as edit:
        edit.set_layer("railways", {"file": 3})
    with pytest.raises(InputError, match=r"layers\.streets"), editing(path) as edit:
        edit.set_layer("streets", {"file": "x.csv"})
    assert snapshot(least_plan) == before
    assert {each.name for each in least_plan.iterdir()} == set(before)


def test_faults_that_were_there_before_hinder_no_one(least_plan: Path) -> None:
    path = least_plan / "plan.toml"
    path.write_text("strange = 1\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert add_roads(path) == "roads.csv"


def test_two_commands_do_not_change_a_plan_at_once(least_plan: Path) -> None:
    path = least_plan / "plan.toml"
    with editing(path), pytest.raises(InputError, match="another command"), editing(path):
        pass
    add_roads(path)


@pytest.mark.parametrize("name", ["..", "a/b", "../x.csv", ".hidden", "/etc/x"])
def test_a_file_lies_beside_the_plan(least_plan: Path, name: str) -> None:
    with (
        pytest.raises(ValueError, match=re.escape(name)),
        editing(least_plan / "plan.toml") as edit,
    ):
        edit.put_file(name, lambda file: file.write_text("x", encoding="utf-8"))
    assert not (least_plan.parent / "x.csv").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a process of its own")
def test_a_kill_leaves_the_old_plan_or_the_new_one(least_plan: Path, tmp_path_factory) -> None:
    """Killed before its nth call to the disk, for each n, the plan is whole: old or new."""
    seen = set()
    for steps in range(60):
        folder = tmp_path_factory.mktemp("killed") / "plan"
        shutil.copytree(least_plan, folder)
        is_done = _kill_at(folder / "plan.toml", steps)
        plan = read_plan(folder / "plan.toml")
        for _, name in plan.named_files():
            assert (folder / name).exists(), (steps, name)
        is_new = "railways" in plan.layers
        if is_new:
            assert (folder / "roads.csv").read_text(encoding="utf-8") == "new"
            assert b"[roads]" in (folder / plan.sources).read_bytes()
        seen.add(is_new)
        # Whatever was left, the next command does it all.
        assert add_roads(folder / "plan.toml") == "roads.csv"
        assert not [each for each in folder.iterdir() if each.name.startswith(".")]
        if is_done:
            break
    assert is_done
    assert seen == {False, True}
    assert steps > 5


def _kill_at(path: Path, n_steps: int) -> bool:
    """Change a plan in a process that is killed at its nth call to the disk; tell if it ended."""
    child = os.fork()
    if child == 0:
        left = [n_steps]

        def counted(call):
            def step(*given, **named):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                return call(*given, **named)

            return step

        for name in ("replace", "fsync", "unlink", "mkdir", "rename"):
            setattr(os, name, counted(getattr(os, name)))
        try:
            add_roads(path)
        finally:
            os._exit(0 if left[0] > 0 else 1)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
