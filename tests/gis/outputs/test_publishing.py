from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steppe.layers.errors import InputError
from steppe.outputs import publishing as module
from steppe.outputs.publishing import publish
from steppe.outputs.run_record import RECORD_NAME, write_record

OLD = {"map.html": b"old map", "plan.gpkg": b"old layers", "rasters/a.tif": b"old grid"}
NEW = {"map.html": b"new map", "plan.gpkg": b"new layers", "rasters/b.tif": b"new grid"}
MINE = {"notes.txt": b"my notes", "rasters/mine.tif": b"my grid", "mine/deep/表 1.csv": b"a,b\n"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def line_of(error: pytest.ExceptionInfo[InputError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    return text


class _StopError(Exception):
    """A build that ends before it writes anything."""


def recover(out: Path) -> None:
    """Begin a build and end it at once: it clears up what a killed one left."""
    with suppress(_StopError), publish(out, force=True):
        raise _StopError


def test_first_build_makes_the_folder_and_leaves_nothing_beside_it(tmp_path, build, read):
    out = tmp_path / "not yet" / "there" / "plan"
    build(out, NEW)
    assert read(out) == NEW | {"rasters": None}
    assert names(out.parent) == ["plan"]


def test_second_build_replaces_the_folder_whole(tmp_path, build, read):
    out = tmp_path / "plan"
    build(out, OLD)
    build(out, NEW)
    assert read(out) == NEW | {"rasters": None}
    assert names(tmp_path) == ["plan"]


@pytest.mark.parametrize("name", ["plan", "规划 内蒙古", ".hidden", "a.b.c", "ends in space "])
def test_relative_paths_and_any_name_work(tmp_path, monkeypatch, build, read, name):
    monkeypatch.chdir(tmp_path)
    build(Path(name), OLD)
    build(Path("x", "..", name), NEW)
    assert read(tmp_path / name) == NEW | {"rasters": None}


def test_the_folder_that_one_stands_in_can_be_built(tmp_path, monkeypatch, build, read):
    out = tmp_path / "plan"
    out.mkdir()
    monkeypatch.chdir(out)
    build(Path(), NEW)
    assert read(out) == NEW | {"rasters": None}


def test_an_error_in_the_block_changes_nothing(tmp_path, build, write, read):
    out = tmp_path / "plan"
    build(out, OLD)
    write(out, MINE)
    before = read(out)
    with pytest.raises(ZeroDivisionError), publish(out) as staging:
        write(staging, NEW)
        raise ZeroDivisionError
    assert read(out) == before
    assert names(tmp_path) == ["plan"]


def test_an_error_in_a_first_build_leaves_no_folder_at_all(tmp_path):
    with pytest.raises(KeyboardInterrupt), publish(tmp_path / "a" / "b"):
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_block_without_a_fitting_record_is_a_bug_and_changes_nothing(
    tmp_path, build, write, read
):
    out = tmp_path / "plan"
    build(out, OLD)
    with pytest.raises(RuntimeError), publish(out) as staging:
        write(staging, NEW)
    for late in ("map.html", "late.txt"):
        with pytest.raises(RuntimeError, match=late), publish(out) as staging:
            write(staging, NEW)
            write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)
            write(staging, {late: b"late"})
    assert read(out) == OLD | {"rasters": None}


# Who edits, who adds, who is still at it


@pytest.mark.parametrize("name", ["plan.gpkg", "rasters/a.tif"])
@pytest.mark.parametrize("how", ["edit", "same length", "remove", "link", "folder"])
def test_edited_outputs_are_replaced_with_force_alone(tmp_path, build, read, name, how):
    out = tmp_path / "plan"
    build(out, OLD)
    path = out / name
    content = path.read_bytes()
    path.unlink()
    if how == "edit":
        path.write_bytes(b"edited")
    elif how == "same length":
        path.write_bytes(content[::-1])
    elif how == "link":
        (tmp_path / "elsewhere").write_bytes(content)
        path.symlink_to(tmp_path / "elsewhere")
    elif how == "folder":
        path.mkdir()
    before = read(out)
    with pytest.raises(InputError) as error:
        build(out, NEW)
    assert str(out / name) in line_of(error)
    assert "--force" in line_of(error)
    assert read(out) == before
    if how != "folder":
        build(out, NEW, force=True)
        assert read(out) == NEW | {"rasters": None}


def test_every_edited_output_is_named(tmp_path, build, write):
    out = tmp_path / "plan"
    build(out, OLD)
    write(out, dict.fromkeys(OLD, b"edited"))
    with pytest.raises(InputError) as error:
        build(out, NEW)
    assert [problem.where for problem in error.value.problems] == [str(out / name) for name in OLD]


def test_edits_are_found_before_any_work(tmp_path, build, write):
    out = tmp_path / "plan"
    build(out, OLD)
    write(out, {"map.html": b"edited"})
    with pytest.raises(InputError), publish(out):
        pytest.fail("the block must not run")


def test_an_edit_during_the_work_is_found_before_the_swap(tmp_path, build, write, read):
    out = tmp_path / "plan"
    build(out, OLD)
    with pytest.raises(InputError, match="edited"), publish(out) as staging:
        write(staging, NEW)
        write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)
        write(out, {"map.html": b"edited"})
    assert read(out) == OLD | {"map.html": b"edited", "rasters": None}


@pytest.mark.parametrize("name", ["map.html", "late.txt"])
def test_a_change_within_the_swap_rolls_it_back(tmp_path, monkeypatch, build, write, read, name):
    out = tmp_path / "plan"
    build(out, OLD)

    def write_late(_: Path) -> None:
        moved = tmp_path / ".plan.steppe-old"
        if moved.is_dir() and not out.exists():
            write(moved, {name: b"late"})

    monkeypatch.setattr(module, "sync_folder", write_late)
    with pytest.raises(InputError, match="changed while it was being replaced"):
        build(out, NEW)
    assert read(out) == OLD | {name: b"late", "rasters": None}
    assert names(tmp_path) == ["plan"]


def test_files_of_others_are_carried_over(tmp_path, build, write, read):
    out = tmp_path / "plan"
    build(out, OLD)
    write(out, MINE)
    (out / "empty" / "folder").mkdir(parents=True)
    (out / "dangling").symlink_to("nowhere")
    (out / "to a folder").symlink_to(tmp_path)
    inode = (out / "notes.txt").stat().st_ino
    for _ in range(2):
        build(out, NEW)
        found = read(out)
        assert found is not None
        assert {name: found[name] for name in (*MINE, *NEW)} == MINE | NEW
        assert {"dangling": "nowhere", "to a folder": str(tmp_path)}.items() <= found.items()
        assert found["empty/folder"] is None
        assert "rasters/a.tif" not in found
    assert (out / "notes.txt").stat().st_ino == inode


def test_files_are_carried_over_where_a_file_has_one_name_only(
    tmp_path, monkeypatch, build, write, read
):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    out = tmp_path / "plan"
    build(out, OLD)
    write(out, MINE)
    monkeypatch.setattr(os, "link", refuse)
    build(out, NEW)
    found = read(out)
    assert found is not None
    assert (MINE | NEW).items() <= found.items()


def test_files_added_during_the_work_are_carried_over(tmp_path, build, write, read):
    out = tmp_path / "plan"
    build(out, OLD)
    with publish(out) as staging:
        write(staging, NEW)
        write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)
        write(out, {"late.txt": b"late"})
    assert read(out) == NEW | {"late.txt": b"late", "rasters": None}


