"""Where else, in the report and on sheets."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from steppe.charts.land_charts import draw_lost, draw_surface
from steppe.report.report_land import list_proposed, tell_screening
from steppe.report.site_sheet import pick_sites, render_sheets


def test_the_report_lists_every_proposed_site_and_what_clauses_take(light_tables):
    sites = light_tables.layers["proposed_sites"]
    assert [row["place"] for row in list_proposed(light_tables)] == sites["place"].tolist()
    told = " ".join(each.say("en") for each in tell_screening(light_tables))
    whole = light_tables.screening.iloc[0]
    assert f"{whole['lost_km2']:,.0f} of {whole['region_km2']:,.0f} km²" in told
    assert f"chance of {whole['auc']:.2f}" in told


def test_charts_of_the_land_have_words_for_each_clause(light_tables):
    figure = draw_lost(light_tables, language="en")
    written = {text.get_text() for text in figure.axes[0].texts}
    taken = light_tables.area_lost.query("kills == 'yes' and lost_km2 > 0")
    assert len([each for each in written if each.endswith("km²")]) == min(len(taken), 10)
    assert not {each for each in written if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", each)}
    assert draw_surface(light_tables, language="en") is not None


def test_a_plan_that_looks_for_no_site_says_nothing_of_it(light_tables):
    layers = {name: each for name, each in light_tables.layers.items() if "proposed" not in name}
    empty = {name: getattr(light_tables, name).iloc[:0] for name in ("screening", "area_lost")}
    bare = replace(light_tables, layers=layers, proposed=None).with_tables(**empty)
    assert list_proposed(bare) == tell_screening(bare) == []
    assert draw_surface(bare, language="en") is None
    assert draw_lost(bare, language="en") is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_proposed_site_has_a_sheet_that_says_so(light_tables, language):
    site = light_tables.layers["proposed_sites"].iloc[0]
    sheet = render_sheets(light_tables, language, [site["site_id"]])
    assert site[f"name_{language}"] in sheet
    assert {"en": "nobody has named", "zh": "尚无人提名"}[language] in sheet
    assert set(light_tables.layers["proposed_sites"]["site_id"]) < set(
        pick_sites(light_tables, ["all"])
    )
