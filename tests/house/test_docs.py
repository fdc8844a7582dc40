"""The docs say what the contracts and the plan say."""

import re
from pathlib import Path

import pandas as pd
import pytest

from steppe.criteria.model_doc import list_rows, write_part
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.facts import read_facts
from steppe.layers.files_doc import list_lines, write_parts
from steppe.layers.limits import LIMITS, MB
from steppe.planfile.plan_reading import read_plan

ROOT = Path(__file__).parents[2]
PARTS = ("files", "inputs", "layers", "tables")


def _part(text: str, name: str) -> list[str]:
    """The lines of a marked part of docs/files.md."""
    return (
        text.split(f"<!-- made of the contracts: {name} -->\n")[1]
        .split("<!-- end -->", maxsplit=1)[0]
        .splitlines()
    )


def _sections(lines: list[str]) -> dict[str, set[str]]:
    """The lines of a part by heading."""
    found: dict[str, set[str]] = {}
    heading = ""
    for line in lines:
        heading = line if line.startswith("### ") else heading
        found.setdefault(heading, set()).add(line)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_row_of_the_docs_is_true_to_its_contract(part: str) -> None:
    # What was just added may be missing until `make docs`; what stands there must be so.
    told = _sections(_part((ROOT / "docs" / "files.md").read_text(encoding="utf-8"), part))
    true = _sections(list_lines(part))
    assert len(told) > 10 or part in ("files", "layers")
    assert [heading for heading in told if heading not in true] == []
    assert [line for heading, lines in told.items() for line in lines - true[heading]] == []


def test_the_page_is_written_anew_between_its_marks_alone() -> None:
    text = "above\n<!-- made of the contracts: layers -->\nstale\n<!-- end -->\nbelow\n"
    written = write_parts(text)
    assert written.startswith(
        "above\n<!-- made of the contracts: layers -->\n\n### risks (points)\n"
    )
    assert written.endswith("<!-- end -->\nbelow\n")
    assert "stale" not in written
    assert write_parts(written) == written


def test_a_row_tells_type_bounds_unit_and_whether_it_may_be_empty() -> None:
    rows = list_lines("inputs")
    assert "| `area_ha` | number, 0.01 to 1 000 000 ha | yes | area, hectares |" in rows
    assert "| `year` | whole number, -5000 to 2100 | left out: computed | year |" in rows
    assert "| `figure_id` | text |  | identifier |" in rows
    assert "### parks (points)" in rows
    assert "### rivers (lines)" in rows
    assert (
        "| `changes.csv` | every number that a scenario changes, before and after |"
        in list_lines("files")
    )


def test_every_row_of_the_measures_is_true_to_the_registry() -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    part = text.split("<!-- made of the registry -->\n")[1].split("<!-- end -->")[0]
    told = [line for line in part.splitlines() if line.startswith("| `")]
    assert len(told) > 40
    assert [line for line in told if line not in list_rows()] == []
    assert "| `rtt_ms` | ms | lower | network | " in part
    assert write_part(write_part(text)) == write_part(text)


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


def test_the_ends_of_the_value_functions_stand_in_the_docs(pack: Path) -> None:
    text = (ROOT / "docs" / "model.md").read_text(encoding="utf-8").split("\n## Scores\n")[1]
    for criterion in read_plan(pack / "plan.toml").criteria:
        for measure in criterion.measures:
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
