"""Writing layers and tables: GeoPackage and CSV, the same bytes for the same input."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from steppe.layers.progress import count
from steppe.layers.written_values import writable_frame, writable_text

# GDAL 3.6, which QGIS 3.22 brings, warns about GeoPackages newer than this.
_GEOPACKAGE_VERSION = "1.2"
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def write_geopackage(
    path: Path,
    layers: Mapping[str, pd.DataFrame],
    *,
    titles: Mapping[str, tuple[str, str]],
    date: str,
) -> None:
    """Write every layer and table into one GeoPackage.

    Parameters
    ----------
    path
        File to write; it must not exist.
    layers
        Table name to GeoDataFrame, or to DataFrame for a table without geometry; numbers and
        texts are written as they are, see `steppe.layers.written_values`.
    titles
        Table name to (identifier, description).
    date
        ISO 8601 date that stands for every time in the file, so that bytes repeat.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    try:
        for name in count(layers):
            frame = layers[name]
            title, description = titles.get(name, (name, ""))
            options = {"IDENTIFIER": title, "DESCRIPTION": description, "FID": "fid"}
            if isinstance(frame, gpd.GeoDataFrame):
                options |= {"GEOMETRY_NAME": "geom", "SPATIAL_INDEX": "YES"}
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                append=path.exists(),
                layer_options=options,
                dataset_options={"VERSION": _GEOPACKAGE_VERSION} if not path.exists() else None,
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def csv_text(frame: pd.DataFrame) -> str:
    """Return a table as CSV in which nothing is a formula, nor starts a row of its own.

    A text that a spreadsheet would take for a formula gets a leading apostrophe, and the ends of
    its lines are LF: some spreadsheets end a row at a bare carriage return, which CSV would not
    have quoted.  Numbers stay numbers.
    """
    known: dict[str, str] = {}  # ids and words stand in many rows

    def settle(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = known.get(value)
        if text is None:
            text = known[value] = _inert(value)
        return text

    inert = {
        name: [settle(value) for value in frame[name].tolist()]
        for name in frame.columns
        if frame[name].dtype in ("str", object)
    }
    table = writable_frame(frame.assign(**inert)).rename(columns=_inert)
    return str(table.to_csv(index=False, lineterminator="\n"))


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV in UTF-8 with a byte order mark, which Excel needs for Chinese."""
    path.write_text(csv_text(frame), encoding="utf-8-sig", newline="\n")


def _inert(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return text
    lines = writable_text(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # Some cut blank lines and tabs off a cell before they look at it.
    mark = "'" if text.startswith(("\t", "\r", "\n")) else ""
    return mark + "\n".join(f"'{line}" if _is_formula(line) else line for line in lines)


def _is_formula(line: str) -> bool:
    """Tell whether a spreadsheet may read a line as a formula.

    Blanks and signs that show nothing are passed over, and full-width signs count as their
    narrow ones, as in the input methods of East Asia.
    """
    if not line or line[0].isalnum():
        return False
    first = next((sign for sign in line if sign.isprintable() and not sign.isspace()), "_")
    return unicodedata.normalize("NFKC", first)[0] in "=+-@"
