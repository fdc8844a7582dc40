"""Sites for a load: the best blocks, where no clause takes them, with who could feed them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

import steppe
from steppe.decision.back_test import find_percentiles
from steppe.layers.errors import InputError
from steppe.outputs.json_sites import SITES, answer_sites
from steppe.screening.compact_blocks import find_blocks, shape_block
from steppe.screening.found_sites import find_feeders, find_sites, size_sites
from steppe.screening.park_trial import try_parks
from steppe.screening.screening_run import screen
from tests.gis.command.test_json_answers import find_faults
from tests.gis.screening.conftest import LAKE, RAILS, SQUARE

GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def done(plan, tmp_path_factory):
    return screen(plan.inputs, tmp_path_factory.mktemp("sites") / "out", cell_m=1000.0)


@pytest.fixture(scope="module")
def entry(plan):
    return plan.inputs.plan.screening.model_copy(update={"n_sites": 6, "spacing_km": 12.0})


@pytest.fixture(scope="module")
def inputs(plan, entry):
    whole = plan.inputs
    return replace(whole, plan=whole.plan.model_copy(update={"screening": entry}))


@pytest.fixture(scope="module")
def sites(done, inputs):
    return find_sites(done, inputs, demand_mw=200.0)


def best_by_hand(scores, free, n_cells, n_blocks, least):
    """Return tops, lefts and sides of the best blocks, one after the other, by trying them all."""
    height, width = shape_block(n_cells)
    all_blocks = []
    for kind, (high, wide) in enumerate(dict.fromkeys([(height, width), (width, height)])):
        for top in range(scores.shape[0] - high + 1):
            for left in range(scores.shape[1] - wide + 1):
                cells = (slice(top, top + high), slice(left, left + wide))
                if free[cells].all() and not np.isnan(scores[cells]).any():
                    mean = round(float(scores[cells].astype(float).mean()), 9)
                    all_blocks.append((-mean, top, left, kind, high, wide))
    found = []
    for _, top, left, _, high, wide in sorted(all_blocks):
        middle = np.array([top + high / 2, left + wide / 2])
        cells = {(top + i, left + j) for i in range(high) for j in range(wide)}
        if len(found) < n_blocks and all(
            np.hypot(*(middle - [row + h / 2, column + w / 2])) >= least
            and not cells & {(row + i, column + j) for i in range(h) for j in range(w)}
            for row, column, h, w in found
        ):
            found.append((top, left, high, wide))
    return found


@given(
    st.integers(1, 9), st.integers(1, 9), st.integers(1, 7), st.integers(1, 4),
    st.floats(0.0, 6.0), st.integers(0, 2**32 - 1),
)  # fmt: skip
@settings(max_examples=60)
def test_blocks_are_those_that_trying_all_finds(rows, columns, n_cells, n_blocks, least, seed):
    random = np.random.default_rng(seed)
    # Eighths are summed without a rounding, and many are equal.
    scores = random.integers(0, 9, (rows, columns)).astype(np.float32) / 8
    scores[random.random((rows, columns)) < 0.1] = np.nan
    free = random.random((rows, columns)) < 0.8

    def far_enough(middle, others):
        return np.hypot(*(others - np.array(middle)).T) >= least

    found = find_blocks(scores, free, n_cells, n_blocks, far_enough)
    told = [(each.top, each.left, each.bottom - each.top, each.right - each.left) for each in found]
    assert told == best_by_hand(scores, free, n_cells, n_blocks, least)
    assert all(each.n_cells >= n_cells for each in found)


def test_no_clause_takes_any_cell_of_a_site(sites, done) -> None:
    """Held against the drawn features by geodesics, at the middle of each cell of a site."""
    assert len(sites) > 3
    for site in sites:
        assert shapely.within(site.outline, SQUARE)
        # Of a block of whole cells the middles lie half a cell within.
        inner = site.outline.buffer(-0.45 * done.cell_m / 111_320.0)
        for lon, lat in np.asarray(inner.exterior.coords):
            for rail in RAILS:
                (east,) = {x for x, _ in rail.coords}
                assert abs(GEOD.inv(lon, lat, east, lat)[2]) > 1950.0
            near = shapely.shortest_line(shapely.Point(lon, lat), LAKE)
            (lon_0, lat_0), (lon_1, lat_1) = near.coords
            assert GEOD.inv(lon_0, lat_0, lon_1, lat_1)[2] > 950.0


def test_a_site_holds_the_load_and_keeps_its_distance(sites, inputs, entry) -> None:
    wanted_ha = size_sites(inputs, 200.0)
    assert wanted_ha == 2000.0
    for site in sites:
        area_ha = abs(GEOD.geometry_area_perimeter(site.outline)[0]) / 1e4
        assert site.area_ha >= wanted_ha
        assert area_ha == pytest.approx(site.area_ha, rel=2e-3)
    for number, one in enumerate(sites):
        for other in sites[:number]:
            km = GEOD.inv(one.lon, one.lat, other.lon, other.lat)[2] / 1000.0
            assert km >= entry.spacing_km - 1e-6
            assert one.score <= other.score


def test_the_score_of_a_site_is_that_of_its_distance(sites) -> None:
    """The plan has one measure: 1 at a station of 220 kV or more, 0 from 30 km on."""
    for site in sites:
        away = min(
            GEOD.inv(site.lon, site.lat, lon, lat)[2] / 1000.0
            for lon, lat in ((110.25, 40.25), (111.1, 40.9))
        )
        # The mean over cells of 1 km lies off the middle of a block of 5 x 4 of them.
        assert site.score == pytest.approx(max(0.0, 1.0 - away / 30.0), abs=0.07)


def test_who_could_feed_is_the_highest_voltage_then_the_nearest(plan) -> None:
    told = find_feeders(plan.inputs, 110.8, 40.6, reach_km=80.0)
    assert [each.grid_id for each in told] == ["b", "a"]
    for each, (lon, lat) in zip(told, [(111.1, 40.9), (110.25, 40.25)], strict=True):
        km = GEOD.inv(110.8, 40.6, lon, lat)[2] / 1000.0
        assert each.distance_km == pytest.approx(km, rel=1e-6)
    assert [each.grid_id for each in find_feeders(plan.inputs, 110.8, 40.6, reach_km=50.0)] == ["b"]


def test_the_park_is_held_against_free_land(done, inputs) -> None:
    names, found = try_parks(done, inputs)
    assert names == ["here"]
    scores, codes = done.open("score"), done.open("rule")
    away_km = GEOD.inv(110.3, 40.3, 110.25, 40.25)[2] / 1000.0
    share = find_percentiles([1.0 - away_km / 30.0], scores[codes == 0])[0]
    assert found.auc == pytest.approx(share, abs=0.02)
    assert found.n_cities == 1
    assert np.isnan(found.low)


def test_the_command_answers_in_json_alone_and_writes_the_outlines(
    plan_folder, tmp_path, process
) -> None:
    out = tmp_path / "out"
    asked = ["screen", str(plan_folder), "--cell-m", "2000", "--out", str(out), "--json"]
    done = process(*asked, "--demand-mw", "100")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    schema = steppe.json_schema("screen")
    assert list(find_faults(told, schema)) == []
    assert set(told) == set(schema["properties"])
    assert told["demand_mw"] == 100.0
    assert told["rows"]
    (site, *_), (low, _) = told["rows"], told["back_test"]["auc_range"]
    assert low is None  # of one city nothing can be drawn again
    spoilt = {**told, "rows": [{**site, "score": 1.5}]}
    assert list(find_faults(spoilt, schema))
    for row in told["rows"]:
        assert {"lon", "lat", "area_ha", "score", "reasons_en", "reasons_zh"} <= row.keys()
        assert shapely.contains_xy(SQUARE, row["lon"], row["lat"])
        assert all([*row["reasons_en"], *row["reasons_zh"]])
    features = json.loads((out / SITES).read_text(encoding="utf-8"))["features"]
    assert [each["properties"]["site_id"] for each in features] == [
        row["site_id"] for row in told["rows"]
    ]


def test_without_a_load_nothing_is_found(done, inputs) -> None:
    assert find_sites(done, inputs, demand_mw=None) == []
    told = answer_sites(inputs, [], demand_mw=None, trial=try_parks(done, inputs))
    assert list(find_faults(told, steppe.json_schema("screen"))) == []


def test_a_load_whose_land_nobody_told_is_one_line(inputs) -> None:
    request = inputs.plan.request.model_copy(update={"ha_per_mw": None})
    bare = replace(inputs, plan=inputs.plan.model_copy(update={"request": request}))
    with pytest.raises(InputError, match=r"request\.ha_per_mw"):
        size_sites(bare, 200.0)


@pytest.mark.parametrize("mw", [-1.0, 0.0, float("nan"), float("inf"), 1e12])
def test_a_load_that_cannot_be_is_one_line(inputs, mw: float) -> None:
    with pytest.raises(InputError, match="--demand-mw"):
        size_sites(inputs, mw)
