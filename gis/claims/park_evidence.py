"""What measures of the parks say to claims: of a region, a city or an outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from steppe.claims.claim_checks import Evidence, quantity_in_words
from steppe.criteria.registry import known_measures
from steppe.layers.wording import Message, Param, Words, join, pair, tell
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


def measure_parks(
    inputs: Inputs, measures: pd.DataFrame, inside: gpd.GeoDataFrame
) -> Iterator[tuple[str, Evidence]]:
    """Yield what measures of the parks say, by the name of the check.

    Parameters
    ----------
    inputs
        What `read_inputs` read.
    measures
        Contract `MEASURES`.
    inside
        Parks inside the region, which alone speak for it.
    """
    parks, outlines, titles = (
        inputs.layers["parks"],
        inputs.layer("boundaries"),
        _read_titles(inputs),
    )
    groups = {"": set(inside["park_id"])}
    groups |= {f":{city}": set(rows["park_id"]) for city, rows in parks.groupby("city", sort=True)}
    groups |= {
        f":{name}": set(parks.loc[parks.within(shape), "park_id"])
        for name, shape in zip(outlines["boundary_id"], outlines.geometry, strict=True)
    }
    here = set(measures["site_id"])
    for check in _PARK_CHECKS:
        ends = _find_ends(measures, check)
        beside = measures[measures["measure_id"].isin(check.beside)]
        for suffix, ids in groups.items():
            rows, own = (each[each["site_id"].isin(ids)] for each in (beside, ends))
            evidence = _range(rows, own, check, titles, n_sites=len(ids & here))
            if evidence is not None:
                yield check.check + suffix, evidence


def _read_titles(inputs: Inputs) -> dict[str, Words]:
    """Return what each measure is called: by the plan, else by the registry."""
    known: dict[str, Words] = {
        name: pair(each.title_zh, each.title_en) for name, each in known_measures().items()
    }
    listed = (each for entry in inputs.plan.criteria for each in entry.measures)
    return known | {
        each.id: pair(each.title_zh, each.title_en)
        for each in listed
        if each.title_zh and each.title_en
    }


def _find_ends(rows: pd.DataFrame, check: _ParkCheck) -> pd.DataFrame:
    """Return the known ends of the measures of a check, in its unit."""
    found = [
        rows.loc[rows["measure_id"] == name, ["site_id", "measure_id", column, "source_ids"]]
        .rename(columns={column: "end"})
        .dropna(subset="end")
        for name, column in check.columns
    ]
    ends = pd.concat(found)
    return ends.assign(end=ends["end"] / check.per)


def _range(
    beside: pd.DataFrame,
    ends: pd.DataFrame,
    check: _ParkCheck,
    titles: Mapping[str, Words],
    *,
    n_sites: int,
) -> Evidence | None:
    """Return the least and the greatest end at the parks whose measures are known, if any is.

    What is told beside them stands in `beside`; there are `n_sites` parks, known or not.
    """
    if ends.empty:
        return None
    low, high = float(ends["end"].min()), float(ends["end"].max())
    n_known = ends["site_id"].nunique()
    text: Words = tell_count(
        n_known, "claim.at_site", what=quantity_in_words(low, high, check.unit)
    )
    if n_unknown := n_sites - n_known:
        text = tell("claim.unknown_at", what=text, n=n_unknown)
    kinds = list(dict.fromkeys(ends["measure_id"]))
    parts = [_part(ends[ends["measure_id"] == kind], titles[kind]) for kind in kinds]
    if len(parts) > 1:
        text = tell("claim.by_kind", what=text, kinds=join(parts, "join.semicolon"))
    more = [
        _part(beside[beside["measure_id"] == name].assign(end=known / check.per), titles[name])
        for name in check.beside
        if (known := beside.loc[beside["measure_id"] == name, "value"]).notna().any()
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
        source_ids=list_sources(ends["source_ids"]),
        unit=check.unit,
        places=places if check.is_of_places else (),
    )


def _part(rows: pd.DataFrame, title: Words) -> Message:
    """Return what one measure gives by itself."""
    what = quantity_in_words(float(rows["end"].min()), float(rows["end"].max()), "1")
    return tell("claim.part", name=title, what=what)


def tell_count(number: int, one: str, many: str = "", **more: Param) -> Message:
    """Return the message for one thing, or that for several, by its key `{one}s`."""
    return tell(one, **more) if number == 1 else tell(many or f"{one}s", n=number, **more)


def list_sources(texts: Iterable[object]) -> tuple[str, ...]:
    """Return the sources that cells name, each once and in order."""
    return tuple(sorted({name for ids in texts if isinstance(ids, str) for name in ids.split()}))
