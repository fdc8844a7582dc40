"""The registry of measures: that it is whole, that plans are held to it, and that it may grow."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from steppe.criteria import registry
from steppe.criteria.finding import Finding
from steppe.criteria.measure import KnownMeasure, MeasureGroup
from steppe.criteria.registry import known_measures, list_groups
from steppe.layers.contracts import INPUT_LAYERS
from steppe.layers.errors import InputError
from steppe.layers.grids import QUANTITIES
from steppe.planfile.input_reading import open_inputs, read_inputs
from steppe.planfile.plan_reading import read_plan
from steppe.ranking.decision_tables import decide_scenario

ROOT = Path(__file__).parents[3]
MEASURES = known_measures()


@pytest.fixture
def own(tmp_path: Path, light_pack: Path) -> Path:
    """A copy of the light plan; returns its plan.toml."""
    return shutil.copytree(light_pack, tmp_path / "mine") / "plan.toml"


@pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))
def test_a_measure_says_what_it_is(measure: KnownMeasure) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", measure.measure_id)
    assert re.search("[一-鿿A-Z]", measure.title_zh)
    assert measure.title_en.isascii()
    assert all((measure.title_en, measure.unit, measure.criterion, measure.method))
    assert len(measure.meaning.split()) > 3
    assert set(measure.layers) <= {*INPUT_LAYERS, *QUANTITIES}


def test_a_group_stands_behind_those_that_it_is_made_of() -> None:
    seen: set[str] = set()
    for group in list_groups():
        assert set(group.after) <= seen
        seen |= set(group.ids)
    assert seen == set(MEASURES)


def test_the_default_plan_agrees_with_the_registry(pack: Path) -> None:
    plan = tomllib.loads((pack / "plan.toml").read_text(encoding="utf-8"))
    listed = {each["id"]: each for entry in plan["criteria"] for each in entry["measures"]}
    assert {"cost_cny_mw_year", "pue_hyperscale_air"} <= set(MEASURES) - set(listed)
    for measure_id, entry in listed.items():
        assert entry["unit"] == MEASURES[measure_id].unit


def change(plan: Path, old: str, new: str) -> None:
    text = plan.read_text(encoding="utf-8")
    assert old in text
    plan.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "fault_km"', 'id = "falt_km"', "no measure 'falt_km'; do you mean fault_km?"),
        ('id = "fault_km"', 'id = "luck"', "no measure 'luck'; there are: air_temp_mean_c, ash"),
        ('unit = "ms"', 'unit = "km"', 'rtt_ms is told in ms, not in km; write unit = "ms"'),
    ],
)  # fmt: skip
def test_a_plan_is_held_to_the_registry_when_it_is_read(own: Path, old, new, told) -> None:
    change(own, old, new)
    with pytest.raises(InputError) as caught:
        read_plan(own)
    (line,) = str(caught.value).splitlines()
    assert told in line


def test_a_best_end_on_the_worse_side_is_told_and_taken(own: Path) -> None:
    change(own, "worst = 1.342\nbest = 1.077", "worst = 1.077\nbest = 1.342")
    inputs = open_inputs(own)
    note, *others = [str(each) for each in inputs.notes]
    # The ranges of both ends no longer hold them.
    assert [each.split(" is ")[0].rpartition(": ")[2] for each in others] == [
        f"criteria.climate.pue.{end}" for end in ("worst", "best")
    ]
    assert "pue is better where it is lower" in note
    (pue,) = [each for each in inputs.plan.criteria[0].measures if each.id == "pue"]
    assert (pue.worst, pue.best) == (1.077, 1.342)


def test_a_measure_may_serve_another_criterion(own: Path, average) -> None:
    """The criterion of a measure is the plan's to choose."""
    text = own.read_text(encoding="utf-8")
    start = text.index('[[criteria.measures]]\nid = "grid_500_km"')
    stop = text.index("[[criteria.measures]]", start + 1)
    moved, rest = text[start:stop], text[:start] + text[stop:]
    own.write_text(f'{rest}\n[[criteria]]\nname = "reach"\ntitle_zh = "可达"\ntitle_en = "Reach"\n'
                   f"weight = 0.25\n\n{moved}", encoding="utf-8")  # fmt: skip
    outcome = decide_scenario(read_inputs(read_plan(own))).outcome
    found = outcome.measures[outcome.measures["measure_id"] == "grid_500_km"]
    assert set(found["criterion"]) == {"reach"}
    reach = outcome.scores[outcome.scores["criterion"] == "reach"].set_index("site_id")
    km = found.set_index("site_id")
    mean = [average(row, 100, 0) for _, row in km.iterrows()]
    assert reach["value"].reindex(km.index).to_numpy() == pytest.approx(mean, abs=1e-4)


