"""Work tells how far it is to whoever watches, and to nobody otherwise."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.progress import begin, count, watch
from steppe.layers.wording import Message, tell

READING, MAP = tell("progress.reading"), tell("progress.page")


def test_nothing_is_done_where_nobody_watches() -> None:
    parts = [1, 2, 3]
    assert count(parts) is parts
    begin(READING)


def test_who_watches_is_told_of_each_step_as_it_begins() -> None:
    begun: list[Message] = []
    with watch(begun.append) as course:
        begin(READING)
        assert begun == [READING]
        begin(MAP)
    assert begun == [READING, MAP]
    assert course.step == MAP
    begin(READING)
    assert begun == [READING, MAP]


def test_what_is_counted_within_a_part_is_a_fraction_of_the_part() -> None:
    seen = []
    with watch() as course:
        begin(READING)
        assert course.done_frac() is None
        for _ in count(range(4)):
            seen += [course.done_frac() for _ in count("ab")]
    assert seen == [0, 1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8]
    assert course.done_frac() is None


@given(st.recursive(st.just(0), lambda inner: st.lists(inner, max_size=3), max_leaves=20))
def test_the_done_fraction_never_falls_and_passes_every_part_on(tree) -> None:
    seen, leaves = [0.0], []

    def walk(node) -> None:
        seen.append(course.done_frac() or 0.0)
        if node == 0:
            leaves.append(node)
            return
        for part in count(node):
            walk(part)

    with watch() as course:
        walk([tree])
    assert len(leaves) == str(tree).count("0")
    assert all(a <= b + 1e-12 for a, b in pairwise(seen))
    assert max(seen) <= 1


def test_a_count_that_is_broken_off_is_over_with_its_part() -> None:
    with watch() as course:
        begun = []
        for _ in count(range(2)):
            inner = iter(count(range(9)))
            next(inner)
            begun.append(inner)  # still held by somebody, as by a trace
        assert course.tell_counts() == []
        for _ in count(range(5)):
            begun.clear()
            break
        for _ in count(range(3)):
            assert course.tell_counts() == [(0, 3)]
            break


def test_a_step_ends_the_counts_of_the_one_before() -> None:
    with watch() as course:
        for _ in count(range(3)):
            begin(MAP)
            assert course.tell_counts() == []
