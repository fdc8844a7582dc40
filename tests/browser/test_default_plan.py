"""The default plan, as a planner opens it."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np
import pytest

from steppe.decision.scoring import score

pytestmark = pytest.mark.browser

PAGE_BUDGET_BYTES = 3_000_000


@pytest.fixture
def plan(visit, default_uri):
    return visit(default_uri)


@pytest.fixture(scope="module")
def shared_plan(visit_once, default_uri):
    return visit_once(default_uri)


@pytest.fixture
def still_plan(shared_plan, look):
    with look(shared_plan) as page:
        yield page


def test_the_page_is_light_enough_to_be_sent(default_uri):
    assert Path(url2pathname(urlsplit(default_uri).path)).stat().st_size < PAGE_BUDGET_BYTES


def test_every_park_is_shown_by_its_name(still_plan, default_tables):
    rows = still_plan.locator("li[data-site]").evaluate_all(
        "rows => Object.fromEntries(rows.map((row) => [row.dataset.site, row.textContent]))"
    )
    parks = default_tables.layers["parks"]
    assert set(rows) == set(parks["park_id"])
    for park in parks.itertuples():
        assert park.name_zh in rows[park.park_id]
        assert park.name_en not in rows[park.park_id]


def test_the_page_ranks_as_the_tables_do(still_plan, default_tables):
    totals = default_tables.scores.query(
        "criterion == 'total' and level == @level", local_dict={"level": default_tables.info.level}
    )
    ranked = totals.dropna(subset=["rank"]).sort_values(["rank", "site_id"])
    shown = still_plan.locator("#ranking li").evaluate_all(
        "rows => rows.map((row) => row.dataset.site)"
    )
    assert shown == ranked["site_id"].tolist()
    page_totals = still_plan.evaluate("steppe.totals()")
    ranks = still_plan.locator("#ranking .rank").all_inner_texts()
    assert ranks == [f"{rank:.0f}" for rank in ranked["rank"]]
    for site, value in zip(ranked["site_id"], ranked["value"], strict=True):
        assert page_totals[site]["total"] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("place", "lang"), [(0, "zh"), (1, "en")])
def test_the_page_opens_with_who_is_first_and_how_sure_that_is(
    visit, default_uri, default_tables, place, lang
):
    page = visit(f"{default_uri}#lang={lang}", width=1024, height=768)
    text, name = (("text_zh", "name_zh"), ("text_en", "name_en"))[place]
    answers = default_tables.answers.set_index("question")[text]
    names = default_tables.layers["parks"].set_index("park_id")[name]
    table = default_tables.robustness.set_index("rank")
    first, next_ = table.loc[1], table.loc[2]
    headline = page.locator("#headline")
    told = headline.inner_text()
    for words in (
        *(names[first["site_id"]], f"{first['score']:.3f}", names[next_["site_id"]]),
        f"{first['score'] - next_['score']:.3f}",
        (f"{first['first_share']:.0%}", f"{100 * first['first_share']:.0f} of 100")[place],
    ):
        assert words in told
    box = page.locator("#headline-section").bounding_box()
    assert box["y"] + box["height"] < 768
    first = first["site_id"]
    assert names[first] in answers["first"]
    for question in ("first", "sure"):
        assert page.locator(f"[data-question={question}] p").text_content() == answers[question]
    assert page.locator("#ranking li").first.get_attribute("data-site") == first
    assert page.locator("#ranking .chance-note").count() == len(default_tables.robustness)
    page.locator("#ranking li button").first.click()
    page.evaluate("steppe.unfoldAll()")
    for part in ("#decision", "#scenarios", "#card .how-sure", "#card .costs"):
        told = page.locator(part).inner_text()
        assert not {"null", "undefined", "NaN"} & set(told.split())


def test_the_worst_cuts_of_every_target_are_those_of_the_table(plan, default_tables):
    ranked = default_tables.cuts.dropna(subset="rank").sort_values(["n_units", "rank"])
    fibre = set(default_tables.layers["fibre"]["cable_id"])
    plan.evaluate("steppe.openSection('backbone-section')")
    for target in default_tables.info.targets:
        plan.locator("#target").select_option(target)
        wanted = ranked[ranked["to_id"] == target]
        shown = plan.locator("li[data-cut]").evaluate_all(
            "rows => rows.map((row) => [row.dataset.cut, row.querySelector('.rank').textContent])"
        )
        assert shown == [
            [cut, str(rank)] for cut, rank in zip(wanted["cut_id"], wanted["rank"], strict=True)
        ]
        assert len(shown) == 20
        plan.locator("li[data-cut] button").first.click()
        fallen = plan.locator("[data-fallen]").evaluate_all(
            "paths => paths.map((path) => path.dataset.fallen)"
        )
        assert set(fallen) == set(wanted["cables"].iloc[0].split())
        assert set(fallen) <= fibre
        plan.evaluate("steppe.change({ cuts: [] })")  # a cut stays when the target is another


def test_the_round_trips_of_every_target_bear_the_tables_class(plan, default_tables):
    titles = {one.class_id: one.title_zh for one in default_tables.info.classes}
    nodes = set(default_tables.layers["nodes"]["node_id"])
    plan.evaluate("steppe.openSection('backbone-section')")
    for target in default_tables.info.targets:
        plan.locator("#target").select_option(target)
        shown = plan.locator("#backbone .latency-row[data-from]").evaluate_all(
            "rows => Object.fromEntries(rows.map((row) => [row.dataset.from, [...row.querySelectorAll('.badge.sure')].map((one) => one.textContent)]))"
        )
        rows = default_tables.latency.query("to_id == @target and status != 'unknown'")
        rows = rows[rows["from_id"].isin(nodes)]
        assert shown == {
            row.from_id: [titles[row.class_id]] if row.class_id in titles else []
            for row in rows.itertuples()
        }


def test_no_identifier_stands_where_a_name_belongs(plan, default_tables):
    ids = [*default_tables.layers["risks"]["risk_id"], *default_tables.layers["fibre"]["cable_id"]]
    plan.evaluate("steppe.unfoldAll()")
    for target in default_tables.info.targets:
        plan.locator("#target").select_option(target)
        told = plan.locator(
            "li[data-cut], .apart, .evidence, #target, .latency-name"
        ).all_inner_texts()
        assert [(text, one) for text in told for one in ids if one in text] == []


LABELS = """() => {
  const frame = steppe.map.getContainer().getBoundingClientRect();
  const disc = (path) => {
    const { x, y, width, height } = path.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2, r: Math.max(width, height) / 2 };
  };
  const discsOf = (name) => [...steppe.map.getPane(`steppe-${name}`).querySelectorAll("path")].map(disc).filter(({ r }) => r > 0);
  const markers = ["parks", "nodes", "ports"].flatMap(discsOf);
  // A star is no disc: its own numbers are held against the stars, the names of all others are not.
  const stars = discsOf("proposed_sites");
  const off = (box, { x, y, r }) =>
    Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) - r;
  const homeOf = (names) => {
    const [name, id] = names.split(":");
    const park = document.querySelector(`path[data-park="${id}"]`);
    if (name === "parks") return disc(park);
    const layer = steppe.layer(name);
    const [lon, lat] = layer.shapes[layer.byId.get(id)];
    const at = steppe.map.latLngToContainerPoint([lat, lon]);
    const away = ({ x, y }) => Math.hypot(x - frame.left - at.x, y - frame.top - at.y);
    return (name === "proposed_sites" ? stars : markers).reduce((best, one) => (away(one) < away(best) ? one : best));
  };
  const covers = ["legend", "note", "tools", "card"].map((id) => document.getElementById(id))
    .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect());
  const labels = [...document.querySelectorAll(".label")];
  const boxes = labels.map((one) => one.getBoundingClientRect());
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const faults = [];
  let led = 0;
  labels.forEach((label, k) => {
    const box = boxes[k], own = homeOf(label.dataset.names), gap = off(box, own);
    const say = (fault) => faults.push(`${label.textContent}: ${fault}`);
    const others = (label.dataset.names.startsWith("proposed_sites:") ? [...stars, ...markers] : markers).filter((one) => Math.hypot(one.x - own.x, one.y - own.y) > 0.01);
    if (gap < 0 || others.some((other) => off(box, other) < 0)) say("lies on a marker");
    if ([...covers, ...boxes.slice(k + 1)].some((other) => meet(box, other))) say("lies on another");
    if (box.left < frame.left || box.right > frame.right) say("is cut off");
    const leader = document.querySelector(`line.leader[data-names="${label.dataset.names}"]`);
    if (!leader && others.some((other) => off(box, other) <= gap + 2)) say("is nearer to another");
    if (!leader) return;
    led += 1;
    const matrix = leader.getScreenCTM();
    const [from, to] = [["x1", "y1"], ["x2", "y2"]].map(([x, y]) =>
      new DOMPoint(leader[x].baseVal.value, leader[y].baseVal.value).matrixTransform(matrix));
    if (Math.abs(off({ left: from.x, right: from.x, top: from.y, bottom: from.y }, own)) > 4) say("begins elsewhere");
    if (Math.abs(off(box, { x: to.x, y: to.y, r: 0 })) > 1) say("is not reached");
  });
  return [labels.length, led, faults];
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_every_label_is_nearest_to_its_own_marker_or_joined_to_it(plan):
    drawn = leaders = 0
    for width, height in ((1366, 768), (1920, 1080), (1024, 700), (390, 844)):
        plan.set_viewport_size({"width": width, "height": height})
        plan.evaluate(SETTLED)
        for zoom in (5, 6.25, 8, 10):
            plan.evaluate(f"void steppe.map.setView([40.6, 111.4], {zoom}, {{animate: false}})")
            labels, led, faults = plan.evaluate(LABELS)
            assert faults == [], (width, zoom)
            assert labels >= 1
            drawn, leaders = drawn + labels, leaders + led
    assert drawn > 150
    assert 10 < leaders < drawn / 2


