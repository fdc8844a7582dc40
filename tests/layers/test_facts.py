"""Facts and sources: precedence, provenance, and the licence that holds for a table."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.contracts.documents import FACTS
from steppe.layers.errors import InputError
from steppe.layers.facts import best_facts, layer_rows, read_facts, unknown_sources
from steppe.layers.sources import Source, foreign_licences, read_sources


def source(source_id: str, *, year: int = 2020, licence: str = "citation") -> Source:
    return Source(
        source_id=source_id, title="t", publisher="p", year=year, licence=licence,
        attribution="a", accuracy="x", as_of=date(year, 1, 1),
    )  # fmt: skip


def fact(kind: str, value: str, source_id: str) -> dict[str, str]:
    row = {"layer": "parks", "id": "a", "field": "area_ha", "value": value, "unit": "ha"}
    return {**row, "source_id": source_id, "place_in_text": "1", "kind": kind, "reason": "r"}


SOURCES = {"old": source("old", year=2011), "new": source("new", year=2017)}


@pytest.mark.parametrize(
    ("rows", "winner"),
    [
        ([fact("said", "1", "new"), fact("measured", "2", "old")], "2"),
        ([fact("said", "1", "new"), fact("derived", "2", "old")], "2"),
        ([fact("assumed", "1", "new"), fact("said", "2", "old")], "2"),
        ([fact("said", "1", "old"), fact("said", "2", "new")], "2"),
    ],
)
def test_what_is_measured_beats_what_is_said_and_the_newer_the_older(rows, winner: str) -> None:
    for order in (rows, rows[::-1]):
        best = best_facts(pd.DataFrame(order), SOURCES)
        assert list(best["value"]) == [winner]


def test_a_row_names_the_source_that_names_it() -> None:
    rows = [fact("said", "5", "old"), {**fact("said", "园", "new"), "field": "name_zh"}]
    wide = layer_rows(best_facts(pd.DataFrame(rows), SOURCES), "parks")
    assert wide.loc[0, ["id", "area_ha", "name_zh", "source_id"]].tolist() == [
        "a",
        "5",
        "园",
        "new",
    ]


def test_an_unknown_source_names_its_rows() -> None:
    frame = pd.DataFrame({"park_id": ["a", "b", "c"], "source_id": ["old", "x", "x"]})
    (problem,) = unknown_sources(frame, SOURCES, where="parks.csv", id_column="park_id")
    assert problem.rows == ("b", "c")
    assert "'x'" in str(problem)


def test_facts_of_an_unknown_kind_are_refused(tmp_path: Path) -> None:
    table = pd.DataFrame([fact("guessed", "1", "old")])
    table.to_csv(tmp_path / "facts.csv", index=False)
    with pytest.raises(InputError, match="kind is none of the values"):
        read_facts(tmp_path / "facts.csv")


def test_the_same_fact_twice_is_refused(tmp_path: Path) -> None:
    pd.DataFrame([fact("said", "1", "old")] * 2)[list(FACTS.columns)].to_csv(
        tmp_path / "facts.csv", index=False
    )
    with pytest.raises(InputError, match="occurs more than once"):
        read_facts(tmp_path / "facts.csv")


def test_a_source_without_licence_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        '[a]\ntitle="t"\npublisher="p"\nyear=2020\nattribution="a"\naccuracy="x"\nas_of=2020-01-01\n'
    )
    with pytest.raises(InputError, match=r"a\.licence"):
        read_sources(path)


def test_a_blank_attribution_does_not_pass(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(
        '[a]\ntitle="t"\npublisher="p"\nyear=2020\nlicence="l"\nattribution=" "\naccuracy="x"\nas_of=2020-01-01\n'
    )
    with pytest.raises(InputError, match=r"a\.attribution"):
        read_sources(path)


@pytest.mark.parametrize(
    ("licences", "table", "clean"),
    [
        (["ODbL-1.0", "public-domain", "citation"], "ODbL-1.0", True),
        (["ODbL-1.0", "CC-BY-4.0"], "ODbL-1.0", False),
        (["CC-BY-SA-3.0"], "CC-BY-4.0", False),
        (["CC-BY-4.0", "CC0-1.0"], "CC-BY-4.0", True),
    ],
)
def test_a_table_has_one_licence(licences: list[str], table: str, *, clean: bool) -> None:
    used = [source(f"s{number}", licence=licence) for number, licence in enumerate(licences)]
    assert (foreign_licences("t", used, licence=table) == []) is clean
