"""Where the next cable may run, in the report."""

from __future__ import annotations

from dataclasses import replace

from steppe.charts.route_map import draw_new_routes
from steppe.layers.wording import say
from steppe.report.report_routes import list_questions, list_routes


def test_the_report_tells_each_question_and_lists_each_route(light_tables):
    routes = light_tables.layers["proposed_routes"]
    told = [say(row["text"], "en") for row in list_questions(light_tables)]
    for text, question in zip(told, light_tables.route_questions["question_id"], strict=True):
        own = routes[routes["question_id"] == question]
        assert text.startswith(f"{own['length_km'].sum():,.0f} km")
        assert ("proven cheapest" in text) == own["is_proven"].eq("yes").all()
    rows = list_routes(light_tables)
    assert [say(row["name"], "zh") for row in rows] == routes["name_zh"].tolist()
    named = set(light_tables.layers["fibre"]["name_en"])
    beside = [say(row["beside"], "en").rpartition(": ")[0] for row in rows if row["beside"]]
    assert beside
    assert set(beside) <= named
    assert draw_new_routes(light_tables, language="en") is not None


def test_a_plan_that_asks_for_no_route_says_nothing_of_it(light_tables):
    layers = {name: each for name, each in light_tables.layers.items() if "proposed" not in name}
    bare = replace(light_tables, layers=layers).with_tables(
        route_questions=light_tables.route_questions.iloc[:0]
    )
    assert list_questions(bare) == list_routes(bare) == []
    assert draw_new_routes(bare, language="en") is None
