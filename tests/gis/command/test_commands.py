"""The commands on the default plan: what they print, write and leave alone."""

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[3]

GRIDS = (
    *("elevation", "slope", "relief", "air_temp", "quake_rate"),
    *("land_score", "land_pue", "land_wue", "land_free_cooling", "land_grid", "land_rtt"),
)
RASTERS = {f"rasters/{name}.{kind}" for name in GRIDS for kind in ("tif", "qml")}

OUTPUTS = {
    "map.html", "plan.gpkg", "plan.qgz", "report.en.html", "report.zh.html", "run.json", *RASTERS, "measures.csv", "scores.csv", "latency.csv", "redundancy.csv",
    "disjoint.csv", "cuts.csv", "calibration.csv", "figures.csv", "rules.csv", "rule_checks.csv", "claims.csv",
    "loads.csv", "target_checks.csv", "requests.csv", "costs.csv", "break_evens.csv", "robustness.csv", "acceptability.csv", "weight_ranges.csv",
    "agreement.csv", "explanations.csv", "answers.csv", "scenarios.csv", "changes.csv", "assumptions.csv", "spread.csv",
    "proposed_measures.csv", "proposed_scores.csv", "area_lost.csv", "screening.csv",
    "route_questions.csv", "route_crossings.csv", "route_beside.csv", "route_ground.csv", "route_profile.csv",
}  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names(folder)}


@pytest.fixture
def own_build(light_built: Path, tmp_path: Path) -> Path:
    """The outputs of the light plan in the folder `o`, where the command is run."""
    return shutil.copytree(light_built, tmp_path / "o")


def test_build_writes_every_output_and_says_where_the_map_is(first_build) -> None:
    done, folder = first_build
    assert done.returncode == 0
    assert done.stderr == ""  # no progress when piped
    assert (folder / done.stdout.strip()).name == "map.html"
    assert (folder / done.stdout.strip()).is_file()
    assert names(folder / "out" / "inner_mongolia") == OUTPUTS


@pytest.mark.usefixtures("known_inputs", "known_tables")
def test_an_edited_geopackage_is_not_replaced_without_force(
    steppe, own_build: Path, light_pack: Path
) -> None:
    path = own_build / "plan.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("create table my_notes (note text)")
    base.close()
    edited = path.read_bytes()
    done = steppe("build", str(light_pack), "--out", "o")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "plan.gpkg" in line
    assert "--force" in line
    assert path.read_bytes() == edited
    assert steppe("build", str(light_pack), "--out", "o", "--force").returncode == 0
    assert path.read_bytes() != edited


def test_one_plan_is_not_written_over_another(
    steppe, own_build: Path, light_pack: Path, tmp_path: Path
) -> None:
    before = contents(own_build)
    shutil.copytree(light_pack, tmp_path / "mine")
    plan = tmp_path / "mine" / "plan.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace('name = "inner_mongolia"', 'name = "mine"', 1), encoding="utf-8")
    done = steppe("build", str(plan), "--out", "o", "--force")
    assert done.returncode == 2
    assert "holds the outputs of plan inner_mongolia, not of mine" in done.stderr
    assert contents(own_build) == before


@pytest.mark.usefixtures("known_inputs", "known_tables")
def test_a_file_of_the_users_own_is_carried_over(steppe, own_build: Path, light_pack: Path) -> None:
    (own_build / "my.qgz").write_bytes(b"mine")
    assert steppe("build", str(light_pack), "--out", "o").returncode == 0
    assert (own_build / "my.qgz").read_bytes() == b"mine"


# A command that is killed as it begins to write the page.
DIE_AT_THE_PAGE = """
import signal, sys
from steppe.command.app import main

def die(event, arguments):
    if event == "open" and str(arguments[0]).endswith(".o.steppe-new/map.html"):
        signal.raise_signal(signal.SIGKILL)

sys.addaudithook(die)
main()
"""