def test_every_ranked_park_has_its_name_or_its_rank_on_the_first_map(still_plan):
    labels, led, faults = still_plan.evaluate(LABELS)
    assert faults == []
    assert labels > 20
    assert led < labels / 2
    named, ranked = still_plan.evaluate(
        """() => [[...document.querySelectorAll(".label")].map((one) => one.dataset.names),
          [...document.querySelectorAll(".rank-on-map")].map((one) => one.textContent)]"""
    )
    rows = still_plan.locator("#ranking li").evaluate_all(
        "rows => rows.map((row) => row.dataset.site)"
    )
    assert [str(place) for place, _ in enumerate(rows, 1) if str(place) not in ranked] == []
    # Most have their names, the first three always.
    told = [f"parks:{site}" in named for site in rows]
    assert all(told[:3])
    assert sum(told) > len(told) / 2


def test_the_whole_region_is_one_click_away(plan, default_tables):
    boundaries = default_tables.layers["boundaries"].to_crs(4326)
    west, south, east, north = boundaries[boundaries["kind"] == "region"].total_bounds
    plan.locator("#ranking li button").first.click()
    plan.locator("#card .close").click()
    plan.locator(".home").click()
    corners = plan.evaluate(
        """() => {
          const bounds = steppe.map.getBounds();
          return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
        }"""
    )
    assert corners[0] < west
    assert corners[1] < south
    assert corners[2] > east
    assert corners[3] > north
    # Hardly more than the region: a quarter step of zoom and the legend's width at most.
    assert (corners[2] - corners[0]) < 1.8 * (east - west)