paths = st.lists(st.sampled_from(["a", "b", "表 1"]), min_size=1, max_size=2).map("/".join)
trees = st.dictionaries(paths, st.binary(max_size=3), max_size=4)


def clashes(name: str, other: str) -> bool:
    return name == other or name.startswith(f"{other}/") or other.startswith(f"{name}/")


@given(old=trees, new=trees, mine=trees)
@settings(max_examples=150, deadline=None)
def test_nothing_of_others_is_ever_lost(old, new, mine):
    def settle(tree, *others):
        kept = {}
        for name, content in tree.items():
            if not any(clashes(name, other) for other in (*kept, *others)):
                kept[name] = content
        return kept

    # Hypothesis builds many folders in one test, so the fixtures cannot serve.
    def write(folder, files):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    def read(folder):
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != RECORD_NAME
        }

    def build(out, files):
        with publish(out) as staging:
            write(staging, files)
            write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)

    old, new = settle(old), settle(new)
    mine = settle(mine, *old)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "plan")
        build(out, old)
        write(out, mine)
        if any(clashes(name, other) for name in mine for other in new):
            with pytest.raises(InputError, match="where an output belongs"):
                build(out, new)
            assert read(out) == old | mine
        else:
            build(out, new)
            assert read(out) == new | mine
        assert names(Path(folder)) == ["plan"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("suffix", ["-wal", "-journal"])
def test_a_geopackage_that_someone_writes_is_left_alone(tmp_path, build, write, suffix, force):
    out = tmp_path / "plan"
    build(out, OLD)
    write(out, {f"plan.gpkg{suffix}": b""})
    with pytest.raises(InputError) as error:
        build(out, NEW, force=force)
    assert "QGIS" in line_of(error)
    assert str(out / "plan.gpkg") in line_of(error)


# Folders that are not ours, and disks that refuse


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_of_others_is_refused(tmp_path, build, write, read, force):
    out = tmp_path / "plan"
    write(out, MINE)
    before = read(out)
    with pytest.raises(InputError) as error:
        build(out, NEW, force=force)
    assert "not a folder that Steppe wrote" in line_of(error)
    assert read(out) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"name": "someone else\'s run"}',
        '{"schema_version": 2}',
    ],
)
def test_a_record_of_others_is_refused(tmp_path, build, text):
    out = tmp_path / "plan"
    out.mkdir()
    (out / RECORD_NAME).write_text(text)
    with pytest.raises(InputError) as error:
        build(out, NEW, force=True)
    assert RECORD_NAME in line_of(error)
    assert (out / RECORD_NAME).read_text() == text


