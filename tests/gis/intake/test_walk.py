"""The ten-minute walk of the docs, as it stands there: its commands, its table, its promises."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from tests.gis.intake.walk_files import HEAD, PARKS, list_commands
from tests.layers.importing.made_files import write_xlsx

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "ten_minutes.md"


def test_the_walk_takes_few_commands_and_no_editor() -> None:
    commands = list_commands(PAGE, "The walk")
    assert 6 <= len(commands) <= 12
    assert {words[0] for words in commands} <= {"init", "import", "fetch", "check", "build"}
    text = PAGE.read_text(encoding="utf-8")
    assert "```" not in re.sub(r"```\n(?:steppe .*\n)+```", "", text)


def test_the_spreadsheet_of_the_page_is_the_one_that_is_walked_with() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.count("|") == 6]
    head, _, *typed = rows
    assert head == HEAD
    assert [(name, *map(float, rest)) for name, *rest in typed] == list(PARKS)


def test_the_page_of_the_walk_is_the_second_link_of_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for links in (
        r"\[[^\]]*\]\(([^)]+)\)",
        r"(?<!!)\[[^\]]*\]\(([^)]+)\)",
    ):  # pictures count or not
        assert re.findall(links, text)[1] == "docs/ten_minutes.md"


def test_three_parks_are_ranked_by_power_and_network(walked: Path) -> None:
    scores = pd.read_csv(walked / "out" / "nairobi" / "scores.csv")
    total = scores[scores["criterion"] == "total"]
    assert sorted(total["rank"]) == [1, 2, 3]
    measures = pd.read_csv(walked / "out" / "nairobi" / "measures.csv")
    measures = measures.set_index(["site_id", "measure_id"])
    known = measures[measures["value"].notna()]
    assert {"grid_220_km", "rtt_ms"} <= set(known.index.get_level_values(1))
    # Olkaria lies 2.5 km from Olkaria II by the sphere: 0.01 degrees east, 0.02 north.
    nearest = known.xs("grid_220_km", level=1)["value"].min()
    assert 2.3 < nearest < 2.6
    assert (measures.xs("pue", level=1)["status"] == "unknown").all()


def test_every_source_of_the_walk_is_told_with_its_licence(walked: Path) -> None:
    record = json.loads((walked / "out" / "nairobi" / "run.json").read_text(encoding="utf-8"))
    assert record["plan"] == "nairobi"
    page = (walked / "out" / "nairobi" / "map.html").read_text(encoding="utf-8")
    for owed in ("© OpenStreetMap contributors, ODbL 1.0", "GeoNames, CC BY 4.0"):
        assert owed in page
    assert "审图号" not in (walked / "nairobi" / "plan.toml").read_text(encoding="utf-8")


def test_files_of_the_user_stay_as_they_came(walked: Path) -> None:
    came = {path.name: path.read_bytes() for path in (walked / "came").iterdir()}
    assert came == {name: (walked / name).read_bytes() for name in came}


@pytest.mark.packs
def test_a_whole_country_of_a_real_network_is_ranked(walked_country: Path) -> None:
    """All nodes and spans of the file come in: 18 and 21, as it lists them."""
    network = json.loads((walked_country / "ofds_liquid_kenya.json").read_text(encoding="utf-8"))
    listed = network["networks"][0]
    out = walked_country / "out" / "kenya"
    with sqlite3.connect(out / "plan.gpkg") as base:
        count = {
            name: base.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("nodes", "fibre", "parks")
        }
    assert count == {"nodes": len(listed["nodes"]), "fibre": len(listed["spans"]), "parks": 3}
    scores = pd.read_csv(out / "scores.csv")
    assert sorted(scores[scores["criterion"] == "total"]["rank"]) == [1, 2, 3]
    assert "审" not in (walked_country / "kenya" / "plan.toml").read_text(encoding="utf-8")


def test_a_spreadsheet_that_changed_is_imported_again_and_the_file_before_is_told(
    walked: Path, tmp_path: Path, process
) -> None:
    plan = shutil.copytree(walked / "nairobi", tmp_path / "nairobi")
    write_xlsx(tmp_path / "parks.xlsx", {"Parks": [HEAD, *PARKS[:2]]})
    again = [
        "import",
        "parks.xlsx",
        "--as",
        "parks",
        "--into",
        "nairobi",
        "--licence",
        "own",
        "--yes",
    ]
    done = process(*again, LC_ALL="C.UTF-8")
    assert done.returncode == 0, done.stderr
    assert "parks.gpkg lies beside the plan and is no longer named by it" in done.stderr
    entry = tomllib.loads((plan / "plan.toml").read_text(encoding="utf-8"))["layers"]["parks"]
    assert len(gpd.read_file(plan / entry["file"])) == 2
    assert len(gpd.read_file(plan / "parks.gpkg")) == 3
