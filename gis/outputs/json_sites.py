"""What `steppe screen --json` answers, and the file of the sites that it writes."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shapely.geometry import mapping

from steppe.decision.back_test import BackTest
from steppe.layers.wording import say
from steppe.outputs.json_head import answer_head
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.found_sites import FoundSite

SITES = "sites.geojson"


def answer_sites(
    inputs: Inputs,
    sites: Sequence[FoundSite],
    *,
    demand_mw: float | None,
    trial: tuple[Sequence[str], BackTest],
) -> dict[str, Any]:
    """Return the answer to `steppe screen`: a row for each site that was found, the best first.

    Parameters
    ----------
    inputs
        What was read.
    sites
        What was found; none where nobody wants a load.
    demand_mw
        IT load that each is to hold, MW.
    trial
        Named parks, and what they come to against the land that no rule takes.
    """
    parks, found = trial
    return {
        **answer_head(inputs, inputs.plan.scenario.name),
        "demand_mw": demand_mw,
        "back_test": {
            "auc": _number(found.auc),
            "auc_range": [_number(found.low), _number(found.high)],
            "n_places": found.n_places,
            "n_cities": found.n_cities,
            "n_cells": found.n_cells,
            "percentiles": {
                name: _number(share)
                for name, share in zip(parks, found.percentiles.tolist(), strict=True)
            },
            "without_city": {name: _number(auc) for name, auc in found.without.items()},
        },
        "rows": [_row(each) for each in sites],
    }


def write_sites(folder: Path, sites: Sequence[FoundSite]) -> Path:
    """Write `sites.geojson` (RFC 7946): the outline of each site with what is told of it.

    The file is put in place whole; an old one gives way.
    """
    features = [
        {"type": "Feature", "properties": _row(each), "geometry": mapping(each.outline)}
        for each in sites
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False
    )
    path, new = folder / SITES, folder / f".{SITES}.new"
    new.write_text(text + "\n", encoding="utf-8", newline="\n")
    new.replace(path)
    return path


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _row(site: FoundSite) -> dict[str, Any]:
    return {
        "site_id": site.site_id,
        "lon": round(site.lon, 6),
        "lat": round(site.lat, 6),
        "area_ha": round(site.area_ha, 3),
        "score": round(site.score, 9),
        "known_share": round(site.known_share, 6),
        "percentile": round(site.percentile, 6),
        "acceptability": round(site.acceptability, 6),
        "accuracy_m": round(site.accuracy_m, 1),
        "measures": {
            name: None if value is None else float(f"{value:.6g}")
            for name, value in site.measures.items()
        },
        "feeders": [
            {
                "grid_id": each.grid_id,
                "voltage_kv": _number(each.voltage_kv),
                "distance_km": round(each.distance_km, 3),
            }
            for each in site.feeders
        ],
        "reasons_zh": [say(each, "zh") for each in site.reasons],
        "reasons_en": [say(each, "en") for each in site.reasons],
    }
