"""Cost of a usable megawatt over a year, part by part, each known or not.

A usable megawatt is one of IT load, all year round.  Investments are spread over their life
by the capital recovery factor.  Bands are the ends of interval arithmetic: all inputs at their
cheap end, and all at their dear one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from steppe.layers.wording import Words, join, tell

HOURS = 8760.0
KWH_PER_MW_YEAR = 1000.0 * HOURS
M2_PER_HA = 10_000.0
PARTS = ("energy", "tie_line", "fibre", "land", "water")
KNOWN, TOTAL = "known", "total"
_NO_GROWTH = 1e-15  # below it, interest does not show in the digits of a float
METHOD = tell("method.cost")


@dataclass(frozen=True)
class Amount:
    """A number from 0 up, and how it is known.

    Parameters
    ----------
    value
        The number; None when it is not known.
    reason
        How it is known, or what lacks.
    low, high
        Ends of its band; the value itself where there is none.
    source_ids
        Sources.
    assumed
        Whether it rests on an assumption.
    """

    value: float | None
    reason: Words
    low: float | None = None
    high: float | None = None
    source_ids: tuple[str, ...] = ()
    assumed: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Least and greatest that it may be; NaN when nothing is known."""
        value = math.nan if self.value is None else self.value
        return (
            value if self.low is None else self.low,
            value if self.high is None else self.high,
        )

    @property
    def status(self) -> str:
        """As tables write it."""
        if self.value is None:
            return "unknown"
        return "assumed" if self.assumed else "derived"


@dataclass(frozen=True)
class SiteInputs:
    """What differs from site to site.

    Parameters
    ----------
    site_id
        Park.
    price_cny_kwh
        Price of power.
    pue, wue_l_per_kwh
        Energy over that of IT; litres of water for a kilowatt-hour of IT.
    tie_line_km, fibre_km
        New line to the grid, new fibre to the network's node.
    usable_mw
        IT load that line and fibre serve, above 0.
    """

    site_id: str
    price_cny_kwh: Amount
    pue: Amount
    wue_l_per_kwh: Amount
    tie_line_km: Amount
    fibre_km: Amount
    usable_mw: Amount


@dataclass(frozen=True)
class UnitCosts:
    """What things cost, and over how many years they are paid.

    Parameters
    ----------
    tie_line_cny_km, fibre_cny_km
        Investment in a kilometre of line and of fibre.
    land_ha_mw, land_cny_m2
        Land for a usable megawatt, and its price.
    water_cny_m3
        Price of water.
    discount_rate
        Yearly, 0.08 for 8 %.
    tie_line_years, fibre_years, land_years
        Lives, above 0.
    """

    tie_line_cny_km: Amount
    fibre_cny_km: Amount
    land_ha_mw: Amount
    land_cny_m2: Amount
    water_cny_m3: Amount
    discount_rate: Amount
    tie_line_years: Amount
    fibre_years: Amount
    land_years: Amount


@dataclass(frozen=True)
class SiteCost:
    """Cost of a usable megawatt-year at a site, CNY.

    Parameters
    ----------
    inputs
        What it was made of.
    parts
        Each of `PARTS`.
    """

    inputs: SiteInputs
    parts: Mapping[str, Amount]

    @property
    def missing(self) -> tuple[str, ...]:
        """Parts that are not known."""
        return tuple(name for name in PARTS if self.parts[name].value is None)

    @property
    def known(self) -> Amount:
        """Sum of the parts that are known; not known when none is."""
        held = [name for name in PARTS if name not in self.missing]
        if not held:
            return Amount(None, tell("price.no_part"))
        summed = _add([self.parts[name] for name in held])
        return replace(summed, reason=tell("price.sum", parts=name_parts(held)))

    @property
    def total(self) -> Amount:
        """Sum of all parts; not known while one of them is not."""
        if self.missing:
            return Amount(None, tell("price.lacking", parts=name_parts(self.missing)))
        return replace(self.known, reason=tell("price.sum", parts=name_parts(PARTS)))