def test_parks_for_comparison_bear_a_badge(still_plan, default_tables):
    parks = default_tables.layers["parks"]
    wanted = set(parks.loc[parks["role"].fillna("").str.startswith("comparison"), "park_id"])
    shown = still_plan.locator(
        "li[data-site]", has=still_plan.locator(".badge", has_text="对照")
    ).evaluate_all("rows => rows.map((row) => row.dataset.site)")
    assert len(wanted) > 0
    assert set(shown) == wanted


def test_walking_along_every_cable_draws_without_a_fault(plan):
    # The visit itself fails on any message of the console.
    broken = plan.evaluate(
        """() => {
          let broken = 0;
          for (const zoom of [4.25, 5.5, 6.75, 8, 9.5, 11]) {
            for (const shape of steppe.layer("fibre").shapes) {
              const flat = shape[0];
              for (const share of [0, 0.25, 0.5, 0.75]) {
                const i = 2 * Math.floor((flat.length / 2 - 1) * share);
                steppe.map.setView([flat[i + 1], flat[i]], zoom, { animate: false });
              }
            }
            broken += [...document.querySelectorAll("path")]
              .filter((path) => /NaN|Infinity/.test(path.getAttribute("d"))).length;
          }
          return broken;
        }"""
    )
    assert broken == 0


