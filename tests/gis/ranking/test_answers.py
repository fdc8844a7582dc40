"""The sentences that a planner repeats: they say what the tables say, of the right park."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steppe.layers import wording
from steppe.layers.conformity import conform, faults
from steppe.layers.contracts.answers import ANSWERS
from steppe.layers.contracts.costs import BREAK_EVENS
from steppe.layers.tables import PlanTables
from steppe.layers.wording import read_catalogue
from steppe.ranking.answers import tabulate_answers
from steppe.ranking.number_format import spell_share, tell_share
from steppe.ranking.rank_explanations import tabulate_explanations
from steppe.ranking.robustness import find_robustness
from steppe.ranking.robustness_tables import tabulate_robustness
from steppe.ranking.scenario_comparison import Alternative
from steppe.ranking.standing import find_standing
from steppe.ranking.turning_points import tell_change

PATIENT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
THREE = {
    "north": {"x": (0.6, 0.4, 0.8), "y": 0.6},
    "south": {"x": 0.5, "y": (0.6, 0.4, 0.8)},
    "west": {"x": 0.1, "y": 0.2},
}
HOSTILE = ("<b>甲</b>{zh}%s", "</script>{0}%d $& “Park-01”")
NOTHING = re.compile(r"\b(?:nan|none|null|inf)\b|NaN|NA\b|-0\.000|−0\.000", re.IGNORECASE)


def _break_evens(*rows) -> pd.DataFrame:
    said = {
        "scenario": "base",
        "year": 2017,
        "status": "derived",
        "reason_zh": "手工",
        "reason_en": "by hand",
    }
    table = pd.DataFrame([{**said, **row} for row in rows], columns=list(BREAK_EVENS.columns))
    return conform(table, BREAK_EVENS)


def _answer(outcome, *, break_evens=None, others=()) -> dict[str, tuple[str, str]]:
    robust = find_robustness(outcome)
    answers = tabulate_answers(
        robust,
        agreement=tabulate_robustness(robust)["agreement"],
        break_evens=_break_evens() if break_evens is None else break_evens,
        others=[Alternative(other, find_standing(other)) for other in others],
    )
    assert list(faults(answers, ANSWERS, where="answers")) == []
    assert answers["place"].tolist() == list(range(1, len(answers) + 1))
    for language in ("text_zh", "text_en"):
        told = answers[language].str.cat()
        assert "  " not in told
        assert not re.search(r"。。|\.\.|；。|, \.|\( ", told)
    rows = zip(answers["question"], answers["text_zh"], answers["text_en"], strict=True)
    return {question: (zh, en) for question, zh, en in rows}


def test_the_first_the_next_and_their_points(decide) -> None:
    zh, en = _answer(decide(THREE))["first"]
    assert zh == "north园居首，0.600分（3个园区参评）；其后是south园，0.550分。"
    assert en == (
        "Park north is first with 0.600 points, of 3 parks; next is Park south with 0.550."
    )


def test_who_is_not_ranked_is_counted(decide) -> None:
    _, en = _answer(decide({**THREE, "z": {"x": None, "y": 1.0}}))["first"]
    assert "of 3 parks that can be ranked (1 lacks a measure)" in en
    _, en = _answer(
        decide({**THREE, "y": {"x": None, "y": 1.0}, "z": {"x": 1.0, "y": None}})
    )["first"]  # fmt: skip
    assert "(2 lack a measure)" in en


def test_how_sure_names_share_and_rival(decide) -> None:
    outcome = decide(THREE)
    rows = find_robustness(outcome)
    shares = dict(zip(rows.sites, rows.planned.first_shares, strict=True))
    first, rival = (100 * shares[name] for name in ("north", "south"))
    assert first + rival == pytest.approx(100)
    zh, en = _answer(outcome)["sure"]
    assert f"comes first in {first:.0f} of 100 draws" in en
    assert en.split("Most likely to be first instead: ")[1].startswith(
        f"Park south ({rival:.0f} of 100)."
    )
    assert f"有{first:.0f}%居首" in zh
    assert f"最可能取而代之的是south园（{rival:.0f}%）。" in zh


@pytest.mark.parametrize(
    ("high", "words", "zh_words"),
    [
        (0.5, "That is firm: ", "很稳："),
        (0.53, "That is likely, not certain: ", "较稳："),
        (0.6, "More likely than not, but far from certain: ", "多半如此，但不稳："),
    ],
)
def test_words_follow_the_share(decide, high: float, words: str, zh_words: str) -> None:
    """0.45 within 0.4 to high passes 0.5 in half of 0, 3/8, or 2/3 of the draws."""
    outcome = decide({"a": {"x": 0.5}, "b": {"x": (0.45, 0.4, high)}})
    zh, en = _answer(outcome)["sure"]
    assert en.startswith(words)
    assert zh.startswith(zh_words)


def test_three_alike_are_open(decide) -> None:
    band = {"x": (0.5, 0.3, 0.7)}
    outcome = decide({"a": {"x": (0.51, 0.3, 0.7)}, "b": band, "c": band})
    zh, en = _answer(outcome)["sure"]
    assert en.startswith("That is open: ")
    assert zh.startswith("远不能确定：")


def test_why_tells_the_greatest_with_their_signs(decide) -> None:
    zh, en = _answer(decide({"a": {"x": 0.9, "y": 0.4}, "b": {"x": 0.1, "y": 0.6}}))["why"]
    assert en.startswith("It is lifted by x measured 0.9 km (+0.200). ")
    assert "It is held down by y measured 0.4 km (−0.050)." in en
    assert zh.startswith("拉高它的：x度0.9 km（+0.200）；拉低它的：y度0.4 km（−0.050）")


def test_what_would_change_it_by_hand(decide) -> None:
    """Level at 3/7 of the weight on x; the second needs a fifth of a point more of x."""
    zh, en = _answer(decide({"a": {"x": 0.9, "y": 0.3}, "b": {"x": 0.5, "y": 0.6}}))["change"]
    assert "weight of x moves from 50.0 % past 42.9 %" in en
    assert "Park b comes first." in en
    assert "Park a stays first as long as x has 43 to 100 % and y has 0 to 57 %." in en
    assert "Park b would draw level if its x measured were 0.6 km instead of 0.5 km." in en
    assert "x准则的权重从50.0%变到42.9%之外" in zh
    assert "若b园的x度由0.5 km变为0.6 km，即与首位持平。" in zh


def test_who_dominates_cannot_be_overtaken_by_weights(decide) -> None:
    told = _answer(decide({"a": {"x": 0.9, "y": 0.8}, "b": {"x": 0.1, "y": 0.2}}))
    assert told["change"][1].startswith("No change of a single weight takes the first place away.")
    assert told["survey"][1] == "No single number, once known, would change who is first."
    assert "first in 100 of 100 draws" in told["sure"][1]
    assert "Most likely to be first instead" not in told["sure"][1]
    assert "the rank is 1;" in told["sure"][1]


def test_another_language_is_one_catalogue_and_what_it_lacks_is_english(
    decide, monkeypatch
) -> None:
    words = tell_change(
        find_robustness(decide({"a": {"x": 0.9, "y": 0.3}, "b": {"x": 0.5, "y": 0.6}}))
    )
    texts = {
        "en": read_catalogue("en"),
        "fr": {
            "answer.takeover": "{site} passe devant si {criterion} passe de {before} % à {after} %.",
            "answer.climb": "{site} : {measure} {needed} au lieu de {value}.",
        },
    }
    monkeypatch.setattr(wording, "read_catalogue", lambda language: texts[language])
    assert words.say("fr") == (
        "Park b passe devant si x passe de 50.0 % à 42.9 %. "
        "With one weight moved at a time, Park a stays first as long as x has 43 to 100 % and "
        "y has 0 to 57 %. Park b : x measured 0.6 km au lieu de 0.5 km."
    )


def test_what_is_worth_knowing_names_the_number_and_the_park(decide) -> None:
    zh, en = _answer(decide({"a": {"x": 0.8, "y": 0.5}, "b": {"x": None, "y": 0.5}}))["survey"]
    assert en.startswith("X measured at Park b, unknown today: ")
    assert zh.startswith("b园的x度（目前不明）：")


def test_parks_that_are_level_are_all_named(decide) -> None:
    level = {"x": 0.5, "y": 0.7}
    told = _answer(decide({"a": level, "b": level, "c": level, "d": {"x": 0.1, "y": 0.1}}))
    zh, en = told["first"]
    assert en.startswith("Park a, Park b and Park c are level at the top with 0.600 points")
    assert zh.startswith("a园、b园、c园并列居首，0.600分")
    assert "one of them comes first in 100 of 100 draws" in told["sure"][1]
    assert "其中之一有100%居首" in told["sure"][0]
    assert "Most likely to be first instead" not in told["sure"][1]
    assert told["why"][1].startswith("Of those level, take Park a. ")


def test_parks_level_in_the_second_place_are_all_named(decide) -> None:
    second = {"x": 0.5}
    _, en = _answer(decide({"a": {"x": 0.9}, "b": second, "c": second}))["first"]
    assert en.endswith("; next are Park b and Park c with 0.500.")


def test_level_now_and_apart_with_other_weights(decide) -> None:
    told = _answer(decide({"a": {"x": 0.25, "y": 0.75}, "b": {"x": 0.75, "y": 0.25}}))
    zh, en = told["change"]
    assert en.startswith("The least change of the weight of x to one side puts Park b first. ")
    assert "Park a stays first as long as x has 0 to 50 % and y has 50 to 100 %" in en
    assert zh.startswith("x准则的权重稍向一侧变动，首位即转为b园。")


def test_one_park_alone(decide) -> None:
    told = _answer(decide({"only": {"x": 0.5, "y": 0.5}}))
    assert told["first"][1] == "Park only is first with 0.500 points, of 1 park."
    assert told["why"][1] == "It differs from the mean in nothing that counts."


def test_where_no_park_can_be_ranked_that_alone_is_told(decide) -> None:
    told = _answer(decide({"a": {"x": 0.5, "y": None}, "b": {"x": None, "y": 0.5}}))
    assert list(told) == ["first"]
    zh, en = told["first"]
    assert zh == "2个园区都缺少数据，无法排序。"
    assert en == "No park can be ranked: each of the 2 lacks a measure."


def test_other_scenarios_tell_who_is_first_there(decide) -> None:
    same = decide(THREE, scenario="calm")
    turned = decide({**THREE, "west": {"x": 1.0, "y": 1.0}}, scenario="storm")
    unknown = decide({"north": {"x": None, "y": 0.6}}, scenario="night")
    nobody = decide({"north": {"x": 0.5, "y": 0.6}}, scenario="flood", excluded={"north": "r"})
    zh, en = _answer(decide(THREE), others=(same, turned, unknown, nobody))["scenarios"]
    assert re.search(r"The calm: Park north stays first \(\d\d of 100 draws\)\. ", en)
    assert "The storm: Park west comes first (100 of 100 draws). " in en
    assert "The night: no park can be ranked. The flood: no park can be ranked." in en
    assert "storm情景：首位转为west园（100%的抽样居首）。" in zh
    assert "night情景：无园区可排。flood情景：无园区可排。" in zh


def test_a_scenario_says_where_another_park_is_first_in_more_draws(decide) -> None:
    """A band that leads far up lifts the mean, though most of its draws lie below the other."""
    base = decide({"a": {"x": 0.9}, "b": {"x": 0.5}})
    sure = decide({"a": {"x": (0.51, 0.49, 0.9)}, "b": {"x": 0.5}}, scenario="odd")
    zh, en = _answer(base, others=(sure,))["scenarios"]
    assert re.search(r"Park a stays first \(\d\d of 100 draws\)", en)
    assert "though" not in en
    # 0.59 on average, and above 0.5 in 0.5 (0.9 - 0.5) / (0.9 - 0.49) of the draws.
    wide = decide({"b": {"x": (0.49, 0.48, 0.9)}, "a": {"x": 0.5}}, scenario="odd", n_draws=40_000)
    zh, en = _answer(base, others=(wide,))["scenarios"]
    told = "Park b comes first (49 of 100 draws), though Park a is first in more of them (51)."
    assert told in en
    assert "但a园居首的抽样更多" in zh


def test_who_is_first_by_the_numbers_themselves_is_told_beside(decide) -> None:
    """0.49 within 0.48 to 0.9 is 0.59 on average: the mean of its halves, 0.485 and 0.695."""
    zh, en = _answer(decide({"b": {"x": (0.49, 0.48, 0.9)}, "a": {"x": 0.5}}))["sure"]
    told = "By the numbers in the middle of their bands Park a would be first (0.500 against 0.490)"
    assert told in en
    assert "若只看各指标的中值、不计区间，则a园居首（0.500分，对0.490分）" in zh
    _, en = _answer(decide({"a": {"x": (0.49, 0.48, 0.9)}, "b": {"x": 0.4}}))["sure"]
    assert "The numbers in the middle of their bands put the same park first." in en
    _, en = _answer(decide({"a": {"x": 0.9}, "b": {"x": 0.5}}))["sure"]
    assert "middle of their bands" not in en


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (
            {"pue_ratio": 1.05, "energy_cny_kwh": 0.273, "missing": "land water"},
            (
                "Power at Park south would have to cost 0.273 CNY/kWh to break even with Park north "
                "(energy alone; what else it costs is not known)."
            ),
        ),
        (
            {"pue_ratio": 1.05, "energy_cny_kwh": 0.273, "price_cny_kwh": 0.3},
            "Power at Park south would have to cost 0.300 CNY/kWh to break even with Park north.",
        ),
        (
            {"pue_ratio": 0.95, "missing": "energy"},
            (
                "Prices of power are not known; it may cost 5.0 % less at Park south than at Park "
                "north for the same bill (energy alone; what else it costs is not known)."
            ),
        ),
    ],
)
def test_what_power_may_cost_at_the_next_park(decide, row, told) -> None:
    even = _break_evens({"site_id": "south", "other_id": "north", **row})
    assert _answer(decide(THREE), break_evens=even)["cost"][1] == told


def test_without_a_price_or_a_pue_cost_is_not_told(decide) -> None:
    even = _break_evens({"site_id": "south", "other_id": "north"})
    assert "cost" not in _answer(decide(THREE), break_evens=even)
    assert "cost" not in _answer(decide(THREE))


def test_whose_weights_they_are(decide) -> None:
    zh, en = _answer(decide(THREE))["weights"]
    assert en == "us: x 50 %, y 50 %; for practice."
    assert zh == "我们：x准则50%、y准则50%。练习。"


def test_names_pass_as_they_are(decide) -> None:
    """What a browser must escape, and what a format string would swallow, is left to them."""
    zh, en = HOSTILE
    outcome = decide(THREE, names={"north": HOSTILE, "south": HOSTILE})
    told = _answer(outcome)
    assert told["first"][1].startswith(f"{en} is first")
    assert told["first"][0].startswith(f"{zh}居首")
    assert f"next is {en} with" in told["first"][1]
    rows = tabulate_explanations(find_robustness(outcome))
    (improvement,) = rows[(rows["kind"] == "climb") & (rows["site_id"] == "south")]["text_en"]
    assert improvement.startswith(f"level with {en} if its ")


def test_titles_of_measures_pass_as_they_are(decide, criterion) -> None:
    criteria = (criterion("x", 1.0, title="Q-0 <i>{x}"),)
    outcome = decide({"a": {"x": 0.9}, "b": {"x": 0.5}}, criteria=criteria)
    rows = tabulate_explanations(find_robustness(outcome)).set_index(["site_id", "kind"])
    told = rows["text_en"][("b", "held")]
    assert told == "Q-0 <i>{x} measured 0.5 km: −0.200 against the mean of the 2 ranked"


MEASURED = st.one_of(
    st.none(),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.floats(0, 1),
    st.tuples(*[st.floats(0, 1)] * 3).map(lambda band: tuple(sorted(band)[i] for i in (1, 0, 2))),
)
PARKS = st.lists(st.fixed_dictionaries({"x": MEASURED, "y": MEASURED}), min_size=1, max_size=5)


@PATIENT
@given(PARKS, PARKS)
def test_no_sentence_holds_what_no_planner_would_say(decide, parks, others) -> None:
    outcome, other = (
        decide({f"p{n}": park for n, park in enumerate(each)}, n_draws=100, scenario=name)
        for each, name in ((parks, "base"), (others, "other"))
    )
    told = _answer(outcome, others=(other,))
    rows = tabulate_explanations(find_robustness(outcome))
    for text in [*(text for pair in told.values() for text in pair), *rows["text_zh"], *rows["text_en"]]:  # fmt: skip
        assert text
        assert not NOTHING.search(text), text


@pytest.mark.parametrize(
    ("share", "en", "zh"),
    [
        (0.0, "0", "0%"),
        (1e-9, "under 1", "不到1%"),
        (0.00999, "under 1", "不到1%"),
        (0.01, "1", "1%"),
        (0.125, "13", "13%"),
        (0.5, "50", "50%"),
        (0.99, "99", "99%"),
        (0.9901, "over 99", "99%以上"),
        (1 - 1e-9, "over 99", "99%以上"),
        (1.0, "100", "100%"),
    ],
)
def test_shares_claim_no_more_than_draws_tell(share: float, en: str, zh: str) -> None:
    assert tell_share(share).say("en") == en
    assert tell_share(share).say("zh") == zh
    assert spell_share(share) == en.replace("under ", "<").replace("over ", ">")


def test_the_default_plan_answers_in_both_languages(tables: PlanTables) -> None:
    answers = tables.answers.set_index("question")
    assert list(answers.index) == [
        *("first", "sure", "why", "change", "assumed", "spread", "survey", "scenarios"),
        *("cost", "weights"),
    ]
    rows = tables.robustness.sort_values("rank").set_index("site_id")
    parks = tables.layers["parks"].set_index("park_id")
    leader, share = rows.index[0], rows["first_share"].iloc[0]
    rival = rows["first_share"].drop(leader).idxmax()
    for language in ("zh", "en"):
        told = answers[f"text_{language}"]
        assert told["first"].startswith(parks.loc[leader, f"name_{language}"])
        assert f"{rows['score'].iloc[0]:.3f}" in told["first"]
        assert parks.loc[rival, f"name_{language}"] in told["sure"]
        assert (told.str.len() > 10).all()
        assert not told.str.contains(NOTHING.pattern, case=False).any()
    assert f"first in {100 * share:.0f} of 100 draws" in answers["text_en"]["sure"]
    assert f"有{100 * share:.0f}%居首" in answers["text_zh"]["sure"]
    for row in tables.scenarios.iloc[1:].itertuples():
        part = answers["text_en"]["scenarios"].split(f"{row.title_en}: ")[1]
        assert part.startswith(parks.loc[row.first_id, "name_en"])
