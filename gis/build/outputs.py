"""Writing every output of a plan into a folder."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis.build.inputs import Inputs
from gis.build.record import write_record
from gis.build.report import render_report
from gis.build.scores import TOTAL
from layers.answers import ANSWER_TABLES
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
    *("claims", "figures", "rules", "rule_checks", "loads", "target_checks"),
    *("costs", "break_evens"),
    *(contract.name for contract in ANSWER_TABLES),
)

Progress = Callable[[str], None]


# What the layers of parks and nodes bear of the way to the first target.
_TRIP = ("rtt_ms", "rtt_low_ms", "rtt_high_ms", "floor_rtt_ms", "floor_ratio", "class_id")
_ROUTES = ("nominal_low", "nominal_high", "effective_low", "effective_high")

# How sure the rank of a park is; empty for one that bears none.
_SURE = ("first_share", "low_rank", "high_rank", "topsis_rank")

_CUT = {"rank": "worst_cut_rank", "name_zh": "worst_cut_zh", "name_en": "worst_cut_en"}


def with_results(tables: PlanTables) -> PlanTables:
    """Return the plan with results as further columns of its layers, to be seen on the map.

    Parks bear rank, score, coverage, a score for each criterion and how sure the rank is;
    parks and nodes their round trip to the first target and how many routes lead there; cables
    the worst single cut that fells them.
    """
    parks, nodes = tables.layers["parks"], tables.layers["nodes"]
    layers = {
        **tables.layers,
        "parks": _with_way(_with_scores(tables), tables, "park_id", nodes=parks["node_id"]),
        "nodes": _with_way(nodes, tables, "node_id", nodes=nodes["node_id"]),
        "fibre": _with_worst_cut(tables),
    }
    return dataclasses.replace(tables, layers=layers)


def _with_scores(tables: PlanTables) -> gpd.GeoDataFrame:
    parks = tables.layers["parks"]
    values = tables.scores.pivot(index="site_id", columns="criterion", values="value")
    totals = tables.scores[tables.scores["criterion"] == TOTAL].set_index("site_id")
    ids = list(parks["park_id"])
    extra = {"rank": totals["rank"].reindex(ids).array, "score": values[TOTAL].reindex(ids).array}
    extra["coverage"] = totals["coverage"].reindex(ids).array
    sure = tables.robustness.set_index("site_id").reindex(ids)
    extra |= {name: sure[name].array for name in _SURE}
    for criterion in tables.info.criteria:
        extra[f"score_{criterion.name}"] = values[criterion.name].reindex(ids).array
    return gpd.GeoDataFrame(parks.assign(**extra))


def _with_way(
    frame: gpd.GeoDataFrame, tables: PlanTables, key: str, *, nodes: pd.Series
) -> gpd.GeoDataFrame:
    """Add the round trip of each row to the first target, and the routes of its node."""
    to_first = [
        table[table["to_id"].isin(tables.info.targets[:1])].set_index("from_id")
        for table in (tables.latency, tables.redundancy)
    ]
    trips, routes = to_first[0].reindex(frame[key]), to_first[1].reindex(nodes)
    titles = {each.class_id: each for each in tables.info.classes}
    met = [titles.get(class_id) for class_id in trips["class_id"]]
    extra = {
        **{name: trips[name].array for name in _TRIP},
        "class_zh": [each.title_zh if each else None for each in met],
        "class_en": [each.title_en if each else None for each in met],
        **{name: routes[name].array for name in _ROUTES},
        "routes_evidence": routes["evidence"].array,
        "routes_reason": routes["reason"].array,
    }
    return gpd.GeoDataFrame(frame.assign(**extra))


def _with_worst_cut(tables: PlanTables) -> gpd.GeoDataFrame:
    """Add to each cable the worst single cut to the first target that fells it."""
    cuts, fibre = tables.cuts, tables.layers["fibre"]
    ranked = cuts[
        cuts["to_id"].isin(tables.info.targets[:1]) & (cuts["n_units"] == 1) & cuts["rank"].notna()
    ].sort_values("rank")
    rows = list(zip(*(ranked[name] for name in ("cables", *_CUT)), strict=True))
    # The worst cut overwrites the others that fell the same cable.
    worst = {cable: found for cables, *found in reversed(rows) for cable in cables.split()}
    told = [worst.get(cable_id, [None] * len(_CUT)) for cable_id in fibre["cable_id"]]
    extra = pd.DataFrame(told, columns=list(_CUT.values()), index=fibre.index)
    return gpd.GeoDataFrame(fibre.assign(**extra.astype({_CUT["rank"]: "Int64"})))


def _with_names(frame: pd.DataFrame, tables: PlanTables) -> pd.DataFrame:
    """Put the names of parks and nodes behind their ids, for people who read the table alone."""
    frame = frame.copy()
    places = pd.concat(
        [
            tables.layers["parks"].set_index("park_id")[["name_zh", "name_en"]],
            tables.layers["nodes"].set_index("node_id")[["name_zh", "name_en"]],
        ]
    )
    for column in ("to_id", "from_id", "other_id", "site_id"):
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
    tables = with_results(tables)
    layers: dict[str, pd.DataFrame] = dict(tables.layers)
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
    for style in (each for each in RASTERS if each.layer in tables.rasters):
        rasters.mkdir(exist_ok=True)
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
    (folder / REPORT).write_text(render_report(tables), encoding="utf-8", newline="\n")
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
        seed=inputs.plan.cooling.seed if inputs.plan.cooling else None,
    )