def test_four_cables_from_hohhot_to_beijing_are_seen_as_four(plan):
    plan.evaluate("void steppe.map.setView([40.95, 112.3], 8, {animate: false})")
    places = plan.evaluate(
        """() => [1, 2, 3, 4].map((number) => {
          const path = document.querySelector(`path[data-cable="hohhot_beijing_${number}"]`);
          const length = path.getTotalLength(), points = [];
          for (let k = 0; k <= 3000; k += 1) points.push(path.getPointAtLength((length * k) / 3000));
          const x = document.querySelector('.map').clientWidth / 2;
          const at = points.filter((p) => Math.abs(p.x - x) < 3).map((p) => p.y);
          return at.reduce((sum, y) => sum + y, 0) / at.length;
        })"""
    )
    places.sort()
    assert all(b - a > 2.0 for a, b in itertools.pairwise(places))


def test_a_cable_is_seen_whole_however_far_it_leads(plan):
    plan.evaluate("steppe.unfoldAll()")
    ids = plan.locator("li[data-cable]").evaluate_all(
        "rows => rows.map((row) => row.dataset.cable)"
    )
    assert len(ids) > 10
    for cable in ids:
        plan.evaluate("id => steppe.change({cable: id, site: null}, {origin: 'list'})", cable)
        seen = plan.evaluate(
            """(id) => {
              const fibre = steppe.layer("fibre");
              return steppe.map.getBounds().contains(steppe.boundsOf(fibre, fibre.byId.get(id)));
            }""",
            cable,
        )
        assert seen, cable


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1400, 400])
def test_the_assumed_numbers_stand_as_a_tornado(visit, default_uri, default_tables, lang, width):
    """Every bar says in words what it shows; red only where another park is first."""
    page = visit(f"{default_uri}#lang={lang}", width=width)
    page.evaluate("steppe.openSection('decision-section')")
    page.locator('details[data-question="assumed"] summary').click()
    rows = page.locator(".tornado tbody tr")
    told = default_tables.assumptions.sort_values("place")
    told = told[(told["lead_low"] != told["lead"]) | (told["lead_high"] != told["lead"])]
    told = told.dropna(subset=["lead_low"]).head(12)
    assert rows.count() == len(told) > 0
    for number, row in enumerate(told.to_dict("records")):
        shown = rows.nth(number)
        assert shown.get_attribute("data-parameter") == row["parameter"]
        text = shown.inner_text()
        assert row[f"title_{lang}"] in text
        assert f"{abs(row['lead_low']):.3f}" in text
        assert f"{abs(row['lead_high']):.3f}" in text
        lost = min(row["lead_low"], row["lead_high"]) < 0
        assert shown.locator(".swing.lost").count() == lost
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_spread_of_the_totals_stands_beside_the_weights(visit, default_uri, default_tables):
    page = visit(f"{default_uri}#lang=en")
    page.evaluate("steppe.openSection('decision-section')")
    page.locator('details[data-question="spread"] summary').click()
    rows = page.locator(".swings.spread tbody tr")
    shares = default_tables.spread.set_index("measure_id")["share"].sort_values(ascending=False)
    assert [
        rows.nth(number).get_attribute("data-measure") for number in range(rows.count())
    ] == shares.index.tolist()
    for number, (measure_id, share) in enumerate(shares.items()):
        text = rows.nth(number).inner_text().replace("\u2009", " ")
        weight = default_tables.spread.set_index("measure_id")["weight"][measure_id]
        assert f"{100 * share:.0f} % of the spread" in text
        assert re.search(rf"weight {100 * weight:.0f}|weight {100 * weight + 0.01:.0f}", text)
    wide = [
        rows.nth(number).locator(".share.made").bounding_box()["width"]
        for number in range(rows.count())
    ]
    assert wide == sorted(wide, reverse=True)


