"""The request of a plan held against its sites, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from steppe.criteria.coverage import name_layer
from steppe.criteria.finding import Finding, spell_sources
from steppe.criteria.registry import find_group, list_groups
from steppe.criteria.request import (
    Limits,
    Stations,
    join_verdicts,
    judge_fibre,
    judge_year,
    limit_land,
    limit_plants,
    limit_spare,
    limit_voltage,
)
from steppe.criteria.sites import Site, read_sites
from steppe.layers.conformity import conform, make_empty
from steppe.layers.contracts.requests import REQUESTS
from steppe.layers.crs import distance_km
from steppe.layers.disks import Points
from steppe.layers.extents import Extent
from steppe.layers.wording import Words, join, say_all, tell
from steppe.measures.site_survey import Survey, look_around
from steppe.planfile.plan_inputs import Inputs
from steppe.planfile.request_entry import Request

TOTAL = "total"
# Measures that the tests are made of; what the survey did not find of them is found here.
_FIRM, _SPARE, _PUE = "firm_100km_mw", "spare_capacity_mw", "pue"

_Found = Mapping[tuple[str, str], Finding]


def tabulate_requests(survey: Survey, *, request: Request | None) -> pd.DataFrame:
    """Return what a request comes to at every site, contract `REQUESTS`; empty without one.

    Parameters
    ----------
    survey
        Of the scenario.
    request
        What is wanted.
    """
    if request is None:
        return make_empty(REQUESTS)
    plan, rows = survey.inputs.plan, []
    for site_id, tests in _limit_sites(survey, request).items():
        verdicts = {each.test: each.judge(request.demand_mw) for each in tests}
        asked = [tell(f"value.request_{name}") for name, said in verdicts.items() if said != "can"]
        total = Limits(
            site_id,
            TOTAL,
            reason=tell("request.ask", what=join(asked)) if asked else tell("request.all_can"),
        )
        for each in (*tests, total):
            verdict = join_verdicts(verdicts) if each is total else verdicts[each.test]
            rows.append(
                {
                    "site_id": site_id,
                    "test": each.test,
                    "scenario": plan.scenario.name,
                    "year": plan.scenario.year,
                    "demand_mw": request.demand_mw,
                    "wanted_year": request.year,
                    "verdict": verdict,
                    "can_mw": each.can_mw,
                    "cannot_mw": each.cannot_mw,
                    **say_all("reason", each.reason),
                    "source_ids": spell_sources(each.source_ids),
                }
            )
    frame = pd.DataFrame(rows, columns=list(REQUESTS.columns))
    return conform(frame, REQUESTS)


def _limit_sites(survey: Survey, request: Request) -> dict[str, list[Limits]]:
    inputs = survey.inputs
    found = _find_rest(survey)
    cables, stations = _read_cables(inputs), _read_stations(survey)
    parks = {str(park["park_id"]): park for _, park in inputs.layers["parks"].iterrows()}
    tests = {}
    for site in sorted(read_sites(inputs.layers["parks"]), key=lambda each: each.park_id):
        read = {
            name: found.get((site.park_id, name)) or _missing(site.park_id, name)
            for name in (_FIRM, _SPARE, _PUE)
        }
        park = parks[site.park_id]
        tests[site.park_id] = [
            _limit_voltage(stations, site, request, pue=read[_PUE]),
            limit_plants(
                site.park_id,
                read[_FIRM],
                pue=read[_PUE],
                radius_km=inputs.plan.power.capacity_km,
            ),
            limit_spare(site.park_id, read[_SPARE], pue=read[_PUE]),
            _limit_land(park, request),
            *_judge_years(park, request, cables),
        ]
    return tests


def _find_rest(survey: Survey) -> _Found:
    """Return what was found, and what the tests want and the plan did not ask for."""
    found = {(each.site_id, each.measure_id): each for each in survey.findings}
    lacking = {_FIRM, _SPARE} - {measure_id for _, measure_id in found}
    groups = [group for group in list_groups() if not lacking.isdisjoint(group.ids)]
    if not groups:
        return found
    at = replace(look_around(survey.inputs, survey.latency, survey.extents), found=found)
    asked = [
        each
        for group in groups
        if not at.find_missing(group.layers)
        for each in find_group(group, at)
        if each.measure_id in lacking
    ]
    return found | {(each.site_id, each.measure_id): each for each in asked}


def _missing(site_id: str, measure_id: str) -> Finding:
    why: Words = tell("missing.measure", measure_id=measure_id)
    return Finding(site_id, measure_id, "unknown", reason=why)


@dataclass(frozen=True)
class _Stations:
    """Stations of the layer: where they are, and their voltages, NaN where not told."""

    points: Points
    voltages_kv: NDArray[np.float64]
    source_ids: tuple[str, ...]
    extent: Extent

    def near(self, site: Site, *, reach_km: float) -> Stations:
        """Return those that a line of a length may reach from a site."""
        rows = self.points.find_in_box(site.lon, site.lat, reach_km + site.accuracy_km)
        away = distance_km(site.lon, site.lat, self.points.lons[rows], self.points.lats[rows])
        return Stations(
            voltages_kv=self.voltages_kv[rows],
            nearest_km=np.maximum(away - site.accuracy_km, 0.0),
            furthest_km=away + site.accuracy_km,
            speaks_km=reach_km
            if self.extent.covers(site.lon, site.lat, reach_km + site.accuracy_km)
            else self.extent.reach_km(site.lon, site.lat) - site.accuracy_km,
            source_ids=self.source_ids,
        )


def _read_stations(survey: Survey) -> _Stations | None:
    inputs = survey.inputs
    if "substations" not in inputs.layers:
        return None
    layer = inputs.layers["substations"]
    return _Stations(
        Points.of(layer),
        layer["voltage_kv"].to_numpy(dtype=float, na_value=np.nan),
        tuple(sorted(layer["source_id"].unique())),
        survey.extents["substations"],
    )


def _limit_voltage(
    stations: _Stations | None, site: Site, request: Request, *, pue: Finding
) -> Limits:
    if stations is None:
        why = tell("missing.layer", name=name_layer("substations"))
        return Limits(site.park_id, "voltage", fixed="unknown", reason=why)
    around = stations.near(site, reach_km=request.reach_km)
    return limit_voltage(site.park_id, around, reach_km=request.reach_km, pue=pue)


def _limit_land(park: pd.Series, request: Request) -> Limits:
    land = request.ha_per_mw
    area = park.get("area_ha")
    return limit_land(
        str(park["park_id"]),
        float("nan") if area is None or pd.isna(area) else float(area),
        ha_mw=None if land is None else (land.low, land.high),
        reason="" if land is None else land.reason,
        source_ids=(str(park["source_id"]), *(land.source_ids if land else ())),
    )


def _judge_years(
    park: pd.Series, request: Request, cables: Mapping[str, list[tuple[str, float]]]
) -> Iterator[Limits]:
    """Yield the tests of the wanted year; none where the request names no year."""
    if request.year is None:
        return
    park_id, wanted = str(park["park_id"]), request.year
    status, opened, node = (_text(park.get(name)) for name in ("status", "opened", "node_id"))
    yield judge_year(
        park_id, wanted, status=status, opened=opened, source_id=str(park["source_id"])
    )
    yield judge_fibre(park_id, wanted, node=node, cables=cables.get(node, []))


def _text(cell: object) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell)  # type: ignore[call-overload]


def _read_cables(inputs: Inputs) -> dict[str, list[tuple[str, float]]]:
    """Return status and year of the cables that end at each node."""
    cables: dict[str, list[tuple[str, float]]] = {}
    fibre = inputs.layer("fibre")
    for start, end, status, year in zip(
        *(fibre[name] for name in ("from_node", "to_node", "status", "year")), strict=True
    ):
        for node in {start, end}:
            told = (str(status), float("nan") if pd.isna(year) else float(year))
            cables.setdefault(str(node), []).append(told)
    return cables
