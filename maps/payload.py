"""What the page carries: the tables of a plan as plain values that JSON can hold.

Coordinates are cut to four decimals (about ten metres); every other number stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import shapely

from steppe.layers.antimeridian import HALF_TURN_DEG, open_at, open_box
from steppe.layers.contracts import LAYERS
from steppe.layers.contracts.documents import FACTS
from steppe.layers.crs import PAGE_CRS
from steppe.layers.wording import BASE, find_languages, name_columns, read_catalogue
from steppe.maps.coded_columns import code_column
from steppe.maps.decision_payload import of_run, pack_decision
from steppe.maps.extents import map_seam
from steppe.maps.graph_payload import pack_graphs
from steppe.maps.leaflet import compile_ramp, compile_style, rule_fields, text_fields
from steppe.maps.new_routes_payload import pack_questions
from steppe.maps.overlay import draw_overlay
from steppe.maps.page_points import find_shown
from steppe.maps.plain_values import plain
from steppe.maps.proposal_payload import pack_proposals
from steppe.maps.raster_style import RASTERS
from steppe.maps.request_payload import pack_requests
from steppe.maps.rule_verdicts import pack_checks
from steppe.maps.run_payload import (
    SHARED_TEXTS,
    SHOWN,
    by_columns,
    list_records,
    pack_measures,
    pack_scores,
)
from steppe.maps.scenario_payload import pack_variants
from steppe.maps.style import STYLES
from steppe.maps.symbols import LayerStyle, drawing_levels
from steppe.maps.words import list_titles, list_words

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from steppe.layers.tables import Measure, PlanInfo, PlanTables

DECIMALS = 4

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

    The rows of the plan's own scenario and year are taken, and of each other scenario those
    that differ from them.
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
    checks = {other.info.scenario: other.rule_checks for other in tables.variants}
    packed = {
        "info": _pack_info(info, seam),
        "languages": list(find_languages()),
        "words": _pack_words(),
        "layers": [
            pack_layer(tables.layers[style.layer], style, tables.layers["parks"], seam=seam)
            for style in STYLES
            if style.layer in tables.layers
        ],
        "rasters": _pack_rasters(tables),
        "scores": pack_scores(of_run(tables.scores, info)),
        "measures": pack_measures(of_run(tables.measures, info), texts),
        "decision": pack_decision(tables, texts),
        "shared_texts": list(SHARED_TEXTS),
        **{
            name: by_columns(of_run(table, info), list(SHOWN[name])) for name, table in long.items()
        },
        "graphs": pack_graphs(tables.graphs),
        "calibration": list_records(tables.calibration),
        "claims": list_records(tables.claims),
        "checks": pack_checks(of_run(tables.rule_checks, info), tables.rules, checks),
        "request": pack_requests(of_run(tables.requests, info), texts),
        "counted": list(tables.counted),
        "proposals": pack_proposals(tables),
        "questions": pack_questions(tables),
        "facts": by_columns(facts, list(FACTS.columns)),
        "sources": _pack_sources(tables),
    }
    variants = pack_variants(tables, packed, texts)
    return {**packed, "variants": variants, "texts": list(texts)}