def test_ten_sets_of_weights_rank_as_python_does(plan, default_tables):
    info = default_tables.info
    parts = default_tables.scores.query(
        "criterion != 'total' and level == @level and excluded_by.isna()",
        local_dict={"level": info.level},
    )
    names = [criterion.name for criterion in info.criteria]
    wide = parts.pivot_table(index="site_id", columns="criterion", values="value")[names]
    coverage = parts.pivot_table(index="site_id", columns="criterion", values="coverage")[names]
    wide = wide[(coverage == 1.0).all(axis=1)]
    draws = np.random.default_rng(16).dirichlet(np.ones(len(names)), size=10)
    for weights in draws:
        told = dict(zip(names, weights.tolist(), strict=True))
        shown = plan.evaluate(
            """async (weights) => {
              steppe.change({ weights });
              await new Promise(requestAnimationFrame);
              const texts = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
              const marks = [...document.querySelectorAll(".rank-on-map")].map((one) => [one.dataset.rankOf, one.textContent]);
              const rows = [...document.querySelectorAll("#ranking li")].map((row) => row.dataset.site);
              return [rows, texts("#ranking .rank"), Object.fromEntries(marks), texts("#headline strong")[0], steppe.totals()];
            }""",
            told,
        )
        rows, ranks, marks, headline, totals = shown
        wanted = score(wide.to_numpy(), weights)
        places = dict(zip(wide.index, wanted.rank, strict=True))
        assert rows == sorted(places, key=lambda site: (places[site], site))
        assert ranks == [f"{places[site]:.0f}" for site in rows]
        assert all(text == f"{places[site]:.0f}" for site, text in marks.items())
        assert len(marks) == len(rows)
        assert (
            default_tables.layers["parks"].set_index("park_id").loc[rows[0], "name_zh"] in headline
        )
        for site, total in zip(wide.index, wanted.total, strict=True):
            assert totals[site]["total"] == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_screen_shows_three_ranks_and_all_sliders(visit, default_uri, lang):
    page = visit(f"{default_uri}#lang={lang}", width=1366, height=768)
    bottoms = page.evaluate(
        """() => ["#headline .beside", "#weights .weight:last-child input", "#ranking li:nth-child(3)"]
          .map((one) => document.querySelector(one).getBoundingClientRect().bottom)"""
    )
    assert bottoms == sorted(bottoms)
    assert bottoms[-1] <= 768


def test_where_else_lists_the_proposed_sites_and_opens_their_cards_by_keyboard(
    plan, default_tables
):
    sites = default_tables.layers["proposed_sites"]
    plan.locator("#proposals-section > summary").press("Enter")
    rows = plan.locator("#proposals li[data-proposed]")
    shown = rows.evaluate_all("rows => rows.map((row) => [row.dataset.proposed, row.textContent])")
    assert [site for site, _ in shown] == sites["site_id"].tolist()
    assert all(name in text for (_, text), name in zip(shown, sites["name_zh"], strict=True))
    rows.nth(2).get_by_role("button").press("Enter")
    card = plan.locator("#card")
    assert sites["name_zh"].iloc[2] in card.inner_text()
    assert sites["reason_zh"].iloc[2] in card.inner_text()
    # They stand in no count of parks.
    assert plan.locator("li[data-site^=proposed]").count() == 0


def test_the_next_cable_has_each_route_and_opens_their_cards_by_keyboard(plan, default_tables):
    routes = default_tables.layers["proposed_routes"]
    questions = default_tables.route_questions
    plan.locator("#routes-section > summary").press("Enter")
    parts = plan.locator("#routes [data-question]")
    told = parts.evaluate_all(
        "parts => parts.map((one) => [one.dataset.question, one.textContent])"
    )
    assert [question for question, _ in told] == questions["question_id"].tolist()
    assert all(text in part for (_, part), text in zip(told, questions["text_zh"], strict=True))
    rows = plan.locator("#routes li[data-proposed-route]")
    shown = rows.evaluate_all("rows => rows.map((row) => row.dataset.proposedRoute)")
    assert shown == routes["route_id"].tolist()
    rows.nth(1).get_by_role("button").press("Enter")
    card = plan.locator("#card").inner_text()
    assert routes["name_zh"].iloc[1] in card
    assert routes["reason_zh"].iloc[1] in card
    drawn = plan.locator("[data-cable]").evaluate_all(
        "ones => ones.map((one) => one.dataset.cable)"
    )
    assert not {*drawn, *default_tables.counted} & set(shown)


def test_where_else_tells_what_each_clause_takes_and_the_back_test(still_plan, default_tables):
    lost = default_tables.area_lost.query("kills == 'yes' and lost_km2 > 0")
    shown = still_plan.locator(".area-lost tr[data-rule]").evaluate_all(
        "rows => rows.map((row) => row.dataset.rule)"
    )
    assert shown == lost.sort_values("lost_km2", ascending=False)["rule_id"].tolist()
    told = still_plan.locator("[data-told=back_test]").text_content()
    assert f"{default_tables.screening['auc'].iloc[0]:.2f}" in told
