"""In which encoding a text of anyone's is, found from its bytes where only one fits.

UTF-8 and UTF-16 are known by their form.  Chinese is known by what Chinese is written with: of a
running text in GB 2312 over 99 % of the signs are among the 3 755 of its first level, whose two
bytes lie in B0A1 to D7F9; Big5 has its 5 401 frequent signs in A440 to C67E.  Both count the
pairs of bytes above 7F alone, so that a Latin text with single accents fits neither.
"""

from __future__ import annotations

import codecs
import re

from steppe.layers.encodings import ENCODINGS
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import join, tell

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LOOKED_AT = 1 << 20
_SHARE = 0.9
_NUL_SHARE = 0.2
_FIRST_PLANE, _FIRST_WORD, _LAST_HANGUL = 0xA1, 0xB0, 0xC8
_KANA, _KANA_SHARE = {0xA4, 0xA5}, 0.05
_ENOUGH = 12
_GB_SIGN = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[0-9][\x81-\xfe][0-9])|[\x80-\xff]")
_GB_COMMON = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]|[\xa1-\xa9][\xa1-\xfe]")
_BIG5_SIGN = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]")
_BIG5_COMMON = re.compile(rb"[\xa1-\xc5][\x40-\x7e\xa1-\xfe]|\xc6[\x40-\x7e]")


def find_encoding(content: bytes) -> str | None:
    """Return the encoding that bytes are in; None where several would do or none does.

    >>> find_encoding("园区,经度".encode("gbk"))
    'gb18030'
    >>> find_encoding("Côte d'Ivoire".encode("cp1252")) is None
    True
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    sample = content[:_LOOKED_AT]
    for name, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if len(sample) > 1 and sample[place::2].count(0) > _NUL_SHARE * len(sample) / 2:
            return name
    if _is_utf_8(content):
        return "utf-8"
    if _share(sample, _GB_SIGN, _GB_COMMON) >= _SHARE and _reads(sample, "gb18030"):
        return None if _may_be_neighbour(sample) else "gb18030"
    if _share(sample, _BIG5_SIGN, _BIG5_COMMON) >= _SHARE and _reads(sample, "big5hkscs"):
        return "big5hkscs"
    return None


def read_text(content: bytes, where: str, encoding: str | None) -> tuple[str, str]:
    """Return the text of a file, and the encoding that it was in.

    Parameters
    ----------
    content
        Its bytes.
    where
        The file, for the message.
    encoding
        One of `steppe.layers.encodings.ENCODINGS` where the user says it.

    Raises
    ------
    InputError
        Where it is in no encoding that is sure, or not in the one that is said.
    """
    if encoding is not None and encoding not in ENCODINGS:
        what = tell("fault.open.no_encoding", encoding=encoding)
        raise InputError(Problem(where, what, tell("fix.use_one_of", known=join(ENCODINGS))))
    found = encoding or find_encoding(content)
    if found is None:
        what = tell("fault.open.encoding")
        raise InputError(Problem(where, what, tell("fix.open.say_encoding")))
    try:
        text = content.decode("utf-8-sig" if found == "utf-8" else found)
    except UnicodeError:
        what = tell("fault.encoding.other", encoding=found.upper())
        raise InputError(Problem(where, what, tell("fix.open.say_encoding"))) from None
    return text.removeprefix("\ufeff"), found


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _share(sample: bytes, sign: re.Pattern[bytes], common: re.Pattern[bytes]) -> float:
    signs = sign.findall(sample)
    return sum(common.fullmatch(each) is not None for each in signs) / max(len(signs), 1)


def _may_be_neighbour(sample: bytes) -> bool:
    """Tell whether a text may be Korean or Japanese, whose signs lie at the same places.

    Hangul (KS X 1001) end at C8, where a third of Chinese text goes on; kana stand in A4 and A5.
    """
    signs = _GB_SIGN.findall(sample)
    pairs = [sign[0] for sign in signs if len(sign) == 2 and sign[0] >= _FIRST_PLANE]  # noqa: PLR2004
    n_kana = sum(lead in _KANA for lead in pairs)
    words = [lead for lead in pairs if lead >= _FIRST_WORD]
    is_korean = len(words) >= _ENOUGH and max(words) <= _LAST_HANGUL
    return is_korean or n_kana > _KANA_SHARE * len(pairs)


def _reads(sample: bytes, encoding: str) -> bool:
    """Tell whether a sample reads but for a sign that a field cuts off now and then."""
    text = sample.decode(encoding, "replace")
    return text.count("\ufffd") <= 1 + len(text) // 200
