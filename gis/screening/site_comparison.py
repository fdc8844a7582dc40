"""Proposed sites side by side: which are found in both screenings, and what each clause takes in either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from steppe.layers.contracts.screenings import SCREENING
from steppe.layers.crs import distance_km
from steppe.layers.errors import InputError, Problem
from steppe.layers.wording import Words, tell
from steppe.planfile.plan_inputs import Inputs
from steppe.ranking.scenario_outcome import Outcome
from steppe.screening.comparison_forms import (
    CLAUSES,
    GAINED,
    KEPT,
    LOST,
    MOVED,
    SCORES,
    SITES,
    WHEN,
    WHOLE,
)
from steppe.screening.proposed_sites import Proposals, propose

_LEAST_SHARE = 0.5  # of the smaller region, that two have in common


@dataclass(frozen=True)
class SiteComparison:
    """What differs between two screenings.

    Parameters
    ----------
    before, after
        What the two are called.
    sites
        Every site of either, the later ones first, by place: columns `SITES`.
    scores
        Criteria whose score differs at a site that both have: columns `SCORES`.
    clauses
        Clauses that ask or take something else: columns `CLAUSES`.
    whole
        Numbers of the whole screening that differ: columns `WHOLE`.
    """

    before: str
    after: str
    sites: pd.DataFrame
    scores: pd.DataFrame
    clauses: pd.DataFrame
    whole: pd.DataFrame


def compare_with_first(
    outcomes: Sequence[Outcome], names: Sequence[str]
) -> tuple[list[SiteComparison], list[Words]]:
    """Screen plans or scenarios, and hold the sites of each against those of the first.

    Parameters
    ----------
    outcomes
        What each comes to.
    names
        What each is called.

    Returns
    -------
    tuple
        The comparisons, and why others are not compared; nothing is said where nobody wants a
        load placed.
    """
    loads = [each.inputs.plan.screening.demand_mw for each in outcomes]
    if loads == [None] * len(loads):
        return [], []
    wants = [
        load is not None and not _outline(each.inputs).is_empty
        for load, each in zip(loads, outcomes, strict=True)
    ]
    first: Proposals | None = None
    found: list[SiteComparison] = []
    notes: list[Words] = []
    for outcome, wanted, name in list(zip(outcomes, wants, names, strict=True))[1:]:
        lacks = [name for name, is_there in ((names[0], wants[0]), (name, wanted)) if not is_there]
        if lacks:
            notes.append(tell("compare.sites_none", name=lacks[0]))
        elif not share_region(outcomes[0].inputs, outcome.inputs):
            notes.append(tell("compare.sites_apart", name=name, first=names[0]))
        else:
            first = first or propose(outcomes[0].inputs, outcomes[0])
            other = propose(outcome.inputs, outcome)
            assert first is not None
            assert other is not None
            found.append(compare_sites(first, other, names=(names[0], name)))
    return found, notes


def compare_with_itself(
    outcome: Outcome, *, demand_mw: float | None, relax: Sequence[str]
) -> SiteComparison:
    """Hold the sites of a plan against those for another load, or with clauses that take nothing.

    Parameters
    ----------
    outcome
        What the plan comes to.
    demand_mw
        The other load, MW; the plan's own where None.
    relax
        Rule ids or clauses that are to take no land.

    Raises
    ------
    InputError
        Where neither says a load, or there is no outline of the region, and as `propose`.
    """
    inputs = outcome.inputs
    entry = inputs.plan.screening
    own = entry.demand_mw if entry.demand_mw is not None else demand_mw
    if own is None:
        raise InputError(
            Problem("screening.demand_mw", tell("fault.compare.no_load"), tell("fix.give_load"))
        )
    sides = []
    for wanted, relaxed in ((own, ()), (own if demand_mw is None else demand_mw, tuple(relax))):
        screening = entry.model_copy(update={"demand_mw": wanted})
        plan = inputs.plan.model_copy(update={"screening": screening})
        found = propose(replace(inputs, plan=plan), outcome, relax=relaxed)
        if found is None:
            raise InputError(
                Problem(
                    "region.boundary_id", tell("fault.screen.region"), tell("fix.screen_region")
                )
            )
        sides.append(found)
    options = [f"--demand-mw {demand_mw:g}"] if demand_mw is not None else []
    options += [f"--relax {each}" for each in relax]
    return compare_sites(*sides, names=(inputs.plan.name, " ".join([inputs.plan.name, *options])))


def _outline(inputs: Inputs) -> Any:
    layer = inputs.layer("boundaries")
    named = (layer["boundary_id"] == inputs.plan.region.boundary_id).to_numpy()
    return shapely.union_all(layer.geometry.to_numpy()[named])


def share_region(one: Inputs, other: Inputs) -> bool:
    """Tell whether two plans screen the same land: half of the smaller region lies in the other."""
    first, second = _outline(one), _outline(other)
    least = min(first.area, second.area)
    return bool(first.intersection(second).area >= _LEAST_SHARE * least > 0.0)


def compare_sites(before: Proposals, after: Proposals, *, names: tuple[str, str]) -> SiteComparison:
    """Return what differs between the sites, scores, clauses and areas of two screenings.

    A site is the same where the middles are less than half of `spacing_km` apart, of the smaller
    one of the two: as the sites of a screening keep that distance, each has one partner at most.
    It was kept where the two share ground, and moved where not.

    Parameters
    ----------
    before, after
        What the two screenings came to, of the same land.
    names
        What the two are called.
    """
    # A place is whole, also where a site has none on one side.
    places = [f"place_{when}" for when in WHEN]
    pairs = _pair(before, after)
    rows = [_tell_site(before, after, one, two) for one, two in pairs]
    return SiteComparison(
        *names,
        pd.DataFrame(rows, columns=list(SITES)).astype(dict.fromkeys(places, "Int64")),
        pd.DataFrame(list(_tell_scores(before, after, pairs)), columns=list(SCORES)),
        pd.DataFrame(list(_tell_clauses(before, after)), columns=list(CLAUSES)),
        pd.DataFrame(list(_tell_whole(before, after)), columns=list(WHOLE)),
    )


def _places(found: Proposals) -> np.ndarray[Any, Any]:
    return shapely.get_coordinates(found.layers["proposed_sites"].geometry.to_numpy())


def _pair(before: Proposals, after: Proposals) -> list[tuple[int | None, int | None]]:
    """Return rows of the sites that are the same, then of those gained, then of those lost."""
    ones, twos = _places(before), _places(after)
    nearest_km = min(float(each.tables["screening"]["spacing_km"].iloc[0]) for each in (before, after))  # fmt: skip
    partners: dict[int, int] = {}
    for two, (lon, lat) in enumerate(twos):
        away = distance_km(lon, lat, ones[:, 0], ones[:, 1])
        if len(away) and away.min() < nearest_km / 2.0:
            partners[two] = int(np.argmin(away))
    lost = [one for one in range(len(ones)) if one not in partners.values()]
    return [
        *((partners.get(two), two) for two in range(len(twos))),
        *((one, None) for one in lost),
    ]


def _tell_site(
    before: Proposals, after: Proposals, one: int | None, two: int | None
) -> dict[str, Any]:
    found = {"before": _row(before, one), "after": _row(after, two)}
    told = found["after"] if found["after"] is not None else found["before"]
    assert told is not None
    row: dict[str, Any] = {
        "name_zh": told["name_zh"],
        "name_en": told["name_en"],
        "lon": round(told.geometry.x, 6),
        "lat": round(told.geometry.y, 6),
    }
    for when, site in found.items():
        if site is None:
            continue
        row[f"area_{when}_ha"] = site["area_ha"]
        row |= {
            f"{name}_{when}": site[name] for name in ("site_id", "place", "land_score", "score")
        }
    if one is None or two is None:
        return row | {"change": GAINED if one is None else LOST}
    lon, lat = _places(before)[one]
    moved_km = distance_km(lon, lat, *_places(after)[two : two + 1].T)
    ground = before.layers["proposed_areas"].geometry.iloc[one]
    common = ground.intersection(after.layers["proposed_areas"].geometry.iloc[two])
    return row | {"change": KEPT if common.area > 0.0 else MOVED, "moved_km": float(moved_km[0])}


def _row(found: Proposals, place: int | None) -> Any:
    layer: gpd.GeoDataFrame = found.layers["proposed_sites"]
    return None if place is None else layer.iloc[place]


def _tell_scores(
    before: Proposals, after: Proposals, pairs: list[tuple[int | None, int | None]]
) -> Iterator[dict[str, Any]]:
    for one, two in pairs:
        if one is None or two is None:
            continue
        ids = [str(_row(found, at)["site_id"]) for found, at in ((before, one), (after, two))]
        told = [
            found.tables["proposed_scores"]
            .query("site_id == @site")
            .set_index("criterion")["value"]
            .dropna()
            for found, site in zip((before, after), ids, strict=True)
        ]
        for criterion in dict.fromkeys([*told[1].index, *told[0].index]):
            scores = [each.get(criterion) for each in told]
            if scores[0] != scores[1]:
                yield {
                    **dict(zip(("site_id_before", "site_id_after"), ids, strict=True)),
                    "criterion": criterion,
                    **dict(zip(("score_before", "score_after"), scores, strict=True)),
                }


def _tell_clauses(before: Proposals, after: Proposals) -> Iterator[dict[str, Any]]:
    """Give the clauses of which any number differs, the strongest first."""
    sides = [each.tables["area_lost"].set_index("rule_id") for each in (before, after)]
    for rule_id in dict.fromkeys([*sides[1].index, *sides[0].index]):
        found = [side.loc[rule_id] if rule_id in side.index else None for side in sides]
        told = found[1] if found[1] is not None else found[0]
        assert told is not None
        row: dict[str, Any] = {
            "rule_id": rule_id,
            **{name: told[name] for name in ("name_zh", "name_en", "unit")},
        }
        for when, side in zip(WHEN, found, strict=True):
            if side is not None:
                row |= {f"{name}_{when}": side[name] for name in ("threshold", "kills")}
                row |= {
                    f"{name}_{when}_km2": side[f"{name}_km2"]
                    for name in ("lost", "alone", "unknown")
                }
        ends = [name for name in row if "_before" in name or "_after" in name]
        if any(side is None for side in found) or any(
            not _is_same(row[name], row[name.replace("_before", "_after")])
            for name in ends
            if "_before" in name
        ):
            yield row


def _is_same(one: Any, other: Any) -> bool:
    return bool(one == other or (pd.isna(one) and pd.isna(other)))


def _tell_whole(before: Proposals, after: Proposals) -> Iterator[dict[str, Any]]:
    rows = [each.tables["screening"].iloc[0] for each in (before, after)]
    for name, column in SCREENING.columns.items():
        if column.kind not in ("number", "whole") or name == "year":
            continue
        one, two = (row[name] for row in rows)
        if not _is_same(one, two):
            yield {
                "quantity": name,
                "title_zh": column.title("zh"),
                "title_en": column.title("en"),
                "unit": column.unit,
                "before": one,
                "after": two,
            }
