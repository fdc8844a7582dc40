"""Writing every output of a plan into a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis.build.inputs import Inputs
from gis.build.record import write_record
from gis.build.report import render_report
from gis.build.scores import TOTAL
from layers.rasters import write_cog
from layers.results import LAYERS, RESULT_TABLES
from layers.tables import PlanTables
from layers.writer import write_csv, write_geopackage
from maps.geopackage import write_styles
from maps.page import render_page
from maps.project import write_qgz
from maps.qml import raster_qml
from maps.style import RASTERS, STYLES

GEOPACKAGE = "plan.gpkg"
PAGE = "map.html"
PROJECT = "plan.qgz"
REPORT = "report.html"
CSV_TABLES = (
    *("measures", "scores", "latency", "redundancy", "disjoint", "cuts", "calibration"),
    *("claims", "figures", "rules"),
)

Progress = Callable[[str], None]


def _parks_with_scores(tables: PlanTables) -> gpd.GeoDataFrame:
    """Return the parks with rank, score, coverage and one column for each criterion."""
    parks = tables.layers["parks"]
    values = tables.scores.pivot(index="site_id", columns="criterion", values="value")
    totals = tables.scores[tables.scores["criterion"] == TOTAL].set_index("site_id")
    ids = list(parks["park_id"])
    extra = {"rank": totals["rank"].reindex(ids).array, "score": values[TOTAL].reindex(ids).array}
    extra["coverage"] = totals["coverage"].reindex(ids).array
    for criterion in tables.info.criteria:
        extra[f"score_{criterion.name}"] = values[criterion.name].reindex(ids).array
    return gpd.GeoDataFrame(parks.assign(**extra))


def _with_names(frame: pd.DataFrame, tables: PlanTables) -> pd.DataFrame:
    """Put the names of parks and nodes behind their ids, for people who read the table alone."""
    frame = frame.copy()
    places = pd.concat(
        [
            tables.layers["parks"].set_index("park_id")[["name_zh", "name_en"]],
            tables.layers["nodes"].set_index("node_id")[["name_zh", "name_en"]],
        ]
    )
    for column in ("to_id", "from_id", "site_id"):
        if column in frame.columns:
            at = list(frame.columns).index(column) + 1
            for name in ("name_en", "name_zh"):
                names = places[name].reindex(frame[column]).array
                frame.insert(at, f"{column.removesuffix('_id')}_{name}", names)
    return frame


def _sources_table(tables: PlanTables) -> pd.DataFrame:
    rows = [
        {**source.model_dump(), "as_of": source.as_of.isoformat()}
        for _, source in sorted(tables.sources.items())
    ]
    return pd.DataFrame(rows)


def write_geodata(folder: Path, tables: PlanTables) -> None:
    """Write `plan.gpkg`, `plan.qgz` and `rasters/` into a folder."""
    layers: dict[str, pd.DataFrame] = {**tables.layers, "parks": _parks_with_scores(tables)}
    for name in (*RESULT_TABLES, "figures", "rules"):
        layers[name] = getattr(tables, name)
    layers["sources"] = _sources_table(tables)
    titles = {style.layer: (f"{style.title_zh} {style.title_en}", "") for style in STYLES}
    path = folder / GEOPACKAGE
    ordered = {
        name: layers[name] for name in (*LAYERS, *RESULT_TABLES, "sources") if name in layers
    }
    write_geopackage(path, ordered, titles=titles, date=tables.info.as_of)
    write_styles(path, styles=STYLES, date=tables.info.as_of)
    rasters = folder / "rasters"
    rasters.mkdir()
    for style in RASTERS:
        write_cog(rasters / f"{style.layer}.tif", tables.rasters[style.layer])
        (rasters / f"{style.layer}.qml").write_text(raster_qml(style), encoding="utf-8")
    write_qgz(folder / PROJECT, tables)


def write_outputs(folder: Path, inputs: Inputs, tables: PlanTables, *, progress: Progress) -> None:
    """Write every output of `steppe build`; `run.json` comes last.

    Parameters
    ----------
    folder
        Empty folder.
    inputs, tables
        What was read, and what it came to.
    progress
        Called with a few words before each step.
    """
    progress("GeoPackage, rasters and QGIS project")
    write_geodata(folder, tables)
    progress("tables")
    for name in CSV_TABLES:
        write_csv(folder / f"{name}.csv", _with_names(getattr(tables, name), tables))
    progress("map and report")
    (folder / PAGE).write_text(render_page(tables), encoding="utf-8", newline="\n")
    (folder / REPORT).write_text(
        render_report(
            tables,
            scenario_zh=inputs.plan.scenario.title_zh,
            scenario_en=inputs.plan.scenario.title_en,
        ),
        encoding="utf-8",
        newline="\n",
    )
    record(folder, inputs, tables)


def record(folder: Path, inputs: Inputs, tables: PlanTables) -> None:
    """Write `run.json` over what lies in a folder."""
    info = tables.info
    write_record(
        folder,
        plan=inputs.plan.name,
        inputs=inputs.plan.inputs(),
        parameters={
            "level": info.level,
            "scenario": info.scenario,
            "year": info.year,
            "weights": {criterion.name: criterion.weight for criterion in info.criteria},
        },
        seed=None,
    )
