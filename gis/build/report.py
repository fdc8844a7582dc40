"""The report: one page on paper, from the same tables as the map."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import pandas as pd
from jinja2 import Environment, StrictUndefined

from gis.build.scores import TOTAL
from layers.columns import VERDICTS
from layers.tables import Measure, PlanTables
from maps.words import WORDS

_BAR_MM = 9.0
_NOTHING = "–"
_MOST_CLAIMS = 4  # what a page holds; claims.csv has all
_SHOWN_NODES = ("core", "metro")
_DIGITS = {"MW": 0, "h": 0, "g": 2, "L/kWh": 2, "kWh/kWh": 3}


@dataclass(frozen=True)
class _Cell:
    value: str
    band: str
    status: str


@dataclass(frozen=True)
class _Row:
    rank: str
    name_zh: str
    name_en: str
    total: str
    bar_mm: str
    coverage: float
    criteria: list[str]
    measures: list[_Cell]


def _spell(value: float | None, *, unit: str) -> str:
    """Return a number as people read it: as many digits as its unit bears."""
    if value is None or pd.isna(value):
        return _NOTHING
    return f"{value:,.{_DIGITS.get(unit, 1)}f}"


def _spell_score(value: float, digits: int = 2) -> str:
    return _NOTHING if pd.isna(value) else f"{value:.{digits}f}"


def _words(key: str) -> str:
    return " ".join(WORDS[key])


def _cell(found: pd.Series, measure: Measure) -> _Cell:
    if found["status"] == "unknown":
        return _Cell(WORDS["report.unknown"][0], WORDS["report.unknown"][1], "unknown")
    band = ""
    if found["band"] != "none":
        ends = (_spell(found[end], unit=measure.unit) for end in ("low", "high"))
        band = "–".join(ends)
    return _Cell(_spell(found["value"], unit=measure.unit), band, found["status"])


def _ranking(tables: PlanTables, shown: list[Measure]) -> list[_Row]:
    info = tables.info
    parks = tables.layers["parks"].drop(columns="geometry").set_index("park_id").to_dict("index")
    values = tables.scores.set_index(["site_id", "criterion"])["value"].to_dict()
    measures = tables.measures.set_index(["site_id", "measure_id"])
    totals = tables.scores[
        (tables.scores["criterion"] == TOTAL) & (tables.scores["level"] == info.level)
    ]
    ordered = totals.sort_values(
        ["rank", "value", "site_id"], ascending=[True, False, True], na_position="last"
    )
    rows = []
    for _, total in ordered.iterrows():
        site_id = total["site_id"]
        value = 0.0 if pd.isna(total["value"]) else float(total["value"])
        rows.append(
            _Row(
                rank=_NOTHING if pd.isna(total["rank"]) else str(total["rank"]),
                name_zh=parks[site_id]["name_zh"],
                name_en=parks[site_id]["name_en"],
                total=_NOTHING if pd.isna(total["value"]) else f"{value:.3f}",
                bar_mm=f"{_BAR_MM * value:.2f}",
                coverage=float(total["coverage"]),
                criteria=[
                    _spell_score(values[(site_id, criterion.name)]) for criterion in info.criteria
                ],
                measures=[
                    _cell(measures.loc[(site_id, measure.measure_id)], measure) for measure in shown
                ],
            )
        )
    return rows


def _range(low: object, high: object) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _backbone(tables: PlanTables) -> list[dict[str, object]]:
    nodes = tables.layers["nodes"].drop(columns="geometry").set_index("node_id").to_dict("index")
    trips = tables.latency.set_index(["from_id", "to_id"])
    rows = []
    for _, pair in tables.redundancy.iterrows():
        trip = trips.loc[(pair["from_id"], pair["to_id"])]
        if trip["status"] == "unknown" or nodes[pair["from_id"]]["kind"] not in _SHOWN_NODES:
            continue
        low, high = (_spell(trip[end], unit="ms") for end in ("rtt_low_ms", "rtt_high_ms"))
        rows.append(
            {
                "name_zh": nodes[pair["from_id"]]["name_zh"],
                "name_en": nodes[pair["from_id"]]["name_en"],
                "rtt": _spell(trip["rtt_ms"], unit="ms"),
                "band": f"{low}–{high}",
                "floor": _spell(trip["floor_rtt_ms"], unit="ms"),
                "assumed": trip["status"] == "assumed",
                "nominal": _range(pair["nominal_low"], pair["nominal_high"]),
                "to_cut": _range(pair["to_cut_low"], pair["to_cut_high"]),
                "effective": _range(pair["effective_low"], pair["effective_high"]),
                "reason": pair["reason"],
                # One cable needs no sentence: it is one route or none.
                "several": pair["to_cut_high"] > 1,
            }
        )
    return rows


def _count_verdicts(claims: pd.DataFrame) -> str:
    counts = claims["verdict"].value_counts()
    shown = (verdict for verdict in VERDICTS if verdict in counts.index)
    return ", ".join(f"{counts[verdict]} {_words(f'verdict.{verdict}')}" for verdict in shown)


def render_report(tables: PlanTables, *, scenario_zh: str, scenario_en: str) -> str:
    """Return the report as one self-contained HTML page that prints on A4.

    Parameters
    ----------
    tables
        The plan's tables.
    scenario_zh, scenario_en
        What the scenario is called.
    """
    shown = [
        measure
        for criterion in tables.info.criteria
        for measure in criterion.measures
        if measure.in_report
    ]
    checked = tables.claims[tables.claims["verdict"] != "cannot_be_checked"]
    order = checked["verdict"].map({"fails": 0, "partly": 1, "holds": 2})
    checked = checked.loc[order.sort_values(kind="stable").index]
    shown_claims = checked.head(_MOST_CLAIMS)
    claims = shown_claims.astype(object).where(shown_claims.notna(), None).to_dict("records")
    attributions = sorted(
        {source.attribution for source in tables.sources.values() if source.licence != "citation"}
    )
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["w"] = _words
    template = resources.files("gis.build").joinpath("report.html").read_text(encoding="utf-8")
    return (
        environment.from_string(template).render(
            info=tables.info,
            scenario_zh=scenario_zh,
            scenario_en=scenario_en,
            shown=shown,
            ranking=_ranking(tables, shown),
            backbone=_backbone(tables),
            claims=claims,
            verdicts=_count_verdicts(tables.claims),
            attributions="; ".join(attributions),
        )
        + "\n"
    )
