"""How much of a file that somebody sent is taken in: each limit once, with its unit.

A plan folder is handed on by mail, so that all of it is untrusted.  What is over a limit is
refused in one line before it is read; docs/security.md lists the limits for the user.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from steppe.layers.errors import MAX_NAMED_FAULTS, InputError, Problem
from steppe.layers.wording import Message, Words, tell

MB = 1024 * 1024
GIVE_LESS = tell("fix.give_less")


@dataclass(frozen=True)
class Limit:
    """The most that is taken of one thing.

    Parameters
    ----------
    most
        The greatest number that passes.
    unit
        What is counted.
    holds_for
        What it is a limit of, for the user.
    """

    most: int
    unit: str
    holds_for: str

    def refuse_over(self, n_found: float, where: Words, *, fix: Message = GIVE_LESS) -> None:
        """Raise the user's error where more was found than is taken.

        Raises
        ------
        InputError
            One line with what was found and the limit.
        """
        if n_found > self.most:
            found, most = _shown(n_found), _shown(self.most)
            what = tell("fault.limit.over", n_found=found, most=most, counted=self.counted)
            raise InputError(Problem(where, what, fix))

    @property
    def counted(self) -> Message:
        """Return what is counted, for a message."""
        name = re.sub(r"\W+", "_", self.unit)
        return tell(f"unit.{name}")


def _shown(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


LAYER_BYTES = Limit(512 * MB, "bytes", "file of a layer or table")
RASTER_BYTES = Limit(2048 * MB, "bytes", "file of a grid")
NETWORK_BYTES = Limit(
    32 * MB,
    "bytes",
    "network of another tool (GraphML, GML, node-link JSON, Net2Plan, OFDS; a zip as unpacked)",
)
NETWORK_ROWS = Limit(50_000, "nodes and cables", "network of another tool")
NETWORK_PARTS = Limit(2_000_000, "lists, objects or elements", "network of another tool")
PAIRS = Limit(2_000_000, "pairs of nodes within join_km", "networks that are joined")
FETCHED_BYTES = Limit(4096 * MB, "bytes", "published file that is fetched, or given with --from")
OSM_XML_BYTES = Limit(64 * MB, "bytes", "OpenStreetMap extract as XML (.osm)")
WEATHER_BYTES = Limit(32 * MB, "bytes", "weather record (EPW, ISD)")
RECORD_BYTES = Limit(16 * MB, "bytes", "run.json of an output folder")
TOML_BYTES = Limit(3 * MB, "bytes", "plan.toml and sources.toml")
ROWS = Limit(2_000_000, "rows", "layer or table")
COLUMNS = Limit(1_000, "columns", "layer or table")
CELLS = Limit(100_000_000, "cells", "grid")
VERTICES = Limit(20_000_000, "vertices", "layer")
TEXT_LENGTH = Limit(32_767, "characters", "text of one cell (as in a spreadsheet)")
ID_LENGTH = Limit(255, "characters", "id of a row")
NESTING = Limit(64, "levels", "nesting of JSON, XML, GML and TOML")
KEY_PARTS = Limit(16, "parts", "dotted key in TOML")
NUMBER_DIGITS = Limit(300, "digits", "number in TOML")
CRS_LENGTH = Limit(65_536, "characters", "definition of a CRS")
GEOJSON_BYTES = Limit(128 * MB, "bytes", "GeoJSON, KML, GPX, or the XML of a sheet")
UNPACKED_BYTES = Limit(1024 * MB, "bytes", "what a zip that is imported unpacks to")
UNPACKED_RATIO = Limit(200, "times its size", "what a member of a zip unpacks to, over 8 MB")
MEMBERS = Limit(10_000, "members", "zip that is imported")
MERGED_CELLS = Limit(2_000_000, "cells", "merged cells of a sheet")
FAULTS = Limit(MAX_NAMED_FAULTS, "faults", "list of faults; the others are counted")

LIMITS: dict[str, Limit] = {
    name: limit for name, limit in tuple(globals().items()) if isinstance(limit, Limit)
}
"""Every limit by its name."""
