"""Places to write: what is refused before anything is built."""

from __future__ import annotations

from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.outputs.openable_places import refuse_unopenable


@pytest.mark.parametrize("name", ["a%20b", "a%25b", "100%ab", "out/a%2Fb/plan", "a|layername=x"])
def test_a_folder_in_which_qgis_finds_nothing_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        refuse_unopenable(Path(name))
    assert str(caught.value).startswith(f"{name}: QGIS finds no layers")


@pytest.mark.parametrize("name", ["plan", "50 %", "a%", "a%2", "a#b?c", "a'b", "规划 [x]", "${a}"])
def test_any_other_name_will_do(name: str) -> None:
    refuse_unopenable(Path(name))
