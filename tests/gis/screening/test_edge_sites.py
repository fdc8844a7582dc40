"""Edge sites: every choice of free cells tried is the oracle, and towns without people are unknown."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

import steppe
from steppe.command.screen_command import refuse_mixture
from steppe.layers.errors import InputError
from steppe.outputs.json_edges import EDGES, answer_edges, tabulate_edges, tell_edges
from steppe.screening import edge_sites, nearest_choice
from steppe.screening.edge_sites import find_edge_sites
from steppe.screening.free_cells import FreeCells
from steppe.screening.screening_run import screen
from tests.gis.command.test_json_answers import find_faults
from tests.gis.screening.conftest import frame

GEOD = Geod(ellps="GRS80")
PLACES = [
    (110.12, 40.15),
    (110.2, 40.85),
    (110.8, 40.8),
    (110.7, 40.2),
    (110.9, 40.45),
    (112.0, 40.5),
]
PEOPLE = [50_000, 20_000, 80_000, 30_000, None, 9_000_000]
IDS = ["a", "b", "c", "d", "untold", "outside"]


@pytest.fixture(scope="module")
def towns():
    return frame(
        [shapely.Point(place) for place in PLACES], town_id=IDS, name_zh=IDS, name_en=IDS,
        population=pd.array(PEOPLE, dtype="Int64"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def peopled(plan, towns):
    return replace(plan.inputs, layers={**plan.inputs.layers, "towns": gpd.GeoDataFrame(towns)})


@pytest.fixture(scope="module")
def coarse(peopled, tmp_path_factory):
    return screen(peopled, tmp_path_factory.mktemp("edges") / "out", cell_m=8000.0)


@pytest.fixture(scope="module")
def by_hand(coarse):
    """Geodesic distances from the towns that are known to every free cell, km, and their people."""
    cells = FreeCells.of(coarse)
    away = [
        np.array([GEOD.inv(*place, *cell)[2] for cell in zip(cells.lons, cells.lats, strict=True)])
        for place in PLACES[:4]
    ]
    return np.stack(away) / 1000.0, np.array(PEOPLE[:4], dtype=float)


def nearest_by_hand(by_hand, n_sites: int) -> float:
    away, people = by_hand
    cells = range(away.shape[1])
    sums = (
        people @ away[:, choice].min(axis=1) for choice in map(list, combinations(cells, n_sites))
    )
    return min(sums) / people.sum()


@pytest.mark.parametrize("n_sites", [1, 2])
def test_people_are_as_near_as_any_choice_of_free_cells_brings_them(
    coarse, peopled, by_hand, n_sites
):
    found = find_edge_sites(coarse, peopled, n_sites=n_sites)
    least = nearest_by_hand(by_hand, n_sites)
    assert found.mean_km == pytest.approx(least, rel=1e-9)
    assert found.bound == pytest.approx(least, rel=1e-9)
    assert found.gap_frac == pytest.approx(0.0, abs=1e-9)
    assert len(found.sites) == n_sites


@pytest.mark.parametrize("n_sites", [1, 2])
def test_blocks_of_cells_bound_what_cells_come_to(coarse, peopled, by_hand, n_sites, monkeypatch):
    least = nearest_by_hand(by_hand, n_sites)
    gaps = []
    for most in (12, 60):
        monkeypatch.setattr(nearest_choice, "MOST_EXACT", most)
        monkeypatch.setattr(nearest_choice, "MOST_PAIRS", 4 * most)
        found = find_edge_sites(coarse, peopled, n_sites=n_sites)
        assert found.bound <= least * (1 + 1e-9)
        assert found.mean_km >= least * (1 - 1e-9)
        assert found.gap_frac == pytest.approx(1 - found.bound / found.mean_km)
        gaps.append(found.gap_frac)
    assert gaps[1] < min(gaps[0], 0.05)


@pytest.mark.parametrize(("n_sites", "reach_km"), [(1, 30.0), (1, 60.0), (2, 30.0), (4, 12.0)])
def test_no_choice_of_free_cells_reaches_more_people(coarse, peopled, by_hand, n_sites, reach_km):
    away, people = by_hand
    reached = np.unique(away <= reach_km, axis=1)
    n_chosen = min(n_sites, reached.shape[1])
    most = max(
        people[reached[:, list(choice)].any(axis=1)].sum()
        for choice in combinations(range(reached.shape[1]), n_chosen)
    )
    found = find_edge_sites(coarse, peopled, n_sites=n_sites, reach_km=reach_km)
    assert found.served_people == found.bound == most
    assert len(found.sites) <= n_sites
    for site in found.sites:
        assert all(town.away_km <= reach_km for town in site.towns)


def test_a_town_without_people_is_unknown_and_one_outside_is_not_served(coarse, peopled):
    found = find_edge_sites(coarse, peopled, n_sites=2)
    assert (found.n_towns, found.unknown, found.people) == (5, ("untold",), 180_000)
    served = {town.town_id: town for site in found.sites for town in site.towns}
    assert set(served) == set(IDS) - {"outside"}
    assert served["untold"].people is None
    assert sum(site.people for site in found.sites) == found.served_people == 180_000
    for site in found.sites:
        for town in site.towns:
            place = PLACES[IDS.index(town.town_id)]
            km = GEOD.inv(*place, site.lon, site.lat)[2] / 1000.0
            assert town.away_km == pytest.approx(km, rel=1e-6)


def test_more_sites_than_towns_serve_nobody_and_are_left_out(coarse, peopled):
    assert len(find_edge_sites(coarse, peopled, n_sites=50).sites) <= 4


def test_no_site_lies_where_a_clause_takes_the_land(coarse, peopled):
    cells = FreeCells.of(coarse)
    free = set(zip(cells.lons.round(9), cells.lats.round(9), strict=True))
    for reach_km in (None, 40.0):
        for site in find_edge_sites(coarse, peopled, n_sites=3, reach_km=reach_km).sites:
            assert (round(site.lon, 9), round(site.lat, 9)) in free


@pytest.mark.parametrize(
    ("change", "asked", "said"),
    [
        ({"population": pd.array([None] * 6, dtype="Int64")}, {}, "no town of the region tells"),
        ({}, {"reach_km": 0.5}, "no free cell lies within 0.5 km"),
    ],
)
def test_what_cannot_be_placed_is_one_line(coarse, peopled, towns, change, asked, said):
    layers = {**peopled.layers, "towns": gpd.GeoDataFrame(towns.assign(**change))}
    with pytest.raises(InputError, match=said) as refused:
        find_edge_sites(coarse, replace(peopled, layers=layers), n_sites=1, **asked)
    assert len(refused.value.lines()) == 1


def test_too_many_cells_and_towns_are_one_line(coarse, peopled, monkeypatch):
    monkeypatch.setattr(edge_sites, "MOST_DISTANCES", 10)
    with pytest.raises(InputError, match="larger cells"):
        find_edge_sites(coarse, peopled, n_sites=1)


@pytest.mark.parametrize("reach_km", [None, 60.0])
def test_the_answer_obeys_its_schema(coarse, peopled, reach_km):
    found = find_edge_sites(coarse, peopled, n_sites=2, reach_km=reach_km)
    told = json.loads(json.dumps(answer_edges(peopled, found), allow_nan=False))
    schema = steppe.json_schema("screen_edges")
    assert list(find_faults(told, schema)) == []
    assert set(told) == set(schema["properties"])
    assert (told["most_people"] is None) == (reach_km is None)
    assert list(find_faults({**told, "gap_frac": -0.1}, schema))
    for language in ("zh", "en"):
        assert len(tabulate_edges(found, language=language)) == len(told["rows"])
        whole, unknown = [words.say(language) for words in tell_edges(found)]
        assert "180,000" in whole
        assert "untold" in unknown


def test_the_command_answers_in_json_and_writes_points(
    plan_folder, towns, tmp_path, process
) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(plan_folder, folder)
    towns.to_file(folder / "towns.gpkg", driver="GPKG")
    text = (folder / "plan.toml").read_text(encoding="utf-8")
    text = text.replace(
        '"lakes" = {"extent"', '"towns" = {"file" = "towns.gpkg"}, "lakes" = {"extent"'
    )
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    asked = ("screen", str(folder), "--cell-m", "8000", "--out", str(out))
    done = process(*asked, "--edge", "2", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    features = gpd.read_file(out / EDGES)
    assert features["site_id"].tolist() == [row["site_id"] for row in rows] == ["edge_1", "edge_2"]


@pytest.mark.parametrize(
    ("edge", "reach_km", "demand_mw"),
    [(2, None, 100.0), (None, 30.0, None), (2, 0.0, None), (2, float("nan"), None)],
)
def test_options_that_do_not_go_together_are_one_line(edge, reach_km, demand_mw):
    with pytest.raises(InputError) as refused:
        refuse_mixture(edge, reach_km, demand_mw)
    assert len(refused.value.lines()) == 1
