"""Writing every output of a plan into a folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from steppe.layers.contracts import CONTRACTS, LAYERS, PASSED_ON, PLAN_TABLES
from steppe.layers.progress import begin, count
from steppe.layers.rasters import write_cog
from steppe.layers.sources import Source
from steppe.layers.tables import PlanTables
from steppe.layers.user_columns import free_names
from steppe.layers.wording import find_languages, name_columns, tell
from steppe.layers.writer import write_csv, write_geopackage
from steppe.layers.written_values import round_number, writable_frame
from steppe.maps.geopackage_styles import write_styles
from steppe.maps.page import render_page
from steppe.maps.qgis_project import write_qgz
from steppe.maps.qml import raster_qml
from steppe.maps.raster_style import RASTERS
from steppe.maps.style import STYLES
from steppe.measures.request_table import TOTAL as TOTAL_TEST
from steppe.outputs.run_record import write_record
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.score_table import TOTAL
from steppe.report.report_page import render_report

GEOPACKAGE = "plan.gpkg"
PAGE = "map.html"
PROJECT = "plan.qgz"
REPORTS = {language: f"report.{language}.html" for language in find_languages()}
"""The report, one language a file."""


# What the layers of parks and nodes bear of the way to the first target.
_TRIP = ("rtt_ms", "rtt_low_ms", "rtt_high_ms", "floor_rtt_ms", "floor_ratio", "class_id")
_ROUTES = ("nominal_low", "nominal_high", "effective_low", "effective_high")
_REASONS = name_columns("reason")
_WAY = (
    *(*_TRIP, "class_zh", "class_en", *_ROUTES, "routes_evidence"),
    *(f"routes_{reason}" for reason in _REASONS),
)

# How sure the rank of a park is; empty for one that bears none.
_SURE = ("first_share", "low_rank", "high_rank", "topsis_rank")

# Whether a park can carry the load that the plan wants to place.
_REQUEST = (*name_columns("request"), *(f"request_{reason}" for reason in _REASONS))

_CUT = {
    "rank": "worst_cut_rank",
    **{f"name_{language}": f"worst_cut_{language}" for language in find_languages()},
}


def settle(tables: PlanTables) -> PlanTables:
    """Return the plan as every output tells it, see `steppe.layers.written_values`.

    Weights are settled too, for the page sums with them.
    """
    criteria = tuple(
        dataclasses.replace(each, weight=round_number(each.weight)) for each in tables.info.criteria
    )
    return dataclasses.replace(
        tables,
        info=dataclasses.replace(tables.info, criteria=criteria),
        layers={name: writable_frame(layer) for name, layer in tables.layers.items()},
        tables={name: writable_frame(table) for name, table in tables.tables.items()},
        variants=tuple(map(settle, tables.variants)),
        proposed=None if tables.proposed is None else settle(tables.proposed),
    )


def find_renamed(tables: PlanTables) -> dict[str, dict[str, str]]:
    """Return by layer or table which further columns of the user's are written under a new name.

    Parameters
    ----------
    tables
        The plan as it was read.
    """
    borne = {
        "parks": (
            "rank",
            "score",
            "coverage",
            *_REQUEST,
            *_SURE,
            *_WAY,
            *_score_columns(tables),
        ),
        "nodes": _WAY,
        "fibre": tuple(_CUT.values()),
    }
    found = {}
    frames = {**tables.layers, **{name: tables.tables[name] for name in PASSED_ON}}
    for name, frame in frames.items():
        contract = LAYERS[name]
        shape = {frame.geometry.name} if isinstance(frame, gpd.GeoDataFrame) else set()
        further = [each for each in frame.columns if each not in {*contract.columns, *shape}]
        renamed = free_names(further, (*contract.columns, *borne.get(name, ())))
        if renamed:
            found[name] = renamed
    return found


def _score_columns(tables: PlanTables) -> list[str]:
    return [f"score_{criterion.name}" for criterion in tables.info.criteria]


def _free(tables: PlanTables) -> PlanTables:
    """Give further columns of the user's names that no result takes from them."""
    renamed = find_renamed(tables)
    layers = {
        name: layer.rename(columns=renamed.get(name, {})) for name, layer in tables.layers.items()
    }
    read = {name: tables.tables[name].rename(columns=renamed.get(name, {})) for name in PASSED_ON}
    return dataclasses.replace(tables, layers=layers).with_tables(**read)


def with_results(tables: PlanTables) -> PlanTables:
    """Return the plan with results as further columns of its layers, to be seen on the map.

    Parks bear rank, score, coverage, a score for each criterion and how sure the rank is;
    parks and nodes their round trip to the first target and how many routes lead there; cables
    the worst single cut that fells them.
    """
    tables = _free(tables)
    layers, parks = dict(tables.layers), tables.layers["parks"]
    layers["parks"] = _with_scores(tables)
    if "nodes" in layers:
        nodes = layers["nodes"]
        layers["parks"] = _with_way(layers["parks"], tables, "park_id", nodes=parks["node_id"])
        layers["nodes"] = _with_way(nodes, tables, "node_id", nodes=nodes["node_id"])
    if "fibre" in layers:
        layers["fibre"] = _with_worst_cut(tables)
    return dataclasses.replace(tables, layers=layers)


