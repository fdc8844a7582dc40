"""What the page carries: the tables of a plan as plain values that JSON can hold.

Coordinates are cut to four decimals (about ten metres); every other number stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from steppe.layers.antimeridian import HALF_TURN_DEG, open_at, open_box
from steppe.layers.contracts import LAYERS
from steppe.layers.contracts.documents import FACTS
from steppe.layers.crs import PAGE_CRS
from steppe.layers.wording import BASE, find_languages, name_columns, read_catalogue
from steppe.maps.coded_columns import code_column
from steppe.maps.decision_payload import of_run, pack_decision, value_rows
from steppe.maps.extents import map_seam
from steppe.maps.graph_payload import pack_graphs
from steppe.maps.leaflet import compile_ramp, compile_style, rule_fields, text_fields
from steppe.maps.overlay import draw_overlay
from steppe.maps.page_points import find_shown
from steppe.maps.plain_values import plain
from steppe.maps.raster_style import RASTERS
from steppe.maps.request_payload import pack_requests
from steppe.maps.rule_verdicts import pack_checks
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, drawing_levels
from steppe.maps.words import list_titles, list_words

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from steppe.layers.tables import Measure, PlanInfo, PlanTables

DECIMALS = 4

SHOWN: dict[str, tuple[str, ...]] = {
    "latency": (
        *("from_id", "to_id", "rtt_ms", "rtt_low_ms", "rtt_high_ms", "one_way_ms"),
        *("glass_rtt_ms", "equipment_rtt_ms", "floor_rtt_ms", "floor_ratio"),
        *("class_id", "class_best_id", "route_km", "status", *name_columns("reason")),
    ),
    "redundancy": (
        *("from_id", "to_id", "nominal_low", "nominal_high", "to_cut_low", "to_cut_high"),
        *("effective_low", "effective_high", *name_columns("reason"), "evidence", "risk_ids"),
    ),
    "disjoint": (
        *("from_id", "to_id", "apart", "route", "rtt_ms", "route_km", "path", "shared", "unsure"),
        *name_columns("reason"),
    ),
    "cuts": (
        *("cut_id", "to_id", "n_units", "rank", *name_columns("name"), "cables"),
        *("n_isolated", "isolated", "n_doubtful", "doubtful", "n_slower", "slower"),
        *("worst_id", "worst_before_ms", "worst_after_ms"),
    ),
}
"""Columns of the long tables that the page shows; the rest would only make it heavy."""

SHARED_TEXTS = (*name_columns("reason"), "source_ids")
"""Columns of the measures whose texts many rows share."""


# Words of the page by how their keys begin; the rest of the catalogues speaks elsewhere.
_SPOKEN = ("change.", "cost.", "field.", "group.", "note.", "page.", "table.", "value.")


def _flat(coords: Iterable[Iterable[float]]) -> list[float]:
    return [round(float(part), DECIMALS) for point in coords for part in list(point)[:2]]


def outline(geometry: BaseGeometry, kind: str) -> list[Any]:
    """Return a geometry as nested lists of lon, lat.

    Parameters
    ----------
    geometry
        In EPSG:4326.
    kind
        `marker` gives `[lon, lat]`; `line` a list of parts, each `[lon, lat, lon, lat, ...]`;
        `fill` a list of polygons, each a list of such rings.
    """
    if kind == "marker":
        return _flat(shapely.get_coordinates(geometry)[:1])
    parts = shapely.get_parts(geometry)
    if kind == "line":
        return [_flat(part.coords) for part in parts]
    return [
        [_flat(ring.coords) for ring in (polygon.exterior, *polygon.interiors)] for polygon in parts
    ]


def pack_layer(
    frame: gpd.GeoDataFrame,
    style: LayerStyle,
    parks: gpd.GeoDataFrame | None = None,
    *,
    seam: float = -HALF_TURN_DEG,
) -> dict[str, Any]:
    """Pack one vector layer: its compiled style, its columns and its shapes.

    Of a layer of points that reaches far beyond the parks, the page carries what lies within
    `style.page_km` of one or less (`steppe.maps.page_points`); `left_out` counts the rest.

    Longitudes go on from `seam`, see `map_seam`.

    Raises
    ------
    TypeError
        When a rule compares a column of numbers with text.
    """
    key = LAYERS[style.layer].key[0]
    n_all, near_km = len(frame), style.page_km
    if style.page_km and parks is not None:
        is_shown, near_km = find_shown(frame, style, parks)
        frame = frame[is_shown]
    wanted = [
        *(key, "name", *name_columns("name"), "source_id"),
        *rule_fields(style),
        *((style.labels.field_zh, style.labels.field_en) if style.labels else ()),
        *((style.offset_field,) if style.offset_field else ()),
        *style.card,
        *style.card_texts,
    ]
    fields = [field for field in dict.fromkeys(wanted) if field in frame.columns]
    columns = {field: [plain(value) for value in frame[field].tolist()] for field in fields}
    for field in text_fields(style):
        if any(isinstance(value, int | float) for value in columns[field]):
            msg = f"a rule of {style.layer} compares the numbers of {field} with text"
            raise TypeError(msg)
    shapes = open_at(frame.geometry.to_crs(PAGE_CRS).to_numpy(), seam)
    return {
        "style": compile_style(style),
        "levels": list(drawing_levels(style)),
        "key": key,
        "card": [field for field in style.card if field in fields],
        "fields": fields,
        "columns": [code_column(values) for values in columns.values()],
        "left_out": n_all - len(frame),
        "near_km": near_km,
        "shapes": [outline(geometry, style.geometry) for geometry in shapes],
    }


def _pack_rasters(tables: PlanTables) -> list[dict[str, Any]]:
    packed = []
    for style in RASTERS:
        if style.layer in tables.rasters:
            raster = tables.rasters[style.layer]
            overlay = draw_overlay(raster, style)
            packed.append(
                {
                    "style": compile_ramp(style),
                    "uri": overlay.uri,
                    "bounds": list(overlay.bounds),
                    "unit": raster.unit,
                    "source_id": raster.source_id,
                }
            )
    return packed


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(name) for name in table.columns if name not in {"scenario", "year"}]
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in value_rows(table, names)
    ]


def _columnar(table: pd.DataFrame, fields: Sequence[str]) -> dict[str, Any]:
    columns = [code_column([plain(value) for value in table[field].tolist()]) for field in fields]
    return {"fields": list(fields), "columns": columns, "n_rows": len(table)}


def _grouped(records: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(record[key], []).append(record)
    return groups


def _pack_measures(measures: pd.DataFrame, texts: dict[str, int]) -> dict[str, Any]:
    """Group measures by site; long texts that many of them share become numbers in `texts`."""
    groups = _grouped(_records(measures.drop(columns=list(name_columns("method")))), "site_id")
    for records in groups.values():
        for record in records:
            del record["site_id"]
            for field in SHARED_TEXTS:
                if field in record:
                    record[field] = texts.setdefault(record[field], len(texts))
    return groups


def _pack_shape(measure: Measure) -> dict[str, Any]:
    """Tell how a value function bends; nothing of one that is a line."""
    if measure.shape == "sigmoid":
        return {"steepness": measure.steepness}
    return {"points": [list(point) for point in measure.points]} if measure.points else {}


def _pack_info(info: PlanInfo, seam: float) -> dict[str, Any]:
    return {
        "name": info.name,
        "title": [info.title_zh, info.title_en],
        "as_of": info.as_of,
        "bbox": list(open_box(info.bbox, seam)),
        "view": list(open_box(info.view, seam)),
        "scenario": info.scenario,
        "year": info.year,
        "level": info.level,
        "review_number": info.review_number,
        "generalised_m": info.generalised_m,
        "left_out": list(info.left_out),
        "targets": list(info.targets),
        "classes": [
            {"id": one.class_id, "title": [one.title_zh, one.title_en], "source_id": one.source_id}
            for one in info.classes
        ],
        "criteria": [
            {
                "name": criterion.name,
                "title": [criterion.title_zh, criterion.title_en],
                "weight": criterion.weight,
                "measures": [
                    {
                        "id": measure.measure_id,
                        "title": [measure.title_zh, measure.title_en],
                        "unit": measure.unit,
                        "weight": measure.weight,
                        "worst": measure.worst,
                        "best": measure.best,
                        "reason": measure.reason,
                        **_pack_shape(measure),
                    }
                    for measure in criterion.measures
                ],
            }
            for criterion in info.criteria
        ],
    }


def _pack_scores(scores: pd.DataFrame) -> dict[str, dict[str, dict[str, Any]]]:
    packed: dict[str, dict[str, dict[str, Any]]] = {}
    parts = scores[scores["criterion"] != "total"]
    names = ("value", "low", "high", "coverage")
    for site, criterion, *numbers in value_rows(parts, ("site_id", "criterion", *names)):
        packed.setdefault(site, {})[criterion] = dict(zip(names, numbers, strict=True))
    return packed


def _pack_words() -> dict[str, list[str]]:
    keys = sorted(
        {*list_titles(), *(key for key in read_catalogue(BASE) if key.startswith(_SPOKEN))}
    )
    return {key: list(list_words(key)) for key in keys}


def _pack_sources(tables: PlanTables) -> dict[str, Mapping[str, Any]]:
    return {
        source_id: source.model_dump(mode="json")
        for source_id, source in sorted(tables.sources.items())
    }


def pack_tables(tables: PlanTables) -> dict[str, Any]:
    """Pack everything that the page shows.

    Only the rows of the plan's own scenario and year are taken.
    """
    info = tables.info
    texts: dict[str, int] = {}
    seam = map_seam(tables)
    told = [style for style in STYLES if style.layer in ("parks", "fibre")]
    shown = {(style.layer, field) for style in told for field in style.card}
    facts = tables.facts.loc[
        [pair in shown for pair in zip(tables.facts["layer"], tables.facts["field"], strict=True)]
    ]
    long = {
        "latency": tables.latency,
        "redundancy": tables.redundancy,
        "disjoint": tables.disjoint,
        "cuts": tables.cuts[tables.cuts["rank"].notna()],
    }
    return {
        "info": _pack_info(info, seam),
        "languages": list(find_languages()),
        "words": _pack_words(),
        "layers": [
            pack_layer(tables.layers[style.layer], style, tables.layers["parks"], seam=seam)
            for style in STYLES
            if style.layer in tables.layers
        ],
        "rasters": _pack_rasters(tables),
        "scores": _pack_scores(of_run(tables.scores, info)),
        "measures": _pack_measures(of_run(tables.measures, info), texts),
        "decision": pack_decision(tables, texts),
        "texts": list(texts),
        "shared_texts": list(SHARED_TEXTS),
        **{name: _columnar(of_run(table, info), list(SHOWN[name])) for name, table in long.items()},
        "graphs": pack_graphs(tables.graphs),
        "calibration": _records(tables.calibration),
        "claims": _records(tables.claims),
        "checks": pack_checks(tables.rule_checks, tables.rules, base=tables.info.scenario),
        "request": pack_requests(of_run(tables.requests, info)),
        "facts": _columnar(facts, list(FACTS.columns)),
        "sources": _pack_sources(tables),
    }
