"""The streets of an OpenStreetMap extract as a graph, read by OSMnx."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.sax import SAXException

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error
from steppe.layers.limits import OSM_XML_BYTES
from steppe.layers.quiet_libraries import quiet
from steppe.layers.safe_files import admit
from steppe.layers.wording import tell

if TYPE_CHECKING:
    import networkx as nx

_STREET = "highway"


def read_streets(path: Path) -> nx.MultiDiGraph[int]:
    """Return the streets of an .osm file, EPSG:4326: every way with a tag `highway`, unsimplified.

    Raises
    ------
    InputError
        One line: no such file, too large, damaged, or without a street.
    """
    admit(path, path.name, OSM_XML_BYTES)
    # Slow to import, and most commands need none of it.
    import osmnx  # noqa: PLC0415

    try:
        with quiet():
            found = osmnx.graph_from_xml(path, retain_all=True, simplify=False)
    except osmnx._errors.InsufficientResponseError:  # noqa: SLF001 (has no public name)
        raise _without_streets(path) from None
    except (ParseError, SAXException, ValueError, KeyError, TypeError, OSError) as error:
        what = tell("fetch.osm.damaged", told=tell_error(error))
        raise InputError(Problem(path.name, what, tell("fetch.fix.extract_again"))) from None
    others = [
        (start, end, key)
        for start, end, key, tags in found.edges(keys=True, data=True)
        if _STREET not in tags
    ]
    found.remove_edges_from(others)
    if found.number_of_edges() == 0:
        raise _without_streets(path)
    return found


def _without_streets(path: Path) -> InputError:
    what = tell("fault.route.no_street")
    return InputError(Problem(path.name, what, tell("fix.route.extract")))
