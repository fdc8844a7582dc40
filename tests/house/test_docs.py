"""The docs say what the contracts and the plan say."""

import re
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.contracts import INPUT_LAYERS, LAYERS, PLAN_TABLES, RESULT_TABLES
from steppe.layers.facts import read_facts
from steppe.layers.limits import LIMITS, MB
from steppe.planfile.plan_schema import OPTIONAL_LAYERS, read_plan

ROOT = Path(__file__).parents[2]
CONTRACTS = [*LAYERS.values(), *RESULT_TABLES.values()]
GEOMETRY = {"point": "points", "line": "lines", "polygon": "polygons", None: "table"}


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_column_stands_in_the_docs_with_its_meaning(contract) -> None:
    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    star = "*" if contract.name in OPTIONAL_LAYERS else ""
    heading = f"### {contract.name}{star} ({GEOMETRY[contract.geometry]})\n"
    section = text.split(heading)[1].split("\n### ")[0]
    assert f"Key: {', '.join(f'`{name}`' for name in contract.key)}." in section
    for name, column in contract.columns.items():
        (row,) = [line for line in section.splitlines() if line.startswith(f"| `{name}` |")]
        assert row.endswith(f"| {column.meaning} |")
        assert ("| yes |" in row) == column.is_optional


@pytest.mark.parametrize("contract", INPUT_LAYERS.values(), ids=lambda contract: contract.name)
def test_the_bounds_of_every_number_stand_in_the_docs(contract) -> None:
    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
    section = text.split("### What a cell may hold")[1].split("\n### ")[0]
    rows = [[part.strip() for part in line.split("|")[1:-1]] for line in section.splitlines()]
    for name, cells in contract.columns.items():
        if cells.kind not in ("number", "whole"):
            continue
        shown = re.sub(r"^temp_\d\d_c$", "temp_01_c", name)
        found = [row for row in rows if row and row[0].startswith(f"`{shown}`")]
        ends = [[float(end.replace(" ", "")) for end in row[1:3]] for row in found]
        assert [cells.low, cells.high] in ends, name
        assert cells.unit in ("1", "a", *(row[3] for row in found)), name


def test_every_limit_stands_in_the_docs() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.*) \| (\d[\d ]*) (.*) \|$", text, re.MULTILINE)
    told = [(of, int(most.replace(" ", "")), unit) for of, most, unit in rows]
    in_mb = {"bytes": (MB, "MB")}
    wanted = [
        (limit.holds_for, limit.most // size, unit)
        for limit in LIMITS.values()
        for size, unit in [in_mb.get(limit.unit, (1, limit.unit))]
    ]
    assert told == wanted


def test_every_table_that_is_written_stands_among_the_files() -> None:
    text = (ROOT / "docs" / "files.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert {name for name, each in PLAN_TABLES.items() if each.has_csv} == set(
        re.findall(r"`(\w+)\.csv`", text)
    )


def test_the_ends_of_the_value_functions_stand_in_the_docs(pack: Path) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    for criterion in read_plan(pack / "plan.toml").criteria:
        for measure in criterion.measures:
            assert f"`{measure.id}`" in text or measure.weight == 0
            if measure.weight > 0:
                (row,) = [
                    line for line in text.splitlines() if line.startswith(f"| `{measure.id}` |")
                ]
                numbers = row.replace(" ", "")
                assert f"{measure.worst:g}"[:4] in numbers
                assert f"{measure.best:g}"[:4] in numbers


def test_every_layer_of_the_pack_stands_in_the_docs(pack: Path) -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for name in read_plan(pack / "plan.toml").layers:
        if INPUT_LAYERS[name].geometry is not None:
            assert name in text, name


def test_the_docs_own_up_to_every_kind_of_assumption(pack: Path) -> None:
    facts = pd.concat([read_facts(path) for path in sorted(pack.glob("facts_*.csv"))])
    assumed = facts[facts["kind"] == "assumed"]
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8").split("## What is assumed")[1]
    words = {
        "parks": "park", "nodes": "node", "ports": "port", "fibre": "corridor of every cable",
        "towns": "GeoNames", "corridors": "corridor", "prefectures": "West or the East grid",
        "figures": "year of a figure", "round_trips": "published round trips",
        "rules": "clauses of TIA-942",
    }  # fmt: skip
    assert set(assumed["layer"]) <= set(words)
    for layer in set(assumed["layer"]) - {"towns"}:
        assert words[layer] in text