def test_an_empty_folder_may_be_built_into(tmp_path, build, read):
    (tmp_path / "plan").mkdir()
    build(tmp_path / "plan", NEW)
    assert read(tmp_path / "plan") == NEW | {"rasters": None}


@pytest.mark.parametrize("kind", ["file", "link", "dangling link", "under a file", "root"])
def test_what_is_no_folder_is_refused(tmp_path, build, kind):
    out = tmp_path / "plan"
    if kind == "file":
        out.write_text("mine")
    elif kind == "link":
        build(tmp_path / "elsewhere", OLD)
        out.symlink_to(tmp_path / "elsewhere")
    elif kind == "dangling link":
        out.symlink_to("nowhere")
    elif kind == "under a file":
        (tmp_path / "file").write_text("mine")
        out = tmp_path / "file" / "plan"
    else:
        out = Path("/")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError) as error:
        build(out, NEW, force=True)
    assert line_of(error).startswith(f"{out}: ")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_above_the_folder_is_followed(tmp_path, build, read):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to("disk")
    build(tmp_path / "link" / "plan", NEW)
    assert read(tmp_path / "disk" / "plan") == NEW | {"rasters": None}


@pytest.fixture
def humble_folder():
    """Give a folder that may be read but not written, to a user who is not root."""
    folder = Path(tempfile.mkdtemp())
    (folder / "below").mkdir()
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["plan", "not/there/plan", "below"])
def test_a_folder_that_cannot_be_written_is_told_in_one_line(humble_folder, build, name):
    with pytest.raises(InputError) as error:
        build(humble_folder / name, NEW)
    assert "may not be read or written" in line_of(error)
    assert names(humble_folder) == ["below"]


def test_a_full_disk_is_told_in_one_line(tmp_path, build, read):
    out = tmp_path / "plan"
    build(out, OLD)
    with pytest.raises(InputError) as error, publish(out):
        Path("/dev/full").write_bytes(b"this device is always full")
    assert "no space is left" in line_of(error)
    assert read(out) == OLD | {"rasters": None}
    assert names(tmp_path) == ["plan"]


