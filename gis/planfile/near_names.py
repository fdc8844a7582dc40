"""What to do about a name that is not there: the nearest that is, or something else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from steppe.layers.errors import cut
from steppe.layers.wording import Message, join, tell


def hint_name(name: str, known: Iterable[str], *, otherwise: Message | None = None) -> Message:
    """Ask whether the nearest known name is meant.

    Parameters
    ----------
    name
        The name that is not there.
    known
        Those that are.
    otherwise
        What to do where none is near; by default all of them are listed.
    """
    there = list(known)
    near = difflib.get_close_matches(cut(name), there, n=1)
    if near:
        return tell("fix.do_you_mean", near=near[0])
    return tell("fix.there_are", known=join(there)) if otherwise is None else otherwise
