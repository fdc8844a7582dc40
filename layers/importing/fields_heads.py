"""Heads of columns as people write them: a name, and often the unit of what stands below."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from steppe.layers.columns import Column, Contract
from steppe.layers.field_words import names_of, names_of_things, plain_name
from steppe.layers.units import is_written_unit, name_unit

_BRACKETS = re.compile(r"(?P<base>.*?)[\s_]*[(\[【{<](?P<unit>[^()\[\]【】{}<>]+)[)\]】}>]\s*")
_BEHIND = re.compile(r"(?P<base>.+?)\s*[/:,，、]\s*(?P<unit>[^/:,]+)")
_LAST = re.compile(r"(?P<base>.+?)(?:[\s_]+in)?[\s_]+(?P<unit>\S+)", re.IGNORECASE)
_ID = re.compile(r"(?:\b(?:id|uuid|code)|编号|编码|代码)$")
_CALLED = re.compile(r"(?:名称|名字|名|\bname)$")
_CUT = 10  # letters of a name in a dBASE file
_NAMES = ("name_zh", "name_en", "name")
_LEAST_TOKEN = 4
_LEAST_HAN = 2
_ALIKE = 0.86
CERTAIN = 0.9
EXACT, SYNONYM, ENDING, CUT_NAME, PART, LIKE = 1.0, 0.97, 0.91, 0.9, 0.7, 0.6


def split_head(head: str, kin: str) -> tuple[str, str]:
    """Return a head without its unit, and the unit; empty where it names none of the kind.

    Parameters
    ----------
    head
        As it stands in the file.
    kin
        A unit of the kind that is meant.

    >>> split_head("Voltage (V)", "kV"), split_head("容量/万千瓦", "MW"), split_head("AREA_KM2", "ha")
    (('Voltage', 'V'), ('容量', '万千瓦'), ('AREA', 'km2'))
    """
    plain = unicodedata.normalize("NFKC", head).strip()
    for pattern in (_BRACKETS, _BEHIND, _LAST):
        found = pattern.fullmatch(plain)
        unit = name_unit(found["unit"].strip(), kin) if found else None
        if found and unit:
            return found["base"].strip(), unit
    return plain, ""


def names_other_unit(head: str, kin: str) -> bool:
    """Tell whether a head names a unit in brackets that is of another kind.

    >>> names_other_unit("容量(MVA)", "MW"), names_other_unit("容量(MW)", "MW"), names_other_unit("震级(M)", "1")
    (True, False, False)
    """
    found = _BRACKETS.fullmatch(unicodedata.normalize("NFKC", head).strip())
    if found is None:
        return False
    inner = found["unit"].strip()
    return len(inner) > 1 and is_written_unit(inner) and name_unit(inner, kin) is None


def score_head(head: str, column: Column, contract: Contract) -> float:
    """Return how surely a head means a column by what it says, 0 to 1.

    Parameters
    ----------
    head
        As it stands in the file, without its unit.
    column
        The column.
    contract
        Its layer.
    """
    plain = plain_name(head)
    is_key = column.name in contract.key
    known = names_of(contract.name, column, is_key=is_key)
    if column.name in _NAMES:
        known = (*known, *names_of_things(contract.name))
    squeezed = plain.replace(" ", "")
    if not plain:
        score = 0.0
    elif plain == plain_name(column.name):
        score = EXACT
    elif plain in known:
        # What stands first in the catalogue is the likelier of two.
        score = SYNONYM - 0.0005 * known.index(plain)
    elif squeezed in {each.replace(" ", "") for each in known}:
        score = SYNONYM - 0.03
    elif _is_cut(squeezed, column, known):
        score = CUT_NAME
    elif is_key:
        score = ENDING if _ID.search(plain) else 0.0
    elif column.name in _NAMES:
        called = _CALLED.sub("", plain).strip()
        score = ENDING if called != plain and called in known else 0.0
    elif any(_holds(plain, each) for each in known):
        score = PART
    else:
        near = max((SequenceMatcher(None, plain, each).ratio() for each in known), default=0.0)
        score = LIKE if near >= _ALIKE else 0.0
    return score


def _is_cut(squeezed: str, column: Column, known: tuple[str, ...]) -> bool:
    """Tell whether a name of ten letters is the beginning of a longer one."""
    if len(squeezed) < _CUT - 1:
        return False
    longer = (column.name.replace("_", ""), *(each.replace(" ", "") for each in known))
    return any(len(each) > len(squeezed) and each.startswith(squeezed) for each in longer)


def _holds(plain: str, name: str) -> bool:
    """Tell whether a head holds a name among other words."""
    if name.isascii():
        words = name.split()
        own = plain.split()
        return max(map(len, words), default=0) >= _LEAST_TOKEN and set(words) <= set(own)
    return len(name) >= _LEAST_HAN and name in plain
