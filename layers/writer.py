"""Writing layers and tables: GeoPackage, COG and CSV, the same bytes for the same input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

# GDAL 3.6, which QGIS 3.22 brings, warns about GeoPackages newer than this.
_GEOPACKAGE_VERSION = "1.2"


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
        Table name to GeoDataFrame, or to DataFrame for a table without geometry.
    titles
        Table name to (identifier, description).
    date
        ISO 8601 date that stands for every time in the file, so that bytes repeat.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    try:
        for name, frame in layers.items():
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


def write_csv(path: Path, frame: pd.DataFrame) -> None:
    """Write a table as CSV in UTF-8 with a byte order mark, which Excel needs for Chinese.

    Cells that a spreadsheet would take for a formula get a leading apostrophe.
    """
    safe = frame.copy()
    for name in safe.columns:
        if safe[name].dtype == "str" or safe[name].dtype == object:
            text = safe[name].astype("str")
            risky = safe[name].notna() & text.str.match(r"^[=+\-@\t\r]")
            safe[name] = safe[name].where(~risky, "'" + text)
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")
