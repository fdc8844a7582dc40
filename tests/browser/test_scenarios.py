"""Another scenario on the page: all that is shown is its own, and the difference to the base is drawn."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from steppe.criteria.rules import exclusions
from steppe.maps.page import render_page
from steppe.ranking.score_table import list_by_rank, read_totals, tabulate_scores

pytestmark = pytest.mark.browser

N_SETS = 5
SEED = 16
# Goes to a scenario, and with each of the weights gives the order of the list and the totals.
RANK = """([scenario, sets]) => {
  steppe.change({ scenario });
  const look = () => ({
    order: [...document.querySelectorAll("#ranking > li")].map((item) => item.dataset.site),
    totals: steppe.totals(),
  });
  return [look(), ...sets.map((weights) => { steppe.change({ weights }); return look(); })];
}"""
# What a scenario says of round trips and redundancy, and which cables it lists.
TELL = """(scenario) => {
  steppe.change({ scenario });
  const { latency, redundancy } = steppe.data;
  const told = (rows, fields) => rows.map((row) => fields.map((name) => row[name] ?? null));
  return {
    latency: told(latency, ["from_id", "to_id", "rtt_ms", "rtt_low_ms", "rtt_high_ms"]),
    redundancy: told(redundancy, ["from_id", "to_id", "nominal_low", "to_cut_high", "effective_high"]),
    cables: [...document.querySelectorAll("[data-difference]")].map((line) => line.dataset.difference),
    routes: document.querySelectorAll("[data-route], [data-cut]").length,
  };
}"""
CONTENT = """() => [document.body.outerHTML, location.hash, JSON.stringify(steppe.data)]"""


@pytest.fixture(scope="module")
def plan(visit_once, default_uri):
    page = visit_once(default_uri)
    yield page
    assert page.evaluate("steppe.state.scenario") == "base"


@pytest.fixture
def base_again(plan):
    yield plan
    plan.evaluate("steppe.change({ scenario: 'base' })")


def _score(run, weights: dict[str, float] | None):
    """Return the order of the parks and their totals, as Python has them for some weights."""
    criteria = tuple(
        dataclasses.replace(one, weight=(weights or {}).get(one.name, one.weight))
        for one in run.info.criteria
    )
    info = dataclasses.replace(run.info, criteria=criteria)
    excluded = exclusions(run.rule_checks[run.rule_checks["scenario"] == info.scenario])
    scores = tabulate_scores(info, run.layers["parks"], run.measures, excluded=excluded)
    return list_by_rank(scores, info), read_totals(scores, info).set_index("site_id")["value"]


def test_every_scenario_ranks_as_python_does(base_again, default_tables):
    rng = np.random.default_rng(SEED)
    names = [criterion.name for criterion in default_tables.info.criteria]
    sets = [dict(zip(names, row, strict=True)) for row in rng.dirichlet([1.0] * 4, N_SETS).tolist()]
    runs = [default_tables, *default_tables.variants]
    assert len(runs) == 6
    for run in runs:
        found = base_again.evaluate(RANK, [run.info.scenario, sets])
        assert len(found) == 1 + N_SETS
        for shown, weights in zip(found, [None, *sets], strict=True):
            order, totals = _score(run, weights)
            assert shown["order"] == order
            for site, total in totals.items():
                told = shown["totals"][site]["total"]
                assert told is None if np.isnan(total) else abs(told - total) < 1e-9
        base_again.evaluate("steppe.change({ weights: steppe.planned() })")


def test_the_tables_of_a_scenario_are_those_of_the_run(default_tables):
    # What `_score` starts from is what the run came to.
    for run in (default_tables, *default_tables.variants):
        order, totals = _score(run, None)
        assert order == list_by_rank(run.scores, run.info)
        own = read_totals(run.scores, run.info).set_index("site_id")["value"]
        assert np.allclose(own.to_numpy(), totals[own.index].to_numpy(), atol=1e-12, equal_nan=True)


def test_round_trips_and_counts_of_routes_are_the_scenarios(base_again, default_tables):
    for run in default_tables.variants:
        told = base_again.evaluate(TELL, run.info.scenario)
        for name, rows in (("latency", told["latency"]), ("redundancy", told["redundancy"])):
            table = getattr(run, name).set_index(["from_id", "to_id"])
            assert len(table) == len(rows)
            fields = {"latency": ["rtt_ms", "rtt_low_ms", "rtt_high_ms"]}.get(
                name, ["nominal_low", "to_cut_high", "effective_high"]
            )
            for start, end, *numbers in rows:
                wanted = table.loc[(start, end), fields].to_numpy(dtype=float, na_value=np.nan)
                shown = np.array(numbers, dtype=float)
                assert np.allclose(shown, wanted, rtol=0.0, atol=1e-9, equal_nan=True)
        # Routes apart and cuts were computed for the base alone.
        assert told["routes"] == 0
        counted = set(default_tables.counted) ^ set(run.counted)
        assert counted <= set(told["cables"])


def test_a_scenario_and_back_leaves_the_page_as_it_was(plan, default_tables):
    before = plan.evaluate(CONTENT)
    for run in default_tables.variants:
        plan.evaluate("(scenario) => steppe.change({ scenario })", run.info.scenario)
        assert plan.evaluate(CONTENT) != before
        plan.evaluate("steppe.change({ scenario: 'base' })")
        assert plan.evaluate(CONTENT) == before


def test_own_weights_go_before_the_readers_which_come_back(plan):
    moved = {"climate": 1.0, "power": 0.25, "geology": 0.25, "network": 0.25}
    plan.evaluate("(weights) => steppe.change({ weights })", moved)
    plan.evaluate("steppe.change({ scenario: 'today' })")
    assert plan.evaluate("steppe.state.weights") == moved
    plan.evaluate("steppe.change({ scenario: 'power_first' })")
    weights = plan.evaluate("steppe.state.weights")
    assert weights == pytest.approx({"climate": 0.2, "power": 0.4, "geology": 0.2, "network": 0.2})
    assert plan.evaluate("document.getElementById('weight-1').value") == "40"
    plan.evaluate("steppe.change({ scenario: 'base' })")
    assert plan.evaluate("steppe.state.weights") == moved
    plan.evaluate("steppe.change({ weights: steppe.planned() })")


def test_the_control_leads_to_a_scenario_and_its_difference(page):
    assert page.locator("#scenario option").all_inner_texts() == [
        "基准（2017年）",
        "成网（2020年）",
    ]
    assert page.locator("#scenario-words").is_hidden()
    assert page.locator("#scenario-difference").is_hidden()
    assert page.locator("#legend-difference").is_hidden()
    before = page.locator("[data-site=horinger] .total").inner_text()
    page.locator("#scenario").select_option("mesh")
    assert page.evaluate("location.hash") == "#scenario=mesh"
    # 0.6 of a climate that is 1 now and was 0.6, and 0.4 of 0.9.
    assert before == "0.720"
    assert page.locator("[data-site=horinger] .total").inner_text() == "0.960"
    assert page.locator("li[data-site=chifeng]").count() == 0
    drawn = page.locator("[data-difference]").evaluate_all(
        "lines => lines.map((line) => [line.dataset.difference, line.classList[1]])"
    )
    assert sorted(drawn) == [
        ["erenhot_exit", "built"],
        ["hohhot_beijing_3", "gone"],
        ["jining_beijing_2", "changed"],
    ]
    legend = page.locator("#legend-difference").inner_text()
    assert [word in legend for word in ("新增光缆", "取消的光缆", "状态变化的光缆")] == [True] * 3
    # A cable that is gone is no cable of the scenario.
    assert page.locator("path[data-cable=hohhot_beijing_3]").count() == 0
    page.locator("#difference").uncheck()
    assert page.locator("[data-difference]").count() == 0
    assert page.locator("#legend-difference").is_hidden()
    assert page.evaluate("location.hash") == "#scenario=mesh&difference=off"
    assert page.locator("path[data-cable=hohhot_beijing_3]").count() == 0
    page.locator("#scenario").select_option("base")
    assert page.locator("path[data-cable=hohhot_beijing_3]").count() == 1
    assert page.locator("li[data-site=chifeng]").count() == 1


def test_a_link_leads_into_a_scenario_with_weights_of_its_own(visit, page_uri):
    link = f"{page_uri}#scenario=mesh&w.climate=0.1&w.power=0.9&site=zgc"
    page = visit(link, locale="en-US")
    assert page.evaluate("steppe.state.scenario") == "mesh"
    assert page.evaluate("steppe.state.weights") == {"climate": 0.1, "power": 0.9}
    assert page.locator("#card h2").inner_text() != ""
    # What stands in the base alone is no part of it, and an unknown scenario is the base.
    look = "[steppe.state.scenario, steppe.state.site]"
    assert visit(f"{page_uri}#scenario=mesh&site=chifeng").evaluate(look) == ["mesh", None]
    assert visit(f"{page_uri}#scenario=toString&site=chifeng").evaluate(look) == ["base", "chifeng"]


def test_a_rank_that_moved_bears_an_arrow_in_the_list_and_on_the_map(page):
    page.locator("#scenario").select_option("mesh")
    shifts = page.locator("[data-shifted]").evaluate_all(
        "marks => Object.fromEntries(marks.map((one) => [one.dataset.shifted, one.textContent]))"
    )
    listed = page.locator("#ranking li:has(.shift)").evaluate_all(
        "items => Object.fromEntries(items.map((one) => [one.dataset.site, one.querySelector('.shift').textContent]))"
    )
    assert shifts == listed == {"horinger": "▲1", "zgc": "▼1"}


def test_the_table_of_scenarios_leads_to_the_map(page):
    page.evaluate("steppe.openSection('scenarios-section')")
    show = page.locator("[data-show=mesh]")
    assert show.get_attribute("aria-pressed") == "false"
    show.click()
    assert page.evaluate("steppe.state.scenario") == "mesh"
    assert show.get_attribute("aria-pressed") == "true"
    assert page.evaluate("document.activeElement.dataset.show") == "mesh"


def test_a_plan_without_scenarios_shows_no_control(visit, tables, tmp_path):
    path = tmp_path / "map.html"
    path.write_text(render_page(dataclasses.replace(tables, variants=())), encoding="utf-8")
    page = visit(f"{path.as_uri()}#scenario=mesh")
    assert page.locator("#scenario-section").is_hidden()
    assert page.evaluate("steppe.state.scenario") == "base"
