"""Names that stand more than once, among as many as somebody likes to send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from steppe.layers.contracts.surroundings import PORTS
from steppe.layers.duplicate_names import find_duplicates
from steppe.layers.errors import InputError
from steppe.layers.geojson import read_geojson
from steppe.layers.interchange.ofds_documents import read_networks

MANY = 200_000


def test_each_is_named_once() -> None:
    assert find_duplicates("abcbab") == ["a", "b"]
    assert find_duplicates([]) == []


@pytest.mark.parametrize("read", ["geojson", "ofds"])
def test_the_last_of_many_keys_twice_is_found_in_time(tmp_path: Path, read: str) -> None:
    path = tmp_path / "a.json"
    keys = [*(f"k{number}" for number in range(MANY)), f"k{MANY - 1}"]
    path.write_text("{" + ",".join(f"{json.dumps(key)}:1" for key in keys) + "}")
    with pytest.raises(InputError, match=f"'k{MANY - 1}' more than once"):
        read_networks(path) if read == "ofds" else read_geojson(path, PORTS, "a.json › ports")
