"""Draws of values from the bands of measures: what the numbers could have been.

The value itself is the median of the draws; what a site is worth is their mean, see
`steppe.decision.expectation`.
A band says what its ends are: beyond those of a `range` nothing lies, and on either side of the
value every number is as likely; `p05_p95` has one draw in twenty below its low end and one in
twenty above its high one; `none` is the number itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from steppe.decision.values import ValueFunction

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

KINDS = ("none", "range", "p05_p95")

_Z95 = NormalDist().inv_cdf(0.95)
_LEAST = np.finfo(float).tiny


@dataclass(frozen=True)
class BandedMeasure:
    """One measure of n sites with its bands.

    Parameters
    ----------
    function
        Its value function.
    value, low, high
        Shape (n,), in the unit of the measure; a value of NaN is unknown, a band with an end
        of NaN is none.
    kinds
        Shape (n,), or one for all: `none`, `range` or `p05_p95`.
    is_common
        Whether the band comes from what all sites share, such as the plant: then one quantile
        per draw holds for all sites, else each site has its own.

    Raises
    ------
    ValueError
        For shapes that do not fit, an unknown kind, infinite numbers, and a band outside
        which its value lies.
    """

    function: ValueFunction
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    kinds: NDArray[np.str_] | str = "none"
    is_common: bool = False

    def __post_init__(self) -> None:
        """Refuse bands that are none."""
        value, low, high = self._columns()
        if value.ndim != 1 or not value.shape == low.shape == high.shape:
            msg = f"value, low and high must have one shape (sites,), not {value.shape}, {low.shape}, {high.shape}"
            raise ValueError(msg)
        kinds = self._kinds()
        if not np.isin(kinds, KINDS).all():
            msg = f"a band is one of {', '.join(KINDS)}, not {sorted(set(kinds.tolist()))}"
            raise ValueError(msg)
        if np.isinf([value, low, high]).any():
            msg = "value, low and high must not be infinite"
            raise ValueError(msg)
        wrong = (kinds != "none") & ((low > value) | (value > high))
        if wrong.any():
            msg = f"low, value and high are in the wrong order at the sites {np.flatnonzero(wrong).tolist()}"
            raise ValueError(msg)

    @property
    def has_band(self) -> NDArray[np.bool_]:
        """Whether what is known of a site is more than one number, shape (n,)."""
        value, low, high = self._columns()
        is_whole = ~np.isnan([value, low, high]).any(axis=0)
        return is_whole & (self._kinds() != "none") & (low < high)

    def draw(self, n_draws: int, *, rng: Generator) -> NDArray[np.float64]:
        """Draw values, shape (n_draws, n), 0 to 1; NaN where the value is unknown."""
        return self.function.rate(self.draw_measured(n_draws, rng=rng))

    def draw_measured(self, n_draws: int, *, rng: Generator) -> NDArray[np.float64]:
        """Draw what may be measured, shape (n_draws, n); see `locate` for its distribution."""
        kinds, has_band = self._kinds(), self.has_band
        quantile, normal = self._quantiles(
            n_draws,
            has_even=bool((has_band & (kinds == "range")).any()),
            has_bell=bool((has_band & (kinds == "p05_p95")).any()),
            rng=rng,
        )
        return self.locate(quantile, normal)

    def pick(self, sites: ArrayLike) -> BandedMeasure:
        """Return the measure at some of its sites, by their numbers."""
        value, low, high = (part[np.asarray(sites)] for part in self._columns())
        kinds = self._kinds()[np.asarray(sites)]
        return BandedMeasure(self.function, value, low, high, kinds, is_common=self.is_common)

    def locate(
        self, quantile: NDArray[np.float64], normal: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the measured numbers at quantiles, shape (q, n); NaN where unknown.

        At quantile p it is, in a `range`, value + (2 p - 1) (high - value) above the median,
        and below it with (value - low): two even halves joined at the value.  In a `p05_p95`
        it is value + z(p) (high - value) / z(0.95) above the median, and below it with
        (value - low): two half normal distributions joined at the value, so that the ends are
        the 5 % and 95 % points exactly; z is the standard normal quantile.

        Parameters
        ----------
        quantile, normal
            Shape (q, n), or (q, 1) for all sites: p, 0 to 1, and z(p).
        """
        value, low, high = self._columns()
        kinds, has_band = self._kinds(), self.has_band
        # A site without the band in question has a width of 0, and stays where it is.
        sides = value - low, high - value
        measured = np.broadcast_to(value, (len(quantile), len(value))).copy()
        for kind, step in (("range", 2 * quantile - 1), ("p05_p95", normal / _Z95)):
            of_kind = has_band & (kinds == kind)
            if of_kind.any():
                below, above = (np.where(of_kind, side, 0.0) for side in sides)
                moved = np.where(step < 0, below, above)
                moved *= step
                measured += moved
        return measured

    def _columns(self) -> tuple[NDArray[np.float64], ...]:
        return tuple(np.asarray(part, float) for part in (self.value, self.low, self.high))

    def _kinds(self) -> NDArray[np.str_]:
        return np.broadcast_to(np.asarray(self.kinds, dtype=str), np.shape(self.value))

    def _quantiles(
        self, n_draws: int, *, has_even: bool, has_bell: bool, rng: Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Draw quantiles and standard normal numbers, one column for all if they share it."""
        nothing = np.zeros((n_draws, 1))
        if self.is_common:
            shared = np.maximum(rng.random((n_draws, 1)), _LEAST)
            find_normal = NormalDist().inv_cdf
            normal = [find_normal(quantile) for quantile in shared[:, 0]] if has_bell else nothing
            return shared, np.reshape(normal, (n_draws, 1))
        shape = (n_draws, len(self.value))
        return (
            rng.random(shape) if has_even else nothing,
            rng.standard_normal(shape) if has_bell else nothing,
        )


@dataclass(frozen=True)
class ValueSampler:
    """Draws values of all criteria, as many at a time as are asked for.

    Parameters
    ----------
    measures
        k measures of the same n sites.
    shares
        Shape (k, m criteria): the weight of each measure within each criterion, each column
        summing to 1.  A site of which a measure with a share is unknown has NaN there.
    rng
        Source of randomness; it moves on with every call.

    Raises
    ------
    ValueError
        For shares of another shape, negative or with columns of another sum.
    """

    measures: tuple[BandedMeasure, ...]
    shares: ArrayLike
    rng: Generator

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        shares = np.asarray(self.shares, dtype=float)
        if shares.ndim != 2 or len(shares) != len(self.measures):  # noqa: PLR2004
            msg = f"one row of shares per measure is needed, not {shares.shape} for {len(self.measures)}"
            raise ValueError(msg)
        if not ((shares >= 0).all() and np.allclose(shares.sum(axis=0), 1, rtol=0, atol=1e-9)):
            msg = "the shares of each criterion must not be negative and sum to 1"
            raise ValueError(msg)
        if len({len(measure.value) for measure in self.measures}) > 1:
            msg = "all measures must be of the same sites"
            raise ValueError(msg)

    def __call__(self, n_draws: int) -> NDArray[np.float64]:
        """Draw values of shape (n_draws, n, m)."""
        shares = np.asarray(self.shares, dtype=float)
        drawn = np.zeros((shares.shape[1], n_draws, len(self.measures[0].value)))
        for measure, of_criteria in zip(self.measures, shares, strict=True):
            values = measure.draw(n_draws, rng=self.rng)
            for criterion in np.flatnonzero(of_criteria):
                drawn[criterion] += of_criteria[criterion] * values
        return np.moveaxis(drawn, 0, 2)
