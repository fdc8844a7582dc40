"""What `steppe screen --edge` answers, and the file of the edge sites that it writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from steppe.layers.errors import name_some
from steppe.layers.whole_files import write_file
from steppe.layers.wording import Message, join, say, say_all, tell
from steppe.outputs.json_head import answer_head
from steppe.planfile.plan_inputs import Inputs
from steppe.screening.edge_sites import EdgePlan, EdgeSite, ServedTown

EDGES = "edges.geojson"
_DIGITS = 6  # of a degree, and of a share


def answer_edges(inputs: Inputs, found: EdgePlan) -> dict[str, Any]:
    """Return the answer to `steppe screen --edge`: a row for each site, who serves most first.

    Parameters
    ----------
    inputs
        What was read.
    found
        What was chosen.
    """
    is_reach = found.reach_km is not None
    return {
        **answer_head(inputs, inputs.plan.scenario.name),
        "reach_km": found.reach_km,
        "n_towns": found.n_towns,
        "towns_without_people": list(found.unknown),
        "towns_beyond": list(found.beyond),
        "people": found.people,
        "served_people": found.served_people,
        "mean_km": round(found.mean_km, 3),
        "least_mean_km": None if is_reach else round(found.bound, 3),
        "most_people": round(found.bound) if is_reach else None,
        "gap_frac": round(found.gap_frac, _DIGITS),
        "rows": [_row(each) for each in found.sites],
    }


def write_edges(folder: Path, found: EdgePlan) -> Path:
    """Write `edges.geojson` (RFC 7946), a point for each site; an old one gives way."""
    features = [
        {
            "type": "Feature",
            "properties": _row(each),
            "geometry": {
                "type": "Point",
                "coordinates": [round(each.lon, _DIGITS), round(each.lat, _DIGITS)],
            },
        }
        for each in found.sites
    ]
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False
    )
    return write_file(folder / EDGES, text + "\n")


def tabulate_edges(found: EdgePlan, *, language: str) -> pd.DataFrame:
    """Return a row for each site, in a language."""
    rows = [
        {
            "edge.head_site": site.site_id,
            "edge.head_lon": f"{site.lon:.4f}",
            "edge.head_lat": f"{site.lat:.4f}",
            "edge.head_people": f"{site.people:,}",
            "edge.head_km": f"{site.mean_km:.1f}",
            "edge.head_towns": say(name_some([each.name for each in site.towns]), language),
        }
        for site in found.sites
    ]
    heads = {key: tell(key).say(language) for row in rows for key in row}
    return pd.DataFrame(rows, columns=list(heads)).rename(columns=heads)


def tell_edges(found: EdgePlan) -> Iterator[Message]:
    """Give what edge sites come to, a line each: the whole, its proof, and who does not count."""
    whole = {"served": found.served_people, "km": found.mean_km, "n": len(found.sites)}
    if found.reach_km is None:
        yield tell("edge.nearest", **whole, least=found.bound, gap=100.0 * found.gap_frac)
    else:
        most = {"people": found.people, "reach": found.reach_km, "most": round(found.bound)}
        yield tell("edge.reached", **whole, **most)
    if found.unknown:
        yield tell("edge.unknown", n=len(found.unknown), towns=join(found.unknown))


def _row(site: EdgeSite) -> dict[str, Any]:
    return {
        "site_id": site.site_id,
        "lon": round(site.lon, _DIGITS),
        "lat": round(site.lat, _DIGITS),
        "score": None if site.score is None else round(site.score, 9),
        "accuracy_m": round(site.accuracy_m, 1),
        "people": site.people,
        "mean_km": round(site.mean_km, 3),
        "towns": [_town(each) for each in site.towns],
    }


def _town(town: ServedTown) -> dict[str, Any]:
    return {
        "town_id": town.town_id,
        **say_all("name", town.name),
        "population": town.people,
        "distance_km": round(town.away_km, 3),
    }
