"""The table `layer_styles`, from which QGIS styles the layers of a GeoPackage by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from steppe.maps.captions import aliases, two_tongues
from steppe.maps.qml import layer_qml
from steppe.maps.symbols import LayerStyle

# As QGIS itself writes the table.
_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))
"""
_CONTENTS = """
INSERT INTO gpkg_contents
  (table_name, data_type, identifier, description, last_change, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)
"""
# QGIS passes over a row whose schema or geometry column is NULL, without a word.
_ROW = """
INSERT INTO layer_styles
  (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
   styleSLD, useAsDefault, description, owner, ui, update_time)
VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)
"""


def write_styles(path: Path, *, styles: Sequence[LayerStyle], date: str) -> None:
    """Write the styles of a GeoPackage's layers into it.

    Parameters
    ----------
    path
        A GeoPackage that holds its layers and no `layer_styles` yet.
    styles
        Styles; those of layers that the file does not hold are passed over.
    date
        ISO 8601 date that stands for every time, so that bytes repeat.
    """
    moment = f"{date}T00:00:00.000Z"
    with closing(sqlite3.connect(path)) as database, database:
        geometries = dict(
            database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
        database.execute(_TABLE)
        database.execute(_CONTENTS, (moment,))
        for style in styles:
            if style.layer not in geometries:
                continue
            geometry = geometries[style.layer]
            columns = [
                name
                for (name,) in database.execute(
                    "SELECT name FROM pragma_table_info(?) ORDER BY cid", (style.layer,)
                )
                if name != geometry
            ]
            qml = layer_qml(style, aliases(columns, table=style.layer))
            title = two_tongues(style.title_zh, style.title_en)
            database.execute(_ROW, (style.layer, geometry, style.layer, qml, title, moment))
