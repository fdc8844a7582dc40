"""The report: two pages on paper, from the same tables as the map."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined

from gis.build.scores import TOTAL
from layers.columns import RULE_VERDICTS, VERDICTS
from layers.tables import Measure, PlanTables
from maps.words import WORDS

_BAR_MM = 9.0
_NOTHING = "–"
_MOST_CLAIMS = 4  # what a page holds; claims.csv has all
_MOST_EVIDENCE = 6
_MOST_PAIRS = 3
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
    checks: str
    excluded_by: str


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
    verdicts = tables.rule_checks.groupby(["site_id", "verdict"]).size().to_dict()
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
                checks="/".join(str(verdicts.get((site_id, each), 0)) for each in RULE_VERDICTS),
                excluded_by="" if pd.isna(total["excluded_by"]) else str(total["excluded_by"]),
            )
        )
    return rows


def _range(low: object, high: object) -> str:
    return f"{low}" if low == high else f"{low}–{high}"


def _names(tables: PlanTables) -> dict[str, tuple[str, str]]:
    """Return what people call each node, Chinese and English."""
    nodes = tables.layers["nodes"]
    names = zip(nodes["name_zh"], nodes["name_en"], strict=True)
    return dict(zip(nodes["node_id"], names, strict=True))


def _backbone(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the ways of core and metro nodes to the first target."""
    nodes, names = tables.layers["nodes"], _names(tables)
    shown = set(nodes.loc[nodes["kind"].isin(_SHOWN_NODES), "node_id"])
    classes = {each.class_id: each for each in tables.info.classes}
    trips = tables.latency.set_index(["from_id", "to_id"])
    rows = []
    for pair in tables.redundancy.to_dict("records"):
        if pair["to_id"] not in tables.info.targets[:1] or pair["from_id"] not in shown:
            continue
        trip = trips.loc[(pair["from_id"], pair["to_id"])]
        if trip["status"] == "unknown":
            continue
        low, high = (_spell(trip[end], unit="ms") for end in ("rtt_low_ms", "rtt_high_ms"))
        rows.append(
            {
                "name": names[str(pair["from_id"])],
                "rtt": _spell(trip["rtt_ms"], unit="ms"),
                "band": f"{low}–{high}",
                "floor": _spell(trip["floor_rtt_ms"], unit="ms"),
                "ratio": _spell_score(trip["floor_ratio"]),
                "met": classes.get(trip["class_id"]),
                "assumed": trip["status"] == "assumed",
                **{
                    name: _range(pair[f"{name}_low"], pair[f"{name}_high"])
                    for name in ("nominal", "to_cut", "effective")
                },
                "reason": pair["reason"],
                "risk_ids": pair["risk_ids"],
                "to_cut_high": pair["to_cut_high"],
            }
        )
    return rows


def _several(backbone: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the nodes of most cables; one cable needs no sentence: it is one route or none."""
    ordered = sorted(backbone, key=lambda row: -row["to_cut_high"])
    return [row for row in ordered if row["to_cut_high"] > 1][:_MOST_PAIRS]


def _evidence(tables: PlanTables, several: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what the cables of some nodes share, in Chinese and English, most cables first."""
    named = {
        name for row in several if pd.notna(row["risk_ids"]) for name in row["risk_ids"].split()
    }
    risks = tables.layers["risks"]
    found = risks[risks["risk_id"].isin(named)]
    first = found.sort_values(["n_cables", "risk_id"], ascending=[False, True])
    first = first.drop_duplicates("evidence_en").head(_MOST_EVIDENCE)
    return list(zip(first["evidence_zh"], first["evidence_en"], strict=True))


def _cuts(tables: PlanTables, n_units: int) -> list[dict[str, Any]]:
    """Return the worst cuts to the first target, those of one or of two things."""
    names, cuts = _names(tables), tables.cuts
    worst = cuts[
        cuts["to_id"].isin(tables.info.targets[:1])
        & (cuts["n_units"] == n_units)
        & cuts["rank"].notna()
    ].sort_values("rank")
    return [
        {
            "rank": row["rank"],
            "name": (row["name_zh"], row["name_en"]),
            "n_isolated": row["n_isolated"],
            "isolated": [names[node] for node in str(row["isolated"]).split() if node in names],
            "n_slower": row["n_slower"],
            "worst": names.get(row["worst_id"]),
            "before": _spell(row["worst_before_ms"], unit="ms"),
            "after": _spell(row["worst_after_ms"], unit="ms"),
        }
        for row in worst.to_dict("records")
    ]


def _trips(tables: PlanTables) -> list[dict[str, Any]]:
    """Return the published round trips beside floor, planning rule and model."""
    return [
        {
            "between": f"{row['from_zh']} – {row['to_zh']} {row['from_en']} – {row['to_en']}",
            "kind": row["kind"],
            "source_id": row["source_id"],
            "ratio": _spell_score(row["floor_ratio"]),
            **{
                name: _spell(row[f"{name}_ms"], unit="ms")
                for name in ("rtt", "floor_rtt", "rule_rtt", "model_rtt", "model_low", "model_high")
            },
            **{
                name: _NOTHING if pd.isna(row[name]) else f"{row[name]:+.0f} %".replace("-", "−")
                for name in ("rule_residual_pct", "model_residual_pct")
            },
        }
        for row in tables.calibration.to_dict("records")
    ]


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
    backbone = _backbone(tables)
    several = _several(backbone)
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
            target=_names(tables).get(next(iter(tables.info.targets), ""), ("", "")),
            backbone=backbone,
            several=several,
            evidence=_evidence(tables, several),
            cuts=[_cuts(tables, n_units) for n_units in (1, 2)],
            trips=_trips(tables),
            claims=claims,
            verdicts=_count_verdicts(tables.claims),
            attributions="; ".join(attributions),
        )
        + "\n"
    )
