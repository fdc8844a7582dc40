"""Which files are networks of other tools, and reading one as a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd

from steppe.layers.columns import Contract
from steppe.layers.contracts.network import CORRIDORS, NODES
from steppe.layers.errors import InputError, Problem
from steppe.layers.interchange.archives import unpack
from steppe.layers.interchange.frames import DEFAULTS, to_layer
from steppe.layers.interchange.gml import read_gml
from steppe.layers.interchange.graphml import read_graphml
from steppe.layers.interchange.n2p import read_n2p
from steppe.layers.interchange.node_link import read_node_link
from steppe.layers.interchange.ofds import read_ofds
from steppe.layers.interchange.ofds_geopackage import is_ofds_geopackage
from steppe.layers.interchange.ofds_tables import MARKS
from steppe.layers.interchange.read_network import LEAVE_OUT, ReadingOptions, ReadNetwork
from steppe.layers.limits import NETWORK_BYTES
from steppe.layers.safe_files import admit, read_bytes
from steppe.layers.wording import tell

# Words that OFDS has to use, and other GeoJSON has no need of.
_OFDS_MARKS = (b'"networks"', b'"featureType"', b'"spans"')
_OFDS_OF_FEATURE = b'"network"'
_GEOJSON_MARK = b'"Feature'
# Lists that node-link JSON has to have, by either name.
_NODES_MARK, _EDGE_MARKS = b'"nodes"', (b'"edges"', b'"links"')
_HEAD_BYTES = 4096
_SHEETS = "xl/workbook.xml"
_BY_SUFFIX = {
    ".graphml": read_graphml,
    ".gml": read_gml,  # unless it is Geography Markup Language, of the same suffix
    ".n2p": read_n2p,
    ".zip": read_ofds,
    ".xlsx": read_ofds,
}


def read_network_layer(
    path: Path, contract: Contract, options: ReadingOptions
) -> gpd.GeoDataFrame | None:
    """Read a layer out of a network file of another tool, still to be checked.

    Parameters
    ----------
    path
        GraphML, GML, node-link JSON, Net2Plan, or OFDS in any of its forms.
    contract
        What is wanted of it.
    options
        What the plan adds; a file of another kind takes none.

    Returns
    -------
    GeoDataFrame or None
        See `steppe.layers.interchange.frames.to_layer`; None for a file of another kind.

    Raises
    ------
    InputError
        For a file that cannot be read as what it is.
    OSError
        For a file that the system does not let us read.
    """
    opener = _find_opener(path, contract)
    if opener is not None:
        admit(path, f"{path.name} › {contract.name}", NETWORK_BYTES)
        return to_layer(opener(path, _fit(options, contract)), contract, options, path)
    if replace(options, defaults={}) != ReadingOptions():
        what, fix = tell("fault.terms.other_tools"), tell("fix.remove_terms")
        raise InputError(Problem(f"plan.toml › layers.{contract.name}", what, fix))
    return None


def is_network(path: Path) -> bool:
    """Tell whether a file is a network of another tool; a workbook or a zip by what it holds."""
    suffix = path.suffix.lower()
    if suffix not in {".zip", ".xlsx"}:
        return _find_opener(path, NODES) is not None
    try:
        parts = unpack(read_bytes(path, path.name, NETWORK_BYTES), path.name)
    except InputError:
        return False
    if suffix == ".xlsx":
        sheets = parts.get(_SHEETS, b"")
        return all(f'name="{name}"'.encode() in sheets for name in ("nodes", "spans"))
    names = {Path(name).name.lower() for name in parts}
    return {"nodes.csv", "spans.csv"} <= names or any(
        _find_json_opener(content, own=f'"{NODES.key[0]}"'.encode()) is read_ofds
        for name, content in parts.items()
        if name.lower().endswith((".json", ".geojson"))
    )


def _fit(options: ReadingOptions, contract: Contract) -> ReadingOptions:
    """Return the options as a layer needs them: of what is never there nothing is left out."""
    if contract.name == CORRIDORS.name:
        return replace(options, unplaced=LEAVE_OUT, join_km=None, tell=ReadingOptions().tell)
    return options


def _find_opener(
    path: Path, contract: Contract
) -> Callable[[Path, ReadingOptions], ReadNetwork] | None:
    if contract.name not in DEFAULTS:
        return None
    suffix = path.suffix.lower()
    if suffix in _BY_SUFFIX and not (suffix == ".gml" and _is_markup(path)):
        return _BY_SUFFIX[suffix]
    if suffix in {".json", ".geojson"}:
        return _find_json_opener(path.read_bytes(), own=f'"{contract.key[0]}"'.encode())
    is_ofds = (suffix == ".csv" and _is_ofds_csv(path)) or (
        suffix == ".gpkg" and is_ofds_geopackage(path)
    )
    return read_ofds if is_ofds else None


def _find_json_opener(
    content: bytes, *, own: bytes
) -> Callable[[Path, ReadingOptions], ReadNetwork] | None:
    """Return what reads a JSON file by the words in it; None for a layer of our own."""
    if own in content:
        return None
    is_geojson = _GEOJSON_MARK in content
    if any(mark in content for mark in _OFDS_MARKS) or (is_geojson and _OFDS_OF_FEATURE in content):
        return read_ofds
    if _NODES_MARK in content and any(mark in content for mark in _EDGE_MARKS) and not is_geojson:
        return read_node_link
    return None


def _is_ofds_csv(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).partition(b"\n")[0]
    return any(mark.encode() in head for mark in MARKS)


def _is_markup(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