@pytest.mark.usefixtures("known_inputs", "known_tables")
def test_kill_9_in_a_build_leaves_the_old_folder(
    steppe, own_build: Path, light_pack: Path, tmp_path: Path
) -> None:
    """At what act a build may be killed is gone through in the tests of publishing."""
    old = contents(own_build)
    assert set(old) == OUTPUTS
    command = [sys.executable, "-c", DIE_AT_THE_PAGE, "build", str(light_pack), "--out", "o"]
    died = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, timeout=300
    )
    assert died.returncode == -signal.SIGKILL
    assert (tmp_path / ".o.steppe-new").is_dir()
    # The same input gives the same bytes, so old and new are one here; nothing may be torn.
    assert steppe("check", str(light_pack)).returncode == 0
    assert contents(own_build) == old
    assert steppe("build", str(light_pack), "--out", "o").returncode == 0
    assert contents(own_build) == old
    assert [path.name for path in tmp_path.iterdir()] == ["o"]


@pytest.mark.usefixtures("known_inputs")
def test_score_prints_the_same_ranking_as_json_and_as_csv(steppe, light_pack: Path) -> None:
    as_json = json.loads(steppe("score", str(light_pack), "--json").stdout)["rows"]
    as_csv = list(csv.DictReader(io.StringIO(steppe("score", str(light_pack), "--csv").stdout)))
    assert [row["site_id"] for row in as_json] == [row["site_id"] for row in as_csv]
    assert [row["score"] for row in as_json] == [float(row["score"]) for row in as_csv]
    ranks = [row["rank"] for row in as_json if row["rank"] is not None]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1


@pytest.mark.usefixtures("known_inputs")
def test_weights_on_one_criterion_rank_by_it_alone(steppe, light_pack: Path) -> None:
    weights = "climate=0,power=0,geology=0,network=1"
    rows = json.loads(steppe("score", str(light_pack), "--weights", weights, "--json").stdout)[
        "rows"
    ]
    ranked = [row for row in rows if row["rank"] is not None]
    assert [row["score"] for row in ranked] == [row["criteria"]["network"] for row in ranked]
    # Unknown geology no longer counts, so Xilingol is ranked now.
    assert "xilingol_bigdata" in {row["site_id"] for row in ranked}


@pytest.mark.usefixtures("known_inputs")
def test_a_clause_can_be_relaxed_by_its_name_alone(steppe, light_pack: Path) -> None:
    plan = str(light_pack)
    plain = json.loads(steppe("score", plan, "--json").stdout)
    assert all(row["excluded_by"] == [] for row in plain["rows"])
    relaxed = steppe(
        "score", plan, "--relax", "gb50174_railway_a", "--relax", "gb50174_fault_a", "--json"
    )
    assert json.loads(relaxed.stdout) == plain
    done = steppe("score", plan, "--relax", "gb50174_railways")
    assert done.returncode == 2
    assert done.stderr.startswith("steppe: --relax: no rule or clause 'gb50174_railways'")


@pytest.mark.usefixtures("known_inputs")
def test_one_level_is_ranked_at_a_time(steppe, light_pack: Path) -> None:
    parks = pd.read_csv(light_pack / "parks.csv").set_index("park_id")["level"]
    assert set(parks) == {"zone", "campus", "facility"}
    for level in ("zone", "campus", "facility"):
        told = json.loads(steppe("score", str(light_pack), "--level", level, "--json").stdout)
        assert told["level"] == level
        assert {row["site_id"] for row in told["rows"]} == set(parks[parks == level].index)


def test_cutting_a_cable_never_shortens_a_round_trip(steppe) -> None:
    whole = json.loads(steppe("backbone", "--json").stdout)
    cut = json.loads(steppe("backbone", "--cut", "jining_beijing_2", "--json").stdout)
    assert cut["cut"] == ["jining_beijing_2"]
    before = {(row["from_id"], row["to_id"]): row["rtt_ms"] for row in whole["rows"]}
    for row in cut["rows"]:
        trip = before[row["from_id"], row["to_id"]]
        assert trip is None or row["rtt_ms"] is None or row["rtt_ms"] >= trip
    after = {(row["from_id"], row["to_id"]): row["rtt_ms"] for row in cut["rows"]}
    assert after["jining", "beijing"] > before["jining", "beijing"]


