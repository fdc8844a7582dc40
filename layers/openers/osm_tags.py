"""What tags of OpenStreetMap say, as numbers and names of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from steppe.layers.packs.power import HIGHEST_KV
from steppe.layers.texts import printable

Tags = Mapping[str, str]

_PARTS = re.compile(r"[;,/|]")
_VOLTS = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(kv|v)?", re.IGNORECASE)
_OUTPUT = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([kmg]?wp?)", re.IGNORECASE)
_TO_MW = {"w": 1e-6, "kw": 1e-3, "mw": 1.0, "gw": 1e3}
_HAN = re.compile(r"[\u3400-\u9fff]")
_YEAR = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})(?![0-9])")
_WHOLE = re.compile(r"[0-9][0-9 ,.]*")
_LEAST_KV = 0.1
_MOST = 200  # signs of a name


def read_kv(text: str) -> float | None:
    """Return the highest voltage of a tag `voltage`, kV; None where it tells none that can be.

    Volts without a unit, several parted by semicolons (OpenStreetMap Wiki, Key:voltage).  What is
    higher than any grid is a slip of the keyboard and left out.

    >>> read_kv("220000;110000"), read_kv("110 kV"), read_kv("medium"), read_kv("8000000")
    (220.0, 110.0, None, None)
    """
    found = []
    for part in _PARTS.split(text):
        match = _VOLTS.fullmatch(part.strip())
        if match:
            kv = float(match[1]) * (1.0 if (match[2] or "").lower() == "kv" else 1e-3)
            found += [kv] if _LEAST_KV <= kv <= HIGHEST_KV else []
    return max(found, default=None)


def read_mw(text: str) -> float | None:
    """Return the output of a tag `plant:output:electricity`, MW; None where it tells none.

    >>> read_mw("1.2 GW"), read_mw("50 MWp"), read_mw("yes")
    (1200.0, 50.0, None)
    """
    match = _OUTPUT.fullmatch(text.strip())
    if not match:
        return None
    mw = float(match[1].replace(",", ".")) * _TO_MW[match[2].lower().removesuffix("p")]
    return mw if mw > 0 else None


def read_year(text: str) -> int | None:
    """Return the year of a tag such as `start_date`; None where it tells none.

    >>> read_year("2013-05"), read_year("C19"), read_year("~1987")
    (2013, None, 1987)
    """
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def read_people(text: str) -> int | None:
    """Return the number of people of a tag `population`; None where it tells none."""
    match = _WHOLE.match(text.strip())
    people = int(re.sub(r"[^0-9]", "", match[0])) if match else 0
    return people if people > 0 else None


def name_of(tags: Tags) -> str | None:
    """Return the name that is drawn, as the map has it."""
    for key in ("name", "name:zh", "name:en", "ref"):
        name = printable(tags.get(key, "")).strip()
        if name:
            return name[:_MOST]
    return None


def name_both(tags: Tags) -> tuple[str, str]:
    """Return the Chinese and the English name; either stands for one that lacks.

    >>> name_both({"name": "Хөхот", "name:zh": "呼和浩特", "name:en": "Hohhot"})
    ('呼和浩特', 'Hohhot')
    >>> name_both({"name": "Nairobi"})
    ('Nairobi', 'Nairobi')
    """
    given = {
        key: printable(tags.get(key, "")).strip()[:_MOST]
        for key in ("name", "name:zh-Hans", "name:zh", "name:en", "int_name")
    }
    is_han = bool(_HAN.search(given["name"]))
    zh = given["name:zh-Hans"] or given["name:zh"] or (given["name"] if is_han else "")
    en = given["name:en"] or given["int_name"] or ("" if is_han else given["name"])
    return zh or en or given["name"], en or zh or given["name"]
