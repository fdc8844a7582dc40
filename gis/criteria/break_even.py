"""Break-even: the price of power at which one site costs what another one costs."""

from __future__ import annotations

from dataclasses import dataclass

from steppe.criteria.cost import KWH_PER_MW_YEAR, PARTS, SiteCost, name_parts
from steppe.layers.wording import Words, join, tell

BESIDE_ENERGY = tuple(name for name in PARTS if name != "energy")


@dataclass(frozen=True)
class BreakEven:
    """What power may cost at one site, for it to cost what another one does.

    Parameters
    ----------
    pue_ratio
        PUE there over PUE here: a kilowatt-hour may cost so many times as much here for the
        energy to cost the same.  Known without any price.
    rest_cny_kwh
        What it may cost more, or less when negative, because the other parts that are known
        at both cost less here.
    compared
        These parts.
    missing
        Parts beside energy that are not known at one of the two, or at both.
    energy_cny_kwh
        Price here at which the energy alone costs what it does there.
    price_cny_kwh
        Price here at which everything does; may be negative.
    reason
        In words, or what lacks.
    """

    pue_ratio: float | None
    rest_cny_kwh: float | None
    compared: tuple[str, ...]
    missing: tuple[str, ...]
    energy_cny_kwh: float | None
    price_cny_kwh: float | None
    reason: Words
    source_ids: tuple[str, ...]
    assumed: bool

    @property
    def status(self) -> str:
        """How the ratio, and all that rests on it, is known."""
        if self.pue_ratio is None:
            return "unknown"
        return "assumed" if self.assumed else "derived"


def compare_sites(here: SiteCost, there: SiteCost) -> BreakEven:
    """Find the price of power here at which `here` costs what `there` costs.

        price = price_there PUE_there / PUE_here + (rest_there - rest_here) / (PUE_here 8.76e6)

    with the rest in CNY for a usable megawatt-year, all parts but energy.  What the power
    costs here now is not asked.  There is no band: sites share their kind of facility, so
    their PUE err together, and ends taken apart would tell nothing.

    Parameters
    ----------
    here, there
        What `price_site` made.
    """
    both = tuple(n for n in BESIDE_ENERGY if n not in {*here.missing, *there.missing})
    missing = tuple(name for name in BESIDE_ENERGY if name not in both)
    pue_here, pue_there = here.inputs.pue, there.inputs.pue
    if pue_here.value is None or pue_there.value is None:
        why = pue_here.reason if pue_here.value is None else pue_there.reason
        return BreakEven(None, None, both, missing, None, None, why, (), assumed=False)
    ratio = pue_there.value / pue_here.value
    used = [pue_here, pue_there]
    rest = None
    if both:
        used += [side.parts[name] for side in (here, there) for name in both]
        gaps = ((there.parts[name].value or 0.0) - (here.parts[name].value or 0.0) for name in both)
        rest = sum(gaps) / (pue_here.value * KWH_PER_MW_YEAR)
    price = there.inputs.price_cny_kwh
    energy = whole = None
    if price.value is not None:
        used.append(price)
        energy = price.value * ratio
        whole = None if missing or rest is None else energy + rest
    return BreakEven(
        ratio,
        rest,
        both,
        missing,
        energy,
        whole,
        _tell(ratio, there, missing),
        tuple(dict.fromkeys(name for each in used for name in each.source_ids)),
        any(each.assumed for each in used),
    )


def _tell(ratio: float, there: SiteCost, missing: tuple[str, ...]) -> Words:
    more = 100.0 * (ratio - 1.0)
    amount = tell("price.as_much")
    if more:
        amount = tell("price.more" if more > 0 else "price.less", pct=abs(more))
    words = [tell("price.may_cost", amount=amount)]
    words.append(tell("price.there", reason=there.inputs.price_cny_kwh.reason))
    if missing:
        words.append(tell("price.not_compared", parts=name_parts(missing)))
    return join(words, "join.semicolon")