def test_titles_and_unit_are_those_of_the_registry_unless_the_plan_has_its_own(own: Path) -> None:
    change(own, 'id = "fault_km"\ntitle_zh = "至最近已知断层"\n'
           'title_en = "Distance to the nearest mapped fault"\nunit = "km"\nweight = 0.0',
           'id = "fault_km"\ntitle_en = "How far the fault is"\nweight = 0.0')  # fmt: skip
    info = decide_scenario(read_inputs(read_plan(own))).outcome.info
    (found,) = [
        each
        for criterion in info.criteria
        for each in criterion.measures
        if each.measure_id == "fault_km"
    ]
    assert (found.title_zh, found.title_en, found.unit) == (
        MEASURES["fault_km"].title_zh,
        "How far the fault is",
        "km",
    )


def test_a_module_of_measures_is_found_by_its_name(monkeypatch, own: Path) -> None:
    """A new measure is one module and an entry in a plan."""
    measure = KnownMeasure(
        "height_m", "m", "高程", "Height", "ground", "lower", "height of the point itself", "grid",
        ("elevation",),
    )  # fmt: skip

    def find(at):
        places = zip(at.parks["park_id"], at.parks.geometry, strict=True)
        grid = at.rasters["elevation"]
        return [Finding(park, "height_m", "derived", value=grid.at(p.x, p.y)) for park, p in places]

    module = ModuleType("steppe.criteria.height_measures")
    module.GROUPS = (MeasureGroup((measure,), find),)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    names = [*registry._name_modules(), module.__name__]
    monkeypatch.setattr(registry, "_name_modules", lambda: names)
    for kept in (list_groups, known_measures):
        kept.cache_clear()
    try:
        with own.open("a", encoding="utf-8") as file:
            file.write('\n[[criteria.measures]]\nid = "height_m"\nweight = 1.0\n'
                       "worst = 2000.0\nbest = 0.0\n")  # fmt: skip
        inputs = read_inputs(read_plan(own))
        found = decide_scenario(inputs).outcome.measures
        heights = found[found["measure_id"] == "height_m"].set_index("site_id")
        assert set(heights["criterion"]) == {"network"}  # where the plan put it
        assert set(heights["unit"]) == {"m"}
        for park_id, point in zip(
            inputs.layers["parks"]["park_id"], inputs.layers["parks"].geometry, strict=True
        ):
            assert heights.loc[park_id, "value"] == inputs.rasters["elevation"].at(point.x, point.y)
    finally:
        for kept in (list_groups, known_measures):
            kept.cache_clear()


def test_one_measure_is_never_listed_twice(monkeypatch) -> None:
    module = ModuleType("steppe.criteria.again_measures")
    module.GROUPS = (list_groups()[0],)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    names = [*registry._name_modules(), module.__name__]
    monkeypatch.setattr(registry, "_name_modules", lambda: names)
    with pytest.raises(ValueError, match="is listed twice"):
        list_groups.__wrapped__()


def test_what_nobody_asks_for_is_not_measured(own: Path) -> None:
    """Listed measures, and those that rules, costs, loads and claims are made of; no others."""
    text = own.read_text(encoding="utf-8")
    start, stop = (
        text.index('[[criteria]]\nname = "geology"'),
        text.index('[[criteria]]\nname = "network"'),
    )
    own.write_text(text[:start] + text[stop:], encoding="utf-8")
    inputs = open_inputs(own)
    found = set(decide_scenario(inputs).outcome.measures["measure_id"])
    assert "pga_g" in found  # claims look at it
    assert not {"quake_rate_300km", "quake_nearest_km"} & found
    assert {each.id for entry in inputs.plan.criteria for each in entry.measures} <= found
