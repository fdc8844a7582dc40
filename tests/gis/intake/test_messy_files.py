"""Files as people really send them: each becomes a layer, or says in one line what it lacks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from steppe.intake.import_proposal import Proposal
from steppe.intake.import_request import ImportRequest
from steppe.intake.import_writing import read_proposal, write_import
from steppe.layers.errors import InputError
from steppe.planfile.plan_reading import try_plan

PLAN = """name = "mine"
[layers.parks]
file = "none.csv"
[[criteria]]
name = "power"
[[criteria.measures]]
id = "grid_220_km"
worst = 30.0
best = 0.0
"""

pytestmark = pytest.mark.packs

# File, what is said of it, layer, how many rows it has.
TAKEN = [
    ("west_africa/GHA_nodes.geojson", {}, "nodes", 140),
    ("west_africa/TGO_nodes.geojson", {}, "nodes", 352),
    ("west_africa/ixp.geojson", {}, "nodes", 15),
    ("west_africa/SEN_lines.geojson", {"layer": "fibre"}, "fibre", 71),
    ("west_africa/SLE.kmz", {"layer": "nodes", "table": "Sites"}, "nodes", 51),
    ("grid_bolivia/osm_brut_country_cities.gpkg", {}, "towns", 38),
    ("grid_bolivia/osm_brut_power_substation.gpkg", {}, "substations", 231),
    ("grid_bolivia/osm_brut_country_shape.gpkg", {}, "boundaries", 1),
    ("grid_bolivia/osm_brut_power_line.gpkg", {"layer": "power_lines"}, "power_lines", 361),
]
ASKED = [
    ("west_africa/SLE.kmz", {}, "holds several tables: Sites, Links"),
    ("west_africa/SLE.kmz", {"layer": "fibre", "table": "Links"}, "fibre need status"),
    ("osm/test.osm.pbf", {}, "holds several tables"),
    ("weather/tokyo.epw", {}, "weather record"),
]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.mark.parametrize(("file", "said", "layer", "n_rows"), TAKEN)
def test_it_becomes_a_layer(
    datasets: Path, plan: Path, file: str, said: dict, layer: str, n_rows: int
) -> None:
    proposal = read_proposal(
        plan, ImportRequest(datasets / "messy" / file, as_of=date(2025, 1, 1), **said)
    )
    assert isinstance(proposal, Proposal)
    assert not proposal.doubts
    assert proposal.contract.name == layer
    assert len(proposal.frame) == n_rows
    write_import(plan, proposal)
    read, _ = try_plan(plan, allow_outside=False)
    assert read is not None
    # No field is dropped without a word: each is a column, or stays under its own name.
    assert set(proposal.raw.fields) <= {str(name) for name in proposal.frame.columns}


@pytest.mark.parametrize(("file", "said", "words"), ASKED)
def test_or_says_in_one_line_what_it_lacks(
    datasets: Path, plan: Path, file: str, said: dict, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_proposal(plan, ImportRequest(datasets / "messy" / file, **said))
    (line,) = caught.value.lines()
    assert words in line
