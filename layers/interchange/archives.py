"""Zips that somebody sent: no more of them is unpacked than a network may hold."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from steppe.layers.errors import InputError, Problem
from steppe.layers.limits import NETWORK_BYTES
from steppe.layers.wording import tell

# Whatever zipfile raises at a zip whose heads are not what they say they are.
_FAILURES = (
    *(zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError),
    *(ValueError, OverflowError, struct.error, LookupError),
)


def unpack(content: bytes, where: str) -> dict[str, bytes]:
    """Return the files in a zip by their paths in it.

    Raises
    ------
    InputError
        One line for what is no zip, is locked, or is larger once unpacked than a network may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [each for each in archive.infolist() if not each.is_dir()]
            # A member is read no further than its head says.
            NETWORK_BYTES.refuse_over(sum(each.file_size for each in wanted), where)
            return {each.filename: archive.read(each) for each in wanted}
    except _FAILURES:
        what, fix = tell("fault.ofds.zip"), tell("fix.ofds.zip_again")
        raise InputError(Problem(where, what, fix)) from None