def test_cutting_every_cable_to_beijing_leaves_hohhot_unknown(steppe) -> None:
    def ask(cables: list[str]) -> dict:
        rows = json.loads(steppe("backbone", "--cut", ",".join(cables), "--json").stdout)["rows"]
        return next(row for row in rows if (row["from_id"], row["to_id"]) == ("hohhot", "beijing"))

    cables = [*(f"hohhot_beijing_{number}" for number in range(1, 5)), "cmr_china"]
    # What is left are two cables of Ordos that may be joined there on their way.
    saved = ask(cables)
    assert saved["path"] == ["ordos_beijing_1b"]
    assert "no source says that ordos_beijing_1b can be joined" in saved["reason_en"]
    hohhot = ask([*cables, "ordos_beijing_1b", "ordos_beijing_2b"])
    assert hohhot["rtt_ms"] is None
    assert hohhot["status"] == "unknown"
    assert hohhot["reason_en"]


def test_four_nominal_cables_and_a_range_of_effective_routes(steppe) -> None:
    rows = json.loads(steppe("backbone", "--json").stdout)["redundancy"]
    (hohhot,) = [row for row in rows if row["from_id"] == "hohhot"]
    assert hohhot["nominal_range"] == [4, 4]
    # A fifth way leads by the border cable and back through Jining.
    assert hohhot["to_cut_range"] == [4, 5]  # the fifth way has assumed ends
    low, high = hohhot["effective_range"]
    assert low < high <= 4
    assert "assumed" in hohhot["reason_en"]
    (ordos,) = [row for row in rows if row["from_id"] == "ordos"]
    assert ordos["to_cut_range"] == [2, 4]  # both readings of the text


@pytest.mark.usefixtures("known_inputs", "known_tables")
def test_map_and_qgis_write_one_output_alone(
    steppe, light_pack: Path, light_built: Path, tmp_path: Path
) -> None:
    assert steppe("map", str(light_pack), "--out", "m/karte.html").returncode == 0
    assert names(tmp_path / "m") == {"karte.html"}
    assert steppe("qgis", str(light_pack), "--out", "q").returncode == 0
    assert names(tmp_path / "q") == {
        "plan.gpkg", "plan.qgz", "run.json", *RASTERS,
    }  # fmt: skip
    # They are the outputs that a build writes.
    assert (tmp_path / "m" / "karte.html").read_bytes() == (light_built / "map.html").read_bytes()
    for name in names(tmp_path / "q") - {"run.json"}:
        assert (tmp_path / "q" / name).read_bytes() == (light_built / name).read_bytes(), name


def test_sources_tell_licence_and_use_of_every_source(steppe) -> None:
    rows = json.loads(steppe("sources", "--json").stdout)["rows"]
    assert all(row["licence"] and row["attribution"] and row["used_by"] for row in rows)
    assert {"geonames", "nm_bigdata_plan", "osm_substations"} <= {row["source_id"] for row in rows}


@pytest.mark.usefixtures("known_tables")
def test_a_map_for_everybody_wants_the_number_of_its_review(
    steppe, own_light_plan: Path, tmp_path: Path
) -> None:
    before = names(tmp_path)
    done = steppe("map", str(own_light_plan), "--public", "--out", "m.html")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("steppe: plan.toml › review_number: is empty")
    assert names(tmp_path) == before
    text = own_light_plan.read_text(encoding="utf-8")
    number = "蒙S(2026)001号"
    reviewed = text.replace('review_number = ""', f'review_number = "{number}"', 1)
    own_light_plan.write_text(reviewed, encoding="utf-8")
    asked = ("map", str(own_light_plan), "--public", "--generalise-m", "2500", "--out", "m.html")
    assert steppe(*asked).returncode == 0
    assert names(tmp_path) == before | {"m.html"}
