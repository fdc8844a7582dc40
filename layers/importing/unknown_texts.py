"""Texts that stand for nothing: what programs and people write where they know no value."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd

from steppe.layers.errors import show_values
from steppe.layers.wording import Message, tell

_UNKNOWN = frozenset({
    "<NA>", "<na>", "NA", "N/A", "n/a", "#N/A", "n.a.", "NaN", "nan", "NAN", "null", "NULL", "Null",
    "(null)", "<null>", "<NULL>", "<Null>", "None", "NONE", "none", "\\N", "-", "--", "---", "—", "——",
    "–", "/", "?", "无", "暂无", "空", "不详", "未知", "无数据", "No data", "no data", "unknown", "Unknown", "UNKNOWN", "#REF!",
    "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!",
})  # fmt: skip
_CODES = "NA"
_CODE = re.compile(r"[A-Z]{2}")


def drop_unknown(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Message]]:
    """Return a table with None where a text stands for nothing, and what is to be told of it.

    In a column whose other texts are codes of two letters `NA` is one of them: Namibia's, or
    North America's.

    Parameters
    ----------
    frame
        Fields of any kind; blank texts become None without a word.
    """
    counts: Counter[str] = Counter()
    made = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if column.dtype != object and not pd.api.types.is_string_dtype(column.dtype):
            made[name] = column
            continue
        values = column.to_numpy(dtype=object).tolist()
        texts = Counter(value for value in values if isinstance(value, str))
        gone = {text for text in texts if text.strip() in _UNKNOWN or not text.strip()}
        if all(_CODE.fullmatch(text) for text in texts if text not in gone) and len(texts) > len(
            gone
        ):
            gone.discard(_CODES)
        for text in gone:
            counts[text.strip()] += texts[text]
        kept = [None if _is_none(value) or value in gone else value for value in values]
        made[name] = pd.Series(kept, index=frame.index, dtype=object)
    del counts[""]
    notes = []
    if counts:
        shown = show_values(sorted(counts))
        notes.append(tell("note.open.unknown", n=counts.total(), texts=shown))
    return pd.DataFrame(made, index=frame.index), notes


def _is_none(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))
