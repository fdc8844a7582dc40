"""Taking in files that somebody sent: regular files alone, no larger than their limit."""

from __future__ import annotations

import stat
from pathlib import Path

from layers.errors import InputError, Problem, unreadable
from layers.limits import Limit

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def admit(path: Path, where: str, limit: Limit, *, missing: str = "put it beside plan.toml") -> int:
    """Refuse what is no regular file or is too large, before anything opens it.

    Parameters
    ----------
    path
        The file.
    where
        File and layer, for the message.
    limit
        The most bytes that are taken.
    missing
        What to do where there is no such file.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    InputError
        One line: not there, no regular file, too large, or a name that no system takes.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        raise InputError(Problem(where, "file not found", missing)) from None
    except OSError as error:
        raise unreadable(where, error) from None
    except ValueError:  # NUL
        raise InputError(Problem(where, "is no name of a file", "correct the name")) from None
    kind = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), None)
    if kind is not None:
        raise InputError(Problem(where, f"is {kind}", "give a regular file"))
    limit.refuse_over(found.st_size, where)
    return found.st_size
