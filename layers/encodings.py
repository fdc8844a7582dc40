"""Text of others: in which encoding it is, said by the file or by the plan, never guessed."""

from __future__ import annotations

import codecs

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell

ENCODINGS = (
    "utf-8", "utf-16", "gbk", "gb18030", "gb2312", "hz", "big5", "big5hkscs",
    "cp949", "euc_kr", "shift_jis", "euc_jp", "cp1251", "koi8-r", "cp866",
    "cp1252", "iso8859-1", "cp437", "cp850", "cp1250",
)  # fmt: skip
"""What a plan may say."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes, where: str, encoding: str | None = None) -> str:
    """Return the text of a file.

    Parameters
    ----------
    content
        Its bytes, with or without a byte order mark.
    where
        File and layer, for the message.
    encoding
        What the plan says; UTF-8 if it says nothing.

    Raises
    ------
    InputError
        When it is not in that encoding, with the way to say which.
    """
    if encoding is None and is_utf_16(content, None):
        fix = tell("fix.say_utf_16")
        raise InputError(Problem(where, tell("fault.encoding.utf_16"), fix))
    try:
        return content.decode("utf-8-sig" if encoding in {None, "utf-8"} else str(encoding))
    except UnicodeError:
        raise other_encoding(where, encoding or "utf-8") from None


def is_utf_16(content: bytes, encoding: str | None) -> bool:
    """Tell whether every other byte may be 0, as the plan or the mark at the start says."""
    return encoding == "utf-16" or (encoding is None and content.startswith(_UTF_16))


def other_encoding(where: str, encoding: str) -> InputError:
    """Return the user's error for text that is not in the encoding that it should be in."""
    what = tell("fault.encoding.other", encoding=encoding.upper())
    return InputError(Problem(where, what, tell("fix.save_in_utf_8_or_say")))
