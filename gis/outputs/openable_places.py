"""Places to write in which the project of QGIS would not find its layers."""

from __future__ import annotations

import re
from pathlib import Path

from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import tell

_UNOPENABLE = re.compile(r"%[0-9A-Fa-f]{2}|\|")


def refuse_unopenable(folder: Path) -> None:
    """Refuse a folder in which QGIS does not find the layers of its own project.

    GDAL before 3.7, which QGIS 3.22 brings, gives SQLite a path as a URI without escaping its
    percent signs; and QGIS ends a file's name at a bar.

    Raises
    ------
    InputError
        When a name in the whole path holds a bar, or a percent sign before two hexadecimal digits.
    """
    if _UNOPENABLE.search(str(folder.absolute())):
        what = tell("fault.out.unopenable")
        raise InputError(Problem(str(folder), what, tell("fix.give_other_out")))