def recover_capital(rate: float, years: float) -> float:
    """Return the capital recovery factor, the yearly payment for 1 paid at once.

    `i (1 + i)^n / ((1 + i)^n - 1)`, the column A/P of tables of compound interest, and its
    limit `1 / n` without interest.

    Parameters
    ----------
    rate
        Discount rate `i` a year, 0 or more.
    years
        Life `n`, above 0.

    Examples
    --------
    >>> round(recover_capital(0.10, 10), 3)
    0.163
    """
    if not (0 <= rate < math.inf and 0 < years < math.inf):
        msg = f"a rate is 0 or more and a life above 0, not {rate} and {years}"
        raise ValueError(msg)
    growth = years * math.log1p(rate)
    if growth < _NO_GROWTH:
        return 1.0 / years
    # The same, without the loss of digits at small rates.
    return rate / -math.expm1(-growth)


def price_site(inputs: SiteInputs, costs: UnitCosts) -> SiteCost:
    """Price a usable megawatt-year at a site, part by part.

    ======== ====================================================================
    part     CNY for a usable megawatt and year
    ======== ====================================================================
    energy   price (CNY/kWh) x PUE x 8760 h x 1000 kW
    tie_line km x CNY/km x annuity / usable MW
    fibre    km x CNY/km x annuity / usable MW
    land     ha/MW x 10 000 m2/ha x CNY/m2 x annuity
    water    price (CNY/m3) x WUE (L/kWh, so m3/MWh) x 8760 h
    ======== ====================================================================
    """
    over = _invert(inputs.usable_mw)
    rate = costs.discount_rate
    line = (inputs.tie_line_km, costs.tie_line_cny_km, _annuity(rate, costs.tie_line_years))
    fibre = (inputs.fibre_km, costs.fibre_cny_km, _annuity(rate, costs.fibre_years))
    land = (costs.land_ha_mw, costs.land_cny_m2, _annuity(rate, costs.land_years))
    parts = {
        "energy": _multiply((inputs.price_cny_kwh, inputs.pue), KWH_PER_MW_YEAR),
        "tie_line": _multiply((*line, over)),
        "fibre": _multiply((*fibre, over)),
        "land": _multiply(land, M2_PER_HA),
        "water": _multiply((costs.water_cny_m3, inputs.wue_l_per_kwh), HOURS),
    }
    return SiteCost(inputs, parts)


def _annuity(rate: Amount, years: Amount) -> Amount:
    if rate.value is None or years.value is None:
        return _lack((rate, years))
    (cheap, dear), (short, long) = rate.ends, years.ends
    return _combine(
        (rate, years),
        recover_capital(rate.value, years.value),
        recover_capital(cheap, long),
        recover_capital(dear, short),
    )


def _invert(amount: Amount) -> Amount:
    if amount.value is None:
        return amount
    low, high = amount.ends
    return _combine((amount,), 1.0 / amount.value, 1.0 / high, 1.0 / low)


def _multiply(amounts: Sequence[Amount], factor: float = 1.0) -> Amount:
    values = [each.value for each in amounts if each.value is not None]
    if len(values) < len(amounts):
        return _lack(amounts)
    lows, highs = zip(*(each.ends for each in amounts), strict=True)
    return _combine(
        amounts,
        factor * math.prod(values),
        factor * math.prod(lows),
        factor * math.prod(highs),
    )


def _add(amounts: Sequence[Amount]) -> Amount:
    lows, highs = zip(*(each.ends for each in amounts), strict=True)
    values = [each.value for each in amounts if each.value is not None]
    return _combine(amounts, math.fsum(values), math.fsum(lows), math.fsum(highs))


def _lack(amounts: Sequence[Amount]) -> Amount:
    return Amount(None, _join(each.reason for each in amounts if each.value is None))


def _combine(amounts: Sequence[Amount], value: float, low: float, high: float) -> Amount:
    """Put together what several amounts came to; rounding must not push it out of its band."""
    if not all(map(math.isfinite, (value, low, high))):
        reason = tell("price.too_large", reasons=_join(each.reason for each in amounts))
        return Amount(None, reason)
    return Amount(
        value,
        _join(each.reason for each in amounts),
        min(low, value),
        max(high, value),
        tuple(dict.fromkeys(name for each in amounts for name in each.source_ids)),
        any(each.assumed for each in amounts),
    )


def _join(reasons: Iterable[Words]) -> Words:
    return join(dict.fromkeys(reasons), "join.semicolon")


def name_parts(names: Iterable[str]) -> Words:
    """Return some of `PARTS` in words."""
    return join(tell(f"cost.{name}") for name in names)
