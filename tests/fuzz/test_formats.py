"""Whatever a file of a plan holds, it is read, or refused as the user's fault, and nothing else.

No clock is asserted: a mutation makes a file at most `GROWTH` longer, and what hangs on such
a file is seen as a test that does not end.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from tests.fuzz.mutations import cut_short, mutate
from tests.fuzz.samples import Sample, make_samples

FORMATS = (
    *("plan", "sources", "facts", "csv", "geojson", "gpkg", "shp", "dbf"),
    *("graphml", "gml", "n2p", "node_link", "ofds", "tif", "epw", "isd"),
)
# As many as are read in about a second; a million bytes is what a mutation may add at most.
N_CASES = {
    "epw": 20,
    "isd": 20,
    "gpkg": 40,
    "shp": 40,
    "dbf": 40,
    "plan": 40,
    "facts": 40,
    "geojson": 60,
    "csv": 60,
}
N_ALL = 120
N_SOAK = 10_000
GROWTH = 1_000_000


@pytest.fixture(scope="module")
def samples(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sample]:
    return make_samples(pack, tmp_path_factory.mktemp("samples"))


def hold(sample: Sample, content: bytes, folder: Path) -> bool:
    """Tell whether the content is read; anything but one line for each fault fails."""
    assert len(content) <= len(sample.content) * 100 + GROWTH
    lines = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # libraries warn of much that is then refused
        try:
            sample.attempt(content, folder)
        except InputError as error:
            lines = [str(problem) for problem in error.problems]
    assert all(len(line.splitlines()) == 1 for line in lines)
    return not lines


def test_every_format_has_its_sample(samples) -> None:
    assert set(samples) == set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_itself_is_read(samples, tmp_path: Path, name: str) -> None:
    assert hold(samples[name], samples[name].content, tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_cut_short_is_read_or_one_line(samples, tmp_path: Path, name: str) -> None:
    for part in cut_short(samples[name].content):
        hold(samples[name], part, tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_a_broken_file_is_read_or_one_line(samples, tmp_path: Path, name: str) -> None:
    sample = samples[name]
    for number in range(N_CASES.get(name, N_ALL)):
        try:
            hold(sample, mutate(sample.content, number, kind=sample.kind), tmp_path)
        except Exception as error:
            error.add_note(f"{name}, mutation {number}")
            raise


@pytest.mark.soak
@pytest.mark.parametrize("name", FORMATS)
def test_ten_thousand_broken_files_are_read_or_one_line(samples, tmp_path: Path, name: str) -> None:
    sample = samples[name]
    for number in range(N_ALL, N_ALL + N_SOAK):
        try:
            hold(sample, mutate(sample.content, number, kind=sample.kind), tmp_path)
        except Exception as error:
            error.add_note(f"{name}, mutation {number}")
            raise
