"""Proposed sites side by side: what became of each, and which clause takes other land."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from steppe.layers.crs import distance_km
from steppe.layers.errors import InputError
from steppe.outputs.compared_sites import answer_compare_sites, tabulate_compared
from steppe.outputs.json_schemas import json_schema
from steppe.ranking.decision_tables import evaluate_plan
from steppe.screening.site_comparison import (
    compare_sites,
    compare_with_first,
    compare_with_itself,
    share_region,
)
from tests.gis.command.test_json_answers import find_faults

NAMES = ("one", "other")


@pytest.fixture(scope="module")
def proposals(light_tables):
    """The sites of the light plan, as a screening proposes them."""
    return SimpleNamespace(layers=light_tables.layers, tables=light_tables.tables)


def shifted(proposals, place, *, east_deg):
    """Return proposals of which one site lies further east."""
    layers = dict(proposals.layers)
    for name in ("proposed_sites", "proposed_areas"):
        moved = layers[name].copy()
        shapes = moved.geometry.to_numpy().copy()
        shapes[place] = shapely.transform(shapes[place], lambda at: at + np.array([east_deg, 0.0]))
        layers[name] = moved.set_geometry(shapes, crs=moved.crs)
    return SimpleNamespace(layers=layers, tables=proposals.tables)


def without(proposals, place):
    """Return proposals that lack a site."""
    layers = dict(proposals.layers)
    for name in ("proposed_sites", "proposed_areas"):
        layers[name] = layers[name].drop(index=layers[name].index[place])
    return SimpleNamespace(layers=layers, tables=proposals.tables)


@pytest.fixture(scope="module")
def outcome(plan):
    """What the plan of a square comes to; it wants 200 MW at two places 20 km apart."""
    entry = plan.inputs.plan.screening
    wanted = entry.model_copy(update={"demand_mw": 200.0, "n_sites": 2, "spacing_km": 20.0})
    whole = plan.inputs.plan.model_copy(update={"screening": wanted})
    return evaluate_plan(replace(plan.inputs, plan=whole))


def test_a_screening_beside_itself_differs_in_nothing(proposals):
    found = compare_sites(proposals, proposals, names=NAMES)
    assert set(found.sites["change"]) == {"kept"}
    assert (found.sites["moved_km"] == 0.0).all()
    assert found.scores.empty
    assert found.clauses.empty
    assert found.whole.empty


def test_each_site_is_kept_moved_gained_or_lost(proposals):
    n_sites, spacing_km = (
        len(proposals.layers["proposed_sites"]),
        proposals.tables["screening"]["spacing_km"].iloc[0],
    )
    width_deg = shapely.bounds(proposals.layers["proposed_areas"].geometry.iloc[0])[2::-2] @ [1, -1]
    for east_deg, change in ((width_deg / 2, "kept"), (width_deg * 1.01, "moved")):
        found = compare_sites(proposals, shifted(proposals, 0, east_deg=east_deg), names=NAMES)
        assert found.sites["change"].tolist() == [change, *["kept"] * (n_sites - 1)]
        at = proposals.layers["proposed_sites"].geometry.iloc[0]
        there = distance_km(at.x, at.y, [at.x + east_deg], [at.y])[0]
        assert there < spacing_km / 2
        assert found.sites["moved_km"].iloc[0] == pytest.approx(there)
    far = shifted(proposals, 0, east_deg=spacing_km / 2 / 70)
    far = compare_sites(proposals, far, names=NAMES).sites
    assert far["change"].tolist() == ["gained", *["kept"] * (n_sites - 1), "lost"]
    gained = compare_sites(without(proposals, 1), proposals, names=NAMES).sites
    assert (gained["change"] == "gained").tolist() == [place == 1 for place in range(n_sites)]
    lost = compare_sites(proposals, without(proposals, 1), names=NAMES).sites
    (row,) = lost[lost["change"] == "lost"].to_dict("records")
    assert row["site_id_before"] == proposals.layers["proposed_sites"]["site_id"].iloc[1]


def test_what_relaxing_a_clause_gives_back_is_what_it_takes_alone(outcome):
    found = compare_with_itself(outcome, demand_mw=400.0, relax=["rail"])
    (rail,) = found.clauses.query("rule_id == 'rail'").to_dict("records")
    assert (rail["kills_before"], rail["kills_after"]) == ("yes", "relaxed")
    (lost,) = found.whole.query("quantity == 'lost_km2'").to_dict("records")
    assert lost["before"] - lost["after"] == pytest.approx(rail["alone_before_km2"], abs=1e-3)
    (load,) = found.whole.query("quantity == 'demand_mw'").to_dict("records")
    assert (load["before"], load["after"]) == (200.0, 400.0)
    both = found.sites.dropna(subset=["area_before_ha", "area_after_ha"])
    assert (both["area_after_ha"] >= 4000.0).all()
    assert (both["area_before_ha"] >= 2000.0).all()
    assert "--demand-mw 400 --relax rail" in found.after
    told = json.loads(json.dumps(answer_compare_sites(outcome.inputs, found), allow_nan=False))
    schema = json_schema("compare_sites")
    assert list(find_faults(told, schema)) == []
    assert set(told) == set(schema["properties"])
    for name in ("rows", "clauses", "whole"):
        fields = set(schema["properties"][name]["items"]["properties"])
        assert all(set(row) == fields for row in told[name]), name
    assert told["rows"]
    for language in ("zh", "en"):
        sites, clauses, whole = tabulate_compared(found, language=language)
        assert len(sites) == len(found.sites)
        assert len(clauses) == len(found.clauses)
        assert len(whole) == len(found.whole)


def test_what_cannot_be_compared_is_said(outcome):
    plan = outcome.inputs.plan
    no_load = plan.model_copy(
        update={"screening": plan.screening.model_copy(update={"demand_mw": None})}
    )
    other = replace(outcome, inputs=replace(outcome.inputs, plan=no_load))
    assert compare_with_first([other, other], NAMES) == ([], [])
    found, (note,) = compare_with_first([outcome, other], NAMES)
    assert found == []
    assert "other says no load" in note.say("en")
    with pytest.raises(InputError, match="what load"):
        compare_with_itself(other, demand_mw=None, relax=["rail"])


def test_plans_screen_the_same_land_where_half_of_the_smaller_region_is_common(outcome):
    def over(shape):
        layer = outcome.inputs.layers["boundaries"]
        layer = layer.set_geometry([shape], crs=layer.crs)
        return replace(outcome.inputs, layers={**outcome.inputs.layers, "boundaries": layer})

    one = over(shapely.box(110, 40, 111, 41))
    assert share_region(one, over(shapely.box(110, 40, 110.1, 40.1)))
    assert share_region(one, over(shapely.box(110.4, 40, 111.4, 41)))
    assert not share_region(one, over(shapely.box(110.6, 40, 111.6, 41)))
    assert not share_region(one, over(shapely.box(111, 40, 112, 41)))
    apart = replace(outcome, inputs=over(shapely.box(111, 40, 112, 41)))
    found, (note,) = compare_with_first([outcome, apart], NAMES)
    assert found == []
    assert "other land" in note.say("en")
