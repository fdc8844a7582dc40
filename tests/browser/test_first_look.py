"""The page of a first look: where something was left out, it says so, and not that there is none."""

from __future__ import annotations

import dataclasses

import pytest

from steppe.layers.conformity import make_empty
from steppe.layers.contracts.answers import TABLES as ANSWER_TABLES
from steppe.layers.contracts.connections import DISJOINT
from steppe.maps.page import render_page
from steppe.ranking.first_look import LEFT_OUT, tabulate_left_out

pytestmark = pytest.mark.browser


@pytest.fixture
def page(visit, tables, tmp_path):
    info = dataclasses.replace(tables.info, left_out=LEFT_OUT)
    left_out = {each.name: make_empty(each) for each in (*ANSWER_TABLES, DISJOINT)}
    left_out |= {
        "answers": tabulate_left_out(info),
        "scenarios": tables.tables["scenarios"].head(1),
        "cuts": tables.cuts[tables.cuts["n_units"] == 1],
    }
    path = tmp_path / "first.html"
    shown = dataclasses.replace(tables, info=info).with_tables(**left_out)
    path.write_text(render_page(shown), encoding="utf-8")
    return visit(path.as_uri(), locale="en-IE")


def test_what_was_left_out_is_said_where_it_would_stand(page, tables):
    assert "How sure that is: left out by --quick" in page.locator("#headline").inner_text()
    decision = page.locator("#decision-section")
    assert "Left out by --quick: how sure the ranking is" in decision.text_content()
    assert not page.locator("#scenarios-section").is_visible()
    page.evaluate("steppe.openSection('backbone-section')")
    heads = page.locator("#backbone .cut-head + *").all_inner_texts()
    assert "left out by --quick" not in heads[0]
    assert heads[1] == "left out by --quick"
    # Where several routes lead, two of them would be told.
    wanted = tables.redundancy.query("to_id == @tables.info.targets[0] and to_cut_high > 1")
    folded = page.locator("#backbone .pair .hint", has_text="left out by --quick")
    assert folded.count() == len(wanted) > 0
    first = tables.scores.query("criterion == 'total' and rank == 1")["site_id"].iloc[0]
    page.evaluate("(site) => steppe.change({ site, cable: null }, { origin: 'list' })", first)
    assert "left out by --quick" in page.locator(".how-sure").inner_text()
