"""What the claims of the documents are held against: parks, outlines, railways, faults, facts.

Nothing here comes from the document that makes the claim: a park is where a document puts it,
but its temperature, its hazard class and its faults are not the document's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from steppe.claims.claim_checks import Evidence, quantity_in_words
from steppe.criteria.registry import known_measures
from steppe.layers.crs import GEOD, lonlats
from steppe.layers.nearest import nearest_km, shapes_of
from steppe.layers.wording import BASE, Message, Param, Words, join, pair, say, tell
from steppe.planfile.claim_names import PUE_KINDS
from steppe.planfile.plan_inputs import Inputs

_HOURS_PER_MONTH = 8760 / 12


@dataclass(frozen=True)
class _ParkCheck:
    """A check that measures of the parks answer.

    Parameters
    ----------
    check
        Name.
    columns
        Measures, and the columns of them whose least and greatest are the ends.
    unit
        Unit of the evidence.
    per
        What the measure is divided by.
    beside
        Measures that would answer it more kindly: shown, never counted.
    is_of_places
        Whether each park answers for itself; else all of them speak of one figure.
    """

    check: str
    columns: tuple[tuple[str, str], ...]
    unit: str
    per: float = 1.0
    beside: tuple[str, ...] = ()
    is_of_places: bool = True


_PARK_CHECKS = (
    _ParkCheck("park_temp_mean_c", (("air_temp_mean_c", "value"),), "°C"),
    _ParkCheck("park_pga_g", (("pga_g", "value"),), "g"),
    # What a fleet reaches on the whole hangs on what kinds of plant it is made of, which no
    # source counts: only what all kinds agree on is decided, never what the best of them does.
    _ParkCheck(
        "park_pue",
        tuple((name, end) for name in PUE_KINDS for end in ("low", "high")),
        "1",
        is_of_places=False,
    ),
    # Without any air conditioning the outside air itself must keep the recommended envelope.
    # A chiller rests longer: while air can be mixed to 18 °C, or a tower alone takes all heat.
    _ParkCheck(
        "park_free_cooling_months",
        (("ashrae_recommended_h", "value"),),
        "month",
        _HOURS_PER_MONTH,
        beside=("free_cooling_h", "free_cooling_wet_full_h"),
    ),
)


def gather_evidence(inputs: Inputs, measures: pd.DataFrame) -> dict[str, Evidence]:
    """Gather what the data say to every check that a claim may ask for.

    ============================== ======================================================
    check                          what it is
    ============================== ======================================================
    `park_temp_mean_c`             yearly mean temperature at the parks of the region, °C
    `park_pga_g`                   basic design acceleration at the parks, g
    `park_pue`                     PUE at the parks over all kinds of facility, with their bands
    `park_free_cooling_months`     months in which outside air keeps the recommended envelope
    `park_temp_mean_c:CITY`, ...   the same at the parks of one city, or of one outline by its id
    `park_fault_km`                distance of the parks to the nearest mapped fault, km
    `region_FIELD`                 a fact of the region, such as `region_area_km2`
    `installed_YEAR_mw`            least installed capacity by the trackers together, MW
    `installed_YEAR_mw:SOURCE`     the same by one tracker
    `region_provinces`             provinces that adjoin the region
    `region_countries`             countries that adjoin the region
    `region_railway_crossings`     railways that leave the region for another country
    ============================== ======================================================

    A check without data is left out.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    measures
        Contract `MEASURES`.
    """
    outlines, region = inputs.layer("boundaries"), inputs.plan.region.boundary_id
    parks = inputs.layers["parks"]
    inside = gpd.GeoDataFrame(parks[inputs.is_in_region()])
    found = dict(_measured(measures, parks, inside, outlines))
    has_outline = (outlines["boundary_id"] == region).any()
    if has_outline:
        found |= _region_facts(inputs.facts, region) | _neighbours(outlines, region)
    if has_outline and "railways" in inputs.layers:
        found["region_railway_crossings"] = _crossings(inputs.layers["railways"], outlines, region)
    if {"faults", "fault_extent"} <= set(inputs.layers):
        found |= _faults(inside, inputs.layers["faults"], inputs.layers["fault_extent"])
    return found


def _measured(
    measures: pd.DataFrame,
    parks: gpd.GeoDataFrame,
    inside: gpd.GeoDataFrame,
    outlines: gpd.GeoDataFrame,
) -> Iterator[tuple[str, Evidence]]:
    groups = {"": set(inside["park_id"])}
    groups |= {f":{city}": set(rows["park_id"]) for city, rows in parks.groupby("city", sort=True)}
    groups |= {
        f":{name}": set(parks.loc[parks.within(shape), "park_id"])
        for name, shape in zip(outlines["boundary_id"], outlines.geometry, strict=True)
    }
    for check in _PARK_CHECKS:
        for suffix, ids in groups.items():
            evidence = _range(measures[measures["site_id"].isin(ids)], check)
            if evidence is not None:
                yield check.check + suffix, evidence


def _range(rows: pd.DataFrame, check: _ParkCheck) -> Evidence | None:
    """Return the least and the greatest end at the parks whose measures are known, if any is."""
    found = [
        rows.loc[rows["measure_id"] == name, ["site_id", "measure_id", column, "source_ids"]]
        .rename(columns={column: "end"})
        .dropna(subset="end")
        for name, column in check.columns
    ]
    ends = pd.concat(found)
    if ends.empty:
        return None
    ends = ends.assign(end=ends["end"] / check.per)
    low, high = float(ends["end"].min()), float(ends["end"].max())
    n_sites = ends["site_id"].nunique()
    text: Words = _count(n_sites, "claim.at_site", what=quantity_in_words(low, high, check.unit))
    if n_unknown := rows["site_id"].nunique() - n_sites:
        text = tell("claim.unknown_at", what=text, n=n_unknown)
    kinds = list(dict.fromkeys(ends["measure_id"]))
    parts = [_part(ends[ends["measure_id"] == kind], kind) for kind in kinds]
    if len(parts) > 1:
        text = tell("claim.by_kind", what=text, kinds=join(parts, "join.semicolon"))
    more = [
        _part(rows[rows["measure_id"] == name].assign(end=known / check.per), name)
        for name in check.beside
        if (known := rows.loc[rows["measure_id"] == name, "value"]).notna().any()
    ]
    if more:
        text = tell("claim.beside", what=text, others=join(more, "join.semicolon"))
    places = tuple(
        (float(own.min()), float(own.max())) for _, own in ends.groupby("site_id")["end"]
    )
    return Evidence(
        low=low,
        high=high,
        text=text,
        source_ids=_source_ids(ends["source_ids"]),
        unit=check.unit,
        places=places if check.is_of_places else (),
    )


def _part(rows: pd.DataFrame, measure_id: str) -> Message:
    """Return what one measure gives by itself."""
    measure = known_measures()[measure_id]
    what = quantity_in_words(float(rows["end"].min()), float(rows["end"].max()), "1")
    return tell("claim.part", name=pair(measure.title_zh, measure.title_en), what=what)


def _count(number: int, one: str, many: str = "", **more: Param) -> Message:
    """Return the message for one thing, or that for several, by its key `{one}s`."""
    return tell(one, **more) if number == 1 else tell(many or f"{one}s", n=number, **more)


def _source_ids(texts: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted({name for ids in texts if isinstance(ids, str) for name in ids.split()}))


def _region_facts(facts: pd.DataFrame, boundary_id: str) -> dict[str, Evidence]:
    region = facts[(facts["layer"] == "region") & (facts["id"] == boundary_id)]
    region = region.assign(value=pd.to_numeric(region["value"], errors="coerce"))
    region = region.dropna(subset=["value", "unit"])
    found = {}
    for name, rows in region.groupby("field", sort=True):
        field = str(name)
        # The trackers leave out small plants and those without a starting year.
        from_below = field.startswith("installed")
        check = field if from_below else f"region_{field}"
        found[check] = _sum(rows, from_below=from_below)
        if len(rows) > 1:
            found |= {
                f"{check}:{source_id}": _sum(of_source, from_below=from_below)
                for source_id, of_source in rows.groupby("source_id", sort=True)
            }
    return found


def _sum(rows: pd.DataFrame, *, from_below: bool) -> Evidence:
    total, unit = float(rows["value"].sum()), str(rows["unit"].iloc[0])
    high = math.inf if from_below else total
    return Evidence(
        low=total,
        high=high,
        text=quantity_in_words(total, high, unit),
        source_ids=tuple(sorted(rows["source_id"])),
        unit=unit,
    )


def _counted(number: int, text: Words, names: Iterable[Words], sources: Iterable[str]) -> Evidence:
    listed = sorted(names, key=lambda name: say(name, BASE))
    return Evidence(
        low=float(number),
        high=float(number),
        text=tell("claim.listed", what=text, names=join(listed)) if listed else text,
        source_ids=_source_ids(sources),
        unit="1",
    )


def _gaps_m(shape: BaseGeometry, others: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    return np.array([GEOD.geometry_length(shapely.shortest_line(shape, each)) for each in others])


def _adjoining(outlines: gpd.GeoDataFrame, boundary_id: str) -> gpd.GeoDataFrame:
    """Keep the outlines that come as near to the region as outlines are accurate."""
    region = outlines.set_index("boundary_id").geometry[boundary_id]
    others = outlines[outlines["boundary_id"] != boundary_id]
    near = _gaps_m(region, others.geometry) <= others["accuracy_m"].to_numpy()
    return gpd.GeoDataFrame(others[near])


def _neighbours(outlines: gpd.GeoDataFrame, boundary_id: str) -> dict[str, Evidence]:
    adjoining = _adjoining(outlines, boundary_id)
    found = {}
    for kind, many in (("province", "provinces"), ("country", "countries")):
        rows = adjoining[adjoining["kind"] == kind]
        text = _count(len(rows), f"claim.{kind}", f"claim.{many}")
        names = map(pair, rows["name_zh"], rows["name_en"])
        found[f"region_{many}"] = _counted(len(rows), text, names, outlines["source_id"])
    return found


def _crossings(
    railways: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame, boundary_id: str
) -> Evidence:
    """Count where railways cross the region's border with another country."""
    region = outlines.set_index("boundary_id").geometry[boundary_id]
    adjoining = _adjoining(outlines, boundary_id)
    countries = adjoining[adjoining["kind"] == "country"]
    leaving = railways[railways.intersects(region)].geometry.union_all()
    number, names = 0, []
    called = map(pair, countries["name_zh"], countries["name_en"])
    for name, country, accuracy_m in zip(
        called, countries.geometry, countries["accuracy_m"], strict=True
    ):
        met = shapely.get_parts(shapely.intersection(leaving, country.boundary))
        # A line may enter the country elsewhere too; that is not the region's border.
        crossed = int((_gaps_m(region, met) <= accuracy_m).sum())
        number += crossed
        names += [tell("claim.crossings_to", n=crossed, country=name)] if crossed else []
    return _counted(
        number,
        _count(number, "claim.crossing"),
        names,
        [*outlines["source_id"], *railways["source_id"]],
    )


