"""What the fuzzing stands on: a number tells a fault, and most numbers make one."""

from __future__ import annotations

import pytest

from tests.fuzz.mutations import TOKENS, cut_short, mutate

SAMPLE = b'graph [\n  node [ id 0 label "Hohhot" ]\n  node [ id 1 ]\n]\n'


@pytest.mark.parametrize("kind", sorted(TOKENS))
def test_a_number_always_breaks_a_file_in_the_same_way(kind: str) -> None:
    for number in range(50):
        assert mutate(SAMPLE, number, kind=kind) == mutate(SAMPLE, number, kind=kind)


def test_most_numbers_break_it_each_in_its_own_way() -> None:
    made = {mutate(SAMPLE, number) for number in range(500)}
    assert len(made) > 400
    assert len(made - {SAMPLE}) >= len(made) - 1


def test_no_number_fails_on_what_is_empty_or_short() -> None:
    for content in (b"", b"x", b"\n"):
        for number in range(300):
            assert isinstance(mutate(content, number), bytes)


def test_a_file_is_cut_at_five_places() -> None:
    assert [len(part) for part in cut_short(b"0123456789")] == [0, 2, 4, 6, 8]
