"""The request: whether a site can carry an IT load of so many megawatts by a year.

Every test is one pair of limits in IT megawatts: up to `can_mw` it says yes, beyond `cannot_mw`
no, between them maybe.  So that whoever changes the load compares again, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steppe.criteria.finding import Finding
from steppe.layers.wording import Words, tell

CAN, MAY, CANNOT, UNKNOWN = "can", "may", "cannot", "unknown"

# Impedance of overhead lines, ohms: bundles of 500 kV come to 250 (EPRI Red Book, as tabulated),
# single conductors of 110 and 220 kV to 400; general texts span 200 to 600.
WAVE_LOW_OHM, WAVE_HIGH_OHM = 250.0, 400.0
# A line of up to 80 km (50 miles) may bear three times its natural load (St. Clair 1953).
SHORT_LINE_LOADS = 3.0
SHORT_LINE_KM = 80.0


@dataclass(frozen=True)
class Limits:
    """One test at one site.

    Parameters
    ----------
    site_id, test
        Where, and what is tested.
    can_mw
        IT load up to which it says yes; None where no load is sure.
    cannot_mw
        IT load beyond which it says no; None where none is.
    fixed
        Verdict that hangs on no load, for those that have no limits.
    reason
        What it rests on, and what to ask.
    source_ids
        Sources.
    """

    site_id: str
    test: str
    can_mw: float | None = None
    cannot_mw: float | None = None
    fixed: str = ""
    reason: Words = ""
    source_ids: tuple[str, ...] = ()

    def judge(self, demand_mw: float) -> str:
        """Return what the test says of an IT load.

        >>> test = Limits("a", "land", can_mw=100.0, cannot_mw=300.0)
        >>> [test.judge(mw) for mw in (100.0, 200.0, 300.0, 301.0)]
        ['can', 'may', 'may', 'cannot']
        """
        if self.fixed:
            return self.fixed
        if self.can_mw is not None and demand_mw <= self.can_mw:
            return CAN
        if self.cannot_mw is not None and demand_mw > self.cannot_mw:
            return CANNOT
        return MAY


def join_verdicts(verdicts: Mapping[str, str]) -> str:
    """Return the verdict on a site from those of its tests.

    One `cannot` is enough.  What was told of spare capacity stands for voltage and plants
    together; where nobody told it, these two can at best say that nothing speaks against the
    load.  Then one `unknown` makes it unknown, one `may` makes it maybe.

    >>> join_verdicts({"voltage": "can", "plants": "can", "spare": "unknown", "land": "can"})
    'may'
    >>> join_verdicts({"voltage": "may", "plants": "can", "spare": "can", "land": "can"})
    'can'
    """
    if CANNOT in verdicts.values():
        return CANNOT
    supply = {name: verdicts[name] for name in SUPPLY if name in verdicts}
    spare = verdicts.get("spare", UNKNOWN)
    told = [verdict for name, verdict in verdicts.items() if name not in SUPPLY and name != "spare"]
    told += [spare] if spare != UNKNOWN else [*supply.values(), MAY]
    if UNKNOWN in told:
        return UNKNOWN
    return MAY if MAY in told else CAN


SUPPLY = ("voltage", "plants")
"""Tests that tell what the grid round a site could carry, while nobody told its spare capacity."""


def natural_load_mw(voltage_kv: float, ohm: float) -> float:
    """Return the natural load of a line, V² / Z, MW.

    >>> natural_load_mw(220.0, 400.0), natural_load_mw(500.0, 250.0)
    (121.0, 1000.0)
    """
    return voltage_kv**2 / ohm


@dataclass(frozen=True)
class Stations:
    """The stations round a site.

    Parameters
    ----------
    voltages_kv
        Voltage of each, NaN where it is not told; shape (n,).
    nearest_km, furthest_km
        How near and how far it may be; shape (n,).
    speaks_km
        How far round the site the layer speaks.
    source_ids
        Sources.
    """

    voltages_kv: NDArray[np.float64]
    nearest_km: NDArray[np.float64]
    furthest_km: NDArray[np.float64]
    speaks_km: float
    source_ids: tuple[str, ...] = ()


def limit_voltage(site_id: str, around: Stations, *, reach_km: float, pue: Finding) -> Limits:
    """Limit the load by the highest voltage within reach, carried by one circuit.

    A second circuit has to carry all of it when the first fails, so that one is what counts.
    Surely carried is the natural load at the higher impedance, from a station that is in reach
    wherever in its circle the site lies; surely not carried is what three natural loads at the
    lower impedance fall short of.  A station without a voltage may be of any, and then nothing
    is surely too much; neither is where the layer does not speak for the whole reach.

    Parameters
    ----------
    site_id
        The site.
    around
        Stations round it.
    reach_km
        How far a line to the grid is built, at most `SHORT_LINE_KM` for the limits to hold.
    pue
        PUE of the site, which turns IT load into load.
    """
    voltages_kv, source_ids = around.voltages_kv, around.source_ids
    surely = voltages_kv[(around.furthest_km <= reach_km) & ~np.isnan(voltages_kv)]
    maybe = voltages_kv[around.nearest_km <= reach_km]
    n_untold = int(np.isnan(maybe).sum())
    sure_kv = float(surely.max(initial=0.0))
    most_kv = float(np.nanmax(maybe)) if n_untold < len(maybe) else 0.0
    is_open = n_untold > 0 or around.speaks_km < reach_km
    if not most_kv and is_open:
        why = tell("request.voltage.unknown", n=n_untold, km=reach_km)
        return Limits(site_id, "voltage", fixed=UNKNOWN, reason=why, source_ids=source_ids)
    can = natural_load_mw(sure_kv, WAVE_HIGH_OHM)
    most = SHORT_LINE_LOADS * natural_load_mw(most_kv, WAVE_LOW_OHM)
    key = "request.voltage.sure" if sure_kv else "request.voltage.none"
    return Limits(
        site_id,
        "voltage",
        to_it_mw(can, pue, at_most=True) if sure_kv else None,
        None if is_open else to_it_mw(most, pue, at_most=False),
        reason=tell(key, kv=sure_kv, most_kv=most_kv, km=reach_km, mw=can, n=n_untold),
        source_ids=(*source_ids, *pue.source_ids),
    )


def limit_plants(site_id: str, firm: Finding, *, pue: Finding, radius_km: float) -> Limits:
    """Limit the load by the firm capacity in operation near: beyond it power comes from further.

    That it does is no fault of a site, so that this test never says no.
    """
    if firm.value is None:
        return Limits(site_id, "plants", fixed=UNKNOWN, reason=firm.reason)
    least = firm.value if firm.low is None else firm.low
    return Limits(
        site_id,
        "plants",
        to_it_mw(least, pue, at_most=True),
        reason=tell("request.plants", mw=least, km=radius_km),
        source_ids=(*firm.source_ids, *pue.source_ids),
    )


def limit_spare(site_id: str, spare: Finding, *, pue: Finding) -> Limits:
    """Limit the load by the spare capacity that somebody told."""
    if spare.value is None:
        why = tell("request.spare.untold")
        return Limits(site_id, "spare", fixed=UNKNOWN, reason=why)
    return Limits(
        site_id,
        "spare",
        to_it_mw(spare.value, pue, at_most=True),
        to_it_mw(spare.value, pue, at_most=False),
        reason=tell("request.spare", mw=spare.value, reason=spare.reason),
        source_ids=(*spare.source_ids, *pue.source_ids),
    )


def limit_land(
    site_id: str,
    area_ha: float,
    *,
    ha_mw: tuple[float, float] | None,
    reason: Words,
    source_ids: Iterable[str],
) -> Limits:
    """Limit the load by the land that a megawatt of IT takes.

    Parameters
    ----------
    site_id
        The site.
    area_ha
        Its area, ha; NaN where nobody told it.
    ha_mw
        Land of a megawatt, ha, at least and at most; None where the plan does not say.
    reason, source_ids
        Where that comes from.
    """
    if ha_mw is None or math.isnan(area_ha):
        key = "request.land.no_rate" if ha_mw is None else "request.land.no_area"
        return Limits(site_id, "land", fixed=UNKNOWN, reason=tell(key))
    least, most = ha_mw
    why = tell("request.land", ha=area_ha, least=least, most=most, reason=reason)
    return Limits(
        site_id, "land", area_ha / most, area_ha / least, reason=why, source_ids=tuple(source_ids)
    )


def judge_year(site_id: str, wanted: int, *, status: str, opened: str, source_id: str) -> Limits:
    """Tell whether a site is there by a year: by its opening, else by its status.

    Parameters
    ----------
    site_id
        The site.
    wanted
        Year by which the load is wanted.
    status, opened
        Of the park; empty where it is not told.
    source_id
        Source of the park.
    """
    if opened:
        verdict = CAN if int(opened[:4]) <= wanted else CANNOT
        why = tell("request.year.opened", opened=opened)
    elif status == "in_service":
        verdict, why = CAN, tell("request.year.in_service")
    else:
        verdict, why = MAY, tell("request.year.status", status=tell(f"value.{status}"))
    return Limits(site_id, "year", fixed=verdict, reason=why, source_ids=(source_id,))


def judge_fibre(
    site_id: str, wanted: int, *, node: str, cables: Iterable[tuple[str, float]]
) -> Limits:
    """Tell whether a cable ends at a site's node by a year.

    Parameters
    ----------
    site_id
        The site.
    wanted
        Year by which the load is wanted.
    node
        Node of the site; empty where it has none.
    cables
        Status and year (NaN where not told) of each cable that ends there.
    """
    found = list(cables)
    if not found:
        why = tell("request.fibre.none" if node else "request.fibre.no_node", node=node)
        return Limits(site_id, "fibre", fixed=UNKNOWN, reason=why)
    there = sum(status == "in_service" and not year > wanted for status, year in found)
    why = tell("request.fibre", n=there, m=len(found), node=node)
    return Limits(site_id, "fibre", fixed=CAN if there else MAY, reason=why)


def to_it_mw(load_mw: float, pue: Finding, *, at_most: bool) -> float | None:
    """Return the IT load that a load at the connection surely (`at_most`) or at best feeds.

    A PUE that nobody knows is at least 1, and may be anything above.
    """
    if pue.value is None:
        return None if at_most else load_mw
    ends = (pue.low or pue.value, pue.high or pue.value)
    return load_mw / (max(ends) if at_most else min(ends))
