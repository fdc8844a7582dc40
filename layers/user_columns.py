"""Further columns of a user's table beside those that its outputs bear: nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable

RESERVED = ("fid", "geom")
"""Columns that every table of our GeoPackages has: its key and its shape."""


def free_names(further: Iterable[str], taken: Iterable[str]) -> dict[str, str]:
    """Return a name of its own for each further column whose name another one bears.

    Names that differ in case alone are one name to SQLite, and so to a GeoPackage.  The column
    takes the first of `NAME_2`, `NAME_3` and so on that is free.

    Parameters
    ----------
    further
        Columns of the user's, in the order of the table.
    taken
        Columns that the outputs bear, beside `RESERVED`.

    Returns
    -------
    dict
        Name to new name, of those that change.

    >>> free_names(["NAME_EN", "fid", "note"], ["name_en"])
    {'NAME_EN': 'NAME_EN_2', 'fid': 'fid_2'}
    """
    further = list(further)
    borne = {name.casefold() for name in (*taken, *RESERVED)}
    # A new name may not be one that a later column of the user's has already.
    wanted = {name.casefold() for name in further}
    renamed = {}
    for name in further:
        free, number = name, 2
        while free.casefold() in borne or (free != name and free.casefold() in wanted):
            free, number = f"{name}_{number}", number + 1
        borne.add(free.casefold())
        if free != name:
            renamed[name] = free
    return renamed
