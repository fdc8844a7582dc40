"""Files are written whole or not at all, and through nothing that lies in their place."""

from __future__ import annotations

import os

import pytest

from steppe.layers.errors import InputError
from steppe.layers.whole_files import write_file


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
