"""Which files are networks of other tools, and reading one as a layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from layers.columns import Contract
from layers.errors import InputError, Problem
from layers.interchange.frames import DEFAULTS, to_layer
from layers.interchange.gml import read_gml
from layers.interchange.graphml import read_graphml
from layers.interchange.network import Network, Terms
from layers.interchange.ofds import read_ofds

# Words that OFDS has to use, and other GeoJSON has no need of.
_OFDS_MARKS = (b'"networks"', b'"network"', b'"featureType"')


def read_network_layer(path: Path, contract: Contract, terms: Terms) -> gpd.GeoDataFrame | None:
    """Read a layer out of a network file of another tool, still to be checked.

    Parameters
    ----------
    path
        GraphML, GML, or OFDS as JSON or GeoJSON.
    contract
        What is wanted of it.
    terms
        What the plan adds; a file of another kind takes none.

    Returns
    -------
    GeoDataFrame or None
        See `layers.interchange.frames.to_layer`; None for a file of another kind.

    Raises
    ------
    InputError
        For a file that cannot be read as what it is.
    OSError
        For a file that the system does not let us read.
    """
    opener = _find_opener(path, contract)
    if opener is not None:
        return to_layer(opener(path), contract, terms, path)
    if terms != Terms():
        what = "defaults and statuses are for networks of other tools alone"
        fix = "remove them; the file has columns of its own"
        raise InputError(Problem(f"plan.toml › layers.{contract.name}", what, fix))
    return None


def _find_opener(path: Path, contract: Contract) -> Callable[[Path], Network] | None:
    if contract.name not in DEFAULTS:
        return None
    match path.suffix.lower():
        case ".graphml":
            return read_graphml
        case ".gml" if not path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return read_gml  # else it is Geography Markup Language, of the same suffix
        case ".json" | ".geojson":
            content = path.read_bytes()
            is_ours = f'"{contract.key[0]}"'.encode() in content
            if not is_ours and any(mark in content for mark in _OFDS_MARKS):
                return read_ofds
    return None