def test_a_full_disk_is_seen_behind_the_words_of_a_library(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    with pytest.raises(ValueError, match="sqlite3_exec"), publish(tmp_path / "plan"):
        raise ValueError("sqlite3_exec failed")  # noqa: EM101, TRY003
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(InputError, match="no space is left"), publish(tmp_path / "plan"):
        raise ValueError("sqlite3_exec failed")  # noqa: EM101, TRY003


# Two builds at once


def test_a_second_build_is_told_that_another_is_at_work(tmp_path, build, run, read):
    out = tmp_path / "plan"
    build(out, OLD)

    def build_beside() -> None:
        with pytest.raises(InputError) as error:
            build(out, NEW, force=True)
        assert "another build is at work" in line_of(error)
        with pytest.raises(InputError, match="another build is at work"):
            recover(out)
        build(tmp_path / "another", NEW)

    with publish(out) as staging:
        assert run(build_beside) == 0
        (staging / "map.html").write_bytes(b"mine")
        write_record(staging, plan="toy", inputs={}, parameters={}, seed=None)
    assert read(out) == {"map.html": b"mine"}
    assert names(tmp_path) == ["another", "plan"]


def test_of_many_builds_at_once_each_ends_whole_or_refused(tmp_path, build, read):
    out = tmp_path / "plan"
    n_builds = 8
    children = []
    for number in range(n_builds):
        child = os.fork()
        if not child:
            status = 2
            try:
                build(out, {name: f"{number}".encode() for name in NEW})
                status = 0
            except InputError as error:
                status = 1 if "another build is at work" in str(error) else 2
            finally:
                os._exit(status)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert set(codes) <= {0, 1}
    assert 0 in codes
    found = read(out)
    assert found is not None
    assert found.keys() == {*NEW, "rasters"}
    numbers = {found[name] for name in NEW}
    assert len(numbers) == 1
    assert codes[int(numbers.pop())] == 0
    assert names(tmp_path) == ["plan"]


# Kills


def lay_old(out, build, write, *, start):
    """Return what the folder holds before the build, and what it shall hold after."""
    mine = {}
    if start == "nothing":
        return None, NEW | {"rasters": None}
    if start == "empty":
        out.mkdir()
        return {}, NEW | {"rasters": None}
    build(out, OLD)
    if start in ("full", "edited"):
        mine = MINE
        write(out, mine)
    if start == "edited":
        write(out, {"map.html": b"edited"})
    folders = {"rasters": None} | ({"mine": None, "mine/deep": None} if mine else {})
    edited = {"map.html": b"edited"} if start == "edited" else {}
    return OLD | mine | folders | edited, NEW | mine | folders


@pytest.mark.parametrize("start", ["nothing", "empty", "old", "full", "edited"])
def test_a_kill_at_any_act_leaves_the_old_or_the_new_folder(
    tmp_path, build, write, read, run, start
):
    seen = []
    for act in range(1, 1000):
        room = tmp_path / str(act)
        room.mkdir()
        out = room / "plan"
        old, new = lay_old(out, build, write, start=start)
        status = run(lambda out=out: build(out, NEW, force=True), kill_at=act)
        if out.exists():
            assert read(out) in (old, new), f"killed before act {act}"
        recover(out)
        found = read(out)
        assert found in (old, new), f"killed before act {act}"
        assert names(room) == ([] if found is None else ["plan"])
        seen.append(found == new)
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        build(out, NEW, force=True)
        assert read(out) == new
    else:
        pytest.fail("the build never came to its end")
    # From some act on the folder is the new one, and stays so; both sides were seen.
    assert seen == sorted(seen)
    assert seen.index(True) > len(NEW)
    assert start == "nothing" or seen.count(True) > 1


@pytest.mark.parametrize("n_times", [1, 3])
def test_ctrl_c_at_any_act_leaves_the_old_or_the_new_folder_alone(
    tmp_path, build, write, read, acts, n_times
):
    """Pressed again and again it does not cut the clearing short."""
    for act in range(1, 1000):
        room = tmp_path / str(act)
        room.mkdir()
        out = room / "plan"
        old, new = lay_old(out, build, write, start="full")
        status = acts.stop(lambda out=out: build(out, NEW), at=act, n_times=n_times)
        assert read(out) in (old, new), f"stopped before act {act}"
        # A lock that nobody holds is in nobody's way.
        assert set(names(room)) <= {"plan", ".plan.steppe-lock"}, f"stopped before act {act}"
        if status == 0:
            break
        assert status == 128 + signal.SIGINT
        build(out, NEW)
        assert read(out) == new
        assert names(room) == ["plan"]
    assert act > len(OLD | MINE)


def test_no_remains_of_the_old_folder_come_back(tmp_path, build, write, read, run):
    acts = 0
    for act in range(1, 1000):
        out = tmp_path / str(act) / "plan"
        out.parent.mkdir()
        old, new = lay_old(out, build, write, start="full")
        status = run(lambda out=out: build(out, NEW), kill_at=act)
        if read(out) == new:
            shutil.rmtree(out)
            recover(out)
            assert read(out) in (None, old), f"killed before act {act}"
            acts += 1
        if status == 0:
            break
    assert acts > len(OLD | MINE)


def cut_short(room, build, write):
    """Leave what a kill between the two renames leaves."""
    out = room / "plan"
    build(out, NEW)
    out.rename(room / ".plan.steppe-new")
    build(out, OLD)
    write(out, MINE)
    out.rename(room / ".plan.steppe-old")
    return out


def test_a_kill_in_the_recovery_is_recovered_too(tmp_path, build, write, read, run):
    for act in range(1, 1000):
        room = tmp_path / str(act)
        room.mkdir()
        out = cut_short(room, build, write)
        status = run(lambda out=out: recover(out), kill_at=act)
        recover(out)
        assert (OLD | MINE).items() <= (read(out) or {}).items(), f"killed before act {act}"
        assert names(room) == ["plan"]
        if status == 0:
            break
    assert act > 3


def test_a_build_recovers_by_itself(tmp_path, build, write, read):
    out = cut_short(tmp_path, build, write)
    build(out, NEW)
    assert (NEW | MINE).items() <= (read(out) or {}).items()
    assert names(tmp_path) == ["plan"]


def test_a_folder_made_in_the_place_of_a_missing_one_is_not_lost(tmp_path, build, write, read):
    out = cut_short(tmp_path, build, write)
    write(out, {"theirs.txt": b"theirs"})
    with pytest.raises(InputError) as error:
        recover(out)
    assert ".plan.steppe-old" in line_of(error)
    assert read(out) == {"theirs.txt": b"theirs"}
    out.rename(tmp_path / "away")
    recover(out)
    assert (OLD | MINE).items() <= (read(out) or {}).items()


def test_a_build_that_stops_at_once_changes_nothing(tmp_path, build, read):
    build(tmp_path / "plan", OLD)
    recover(tmp_path / "plan")
    assert read(tmp_path / "plan") == OLD | {"rasters": None}


def check_random_kills(tmp_path, build, read, *, n_kills, seed):
    """Kill at random moments a process that builds without end, each build of one letter.

    Every other kill waits for one build to end, however busy the machine is.
    """
    out = tmp_path / "plan"
    chance = random.Random(seed)
    letters = [letter.encode() * 300_000 for letter in "abcdef"]
    build(out, dict.fromkeys(NEW, letters[0]))
    n_changes, last = 0, letters[0]
    for number in range(n_kills):
        heard, said = os.pipe()
        child = os.fork()
        if not child:
            try:
                while True:
                    for letter in sorted(letters, key=last.__eq__):
                        build(out, dict.fromkeys(NEW, letter))
                        os.write(said, b".")
            finally:
                os._exit(1)
        os.close(said)
        if number % 2:
            assert os.read(heard, 1) == b"."
        time.sleep(chance.uniform(0.005, 0.12))
        os.kill(child, signal.SIGKILL)
        os.close(heard)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        recover(out)
        found = read(out)
        assert found is not None
        assert found.keys() == {*NEW, "rasters"}
        assert {found[name] for name in NEW} <= set(letters)
        assert len({found[name] for name in NEW}) == 1
        assert names(tmp_path) == ["plan"]
        n_changes += found["map.html"] != last
        last = found["map.html"]
    assert n_changes > 0


def test_a_kill_at_a_random_moment_leaves_one_whole_folder(tmp_path, build, read):
    check_random_kills(tmp_path, build, read, n_kills=12, seed=1947)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_kills_at_many_random_moments_leave_one_whole_folder(tmp_path, build, read, seed):
    check_random_kills(tmp_path, build, read, n_kills=200, seed=seed)
