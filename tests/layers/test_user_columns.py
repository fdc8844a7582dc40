"""A user's further columns keep their values under a name that nothing else bears."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steppe.layers.user_columns import RESERVED, free_names

TAKEN = ("park_id", "name_en", "rank", "score")


@pytest.mark.parametrize(
    ("further", "renamed"),
    [
        (["fid"], {"fid": "fid_2"}),
        (["FID", "fid"], {"FID": "FID_2", "fid": "fid_3"}),
        (["Geom"], {"Geom": "Geom_2"}),
        (["NAME_EN", "Name_En"], {"NAME_EN": "NAME_EN_2", "Name_En": "Name_En_3"}),
        (["rank", "rank_2"], {"rank": "rank_3"}),
        (["note", "Note"], {"Note": "Note_2"}),
        (["note", "owner"], {}),
    ],
)
def test_a_name_that_is_taken_gives_way(further: list[str], renamed: dict[str, str]) -> None:
    assert free_names(further, TAKEN) == renamed


names = st.sampled_from(
    ["rank", "RANK", "rank_2", "Rank_2", "fid", "FID_2", "note", "NOTE", "名", "ß", "SS"]
)


@given(st.lists(names, unique=True))
def test_afterwards_no_two_columns_bear_one_name(further: list[str]) -> None:
    renamed = free_names(further, TAKEN)
    written = [renamed.get(name, name) for name in further]
    every = [name.casefold() for name in (*TAKEN, *RESERVED, *written)]
    assert len(set(every)) == len(every)
