"""Zips of anyone's: counted while they unpack, for a small one may hold the world."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import unreadable
from steppe.layers.limits import LAYER_BYTES, MB, MEMBERS, UNPACKED_RATIO, Limit
from steppe.layers.wording import tell

_SMALL = 8 * MB
_PIECE = 1 << 20
_UTF_8_FLAG = 0x800


def open_zip(path: Path, where: str) -> zipfile.ZipFile:
    """Open a zip.

    Raises
    ------
    InputError
        One line: no zip, broken, over the limit of members.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
        raise _broken(where) from None
    except OSError as error:
        raise unreadable(where, error) from None
    MEMBERS.refuse_over(len(archive.infolist()), where)
    return archive


def read_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, limit: Limit = LAYER_BYTES
) -> bytes:
    """Return what a member holds.

    Parameters
    ----------
    archive, info
        Where it stands.
    where
        The file, for the messages.
    limit
        The most bytes that are taken.

    Raises
    ------
    InputError
        One line: over the limit, larger than it says, a ratio that no data have, encrypted, broken.
    """
    limit.refuse_over(info.file_size, where)
    if info.file_size > _SMALL:
        UNPACKED_RATIO.refuse_over(info.file_size / max(info.compress_size, 1), where)
    if info.flag_bits & 1:
        raise InputError(Problem(where, tell("fault.open.locked"), tell("fix.open.unlock")))
    pieces, n_bytes = [], 0
    try:
        with archive.open(info) as member:
            while piece := member.read(_PIECE):
                n_bytes += len(piece)
                if n_bytes > info.file_size:
                    raise _broken(where)
                pieces.append(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise _broken(where) from None
    return b"".join(pieces)


def read_named(
    archive: zipfile.ZipFile, name: str, where: str, limit: Limit = LAYER_BYTES
) -> bytes | None:
    """Return what the member of a name holds; None where there is none."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    return read_member(archive, info, where, limit)


def name_of(info: zipfile.ZipInfo) -> str:
    """Return the name of a member as it was meant: Chinese Windows writes it in GBK, unmarked."""
    if info.flag_bits & _UTF_8_FLAG or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _broken(where: str) -> InputError:
    return InputError(Problem(where, tell("fault.open.broken_zip"), tell("fix.save_or_send_again")))