def _with_scores(tables: PlanTables) -> gpd.GeoDataFrame:
    parks = tables.layers["parks"]
    rated = tables.scores.pivot(index="site_id", columns="criterion", values="value")
    values = rated.reindex(columns=[TOTAL, *(each.name for each in tables.info.criteria)])
    totals = tables.scores[tables.scores["criterion"] == TOTAL].set_index("site_id")
    ids = list(parks["park_id"])
    extra = {"rank": totals["rank"].reindex(ids).array, "score": values[TOTAL].reindex(ids).array}
    extra["coverage"] = totals["coverage"].reindex(ids).array
    sure = tables.robustness.set_index("site_id").reindex(ids)
    extra |= {name: sure[name].array for name in _SURE}
    if not tables.requests.empty:
        extra |= _tell_request(tables.requests, ids)
    for column, criterion in zip(_score_columns(tables), tables.info.criteria, strict=True):
        extra[column] = values[criterion.name].reindex(ids).array
    return gpd.GeoDataFrame(parks.assign(**extra))


def _tell_request(requests: pd.DataFrame, ids: list[str]) -> dict[str, Any]:
    """Return by column what each park says to the request, in words."""
    told = requests[requests["test"] == TOTAL_TEST].set_index("site_id").reindex(ids)
    words = [None if pd.isna(each) else tell(f"value.{each}") for each in told["verdict"]]
    verdicts = {
        name: [None if each is None else each.say(language) for each in words]
        for name, language in zip(name_columns("request"), find_languages(), strict=True)
    }
    reasons = {f"request_{reason}": told[reason].array for reason in _REASONS}
    return verdicts | reasons


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
        **{f"routes_{reason}": routes[reason].array for reason in _REASONS},
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


def _with_names(name: str, tables: PlanTables) -> pd.DataFrame:
    """Put the names of parks and nodes behind their ids, for people who read the table alone."""
    frame = tables.tables[name].copy()
    if name in PASSED_ON:
        return frame
    places = pd.concat(
        [
            tables.layers[layer].set_index(key)[["name_zh", "name_en"]]
            for layer, key in (("parks", "park_id"), ("nodes", "node_id"))
            if layer in tables.layers
        ]
    )
    for column in ("to_id", "from_id", "other_id", "site_id"):
        if column in frame.columns:
            at = list(frame.columns).index(column) + 1
            for tongue in ("name_en", "name_zh"):
                names = places[tongue].reindex(frame[column]).array
                frame.insert(at, f"{column.removesuffix('_id')}_{tongue}", names)
    return frame


def _sources_table(tables: PlanTables) -> pd.DataFrame:
    rows = [
        {**source.model_dump(), "as_of": source.as_of.isoformat()}
        for _, source in sorted(tables.sources.items())
    ]
    return writable_frame(pd.DataFrame(rows, columns=list(Source.model_fields)))


def write_geodata(folder: Path, tables: PlanTables) -> None:
    """Write `plan.gpkg`, `plan.qgz` and `rasters/` of a settled plan into a folder."""
    tables = with_results(tables)
    frames: dict[str, pd.DataFrame] = {**tables.layers, **tables.tables}
    frames["sources"] = _sources_table(tables)
    titles = {style.layer: (f"{style.title_zh} {style.title_en}", "") for style in STYLES}
    path = folder / GEOPACKAGE
    ordered = {name: frames[name] for name in (*CONTRACTS, "sources") if name in frames}
    write_geopackage(path, ordered, titles=titles, date=tables.info.as_of)
    write_styles(path, styles=STYLES, date=tables.info.as_of)
    rasters = folder / "rasters"
    for style in (each for each in RASTERS if each.layer in tables.rasters):
        rasters.mkdir(exist_ok=True)
        write_cog(rasters / f"{style.layer}.tif", tables.rasters[style.layer])
        (rasters / f"{style.layer}.qml").write_text(raster_qml(style), encoding="utf-8")
    write_qgz(folder / PROJECT, tables)


def write_tables(folder: Path, tables: PlanTables) -> None:
    """Write the tables as CSV into a folder."""
    for name in count([name for name, contract in PLAN_TABLES.items() if contract.has_csv]):
        write_csv(folder / f"{name}.csv", _with_names(name, tables))


def write_outputs(folder: Path, inputs: Inputs, tables: PlanTables) -> None:
    """Write every output of `steppe build`; `run.json` comes last.

    Parameters
    ----------
    folder
        Empty folder.
    inputs, tables
        What was read, and what it came to.
    """
    tables = settle(tables)
    begin(tell("progress.geodata"))
    write_geodata(folder, tables)
    begin(tell("progress.tables"))
    write_tables(folder, tables)
    begin(tell("progress.page"))
    (folder / PAGE).write_text(render_page(tables), encoding="utf-8", newline="\n")
    begin(tell("progress.report"))
    for language, name in REPORTS.items():
        (folder / name).write_text(render_report(tables, language), encoding="utf-8", newline="\n")
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
            "left_out": list(info.left_out),
        },
        seed=inputs.plan.cooling.seed if inputs.plan.cooling else None,
    )
