"""What is said stands in the text: every fact of kind `said` is found at its place, word for word.

A fact is found by its own value, as `和林格尔新区` or `519`.  Where the document writes it otherwise
(another unit, 万 and 亿, a name for an id) the `reason` quotes the words in 「」; they stand in the
document, and hold the value.  What is said by no document at hand bears its words in `place_in_text`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from steppe.layers.facts import read_facts

DOCUMENTS = {
    "nm_cloud_plan": "000_8e816a267275cf06.txt",
    "nm_bigdata_plan": "001_6946ba47fd225134.txt",
    "chengdu_cloud_plan": "002_067829d5db7477e3.txt",
    "shanxi_cloud_plan": "003_118856ac84ad4511.txt",
    "ulanqab_results": "004_7ddbba282804b1ae.txt",
}
# A chapter and what stands below it, as each document numbers them; 一是 counts within a section.
NUMERALS = "一二三四五六七八九十"
CHAPTERED = (("第N章",), ("第N节",), ("N、", "N是"))
PLAIN = (("N、",), ("[（(]N[）)]",), ("N、",))
DIGITS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
ONES = "".join(DIGITS)
# What a node is called in the documents; typed from them.
CALLED = {
    "hohhot": ("呼和浩特",),
    "jining": ("集宁", "乌兰察布"),
    "ordos": ("鄂尔多斯",),
    "beijing": ("北京", "Beijing"),
    "tianjin": ("津", "Tianjin"),
    "shanghai": ("上海", "Shanghai"),
    "guangzhou": ("广州", "Guangzhou"),
    "shenyang": ("沈阳", "Shenyang"),
    "paris": ("巴黎", "Paris"),
    "moscow": ("Moscow",),
    "frankfurt": ("Frankfurt",),
    "erenhot_border": ("二连浩特",),
    "manzhouli_border": ("满洲里",),
    "dongsheng": ("东胜区",),
}
# How the documents write quantities: what a unit of ours is called, and how much that is.
WRITTEN = {
    "km": {"公里": 1, "千米": 1, "km": 1, "米": 1e-3, "m": 1e-3},
    "km2": {"平方公里": 1},
    "ha": {"平方公里": 100, "亩": 1 / 15},
    "m2": {"平方米": 1},
    "MW": {"千瓦": 1e-3},
    "GWh": {"千瓦时": 1e-6, "度": 1e-6},
    "Mt": {"吨": 1e-6},
    "Gbit/s": {"G": 1, "Gbps": 1},
    "kcal/cm2": {"千卡/厘米": 1},
    "m3": {"立方米": 1},
    "100 million CNY": {"元": 1e-8, "": 1e-8},
    "h": {"小时": 1},
    "°C": {"℃": 1},
    "%": {"%": 1},
    "month": {"个月": 1},
    "year": {"年": 1},
    "1/s": {"次": 1},
    "1": {"": 1, "台": 1, "个": 1, "户": 1, "家": 1, "芯": 1},
    "racks": {"个": 1},
    "g": {"g": 1},
    "ms": {"ms": 1},
    "CNY/kWh": {"yuan per kilowatt hour": 1, "/kWh": 1},
    "a": {"年": 1},
}
POWERS = {"万": 1e4, "亿": 1e8, "百": 1e2, "千": 1e3}


@pytest.fixture(scope="module")
def texts(seeds: Path) -> dict[str, str]:
    return {
        source_id: (seeds / name).read_text(encoding="utf-8")
        for source_id, name in DOCUMENTS.items()
    }


@pytest.fixture(scope="module")
def facts(pack: Path) -> pd.DataFrame:
    frames = [read_facts(path) for path in sorted(pack.glob("facts_*.csv"))]
    return pd.concat(frames, ignore_index=True).fillna("")


@pytest.fixture(scope="module")
def said(facts: pd.DataFrame) -> list[dict[str, str]]:
    """Facts of kind `said`, with the words that their row as a whole is taken from."""
    written = facts[facts["field"] == "as_written"].set_index(["layer", "id"])["value"].to_dict()
    return [
        {**row, "words": written.get((row["layer"], row["id"]), "")}
        for row in facts[facts["kind"] == "said"].to_dict("records")
    ]


def plain(text: str) -> str:
    """Return a text without what documents write at will: blanks, wide signs, kinds of dashes."""
    wide = re.sub(r"(?<=\d),(?=\d{3})", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[\s]+", "", wide).translate(dict.fromkeys(map(ord, "—–~～"), "-"))


def find_part(text: str, place: str, levels: tuple[tuple[str, ...], ...]) -> str:
    """Return the part of a document at a place such as `ch. 6(2)3` or `4(1)`."""
    numbers = re.fullmatch(r"(?:ch\. )?(\d+)(?:\((\d+)\)(\d+)?)?", place)
    assert numbers, place
    for number, heads in zip(numbers.groups(), levels, strict=True):
        if number is not None:
            parts = (_under(text, head, NUMERALS[int(number) - 1]) for head in heads)
            text = next(filter(None, parts), "")
            assert text, (place, number)
    return text


def _under(text: str, head: str, numeral: str) -> str:
    starts = [
        match.start()
        for match in re.finditer(rf"(?m)^[\s　]*{head.replace('N', f'[{NUMERALS}]+')}", text)
    ]
    wanted = re.compile(rf"[\s　]*{head.replace('N', numeral)}")
    parts = (text[start:end] for start, end in pairwise([*starts, len(text)]))
    return next(filter(wanted.match, parts), "")


def find_parts(text: str, source_id: str, places: str) -> str:
    levels = CHAPTERED if source_id == "nm_cloud_plan" else PLAIN
    return plain(" ".join(find_part(text, place, levels) for place in places.split(", ")))


def quoted(words: str) -> list[str]:
    return re.findall("「([^」]+)」", words)


def amounts(words: str, unit: str) -> Iterator[float]:
    """Yield what words may mean in a unit: each number in them with the unit that follows."""
    # Of a range, as 7-8个月, the first number has the unit of the second.
    told = re.sub(r"(\d)-(\d+)([^\d]+)", r"\1\3-\2\3", plain(words))
    for match in re.finditer(
        rf"(?:(\d+(?:\.\d+)?|[{ONES}])([万亿百千]*)|([万亿百千]+))(?=([^\d]*))", told
    ):
        number, powers, powers_alone, rest = match.groups()
        value = float(DIGITS.get(number, number or 1))
        yield from _in_unit(value, powers or powers_alone or "", rest, unit)


def _in_unit(value: float, powers: str, rest: str, unit: str) -> Iterator[float]:
    # 千瓦 and 千卡 begin with a power of their own.
    for taken in range(len(powers) + 1):
        times = math.prod(POWERS[power] for power in powers[:taken])
        for written, size in WRITTEN.get(unit, {"": 1}).items():
            if (powers[taken:] + rest).startswith(plain(written)):
                yield value * times * size


def holds(words: str, value: str, unit: str, field: str) -> bool:
    """Tell whether words say a value: by a name of the node, as an amount, a date, or verbatim."""
    if field in {"from_node", "to_node", "at_town"}:
        return any(name in words for name in CALLED[value])
    if unit == "deg":
        found = re.findall(r"(\d+)°(\d+)′", words)
        return any(math.isclose(int(d) + int(m) / 60, float(value), abs_tol=5e-5) for d, m in found)
    if re.fullmatch(r"-?[\d.]+(e\d+)?", value):
        return any(math.isclose(found, float(value)) for found in amounts(words, unit))
    if day := re.fullmatch(r"(\d{4})-0?(\d+)-0?(\d+)", value):
        return "{}年{}月{}日".format(*day.groups()) in words
    return plain(value) in plain(words)


def test_what_a_document_says_stands_in_it(said, texts: dict[str, str]) -> None:
    parts: dict[tuple[str, str], str] = {}
    amiss = []
    for row in said:
        key = row["source_id"], row["place_in_text"]
        if key[0] not in DOCUMENTS:
            continue
        if key not in parts:
            parts[key] = find_parts(texts[key[0]], *key)
        words = quoted(row["reason"]) or [row["words"] or row["value"]]
        if row["field"] == "year":  # of a whole sentence or its section
            words = [row["value"]]
        told = [row["id"], row["field"], row["value"], row["unit"], *key, words]
        if not all(plain(each) in parts[key] for each in words):
            amiss.append(("not at its place", *told))
        elif not any(holds(each, row["value"], row["unit"], row["field"]) for each in words):
            amiss.append(("not in the words", *told))
    assert len(parts) > 20
    assert amiss == []


def test_what_is_quoted_stands_at_its_place(facts: pd.DataFrame, texts: dict[str, str]) -> None:
    """Also where a fact is read from the words that it quotes."""
    rows = facts[facts["source_id"].isin(DOCUMENTS) & facts["reason"].str.contains("「")]
    assert len(rows) > 50
    for row in rows.to_dict("records"):
        part = find_parts(texts[row["source_id"]], row["source_id"], row["place_in_text"])
        for words in quoted(row["reason"]):
            assert plain(words) in part, (row["id"], row["field"], words)


def test_what_others_say_bears_its_words(said) -> None:
    """Standards, maps and pages of the press do not lie at hand: the words stand with the fact."""
    others = [row for row in said if row["source_id"] not in DOCUMENTS]
    assert len(others) > 50
    for row in others:
        words = [*quoted(row["place_in_text"]), row["place_in_text"], row["words"]]
        # What stands in a column of a table bears no unit.
        assert any(
            holds(each, row["value"], unit, row["field"])
            for each in filter(None, words)
            for unit in (row["unit"], "")
        ), (row["id"], row["field"], row["value"], words)


def test_another_value_would_be_noticed(said) -> None:
    """The checks above can fail: ten times the value, or the other city, is not in the words."""
    checked = 0
    for row in said:
        words = quoted(row["reason"]) or [row["words"]]
        if row["field"] in {"value", "threshold", "area_ha", "racks", "servers"} and words[0]:
            wrong = str(float(row["value"]) * 10 + 3)
            assert not any(holds(each, wrong, row["unit"], row["field"]) for each in words), row
            checked += 1
        elif row["field"] == "to_node" and row["value"] == "beijing":
            assert not any(holds(each, "paris", "", "to_node") for each in words[:1]), row
            checked += 1
    assert checked > 80
