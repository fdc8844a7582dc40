"""Places to write: what is refused before anything is built."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.outputs.single_file import refuse_unopenable, write_file


@pytest.mark.parametrize("name", ["a%20b", "a%25b", "100%ab", "out/a%2Fb/plan", "a|layername=x"])
def test_a_folder_in_which_qgis_finds_nothing_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        refuse_unopenable(Path(name))
    assert str(caught.value).startswith(f"{name}: QGIS finds no layers")


@pytest.mark.parametrize("name", ["plan", "50 %", "a%", "a%2", "a#b?c", "a'b", "规划 [x]", "${a}"])
def test_any_other_name_will_do(name: str) -> None:
    refuse_unopenable(Path(name))


def test_a_page_goes_through_no_link_and_no_pipe_that_lies_beside_it(tmp_path):
    mine, beside = tmp_path / "mine", tmp_path / ".map.html.steppe-new"
    mine.write_text("mine")
    beside.symlink_to(mine)
    page = "<!doctype html>\n蒙"
    assert write_file(tmp_path / "map.html", page).read_bytes() == page.encode()
    assert mine.read_text() == "mine"
    os.mkfifo(beside)
    assert write_file(tmp_path / "map.html", page).read_bytes() == page.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.html", "mine"]


def test_a_page_takes_the_place_of_no_pipe(tmp_path):
    os.mkfifo(tmp_path / "map.html")
    with pytest.raises(InputError, match="is no regular file"):
        write_file(tmp_path / "map.html", "page")
    assert (tmp_path / "map.html").is_fifo()