def _faults(
    parks: gpd.GeoDataFrame, faults: gpd.GeoDataFrame, extent: gpd.GeoDataFrame
) -> dict[str, Evidence]:
    """Measure how far the parks lie from the nearest fault, their accuracy either way.

    A park outside the extent of what is known of faults says nothing, for a fault that
    nobody mapped is not a fault that is not there; nor does one with none in reach.
    """
    known = parks[parks.within(extent.geometry.union_all())]
    if known.empty or faults.empty:
        return {}
    lines = shapes_of(faults.geometry)
    found_km = [nearest_km(*park, lines) for park in lonlats(known.geometry)]
    known = known[[km is not None for km in found_km]]
    away_km = np.array([km for km in found_km if km is not None])
    if known.empty:
        return {}
    spread_km = known["accuracy_m"].to_numpy(dtype=float) / 1000.0
    lows, highs = np.maximum(away_km - spread_km, 0.0), away_km + spread_km
    return {
        "park_fault_km": Evidence(
            low=float(lows.min()),
            high=float(highs.max()),
            text=_count(
                len(known),
                "claim.fault_of_site",
                distance=quantity_in_words(float(away_km.min()), float(away_km.max()), "km"),
                n_unknown=len(parks) - len(known),
            ),
            source_ids=_source_ids([*faults["source_id"], *extent["source_id"]]),
            unit="km",
            places=tuple(zip(lows.tolist(), highs.tolist(), strict=True)),
        )
    }
